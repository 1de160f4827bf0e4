#include "runtime/starting.hpp"

#include <map>

#include "engine/reasons.hpp"
#include "runtime/loops.hpp"

namespace ieum::runtime {
namespace {

constexpr Millis kMaxLateOfAbsences = kDay;

Result<engine::EntryFacts> entry_facts(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                                       const std::vector<store::RunRow>& moved, Millis now_ms) {
  engine::EntryFacts facts;
  if (entrant.customer == 0 && entrant.key.empty()) return facts;
  const auto& definition = recipe.program->recipe;
  IEUM_TRY(const auto live_run, context.reader->live_run(recipe.row.id, entrant.customer, entrant.key));
  facts.live_run = live_run.has_value();
  for (const auto& run : moved) {
    // A run that this same unit ends does not stand in the way; one that it starts does.
    if (live_run && run.id == live_run->id && store::is_terminal(run.state)) facts.live_run = false;
  }
  for (const auto& run : moved) {
    if (run.recipe == recipe.row.id && run.customer == entrant.customer && run.key == entrant.key &&
        !store::is_terminal(run.state))
      facts.live_run = true;
  }
  if (definition.entry.mode == recipe::EntryMode::once) {
    IEUM_TRY(facts.runs_ever, context.reader->entries(recipe.row.id, entrant.customer, entrant.key, 0));
  }
  if (definition.entry.cap) {
    const Millis since = now_ms - definition.entry.cap->per + 1;
    IEUM_TRY(facts.runs_in_cap, context.reader->entries(recipe.row.id, entrant.customer, "", since));
  }
  return facts;
}

void know_entrant(RunFacts& facts, const Entrant& entrant, const TriggerFact& trigger) {
  facts.know_trigger(trigger.scope);
  facts.know_history(entrant.history);
  if (entrant.person != nullptr)
    facts.know_customer(entrant.person->customer, entrant.person->identities, entrant.person->is_new);
}

// What entry.where may ask, each read when it is asked for.
class EntryScope final : public expr::Scope {
 public:
  EntryScope(const engine::Facts& facts, Millis now_ms) : facts_(facts), now_ms_(now_ms) {}
  [[nodiscard]] const Value* lookup(std::string_view name) const override {
    const auto found = made_.find(name);
    if (found != made_.end()) return &found->second;
    if (name == "trigger" || name == "event") return keep(name, facts_.trigger());
    if (name == "customer") return keep(name, facts_.customer());
    if (name == "history") return keep(name, facts_.history());
    if (name == "now")
      return keep(name, Timestamp{now_ms_ / 1000, static_cast<std::int32_t>(now_ms_ % 1000) * 1'000'000});
    return nullptr;
  }

 private:
  const Value* keep(std::string_view name, Value value) const {
    return &made_.emplace(std::string(name), std::move(value)).first->second;
  }
  const engine::Facts& facts_;
  Millis now_ms_;
  mutable std::map<std::string, Value, std::less<>> made_;
};

// What is asked of somebody who would run.
Result<bool> holds(Context& context, const LiveRecipe& recipe, const recipe::Condition& condition,
                   const Entrant& entrant, const TriggerFact& trigger, Millis now_ms) {
  const auto& definition = recipe.program->recipe;
  store::RunRow run;
  run.recipe = recipe.row.id;
  run.customer = entrant.customer;
  run.started_ms = now_ms;
  RunFacts facts(context, run, definition);
  know_entrant(facts, entrant, trigger);
  expr::Limits limits;
  limits.zones = &context.parts.zones;
  const auto known = facts.facts();
  const auto answer = condition.expression.evaluate(EntryScope(known, now_ms), limits);
  if (facts.problem()) return *facts.problem();
  const bool* truth = answer.has_value() ? answer->if_bool() : nullptr;
  return truth != nullptr && *truth;
}

}  // namespace

Result<std::string> refusal_to_watch(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                                     const TriggerFact& trigger, const std::vector<store::RunRow>& moved,
                                     Millis now_ms) {
  IEUM_TRY(const auto facts, entry_facts(context, recipe, entrant, moved, now_ms));
  const auto& definition = recipe.program->recipe;
  if (const auto verdict = engine::judge_entry(definition, entrant.customer != 0, facts);
      verdict != engine::Enter::start)
    return std::string(engine::reasons::of(verdict));
  // An event older than its canceller never enrols.
  if (entrant.person != nullptr && entrant.person->is_new) return std::string();
  std::vector<const recipe::EventMatch*> cancellers;
  for (const auto& exit : definition.exit_on) cancellers.push_back(&exit);
  if (definition.absent) cancellers.push_back(&definition.absent->match);
  for (const auto* canceller : cancellers) {
    IEUM_TRY(const bool there, in_history(context, entrant.customer, *canceller, trigger.at_ms, trigger.scope));
    if (there) return std::string(engine::reasons::kExitOnAlreadyTrue);
  }
  return std::string();
}

Result<std::string> refusal_to_start(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                                     const TriggerFact& trigger, const std::vector<store::RunRow>& moved,
                                     Millis now_ms) {
  IEUM_TRY(auto refused, refusal_to_watch(context, recipe, entrant, trigger, moved, now_ms));
  if (!refused.empty()) return refused;
  const auto& where = recipe.program->recipe.entry.where;
  if (!where) return refused;
  IEUM_TRY(const bool enters, holds(context, recipe, *where, entrant, trigger, context.now()));
  return enters ? std::string() : std::string(engine::reasons::kEntryWhere);
}

Result<bool> is_of_audience(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                            const TriggerFact& trigger, Millis at_ms) {
  return holds(context, recipe, *recipe.program->recipe.audience, entrant, trigger, at_ms);
}

Result<Advance> start_run(Context& context, const LiveRecipe& recipe, const Entrant& entrant,
                          const TriggerFact& trigger, Millis now_ms) {
  store::RunRow run;
  run.id = context.parts.store.next_id(store::IdSpace::run);
  run.recipe = recipe.row.id;
  run.version = recipe.row.current_version;
  run.customer = entrant.customer;
  run.key = entrant.key;
  run.trigger_event = trigger.event;
  run.trigger_item = trigger.item;
  run.started_ms = now_ms;
  run.vars = with_hops({}, trigger.hops);
  RunFacts facts(context, run, recipe.program->recipe);
  know_entrant(facts, entrant, trigger);
  return advance(context, run, true, *recipe.program, facts, engine::Begin{}, context.now());
}

bool too_late(const recipe::Recipe& recipe, Millis deadline_ms, Millis now_ms) {
  if (!recipe.max_late_for && !recipe.absent) return false;
  return now_ms - deadline_ms > recipe.max_late_for.value_or(kMaxLateOfAbsences);
}

}  // namespace ieum::runtime
