#include "runtime/router.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/routing.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kUnderWayMax = 512;         // deliveries whose units are being decided or committed
constexpr std::size_t kPayloadsInMemory = 4'096;  // of the backlog
constexpr std::size_t kPayloadBytesInMemory = 8u << 20;
constexpr std::size_t kReadBytesInMemory = 512u << 10;  // of those, bodies as Values, which take some ten times as much
constexpr int kTakenAtOnce = 8;                         // before what is under way has its turn
constexpr Millis kLookAgain = 100;
constexpr int kTriesMax = 10;   // a second apart, when what an event asks for cannot be read
constexpr int kRoundsMax = 50;  // decided anew that often, the store is not what it seems

// A customer's rev is guarded and moved once in a unit, however many of its parts were decided from it.
void guard_once(std::vector<store::Write>& writes) {
  std::vector<Id> guarded;
  std::erase_if(writes, [&](const store::Write& write) {
    const auto* touch = write.as<store::TouchCustomer>();
    if (touch == nullptr) return false;
    if (std::find(guarded.begin(), guarded.end(), touch->customer) != guarded.end()) return true;
    guarded.push_back(touch->customer);
    return false;
  });
}

}  // namespace

void Router::enqueue(Arrival arrival) {
  const auto bytes = [&] { return arrival.at_hand ? arrival.at_hand->stored.payload.body.size() : 0; };
  if (!backlog_.empty()) {
    const std::size_t together = payload_bytes_ + bytes();
    if (together > kPayloadBytesInMemory || backlog_.size() > kPayloadsInMemory) {
      arrival.leave_to_the_store();
    } else if (together > kReadBytesInMemory && arrival.at_hand) {
      arrival.at_hand->read = {};
    }
  }
  payload_bytes_ += bytes();
  const Id connection = arrival.connection_id;
  backlog_.push(connection, std::move(arrival));
  pump();
}

void Router::bury(Arrival arrival, std::string reason) {
  ++under_way_;
  settle(std::make_shared<Delivery>(std::move(arrival)), store::EventState::dead, std::move(reason));
}

void Router::pump() {
  if (backlog_.empty() || under_way_ >= kUnderWayMax || takes_ || context_.stopping) return;
  if (context_.crowded()) return look_again_later();
  takes_ = true;
  context_.parts.engine.post_behind([this] {
    takes_ = false;
    for (int taken = 0; taken < kTakenAtOnce && !backlog_.empty() && !context_.stopping; ++taken) {
      auto arrival = backlog_.pop();
      if (arrival->at_hand) payload_bytes_ -= arrival->at_hand->stored.payload.body.size();
      ++under_way_;
      read(std::make_shared<Delivery>(std::move(*arrival)));
    }
    pump();
  });
}

// Also when nobody says that the crowd is gone.
void Router::look_again_later() {
  if (std::exchange(looks_again_, true)) return;
  context_.parts.alarm(kLookAgain, [this] {
    context_.parts.engine.post([this] {
      looks_again_ = false;
      pump();
    });
  });
}

void Router::read(DeliveryPtr delivery) {
  context_.passing("accepted");
  Value body;
  if (const auto at_hand = std::move(delivery->at_hand)) {
    delivery->stored = std::move(at_hand->stored);
    body = std::move(at_hand->read);
  } else {
    auto stored = context_.reader->event(delivery->event);
    if (stored.has_error()) {
      context_.parts.log.error("an accepted event cannot be read; it is tried again",
                               {{"event", std::to_string(delivery->event)}, {"error", stored.error().text()}});
      return later(std::move(delivery));
    }
    if (!*stored) {
      context_.parts.log.error("an accepted event is gone", {{"event", std::to_string(delivery->event)}});
      return finish(std::move(delivery));
    }
    delivery->stored = std::move(**stored);
  }
  const auto& event = delivery->stored.event;
  if (event.state != store::EventState::fresh) return finish(std::move(delivery));
  delivery->live = context_.live();
  if (event.connection != kHubItself) {
    const auto connection = delivery->live->connections_by_id.find(event.connection);
    if (connection == delivery->live->connections_by_id.end() || connection->second->connector == nullptr)
      return settle(std::move(delivery), store::EventState::dead, "its connection or connector is gone");
    delivery->connection = connection->second;
    if (!delivery->connection->row.enabled)
      return settle(std::move(delivery), store::EventState::routed, "connection_paused");
  }
  context_.working_on("event " + std::to_string(delivery->event));
  auto items = events_of(*delivery->live, delivery->stored, body);
  if (items.has_error()) {
    std::string why = items.error().text();
    if (delivery->connection != nullptr) why = delivery->connection->redactor.clean(why);
    return settle(std::move(delivery), store::EventState::dead, std::move(why));
  }
  delivery->items = std::move(*items);
  // A clock that is ahead would make an order of tomorrow out of one of today.
  for (auto& item : delivery->items) item.at_ms = std::min(item.at_ms, delivery->received_ms);
  delivery->known.assign(delivery->items.size(), false);

  std::vector<std::string> locks;
  for (std::size_t i = 0; i < delivery->items.size(); ++i) {
    delivery->scopes.push_back(host::event_scope(delivery->items[i]));
    const auto names = names_of(delivery->items[i]);
    delivery->item_keys.push_back(item_keys(*delivery, i, names));
    const auto& item = delivery->items[i];
    delivery->told_by_recipe.push_back(!item.of_customer || item.identities.empty());
    delivery->item_aliases.push_back(normalised(item.aliases));
    for (const auto* keys : {&delivery->item_keys.back(), &delivery->item_aliases.back()})
      for (const auto& [kind, value] : *keys) locks.push_back("i:" + kind + ":" + value);
    find_starts(*delivery, i, names, locks);
  }
  if (locks.empty()) return find_people(std::move(delivery));
  context_.locks.acquire(std::move(locks), [this, delivery](KeyLocks::Ticket ticket) {
    delivery->identities_ticket = ticket;
    find_people(delivery);
  });
}

// The recipes that the event starts.
void Router::find_starts(Delivery& delivery, std::size_t i, const std::vector<std::string>& names,
                         std::vector<std::string>& locks) {
  for (const auto& name : names) {
    const auto recipes = delivery.live->by_trigger.find(name);
    if (recipes == delivery.live->by_trigger.end()) continue;
    for (const auto& recipe : recipes->second) {
      const auto& definition = recipe->program->recipe;
      std::string problem;
      if (!definition.schedule && !engine::matches(definition.trigger, names, delivery.connection_name(),
                                                   delivery.scopes[i], &problem, nullptr, &context_.parts.zones)) {
        if (!problem.empty()) delivery.note(definition.name, "where: " + problem);
        continue;
      }
      Start start{recipe, i, {}, {}};
      if (!definition.about.empty()) {
        start.keys =
            believed(delivery.items[i], engine::about_of(definition, delivery.scopes[i], &context_.parts.zones));
        if (start.keys.empty() && delivery.items[i].customer == 0) {
          delivery.note(definition.name, "no_identity");
          continue;
        }
        for (const auto& [kind, value] : start.keys) locks.push_back("i:" + kind + ":" + value);
      }
      auto key = engine::entry_key(definition, delivery.scopes[i], &context_.parts.zones);
      if (key.has_error()) {
        delivery.note(definition.name, key.error().text());
        continue;
      }
      start.key = std::move(*key);
      if (start.keys.empty() && start.key.empty() && definition.absent) {
        // An absence about nobody is told apart by what it is matched by.
        const auto match =
            engine::listener_key(definition.absent->match, engine::EventScope(delivery.scopes[i], delivery.scopes[i]),
                                 &context_.parts.zones);
        if (!match) {
          delivery.note(definition.name, engine::reasons::kBadKey);
          continue;
        }
        start.key = match->value;
      }
      if (start.keys.empty() && !start.key.empty()) locks.push_back(key_lock(recipe->row.id, start.key));
      delivery.starts.push_back(std::move(start));
    }
  }
}

void Router::decide(DeliveryPtr delivery) {
  auto planned = plan(*delivery);
  if (planned.has_error()) {
    context_.parts.log.error("an event cannot be routed now",
                             {{"event", std::to_string(delivery->event)}, {"error", planned.error().text()}});
    if (++delivery->tries < kTriesMax) return later(std::move(delivery));
    return settle(std::move(delivery), store::EventState::dead, planned.error().text());
  }
  auto result = std::make_shared<Plan>(std::move(*planned));
  store::Unit unit{std::move(result->writes)};
  context_.commit(std::move(unit), [this, delivery, result](const store::UnitOutcome& outcome) {
    using Kind = store::UnitOutcome::Kind;
    if (outcome.kind == Kind::stale) return again(delivery);
    if (outcome.kind == Kind::duplicate) return pass_over(delivery, outcome);
    if (outcome.kind != Kind::committed) {
      context_.parts.log.error(
          "an event could not be committed; it is tried again",
          {{"event", std::to_string(delivery->event)}, {"error", outcome.error ? outcome.error->text() : "unknown"}});
      return later(delivery);
    }
    for (const auto& run : result->started) loops_.started(run, context_.now());
    if (result->holds) links_.held();  // before what it holds is begun
    for (const auto& run : result->moved) context_.tell_run(run);
    for (auto& opened : result->opened) links_.act(std::move(opened));
    for (const auto due : result->due) links_.due(due);
    for (const auto& row : result->fan_outs) links_.fan_out(row);
    finish(delivery);
  });
}

// The names under which each item is remembered, so that nothing is told twice: its own key, and what a webhook and a poll
// both tell. An item that came earlier in the delivery is known at once.
void Router::note_facts(Delivery& delivery, Plan& plan) {
  if (delivery.connection == nullptr) return;
  std::set<std::string> here;
  const bool polled = delivery.stored.payload.method == kPolled;
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    const auto& item = delivery.items[i];
    if (delivery.known[i]) continue;
    const auto note = [&](const std::string& key, const std::string& other) {
      if (!here.insert(key).second) delivery.know(i);
      if (delivery.known[i]) return;
      plan.writes.emplace_back(
          store::NoteFact{delivery.event, delivery.connection->row.id, delivery.received_ms, key, other});
    };
    if (!item.key.empty()) note(item.key, item.key);
    if (told_both_ways(*delivery.connection, item)) note(fact_key(item, polled), fact_key(item, !polled));
  }
}

// Some of its items are known from other events: they are left out, and the rest is decided anew.
void Router::pass_over(DeliveryPtr delivery, const store::UnitOutcome& outcome) {
  const std::set<std::string> facts(outcome.known_facts.begin(), outcome.known_facts.end());
  const bool polled = delivery->stored.payload.method == kPolled;
  for (std::size_t i = 0; i < delivery->items.size(); ++i) {
    const auto& item = delivery->items[i];
    if (facts.contains(item.key) || facts.contains(fact_key(item, polled))) delivery->know(i);
  }
  const auto& known = delivery->known;
  if (std::find(known.begin(), known.end(), false) != known.end()) return again(std::move(delivery));
  settle(
      std::move(delivery), store::EventState::routed,
      std::string(engine::reasons::kDuplicate) + ": event " + std::to_string(outcome.first_event) + " told the same");
}

Result<Router::Plan> Router::plan(Delivery& delivery) {
  Plan plan;
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    const auto& item = delivery.items[i];
    if (delivery.person_of(i) != nullptr && item.only_kinds == nullptr)
      learn_traits(*delivery.person_of(i), item, context_.policy.shared);
  }
  plan.writes.emplace_back(store::SettleEvent{delivery.event, store::EventState::fresh, store::EventState::routed, {}});
  note_facts(delivery, plan);
  for (const auto& person : delivery.people) write_person(person, plan.writes);
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    if (delivery.items[i].erasure.empty() || delivery.known[i]) continue;
    Map subject;
    for (const auto& [kind, value] : delivery.items[i].erasure) subject.set(kind, value);
    const Id connection = delivery.connection == nullptr ? 0 : delivery.connection->row.id;
    plan.writes.emplace_back(
        store::AddErasure{{delivery.event, static_cast<int>(i), connection, write_json(Value(std::move(subject))),
                           delivery.received_ms, store::ErasureState::open}});
  }
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    const Person* person = delivery.person_of(i);
    if (person == nullptr || delivery.known[i]) continue;
    const auto& item = delivery.items[i];
    if (item.means.empty() && delivery.told_by_recipe[i]) continue;
    store::HistoryRow row;
    row.id = context_.parts.store.next_id(store::IdSpace::history);
    row.customer = person->customer.id;
    row.name = names_of(item).front();
    row.at_ms = item.at_ms;
    row.received_ms = delivery.received_ms;
    row.event = delivery.event;
    row.source_key = item.source_key;
    row.fields = write_json(item.standard);
    plan.writes.emplace_back(store::AddHistory{std::move(row)});
  }
  IEUM_CHECK(plan_consents(delivery, plan));
  IEUM_CHECK(plan_own(delivery, plan));
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    if (delivery.known[i]) continue;
    IEUM_CHECK(plan_open_runs(delivery, i, plan));
    IEUM_CHECK(plan_absences(delivery, i, plan));
    IEUM_CHECK(plan_goals(delivery, i, plan));
  }
  for (std::size_t i = 0; i < delivery.starts.size(); ++i) IEUM_CHECK(plan_start(delivery, i, plan));
  guard_once(plan.writes);
  plan.writes.front().as<store::SettleEvent>()->reason = delivery.notes;
  return plan;
}

Status Router::plan_consents(Delivery& delivery, Plan& plan) {
  std::map<Id, std::vector<audience::Said>> said;
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    const Person* person = delivery.person_of(i);
    if (person == nullptr || delivery.known[i] || delivery.items[i].consents.empty()) continue;
    const auto [known, is_first] = said.try_emplace(person->customer.id);
    if (is_first && !person->is_new) {
      IEUM_TRY(const auto rows, context_.reader->consents(person->customer.id));
      known->second = words_of(rows);
    }
    learn_consents(*person, delivery.items[i], delivery.event, delivery.received_ms, known->second, plan.writes);
  }
  return {};
}

void Router::again(DeliveryPtr delivery) {
  delivery->notes.clear();
  if (++delivery->rounds > kRoundsMax) {
    return settle(std::move(delivery), store::EventState::dead,
                  "it could not be decided on: others kept moving what it is about");
  }
  find_people(std::move(delivery));
}

void Router::settle(DeliveryPtr delivery, store::EventState state, std::string reason) {
  if (state == store::EventState::dead) {
    context_.parts.log.warning("an event was set aside; it starts nothing",
                               {{"event", std::to_string(delivery->event)}, {"reason", reason}});
  }
  store::Unit unit;
  unit.writes.emplace_back(store::SettleEvent{delivery->event, store::EventState::fresh, state, std::move(reason)});
  context_.commit(std::move(unit), [this, delivery](const store::UnitOutcome& outcome) {
    if (outcome.kind == store::UnitOutcome::Kind::failed) return later(delivery);
    finish(delivery);
  });
}

// The store refused for now (a full disk): the delivery stays in the backlog, and timers go on waiting for it.
void Router::later(DeliveryPtr delivery) {
  if (!context_.parts.alarm || context_.stopping) return finish(std::move(delivery));
  release(*delivery);
  --under_way_;
  context_.parts.alarm(kSecond, [this, delivery] {
    context_.parts.engine.post([this, delivery] { enqueue(std::move(static_cast<Arrival&>(*delivery))); });
  });
  pump();
}

void Router::release(Delivery& delivery) {
  for (auto* ticket : {&delivery.keys_ticket, &delivery.identities_ticket}) {
    if (*ticket) context_.locks.release(**ticket);
    ticket->reset();
  }
  delivery.held.clear();
}

void Router::finish(DeliveryPtr delivery) {
  release(*delivery);
  --under_way_;
  context_.arrivals.remove(delivery->received_ms);
  delivery->share.reset();
  if (delivery->done) delivery->done();
  pump();
  links_.settled();
}

}  // namespace ieum::runtime
