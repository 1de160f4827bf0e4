// RecipeReader: events and what they do to runs: trigger, absent, schedule, exit_on, goal, how events join runs, and what is asked
// of those that are over.
#include <algorithm>

#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

namespace {

// The column, from 1, at which the n-th word of a text begins.
std::size_t word_column(std::string_view text, std::size_t number) {
  std::size_t at = 0;
  while (true) {
    at = std::min(text.find_first_not_of(" \t", at), text.size());
    if (number <= 1 || at == text.size()) return at + 1;
    --number;
    at = std::min(text.find_first_of(" \t", at), text.size());
  }
}

}  // namespace

void RecipeReader::trigger(const Node& node, Recipe& recipe) {
  const Shape& known = shape("trigger");
  recipe.trigger.place = node.place;
  if (!check_map(node, known)) return;
  const Node* timed = node.find("schedule");
  recipe.trigger = event_match(node, known);
  for (const auto& [key, value] : node.members) {
    if (key.text == "absent") recipe.absent = absent(value);
    if (key.text == "max_late") recipe.max_late_for = some_time(value, "max_late", "24h, or leave it out");
    if (key.text == "schedule") recipe.schedule = schedule(value);
    if (key.text == "audience") recipe.audience = condition(value, "audience");
    if (key.text == "audience" && timed == nullptr)
      findings_.error(key.place, "misplaced_key", "`audience` says for whom a schedule starts runs, and here is none",
                      "add a `schedule`, or write a condition on whom an event starts one for into `entry.where`");
    if (timed == nullptr || key.text == "schedule" || key.text == "audience" || known.find(key.text) == nullptr)
      continue;
    if (key.text == "event")
      findings_.error(key.place, "two_triggers", "a trigger is an event or a schedule, but this one has both",
                      "take one of them out, or make two recipes");
    else
      findings_.error(
          key.place, "misplaced_key", "`" + key.text + "` is about an event, and a schedule has none",
          key.text == "max_late" ? "leave it out; `missed` says what becomes of a missed time" : "leave it out");
  }
  check_keys(node, known, {"match", "step"});
  for (const auto& [key, value] : node.members)
    if (key.text == "match" || key.text == "step")
      findings_.error(key.place, "misplaced_key",
                      "`" + key.text + "` joins an event to a run, and a trigger starts one",
                      key.text == "match" ? "leave it out; `about` and `entry` say whose run it is" : "leave it out");
  const bool later = std::any_of(known.later.begin(), known.later.end(),
                                 [&](const std::string& key) { return node.find(key) != nullptr; });
  if (node.find("event") == nullptr && timed == nullptr && !later)
    findings_.error(node.place, "missing_key", "the trigger names no event",
                    "add `event: order_created`, or `schedule: {cron: \"0 10 * * mon\"}`");
}

// A schedule brings no event: nothing can be read from one.
void RecipeReader::check_schedule(const Node& root, const Recipe& recipe) {
  if (root.find("about") != nullptr)
    findings_.error(recipe.about_place, "misplaced_key", "`about` reads an event, and a schedule has none",
                    "leave it out, or take an event as trigger");
  if (root.find("search") != nullptr)
    findings_.error(recipe.search_place, "misplaced_key", "`search` reads an event, and a schedule has none",
                    "leave it out, or take an event as trigger");
  if (recipe.entry.key)
    findings_.error(recipe.entry.key->place, "misplaced_key", "`key` reads an event, and a schedule has none",
                    "leave it out: each time of the schedule is a run of its own");
}

EventMatch RecipeReader::event_match(const Node& node, const Shape& shape) {
  EventMatch match;
  match.place = node.place;
  for (const auto& [key, value] : node.members) {
    if (key.text == "event") match.event = event_name(value), match.place = value.place;
    if (key.text == "connection") match.connection = name(value, "connection");
    if (key.text == "where") match.where = condition(value, "where");
    if (key.text == "step" && shape.find("step") != nullptr) match.step = name(value, "step");
    if (key.text == "match" && shape.find("match") != nullptr) match.match = match_pairs(value);
  }
  const Key* event = shape.find("event");
  const bool later = std::any_of(shape.later.begin(), shape.later.end(),
                                 [&](const std::string& key) { return node.find(key) != nullptr; });
  if (event->required && node.find("event") == nullptr && !later)
    findings_.error(node.place, "missing_key", shape.thing + " names no event", "add `event: order_created`");
  return match;
}

std::vector<MatchPair> RecipeReader::match_pairs(const Node& node) {
  std::vector<MatchPair> pairs;
  if (node.kind != Node::Kind::map || node.members.empty()) {
    wrong_kind(node, "match", "a map of expressions over the event and over the run",
               "write `match: {event.order_id: trigger.order_id}`");
    return pairs;
  }
  for (const Member& member : node.members) {
    if (is_tail(member)) continue;
    auto event_side = condition(member.key, "match");
    auto run_side = condition(member.value, "match");
    if (event_side && run_side) pairs.push_back({std::move(*event_side), std::move(*run_side)});
  }
  return pairs;
}

Absent RecipeReader::absent(const Node& node) {
  const Shape& known = shape("absent");
  Absent absent;
  if (!check_map(node, known)) return absent;
  absent.match = event_match(node, known);
  if (const Node* within = node.find("within"))
    absent.within_for = some_time(*within, "within", "30m").value_or(0);
  else
    findings_.error(node.place, "missing_key", "absent does not say how long to wait", "add `within: 30m`");
  if (const Node* debounce = node.find("debounce")) absent.debounce = truth(*debounce, "debounce").value_or(true);
  check_keys(node, known);
  return absent;
}

Schedule RecipeReader::schedule(const Node& node) {
  const Shape& known = shape("schedule");
  Schedule schedule;
  schedule.place = node.place;
  if (node.kind == Node::Kind::scalar) {
    wrong_kind(node, "schedule", "a map", "write `schedule: {cron: \"0 10 * * mon\"}`");
    return schedule;
  }
  if (!check_map(node, known)) return schedule;
  for (const auto& [key, value] : node.members) {
    if (key.text == "cron") {
      const std::size_t before = findings_.errors();
      const std::string written = text(value, "cron");
      if (findings_.errors() > before) continue;
      if (const auto parsed = parse_cron(written)) {
        schedule.cron = *parsed;
        schedule.written = written;
      } else {
        std::size_t field = 0;
        for (const char c : parsed.error().place) field = field * 10 + static_cast<std::size_t>(c - '0');
        findings_.error(ContentMap(text_, value).at(1, word_column(written, field)), parsed.error().code,
                        parsed.error().what, parsed.error().mend);
      }
    }
    if (key.text == "timezone") schedule.zone = zone(value, "timezone");
    if (key.text == "missed")
      if (const auto found = choice(value, "missed", known.find("missed")->choices))
        schedule.missed = static_cast<Schedule::Missed>(*found);
  }
  if (node.find("cron") == nullptr)
    findings_.error(node.place, "missing_key", "the schedule has no `cron`", "add `cron: \"0 10 * * mon\"`");
  check_keys(node, known);
  return schedule;
}

Goal RecipeReader::goal(const Node& node) {
  const Shape& known = shape("goal");
  Goal goal;
  if (!check_map(node, known)) return goal;
  goal.match = event_match(node, known);
  if (const Node* within = node.find("within"))
    goal.within_for = some_time(*within, "within", "7d").value_or(0);
  else
    findings_.error(node.place, "missing_key", "the goal does not say how long after a message it counts",
                    "add `within: 7d`");
  if (const Node* value = node.find("value")) goal.value = condition(*value, "value");
  check_keys(node, known);
  return goal;
}

std::vector<HistoryQuery> RecipeReader::history(const Node& node) {
  std::vector<HistoryQuery> queries;
  if (node.kind != Node::Kind::list) {
    wrong_kind(node, "history", "a list of questions", "write `history: [{name: orders, event: order_created}]`");
    return queries;
  }
  constexpr std::size_t kQueriesMax = 20;
  if (node.items.size() > kQueriesMax)
    findings_.error(node.place, "too_many", "a recipe asks at most 20 questions about history",
                    "leave out those that nothing reads");
  for (const Node& item : node.items) {
    if (!check_map(item, shape("history"))) continue;
    auto query = history_query(item);
    const auto same = [&](const HistoryQuery& other) { return !query.name.empty() && other.name == query.name; };
    if (std::any_of(queries.begin(), queries.end(), same))
      findings_.error(item.place, "same_name", "two questions about history are called " + quoted(query.name),
                      "give each a name of its own");
    queries.push_back(std::move(query));
  }
  return queries;
}

HistoryQuery RecipeReader::history_query(const Node& node) {
  const Shape& known = shape("history");
  HistoryQuery query;
  query.match = event_match(node, known);
  for (const auto& [key, value] : node.members) {
    if (key.text == "name") query.name = variable(value, "name");
    if (key.text == "within") query.within_for = some_time(value, "within", "7d");
    if (key.text == "since") query.since_entry = choice(value, "since", known.find("since")->choices).has_value();
    if (key.text == "sum") query.sum = condition(value, "sum");
    if (key.text == "distinct") query.distinct = condition(value, "distinct");
  }
  if (node.find("name") == nullptr)
    findings_.error(node.place, "missing_key", "a question about history has no name",
                    "add `name: orders`; `history.orders.count` reads it");
  if (query.within_for && query.since_entry)
    findings_.error(node.place, "two_windows", "a question has `within` or `since`, but this one has both",
                    "take one of them out");
  check_keys(node, known, {"connection"});
  if (const Node* connection = node.find("connection"))
    findings_.error(connection->place, "misplaced_key", "history does not keep which connection told of an event",
                    "leave `connection` out");
  return query;
}

std::vector<EventMatch> RecipeReader::exits(const Node& node) {
  const Shape& known = shape("exit_on");
  std::vector<EventMatch> exits;
  if (node.kind != Node::Kind::list) {
    wrong_kind(node, "exit_on", "a list of events", "write `exit_on: [{event: order_created}]`");
    return exits;
  }
  for (const Node& item : node.items) {
    if (!check_map(item, known)) continue;
    exits.push_back(event_match(item, known));
    check_keys(item, known);
  }
  return exits;
}

}  // namespace ieum::recipe
