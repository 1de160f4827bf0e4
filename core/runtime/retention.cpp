#include "runtime/retention.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace ieum::runtime {
namespace {

constexpr const char* kSetting = "settings.retention";
constexpr int kSlice = 200;
constexpr Millis kEvery = kHour;

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

void Retention::slice() {
  if (left_) {
    reader_.reset();
    return;
  }
  const Millis now = context_.now();
  store::Unit unit;
  const auto keeping = Retention::keeping(*reader_);
  if (keeping.has_value() && keeping->runs_days > 0) {
    const auto runs = reader_->ended_runs(run_cursor_, now - keeping->runs_days * kDay, kSlice);
    if (runs.has_value() && !runs->empty()) {
      run_cursor_ = runs->back();
      std::vector<Id> free;
      for (const Id run : *runs)
        if (!entry_needs(run, keeping->runs_days * kDay)) free.push_back(run);
      unit.writes.emplace_back(store::DropRuns{std::move(free)});
    }
  }
  if (unit.writes.empty() && keeping.has_value() && keeping->events_days > 0) {
    const auto events = reader_->unused_events(event_cursor_, now - keeping->events_days * kDay, kSlice);
    if (events.has_value() && !events->empty()) {
      event_cursor_ = events->back();
      unit.writes.emplace_back(store::DropEvents{*events});
    }
  }
  if (unit.writes.empty()) {
    busy_ = false;
    return;
  }
  context_.parts.store.submit(store::Queue::work, std::move(unit),
                              [self = shared_from_this()](const store::UnitOutcome& outcome) {
                                if (self->left_) return;
                                if (outcome.kind != store::UnitOutcome::Kind::committed) {
                                  self->busy_ = false;  // in an hour once more
                                  return;
                                }
                                self->executor_->post([self] { self->slice(); });
                              });
}

}  // namespace ieum::runtime
