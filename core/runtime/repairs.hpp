// Repairs: what a person decides about a run that stands in doubt, failed, is held or waits. Plans; commits nothing. Belongs to
// the engine; what is committed is planned under the run's lock, a look at what is possible is not.
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

  // Errors: "run_ended", "in_flight", "not_in_doubt", "cannot_retry", "already_running", "already_replayed",
  // "no_look_up", "nothing_open".
  Result<Repair> plan(const store::RunRow& run, const RunDeed& deed);

 private:
  // The step that the deed is about: the open one, or of a failed run the one that failed; nothing where the run stands elsewhere.
  Result<std::optional<store::StepRow>> step_of(const store::RunRow& run);
  Result<Repair> send_again(const store::RunRow& run, const RunDeed& deed);
  Result<Repair> look_up(const store::RunRow& run);
  Result<Repair> decide(const store::RunRow& run, const RunDeed& deed);
  Result<Repair> cancel(const store::RunRow& run, const std::string& why);
  // Whether a failed run may go on where it failed, and what must be written beside its move.
  Result<std::vector<store::Write>> reopen(const store::RunRow& run, const recipe::Program& program);

  Context& context_;
  std::function<bool(Id)> in_flight_;
};

// A run that somebody let go has its recipe's time for retries anew.
inline constexpr std::string_view kRetried = "retried";
bool begins_anew(std::string_view reason);

}  // namespace ieum::runtime
