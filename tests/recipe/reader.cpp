// The reader on good recipes: every part lands where it belongs, YAML and JSON agree, the hash forgets only the layout.
#include "recipe/reader.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "recipe/program.hpp"
#include "recipe/reading.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

Recipe good(std::string_view text) {
  ReadOutcome outcome = yaml(text);
  BOOST_REQUIRE_MESSAGE(outcome.recipe, full(outcome.findings));
  return std::move(*outcome.recipe);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_reader)

BOOST_AUTO_TEST_CASE(reads_every_part) {
  const Recipe recipe = good(kWhole);
  BOOST_CHECK_EQUAL(recipe.name, "cart-rescue");
  BOOST_CHECK_EQUAL(recipe.title, "장바구니 이탈");
  BOOST_CHECK_EQUAL(recipe.topic, "promo");
  BOOST_CHECK(recipe.on_doubt == InDoubt::skip);
  BOOST_REQUIRE_EQUAL(recipe.about.size(), 2u);
  BOOST_CHECK_EQUAL(recipe.about[1].first, "phone");
  BOOST_CHECK_EQUAL(recipe.about[1].second.expression.source(), "event.phone");
  BOOST_CHECK_EQUAL(recipe.trigger.connection, "shop");
  BOOST_CHECK_EQUAL(recipe.trigger.where->expression.source(), "dec(event.total) >= 50000 && event.tag != \"a #b\"");
  BOOST_CHECK(recipe.entry.mode == EntryMode::after_exit);
  BOOST_CHECK_EQUAL(recipe.entry.cap->max, 1);
  BOOST_CHECK_EQUAL(recipe.entry.cap->per, 7 * kDay);
  BOOST_REQUIRE_EQUAL(recipe.exit_on.size(), 1u);
  BOOST_REQUIRE_EQUAL(recipe.steps.size(), 6u);
  BOOST_CHECK_EQUAL(std::get<Wait>(recipe.steps[0].verb).duration_for.value(), 30 * kMinute);
  const auto& use = std::get<Use>(recipe.steps[1].verb);
  BOOST_CHECK_EQUAL(use.connector, "kakao");
  BOOST_CHECK_EQUAL(use.operation, "alimtalk.send");
  BOOST_CHECK_EQUAL(use.message_class, "info");
  BOOST_CHECK_EQUAL(use.expires_for.value(), 12 * kHour);
  BOOST_CHECK_EQUAL(use.retry.budget_for, 6 * kHour);
  BOOST_CHECK(use.on_doubt == InDoubt::wait);
  BOOST_REQUIRE(use.on_error);
  BOOST_CHECK_EQUAL(std::get<Use>(use.on_error->at(0).verb).connection, "slack");
  const auto& branch = std::get<If>(recipe.steps[2].verb);
  BOOST_CHECK_EQUAL(std::get<Set>(branch.then_steps->at(0).verb).values.size(), 2u);
  BOOST_CHECK_EQUAL(std::get<Stop>(branch.else_steps->at(0).verb).reason, "failed");
  const auto& civil = std::get<Wait>(recipe.steps[3].verb);
  BOOST_CHECK_EQUAL(civil.days.value(), 1);
  BOOST_CHECK_EQUAL(civil.at_minute.value(), 600);
  BOOST_CHECK(std::get<Wait>(recipe.steps[4].verb).until);
  BOOST_CHECK_EQUAL(std::get<Stop>(recipe.steps[5].verb).reason, "end");
  BOOST_CHECK_EQUAL(write_json(recipe.tests), R"([{"name":"pays, so nothing is sent","expect":{"sent":[]}}])");
}

BOOST_AUTO_TEST_CASE(keeps_the_types_of_inputs) {
  const Recipe recipe =
      good(with_steps("- use: a.b\n  with: {n: 3, big: 18446744073709551615, d: 1.50, t: true, x: null, empty: , "
                      "phone: 01012345678, day: 2026-01-01, q: \"3\"}\n"));
  const auto rendered = std::get<Use>(recipe.steps[0].verb).with.render(expr::MapScope());
  BOOST_REQUIRE(rendered);
  BOOST_CHECK_EQUAL(
      write_json(*rendered),
      R"({"n":3,"big":18446744073709551615,"d":1.50,"t":true,"x":null,"empty":null,"phone":"01012345678","day":"2026-01-01","q":"3"})");
}

BOOST_AUTO_TEST_CASE(has_defaults) {
  const Recipe recipe = good(with_steps("- use: slack.message.post\n"));
  BOOST_CHECK_EQUAL(recipe.title, "r");
  BOOST_CHECK_EQUAL(recipe.zone, "Asia/Seoul");
  const auto& use = std::get<Use>(recipe.steps[0].verb);
  BOOST_CHECK_EQUAL(use.connection, "slack");
  BOOST_CHECK_EQUAL(use.retry.budget_for, 75 * kHour);
  BOOST_CHECK(!use.on_error);
  BOOST_CHECK_EQUAL(write_json(use.with.render(expr::MapScope()).value()), "{}");
}

BOOST_AUTO_TEST_CASE(names_steps_by_their_path) {
  const Recipe recipe =
      good(with_steps("- wait: 1m\n- if: 'true'\n  then:\n  - stop:\n  - use: a.b\n    on_error:\n    - stop: x\n  "
                      "else:\n  - {id: mine, wait: 1m}\n  - if: 'false'\n    then: []\n"));
  std::string ids;
  const auto program = compile(recipe);
  for (const Instruction& instruction : program->code)
    if (instruction.step != nullptr) ids += instruction.id + " ";
  BOOST_CHECK_EQUAL(ids, "step1 step2 step2_then1 step2_then2 mine step2_else2 step2_then2_on_error1 ");
}

BOOST_AUTO_TEST_CASE(gives_deep_steps_a_short_stable_id) {
  std::string steps = "- if: 'true'\n";
  for (int depth = 0; depth < 11; ++depth)
    steps += std::string(static_cast<std::size_t>(2 * depth + 2), ' ') + "then:\n" +
             std::string(static_cast<std::size_t>(2 * depth + 2), ' ') + "- if: 'true'\n";
  steps += std::string(24, ' ') + "then: []\n";
  const auto ids_of = [&] {
    std::vector<std::string> ids;
    const auto program = compile(good(with_steps(steps)));
    for (const Instruction& instruction : program->code)
      if (instruction.step != nullptr) ids.push_back(instruction.id);
    return ids;
  };
  const auto ids = ids_of();
  BOOST_REQUIRE_EQUAL(ids.size(), 12u);
  BOOST_CHECK_EQUAL(ids[1], "step1_then1");
  BOOST_CHECK(ids[10].starts_with("step_") && ids[10].size() == 21);
  BOOST_CHECK_EQUAL(ids[11], ids[10] + "_then1");
  BOOST_CHECK(ids == ids_of());
}

BOOST_AUTO_TEST_CASE(json_and_yaml_give_the_same_recipe) {
  const ReadOutcome from_yaml = yaml(kWhole);
  BOOST_REQUIRE(from_yaml.recipe);
  const std::string_view text = R"({
  "recipe": "cart-rescue", "title": "장바구니 이탈", "timezone": "Asia/Seoul",
  "about": {"email": "event.email", "phone": "event.phone"},
  "trigger": {"event": "checkout_started", "connection": "shop", "where": "dec(event.total) >= 50000 && event.tag != \"a #b\""},
  "entry": {"mode": "after_exit", "key": "event.token", "cap": {"max": 1, "per": "7d"}},
  "exit_on": [{"event": "order_created", "where": "event.token == trigger.token"}],
  "topic": "promo", "on_doubt": "skip",
  "steps": [
    {"wait": "30m"},
    {"id": "remind", "use": "kakao.alimtalk.send", "connection": "kakao", "class": "info", "expires": "12h",
     "with": {"to": "{{ customer.phone }}", "variables": {"고객명": "{{ customer.first_name | or('고객') }}"}, "n": 3, "yes_no": true},
     "retry": {"for": "6h", "first": "10s", "cap": "30m"}, "on_doubt": "wait",
     "on_error": [{"use": "slack.message.post", "with": {"channel": "#cs", "text": "\uc2e4\ud328: {{ error.message }}"}}]},
    {"if": "steps.remind.status == \"done\"",
     "then": [{"set": {"count": "{{ 1 + 2 }}", "who": "민지"}}], "else": [{"stop": "failed"}]},
    {"wait": {"days": 1, "at": "10:00"}}, {"wait": {"until": "trigger.date"}}, {"stop": {"reason": "end"}}],
  "tests": [{"name": "pays, so nothing is sent", "expect": {"sent": []}}]})";
  const ReadOutcome from_json = json(text);
  BOOST_REQUIRE_MESSAGE(from_json.recipe, full(from_json.findings));
  BOOST_CHECK_EQUAL(from_json.hash, from_yaml.hash);
  BOOST_CHECK_EQUAL(from_json.recipe->steps.size(), from_yaml.recipe->steps.size());
  BOOST_CHECK_EQUAL(from_json.recipe->steps[1].place.line, 10);
  BOOST_CHECK_EQUAL(from_json.recipe->steps[1].place.column, 5);
}

BOOST_AUTO_TEST_CASE(hash_forgets_comments_and_layout_only) {
  const std::string hash = yaml(kWhole).hash;
  BOOST_CHECK_EQUAL(hash.size(), 64u);
  const std::string text(kWhole);
  BOOST_CHECK_EQUAL(yaml("---\n" + text + "# end\n").hash, hash);
  BOOST_CHECK_EQUAL(yaml(replaced(text, "\n", "\r\n")).hash, hash);
  BOOST_CHECK_EQUAL(yaml(replaced(text, "# whose run", "# somebody's")).hash, hash);
  BOOST_CHECK_EQUAL(yaml(replaced(text, "{days: 1, at: \"10:00\"}", "{at: '10:00', \"days\": 1}")).hash, hash);
  for (const auto& [from, to] :
       {std::pair("title: 장바구니 이탈", "title: 장바구니"), std::pair("n: 3", "n: \"3\""),
        std::pair("n: 3", "n: 3.0"), std::pair("pays, so", "pays so"), std::pair("30m", "31m")})
    BOOST_CHECK_MESSAGE(yaml(replaced(text, from, to)).hash != hash, from);
}

BOOST_AUTO_TEST_CASE(a_list_of_on_error_may_be_empty) {
  BOOST_CHECK(std::get<Use>(good(with_steps("- use: a.b\n  on_error: []\n")).steps[0].verb).on_error->empty());
}

BOOST_AUTO_TEST_CASE(waits_have_four_forms) {
  const Recipe recipe = good(with_steps("- wait: {for: 1h30m}\n- wait: {days: 2}\n- wait: {at: 09:30}\n- wait: 0s\n"));
  BOOST_CHECK_EQUAL(std::get<Wait>(recipe.steps[0].verb).duration_for.value(), 90 * kMinute);
  BOOST_CHECK_EQUAL(std::get<Wait>(recipe.steps[1].verb).days.value(), 2);
  BOOST_CHECK_EQUAL(std::get<Wait>(recipe.steps[2].verb).at_minute.value(), 9 * 60 + 30);
  BOOST_CHECK_EQUAL(std::get<Wait>(recipe.steps[3].verb).duration_for.value(), 0);
}

BOOST_AUTO_TEST_CASE(an_unquoted_expression_that_yaml_leaves_whole_is_taken) {
  const Recipe recipe = good(with_steps("- if: event.total > 5   # a comment\n  then: []\n- if: true\n  then: []\n"));
  BOOST_CHECK_EQUAL(std::get<If>(recipe.steps[0].verb).condition.expression.source(), "event.total > 5");
}

BOOST_AUTO_TEST_CASE(the_recipes_of_the_product_can_be_read) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(IEUM_SOURCE_DIR) + "/recipes")) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const ReadOutcome outcome = yaml(text.str());
    BOOST_CHECK_MESSAGE(outcome.recipe && outcome.findings.empty(), entry.path().filename() << "\n"
                                                                                            << full(outcome.findings));
    if (outcome.recipe) BOOST_CHECK_EQUAL(outcome.recipe->name, entry.path().stem().string());
  }
  BOOST_CHECK_GE(count, 3u);
}

BOOST_AUTO_TEST_SUITE_END()
