// Held: steps of a connection that a person must mend wait, and go on when it is mended. Belongs to the engine.
//
// A dead connection is a row of the store, and so is a held run (acting, due at store::kHeldDue, its reason says why): both
// survive a restart. Nothing of a held step was accepted by the vendor, or its fate is unknown and it is looked up first.
// A connection is mended by new credentials or settings, a new login, or a test that succeeds.
#pragma once
#include <functional>
#include <set>
#include <string>

#include "runtime/context.hpp"

namespace ieum::runtime {

class Held {
 public:
  // due: a run may go on now.
  Held(Context& context, std::function<void(Millis)> due) : context_(context), due_(std::move(due)) {}

  void died(Id connection, const std::string& problem);
  // Its deliveries say otherwise than the connection: told to its owner, and nothing is held. "" takes it back. What stands
  // for less than ten minutes stays, so that deliveries of two kinds are no write each.
  void drifted(Id connection, const std::string& drift);
  // done: after everything that it held has been set due, or cannot be.
  void mended(Id connection, std::function<void()> done = {});
  // Sets every held run due whose connection is alive or gone; at the start, too: the former process may have ended in the
  // middle of it.
  void wake(std::function<void()> done = {});

 private:
  void wake_after(Id after, std::function<void()> done);
  void write(store::HealthRow row);

  Context& context_;
  std::function<void(Millis)> due_;
  std::set<Id> writing_;  // connections whose health is being written: what a delivery says waits for the next one
};

// What a held run gives as its reason.
std::string held_reason(const LiveConnection& connection, const std::string& problem);
bool is_held(std::string_view reason);
inline bool is_held(const store::RunRow& run) { return run.due_ms && *run.due_ms == store::kHeldDue; }

}  // namespace ieum::runtime
