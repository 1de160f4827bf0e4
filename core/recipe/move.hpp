// Move: whether a run that stands at a step of one version may go on in another. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "recipe/program.hpp"

namespace ieum::recipe {

struct MoveVerdict {
  bool can = false;
  std::string reason;  // why not, one sentence without a full stop; "" when it can
};

// at: the instruction's id, as the run keeps it. It can when the new version has that step, of the same sort (and, for
// `use`, of the same operation and connection; for `wait_for`, of the same events), inside the same loops; and when what
// follows there reads no step and no variable that the run cannot have. A made-up id is a place and no name: it holds
// only while everything before it is laid out as it was. No step that may have been done comes again, and no pass of a
// loop is counted otherwise: their keys would be taken for those of the earlier visit.
MoveVerdict can_move(const Program& before, const Program& after, std::string_view at);

// Ids of steps that `before` has and `after` has not, in the order of `before`.
std::vector<std::string> steps_gone(const Program& before, const Program& after);

}  // namespace ieum::recipe
