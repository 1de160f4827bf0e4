#include "runtime/subscriptions.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "runtime/poller.hpp"
#include "runtime/talk.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kRetryFirst = kMinute;
constexpr int kRemoveTries = 8;  // then the hook is left at the vendor, and said so
constexpr std::string_view kNeedsUrl = "the hub does not know its own address; start it with --public-url";
constexpr std::string_view kSlower =
    "with --public-url the hub would hear of it at once; without, it asks at intervals";

// Which of the topics that somebody hears come by this connection's webhooks alone, and whether any comes by a poll as well.
struct Hears {
  bool by_webhook_alone = false, by_poll_too = false;
};

Hears heard_of(const Live& live, const LiveConnection& connection) {
  Hears out;
  const auto& manifest = connection.connector->manifest();
  for (const auto& event : manifest.events) {
    if (!live.wants(connection, event.topic)) continue;
    const bool polled = std::any_of(manifest.polls.begin(), manifest.polls.end(), [&](const host::Poll& poll) {
      return std::find(poll.events.begin(), poll.events.end(), event.topic) != poll.events.end();
    });
    (polled ? out.by_poll_too : out.by_webhook_alone) = true;
  }
  return out;
}

// What a hook is made with, as text that can be compared.
std::string made_for(const Live& live, const LiveConnection& connection, const std::string& public_url) {
  List wanted;
  for (const auto& event : connection.connector->manifest().events)
    if (live.wants(connection, event.topic)) wanted.push_back(event.topic);
  return write_json(Map{{"hook_url", public_url + "/hooks/" + connection.row.name},
                        {"wanted", std::move(wanted)},
                        {"config", connection.row.config}});
}

}  // namespace

void Subscriptions::refresh() {
  if (context_.parts.rehearsal) return;
  const Millis now = context_.now();
  const bool first = !loaded_;
  if (first) {
    auto rows = context_.reader->subscriptions();
    if (rows.has_error()) {
      context_.parts.log.error("subscriptions cannot be read; they are looked after later",
                               {{"error", rows.error().text()}});
      return;
    }
    loaded_ = true;
    for (auto& row : *rows) {
      const ChoreKey key{row.connection, row.name, row.item};
      Entry& entry = entries_[key];
      entry.row = std::move(row);
      put_due(key, entry, now);  // at each start
    }
  }
  const auto live = context_.live();
  std::map<ChoreKey, bool> wanted;
  for (const auto& [name, connection] : live->connections) {
    if (connection->connector == nullptr || !connection->row.enabled) continue;
    const auto& manifest = connection->connector->manifest();
    if (manifest.subscriptions.empty()) continue;
    const std::string to_be = made_for(*live, *connection, context_.parts.public_url);
    const Hears hears = heard_of(*live, *connection);
    for (const auto& subscription : manifest.subscriptions) {
      for (auto& item : elements_of(connection->config, subscription.each)) {
        const ChoreKey key{connection->row.id, subscription.name, std::move(item)};
        wanted.emplace(key, true);
        auto [at, added] = entries_.try_emplace(key);
        Entry& entry = at->second;
        entry.every_for = subscription.every_for;
        if (added) {
          entry.row.connection = key.connection;
          entry.row.name = key.name;
          entry.row.item = key.item;
        }
        const bool mended = std::exchange(entry.asleep, connection->asleep()) && !connection->asleep();
        // What it lacked may have been entered.
        const bool entered = entry.row.failures > 0 && entry.secrets != connection->versions;
        entry.secrets = connection->versions;
        const bool was_off = entry.wanted_for.empty();
        const bool changed = was_off || entry.wanted_for != to_be || entry.leaving;
        entry.wanted_for = to_be;
        entry.leaving = false;
        if (context_.parts.public_url.empty()) {
          entry.row.problem = hears.by_webhook_alone ? kNeedsUrl : "";
          entry.hint = !hears.by_webhook_alone && hears.by_poll_too ? kSlower : "";
          plan_.drop(key);
          continue;
        }
        entry.hint = {};
        if (added || was_off || entry.asleep || mended || entered || (changed && entry.row.ensured_for != to_be)) {
          put_due(key, entry, now);
        }
      }
    }
  }
  for (auto at = entries_.begin(); at != entries_.end();) {
    auto& [key, entry] = *at++;
    if (wanted.contains(key)) continue;
    const auto connection = live->connections_by_id.find(key.connection);
    if (entry.leaving && connection != live->connections_by_id.end()) {
      const bool asleep = connection->second->asleep();
      if (std::exchange(entry.asleep, asleep) != asleep) put_due(key, entry, now);
      continue;
    }
    if (connection == live->connections_by_id.end()) {  // its rows went with it
      plan_.drop(key);
      entries_.erase(ChoreKey(key));
    } else if (connection->second->row.enabled && connection->second->connector != nullptr) {
      entry.leaving = true;
      entry.row.failures = 0;  // those of ensure are no reason to give up the removal
      entry.asleep = connection->second->asleep();
      put_due(key, entry, now);
    } else {
      plan_.drop(key);
      entry.wanted_for.clear();
    }
  }
  if (first && !context_.parts.crash_cause.empty() && !context_.parts.public_url.empty()) set_aside();
  after();
}

void Subscriptions::set_aside() {
  for (auto& [key, entry] : entries_) {
    std::shared_ptr<const LiveConnection> connection;
    const auto* subscription = spec(key, connection);
    const std::string& cause = context_.parts.crash_cause;
    if (subscription == nullptr ||
        !ended_the_process(cause, key.connection, entry.leaving ? subscription->remove : subscription->ensure))
      continue;
    ++entry.row.failures;
    entry.row.problem = "the process ended while its connector looked after this webhook: " + cause;
    put_due(key, entry,
            next_after_crash(context_.now(), kRetryFirst, entry.row.failures, context_.parts.random.unit()));
    context_.parts.log.error("looking after a webhook ended the process; it is set aside for a while",
                             {{"connection", connection->row.name},
                              {"subscription", key.name},
                              {"item", key.item},
                              {"until", rfc3339_utc(entry.row.due_ms)},
                              {"cause", cause}});
    save(entry);
  }
}

const host::Subscription* Subscriptions::spec(const ChoreKey& key,
                                              std::shared_ptr<const LiveConnection>& connection) const {
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(key.connection);
  if (found == live->connections_by_id.end() || found->second->connector == nullptr) return nullptr;
  connection = found->second;
  for (const auto& subscription : connection->connector->manifest().subscriptions)
    if (subscription.name == key.name) return &subscription;
  return nullptr;
}

void Subscriptions::put_due(const ChoreKey& key, Entry& entry, Millis due) {
  entry.row.due_ms = due;
  if (entry.asleep)
    plan_.drop(key);
  else
    plan_.put(key, due);
}

void Subscriptions::after() {
  next_.store(plan_.next(context_.now()).value_or(kNone));
  if (const auto next = this->next()) due_(*next);
  show();
}

std::optional<Millis> Subscriptions::next() const {
  const Millis next = next_.load();
  return next == kNone ? std::nullopt : std::optional<Millis>(next);
}

void Subscriptions::pass() {
  if (context_.stopping || context_.parts.rehearsal) return;
  const auto begun = plan_.take(context_.now());
  for (const auto& key : begun) begin(key);
  if (!begun.empty() || next_.load() <= context_.now()) after();
}

void Subscriptions::begin(const ChoreKey& key) {
  const auto found = entries_.find(key);
  std::shared_ptr<const LiveConnection> connection;
  const auto* subscription = found == entries_.end() ? nullptr : spec(key, connection);
  if (subscription == nullptr) {
    plan_.ended(key, context_.now());
    plan_.drop(key);
    return;
  }
  Entry& entry = found->second;
  if (connection->asleep()) {
    entry.asleep = true;
    plan_.ended(key, context_.now());
    return put_due(key, entry, context_.now());
  }
  entry.secrets = connection->versions;
  const auto later = [this](auto work) { context_.parts.engine.post(std::move(work)); };
  if (entry.leaving) {
    if (subscription->remove.empty() || entry.row.ensured_for.empty()) {
      plan_.ended(key, context_.now());
      return forget(key);
    }
    return call(key, connection, subscription->remove, [this, key, later](host::Effect effect) {
      later([this, key, effect = std::move(effect)] { removed(key, effect); });
    });
  }
  call(key, connection, subscription->ensure, [this, key, later, to_be = entry.wanted_for](host::Effect effect) {
    later([this, key, to_be, effect = std::move(effect)] { ensured(key, to_be, effect); });
  });
}

void Subscriptions::call(const ChoreKey& key, const std::shared_ptr<const LiveConnection>& connection,
                         const std::string& operation, std::function<void(host::Effect)> done) {
  const Entry& entry = entries_.at(key);
  const auto to_be = parse_json(entry.wanted_for.empty() ? entry.row.ensured_for : entry.wanted_for);
  const auto state = entry.row.state.empty() ? Result<Value>(Value()) : parse_json(entry.row.state);
  Map inputs{{"item", key.item}, {"state", state.has_value() ? *state : Value()}};
  if (to_be.has_value()) {
    inputs.set("hook_url", to_be->text("hook_url"));
    if (const auto* wanted = to_be->get("wanted")) inputs.set("wanted", *wanted);
  }
  TalkCall begin{connection, {}};
  begin.call.operation = operation;
  begin.call.inputs = std::move(inputs);
  begin.call.now_ms = context_.now();
  begin.call.step_key = "subscription";
  begin.requests_max = 30;  // lists before it makes
  begin.first_counted = false;
  talk(context_, std::move(begin), std::move(done));
}

void Subscriptions::ensured(const ChoreKey& key, const std::string& made_for, const host::Effect& effect) {
  plan_.ended(key, context_.now());
  const auto found = entries_.find(key);
  if (found == entries_.end()) return after();
  Entry& entry = found->second;
  const Millis now = context_.now();
  if (const auto* end = std::get_if<host::DoneEffect>(&effect)) {
    if (const auto* state = end->output.get("state")) entry.row.state = write_json(*state);
    entry.row.ensured_for = made_for;
    entry.row.failures = 0;
    entry.row.problem.clear();
    entry.row.note = end->output.text("note");
    entry.row.last_ok_ms = now;
    Millis due = next_after_success(now, entry.every_for, context_.parts.random.unit());
    if (const Millis expires = end->output.number("expires_ms"); expires > now)
      due = std::min(due, now + std::max<Millis>(kMinute, (expires - now) * 3 / 4));
    const bool again = entry.leaving || entry.wanted_for != made_for;  // it changed in the meantime
    put_due(key, entry, again ? now : due);
    save(entry);
  } else if (const auto* fail = std::get_if<host::FailEffect>(&effect)) {
    failed(key, *fail);
  } else {
    failed(key, {host::FailKind::broken, "module_answer", "the connector's answer is no end", {}});
  }
  pass();
  after();
  if (context_.progressed) context_.progressed();
}

void Subscriptions::removed(const ChoreKey& key, const host::Effect& effect) {
  plan_.ended(key, context_.now());
  const auto found = entries_.find(key);
  if (found == entries_.end()) return after();
  const auto* fail = std::get_if<host::FailEffect>(&effect);
  const bool over = fail == nullptr || fail->kind == host::FailKind::gone;
  if (!found->second.leaving) {
    put_due(key, found->second, context_.now());  // it came back
  } else if (over || found->second.row.failures + 1 >= kRemoveTries) {
    if (!over)
      context_.parts.log.warning("a webhook could not be removed at the vendor; remove it there by hand",
                                 {{"subscription", key.name}, {"item", key.item}, {"why", fail->message}});
    forget(key);
  } else {
    failed(key, *fail);
  }
  pass();
  after();
  if (context_.progressed) context_.progressed();
}

void Subscriptions::failed(const ChoreKey& key, const host::FailEffect& fail) {
  Entry& entry = entries_.at(key);
  if (fail.kind != host::FailKind::rate_limited) {
    ++entry.row.failures;
    entry.row.problem = fail.message.empty() ? fail.code : fail.message;
  }
  put_due(key, entry,
          next_after_failure(context_.now(), kRetryFirst, std::max(1, entry.row.failures), fail.retry_after_for,
                             context_.parts.random.unit()));
  context_.parts.log.warning("a webhook at a vendor could not be looked after; it is tried again",
                             {{"subscription", key.name}, {"item", key.item}, {"why", fail.message}});
  save(entry);
  // A secret that nobody entered yet: the connection's other work does not need it.
  const bool lacking = fail.code == "missing_credential";
  if (fail.kind == host::FailKind::auth_dead && !lacking && context_.connection_died)
    context_.connection_died(key.connection, entry.row.problem);
}

void Subscriptions::forget(const ChoreKey& key) {
  plan_.drop(key);
  entries_.erase(key);
  context_.commit(store::Unit{{store::DropSubscription{key.connection, key.name, key.item}}},
                  [](const store::UnitOutcome&) {});
}

void Subscriptions::save(const Entry& entry) {
  context_.commit(store::Unit{{store::PutSubscription{entry.row}}}, [](const store::UnitOutcome&) {});
}

void Subscriptions::remove_all(Id connection, std::function<void()> done) {
  auto left = std::make_shared<std::size_t>(1);
  const auto one_less = [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
  for (auto at = entries_.lower_bound({connection, "", ""}); at != entries_.end() && at->first.connection == connection;
       ++at) {
    const ChoreKey key = at->first;
    std::shared_ptr<const LiveConnection> live;
    const auto* subscription = spec(key, live);
    plan_.drop(key);
    if (subscription == nullptr || subscription->remove.empty() || at->second.row.ensured_for.empty()) continue;
    ++*left;
    call(key, live, subscription->remove, [this, key, one_less](const host::Effect& effect) {
      if (const auto* fail = std::get_if<host::FailEffect>(&effect);
          fail != nullptr && fail->kind != host::FailKind::gone)
        context_.parts.log.warning("a webhook could not be removed at the vendor; remove it there by hand",
                                   {{"subscription", key.name}, {"item", key.item}, {"why", fail->message}});
      context_.parts.engine.post(one_less);
    });
  }
  context_.parts.engine.post(one_less);
}

void Subscriptions::show() {
  std::map<Id, List> made;
  for (const auto& [key, entry] : entries_)
    made[key.connection].push_back(Map{{"subscription", key.name},
                                       {"item", key.item},
                                       {"due_ms", entry.asleep ? Value() : Value(entry.row.due_ms)},
                                       {"last_ok_ms", entry.row.last_ok_ms ? Value(*entry.row.last_ok_ms) : Value()},
                                       {"failures", entry.row.failures},
                                       {"problem", entry.row.problem},
                                       {"hint", std::string(entry.hint)},
                                       {"note", entry.row.note}});
  const std::lock_guard lock(view_mutex_);
  view_ = std::move(made);
}

List Subscriptions::view(Id connection) const {
  const std::lock_guard lock(view_mutex_);
  const auto found = view_.find(connection);
  return found == view_.end() ? List() : found->second;
}

}  // namespace ieum::runtime
