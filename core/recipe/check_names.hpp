// Names in expressions: whether what an expression reads can be there at that place. Needs no catalog. Pure.
//   trigger.where, about, entry.key          event (trigger is the same)
//   exit_on, absent, goal                    event, and trigger of the run
//   history                                  event (one of those that are over), and trigger of the run
//   entry.where                              event, trigger, customer, history, now
//   match                                    event on the left; on the right trigger, in wait_for what a step may ask
//   keep_while                               trigger, customer, history, vars, steps, run, now
//   steps                                    the same; in on_error also error, in loops also loop and the item
//   wait_for.where                           those of its step, and event
#pragma once
#include <set>

#include "recipe/findings.hpp"
#include "recipe/step_index.hpp"

namespace ieum::recipe {

// Gives the expressions in which a name is wrong: of their types nothing need be said.
std::set<const Condition*> check_names(const Recipe& recipe, const StepIndex& index, Findings& findings);

}  // namespace ieum::recipe
