#include "recipe/diff.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "base/json.hpp"
#include "recipe/diff_parts.hpp"
#include "recipe/findings.hpp"
#include "recipe/grammar.hpp"

namespace ieum::recipe {

namespace {

struct Located {
  const StepNode* step = nullptr;
  const StepBlock* block = nullptr;
  const StepNode* around = nullptr;
  std::size_t index = 0;  // in its block
  std::size_t pair = kNone;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
};

// All steps of one side, in order of the text.
struct Side {
  explicit Side(const std::vector<StepBlock>& roots) : blocks(roots) {
    each_step(blocks, [&](const StepNode& step, const StepBlock& block, const StepNode* around) {
      of[&step] = all.size();
      all.push_back({&step, &block, around, static_cast<std::size_t>(&step - block.steps.data())});
    });
  }
  Located& at(const StepNode& step) { return all[of.at(&step)]; }

  const std::vector<StepBlock>& blocks;
  std::vector<Located> all;
  std::map<const StepNode*, std::size_t> of;
};

class Comparison {
 public:
  Comparison(const std::vector<StepBlock>& before, const std::vector<StepBlock>& after)
      : before_(before), after_(after) {}

  void compare(RecipeDiff& diff) {
    match_named();
    match_blocks(before_.blocks, after_.blocks);
    while (!work_.empty()) {
      const auto [before, after] = work_.front();
      work_.pop_front();
      match_blocks(before->blocks, after->blocks);
    }
    find_moves();
    for (const Located& step : before_.all) diff.ids_before.push_back(step.step->id);
    for (const Located& step : after_.all) {
      diff.ids_after.push_back(step.step->id);
      tell(step, diff);
    }
    for (const Located& step : before_.all)
      if (step.pair == Located::kNone)
        diff.changes.push_back({Change::Kind::removed, step.step->id, step_text(*step.step), spot(step), "", {}});
  }

 private:
  void pair(const StepNode& before, const StepNode& after) {
    before_.at(before).pair = after_.of.at(&after);
    after_.at(after).pair = before_.of.at(&before);
    work_.emplace_back(&before, &after);
  }
  bool is_free(const StepNode& step, Side& side) { return side.at(step).pair == Located::kNone; }

  void match_named() {
    std::map<std::string_view, const StepNode*> ids;
    for (const Located& step : before_.all)
      if (step.step->named) ids.emplace(step.step->id, step.step);
    for (const Located& step : after_.all) {
      const auto found = step.step->named ? ids.find(step.step->id) : ids.end();
      if (found != ids.end() && is_free(*found->second, before_)) pair(*found->second, *step.step);
    }
  }

  // Blocks of one owner in both versions: by label, then by name.
  void match_blocks(const std::vector<StepBlock>& before, const std::vector<StepBlock>& after) {
    std::vector<const StepBlock*> left;
    left.reserve(before.size());
    for (const StepBlock& block : before) left.push_back(&block);
    std::vector<const StepBlock*> waiting;
    const auto take = [&](const StepBlock& block, const auto& same) {
      const auto found = std::find_if(left.begin(), left.end(), same);
      if (found == left.end()) return false;
      block_of_[&block] = *found;
      match_steps(**found, block);
      left.erase(found);
      return true;
    };
    for (const StepBlock& block : after)
      if (!take(block, [&](const StepBlock* other) { return other->label == block.label; })) waiting.push_back(&block);
    for (const StepBlock* block : waiting)
      take(*block, [&](const StepBlock* other) { return other->name == block->name; });
  }

  // Steps without an id of their own: those that are equal first, then, in order, those of the same verb.
  void match_steps(const StepBlock& before, const StepBlock& after) {
    std::map<std::string, std::deque<const StepNode*>> equal, alike;
    for (const StepNode& step : before.steps)
      if (is_free(step, before_)) equal[content_text(step)].push_back(&step);
    for (const StepNode& step : after.steps) {
      if (!is_free(step, after_)) continue;
      auto& found = equal[content_text(step)];
      const auto fits = std::find_if(found.begin(), found.end(),
                                     [&](const StepNode* other) { return !(other->named && step.named); });
      if (fits == found.end()) continue;
      pair(**fits, step);
      found.erase(fits);
    }
    for (const StepNode& step : before.steps)
      if (is_free(step, before_) && !step.named) alike[step.verb].push_back(&step);
    for (const StepNode& step : after.steps) {
      if (!is_free(step, after_) || step.named || alike[step.verb].empty()) continue;
      pair(*alike[step.verb].front(), step);
      alike[step.verb].pop_front();
    }
  }

  // Of the pairs that stayed in their block the longest run in the old order stands still; the others moved.
  void find_moves() {
    std::map<const StepBlock*, std::vector<const Located*>> stayed;
    for (const Located& step : after_.all) {
      if (step.pair == Located::kNone) continue;
      const auto block = block_of_.find(step.block);
      if (block != block_of_.end() && block->second == before_.all[step.pair].block)
        stayed[step.block].push_back(&step);
      else
        moved_.insert(step.step);
    }
    for (const auto& [block, steps] : stayed) {
      std::vector<std::size_t> order;
      for (const Located* step : steps) order.push_back(before_.all[step->pair].index);
      const std::vector<bool> still = longest_rising(order);
      for (std::size_t i = 0; i < steps.size(); ++i)
        if (!still[i]) moved_.insert(steps[i]->step);
    }
  }

  static std::string spot(const Located& step) {
    std::string text = step.block->name;
    if (step.around != nullptr) text += " of " + step.around->id;
    return text + (step.index == 0 ? ", first" : ", behind " + step.block->steps[step.index - 1].id);
  }

  void tell(const Located& step, RecipeDiff& diff) const {
    const StepNode& now = *step.step;
    if (step.pair == Located::kNone) {
      diff.changes.push_back({Change::Kind::added, now.id, step_text(now), "", spot(step), {}});
      return;
    }
    const Located& old = before_.all[step.pair];
    if (old.step->id != now.id) diff.renamed.emplace_back(old.step->id, now.id);
    if (moved_.contains(&now))
      diff.changes.push_back({Change::Kind::moved, now.id, step_text(now), spot(old), spot(step), {}});
    std::vector<KeyChange> keys;
    compare_values("", own_value(*old.step), own_value(now), keys);
    if (!keys.empty())
      diff.changes.push_back({Change::Kind::changed, now.id, step_text(now), spot(old), spot(step), std::move(keys)});
  }

  Side before_, after_;
  std::deque<std::pair<const StepNode*, const StepNode*>> work_;  // pairs whose blocks are still to be matched
  std::map<const StepBlock*, const StepBlock*> block_of_;         // after -> before
  std::set<const StepNode*> moved_;                               // after
};

void compare_tests(const Node* before, const Node* after, RecipeDiff& diff) {
  const auto named = [](const Node* list) {
    std::vector<std::pair<std::string, Value>> tests;
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const Node* name = list->items[i].find("name");
      tests.emplace_back(name != nullptr ? name->text : "number " + std::to_string(i + 1), node_value(list->items[i]));
    }
    return tests;
  };
  auto old = named(before);
  const auto tell = [&](std::string name, std::optional<Value> was, std::optional<Value> is) {
    diff.changes.push_back({Change::Kind::test, "", "", "", "", {{std::move(name), std::move(was), std::move(is)}}});
  };
  for (auto& [name, value] : named(after)) {
    const auto found =
        std::find_if(old.begin(), old.end(), [&, &name = name](const auto& test) { return test.first == name; });
    if (found == old.end()) {
      tell(name, {}, value);
    } else {
      if (!same_value(found->second, value)) tell(name, found->second, value);
      old.erase(found);
    }
  }
  for (auto& [name, value] : old) tell(name, value, {});
}

void compare_headers(const Node& before, const Node& after, RecipeDiff& diff) {
  const auto header = [](const Node& root) {
    Map map;
    for (const Member& member : root.members) {
      const Key* key = shape("recipe").find(member.key.text);
      const bool other = key != nullptr && ((key->takes == Takes::steps && member.value.kind == Node::Kind::list) ||
                                            (key->takes == Takes::tests && member.value.kind == Node::Kind::list));
      if (!other) map.add(member.key.text, node_value(member.value));
    }
    return map;
  };
  std::vector<KeyChange> keys;
  compare_values("", header(before), header(after), keys);
  for (KeyChange& key : keys) diff.changes.push_back({Change::Kind::header, "", "", "", "", {std::move(key)}});
}

Result<Node> document(std::string_view text, Format format, const char* which) {
  Findings findings;
  const bool json = format == Format::json;
  std::optional<Node> root;
  if (check_text(text, json, findings)) root = json ? parse_json_document(text, findings) : parse_yaml(text, findings);
  if (root && !findings.has_error() && root->kind == Node::Kind::map) return std::move(*root);
  const std::vector<Finding> found = findings.take();
  if (found.empty())
    return Error("unreadable_recipe", "the " + std::string(which) + " text is no recipe", "a recipe is a map of keys");
  return Error("unreadable_recipe", "the " + std::string(which) + " text cannot be read: " + found[0].what,
               found[0].mend, std::to_string(found[0].place.line) + ":" + std::to_string(found[0].place.column));
}

}  // namespace

std::vector<std::string> RecipeDiff::gone() const {
  const std::set<std::string_view> now(ids_after.begin(), ids_after.end());
  std::vector<std::string> ids;
  for (const std::string& id : ids_before)
    if (!now.contains(id)) ids.push_back(id);
  return ids;
}

Result<RecipeDiff> diff_recipes(std::string_view before, Format before_format, std::string_view after,
                                Format after_format) {
  IEUM_TRY(const Node old_root, document(before, before_format, "old"));
  IEUM_TRY(const Node new_root, document(after, after_format, "new"));
  RecipeDiff diff;
  compare_headers(old_root, new_root, diff);
  compare_tests(old_root.find("tests"), new_root.find("tests"), diff);
  const std::vector<StepBlock> old_blocks = step_tree(before, old_root), new_blocks = step_tree(after, new_root);
  Comparison(old_blocks, new_blocks).compare(diff);
  return diff;
}

}  // namespace ieum::recipe
