// Held: outward actions that wait for a person: of a connection that must be mended, and of what somebody put on hold. They go on
// when it is mended, or released. Belongs to the engine.
//
// A dead connection is a row of the store, and so is a held run (acting, due at store::kHeldDue, its reason says why): both
// survive a restart. Nothing of a held step was accepted by the vendor, or its fate is unknown and it is looked up first.
// A released hold stays a row until all that it held has gone, one turn after the other: a restart goes on where it was, another
// rate counts from the next turn, and putting it on hold again leaves held what is left. What a dead connection keeps meanwhile waits
// for it to be mended, and then for its turn; what a second hold keeps is that one's.
// A connection is mended by new credentials or settings, a new login, or a test that succeeds.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "runtime/context.hpp"

namespace ieum::runtime {

class Held {
 public:
  struct Links {
    std::function<void(Millis)> due;  // a run may go on then
    std::function<void(Id run, const RunDeed& deed, std::function<void(Status)> done)> repair;
  };
  Held(Context& context, Links links) : context_(context), links_(std::move(links)) {}

  void died(Id connection, const std::string& problem);
  // Its deliveries say otherwise than the connection: told to its owner, and nothing is held. "" takes it back. What stands
  // for less than ten minutes stays, so that deliveries of two kinds are no write each.
  void drifted(Id connection, const std::string& drift);
  // done: after everything that it held has been set due, or cannot be.
  void mended(Id connection, std::function<void()> done = {});
  // Sets every held run due that nothing holds any more; at the start, too: the former process may have ended in the
  // middle of it.
  void wake(std::function<void()> done = {});

  // holds.cpp: what people put on hold.
  // The holds in the store have changed.
  Status changed();
  // Ends those whose time is over, and lets go what has its turn.
  void pass();
  // When the next one ends by itself, or the next turn is.
  [[nodiscard]] std::optional<Millis> next() const;  // [any-thread]
  [[nodiscard]] bool idle() const;

 private:
  void wake_after(Id after, std::function<void()> done);
  void write(store::HealthRow row);
  // Where a held run stands.
  struct Place {
    const store::HoldRow* release = nullptr;  // the released hold that it waits for its turn of; of `live`
    std::string why;                          // what else keeps it, as its reason says it; "" when nothing does
    bool dead = false;                        // its connection must be mended
    Millis opened_ms = 0;                     // since when its step is open
    std::shared_ptr<const Live> live;
  };
  Place place_of(const store::RunRow& run);
  // Writes what keeps the run now as its reason.
  void say_why(const store::RunRow& run, const std::string& why, const std::function<void()>& done);
  // holds.cpp
  struct Release;
  void let_go();
  void plan_turn();
  void wake_releases();
  void let_go_some(const store::HoldRow& hold, const std::shared_ptr<Release>& release);
  void end_walk(const store::HoldRow& hold, const std::shared_ptr<Release>& release);
  // Whether the run takes a turn; `done` is called when it went, or could not.
  bool let_go_one(const store::RunRow& run, const store::HoldRow& hold, Millis opened_ms,
                  const std::shared_ptr<Release>& release, const std::function<void()>& done);
  // Passes over its step, or ends the run.
  void expire(Id run, bool skips, const std::function<void(bool went, bool refused)>& ended);
  void let_go_over(const store::HoldRow& hold, const std::shared_ptr<Release>& release);
  void read_anew();

  Context& context_;
  Links links_;
  std::map<Id, std::shared_ptr<Release>> releases_;  // by hold
  std::atomic<Millis> next_turn_ = 0;                // 0: none
  std::atomic<Millis> not_over_before_ = 0;          // holds whose time is over are not ended earlier than that
  std::set<Id> writing_;  // connections whose health is being written: what a delivery says waits for the next one
};

// What a run gives as its reason that was held and may go on: its recipe's time for retries begins anew.
inline constexpr std::string_view kReleased = "released";

// What a held run gives as its reason.
std::string held_reason(const LiveConnection& connection, const std::string& problem);
std::string held_reason(const store::HoldRow& hold);
bool is_held(std::string_view reason);
// The name of a hold of kind "hub".
inline constexpr const char* kEverything = "everything";
// What holds, from such a reason: "hub", "recipe", "connection" or "connector", and its name.
std::optional<std::pair<std::string, std::string>> holder_of(std::string_view reason);
inline bool is_held(const store::RunRow& run) { return run.due_ms && *run.due_ms == store::kHeldDue; }

}  // namespace ieum::runtime
