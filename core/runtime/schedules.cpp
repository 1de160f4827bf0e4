#include "runtime/schedules.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/stored_events.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kOnTime = kMinute;  // `missed: skip` still fires what is late by less

std::string mark_name(Id recipe) { return "schedule." + std::to_string(recipe); }

store::PutMeta mark_write(const LiveRecipe& recipe, Millis until_ms, bool on) {
  return {mark_name(recipe.row.id), write_json(Map{{"until_ms", until_ms}, {"hash", recipe.hash}, {"on", on}})};
}

const Zone& zone_of(const recipe::Recipe& recipe, ZoneSource& zones) {
  static const Zone kSeoul = Zone::fixed("Asia/Seoul", 9 * 3600);
  const auto found = zones.find(recipe.schedule->zone.empty() ? recipe.zone : recipe.schedule->zone);
  return found ? **found : kSeoul;
}

// The last firing in (after, now]: looks back from now in growing spans, so that years asleep cost little.
std::optional<Millis> last_firing(const recipe::Cron& cron, const Zone& zone, Millis after, Millis now) {
  for (Millis span = kMinute;; span *= 2) {
    const Millis from = std::max(after, now - span);
    auto firing = recipe::next_time(cron, zone, from);
    if (firing && *firing <= now) {
      for (auto later = firing; later && *later <= now; later = recipe::next_time(cron, zone, *later)) firing = later;
      return firing;
    }
    if (from == after) return {};
  }
}

}  // namespace

std::optional<Millis> Schedules::next() const {
  const Millis next = next_.load();
  return next == kNone ? std::nullopt : std::optional<Millis>(next);
}

void Schedules::pass() {
  const Millis now = context_.now();
  std::optional<Millis> earliest;
  for (const auto& [name, recipe] : context_.live()->recipes) {
    if (!recipe->program->recipe.schedule) continue;
    if (context_.stopping) break;
    if (!recipe->row.enabled) {
      // Switched on again, it begins at that moment.
      if (marks_.erase(recipe->row.id) > 0) store_mark(*recipe, now, false);
      continue;
    }
    const auto next = fire(*recipe, mark_of(*recipe, now), now);
    if (next && (!earliest || *next < *earliest)) earliest = next;
  }
  next_.store(earliest.value_or(kNone));
}

// A recipe that is new here, or was switched on, or has another schedule, begins now; what a restart finds goes on.
Schedules::Mark& Schedules::mark_of(const LiveRecipe& recipe, Millis now) {
  const std::string& text = recipe.hash;
  const auto found = marks_.find(recipe.row.id);
  if (found != marks_.end()) {
    if (found->second.schedule != text) found->second = {now, false, text};
    return found->second;
  }
  Mark mark{now, false, text};
  if (const auto stored = context_.reader->meta(mark_name(recipe.row.id)); stored.has_value() && *stored) {
    const auto value = parse_json(**stored);
    if (value.has_value() && value->text("hash") == text && value->flag("on")) {
      mark.until_ms = value->number("until_ms", now);
      mark.stored = true;
    }
  }
  return marks_.emplace(recipe.row.id, std::move(mark)).first->second;
}

std::optional<Millis> Schedules::fire(const LiveRecipe& recipe, Mark& mark, Millis now) {
  const auto& definition = recipe.program->recipe;
  const auto& schedule = *definition.schedule;
  const Zone& zone = zone_of(definition, context_.parts.zones);
  const auto first = recipe::next_time(schedule.cron, zone, mark.until_ms);
  if (first && *first <= now) {
    const auto last = last_firing(schedule.cron, zone, mark.until_ms, now);
    if (last) {
      const bool late = now - *last >= kOnTime;
      // The ones before the last are recorded together, under the first of them.
      if (*first < *last) accept(recipe, *first, true, now);
      accept(recipe, *last, late && !schedule.catch_up, now);
      mark.until_ms = *last;
      mark.stored = true;
    }
  } else if (!mark.stored) {
    mark.stored = true;
    store_mark(recipe, mark.until_ms, true);
  }
  return recipe::next_time(schedule.cron, zone, mark.until_ms);
}

void Schedules::store_mark(const LiveRecipe& recipe, Millis until_ms, bool on) {
  context_.commit(store::Unit{{mark_write(recipe, until_ms, on)}}, [](const store::UnitOutcome&) {});
}

void Schedules::accept(const LiveRecipe& recipe, Millis scheduled_ms, bool missed, Millis now) {
  const std::string& name = recipe.row.name;
  auto delivery = schedule_delivery(name, scheduled_ms, now);
  delivery.event.id = context_.parts.store.next_id(store::IdSpace::event);
  if (missed) {
    delivery.event.state = store::EventState::routed;
    delivery.event.reason = name + ": " + std::string(engine::reasons::kMissed);
  } else {
    context_.arrivals.add(now);
  }
  store::Unit unit;
  unit.writes.push_back(
      store::AcceptEvent{delivery.event, delivery.payload,
                         "schedule:" + std::to_string(recipe.row.id) + ":" + std::to_string(scheduled_ms)});
  unit.writes.push_back(mark_write(recipe, scheduled_ms, true));
  ++under_way_;
  context_.commit(std::move(unit), [this, delivery, missed, now](const store::UnitOutcome& outcome) {
    --under_way_;
    if (missed) return;
    if (outcome.kind == store::UnitOutcome::Kind::committed) return delivered_(delivery);
    context_.arrivals.remove(now);
    if (outcome.kind == store::UnitOutcome::Kind::duplicate) return;  // it has fired already
    context_.parts.log.error("a schedule could not fire; it is made up for at the next start",
                             {{"error", outcome.error ? outcome.error->text() : "unknown"}});
  });
}

}  // namespace ieum::runtime
