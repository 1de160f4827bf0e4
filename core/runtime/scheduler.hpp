// Scheduler: fires what is due: waits that are over and attempts that may be made again. Reads due runs by index, a slice at a
// time; nothing is kept in memory for a run that waits. No timer fires before every delivery received up to its instant
// has been routed. Belongs to the engine.
#pragma once
#include <functional>
#include <optional>
#include <unordered_set>

#include "runtime/advance.hpp"
#include "runtime/context.hpp"
#include "runtime/router.hpp"

namespace ieum::runtime {

class Scheduler {
 public:
  struct Links {
    std::function<void(OpenedRun, bool fate_unknown)> act;
    std::function<bool(Id run)> in_flight;
  };
  Scheduler(Context& context, Links links) : context_(context), links_(std::move(links)) {}

  void pass();                // fires what is due now
  void note_due(Millis due);  // a timer was committed; arms the alarm when it is the earliest
  void arrivals_moved();      // a delivery was routed: a timer that waited for it may fire
  // True when nothing fired is still under way and nothing is due.
  [[nodiscard]] bool idle() const { return claimed_.empty() && !again_; }

 private:
  void fire_wait(store::RunRow run);
  void fire_attempt(store::RunRow due);
  void look_again_later();  // after the store refused: no hot loop
  void unclaim(Id run);
  void arm();

  Context& context_;
  Links links_;
  std::unordered_set<Id> claimed_;  // fired, not yet committed
  bool again_ = false;              // more was due than one slice took
  bool pause_ = false;              // the store refused a commit of this slice
  bool blocked_ = false;            // a timer waits for deliveries to be routed
  std::optional<Millis> armed_;
};

}  // namespace ieum::runtime
