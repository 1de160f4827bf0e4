// The library of bad recipes: each must give exactly the lines that stand beside it in tests/data/recipes/bad.
#include <boost/test/unit_test.hpp>

#include "recipe/golden.hpp"
#include "recipe/reading.hpp"

using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

// The one finding that a hostile text may cause.
std::string only_line(const std::string& text, Format format = Format::yaml) {
  const ReadOutcome outcome = read_recipe(text, format);
  BOOST_CHECK(!outcome.recipe);
  return outcome.findings.size() == 1 ? finding_text("r.yaml", outcome.findings[0])
                                      : std::to_string(outcome.findings.size()) + " findings";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_recipes)

BOOST_AUTO_TEST_CASE(say_what_a_person_should_read) {
  const std::size_t count =
      check_golden(std::string(IEUM_SOURCE_DIR) + "/tests/data/recipes/bad",
                   [](const std::string& text, Format format) { return read_recipe(text, format).findings; });
  BOOST_CHECK_GE(count, 80u);
}

BOOST_AUTO_TEST_CASE(too_large_for_a_file_here) {
  BOOST_CHECK_EQUAL(only_line("recipe: r\n#" + std::string(1u << 20, 'x')),
                    "r.yaml:1:1: error: the recipe has 1048587 bytes; a recipe has at most 1048576 bytes");
  BOOST_CHECK_EQUAL(only_line(with_steps("- set: {a: " + std::string(500'000, '['))),
                    "r.yaml:4:40: error: lists and maps lie too deep in each other here; at most 32 levels: split the "
                    "recipe");
  std::string steps;
  for (int i = 0; i < 2000; ++i) steps += "- wait: 1m\n";
  BOOST_CHECK_EQUAL(only_line(with_steps(steps)),
                    "r.yaml:1004:3: error: the recipe has more than 1000 steps; make several recipes of it, or a "
                    "`for_each` of steps that are alike");
  std::string parts = "- set: {a: [";
  for (int i = 0; i < 60'000; ++i) parts += "1,";
  BOOST_CHECK_EQUAL(only_line(with_steps(parts + "1]}\n")),
                    "r.yaml:4:99995: error: the recipe has too many parts; a recipe has at most 50000 keys and values");
  const std::string json = R"({"recipe":"r","trigger":{"event":"a"},"steps":)";
  BOOST_CHECK_EQUAL(only_line(json + std::string(400'000, '['), Format::json).substr(0, 20), "r.yaml:1:78: error: ");
}

// Each alias is refused where it stands, so nothing is ever multiplied.
BOOST_AUTO_TEST_CASE(a_billion_laughs) {
  std::string text = with_steps("- set:\n    lol0: &lol0 haha\n");
  for (int i = 1; i < 30; ++i) {
    text += "    lol" + std::to_string(i) + ": &lol" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) text += (k == 0 ? "*lol" : ", *lol") + std::to_string(i - 1);
    text += "]\n";
  }
  const ReadOutcome outcome = yaml(text);
  BOOST_CHECK(!outcome.recipe);
  BOOST_CHECK(outcome.hash.empty());
  BOOST_CHECK_EQUAL(outcome.findings.size(), 100u);
  BOOST_CHECK_EQUAL(finding_text("r.yaml", outcome.findings[0]),
                    "r.yaml:5:11: error: an anchor (&lol0) is not allowed in a recipe; put the text in quotes, or "
                    "write the value out");
}

BOOST_AUTO_TEST_SUITE_END()
