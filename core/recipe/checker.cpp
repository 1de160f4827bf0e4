#include "recipe/checker.hpp"

#include "recipe/check_events.hpp"
#include "recipe/check_flow.hpp"
#include "recipe/check_journey.hpp"
#include "recipe/check_names.hpp"
#include "recipe/check_types.hpp"
#include "recipe/check_uses.hpp"
#include "recipe/findings.hpp"

namespace ieum::recipe {

std::vector<Finding> check_recipe(const Recipe& recipe, const Catalog& catalog) {
  Findings findings;
  const StepIndex index(recipe);
  check_events(recipe, index, catalog, findings);
  check_uses(recipe, catalog, findings);
  const auto wrong = check_names(recipe, index, findings);
  check_types(recipe, KnownFields(recipe, index, catalog), catalog, wrong, findings);
  check_flow(recipe, index, catalog, findings);
  check_journey(recipe, catalog, findings);
  return findings.take();
}

}  // namespace ieum::recipe
