// docs/recipes.md: its examples are whole recipes of which reader, checker and formatter say nothing; its tables of keys,
// events and limits are what the program has (IEUM_ACCEPT=1 writes them), its table of reasons names each of them.
#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "engine/plain_text.hpp"
#include "recipe/checker.hpp"
#include "recipe/format.hpp"
#include "recipe/grammar.hpp"
#include "recipe/test_case.hpp"
#include "runtime/manifests.hpp"
#include "runtime/own_events.hpp"
#include "runtime/recipe_catalog.hpp"
#include "support/page.hpp"

using namespace ieum;

namespace {

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "`" : " `") + word + "`";
  return text;
}

std::string keys_of(const std::string& shape) { return listed(recipe::shape(shape).names()); }

std::string taken(const recipe::Key& key) {
  using recipe::Takes;
  switch (key.takes) {
    case Takes::text: return "text";
    case Takes::name: return "name";
    case Takes::variable: return "name without `-`";
    case Takes::operation: return "operation";
    case Takes::event: return "event";
    case Takes::expression: return "expression";
    case Takes::expressions: return "kind: expression";
    case Takes::match: return "expression: expression";
    case Takes::duration: return "duration";
    case Takes::offset: return "duration, may be negative";
    case Takes::whole: return std::to_string(key.lowest) + " to " + std::to_string(key.highest);
    case Takes::truth: return "`true` `false`";
    case Takes::choice: return listed(key.choices);
    case Takes::zone: return "time zone";
    case Takes::wait_zone: return "time zone, or `customer`";
    case Takes::cron: return "five fields";
    case Takes::time_of_day: return "time of day";
    case Takes::weekdays: return "list of " + listed(key.choices);
    case Takes::values: return "map, with templates";
    case Takes::steps: return "steps";
    case Takes::map: return "map of " + keys_of(key.inner);
    case Takes::list: return "list of maps of " + keys_of(key.inner);
    case Takes::map_or_list: return "map of " + keys_of(key.inner) + ", or a list of such with `then`";
    case Takes::wait: return "duration, or map of " + keys_of(key.inner);
    case Takes::stop: return "nothing, text, or map of " + keys_of(key.inner);
    case Takes::tests: return "[tests](#tests-in-a-recipe)";
  }
  return "";
}

std::string table_of(const recipe::Shape& shape) {
  std::string text = "| key of " + shape.thing + " | takes | meaning |\n|---|---|---|\n";
  for (const auto& key : shape.keys)
    text += "| `" + key.name + "`" + (key.required ? ", needed" : "") + " | " + taken(key) + " | " + key.help + " |\n";
  return text;
}

// Standard events, who tells them, and the fields that all tellers give.
std::string events_table() {
  static const runtime_test::Manifests manifests;
  std::map<std::string, std::pair<std::vector<std::string>, std::vector<std::string>>> events;
  for (const auto* connector : manifests.all()) {
    for (const auto& event : connector->manifest().events) {
      if (event.means.empty()) continue;
      std::vector<std::string> fields;
      for (const auto& [name, expression] : event.project)
        if (name != "at" && name != "source_key") fields.push_back(name);
      std::sort(fields.begin(), fields.end());
      const auto [at, is_new] = events.try_emplace(event.means, std::vector<std::string>(), fields);
      at->second.first.push_back(connector->manifest().name + "/" + event.topic);
      std::erase_if(at->second.second, [&](const std::string& name) {
        return std::find(fields.begin(), fields.end(), name) == fields.end();
      });
    }
  }
  for (const auto& own : runtime::own_event_kinds()) {
    std::vector<std::string> fields;
    for (const auto& [name, type] : own.fields) fields.push_back(name);
    std::sort(fields.begin(), fields.end());
    const auto [at, is_new] = events.try_emplace(own.name, std::vector<std::string>(), fields);
    at->second.first.push_back("hub/" + own.name);
    std::erase_if(at->second.second, [&](const std::string& name) {
      return std::find(fields.begin(), fields.end(), name) == fields.end();
    });
  }
  std::string text = "| event | told by | fields |\n|---|---|---|\n";
  for (const auto& [name, rest] : events)
    text += "| `" + name + "` | " + listed(rest.first) + " | " + listed(rest.second) + " |\n";
  return text;
}

std::string bytes(std::size_t count) {
  return count % (1u << 20) == 0 ? std::to_string(count >> 20) + " MiB" : std::to_string(count) + " bytes";
}

std::string limits_table() {
  using std::to_string;
  const auto highest = [](const char* shape, const char* key) {
    return to_string(recipe::shape(shape).find(key)->highest);
  };
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"the text of a recipe", bytes(limits::kRecipeBytes)},
      {"maps and lists inside each other", to_string(limits::kRecipeDepth)},
      {"steps of a recipe, all blocks together", to_string(recipe::kStepsMax)},
      {"loops inside each other", to_string(recipe::kLoopDepthMax)},
      {"`max` of a `for_each`", highest("for_each", "max")},
      {"`max` of a `repeat`", highest("passes", "max")},
      {"passes of loops inside each other: the product of their `max`", to_string(recipe::kLoopPassesMax)},
      {"`days` of a wait", highest("wait_map", "days")},
      {"`weight` of a variant", highest("variant", "weight")},
      {"runs of a `cap`", highest("cap", "max")},
      {"an `entry.key`, and a value of `match`, as text", bytes(engine::kKeyBytes)},
      {"the variables of a run, and the list of a `for_each`, as JSON", bytes(limits::kRunVarsBytes)},
      {"one call to a vendor", to_string(limits::kCallDeadlineMs / kSecond) + " s"},
      {"an answer of a vendor", bytes(limits::kResponseBodyBytes)},
      {"a body of a webhook", bytes(limits::kBodyBytes)},
      {"tests of a recipe", to_string(recipe::kTestsMax)},
      {"events, answers or messages of one test", to_string(recipe::kGivenMax)},
      {"how long a test watches", to_string(recipe::kTestForMax / kDay) + " days"},
  };
  std::string text = "| what | at most |\n|---|---|\n";
  for (const auto& [what, most] : rows) text += "| " + what + " | " + most + " |\n";
  return text;
}

// What stands between `before` and `after`, wherever it does.
std::set<std::string> all_between(const std::string& text, const std::string& before, const std::string& after) {
  std::set<std::string> found;
  for (auto at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
    const auto begin = at + before.size();
    const auto end = text.find(after, begin);
    if (end == std::string::npos) break;
    found.insert(text.substr(begin, end - begin));
    at = end + after.size();
  }
  return found;
}

std::string without_comments(std::string text) {
  while (text.starts_with('#')) text.erase(0, text.find('\n') + 1);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipes_page)

BOOST_AUTO_TEST_CASE(every_example_is_a_whole_recipe_that_holds) {
  static const runtime_test::Manifests manifests;
  const auto zones = system_zones();
  const auto catalog = runtime::make_catalog(manifests, nullptr, *zones);
  const test::Page page("recipes.md");
  std::set<std::string> verbs;
  for (const auto& block : page.blocks()) {
    const std::string where = "docs/recipes.md:" + std::to_string(block.line);
    BOOST_CHECK_MESSAGE(block.language == "yaml", where << ": a block of `" << block.language << "`");
    BOOST_CHECK_MESSAGE(without_comments(block.text).starts_with("recipe: "), where << ": no whole recipe");
    const auto outcome = recipe::read_recipe(block.text, recipe::Format::yaml);
    for (const auto& finding : outcome.findings) BOOST_ERROR(recipe::finding_text(where, finding));
    if (!outcome.recipe) continue;
    for (const auto& finding : recipe::check_recipe(*outcome.recipe, *catalog))
      BOOST_ERROR(recipe::finding_text(where, finding));
    BOOST_CHECK_MESSAGE(recipe::format_recipe(block.text, recipe::Format::yaml).quoted.empty(),
                        where << ": an expression without quotes");
    for (const std::string& verb : recipe::verbs())
      if (block.text.find(" " + verb + ":") != std::string::npos ||
          block.text.find("{" + verb + ":") != std::string::npos)
        verbs.insert(verb);
  }
  for (const std::string& verb : recipe::verbs()) BOOST_CHECK_MESSAGE(verbs.contains(verb), verb << " has no example");
  BOOST_CHECK_GE(page.blocks().size(), 15u);
}

BOOST_AUTO_TEST_CASE(tables_say_what_the_program_has) {
  test::Page page("recipes.md");
  for (const auto& shape : recipe::shapes()) page.require("keys " + shape.name, table_of(shape));
  page.require("events", events_table());
  page.require("limits", limits_table());
  BOOST_CHECK_EQUAL(page.tables().size(), recipe::shapes().size() + 3);
}

BOOST_AUTO_TEST_CASE(every_reason_is_explained) {
  const test::Page page("recipes.md");
  const auto header = runtime_test::slurp(std::string(IEUM_SOURCE_DIR) + "/core/engine/reasons.hpp");
  const auto known = all_between(header, " = \"", "\";");
  std::string first_cells;
  std::istringstream lines(page.tables().at("reasons"));
  for (std::string line; std::getline(lines, line);) first_cells += line.substr(0, line.find(" | ")) + "\n";
  const auto told = all_between(first_cells, "`", "`");
  BOOST_CHECK_GE(known.size(), 20u);
  BOOST_CHECK_EQUAL_COLLECTIONS(told.begin(), told.end(), known.begin(), known.end());
}

BOOST_AUTO_TEST_SUITE_END()
