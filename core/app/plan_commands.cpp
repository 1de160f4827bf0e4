// Recipes put in force together: what would change, what becomes of the runs that wait, and doing it.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>

#include "app/commands.hpp"
#include "app/data_dir.hpp"
#include "app/recipe_files.hpp"
#include "app/remote.hpp"
#include "app/terminal.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace ieum::app {
namespace {

constexpr std::size_t kHashShown = 12;

const List& list_of(const Value& value, std::string_view key) {
  static const List kNone;
  const auto* list = value.get(key);
  return list == nullptr || list->if_list() == nullptr ? kNone : *list->if_list();
}

Result<List> texts_of(const std::vector<std::string>& names) {
  List texts;
  for (const auto& file : recipe_files(names)) {
    IEUM_TRY(auto text, read_file(file, limits::kRecipeBytes));
    const bool json = format_of(file) == recipe::Format::json;
    texts.push_back(Map{{"source", std::move(text)}, {"format", json ? "json" : "yaml"}, {"file", file}});
  }
  if (texts.empty())
    return Error("no_recipes", "there is no recipe in " + names.front(),
                 "a directory stands for the files *.yaml, *.yml and *.json in it");
  return texts;
}

std::string counted(std::int64_t count) { return std::to_string(count) + (count == 1 ? " run" : " runs"); }

std::string state_text(const Terminal& terminal, const std::string& state) {
  return terminal.paint(state == "new"       ? Colour::green
                        : state == "changed" ? Colour::yellow
                        : state == "invalid" ? Colour::red
                                             : Colour::dim,
                        state);
}

Colour colour_of(char sign) {
  return sign == '+' ? Colour::green : sign == '-' ? Colour::red : sign == '~' ? Colour::yellow : Colour::blue;
}

void print_changes(const Terminal& terminal, const std::string& lines) {
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    const std::string line = printable(std::string_view(lines).substr(at, end - at));
    if (!line.empty()) std::printf("  %s\n", terminal.paint(colour_of(line.front()), line).c_str());
    at = end + 1;
  }
}

void print_findings(const Terminal& terminal, const Value& recipe) {
  for (const auto& finding : list_of(recipe, "findings")) {
    const bool error = finding.text("severity") == "error";
    std::printf("  %lld:%lld %s %s\n", static_cast<long long>(finding.number("line")),
                static_cast<long long>(finding.number("column")),
                terminal.paint(error ? Colour::red : Colour::yellow, error ? "error:" : "warning:").c_str(),
                printable(finding.text("message")).c_str());
    if (const auto mend = finding.text("mend"); !mend.empty()) std::printf("      %s\n", printable(mend).c_str());
  }
}

// "12 runs wait at `clicked` (version 3f2a...), 10 can move": one line a step, whatever versions its runs have.
void print_waiting(const Terminal& terminal, const Value& recipe) {
  struct Step {
    std::string name, versions;
    std::int64_t count = 0, movable = 0;
    std::map<std::string, std::int64_t> why;
  };
  std::vector<Step> steps;
  for (const auto& place : list_of(recipe, "waiting")) {
    const auto name = place.text("step");
    auto step = std::find_if(steps.begin(), steps.end(), [&](const Step& known) { return known.name == name; });
    if (step == steps.end()) step = steps.insert(step, Step{name, {}, 0, 0, {}});
    step->versions += (step->versions.empty() ? "version " : ", ") + place.text("hash").substr(0, kHashShown);
    step->count += place.number("count");
    if (place.flag("can_move"))
      step->movable += place.number("count");
    else
      step->why[place.text("why")] += place.number("count");
  }
  for (const auto& step : steps) {
    const std::string movable = step.movable == step.count ? "all can move"
                                : step.movable == 0        ? "none can move"
                                                           : std::to_string(step.movable) + " can move";
    std::printf("  %s %s at `%s` (%s), %s\n", counted(step.count).c_str(), step.count == 1 ? "waits" : "wait",
                printable(step.name).c_str(), printable(step.versions).c_str(),
                terminal.paint(step.movable == step.count ? Colour::green : Colour::yellow, movable).c_str());
    for (const auto& [why, count] : step.why)
      std::printf("      %lld: %s\n", static_cast<long long>(count), printable(why).c_str());
  }
}

void print_plan(const Terminal& terminal, const Value& plan) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& recipe : list_of(plan, "recipes")) {
    std::int64_t waiting = 0;
    for (const auto& place : list_of(recipe, "waiting")) waiting += place.number("count");
    rows.push_back({printable(recipe.text("name").empty() ? recipe.text("file") : recipe.text("name")),
                    state_text(terminal, recipe.text("state")), std::to_string(waiting),
                    recipe.text("hash").substr(0, kHashShown), printable(recipe.text("title"))});
  }
  std::printf("%s", terminal.table({"RECIPE", "STATE", "OLDER RUNS", "VERSION", "TITLE"}, rows).c_str());
  for (const auto& recipe : list_of(plan, "recipes")) {
    const auto* absences = recipe.get("absences");
    if (list_of(recipe, "findings").empty() && list_of(recipe, "waiting").empty() && recipe.text("state") != "changed")
      continue;
    std::printf("\n%s  %s\n", terminal.paint(Colour::bold, printable(recipe.text("name"))).c_str(),
                terminal.paint(Colour::dim, printable(recipe.text("file"))).c_str());
    print_findings(terminal, recipe);
    print_changes(terminal, recipe.text("diff_text"));
    print_waiting(terminal, recipe);
    if (absences != nullptr)
      std::printf("  %lld pending absences: %s\n", static_cast<long long>(absences->number("pending")),
                  printable(absences->text("note")).c_str());
  }
  std::string others;
  for (const auto& recipe : list_of(plan, "not_in_plan")) others += (others.empty() ? "" : ", ") + recipe.text("name");
  if (!others.empty())
    std::printf("\nin force and not in this plan, left as they are: %s\n", printable(others).c_str());
}

bool invalid(const Value& plan) {
  for (const auto& recipe : list_of(plan, "recipes"))
    if (recipe.text("state") == "invalid") return true;
  return false;
}

// Shows what would happen to the runs and asks. Without a terminal runs may move, but they end only with --yes.
Result<bool> agreed(const Terminal& terminal, const Remote& hub, const List& texts, const std::string& runs,
                    bool json) {
  if (json || ::isatty(STDIN_FILENO) != 1) {
    if (runs != "cancel") return true;
    return Error("not_agreed", "this would end runs, and there is nobody to ask", "add --yes");
  }
  IEUM_TRY(const auto plan, hub.call("POST", "/api/v1/recipes/plan", Map{{"recipes", texts}}));
  print_plan(terminal, plan);
  if (invalid(plan)) return true;  // applying it says what is wrong
  std::printf("\nApply, and %s the older runs? [y/N] ", runs.c_str());
  std::fflush(stdout);
  std::string line;
  return std::getline(std::cin, line) && (line == "y" || line == "Y" || line == "yes");
}

void print_applied(const Terminal& terminal, const Value& answer) {
  for (const auto& recipe : list_of(answer, "recipes")) {
    std::printf("%s: %s (version %s)\n", printable(recipe.text("name")).c_str(),
                recipe.flag("changed") ? terminal.paint(Colour::green, "in force").c_str() : "unchanged",
                recipe.text("hash").substr(0, kHashShown).c_str());
    for (const auto& warning : list_of(recipe, "warnings"))
      std::printf("  %lld:%lld warning: %s\n", static_cast<long long>(warning.number("line")),
                  static_cast<long long>(warning.number("column")), printable(warning.text("message")).c_str());
  }
  const auto* outcome = answer.get("runs");
  if (outcome == nullptr) return;
  for (const char* what : {"moved", "cancelled", "stayed"})
    if (const auto count = outcome->number(what); count > 0) std::printf("%s %s\n", counted(count).c_str(), what);
  for (const auto& stayed : list_of(*outcome, "why")) {
    std::string ids;
    for (const auto& id : list_of(stayed, "runs"))
      ids += (ids.empty() ? "" : ", ") + std::to_string(id.if_int() ? *id.if_int() : 0);
    if (static_cast<std::size_t>(stayed.number("count")) > list_of(stayed, "runs").size()) ids += ", ...";
    std::printf("  %s: %s at `%s`: %s (%s)\n", printable(stayed.text("recipe")).c_str(),
                counted(stayed.number("count")).c_str(), printable(stayed.text("step")).c_str(),
                printable(stayed.text("why")).c_str(), ids.c_str());
  }
}

}  // namespace

int recipe_plan(const Common& common, const std::vector<std::string>& names) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto texts = texts_of(names);
  if (texts.has_error()) return report(texts.error(), common.json);
  const auto plan = hub->call("POST", "/api/v1/recipes/plan", Map{{"recipes", *texts}});
  if (plan.has_error()) return report(plan.error(), common.json);
  if (common.json)
    std::printf("%s\n", write_json(*plan).c_str());
  else
    print_plan(Terminal::standard_output(), *plan);
  return invalid(*plan) ? 1 : 0;
}

int recipe_apply(const Common& common, const std::vector<std::string>& names, const std::string& runs, bool yes) {
  const auto hub = Remote::to(common.data);
  if (hub.has_error()) return report(hub.error(), common.json);
  const auto texts = texts_of(names);
  if (texts.has_error()) return report(texts.error(), common.json);
  const auto terminal = Terminal::standard_output();
  if (runs != "stay" && !yes) {
    const auto agrees = agreed(terminal, *hub, *texts, runs, common.json);
    if (agrees.has_error()) return report(agrees.error(), common.json);
    if (!*agrees) return std::printf("nothing was applied\n"), 1;
  }
  const auto answer = hub->call("POST", "/api/v1/recipes/apply", Map{{"recipes", *texts}, {"runs", runs}});
  if (answer.has_error()) return report(answer.error(), common.json);
  if (common.json)
    std::printf("%s\n", write_json(*answer).c_str());
  else
    print_applied(terminal, *answer);
  return 0;
}

}  // namespace ieum::app
