// Recovery: takes up what a former process left. Fresh events are routed again; INTENTs without an outcome become due, marked
// as "may have been sent"; calls of runs that have ended in the meantime are marked in doubt.
//
// After an unclean end the fresh events go one at a time, each with its crash counter committed first; the one that has been
// tried limits::kPoisonTries times is set aside with the cause that the watchdog noted (ten times when there is no note: then
// the process was more likely killed from outside). Normal running writes no counter.
#pragma once
#include <deque>
#include <functional>
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
  struct Left {
    Id event;
    Millis received_ms;
  };
  Status take_up_runs();
  void next_carefully();

  Context& context_;
  Router& router_;
  std::function<void(Millis)> due_;
  std::deque<Left> events_;
  bool under_way_ = false;
  std::string cause_;
  int tries_max_ = 0;
  std::function<void()> routed_;
};

}  // namespace ieum::runtime
