// The checker over the whole language: ways through a recipe, types, correlation, and recipes that start each other.
#include "recipe/small_catalog.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

// Steps that leave a result, an output and a variable behind.
const std::string kAsk = "- {id: a, use: http.request, with: {method: GET, url: x}}\n";
const std::string kRead = "- if: 'steps.a.output.status == 200'\n  then: []\n";

std::string in_then(const std::string& step) { return "- if: 'trigger.x == 1'\n  then:\n  " + step; }

// Findings of check_recipes over these recipes: "first's number: code severity".
std::string circles(const std::vector<std::string>& texts) {
  std::vector<ReadOutcome> outcomes;
  for (const std::string& text : texts) {
    outcomes.push_back(yaml(text));
    BOOST_REQUIRE_MESSAGE(outcomes.back().recipe, text << full(outcomes.back().findings));
  }
  std::vector<const Recipe*> recipes;
  for (const ReadOutcome& outcome : outcomes) recipes.push_back(&*outcome.recipe);
  std::string found;
  const auto all = check_recipes(recipes, SmallCatalog());
  BOOST_REQUIRE_EQUAL(all.size(), texts.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const Finding& finding : all[i])
      found += std::to_string(i) + " " + finding.code +
               (finding.severity == Finding::Severity::error ? " error\n" : " warning\n");
  return found;
}

std::string tagging(const std::string& name, const std::string& trigger, const std::string& with) {
  return "recipe: " + name + "\ntrigger: {" + trigger + "}\nsteps:\n- use: shopify.tags.add\n  with: {" + with + "}\n";
}
const std::string kOnOrder = "event: shopify/orders/updated";
const std::string kOnCustomer = "event: shopify/customers/update";

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_checker_language)

BOOST_AUTO_TEST_CASE(what_only_some_ways_leave_behind) {
  const Sample cases[] = {
      {with_steps(kAsk + kRead), ""},
      {with_steps(in_then(kAsk) + kRead), "7:8 may_be_missing\n"},
      // Told once for each step.
      {with_steps(in_then(kAsk) + kRead + kRead), "7:8 may_be_missing\n"},
      {with_steps(in_then(kAsk) + "- if: 'has(steps.a.output) && steps.a.output.status == 200'\n  then: []\n"), ""},
      {with_steps(in_then(kAsk) + "- set: {x: \"{{ steps.a.output.status | or(0) }}\"}\n"), ""},
      // Who does not come this way has stopped.
      {with_steps(in_then(kAsk) + "  else: [{stop: x}]\n" + kRead), ""},
      {with_steps("- {id: a, use: http.request, with: {method: GET, url: x}, on_error: [{stop: x}]}\n" + kRead), ""},
      {with_steps("- {id: a, use: http.request, with: {method: GET, url: x}, on_error: []}\n" + kRead),
       "5:8 may_be_missing\n"},
      {with_steps("- {id: a, use: http.request, with: {method: GET, url: x}, on_doubt: skip}\n" + kRead),
       "5:8 may_be_missing\n"},
      {"on_doubt: skip\n" + with_steps(kAsk + kRead), "6:8 may_be_missing\n"},
      // keep_while is asked before the first step too.
      {"keep_while: 'steps.a.output.status == 200'\n" + with_steps(kAsk), "1:14 may_be_missing\n"},
      {"keep_while: '(steps.a.output.status | or(200)) == 200'\n" + with_steps(kAsk), ""},
      // A repeat without `until` has at least one pass, a for_each perhaps none.
      {with_steps("- repeat: {max: 2}\n  do: [{set: {n: 1}}]\n- if: 'vars.n == 1'\n  then: []\n"), ""},
      {with_steps("- repeat: {max: 2, until: 'now > run.started_at'}\n  do: [{set: {n: 1}}]\n- if: 'vars.n == 1'\n  "
                  "then: []\n"),
       "6:8 may_be_missing\n"},
      {with_steps(
           "- for_each: 'trigger.items'\n  do: [{set: {n: 1}}]\n- if: '\"n\" in vars && vars.n == 1'\n  then: []\n"),
       ""},
      {with_steps("- for_each: 'trigger.items'\n  do: [{set: {n: \"{{ vars.n }}\"}}]\n"), "5:22 may_be_missing\n"},
  };
  for (const Sample& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(events_of_a_wait) {
  const std::string wait = "- id: w\n  wait_for: {event: order_paid}\n  timeout: 1d\n";
  const std::string read = "- set: {n: \"{{ steps.w.event.order_id }}\"}\n";
  const Sample cases[] = {
      {about(wait + "  then: [{set: {n: \"{{ steps.w.event.order_id }}\"}}]\n"), ""},
      {about(wait + read), "8:16 may_be_missing\n"},
      {about(wait + "  on_timeout: [{stop: x}]\n" + read), ""},
      {about(wait + "- if: 'steps.w.timed_out'\n  then: [{stop: x}]\n" + read), ""},
      {about(wait + "- if: 'steps.w.timed_out'\n  then: []\n" + read), "10:16 may_be_missing\n"},
      {about(wait + "  then: [{set: {n: \"{{ steps.w.event.odrer_id }}\"}}]\n"), "8:24 unknown_field\n"},
      // What was stored as JSON: a number stays one, a time becomes a text.
      {about(wait + "  then: [{if: 'steps.w.event.total > 3 && steps.w.matched == 0', then: []}]\n"), ""},
      {about(wait + "  then: [{if: 'steps.w.event.at > now', then: []}]\n"), "8:33 needs_conversion\n"},
      {about("- wait_for: {event: order_paid, where: 'event.order_id == trigger.id && event.total > 3'}\n  timeout: "
             "1d\n"),
       ""},
      {with_steps("- wait_for: {event: order_paid, match: {event.order_id: trigger.id}}\n  timeout: 1d\n"), ""},
      {about("- wait_for: {event: order_paid, connection: taem}\n  timeout: 1d\n"), "5:21 unknown_connection\n"},
      {about("- stop: x\nexit_on: [{event: order_paid, connection: taem}]\n"), "6:19 unknown_connection\n"},
  };
  for (const Sample& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(types_of_variables_items_and_schedules) {
  const Sample cases[] = {
      {with_steps("- set: {n: 1}\n- set: {n: \"{{ vars.n + 1 }}\"}\n- if: 'vars.n > 1'\n  then: []\n"), ""},
      {with_steps("- set: {n: 1}\n- set: {n: zwei}\n- if: 'vars.n > 1'\n  then: []\n"), "6:15 needs_conversion\n"},
      {with_steps("- set: {n: 1, m: \"{{ vars.o }}\", o: \"{{ vars.m }}\"}\n"),
       "4:22 may_be_missing\n4:41 may_be_missing\n"},
      // An item hides what has its name elsewhere.
      {with_steps("- for_each: '[1, 2]'\n  as: order\n  do: [{if: 'order > 1', then: []}]\n"),
       "6:20 needs_conversion\n"},
      {"recipe: r\ntrigger: {schedule: {cron: \"0 10 * * mon\"}}\nsteps:\n- if: 'trigger.scheduled_at < now'\n  then: "
       "[]\n",
       ""},
      {"recipe: r\ntrigger: {schedule: {cron: \"0 10 * * mon\"}}\nsteps:\n- if: 'trigger.total == 1'\n  then: []\n",
       "4:8 unknown_field\n"},
      {with_steps("- wait: {until: 'now + duration(\"1h\")'}\n- wait: {until: '\"2026-03-01\"'}\n"), ""},
      {with_steps("- wait: {until: 'size(trigger.items)'}\n"), "4:18 wrong_type\n"},
      {with_steps("- if: 'steps.a.output.ts > \"1\"'\n  then: []\n"), "4:8 unknown_step\n"},
      {with_steps("- id: a\n  use: slack.message.post\n  with: {channel: a, text: b}\n- if: "
                  "'steps.a.output.ts > 3'\n  then: []\n"),
       "7:26 no_such_overload\n"},
      // Places of findings behind escapes and line breaks.
      {with_steps("- if: \"trigger.\\u0061 == 1 && 'x' > 3\"\n  then: []\n"), "4:35 no_such_overload\n"},
      {with_steps("- if: |\n    trigger.a == 1\n    && 'x' > 3\n  then: []\n"), "6:12 no_such_overload\n"},
  };
  for (const Sample& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(ends_and_loops) {
  const std::string stops = "[{stop: x}]";
  const Sample cases[] = {
      {with_steps("- switch: [{if: 'true', then: " + stops + "}]\n- wait: 1m\n"), ""},
      {with_steps("- switch: [{if: 'true', then: " + stops + "}, {else: " + stops + "}]\n- wait: 1m\n"),
       "5:3 unreachable\n"},
      {with_steps("- split: s-1\n  variants: [{id: a, weight: 1, do: " + stops +
                  "}, {id: b, weight: 1}]\n- wait: 1m\n"),
       ""},
      {with_steps("- repeat: {max: 2}\n  do: " + stops + "\n- wait: 1m\n"), "6:3 unreachable\n"},
      {with_steps("- for_each: 'trigger.items'\n  do: " + stops + "\n- wait: 1m\n"), ""},
      {with_steps("- repeat: {max: 11}\n  do: [{set: {n: 1}}]\n"), "4:3 hot_loop\n"},
      {with_steps("- repeat: {max: 10}\n  do: [{set: {n: 1}}]\n"), ""},
      {with_steps("- repeat: {max: 11, every: 1m}\n  do: [{set: {n: 1}}]\n"), ""},
      {with_steps("- repeat: {max: 11}\n  do: [{if: 'true', then: [{wait: 1m}]}]\n"), ""},
  };
  for (const Sample& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(recipes_that_start_each_other) {
  // The input that decides is the default, a literal, or not known.
  BOOST_CHECK_EQUAL(circles({tagging("a", kOnOrder, "id: 1")}), "0 circle error\n");
  BOOST_CHECK_EQUAL(circles({tagging("a", kOnCustomer, "id: 1")}), "");
  BOOST_CHECK_EQUAL(circles({tagging("a", kOnCustomer, "kind: customer")}), "0 circle error\n");
  BOOST_CHECK_EQUAL(circles({tagging("a", kOnCustomer, "kind: \"{{ trigger.kind }}\"")}), "0 circle error\n");
  // A condition, or a rule that starts no second run, may end it.
  BOOST_CHECK_EQUAL(circles({tagging("a", kOnOrder + ", where: 'event.x == 1'", "id: 1")}), "0 circle warning\n");
  BOOST_CHECK_EQUAL(circles({"entry: {mode: once, key: event.id}\n" + tagging("a", kOnOrder, "id: 1")}),
                    "0 circle warning\n");
  // Each circle is told once, at its first recipe; who only leads into one is not told.
  const std::string there = tagging("a", kOnOrder, "kind: customer"), back = tagging("b", kOnCustomer, "kind: order");
  BOOST_CHECK_EQUAL(circles({there, back}), "0 circle error\n");
  BOOST_CHECK_EQUAL(circles({tagging("c", "event: order_paid", "id: 1"), there, back}), "1 circle error\n");
  BOOST_CHECK_EQUAL(circles({there}), "");
  // Another connection's event is another event.
  BOOST_CHECK_EQUAL(circles({tagging("a", kOnOrder + ", connection: other", "id: 1")}), "");
  BOOST_CHECK_EQUAL(circles({}), "");
  const std::string answer = "recipe: r\ntrigger: {event: slack/message";
  BOOST_CHECK_EQUAL(circles({answer + "}\nsteps:\n" + kPost + "x}\n"}), "0 circle error\n");
  BOOST_CHECK_EQUAL(circles({answer + ", where: '!event.from_bot'}\nsteps:\n" + kPost + "x}\n"}), "");
}

BOOST_AUTO_TEST_CASE(a_hostile_recipe_gives_a_bounded_answer) {
  std::string text = with_steps("");
  for (int i = 0; i < 900; ++i) text += "- if: 'steps.no" + std::to_string(i) + ".x > vars.y'\n  then: []\n";
  const auto findings = checked(text);
  BOOST_CHECK_EQUAL(findings.size(), 100u);
}

BOOST_AUTO_TEST_SUITE_END()
