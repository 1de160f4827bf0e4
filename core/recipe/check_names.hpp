// Names in expressions: whether what an expression reads can be there at that place. Needs no catalog. Pure.
//   trigger.where, about, entry.key   event (trigger is the same)
//   exit_on.where                     event, and trigger of the run
//   steps                             trigger, customer, vars, steps, run, now; in on_error also error
#pragma once
#include "recipe/findings.hpp"
#include "recipe/model.hpp"

namespace ieum::recipe {

void check_names(const Recipe& recipe, Findings& findings);

}  // namespace ieum::recipe
