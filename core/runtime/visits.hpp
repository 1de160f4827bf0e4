// Visits: what the engine's own steps (loops, wait_for, split) and listeners leave in the store. Lists writes, commits nothing.
#pragma once
#include <string>
#include <vector>

#include "runtime/run_facts.hpp"
#include "store/unit.hpp"

namespace ieum::runtime {

// Adds the rows of a visit behind `rows`; the end of a loop changes the row of its beginning, there or in the store.
Status add_visit(Context& context, Id run, const engine::Visit& visit, RunFacts& facts, std::vector<store::Write>& rows,
                 Millis now_ms);

// What listens for an exit by key, from the run's first moment to its last. Errors: the trigger's, where one is compared.
Status add_exit_listeners(const store::RunRow& run, const recipe::Recipe& recipe, RunFacts& facts, ZoneSource& zones,
                          std::vector<store::Write>& writes);

// Loops that began in this unit and end with the run.
void cancel_loops(std::vector<store::Write>& rows, Millis now_ms);

// By the key of a step that is opened: what names it finds the run from its INTENT on, also before the run waits for it.
void add_step_listeners(const store::StepRow& step, const recipe::Program& program, std::vector<store::Write>& writes);
// Whether the step is a wait_for that events find by key.
bool listens_by_key(const recipe::Program& program, const std::string& step);

}  // namespace ieum::runtime
