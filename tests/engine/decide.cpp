// Walks of the engine: branches, variables, waits, stops, error paths, and what it does when an expression fails.
#include "engine/decide.hpp"

#include "engine/reasons.hpp"
#include "engine/walking.hpp"

using namespace ieum;
using namespace ieum::engine;
using namespace ieum::engine_test;

BOOST_AUTO_TEST_SUITE(engine_decide)

BOOST_AUTO_TEST_CASE(walks_straight_through) {
  Walker walk(
      program("- {id: a, use: x.y, with: {text: \"주문 {{ trigger.name }}\"}}\n- wait: 30m\n- {id: b, use: x.y}\n"),
      value(R"({"name":"#1042"})"));
  BOOST_CHECK_EQUAL(walk.begin(), R"(act a {"text":"주문 #1042"})");
  BOOST_CHECK_EQUAL(walk.point.at_step, "a");
  BOOST_CHECK_EQUAL(walk.done(), "sleep 2026-03-02T00:30:00Z");
  BOOST_CHECK_EQUAL(walk.point.at_step, "step2");
  BOOST_CHECK_EQUAL(walk.timer(), "act b {}");
  BOOST_CHECK_EQUAL(walk.done(), "finished");
}

BOOST_AUTO_TEST_CASE(a_skipped_step_lets_the_run_go_on) {
  Walker walk(program("- {id: a, use: x.y}\n- {id: b, use: x.y}\n"));
  walk.begin();
  BOOST_CHECK_EQUAL(walk.feed(StepSkipped{}), "act b {}");
  BOOST_CHECK_EQUAL(walk.feed(Begin{}), "finished");
}

BOOST_AUTO_TEST_CASE(a_deferred_step_is_opened_when_its_time_comes) {
  Walker walk(program("- {id: a, use: x.y, with: {n: '{{ now }}'}}\n- {id: b, use: x.y}\n"));
  walk.begin();
  walk.now += kHour;
  const std::string again = walk.timer();
  BOOST_CHECK_MESSAGE(again.starts_with(R"(act a {"n":"2026-03-02T01:00:00)"), again);
  BOOST_CHECK_EQUAL(walk.done(), "act b {}");
}

BOOST_AUTO_TEST_CASE(branches) {
  const auto code = program(
      "- if: 'trigger.n > 10'\n  then: [{id: large, use: x.y}]\n  else:\n  - if: 'trigger.n > 5'\n    then: [{id: "
      "medium, use: x.y}]\n- {id: last, use: x.y}\n");
  for (const auto& [n, first] : {std::pair("11", "large"), std::pair("6", "medium"), std::pair("1", "last")}) {
    Walker walk(code, value(std::string(R"({"n":)") + n + "}"));
    BOOST_CHECK_EQUAL(walk.begin(), "act " + std::string(first) + " {}");
    BOOST_CHECK_EQUAL(walk.done(), std::string(first) == "last" ? "finished" : "act last {}");
  }
}

BOOST_AUTO_TEST_CASE(variables_are_seen_after_their_step) {
  Walker walk(
      program("- set: {n: 1, name: 민지}\n- set: {n: '{{ vars.n + 1 }}', before: '{{ vars.n }}', list: ['{{ vars.name "
              "}}']}\n- {id: a, use: x.y, with: {v: '{{ vars }}'}}\n"));
  BOOST_CHECK_EQUAL(walk.begin(), R"(act a {"v":{"n":2,"name":"민지","before":1,"list":["민지"]}})");
  BOOST_CHECK_EQUAL(write_json(walk.point.vars), R"({"n":2,"name":"민지","before":1,"list":["민지"]})");
}

BOOST_AUTO_TEST_CASE(variables_are_bounded) {
  std::string steps = "- set: {a: '" + std::string(1000, 'x') + "'}\n";
  for (int i = 0; i < 12; ++i) steps += "- set: {a: '{{ vars.a + vars.a }}'}\n";
  Walker walk(program(steps));
  BOOST_CHECK_EQUAL(walk.begin(), "failed vars_too_large: the variables of a run have at most 1048576 bytes");
}

BOOST_AUTO_TEST_CASE(results_of_steps_are_seen) {
  Walker walk(program(
      "- {id: a, use: x.y}\n- if: 'steps.a.status == \"done\" && steps.a.output.n == 3'\n  then: [{stop: good}]\n"));
  walk.begin();
  BOOST_CHECK_EQUAL(walk.done(R"({"n":3})"), "stopped good");
}

BOOST_AUTO_TEST_CASE(stops) {
  Walker walk(program("- stop:\n"));
  BOOST_CHECK_EQUAL(walk.begin(), "stopped stopped");
  BOOST_CHECK_EQUAL(walk.point.at_step, "step1");
}

BOOST_AUTO_TEST_CASE(on_error_returns_behind_the_step) {
  Walker walk(
      program("- id: a\n  use: x.y\n  on_error:\n  - {id: tell, use: x.y, with: {t: '{{ error.step }}: {{ error.code "
              "}}, {{ error.message }}'}}\n  - wait: 1m\n- {id: b, use: x.y}\n"));
  walk.begin();
  BOOST_CHECK_EQUAL(walk.failed("gone", "번호 없음"), R"(act tell {"t":"a: gone, 번호 없음"})");
  BOOST_CHECK_EQUAL(walk.done(), "sleep 2026-03-02T00:01:00Z");
  BOOST_CHECK_EQUAL(write_json(walk.point.error), R"({"step":"a","code":"gone","message":"번호 없음"})");
  BOOST_CHECK_EQUAL(walk.timer(), "act b {}");
  BOOST_CHECK(walk.point.error.is_null());
  BOOST_CHECK_EQUAL(walk.failed(), "failed permanent: no");
}

BOOST_AUTO_TEST_CASE(an_empty_on_error_ignores_the_failure) {
  Walker walk(program("- {id: a, use: x.y, on_error: []}\n- {id: b, use: x.y}\n"));
  walk.begin();
  BOOST_CHECK_EQUAL(walk.failed(), "act b {}");
  BOOST_CHECK(walk.point.error.is_null());
}

BOOST_AUTO_TEST_CASE(on_error_inside_on_error_gives_the_outer_error_back) {
  Walker walk(
      program("- id: a\n  use: x.y\n  on_error:\n  - id: b\n    use: x.y\n    on_error:\n    - {id: c, use: x.y, with: "
              "{t: '{{ error.code }} {{ error.cause.code }}'}}\n  - {id: d, use: x.y, with: {t: '{{ error.code "
              "}}'}}\n- {id: e, use: x.y}\n"));
  walk.begin();
  BOOST_CHECK_EQUAL(walk.failed("outer"), "act b {}");
  BOOST_CHECK_EQUAL(walk.failed("inner"), R"(act c {"t":"inner outer"})");
  BOOST_CHECK_EQUAL(walk.done(), R"(act d {"t":"outer"})");
  BOOST_CHECK_EQUAL(walk.done(), "act e {}");
  BOOST_CHECK(walk.point.error.is_null());
}

BOOST_AUTO_TEST_CASE(a_failure_inside_on_error_ends_the_run) {
  Walker walk(program("- id: a\n  use: x.y\n  on_error: [{id: b, use: x.y}]\n- {id: c, use: x.y}\n"));
  walk.begin();
  walk.failed("first");
  BOOST_CHECK_EQUAL(walk.failed("second", "also this"), "failed second: also this");
}

BOOST_AUTO_TEST_CASE(inputs_that_cannot_be_rendered_fail_their_step) {
  Walker caught(
      program("- id: a\n  use: x.y\n  with: {t: '{{ trigger.missing }}'}\n  on_error: [{id: b, use: x.y, with: {t: '{{ "
              "error.code }}'}}]\n"));
  BOOST_CHECK_EQUAL(caught.begin(), R"(act b {"t":"render_missing"})");
  Walker alone(program("- {id: a, use: x.y, with: {t: '{{ trigger.missing }}'}}\n"));
  const std::string end = alone.begin();
  BOOST_CHECK_MESSAGE(end.starts_with("failed render_missing: line 4, `with` (t"), end);
  BOOST_CHECK_EQUAL(alone.point.at_step, "a");
}

BOOST_AUTO_TEST_CASE(other_expressions_that_fail_end_the_run) {
  for (const char* steps : {"- if: 'trigger.missing == 1'\n  then: []\n", "- if: 'trigger'\n  then: []\n",
                            "- set: {a: '{{ trigger.missing }}'}\n", "- wait: {until: 'trigger.missing'}\n",
                            "- wait: {until: 'trigger'}\n", "- wait: {until: '\"soon\"'}\n"}) {
    Walker walk(program(steps));
    const std::string end = walk.begin();
    BOOST_CHECK_MESSAGE(end.starts_with("failed expression_failed: line 4, `"), steps << end);
    BOOST_CHECK_EQUAL(walk.point.at_step, "step1");
  }
}

BOOST_AUTO_TEST_CASE(facts_are_asked_for_only_where_they_are_listed) {
  int customer_asked = 0, steps_asked = 0;
  Walker walk(
      program("- wait: 1m\n- if: 'customer.first_name == \"민지\" && customer.n == 1'\n  then: [{stop: yes_it_is}]\n"));
  walk.facts.customer = [&] { return ++customer_asked, value(R"({"first_name":"민지","n":1})"); };
  walk.facts.steps = [&](const Facts::Visible&) { return ++steps_asked, Value(Map()); };
  const auto first = decide(*walk.code, walk.point, walk.facts, Begin{}, walk.now);
  BOOST_CHECK_EQUAL(customer_asked, 0);
  BOOST_CHECK_EQUAL(brief(decide(*walk.code, first.point, walk.facts, TimerFired{}, walk.now)), "stopped yes_it_is");
  BOOST_CHECK_EQUAL(customer_asked, 1);
  BOOST_CHECK_EQUAL(steps_asked, 0);
}

BOOST_AUTO_TEST_CASE(facts_that_are_not_to_be_had_are_empty) {
  Walker walk(
      program("- {id: a, use: x.y, with: {t: \"{{ customer.first_name | or('고객') }} {{ error | or('-') }}\"}}\n"));
  walk.facts.steps = nullptr;
  BOOST_CHECK_EQUAL(walk.begin(), R"(act a {"t":"고객 -"})");
}

BOOST_AUTO_TEST_CASE(now_is_the_time_of_the_decision) {
  Walker walk(program("- {id: a, use: x.y, with: {t: '{{ now }}'}}\n"));
  walk.now = at("2026-03-02T09:00:00.250Z");
  const std::string act = walk.begin();
  BOOST_CHECK_MESSAGE(act.starts_with(R"(act a {"t":"2026-03-02T09:00:00.25)"), act);
}

BOOST_AUTO_TEST_CASE(an_event_is_no_name_in_steps) {
  Walker walk(program("- if: 'event.a == 1'\n  then: []\n"));
  BOOST_CHECK(walk.begin().starts_with("failed expression_failed: line 4, `if`"));
}

BOOST_AUTO_TEST_CASE(a_step_that_the_version_does_not_have_fails_the_run) {
  Walker walk(program("- wait: 1m\n"));
  walk.point.at_step = "removed";
  BOOST_CHECK_EQUAL(walk.timer(), "failed step_gone: this version of the recipe has no step \"removed\"");
}

BOOST_AUTO_TEST_CASE(what_comes_from_outside_is_never_source) {
  Walker walk(program("- set: {a: '{{ trigger.t }}'}\n- {id: a, use: x.y, with: {t: '{{ vars.a }}!'}}\n"),
              value(R"({"t":"{{ run.id }}"})"));
  BOOST_CHECK_EQUAL(walk.begin(), R"(act a {"t":"{{ run.id }}!"})");
}

BOOST_AUTO_TEST_CASE(a_long_recipe_of_branches_ends) {
  std::string steps;
  for (int i = 0; i < 300; ++i)
    steps += "- if: 'trigger.n > " + std::to_string(i) + "'\n  then: [{set: {n: " + std::to_string(i) +
             "}}]\n  else: [{wait: 0s}]\n";
  Walker walk(program(steps), value(R"({"n":250})"));
  BOOST_CHECK_EQUAL(walk.begin(), "finished");
  BOOST_CHECK_EQUAL(write_json(walk.point.vars), R"({"n":249})");
}

BOOST_AUTO_TEST_CASE(the_cart_recipe_walks_its_two_ways) {
  const auto code = recipe::compile(read(R"(recipe: cart
about: {phone: event.phone}
trigger: {event: checkout_started}
steps:
  - wait: 30m
  - {id: remind, use: kakao.alimtalk.send, class: info, with: {to: "{{ trigger.phone }}"}, on_error: [{id: tell, use: slack.message.post, with: {text: "실패: {{ error.message }}"}}, {stop: alimtalk_failed}]}
  - {id: team, use: slack.message.post}
)"));
  const Value trigger = value(R"({"phone":"+821011110001"})");
  Walker good(code, trigger);
  BOOST_CHECK_EQUAL(good.begin(), "sleep 2026-03-02T00:30:00Z");
  BOOST_CHECK_EQUAL(good.timer(), R"(act remind {"to":"+821011110001"})");
  BOOST_CHECK_EQUAL(good.done(), "act team {}");
  BOOST_CHECK_EQUAL(good.done(), "finished");
  Walker bad(code, trigger);
  bad.begin();
  bad.timer();
  BOOST_CHECK_EQUAL(bad.failed("permanent", "수신 거부"), R"(act tell {"text":"실패: 수신 거부"})");
  BOOST_CHECK_EQUAL(bad.done(), "stopped alimtalk_failed");
}

BOOST_AUTO_TEST_SUITE_END()
