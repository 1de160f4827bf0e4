// RecipeReader: steps that take time: wait and wait_for.
#include <algorithm>

#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

std::optional<int> RecipeReader::minute_of_day(const Node& node, const std::string& key, bool end_of_day) {
  const std::string_view text = node.text;
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  if (node.kind == Node::Kind::scalar && text.size() == 5 && text[2] == ':') {
    const int hour = digit(0) * 10 + digit(1);
    const int minute = digit(3) * 10 + digit(4);
    if ((hour <= 23 && minute <= 59) || (end_of_day && hour == 24 && minute == 0)) return hour * 60 + minute;
  }
  wrong_kind(node, key, "a time of day", "write it in quotes, with two digits each: \"09:30\"");
  return {};
}

Window RecipeReader::window(const Node& node) {
  const Shape& known = shape("window");
  Window window;
  if (!check_map(node, known)) return window;
  for (const auto& [key, value] : node.members) {
    if (key.text == "from") window.from_minute = minute_of_day(value, "from", false).value_or(window.from_minute);
    if (key.text == "to") window.to_minute = minute_of_day(value, "to", true).value_or(window.to_minute);
    if (key.text != "days") continue;
    if (value.kind != Node::Kind::list || value.items.empty()) {
      wrong_kind(value, "days", "a list of weekdays", "write `days: [mon, tue, wed, thu, fri]`");
      continue;
    }
    for (const Node& item : value.items) {
      const auto day = choice(item, "days", known.find("days")->choices);
      if (!day) continue;
      const int number = static_cast<int>(*day);
      if (std::find(window.weekdays.begin(), window.weekdays.end(), number) != window.weekdays.end())
        findings_.error(item.place, "bad_window", "the window has " + quoted(item.text) + " twice", "keep one of them");
      window.weekdays.push_back(number);
    }
  }
  check_keys(node, known);
  if (node.members.empty())
    findings_.error(node.place, "bad_window", "the window does not say when it is open",
                    "write `window: {from: \"09:00\", to: \"20:00\"}`");
  if (window.from_minute == window.to_minute)
    findings_.error(node.place, "bad_window", "the window closes when it opens",
                    "let `to` be another time than `from`; for the whole day leave both out, midnight is \"24:00\"");
  return window;
}

Wait RecipeReader::wait(const Node& node, const std::string& key) {
  const Shape& known = shape("wait_map");
  Wait wait;
  if (node.kind == Node::Kind::scalar) {
    wait.duration_for = duration(node, key);
    return wait;
  }
  if (node.kind == Node::Kind::list) {
    wrong_kind(node, key, "a duration or a map", "write 30m, or {days: 1, at: \"10:00\"}");
    return wait;
  }
  if (!check_map(node, known)) return wait;
  for (const auto& [part, value] : node.members) {
    if (part.text == "for") wait.duration_for = duration(value, "for");
    if (part.text == "days") wait.days = whole(value, *known.find("days"));
    if (part.text == "at") wait.at_minute = minute_of_day(value, "at", false);
    if (part.text == "until") wait.until = condition(value, "until");
    if (part.text == "offset") wait.offset_for = offset(value, "offset").value_or(0);
    if (part.text == "window") wait.window = window(value);
    if (part.text == "timezone" && !(value.kind == Node::Kind::scalar && value.text == "customer"))
      wait.zone = zone(value, "timezone");
    if (part.text == "offset" && node.find("until") == nullptr)
      findings_.error(part.place, "misplaced_key", "`offset` is added to `until`, which is not here",
                      "add `until`, or leave `offset` out");
  }
  check_keys(node, known);
  const auto is_there = [&](const char* part) { return node.find(part) != nullptr; };
  const int ways =
      (is_there("for") ? 1 : 0) + (is_there("days") || is_there("at") ? 1 : 0) + (is_there("until") ? 1 : 0);
  if (ways == 0 && !is_there("window") && !is_there("offset"))
    findings_.error(node.place, "bad_wait", "this `" + key + "` does not say how long",
                    "write one of {for: 30m}, {days: 1, at: \"10:00\"}, {until: 'trigger.date'}, {window: ...}");
  if (ways > 1)
    findings_.error(node.place, "bad_wait", "this `" + key + "` has more than one end",
                    "write one of {for: 30m}, {days: 1, at: \"10:00\"}, {until: 'trigger.date'}");
  return wait;
}

WaitFor RecipeReader::wait_for(const Node& node, const std::string& id) {
  WaitFor wait_for;
  const Node& events = *node.find("wait_for");
  const Node* then_list = node.find("then");
  if (events.kind == Node::Kind::list) {
    const Shape& known = shape("awaited_item");
    std::size_t number = 0;
    for (const Node& item : events.items) {
      ++number;
      if (!check_map(item, known)) continue;
      Awaited awaited{event_match(item, known), nullptr};
      if (const Node* list = item.find("then"))
        awaited.then_steps = block(*list, "then", id + "_event" + std::to_string(number));
      check_keys(item, known);
      wait_for.events.push_back(std::move(awaited));
    }
    if (events.items.empty())
      findings_.error(events.place, "missing_key", "`wait_for` names no event",
                      "write `wait_for: {event: order_created}`");
    if (then_list != nullptr)
      findings_.error(then_list->place, "misplaced_key", "with several events each has its own `then`",
                      "write it with the event: \"- {event: order_created, then: [...]}\"");
  } else if (check_map(events, shape("awaited"))) {
    const Shape& known = shape("awaited");
    Awaited awaited{event_match(events, known), nullptr};
    if (const Node* inside = events.find("then"))
      findings_.error(inside->place, "misplaced_key", "with one event `then` stands beside `wait_for`, not in it",
                      "write it in a line with `timeout`");
    check_keys(events, known, {"then"});
    if (then_list != nullptr) awaited.then_steps = block(*then_list, "then", id);
    wait_for.events.push_back(std::move(awaited));
  }
  if (const Node* timeout = node.find("timeout"))
    wait_for.timeout = wait(*timeout, "timeout"), wait_for.timeout_place = timeout->place;
  else
    findings_.error(node.place, "missing_key", "a `wait_for` needs a `timeout`: the event may never come",
                    "add `timeout: 5h` beside `wait_for`");
  if (const Node* list = node.find("on_timeout")) wait_for.timeout_steps = block(*list, "on_timeout", id);
  return wait_for;
}

}  // namespace ieum::recipe
