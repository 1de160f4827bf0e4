// Router: runs and absences that an event begins, and absences that it ends.
#include <algorithm>

#include "engine/reasons.hpp"
#include "runtime/routing.hpp"
#include "runtime/starting.hpp"

namespace ieum::runtime {

// What somebody was watched for has come: nothing will start.
Status Router::plan_absences(Delivery& delivery, std::size_t item, Plan& plan) {
  std::vector<store::AbsenceRow> pending;
  const Person* person = delivery.person_of(item);
  if (person != nullptr && !person->is_new) {
    IEUM_TRY(pending, context_.reader->absences_of(person->customer.id));
  }
  const std::size_t by_customer = pending.size();
  const auto names = names_of(delivery.items[item]);
  for (const auto& [key, listener] : delivery.listeners[item]) {
    if (listener.owner >= 0) continue;
    IEUM_TRY(auto absence, context_.reader->absence(-listener.owner));
    if (absence) pending.push_back(std::move(*absence));
  }
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const auto& row = pending[i];
    auto& dropped = plan.absences_dropped;
    if (std::find(dropped.begin(), dropped.end(), row.id) != dropped.end()) continue;
    const auto recipe = delivery.live->recipes_by_id.find(row.recipe);
    if (recipe == delivery.live->recipes_by_id.end()) continue;
    const auto& definition = recipe->second->program->recipe;
    if (!definition.absent || delivery.items[item].at_ms < row.at_ms) continue;
    const auto& match = definition.absent->match;
    if (match.match.empty() != (i < by_customer)) continue;
    if (std::find(names.begin(), names.end(), match.event) == names.end()) continue;
    Value trigger;
    if (match.where) {
      IEUM_TRY(const auto stored, context_.reader->event(row.event));
      if (!stored) continue;
      const auto events = events_of(*delivery.live, *stored);
      if (events.has_error() || static_cast<std::size_t>(row.item) >= events->size()) continue;
      trigger = host::event_scope((*events)[static_cast<std::size_t>(row.item)]);
    }
    if (!engine::matches(match, names, delivery.connection_name(), delivery.scopes[item], nullptr, &trigger,
                         &context_.parts.zones))
      continue;
    plan.writes.emplace_back(store::DropAbsence{row.id, row.event});
    dropped.push_back(row.id);
  }
  return {};
}

void Router::hold_recipe(const LiveRecipe& recipe, const std::string& why, Plan& plan) const {
  store::HoldRow hold;
  hold.kind = "recipe";
  hold.name = recipe.row.name;
  hold.reason = "it starts itself: " + why;
  hold.made_by = "hub";
  hold.since_ms = context_.now();
  const auto live = context_.live();
  for (const auto& known : live->holds)
    if (known.kind == hold.kind && known.name == hold.name && !known.released()) return;
  context_.parts.log.warning("a recipe was put on hold", {{"recipe", hold.name}, {"why", hold.reason}});
  plan.writes.emplace_back(store::PutHold{std::move(hold)});
  plan.holds = true;
}

Status Router::plan_start(Delivery& delivery, std::size_t index, Plan& plan) {
  const auto& start = delivery.starts[index];
  const auto& recipe = start.recipe->program->recipe;
  if (recipe.absent) return plan_absence(delivery, index, plan);
  if (recipe.audience) {
    store::FanOutRow row{delivery.event, start.recipe->row.id, delivery.items[start.item].at_ms};
    plan.writes.emplace_back(store::AddFanOut{row});
    plan.fan_outs.push_back(row);
    return {};
  }
  auto trigger = delivery.trigger_of(start.item);
  trigger.hops = hops_in(delivery.stored.payload.headers);
  if (too_late(recipe, trigger.at_ms, context_.now())) {
    delivery.note(recipe.name, engine::reasons::kTooLate);
    return {};
  }
  const Person* person = delivery.person_of_start(index);
  const Entrant entrant{person == nullptr ? 0 : person->customer.id, start.key, person,
                        person == nullptr ? std::vector<store::HistoryRow>() : plan.history_of(person->customer.id)};
  IEUM_TRY(const auto refused,
           refusal_to_start(context_, *start.recipe, entrant, trigger, plan.moved, delivery.received_ms));
  if (!refused.empty()) {
    delivery.note(recipe.name, refused);
    return {};
  }
  context_.recent.put(trigger.event, trigger.item, trigger.scope, delivery.stored.payload.body.size(), delivery.live);
  IEUM_TRY(auto advanced, start_run(context_, *start.recipe, entrant, trigger, delivery.received_ms));
  if (const auto why = loops_.judge(advanced.run, trigger.hops, context_.now()); !why.empty())
    hold_recipe(*start.recipe, why, plan);
  plan.started.push_back(advanced.run);
  for (auto& write : advanced.writes) plan.writes.emplace_back(std::move(write));
  if (advanced.run.due_ms) plan.due.push_back(*advanced.run.due_ms);
  if (advanced.open)
    plan.opened.push_back(
        {advanced.run, std::move(*advanced.open), start.recipe->program, false, 0, std::move(advanced.inputs)});
  plan.moved.push_back(std::move(advanced.run));
  return {};
}

// The clock of an absence runs from the event's own time. Who runs already is not watched; caps are judged when it is due.
Status Router::plan_absence(Delivery& delivery, std::size_t index, Plan& plan) {
  const auto& start = delivery.starts[index];
  const auto& recipe = start.recipe->program->recipe;
  const auto& absent = *recipe.absent;
  const auto trigger = delivery.trigger_of(start.item);
  const Person* person = delivery.person_of_start(index);
  const Entrant entrant{person == nullptr ? 0 : person->customer.id, start.key, person};
  store::AbsenceRow row;
  row.recipe = start.recipe->row.id;
  row.customer = entrant.customer;
  row.key = start.key;
  row.event = trigger.event;
  row.item = trigger.item;
  row.at_ms = trigger.at_ms;
  row.due_ms = trigger.at_ms + absent.within_for;
  if (too_late(recipe, row.due_ms, context_.now())) {
    delivery.note(recipe.name, engine::reasons::kTooLate);
    return {};
  }
  IEUM_TRY(const auto refused,
           refusal_to_watch(context_, *start.recipe, entrant, trigger, plan.moved, delivery.received_ms));
  if (!refused.empty() && refused != engine::reasons::kEntryCap) {
    delivery.note(recipe.name, refused);
    return {};
  }
  IEUM_TRY(auto pending, context_.reader->absence_of(row.recipe, row.customer, row.key));
  for (const auto& put : plan.absences_put)
    if (put.recipe == row.recipe && put.customer == row.customer && put.key == row.key) pending = put;
  const auto& dropped = plan.absences_dropped;
  if (pending && std::find(dropped.begin(), dropped.end(), pending->id) != dropped.end()) pending.reset();
  if (pending && (!absent.debounce || row.at_ms < pending->at_ms)) return {};
  // The old one goes with what listens for it; another event may ask for another key.
  if (pending) plan.writes.emplace_back(store::DropAbsence{pending->id, pending->event});
  row.id = context_.parts.store.next_id(store::IdSpace::absence);
  plan.due.push_back(row.due_ms);
  plan.absences_put.push_back(row);
  const Id owner = -row.id;
  plan.writes.emplace_back(store::PutAbsence{std::move(row)});
  if (absent.match.match.empty()) return {};
  if (auto key =
          engine::listener_key(absent.match, engine::EventScope(trigger.scope, trigger.scope), &context_.parts.zones))
    plan.writes.emplace_back(
        store::AddListener{{absent.match.event, std::move(key->shape), std::move(key->value), owner, true}});
  return {};
}

}  // namespace ieum::runtime
