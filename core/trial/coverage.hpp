// Coverage: which steps of a recipe its tests reached, and which branches they took. A step is any that the author wrote; a
// branch is a way out of `if`, `switch`, `wait_for`, `split` and of a failure into on_error. One thread.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "recipe/program.hpp"

namespace ieum::trial {

class Coverage {
 public:
  struct Item {
    std::string step;    // id
    std::string branch;  // "" for the step itself; "then", "else", "case 2", "time-out", "event 1", "a", "on_error"
    int line = 0;
    bool covered = false;
  };
  explicit Coverage(std::shared_ptr<const recipe::Program> program) : program_(std::move(program)) {}

  // What the hub tells of its own program of the same recipe: positions are equal.
  void note(const recipe::Instruction& from, std::size_t to);
  // In order of the recipe.
  [[nodiscard]] std::vector<Item> items() const;

 private:
  std::shared_ptr<const recipe::Program> program_;
  std::set<std::string> reached_;                        // instruction ids
  std::set<std::pair<std::string, std::size_t>> taken_;  // instruction id, position where it went on
};

}  // namespace ieum::trial
