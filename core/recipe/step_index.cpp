#include "recipe/step_index.hpp"

#include <algorithm>
#include <array>

namespace ieum::recipe {

StepIndex::StepIndex(const Recipe& recipe) {
  std::vector<const Step*> loops;
  add(recipe.steps, loops);
  if (recipe.on_error != nullptr) add(*recipe.on_error, loops);
}

void StepIndex::add(const Steps& steps, std::vector<const Step*>& loops) {
  for (const Step& step : steps) {
    entries_.emplace(step.id, Entry{&step, entries_.size(), loops});
    for (const Block& block : blocks_of(step)) {
      const bool body = block.way == Block::Way::body;
      if (body) loops.push_back(&step);
      add(*block.steps, loops);
      if (body) loops.pop_back();
    }
  }
}

const StepIndex::Entry* StepIndex::find(const std::string& id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

StepIndex::Sight StepIndex::see(const std::string& id, const Asked& from) const {
  const Entry* entry = find(id);
  if (entry == nullptr) return Sight::unknown;
  auto around = from.loops;
  if (std::find(around.begin(), around.end(), entry->step) != around.end()) return Sight::unfinished;
  // `until` of a repeat is asked between two passes, and sees what the last one left.
  if (from.seat == Seat::until_done) around.push_back(from.step);
  const bool inside =
      entry->loops.size() <= around.size() && std::equal(entry->loops.begin(), entry->loops.end(), around.begin());
  if (from.step != nullptr && in_step(from.seat)) {
    const bool own_body = from.seat == Seat::until_done && inside && entry->loops.size() == around.size();
    if (!own_body && entry->number >= find(from.step->id)->number) return Sight::later;
  }
  return inside ? Sight::visible : Sight::hidden;
}

std::vector<std::string> StepIndex::ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, entry] : entries_) ids.push_back(id);
  return ids;
}

std::string verb_of(const Step& step) {
  static constexpr std::array kVerbs = {"use",      "wait",   "wait_for", "if",  "switch",
                                        "for_each", "repeat", "split",    "set", "stop"};
  static_assert(kVerbs.size() == std::variant_size_v<decltype(step.verb)>);
  return kVerbs[step.verb.index()];
}

const std::vector<std::string>& members_of(const Step& step) {
  static const std::vector<std::string> kUse = {"status", "output", "error"};
  static const std::vector<std::string> kWaitFor = {"status", "timed_out", "event", "name", "matched"};
  static const std::vector<std::string> kForEach = {"status", "count", "done", "failed", "results", "error"};
  static const std::vector<std::string> kRepeat = {"status", "passes", "until", "error"};
  static const std::vector<std::string> kSplit = {"status", "variant"};
  static const std::vector<std::string> kNone;
  if (std::holds_alternative<Use>(step.verb)) return kUse;
  if (std::holds_alternative<WaitFor>(step.verb)) return kWaitFor;
  if (std::holds_alternative<ForEach>(step.verb)) return kForEach;
  if (std::holds_alternative<Repeat>(step.verb)) return kRepeat;
  return std::holds_alternative<Split>(step.verb) ? kSplit : kNone;
}

}  // namespace ieum::recipe
