// Advance: turns a decision into rows. Runs the engine and the gate until the run acts, sleeps or ends, and lists the
// writes. Pure but for the facts it reads; commits nothing.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "engine/decide.hpp"
#include "runtime/run_facts.hpp"
#include "store/unit.hpp"

namespace ieum::runtime {

struct Advance {
  std::vector<store::Write> writes;    // the run's own row is among them
  store::RunRow run;                   // as it is after the commit
  std::optional<store::StepRow> open;  // INTENT: act on it after the commit
  Value inputs;                        // of `open`, as they will be read from its row; null: read them there
};

// `run` is as stored (a new one: as it shall be inserted, state acting, at_step ""). Errors are facts that cannot be had.
Result<Advance> advance(Context& context, store::RunRow run, bool is_new, const recipe::Program& program,
                        RunFacts& facts, engine::Input input, Millis now_ms);

// Where a stored run stands, for the engine.
// Error "state_unreadable": what is stored of its place is damaged.
Result<engine::RunPoint> point_of(const store::RunRow& run);

// Moves a run to `state` with its position kept: an end that nobody decided (exit, cancel). The open step is the caller's.
store::MoveRun end_run(const store::RunRow& run, store::RunState state, std::string reason, std::int64_t epoch,
                       Millis now_ms);
// The same, with another attempt of the open step at `due_ms`; kHeldDue: when something else lets it.
store::MoveRun attempt_at(const store::RunRow& run, Millis due_ms, std::string reason, std::int64_t epoch);

// Acting, and due at no time: its call is under way, or begins as soon as its commit is known. Its OUTCOME closes the step.
bool is_begun(const store::RunRow& run);

// Whether trying again cannot mend it; everything else is a store that cannot be read or written just now.
bool is_final(const Error& error);

}  // namespace ieum::runtime
