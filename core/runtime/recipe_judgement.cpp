#include "runtime/recipe_judgement.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "recipe/diff.hpp"
#include "recipe/move.hpp"

namespace ieum::runtime {
namespace {

using Severity = recipe::Finding::Severity;

bool is_error(const recipe::Finding& finding) { return finding.severity == Severity::error; }

void find_circles(std::vector<JudgedRecipe>& all, const Live& live, const recipe::Catalog& catalog) {
  // The texts first: a circle is told at the first of its recipes.
  std::vector<const recipe::Recipe*> beside;
  std::vector<JudgedRecipe*> owners;
  std::set<std::string> replaced;
  for (auto& one : all) {
    if (!one.read.recipe) continue;
    replaced.insert(one.name);
    const bool off = one.in_force && !one.in_force->row.enabled;
    if (off) continue;
    beside.push_back(&*one.read.recipe);
    owners.push_back(&one);
  }
  for (const auto& [name, recipe] : live.recipes)
    if (recipe->row.enabled && !replaced.contains(name)) beside.push_back(&recipe->program->recipe);
  const auto circles = recipe::check_recipes(beside, catalog);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    auto& findings = owners[i]->read.findings;
    findings.insert(findings.end(), circles[i].begin(), circles[i].end());
  }
}

// Where runs stand that are on another version than this one, and whether they could go on in it.
Result<List> waiting(const recipe::Program& after, Id recipe, Id version, store::Reader& reader) {
  IEUM_TRY(const auto places, reader.live_places(recipe));
  std::map<Id, std::pair<std::string, Result<std::shared_ptr<const recipe::Program>>>> older;
  List list;
  for (const auto& place : places) {
    if (place.version == version) continue;
    auto found = older.find(place.version);
    if (found == older.end()) {
      IEUM_TRY(const auto row, reader.recipe_version(place.version));
      if (!row) return Error("recipe_version_lost", "a version that runs have is not in the store");
      found = older.emplace(place.version, std::pair(row->hash, compile_version(*row))).first;
    }
    const auto& [hash, before] = found->second;
    const auto verdict = before.has_value() ? recipe::can_move(**before, after, place.at_step)
                                            : recipe::MoveVerdict{false, "its version cannot be read by this hub"};
    list.push_back(Map{{"version", place.version},
                       {"hash", hash},
                       {"step", place.at_step},
                       {"count", place.count},
                       {"can_move", verdict.can},
                       {"why", verdict.reason}});
  }
  return list;
}

// An absence has no version: when its time is over, what is in force then judges it.
std::string absence_note(const recipe::Recipe& before, const recipe::Recipe& after) {
  if (!after.absent) return "the new version watches for no absence: when their time is over they start nothing";
  if (before.absent && before.absent->within_for == after.absent->within_for)
    return "they are judged by the new version when their time is over";
  return "they keep the time that they have; the new version judges them when it is over, and its `within` counts from "
         "the next event on";
}

}  // namespace

std::string JudgedRecipe::errors() const {
  std::string lines;
  for (const auto& finding : read.findings)
    if (is_error(finding)) lines += recipe::finding_text(text->file, finding) + "\n";
  return lines;
}

std::vector<JudgedRecipe> judge_together(const std::vector<RecipeText>& texts, const Live& live,
                                         const recipe::Catalog& catalog) {
  std::vector<JudgedRecipe> all;
  std::map<std::string, std::string> files;  // of a name
  for (const auto& text : texts) {
    JudgedRecipe one;
    one.text = &text;
    one.read = recipe::read_recipe(text.source, text.format);
    if (one.read.recipe) {
      one.name = one.read.recipe->name;
      if (const auto found = live.recipes.find(one.name); found != live.recipes.end()) one.in_force = found->second;
      for (auto& finding : recipe::check_recipe(*one.read.recipe, catalog))
        one.read.findings.push_back(std::move(finding));
      if (const auto [other, fresh] = files.emplace(one.name, text.file); !fresh)
        one.read.findings.push_back({Severity::error, "name_twice",
                                     "another recipe here has the name \"" + one.name + "\" too: " + other->second,
                                     "give each its own name", one.read.recipe->place});
    }
    all.push_back(std::move(one));
  }
  find_circles(all, live, catalog);
  return all;
}

Result<Value> plan_of(const JudgedRecipe& judged, store::Reader& reader) {
  List findings;
  for (const auto& finding : judged.read.findings) findings.push_back(finding_view(finding));
  const bool invalid =
      !judged.read.recipe || std::any_of(judged.read.findings.begin(), judged.read.findings.end(), is_error);
  Map plan{{"name", judged.name},
           {"title", judged.read.recipe ? judged.read.recipe->title : ""},
           {"file", judged.text->file}};
  if (invalid || !judged.in_force) {
    plan.set("state", invalid ? "invalid" : "new");
    plan.set("hash", judged.read.hash);
    plan.set("findings", std::move(findings));
    plan.set("waiting", List{});
    return Value(std::move(plan));
  }
  const auto& in_force = *judged.in_force;
  const Id recipe = in_force.row.id;
  const bool changed = in_force.hash != judged.read.hash;
  plan.set("state", changed ? "changed" : "unchanged");
  plan.set("hash", judged.read.hash);
  plan.set("findings", std::move(findings));
  Id version = in_force.row.current_version;
  std::shared_ptr<const recipe::Program> after = in_force.program;
  if (changed) {
    IEUM_TRY(const auto current, reader.recipe_version(version));
    if (!current) return Error("recipe_version_lost", "the version of a recipe in force is not in the store");
    const auto before_format = current->format == "json" ? recipe::Format::json : recipe::Format::yaml;
    const auto diff = recipe::diff_recipes(current->source, before_format, judged.text->source, judged.text->format);
    if (diff.has_value()) {
      plan.set("diff", recipe::diff_value(*diff));
      plan.set("diff_text", recipe::diff_text(*diff));
    }
    IEUM_TRY(const auto known, reader.recipe_version_by_hash(recipe, judged.read.hash));
    version = known ? known->id : 0;
    after = recipe::compile(*judged.read.recipe);
  }
  IEUM_TRY(auto places, waiting(*after, recipe, version, reader));
  plan.set("waiting", std::move(places));
  if (!changed) return Value(std::move(plan));
  IEUM_TRY(const auto pending, reader.absences_pending(recipe));
  if (pending > 0)
    plan.set("absences",
             Map{{"pending", pending}, {"note", absence_note(in_force.program->recipe, *judged.read.recipe)}});
  return Value(std::move(plan));
}

Value finding_view(const recipe::Finding& finding) {
  return Map{{"severity", is_error(finding) ? "error" : "warning"},
             {"code", finding.code},
             {"message", finding.what},
             {"mend", finding.mend},
             {"line", finding.place.line},
             {"column", finding.place.column}};
}

std::string format_word(recipe::Format format) { return format == recipe::Format::json ? "json" : "yaml"; }

}  // namespace ieum::runtime
