#include "recipe/step_tree.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "recipe/grammar.hpp"

namespace ieum::recipe {

namespace {

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string made_id(const std::string& prefix, std::size_t number) {
  std::string id = prefix + std::to_string(number);
  return is_name(id) ? id : "step_" + hex_encode(sha256(id)).substr(0, 16);
}

class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  std::vector<StepBlock> blocks(const Node& map, const Shape& shape, const std::string& id) {
    std::vector<StepBlock> found;
    for (const Member& member : map.members) {
      const Key* key = shape.find(member.key.text);
      if (key == nullptr) continue;
      if (key->takes == Takes::steps && member.value.kind == Node::Kind::list)
        found.push_back(block(map, member, member.key.text, prefix(id, member.key.text)));
      if (member.value.kind != Node::Kind::list) continue;
      if (key->takes == Takes::list) in_items(member.value, key->inner, id, found);
      if (key->takes == Takes::map_or_list) in_items(member.value, key->item, id, found);
    }
    return found;
  }

 private:
  static std::string prefix(const std::string& id, const std::string& key) {
    if (id.empty()) return key == "steps" ? "step" : key;
    return id + "_" + key;
  }

  // Blocks inside the items of a list that is no list of steps: cases, variants, events.
  void in_items(const Node& list, const std::string& shape_name, const std::string& id, std::vector<StepBlock>& found) {
    const Shape& item_shape = shape(shape_name);
    std::size_t number = 0;
    for (const Node& item : list.items) {
      ++number;
      if (item.kind != Node::Kind::map) continue;
      Map own;
      for (const Member& member : item.members)
        if (const Key* key = item_shape.find(member.key.text); key == nullptr || key->takes != Takes::steps)
          own.add(member.key.text, member.key.text == "weight" ? Value() : node_value(member.value));
      for (const Member& member : item.members) {
        const Key* key = item_shape.find(member.key.text);
        if (key == nullptr || key->takes != Takes::steps || member.value.kind != Node::Kind::list) continue;
        const Node* item_id = item.find("id");
        const std::string word = shape_name == "case" ? "case" : shape_name == "variant" ? "variant" : "event";
        const std::string which = item_id != nullptr && !item_id->text.empty() ? item_id->text : std::to_string(number);
        const bool is_else = member.key.text == "else";
        const std::string made_word = shape_name == "variant" ? which : word + std::to_string(number);
        found.push_back(block(item, member, is_else ? "else" : word + " " + which,
                              prefix(is_else ? id : id + "_" + made_word, member.key.text)));
        if (!is_else) found.back().label = word + " " + write_canonical_json(own);
      }
    }
  }

  StepBlock block(const Node& map, const Member& member, std::string name, const std::string& id_prefix) {
    StepBlock block;
    block.label = name;
    block.name = std::move(name);
    block.key = &member;
    block.in_flow = map.begin < text_.size() && text_[map.begin] == '{';
    std::size_t number = 0;
    for (const Node& item : member.value.items) block.steps.push_back(step(item, made_id(id_prefix, ++number)));
    return block;
  }

  StepNode step(const Node& node, std::string id) {
    StepNode step;
    step.id = std::move(id);
    step.node = &node;
    if (node.kind == Node::Kind::scalar && has(verbs(), node.text)) step.verb = node.text;
    if (const Node* given = node.find("id"); given != nullptr && given->kind == Node::Kind::scalar) {
      step.id = given->text;
      step.named = true;
    }
    for (const Member& member : node.members)
      if (step.verb.empty() && has(verbs(), member.key.text)) step.verb = member.key.text;
    if (!step.verb.empty()) step.blocks = blocks(node, shape(step.verb), step.id);
    return step;
  }

  std::string_view text_;
};

void visit_all(const std::vector<StepBlock>& blocks, const StepNode* around, const StepVisitor& visit) {
  for (const StepBlock& block : blocks)
    for (const StepNode& step : block.steps) {
      visit(step, block, around);
      visit_all(step.blocks, &step, visit);
    }
}

}  // namespace

std::vector<StepBlock> step_tree(std::string_view text, const Node& root) {
  if (root.kind != Node::Kind::map) return {};
  return Walk(text).blocks(root, shape("recipe"), "");
}

void each_step(const std::vector<StepBlock>& blocks, const StepVisitor& visit) { visit_all(blocks, nullptr, visit); }

const StepNode* find_step(const std::vector<StepBlock>& blocks, std::string_view id) {
  const StepNode* found = nullptr;
  each_step(blocks, [&](const StepNode& step, const StepBlock&, const StepNode*) {
    if (found == nullptr && step.id == id) found = &step;
  });
  return found;
}

}  // namespace ieum::recipe
