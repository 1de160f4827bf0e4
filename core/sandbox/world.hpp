// World: the whole sandbox without sockets: a request goes in, a reply comes out, with the fate that a fault gave it.
// What app binds to trials, and what most tests of the sandbox speak to. One thread; no waiting.
#pragma once
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "sandbox/calls.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/senders.hpp"
#include "sandbox/templates.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

struct Reply {
  enum class Delivery { whole, half, none };  // none: the connection is closed unanswered
  HttpResponse response;
  Delivery delivery = Delivery::whole;
  Millis delay_for = 0;  // real time
};

class World {
 public:
  // Both clocks outlive the world; virtual_clock is null where the time may not be set.
  World(const Clock& clock, ManualClock* virtual_clock, Credentials credentials);
  Reply handle(HttpRequest request);
  // As Senders::reach.
  Status reach(const std::string& address, const std::string& at) { return senders_.reach(address, at); }

  // What the vendors tell the hub: deliveries to make now, when the next one is due, and what came of one.
  std::vector<DueDelivery> due();
  [[nodiscard]] std::optional<Millis> next_due() const { return senders_.next_due(); }
  void answered(std::int64_t seq, const HttpResponse* answer, const std::string& failure);

 private:
  Reply serve(const Incoming& in, Vendor& vendor);
  Reply control(const Incoming& in);
  HttpResponse control_records(const Incoming& in, const std::string& what);
  HttpResponse control_faults(const Incoming& in);
  HttpResponse control_templates(const Incoming& in);
  HttpResponse control_tokens(const Incoming& in);
  HttpResponse control_clock(const Incoming& in);
  HttpResponse control_send(const Incoming& in);
  HttpResponse control_hooks(const Incoming& in);
  HttpResponse control_reach(const Incoming& in);
  HttpResponse control_deliveries(const Incoming& in);
  Vendor* find(const std::string& name);
  void collect(Millis now);  // what happened at the vendors goes into the queue
  void reset();

  const Clock& clock_;
  ManualClock* const virtual_clock_;
  const Credentials credentials_;
  TemplateStore templates_;
  Calls calls_;
  Faults faults_;
  Senders senders_;
  std::vector<std::unique_ptr<Vendor>> vendors_;
};

}  // namespace ieum::sandbox
