// What people ask of a running hub about runs (connections: hub_connections.cpp, recipes: hub_recipes.cpp). Each command is committed and in force when it returns.
#include <algorithm>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "runtime/hub_parts.hpp"
#include "runtime/recipe_catalog.hpp"

namespace ieum::runtime {

Status committed(const store::UnitOutcome& outcome) {
  using Kind = store::UnitOutcome::Kind;
  if (outcome.kind == Kind::committed) return {};
  if (outcome.error) return *outcome.error;
  return Error("moved_on", "it changed while the command was decided on", "try again");
}

Status HubInside::reload() {
  IEUM_CHECK(context_.reload(*commands_reader_));
  // A schedule, or what vendors are asked for, may have come, changed or gone.
  context_.parts.engine.post([this] {
    look_after_vendors();
    if (routing_open_) scheduler_.pass();
  });
  return {};
}

Status HubInside::change_run(Id run, const RunWork& work) { return change_runs({run}, work).front(); }

std::vector<Status> HubInside::change_runs(const std::vector<Id>& runs, const RunWork& work) {
  std::vector<std::future<Status>> answers;
  for (const Id run : runs) {
    auto promise = std::make_shared<std::promise<Status>>();
    answers.push_back(promise->get_future());
    context_.parts.engine.post([this, run, work, promise] {
      change_on_engine(run, work, [promise](Status status) { promise->set_value(std::move(status)); });
    });
  }
  context_.parts.engine.lend_hand();
  std::vector<Status> results;
  results.reserve(answers.size());
  for (auto& answer : answers) results.push_back(answer.get());
  return results;
}

std::vector<std::string> HubInside::locks_about(const store::RunRow& run) {
  std::vector<std::string> locks{run_lock(run)};
  if (run.customer == 0 && !run.key.empty()) locks.push_back(key_lock(run.recipe, run.key));
  return locks;
}

void HubInside::change_on_engine(Id run, const RunWork& work, const std::function<void(Status)>& done) {
  const auto first = read_run(run);
  if (first.has_error()) return done(first.error());
  context_.locks.acquire(locks_about(*first), [this, run, work, done](KeyLocks::Ticket ticket) {
    const auto leave = [this, ticket, done](Status status) {
      context_.locks.release(ticket);
      done(std::move(status));
    };
    const auto stored = read_run(run);
    if (stored.has_error()) return leave(stored.error());
    auto repair = work(*stored);
    if (repair.has_error()) return leave(repair.error());
    if (repair->unit.writes.empty()) return leave({});
    context_.commit(std::move(repair->unit),
                    [this, run, leave, next = std::move(repair->next)](const store::UnitOutcome& outcome) mutable {
                      if (const auto moved = context_.reader->run(run); moved.has_value() && *moved)
                        context_.tell_run(**moved);
                      if (next && outcome.kind == store::UnitOutcome::Kind::committed) act(std::move(*next), false);
                      leave(committed(outcome));
                      scheduler_.pass();
                    });
  });
}

HubInside::RunWork HubInside::repair_work(const RunDeed& deed) {
  return [this, deed](const store::RunRow& row) { return repairs_.plan(row, deed); };
}

Status HubInside::repair_run(Id run, const RunDeed& deed) { return change_run(run, repair_work(deed)); }

std::vector<Status> HubInside::repair_runs(const std::vector<std::pair<Id, std::int64_t>>& runs, const RunDeed& deed) {
  IEUM_ASSERT(runs.size() <= kRunsAtOnce);
  std::vector<Id> ids;
  std::map<Id, std::int64_t> revs;
  for (const auto& [id, rev] : runs) {
    ids.push_back(id);
    revs[id] = rev;
  }
  return change_runs(ids, [this, deed, revs](const store::RunRow& row) {
    auto own = deed;
    own.rev = revs.at(row.id);
    return repairs_.plan(row, own);
  });
}

Result<std::string> HubInside::send_event(const std::string& connection, const std::string& topic, const Value& data) {
  const auto live = context_.live();
  const auto found = live->connections.find(connection);
  if (found == live->connections.end())
    return Error("unknown_connection", "there is no connection \"" + connection + "\"", "see: ieum connection list");
  return acceptor_.put(*found->second, topic, write_json(data));
}

std::vector<Value> HubInside::recipes() const {
  std::vector<Value> result;
  const auto live = context_.live();
  for (const auto& [name, recipe] : live->recipes) {
    result.push_back(Map{{"id", recipe->row.id},
                         {"name", name},
                         {"title", recipe->program->recipe.title},
                         {"enabled", recipe->row.enabled},
                         {"version", recipe->row.current_version},
                         {"hash", recipe->hash},
                         {"trigger", recipe->program->recipe.trigger.event}});
  }
  return result;
}

std::unique_ptr<recipe::Catalog> HubInside::catalog() const {
  return make_catalog(context_.parts.connectors, context_.live(), context_.parts.zones);
}

std::uint64_t HubInside::subscribe(std::function<void(const RunNews&)> listener) {
  std::lock_guard lock(listeners_mutex_);
  listeners_[++last_listener_] = std::move(listener);
  return last_listener_;
}

void HubInside::unsubscribe(std::uint64_t handle) {
  std::lock_guard lock(listeners_mutex_);
  listeners_.erase(handle);
}

}  // namespace ieum::runtime
