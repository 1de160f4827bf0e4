#include "runtime/retention.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace ieum::runtime {
namespace {

constexpr const char* kSetting = "settings.retention";
constexpr int kRunSlice = 70;       // that go at once: with step, document, fields and event some five hundred rows
constexpr int kEventSlice = 250;    // the same, with their bodies
constexpr int kLooked = 2'000;      // rows that are looked at for it
constexpr std::size_t kBusy = 32;   // units that wait for the writer
constexpr int kPutOffMax = 100;     // then a slice goes all the same
constexpr Millis kPutOffFor = 100;  // real time
constexpr Millis kEvery = 6 * kHour;
constexpr Millis kMinutesKept = 400 * kDay;
constexpr Millis kFailedKept = 7 * kDay;  // however large the store is: somebody may still repair them
constexpr std::int64_t kFreeLeast = 256;  // pages that are not worth the work

}  // namespace

Result<Keeping> Retention::keeping(store::Reader& reader) {
  Keeping keeping;
  IEUM_TRY(const auto stored, reader.meta(kSetting));
  if (!stored) return keeping;
  IEUM_TRY(const auto read, parse_json(*stored));
  keeping.runs_days = read.number("runs_days", keeping.runs_days);
  keeping.events_days = read.number("events_days", keeping.events_days);
  keeping.max_bytes = read.number("max_bytes", keeping.max_bytes);
  return keeping;
}

store::PutMeta Retention::written(const Keeping& keeping) {
  return {kSetting, write_json(Map{{"runs_days", keeping.runs_days},
                                   {"events_days", keeping.events_days},
                                   {"max_bytes", keeping.max_bytes}})};
}

std::optional<Millis> Retention::next() const {
  if (executor_ == nullptr || busy_) return {};
  return std::max(next_ms_.load(), context_.started_ms + kMinute);  // not in the first minute of a start
}

void Retention::pass() {
  const auto due = next();
  if (!due || *due > context_.now() || busy_.exchange(true)) return;
  next_ms_ = context_.now() + kEvery;
  executor_->post([self = shared_from_this()] {
    if (self->left_) return;
    if (!self->reader_) self->reader_ = self->context_.parts.store.reader();
    self->round_ = {};
    self->slice();
  });
}

// Whether the recipe still asks how often this one has entered: once ever, or within a time that is not over; and whether
// somebody may still want to repair it.
bool Retention::stays(const store::RunRow& run, bool by_size) const {
  const Millis now = context_.now();
  if (by_size && run.state == store::RunState::failed && run.ended_ms.value_or(now) > now - kFailedKept) return true;
  const auto live = context_.live();
  const auto recipe = live->recipes_by_id.find(run.recipe);
  if (recipe == live->recipes_by_id.end() || (run.customer == 0 && run.key.empty())) return false;
  const auto& entry = recipe->second->program->recipe.entry;
  return entry.mode == recipe::EntryMode::once || (entry.cap && entry.cap->per > now - run.started_ms);
}

Status Retention::drop_runs(store::Unit& unit, Walk& walk, Millis before, bool by_size) {
  IEUM_TRY(const auto found, reader_->ended_runs(walk.cursor, before, kRunSlice, kLooked));
  walk = {found.after, !found.more};
  store::DropRuns runs;
  store::DropEvents events;
  for (const Id id : found.ids) {
    IEUM_TRY(const auto run, reader_->run(id));
    if (!run || stays(*run, by_size)) continue;
    runs.runs.push_back(id);
    events.events.push_back(run->trigger_event);
  }
  if (runs.runs.empty()) return {};
  unit.writes.emplace_back(std::move(runs));
  // By age an event has its own time. Those that began another run, too, stay with it.
  if (by_size) unit.writes.emplace_back(std::move(events));
  return {};
}

Status Retention::drop_events(store::Unit& unit, Walk& walk, Millis before) {
  IEUM_TRY(auto found, reader_->unused_events(walk.cursor, before, kEventSlice, kLooked));
  walk = {found.after, !found.more};
  if (!found.ids.empty()) unit.writes.emplace_back(store::DropEvents{std::move(found.ids)});
  return {};
}

bool Retention::is_too_large(const Keeping& keeping, const store::Pages& pages) {
  if (keeping.max_bytes == 0) return false;
  // Once it is at it, a little more, so that it need not begin again at once.
  round_.slims = pages.used_bytes() > (round_.slims ? keeping.max_bytes / 100 * 85 : most_used(keeping.max_bytes));
  return round_.slims;
}

bool Retention::has_much_free(const Keeping& keeping, const store::Pages& pages) {
  const bool pressed =
      room_() != Room::enough || (keeping.max_bytes > 0 && pages.all * pages.page_bytes > keeping.max_bytes);
  const std::int64_t left = pressed ? 0 : std::max(pages.all / 10, kFreeLeast);
  const bool goes_on = round_.free_before < 0 || pages.free < round_.free_before;
  round_.free_before = pages.free;
  return pages.free > left && goes_on;
}

bool Retention::hurries() {
  if (room_() != Room::enough) return true;
  const auto keeping = Retention::keeping(*reader_);
  const auto pages = reader_->pages();
  return keeping.has_value() && pages.has_value() && keeping->max_bytes > 0 && pages->used_bytes() > keeping->max_bytes;
}

Result<std::optional<store::Unit>> Retention::next_slice() {
  const Millis now = context_.now();
  IEUM_TRY(const auto keeping, Retention::keeping(*reader_));
  store::Unit unit;
  if (!round_.old_runs.over) {
    round_.old_runs.over = keeping.runs_days == 0;
    if (!round_.old_runs.over) IEUM_CHECK(drop_runs(unit, round_.old_runs, now - keeping.runs_days * kDay, false));
    if (round_.old_runs.over) unit.writes.emplace_back(store::DropMinutes{now - kMinutesKept});
    return std::optional(std::move(unit));
  }
  if (!round_.old_events.over) {
    round_.old_events.over = keeping.events_days == 0;
    if (!round_.old_events.over) IEUM_CHECK(drop_events(unit, round_.old_events, now - keeping.events_days * kDay));
    return std::optional(std::move(unit));
  }
  IEUM_TRY(const auto pages, reader_->pages());
  if (is_too_large(keeping, pages)) {
    // Events that began no run, up to the runs that went, before the next runs.
    if (!round_.size_events.over) {
      IEUM_CHECK(drop_events(unit, round_.size_events, round_.size_events_before_ms));
      return std::optional(std::move(unit));
    }
    if (!round_.size_runs.over) {
      IEUM_CHECK(drop_runs(unit, round_.size_runs, now + 1, true));
      IEUM_TRY(const auto last, reader_->run(round_.size_runs.cursor));
      round_.size_events_before_ms = !round_.size_runs.over && last ? last->started_ms + 1 : now + 1;
      round_.size_events.over = false;
      return std::optional(std::move(unit));
    }
    if (!told_too_large_)
      context_.parts.log.warning(
          "the store is larger than it is to be, and nothing more may go",
          {{"bytes", std::to_string(pages.used_bytes())}, {"keep_bytes", std::to_string(keeping.max_bytes)}});
    told_too_large_ = true;
  } else {
    told_too_large_ = false;
  }
  if (!has_much_free(keeping, pages)) return std::optional<store::Unit>();
  unit.writes.emplace_back(store::Vacuum{});
  return std::optional(std::move(unit));
}

void Retention::slice() {
  if (left_) {
    reader_.reset();
    return;
  }
  const auto go_on = [self = shared_from_this()] {
    if (!self->left_) self->executor_->post([self] { self->slice(); });
  };
  if (context_.parts.store.queued(store::Queue::work) > kBusy && round_.put_off < kPutOffMax && context_.parts.alarm &&
      !hurries()) {
    ++round_.put_off;
    return context_.parts.alarm(kPutOffFor, go_on);
  }
  round_.put_off = 0;
  auto unit = next_slice();
  if (unit.has_error() || !*unit) {
    busy_ = false;
    return;
  }
  if ((*unit)->writes.empty()) return go_on();
  context_.parts.store.submit(store::Queue::work, std::move(**unit),
                              [self = shared_from_this(), go_on](const store::UnitOutcome& outcome) {
                                if (self->left_) return;
                                if (outcome.kind == store::UnitOutcome::Kind::committed) return go_on();
                                self->busy_ = false;  // the next time once more
                              });
}

}  // namespace ieum::runtime
