#include "runtime/context.hpp"

#include <iterator>

namespace ieum::runtime {
namespace {
constexpr std::size_t kOlderMax = 256;  // older versions kept compiled
}  // namespace

Context::Context(HubParts hub_parts)
    : parts(std::move(hub_parts)),
      reader(parts.store.reader()),
      intake(std::make_shared<IntakeBudget>(parts.intake_limits)),
      locks(parts.engine),
      policy(parts.policy),
      live_(std::make_shared<const Live>()) {}
Context::~Context() = default;

std::shared_ptr<const Live> Context::live() const { return std::atomic_load(&live_); }
void Context::set_live(std::shared_ptr<const Live> live) { std::atomic_store(&live_, std::move(live)); }

void Context::tell_run(const store::RunRow& run) const {
  if (tell) tell(RunNews{run.id, run.recipe, run.state, run.at_step, parts.clock.now()});
}

std::string run_lock(const store::RunRow& run) {
  return run.customer != 0 ? "c:" + std::to_string(run.customer) : "r:" + std::to_string(run.id);
}

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

Status Context::reload(store::Reader& of_caller) {
  const std::lock_guard lock(loading_);
  IEUM_TRY(auto live, load_live(of_caller, parts.connectors, parts.vault, now(), parts.log));
  set_live(std::move(live));
  return {};
}

Status Context::reload_connection(Id connection) {
  const std::lock_guard lock(loading_);
  IEUM_TRY(auto loaded, load_live_connection(connection, *reader, parts.connectors, parts.vault, now(), parts.log));
  auto next = std::make_shared<Live>(*live());
  const auto known = next->connections_by_id.find(connection);
  bool turned = false;
  if (known != next->connections_by_id.end()) {
    turned = loaded && loaded->asleep() != known->second->asleep();
    next->connections.erase(known->second->row.name);
    next->connections_by_id.erase(known);
  }
  if (loaded) {
    next->connections[loaded->row.name] = loaded;
    next->connections_by_id[connection] = loaded;
  }
  set_live(std::move(next));
  if (turned && health_changed) health_changed();
  return {};
}

Status Context::reload_holds() {
  const std::lock_guard lock(loading_);
  auto next = std::make_shared<Live>(*live());
  IEUM_TRY(next->holds, reader->holds());
  set_live(std::move(next));
  return {};
}

Status Context::read_policy() {
  IEUM_TRY(const auto stored, reader->meta(kAudienceSetting));
  if (!stored) return {};
  IEUM_TRY(const auto written, parse_json(*stored));
  IEUM_TRY(policy, audience::read_policy(written));
  return {};
}

Status Context::read_listened() {
  IEUM_TRY(auto names, reader->listened_events());
  listened.insert(std::make_move_iterator(names.begin()), std::make_move_iterator(names.end()));
  return {};
}

void Context::commit(store::Unit unit, std::function<void(const store::UnitOutcome&)> done) {
  ++commits_pending_;
  for (const auto& write : unit.writes)
    if (const auto* added = write.as<store::AddListener>()) listened.insert(added->row.event);
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
