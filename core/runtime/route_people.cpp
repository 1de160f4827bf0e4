// Router: whom the events of a delivery are about, under their locks; and customers that it tells to be one.
#include <algorithm>

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/routing.hpp"

namespace ieum::runtime {
namespace {

// The words that hold a refusal of either for both; the merge's undoing drops them.
Status plan_refusals(Context& context, const store::MergeRow& merge, std::vector<store::Write>& writes) {
  IEUM_TRY(const auto mine, context.reader->consents(merge.survivor));
  IEUM_TRY(const auto theirs, context.reader->consents(merge.loser));
  for (const auto& said : audience::refusals_that_hold(words_of(mine), words_of(theirs))) {
    store::ConsentRow row;
    row.customer = merge.survivor;
    row.purpose = said.purpose;
    row.channel = said.channel;
    row.word = "refused";
    row.at_ms = said.at_ms;
    row.received_ms = merge.at_ms;
    row.source = "merge:" + std::to_string(merge.id);
    row.evidence = write_json(Map{{"refused_by_one_of", List{merge.survivor, merge.loser}}});
    row.event = merge.event;
    writes.emplace_back(store::AddConsent{std::move(row)});
  }
  return {};
}

}  // namespace

// What is read out of an event of who somebody is, as far as it counts.
std::vector<IdentityKey> Router::believed(const host::HubEvent& item,
                                          const std::vector<std::pair<std::string, std::string>>& raw) const {
  auto keys = normalised(raw);
  // What anybody can send says nothing of who somebody is, by whichever way it is read.
  if (item.only_kinds != nullptr)
    std::erase_if(keys, [&](const IdentityKey& key) { return !item.only_kinds->contains(key.first); });
  drop_shared(context_.policy.shared, keys);
  return keys;
}

// Whom an event is about: as its connector says; where that says nothing, as the recipes that listen for it say.
std::vector<IdentityKey> Router::item_keys(const Delivery& delivery, std::size_t i,
                                           const std::vector<std::string>& names) {
  const auto& item = delivery.items[i];
  if (item.customer != 0) return {};
  auto raw = item.of_customer ? item.identities : decltype(item.identities)();
  for (const auto& name : names) {
    const auto recipes = delivery.live->by_listened.find(name);
    if (!raw.empty() || recipes == delivery.live->by_listened.end()) continue;
    for (const auto& recipe : recipes->second) {
      auto told = engine::about_of(recipe->program->recipe, delivery.scopes[i], &context_.parts.zones);
      raw.insert(raw.end(), told.begin(), told.end());
    }
  }
  return believed(item, raw);
}

void Router::find_people(DeliveryPtr delivery) {
  delivery->people.clear();
  delivery->same.clear();
  delivery->item_person.assign(delivery->items.size(), kNobody);
  delivery->start_person.assign(delivery->starts.size(), kNobody);
  delivery->listeners.assign(delivery->items.size(), {});
  std::vector<std::string> locks;
  if (const auto found = find_who_is_met(*delivery, locks); found.has_error()) {
    context_.parts.log.error("whom an event is about cannot be read", {{"error", found.error().text()}});
    return later(std::move(delivery));
  }
  const bool all_held =
      std::all_of(locks.begin(), locks.end(), [&](const std::string& lock) { return delivery->held.contains(lock); });
  if (all_held) return delivery->same.empty() ? decide(std::move(delivery)) : merge(std::move(delivery));
  // What was read before it was ours may have moved since: read again under the locks.
  if (delivery->keys_ticket) context_.locks.release(*delivery->keys_ticket);
  delivery->keys_ticket.reset();
  delivery->held = {locks.begin(), locks.end()};
  context_.locks.acquire(std::move(locks), [this, delivery](KeyLocks::Ticket ticket) {
    delivery->keys_ticket = ticket;
    find_people(delivery);
  });
}

// Customers of items and starts, and the runs that are found by key; `locks`: theirs.
Status Router::find_who_is_met(Delivery& delivery, std::vector<std::string>& locks) {
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    const auto& keys = delivery.item_keys[i];
    if (delivery.items[i].customer != 0) {
      IEUM_TRY(const auto person, find_customer(context_, delivery.items[i].customer, delivery.people));
      delivery.item_person[i] = person.value_or(kNobody);
      continue;
    }
    if (keys.empty() || delivery.known[i]) continue;
    if (delivery.told_by_recipe[i]) {
      IEUM_TRY(const auto person, find_known_person(context_, keys, delivery.people));
      delivery.item_person[i] = person.value_or(kNobody);
    } else if (delivery.items[i].only_kinds != nullptr) {
      IEUM_TRY(delivery.item_person[i], find_person(context_, keys, delivery.people, delivery.received_ms));
    } else {
      IEUM_TRY(delivery.item_person[i], find_told_person(context_, keys, delivery.item_aliases[i], delivery.people,
                                                         delivery.received_ms, delivery.same));
    }
  }
  for (std::size_t i = 0; i < delivery.starts.size(); ++i) {
    const auto& start = delivery.starts[i];
    if (start.keys.empty() && !start.recipe->program->recipe.about.empty())
      delivery.start_person[i] = delivery.item_person[start.item];
    if (start.keys.empty()) continue;
    IEUM_TRY(delivery.start_person[i],
             find_person(context_, delivery.starts[i].keys, delivery.people, delivery.received_ms));
  }
  for (auto* list : {&delivery.item_person, &delivery.start_person})
    for (auto& index : *list) index = index == kNobody ? kNobody : resolved(delivery.people, index);
  for (const auto& person : delivery.people)  // nobody else knows a new one: the identities are held
    if (!person.is_new) locks.push_back("c:" + std::to_string(person.customer.id));
  for (std::size_t i = 0; i < delivery.items.size(); ++i) {
    IEUM_CHECK(find_listeners(delivery, i));
    for (const auto& [key, listener] : delivery.listeners[i]) {
      if (listener.owner < 0) continue;  // an absence: its own guard is enough
      IEUM_TRY(const auto run, context_.reader->run(listener.owner));
      if (run) locks.push_back(run_lock(*run));
    }
  }
  return {};
}

// Two stored customers are one: that is committed by itself, and the delivery decided on what is there then. The older one stays.
void Router::merge(DeliveryPtr delivery) {
  auto planned = plan_merge(*delivery, delivery->same.front());
  if (planned.has_error()) {
    context_.parts.log.error("customers cannot be merged now",
                             {{"event", std::to_string(delivery->event)}, {"error", planned.error().text()}});
    return later(std::move(delivery));
  }
  auto result = std::make_shared<Plan>(std::move(*planned));
  context_.commit(store::Unit{std::move(result->writes)}, [this, delivery, result](const store::UnitOutcome& outcome) {
    using Kind = store::UnitOutcome::Kind;
    if (outcome.kind == Kind::stale) return again(delivery);
    if (outcome.kind != Kind::committed) {
      context_.parts.log.error(
          "customers could not be merged; it is tried again",
          {{"event", std::to_string(delivery->event)}, {"error", outcome.error ? outcome.error->text() : "unknown"}});
      return later(delivery);
    }
    for (const auto& run : result->moved) context_.tell_run(run);
    find_people(delivery);
  });
}

Result<Router::Plan> Router::plan_merge(Delivery& delivery, const Sameness& same) {
  IEUM_TRY(auto survivor, context_.reader->customer(same.one));
  IEUM_TRY(auto loser, context_.reader->customer(same.other));
  if (!survivor || !loser) return Error("customer_lost", "a customer to be merged is not stored");
  if (std::pair(loser->created_ms, loser->id) < std::pair(survivor->created_ms, survivor->id))
    std::swap(survivor, loser);
  Plan plan;
  store::MergeRow row;
  row.id = context_.parts.store.next_id(store::IdSpace::merge);
  row.survivor = survivor->id;
  row.loser = loser->id;
  row.at_ms = delivery.received_ms;
  row.event = delivery.event;
  row.why = same.why;
  row.traits = survivor->traits;
  plan.writes.emplace_back(store::TouchCustomer{survivor->id, survivor->rev});
  plan.writes.emplace_back(store::TouchCustomer{loser->id, loser->rev});
  IEUM_CHECK(plan_refusals(context_, row, plan.writes));
  const Map mine = traits_of(*survivor), all = audience::merged_traits(mine, traits_of(*loser));
  if (!(all == mine)) plan.writes.emplace_back(store::SetTraits{survivor->id, write_json(all)});
  IEUM_CHECK(plan_shared_runs(delivery, row, plan));
  IEUM_CHECK(plan_shared_absences(row, plan));
  plan.writes.emplace_back(store::MergeCustomers{std::move(row)});
  return plan;
}

// Of two live runs of one recipe with one key the earlier stays.
Status Router::plan_shared_runs(Delivery& delivery, const store::MergeRow& merge, Plan& plan) {
  IEUM_TRY(const auto mine, context_.reader->live_runs_of(merge.survivor));
  IEUM_TRY(const auto theirs, context_.reader->live_runs_of(merge.loser));
  for (const auto& run : theirs) {
    const auto other = std::find_if(mine.begin(), mine.end(), [&](const store::RunRow& candidate) {
      return candidate.recipe == run.recipe && candidate.key == run.key;
    });
    if (other == mine.end()) continue;
    const bool theirs_is_later = std::pair(other->started_ms, other->id) < std::pair(run.started_ms, run.id);
    IEUM_CHECK(
        plan_end(delivery, theirs_is_later ? run : *other, std::string(engine::reasons::kMerged), "merged", plan));
  }
  return {};
}

// Of two pending absences of one recipe with one key the one stays that a second event would have left: the later with debounce.
Status Router::plan_shared_absences(const store::MergeRow& merge, Plan& plan) {
  IEUM_TRY(const auto mine, context_.reader->absences_of(merge.survivor));
  IEUM_TRY(const auto theirs, context_.reader->absences_of(merge.loser));
  for (const auto& one : theirs) {
    const auto other = std::find_if(mine.begin(), mine.end(), [&](const store::AbsenceRow& candidate) {
      return candidate.recipe == one.recipe && candidate.key == one.key;
    });
    if (other == mine.end()) continue;
    const auto live = context_.live();
    const auto recipe = live->recipes_by_id.find(one.recipe);
    const bool debounce = recipe != live->recipes_by_id.end() && recipe->second->program->recipe.absent &&
                          recipe->second->program->recipe.absent->debounce;
    const bool theirs_stays = (other->at_ms < one.at_ms) == debounce;
    const auto& dropped = theirs_stays ? *other : one;
    plan.writes.emplace_back(store::DropAbsence{dropped.id, dropped.event});
  }
  return {};
}

}  // namespace ieum::runtime
