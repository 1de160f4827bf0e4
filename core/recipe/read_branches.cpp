// RecipeReader: steps that choose a way: if, switch, split.
#include <algorithm>
#include <set>

#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

std::optional<If> RecipeReader::branch(const Node& node, const std::string& id) {
  auto read = condition(*node.find("if"), "if");
  std::shared_ptr<Steps> then_steps, else_steps;
  if (const Node* list = node.find("then"))
    then_steps = block(*list, "then", id);
  else
    findings_.error(node.place, "missing_key", "an `if` needs `then`", "add `then:` and below it a list of steps");
  if (const Node* list = node.find("else")) else_steps = block(*list, "else", id);
  if (!read || then_steps == nullptr) return {};
  return If{std::move(*read), std::move(then_steps), std::move(else_steps)};
}

Switch RecipeReader::choose(const Node& node, const std::string& id) {
  const Shape& known = shape("case");
  Switch choice;
  const Node& cases = *node.find("switch");
  if (cases.kind != Node::Kind::list) {
    wrong_kind(cases, "switch", "a list of cases", "begin each case with \"- if: '...'\" and give it a `then`");
    return choice;
  }
  const Node* last = nullptr;  // the case with `else`
  for (std::size_t i = 0; i < cases.items.size(); ++i) {
    const Node& item = cases.items[i];
    if (!check_map(item, known)) continue;
    const Node* test = item.find("if");
    const Node* then_list = item.find("then");
    const Node* else_list = item.find("else");
    const std::string case_id = id + "_case" + std::to_string(i + 1);
    if (last != nullptr)
      findings_.error(item.place, "bad_switch", "a case behind `else` is never reached", "move `else` to the end");
    if (else_list != nullptr) {
      last = &item;
      if (test != nullptr || then_list != nullptr)
        findings_.error(item.place, "bad_switch", "a case has `if` and `then`, or `else` alone",
                        "make `else` a case of its own: \"- else: [...]\"");
      else
        choice.else_steps = block(*else_list, "else", id);
    } else if (test == nullptr || then_list == nullptr) {
      findings_.error(item.place, "missing_key", "a case of `switch` needs `if` and `then`",
                      "write it like \"- {if: 'trigger.total > 100', then: [...]}\"");
    }
    if (test != nullptr) {
      auto read = condition(*test, "if");
      auto then_steps = then_list == nullptr ? nullptr : block(*then_list, "then", case_id);
      if (read) choice.cases.push_back({std::move(*read), std::move(then_steps)});
    }
    check_keys(item, known);
  }
  if (cases.items.empty() || (cases.items.size() == 1 && last != nullptr && last->find("if") == nullptr))
    findings_.error(cases.place, "bad_switch", "this `switch` has nothing to choose from",
                    "give it a case: \"- {if: '...', then: [...]}\"");
  return choice;
}

Split RecipeReader::split(const Node& node, const std::string& id) {
  const Shape& known = shape("variant");
  Split split;
  split.experiment = name(*node.find("split"), "split");
  const Node* variants = node.find("variants");
  if (variants == nullptr) {
    findings_.error(node.place, "missing_key", "a `split` needs `variants`",
                    "add `variants:` and below it \"- {id: a, weight: 50, do: [...]}\"");
    return split;
  }
  if (variants->kind != Node::Kind::list) {
    wrong_kind(*variants, "variants", "a list of variants", "begin each with \"- {id: a, weight: 50, do: [...]}\"");
    return split;
  }
  std::set<std::string> seen;
  std::size_t weighted = 0;
  for (const Node& item : variants->items) {
    if (!check_map(item, known)) continue;
    Variant variant;
    if (const Node* given = item.find("id"); given == nullptr)
      findings_.error(item.place, "missing_key", "a variant needs an `id`", "add `id: a`");
    else if (variant.id = name(*given, "id"); !variant.id.empty() && !seen.insert(variant.id).second)
      findings_.error(given->place, "duplicate_id", "two variants have the id " + quoted(variant.id),
                      "choose another id for this variant");
    if (const Node* weight = item.find("weight")) {
      ++weighted;
      variant.weight = whole(*weight, *known.find("weight")).value_or(1);
    }
    if (const Node* list = item.find("do")) variant.steps = block(*list, "do", id + "_" + variant.id);
    check_keys(item, known);
    split.variants.push_back(std::move(variant));
  }
  if (variants->items.size() < 2)
    findings_.error(variants->place, "bad_split", "a split needs at least two variants",
                    "add another one; one without `do` is a control group");
  else if (weighted != 0 && weighted != variants->items.size())
    findings_.error(variants->place, "bad_split", "some variants have a `weight` and some have none",
                    "give each a weight, or none for equal shares");
  return split;
}

}  // namespace ieum::recipe
