// Loops, choices and splits: what the engine does with them, without a hub.
#include <set>

#include "engine/walking.hpp"

namespace ieum::engine_test {
namespace {

using namespace engine;

// Runs a program whose `use` steps all answer at once; failing steps by item.
struct Player {
  Walker walk;
  std::string log;  // "step#iteration{inputs} ..."
  std::set<std::string> fails;
  std::map<std::string, Value> items;
  std::vector<Visit> visits;

  Player(std::string_view steps, std::string_view trigger, std::string_view head = "")
      : walk(program(steps, head), value(trigger)) {
    walk.facts.items = [this](std::string_view step, int iteration) {
      return items[std::string(step) + "#" + std::to_string(iteration)];
    };
    walk.facts.steps = [this](const Facts::Visible& visible) {
      Map map;
      for (const Visit& visit : visits)
        if (visible(visit.step, visit.iteration)) map.set(visit.step, visit_scope_of(visit));
      return Value(map);
    };
  }

  static Value visit_scope_of(const Visit& visit) {
    Map map{{"status", visit.state == Visit::State::done ? "done" : "failed"}};
    if (const Map* output = visit.output.if_map())
      for (const auto& [name, field] : *output) map.set(name, field);
    map.set("output", visit.output);
    return map;
  }

  // Until the run ends; each sleep is passed over.
  std::string play() {
    Input input = Begin{};
    for (int rounds = 0; rounds < 50'000; ++rounds) {
      const Transition next = decide(*walk.code, walk.point, walk.facts, input, walk.now);
      walk.point = next.point;
      for (const Visit& visit : next.visits) {
        if (const Value* list = visit.inputs.get("items"))
          items[visit.step + "#" + std::to_string(visit.iteration)] = *list;
        visits.push_back(visit);
      }
      if (const auto* act = std::get_if<Act>(&next.next)) {
        const std::string text = act->step->id + "#" + std::to_string(act->iteration) + write_json(act->inputs);
        log += text + " ";
        if (fails.count(text) == 0) {
          visits.push_back({act->step->id, act->iteration, "use", Visit::State::done, {}, act->inputs, {}, {}});
          input = StepDone{};
        } else {
          input = StepFailed{"refused", "the vendor refuses"};
        }
      } else if (const auto* sleep = std::get_if<Sleep>(&next.next)) {
        log += "+" + std::to_string((sleep->until_ms - walk.now) / kMinute) + "m ";
        walk.now = sleep->until_ms;
        input = TimerFired{};
      } else {
        return brief(next);
      }
    }
    return "endless";
  }

  [[nodiscard]] std::string result(const std::string& step) const {
    for (const Visit& visit : visits)
      if (visit.step == step && visit.state != Visit::State::opened)
        return (visit.state == Visit::State::done ? "done " : "failed ") + write_json(visit.output);
    return "";
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_loops)

BOOST_AUTO_TEST_CASE(for_each_takes_each_item_once_and_tells_what_became_of_it) {
  Player play(
      "- {id: items, for_each: 'trigger.items', do: [{id: a, use: x.y, with: {n: '{{ item.n }}', i: '{{ loop.number "
      "}}/{{ loop.count }}'}}]}\n- {id: z, use: x.y, with: {f: '{{ steps.items.failed }}'}}\n",
      R"({"items":[{"n":1},{"n":2},{"n":3}]})");
  play.fails = {R"(a#1{"n":2,"i":"2/3"})"};
  BOOST_CHECK_EQUAL(play.play(), "finished");
  BOOST_CHECK_EQUAL(play.log, R"(a#0{"n":1,"i":"1/3"} a#1{"n":2,"i":"2/3"} a#2{"n":3,"i":"3/3"} z#0{"f":1} )");
  BOOST_CHECK_EQUAL(
      play.result("items"),
      R"(failed {"count":3,"done":2,"failed":1,"results":[{"index":0,"status":"done"},{"index":1,"status":"failed","error":{"code":"refused","message":"the vendor refuses"}},{"index":2,"status":"done"}]})");
}

BOOST_AUTO_TEST_CASE(an_item_that_fails_stops_the_run_where_the_recipe_says_so) {
  Player play(
      "- {id: items, for_each: 'trigger.items', on_item_error: stop, do: [{id: a, use: x.y, with: {n: '{{ item "
      "}}'}}]}\n",
      R"({"items":[1,2,3]})");
  play.fails = {R"(a#1{"n":2})"};
  BOOST_CHECK_EQUAL(play.play(), "failed refused: the vendor refuses");
  BOOST_CHECK_EQUAL(play.log, R"(a#0{"n":1} a#1{"n":2} )");
}

BOOST_AUTO_TEST_CASE(an_empty_list_and_a_list_too_long_and_no_list) {
  const char* steps = "- {id: items, for_each: 'trigger.items', max: 2, do: [{id: a, use: x.y}]}\n";
  Player none(steps, R"({"items":[]})");
  BOOST_CHECK_EQUAL(none.play(), "finished");
  BOOST_CHECK_EQUAL(none.result("items"), R"(done {"count":0,"done":0,"failed":0,"results":[]})");
  Player many(steps, R"({"items":[1,2,3]})");
  BOOST_CHECK(many.play().starts_with("failed too_many_items: line 4, `for_each`: 3 items, and `max` is 2"));
  Player text(steps, R"({"items":"a"})");
  BOOST_CHECK(text.play().starts_with("failed expression_failed: line 4, `for_each`: the result is no list"));
}

BOOST_AUTO_TEST_CASE(loops_inside_loops_number_their_passes_apart) {
  Player play(
      "- {id: o, for_each: 'trigger.o', as: row, max: 3, do: [{id: i, for_each: 'row', max: 4, do: [{id: a, use: x.y, "
      "with: {v: '{{ item }}'}}]}, {id: b, use: x.y, with: {c: '{{ steps.i.count }}'}}]}\n",
      R"({"o":[["a","b"],["c"]]})");
  BOOST_CHECK_EQUAL(play.play(), "finished");
  BOOST_CHECK_EQUAL(play.log, R"(a#0{"v":"a"} a#1{"v":"b"} b#0{"c":2} a#4{"v":"c"} b#1{"c":1} )");
}

BOOST_AUTO_TEST_CASE(a_step_of_a_pass_before_is_not_seen_in_this_one) {
  Player play(
      "- {id: items, for_each: 'trigger.items', do: [{if: 'item == 1', then: [{id: a, use: x.y}]}, {id: b, use: x.y, "
      "with: {seen: '{{ has(steps.a) }}'}}]}\n- {id: z, use: x.y, with: {seen: '{{ has(steps.a) }}'}}\n",
      R"({"items":[1,2]})");
  BOOST_CHECK_EQUAL(play.play(), "finished");
  BOOST_CHECK_EQUAL(play.log, R"(a#0{} b#0{"seen":true} b#1{"seen":false} z#0{"seen":true} )");
}

BOOST_AUTO_TEST_CASE(repeat_pauses_between_passes_and_ends_by_until_or_max) {
  Player play("- {id: nag, repeat: {max: 3, every: 48h}, do: [{id: a, use: x.y, with: {n: '{{ loop.number }}'}}]}\n",
              "{}");
  BOOST_CHECK_EQUAL(play.play(), "finished");
  BOOST_CHECK_EQUAL(play.log, R"(a#0{"n":1} +2880m a#1{"n":2} +2880m a#2{"n":3} )");
  BOOST_CHECK_EQUAL(play.result("nag"), R"(done {"passes":3,"until":false})");
  Player until("- {id: nag, repeat: {max: 9, until: 'loop.index == 2'}, do: [{id: a, use: x.y}]}\n", "{}");
  BOOST_CHECK_EQUAL(until.play(), "finished");
  BOOST_CHECK_EQUAL(until.log, "a#0{} a#1{} ");
  BOOST_CHECK_EQUAL(until.result("nag"), R"(done {"passes":2,"until":true})");
}

BOOST_AUTO_TEST_CASE(the_first_case_that_is_true_is_taken) {
  const char* steps =
      "- switch: [{if: 'trigger.n > 10', then: [{stop: big}]}, {if: 'trigger.n > 5', then: [{stop: middle}]}, {else: "
      "[{stop: small}]}]\n";
  BOOST_CHECK_EQUAL(Player(steps, R"({"n":11})").play(), "stopped big");
  BOOST_CHECK_EQUAL(Player(steps, R"({"n":6})").play(), "stopped middle");
  BOOST_CHECK_EQUAL(Player(steps, R"({"n":1})").play(), "stopped small");
  BOOST_CHECK_EQUAL(Player("- switch: [{if: 'false', then: [{stop: no}]}]\n", "{}").play(), "finished");
}

BOOST_AUTO_TEST_CASE(a_split_is_stable_and_keeps_its_weights) {
  const auto code = program(
      "- {id: s, split: exp-1, variants: [{id: a, weight: 45, do: [{stop: a}]}, {id: b, weight: 45, do: [{stop: b}]}, "
      "{id: control, weight: 10}]}\n");
  std::map<std::string, int> counts;
  for (int i = 0; i < 5000; ++i) {
    Walker walk(code);
    walk.facts.split_key = "customer " + std::to_string(i);
    const Transition next = decide(*code, {}, walk.facts, Begin{}, walk.now);
    BOOST_REQUIRE_EQUAL(next.visits.size(), 1u);
    const std::string variant = next.visits[0].output.text("variant");
    ++counts[variant];
    BOOST_REQUIRE_EQUAL(brief(next), variant == "control" ? "finished" : "stopped " + variant);
    walk.now += kDay;
    BOOST_REQUIRE_EQUAL(decide(*code, {}, walk.facts, Begin{}, walk.now).visits[0].output.text("variant"), variant);
  }
  // Binomial: four standard deviations around the weight.
  BOOST_CHECK(counts["a"] > 2110 && counts["a"] < 2390);
  BOOST_CHECK(counts["b"] > 2110 && counts["b"] < 2390);
  BOOST_CHECK(counts["control"] > 415 && counts["control"] < 585);
}

BOOST_AUTO_TEST_CASE(what_nobody_handles_goes_to_the_recipes_own_on_error_and_fails_then) {
  Player play("- {id: a, use: x.y}\n- {id: never, use: x.y}\n", "{}",
              "on_error:\n  - {id: tell, use: x.y, with: {t: '{{ error.step }} {{ error.code }}'}}\n");
  play.fails = {"a#0{}"};
  BOOST_CHECK_EQUAL(play.play(), "failed refused: the vendor refuses");
  BOOST_CHECK_EQUAL(play.log, R"(a#0{} tell#0{"t":"a refused"} )");
  Player both("- {id: a, use: x.y}\n", "{}", "on_error:\n  - {id: tell, use: x.y}\n");
  both.fails = {"a#0{}", "tell#0{}"};
  BOOST_CHECK_EQUAL(both.play(), "failed refused: the vendor refuses");
  BOOST_CHECK_EQUAL(both.log, "a#0{} tell#0{} ");
}

BOOST_AUTO_TEST_CASE(a_step_of_a_loop_with_its_own_on_error_goes_on_behind_it) {
  Player play(
      "- {id: items, for_each: 'trigger.items', do: [{id: a, use: x.y, with: {n: '{{ item }}'}, on_error: [{id: e, "
      "use: x.y, with: {m: '{{ error.code }} {{ item }}'}}]}, {id: b, use: x.y}]}\n",
      R"({"items":[1,2]})");
  play.fails = {R"(a#0{"n":1})"};
  BOOST_CHECK_EQUAL(play.play(), "finished");
  BOOST_CHECK_EQUAL(play.log, R"(a#0{"n":1} e#0{"m":"refused 1"} b#0{} a#1{"n":2} b#1{} )");
  BOOST_CHECK(play.result("items").starts_with("done"));
}

BOOST_AUTO_TEST_CASE(keep_while_is_judged_before_each_action) {
  const char* steps = "- {id: a, use: x.y}\n- set: {stop: true}\n- {id: b, use: x.y}\n";
  Player play(steps, "{}", "keep_while: '!has(vars.stop)'\n");
  BOOST_CHECK_EQUAL(play.play(), "exited keep_while");
  BOOST_CHECK_EQUAL(play.log, "a#0{} ");
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_left_by_a_stop_is_closed) {
  Player play(
      "- {id: items, for_each: 'trigger.items', do: [{if: 'item == 2', then: [{stop: enough}]}, {id: a, use: x.y}]}\n",
      R"({"items":[1,2,3]})");
  BOOST_CHECK_EQUAL(play.play(), "stopped enough");
  BOOST_CHECK(play.result("items").starts_with(R"(failed {"passes":1,)"));
  BOOST_CHECK(play.walk.point.frames.is_null());
}

BOOST_AUTO_TEST_CASE(wait_for_listens_until_an_event_or_its_time) {
  const char* steps =
      "- {id: w, wait_for: [{event: link_clicked, then: [{stop: clicked}]}, {event: order_created, match: "
      "{event.token: trigger.token}, then: [{id: a, use: x.y, with: {n: '{{ steps.w.event.no }}'}}]}], timeout: 5h, "
      "on_timeout: [{stop: nobody}]}\n";
  Walker walk(program(steps), value(R"({"token":"t1"})"));
  BOOST_CHECK_EQUAL(walk.begin(), R"(listen until 2026-03-02T05:00:00Z for order_created ["event.token"]["t1"])");
  const std::vector<std::string> names{"order_created", "shopify/orders/create"};
  const Value order = value(R"({"token":"t1","no":7})");
  Told told{&names, "", &order, walk.now, INT64_MAX, false, {{R"(["event.token"])", R"(["t1"])"}}};
  const auto came = awaited(*walk.code, walk.point, walk.facts, told, walk.now);
  BOOST_REQUIRE(came);
  BOOST_CHECK_EQUAL(came->index, 1u);
  BOOST_CHECK_EQUAL(brief(decide(*walk.code, walk.point, walk.facts, *came, walk.now)), R"(act a {"n":7})");
  BOOST_CHECK_EQUAL(brief(decide(*walk.code, walk.point, walk.facts, TimerFired{}, walk.now)), "stopped nobody");
  // By customer it is another's event; under another key it is another cart's; before the wait it is none.
  told.by_customer = true;
  told.keys.clear();
  BOOST_CHECK(!awaited(*walk.code, walk.point, walk.facts, told, walk.now));
  const std::vector<std::string> clicked{"link_clicked"};
  told.names = &clicked;
  BOOST_CHECK_EQUAL(awaited(*walk.code, walk.point, walk.facts, told, walk.now)->index, 0u);
  told.at_ms -= 1;
  BOOST_CHECK(!awaited(*walk.code, walk.point, walk.facts, told, walk.now));
}

BOOST_AUTO_TEST_CASE(what_named_a_step_counts_although_it_came_before_the_wait) {
  Walker walk(
      program("- {id: push, use: x.y}\n- wait: 1h\n- {id: w, wait_for: {event: link_clicked, step: push}, timeout: 5h, "
              "then: [{stop: clicked}]}\n"));
  walk.facts.told = [](const std::string& event, std::string_view step, std::string_view) -> std::optional<Value> {
    BOOST_CHECK_EQUAL(event, "link_clicked");
    BOOST_CHECK_EQUAL(step, "push");
    return value(R"({"link":"cart"})");
  };
  walk.point.at_step = "step2";
  BOOST_CHECK_EQUAL(brief(decide(*walk.code, walk.point, walk.facts, TimerFired{}, walk.now)), "stopped clicked");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace ieum::engine_test
