// Model: a recipe as data, as its author wrote it. Every part knows its place in the text.
// Pure values; read by recipe/reader.hpp, judged by recipe/checker.hpp, flattened by recipe/program.hpp.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/value.hpp"
#include "expr/expression.hpp"
#include "expr/template.hpp"
#include "recipe/cron.hpp"

namespace ieum::recipe {

struct Place {
  int line = 0;    // 1-based
  int column = 0;  // 1-based, in code points
};

// A member path that an expression or template reads, where it stands in the recipe: {"trigger", "total"}.
struct NameUse {
  std::vector<std::string> names;
  bool guarded = false;  // may be missing: inside has() or `or`
  Place place;
};
using NameUses = std::vector<NameUse>;

class ContentMap;

struct Condition {
  expr::Expression expression;
  Place place;  // of the expression's first character
  NameUses uses;
  std::shared_ptr<const ContentMap> map = {};  // where the places that `expression` tells stand in the recipe
};

// One {{ expression }} of a template, for the checker.
struct Hole {
  std::string key;     // the input or variable whose value holds it
  bool alone = false;  // it is the whole value, and keeps its type
  bool first = false;  // its text begins with it
  Condition expression;
};

// One pair of `match: {event.checkout_token: trigger.token}`: equal texts or numbers join an event to a run.
struct MatchPair {
  Condition event_side;  // over `event`
  Condition run_side;    // over what the run knows when it begins to listen
};

// `event: order_created` (a standard name) or `event: shopify/orders/create` (connector/topic).
struct EventMatch {
  std::string event;
  std::string connection;  // "" any
  std::optional<Condition> where;
  std::string step;              // wait_for: the step of this run that the event must name; "" any event
  std::vector<MatchPair> match;  // joins by these instead of by customer; not for a trigger
  Place place;
};

// trigger.absent: the trigger starts a run only when no such event comes within the time.
struct Absent {
  EventMatch match;
  Millis within_for = 0;
  bool debounce = true;  // the clock restarts with each trigger event; false: it runs from the first
};

// trigger.schedule: starts a run at times of the clock.
struct Schedule {
  // Which of the firings are made up for that passed while the hub was down.
  enum class Missed { newest, none, all };
  Cron cron;
  std::string written;  // as the author wrote it
  std::string zone;     // "": the recipe's
  Missed missed = Missed::newest;
  Place place;
};

// goal: what the recipe is for. `within` counts from each message that reached the customer.
struct Goal {
  EventMatch match;
  Millis within_for = 0;
  std::optional<Condition> value;  // over `event`
};

// history: a question about what the customer did before; `history.<name>` reads its answer. Of the whole history that is kept,
// unless a window is given: within a time before now, or since the run began.
struct HistoryQuery {
  std::string name;
  EventMatch match;  // its `match` joins by equal values
  std::optional<Millis> within_for;
  bool since_entry = false;
  std::optional<Condition> sum, distinct;  // over `event`
};

enum class EntryMode { once, after_exit, always };
struct Cap {
  int max = 0;
  Millis per = 0;
};
struct Entry {
  EntryMode mode = EntryMode::after_exit;
  std::optional<Condition> key;
  std::optional<Condition> where;  // judged once, when a run would begin; false starts none
  std::optional<Cap> cap;
};

struct Retry {
  Millis budget_for = 75 * kHour;  // `for`: from the first attempt; 0 never repeats
  Millis first_for = 10 * kSecond;
  Millis cap_for = 30 * kMinute;  // longest pause
};

struct Step;
using Steps = std::vector<Step>;

enum class InDoubt { wait, skip, fail, repeat };  // what `on_doubt` decides without a person; wait is the default

struct Use {
  std::string connector, operation;  // "slack", "message.post"
  std::string connection;            // name of a connection; default: the connector's name
  expr::ValueTemplate with;
  std::string message_class;  // "info" | "ad" | ""
  std::string reaches;        // only for http.request: "customer" | "team" | "system" | ""
  std::optional<Millis> expires_for;
  Retry retry;
  std::shared_ptr<Steps> on_error;  // null: the run fails
  std::optional<InDoubt> on_doubt;
  // For the checker: where things stand.
  std::vector<std::pair<std::string, Place>> inputs;  // the keys of `with`, in order
  NameUses uses;                                      // of `with`
  std::map<std::string, std::string> literals;        // inputs that are a text or number without {{ }}
  std::vector<Hole> holes;                            // of `with`
  Value written;                                      // `with` as it was written
  bool retry_given = false;                           // at the step; else `retry` is the recipe's or the default
  Place use_place, connection_place, class_place, with_place, retry_place, reaches_place, on_doubt_place;
};
// `window: {from: "09:00", to: "20:00", days: [mon, fri]}`: half-open; from > to goes over midnight, and then belongs to
// the weekday on which it begins.
struct Window {
  int from_minute = 0;  // after local midnight
  int to_minute = 24 * 60;
  std::vector<int> weekdays;  // 0 Sunday ... 6 Saturday; empty: all
};
// At least one of duration_for, days, at_minute, until, window. A window moves the end into its next opening.
struct Wait {
  std::optional<Millis> duration_for;  // wait: 30m  or  wait: {for: 30m}
  std::optional<int> days;             // wait: {days: 1, at: "10:00"}
  std::optional<int> at_minute;        // minutes after local midnight
  std::optional<Condition> until;      // wait: {until: 'expression giving a timestamp or RFC 3339 text'}
  Millis offset_for = 0;               // until: added to it; may be negative (`offset: -1d`)
  std::optional<Window> window;
  std::string zone;  // of civil times; "": the customer's zone, else the recipe's
};
struct Awaited {
  EventMatch match;
  std::shared_ptr<Steps> then_steps;  // null: nothing
};
// Listens from the moment it is entered; the first match in order of events wins.
struct WaitFor {
  std::vector<Awaited> events;  // at least one
  Wait timeout;
  std::shared_ptr<Steps> timeout_steps;  // null: nothing
  Place timeout_place;
};
struct If {
  Condition condition;
  std::shared_ptr<Steps> then_steps;
  std::shared_ptr<Steps> else_steps;  // null: nothing
};
struct Case {
  Condition condition;
  std::shared_ptr<Steps> then_steps;
};
struct Switch {  // the first case that is true
  std::vector<Case> cases;
  std::shared_ptr<Steps> else_steps;  // null: nothing
};
struct ForEach {
  Condition list;
  std::string as = "item";     // the name of one item inside
  int max = 100;               // a longer list fails the step
  bool stop_on_error = false;  // `on_item_error: stop`; else the next item is taken and the failure is in the results
  std::shared_ptr<Steps> body;
};
struct Repeat {
  int max = 1;                     // passes at most
  Millis every_for = 0;            // pause between two passes, from the end of one
  std::optional<Condition> until;  // judged before each pass; true ends it
  std::shared_ptr<Steps> body;
};
struct Variant {
  std::string id;
  int weight = 1;
  std::shared_ptr<Steps> steps;  // null: nothing (a control group)
};
struct Split {  // by hash of experiment and customer: the same on every run
  std::string experiment;
  std::vector<Variant> variants;
};
struct Set {
  std::vector<std::pair<std::string, expr::ValueTemplate>> values;  // all see the variables from before the step
  NameUses uses;
  std::vector<Hole> holes;
};
struct Stop {
  std::string reason;  // "" is "stopped"
};

struct Step {
  std::string id;      // given, or made from the path ("step2", "step2_then1")
  bool named = false;  // given
  Place place;
  std::variant<Use, Wait, WaitFor, If, Switch, ForEach, Repeat, Split, Set, Stop> verb;
};

struct Recipe {
  std::string name;
  std::string title;
  std::string zone = "Asia/Seoul";
  std::vector<std::pair<std::string, Condition>> about;   // identity kind -> expression over `event`
  std::vector<std::pair<std::string, Condition>> search;  // name by which runs are found -> expression over `event`
  EventMatch trigger;                                     // its event is "" where a schedule starts the runs
  std::optional<Absent> absent;
  std::optional<Schedule> schedule;
  std::optional<Condition> audience;   // of a schedule: each customer of whom it is true gets a run
  std::optional<Millis> max_late_for;  // an older trigger starts nothing; none: 24 h with absent, else no limit
  std::vector<HistoryQuery> history;
  Entry entry;
  std::optional<Condition> keep_while;  // judged before each action; false ends the run
  std::vector<EventMatch> exit_on;
  std::optional<Goal> goal;
  std::string topic;                // what an opt-out closes
  std::optional<InDoubt> on_doubt;  // for steps that say nothing
  std::shared_ptr<Steps> on_error;  // runs before the run fails, where the failed step has none of its own; may be null
  Steps steps;
  Value tests;  // kept as data; read by recipe/test_case.hpp, run by trial
  // Whether its runs are about somebody.
  [[nodiscard]] bool has_customers() const { return !about.empty() || audience.has_value(); }
  Place place, zone_place, about_place, entry_place,
      search_place;  // entry and about: of the key; 0:0 when it is not there
};

}  // namespace ieum::recipe
