// What people put on hold: released at a rate, with a rule for what has waited too long.
#include <algorithm>

#include "runtime/advance.hpp"
#include "runtime/held.hpp"

namespace ieum::runtime {
namespace {
constexpr int kSlice = 200;
}  // namespace

// One hold that lets go what it held.
struct Held::Release {
  store::HoldRow hold;
  Millis began_ms = 0;
  std::int64_t gone = 0;  // so many have got their turn

  // Turns are spread evenly over each minute.
  Millis next_turn() {
    const std::int64_t turn = gone++;
    return hold.per_minute.value_or(0) == 0 ? began_ms : began_ms + turn * kMinute / *hold.per_minute;
  }
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
  for (const auto& hold : context_.live()->holds)
    if (hold.until_ms && (!earliest || *hold.until_ms < *earliest)) earliest = hold.until_ms;
  return earliest;
}

void Held::pass() {
  const Millis now = context_.now();
  store::Unit unit;
  for (const auto& hold : context_.live()->holds) {
    if (!hold.until_ms || *hold.until_ms > now) continue;
    auto over = hold;
    over.per_minute = 0;
    unit.writes.emplace_back(store::PutHold{std::move(over)});
  }
  if (unit.writes.empty()) return;
  context_.commit(std::move(unit), [this](const store::UnitOutcome& outcome) {
    if (outcome.kind != store::UnitOutcome::Kind::committed) return;  // the next pass tries again
    if (const auto read = changed(); read.has_error())
      context_.parts.log.error("holds cannot be read anew", {{"error", read.error().text()}});
  });
}

void Held::let_go() {
  if (letting_go_) return;
  const auto holds = context_.reader->holds();
  if (holds.has_error()) return;
  const auto released = std::find_if(holds->begin(), holds->end(), [](const auto& hold) { return hold.released(); });
  if (released == holds->end()) return;
  letting_go_ = true;
  let_go_after(std::make_shared<Release>(Release{*released, context_.now(), 0}), 0);
}

void Held::let_go_after(const std::shared_ptr<Release>& release, Id after) {
  // Somebody may have put it on hold again meanwhile.
  const auto holds = context_.reader->holds();
  if (holds.has_value() && std::none_of(holds->begin(), holds->end(), [&](const auto& row) {
        return row.id == release->hold.id && row.released();
      })) {
    letting_go_ = false;
    return let_go();
  }
  const auto runs = context_.reader->held_runs(after, kSlice);
  if (runs.has_error()) {
    letting_go_ = false;
    context_.parts.log.error("held runs cannot be read; release the hold again", {{"error", runs.error().text()}});
    return;
  }
  if (runs->empty()) {
    context_.commit(store::Unit{{store::DropHold{release->hold.id}}}, [this](const store::UnitOutcome&) {
      letting_go_ = false;
      if (const auto read = context_.reload_holds(); read.has_error())
        context_.parts.log.error("holds cannot be read anew", {{"error", read.error().text()}});
      wake();  // another hold may have been released meanwhile
    });
    return;
  }
  auto left = std::make_shared<std::size_t>(runs->size());
  const Id last = runs->back().id;
  for (const auto& run : *runs) {
    let_go_one(run, release, [this, left, release, last] {
      if (--*left == 0) let_go_after(release, last);
    });
  }
}

void Held::let_go_one(const store::RunRow& run, const std::shared_ptr<Release>& release, std::function<void()> done) {
  const auto live = context_.live();
  const auto& hold = release->hold;
  const auto step = context_.reader->open_step(run.id);
  if (step.has_error() || !*step) return done();
  const auto connection = live->connections_by_id.find((*step)->connection);
  if (connection == live->connections_by_id.end()) return done();
  const auto recipe = live->recipes_by_id.find(run.recipe);
  const bool covered =
      covers(hold, recipe == live->recipes_by_id.end() ? "" : recipe->second->row.name, connection->second->row);
  if (!covered || connection->second->dead() || live->hold_over(run.recipe, *connection->second) != nullptr)
    return done();
  if (hold.expire_after_ms && context_.now() - (*step)->opened_ms > *hold.expire_after_ms) {
    RunDeed deed;
    deed.kind = hold.expire_then == "cancel" ? RunDeed::Kind::cancel : RunDeed::Kind::skip;
    deed.why = "it waited too long on hold";
    return links_.repair(run.id, deed, [done](const Status&) { done(); });
  }
  auto move = end_run(run, store::RunState::acting, run.reason, context_.parts.store.epoch(), 0);
  move.ended_ms.reset();
  const Millis due = release->next_turn();
  move.due_ms = due;
  context_.commit(store::Unit{{std::move(move)}}, [this, run, due, done](const store::UnitOutcome& outcome) {
    if (outcome.kind == store::UnitOutcome::Kind::committed) {
      auto moved = run;
      moved.due_ms = due;
      context_.tell_run(moved);
      links_.due(due);
    }
    done();
  });
}

}  // namespace ieum::runtime
