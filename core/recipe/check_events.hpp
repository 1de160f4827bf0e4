// Events: what a recipe listens for: whether something tells of it, and whether it can find the run it is for. Pure.
#pragma once
#include "recipe/checker.hpp"
#include "recipe/findings.hpp"
#include "recipe/step_index.hpp"

namespace ieum::recipe {

void check_events(const Recipe& recipe, const StepIndex& index, const Catalog& catalog, Findings& findings);

}  // namespace ieum::recipe
