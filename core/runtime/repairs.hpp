// Repairs: what a person decides about a run that stands in doubt, failed, is held or waits. Plans; commits nothing. Belongs to
// the engine; a plan is made under the run's lock, what is possible is judged without it.
//
// A step that is sent again keeps its idempotency key. A failed run is taken up where it failed; one that failed in a loop, or
// behind its on_error, is not: its place is gone, and a replay begins it anew.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/advance.hpp"
#include "runtime/context.hpp"
#include "runtime/router.hpp"

namespace ieum::runtime {

// What becomes of a run.
struct Repair {
  store::Unit unit;
  std::optional<OpenedRun> next;  // an INTENT to act on after the commit
};

class Repairs {
 public:
  Repairs(Context& context, std::function<bool(Id run)> in_flight)
      : context_(context), in_flight_(std::move(in_flight)) {}

  // Errors: "moved_on", and those of judge.
  Result<Repair> plan(const store::RunRow& run, const RunDeed& deed);

  // What a deed goes by.
  struct Stand {
    std::shared_ptr<const recipe::Program> program;  // null for what needs none
    std::optional<store::StepRow> step;  // of a vendor: the open one, or of a failed run the one that failed
    bool failed = false;
  };
  // Whether this may be decided about the run now; moves nothing, so that it costs a few rows. Errors: "run_ended", "in_flight",
  // "not_in_doubt", "cannot_retry", "already_running", "already_replayed", "no_look_up", "nothing_open".
  Result<Stand> judge(const store::RunRow& run, RunDeed::Kind kind);

 private:
  Status judge_look_up(const Stand& stand);
  // Whether a failed run may go on where it failed.
  Status judge_reopening(const store::RunRow& run, const recipe::Program& program);
  // Nothing where the run stands elsewhere than at a step.
  Result<std::optional<store::StepRow>> step_of(const store::RunRow& run);
  Result<Repair> send_again(const store::RunRow& run, const Stand& stand, const RunDeed& deed);
  Result<Repair> look_up(const store::RunRow& run, const Stand& stand);
  Result<Repair> decide(const store::RunRow& run, const Stand& stand, const RunDeed& deed);
  Result<Repair> cancel(const store::RunRow& run, const RunDeed& deed);
  Result<std::vector<store::Write>> reopened(const store::RunRow& run, const recipe::Program& program);

  Context& context_;
  std::function<bool(Id)> in_flight_;
};

// Error "moved_on" when the run is not as it was looked at; rev 0 asks nothing.
Status judge_rev(const store::RunRow& run, std::int64_t rev);

// A run that somebody let go has its recipe's time for retries anew.
inline constexpr std::string_view kRetried = "retried";
bool begins_anew(std::string_view reason);

}  // namespace ieum::runtime
