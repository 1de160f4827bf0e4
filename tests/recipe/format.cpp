// The formatter quotes bare expressions and does nothing else: the hash stays, every other byte stays, twice is once.
#include "recipe/format.hpp"

#include <boost/test/unit_test.hpp>

#include "recipe/editing.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

std::string formatted(std::string_view text) {
  const Formatted made = format_recipe(text, Format::yaml);
  BOOST_REQUIRE_MESSAGE(made.text, full(made.findings));
  return *made.text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_format)

BOOST_AUTO_TEST_CASE(bare_expressions_get_quotes) {
  BOOST_CHECK_EQUAL(
      formatted("recipe: r\nabout:\n  email: event.email   # who\n  phone: event['phone']\n"
                "trigger:\n  event: order_created\n  where: event.name == \"it's\"  # why\nentry: {key: event.id}\n"
                "steps:\n- if: trigger.a ==\n    1\n  then:\n  - wait: {until: trigger.at}\n"
                "  - {id: x, use: a.b, with: {if: trigger.a, text: no expression}}\n"),
      "recipe: r\nabout:\n  email: 'event.email'   # who\n  phone: 'event[''phone'']'\n"
      "trigger:\n  event: order_created\n  where: 'event.name == \"it''s\"'  # why\nentry: {key: 'event.id'}\n"
      "steps:\n- if: 'trigger.a ==\n    1'\n  then:\n  - wait: {until: 'trigger.at'}\n"
      "  - {id: x, use: a.b, with: {if: trigger.a, text: no expression}}\n");
}

BOOST_AUTO_TEST_CASE(each_is_told_with_its_place) {
  const Formatted made = format_recipe(with_head("entry:\n  key: event.id\n"), Format::yaml);
  BOOST_REQUIRE_EQUAL(made.quoted.size(), 1u);
  BOOST_CHECK_EQUAL(made.quoted[0].key, "key");
  BOOST_CHECK_EQUAL(made.quoted[0].before, "event.id");
  BOOST_CHECK_EQUAL(made.quoted[0].after, "'event.id'");
  BOOST_CHECK_EQUAL(made.quoted[0].place.line, 5);
  BOOST_CHECK_EQUAL(made.quoted[0].place.column, 8);
}

BOOST_AUTO_TEST_CASE(literals_and_what_is_quoted_already_stay) {
  const std::string text =
      with_steps("- {if: true, then: []}\n- {if: \"1 == 1\", then: []}\n- if: |\n    1 == 2\n  then: []\n");
  BOOST_CHECK_EQUAL(formatted(text), text);
}

BOOST_AUTO_TEST_CASE(what_yaml_has_cut_is_said_and_left_alone) {
  const Formatted made = format_recipe(with_steps("- if: trigger.tag == \"a #b\"\n  then: []\n"), Format::yaml);
  BOOST_CHECK(!made.text);
  BOOST_CHECK_EQUAL(brief(made.findings), "4:7 unquoted_expression\n");
}

BOOST_AUTO_TEST_CASE(the_meaning_stays_and_twice_is_once) {
  for (const SampleText& sample : samples()) {
    const Formatted made = format_recipe(sample.text, sample.format);
    BOOST_REQUIRE_MESSAGE(made.text, sample.name << "\n" << full(made.findings));
    BOOST_CHECK_EQUAL(read_recipe(*made.text, sample.format).hash, read_recipe(sample.text, sample.format).hash);
    const Formatted again = format_recipe(*made.text, sample.format);
    BOOST_CHECK_EQUAL(again.text.value(), *made.text);
    BOOST_CHECK(again.quoted.empty());
    BOOST_CHECK_EQUAL(made.quoted.empty(), *made.text == sample.text);
    // Without the quotes that came it is the old text.
    std::string back = *made.text;
    for (const Quoting& quoting : made.quoted) {
      const std::size_t at = back.find(": " + quoting.after);
      BOOST_REQUIRE_MESSAGE(at != std::string::npos, sample.name << ": " << quoting.after);
      back.replace(at + 2, quoting.after.size(), quoting.before);
    }
    BOOST_CHECK_EQUAL(back, sample.text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
