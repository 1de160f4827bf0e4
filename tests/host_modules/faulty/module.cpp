// A module that takes the process down (topic "boom") or never comes back (topic "spin"): for the watchdog and for the
// hub that starts again with the same delivery in its store. Every other delivery is one event.
#include <cstdlib>

#include "ieum/module.hpp"

namespace {

ieum::Effect step(const ieum::Call& call) {
  const std::string what = call.phase() == ieum::Phase::webhook ? call.topic() : call.operation();
  if (what == "boom") std::abort();
  if (what == "spin") {
    const volatile bool forever = true;
    while (forever) {}
  }
  if (call.phase() == ieum::Phase::webhook) return ieum::events().at(what, "");
  return ieum::done();
}

}  // namespace

IEUM_CONNECTOR(step)
