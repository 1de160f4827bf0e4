// Recovery: takes up what a former process left. Fresh events are routed again; INTENTs without an outcome become due, marked
// as "may have been sent"; calls of runs that have ended in the meantime are marked in doubt.
//
// After an unclean end the fresh events go one at a time, each with its crash counter committed first. What the watchdog noted says
// what ended the process: an event, or the step of a run. That one is tried limits::kPoisonTries times in all and then set aside
// with the cause: the event as dead, the step in doubt until a person decides. An event that is not what was noted is set
// aside after ten times: then the process was more likely killed from outside. Normal running writes no counter.
#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "runtime/context.hpp"
#include "runtime/router.hpp"

namespace ieum::runtime {

class Recovery {
 public:
  // `due` is told of every timer that recovery commits.
  Recovery(Context& context, Router& router, std::function<void(Millis)> due)
      : context_(context), router_(router), due_(std::move(due)) {}

  // Errors: the store cannot be read. `routed` is called when every old event is settled; new ones may be enqueued then.
  // `cause`: what the former process noted before it ended, or "".
  Status start(std::string cause, std::function<void()> routed);
  [[nodiscard]] bool idle() const { return events_.empty() && !under_way_; }

 private:
  Status take_up_runs();
  // Sets the run's step aside when it has ended the process too often; else counts once more.
  Result<bool> set_aside(const store::RunRow& run, const store::StepRow& step);
  void next_carefully();
  void take_up(const store::RunRow& run, const store::StepRow& step);
  // Somebody ended or moved the run before what it was to become was written.
  void overtaken(Id run, const store::StepRow& step);
  // The run of this step has ended, and nobody knows what became of its call.
  void leave_in_doubt(const store::StepRow& step);
  // Commits what nobody else would do again, also when the store refuses for now (a full disk). `overtaken`: it is not as it was.
  void put(store::Unit unit, std::function<void()> done, std::function<void()> overtaken);

  Context& context_;
  Router& router_;
  std::function<void(Millis)> due_;
  std::deque<Arrival> events_;
  bool under_way_ = false;
  std::string cause_;
  std::optional<Id> noted_run_, noted_event_;    // what ended the former process
  bool is_noted_ = false, noted_other_ = false;  // other: what is no event
  int run_tries_ = 0;
  std::function<void()> routed_;
};

}  // namespace ieum::runtime
