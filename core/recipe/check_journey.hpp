// Journey: rules about a recipe as a whole: its zones, entry, goal, and an end for those who bought. Pure.
#pragma once
#include "recipe/checker.hpp"
#include "recipe/findings.hpp"

namespace ieum::recipe {

void check_journey(const Recipe& recipe, const Catalog& catalog, Findings& findings);

}  // namespace ieum::recipe
