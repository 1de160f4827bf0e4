#include "runtime/held.hpp"

#include <memory>

#include "runtime/advance.hpp"

namespace ieum::runtime {
namespace {
constexpr int kSlice = 200;
constexpr std::size_t kProblemBytes = 600;
constexpr Millis kDriftStandsFor = 10 * kMinute;
constexpr std::string_view kHeld = "held: ";
}  // namespace

bool is_held(std::string_view reason) { return reason.starts_with(kHeld); }

std::string held_reason(const LiveConnection& connection, const std::string& problem) {
  return std::string(kHeld) + "connection " + connection.row.name + ": " + problem;
}

std::string held_reason(const store::HoldRow& hold) {
  return std::string(kHeld) + hold.kind + " " + hold.name + " is on hold" +
         (hold.reason.empty() ? "" : " (" + hold.reason + ")");
}

std::optional<std::pair<std::string, std::string>> holder_of(std::string_view reason) {
  if (!is_held(reason)) return {};
  reason.remove_prefix(kHeld.size());
  const auto kind = reason.find(' ');
  if (kind == std::string_view::npos) return {};
  const auto name = reason.substr(kind + 1);
  return std::pair{std::string(reason.substr(0, kind)), std::string(name.substr(0, name.find_first_of(" :")))};
}

void Held::died(Id connection, const std::string& problem) {
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(connection);
  if (found == live->connections_by_id.end()) return;
  // A row without a problem says that all is well.
  std::string clean = found->second->redactor.clean(problem).substr(0, kProblemBytes);
  if (clean.empty()) clean = "the vendor refuses the connection's credentials and does not say why";
  if (found->second->dead() && found->second->health->problem == clean) return;
  if (!found->second->dead()) {
    context_.parts.log.error("a connection must be mended by a person; its steps are held until then",
                             {{"connection", found->second->row.name}, {"problem", clean}});
  }
  write({connection, true, clean, context_.now()});
}

void Held::drifted(Id connection, const std::string& drift) {
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(connection);
  if (found == live->connections_by_id.end() || writing_.contains(connection)) return;
  const auto& health = found->second->health;
  if (found->second->dead() || (!health && drift.empty())) return;
  const std::string clean = found->second->redactor.clean(drift).substr(0, kProblemBytes);
  if (health && (health->problem == clean || context_.now() - health->since_ms < kDriftStandsFor)) return;
  if (!clean.empty())
    context_.parts.log.warning("a connection's deliveries differ from its settings",
                               {{"connection", found->second->row.name}, {"problem", clean}});
  write({connection, false, clean, context_.now()});
}

void Held::write(store::HealthRow row) {
  const Id connection = row.connection;
  writing_.insert(connection);
  store::Unit unit;
  // Anew, so that it stands since now.
  if (!row.dead) unit.writes.emplace_back(store::PutHealth{{connection, false, "", row.since_ms}});
  if (!row.problem.empty()) unit.writes.emplace_back(store::PutHealth{std::move(row)});
  context_.commit(std::move(unit), [this, connection](const store::UnitOutcome& outcome) {
    writing_.erase(connection);
    if (outcome.kind != store::UnitOutcome::Kind::committed) return;
    if (const auto loaded = context_.reload_connection(connection); loaded.has_error())
      context_.parts.log.error("a connection cannot be read anew", {{"error", loaded.error().text()}});
  });
}

void Held::mended(Id connection, std::function<void()> done) {
  context_.commit(
      store::Unit{{store::PutHealth{{connection, false, "", context_.now()}}}},
      [this, connection, done = std::move(done)](const store::UnitOutcome& outcome) {
        if (outcome.kind != store::UnitOutcome::Kind::committed || context_.reload_connection(connection).has_error()) {
          context_.parts.log.error("a mended connection cannot be written; test it again",
                                   {{"error", outcome.error ? outcome.error->text() : ""}});
          if (done) done();
          return;
        }
        wake(done);
      });
}

void Held::wake(std::function<void()> done) {
  wake_releases();
  wake_after(0, std::move(done));
}

Held::Place Held::place_of(const store::RunRow& run) {
  Place place;
  place.live = context_.live();
  const auto step = context_.reader->open_step(run.id);
  if (step.has_error() || !*step) {
    place.why = run.reason;
    return place;
  }
  place.opened_ms = (*step)->opened_ms;
  const auto connection = place.live->connections_by_id.find((*step)->connection);
  if (connection == place.live->connections_by_id.end()) return place;
  place.dead = connection->second->dead();
  place.release = place.live->release_over(run.recipe, *connection->second);
  if (place.dead) {
    place.why = held_reason(*connection->second, connection->second->health->problem);
  } else if (const auto* hold = place.live->hold_over(run.recipe, *connection->second)) {
    place.why = held_reason(*hold);
  }
  return place;
}

void Held::say_why(const store::RunRow& run, const std::string& why, const std::function<void()>& done) {
  context_.commit(store::Unit{{attempt_at(run, store::kHeldDue, why, context_.parts.store.epoch())}},
                  [this, run, why, done](const store::UnitOutcome& outcome) {
                    if (outcome.kind == store::UnitOutcome::Kind::committed) {
                      auto moved = run;
                      moved.reason = why;
                      context_.tell_run(moved);
                    }
                    done();
                  });
}

void Held::wake_after(Id after, std::function<void()> done) {
  const auto runs = context_.reader->held_runs(after, kSlice);
  if (runs.has_error() || runs->empty()) {
    if (runs.has_error())
      context_.parts.log.error("held runs cannot be read; test the connection again", {{"error", runs.error().text()}});
    if (done) done();
    return;
  }
  const Millis now = context_.now();
  auto left = std::make_shared<std::size_t>(1);
  const auto ended = [this, left, last = runs->back().id, more = runs->size() == kSlice, done] {
    if (--*left > 0) return;
    if (more) return wake_after(last, done);
    if (done) done();
  };
  for (const auto& run : *runs) {
    const auto place = place_of(run);
    if (!place.why.empty() && place.why != run.reason) {
      ++*left;
      say_why(run, place.why, ended);
    }
    if (!place.why.empty() || place.release != nullptr) continue;
    ++*left;
    auto move = attempt_at(run, now, std::string(kReleased), context_.parts.store.epoch());
    // A run that moved meanwhile (cancelled, ended by an event) is stale here and needs nothing more.
    context_.commit(store::Unit{{std::move(move)}}, [this, run, now, ended](const store::UnitOutcome& outcome) {
      if (outcome.kind == store::UnitOutcome::Kind::committed) {
        auto moved = run;
        moved.due_ms = now;
        context_.tell_run(moved);
        links_.due(now);
      }
      ended();
    });
  }
  ended();
}

}  // namespace ieum::runtime
