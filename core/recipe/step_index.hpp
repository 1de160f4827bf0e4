// Step index: which steps a recipe has, in which order, inside which loops; and whether one may be asked for from a
// place. Pure; points into the recipe.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "recipe/walk.hpp"

namespace ieum::recipe {

class StepIndex {
 public:
  struct Entry {
    const Step* step = nullptr;
    std::size_t number = 0;          // in the order of the recipe
    std::vector<const Step*> loops;  // around it, outermost first
  };
  // later: it comes after the place, or is the place itself. unfinished: a loop that the place is in. hidden: it is
  // inside a loop that the place is outside of.
  enum class Sight { visible, unknown, later, unfinished, hidden };

  explicit StepIndex(const Recipe& recipe);
  [[nodiscard]] const Entry* find(const std::string& id) const;
  [[nodiscard]] Sight see(const std::string& id, const Asked& from) const;
  [[nodiscard]] std::vector<std::string> ids() const;

 private:
  void add(const Steps& steps, std::vector<const Step*>& loops);
  std::map<std::string, Entry> entries_;
};

// "wait_for": the key that a step is known by.
std::string verb_of(const Step& step);
// Members of `steps.<id>` by verb; empty when the verb leaves nothing behind.
const std::vector<std::string>& members_of(const Step& step);

}  // namespace ieum::recipe
