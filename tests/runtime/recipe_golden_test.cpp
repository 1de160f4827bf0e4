// Bad recipes with exactly what a person is told of them, against the manifests of the real connectors; and that nothing
// is said of good ones. tests/data/recipes/bad_checked/NAME.yaml, or a folder NAME of recipes that are checked together,
// beside NAME.expected. IEUM_ACCEPT=1 writes the expected files anew.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runtime/manifests.hpp"
#include "runtime/recipe_catalog.hpp"

using namespace ieum;
using runtime_test::slurp;
namespace fs = std::filesystem;

namespace {

const fs::path kSource = IEUM_SOURCE_DIR;
const fs::path kBad = kSource / "tests/data/recipes/bad_checked";
const fs::path kGood = kSource / "tests/data/recipes/good_checked";

// All that reader and checker say of the recipes, one finding a line.
std::string told(const std::vector<fs::path>& files) {
  static const runtime_test::Manifests manifests;
  static const auto zones = system_zones();
  const auto catalog = runtime::make_catalog(manifests, nullptr, *zones);
  std::vector<recipe::ReadOutcome> outcomes;
  for (const fs::path& file : files) {
    outcomes.push_back(recipe::read_recipe(slurp(file), recipe::Format::yaml));
    auto& outcome = outcomes.back();
    if (!outcome.recipe) continue;
    for (auto& finding : recipe::check_recipe(*outcome.recipe, *catalog))
      outcome.findings.push_back(std::move(finding));
  }
  std::vector<const recipe::Recipe*> recipes;
  std::vector<std::size_t> origin;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].recipe) continue;
    recipes.push_back(&*outcomes[i].recipe);
    origin.push_back(i);
  }
  const auto circles = recipe::check_recipes(recipes, *catalog);
  for (std::size_t i = 0; i < circles.size(); ++i)
    for (const auto& finding : circles[i]) outcomes[origin[i]].findings.push_back(finding);
  std::string text;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    for (const auto& finding : outcomes[i].findings) {
      BOOST_CHECK_MESSAGE(!finding.mend.empty(), files[i].filename() << ": " << finding.code << " has no mend");
      text += recipe::finding_text(files[i].filename().string(), finding) + "\n";
    }
  return text;
}

std::vector<fs::path> recipes_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_golden)

BOOST_AUTO_TEST_CASE(bad_recipes_are_told_exactly) {
  const bool accept = std::getenv("IEUM_ACCEPT") != nullptr;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(kBad)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".expected") {
      const fs::path stem = kBad / path.stem();
      BOOST_CHECK_MESSAGE(fs::is_directory(stem) || fs::exists(stem.string() + ".yaml"), path << " expects of nothing");
      continue;
    }
    const bool folder = fs::is_directory(path);
    const std::string found = told(folder ? recipes_in(path) : std::vector{path});
    const fs::path expected = kBad / ((folder ? path.filename() : path.stem()).string() + ".expected");
    if (accept) std::ofstream(expected, std::ios::binary) << found;
    BOOST_CHECK_MESSAGE(!found.empty(), path.filename() << " is good");
    const std::string wanted = slurp(expected);
    BOOST_CHECK_MESSAGE(found == wanted, path.filename() << "\nexpected\n" << wanted << "found\n" << found);
    ++count;
  }
  BOOST_CHECK_GE(count, 40u);
}

// Recipes that look suspicious and are fine.
BOOST_AUTO_TEST_CASE(nothing_is_said_of_good_recipes) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(kGood)) {
    const std::string found =
        told(fs::is_directory(entry.path()) ? recipes_in(entry.path()) : std::vector{entry.path()});
    BOOST_CHECK_MESSAGE(found.empty(), entry.path().filename() << "\n" << found);
    ++count;
  }
  BOOST_CHECK_GE(count, 10u);
  const std::string shipped = told(recipes_in(kSource / "recipes"));
  BOOST_CHECK_MESSAGE(shipped.empty(), shipped);
}

BOOST_AUTO_TEST_SUITE_END()
