#include "runtime/context.hpp"

namespace ieum::runtime {
namespace {
constexpr std::size_t kOlderMax = 256;  // older versions kept compiled
}  // namespace

Result<std::shared_ptr<const recipe::Program>> Context::program(Id recipe, Id version) {
  const auto current = live();
  if (auto found = current->recipes_by_id.find(recipe);
      found != current->recipes_by_id.end() && found->second->row.current_version == version) {
    return found->second->program;
  }
  if (auto found = older_.find(version); found != older_.end()) return found->second;
  IEUM_TRY(auto row, reader->recipe_version(version));
  if (!row) return Error("recipe_version_lost", "the recipe version of this run is not in the store");
  IEUM_TRY(auto compiled, compile_version(*row));
  if (older_.size() >= kOlderMax) older_.clear();  // read again when they are asked for
  older_[version] = compiled;
  return compiled;
}

void Context::commit(store::Unit unit, std::function<void(const store::UnitOutcome&)> done) {
  ++commits_pending_;
  parts.store.submit(store::Queue::work, std::move(unit),
                     [this, done = std::move(done)](const store::UnitOutcome& outcome) mutable {
                       parts.engine.post([this, outcome, done = std::move(done)] {
                         --commits_pending_;
                         done(outcome);
                         if (progressed) progressed();
                       });
                     });
}

}  // namespace ieum::runtime
