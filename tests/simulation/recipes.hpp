// Recipes of a simulated world, drawn by chance: every kind of step, entry and end, and what is known about each beforehand.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "simulation/dice.hpp"

namespace ieum::sim {

struct DrawnRecipe {
  std::string name, source;
  std::string connector, topic;  // of the trigger; "" of a schedule
  std::string connection;        // only events of this one; "" any
  int modulo = 1, rest = 0;      // events whose n leaves this rest begin a run
  bool exact = false;            // every such event begins one run, whatever else goes on
  bool scheduled = false;
  std::set<std::string> repeats;  // steps that may be sent twice when in doubt
};

// `edition` changes what an edit of the recipe would: the same steps and one more.
DrawnRecipe draw_recipe(Dice& dice, int number);
// The recipe with one more step at its end.
std::string edited(const DrawnRecipe& recipe, int edition);

}  // namespace ieum::sim
