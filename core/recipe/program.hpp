// Program: a recipe flattened for the engine. A list of instructions with jumps; a position is an instruction's id, so
// that a run can be found again after an edit that leaves the ids alone. Immutable, shared by all runs of the version.
//
// The facts that an instruction may ask are listed with it: the roots of its expressions (`trigger`, `vars`, `steps`,
// `customer`, `run`, `error`, `now`). Asking for another is an assertion failure.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/model.hpp"

namespace ieum::recipe {

struct Instruction {
  enum class Kind { use, wait, branch, set, stop, jump, end };
  Kind kind = Kind::end;
  std::string id;                // step id; jump and end have made-up ones that no step can have (":end", "step2:end")
  const Step* step = nullptr;    // use, wait, branch, set, stop
  std::size_t next = 0;          // where it goes on
  std::size_t otherwise = 0;     // branch: where a false condition goes; use: where on_error starts, 0 has none
  std::set<std::string> facts;   // roots that it may ask
  bool leaves_on_error = false;  // jump: the end of an on_error block, where `error` ends
};

struct Program {
  Recipe recipe;                                              // owns the steps that instructions point to
  std::vector<Instruction> code;                              // starts at 0
  [[nodiscard]] std::size_t find(std::string_view id) const;  // code.size() when there is none
};

// Steps lie in the order of the recipe, then an end, then the on_error blocks; each block ends in a jump to what
// follows the failed step. Jumps but these lead forward, so the code has no loop. `recipe` is one that the reader gave.
std::shared_ptr<const Program> compile(Recipe recipe);

}  // namespace ieum::recipe
