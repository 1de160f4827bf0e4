// What people ask of a running hub to repair with: replays, events once more, holds. Each is committed and in force when it returns.
#include <algorithm>
#include <set>

#include "runtime/hub_parts.hpp"
#include "runtime/stored_events.hpp"

namespace ieum::runtime {

// Runs work on the engine and waits for its answer.
Result<Id> HubInside::replay_run(Id original, std::int64_t nth, const std::string& by) {
  return ask_engine<Id>([this, original, nth, by](const std::function<void(Result<Id>)>& done) {
    const auto first = read_run(original);
    if (first.has_error()) return done(first.error());
    context_.locks.acquire(locks_about(*first), [this, original, nth, by, done](KeyLocks::Ticket ticket) {
      const auto leave = [this, ticket, done](Result<Id> result) {
        context_.locks.release(ticket);
        done(std::move(result));
      };
      // As it is now that nobody else moves it.
      const auto run = read_run(original);
      if (run.has_error()) return leave(run.error());
      auto source = judge_replay(*run, nth);
      if (source.has_error()) return leave(source.error());
      auto started = start_run(context_, *source->recipe, Entrant{run->customer, run->key, nullptr}, source->trigger,
                               context_.now());
      if (started.has_error()) return leave(started.error());
      auto advanced = std::make_shared<Advance>(std::move(*started));
      store::Unit unit{std::move(advanced->writes)};
      unit.writes.emplace_back(store::AddReplay{{advanced->run.id, original, nth, by, context_.now()}});
      context_.commit(std::move(unit), [this, leave, advanced, run = *run,
                                        program = source->recipe->program](const store::UnitOutcome& outcome) {
        if (outcome.kind == store::UnitOutcome::Kind::stale)
          return leave(Error("moved_on", "somebody else was faster, or a run about the same began", "look again"));
        if (const auto status = committed(outcome); status.has_error()) return leave(status.error());
        context_.tell_run(advanced->run);
        context_.tell_run(run);
        const Id id = advanced->run.id;
        if (advanced->run.due_ms) scheduler_.note_due(*advanced->run.due_ms);
        if (advanced->open) act({std::move(advanced->run), std::move(*advanced->open), program}, false);
        leave(id);
      });
    });
  });
}

Result<store::RunRow> HubInside::read_run(Id id) {
  IEUM_TRY(auto stored, context_.reader->run(id));
  if (!stored) return Error("unknown_run", "there is no run " + std::to_string(id), "see: ieum run list");
  return std::move(*stored);
}

Result<HubInside::ReplaySource> HubInside::judge_replay(const store::RunRow& run, std::int64_t nth) {
  if (!store::is_terminal(run.state))
    return Error("not_ended", "the run has not ended", "repair it, or cancel it first");
  IEUM_TRY(const auto replays, context_.reader->replays(run.id));
  if (nth != 0 && store::next_replay(replays) > nth)
    return Error("already_replayed",
                 "somebody has replayed this run already, as run " + std::to_string(replays.back().run),
                 "look at that run; replay again if another one is wanted");
  const auto live = context_.live();
  const auto recipe = live->recipes_by_id.find(run.recipe);
  if (recipe == live->recipes_by_id.end())
    return Error("recipe_gone", "its recipe is not in force", "apply it again first");
  if (run.customer != 0 || !run.key.empty()) {
    IEUM_TRY(const auto other, context_.reader->live_run(run.recipe, run.customer, run.key));
    if (other)
      return Error("already_running", "run " + std::to_string(other->id) + " about the same has not ended",
                   "let it end, or cancel it first");
  }
  IEUM_TRY(const auto stored, context_.reader->event(run.trigger_event));
  if (!stored) return Error("event_gone", "the event that began it is not kept any more");
  IEUM_TRY(const auto items, events_of(*live, *stored));
  if (static_cast<std::size_t>(run.trigger_item) >= items.size())
    return Error("cannot_replay", "the event that began it cannot be read as it was");
  const auto& item = items[static_cast<std::size_t>(run.trigger_item)];
  return ReplaySource{recipe->second, {run.trigger_event, run.trigger_item, host::event_scope(item), item.at_ms}};
}

Result<Value> HubInside::deeds(Id id) {
  return ask_engine<Value>([this, id](const std::function<void(Result<Value>)>& done) {
    const auto run = read_run(id);
    if (run.has_error()) return done(run.error());
    static constexpr std::pair<RunDeed::Kind, const char*> kKinds[] = {
        {RunDeed::Kind::retry, "retry"}, {RunDeed::Kind::resume, "resume"},   {RunDeed::Kind::skip, "skip"},
        {RunDeed::Kind::fail, "fail"},   {RunDeed::Kind::look_up, "look_up"}, {RunDeed::Kind::cancel, "cancel"}};
    List deeds;
    const auto add = [&](const char* name, const auto& judged) {
      Map deed{{"name", name}, {"allowed", judged.has_value()}};
      if (judged.has_error()) {
        deed.set("code", judged.error().code);
        deed.set("why", judged.error().what);
      }
      deeds.push_back(std::move(deed));
    };
    for (const auto& [kind, name] : kKinds) add(name, repairs_.judge(*run, kind));
    add("move", judge_move(*run));
    add("replay", judge_replay(*run, 0));
    done(std::move(deeds));
  });
}

std::set<std::string> HubInside::search_names() const {
  return SearchIndex::names(*context_.live(), context_.parts.connectors);
}

Result<std::int64_t> HubInside::search_behind(store::Reader& reader) const { return search_->behind(reader); }

Result<Value> HubInside::retention(store::Reader& reader) const {
  IEUM_TRY(const auto keeping, Retention::keeping(reader));
  return Value(
      Map{{"runs_days", keeping.runs_days}, {"events_days", keeping.events_days}, {"max_bytes", keeping.max_bytes}});
}

Status HubInside::set_retention(std::int64_t runs_days, std::int64_t events_days, std::int64_t max_bytes) {
  constexpr std::int64_t kDaysMax = 36'500, kEventsDaysMin = limits::kDedupeDays;
  if (runs_days < 0 || events_days < 0 || runs_days > kDaysMax || events_days > kDaysMax)
    return Error("bad_setting", "days must be 0 (for ever) to 36500");
  // A repeated delivery is answered with the receipt of the first.
  if (events_days != 0 && events_days < kEventsDaysMin)
    return Error("bad_setting", "events are kept for 7 days or more, as long as their repetitions are known",
                 "say 7 or more, or 0 for ever");
  constexpr std::int64_t kBytesLeast = 64 * kMB;
  if (max_bytes != 0 && max_bytes < kBytesLeast)
    return Error("bad_setting", "the store cannot be kept below 64 MB", "say 64 MB or more, or 0 for no limit");
  IEUM_CHECK(committed(context_.parts.store.submit_and_wait(
      store::Queue::work, store::Unit{{Retention::written({runs_days, events_days, max_bytes})}})));
  retention_->now();
  context_.parts.engine.post([this] { scheduler_.pass(); });
  return {};
}

Value HubInside::quotas() const {
  List list;
  std::set<std::string> seen;
  const auto live = context_.live();
  for (const auto& [name, connection] : live->connections) {
    if (!seen.insert(connection->account).second) continue;
    for (const auto& level : context_.quota.levels(connection->account, context_.now())) {
      if (level.rate == 0 && !level.until_ms) continue;
      list.push_back(Map{{"connection", name},
                         {"bucket", level.bucket},
                         {"key", level.key},
                         {"limit", static_cast<std::int64_t>(level.rate)},
                         {"used", static_cast<std::int64_t>(level.used)},
                         {"per_ms", level.per_for},
                         {"waits_until_ms", level.until_ms ? Value(*level.until_ms) : Value()}});
    }
  }
  return list;
}

Value HubInside::hosts() const {
  static constexpr const char* kCircuits[] = {"closed", "open", "half_open"};
  List list;
  for (const auto& host : context_.hosts.states(context_.now())) {
    const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
    list.push_back(Map{{"host", host.origin},
                       {"state", host.rising ? "rising" : kCircuits[static_cast<int>(host.circuit)]},
                       {"failing_since_ms", host.failing_since_ms ? Value(*host.failing_since_ms) : Value()},
                       {"next_try_ms", host.next_try_ms ? Value(*host.next_try_ms) : Value()},
                       {"under_way", count(host.under_way)},
                       {"waiting", count(host.waiting)},
                       {"away", count(host.away)},
                       {"long", host.noticed}});
  }
  return list;
}

Status HubInside::settle_event(Id event, store::EventState to, const std::string& reason) {
  const auto settled = ask_engine<Id>([this, event, to, reason](const std::function<void(Result<Id>)>& done) {
    const auto stored = context_.reader->event(event);
    if (stored.has_error()) return done(stored.error());
    if (!*stored) return done(Error("unknown_event", "there is no event " + std::to_string(event)));
    const auto state = (*stored)->event.state;
    if (state != store::EventState::dead && state != store::EventState::quarantined)
      return done(Error("event_routed", "the event was not set aside", "replay its runs instead"));
    context_.commit(store::Unit{{store::SettleEvent{event, state, to, reason}}},
                    [this, done, to, event = **stored](const store::UnitOutcome& outcome) mutable {
                      if (const auto status = committed(outcome); status.has_error()) return done(status.error());
                      const Id id = event.event.id;
                      if (to == store::EventState::fresh) {
                        event.event.state = to;
                        context_.arrivals.add(event.event.received_ms);
                        router_.enqueue(Arrival(std::move(event), {}));
                      }
                      done(id);
                    });
  });
  if (settled.has_error()) return settled.error();
  return {};
}

Status HubInside::retry_event(Id event) { return settle_event(event, store::EventState::fresh, ""); }

Status HubInside::discard_event(Id event, const std::string& by) {
  return settle_event(event, store::EventState::routed, "discarded" + (by.empty() ? std::string() : " by " + by));
}

Result<Id> HubInside::put_hold(store::HoldRow hold) {
  std::lock_guard lock(commands_mutex_);
  const auto live = context_.live();
  if (hold.of_hub()) {
    hold.name = kEverything;
  } else if (hold.kind == "recipe") {
    if (!live->recipes.contains(hold.name))
      return Error("unknown_recipe", "there is no recipe \"" + hold.name + "\"", "see: ieum recipe list");
  } else if (hold.kind == "connection") {
    if (!live->connections.contains(hold.name))
      return Error("unknown_connection", "there is no connection \"" + hold.name + "\"", "see: ieum connection list");
  } else if (hold.kind == "connector") {
    if (context_.parts.connectors.find(hold.name) == nullptr)
      return Error("unknown_connector", "there is no connector \"" + hold.name + "\"", "see: ieum connector list");
  } else {
    return Error("bad_hold", "\"" + hold.kind + "\" cannot be put on hold",
                 "known are: hub, recipe, connection, connector");
  }
  const Millis now = context_.now();
  if (hold.until_ms && *hold.until_ms <= now) return Error("bad_hold", "the hold would have ended before it began");
  if (hold.expire_then != "skip" && hold.expire_then != "cancel")
    return Error("bad_hold", "what becomes of what waited too long must be skip or cancel");
  hold.since_ms = now;
  hold.per_minute.reset();
  IEUM_CHECK(write_hold(store::PutHold{hold}));
  IEUM_TRY(const auto holds, commands_reader_->holds());
  for (const auto& row : holds)
    if (row.kind == hold.kind && row.name == hold.name) return row.id;
  return Error("moved_on", "it was released while it was being made", "try again");
}

Status HubInside::release_hold(Id id, std::int64_t per_minute, std::optional<Millis> expire_after_ms,
                               const std::string& expire_then) {
  std::lock_guard lock(commands_mutex_);
  constexpr std::int64_t kPerMinuteMax = 1'000'000;
  if (per_minute < 0 || per_minute > kPerMinuteMax ||
      (!expire_then.empty() && expire_then != "skip" && expire_then != "cancel"))
    return Error("bad_hold",
                 "the rate must be 0 (at once) to 1000000 a minute, and what becomes of the rest skip or cancel");
  IEUM_TRY(const auto holds, commands_reader_->holds());
  if (std::none_of(holds.begin(), holds.end(), [&](const auto& row) { return row.id == id; }))
    return Error("unknown_hold", "there is no such hold, or all that it held has gone", "see: ieum hold list");
  return write_hold(store::ReleaseHold{id, per_minute, expire_after_ms, expire_then, {}});
}

Status HubInside::write_hold(store::Write write) {
  const auto written = ask_engine<Id>([this, write = std::move(write)](const std::function<void(Result<Id>)>& done) {
    context_.commit(store::Unit{{write}}, [this, done](const store::UnitOutcome& outcome) {
      if (const auto status = committed(outcome); status.has_error()) return done(status.error());
      if (const auto read = held_.changed(); read.has_error()) return done(read.error());
      done(Id{0});
    });
  });
  if (written.has_error()) return written.error();
  return {};
}

}  // namespace ieum::runtime
