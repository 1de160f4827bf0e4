// The reader on the whole grammar: each construct, and what of it the model holds.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "recipe/grammar.hpp"
#include "recipe/reading.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

Recipe good(std::string_view text) {
  ReadOutcome outcome = yaml(text);
  BOOST_REQUIRE_MESSAGE(outcome.recipe && outcome.findings.empty(), text << full(outcome.findings));
  return std::move(*outcome.recipe);
}

template <class Verb>
const Verb& verb(const Recipe& recipe, std::size_t at = 0) {
  return std::get<Verb>(recipe.steps.at(at).verb);
}

std::string source(const std::optional<Condition>& condition) {
  return condition ? condition->expression.source() : "none";
}

Wait wait_of(const std::string& text) { return verb<Wait>(good(with_steps("- wait: " + text + "\n"))); }

Recipe triggered(const std::string& text) { return good("recipe: r\nsteps: [{stop: done}]\ntrigger:\n" + text); }

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_reader_verbs)

BOOST_AUTO_TEST_CASE(trigger_with_absent) {
  const Recipe recipe = triggered(
      "  event: checkout_started\n  connection: shop\n  where: 'event.total > 1'\n  max_late: 24h\n  absent: {event: "
      "order_created, within: 30m, debounce: false, where: 'event.ok', connection: x, match: {event.checkout_token: "
      "trigger.token, 'event[\"a\"]': 'trigger[\"b\"]'}}\n");
  BOOST_CHECK_EQUAL(recipe.trigger.event, "checkout_started");
  BOOST_CHECK_EQUAL(recipe.trigger.connection, "shop");
  BOOST_CHECK_EQUAL(source(recipe.trigger.where), "event.total > 1");
  BOOST_CHECK_EQUAL(recipe.max_late_for.value(), kDay);
  BOOST_REQUIRE(recipe.absent);
  BOOST_CHECK_EQUAL(recipe.absent->match.event, "order_created");
  BOOST_CHECK_EQUAL(recipe.absent->match.connection, "x");
  BOOST_CHECK_EQUAL(recipe.absent->within_for, 30 * kMinute);
  BOOST_CHECK(!recipe.absent->debounce);
  BOOST_REQUIRE_EQUAL(recipe.absent->match.match.size(), 2u);
  const MatchPair& pair = recipe.absent->match.match[0];
  BOOST_CHECK_EQUAL(pair.event_side.expression.source(), "event.checkout_token");
  BOOST_CHECK_EQUAL(pair.run_side.expression.source(), "trigger.token");
  BOOST_CHECK_EQUAL(pair.event_side.uses.at(0).names.at(1), "checkout_token");
  BOOST_CHECK_EQUAL(pair.event_side.place.line, 8);
  BOOST_CHECK_EQUAL(recipe.absent->match.match[1].event_side.expression.source(), "event[\"a\"]");
  BOOST_CHECK(triggered("  event: a\n  absent: {event: b, within: 1m}\n").absent->debounce);
  BOOST_CHECK(!triggered("  event: a\n").absent);
}

BOOST_AUTO_TEST_CASE(trigger_by_schedule) {
  const Recipe recipe = triggered("  schedule: {cron: \"0 10 * * mon\", timezone: Asia/Seoul, missed: skip}\n");
  BOOST_REQUIRE(recipe.schedule);
  BOOST_CHECK(recipe.trigger.event.empty());
  BOOST_CHECK_EQUAL(recipe.schedule->cron.hours, 1u << 10);
  BOOST_CHECK_EQUAL(recipe.schedule->zone, "Asia/Seoul");
  BOOST_CHECK(recipe.schedule->missed == Schedule::Missed::none);
  const Recipe plain = triggered("  schedule: {cron: '@daily'}\n");
  BOOST_CHECK(plain.schedule->zone.empty());
  BOOST_CHECK(plain.schedule->missed == Schedule::Missed::newest);
}

BOOST_AUTO_TEST_CASE(head_of_a_recipe) {
  const Recipe recipe = good(with_head(
      "keep_while: '!customer.gone'\ngoal: {event: order_created, within: 7d, value: 'dec(event.total)', where: "
      "'event.total > 0'}\nexit_on:\n- {event: order_created, connection: x, where: 'event.ok', match: {event.a: "
      "trigger.a}}\n- event: order_cancelled\non_doubt: fail\non_error:\n- use: slack.message.post\n- {id: last, "
      "stop: x}\n"));
  BOOST_CHECK_EQUAL(source(recipe.keep_while), "!customer.gone");
  BOOST_REQUIRE(recipe.goal);
  BOOST_CHECK_EQUAL(recipe.goal->match.event, "order_created");
  BOOST_CHECK_EQUAL(source(recipe.goal->match.where), "event.total > 0");
  BOOST_CHECK_EQUAL(recipe.goal->within_for, 7 * kDay);
  BOOST_CHECK_EQUAL(source(recipe.goal->value), "dec(event.total)");
  BOOST_REQUIRE_EQUAL(recipe.exit_on.size(), 2u);
  BOOST_CHECK_EQUAL(recipe.exit_on[0].match.size(), 1u);
  BOOST_CHECK_EQUAL(recipe.exit_on[1].event, "order_cancelled");
  BOOST_CHECK(recipe.on_doubt == InDoubt::fail);
  BOOST_REQUIRE(recipe.on_error);
  BOOST_CHECK_EQUAL(recipe.on_error->at(0).id, "on_error1");
  BOOST_CHECK_EQUAL(recipe.on_error->at(1).id, "last");
}

BOOST_AUTO_TEST_CASE(a_step_without_retry_has_the_recipes) {
  const Recipe recipe = good(
      "recipe: r\ntrigger: {event: a}\nsteps:\n- use: a.b\n- use: a.b\n  retry: {for: 1h}\n  on_error: [{use: c.d}]\n"
      "on_error: [{use: e.f}]\nretry: {for: 6h, first: 1m, cap: 20m}\n");
  const auto& first = verb<Use>(recipe, 0);
  BOOST_CHECK_EQUAL(first.retry.budget_for, 6 * kHour);
  BOOST_CHECK_EQUAL(first.retry.first_for, kMinute);
  BOOST_CHECK(!first.retry_given);
  // A step's own takes the place of the recipe's, whole.
  const auto& second = verb<Use>(recipe, 1);
  BOOST_CHECK_EQUAL(second.retry.budget_for, kHour);
  BOOST_CHECK_EQUAL(second.retry.first_for, 10 * kSecond);
  BOOST_CHECK(second.retry_given);
  BOOST_CHECK_EQUAL(std::get<Use>(second.on_error->at(0).verb).retry.cap_for, 20 * kMinute);
  BOOST_CHECK_EQUAL(std::get<Use>(recipe.on_error->at(0).verb).retry.cap_for, 20 * kMinute);
}

BOOST_AUTO_TEST_CASE(waits) {
  BOOST_CHECK_EQUAL(wait_of("{for: 30m}").duration_for.value(), 30 * kMinute);
  const Wait civil = wait_of("{days: 1, at: \"10:00\", timezone: Europe/Berlin}");
  BOOST_CHECK_EQUAL(civil.days.value(), 1);
  BOOST_CHECK_EQUAL(civil.at_minute.value(), 600);
  BOOST_CHECK_EQUAL(civil.zone, "Europe/Berlin");
  BOOST_CHECK_EQUAL(wait_of("{at: \"10:00\", timezone: customer}").zone, "");
  const Wait until = wait_of("{until: 'trigger.date', offset: -1d}");
  BOOST_CHECK_EQUAL(source(until.until), "trigger.date");
  BOOST_CHECK_EQUAL(until.offset_for, -kDay);
  BOOST_CHECK_EQUAL(wait_of("{until: 'trigger.date', offset: 2h30m}").offset_for, 150 * kMinute);
  const Wait window = wait_of("{for: 1h, window: {from: \"21:00\", to: \"08:00\", days: [mon, sun]}}");
  BOOST_CHECK_EQUAL(window.duration_for.value(), kHour);
  BOOST_REQUIRE(window.window);
  BOOST_CHECK_EQUAL(window.window->from_minute, 21 * 60);
  BOOST_CHECK_EQUAL(window.window->to_minute, 8 * 60);
  BOOST_CHECK(window.window->weekdays == (std::vector<int>{1, 0}));
  const Wait days = wait_of("{window: {days: [sat]}}");
  BOOST_CHECK_EQUAL(days.window->from_minute, 0);
  BOOST_CHECK_EQUAL(days.window->to_minute, 24 * 60);
  BOOST_CHECK_EQUAL(wait_of("{window: {from: 20:00, to: 24:00}}").window->to_minute, 24 * 60);
  BOOST_CHECK_EQUAL(wait_of("{window: {from: 20:00, to: 00:00}}").window->to_minute, 0);
}

BOOST_AUTO_TEST_CASE(wait_for_one_event) {
  const Recipe recipe = good(with_steps(
      "- id: clicked\n  wait_for: {event: link_clicked, step: push, where: 'event.human', connection: x, match: "
      "{event.token: 'steps.push.output.token'}}\n  timeout: 5h\n  then: [{stop: a}]\n  on_timeout: [{wait: 1m}, "
      "{stop: "
      "b}]\n- {wait_for: {event: a}, timeout: {days: 1, at: '10:00'}}\n"));
  const auto& wait = verb<WaitFor>(recipe);
  BOOST_REQUIRE_EQUAL(wait.events.size(), 1u);
  BOOST_CHECK_EQUAL(wait.events[0].match.event, "link_clicked");
  BOOST_CHECK_EQUAL(wait.events[0].match.step, "push");
  BOOST_CHECK_EQUAL(wait.events[0].match.match.size(), 1u);
  BOOST_CHECK_EQUAL(source(wait.events[0].match.where), "event.human");
  BOOST_CHECK_EQUAL(wait.timeout.duration_for.value(), 5 * kHour);
  BOOST_CHECK_EQUAL(wait.timeout_place.line, 6);
  BOOST_CHECK_EQUAL(wait.events[0].then_steps->at(0).id, "clicked_then1");
  BOOST_CHECK_EQUAL(wait.timeout_steps->at(1).id, "clicked_on_timeout2");
  const auto& bare = verb<WaitFor>(recipe, 1);
  BOOST_CHECK(!bare.events[0].then_steps);
  BOOST_CHECK(!bare.timeout_steps);
  BOOST_CHECK_EQUAL(bare.timeout.days.value(), 1);
}

BOOST_AUTO_TEST_CASE(wait_for_several_events) {
  const Recipe recipe = good(with_steps(
      "- wait_for:\n  - {event: link_clicked, step: push, then: [{stop: a}]}\n  - {event: order_created, then: [{stop: "
      "b}]}\n  - event: cart_updated\n  timeout: 1d\n  on_timeout: [{stop: c}]\n"));
  const auto& wait = verb<WaitFor>(recipe);
  BOOST_REQUIRE_EQUAL(wait.events.size(), 3u);
  BOOST_CHECK_EQUAL(wait.events[1].then_steps->at(0).id, "step1_event2_then1");
  BOOST_CHECK(!wait.events[2].then_steps);
  BOOST_CHECK_EQUAL(wait.timeout_steps->at(0).id, "step1_on_timeout1");
}

BOOST_AUTO_TEST_CASE(switches) {
  const Recipe recipe = good(with_steps(
      "- id: plan\n  switch:\n  - {if: 'trigger.a == 1', then: [{stop: a}]}\n  - {if: 'trigger.a == 2', then: "
      "[]}\n  - else: [{stop: b}]\n- switch:\n  - {if: 'true', then: [{stop: c}]}\n"));
  const auto& plan = verb<Switch>(recipe);
  BOOST_REQUIRE_EQUAL(plan.cases.size(), 2u);
  BOOST_CHECK_EQUAL(plan.cases[1].condition.expression.source(), "trigger.a == 2");
  BOOST_CHECK_EQUAL(plan.cases[0].then_steps->at(0).id, "plan_case1_then1");
  BOOST_CHECK_EQUAL(plan.else_steps->at(0).id, "plan_else1");
  BOOST_CHECK(!verb<Switch>(recipe, 1).else_steps);
}

BOOST_AUTO_TEST_CASE(loops) {
  const Recipe recipe = good(with_steps(
      "- id: lines\n  for_each: 'trigger.items'\n  as: line\n  max: 20\n  on_item_error: stop\n  do:\n  - set: {n: '{{ "
      "line.name + string(loop.number) }}'}\n- for_each: 'trigger.items'\n  do: []\n- repeat: {max: 5, every: 48h, "
      "until: "
      "'vars.done'}\n  do: [{wait: 1m}]\n- {repeat: {max: 2}, do: [{wait: 1m}]}\n"));
  const auto& lines = verb<ForEach>(recipe);
  BOOST_CHECK_EQUAL(lines.list.expression.source(), "trigger.items");
  BOOST_CHECK_EQUAL(lines.as, "line");
  BOOST_CHECK_EQUAL(lines.max, 20);
  BOOST_CHECK(lines.stop_on_error);
  BOOST_CHECK_EQUAL(lines.body->at(0).id, "lines_do1");
  const auto& plain = verb<ForEach>(recipe, 1);
  BOOST_CHECK_EQUAL(plain.as, "item");
  BOOST_CHECK_EQUAL(plain.max, 100);
  BOOST_CHECK(!plain.stop_on_error);
  const auto& nag = verb<Repeat>(recipe, 2);
  BOOST_CHECK_EQUAL(nag.max, 5);
  BOOST_CHECK_EQUAL(nag.every_for, 2 * kDay);
  BOOST_CHECK_EQUAL(source(nag.until), "vars.done");
  BOOST_CHECK_EQUAL(nag.body->at(0).id, "step3_do1");
  BOOST_CHECK_EQUAL(verb<Repeat>(recipe, 3).every_for, 0);
}

BOOST_AUTO_TEST_CASE(loops_up_to_their_limits) {
  good(
      with_steps("- for_each: 'trigger.a'\n  max: 100\n  do:\n  - repeat: {max: 10}\n    do:\n    - {for_each: "
                 "'trigger.b', max: 10, do: [{wait: 1m}]}\n- {repeat: {max: 1000}, do: [{wait: 1m}]}\n"));
  std::string steps;
  for (int i = 0; i < kStepsMax; ++i) steps += "- wait: 1m\n";
  BOOST_CHECK_EQUAL(good(with_steps(steps)).steps.size(), 1000u);
  const ReadOutcome outcome = yaml(with_steps(steps + "- wait: 1m\n"));
  BOOST_CHECK_EQUAL(brief(outcome.findings), "1004:3 too_many_steps\n");
}

BOOST_AUTO_TEST_CASE(splits) {
  const Recipe recipe = good(with_steps(
      "- id: benefit\n  split: benefit-2026q2\n  variants:\n  - {id: a, weight: 45, do: [{stop: a}]}\n  - {id: "
      "control, weight: 10}\n- {split: x, variants: [{id: a}, {id: b}]}\n"));
  const auto& split = verb<Split>(recipe);
  BOOST_CHECK_EQUAL(split.experiment, "benefit-2026q2");
  BOOST_REQUIRE_EQUAL(split.variants.size(), 2u);
  BOOST_CHECK_EQUAL(split.variants[0].weight, 45);
  BOOST_CHECK_EQUAL(split.variants[0].steps->at(0).id, "benefit_a_do1");
  BOOST_CHECK_EQUAL(split.variants[1].id, "control");
  BOOST_CHECK(!split.variants[1].steps);
  BOOST_CHECK_EQUAL(verb<Split>(recipe, 1).variants[1].weight, 1);
}

BOOST_AUTO_TEST_CASE(json_reads_the_same) {
  const ReadOutcome outcome = json(
      R"({"recipe":"r","trigger":{"schedule":{"cron":"0 10 * * mon"}},"steps":[
      {"for_each":"[1, 2]","do":[{"wait_for":{"event":"a","match":{"event.a":"item"}},"timeout":"5h"}]}]})");
  BOOST_REQUIRE_MESSAGE(outcome.recipe, full(outcome.findings));
  const auto& loop = verb<ForEach>(*outcome.recipe);
  BOOST_CHECK_EQUAL(std::get<WaitFor>(loop.body->at(0).verb).events[0].match.match.size(), 1u);
}

BOOST_AUTO_TEST_CASE(a_whole_journey) { BOOST_CHECK_EQUAL(good(kJourney).steps.size(), 6u); }

// The table is what schema and formatter are made from: it must be whole and lead nowhere that is not there.
BOOST_AUTO_TEST_CASE(the_grammar_is_closed) {
  for (const Shape& each : shapes()) {
    BOOST_CHECK_MESSAGE(!each.keys.empty(), each.name);
    for (const Key& key : each.keys) {
      const bool inside = key.takes == Takes::map || key.takes == Takes::list || key.takes == Takes::map_or_list ||
                          key.takes == Takes::wait || key.takes == Takes::stop;
      BOOST_CHECK_MESSAGE(inside == !key.inner.empty(), each.name << "." << key.name);
      if (inside) BOOST_CHECK_EQUAL(shape(key.inner).name, key.inner);
      if (!key.item.empty()) BOOST_CHECK_EQUAL(shape(key.item).name, key.item);
      BOOST_CHECK_MESSAGE((key.takes == Takes::whole) == (key.highest > 0), each.name << "." << key.name);
      const bool chosen = key.takes == Takes::choice || key.takes == Takes::weekdays;
      BOOST_CHECK_MESSAGE(chosen == !key.choices.empty(), each.name << "." << key.name);
      BOOST_CHECK_MESSAGE(!key.help.empty(), each.name << "." << key.name);
    }
  }
  for (const std::string& verb : verbs()) BOOST_CHECK(shape(verb).find(verb) != nullptr);
}

BOOST_AUTO_TEST_CASE(expressions_are_found_by_their_path) {
  using Path = std::vector<std::string_view>;
  for (const Path& path :
       {Path{"keep_while"}, Path{"about", "email"}, Path{"trigger", "absent", "where"}, Path{"goal", "value"},
        Path{"exit_on", "", "match", "event.a"}, Path{"exit_on", "", "match", ""}, Path{"steps", "", "for_each"},
        Path{"steps", "", "do", "", "repeat", "until"}, Path{"steps", "", "wait_for", "", "where"},
        Path{"steps", "", "wait_for", "match", "a"}, Path{"steps", "", "timeout", "until"},
        Path{"steps", "", "switch", "", "if"}, Path{"steps", "", "nonsense", "where"}})
    BOOST_CHECK_MESSAGE(takes_expression(path), path.back());
  for (const Path& path : {Path{}, Path{"title"}, Path{"about"}, Path{"about", ""}, Path{"steps", "", "with", "if"},
                           Path{"steps", "", "set", "key"}, Path{"tests", "", "where"}, Path{"goal"}})
    BOOST_CHECK(!takes_expression(path));
}

BOOST_AUTO_TEST_SUITE_END()
