// Recipe judgement: texts that are to be applied together, read and checked against each other and against what is in
// force, and what each would change. Reads; changes nothing. Private to runtime.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "recipe/checker.hpp"
#include "runtime/hub.hpp"
#include "runtime/live.hpp"

namespace ieum::runtime {

struct JudgedRecipe {
  const RecipeText* text = nullptr;
  std::string name;                            // "" when it cannot be read
  recipe::ReadOutcome read;                    // the checker's findings are among its own
  std::shared_ptr<const LiveRecipe> in_force;  // of the same name; null: it is new

  // One line a finding that is an error, each with its line break; "" when it holds.
  [[nodiscard]] std::string errors() const;
};

// In the order of the texts, which outlive the result. Circles are looked for among the texts and the enabled recipes in
// force that none of them replaces; a name that comes twice is an error at the second.
std::vector<JudgedRecipe> judge_together(const std::vector<RecipeText>& texts, const Live& live,
                                         const recipe::Catalog& catalog);

// One entry of Hub::plan_recipes.
Result<Value> plan_of(const JudgedRecipe& recipe, store::Reader& reader);

std::string format_word(recipe::Format format);  // "yaml" | "json"

}  // namespace ieum::runtime
