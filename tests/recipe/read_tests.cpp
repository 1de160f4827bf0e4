// `tests:` of a recipe: every part is read, every mistake is told with its place and its mend.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "recipe/reading.hpp"
#include "recipe/test_case.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

BOOST_AUTO_TEST_SUITE(recipe_tests)

BOOST_AUTO_TEST_CASE(reads_every_part) {
  const std::string text = R"(recipe: r
trigger: {event: order_created}
steps: [{id: remind, use: kakao.alimtalk.send, class: info, with: {to: "1", template: T}}]
tests:
  - name: 모두
    at: 2026-03-02T09:00:00+09:00
    given:
      - {event: shopify/checkouts/create, sample: checkout}
      - {after: 10m, event: shopify/orders/create, connection: shop, with: {total_price: "62000", customer: {id: 7}}}
      - {at: 2026-03-02T10:00:00+09:00, event: webhook/signup, body: {email: a@example.com}}
    answers:
      - {use: kakao.alimtalk.send, fail: rate_limited, times: 2, retry_after: 30s}
      - {step: remind, output: {ok: true}}
      - {step: remind, times: 1, answer: {status: 503, headers: {retry-after: "9"}, body: {a: 1}}}
    until: 30d
    expect:
      sent:
        - {after: 30m, use: kakao.alimtalk.send, step: remind, to: "01012345678", with: {variables: {고객명: 민지}}}
      runs: [{state: finished, reason: "", key: "12"}]
      steps: {remind: done}
      not_started: [already_running]
  - name: 둘
    expect: {sent: [], runs: 0}
)";
  const auto outcome = yaml(text);
  BOOST_REQUIRE_MESSAGE(outcome.recipe, full(outcome.findings));
  const auto tests = tests_of(text, Format::yaml);
  BOOST_REQUIRE_EQUAL(tests.size(), 2u);
  const TestCase& all = tests.front();
  BOOST_TEST(all.name == "모두");
  BOOST_TEST(all.place.line == 5);
  BOOST_TEST(*all.at_ms == 1'772'409'600'000);
  BOOST_REQUIRE_EQUAL(all.given.size(), 3u);
  BOOST_TEST(all.given[0].connector == "shopify");
  BOOST_TEST(all.given[0].topic == "checkouts/create");
  BOOST_TEST(all.given[0].sample == "checkout");
  BOOST_TEST(all.given[1].when.instant(1000) == 1000 + 10 * kMinute);
  BOOST_TEST(all.given[1].connection == "shop");
  BOOST_TEST(write_json(all.given[1].with) == R"({"total_price":"62000","customer":{"id":7}})");
  BOOST_TEST(all.given[2].when.instant(1000) == *all.at_ms + kHour);
  BOOST_TEST(all.given[2].body->text("email") == "a@example.com");
  BOOST_REQUIRE_EQUAL(all.answers.size(), 3u);
  BOOST_TEST(all.answers[0].fail == "rate_limited");
  BOOST_TEST(all.answers[0].times == 2);
  BOOST_TEST(*all.answers[0].retry_after_for == 30 * kSecond);
  BOOST_TEST((all.answers[1].kind == GivenAnswer::Kind::output));
  BOOST_TEST(all.answers[1].times == 0);
  BOOST_TEST((all.answers[2].kind == GivenAnswer::Kind::answer));
  BOOST_TEST(all.answers[2].status == 503);
  BOOST_TEST(all.answers[2].headers.at(0).second == "9");
  BOOST_TEST(*all.until_for == 30 * kDay);
  BOOST_REQUIRE_EQUAL(all.sent.size(), 1u);
  BOOST_TEST(all.sent[0].when.after_for == 30 * kMinute);
  BOOST_TEST(*all.sent[0].to == "01012345678");
  BOOST_TEST(all.run_list->at(0).state == "finished");
  BOOST_TEST(*all.run_list->at(0).key == "12");
  BOOST_TEST(all.steps.at(0).second == "done");
  BOOST_TEST(all.not_started->at(0) == "already_running");
  BOOST_TEST(*tests[1].runs == 0u);
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_where_they_stand) {
  const auto told = [](std::string_view test) {
    return brief(yaml(with_head("tests:\n  - name: t\n" + std::string(test))).findings);
  };
  const std::string good = "    expect: {sent: []}\n";
  BOOST_TEST(told(good) == "");
  BOOST_TEST(told("    given: []\n") == "5:5 missing_key\n");
  BOOST_TEST(told("    expect: {}\n") == "6:13 missing_key\n");
  BOOST_TEST(told("    expekt: {sent: []}\n") == "5:5 missing_key\n6:5 unknown_key\n");
  BOOST_TEST(told(good + "    at: tomorrow\n") == "7:9 bad_time\n");
  BOOST_TEST(told(good + "    until: 401d\n") == "7:12 bad_duration\n");
  BOOST_TEST(told(good + "    given: [{event: order_created}]\n") == "7:21 bad_event\n");
  BOOST_TEST(told(good + "    given: [{event: a/b, after: 10}]\n") == "7:33 bad_duration\n");
  BOOST_TEST(told(good + "    given: [{event: a/b, sample: x, body: {}}]\n") == "7:13 conflicting_keys\n");
  BOOST_TEST(told(good + "    given: [{event: a/b, after: 1m, at: 2026-03-02T10:00:00Z}]\n") ==
             "7:41 conflicting_keys\n");
  BOOST_TEST(told(good + "    answers: [{use: a.b, fail: rate_limit}]\n") == "7:32 unknown_choice\n");
  BOOST_TEST(told(good + "    answers: [{fail: retry}]\n") == "7:15 missing_key\n");
  BOOST_TEST(told(good + "    answers: [{use: a.b}]\n") == "7:15 missing_key\n");
  BOOST_TEST(told("    expect: {sent: [{after: 1m}]}\n") == "6:21 missing_key\n");
  BOOST_TEST(told("    expect: {sent: [{use: a.b}]}\n") == "6:21 missing_key\n");
  BOOST_TEST(told("    expect: {sent: [{after: 1m, step: nobody}]}\n") == "6:39 unknown_step\n");
  BOOST_TEST(told("    expect: {sent: [], runs: [{state: ended}]}\n") == "6:39 unknown_choice\n");
  BOOST_TEST(told(good + "  - name: t\n" + good) == "7:5 duplicate_name\n");
  BOOST_TEST(brief(yaml(with_head("tests: {}\n")).findings) == "4:8 wrong_kind\n");
}

BOOST_AUTO_TEST_SUITE_END()
