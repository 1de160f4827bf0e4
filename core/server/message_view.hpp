// A message of a trial, as its receiver would see it: what the operation's manifest says is address, subject and text. Where the text is
// an item of a list at the vendor, the hub's copy of that list tells it.
#pragma once
#include <optional>

#include "base/error.hpp"
#include "base/value.hpp"
#include "recipe/graph.hpp"
#include "store/reader.hpp"
#include "trial/run_test.hpp"

namespace ieum::server {

class Api;

// Nothing for what reaches no person. {at_ms, run, step, use, reaches, channel, to, title, text, inputs, request}; text "" where
// it cannot be told.
Result<std::optional<Value>> message_view(Api& api, store::Reader& reader, const recipe::Graph& graph,
                                          const trial::Sent& sent);

}  // namespace ieum::server
