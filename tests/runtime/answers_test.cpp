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

// One delivery tells of several things; each is heard, in whatever order, and each once.
BOOST_AUTO_TEST_CASE(one_delivery_answers_two_steps_of_one_run) {
  for (const bool turned : {false, true}) {
    TestHub hub;
    hub.apply(R"(recipe: two
trigger: {event: acme/note}
steps:
  - {id: one, use: acme.post, connection: shop, with: {text: one}}
  - {id: other, use: acme.post, connection: shop, with: {text: other}}
  - {id: first, wait_for: {event: acme/answers, step: one}, timeout: 1h, on_timeout: [{stop: late}]}
  - {id: second, wait_for: {event: acme/answers, step: other}, timeout: 1h, on_timeout: [{stop: late}]}
  - {use: acme.post, connection: shop, with: {text: "{{ steps.first.event.who }} {{ steps.second.event.who }}"}}
)");
    hub.deliver("note", "{}");
    const auto steps = hub.steps(hub.only_run().id);
    List told{Map{{"key", steps.at(0).key}, {"who", "minji"}}, Map{{"key", steps.at(1).key}, {"who", "jiwoo"}}};
    if (turned) std::swap(told[0], told[1]);
    hub.deliver("answers", write_json(told));
    hub.run_until(hub.clock.now() + 2 * kHour);
    BOOST_TEST((hub.only_run().state == store::RunState::finished));
    BOOST_TEST(hub.vendor.messages.back().second == "minji jiwoo");
  }
}

BOOST_AUTO_TEST_CASE(an_item_that_comes_again_among_others_is_passed_over) {
  TestHub hub;
  hub.apply(R"(recipe: notes
trigger: {event: acme/note}
steps: [{use: acme.post, connection: shop, with: {text: "{{ trigger.text }}"}}]
)");
  const auto note = [](const char* item) { return Value(Map{{"item", item}, {"text", item}}); };
  hub.deliver("note", write_json(List{note("a"), note("b"), note("a")}), "d1");
  hub.crash();
  hub.start();
  hub.deliver("note", write_json(List{note("b"), note("c")}), "d2");
  hub.deliver("note", write_json(List{note("c"), note("a")}), "d3");
  std::vector<std::string> said;
  for (const auto& [of, text] : hub.vendor.messages) said.push_back(text);
  BOOST_CHECK((said == Texts{"a", "b", "c"}));
  BOOST_TEST(hub.events().back().reason.starts_with("duplicate"));
}

BOOST_AUTO_TEST_SUITE_END()
