// Starting: whether a trigger may start a run now, and the run that it starts. Shared by router (an event came) and
// absences (an event did not come). Reads and plans; commits nothing.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "runtime/advance.hpp"
#include "runtime/live.hpp"
#include "runtime/people.hpp"
#include "store/unit.hpp"

namespace ieum::runtime {

// An event that starts a run, or would.
struct TriggerFact {
  Id event = 0;
  int item = 0;
  Value scope;       // host::event_scope
  Millis at_ms = 0;  // event time
  int hops = 0;      // see loops.hpp
};

// Who would run.
struct Entrant {
  Id customer = 0;  // 0: about nobody
  std::string key;
  const Person* person = nullptr;               // when it is at hand; may be new
  std::vector<store::HistoryRow> history = {};  // what the same unit adds to theirs
};

// The reason why no run of these would start ("already_running", "once", "entry_cap", "exit_on_already_true"), "" when one may.
// `moved`: runs as the same unit will leave them.
Result<std::string> refusal_to_watch(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                                     const TriggerFact& trigger, const std::vector<store::RunRow>& moved,
                                     Millis now_ms);
// The same for a run that starts now: entry.where is judged behind the rest ("entry_where").
Result<std::string> refusal_to_start(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                                     const TriggerFact& trigger, const std::vector<store::RunRow>& moved,
                                     Millis now_ms);

// Whether the customer is of the recipe's audience, as things are at `at_ms`. What cannot be judged is false.
Result<bool> is_of_audience(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                            const TriggerFact& trigger, Millis at_ms);

// The run's rows, its first step decided.
Result<Advance> start_run(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                          const TriggerFact& trigger, Millis now_ms);

// An older trigger starts nothing (max_late): by how much the deadline is past.
bool too_late(const recipe::Recipe& recipe, Millis deadline_ms, Millis now_ms);

// The lock under which runs about nobody with this entry key are decided on.
inline std::string key_lock(Id recipe, const std::string& key) { return "k:" + std::to_string(recipe) + ":" + key; }

}  // namespace ieum::runtime
