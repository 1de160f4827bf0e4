// Recipes in a running hub: what applying them would change, putting them in force all at once, and what becomes of the runs
// of older versions.
#include <algorithm>
#include <set>

#include "recipe/diff.hpp"
#include "recipe/move.hpp"
#include "runtime/hub_parts.hpp"
#include "runtime/recipe_judgement.hpp"
#include "runtime/visits.hpp"

namespace ieum::runtime {
namespace {

constexpr int kSlice = 256;            // runs that are changed at once
constexpr int kRounds = 3;             // decided anew that often when others move the same run
constexpr std::size_t kExamples = 10;  // runs that are named for each reason why some stay

Status few_enough(const std::vector<RecipeText>& texts) {
  if (texts.size() <= kRecipesAtOnce) return {};
  return Error("too_many_recipes",
               std::to_string(texts.size()) + " recipes are more than can be applied together (" +
                   std::to_string(kRecipesAtOnce) + ")",
               "apply them in parts");
}

void note_stayed(RunsOutcome& outcome, const std::string& recipe, const store::RunRow& run, const std::string& why) {
  ++outcome.stayed;
  auto found = std::find_if(outcome.why.begin(), outcome.why.end(), [&](const RunsOutcome::Stayed& stayed) {
    return stayed.recipe == recipe && stayed.version == run.version && stayed.step == run.at_step && stayed.why == why;
  });
  if (found == outcome.why.end()) found = outcome.why.insert(found, {recipe, run.version, run.at_step, why, 0, {}});
  ++found->count;
  if (found->runs.size() < kExamples) found->runs.push_back(run.id);
}

}  // namespace

Result<Value> HubInside::plan_recipes(const std::vector<RecipeText>& texts) {
  IEUM_CHECK(few_enough(texts));
  std::lock_guard lock(commands_mutex_);
  const auto live = context_.live();
  const auto judged = judge_together(texts, *live, *catalog());
  List recipes, others;
  std::set<std::string> planned;
  for (const auto& one : judged) {
    if (!one.name.empty()) planned.insert(one.name);
    IEUM_TRY(auto plan, plan_of(one, *commands_reader_));
    recipes.push_back(std::move(plan));
  }
  for (const auto& [name, recipe] : live->recipes)
    if (!planned.contains(name)) others.push_back(Map{{"name", name}, {"enabled", recipe->row.enabled}});
  return Value(Map{{"recipes", std::move(recipes)}, {"not_in_plan", std::move(others)}});
}

Result<AppliedRecipes> HubInside::apply_recipes(const std::vector<RecipeText>& texts, RunsBecome runs) {
  IEUM_CHECK(few_enough(texts));
  std::lock_guard lock(commands_mutex_);
  auto judged = judge_together(texts, *context_.live(), *catalog());
  std::string errors;
  for (const auto& one : judged) errors += one.errors();
  if (!errors.empty()) {
    errors.pop_back();
    return Error("recipe_invalid", errors,
                 texts.size() == 1 ? "mend it and apply it again; what was in force stays in force"
                                   : "mend it and apply them again; nothing was applied");
  }
  auto& store = context_.parts.store;
  AppliedRecipes result;
  store::Unit unit;
  for (auto& one : judged) {
    AppliedRecipe applied;
    applied.name = one.name;
    applied.hash = one.read.hash;
    applied.findings = std::move(one.read.findings);
    applied.recipe = one.in_force ? one.in_force->row.id : store.next_id(store::IdSpace::recipe);
    store::PutRecipe put;
    put.recipe = {applied.recipe, applied.name, !one.in_force || one.in_force->row.enabled, 0};
    IEUM_TRY(const auto known, commands_reader_->recipe_version_by_hash(applied.recipe, applied.hash));
    if (known) {
      applied.version = known->id;
    } else {
      applied.version = store.next_id(store::IdSpace::recipe_version);
      put.version = store::RecipeVersionRow{
          applied.version, applied.recipe, applied.hash, one.text->source, format_word(one.text->format),
          context_.now()};
    }
    applied.changed = !one.in_force || one.in_force->row.current_version != applied.version;
    put.recipe.current_version = applied.version;
    if (applied.changed) unit.writes.emplace_back(std::move(put));
    result.recipes.push_back(std::move(applied));
  }
  if (!unit.writes.empty()) {
    IEUM_CHECK(committed(store.submit_and_wait(store::Queue::work, std::move(unit))));
    IEUM_CHECK(reload());
  }
  if (runs != RunsBecome::stay) IEUM_CHECK(settle_older_runs(result.recipes, runs, result.runs));
  return result;
}

Result<AppliedRecipe> HubInside::apply_recipe(const std::string& source, recipe::Format format,
                                              const std::string& file) {
  IEUM_TRY(auto applied, apply_recipes({{source, format, file}}, RunsBecome::stay));
  return std::move(applied.recipes.front());
}

Status HubInside::settle_older_runs(const std::vector<AppliedRecipe>& recipes, RunsBecome runs, RunsOutcome& outcome) {
  for (const auto& recipe : recipes) {
    const RunWork work =
        runs == RunsBecome::cancel
            ? repair_work({RunDeed::Kind::cancel})
            : RunWork([this, version = recipe.version](const store::RunRow& row) { return move_of(row, version); });
    for (Id after = 0;;) {
      IEUM_TRY(auto rows, commands_reader_->live_runs_of_recipe(recipe.recipe, after, kSlice));
      const bool last = rows.size() < kSlice;
      if (!rows.empty()) after = rows.back().id;
      std::erase_if(rows, [&](const store::RunRow& row) { return row.version == recipe.version; });
      for (int round = 1; !rows.empty(); ++round) {
        std::vector<Id> ids;
        for (const auto& row : rows) ids.push_back(row.id);
        const auto statuses = change_runs(ids, work);
        std::vector<store::RunRow> again;
        for (std::size_t i = 0; i < rows.size(); ++i) {
          if (statuses[i].has_value()) {
            ++(runs == RunsBecome::cancel ? outcome.cancelled : outcome.moved);
          } else if (statuses[i].error().code == "moved_on" && round < kRounds) {
            again.push_back(std::move(rows[i]));
          } else if (statuses[i].error().code != "run_ended") {
            note_stayed(outcome, recipe.name, rows[i], statuses[i].error().what);
          }
        }
        rows = std::move(again);
      }
      if (last) break;
    }
  }
  return {};
}

Status HubInside::move_run(Id run, std::int64_t rev) {
  std::lock_guard lock(commands_mutex_);
  return change_run(run, [this, rev](const store::RunRow& row) -> Result<Repair> {
    IEUM_CHECK(judge_rev(row, rev));
    const auto live = context_.live();
    const auto recipe = live->recipes_by_id.find(row.recipe);
    if (recipe == live->recipes_by_id.end()) return Error("cannot_move", "its recipe is not in force");
    return move_of(row, recipe->second->row.current_version);
  });
}

Status HubInside::judge_move(const store::RunRow& row) {
  const auto live = context_.live();
  const auto recipe = live->recipes_by_id.find(row.recipe);
  if (recipe == live->recipes_by_id.end()) return Error("recipe_gone", "its recipe is not in force");
  const Id version = recipe->second->row.current_version;
  if (!store::is_terminal(row.state) && row.version == version)
    return Error("is_current", "the run is of the current version of its recipe");
  return judge_move_to(row, version);
}

Status HubInside::judge_move_to(const store::RunRow& row, Id version) {
  if (store::is_terminal(row.state)) return Error("run_ended", "the run has ended already");
  IEUM_TRY(const auto before, context_.program(row.recipe, row.version));
  IEUM_TRY(const auto after, context_.program(row.recipe, version));
  if (auto verdict = recipe::can_move(*before, *after, row.at_step); !verdict.can)
    return Error("cannot_move", std::move(verdict.reason), "let it end on its version, or cancel it");
  return {};
}

Result<Repair> HubInside::move_of(const store::RunRow& row, Id version) {
  if (row.version == version && !store::is_terminal(row.state)) return Repair{};
  IEUM_CHECK(judge_move_to(row, version));
  IEUM_TRY(const auto after, context_.program(row.recipe, version));
  auto move = end_run(row, row.state, row.reason, context_.parts.store.epoch(), 0);
  move.ended_ms.reset();
  move.due_ms = row.due_ms;
  move.version = version;
  store::Unit unit;
  unit.writes.emplace_back(std::move(move));
  RunFacts facts(context_, row, after->recipe);
  if (listens_by_key(*after, row.at_step)) {
    unit.writes.emplace_back(store::DropListeners{row.id});
    IEUM_TRY(const auto point, point_of(row));
    for (auto& [event, key] : engine::listen_keys(*after, point, facts.facts(), context_.now()))
      unit.writes.emplace_back(store::AddListener{{event, std::move(key.shape), std::move(key.value), row.id, false}});
    if (facts.problem()) return *facts.problem();
  }
  // Those of the older version stay until the run ends; what they lead to is judged by the version that the run has then.
  IEUM_CHECK(add_exit_listeners(row, after->recipe, facts, context_.parts.zones, unit.writes));
  return Repair{std::move(unit), {}};
}

Status HubInside::enable_recipe(const std::string& name, bool enabled) {
  std::lock_guard lock(commands_mutex_);
  const auto live = context_.live();
  const auto found = live->recipes.find(name);
  if (found == live->recipes.end())
    return Error("unknown_recipe", "there is no recipe \"" + name + "\"", "see: ieum recipe list");
  store::PutRecipe put;
  put.recipe = found->second->row;
  put.recipe.enabled = enabled;
  IEUM_CHECK(committed(context_.parts.store.submit_and_wait(store::Queue::work, store::Unit{{std::move(put)}})));
  return reload();
}

}  // namespace ieum::runtime
