// Recipes on the command line. check works without a hub; what changes or asks a hub goes to its API.
#include <cstdio>

#include "app/commands.hpp"
#include "app/data_dir.hpp"
#include "app/recipe_files.hpp"
#include "app/remote.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "recipe/checker.hpp"
#include "runtime/recipe_catalog.hpp"

namespace ieum::app {

int recipe_check(const Common& common, const std::vector<std::string>& names) {
  const auto registry = registry_of(common);
  if (registry.has_error()) return report(registry.error(), common.json);
  const auto zones = system_zones();
  const auto catalog = runtime::make_catalog(**registry, nullptr, *zones);
  const auto terminal = Terminal::standard_output();
  // Read all before any is judged: recipes that start each other are found only beside each other.
  struct Checked {
    std::string file;
    recipe::ReadOutcome read;
  };
  std::vector<Checked> all;
  for (const auto& file : recipe_files(names)) {
    const auto text = read_file(file, limits::kRecipeBytes);
    if (text.has_error()) return report(text.error(), common.json);
    all.push_back({file, recipe::read_recipe(*text, format_of(file))});
  }
  std::vector<const recipe::Recipe*> recipes;
  std::vector<std::vector<recipe::Finding>*> findings;
  for (auto& one : all) {
    if (!one.read.recipe) continue;
    recipes.push_back(&*one.read.recipe);
    findings.push_back(&one.read.findings);
    for (auto& finding : recipe::check_recipe(*one.read.recipe, *catalog))
      one.read.findings.push_back(std::move(finding));
  }
  const auto circles = recipe::check_recipes(recipes, *catalog);
  for (std::size_t i = 0; i < circles.size(); ++i)
    findings[i]->insert(findings[i]->end(), circles[i].begin(), circles[i].end());
  List printed;
  bool failed = false;
  for (const auto& [file, read] : all) {
    bool bad = false;
    for (const auto& finding : read.findings) {
      bad = bad || finding.severity == recipe::Finding::Severity::error;
      if (common.json)
        printed.push_back(finding_value(file, finding));
      else
        std::printf("%s\n", printable(recipe::finding_text(file, finding)).c_str());
    }
    failed = failed || bad;
    if (!common.json)
      std::printf(
          "%s: %s\n", file.c_str(),
          bad ? terminal.paint(Colour::red, "does not hold").c_str() : terminal.paint(Colour::green, "holds").c_str());
  }
  if (common.json) std::printf("%s\n", write_json(Map{{"ok", !failed}, {"findings", std::move(printed)}}).c_str());
  return failed ? 1 : 0;
}

int recipe_list(const Common& common) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto answer = hub->call("GET", "/api/v1/recipes");
  if (answer.has_error()) return report(answer.error(), common.json);
  if (common.json) return std::printf("%s\n", write_json(*answer).c_str()), 0;
  std::vector<std::vector<std::string>> rows;
  for (const auto& recipe : *answer->get("recipes")->if_list()) {
    rows.push_back({recipe.text("name"), recipe.flag("enabled") ? "on" : "off", recipe.text("trigger"),
                    recipe.text("hash").substr(0, 12), printable(recipe.text("title"))});
  }
  std::printf("%s",
              Terminal::standard_output().table({"RECIPE", "STATE", "TRIGGER", "VERSION", "TITLE"}, rows).c_str());
  return 0;
}

int recipe_show(const Common& common, const std::string& name) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto answer = hub->call("GET", "/api/v1/recipes/" + percent_encode(name));
  if (answer.has_error()) return report(answer.error(), common.json);
  std::printf("%s\n", common.json ? write_json(*answer).c_str() : answer->text("source").c_str());
  return 0;
}

int recipe_enable(const Common& common, const std::string& name, bool enabled) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto answer = hub->call("POST", "/api/v1/recipes/" + percent_encode(name) + (enabled ? "/enable" : "/disable"));
  if (answer.has_error()) return report(answer.error(), common.json);
  std::printf("%s\n", common.json ? write_json(*answer).c_str() : (name + (enabled ? ": on" : ": off")).c_str());
  return 0;
}

}  // namespace ieum::app
