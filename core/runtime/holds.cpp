// What people put on hold: released at a rate, with a rule for what has waited too long.
#include <algorithm>

#include "runtime/advance.hpp"
#include "runtime/held.hpp"

namespace ieum::runtime {
namespace {
constexpr int kSlice = 200;
constexpr Millis kCatchUp = kSecond;     // turns that were missed for longer are not made up for
constexpr Millis kRefusedFor = kMinute;  // then what could not be read or written is tried again
}  // namespace

// How far a released hold is. What is said of a walk counts since it began with the first run.
struct Held::Release {
  Millis turn_ms = 0;    // when the next one may go
  Id after = 0;          // looked at up to this run
  bool went = false;     // something went in this walk
  bool refused = false;  // something could not be written in this walk
  bool parked = false;   // something waits for its connection to be mended
  bool asleep = false;   // until something is mended
  bool going = false;    // commits are awaited

  void again() {
    after = 0;
    went = refused = parked = false;
  }
};

Status Held::changed() {
  IEUM_CHECK(context_.reload_holds());
  wake_releases();
  // The alarm is set anew.
  if (const auto at = next()) links_.due(*at);
  return {};
}

std::optional<Millis> Held::next() const {
  const auto live = context_.live();
  std::optional<Millis> earliest;
  if (const Millis turn = next_turn_; turn != 0) earliest = turn;
  for (const auto& hold : live->holds) {
    if (hold.released() || !hold.until_ms) continue;
    const Millis over = std::max(*hold.until_ms, not_over_before_.load());
    if (!earliest || over < *earliest) earliest = over;
  }
  return earliest;
}

bool Held::idle() const {
  return std::none_of(releases_.begin(), releases_.end(), [](const auto& entry) { return entry.second->going; });
}

void Held::read_anew() {
  if (const auto read = changed(); read.has_error())
    context_.parts.log.error("holds cannot be read anew", {{"error", read.error().text()}});
}

void Held::pass() {
  if (context_.stopping) return;
  const Millis now = context_.now();
  const auto live = context_.live();
  store::Unit unit;
  for (const auto& hold : live->holds)
    if (!hold.released() && hold.until_ms && std::max(*hold.until_ms, not_over_before_.load()) <= now)
      unit.writes.emplace_back(store::ReleaseHold{hold.id, 0, {}, {}, now});
  if (!unit.writes.empty()) {
    not_over_before_ = now + kSecond;  // not again while it is under way, nor at once when it is refused
    context_.commit(std::move(unit), [this](const store::UnitOutcome& outcome) {
      if (outcome.kind == store::UnitOutcome::Kind::committed) read_anew();
    });
  }
  if (const Millis turn = next_turn_; turn != 0 && turn <= now) let_go();
}

void Held::wake_releases() {
  for (auto& [id, release] : releases_) {
    if (!release->asleep) continue;
    release->asleep = false;
    release->turn_ms = context_.now();
  }
  let_go();
  if (const Millis turn = next_turn_; turn != 0) links_.due(turn);
}

void Held::let_go() {
  if (context_.stopping) return;
  const auto live = context_.live();
  std::erase_if(releases_, [&](const auto& entry) {
    return std::none_of(live->holds.begin(), live->holds.end(),
                        [&](const auto& hold) { return hold.id == entry.first && hold.released(); });
  });
  for (const auto& hold : live->holds) {
    if (!hold.released()) continue;
    auto& release = releases_[hold.id];
    if (!release) release = std::make_shared<Release>();
    if (!release->going && !release->asleep) let_go_some(hold, release);
  }
  plan_turn();
}

void Held::plan_turn() {
  Millis turn = 0;
  for (const auto& [id, release] : releases_)
    if (!release->going && !release->asleep && (turn == 0 || release->turn_ms < turn)) turn = release->turn_ms;
  next_turn_ = turn;
}

void Held::let_go_some(const store::HoldRow& hold, const std::shared_ptr<Release>& release) {
  const Millis now = context_.now();
  const std::int64_t rate = *hold.per_minute;
  const Millis apart = rate == 0 ? 0 : (kMinute + rate - 1) / rate;
  if (release->turn_ms < now - kCatchUp) release->turn_ms = now;
  const auto runs = context_.reader->held_runs(release->after, kSlice);
  if (runs.has_error()) {
    context_.parts.log.error("held runs cannot be read; they are looked at again in a minute",
                             {{"error", runs.error().text()}});
    release->turn_ms = now + kRefusedFor;
    return;
  }
  if (runs->empty()) return end_walk(hold, release);
  auto left = std::make_shared<std::size_t>(1);
  const auto done = [this, left, release] {
    if (--*left > 0) return;
    release->going = false;
    let_go();
    if (const Millis turn = next_turn_; turn != 0) links_.due(turn);
    if (context_.progressed) context_.progressed();
  };
  for (const auto& run : *runs) {
    const auto place = place_of(run);
    const bool mine = place.release != nullptr && place.release->id == hold.id;
    const bool goes = mine && place.why.empty();
    if (goes && release->turn_ms > now) {
      release->going = *left > 1;
      if (!release->going) return;
      break;
    }
    release->after = run.id;
    release->parked = release->parked || (mine && place.dead);
    if (goes) {
      ++*left;
      if (let_go_one(run, hold, place.opened_ms, release, done)) release->turn_ms += apart;
    } else if (mine && place.why != run.reason) {
      ++*left;
      say_why(run, place.why, done);
    }
  }
  release->going = true;
  // Others have their turn between two pages.
  context_.parts.engine.post(done);
}

void Held::end_walk(const store::HoldRow& hold, const std::shared_ptr<Release>& release) {
  const Release walked = *release;
  release->again();
  if (walked.refused) {
    context_.parts.log.error("what a hold held cannot be let go; it is tried again in a minute",
                             {{hold.kind, hold.name}});
    release->turn_ms = context_.now() + kRefusedFor;
  } else if (walked.went) {
    // What was on its way into the hold when it was released may stand before.
    let_go_some(hold, release);
  } else if (walked.parked) {
    release->asleep = true;
  } else {
    let_go_over(hold, release);
  }
}

bool Held::let_go_one(const store::RunRow& run, const store::HoldRow& hold, Millis opened_ms,
                      const std::shared_ptr<Release>& release, const std::function<void()>& done) {
  const Millis now = context_.now();
  const auto ended = [release, done](bool went, bool refused) {
    release->went = release->went || went;
    release->refused = release->refused || refused;
    done();
  };
  if (hold.expire_after_ms && now - opened_ms > *hold.expire_after_ms) {
    const bool skips = hold.expire_then != "cancel";
    expire(run.id, skips, ended);
    return skips;  // its next action goes out
  }
  auto move = attempt_at(run, now, std::string(kReleased), context_.parts.store.epoch());
  context_.commit(store::Unit{{std::move(move)}}, [this, run, now, ended](const store::UnitOutcome& outcome) {
    const bool went = outcome.kind == store::UnitOutcome::Kind::committed;
    if (went) {
      auto moved = run;
      moved.due_ms = now;
      context_.tell_run(moved);
      links_.due(now);
    }
    // A run that somebody else moved meanwhile is stale here and needs nothing more.
    ended(went, outcome.error.has_value());
  });
  return true;
}

void Held::expire(Id run, bool skips, const std::function<void(bool went, bool refused)>& ended) {
  RunDeed deed;
  deed.kind = skips ? RunDeed::Kind::skip : RunDeed::Kind::cancel;
  deed.why = "it waited too long on hold";
  links_.repair(run, deed, [this, run, skips, ended](const Status& status) {
    if (status.has_value()) return ended(true, false);
    const auto& error = status.error();
    // One that cannot go on at all is not sent late instead.
    if (skips && is_final(error)) return expire(run, false, ended);
    const bool moved = error.code == "moved_on" || error.code == "run_ended" || error.code == "unknown_run";
    if (!moved)
      context_.parts.log.warning("a run that waited too long on hold cannot be settled",
                                 {{"run", std::to_string(run)}, {"error", error.text()}});
    ended(false, !moved);
  });
}

void Held::let_go_over(const store::HoldRow& hold, const std::shared_ptr<Release>& release) {
  release->going = true;
  context_.commit(store::Unit{{store::DropHold{hold.id}}}, [this, release](const store::UnitOutcome& outcome) {
    release->going = false;
    if (outcome.kind == store::UnitOutcome::Kind::committed) {
      read_anew();
      return wake();  // what was on its way into the hold all the while
    }
    release->turn_ms = context_.now() + kRefusedFor;
    plan_turn();  // letting go at once would be refused at once
    if (const Millis turn = next_turn_; turn != 0) links_.due(turn);
  });
}

}  // namespace ieum::runtime
