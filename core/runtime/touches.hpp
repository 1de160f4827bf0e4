// Touches: what comes back by the addresses in messages, as events of the hub's own. Nobody waits for the store who only wants to see
// a page: an address that holds leads on, whether or not what happened could be written down.
// Thread: any; the rest goes on on the engine, the answer comes on the engine or the writer.
#pragma once
#include <functional>
#include <string>

#include "audience/tracking.hpp"
#include "runtime/acceptor.hpp"
#include "runtime/own_events.hpp"

namespace ieum::runtime {

class Touches {
 public:
  Touches(Context& context, Acceptor& acceptor) : context_(context), acceptor_(acceptor) {}
  // What an address stands for; nothing when it is none of the hub's.
  [[nodiscard]] std::optional<audience::Ticket> read(std::string_view text, audience::Ticket::Kind kind) const;
  // A link or a picture was asked for. `done` once it is written down, or cannot be.
  void touched(const audience::Ticket& ticket, const std::string& method, const std::string& user_agent,
               std::function<void()> done);
  // Its holder wants no more of the ticket's topic, or of all advertising. False: it could not be written down.
  void refused(const audience::Ticket& ticket, bool of_all, std::function<void(bool)> done);

 private:
  void write_touch(const audience::Ticket& ticket, std::string_view machine, Millis now_ms, std::function<void()> done);
  Context& context_;
  Acceptor& acceptor_;
};

}  // namespace ieum::runtime
