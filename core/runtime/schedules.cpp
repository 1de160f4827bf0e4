#include "runtime/schedules.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/stored_events.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kClockWrong = kDay;     // a mark that lies further ahead was set by a clock that was wrong
constexpr std::size_t kMadeUpMax = 500;  // firings that `missed: all` makes up for: eight hours of every minute
constexpr Millis kOnTime = kMinute;      // `missed: skip` still fires what is late by less

std::string mark_name(Id recipe) { return "schedule." + std::to_string(recipe); }

std::string text_of(const recipe::Recipe& recipe) {
  const auto& cron = recipe.schedule->cron;
  std::string text;
  for (const std::uint64_t field : {cron.minutes, std::uint64_t(cron.hours), std::uint64_t(cron.days),
                                    std::uint64_t(cron.months), std::uint64_t(cron.weekdays)})
    text += std::to_string(field) + " ";
  return text + (recipe.schedule->zone.empty() ? recipe.zone : recipe.schedule->zone);
}

store::PutMeta mark_write(Id recipe, Millis until_ms, const std::string& schedule, bool on) {
  return {mark_name(recipe), write_json(Map{{"until_ms", until_ms}, {"schedule", schedule}, {"on", on}})};
}

const Zone& zone_of(const recipe::Recipe& recipe, ZoneSource& zones) {
  static const Zone kSeoul = Zone::fixed("Asia/Seoul", 9 * 3600);
  const auto found = zones.find(recipe.schedule->zone.empty() ? recipe.zone : recipe.schedule->zone);
  return found ? **found : kSeoul;
}

// The last firings in (after, now], oldest first, at most `most`: looks back from now in growing spans, so that years
// asleep cost little.
std::vector<Millis> last_firings(const recipe::Cron& cron, const Zone& zone, Millis after, Millis now,
                                 std::size_t most) {
  for (Millis span = kMinute;; span *= 2) {
    const Millis from = std::max(after, now - span);
    std::vector<Millis> found;
    for (auto at = recipe::next_time(cron, zone, from); at && *at <= now; at = recipe::next_time(cron, zone, *at))
      found.push_back(*at);
    if (found.size() < most && from > after) continue;
    if (found.size() > most) found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(most));
    return found;
  }
}

}  // namespace

std::optional<Millis> Schedules::next() const {
  const Millis next = next_.load();
  return next == kNone ? std::nullopt : std::optional<Millis>(next);
}

void Schedules::pass(Millis until) {
  const auto live = context_.live();
  std::optional<Millis> earliest;
  for (const auto& [name, recipe] : live->recipes) {
    if (context_.stopping) break;
    if (!recipe->program->recipe.schedule || !recipe->row.enabled) {
      switch_off(*recipe);
      continue;
    }
    off_.erase(recipe->row.id);
    Mark* mark = mark_of(*recipe, context_.now());
    if (mark == nullptr) continue;
    const auto next = fire(*recipe, *mark, until);
    if (next && (!earliest || *next < *earliest)) earliest = next;
  }
  next_.store(earliest.value_or(kNone));
}

// Switched on again, it begins at that moment.
void Schedules::switch_off(const LiveRecipe& recipe) {
  if (!off_.insert(recipe.row.id).second) return;
  marks_.erase(recipe.row.id);
  const auto stored = context_.reader->meta(mark_name(recipe.row.id));
  if (stored.has_error()) off_.erase(recipe.row.id);
  if (stored.has_error() || !*stored) return;
  context_.commit(store::Unit{{mark_write(recipe.row.id, context_.now(), "", false)}},
                  [](const store::UnitOutcome&) {});
}

// A recipe that is new here, or was switched on, or has other times, begins now; what a restart finds goes on.
Schedules::Mark* Schedules::mark_of(const LiveRecipe& recipe, Millis now) {
  const std::string text = text_of(recipe.program->recipe);
  auto found = marks_.find(recipe.row.id);
  if (found == marks_.end()) {
    const auto stored = context_.reader->meta(mark_name(recipe.row.id));
    if (stored.has_error()) return nullptr;
    Mark mark{now, false, text};
    if (*stored) {
      const auto value = parse_json(**stored);
      if (value.has_value() && value->text("schedule") == text && value->flag("on")) {
        mark.until_ms = value->number("until_ms", now);
        mark.stored = true;
      }
    }
    found = marks_.emplace(recipe.row.id, std::move(mark)).first;
  }
  Mark& mark = found->second;
  if (mark.schedule != text) mark = {now, false, text};
  if (mark.until_ms > now + kClockWrong) {
    context_.parts.log.warning("the clock went back; a schedule begins again at the present time",
                               {{"recipe", recipe.row.name}});
    mark = {now, false, text};
  }
  return &mark;
}

std::optional<Millis> Schedules::fire(const LiveRecipe& recipe, Mark& mark, Millis until) {
  const auto& definition = recipe.program->recipe;
  const auto& schedule = *definition.schedule;
  const Zone& zone = zone_of(definition, context_.parts.zones);
  const auto first = recipe::next_time(schedule.cron, zone, mark.until_ms);
  const std::size_t most = schedule.missed == recipe::Schedule::Missed::all ? kMadeUpMax : 1;
  if (first && *first <= until) {
    // Judged up to now: while timers before the newest are still to be fired, `until` is earlier, and nothing is made up
    // for twice.
    auto last = last_firings(schedule.cron, zone, mark.until_ms, context_.now(), most);
    if (last.front() > until) return first;
    std::erase_if(last, [&](Millis firing) { return firing > until; });
    // The ones before are recorded together, under the first of them.
    if (*first < last.front()) accept(recipe, {*first}, true);
    const bool late = context_.now() - last.back() >= kOnTime;
    accept(recipe, last, late && schedule.missed == recipe::Schedule::Missed::none);
    mark.until_ms = last.back();
    mark.stored = true;
  } else if (!mark.stored) {
    mark.stored = true;
    context_.commit(store::Unit{{mark_write(recipe.row.id, mark.until_ms, mark.schedule, true)}},
                    [](const store::UnitOutcome&) {});
  }
  return recipe::next_time(schedule.cron, zone, mark.until_ms);
}

// All of them in one commit, with the mark that says so.
void Schedules::accept(const LiveRecipe& recipe, const std::vector<Millis>& firings, bool missed) {
  const std::string& name = recipe.row.name;
  const Millis now = context_.now();
  store::Unit unit;
  std::vector<store::EventWithPayload> deliveries;
  for (const Millis scheduled_ms : firings) {
    auto delivery = schedule_delivery(name, scheduled_ms, now);
    delivery.event.id = context_.parts.store.next_id(store::IdSpace::event);
    if (missed) {
      delivery.event.state = store::EventState::routed;
      delivery.event.reason = name + ": " + std::string(engine::reasons::kMissed);
    } else {
      context_.arrivals.add(now);
    }
    unit.writes.emplace_back(
        store::AcceptItem{delivery.event, delivery.payload,
                          "schedule:" + std::to_string(recipe.row.id) + ":" + std::to_string(scheduled_ms)});
    deliveries.push_back(std::move(delivery));
  }
  unit.writes.emplace_back(mark_write(recipe.row.id, firings.back(), text_of(recipe.program->recipe), true));
  ++under_way_;
  context_.commit(std::move(unit), [this, deliveries = std::move(deliveries), missed, now,
                                    id = recipe.row.id](const store::UnitOutcome& outcome) {
    --under_way_;
    const bool stored = outcome.kind == store::UnitOutcome::Kind::committed;
    bool told = missed;
    for (const auto& delivery : deliveries) {
      if (missed) break;
      const auto& known = outcome.passed_over;  // fired already
      if (stored && std::find(known.begin(), known.end(), delivery.event.id) == known.end()) {
        delivered_(delivery);
        told = true;
      } else {
        context_.arrivals.remove(now);
      }
    }
    if (!stored) {  // found again from the stored mark
      marks_.erase(id);
      context_.parts.log.error("a schedule could not fire; it is tried again",
                               {{"error", outcome.error ? outcome.error->text() : "unknown"}});
    }
    if (!stored || !told) refused_();
  });
}

}  // namespace ieum::runtime
