#include <cstdlib>

#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "runtime/hub_parts.hpp"
#include "store/restore.hpp"

namespace ieum::runtime {
namespace {
constexpr Millis kQuietFor = 250;  // real time without an event, after which an instant of a virtual clock is closed
}  // namespace

HubInside::HubInside(HubParts parts)
    : context_(std::move(parts)),
      router_(context_, {[this](OpenedRun opened) { act(std::move(opened), false); },
                         [this](Millis due) { scheduler_.note_due(due); },
                         [this] {
                           scheduler_.arrivals_moved();
                           progressed();
                         },
                         [this](Id run) { return worker_.in_flight(run); },
                         [this] {
                           if (const auto read = held_.changed(); read.has_error())
                             context_.parts.log.error("holds cannot be read anew", {{"error", read.error().text()}});
                         },
                         [this](const store::FanOutRow& row) { fan_out_.begin(row); }}),
      worker_(context_, {[this](OpenedRun opened) { act(std::move(opened), false); },
                         [this](Millis due) { scheduler_.note_due(due); }}),
      scheduler_(context_, {[this](OpenedRun opened, bool fate_unknown) { act(std::move(opened), fate_unknown); },
                            [this](Id run) { return worker_.in_flight(run); },
                            [this](store::EventWithPayload delivery) {
                              delivered({std::move(delivery), {}, {}});
                            },
                            [this] {
                              if (!context_.intake_closed) poller_.pass();
                              subscriptions_.pass();
                              held_.pass();
                              disk_->pass();
                              retention_->pass();
                            },
                            [this] { return vendors_due(); }}),
      fan_out_(context_, {[this](OpenedRun opened) { act(std::move(opened), false); },
                          [this](Millis due) { scheduler_.note_due(due); }, [this] { progressed(); }}),
      recovery_(context_, router_, [this](Millis due) { scheduler_.note_due(due); }),
      acceptor_(
          context_, [this](Acceptor::Delivered delivery) { delivered(std::move(delivery)); },
          [this] {
            scheduler_.arrivals_moved();
            progressed();
          }),
      poller_(context_, {[this](store::EventWithPayload delivery) {
                           delivered({std::move(delivery), {}, {}});
                         },
                         [this] { scheduler_.arrivals_moved(); }, [this](Millis due) { scheduler_.note_due(due); }}),
      subscriptions_(context_, [this](Millis due) { scheduler_.note_due(due); }),
      repairs_(context_, [this](Id run) { return worker_.in_flight(run); }),
      held_(context_, {[this](Millis due) { scheduler_.note_due(due); },
                       [this](Id run, const RunDeed& deed, std::function<void(Status)> done) {
                         change_on_engine(run, repair_work(deed), done);
                       }}),
      tokens_(context_),
      logins_(context_, tokens_, held_),
      search_(std::make_shared<SearchIndex>(context_, context_.parts.behind)),
      disk_(std::make_shared<Disk>(context_, context_.parts.behind,
                                   Disk::Links{[this] { retention_->now(); },
                                               [this] {
                                                 context_.parts.engine.post([this] {
                                                   if (routing_open_) scheduler_.pass();
                                                 });
                                               },
                                               [this] {
                                                 // Nothing else may be due for long.
                                                 if (const auto due = retention_->next(); due && *due <= context_.now())
                                                   context_.parts.engine.post([this] { retention_->pass(); });
                                               }})),
      retention_(std::make_shared<Retention>(context_, context_.parts.behind, [this] { return disk_->room(); })) {
  context_.tokens = &tokens_;
  context_.connection_died = [this](Id connection, const std::string& problem) { held_.died(connection, problem); };
  context_.deliveries_drift = [this](Id connection, const std::string& drift) { held_.drifted(connection, drift); };
  context_.wake_held = [this] { held_.wake(); };
  context_.wake_away = [this](Id run) { return scheduler_.wake(run); };
  context_.eased = [this] {
    router_.pump();
    fan_out_.pump();
    if (routing_open_) scheduler_.eased();
  };
  context_.health_changed = [this] {
    // Never inside what is under way at the connection.
    context_.parts.engine.post([this] {
      look_after_vendors();
      if (routing_open_) scheduler_.pass();
    });
  };
  context_.progressed = [this] { progressed(); };
  context_.tell = [this](const RunNews& news) {
    search_->heard(news);
    std::lock_guard lock(listeners_mutex_);
    for (const auto& [handle, listener] : listeners_) listener(news);
  };
}

Status HubInside::start() {
  auto& store = context_.parts.store;
  context_.started_ms = context_.now();
  context_.receipt_key = context_.parts.vault.derive("receipts");
  context_.touch_key = context_.parts.vault.derive("touches");
  context_.first_hop = hops_text(1, context_.receipt_key.reveal());
  commands_reader_ = store.reader();
  {
    std::lock_guard lock(commands_mutex_);
    IEUM_TRY(auto hub_id, commands_reader_->meta("hub_id"));
    if (!hub_id) {
      hub_id = hex_encode(context_.parts.random.bytes(16));
      const auto put = store.submit_and_wait(store::Queue::work, store::Unit{{store::PutMeta{"hub_id", *hub_id}}});
      if (put.error) return *put.error;
    }
    context_.hub_id = *hub_id;
    IEUM_TRY(const auto restored, commands_reader_->meta(store::kRestoredRun));
    if (restored) context_.restored_run = std::strtoll(restored->c_str(), nullptr, 10);
    IEUM_CHECK(reload());
    const auto live = context_.live();
    for (const auto& hold : live->holds)
      if (hold.of_hub() && !hold.released())
        context_.parts.log.warning("all that goes out is on hold until somebody releases it", {{"why", hold.reason}});
  }
  disk_->start();
  context_.parts.engine.post([this] {
    auto taken_up = context_.read_policy();
    if (taken_up.has_value()) taken_up = context_.read_listened();
    if (taken_up.has_value())
      taken_up = recovery_.start(context_.parts.crash_cause, [this] {
        routing_open_ = true;
        look_after_vendors();
        auto held = std::move(held_back_);
        held_back_.clear();
        for (auto& arrival : held) router_.enqueue(std::move(arrival));
        held_.wake();
        if (const auto left = fan_out_.take_up(); left.has_error())
          context_.parts.log.error("audiences that were under way cannot be read", {{"error", left.error().text()}});
        search_->start(context_.parts.crash_cause);
        look_after_credentials();
        scheduler_.pass();
      });
    if (taken_up.has_value()) return;
    context_.parts.log.error("what the former process left cannot be read", {{"error", taken_up.error().text()}});
    if (context_.parts.fatal) context_.parts.fatal(taken_up.error());
  });
  return {};
}

void HubInside::look_after_vendors() {
  if (!routing_open_) return;
  poller_.refresh();
  subscriptions_.refresh();
}

std::optional<Millis> HubInside::vendors_due() const {
  const auto poll = context_.intake_closed ? std::optional<Millis>() : poller_.next();
  const auto subscription = subscriptions_.next();
  const auto hold = held_.next();
  auto next = !poll || (subscription && *subscription < *poll) ? subscription : poll;
  if (hold && (!next || *hold < *next)) next = hold;
  return next;
}

void HubInside::delivered(Acceptor::Delivered delivery) {
  poller_.wake(delivery.stored.event.connection, delivery.stored.event.topic);
  Arrival arrival(std::move(delivery.stored), std::move(delivery.read));
  arrival.share = std::move(delivery.share);
  if (routing_open_) return router_.enqueue(std::move(arrival));
  arrival.leave_to_the_store();
  held_back_.push_back(std::move(arrival));
}

void HubInside::act(OpenedRun opened, bool fate_unknown) {
  if (context_.stopping) {
    // Nothing is sent any more: a due time says so, and the next start need not doubt it.
    auto later = attempt_at(opened.run, context_.now(), opened.run.reason, context_.parts.store.epoch());
    context_.commit(store::Unit{{std::move(later)}}, [](const store::UnitOutcome&) {});
    return;
  }
  worker_.act(std::move(opened), fate_unknown);
}

void HubInside::accept(const std::string& connection, const std::string& url_token, HttpRequest request,
                       std::function<void(HttpResponse)> done, std::shared_ptr<IntakeBudget::Share> share) {
  ++context_.deliveries;
  acceptor_.accept(connection, url_token, std::move(request), std::move(done), std::move(share));
}

std::optional<BodyRoom> HubInside::room_for(const std::string& connection, std::optional<std::size_t> length) {
  const auto live = context_.live();
  const auto found = live->connections.find(connection);
  if (found == live->connections.end()) return std::nullopt;
  BodyRoom room;
  room.bytes_max = limits::kBodyBytes;
  if (const auto* connector = found->second->connector; connector != nullptr && connector->manifest().webhook)
    room.bytes_max = std::min(connector->manifest().webhook->body_bytes_max, limits::kBodyBytesMax);
  if (length && *length > room.bytes_max) return room;  // it is refused for that
  room.share = acceptor_.take_room(connection, length.value_or(room.bytes_max), room.refuse);
  return room;
}

void HubInside::accept_at(const std::string& address, HttpRequest request, std::function<void(HttpResponse)> done,
                          std::shared_ptr<IntakeBudget::Share> share) {
  acceptor_.accept_at(address, std::move(request), std::move(done), std::move(share));
}

HttpResponse HubInside::preflight_at(const std::string& address, std::string_view origin) const {
  return acceptor_.preflight_at(address, origin);
}

std::optional<BodyRoom> HubInside::room_at(const std::string& address, std::optional<std::size_t> length) {
  if (acceptor_.sharing(address).empty()) return std::nullopt;
  BodyRoom room;
  room.bytes_max = limits::kBodyBytes;
  if (length && *length > room.bytes_max) return room;
  room.share = acceptor_.take_room(address, length.value_or(room.bytes_max), room.refuse);
  return room;
}

bool HubInside::idle() const {
  return routing_open_ && router_.idle() && worker_.idle() && scheduler_.idle() && fan_out_.idle() &&
         recovery_.idle() && poller_.idle() && subscriptions_.idle() && tokens_.idle() && held_.idle() &&
         context_.commits_pending() == 0 && context_.arrivals.size() == 0;
}

void HubInside::progressed() {
  if (stopped_ && worker_.idle() && poller_.idle() && subscriptions_.idle() && tokens_.idle() &&
      context_.commits_pending() == 0) {
    auto stopped = std::move(stopped_);
    stopped_ = nullptr;
    stopped();
  }
  if (waiting_for_idle_.empty() || (!idle() && !context_.stopping)) return;
  auto waiting = std::move(waiting_for_idle_);
  waiting_for_idle_.clear();
  for (auto& promise : waiting) promise.set_value();
}

void HubInside::wait_until_idle() {
  std::promise<void> promise;
  auto reached = promise.get_future();
  context_.parts.engine.post([this, promise = std::make_shared<std::promise<void>>(std::move(promise))] {
    waiting_for_idle_.push_back(std::move(*promise));
    progressed();
  });
  context_.parts.engine.lend_hand();
  reached.get();
}

// An event of the instant `to` may still come and goes before its timers: so the instant stays open, until the next call
// or until no event came for a while.
Status HubInside::advance_clock(ManualClock& clock, Millis to) {
  std::lock_guard lock(commands_mutex_);
  if (to < clock.now()) return Error("clock_backwards", "the clock stands later already");
  const auto settle = [this](std::optional<Millis> open) {
    context_.parts.engine.post([this, open] {
      scheduler_.close_instant();
      if (open) scheduler_.open_instant(*open);
      scheduler_.pass();
    });
    wait_until_idle();
  };
  for (;;) {
    settle({});
    if (context_.stopping) return Error("stopping", "the hub is stopping; the clock was not moved to the end");
    IEUM_TRY(const auto due, earliest_due());
    if (!due || *due >= to || clock.now() == to) break;
    if (*due <= clock.now())
      return Error("clock_stuck", "what is due cannot be done now; the clock stays", "the log says why; try again");
    clock.set(*due);
  }
  if (clock.now() == to) return {};
  clock.set(to);
  settle(to);
  close_instant_later(to, context_.deliveries);
  return {};
}

Result<std::optional<Millis>> HubInside::next_due() {
  std::lock_guard lock(commands_mutex_);
  return earliest_due();
}

Result<std::optional<Millis>> HubInside::earliest_due() {
  IEUM_TRY(auto due, commands_reader_->next_due());
  if (const auto schedule = scheduler_.next_schedule(); schedule && (!due || *schedule < *due)) due = schedule;
  if (const auto vendors = vendors_due(); vendors && (!due || *vendors < *due)) due = vendors;
  return due;
}

void HubInside::close_instant_later(Millis at, std::uint64_t deliveries) {
  if (!context_.parts.alarm) return;
  context_.parts.alarm(kQuietFor, [this, at, deliveries] {
    context_.parts.engine.post([this, at, deliveries] {
      if (context_.stopping || context_.now() != at) return;
      const std::uint64_t seen = context_.deliveries;
      if (seen != deliveries) return close_instant_later(at, seen);
      scheduler_.close_instant();
      scheduler_.pass();
    });
  });
}

void HubInside::stop(Millis grace_for, std::function<void()> done) {
  context_.parts.engine.post([this, grace_for, done = std::move(done)]() mutable {
    context_.stopping = true;
    search_->stop();
    disk_->stop();
    retention_->leave();
    for (auto& work : context_.hosts.drain()) context_.parts.engine.post(std::move(work));
    stopped_ = std::move(done);
    if (context_.parts.alarm) {
      context_.parts.alarm(grace_for, [this] {
        context_.parts.engine.post([this] {
          if (!stopped_) return;
          auto stopped = std::move(stopped_);
          stopped_ = nullptr;
          stopped();
        });
      });
    }
    progressed();
  });
}

Result<Value> HubInside::receipt(const std::string& receipt, store::Reader& reader) const {
  const auto id = receipt_event(receipt, context_.receipt_key.reveal());
  if (!id) return Error("unknown_receipt", "there is no such receipt");
  IEUM_TRY(const auto stored, reader.event(*id));
  if (!stored) return Error("unknown_receipt", "there is no such receipt");
  static constexpr const char* kStates[] = {"accepted", "routed", "quarantined", "set_aside"};
  store::RunFilter filter;
  filter.trigger_event = *id;
  IEUM_TRY(const auto runs, reader.runs(filter));
  return Value(Map{{"receipt", receipt},
                   {"state", kStates[static_cast<int>(stored->event.state)]},
                   {"runs", static_cast<std::int64_t>(runs.rows.size())}});
}

std::unique_ptr<Hub> make_hub(HubParts parts) { return std::make_unique<HubInside>(std::move(parts)); }

}  // namespace ieum::runtime
