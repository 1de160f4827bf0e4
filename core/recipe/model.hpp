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

struct Condition {
  expr::Expression expression;
  Place place;  // of the expression's first character
  NameUses uses;
};

// `event: order_created` (a standard name) or `event: shopify/orders/create` (connector/topic).
struct EventMatch {
  std::string event;
  std::string connection;  // "" any
  std::optional<Condition> where;
  Place place;
};

enum class EntryMode { once, after_exit, always };
struct Cap {
  int max = 0;
  Millis per = 0;
};
struct Entry {
  EntryMode mode = EntryMode::after_exit;
  std::optional<Condition> key;
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
  bool retry_given = false;
  Place use_place, connection_place, class_place, with_place, retry_place, reaches_place, on_doubt_place;
};
struct Wait {
  std::optional<Millis> duration_for;  // wait: 30m  or  wait: {for: 30m}
  std::optional<int> days;             // wait: {days: 1, at: "10:00"}
  std::optional<int> at_minute;        // minutes after local midnight
  std::optional<Condition> until;      // wait: {until: 'expression giving a timestamp or RFC 3339 text'}
};
struct If {
  Condition condition;
  std::shared_ptr<Steps> then_steps;
  std::shared_ptr<Steps> else_steps;  // null: nothing
};
struct Set {
  std::vector<std::pair<std::string, expr::ValueTemplate>> values;  // all see the variables from before the step
  NameUses uses;
};
struct Stop {
  std::string reason;  // "" is "stopped"
};

struct Step {
  std::string id;  // given, or made from the path ("step2", "step2_then1")
  Place place;
  std::variant<Use, Wait, If, Set, Stop> verb;
};

struct Recipe {
  std::string name;
  std::string title;
  std::string zone = "Asia/Seoul";
  std::vector<std::pair<std::string, Condition>> about;  // identity kind -> expression over `event`
  EventMatch trigger;
  Entry entry;
  std::vector<EventMatch> exit_on;
  std::string topic;                // what an opt-out closes
  std::optional<InDoubt> on_doubt;  // for steps that say nothing
  Steps steps;
  Value tests;                                        // kept as data; run by trial
  Place place, zone_place, about_place, entry_place;  // entry and about: of the key; 0:0 when it is not there
};

}  // namespace ieum::recipe
