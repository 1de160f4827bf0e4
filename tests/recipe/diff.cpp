// The diff tells meaning and not layout: each kind of change, in words; and a move of runs is allowed only where the run
// finds its place and all that it reads.
#include "recipe/diff.hpp"

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "recipe/move.hpp"
#include "recipe/reading.hpp"

using namespace ieum;
using namespace ieum::recipe;
using namespace ieum::recipe_test;

namespace {

RecipeDiff diff_of(std::string_view before, std::string_view after) {
  auto diff = diff_recipes(before, Format::yaml, after, Format::yaml);
  BOOST_REQUIRE_MESSAGE(!diff.has_error(), diff.error().text());
  return std::move(*diff);
}

std::string told(std::string_view before, std::string_view after) { return diff_text(diff_of(before, after)); }
std::string steps_told(std::string_view before, std::string_view after) {
  return told(with_steps(before), with_steps(after));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::shared_ptr<const Program> program(std::string_view text) {
  ReadOutcome read = yaml(text);
  BOOST_REQUIRE_MESSAGE(read.recipe, full(read.findings));
  return compile(std::move(*read.recipe));
}

std::string why_not(std::string_view before, std::string_view after, std::string_view at) {
  const MoveVerdict verdict = can_move(*program(with_steps(before)), *program(with_steps(after)), at);
  BOOST_CHECK_EQUAL(verdict.can, verdict.reason.empty());
  return verdict.reason;
}

constexpr std::string_view kThree =
    "  - {id: a, wait: 1m}\n"
    "  - {id: b, use: slack.message.post, with: {text: hello}}\n"
    "  - {id: c, stop: done}\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_diff)

BOOST_AUTO_TEST_CASE(layout_quotes_comments_and_the_order_of_keys_do_not_count) {
  const std::string_view same =
      "# other comment\nsteps:\n- wait: '1m'   # half\n  id: a\n- with:\n    text: \"hello\"\n  use: "
      "slack.message.post\n"
      "  id: b\n- {id: c, stop: done}\ntrigger:\n  event: order_created\nrecipe: r\n";
  BOOST_CHECK_EQUAL(told(with_steps(kThree), same), "");
  BOOST_CHECK(diff_of(with_steps(kThree), same).empty());
  const std::string_view in_json =
      R"({"recipe": "r", "trigger": {"event": "order_created"}, "steps": [{"id": "a", "wait": "1m"},
          {"id": "b", "use": "slack.message.post", "with": {"text": "hello"}}, {"id": "c", "stop": "done"}]})";
  const auto diff = diff_recipes(with_steps(kThree), Format::yaml, in_json, Format::json);
  BOOST_REQUIRE(diff);
  BOOST_CHECK(diff->empty());
}

BOOST_AUTO_TEST_CASE(header_keys_are_told_where_they_differ) {
  const std::string before(kWhole);
  BOOST_CHECK_EQUAL(told(before, replaced(before, "cap: {max: 1, per: 7d}", "cap: {max: 2, per: 7d}")),
                    "~ entry.cap.max: 1 -> 2\n");
  BOOST_CHECK_EQUAL(told(before, replaced(before, "topic: promo\n", "")), "- topic: no longer \"promo\"\n");
  BOOST_CHECK_EQUAL(told(replaced(before, "topic: promo\n", ""), before), "+ topic: now \"promo\"\n");
  BOOST_CHECK_EQUAL(told(before, replaced(before, "event: order_created, where", "event: order_paid, where")),
                    "~ exit_on[0].event: \"order_created\" -> \"order_paid\"\n");
  BOOST_CHECK_EQUAL(told(before, replaced(before, "expect: {sent: []}", "expect: {sent: [], runs: 0}")),
                    "~ test \"pays, so nothing is sent\"\n");
  BOOST_CHECK_EQUAL(told(before, replaced(before, "name: pays,", "name: buys,")),
                    "+ test \"buys, so nothing is sent\"\n- test \"pays, so nothing is sent\"\n");
}

BOOST_AUTO_TEST_CASE(a_long_value_is_cut_around_what_differs) {
  const std::string lead(200, 'x');
  const std::string text = steps_told("  - {id: b, use: a.b, with: {text: " + lead + "가나다}}\n",
                                      "  - {id: b, use: a.b, with: {text: " + lead + "가라다}}\n");
  BOOST_CHECK_EQUAL(text, "~ step b (use a.b): with.text …xxxxxxxxxxxxxxxxxx가나다\" -> …xxxxxxxxxxxxxxxxxx가라다\"\n");
}

BOOST_AUTO_TEST_CASE(steps_are_added_removed_changed_and_moved) {
  BOOST_CHECK_EQUAL(steps_told(kThree,
                               "  - {id: a, wait: 1m}\n  - {id: b, use: slack.message.post, with: {text: bye}}\n"
                               "  - {id: c, stop: done}\n"),
                    "~ step b (use slack.message.post): with.text \"hello\" -> \"bye\"\n");
  BOOST_CHECK_EQUAL(steps_told(kThree,
                               "  - {id: a, wait: 1m}\n  - {id: new, wait: {days: 1}}\n"
                               "  - {id: b, use: slack.message.post, with: {text: hello}}\n"
                               "  - {id: c, stop: done}\n"),
                    "+ step new (wait {\"days\":1}) in steps, behind a\n");
  BOOST_CHECK_EQUAL(steps_told(kThree,
                               "  - {id: b, use: slack.message.post, with: {text: hello}}\n"
                               "  - {id: c, stop: done}\n"),
                    "- step a (wait 1m) from steps, first\n");
  BOOST_CHECK_EQUAL(steps_told(kThree,
                               "  - {id: b, use: slack.message.post, with: {text: hello}}\n"
                               "  - {id: c, stop: done}\n  - {id: a, wait: 1m}\n"),
                    "> step a (wait 1m) moved: steps, first -> steps, behind c\n");
  BOOST_CHECK_EQUAL(steps_told(kThree,
                               "  - {id: a, wait: 1m}\n  - id: d\n    if: 'true'\n    then:\n"
                               "      - {id: b, use: slack.message.post, connection: team, with: {text: hello}}\n"
                               "  - {id: c, stop: done}\n"),
                    "+ step d (if true) in steps, behind a\n"
                    "> step b (use slack.message.post) moved: steps, behind a -> then of d, first\n"
                    "~ step b (use slack.message.post): connection now \"team\"\n");
}

BOOST_AUTO_TEST_CASE(a_step_of_another_verb_is_a_change_of_its_keys) {
  BOOST_CHECK_EQUAL(steps_told("  - {id: a, wait: 1m}\n", "  - {id: a, stop: done}\n"),
                    "~ step a (stop done): wait no longer \"1m\"; stop now \"done\"\n");
}

BOOST_AUTO_TEST_CASE(steps_inside_do_not_count_for_the_step_around_them) {
  BOOST_CHECK_EQUAL(
      steps_told("  - id: a\n    if: 'true'\n    then: [{id: x, wait: 1m}]\n    else: [{id: y, wait: 2m}]\n",
                 "  - id: a\n    if: 'false'\n    then: [{id: y, wait: 2m}]\n    else: [{id: x, wait: 3m}]\n"),
      "~ step a (if false): if \"true\" -> \"false\"\n"
      "> step y (wait 2m) moved: else of a, first -> then of a, first\n"
      "> step x (wait 3m) moved: then of a, first -> else of a, first\n"
      "~ step x (wait 3m): wait \"1m\" -> \"3m\"\n");
}

BOOST_AUTO_TEST_CASE(branches_in_lists_are_found_again_when_their_order_changes) {
  BOOST_CHECK_EQUAL(
      steps_told(
          "  - id: s\n    switch:\n      - {if: 'a', then: [{id: x, wait: 1m}]}\n      - {else: [{id: z, stop: e}]}\n",
          "  - id: s\n    switch:\n      - {if: 'b', then: [{id: y, wait: 1m}]}\n"
          "      - {if: 'a', then: [{id: x, wait: 1m}]}\n      - {else: [{id: z, stop: e}]}\n"),
      "~ step s (switch): switch [{\"if\":\"a\"},{}] -> [{\"if\":\"b\"},{\"if\":\"a\"},{}]\n"
      "+ step y (wait 1m) in case 1 of s, first\n");
  BOOST_CHECK_EQUAL(steps_told("  - id: s\n    split: e\n    variants:\n      - {id: a, weight: 1, do: [{id: x, wait: "
                               "1m}]}\n      - {id: b}\n",
                               "  - id: s\n    split: e\n    variants:\n      - {id: a, weight: 3, do: [{id: x, wait: "
                               "2m}]}\n      - {id: b}\n"),
                    "~ step s (split e): variants[0].weight 1 -> 3\n"
                    "~ step x (wait 2m): wait \"1m\" -> \"2m\"\n");
  BOOST_CHECK_EQUAL(
      steps_told("  - id: w\n    wait_for: [{event: a_b, then: [{id: x, wait: 1m}]}, {event: c_d}]\n    timeout: 1h\n",
                 "  - id: w\n    wait_for: [{event: a_b}, {event: c_d, then: [{id: x, wait: 1m}]}]\n    timeout: 2h\n"),
      "~ step w (wait_for): timeout \"1h\" -> \"2h\"\n"
      "> step x (wait 1m) moved: event 1 of w, first -> event 2 of w, first\n");
}

BOOST_AUTO_TEST_CASE(steps_without_ids_are_known_by_what_they_do) {
  const RecipeDiff diff =
      diff_of(with_steps("  - wait: 1m\n  - use: a.b\n  - wait: 2m\n"),
              with_steps("  - use: a.b\n    class: info\n  - wait: 3m\n  - stop: x\n  - wait: 1m\n"));
  BOOST_CHECK_EQUAL(diff_text(diff),
                    "~ step step1 (use a.b): class now \"info\"\n"
                    "~ step step2 (wait 3m): wait \"2m\" -> \"3m\"\n"
                    "+ step step3 (stop x) in steps, behind step2\n"
                    "> step step4 (wait 1m) moved: steps, first -> steps, behind step3\n"
                    "= step step2 is now step step1\n= step step3 is now step step2\n= step step1 is now step step4\n");
  // Ids that a waiting run may stand at, and that mean another step now or none.
  BOOST_CHECK(diff.gone().empty());
  BOOST_CHECK_EQUAL(diff_of(with_steps(kThree), with_steps("  - {id: a, wait: 1m}\n")).gone().size(), 2u);
}

BOOST_AUTO_TEST_CASE(the_value_says_the_same_for_programs) {
  BOOST_CHECK_EQUAL(
      write_json(
          diff_value(diff_of(with_steps(kThree), with_steps("  - {id: a, wait: 2m}\n  - {id: c, stop: done}\n")))),
      R"({"changes":[{"kind":"changed","step":"a","what":"wait 2m","from":"steps, first","to":"steps, first",)"
      R"("keys":[{"path":"wait","before":"1m","after":"2m"}]},)"
      R"({"kind":"removed","step":"b","what":"use slack.message.post","from":"steps, behind a"}],)"
      R"("renamed":[],"gone":["b"]})");
}

BOOST_AUTO_TEST_CASE(what_is_no_recipe_is_refused_with_its_place) {
  const auto diff = diff_recipes(with_steps(kThree), Format::yaml, "recipe: r\nsteps: [&a b]\n", Format::yaml);
  BOOST_REQUIRE(diff.has_error());
  BOOST_CHECK_EQUAL(diff.error().code, "unreadable_recipe");
  BOOST_CHECK_EQUAL(diff.error().place, "2:9");
  BOOST_CHECK(diff_recipes("- a", Format::yaml, "{}", Format::json).has_error());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(recipe_move)

BOOST_AUTO_TEST_CASE(a_run_at_a_named_step_goes_on_whatever_changed_around_it) {
  BOOST_CHECK_EQUAL(why_not(kThree, "  - {id: z, wait: 9m}\n  - {id: a, wait: 2m}\n  - {id: c, stop: other}\n", "a"),
                    "");
  BOOST_CHECK_EQUAL(why_not(kThree, kThree, "step1"), "the run's version has no step \"step1\"");
}

BOOST_AUTO_TEST_CASE(a_step_that_is_gone_or_of_another_sort_keeps_the_run) {
  BOOST_CHECK_EQUAL(why_not(kThree, "  - {id: c, stop: done}\n", "a"), "the new version has no step \"a\"");
  BOOST_CHECK_EQUAL(why_not(kThree, "  - {id: a, stop: done}\n", "a"), "step \"a\" was a wait and is a stop");
  BOOST_CHECK_EQUAL(why_not(kThree, "  - {id: b, use: slack.message.update}\n", "b"),
                    "step \"b\" was slack.message.post over slack and is slack.message.update over slack");
}

BOOST_AUTO_TEST_CASE(a_made_up_id_holds_only_while_all_before_it_is_the_same) {
  constexpr std::string_view kBefore = "  - {id: a, use: a.b}\n  - wait: 1m\n  - stop: x\n";
  BOOST_CHECK_EQUAL(
      why_not(kBefore, "  - {id: a, use: a.b, class: info}\n  - wait: 2m\n  - {id: n, wait: 1m}\n", "step2"), "");
  BOOST_CHECK_EQUAL(why_not(kBefore, "  - {id: n, use: a.b}\n  - wait: 1m\n  - stop: x\n", "step2"),
                    "step \"step2\" has no id of its own, and the steps before it are others now");
}

BOOST_AUTO_TEST_CASE(a_run_never_reads_what_it_cannot_have) {
  constexpr std::string_view kBefore = "  - {id: a, wait: 1m}\n  - {id: c, stop: done}\n";
  BOOST_CHECK_EQUAL(why_not(kBefore,
                            "  - {id: n, use: x.y}\n  - {id: a, wait: 1m}\n"
                            "  - {id: b, use: x.z, with: {t: '{{ steps.n.output.ts }}'}}\n",
                            "a"),
                    "step \"b\" reads steps.n, which this run has not done and will not do");
  // Guarded, or done after the place of the run, it is all right.
  BOOST_CHECK_EQUAL(why_not(kBefore,
                            "  - {id: n, use: x.y}\n  - {id: a, wait: 1m}\n"
                            "  - {id: b, use: x.z, with: {t: \"{{ steps.n.output.ts | or('') }}\"}}\n",
                            "a"),
                    "");
  BOOST_CHECK_EQUAL(why_not(kBefore,
                            "  - {id: a, wait: 1m}\n  - {id: n, use: x.y}\n"
                            "  - {id: b, use: x.z, with: {t: '{{ steps.n.output.ts }}'}}\n",
                            "a"),
                    "");
  BOOST_CHECK_EQUAL(
      why_not(kBefore, "  - set: {v: 1}\n  - {id: a, wait: 1m}\n  - {id: b, use: x.z, with: {t: '{{ vars.v }}'}}\n",
              "a"),
      "step \"b\" reads vars.v, which this run has not set");
  BOOST_CHECK_EQUAL(why_not("  - {id: n, wait: 1m}\n  - {id: a, wait: 1m}\n",
                            "  - {id: n, use: x.y}\n  - {id: a, wait: 1m}\n"
                            "  - {id: b, use: x.z, with: {t: '{{ steps.n.output.ts }}'}}\n",
                            "a"),
                    "step \"b\" reads steps.n, which was a wait when this run did it");
}

BOOST_AUTO_TEST_CASE(another_trigger_keeps_runs_that_read_it) {
  const std::string reads = with_steps("  - {id: a, wait: 1m}\n  - {id: b, use: x.z, with: {t: '{{ trigger.id }}'}}\n");
  const std::string blind = with_steps("  - {id: a, wait: 1m}\n");
  const auto other = [](std::string text) { return replaced(std::move(text), "order_created", "order_paid"); };
  BOOST_CHECK(!can_move(*program(reads), *program(other(reads)), "a").can);
  BOOST_CHECK(can_move(*program(reads), *program(reads), "a").can);
  BOOST_CHECK(can_move(*program(blind), *program(other(blind)), "a").can);
}

BOOST_AUTO_TEST_CASE(no_step_comes_twice_under_one_key) {
  constexpr std::string_view kSend = "  - {id: s, use: a.b}\n", kWait = "  - {id: w, wait: 1m}\n";
  const std::string sent = std::string(kSend) + std::string(kWait), unsent = std::string(kWait) + std::string(kSend);
  BOOST_CHECK_EQUAL(why_not(sent, unsent, "w"), "step \"s\" would come again, and this run may have done it");
  BOOST_CHECK_EQUAL(why_not(unsent, sent, "w"), "");
  // On the other branch it was not done.
  BOOST_CHECK_EQUAL(
      why_not("  - if: 'true'\n    then:\n    - {id: w, wait: 1m}\n    else:\n    - {id: s, use: a.b}\n", unsent, "w"),
      "");
  // A made-up id is a key as well.
  BOOST_CHECK_EQUAL(
      why_not("  - {id: a, wait: 1m}\n  - use: a.b\n" + std::string(kWait), std::string(kWait) + "  - use: a.c\n", "w"),
      "step \"step2\" would come again, and this run may have done it");
  const auto loops = [](const char* max) {
    return "  - id: o\n    repeat: {max: 3}\n    do:\n    - {id: w, wait: 1m}\n    - id: i\n      repeat: {max: " +
           std::string(max) + "}\n      do: [{id: s, use: a.b}]\n";
  };
  BOOST_CHECK_EQUAL(why_not(loops("4"), loops("5"), "w"),
                    "loop \"i\" has another `max`, by which passes inside a loop are counted");
  BOOST_CHECK_EQUAL(why_not(loops("4"), loops("4"), "w"), "");
}

BOOST_AUTO_TEST_CASE(steps_that_are_gone_are_named_in_order) {
  const auto gone = steps_gone(*program(with_steps(kThree)), *program(with_steps("  - {id: b, wait: 1m}\n")));
  const std::vector<std::string> wanted = {"a", "c"};
  BOOST_CHECK_EQUAL_COLLECTIONS(gone.begin(), gone.end(), wanted.begin(), wanted.end());
}

BOOST_AUTO_TEST_SUITE_END()
