// Recipes: what is in force, what others would change, and putting them in force.
#include <algorithm>

#include "server/api.hpp"

namespace ieum::server {
namespace {

List views_of(const std::vector<recipe::Finding>& findings) {
  List views;
  for (const auto& finding : findings) views.push_back(runtime::finding_view(finding));
  return views;
}

Value applied_view(const runtime::AppliedRecipe& applied) {
  return Map{{"name", applied.name},
             {"version", applied.version},
             {"hash", applied.hash},
             {"changed", applied.changed},
             {"warnings", views_of(applied.findings)}};
}

Value runs_view(const runtime::RunsOutcome& runs) {
  List why;
  for (const auto& stayed : runs.why) {
    List ids;
    for (const Id run : stayed.runs) ids.push_back(run);
    why.push_back(Map{{"recipe", stayed.recipe},
                      {"version", stayed.version},
                      {"step", stayed.step},
                      {"why", stayed.why},
                      {"count", stayed.count},
                      {"runs", std::move(ids)}});
  }
  return Map{{"moved", runs.moved}, {"cancelled", runs.cancelled}, {"stayed", runs.stayed}, {"why", std::move(why)}};
}

Result<runtime::RecipeText> text_of(const Value& recipe) {
  const auto* source = recipe.get("source");
  if (source == nullptr || !source->is_string())
    return Error("bad_body", "the member \"source\" must be there and be text");
  const auto word = recipe.text("format", "yaml");
  if (word != "yaml" && word != "json") return Error("bad_body", "\"format\" must be yaml or json");
  return runtime::RecipeText{*source->if_string(), word == "json" ? recipe::Format::json : recipe::Format::yaml,
                             recipe.text("file", "recipe." + word)};
}

Result<std::vector<runtime::RecipeText>> texts_of(const ApiCall& call) {
  std::vector<runtime::RecipeText> texts;
  for (const auto& recipe : *call.body.get("recipes")->if_list()) {
    IEUM_TRY(auto text, text_of(recipe));
    texts.push_back(std::move(text));
  }
  return texts;
}

// Whose names the audit log has; the texts are in the store as versions.
Map recipes_told(Api&, const ApiCall& call) {
  List names;
  const auto* list = call.body.get("recipes");
  for (const auto& one : list == nullptr ? List{call.body} : *list->if_list()) {
    const auto text = text_of(one);
    if (text.has_error()) continue;
    const auto read = recipe::read_recipe(text->source, text->format);
    names.push_back(read.recipe ? read.recipe->name : text->file);
  }
  return Map{{"names", std::move(names)}};
}

// The hub says in text what is wrong; programs want file, line and column.
void add_findings(Api& api, const std::vector<runtime::RecipeText>& texts, const Error& error, Value& details) {
  if (error.code != "recipe_invalid") return;
  const auto plan = api.parts.hub.plan_recipes(texts);
  if (plan.has_error()) return;
  List findings;
  for (const auto& recipe : *plan->get("recipes")->if_list()) {
    for (const auto& finding : *recipe.get("findings")->if_list()) {
      Map view = *finding.if_map();
      view.set("file", recipe.text("file"));
      findings.push_back(std::move(view));
    }
  }
  details = Map{{"findings", std::move(findings)}};
}

Result<Value> list_recipes(Api& api, ApiCall& call) {
  const Millis now = api.parts.clock.now();
  IEUM_TRY(const auto tallies, call.reader.recipe_tallies());
  IEUM_TRY(const auto problems, call.reader.problems(false, 0, 0, 200));
  IEUM_TRY(const auto holds, call.reader.holds());
  List list;
  for (const auto& recipe : api.parts.hub.recipes()) {
    const Id id = recipe.number("id");
    Map view = *recipe.if_map();
    store::RecipeTally tally;
    for (const auto& one : tallies)
      if (one.recipe == id) tally = one;
    store::RunFilter failed;
    failed.recipe = id;
    failed.state = store::RunState::failed;
    failed.from_ms = now - kDay;
    failed.limit = 100;
    IEUM_TRY(const auto failed_runs, call.reader.runs(failed));
    view.set("health", Map{{"live", tally.acting + tally.waiting + tally.in_doubt},
                           {"waiting", tally.waiting},
                           {"in_doubt", tally.in_doubt},
                           {"failed", tally.failed},
                           {"failed_day", static_cast<std::int64_t>(failed_runs.rows.size())},
                           {"last_started_ms", tally.last_started_ms == 0 ? Value() : Value(tally.last_started_ms)}});
    const auto open =
        std::count_if(problems.begin(), problems.end(), [&](const auto& row) { return row.recipe == id; });
    view.set("problems_open", static_cast<std::int64_t>(open));
    const auto hold = std::find_if(holds.begin(), holds.end(), [&](const auto& row) {
      return row.kind == "recipe" && row.name == recipe.text("name");
    });
    view.set("hold", hold == holds.end() ? Value() : Value(Map{{"id", hold->id}, {"reason", hold->reason}}));
    list.push_back(std::move(view));
  }
  return Value(Map{{"recipes", std::move(list)}});
}

Result<Value> apply_recipe(Api& api, ApiCall& call) {
  IEUM_TRY(const auto text, text_of(call.body));
  auto applied = api.parts.hub.apply_recipe(text.source, text.format, text.file);
  if (applied.has_error()) {
    add_findings(api, {text}, applied.error(), call.error_details);
    return std::move(applied).error();
  }
  return applied_view(*applied);
}

Result<Value> plan_recipes(Api& api, ApiCall& call) {
  IEUM_TRY(const auto texts, texts_of(call));
  return api.parts.hub.plan_recipes(texts);
}

Result<Value> apply_recipes(Api& api, ApiCall& call) {
  IEUM_TRY(const auto texts, texts_of(call));
  const auto runs = call.body.text("runs", "stay");
  if (runs != "stay" && runs != "move" && runs != "cancel")
    return Error("bad_body", "\"runs\" must be stay, move or cancel");
  auto applied = api.parts.hub.apply_recipes(texts, runs == "move"     ? runtime::RunsBecome::move
                                                    : runs == "cancel" ? runtime::RunsBecome::cancel
                                                                       : runtime::RunsBecome::stay);
  if (applied.has_error()) {
    add_findings(api, texts, applied.error(), call.error_details);
    return std::move(applied).error();
  }
  List recipes;
  for (const auto& recipe : applied->recipes) recipes.push_back(applied_view(recipe));
  return Value(Map{{"recipes", std::move(recipes)}, {"runs", runs_view(applied->runs)}});
}

Result<Value> find_recipe(Api& api, const std::string& name) {
  for (auto& recipe : api.parts.hub.recipes()) {
    if (recipe.text("name") == name) return std::move(recipe);
  }
  return Error("unknown_recipe", "there is no recipe \"" + name + "\"", "see: ieum recipe list");
}

Result<Value> show_recipe(Api& api, ApiCall& call) {
  IEUM_TRY(const auto found, find_recipe(api, call.path("name")));
  const Id version = found.number("version");
  IEUM_TRY(const auto row, call.reader.recipe_version(version));
  if (!row) return Error("recipe_version_lost", "the recipe's current version is not in the store");
  IEUM_TRY(const auto live, call.reader.live_runs_of_version(version));
  Map view = *found.if_map();
  view.set("source", row->source);
  view.set("format", row->format);
  view.set("applied_ms", row->created_ms);
  view.set("live_runs", live);
  IEUM_TRY(const auto rows, call.reader.recipes());
  for (const auto& recipe : rows) {
    if (recipe.id != found.number("id")) continue;
    IEUM_TRY(auto versions, recipe_versions_view(call.reader, recipe));
    view.set("versions", std::move(versions));
  }
  IEUM_TRY(const auto plan, api.parts.hub.plan_recipes(
                                {{row->source, row->format == "json" ? recipe::Format::json : recipe::Format::yaml,
                                  found.text("name") + "." + row->format}}));
  view.set("findings", *plan.get("recipes")->if_list()->front().get("findings"));
  return Value(std::move(view));
}

Api::ApiHandler enable(bool enabled) {
  return [enabled](Api& api, ApiCall& call) -> Result<Value> {
    IEUM_CHECK(api.parts.hub.enable_recipe(call.path("name"), enabled));
    return find_recipe(api, call.path("name"));
  };
}

}  // namespace

void add_recipe_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  const Member source = must("source", Type::text, "the recipe's text");
  const Member format = may("format", Type::text, "yaml (the usual) or json");
  const Member recipes = must("recipes", Type::list, "of {source, format, file}");
  table.add({Method::get,
             "/api/v1/recipes",
             Needs::viewer,
             {.summary = "Recipes in force", .answer = "`recipes`"},
             api->on_admin(list_recipes)});
  table.add({Method::post,
             "/api/v1/recipes",
             Needs::editor,
             {.summary = "Puts a recipe in force",
              .body = {source, format, shown(may("file", Type::text, "how findings name it"))},
              .answer = "name, version, hash, whether it changed, and warnings",
              .errors = {"recipe_invalid"},
              .tells = recipes_told},
             api->on_commands(apply_recipe)});
  table.add({Method::post,
             "/api/v1/recipes/plan",
             Needs::editor,
             {.summary = "What applying several recipes would change",
              .body = {recipes},
              .answer = "for each: findings, the difference, and the runs of older versions",
              .asks = true},
             api->on_commands(plan_recipes)});
  table.add({Method::post,
             "/api/v1/recipes/apply",
             Needs::editor,
             {.summary = "Puts several in force, all or none, and settles the runs of older versions",
              .body = {recipes, shown(may("runs", Type::text, "of older versions: stay (the usual), move or cancel"))},
              .answer = "`recipes` as of POST /recipes, and what became of the `runs`",
              .errors = {"recipe_invalid"},
              .tells = recipes_told},
             api->on_commands(apply_recipes)});
  table.add({Method::get,
             "/api/v1/recipes/{name}",
             Needs::viewer,
             {.summary = "One recipe with its source", .answer = "the row of the list, and source, format, live_runs"},
             api->on_admin(show_recipe)});
  table.add({Method::post,
             "/api/v1/recipes/{name}/enable",
             Needs::editor,
             {.summary = "Switches a recipe on", .answer = "the recipe as the list shows it"},
             api->on_commands(enable(true))});
  table.add(
      {Method::post,
       "/api/v1/recipes/{name}/disable",
       Needs::editor,
       {.summary = "Switches it off; runs that live go on. What happens while it is off starts nothing later either",
        .answer = "the recipe as the list shows it"},
       api->on_commands(enable(false))});
}

}  // namespace ieum::server
