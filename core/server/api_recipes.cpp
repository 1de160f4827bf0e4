// Recipes: what is in force, and putting another version in force.
#include "recipe/checker.hpp"
#include "recipe/reader.hpp"
#include "server/api.hpp"

namespace ieum::server {
namespace {

Value finding_view(const recipe::Finding& finding) {
  return Map{{"severity", finding.severity == recipe::Finding::Severity::error ? "error" : "warning"},
             {"code", finding.code},
             {"message", finding.what},
             {"mend", finding.mend},
             {"line", finding.place.line},
             {"column", finding.place.column}};
}

List views_of(const std::vector<recipe::Finding>& findings) {
  List views;
  for (const auto& finding : findings) views.push_back(finding_view(finding));
  return views;
}

Result<Value> list_recipes(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {}));
  return Value(Map{{"recipes", api.parts.hub.recipes()}});
}

Result<Value> apply_recipe(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {"source", "format", "file"}));
  IEUM_TRY(const auto source, call.text("source"));
  const auto word = call.body.text("format", "yaml");
  if (word != "yaml" && word != "json") return Error("bad_body", "\"format\" must be yaml or json");
  const auto format = word == "json" ? recipe::Format::json : recipe::Format::yaml;
  auto applied = api.parts.hub.apply_recipe(source, format, call.body.text("file", "recipe." + word));
  if (applied.has_error()) {
    if (applied.error().code != "recipe_invalid") return std::move(applied).error();
    // The hub says it in text; programs want line and column.
    auto read = recipe::read_recipe(source, format);
    if (read.recipe) {
      for (auto& finding : recipe::check_recipe(*read.recipe, *api.parts.hub.catalog())) {
        read.findings.push_back(std::move(finding));
      }
    }
    call.error_details = Map{{"findings", views_of(read.findings)}};
    return std::move(applied).error();
  }
  return Value(Map{{"name", applied->name},
                   {"version", applied->version},
                   {"hash", applied->hash},
                   {"changed", applied->changed},
                   {"warnings", views_of(applied->findings)}});
}

Result<Value> find_recipe(Api& api, const std::string& name) {
  for (auto& recipe : api.parts.hub.recipes()) {
    if (recipe.text("name") == name) return std::move(recipe);
  }
  return Error("unknown_recipe", "there is no recipe \"" + name + "\"", "see: ieum recipe list");
}

Result<Value> show_recipe(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {}));
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
  return Value(std::move(view));
}

Api::ApiHandler enable(bool enabled) {
  return [enabled](Api& api, ApiCall& call) -> Result<Value> {
    IEUM_CHECK(call.takes({}, {}));
    IEUM_CHECK(api.parts.hub.enable_recipe(call.path("name"), enabled));
    return find_recipe(api, call.path("name"));
  };
}

}  // namespace

void add_recipe_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get, "/api/v1/recipes", Policy::operator_, api->on_admin(list_recipes)});
  table.add({Method::post, "/api/v1/recipes", Policy::operator_, api->on_commands(apply_recipe)});
  table.add({Method::get, "/api/v1/recipes/{name}", Policy::operator_, api->on_admin(show_recipe)});
  table.add({Method::post, "/api/v1/recipes/{name}/enable", Policy::operator_, api->on_commands(enable(true))});
  table.add({Method::post, "/api/v1/recipes/{name}/disable", Policy::operator_, api->on_commands(enable(false))});
}

}  // namespace ieum::server
