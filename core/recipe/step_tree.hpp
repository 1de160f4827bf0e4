// Step tree: where the steps lie in a Document, block by block, each under the id that the reader gives it. For what
// works on the text of a recipe: edit and diff. Points into the Document, which outlives it; asks only for the shape
// (recipe/grammar.hpp), so a recipe that the reader refuses has one too.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/document.hpp"

namespace ieum::recipe {

struct StepBlock;

struct StepNode {
  std::string id;      // given, or made from its path
  bool named = false;  // the author gave the id
  std::string verb;    // "use", "wait" ...; "" when it has none that is known
  const Node* node = nullptr;
  std::vector<StepBlock> blocks;  // in the order of the text
};

// A list of steps: of the recipe ("steps", "on_error"), or inside a step: "then", "else", "do", "on_error",
// "on_timeout"; those of a list are named with it: "event 2", "case 1", "variant a".
struct StepBlock {
  std::string name;
  std::string label;            // what tells it from its neighbours when their order changes
  const Member* key = nullptr;  // the key that holds it, and the list
  bool in_flow = false;         // the key stands inside { }
  std::vector<StepNode> steps;
};

// The recipe's blocks. `text` is what the document was read from.
std::vector<StepBlock> step_tree(std::string_view text, const Node& root);

// Every step in order of the text, with the block it lies in and the step around it (null: the recipe).
using StepVisitor = std::function<void(const StepNode& step, const StepBlock& block, const StepNode* around)>;
void each_step(const std::vector<StepBlock>& blocks, const StepVisitor& visit);

// Null when there is none.
const StepNode* find_step(const std::vector<StepBlock>& blocks, std::string_view id);

}  // namespace ieum::recipe
