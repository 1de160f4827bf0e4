#include "runtime/search_index.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "runtime/stored_events.hpp"
#include "runtime/watchdog.hpp"

namespace ieum::runtime {
namespace {

constexpr int kSlice = 100;
constexpr std::string_view kForIndex = ", for the search index";
constexpr std::size_t kBusy = 32;           // units that wait for the writer
constexpr int kPutOffMax = 10;              // then a slice goes all the same
constexpr Millis kPutOffFor = 100;          // real time
constexpr Millis kFailedFor = 5 * kSecond;  // real time: then a slice that was not written is tried again
constexpr const char* kLeftOut = "search.left_out";
constexpr std::size_t kLeftOutMax = 1'000;
constexpr std::size_t kEndedMax = 100'000;
constexpr Millis kYoungFor =
    kSecond;  // a run that acts is left alone for so long: most have ended by then, and are indexed once
constexpr Millis kRestFor = 200;  // real time, until those are looked at again

// Whether nothing of the event is searched for but the texts in it: neither a marked field nor what the manifest projects.
bool is_text_alone(const recipe::Recipe* recipe, const host::Manifest* manifest,
                   const store::EventWithPayload& stored) {
  if (manifest == nullptr || (recipe != nullptr && !recipe->search.empty())) return false;
  const bool whole = manifest->webhook && manifest->webhook->events == host::WebhookSpec::Events::body;
  if (!whole || !stored.payload.body.starts_with('{')) return false;
  const auto* spec = manifest->event_or_any(stored.event.topic);
  return spec == nullptr ||
         (spec->project.empty() &&
          std::none_of(spec->fields.begin(), spec->fields.end(), [](const auto& one) { return !one.search.empty(); }));
}

}  // namespace

std::set<std::string> SearchIndex::names(const Live& live, const host::Registry& connectors) {
  std::set<std::string> names{"email", "phone"};
  for (const auto* connector : connectors.all())
    for (const auto& event : connector->manifest().events)
      for (const auto& field : event.fields)
        if (!field.search.empty()) names.insert(field.search);
  for (const auto& [name, recipe] : live.recipes) {
    for (const auto& [marked, expression] : recipe->program->recipe.search) names.insert(marked);
    for (const auto& [kind, expression] : recipe->program->recipe.about) names.insert(kind);
  }
  return names;
}

void SearchIndex::start(std::string_view cause) {
  if (executor_ == nullptr) return;
  const Id noted = cause.find(kForIndex) == cause.npos ? 0 : noted_unit(cause, "event").value_or(0);
  if (noted != 0)
    context_.parts.log.error(
        "runs of this event are not found by what is in it: the process ended when it was read for that",
        {{"event", std::to_string(noted)}, {"cause", std::string(cause)}});
  executor_->post([self = shared_from_this(), noted] {
    self->reader_ = self->context_.parts.store.reader();
    self->read_left_out(noted);
    if (const auto stored = self->reader_->meta(store::kSearchCursor); stored.has_value() && *stored) {
      Id cursor = 0;
      std::from_chars((*stored)->data(), (*stored)->data() + (*stored)->size(), cursor);
      self->cursor_ = self->read_ = cursor;
    }
    // What lived when it was indexed may have ended in the hub's last moments.
    for (Id after = 0;;) {
      const auto ended = self->reader_->ended_since_indexed(after, 1000);
      if (ended.has_error() || ended->empty()) break;
      after = ended->back();
      const std::lock_guard lock(self->mutex_);
      self->ended_.insert(ended->begin(), ended->end());
    }
  });
  wake();
}

void SearchIndex::read_left_out(Id noted) {
  if (const auto stored = reader_->meta(kLeftOut); stored.has_value() && *stored)
    if (const auto list = parse_json(**stored); list.has_value() && list->if_list() != nullptr)
      for (const auto& id : *list->if_list())
        if (id.if_int() != nullptr) left_out_.insert(*id.if_int());
  if (noted == 0 || !left_out_.insert(noted).second) return;
  // The oldest is forgotten first; by then it may have been dropped.
  if (left_out_.size() > kLeftOutMax) left_out_.erase(left_out_.begin());
  List list(left_out_.begin(), left_out_.end());
  const auto outcome = context_.parts.store.submit_and_wait(
      store::Queue::work, store::Unit{{store::PutMeta{kLeftOut, write_json(Value(std::move(list)))}}});
  if (outcome.kind != store::UnitOutcome::Kind::committed)
    context_.parts.log.error("what is left out of the search index cannot be written down; this start knows it",
                             {{"error", outcome.error ? outcome.error->text() : ""}});
}

void SearchIndex::stop() {
  stopped_ = true;
  if (executor_ != nullptr) executor_->post([self = shared_from_this()] { self->reader_.reset(); });
}

void SearchIndex::heard(const RunNews& news) {
  if (executor_ == nullptr || stopped_) return;
  if (store::is_terminal(news.state) && news.run <= read_) {
    const std::lock_guard lock(mutex_);
    if (ended_.size() < kEndedMax) ended_.insert(news.run);
  }
  wake();
}

void SearchIndex::wake() {
  if (stopped_) return;
  heard_more_ = true;
  if (busy_.exchange(true)) return;
  executor_->post([self = shared_from_this()] { self->slice(); });
}

Result<std::int64_t> SearchIndex::behind(store::Reader& reader) const {
  if (executor_ == nullptr) return std::int64_t{0};
  IEUM_TRY(const Id newest, reader.newest_run());
  return std::max<std::int64_t>(0, newest - cursor_);
}

void SearchIndex::slice() {
  if (stopped_ || !reader_) {
    busy_ = false;
    return;
  }
  if (context_.parts.store.queued(store::Queue::work) > kBusy && put_off_ < kPutOffMax && context_.parts.alarm) {
    ++put_off_;
    return context_.parts.alarm(kPutOffFor,
                                [self = shared_from_this()] { self->executor_->post([self] { self->slice(); }); });
  }
  put_off_ = 0;
  heard_more_ = false;
  std::vector<Id> again;
  {
    const std::lock_guard lock(mutex_);
    while (!ended_.empty() && again.size() < kSlice) again.push_back(ended_.extract(ended_.begin()).value());
  }
  const Id before = cursor_;
  auto runs = reader_->runs_after(before, kSlice);
  if (runs.has_error()) {
    context_.parts.log.error("runs cannot be read for the search index; it is tried again in a few seconds",
                             {{"error", runs.error().text()}});
    return failed(again);
  }
  const bool full = runs->size() == kSlice;
  const bool young = leave_young(*runs);
  const Id cursor = runs->empty() ? before : runs->back().id;
  // From here on an end is heard of; what ended before is read now.
  read_ = cursor;
  for (auto& run : *runs)
    if (!store::is_terminal(run.state))
      if (auto row = reader_->run(run.id); row.has_value() && *row) run = std::move(**row);
  const auto next = young ? Next::after_a_rest : full || again.size() == kSlice ? Next::at_once : Next::when_heard;
  for (const Id id : again)
    if (auto row = reader_->run(id); row.has_value() && *row) runs->push_back(std::move(**row));
  std::vector<store::SearchDoc> docs;
  for (const auto& run : *runs) {
    auto doc = document(run);
    if (doc.has_value()) docs.push_back(std::move(*doc));
  }
  submit(std::move(docs), std::move(again), cursor, next);
}

// Leaves out the first run that acts and has only just begun, and what is behind it. Whether there was one.
bool SearchIndex::leave_young(std::vector<store::RunRow>& runs) const {
  if (!context_.parts.alarm) return false;
  const Millis since = context_.now() - kYoungFor;
  const auto young = std::find_if(runs.begin(), runs.end(), [since](const store::RunRow& run) {
    return run.state == store::RunState::acting && run.started_ms > since;
  });
  if (young == runs.end()) return false;
  runs.erase(young, runs.end());
  return true;
}

void SearchIndex::submit(std::vector<store::SearchDoc> docs, std::vector<Id> again, Id cursor, Next next) {
  store::Unit unit;
  for (auto& doc : docs) unit.writes.emplace_back(store::IndexRun{std::move(doc)});
  if (cursor != cursor_) unit.writes.emplace_back(store::PutMeta{store::kSearchCursor, std::to_string(cursor)});
  const auto rest = [self = shared_from_this(), next] {
    if (next == Next::after_a_rest)
      return self->context_.parts.alarm(kRestFor, [self] { self->executor_->post([self] { self->slice(); }); });
    self->busy_ = false;
    if (next == Next::at_once || self->heard_more_) self->wake();
  };
  if (unit.writes.empty()) return rest();
  context_.parts.store.submit(
      store::Queue::work, std::move(unit),
      [self = shared_from_this(), again = std::move(again), cursor, rest](const store::UnitOutcome& outcome) {
        if (outcome.kind == store::UnitOutcome::Kind::committed) {
          self->cursor_ = cursor;
          return rest();
        }
        self->context_.parts.log.error("the search index cannot be written; it is tried again in a few seconds",
                                       {{"error", outcome.error ? outcome.error->text() : "it moved on"}});
        self->failed(again);
      });
}

void SearchIndex::failed(const std::vector<Id>& again) {
  {
    const std::lock_guard lock(mutex_);
    ended_.insert(again.begin(), again.end());
  }
  busy_ = false;
  if (!stopped_ && context_.parts.alarm)
    context_.parts.alarm(kFailedFor, [self = shared_from_this()] { self->wake(); });
}

Result<store::SearchDoc> SearchIndex::document(const store::RunRow& run) {
  const auto live = context_.live();
  const auto recipe = live->recipes_by_id.find(run.recipe);
  std::vector<store::IdentityRow> identities;
  std::string traits;
  if (run.customer != 0) {
    IEUM_TRY(identities, reader_->identities(run.customer));
    IEUM_TRY(const auto customer, reader_->customer(run.customer));
    if (customer) traits = customer->traits;
  }
  IEUM_TRY(const auto steps, reader_->steps(run.id));
  IEUM_TRY(const auto stored, reader_->event(run.trigger_event));
  const auto* definition = recipe == live->recipes_by_id.end() ? nullptr : &recipe->second->program->recipe;
  std::optional<host::HubEvent> trigger;
  TriggerText text;
  const host::Manifest* manifest = nullptr;
  if (stored && !left_out_.contains(stored->event.id)) {
    const auto connection = live->connections_by_id.find(stored->event.connection);
    if (connection != live->connections_by_id.end() && connection->second->connector != nullptr)
      manifest = &connection->second->connector->manifest();
    if (is_text_alone(definition, manifest, *stored)) {
      text.json = stored->payload.body;
    } else {
      context_.working_on("event " + std::to_string(stored->event.id) + std::string(kForIndex));
      auto items = events_of(*live, *stored);
      const auto item = static_cast<std::size_t>(run.trigger_item);
      if (items.has_value() && item < items->size()) trigger = std::move((*items)[item]);
      if (trigger) text.event = &*trigger;
    }
  }
  return search_document(run, definition, manifest, text, identities, traits, steps, &context_.parts.zones);
}

}  // namespace ieum::runtime
