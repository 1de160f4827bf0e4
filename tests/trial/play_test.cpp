// A recipe played in virtual time: what is given arrives when it should, vendors answer as told, and a test fails when one
// message is too many, missing, early or late.
#include <fstream>

#include "trial/given.hpp"
#include "trial/playing.hpp"

using namespace ieum;
using namespace ieum::trial_test;

namespace {

std::string recipe_with(const std::string& steps, const std::string& test, const std::string& head = "") {
  return "recipe: r\nabout: {email: event.email, phone: event.phone}\ntrigger: {event: checkout_started}\n" + head +
         "steps:\n" + steps + "tests:\n  - name: t\n" + test;
}

const std::string kTell =
    "  - {id: think, wait: 30m}\n"
    "  - id: tell\n    use: slack.message.post\n    with: {channel: \"#a\", text: \"{{ trigger.first_name }}\"}\n";
const std::string kGiven = "    given: [{event: shopify/checkouts/create}]\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(trial_play)

BOOST_AUTO_TEST_CASE(a_message_is_expected_to_the_second) {
  const auto judged = [](const std::string& expect) {
    return play(recipe_with(kTell, kGiven + "    expect: " + expect + "\n"))->verdict.passed;
  };
  BOOST_TEST(judged("{sent: [{after: 30m, step: tell}]}"));
  BOOST_TEST(
      judged("{sent: [{at: 2026-01-05T10:30:00+09:00, use: slack.message.post, to: \"#a\", with: {text: 서연}}]}"));
  BOOST_TEST(judged("{sent: [{after: 30m, step: tell}], runs: 1, steps: {tell: done}}"));
  BOOST_TEST(judged("{sent: [{after: 30m, step: tell}], runs: [{state: finished}], not_started: []}"));
  BOOST_TEST(!judged("{sent: []}"));
  BOOST_TEST(!judged("{sent: [{after: 29m59s, step: tell}]}"));
  BOOST_TEST(!judged("{sent: [{after: 30m1s, step: tell}]}"));
  BOOST_TEST(!judged("{sent: [{after: 30m, step: tell}, {after: 30m, step: tell}]}"));
  BOOST_TEST(!judged("{sent: [{after: 30m, step: tell, to: \"#b\"}]}"));
  BOOST_TEST(!judged("{sent: [{after: 30m, step: tell, with: {text: 민지}}]}"));
  BOOST_TEST(!judged("{sent: [{after: 30m, step: tell}], runs: 2}"));
  BOOST_TEST(!judged("{sent: [{after: 30m, step: tell}], runs: [{state: failed}]}"));
  BOOST_TEST(!judged("{sent: [{after: 30m, step: tell}], steps: {tell: failed}}"));
  BOOST_TEST(!judged("{sent: [{after: 30m, step: tell}], not_started: [once]}"));
}

BOOST_AUTO_TEST_CASE(what_is_given_or_expected_is_never_source) {
  // What a vendor sent looks like a template, in the event, in the answer and in what the test expects of it.
  const std::string given =
      "    given: [{event: shopify/checkouts/create, with: {customer: {first_name: \"{{ run.id }}\"}}}]\n";
  BOOST_TEST(
      play(recipe_with(kTell,
                       given + "    expect: {sent: [{after: 30m, step: tell, with: {text: \"{{ run.id }}\"}}]}\n"))
          ->verdict.passed);
  BOOST_TEST(!play(recipe_with(kTell, given + "    expect: {sent: [{after: 30m, step: tell, with: {text: \"1\"}}]}\n"))
                  ->verdict.passed);
}

BOOST_AUTO_TEST_CASE(one_message_too_many_leaves_the_others_alone) {
  const auto game =
      play(recipe_with("  - {id: a, use: slack.message.post, with: {channel: a, text: a}}\n"
                       "  - {id: b, use: slack.message.post, with: {channel: b, text: b}}\n"
                       "  - {id: c, use: slack.message.post, with: {channel: c, text: c}}\n",
                       kGiven + "    expect: {sent: [{after: 0s, step: a}, {after: 1m, step: c}]}\n"));
  const auto& rows = game->verdict.timeline;
  BOOST_REQUIRE_EQUAL(rows.size(), 3u);
  BOOST_TEST(rows[0].fits);
  BOOST_TEST(rows[1].expected == nullptr);
  BOOST_TEST(rows[1].actual->step == "b");
  BOOST_TEST(rows[2].expected->step == "c");
  BOOST_TEST(rows[2].actual->step == "c");
  BOOST_TEST(rows[2].difference == "the time");
}

// At one instant what comes in is seen first, and timers after it.
BOOST_AUTO_TEST_CASE(inputs_come_before_timers) {
  const std::string exit = "exit_on: [{event: order_created}]\n";
  const auto ordered = [&](const std::string& after) {
    return sent(*play(recipe_with(kTell,
                                  "    given: [{event: shopify/checkouts/create}, {after: " + after +
                                      ", event: shopify/orders/create}]\n    expect: {sent: []}\n",
                                  exit)));
  };
  BOOST_TEST(ordered("29m") == "");
  BOOST_TEST(ordered("30m") == "");
  BOOST_TEST(ordered("30m1s") == "tell 1800s #a\n");
}

BOOST_AUTO_TEST_CASE(vendors_fail_as_they_are_told) {
  const auto answered = [](const std::string& answer) {
    auto game = play(recipe_with(kTell, kGiven + "    answers: [" + answer + "]\n    expect: {sent: []}\n"));
    return sent(*game) + game->played.runs.at(0).state;
  };
  BOOST_TEST(answered("{step: tell, fail: rate_limited, retry_after: 45s}") == "tell 1845s #a\nfinished");
  BOOST_TEST(answered("{use: slack.message.post, fail: retry, times: 2}") == "tell 1830s #a\nfinished");
  BOOST_TEST(answered("{step: tell, fail: unreachable}") == "tell 1810s #a\nfinished");
  BOOST_TEST(answered("{step: tell, fail: permanent}") == "failed");
  BOOST_TEST(answered("{step: tell, fail: permanent, code: channel_not_found}") == "failed");
  BOOST_TEST(answered("{step: tell, answer: {status: 200, body: {ok: false, error: is_archived}}}") == "failed");
  BOOST_TEST(answered("{step: tell, fail: ambiguous}").ends_with("finished"));  // looked up, and found
}

BOOST_AUTO_TEST_CASE(an_output_is_what_later_steps_see) {
  const auto game = play(recipe_with(
      "  - {id: a, use: slack.message.post, with: {channel: a, text: a}}\n"
      "  - {id: b, use: slack.message.post, with: {channel: a, text: b, thread_ts: '{{ steps.a.output.ts }}'}}\n",
      kGiven + "    answers: [{step: a, output: {ts: \"7.5\"}}]\n" +
          "    expect: {sent: [{after: 0s, step: a}, {after: 0s, step: b, with: {thread_ts: \"7.5\"}}]}\n"));
  BOOST_TEST(game->verdict.passed);
}

// The sample's own time is the given instant; its other times keep their distance; `with` is laid over.
BOOST_AUTO_TEST_CASE(samples_are_moved_in_time) {
  recipe::GivenEvent given;
  given.connector = "shopify";
  given.topic = "orders/create";
  given.with = Map{{"customer", Map{{"first_name", "민지"}}}, {"closed_at", "2020-01-01T00:00:00Z"}};
  const auto body = trial::given_body(registry(), given, 1'772'409'600'000 + kDay);  // 2026-03-03T09:00 in Seoul
  BOOST_REQUIRE(body.has_value());
  BOOST_TEST(body->text("created_at") == "2026-03-03T09:00:00+09:00");
  BOOST_TEST(body->text("updated_at") == "2026-03-03T09:00:01+09:00");
  BOOST_TEST(body->text("closed_at") == "2020-01-01T00:00:00Z");
  BOOST_TEST(*body->at_path("customer.first_name")->if_string() == "민지");
  BOOST_TEST(body->at_path("customer.last_name") != nullptr);
  given.sample = "nothing";
  BOOST_TEST(trial::given_body(registry(), given, 0).error().code == "unknown_sample");
  given.topic = "orders/made";
  BOOST_TEST(trial::given_body(registry(), given, 0).error().code == "unknown_event");
  given.connector = "shop";
  BOOST_TEST(trial::given_body(registry(), given, 0).error().code == "unknown_connector");
}

BOOST_AUTO_TEST_CASE(coverage_tells_steps_and_branches) {
  const std::string source = recipe_with(
      "  - id: choice\n    if: 'trigger.first_name == \"서연\"'\n    then: [{id: a, set: {x: 1}}]\n    else: [{id: b, "
      "set: {x: 2}}]\n",
      kGiven + "    expect: {sent: []}\n");
  trial::Coverage coverage(recipe::compile(std::move(*recipe::read_recipe(source, recipe::Format::yaml).recipe)));
  play(source, &coverage);
  std::string told;
  for (const auto& item : coverage.items())
    told += item.step + (item.branch.empty() ? "" : " " + item.branch) + (item.covered ? "" : " (not)") + "\n";
  BOOST_TEST(told == "choice\nchoice then\nchoice else (not)\na\nb (not)\n");
}

BOOST_AUTO_TEST_CASE(a_timer_of_the_very_end_belongs_to_the_test) {
  const std::string exit = "exit_on: [{event: order_created}]\n";
  const auto game = play(recipe_with(kTell, kGiven + "    until: 30m\n    expect: {sent: []}\n", exit));
  BOOST_TEST(sent(*game) == "tell 1800s #a\n");
}

// Weeks with a change of the clocks, refusals and a lost answer take no time worth telling.
BOOST_AUTO_TEST_CASE(four_weeks_with_a_change_of_the_clocks_and_retries_go_out_at_their_times) {
  const std::string source =
      "recipe: journey\ntimezone: Europe/Berlin\nabout: {email: event.email}\ntrigger: {event: checkout_started}\n"
      "steps:\n  - id: weeks\n    repeat: {max: 28}\n    do:\n"
      "      - wait: {days: 1, at: \"10:00\"}\n"
      "      - {id: tell, use: slack.message.post, with: {channel: \"#a\", text: hello}}\n"
      "tests:\n  - name: t\n    at: 2026-03-15T09:00:00+01:00\n    given: [{event: shopify/checkouts/create}]\n"
      "    answers: [{step: tell, fail: retry, times: 3}, {step: tell, fail: ambiguous}]\n    expect: {sent: []}\n";
  const auto game = play(source);
  BOOST_TEST_INFO(sent(*game));
  BOOST_REQUIRE_EQUAL(game->played.sent.size(), 28u);
  // 10:00 by the clock on the wall, before and after the night of 29 March.
  BOOST_TEST(game->played.sent[5].at_ms == game->played.start_ms + 6 * kDay + kHour);
  BOOST_TEST(game->played.sent[27].at_ms == game->played.start_ms + 28 * kDay);
}

BOOST_AUTO_TEST_CASE(the_recipes_that_ship_pass_their_tests) {
  for (const std::string name : {"cart-rescue", "order-to-slack", "generic-webhook-to-http"}) {
    std::ifstream file(std::string(IEUM_SOURCE_DIR) + "/recipes/" + name + ".yaml", std::ios::binary);
    const std::string source{std::istreambuf_iterator<char>(file), {}};
    const auto read = recipe::read_recipe(source, recipe::Format::yaml);
    BOOST_REQUIRE_MESSAGE(read.recipe, name);
    const auto tests = recipe::tests_of(source, recipe::Format::yaml);
    BOOST_TEST(!tests.empty());
    for (const auto& test : tests) {
      const auto played =
          trial::play(parts(), {source, recipe::Format::yaml, name, read.recipe->name, read.recipe->zone}, test);
      BOOST_REQUIRE_MESSAGE(played.has_value(), name + ", " + test.name);
      BOOST_CHECK_MESSAGE(trial::judge(test, *played).passed, name + ", " + test.name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
