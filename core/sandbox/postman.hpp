// Postman: sends what the vendors tell the hub, over real sockets, when the sandbox's clock says so. The one part of the
// sandbox that calls out: to the addresses of hooks, loopback ones too. Private to sandbox; all of it on the thread of Io.
#pragma once
#include <memory>

#include "net/client.hpp"
#include "net/io.hpp"
#include "sandbox/world.hpp"

namespace ieum::sandbox {

class Postman {
 public:
  // All outlive the postman. [any-thread but a handler's]
  static Result<std::unique_ptr<Postman>> make(net::Io& io, const Clock& clock, World& world);
  ~Postman();  // what is in flight is abandoned
  // Sends what is due and looks again when the next one is, at the latest after a quarter of a second: the clock may be
  // one that somebody sets. Called after every request. [io thread]
  void pump();

 private:
  struct Core;
  explicit Postman(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  std::shared_ptr<Core> core_;
};

}  // namespace ieum::sandbox
