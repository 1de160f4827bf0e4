// Versions of a recipe in a running hub: the plan changes nothing, apply is all or nothing, and a run moves only where it
// finds its place, with what it waits for.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using runtime::RecipeText;
using runtime::RunsBecome;
using store::RunState;

namespace {

std::vector<RecipeText> texts(const std::vector<std::string>& sources) {
  std::vector<RecipeText> list;
  for (const auto& source : sources)
    list.push_back({source, recipe::Format::yaml, "r" + std::to_string(list.size() + 1) + ".yaml"});
  return list;
}

runtime::AppliedRecipes applied(TestHub& hub, const std::vector<std::string>& sources, RunsBecome runs) {
  auto result = hub.hub->apply_recipes(texts(sources), runs);
  BOOST_REQUIRE_MESSAGE(result.has_value(), result.error().text());
  return std::move(*result);
}

Value planned(TestHub& hub, const std::vector<std::string>& sources) {
  auto plan = hub.hub->plan_recipes(texts(sources));
  BOOST_REQUIRE_MESSAGE(plan.has_value(), plan.error().text());
  return std::move(*plan);
}

const Value& at(const Value& value, const std::string& path) {
  const auto* found = value.at_path(path);
  BOOST_REQUIRE_MESSAGE(found != nullptr, path + " of " + write_json(value));
  return *found;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto where = text.find(from);
  BOOST_REQUIRE(where != std::string::npos);
  return text.replace(where, from.size(), to);
}

std::vector<std::string> sent(const TestHub& hub) {
  std::vector<std::string> found;
  for (const auto& [key, text] : hub.vendor.messages) found.push_back(text);
  return found;
}
void check_sent(const TestHub& hub, const std::vector<std::string>& expected) {
  const auto found = sent(hub);
  BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), expected.begin(), expected.end());
}

std::string with_steps(const std::string& steps) { return "recipe: r\ntrigger: {event: acme/note}\nsteps:\n" + steps; }
std::string say(const std::string& id, const std::string& text) {
  return "  - {id: " + id + ", use: acme.put, connection: shop, with: {text: \"" + text + "\"}}\n";
}
const std::string kWait = "  - {id: w, wait: 1h}\n";
const std::string kOld = with_steps(kWait + say("s", "old {{ trigger.text }}"));
const std::string kNew = with_steps(kWait + say("s", "new {{ trigger.text }}"));
const std::string kGone = with_steps("  - {id: other, wait: 1h}\n" + say("s", "other"));

const std::string kByKey = R"yaml(recipe: k
trigger: {event: checkout_started}
entry: {mode: after_exit, key: event.token}
steps:
  - id: w
    wait_for: {event: order_created, match: {event.token: trigger.token}}
    timeout: 1d
    then: [{id: paid, use: acme.put, connection: shop, with: {text: "paid {{ trigger.token }}"}}]
)yaml";

}  // namespace

BOOST_AUTO_TEST_SUITE(versions)

BOOST_AUTO_TEST_CASE(a_run_stays_on_its_version_unless_it_is_asked_to_move) {
  TestHub hub;
  hub.apply(kOld);
  hub.deliver("note", R"({"text":"a"})");
  applied(hub, {kNew}, RunsBecome::stay);
  hub.deliver("note", R"({"text":"b"})");
  hub.run_until(kMonday + kHour);
  check_sent(hub, {"old a", "new b"});
}

BOOST_AUTO_TEST_CASE(a_run_in_a_wait_moves_and_keeps_its_end) {
  TestHub hub;
  hub.apply(kOld);
  hub.deliver("note", R"({"text":"a"})");
  const auto result = applied(hub, {replaced(kNew, "wait: 1h", "wait: 5h")}, RunsBecome::move);
  BOOST_TEST(result.runs.moved == 1);
  BOOST_TEST(result.runs.stayed == 0);
  BOOST_TEST(hub.only_run().version == result.recipes[0].version);
  BOOST_TEST(hub.only_run().due_ms.value() == kMonday + kHour);
  hub.crash();
  hub.start();
  hub.run_until(kMonday + kHour);
  check_sent(hub, {"new a"});
}

BOOST_AUTO_TEST_CASE(a_run_whose_place_is_gone_stays_and_the_reason_is_told) {
  TestHub hub;
  hub.apply(kOld);
  hub.deliver("note", R"({"text":"a"})");
  const auto result = applied(hub, {kGone}, RunsBecome::move);
  BOOST_TEST(result.runs.moved == 0);
  BOOST_REQUIRE_EQUAL(result.runs.why.size(), 1u);
  BOOST_TEST(result.runs.why[0].why == "the new version has no step \"w\"");
  BOOST_TEST(result.runs.why[0].step == "w");
  BOOST_TEST(result.runs.why[0].count == 1);
  BOOST_TEST(result.runs.why[0].runs.front() == hub.only_run().id);
  const auto moved = hub.hub->move_run(hub.only_run().id, 0);
  BOOST_REQUIRE(moved.has_error());
  BOOST_TEST(moved.error().code == "cannot_move");
  hub.run_until(kMonday + kHour);
  check_sent(hub, {"old a"});
  BOOST_TEST(hub.hub->move_run(hub.only_run().id, 0).error().code == "run_ended");
}

BOOST_AUTO_TEST_CASE(cancel_ends_the_runs_of_older_versions_alone) {
  TestHub hub;
  hub.apply(kOld);
  hub.deliver("note", R"({"text":"a"})");
  applied(hub, {kNew}, RunsBecome::stay);
  hub.deliver("note", R"({"text":"b"})");
  const auto result = applied(hub, {kNew}, RunsBecome::cancel);
  BOOST_TEST(!result.recipes[0].changed);
  BOOST_TEST(result.runs.cancelled == 1);
  BOOST_TEST((hub.runs()[0].state == RunState::cancelled));
  hub.run_until(kMonday + kHour);
  check_sent(hub, {"new b"});
}

BOOST_AUTO_TEST_CASE(one_bad_recipe_keeps_all_from_being_applied) {
  TestHub hub;
  hub.apply(kOld);
  const auto before = hub.hub->recipes();
  const std::string other = replaced(kOld, "recipe: r", "recipe: other");
  for (const std::string& bad : {replaced(other, "acme.put", "acme.putt"), std::string("recipe: x\n"), kNew}) {
    const auto result = hub.hub->apply_recipes(texts({kNew, other, bad}), RunsBecome::move);
    BOOST_REQUIRE(result.has_error());
    BOOST_TEST(result.error().code == "recipe_invalid");
    BOOST_TEST(result.error().what.find("r3.yaml:") != std::string::npos);
    BOOST_TEST((hub.hub->recipes() == before));
    hub.crash();
    hub.start();
    BOOST_TEST((hub.hub->recipes() == before));
  }
  const auto result = applied(hub, {kNew, other}, RunsBecome::stay);
  BOOST_TEST(result.recipes.size() == 2u);
  BOOST_TEST(hub.hub->recipes().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_move_that_a_crash_cut_off_is_taken_up_by_asking_again) {
  TestHub hub;
  hub.apply(kOld);
  for (const char* text : {"a", "b", "c"}) hub.deliver("note", R"({"text":")" + std::string(text) + "\"}");
  // The recipes are committed before the first run moves: so a crash in between leaves runs that stayed.
  applied(hub, {kNew}, RunsBecome::stay);
  BOOST_REQUIRE(hub.hub->move_run(hub.runs()[1].id, 0).has_value());
  hub.crash();
  hub.start();
  const auto result = applied(hub, {kNew}, RunsBecome::move);
  BOOST_TEST(!result.recipes[0].changed);
  BOOST_TEST(result.runs.moved == 2);
  hub.run_until(kMonday + kHour);
  check_sent(hub, {"new a", "new b", "new c"});
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_for_an_event_by_key_is_still_found) {
  TestHub hub;
  hub.apply(kByKey);
  for (const char* token : {"t1", "t2"}) hub.deliver("checkouts/create", R"({"token":")" + std::string(token) + "\"}");
  const auto changed = replaced(kByKey, "paid {{", "thanks {{");
  const auto exits =
      replaced(changed, "steps:", "exit_on: [{event: link_clicked, match: {event.link: trigger.token}}]\nsteps:");
  BOOST_TEST(applied(hub, {exits}, RunsBecome::move).runs.moved == 2);
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", R"({"id":1,"token":"t2"})");
  check_sent(hub, {"thanks t2"});
  // The new version's exits hold for those that came before it.
  hub.deliver("clicks", R"({"link":"t1"})");
  BOOST_TEST((hub.runs()[0].state == RunState::exited));
  BOOST_TEST(hub.reader->listener_shapes("order_created")->empty());
  BOOST_TEST(hub.reader->listener_shapes("link_clicked")->empty());
}

BOOST_AUTO_TEST_CASE(a_wait_for_other_events_keeps_the_run) {
  TestHub hub;
  hub.apply(kByKey);
  hub.deliver("checkouts/create", R"({"token":"t1"})");
  const auto result = applied(hub, {replaced(kByKey, "event.token:", "event.order_id:")}, RunsBecome::move);
  BOOST_REQUIRE_EQUAL(result.runs.why.size(), 1u);
  BOOST_TEST(result.runs.why[0].why == "step \"w\" waits for other events");
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", R"({"id":1,"token":"t1"})");
  check_sent(hub, {"paid t1"});
}

BOOST_AUTO_TEST_CASE(a_run_in_a_loop_moves_between_its_passes_and_repeats_none) {
  TestHub hub;
  const auto loop = [](const std::string& text) {
    return with_steps(
        "  - id: nag\n    repeat: {max: 4, every: 1h}\n    do: [{id: s, use: acme.put, connection: shop, "
        "with: {text: \"" +
        text + " {{ loop.number }}\"}}]\n");
  };
  hub.apply(loop("old"));
  hub.deliver("note", "{}");
  hub.run_until(kMonday + kHour);
  BOOST_TEST(applied(hub, {loop("new")}, RunsBecome::move).runs.moved == 1);
  hub.run_until(kMonday + kDay);
  check_sent(hub, {"old 1", "old 2", "new 3", "new 4"});
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(a_run_whose_call_is_under_way_moves_and_goes_on_in_the_new_version) {
  TestHub hub;
  hub.apply(with_steps(say("s", "first") + say("t", "old")));
  hub.vendor.hold = true;
  hub.deliver("note", "{}");
  BOOST_TEST(applied(hub, {with_steps(say("s", "changed") + say("t", "new"))}, RunsBecome::move).runs.moved == 1);
  hub.vendor.release();
  hub.settle();
  check_sent(hub, {"first", "new"});
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_for_another_attempt_or_a_person_moves_with_its_open_step) {
  for (const bool doubt : {false, true}) {
    TestHub hub;
    const auto version = [&](const std::string& text) {
      return replaced(with_steps(say("s", "first") + say("t", text)), "acme.put",
                      doubt ? "acme.post_blind" : "acme.put");
    };
    hub.apply(version("old"));
    hub.vendor.fates = {doubt ? FakeVendor::Fate::drop_after : FakeVendor::Fate::refuse_503};
    hub.deliver("note", "{}");
    if (doubt) hub.run_until(kMonday + kDay);
    BOOST_TEST((hub.only_run().state == (doubt ? RunState::in_doubt : RunState::acting)));
    BOOST_TEST(applied(hub, {version("new")}, RunsBecome::move).runs.moved == 1);
    BOOST_TEST((hub.only_run().state == (doubt ? RunState::in_doubt : RunState::acting)));
    hub.crash();
    hub.start();
    if (doubt) BOOST_REQUIRE(hub.hub->repair_run(hub.only_run().id, {}).has_value());
    hub.run_until(kMonday + 2 * kDay);
    BOOST_TEST(sent(hub).back() == "new");
    BOOST_TEST((hub.only_run().state == RunState::finished));
  }
}

BOOST_AUTO_TEST_CASE(many_runs_move_together) {
  TestHub hub;
  hub.apply(kOld);
  for (int i = 0; i < 600; ++i) hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST(applied(hub, {kNew}, RunsBecome::move).runs.moved == 600);
  BOOST_TEST(*hub.reader->live_runs_of_version(hub.runs().back().version) == 600);
}

BOOST_AUTO_TEST_CASE(a_run_that_stayed_hears_what_its_version_listens_for) {
  TestHub hub;
  // A raw event, which only a recipe that listens for it says whom it is about.
  const std::string listens = R"yaml(recipe: h
about: {email: event.body.email}
trigger: {event: checkout_started}
steps:
  - {id: w, wait_for: {event: acme/note}, timeout: 1d, then: [{id: s, use: acme.put, connection: shop, with: {text: heard}}]}
)yaml";
  hub.apply(listens);
  hub.deliver("checkouts/create", R"({"email":"a@example.com","token":"t"})");
  hub.apply("recipe: h\nabout: {email: event.email}\ntrigger: {event: checkout_started}\nsteps: [{wait: 1h}]\n");
  hub.clock.advance(kMinute);
  hub.deliver("note", R"({"email":"a@example.com"})");
  check_sent(hub, {"heard"});
}

BOOST_AUTO_TEST_CASE(the_plan_says_what_would_change_and_where_runs_wait_and_changes_nothing) {
  TestHub hub;
  hub.apply(kOld);
  hub.apply(replaced(kOld, "recipe: r", "recipe: left"));
  for (const char* text : {"a", "b"}) hub.deliver("note", R"({"text":")" + std::string(text) + "\"}");
  const auto before = hub.hub->recipes();
  const std::string fresh = replaced(kOld, "recipe: r", "recipe: fresh");
  const auto plan = planned(hub, {kNew, fresh, "recipe: bad\n"});
  BOOST_TEST(at(plan, "recipes.0").text("state") == "changed");
  BOOST_TEST(at(plan, "recipes.0.diff.changes.0").text("step") == "s");
  const auto& waiting = at(plan, "recipes.0.waiting.0");
  BOOST_TEST(waiting.text("step") == "w");
  BOOST_TEST(waiting.number("count") == 2);
  BOOST_TEST(waiting.flag("can_move"));
  BOOST_TEST(at(plan, "recipes.1").text("state") == "new");
  BOOST_TEST(at(plan, "recipes.2").text("state") == "invalid");
  BOOST_TEST(at(plan, "recipes.2.findings.0").text("severity") == "error");
  BOOST_TEST(at(plan, "not_in_plan.0").text("name") == "left");
  BOOST_TEST((hub.hub->recipes() == before));
  BOOST_TEST(at(planned(hub, {kOld}), "recipes.0").text("state") == "unchanged");
  const auto refused = planned(hub, {kGone});
  BOOST_TEST(!at(refused, "recipes.0.waiting.0").flag("can_move"));
  BOOST_TEST(at(refused, "recipes.0.waiting.0").text("why") == "the new version has no step \"w\"");
  BOOST_TEST(hub.hub->plan_recipes(texts(std::vector<std::string>(501, kOld))).error().code == "too_many_recipes");
}

BOOST_AUTO_TEST_CASE(pending_absences_are_counted_and_judged_by_the_new_version) {
  TestHub hub;
  const std::string watch = R"yaml(recipe: a
about: {email: event.email}
trigger: {event: checkout_started, absent: {event: order_created, within: 1h}}
steps: [{id: s, use: acme.put, connection: shop, with: {text: old}}]
)yaml";
  hub.apply(watch);
  hub.deliver("checkouts/create", R"({"email":"a@example.com","token":"t","at":"2026-03-02T00:00:00Z"})");
  const auto longer = replaced(replaced(watch, "text: old", "text: new"), "within: 1h", "within: 2h");
  const auto plan = planned(hub, {longer});
  BOOST_TEST(at(plan, "recipes.0.absences").number("pending") == 1);
  BOOST_TEST(at(plan, "recipes.0.absences").text("note").find("keep the time") != std::string::npos);
  hub.apply(longer);
  hub.run_until(kMonday + kHour);
  check_sent(hub, {"new"});
}

BOOST_AUTO_TEST_SUITE_END()
