// Scheduler: fires what is due: waits that are over, absences, attempts that may be made again, and then schedules. Reads due
// rows by index, a slice at a time; nothing is kept in memory for a run that waits. No timer fires before every delivery
// received up to its instant has been routed. Belongs to the engine.
#pragma once
#include <functional>
#include <optional>
#include <unordered_set>
#include <vector>

#include "runtime/advance.hpp"
#include "runtime/context.hpp"
#include "runtime/router.hpp"
#include "runtime/schedules.hpp"

namespace ieum::runtime {

class Scheduler {
 public:
  struct Links {
    std::function<void(OpenedRun, bool fate_unknown)> act;
    std::function<bool(Id run)> in_flight;
    std::function<void(store::EventWithPayload)> delivered;  // a schedule fired
    std::function<void()> chores;                            // begins what the hub itself does at vendors
    std::function<std::optional<Millis>()> chores_due;       // when that is due next
  };
  Scheduler(Context& context, Links links)
      : context_(context), links_(std::move(links)), schedules_(context, links_.delivered, [this] {
          arrivals_moved();
          look_again_later();
        }) {}

  void pass();                // fires what is due now
  void note_due(Millis due);  // a timer was committed; arms the alarm when it is the earliest
  // A run that its host had sent away goes before its time; false when it does not wait for that.
  bool wake(Id run);
  void eased();           // hosts are crowded no more: what is due goes on
  void arrivals_moved();  // a delivery was routed: a timer that waited for it may fire
  // True when nothing fired is still under way and nothing is due.
  [[nodiscard]] bool idle() const {
    return claimed_.empty() && claimed_absences_.empty() && !again_ && schedules_.idle();
  }
  // A virtual clock stands at an instant for which events may still come: timers that an event could still undo (a
  // wait_for, an absence, a wait of a recipe with exits), and schedules, are held until the instant is closed.
  void open_instant(Millis at_ms) { open_instant_ = at_ms; }
  void close_instant() { open_instant_.reset(); }
  [[nodiscard]] std::optional<Millis> next_schedule() const { return schedules_.next(); }  // [any-thread]

 private:
  [[nodiscard]] std::vector<store::RunRow> take_due_runs(Millis now);
  [[nodiscard]] bool undoable(const store::RunRow& run) const;
  void fire_wait(store::RunRow run);
  // fire_absence.cpp
  void fire_absence(store::AbsenceRow due);
  struct AbsencePlan;
  Result<AbsencePlan> plan_absence(const store::AbsenceRow& absence);
  void fire_attempt(store::RunRow due, bool early = false);
  void look_again_later();  // in a second: no hot loop
  void unclaim(Id run);
  void fired();
  void arm();

  Context& context_;
  Links links_;
  Schedules schedules_;
  std::unordered_set<Id> claimed_;           // fired, not yet committed
  std::unordered_set<Id> claimed_absences_;  // the same
  std::optional<Millis> open_instant_;
  bool again_ = false;        // more was due than one slice took
  bool pause_ = false;        // the store refused a commit of this slice
  bool blocked_ = false;      // a timer waits for deliveries to be routed
  bool crowded_ = false;      // what is due waits for hosts
  bool looks_again_ = false;  // an alarm of look_again_later is set
  std::optional<Millis> armed_;
};

}  // namespace ieum::runtime
