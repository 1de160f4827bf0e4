// Router: what an event does to runs that are open: it ends them, or it is what they wait for; and goals that it reaches.
#include <algorithm>

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/routing.hpp"

namespace ieum::runtime {
namespace {

constexpr int kListenersMax = 10'000;  // that one event finds by one key; more is said in the log
constexpr int kGoalRunsMax = 20;       // newest runs of a recipe and customer that a goal may belong to

}  // namespace

// An open run that an event may concern, and how the two found each other.
struct Router::Found {
  store::RunRow run;
  bool by_customer = false;
  std::vector<engine::MatchKey> keys;
};

// By explicit key: what an event is asked for stands in the index of listeners.
Status Router::find_listeners(Delivery& delivery, std::size_t item) {
  for (const auto& name : names_of(delivery.items[item])) {
    if (!context_.listened.contains(name)) continue;
    IEUM_TRY(const auto shapes, context_.reader->listener_shapes(name));
    for (const auto& shape : shapes) {
      const auto key = engine::event_key(shape, delivery.scopes[item], &context_.parts.zones);
      if (!key) continue;
      IEUM_TRY(auto listeners, context_.reader->listeners(name, key->shape, key->value, kListenersMax));
      if (listeners.size() == kListenersMax)
        context_.parts.log.error("more wait for one event than can be told of it at once; the others are not told",
                                 {{"event", name}, {"told", std::to_string(kListenersMax)}});
      for (auto& listener : listeners) delivery.listeners[item].emplace_back(*key, std::move(listener));
    }
  }
  return {};
}

Result<std::vector<Router::Found>> Router::find_open_runs(Delivery& delivery, std::size_t item) {
  std::vector<Found> found;
  if (const Person* person = delivery.person_of(item); person != nullptr && !person->is_new) {
    IEUM_TRY(auto runs, context_.reader->live_runs_of(person->customer.id));
    for (auto& run : runs) found.push_back({std::move(run), true, {}});
  }
  for (const auto& [key, listener] : delivery.listeners[item]) {
    if (listener.owner < 0) continue;  // an absence
    auto known =
        std::find_if(found.begin(), found.end(), [&id = listener.owner](const Found& f) { return f.run.id == id; });
    if (known == found.end()) {
      IEUM_TRY(auto run, context_.reader->run(listener.owner));
      if (!run || store::is_terminal(run->state)) continue;
      found.push_back({std::move(*run), false, {}});
      known = found.end() - 1;
    }
    known->keys.push_back(key);
  }
  return found;
}

Status Router::plan_open_runs(Delivery& delivery, std::size_t item, Plan& plan) {
  IEUM_TRY(const auto open, find_open_runs(delivery, item));
  for (const auto& found : open) {
    // What an earlier event of the delivery moved is not moved twice in a unit.
    const auto* moved = plan.moves(found.run.id);
    if (moved == nullptr) {
      IEUM_CHECK(plan_open_run(delivery, item, found, plan));
      if (plan.moves(found.run.id) != nullptr) continue;
    } else if (store::is_terminal(moved->state)) {
      continue;
    }
    keep_told(delivery, item, found, plan);
  }
  return {};
}

// What names a step of a run that does not wait for it (yet) is kept for when it does.
void Router::keep_told(const Delivery& delivery, std::size_t item, const Found& found, Plan& plan) {
  const engine::MatchKey wanted = engine::step_listener(delivery.scopes[item].text("step_key"));
  if (std::find(found.keys.begin(), found.keys.end(), wanted) == found.keys.end()) return;
  for (auto& row : told_rows(delivery, item, found.run.id)) plan.writes.emplace_back(store::AddTold{std::move(row)});
}

// What an event says of the step that it names, under each of its names; nothing when it names none.
std::vector<store::ToldRow> Router::told_rows(const Delivery& delivery, std::size_t item, Id run) {
  std::vector<store::ToldRow> rows;
  const std::string key = delivery.scopes[item].text("step_key");
  const auto& event = delivery.items[item];
  if (key.empty() || delivery.known[item]) return rows;
  for (const auto& name : names_of(event))
    rows.push_back({run, key, name, event.at_ms, delivery.event, write_json(event.standard)});
  return rows;
}

Status Router::plan_open_run(Delivery& delivery, std::size_t item, const Found& found, Plan& plan) {
  const auto& run = found.run;
  const auto names = names_of(delivery.items[item]);
  const std::string connection = delivery.connection_name();
  const auto loaded = context_.program(run.recipe, run.version);
  if (loaded.has_error()) {
    if (!is_final(loaded.error()))
      return loaded.error();  // the store's trouble: the event is routed when it can be read
    // One unreadable run must not stand in the way of the others.
    delivery.note("run " + std::to_string(run.id), loaded.error().code);
    return {};
  }
  const auto& program = *loaded;
  const bool named = [&] {  // whether the recipe speaks of this event at all: only then is more read
    const auto says = [&](const recipe::EventMatch& match) {
      return std::find(names.begin(), names.end(), match.event) != names.end();
    };
    const auto at = program->find(run.at_step);
    if (std::any_of(program->recipe.exit_on.begin(), program->recipe.exit_on.end(), says)) return true;
    if (at == program->code.size() || program->code[at].kind != recipe::Instruction::Kind::wait_for) return false;
    const auto& events = std::get<recipe::WaitFor>(program->code[at].step->verb).events;
    return std::any_of(events.begin(), events.end(), [&](const auto& awaited) { return says(awaited.match); });
  }();
  if (!named) return {};
  RunFacts facts(context_, run, program->recipe);
  if (const Person* person = found.by_customer ? delivery.person_of(item) : nullptr; person != nullptr)
    facts.know_customer(person->customer, person->identities, false);  // with what this delivery has taught
  facts.know_history(plan.history_of(run.customer));
  // A run that goes on now may come to a wait for what another event of the delivery tells.
  std::vector<store::ToldRow> others;
  for (std::size_t i = 0; i < delivery.items.size(); ++i)
    if (i != item)
      for (auto& row : told_rows(delivery, i, run.id)) others.push_back(std::move(row));
  facts.know_told(std::move(others));
  auto trigger = facts.trigger();
  if (trigger.has_error()) {
    if (trigger.error().code != "trigger_lost") return trigger.error();
    delivery.note("run " + std::to_string(run.id), trigger.error().code);
    trigger = Value();  // an exit that compares nothing still ends it
    facts.know_trigger({});
  }
  const auto* exit = [&]() -> const recipe::EventMatch* {
    for (const auto& match : program->recipe.exit_on) {
      if (match.match.empty() ? !found.by_customer : !engine::met(match, found.keys)) continue;
      std::string problem;
      if (engine::matches(match, names, connection, delivery.scopes[item], &problem, &*trigger, &context_.parts.zones))
        return &match;
      if (!problem.empty()) delivery.note(program->recipe.name, "exit_on: " + problem);
    }
    return nullptr;
  }();
  if (exit != nullptr) {
    IEUM_CHECK(plan_end(delivery, run, engine::reasons::exit_on(exit->event), "exit_on", plan));
    return {};
  }
  if (run.state != store::RunState::waiting) return {};
  engine::Told told;
  told.names = &names;
  told.connection = connection;
  told.event = &delivery.scopes[item];
  told.at_ms = delivery.items[item].at_ms;
  told.until_ms = run.due_ms.value_or(INT64_MAX);
  told.by_customer = found.by_customer;
  told.keys = found.keys;
  const auto point = point_of(run);
  if (point.has_error()) {
    delivery.note("run " + std::to_string(run.id), point.error().code);
    return {};
  }
  const auto came = engine::awaited(*program, *point, facts.facts(), told, context_.now());
  if (facts.problem()) return *facts.problem();
  if (!came) return {};
  IEUM_TRY(auto advanced, advance(context_, run, false, *program, facts, *came, context_.now()));
  for (auto& write : advanced.writes) plan.writes.emplace_back(std::move(write));
  if (advanced.run.due_ms) plan.due.push_back(*advanced.run.due_ms);
  if (advanced.open)
    plan.opened.push_back({advanced.run, std::move(*advanced.open), program, false, 0, std::move(advanced.inputs)});
  plan.moved.push_back(std::move(advanced.run));
  return {};
}

Status Router::plan_end(const Delivery& delivery, const store::RunRow& run, std::string reason, std::string code,
                        Plan& plan) {
  plan.writes.emplace_back(
      end_run(run, store::RunState::exited, std::move(reason), context_.parts.store.epoch(), delivery.received_ms));
  IEUM_TRY(const auto step, context_.reader->open_step(run.id));
  // A call under way is left to its OUTCOME, which records what happened without moving the ended run.
  if (step && step->state == store::StepState::intent && !links_.in_flight(run.id) && !is_begun(run)) {
    store::MoveStep cancel;
    cancel.step = step->id;
    cancel.from = step->state;
    cancel.expected_attempt = step->attempt;
    cancel.to = store::StepState::cancelled;
    cancel.attempt = step->attempt;
    cancel.error_code = std::move(code);
    cancel.closed_ms = delivery.received_ms;
    plan.writes.emplace_back(std::move(cancel));
  }
  auto moved = run;
  moved.state = store::RunState::exited;
  plan.moved.push_back(std::move(moved));
  return {};
}

// The newest run whose message reached the customer within the goal's time. Ended runs count too: an exit is often the goal.
Status Router::plan_goals(Delivery& delivery, std::size_t item, Plan& plan) {
  const Person* person = delivery.person_of(item);
  if (person == nullptr || person->is_new) return {};
  const auto& event = delivery.items[item];
  const auto names = names_of(event);
  for (const auto& [name, recipe] : delivery.live->recipes) {
    const auto& goal = recipe->program->recipe.goal;
    if (!goal || std::find(names.begin(), names.end(), goal->match.event) == names.end()) continue;
    store::RunFilter filter;
    filter.recipe = recipe->row.id;
    filter.customer = person->customer.id;
    filter.limit = kGoalRunsMax;
    IEUM_TRY(const auto runs, context_.reader->runs(filter));
    for (const auto& run : runs.rows) {
      IEUM_TRY(const auto steps, context_.reader->steps(run.id));
      const bool touched = std::any_of(steps.begin(), steps.end(), [&](const store::StepRow& step) {
        return step.reaches_customer && step.state == store::StepState::done && step.closed_ms &&
               *step.closed_ms <= event.at_ms && event.at_ms < *step.closed_ms + goal->within_for;
      });
      if (!touched) continue;
      RunFacts facts(context_, run, recipe->program->recipe);
      const auto trigger = facts.trigger();
      if (trigger.has_error() || !engine::matches(goal->match, names, delivery.connection_name(), delivery.scopes[item],
                                                  nullptr, &*trigger, &context_.parts.zones))
        continue;
      store::ConversionRow row{run.id, delivery.event, event.at_ms, {}};
      if (goal->value) {
        expr::Limits limits;
        limits.zones = &context_.parts.zones;
        const auto value =
            goal->value->expression.evaluate(engine::EventScope(delivery.scopes[item], *trigger), limits);
        if (value.has_value()) row.value = write_json(*value);
      }
      plan.writes.emplace_back(store::AddConversion{std::move(row)});
      break;
    }
  }
  return {};
}

}  // namespace ieum::runtime
