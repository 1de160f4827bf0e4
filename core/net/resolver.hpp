// Resolver: host names to addresses without blocking the io thread. The system's resolver blocks, so it runs on a few threads
// of its own (made here, on demand); a name server that does not answer holds up one of them and not the loop.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/egress.hpp"
#include "net/io.hpp"

namespace ieum::net {

using Lookup = std::function<Result<std::vector<Address>>(const std::string& host)>;  // blocking
Result<std::vector<Address>> system_lookup(const std::string& host);                  // "resolve_failed"

class Resolver {
 public:
  Resolver(Io& io, Lookup lookup);
  ~Resolver();  // lookups under way end by themselves; their done is not called
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  // done is called on the io thread.
  void resolve(std::string host, std::function<void(Result<std::vector<Address>>)> done);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ieum::net
