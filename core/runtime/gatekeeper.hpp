// Gatekeeper: asks the gate for one send of a run. Gathers the facts, keeps the decision as a row, and puts an advertisement's frame
// around what was rendered. Belongs to the engine; commits nothing.
#pragma once
#include <optional>
#include <string>

#include "audience/gate.hpp"
#include "runtime/run_facts.hpp"

namespace ieum::runtime {

struct Sending {
  audience::Verdict verdict;
  store::DecisionRow decision;    // its id is new
  std::optional<Value> inputs;    // allowed: as they go out, framed and tracked; nothing: as they were rendered
  std::optional<Error> unframed;  // allowed, and no advertisement can be made of it: the step fails
};

// `row`: of the step. `earlier`: the decision of the INTENT, for another attempt of it: its slot is not counted and its frame stays as it is; 0: there is
// none yet. `inputs` are the rendered ones. Errors are facts that cannot be had.
Result<Sending> judge_send(Context& context, const store::RunRow& run, Id row, const std::string& step,
                           const recipe::Use& use, const host::Operation& operation, Id connection, const Value& inputs,
                           RunFacts& facts, Id earlier, Millis now_ms);

// Whether this use reaches a customer: the operation says so, or the recipe says it for an operation that leaves it open.
bool reaches_customer(const host::Operation& operation, const recipe::Use& use);

// Whether the run waits with a message that may not go out yet; its reason is the gate's.
bool is_deferred(const store::RunRow& run);

}  // namespace ieum::runtime
