// What people put on hold: released at a rate, with a rule for what has waited too long.
#include <algorithm>

#include "runtime/advance.hpp"
#include "runtime/held.hpp"

namespace ieum::runtime {
namespace {
constexpr int kSlice = 200;
constexpr Millis kCatchUp = kSecond;  // turns that were missed for longer are not made up for
}  // namespace

// How far a released hold is.
struct Held::Release {
  Millis turn_ms = 0;  // when the next one may go
  Id after = 0;        // looked at up to this run
  bool any = false;    // something went since it was looked at from the beginning
  bool going = false;  // commits are awaited
};

Status Held::changed() {
  IEUM_CHECK(context_.reload_holds());
  let_go();
  // The alarm is set anew.
  if (const auto at = next()) links_.due(*at);
  return {};
}

std::optional<Millis> Held::next() const {
  std::optional<Millis> earliest;
  if (const Millis turn = next_turn_; turn != 0) earliest = turn;
  for (const auto& hold : context_.live()->holds)
    if (!hold.released() && hold.until_ms && (!earliest || *hold.until_ms < *earliest)) earliest = hold.until_ms;
  return earliest;
}

void Held::read_anew() {
  if (const auto read = changed(); read.has_error())
    context_.parts.log.error("holds cannot be read anew", {{"error", read.error().text()}});
}

bool Held::idle() const {
  return std::none_of(releases_.begin(), releases_.end(), [](const auto& entry) { return entry.second->going; });
}

void Held::pass() {
  const Millis now = context_.now();
  store::Unit unit;
  for (const auto& hold : context_.live()->holds)
    if (!hold.released() && hold.until_ms && *hold.until_ms <= now)
      unit.writes.emplace_back(store::ReleaseHold{hold.id, 0, {}, {}, now});
  if (unit.writes.empty()) return let_go();
  context_.commit(std::move(unit), [this](const store::UnitOutcome& outcome) {
    if (outcome.kind == store::UnitOutcome::Kind::committed) read_anew();  // else the next pass tries again
  });
}

void Held::let_go() {
  const auto live = context_.live();
  std::erase_if(releases_, [&](const auto& entry) {
    return std::none_of(live->holds.begin(), live->holds.end(),
                        [&](const auto& hold) { return hold.id == entry.first && hold.released(); });
  });
  for (const auto& hold : live->holds) {
    if (!hold.released()) continue;
    auto& release = releases_[hold.id];
    if (!release) release = std::make_shared<Release>();
    if (!release->going) let_go_some(hold, release);
  }
  Millis turn = 0;
  for (const auto& [id, release] : releases_)
    if (!release->going && (turn == 0 || release->turn_ms < turn)) turn = release->turn_ms;
  next_turn_ = turn;
  if (turn != 0) links_.due(turn);
}

void Held::let_go_some(const store::HoldRow& hold, const std::shared_ptr<Release>& release) {
  const Millis now = context_.now();
  const std::int64_t rate = *hold.per_minute;
  const Millis apart = rate == 0 ? 0 : (kMinute + rate - 1) / rate;
  if (release->turn_ms < now - kCatchUp || apart == 0) release->turn_ms = now;
  const auto runs = context_.reader->held_runs(release->after, kSlice);
  if (runs.has_error()) {
    context_.parts.log.error("held runs cannot be read; they are looked at again in a minute",
                             {{"error", runs.error().text()}});
    release->turn_ms = now + kMinute;
    return;
  }
  if (runs->empty()) {
    if (!release->any) return let_go_over(hold, release);
    // Once more from the beginning: what was on its way into the hold when it was released may stand before.
    release->after = 0;
    release->any = false;
    return let_go_some(hold, release);
  }
  release->going = true;
  auto left = std::make_shared<std::size_t>(1);
  const auto gone = [this, left, release] {
    if (--*left > 0) return;
    release->going = false;
    let_go();
    if (context_.progressed) context_.progressed();
  };
  for (const auto& run : *runs) {
    const auto opened_ms = opened_under(hold, run);
    if (opened_ms && release->turn_ms > now) {
      release->going = *left > 1;
      if (!release->going) return;
      break;
    }
    release->after = run.id;
    if (!opened_ms) continue;
    ++*left;
    if (let_go_one(run, hold, *opened_ms, release, gone)) release->turn_ms += apart;
  }
  // Others have their turn between two pages.
  context_.parts.engine.post(gone);
}

std::optional<Millis> Held::opened_under(const store::HoldRow& hold, const store::RunRow& run) {
  const auto live = context_.live();
  const auto step = context_.reader->open_step(run.id);
  if (step.has_error() || !*step) return {};
  const auto connection = live->connections_by_id.find((*step)->connection);
  if (connection == live->connections_by_id.end() || connection->second->dead()) return {};
  const auto* released = live->release_over(run.recipe, *connection->second);
  if (released == nullptr || released->id != hold.id) return {};
  if (live->hold_over(run.recipe, *connection->second) != nullptr) return {};
  return (*step)->opened_ms;
}

bool Held::let_go_one(const store::RunRow& run, const store::HoldRow& hold, Millis opened_ms,
                      const std::shared_ptr<Release>& release, const std::function<void()>& done) {
  const Millis now = context_.now();
  if (hold.expire_after_ms && now - opened_ms > *hold.expire_after_ms) {
    RunDeed deed;
    deed.kind = hold.expire_then == "cancel" ? RunDeed::Kind::cancel : RunDeed::Kind::skip;
    deed.why = "it waited too long on hold";
    links_.repair(run.id, deed, [release, done](const Status& status) {
      release->any = release->any || status.has_value();
      done();
    });
    return deed.kind == RunDeed::Kind::skip;  // its next action goes out
  }
  auto move = end_run(run, store::RunState::acting, {}, context_.parts.store.epoch(), 0);
  move.ended_ms.reset();
  move.due_ms = now;
  context_.commit(store::Unit{{std::move(move)}}, [this, run, now, release, done](const store::UnitOutcome& outcome) {
    if (outcome.kind == store::UnitOutcome::Kind::committed) {
      auto moved = run;
      moved.due_ms = now;
      context_.tell_run(moved);
      links_.due(now);
      release->any = true;
    }
    done();
  });
  return true;
}

void Held::let_go_over(const store::HoldRow& hold, const std::shared_ptr<Release>& release) {
  release->going = true;
  context_.commit(store::Unit{{store::DropHold{hold.id}}}, [this, release](const store::UnitOutcome&) {
    release->going = false;
    read_anew();
    wake();  // what was on its way into the hold all the while
  });
}

}  // namespace ieum::runtime
