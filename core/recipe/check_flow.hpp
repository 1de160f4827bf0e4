// Flow: what surely happened before a step, over every way that leads to it. Tells steps that are never reached, results
// and variables that only some ways produce, and loops without a pause. Pure.
#pragma once
#include "recipe/checker.hpp"
#include "recipe/findings.hpp"
#include "recipe/step_index.hpp"

namespace ieum::recipe {

void check_flow(const Recipe& recipe, const StepIndex& index, const Catalog& catalog, Findings& findings);

}  // namespace ieum::recipe
