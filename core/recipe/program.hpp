// Program: a recipe flattened for the engine. A list of instructions with jumps; a position is an instruction's id, so
// that a run can be found again after an edit that leaves the ids alone. Immutable, shared by all runs of the version.
//
// The facts that an instruction may ask are listed with it: the roots of its expressions (`trigger`, `vars`, `steps`,
// `customer`, `history`, `run`, `error`, `now`, `loop` and the names of loop items). Asking for another is an assertion failure.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/model.hpp"

namespace ieum::recipe {

struct Instruction {
  // next: the end of a loop's body, the last instruction before what follows the loop. fail: the end of the recipe's on_error, where the run fails after all.
  enum class Kind { use, wait, wait_for, branch, split, for_each, repeat, next, set, stop, jump, fail, end };
  Kind kind = Kind::end;
  std::string id;              // step id; others have made-up ones that no step can have (":end", "step2:next")
  const Step* step = nullptr;  // of all but jump, fail and end
  const Condition* condition = nullptr;  // branch
  std::size_t next = 0;                  // where it goes on; wait_for: after a time-out; loops: the first of the body
  std::size_t otherwise = 0;             // branch: where a false condition goes; loops and next: behind the loop
  std::vector<std::size_t> targets;      // wait_for: where each event goes; split: where each variant goes
  std::size_t on_error = 0;        // where a failure goes: own block, the `next` of a for_each, the recipe's; 0 none
  std::vector<std::size_t> loops;  // heads of the loops around it, outermost first
  std::set<std::string> facts;     // roots that it may ask
  bool leaves_on_error = false;    // jump: the end of an on_error block, where `error` ends
};

struct Program {
  Recipe recipe;                                              // owns the steps that instructions point to
  std::vector<Instruction> code;                              // starts at 0
  [[nodiscard]] std::size_t find(std::string_view id) const;  // code.size() when there is none
};

// Steps lie in the order of the recipe, then an end, then the on_error blocks; each block ends in a jump to what
// follows the failed step. Only `next` leads back. `recipe` is one that the reader gave.
std::shared_ptr<const Program> compile(Recipe recipe);

}  // namespace ieum::recipe
