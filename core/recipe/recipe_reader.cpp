#include "recipe/recipe_reader.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "recipe/test_case.hpp"

namespace ieum::recipe {

void RecipeReader::wrong_kind(const Node& node, const std::string& key, const std::string& wanted,
                              const std::string& mend) {
  if (node.kind == Node::Kind::refused) return;
  findings_.error(node.place, "wrong_kind", "`" + key + "` is " + kind_text(node) + ", but takes " + wanted, mend);
}

bool RecipeReader::check_map(const Node& node, const std::string& thing, const Keys& keys) {
  if (node.kind != Node::Kind::map) {
    if (node.kind != Node::Kind::refused)
      findings_.error(node.place, "wrong_kind", thing + " is a map of keys and values, but this is " + kind_text(node),
                      "write `key: value`; known keys are " + joined(keys.known));
    return false;
  }
  return true;
}

// Asked after the known keys were read: an expression that YAML cut at a comma leaves its tail as a key.
void RecipeReader::check_keys(const Node& node, const std::string& thing, const Keys& keys) {
  for (const Member& member : node.members) {
    const std::string& key = member.key.text;
    if (findings_.full()) return;
    if (std::find(keys.known.begin(), keys.known.end(), key) != keys.known.end()) continue;
    if (std::find(keys.later.begin(), keys.later.end(), key) != keys.later.end()) {
      findings_.error(member.key.place, "not_available", "`" + key + "` is not available in this version",
                      "leave it out; known keys of " + thing + " are " + joined(keys.known));
      continue;
    }
    const bool tail = !json_ && member.value.kind == Node::Kind::scalar && member.value.begin == member.value.end &&
                      member.value.text.empty() && findings_.count("unquoted_expression") > 0;
    if (tail) continue;
    findings_.error(member.key.place, "unknown_key", thing + " has no key " + quoted(key),
                    did_you_mean(key, keys.known, "known keys are " + joined(keys.known)));
  }
}

Recipe RecipeReader::recipe(const Node& root) {
  static const Keys kKeys = {
      {"recipe", "title", "timezone", "about", "trigger", "entry", "exit_on", "topic", "on_doubt", "steps", "tests"},
      {"goal", "keep_while", "experiments", "silence", "digest", "throttle"}};
  Recipe recipe;
  if (!check_map(root, "a recipe", kKeys)) return recipe;
  recipe.place = root.place;
  for (const char* needed : {"recipe", "trigger", "steps"})
    if (root.find(needed) == nullptr)
      findings_.error(root.place, "missing_key", "the recipe has no `" + std::string(needed) + "`",
                      std::string(needed) == "recipe"    ? "add `recipe: name-of-it`"
                      : std::string(needed) == "trigger" ? "add `trigger: {event: order_created}`"
                                                         : "add `steps:` and below it a list of steps");
  for (const auto& [key, value] : root.members) {
    if (key.text == "recipe") recipe.name = name(value, "recipe");
    if (key.text == "title") recipe.title = text(value, "title");
    if (key.text == "timezone") recipe.zone = zone(value), recipe.zone_place = value.place;
    if (key.text == "about") recipe.about = about(value), recipe.about_place = key.place;
    if (key.text == "trigger") recipe.trigger = event_match(value, "trigger", true);
    if (key.text == "entry") recipe.entry = entry(value), recipe.entry_place = key.place;
    if (key.text == "exit_on") recipe.exit_on = exits(value);
    if (key.text == "topic") recipe.topic = name(value, "topic");
    if (key.text == "on_doubt") recipe.on_doubt = in_doubt(value);
    if (key.text == "tests") recipe.tests = node_value(value);
  }
  if (const Node* list = root.find("steps")) {
    recipe.steps = steps(*list, "steps", "step");
    if (list->kind == Node::Kind::list && list->items.empty())
      findings_.error(list->place, "no_steps", "the recipe has no steps", "add a step: \"- use: slack.message.post\"");
  }
  if (const Node* tests = root.find("tests")) read_tests(*tests, ids_, findings_);
  if (recipe.title.empty()) recipe.title = recipe.name;
  check_keys(root, "a recipe", kKeys);
  return recipe;
}

std::string RecipeReader::zone(const Node& node) {
  std::string zone = text(node, "timezone");
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  };
  const bool good = std::all_of(zone.begin(), zone.end(), allowed) && !zone.starts_with('/') && zone.size() <= 64;
  if (!zone.empty() && !good)
    findings_.error(node.place, "bad_zone", quoted(zone) + " is no name of a time zone", "write one like Asia/Seoul");
  return zone;
}

EventMatch RecipeReader::event_match(const Node& node, const std::string& thing, bool is_trigger) {
  static const Keys kTrigger = {{"event", "connection", "where"},
                                {"absent", "schedule", "audience", "segment_entered", "any"}};
  static const Keys kExit = {{"event", "connection", "where"}, {"step", "match", "same", "any"}};
  const Keys& keys = is_trigger ? kTrigger : kExit;
  EventMatch match;
  match.place = node.place;
  if (!check_map(node, thing, keys)) return match;
  for (const auto& [key, value] : node.members) {
    if (key.text == "event") match.event = event_name(value), match.place = value.place;
    if (key.text == "connection") match.connection = name(value, "connection");
    if (key.text == "where") match.where = condition(value, "where");
  }
  check_keys(node, thing, keys);
  const bool later = std::any_of(keys.later.begin(), keys.later.end(),
                                 [&](const std::string& key) { return node.find(key) != nullptr; });
  if (node.find("event") == nullptr && !later)
    findings_.error(node.place, "missing_key", "the " + thing + " names no event", "add `event: order_created`");
  return match;
}

std::vector<std::pair<std::string, Condition>> RecipeReader::about(const Node& node) {
  std::vector<std::pair<std::string, Condition>> about;
  if (node.kind != Node::Kind::map) {
    wrong_kind(node, "about", "a map of identities", "write `about: {email: event.email}`");
    return about;
  }
  for (const auto& [key, value] : node.members) {
    if (!is_name(key.text)) {
      if (findings_.count("unquoted_expression") == 0)
        findings_.error(key.place, "bad_name", quoted(key.text) + " is no kind of identity",
                        "use small letters, digits, - and _: email, phone, shopify");
      continue;
    }
    if (auto expression = condition(value, key.text)) about.emplace_back(key.text, std::move(*expression));
  }
  return about;
}

Entry RecipeReader::entry(const Node& node) {
  static const Keys kKeys = {{"mode", "key", "cap"}, {"filters", "gap"}};
  static const Keys kCapKeys = {{"max", "per"}, {}};
  Entry entry;
  if (!check_map(node, "entry", kKeys)) return entry;
  for (const auto& [key, value] : node.members) {
    if (key.text == "mode")
      if (const auto mode = choice(value, "mode", {"once", "after_exit", "always"}))
        entry.mode = static_cast<EntryMode>(*mode);
    if (key.text == "key") entry.key = condition(value, "key");
    if (key.text != "cap" || !check_map(value, "cap", kCapKeys)) continue;
    Cap cap;
    const Node* max = value.find("max");
    const Node* per = value.find("per");
    if (max == nullptr || per == nullptr)
      findings_.error(value.place, "missing_key", "a cap needs `max` and `per`", "write `cap: {max: 1, per: 7d}`");
    if (max != nullptr) cap.max = whole(*max, "max", 1, 1'000'000).value_or(1);
    if (per != nullptr) cap.per = duration(*per, "per").value_or(kDay);
    if (per != nullptr && cap.per == 0)
      findings_.error(per->place, "bad_duration", "`per` is no time at all", "write one like 7d");
    check_keys(value, "cap", kCapKeys);
    entry.cap = cap;
  }
  check_keys(node, "entry", kKeys);
  if (entry.mode == EntryMode::always && node.find("key") == nullptr)
    findings_.error(node.place, "missing_key",
                    "`mode: always` needs a `key`: two live runs of one customer must differ",
                    "add `key: event.order_id`, or write `mode: after_exit`");
  return entry;
}

std::vector<EventMatch> RecipeReader::exits(const Node& node) {
  std::vector<EventMatch> exits;
  if (node.kind != Node::Kind::list) {
    wrong_kind(node, "exit_on", "a list of events", "write `exit_on: [{event: order_created}]`");
    return exits;
  }
  for (const Node& item : node.items) exits.push_back(event_match(item, "exit_on", false));
  return exits;
}

}  // namespace ieum::recipe
