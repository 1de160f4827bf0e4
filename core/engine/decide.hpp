// Engine: decides what a run does next. Pure: (program, run, facts, input, now) -> transition. No store, no clock, no
// I/O; weeks of a journey are a loop over this function.
//
// What the engine owns: position, branches, loops, variables, waits, retries, error paths. What it does not: the gate
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
#include "engine/match.hpp"
#include "recipe/program.hpp"

namespace ieum::engine {

// The part of a run that the engine moves. Stored as one small JSON text beside the run.
struct RunPoint {
  std::string at_step;  // "" before the first instruction
  Value vars;           // map; `set` variables
  // Inside on_error: {step, code, message}, and where one lies in another, the outer error as `cause`. Else null.
  Value error;
  // Loops that the run is in, outermost first: {step, index, count, failed, results}. Null outside of loops.
  Value frames;
  Millis listening_since = 0;  // at a wait_for: when it was entered; else 0
};

// Facts, each asked for only when the instruction lists it. Null functions: the fact is not to be had.
struct Facts {
  Value run;                       // {id, recipe, started_at}
  std::string split_key;           // whom `split` is stable for: customer, else key, else run
  std::function<Value()> trigger;  // host::event_scope of the trigger
  // Map step id -> {status, output, error} of the visits that `visible` lets through, newest of each step.
  using Visible = std::function<bool(std::string_view step, int iteration)>;
  std::function<Value(const Visible& visible)> steps;
  std::function<Value()> customer;  // profile: traits and identities as a map
  std::function<Value()> history;   // map: name of a question -> its answer (history.hpp)
  // The list that the for_each of this visit goes through, as it was when the loop was entered.
  std::function<Value(std::string_view step, int iteration)> items;
  // An event of this name that named this step of this run, and came since the step was opened and since this wait_for
  // was last over; nothing when none did.
  std::function<std::optional<Value>(const std::string& event, std::string_view step, std::string_view wait)> told;
  // The key of the newest visit of this step, "" before the first.
  std::function<std::string(std::string_view step)> step_key;
  ZoneSource* zones = nullptr;
  // Told of each instruction that was passed, and of the position where it went on; for coverage. Null: nobody.
  std::function<void(const recipe::Instruction& from, std::size_t to)> passed;
};

// Inputs.
struct Begin {};        // a new run, or go on behind at_step, whose step ended without effect
struct TimerFired {};   // a wait or pause is over; at a `use` step: it was deferred, and is opened now
struct Again {};        // the instruction at at_step failed, or ended without effect, and is passed once more
struct StepDone {};     // the open step ended well; its output is in facts.steps
struct StepSkipped {};  // the gate said no: the run goes on
struct StepFailed {     // after retries: on_error, or the run fails
  std::string code, message;
};
struct EventCame {  // at a wait_for: what awaited() found
  std::size_t index = 0;
  std::string name;
  Value event;
};
using Input = std::variant<Begin, TimerFired, Again, StepDone, StepSkipped, StepFailed, EventCame>;

// Transitions.
struct Act {  // open a step with these rendered inputs
  const recipe::Step* step = nullptr;
  int iteration = 0;
  Value inputs;
};
struct Sleep {
  Millis until_ms = 0;
};
// An explicit key under which an event finds this run (match).
struct ListenKey {
  std::string event;
  MatchKey key;
};
struct Listen {
  Millis until_ms = 0;
  std::vector<ListenKey> keys;
};
struct End {
  enum class How { finished, stopped, exited, failed };
  How how = How::finished;
  std::string reason;  // stop's reason; exited: keep_while; failed: code
  std::string message;
};
// A step of the engine's own that leaves something behind: a loop, a wait_for, a split. `opened` is a loop that began;
// the others say how the visit ended. A loop of no items, a wait_for and a split are closed without being opened.
struct Visit {
  std::string step;
  int iteration = 0;
  std::string verb;  // "for_each", "repeat", "wait_for", "split"
  enum class State { opened, done, failed } state = State::done;
  Value inputs;  // opened for_each: {"items": [...]}
  Value output;
  std::string error_code, error_text;
};
struct Transition {
  RunPoint point;
  std::vector<Visit> visits;  // in order, before `next`
  std::variant<Act, Sleep, Listen, End> next;
  std::vector<std::string> notes;  // for the log: an unknown zone that was passed over
};

// Waits that are over already do not sleep. `set` values, and step inputs, see the variables from before their step.
// Never fails: what cannot be evaluated fails its step, and goes where a failure of that step goes.
Transition decide(const recipe::Program& program, const RunPoint& run, const Facts& facts, const Input& input,
                  Millis now_ms);

// Under which events that carry the key of a step (standard field `step_key`) find its run.
MatchKey step_listener(const std::string& step_key);

// The explicit keys under which events find a run that stands at a wait_for, as they are now; none elsewhere.
std::vector<ListenKey> listen_keys(const recipe::Program& program, const RunPoint& run, const Facts& facts,
                                   Millis now_ms);

// Which of the events of the wait_for at which the run stands this one is; nothing when it is none. `by_customer`: the
// event is about the run's customer; `keys`: the explicit keys by which it found the run. Events before the wait was
// entered (by event time, whole seconds) are none.
struct Told {
  const std::vector<std::string>* names = nullptr;  // as for matches()
  std::string connection;
  const Value* event = nullptr;
  Millis at_ms = 0;
  Millis until_ms = INT64_MAX;  // when the wait is over; a later event is none, although the timer has not fired yet
  bool by_customer = false;
  std::vector<MatchKey> keys;
};
std::optional<EventCame> awaited(const recipe::Program& program, const RunPoint& run, const Facts& facts,
                                 const Told& told, Millis now_ms);

// Whether keep_while holds at the step where the run stands, for another attempt of it. An error is one of evaluation.
Result<bool> keeps(const recipe::Program& program, const RunPoint& run, const Facts& facts, Millis now_ms);

// Evaluates `about` over an event: identity kind -> text; and `search`: name -> text. Missing and empty ones are left out.
std::vector<std::pair<std::string, std::string>> search_of(const recipe::Recipe& recipe, const Value& event,
                                                           ZoneSource* zones = nullptr);
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
