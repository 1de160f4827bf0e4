// RecipeReader: the recipe's head, and what is said of unknown keys.
#include "recipe/recipe_reader.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "recipe/test_case.hpp"

namespace ieum::recipe {

namespace {

bool has(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The map that a key belongs to, when it is not this one: first among the maps inside.
const Shape* owner(const Shape& here, std::string_view key) {
  if (key == "id") return nullptr;
  for (const Key& own : here.keys)
    if (!own.inner.empty() && shape(own.inner).find(key) != nullptr) return &shape(own.inner);
  for (const Shape& other : shapes())
    if (other.find(key) != nullptr) return &other;
  return nullptr;
}

}  // namespace

const Key* RecipeReader::meant_steps(const Node& node, const Shape& shape, std::string_view key) {
  if (key != "steps" && key != "then" && key != "do") return nullptr;
  for (const Key& own : shape.keys)
    if (own.takes == Takes::steps && node.find(own.name) == nullptr && own.name != "else" && own.name != "on_error")
      return &own;
  return nullptr;
}

void RecipeReader::wrong_kind(const Node& node, const std::string& key, const std::string& wanted,
                              const std::string& mend) {
  if (node.kind == Node::Kind::refused) return;
  findings_.error(node.place, "wrong_kind", "`" + key + "` is " + kind_text(node) + ", but takes " + wanted, mend);
}

bool RecipeReader::check_map(const Node& node, const Shape& shape) {
  if (node.kind == Node::Kind::map) return true;
  if (node.kind != Node::Kind::refused)
    findings_.error(node.place, "wrong_kind",
                    shape.thing + " is a map of keys and values, but this is " + kind_text(node),
                    shape.find("event") != nullptr && node.kind == Node::Kind::scalar
                        ? "write {event: order_created}; known keys are " + joined(shape.names())
                        : "write `key: value`; known keys are " + joined(shape.names()));
  return false;
}

bool RecipeReader::is_tail(const Member& member) const {
  return !json_ && member.value.kind == Node::Kind::scalar && member.value.begin == member.value.end &&
         member.value.text.empty() && findings_.count("unquoted_expression") > 0;
}

// Asked after the known keys were read: an expression that YAML cut at a comma leaves its tail as a key.
void RecipeReader::check_keys(const Node& node, const Shape& shape, const std::vector<std::string>& said) {
  for (const Member& member : node.members) {
    const std::string& key = member.key.text;
    if (findings_.full()) return;
    if (shape.find(key) != nullptr || has(said, key)) continue;
    const std::string known = "known keys of " + shape.thing + " are " + joined(shape.names());
    if (has(shape.later, key)) {
      findings_.error(member.key.place, "not_available", "`" + key + "` is not available in this version",
                      "leave it out; " + known);
      continue;
    }
    if (is_tail(member)) continue;
    if (const Key* meant = meant_steps(node, shape, key)) {
      findings_.error(member.key.place, "unknown_key", shape.thing + " has no key " + quoted(key),
                      "did you mean " + quoted(meant->name) + "?");
      continue;
    }
    if (const Shape* other = owner(shape, key)) {
      findings_.error(member.key.place, "misplaced_key",
                      "`" + key + "` belongs to " + other->thing + ", not to " + shape.thing,
                      "move it there, or check its indentation");
      continue;
    }
    findings_.error(member.key.place, "unknown_key", shape.thing + " has no key " + quoted(key),
                    did_you_mean(key, shape.names(), "known keys are " + joined(shape.names())));
  }
}

Recipe RecipeReader::recipe(const Node& root) {
  Recipe recipe;
  const Shape& known = shape("recipe");
  if (!check_map(root, known)) return recipe;
  recipe.place = root.place;
  for (const char* needed : {"recipe", "trigger", "steps"})
    if (root.find(needed) == nullptr)
      findings_.error(root.place, "missing_key", "the recipe has no `" + std::string(needed) + "`",
                      std::string(needed) == "recipe"    ? "add `recipe: name-of-it`"
                      : std::string(needed) == "trigger" ? "add `trigger: {event: order_created}`"
                                                         : "add `steps:` and below it a list of steps");
  head(root, recipe);
  if (const Node* list = root.find("steps")) {
    recipe.steps = steps(*list, "steps", "step");
    if (list->kind == Node::Kind::list && list->items.empty())
      findings_.error(list->place, "no_steps", "the recipe has no steps", "add a step: \"- use: slack.message.post\"");
  }
  if (const Node* list = root.find("on_error"))
    recipe.on_error = std::make_shared<Steps>(steps(*list, "on_error", "on_error"));
  if (const Node* tests = root.find("tests")) read_tests(*tests, ids_, findings_);
  if (recipe.title.empty()) recipe.title = recipe.name;
  if (recipe.schedule) check_schedule(root, recipe);
  check_keys(root, known);
  return recipe;
}

void RecipeReader::head(const Node& root, Recipe& recipe) {
  for (const auto& [key, value] : root.members) {
    if (key.text == "recipe") recipe.name = name(value, "recipe");
    if (key.text == "title") recipe.title = text(value, "title");
    if (key.text == "timezone") recipe.zone = zone(value, "timezone"), recipe.zone_place = value.place;
    if (key.text == "about") recipe.about = about(value), recipe.about_place = key.place;
    if (key.text == "search") recipe.search = search(value), recipe.search_place = key.place;
    if (key.text == "trigger") trigger(value, recipe);
    if (key.text == "history") recipe.history = history(value);
    if (key.text == "entry") recipe.entry = entry(value), recipe.entry_place = key.place;
    if (key.text == "keep_while") recipe.keep_while = condition(value, "keep_while");
    if (key.text == "exit_on") recipe.exit_on = exits(value);
    if (key.text == "goal") recipe.goal = goal(value);
    if (key.text == "retry") default_retry_ = retry(value);
    if (key.text == "topic") recipe.topic = name(value, "topic");
    if (key.text == "on_doubt") recipe.on_doubt = in_doubt(value);
    if (key.text == "tests") recipe.tests = node_value(value);
  }
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

std::vector<std::pair<std::string, Condition>> RecipeReader::search(const Node& node) {
  constexpr std::size_t kNamesMax = 8;
  std::vector<std::pair<std::string, Condition>> search;
  if (node.kind != Node::Kind::map) {
    wrong_kind(node, "search", "a map of names", "write `search: {order: 'event.order_number'}`");
    return search;
  }
  if (node.members.size() > kNamesMax)
    findings_.error(node.place, "too_many", "`search` has at most 8 names", "keep those that people look for");
  for (const auto& [key, value] : node.members) {
    if (!is_name(key.text)) {
      if (findings_.count("unquoted_expression") == 0)
        findings_.error(key.place, "bad_name", quoted(key.text) + " is no name to search by",
                        "use small letters, digits, - and _: order, booking");
      continue;
    }
    if (auto expression = condition(value, key.text)) search.emplace_back(key.text, std::move(*expression));
  }
  return search;
}

Entry RecipeReader::entry(const Node& node) {
  const Shape& known = shape("entry");
  Entry entry;
  if (!check_map(node, known)) return entry;
  for (const auto& [key, value] : node.members) {
    if (key.text == "mode")
      if (const auto mode = choice(value, "mode", known.find("mode")->choices))
        entry.mode = static_cast<EntryMode>(*mode);
    if (key.text == "key") entry.key = condition(value, "key");
    if (key.text == "where") entry.where = condition(value, "where");
    if (key.text == "cap" && check_map(value, shape("cap"))) entry.cap = cap(value);
  }
  check_keys(node, known);
  if (entry.mode == EntryMode::always && node.find("key") == nullptr)
    findings_.error(node.place, "missing_key",
                    "`mode: always` needs a `key`: two live runs of one customer must differ",
                    "add `key: event.order_id`, or write `mode: after_exit`");
  return entry;
}

Cap RecipeReader::cap(const Node& node) {
  const Shape& known = shape("cap");
  Cap cap;
  const Node* max = node.find("max");
  const Node* per = node.find("per");
  if (max == nullptr || per == nullptr)
    findings_.error(node.place, "missing_key", "a cap needs `max` and `per`", "write `cap: {max: 1, per: 7d}`");
  if (max != nullptr) cap.max = whole(*max, *known.find("max")).value_or(1);
  if (per != nullptr) cap.per = some_time(*per, "per", "7d").value_or(kDay);
  check_keys(node, known);
  return cap;
}

}  // namespace ieum::recipe
