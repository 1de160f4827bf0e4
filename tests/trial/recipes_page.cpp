// docs/recipes.md: the tests in its examples pass. That the examples hold is tests/runtime/recipes_page_test.cpp.
#include "support/page.hpp"
#include "trial/playing.hpp"

using namespace ieum;

BOOST_AUTO_TEST_SUITE(recipes_page)

BOOST_AUTO_TEST_CASE(every_test_on_the_page_passes) {
  const test::Page page("recipes.md");
  std::size_t count = 0;
  for (const auto& block : page.blocks()) {
    const std::string where = "docs/recipes.md:" + std::to_string(block.line);
    const auto read = recipe::read_recipe(block.text, recipe::Format::yaml);
    BOOST_REQUIRE_MESSAGE(read.recipe, where);
    for (const auto& test : recipe::tests_of(block.text, recipe::Format::yaml)) {
      ++count;
      const std::string name = where + ", " + test.name;
      const auto played = trial::play(
          trial_test::parts(), {block.text, recipe::Format::yaml, where, read.recipe->name, read.recipe->zone}, test);
      BOOST_REQUIRE_MESSAGE(played.has_value(), name << (played.has_error() ? ": " + played.error().text() : ""));
      const auto verdict = trial::judge(test, *played);
      std::string told;
      for (const auto& sent : played->sent)
        told += "\n  " + std::to_string((sent.at_ms - played->start_ms) / kSecond) + "s " + sent.step + " " +
                write_json(sent.inputs);
      for (const auto& problem : verdict.problems) told += "\n  " + problem;
      for (const auto& error : played->errors) told += "\n  " + error;
      BOOST_CHECK_MESSAGE(verdict.passed, name << told);
    }
  }
  BOOST_CHECK_GE(count, 20u);
}

BOOST_AUTO_TEST_SUITE_END()
