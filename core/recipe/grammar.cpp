// The table of the grammar, and the walk through it along the keys of a recipe.
#include "recipe/grammar.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"

namespace ieum::recipe {

namespace {

constexpr int kWeightMax = 10'000;
constexpr int kPassesMax = 1000;
constexpr int kCapMax = 1'000'000;
constexpr int kDaysMax = 3660;

std::vector<Shape> make_parts() {
  const std::vector<std::string> doubts = {"wait", "skip", "fail", "repeat"};
  const Key event{.name = "event",
                  .takes = Takes::event,
                  .required = true,
                  .help = "a standard name (order_created) or connector/topic (shopify/orders/create)"};
  const Key connection{.name = "connection", .takes = Takes::name, .help = "only events of this connection"};
  const Key where{.name = "where", .takes = Takes::expression, .help = "only events for which this is true"};
  const Key match{.name = "match",
                  .takes = Takes::match,
                  .help = "joins the event to a run by equal values: {event.token: trigger.token}"};
  const Key max_late{.name = "max_late",
                     .takes = Takes::duration,
                     .help = "an older event starts nothing; default: no limit, with absent 24h"};
  const Key retry{.name = "retry", .takes = Takes::map, .inner = "retry", .help = "how long and how often to repeat"};
  return {
      {"recipe",
       "a recipe",
       {{.name = "recipe", .takes = Takes::name, .required = true, .help = "the recipe's name"},
        {.name = "title", .help = "what people call it"},
        {.name = "timezone", .takes = Takes::zone, .help = "of civil times; default Asia/Seoul"},
        {.name = "topic", .takes = Takes::name, .help = "what an opt-out closes"},
        {.name = "about", .takes = Takes::expressions, .help = "whose run it is: kind of identity -> expression"},
        {.name = "search", .takes = Takes::expressions, .help = "names by which its runs are found -> expression"},
        {.name = "trigger", .takes = Takes::map, .required = true, .inner = "trigger", .help = "what starts a run"},
        {.name = "history",
         .takes = Takes::list,
         .inner = "history",
         .help = "questions about what the customer did before; history.<name> reads the answer"},
        {.name = "entry", .takes = Takes::map, .inner = "entry", .help = "who may enter, and how often"},
        {.name = "keep_while", .takes = Takes::expression, .help = "judged before each action; false ends the run"},
        {.name = "exit_on", .takes = Takes::list, .inner = "exit_on", .help = "events that end a run at once"},
        {.name = "goal", .takes = Takes::map, .inner = "goal", .help = "the event that the recipe is for"},
        retry,
        {.name = "on_doubt",
         .takes = Takes::choice,
         .choices = doubts,
         .help = "when nobody knows whether a call went out; default wait"},
        {.name = "on_error", .takes = Takes::steps, .help = "runs before the run fails"},
        {.name = "steps", .takes = Takes::steps, .required = true, .help = "what a run does"},
        {.name = "tests", .takes = Takes::tests, .help = "what must happen, in virtual time"}},
       {"experiments", "silence", "digest", "throttle"}},
      {"trigger",
       "trigger",
       {{.name = "event", .takes = Takes::event, .help = event.help},
        connection,
        where,
        {.name = "absent",
         .takes = Takes::map,
         .inner = "absent",
         .help = "starts only when no such event comes in time"},
        max_late,
        {.name = "schedule", .takes = Takes::map, .inner = "schedule", .help = "starts at times of the clock"},
        {.name = "audience",
         .takes = Takes::expression,
         .help = "of a schedule: starts a run for each customer of whom this is true"}},
       {"segment_entered", "any"}},
      {"absent",
       "absent",
       {event,
        connection,
        where,
        match,
        {.name = "within", .takes = Takes::duration, .required = true, .help = "how long to wait for it"},
        {.name = "debounce", .takes = Takes::truth, .help = "each new trigger restarts the clock; default true"}},
       {"same"}},
      {"schedule",
       "schedule",
       {{.name = "cron", .takes = Takes::cron, .required = true, .help = "minute hour day month weekday, or @daily"},
        {.name = "timezone", .takes = Takes::zone, .help = "default: the recipe's"},
        {.name = "missed",
         .takes = Takes::choice,
         .choices = {"once", "skip", "all"},  // as Schedule::Missed
         .help = "when the hub was down: make up for the newest (default), for none, or for all"}},
       {}},
      {"history",
       "a question about history",
       {{.name = "name", .takes = Takes::variable, .required = true, .help = "history.<name> reads the answer"},
        {.name = "event",
         .takes = Takes::event,
         .required = true,
         .help = "a standard name (order_created), where there is one"},
        {.name = "where", .takes = Takes::expression, .help = "only events for which this is true"},
        {.name = "match",
         .takes = Takes::match,
         .help = "only events with equal values: {event.product_id: trigger.product_id}"},
        {.name = "within", .takes = Takes::duration, .help = "only this long before now; default: all that is kept"},
        {.name = "since", .takes = Takes::choice, .choices = {"entry"}, .help = "entry: only since the run began"},
        {.name = "sum", .takes = Takes::expression, .help = "adds this up: event.total"},
        {.name = "distinct", .takes = Takes::expression, .help = "counts how many different values this has"}},
       {}},
      {"entry",
       "entry",
       {{.name = "mode",
         .takes = Takes::choice,
         .choices = {"once", "after_exit", "always"},
         .help = "how often; default after_exit"},
        {.name = "key", .takes = Takes::expression, .help = "what a run is about beside the customer"},
        {.name = "where", .takes = Takes::expression, .help = "judged once, when a run would begin; false starts none"},
        {.name = "cap", .takes = Takes::map, .inner = "cap", .help = "at most so many runs of a customer"}},
       {"filters", "gap"}},
      {"cap",
       "cap",
       {{.name = "max", .takes = Takes::whole, .required = true, .lowest = 1, .highest = kCapMax, .help = "runs"},
        {.name = "per", .takes = Takes::duration, .required = true, .help = "in this time"}},
       {}},
      {"exit_on", "exit_on", {event, connection, where, match}, {"same", "any"}},
      {"goal",
       "goal",
       {event,
        connection,
        where,
        {.name = "within", .takes = Takes::duration, .required = true, .help = "after each message to the customer"},
        {.name = "value", .takes = Takes::expression, .help = "what it is worth"}},
       {"same", "any"}},
      {"retry",
       "retry",
       {{.name = "for", .takes = Takes::duration, .help = "from the first attempt; 0s never repeats; default 75h"},
        {.name = "first", .takes = Takes::duration, .help = "the first pause; default 10s"},
        {.name = "cap", .takes = Takes::duration, .help = "the longest pause; default 30m"}},
       {"max", "base"}},
      {"wait_map",
       "wait",
       {{.name = "for", .takes = Takes::duration, .help = "this long"},
        {.name = "days", .takes = Takes::whole, .lowest = 0, .highest = kDaysMax, .help = "so many days from now"},
        {.name = "at", .takes = Takes::time_of_day, .help = "at this time of day"},
        {.name = "until", .takes = Takes::expression, .help = "to the time that this gives"},
        {.name = "offset", .takes = Takes::offset, .help = "added to `until`; -1d is a day before"},
        {.name = "window", .takes = Takes::map, .inner = "window", .help = "then on to when this is open"},
        {.name = "timezone",
         .takes = Takes::wait_zone,
         .help = "a zone, or customer (default: the customer's, else the recipe's)"}},
       {}},
      {"window",
       "window",
       {{.name = "from", .takes = Takes::time_of_day, .help = "opens; default 00:00"},
        {.name = "to", .takes = Takes::time_of_day, .help = "closes; default 24:00; before `from`: on the next day"},
        {.name = "days",
         .takes = Takes::weekdays,
         .choices = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"},
         .help = "on these days; default all"}},
       {}},
      {"awaited",
       "wait_for",
       {event,
        {.name = "step", .takes = Takes::name, .help = "the step of this run that the event must name"},
        connection,
        where,
        match},
       {"same", "any"}},
      {"awaited_item",
       "an event of wait_for",
       {event,
        {.name = "step", .takes = Takes::name, .help = "the step of this run that the event must name"},
        connection,
        where,
        match,
        {.name = "then", .takes = Takes::steps, .help = "what follows this event"}},
       {"same", "any"}},
      {"case",
       "a case of switch",
       {{.name = "if", .takes = Takes::expression, .help = "the first case that is true is taken"},
        {.name = "then", .takes = Takes::steps, .help = "what follows then"},
        {.name = "else", .takes = Takes::steps, .help = "the last case: when none was true"}},
       {}},
      {"passes",
       "repeat",
       {{.name = "max",
         .takes = Takes::whole,
         .required = true,
         .lowest = 1,
         .highest = kPassesMax,
         .help = "passes at most"},
        {.name = "every", .takes = Takes::duration, .help = "the pause between two passes"},
        {.name = "until", .takes = Takes::expression, .help = "judged before each pass; true ends it"}},
       {}},
      {"variant",
       "a variant",
       {{.name = "id", .takes = Takes::name, .required = true, .help = "its name in reports"},
        {.name = "weight", .takes = Takes::whole, .lowest = 1, .highest = kWeightMax, .help = "its share; default 1"},
        {.name = "do", .takes = Takes::steps, .help = "its steps; none for a control group"}},
       {}},
      {"stop_map", "stop", {{.name = "reason", .help = "why; shown with the run"}}, {}},
  };
}

std::vector<Shape> make_verbs() {
  const Key id{.name = "id", .takes = Takes::name, .help = "the step's name; `steps.<id>` reads what it left"};
  const Key body{.name = "do", .takes = Takes::steps, .required = true, .help = "the steps of one pass"};
  return {
      {"use",
       "a `use` step",
       {id,
        {.name = "use", .takes = Takes::operation, .required = true, .help = "connector.operation"},
        {.name = "connection", .takes = Takes::name, .help = "default: the connector's name"},
        {.name = "class", .takes = Takes::choice, .choices = {"info", "ad"}, .help = "of a message to a customer"},
        {.name = "with", .takes = Takes::values, .help = "the operation's inputs"},
        {.name = "expires", .takes = Takes::duration, .help = "not sent when it is held for longer"},
        {.name = "retry", .takes = Takes::map, .inner = "retry", .help = "how long and how often to repeat"},
        {.name = "on_error", .takes = Takes::steps, .help = "runs when this step failed; then the run goes on"},
        {.name = "on_doubt",
         .takes = Takes::choice,
         .choices = {"wait", "skip", "fail", "repeat"},
         .help = "when nobody knows whether the call went out; default: the recipe's"},
        {.name = "reaches",
         .takes = Takes::choice,
         .choices = {"customer", "team", "system"},
         .help = "http.request only: whom it reaches"}},
       {}},
      {"wait",
       "a `wait` step",
       {id, {.name = "wait", .takes = Takes::wait, .required = true, .inner = "wait_map", .help = "how long"}},
       {}},
      {"wait_for",
       "a `wait_for` step",
       {id,
        {.name = "wait_for",
         .takes = Takes::map_or_list,
         .required = true,
         .inner = "awaited",
         .item = "awaited_item",
         .help = "an event, or several, each with its own `then`"},
        {.name = "timeout", .takes = Takes::wait, .required = true, .inner = "wait_map", .help = "how long at most"},
        {.name = "then", .takes = Takes::steps, .help = "what follows the event"},
        {.name = "on_timeout", .takes = Takes::steps, .help = "what follows when none came"}},
       {}},
      {"if",
       "an `if` step",
       {id,
        {.name = "if", .takes = Takes::expression, .required = true, .help = "the condition"},
        {.name = "then", .takes = Takes::steps, .required = true, .help = "when it is true"},
        {.name = "else", .takes = Takes::steps, .help = "when it is not"}},
       {}},
      {"switch",
       "a `switch` step",
       {id,
        {.name = "switch",
         .takes = Takes::list,
         .required = true,
         .inner = "case",
         .help = "cases; the first that is true"}},
       {}},
      {"for_each",
       "a `for_each` step",
       {id,
        {.name = "for_each", .takes = Takes::expression, .required = true, .help = "a list"},
        {.name = "as", .takes = Takes::variable, .help = "the name of one item; default item"},
        {.name = "max",
         .takes = Takes::whole,
         .lowest = 1,
         .highest = kPassesMax,
         .help = "a longer list fails the step; default 100"},
        {.name = "on_item_error",
         .takes = Takes::choice,
         .choices = {"continue", "stop"},
         .help = "what a failed item does to the others; default continue"},
        body},
       {}},
      {"repeat",
       "a `repeat` step",
       {id, {.name = "repeat", .takes = Takes::map, .required = true, .inner = "passes", .help = "how often"}, body},
       {}},
      {"split",
       "a `split` step",
       {id,
        {.name = "split", .takes = Takes::name, .required = true, .help = "the experiment's name"},
        {.name = "variants", .takes = Takes::list, .required = true, .inner = "variant", .help = "one is taken"}},
       {}},
      {"set",
       "a `set` step",
       {id, {.name = "set", .takes = Takes::values, .required = true, .help = "variables: `vars.<name>` reads them"}},
       {}},
      {"stop",
       "a `stop` step",
       {id, {.name = "stop", .takes = Takes::stop, .required = true, .inner = "stop_map", .help = "ends the run"}},
       {}},
  };
}

// Where a walk along keys stands: what may come next.
struct Spot {
  std::vector<const Shape*> map;   // keys of these
  std::vector<const Shape*> list;  // "" leads to one of these
  std::optional<Takes> value;      // expression, expressions, match or data
};

std::vector<const Shape*> steps_shapes() {
  std::vector<const Shape*> found;
  for (const std::string& verb : verbs()) found.push_back(&shape(verb));
  return found;
}

std::optional<Spot> inside(const Key& key) {
  switch (key.takes) {
    case Takes::expression:
    case Takes::expressions:
    case Takes::match:
    case Takes::values:
    case Takes::tests: return Spot{{}, {}, key.takes};
    case Takes::map:
    case Takes::wait:
    case Takes::stop: return Spot{{&shape(key.inner)}, {}, {}};
    case Takes::list: return Spot{{}, {&shape(key.inner)}, {}};
    case Takes::map_or_list: return Spot{{&shape(key.inner)}, {&shape(key.item)}, {}};
    case Takes::steps: return Spot{{}, steps_shapes(), {}};
    default: return {};
  }
}

std::optional<Spot> enter(const Spot& spot, std::string_view key) {
  if (spot.value) {
    if (*spot.value == Takes::match || (*spot.value == Takes::expressions && !key.empty()))
      return Spot{{}, {}, Takes::expression};
    return Spot{{}, {}, Takes::values};
  }
  if (key.empty()) {
    if (spot.list.empty()) return {};
    return Spot{spot.list, {}, {}};
  }
  for (const Shape* shape : spot.map)
    if (const Key* found = shape->find(key)) return inside(*found);
  return {};
}

}  // namespace

const Key* Shape::find(std::string_view key) const {
  for (const Key& known : keys)
    if (known.name == key) return &known;
  return nullptr;
}

std::vector<std::string> Shape::names() const {
  std::vector<std::string> names;
  for (const Key& key : keys) names.push_back(key.name);
  return names;
}

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = [] {
    std::vector<Shape> list = make_parts();
    for (Shape& verb : make_verbs()) list.push_back(std::move(verb));
    return list;
  }();
  return all;
}

const Shape& shape(std::string_view name) {
  const auto found = std::find_if(shapes().begin(), shapes().end(), [&](const Shape& s) { return s.name == name; });
  IEUM_ASSERT(found != shapes().end());
  return *found;
}

const std::vector<std::string>& verbs() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Shape& verb : make_verbs()) list.push_back(verb.name);
    return list;
  }();
  return names;
}

const std::vector<std::string>& later_verbs() {
  static const std::vector<std::string> names = {"parallel", "call", "digest", "throttle"};
  return names;
}

bool holds_data(std::string_view key) { return key == "with" || key == "set" || key == "tests"; }

const std::vector<std::string>& expression_keys() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Shape& each : shapes())
      for (const Key& key : each.keys)
        if (key.takes == Takes::expression && std::find(list.begin(), list.end(), key.name) == list.end())
          list.push_back(key.name);
    return list;
  }();
  return names;
}

bool takes_expression(const std::vector<std::string_view>& path) {
  if (path.empty()) return false;
  std::optional<Spot> spot = Spot{{&shape("recipe")}, {}, {}};
  for (const std::string_view key : path) {
    if (holds_data(key)) return false;
    if (spot) spot = enter(*spot, key);
  }
  if (spot) return spot->value == Takes::expression;
  return std::find(expression_keys().begin(), expression_keys().end(), path.back()) != expression_keys().end();
}

}  // namespace ieum::recipe
