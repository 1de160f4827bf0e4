// Talk: a conversation of the hub's own with a vendor, from a first call to its end: a test of a connection, a poll, a
// subscription, a vendor's list. In memory only; one that a crash cuts off is begun again by whoever asked. Belongs to the engine.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/outbound.hpp"

namespace ieum::runtime {

struct TalkCall {
  std::shared_ptr<const LiveConnection> connection;
  host::Call call;            // as it begins; the connection's config is put in here
  int requests_max = 10;      // more is a connector that goes in circles
  bool by_person = false;     // a test: it goes although its host failed of late
  bool first_counted = true;  // the quota was asked for the first request; false: it is counted like the later ones
};

// A vendor that wants to be asked later and does not say when.
inline constexpr Millis kRefusedFor = kMinute;

// The end of it: done, events or fail, with messages that are clean of secrets; another effect is a fail. A failure of the wire is
// fail{retry}. `done` is called once on the engine, perhaps inside this call.
void talk(Context& context, TalkCall begin, std::function<void(host::Effect)> done);

// Whether the former process ended in a call of this kind to the connection's module: `cause` is what the watchdog noted.
bool ended_the_process(std::string_view cause, Id connection, std::string_view operation);

}  // namespace ieum::runtime
