// Scheduler: absences that are due. What was watched for has not come: entry is judged now, and the run starts.
#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/scheduler.hpp"
#include "runtime/starting.hpp"
#include "runtime/stored_events.hpp"

namespace ieum::runtime {

struct Scheduler::AbsencePlan {
  std::vector<store::Write> writes;
  std::optional<OpenedRun> opened;
  std::optional<store::RunRow> run;
};

Result<Scheduler::AbsencePlan> Scheduler::plan_absence(const store::AbsenceRow& absence) {
  AbsencePlan plan;
  plan.writes.emplace_back(store::DropAbsence{absence.id, absence.event});
  const auto live = context_.live();
  IEUM_TRY(const auto stored, context_.reader->event(absence.event));
  // Why nothing started is noted with the event that would have.
  const auto refuse = [&](const std::string& name, const std::string& reason) {
    if (!stored) return;
    const std::string note = (stored->event.reason.empty() ? "" : stored->event.reason + "; ") + name + ": " + reason;
    plan.writes.emplace_back(store::SettleEvent{absence.event, stored->event.state, stored->event.state, note});
  };
  const auto found = live->recipes_by_id.find(absence.recipe);
  if (found == live->recipes_by_id.end()) return plan;
  const auto& recipe = *found->second;
  const auto& definition = recipe.program->recipe;
  if (!recipe.row.enabled || !definition.absent) {
    refuse(definition.name, std::string(engine::reasons::kRecipeOff));
    return plan;
  }
  if (!stored) return plan;
  const auto events = events_of(*live, *stored);
  if (events.has_error() || static_cast<std::size_t>(absence.item) >= events->size()) {
    refuse(definition.name, events.has_error() ? events.error().text() : "its event is gone");
    return plan;
  }
  const Millis now = context_.now();
  const TriggerFact trigger{absence.event, absence.item,
                            host::event_scope((*events)[static_cast<std::size_t>(absence.item)]), absence.at_ms};
  context_.recent.put(trigger.event, trigger.item, trigger.scope, stored->payload.body.size(), live);
  const Entrant entrant{absence.customer, absence.key, nullptr};
  std::string refused;
  if (too_late(definition, absence.due_ms, now)) {
    refused = engine::reasons::kTooLate;
  } else {
    IEUM_TRY(refused, refusal_to_start(context_, recipe, entrant, trigger, {}, now));
  }
  if (!refused.empty()) {
    refuse(definition.name, refused);
    return plan;
  }
  IEUM_TRY(auto advanced, start_run(context_, recipe, entrant, trigger, now));
  for (auto& write : advanced.writes) plan.writes.emplace_back(std::move(write));
  if (advanced.open) plan.opened = OpenedRun{advanced.run, std::move(*advanced.open), recipe.program};
  plan.run = std::move(advanced.run);
  return plan;
}

void Scheduler::fire_absence(store::AbsenceRow due) {
  const std::string lock = due.customer != 0 ? "c:" + std::to_string(due.customer) : key_lock(due.recipe, due.key);
  context_.locks.acquire({lock}, [this, id = due.id](KeyLocks::Ticket ticket) {
    const auto leave = [this, id, ticket] {
      context_.locks.release(ticket);
      claimed_absences_.erase(id);
      fired();
    };
    // Whoever had the lock before may have ended it, or started its clock again.
    const auto stored = context_.reader->absence(id);
    pause_ = pause_ || stored.has_error();
    if (stored.has_error() || !*stored || (*stored)->due_ms > context_.now()) return leave();
    auto planned = plan_absence(**stored);
    if (planned.has_error()) {
      context_.parts.log.error("an absence cannot be decided on now; it stays due",
                               {{"absence", std::to_string(id)}, {"error", planned.error().text()}});
      pause_ = true;
      return leave();
    }
    auto plan = std::make_shared<AbsencePlan>(std::move(*planned));
    context_.commit(store::Unit{std::move(plan->writes)}, [this, leave, plan](const store::UnitOutcome& outcome) {
      if (outcome.kind != store::UnitOutcome::Kind::committed) {
        if (outcome.error) {
          context_.parts.log.error("an absence could not be committed; it stays due",
                                   {{"error", outcome.error->text()}});
          pause_ = true;
        }
        return leave();
      }
      if (plan->run) context_.tell_run(*plan->run);
      leave();
      if (plan->run && plan->run->due_ms) note_due(*plan->run->due_ms);
      if (plan->opened) links_.act(std::move(*plan->opened), false);
    });
  });
}

}  // namespace ieum::runtime
