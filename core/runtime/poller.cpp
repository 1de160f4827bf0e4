#include "runtime/poller.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/time_text.hpp"
#include "host/connection_form.hpp"
#include "host/delivery.hpp"
#include "runtime/stored_events.hpp"
#include "runtime/talk.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kEveryLeast = 5 * kSecond;
constexpr Millis kWakeAfter = 2 * kSecond;
constexpr Millis kSilentFor = 6 * kHour;        // without an answer, for calls too many: then people are told
constexpr Millis kWrittenEvery = 10 * kMinute;  // how often a row is written that says nothing new
constexpr std::string_view kDelivery = "delivery:";

// The field poll_every of the connection, else the manifest's interval.
Millis every_of(const host::Poll& poll, const Value& config) {
  const auto own = parse_duration(config.text("poll_every"));
  return std::max(kEveryLeast, own.has_value() ? *own : poll.every_for);
}

bool wants_backfill(const Value& config) {
  const auto* field = config.get("backfill");
  if (field == nullptr) return false;
  if (const auto* flag = field->if_bool()) return *flag;
  if (const auto* text = field->if_string()) return !text->empty() && *text != "false" && *text != "no" && *text != "0";
  const auto* number = field->if_int();
  return number != nullptr && *number != 0;
}

// The poll as its quota sees it: a bucket may ask what is about to be sent.
Quota::Call first_request(const LiveConnection& connection, host::Call call) {
  const auto& buckets = connection.limits->buckets;
  const bool asked = std::any_of(buckets.begin(), buckets.end(), [](const auto& one) { return one.when.has_value(); });
  if (!asked) return quota_call(connection, call.operation, call.inputs, {});
  call.connection = connection.config;
  const auto effect = connection.connector->step(call);
  const auto* http = std::get_if<host::HttpEffect>(&effect);
  return quota_call(connection, call.operation, call.inputs, http == nullptr ? HttpRequest{} : http->request);
}

// Within one element of one poll; a key of deliveries belongs to the whole connection.
std::string dedupe_key(const ChoreKey& key, const std::string& told) {
  if (told.starts_with(kDelivery)) return told.substr(kDelivery.size());
  return "poll:" + key.name + ":" + key.item + ":" + told;
}

// The name under which a webhook told the same already, if it did; "" when none could have.
std::string heard_as(const Live& live, const LiveConnection& connection, const store::EventWithPayload& told) {
  if (connection.connector->manifest().poll_beside_webhook(told.event.topic) == nullptr) return {};
  const auto events = events_of(live, told);
  if (events.has_error() || events->size() != 1 || !told_both_ways(connection, events->front())) return {};
  return fact_key(events->front(), false);
}

// Why an answer breaks the rules of a poll; "" when it keeps them.
std::string broken_rule(const host::Poll& poll, const host::EventsEffect& events) {
  if (events.cursor.is_null()) return "the connector told no cursor";
  for (const auto& item : events.items) {
    if (item.key.empty()) return "the connector told an item without a key";
    if (std::find(poll.events.begin(), poll.events.end(), item.name) == poll.events.end())
      return "the connector told an event \"" + item.name + "\" that this poll does not name";
  }
  return {};
}

bool listened_to(const Live& live, const LiveConnection& connection, const host::Poll& poll) {
  return std::any_of(poll.events.begin(), poll.events.end(),
                     [&](const std::string& topic) { return live.wants(connection, topic); });
}

}  // namespace

std::vector<std::string> elements_of(const Value& config, const std::string& each) {
  if (each.empty()) return {""};
  std::vector<std::string> elements;
  const auto* field = config.get(each);
  if (field == nullptr || field->if_list() == nullptr) return elements;
  for (const auto& element : *field->if_list()) {
    const auto* text = element.if_string();
    if (text == nullptr || text->empty() || elements.size() >= host::kElementsMax) continue;
    if (std::find(elements.begin(), elements.end(), *text) == elements.end()) elements.push_back(*text);
  }
  return elements;
}

Poller::Entry* Poller::entry(const ChoreKey& key) {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void Poller::refresh() {
  if (context_.parts.rehearsal) return;
  const Millis now = context_.now();
  std::map<ChoreKey, store::PollRow> stored;
  const bool first = !loaded_;
  if (first) {
    auto rows = context_.reader->polls();
    loading_failed_ = rows.has_error();
    if (rows.has_error()) {
      context_.parts.log.error("the cursors of polls cannot be read; nothing is polled yet",
                               {{"error", rows.error().text()}});
      return;
    }
    for (auto& row : *rows) stored.emplace(ChoreKey{row.connection, row.poll, row.item}, std::move(row));
    loaded_ = true;
  }
  const auto live = context_.live();
  std::map<ChoreKey, std::pair<Millis, bool>> wanted;  // its interval, and whether its connection is asleep
  for (const auto& [name, connection] : live->connections) {
    if (connection->connector == nullptr || !connection->row.enabled) continue;
    for (const auto& poll : connection->connector->manifest().polls) {
      if (!listened_to(*live, *connection, poll) || (poll.optional && !connection->can_log_in())) continue;
      for (auto& item : elements_of(connection->config, poll.each))
        wanted.emplace(ChoreKey{connection->row.id, poll.name, std::move(item)},
                       std::pair(every_of(poll, connection->config), connection->asleep()));
    }
  }
  store::Unit forget;
  const auto leave = [&](const ChoreKey& key) {
    plan_.drop(key);
    const auto connection = live->connections_by_id.find(key.connection);
    // A connector that is missing at this start comes back: its cursors are kept.
    if (connection != live->connections_by_id.end() && connection->second->connector == nullptr) return;
    forget.writes.emplace_back(store::DropPoll{key.connection, key.name, key.item});
  };
  std::erase_if(entries_, [&](const auto& one) {
    if (wanted.contains(one.first)) return false;
    leave(one.first);
    return true;
  });
  for (const auto& [key, row] : stored)
    if (!wanted.contains(key)) leave(key);
  for (const auto& [key, facts] : wanted) {
    const auto [every, asleep] = facts;
    auto [at, added] = entries_.try_emplace(key);
    Entry& entry = at->second;
    entry.every_for = every;
    const bool mended = std::exchange(entry.asleep, asleep) && !asleep;
    if (!added) {
      if (asleep || mended)
        put_due(key, entry, now);
      else if (entry.row.failures == 0)
        put_due(key, entry, std::min(entry.row.due_ms, now + every));
      continue;
    }
    if (const auto found = stored.find(key); found != stored.end()) {
      entry.row = found->second;
      entry.cursor_stored = entry.row.cursor;
    } else {
      entry.row.connection = key.connection;
      entry.row.poll = key.name;
      entry.row.item = key.item;
      entry.row.due_ms = now;
    }
    // A clock that went back must not silence it.
    put_due(key, entry, std::min(entry.row.due_ms, now + std::max(every, kHour)));
    if (first && ended_the_process(context_.parts.crash_cause, key.connection, key.name)) set_aside(key, entry);
  }
  if (!forget.writes.empty())
    context_.commit(std::move(forget), [this](const store::UnitOutcome& outcome) {
      // Rows that are still there are read again: one of them may be listened to again by then.
      if (outcome.kind != store::UnitOutcome::Kind::committed) loaded_ = false, loading_failed_ = true;
    });
  plan_next();
}

void Poller::put_due(const ChoreKey& key, Entry& entry, Millis due) {
  entry.row.due_ms = due;
  if (entry.asleep)
    plan_.drop(key);
  else
    plan_.put(key, due);
}

void Poller::plan_next() {
  next_.store(plan_.next(context_.now()).value_or(kNone));
  if (const auto next = this->next()) links_.due(*next);
  show();
}

std::optional<Millis> Poller::next() const {
  const Millis next = next_.load();
  return next == kNone ? std::nullopt : std::optional<Millis>(next);
}

void Poller::pass() {
  if (context_.stopping || context_.parts.rehearsal) return;
  if (loading_failed_) refresh();
  const auto begun = plan_.take(context_.now());
  for (const auto& key : begun) begin(key);
  if (!begun.empty() || next_.load() <= context_.now()) plan_next();
}

void Poller::begin(const ChoreKey& key) {
  Entry& entry = entries_.at(key);
  entry.set_aside = false;
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(key.connection);
  if (found == live->connections_by_id.end() || found->second->connector == nullptr) {
    plan_.ended(key, context_.now());  // refresh() is on its way and takes it out
    return plan_.drop(key);
  }
  const auto& connection = found->second;
  const Millis now = context_.now();
  if (connection->asleep()) {
    entry.asleep = true;
    plan_.ended(key, context_.now());
    return put_due(key, entry, now);
  }
  TalkCall begin{connection, {}};
  begin.call.phase = host::Phase::poll;
  begin.call.operation = key.name;
  begin.call.inputs = Map{{"item", key.item}};
  begin.call.now_ms = now;
  begin.call.step_key = "poll";
  if (!entry.cursor_stored.empty()) {
    auto cursor = parse_json(entry.cursor_stored);
    if (cursor.has_value()) begin.call.state = std::move(*cursor);
  }
  const auto turn = context_.quota.ask(first_request(*connection, begin.call), entry.places, entry.turn_ms, now);
  if (turn.at_ms > now) {
    entry.waits_for = turn.bucket;
    if (std::find(entry.places.begin(), entry.places.end(), turn.bucket) == entry.places.end())
      entry.places.push_back(turn.bucket);
    entry.turn_ms = turn.at_ms;
    plan_.ended(key, context_.now());
    return put_due(key, entry, turn.at_ms);
  }
  entry.places.clear();
  entry.waits_for.clear();
  const bool first = begin.call.state.is_null();
  talk(context_, std::move(begin), [this, key, first](host::Effect effect) {
    // Never inside begin(): the next in line is begun when this pass is over.
    context_.parts.engine.post([this, key, first, effect = std::move(effect)] { ended(key, effect, first); });
  });
}

void Poller::ended(const ChoreKey& key, const host::Effect& effect, bool first) {
  Entry* entry = this->entry(key);
  if (entry == nullptr) {  // nobody listens any more: what it told is not wanted
    plan_.ended(key, context_.now());
  } else if (const auto* events = std::get_if<host::EventsEffect>(&effect)) {
    return accept(key, *events, first);
  } else if (const auto* fail = std::get_if<host::FailEffect>(&effect)) {
    failed(key, *fail);
  } else {
    failed(key, {host::FailKind::broken, "module_answer", "the connector told no events where they were asked", {}});
  }
  pass();
  plan_next();
  if (context_.progressed) context_.progressed();
}

void Poller::failed(const ChoreKey& key, const host::FailEffect& fail) {
  Entry& entry = entries_.at(key);
  const Millis now = context_.now();
  const auto live = context_.live();
  const auto connection = live->connections_by_id.find(key.connection);
  plan_.ended(key, context_.now());
  if (fail.kind == host::FailKind::rate_limited) {
    const Millis wait = fail.retry_after_for.value_or(kRefusedFor);
    entry.waits_for = "vendor";
    if (entry.row.last_ok_ms && now - *entry.row.last_ok_ms > kSilentFor)
      entry.row.problem =
          "the vendor has refused every call as one too many since " + rfc3339_utc(*entry.row.last_ok_ms);
    return put_due(key, entry, now + wait + 1);
  }
  ++entry.row.failures;
  entry.row.problem = fail.message.empty() ? fail.code : fail.message;
  const bool dead = fail.kind == host::FailKind::auth_dead;
  put_due(key, entry,
          next_after_failure(now, dead ? kHour : entry.every_for, entry.row.failures, fail.retry_after_for,
                             context_.parts.random.unit()));
  context_.parts.log.warning(
      "a poll failed; what came in the meantime is told when it works again",
      {{"connection", connection == live->connections_by_id.end() ? "" : connection->second->row.name},
       {"poll", key.name},
       {"item", key.item},
       {"why", entry.row.problem}});
  context_.commit(store::Unit{{store::PutPoll{entry.row, entry.cursor_stored}}}, [](const store::UnitOutcome&) {});
  if (dead && context_.connection_died) context_.connection_died(key.connection, entry.row.problem);
}

void Poller::set_aside(const ChoreKey& key, Entry& entry) {
  ++entry.row.failures;
  entry.row.problem = "the process ended while its connector worked on this poll: " + context_.parts.crash_cause;
  entry.set_aside = true;
  put_due(key, entry,
          next_after_crash(context_.now(), entry.every_for, entry.row.failures, context_.parts.random.unit()));
  context_.parts.log.error("a poll that ended the process is set aside for a while",
                           {{"connection", context_.live()->connections_by_id.at(key.connection)->row.name},
                            {"poll", key.name},
                            {"item", key.item},
                            {"until", rfc3339_utc(entry.row.due_ms)},
                            {"cause", context_.parts.crash_cause}});
  context_.commit(store::Unit{{store::PutPoll{entry.row, entry.cursor_stored}}}, [](const store::UnitOutcome&) {});
}

void Poller::accept(const ChoreKey& key, const host::EventsEffect& events, bool first) {
  Entry& entry = entries_.at(key);
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(key.connection);
  const auto* poll = found == live->connections_by_id.end() || found->second->connector == nullptr
                         ? nullptr
                         : found->second->connector->manifest().poll(key.name);
  const Millis now = context_.now();
  const std::string broken = poll == nullptr ? "the connector has no such poll any more" : broken_rule(*poll, events);
  if (!broken.empty()) {
    failed(key, {host::FailKind::broken, "module_answer", broken + "; nothing of it was taken", {}});
    pass();
    return plan_next();
  }
  const LiveConnection& connection = *found->second;
  const bool backlog = first && !events.items.empty() && !wants_backfill(connection.config);
  if (backlog) {
    context_.parts.log.error(
        "the first poll told events of before; they were left out, and the connector is to be mended",
        {{"connection", connection.row.name}, {"poll", key.name}, {"item", key.item}});
  }
  store::Unit unit;
  std::vector<store::EventWithPayload> told;
  const std::string headers = write_json(Map{{host::kToldBy, "poll"}});
  for (const auto& item : events.items) {
    if (backlog) break;
    if (!live->wants(connection, item.name)) continue;
    store::EventWithPayload delivery;
    delivery.event.id = context_.parts.store.next_id(store::IdSpace::event);
    delivery.event.connection = key.connection;
    delivery.event.topic = item.name;
    delivery.event.received_ms = now;
    delivery.payload.method = kPolled;
    delivery.payload.path = "/polls/" + connection.row.name + "/" + key.name;
    delivery.payload.headers = headers;
    delivery.payload.body = write_json(item.data);
    if (delivery.payload.body.size() > limits::kBodyBytes) {
      delivery.payload.body = "null";
      delivery.event.state = store::EventState::quarantined;
      delivery.event.reason = "the vendor told an item of more than 1 MB (" + item.key + ")";
    }
    unit.writes.emplace_back(store::AcceptItem{delivery.event, delivery.payload, dedupe_key(key, item.key),
                                               heard_as(*live, connection, delivery)});
    if (delivery.event.state != store::EventState::fresh) continue;
    context_.arrivals.add(now);
    told.push_back(std::move(delivery));
  }
  const std::string cursor = write_json(events.cursor);
  // The same cursor once more would ask the same for ever.
  const bool more = events.more && cursor != entry.cursor_stored;
  const bool nothing_new = unit.writes.empty() && cursor == entry.cursor_stored && entry.row.failures == 0;
  entry.row.cursor = cursor;
  entry.row.failures = 0;
  entry.row.problem.clear();
  entry.row.last_ok_ms = now;
  Millis due = next_after_success(now, entry.every_for, context_.parts.random.unit());
  if (std::exchange(entry.woken, false)) due = std::min(due, now + kWakeAfter);
  entry.row.due_ms = more ? now : due;
  if (nothing_new && now - entry.stored_ms < kWrittenEvery) {
    plan_.ended(key, context_.now());
    put_due(key, entry, entry.row.due_ms);
    pass();
    plan_next();
    if (context_.progressed) context_.progressed();
    return;
  }
  unit.writes.emplace_back(store::PutPoll{entry.row, entry.cursor_stored});
  commit(key, std::move(unit), std::move(told), more);
}

void Poller::commit(const ChoreKey& key, store::Unit unit, std::vector<store::EventWithPayload> told, bool more) {
  auto shared = std::make_shared<std::vector<store::EventWithPayload>>(std::move(told));
  const std::string cursor = unit.writes.back().as<store::PutPoll>()->row.cursor;
  context_.commit(std::move(unit), [this, key, shared, cursor, more](const store::UnitOutcome& outcome) {
    using Kind = store::UnitOutcome::Kind;
    const bool good = outcome.kind == Kind::committed;
    const std::set<Id> known(outcome.passed_over.begin(), outcome.passed_over.end());
    bool left_out = false;
    for (auto& delivery : *shared) {
      if (good && !known.contains(delivery.event.id)) {
        links_.delivered(std::move(delivery));
        continue;
      }
      context_.arrivals.remove(delivery.event.received_ms);
      left_out = true;
    }
    if (left_out) links_.gone();
    plan_.ended(key, context_.now());
    if (Entry* entry = this->entry(key); entry != nullptr) {
      if (good) {
        entry->cursor_stored = cursor;
        entry->stored_ms = context_.now();
        put_due(key, *entry, more ? context_.now() : entry->row.due_ms);
      } else {
        // Nothing of it is there: it is asked again from the cursor that is stored.
        entry->row.cursor = entry->cursor_stored;
        put_due(key, *entry, context_.now() + kEveryLeast);
        context_.parts.log.error(
            "what a poll told could not be stored; it is asked again",
            {{"poll", key.name}, {"error", outcome.error ? outcome.error->text() : "it moved on"}});
      }
    }
    pass();
    plan_next();
  });
}

void Poller::wake(Id connection, const std::string& topic) {
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(connection);
  if (found == live->connections_by_id.end() || found->second->connector == nullptr) return;
  bool moved = false;
  for (const auto& poll : found->second->connector->manifest().polls) {
    if (std::find(poll.wake_by.begin(), poll.wake_by.end(), topic) == poll.wake_by.end()) continue;
    for (auto at = entries_.lower_bound({connection, poll.name, ""});
         at != entries_.end() && at->first.connection == connection && at->first.name == poll.name; ++at) {
      Entry& entry = at->second;
      if (entry.asleep || entry.set_aside) continue;
      if (plan_.under_way(at->first)) {
        entry.woken = true;
        continue;
      }
      // One that fails is asked again soon, and not as often as deliveries come.
      const Millis soon = context_.now() + (entry.row.failures == 0 ? kWakeAfter : entry.every_for);
      if (entry.row.due_ms <= soon) continue;
      put_due(at->first, entry, soon);
      moved = true;
    }
  }
  if (moved) plan_next();
}

void Poller::show() {
  std::map<Id, List> made;
  for (const auto& [key, entry] : entries_) {
    Map fact{{"poll", key.name},
             {"item", key.item},
             {"every_ms", entry.every_for},
             {"due_ms", entry.asleep ? Value() : Value(entry.row.due_ms)},
             {"last_ok_ms", entry.row.last_ok_ms ? Value(*entry.row.last_ok_ms) : Value()},
             {"failures", entry.row.failures},
             {"problem", entry.row.problem}};
    if (!entry.waits_for.empty()) fact.set("waits_for", "quota: " + entry.waits_for);
    made[key.connection].push_back(std::move(fact));
  }
  const std::lock_guard lock(view_mutex_);
  view_ = std::move(made);
}

List Poller::view(Id connection) const {
  const std::lock_guard lock(view_mutex_);
  const auto found = view_.find(connection);
  return found == view_.end() ? List() : found->second;
}

}  // namespace ieum::runtime
