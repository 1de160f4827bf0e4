#include "store/tally.hpp"

namespace ieum::store {

void Tally::count(EventState state, int by) {
  moved_ = true;
  switch (state) {
    case EventState::fresh: sum_.events_fresh += by; break;
    case EventState::dead: sum_.events_dead += by; break;
    case EventState::quarantined: sum_.events_quarantined += by; break;
    case EventState::routed: break;
  }
}

void Tally::count(RunState state, int by) {
  moved_ = true;
  switch (state) {
    case RunState::acting: sum_.runs_acting += by; break;
    case RunState::waiting: sum_.runs_waiting += by; break;
    case RunState::in_doubt: sum_.runs_in_doubt += by; break;
    case RunState::failed: sum_.runs_failed += by; break;
    case RunState::finished: sum_.runs_finished += by; break;
    case RunState::exited:
    case RunState::stopped:
    case RunState::cancelled: break;
  }
}

void Tally::count(RecipeTally& counts, RunState state, int by) {
  switch (state) {
    case RunState::acting: counts.acting += by; break;
    case RunState::waiting: counts.waiting += by; break;
    case RunState::in_doubt: counts.in_doubt += by; break;
    case RunState::failed: counts.failed += by; break;
    default: break;
  }
  if (is_terminal(state)) counts.ended += by;
}

RecipeTally& Tally::counts_of(RecipeOf of) {
  const auto found = std::find_if(recipes_.begin(), recipes_.end(), [&](const auto& one) { return one.first == of; });
  if (found != recipes_.end()) return found->second;
  recipes_.push_back({of, {of.recipe}});
  return recipes_.back().second;
}

void Tally::add(const Tally& other) {
  for (const auto& [of, one] : other.recipes_) {
    auto& counts = counts_of(of);
    counts.acting += one.acting;
    counts.waiting += one.waiting;
    counts.in_doubt += one.in_doubt;
    counts.failed += one.failed;
    counts.ended += one.ended;
    counts.last_started_ms = std::max(counts.last_started_ms, one.last_started_ms);
  }
  moved_ = moved_ || other.moved_;
  sum_.events += other.sum_.events;
  sum_.events_fresh += other.sum_.events_fresh;
  sum_.events_dead += other.sum_.events_dead;
  sum_.events_quarantined += other.sum_.events_quarantined;
  sum_.runs += other.sum_.runs;
  sum_.runs_acting += other.sum_.runs_acting;
  sum_.runs_waiting += other.sum_.runs_waiting;
  sum_.runs_in_doubt += other.sum_.runs_in_doubt;
  sum_.runs_failed += other.sum_.runs_failed;
  sum_.runs_finished += other.sum_.runs_finished;
  see(other.minute_.at_ms);
  minute_.events += other.minute_.events;
  minute_.started += other.minute_.started;
  minute_.ended += other.minute_.ended;
  minute_.failed += other.minute_.failed;
  minute_.steps += other.minute_.steps;
}

int Tally::write(Database& database) const {
  if (!moved_) return SQLITE_OK;
  Statement* update = database.cached(
      "UPDATE tally SET events = events + ?1, events_fresh = events_fresh + ?2, events_dead = events_dead + ?3,"
      " events_quarantined = events_quarantined + ?4, runs = runs + ?5, runs_acting = runs_acting + ?6,"
      " runs_waiting = runs_waiting + ?7, runs_in_doubt = runs_in_doubt + ?8, runs_failed = runs_failed + ?9,"
      " runs_finished = runs_finished + ?10 WHERE id = 1");
  if (update == nullptr) return database.code();
  update->bind(sum_.events, sum_.events_fresh, sum_.events_dead, sum_.events_quarantined, sum_.runs, sum_.runs_acting,
               sum_.runs_waiting, sum_.runs_in_doubt, sum_.runs_failed, sum_.runs_finished);
  int code = update->run();
  for (const auto& [of, one] : recipes_) {
    Statement* counts = database.cached(
        "INSERT INTO recipe_tally (recipe, version, acting, waiting, in_doubt, failed, ended, last_started_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT (recipe, version) DO UPDATE SET acting = acting + excluded.acting,"
        " waiting = waiting + excluded.waiting, in_doubt = in_doubt + excluded.in_doubt,"
        " failed = failed + excluded.failed, ended = ended + excluded.ended,"
        " last_started_ms = max(last_started_ms, excluded.last_started_ms)");
    if (counts == nullptr) return database.code();
    counts->bind(of.recipe, of.version, one.acting, one.waiting, one.in_doubt, one.failed, one.ended,
                 one.last_started_ms);
    if (code == SQLITE_OK) code = counts->run();
  }
  if (code != SQLITE_OK || minute_.at_ms <= 0) return code;
  Statement* minute = database.cached(
      "INSERT INTO minute (at, events, started, ended, failed, steps) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
      " ON CONFLICT (at) DO UPDATE SET events = events + excluded.events, started = started + excluded.started,"
      " ended = ended + excluded.ended, failed = failed + excluded.failed, steps = steps + excluded.steps");
  if (minute == nullptr) return database.code();
  minute->bind(minute_.at_ms / kMinute, minute_.events, minute_.started, minute_.ended, minute_.failed, minute_.steps);
  return minute->run();
}

}  // namespace ieum::store
