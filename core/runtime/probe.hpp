// Probe: one conversation with a vendor outside any run, for testing a connection. Nothing is stored. Belongs to the engine.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "runtime/context.hpp"

namespace ieum::runtime {

// Runs the operation to its end, at most ten requests; `done` is called once, on the engine. Errors say what the vendor said.
void probe(Context& context, std::shared_ptr<const LiveConnection> connection, const std::string& operation,
           Value inputs, std::function<void(Result<Value>)> done);

}  // namespace ieum::runtime
