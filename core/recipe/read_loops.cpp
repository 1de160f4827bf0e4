// RecipeReader: loops, and how often their steps may run together.
#include <algorithm>
#include <array>

#include "base/ids.hpp"
#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

namespace {

constexpr std::array kRoots = {"event", "trigger", "customer", "vars", "steps", "run", "now", "error", "loop"};

}  // namespace

std::optional<ForEach> RecipeReader::for_each(const Node& node, const std::string& id) {
  const Shape& known = shape("for_each");
  auto list = condition(*node.find("for_each"), "for_each");
  std::string as = "item";
  int max = 100;
  bool stop_on_error = false;
  Place max_place = node.place;
  for (const auto& [key, value] : node.members) {
    if (key.text == "as") {
      as = variable(value, "as");
      const bool fixed = std::find(kRoots.begin(), kRoots.end(), as) != kRoots.end();
      // A word of the expression language cannot be asked for.
      const auto parsed = expr::Expression::parse(as);
      const bool taken = fixed || !parsed || parsed->roots() != std::vector<std::string>{as};
      if (taken && is_name(as) && as.find('-') == std::string::npos)
        findings_.error(value.place, "bad_name", quoted(as) + " means something else in expressions",
                        "choose another name for an item, like item or line");
    }
    if (key.text == "max") max = whole(value, *known.find("max")).value_or(1), max_place = value.place;
    if (key.text == "on_item_error")
      if (const auto found = choice(value, "on_item_error", known.find("on_item_error")->choices))
        stop_on_error = *found == 1;
  }
  auto steps = body(node, max_place, max, id);
  if (!list || steps == nullptr) return {};
  return ForEach{std::move(*list), std::move(as), max, stop_on_error, std::move(steps)};
}

Repeat RecipeReader::repeat(const Node& node, const std::string& id) {
  const Shape& known = shape("passes");
  Repeat loop;
  const Node& passes = *node.find("repeat");
  Place max_place = passes.place;
  if (passes.kind == Node::Kind::scalar) {
    wrong_kind(passes, "repeat", "a map", "write `repeat: {max: 5, every: 48h}`");
  } else if (check_map(passes, known)) {
    for (const auto& [key, value] : passes.members) {
      if (key.text == "max") loop.max = whole(value, *known.find("max")).value_or(1), max_place = value.place;
      if (key.text == "every") loop.every_for = some_time(value, "every", "48h, or leave it out").value_or(0);
      if (key.text == "until") loop.until = condition(value, "until");
    }
    if (passes.find("max") == nullptr)
      findings_.error(passes.place, "missing_key", "a `repeat` needs `max`: nothing runs forever",
                      "add `max: 10`, from 1 to " + std::to_string(known.find("max")->highest));
    check_keys(passes, known);
  }
  loop.body = body(node, max_place, loop.max, id);
  if (loop.body == nullptr) loop.body = std::make_shared<Steps>();
  return loop;
}

// The steps of one pass. A product of `max` that is too large is said once, at the loop that makes it so.
std::shared_ptr<Steps> RecipeReader::body(const Node& node, Place max_place, int max, const std::string& id) {
  const Node* list = node.find("do");
  if (list == nullptr) {
    findings_.error(node.place, "missing_key", "a loop needs `do`", "add `do:` and below it a list of steps");
    return nullptr;
  }
  std::int64_t outside = 1;
  for (const int around : loops_) outside *= around;
  loops_.push_back(max);
  if (loops_.size() > kLoopDepthMax) {
    if (loops_.size() == kLoopDepthMax + 1)
      findings_.error(
          node.place, "loops_too_deep", "this is a loop in a loop in a loop in a loop",
          "at most " + std::to_string(kLoopDepthMax) + " loops lie inside each other: make a recipe of the inner one");
  } else if (outside * max > kLoopPassesMax && outside <= kLoopPassesMax) {
    findings_.error(
        max_place, "too_many_passes", "these loops together could take " + std::to_string(outside * max) + " passes",
        "at most " + std::to_string(kLoopPassesMax) + " are allowed: lower `max` here or in the loop around it");
  }
  auto steps = block(*list, "do", id);
  loops_.pop_back();
  return steps;
}

}  // namespace ieum::recipe
