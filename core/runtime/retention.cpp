#include "runtime/retention.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace ieum::runtime {
namespace {

constexpr const char* kSetting = "settings.retention";
constexpr int kSlice = 200;         // rows that go at once
constexpr int kLooked = 2'000;      // rows that are looked at for it
constexpr std::size_t kBusy = 32;   // units that wait for the writer
constexpr int kPutOffMax = 100;     // then a slice goes all the same
constexpr Millis kPutOffFor = 100;  // real time
constexpr Millis kEvery = 6 * kHour;
constexpr Millis kMinutesKept = 400 * kDay;

}  // namespace

Result<Keeping> Retention::keeping(store::Reader& reader) {
  Keeping keeping;
  IEUM_TRY(const auto stored, reader.meta(kSetting));
  if (!stored) return keeping;
  IEUM_TRY(const auto read, parse_json(*stored));
  keeping.runs_days = read.number("runs_days", keeping.runs_days);
  keeping.events_days = read.number("events_days", keeping.events_days);
  return keeping;
}

store::PutMeta Retention::written(const Keeping& keeping) {
  return {kSetting, write_json(Map{{"runs_days", keeping.runs_days}, {"events_days", keeping.events_days}})};
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
    self->run_cursor_ = self->event_cursor_ = 0;
    self->runs_over_ = self->events_over_ = false;
    self->slice();
  });
}

// Whether the recipe still asks how often this one has entered: once ever, or within longer than runs are kept.
bool Retention::entry_needs(Id id, Millis kept_for) {
  const auto run = reader_->run(id);
  if (run.has_error() || !*run) return true;
  const auto live = context_.live();
  const auto recipe = live->recipes_by_id.find((*run)->recipe);
  if (recipe == live->recipes_by_id.end() || ((*run)->customer == 0 && (*run)->key.empty())) return false;
  const auto& entry = recipe->second->program->recipe.entry;
  return entry.mode == recipe::EntryMode::once || (entry.cap && entry.cap->per > kept_for);
}

std::optional<store::Unit> Retention::next_slice() {
  const Millis now = context_.now();
  const auto keeping = Retention::keeping(*reader_);
  if (keeping.has_error()) return {};
  store::Unit unit;
  store::Found found;
  if (!runs_over_) {
    if (keeping->runs_days > 0) {
      auto runs = reader_->ended_runs(run_cursor_, now - keeping->runs_days * kDay, kSlice, kLooked);
      if (runs.has_error()) return {};
      found = std::move(*runs);
    }
    run_cursor_ = found.after;
    runs_over_ = !found.more;
    std::erase_if(found.ids, [&](Id run) { return entry_needs(run, keeping->runs_days * kDay); });
    if (!found.ids.empty()) unit.writes.emplace_back(store::DropRuns{std::move(found.ids)});
    if (runs_over_) unit.writes.emplace_back(store::DropMinutes{now - kMinutesKept});
    return unit;
  }
  if (keeping->events_days == 0 || events_over_) return {};
  auto events = reader_->unused_events(event_cursor_, now - keeping->events_days * kDay, kSlice, kLooked);
  if (events.has_error()) return {};
  found = std::move(*events);
  event_cursor_ = found.after;
  events_over_ = !found.more;
  if (!found.ids.empty()) unit.writes.emplace_back(store::DropEvents{std::move(found.ids)});
  return unit;
}

void Retention::slice() {
  if (left_) {
    reader_.reset();
    return;
  }
  const auto go_on = [self = shared_from_this()] {
    if (!self->left_) self->executor_->post([self] { self->slice(); });
  };
  if (context_.parts.store.queued(store::Queue::work) > kBusy && put_off_ < kPutOffMax && context_.parts.alarm) {
    ++put_off_;
    return context_.parts.alarm(kPutOffFor, go_on);
  }
  put_off_ = 0;
  auto unit = next_slice();
  if (!unit) {
    busy_ = false;
    return;
  }
  if (unit->writes.empty()) return go_on();
  context_.parts.store.submit(store::Queue::work, std::move(*unit),
                              [self = shared_from_this(), go_on](const store::UnitOutcome& outcome) {
                                if (self->left_) return;
                                if (outcome.kind == store::UnitOutcome::Kind::committed) return go_on();
                                self->busy_ = false;  // the next time once more
                              });
}

}  // namespace ieum::runtime
