// A question that a step asked is answered by an event that carries the step's key: it finds its run by that alone.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using test::TestHub;

namespace {

constexpr const char* kAsk = R"(recipe: ask
trigger: {event: acme/note}
steps:
  - {id: ask, use: acme.post, connection: shop, with: {text: "승인할까요?"}}
  - id: answer
    wait_for: {event: acme/answers, step: ask, where: 'event.who != "guest"'}
    timeout: 1h
    on_timeout:
      - {use: acme.post, connection: shop, with: {text: too late}}
      - {stop: late}
  - if: 'steps.answer.event.yes'
    then: [{use: acme.post, connection: shop, with: {text: "yes by {{ steps.answer.event.who }}"}}]
    else: [{use: acme.post, connection: shop, with: {text: "no by {{ steps.answer.event.who }}"}}]
)";

struct Asked : TestHub {
  Asked() { apply(kAsk); }
  void ask() { BOOST_REQUIRE(deliver("note", "{}").status == 200); }
  std::string key(std::size_t n = 0) { return steps(runs().at(n).id).front().key; }
  void answer(const std::string& to, bool yes, const std::string& who = "minji") {
    BOOST_REQUIRE(
        deliver("answers", write_json(Map{{"key", to}, {"yes", yes}, {"who", who}, {"at", clock.now() / kSecond}}))
            .status == 200);
  }
  std::vector<std::string> said() {
    std::vector<std::string> texts;
    for (const auto& [of, text] : vendor.messages) texts.push_back(text);
    return texts;
  }
};

using Texts = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(answers)

BOOST_FIXTURE_TEST_CASE(an_answer_finds_its_run_by_the_key_of_the_step, Asked) {
  ask();
  BOOST_REQUIRE((said() == Texts{"승인할까요?"}));
  clock.advance(10 * kMinute);
  answer(key(), true);
  BOOST_CHECK((said() == Texts{"승인할까요?", "yes by minji"}));
  BOOST_CHECK(only_run().state == store::RunState::finished);
}

BOOST_FIXTURE_TEST_CASE(no_is_an_answer_too, Asked) {
  ask();
  answer(key(), false);
  BOOST_CHECK((said() == Texts{"승인할까요?", "no by minji"}));
}

BOOST_FIXTURE_TEST_CASE(a_second_click_changes_nothing, Asked) {
  ask();
  answer(key(), true);
  answer(key(), false);
  BOOST_CHECK((said() == Texts{"승인할까요?", "yes by minji"}));
}

BOOST_FIXTURE_TEST_CASE(a_click_after_the_time_out_changes_nothing, Asked) {
  ask();
  run_until(clock.now() + kHour);
  BOOST_REQUIRE((said() == Texts{"승인할까요?", "too late"}));
  answer(key(), true);
  BOOST_CHECK((said() == Texts{"승인할까요?", "too late"}));
  BOOST_TEST(only_run().reason == "late");
}

BOOST_FIXTURE_TEST_CASE(two_runs_of_one_recipe_are_told_apart, Asked) {
  ask();
  ask();
  BOOST_REQUIRE(runs().size() == 2u);
  answer(key(1), false);
  const auto open = runs();
  BOOST_CHECK(open.at(0).state == store::RunState::waiting);
  BOOST_CHECK(open.at(1).state == store::RunState::finished);
}

BOOST_FIXTURE_TEST_CASE(somebody_else_s_answer_is_none, Asked) {
  ask();
  answer(key(), true, "guest");
  answer("00000000000000000000000000000000", true);
  BOOST_REQUIRE(said().size() == 1u);
  answer(key(), false, "boss");
  BOOST_CHECK((said() == Texts{"승인할까요?", "no by boss"}));
}

// The question is out and its answer not yet heard of: the click comes first, and counts when the run gets to its wait.
BOOST_FIXTURE_TEST_CASE(a_click_that_is_faster_than_the_vendor_s_answer_counts, Asked) {
  vendor.hold = true;
  ask();
  answer(key(), true);
  vendor.hold = false;
  vendor.release();
  settle();
  BOOST_CHECK((said() == Texts{"승인할까요?", "yes by minji"}));
}

BOOST_FIXTURE_TEST_CASE(a_click_before_a_crash_is_not_lost, Asked) {
  vendor.hold = true;
  ask();
  answer(key(), true);
  crash();
  vendor.hold = false;
  start();
  run_until(clock.now() + 5 * kMinute);
  BOOST_CHECK((said() == Texts{"승인할까요?", "yes by minji"}));
}

BOOST_AUTO_TEST_SUITE_END()
