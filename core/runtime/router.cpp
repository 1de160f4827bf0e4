#include "runtime/router.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "host/delivery.hpp"
#include "runtime/people.hpp"

namespace ieum::runtime {
namespace {

constexpr std::size_t kUnderWayMax = 512;  // deliveries whose units are being decided or committed
constexpr std::size_t kPayloadsInMemory = 4096;
constexpr int kRoundsMax = 50;  // decided anew that often, the store is not what it seems

std::vector<std::string> names_of(const host::HubEvent& event) {
  std::vector<std::string> names;
  if (!event.means.empty()) names.push_back(event.means);
  names.push_back(event.connector + "/" + event.topic);
  return names;
}

}  // namespace

// A recipe whose trigger one of the delivery's events meets.
struct Start {
  std::shared_ptr<const LiveRecipe> recipe;
  std::size_t item = 0;
  std::vector<IdentityKey> keys;  // about
  std::string key;                // entry key
};

struct Router::Delivery {
  Id event = 0;
  Millis received_ms = 0;
  std::optional<store::EventWithPayload> stored;
  std::function<void()> done;
  std::shared_ptr<const Live> live;
  std::shared_ptr<const LiveConnection> connection;
  std::vector<host::HubEvent> items;
  std::vector<Value> scopes;                        // event_scope of each item
  std::vector<std::vector<IdentityKey>> item_keys;  // whom the event itself is about
  std::vector<Start> starts;
  std::vector<Person> people;
  std::vector<std::size_t> item_person;  // index into people, or npos
  std::vector<std::size_t> start_person;
  std::vector<KeyLocks::Ticket> tickets;
  std::string notes;  // why recipes did not start, for the log
  int rounds = 0;

  void note(const std::string& recipe, std::string_view reason) {
    if (!notes.empty()) notes += "; ";
    notes += recipe + ": " + std::string(reason);
  }
};

struct Router::Plan {
  std::vector<store::Write> writes;
  std::vector<OpenedRun> opened;
  std::vector<Millis> due;
  std::vector<store::RunRow> moved;
};

constexpr auto kNobody = static_cast<std::size_t>(-1);

void Router::enqueue(Id event, Millis received_ms, std::optional<store::EventWithPayload> stored,
                     std::function<void()> done) {
  auto delivery = std::make_shared<Delivery>();
  delivery->event = event;
  delivery->received_ms = received_ms;
  if (backlog_.size() < kPayloadsInMemory) delivery->stored = std::move(stored);
  delivery->done = std::move(done);
  backlog_.push_back(std::move(delivery));
  pump();
}

void Router::bury(Id event, Millis received_ms, std::string reason, std::function<void()> done) {
  auto delivery = std::make_shared<Delivery>();
  delivery->event = event;
  delivery->received_ms = received_ms;
  delivery->done = std::move(done);
  ++under_way_;
  settle(std::move(delivery), store::EventState::dead, std::move(reason));
}

void Router::pump() {
  while (!backlog_.empty() && under_way_ < kUnderWayMax && !context_.stopping) {
    auto delivery = std::move(backlog_.front());
    backlog_.pop_front();
    ++under_way_;
    read(std::move(delivery));
  }
}

void Router::read(DeliveryPtr delivery) {
  context_.passing("accepted");
  if (!delivery->stored) {
    auto stored = context_.reader->event(delivery->event);
    if (stored.has_error() || !*stored) {
      context_.parts.log.error("an accepted event cannot be read; it stays fresh and is tried at the next start",
                               {{"event", std::to_string(delivery->event)},
                                {"error", stored.has_error() ? stored.error().text() : "not found"}});
      return finish(std::move(delivery));
    }
    delivery->stored = std::move(**stored);
  }
  const auto& event = delivery->stored->event;
  if (event.state != store::EventState::fresh) return finish(std::move(delivery));
  delivery->live = context_.live();
  const auto connection = delivery->live->connections_by_id.find(event.connection);
  if (connection == delivery->live->connections_by_id.end() || connection->second->connector == nullptr) {
    return settle(std::move(delivery), store::EventState::dead, "its connection or connector is gone");
  }
  delivery->connection = connection->second;
  if (!delivery->connection->row.enabled) {
    return settle(std::move(delivery), store::EventState::routed, "connection_paused");
  }
  context_.working_on("event " + std::to_string(delivery->event));
  const auto& payload = delivery->stored->payload;
  auto items = host::read_delivery(*delivery->connection->connector, delivery->connection->config, event.topic,
                                   payload.headers, payload.body, event.received_ms);
  if (items.has_error()) {
    return settle(std::move(delivery), store::EventState::dead,
                  delivery->connection->redactor.clean(items.error().text()));
  }
  delivery->items = std::move(*items);

  std::vector<std::string> locks;
  for (std::size_t i = 0; i < delivery->items.size(); ++i) {
    const auto& item = delivery->items[i];
    delivery->scopes.push_back(host::event_scope(item));
    delivery->item_keys.push_back(item.means.empty() ? std::vector<IdentityKey>() : normalised(item.identities));
    for (const auto& [kind, value] : delivery->item_keys.back()) locks.push_back("i:" + kind + ":" + value);
    const auto names = names_of(item);
    for (const auto& name : names) {
      const auto recipes = delivery->live->by_trigger.find(name);
      if (recipes == delivery->live->by_trigger.end()) continue;
      for (const auto& recipe : recipes->second) {
        const auto& definition = recipe->program->recipe;
        std::string problem;
        if (!engine::matches(definition.trigger, names, delivery->connection->row.name, delivery->scopes[i], &problem,
                             nullptr, &context_.parts.zones)) {
          if (!problem.empty()) delivery->note(definition.name, "where: " + problem);
          continue;
        }
        Start start{recipe, i, {}, {}};
        if (!definition.about.empty()) {
          start.keys = normalised(engine::about_of(definition, delivery->scopes[i], &context_.parts.zones));
          if (start.keys.empty()) {
            delivery->note(definition.name, "no_identity");
            continue;
          }
          for (const auto& [kind, value] : start.keys) locks.push_back("i:" + kind + ":" + value);
        }
        auto key = engine::entry_key(definition, delivery->scopes[i], &context_.parts.zones);
        if (key.has_error()) {
          delivery->note(definition.name, key.error().text());
          continue;
        }
        start.key = std::move(*key);
        if (start.keys.empty() && !start.key.empty()) {
          locks.push_back("k:" + std::to_string(recipe->row.id) + ":" + start.key);
        }
        delivery->starts.push_back(std::move(start));
      }
    }
  }
  if (locks.empty()) return decide(std::move(delivery));
  context_.locks.acquire(std::move(locks), [this, delivery](KeyLocks::Ticket ticket) {
    delivery->tickets.push_back(ticket);
    find_people(delivery);
  });
}

void Router::find_people(DeliveryPtr delivery) {
  delivery->people.clear();
  delivery->item_person.assign(delivery->items.size(), kNobody);
  delivery->start_person.assign(delivery->starts.size(), kNobody);
  const auto find = [&](const std::vector<IdentityKey>& keys, std::size_t& person) -> Status {
    if (keys.empty()) return {};
    IEUM_TRY(person, find_person(context_, keys, delivery->people, delivery->received_ms));
    return {};
  };
  Status found;
  for (std::size_t i = 0; i < delivery->items.size() && found.has_value(); ++i) {
    found = find(delivery->item_keys[i], delivery->item_person[i]);
  }
  for (std::size_t i = 0; i < delivery->starts.size() && found.has_value(); ++i) {
    found = find(delivery->starts[i].keys, delivery->start_person[i]);
  }
  if (found.has_error()) {
    context_.parts.log.error("an event's customer cannot be read", {{"error", found.error().text()}});
    return later(std::move(delivery));
  }
  std::vector<std::string> locks;
  for (const auto& person : delivery->people) locks.push_back("c:" + std::to_string(person.customer.id));
  if (locks.empty() || delivery->tickets.size() > 1) return decide(std::move(delivery));
  context_.locks.acquire(std::move(locks), [this, delivery](KeyLocks::Ticket ticket) {
    delivery->tickets.push_back(ticket);
    // What was read before the customer was ours may have moved since.
    find_people(delivery);
  });
}

void Router::decide(DeliveryPtr delivery) {
  auto planned = plan(*delivery);
  if (planned.has_error()) {
    context_.parts.log.error("an event cannot be routed now",
                             {{"event", std::to_string(delivery->event)}, {"error", planned.error().text()}});
    return settle(std::move(delivery), store::EventState::dead, planned.error().text());
  }
  auto result = std::make_shared<Plan>(std::move(*planned));
  store::Unit unit{std::move(result->writes)};
  context_.commit(std::move(unit), [this, delivery, result](const store::UnitOutcome& outcome) {
    using Kind = store::UnitOutcome::Kind;
    if (outcome.kind == Kind::stale) return again(delivery);
    if (outcome.kind != Kind::committed) {
      context_.parts.log.error(
          "an event could not be committed; it is tried again",
          {{"event", std::to_string(delivery->event)}, {"error", outcome.error ? outcome.error->text() : "unknown"}});
      return later(delivery);
    }
    for (const auto& run : result->moved) context_.tell_run(run);
    for (auto& opened : result->opened) links_.act(std::move(opened));
    for (const auto due : result->due) links_.due(due);
    finish(delivery);
  });
}

Result<Router::Plan> Router::plan(Delivery& delivery) {
  Plan plan;
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    const auto& item = delivery.items[i];
    if (delivery.item_person.empty() || delivery.item_person[i] == kNobody) continue;
    learn_traits(delivery.people[delivery.item_person[i]], item.standard, item.connector, item.at_ms);
  }
  plan.writes.push_back(store::SettleEvent{delivery.event, store::EventState::fresh, store::EventState::routed, {}});
  for (const auto& person : delivery.people) write_person(person, plan.writes);
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    if (delivery.item_person.empty() || delivery.item_person[i] == kNobody) continue;
    const auto& item = delivery.items[i];
    store::HistoryRow row;
    row.id = context_.parts.store.next_id(store::IdSpace::history);
    row.customer = delivery.people[delivery.item_person[i]].customer.id;
    row.name = item.means;
    row.at_ms = item.at_ms;
    row.received_ms = delivery.received_ms;
    row.event = delivery.event;
    row.source_key = item.source_key;
    row.fields = write_json(item.standard);
    plan.writes.push_back(store::AddHistory{std::move(row)});
  }
  IEUM_CHECK(plan_exits(delivery, plan));
  IEUM_CHECK(plan_starts(delivery, plan));
  std::get<store::SettleEvent>(plan.writes.front()).reason = delivery.notes;
  return plan;
}

Status Router::plan_exits(Delivery& delivery, Plan& plan) {
  std::vector<Id> ended;
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    if (delivery.item_person.empty() || delivery.item_person[i] == kNobody) continue;
    const auto& person = delivery.people[delivery.item_person[i]];
    if (person.is_new) continue;
    IEUM_TRY(const auto runs, context_.reader->live_runs_of(person.customer.id));
    const auto names = names_of(delivery.items[i]);
    for (const auto& run : runs) {
      if (std::find(ended.begin(), ended.end(), run.id) != ended.end()) continue;
      const auto loaded = context_.program(run.recipe, run.version);
      if (loaded.has_error()) {  // one unreadable run must not stand in the way of the customer's others
        delivery.note("run " + std::to_string(run.id), loaded.error().code);
        continue;
      }
      const auto& program = *loaded;
      RunFacts facts(context_, run, program->recipe);
      std::optional<Value> trigger;  // read again only for a condition that may compare with it
      const recipe::EventMatch* exit = nullptr;
      for (const auto& match : program->recipe.exit_on) {
        if (match.where && !trigger) {
          const auto known = facts.facts();
          if (known.has_error()) {
            delivery.note("run " + std::to_string(run.id), known.error().code);
            continue;
          }
          trigger = known->trigger;
        }
        if (engine::matches(match, names, delivery.connection->row.name, delivery.scopes[i], nullptr,
                            trigger ? &*trigger : nullptr, &context_.parts.zones)) {
          exit = &match;
        }
      }
      if (exit == nullptr) continue;
      ended.push_back(run.id);
      plan.writes.push_back(end_run(run, store::RunState::exited, "exit_on:" + exit->event,
                                    context_.parts.store.epoch(), delivery.received_ms));
      IEUM_TRY(const auto step, context_.reader->open_step(run.id));
      // A call under way is left to its OUTCOME, which records what happened without moving the ended run.
      if (step && step->state == store::StepState::intent && !links_.in_flight(run.id)) {
        store::MoveStep cancel;
        cancel.step = step->id;
        cancel.from = step->state;
        cancel.expected_attempt = step->attempt;
        cancel.to = store::StepState::cancelled;
        cancel.attempt = step->attempt;
        cancel.error_code = "exit_on";
        cancel.closed_ms = delivery.received_ms;
        plan.writes.push_back(std::move(cancel));
      }
      auto moved = run;
      moved.state = store::RunState::exited;
      plan.moved.push_back(std::move(moved));
    }
  }
  return {};
}

Status Router::plan_starts(Delivery& delivery, Plan& plan) {
  for (std::size_t i = 0; i < delivery.starts.size(); ++i) {
    const auto& start = delivery.starts[i];
    const auto& recipe = start.recipe->program->recipe;
    const Person* person = nullptr;
    if (!delivery.start_person.empty() && delivery.start_person[i] != kNobody) {
      person = &delivery.people[delivery.start_person[i]];
    }
    const Id customer = person != nullptr ? person->customer.id : 0;
    const auto& item = delivery.items[start.item];

    engine::EntryFacts entry;
    if (customer != 0 || !start.key.empty()) {
      IEUM_TRY(const auto live_run, context_.reader->live_run(start.recipe->row.id, customer, start.key));
      entry.live_run = live_run.has_value();
      if (entry.live_run) {  // a run that this same event ends does not stand in the way
        for (const auto& moved : plan.moved) {
          if (moved.id == live_run->id && store::is_terminal(moved.state)) entry.live_run = false;
        }
      }
      for (const auto& opened : plan.moved) {
        if (opened.recipe == start.recipe->row.id && opened.customer == customer && opened.key == start.key &&
            !store::is_terminal(opened.state)) {
          entry.live_run = true;
        }
      }
      if (recipe.entry.mode == recipe::EntryMode::once) {
        IEUM_TRY(entry.runs_ever, context_.reader->entries(start.recipe->row.id, customer, start.key, 0));
      }
      if (recipe.entry.cap) {
        const Millis since = delivery.received_ms - recipe.entry.cap->per + 1;
        IEUM_TRY(entry.runs_in_cap, context_.reader->entries(start.recipe->row.id, customer, "", since));
      }
    }
    const auto verdict = engine::judge_entry(recipe, customer != 0, entry);
    if (verdict != engine::Enter::start) {
      delivery.note(recipe.name, verdict == engine::Enter::once              ? "once"
                                 : verdict == engine::Enter::already_running ? "already_running"
                                                                             : "entry_cap");
      continue;
    }
    // An event older than its canceller never enrols.
    bool exited_before = false;
    if (person != nullptr && !person->is_new) {
      for (const auto& exit : recipe.exit_on) {
        if (exit.where || exit.event.find('/') != std::string::npos) continue;
        IEUM_TRY(const auto later, context_.reader->history(customer, exit.event, item.at_ms, INT64_MAX, 1));
        exited_before = exited_before || !later.empty();
      }
    }
    if (exited_before) {
      delivery.note(recipe.name, "exit_on_already_true");
      continue;
    }

    store::RunRow run;
    run.id = context_.parts.store.next_id(store::IdSpace::run);
    run.recipe = start.recipe->row.id;
    run.version = start.recipe->row.current_version;
    run.customer = customer;
    run.key = start.key;
    run.trigger_event = delivery.event;
    run.trigger_item = static_cast<int>(start.item);
    run.started_ms = delivery.received_ms;
    RunFacts facts(context_, run, recipe);
    facts.know_trigger(delivery.scopes[start.item]);
    if (person != nullptr) facts.know_customer(person->customer, person->identities, person->is_new);
    IEUM_TRY(auto advanced,
             advance(context_, run, true, *start.recipe->program, facts, engine::Begin{}, context_.now()));
    for (auto& write : advanced.writes) plan.writes.push_back(std::move(write));
    if (advanced.run.due_ms) plan.due.push_back(*advanced.run.due_ms);
    if (advanced.open) plan.opened.push_back({advanced.run, std::move(*advanced.open), start.recipe->program});
    plan.moved.push_back(std::move(advanced.run));
  }
  return {};
}

void Router::again(DeliveryPtr delivery) {
  delivery->notes.clear();
  if (++delivery->rounds > kRoundsMax) {
    return settle(std::move(delivery), store::EventState::dead,
                  "it could not be decided on: others kept moving what it is about");
  }
  if (delivery->tickets.empty()) return decide(std::move(delivery));
  // The people may be others now: give the customers back, keep the identities.
  while (delivery->tickets.size() > 1) {
    context_.locks.release(delivery->tickets.back());
    delivery->tickets.pop_back();
  }
  find_people(std::move(delivery));
}

void Router::settle(DeliveryPtr delivery, store::EventState state, std::string reason) {
  if (state == store::EventState::dead) {
    context_.parts.log.warning("an event was set aside; it starts nothing",
                               {{"event", std::to_string(delivery->event)}, {"reason", reason}});
  }
  store::Unit unit;
  unit.writes.push_back(store::SettleEvent{delivery->event, store::EventState::fresh, state, std::move(reason)});
  context_.commit(std::move(unit), [this, delivery](const store::UnitOutcome& outcome) {
    if (outcome.kind == store::UnitOutcome::Kind::failed) return later(delivery);
    finish(delivery);
  });
}

// The store refused for now (a full disk): the delivery stays in the backlog, and timers go on waiting for it.
void Router::later(DeliveryPtr delivery) {
  if (!context_.parts.alarm || context_.stopping) return finish(std::move(delivery));
  for (const auto ticket : delivery->tickets) context_.locks.release(ticket);
  delivery->tickets.clear();
  --under_way_;
  context_.parts.alarm(kSecond, [this, delivery] {
    context_.parts.engine.post([this, delivery] {
      enqueue(delivery->event, delivery->received_ms, std::move(delivery->stored), std::move(delivery->done));
    });
  });
  pump();
}

void Router::finish(DeliveryPtr delivery) {
  for (const auto ticket : delivery->tickets) context_.locks.release(ticket);
  delivery->tickets.clear();
  --under_way_;
  context_.arrivals.remove(delivery->received_ms);
  if (delivery->done) delivery->done();
  pump();
  links_.settled();
}

}  // namespace ieum::runtime
