// Engine: decides what a run does next. Pure: (program, run, facts, input, now) -> transition. No store, no clock, no
// I/O; weeks of a journey are a loop over this function.
//
// What the engine owns: position, branches, variables, waits, retries, error paths. What it does not: the gate
// (audience), sending (runtime), rows (store). Whoever calls turns a transition into rows and feeds the next input.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "recipe/program.hpp"

namespace ieum::engine {

// The part of a run that the engine moves.
struct RunPoint {
  std::string at_step;  // "" before the first instruction
  Value vars;           // map; `set` variables
  // Inside on_error: {step, code, message}, and where one lies in another, the outer error as `cause`. Else null.
  Value error;
};

// Facts, each asked for only when the instruction lists it. Null functions: the fact is not to be had.
struct Facts {
  Value trigger;                    // host::event_scope of the trigger
  Value run;                        // {id, recipe, started_at}
  std::function<Value()> steps;     // map step id -> {status, output, error}
  std::function<Value()> customer;  // profile: traits and identities as a map
  ZoneSource* zones = nullptr;
};

// Inputs.
struct Begin {};        // a new run, or go on behind at_step, whose step ended without effect
struct TimerFired {};   // a wait is over; at a `use` step: it was deferred, and is opened now
struct StepDone {};     // the open step ended well; its output is in facts.steps
struct StepSkipped {};  // the gate said no: the run goes on
struct StepFailed {     // after retries: on_error, or the run fails
  std::string code, message;
};
using Input = std::variant<Begin, TimerFired, StepDone, StepSkipped, StepFailed>;

// Transitions.
struct Act {  // open a step with these rendered inputs
  const recipe::Step* step = nullptr;
  Value inputs;
};
struct Sleep {
  Millis until_ms = 0;
};
struct End {
  enum class How { finished, stopped, failed };
  How how = How::finished;
  std::string reason;  // stop's reason; failed: code
  std::string message;
};
struct Transition {
  RunPoint point;
  std::variant<Act, Sleep, End> next;
};

// Waits that are over already do not sleep. `set` values, and step inputs, see the variables from before their step.
// Never fails: what cannot be evaluated becomes StepFailed of that step with its on_error, else End{failed}.
Transition decide(const recipe::Program& program, const RunPoint& run, const Facts& facts, const Input& input,
                  Millis now_ms);

// Whether an event matches (name or connector/topic, connection, where). `event` is host::event_scope; `names` are the
// names it goes by: its standard name and "connector/topic". A where that cannot be evaluated is no match; `problem`
// says why.
// `trigger`: for exit_on, what started the run; without it `trigger` is the event itself, as it is for triggers.
bool matches(const recipe::EventMatch& match, const std::vector<std::string>& names, const std::string& connection,
             const Value& event, std::string* problem = nullptr, const Value* trigger = nullptr,
             ZoneSource* zones = nullptr);

// Evaluates `about` over an event: identity kind -> text. Missing and empty ones are left out.
std::vector<std::pair<std::string, std::string>> about_of(const recipe::Recipe& recipe, const Value& event,
                                                          ZoneSource* zones = nullptr);
// Entry key as text, "" when the recipe has none; error "bad_key" when it cannot be evaluated, or is no text or number
// of at most 512 bytes.
Result<std::string> entry_key(const recipe::Recipe& recipe, const Value& event, ZoneSource* zones = nullptr);

enum class Enter { start, once, already_running, entry_cap };
struct EntryFacts {
  bool live_run = false;         // of (recipe, customer, key)
  std::int64_t runs_ever = 0;    // of (recipe, customer, key)
  std::int64_t runs_in_cap = 0;  // of (recipe, customer) with started_ms > now - cap.per
};
// Without a customer and without a key every event starts a run. Else two live runs never share (recipe, customer,
// key), whatever the mode; `about_somebody`: the event has a customer.
Enter judge_entry(const recipe::Recipe& recipe, bool about_somebody, const EntryFacts& facts);

}  // namespace ieum::engine
