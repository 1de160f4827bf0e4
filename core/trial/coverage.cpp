#include "trial/coverage.hpp"

#include <algorithm>

namespace ieum::trial {

using recipe::Instruction;

void Coverage::note(const Instruction& from, std::size_t to) {
  reached_.insert(from.id);
  taken_.emplace(from.id, to);
}

std::vector<Coverage::Item> Coverage::items() const {
  std::vector<Item> items;
  const auto branch = [&](const Instruction& from, std::string name, std::size_t to) {
    items.push_back({from.step->id, std::move(name), from.step->place.line, taken_.contains({from.id, to})});
  };
  for (const auto& instruction : program_->code) {
    const auto* step = instruction.step;
    if (step == nullptr || instruction.kind == Instruction::Kind::next) continue;
    const bool first = instruction.id == step->id;
    if (first) items.push_back({step->id, "", step->place.line, reached_.contains(instruction.id)});
    if (instruction.kind == Instruction::Kind::branch) {
      const auto* cases = std::get_if<recipe::Switch>(&step->verb);
      const std::size_t number = first || cases == nullptr ? 1 : std::stoul(instruction.id.substr(step->id.size() + 5));
      branch(instruction, cases == nullptr ? "then" : "case " + std::to_string(number), instruction.next);
      if (cases == nullptr || number == cases->cases.size()) branch(instruction, "else", instruction.otherwise);
    }
    if (instruction.kind == Instruction::Kind::wait_for) {
      for (std::size_t i = 0; i < instruction.targets.size(); ++i)
        branch(instruction, "event " + std::to_string(i + 1), instruction.targets[i]);
      branch(instruction, "time-out", instruction.next);
    }
    if (const auto* split = std::get_if<recipe::Split>(&step->verb)) {
      for (std::size_t i = 0; i < instruction.targets.size() && i < split->variants.size(); ++i)
        branch(instruction, split->variants[i].id, instruction.targets[i]);
    }
    if (const auto* use = std::get_if<recipe::Use>(&step->verb); use != nullptr && use->on_error != nullptr)
      branch(instruction, "on_error", instruction.on_error);
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.line < b.line; });
  return items;
}

}  // namespace ieum::trial
