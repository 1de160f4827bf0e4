// What a person decides about a run: again, an answer of their own, on without it, once more from the beginning.
#include <boost/test/unit_test.hpp>
#include <set>

#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using runtime::RunDeed;
using store::RunState;
using store::StepState;
using Fate = FakeVendor::Fate;
using Kind = RunDeed::Kind;

namespace {

std::string two_steps(const std::string& first, const std::string& extra = {}) {
  return "recipe: r\ntitle: 시험\ntrigger: {event: acme/note}\nsteps:\n  - id: send\n    use: acme." + first +
         "\n    connection: shop\n    with: {text: \"{{ trigger.text }}\"}\n" + extra +
         "  - id: after\n    use: acme.put\n    connection: shop\n    with: {text: \"after\"}\n";
}

const std::string kNoRetry = "    retry: {for: 0s}\n";

Status repair(TestHub& hub, Kind kind, Value output = {}) {
  RunDeed deed;
  deed.kind = kind;
  deed.output = std::move(output);
  deed.by = "민지";
  auto status = hub.hub->repair_run(hub.runs().front().id, deed);
  hub.settle();
  return status;
}

std::string refused(const Status& status) { return status.has_error() ? status.error().code : ""; }

void fail_first(TestHub& hub, const std::string& operation = "put") {
  hub.apply(two_steps(operation, kNoRetry));
  hub.vendor.fates = {Fate::reject_400};
  hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST((hub.only_run().state == RunState::failed));
}

void doubt_first(TestHub& hub) {
  hub.apply(two_steps("post_blind", kNoRetry));
  hub.vendor.fates = {Fate::drop_after};
  hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST((hub.only_run().state == RunState::in_doubt));
}

std::vector<std::string> texts(const TestHub& hub) {
  std::vector<std::string> found;
  for (const auto& [key, body] : hub.vendor.messages) found.push_back(body);
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(repairs)

BOOST_AUTO_TEST_CASE(a_failed_run_goes_on_where_it_failed_with_the_same_key) {
  TestHub hub;
  fail_first(hub);
  BOOST_REQUIRE(repair(hub, Kind::retry).has_value());
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(texts(hub) == (Texts{"a", "after"}));
  BOOST_TEST(hub.vendor.keys_seen[0] == hub.vendor.keys_seen[1]);
  BOOST_TEST(refused(repair(hub, Kind::retry)) == "run_ended");
}

BOOST_AUTO_TEST_CASE(a_failed_step_gets_an_answer_of_a_persons_own_or_is_passed_over) {
  for (const Kind kind : {Kind::resume, Kind::skip}) {
    TestHub hub;
    fail_first(hub);
    BOOST_REQUIRE(repair(hub, kind, Map{{"id", "by hand"}}).has_value());
    BOOST_TEST((hub.only_run().state == RunState::finished));
    BOOST_TEST(texts(hub) == (Texts{"after"}));
    const auto step = hub.steps(hub.only_run().id)[0];
    BOOST_TEST((step.state == (kind == Kind::resume ? StepState::done : StepState::skipped)));
    if (kind == Kind::resume) BOOST_TEST(step.output == R"({"id":"by hand"})");
    BOOST_TEST(step.error_text.find("민지") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_step_in_doubt_is_sent_again_answered_passed_over_or_counted_as_failed) {
  for (const Kind kind : {Kind::retry, Kind::resume, Kind::skip, Kind::fail}) {
    TestHub hub;
    doubt_first(hub);
    BOOST_TEST(refused(repair(hub, Kind::look_up)) == "no_look_up");
    BOOST_REQUIRE(repair(hub, kind, Map{}).has_value());
    BOOST_TEST((hub.only_run().state == (kind == Kind::fail ? RunState::failed : RunState::finished)));
    // The message of the lost answer arrived; only who says "again" sends it twice.
    const Texts expected = kind == Kind::retry  ? Texts{"a", "a", "after"}
                           : kind == Kind::fail ? Texts{"a"}
                                                : Texts{"a", "after"};
    BOOST_TEST(texts(hub) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_step_in_doubt_that_can_be_looked_up_is_looked_up_once_more) {
  TestHub hub;
  hub.apply(two_steps("post", "    retry: {for: 30s, first: 10s, cap: 10s}\n"));
  hub.vendor.fates = {Fate::drop_after};
  hub.vendor.lookup_fails = true;
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kHour);
  BOOST_TEST((hub.only_run().state == RunState::in_doubt));
  hub.vendor.lookup_fails = false;
  BOOST_REQUIRE(repair(hub, Kind::look_up).has_value());
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(texts(hub) == (Texts{"a", "after"}));
}

BOOST_AUTO_TEST_CASE(a_wait_is_passed_over_and_a_later_attempt_is_made_now) {
  TestHub hub;
  hub.apply(two_steps("put", "  - {id: nap, wait: {days: 3}}\n"));
  hub.vendor.fates = {Fate::refuse_503};
  hub.deliver("note", R"({"text":"a"})");
  BOOST_REQUIRE(repair(hub, Kind::retry).has_value());
  BOOST_TEST((hub.only_run().state == RunState::waiting));
  BOOST_TEST(refused(repair(hub, Kind::resume)) == "nothing_open");
  BOOST_REQUIRE(repair(hub, Kind::skip).has_value());
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(texts(hub) == (Texts{"a", "after"}));
}

BOOST_AUTO_TEST_CASE(an_expression_that_failed_is_evaluated_once_more) {
  TestHub hub;
  hub.apply(
      "recipe: r\ntitle: t\ntrigger: {event: acme/note}\nsteps:\n  - id: count\n    set: {n: \"{{ 1 / "
      "int(trigger.zero) }}\"}\n"
      "  - id: send\n    use: acme.put\n    connection: shop\n    with: {text: x}\n");
  hub.deliver("note", R"({"text":"a","zero":0})");
  BOOST_TEST((hub.only_run().state == RunState::failed));
  BOOST_REQUIRE(repair(hub, Kind::retry).has_value());
  BOOST_TEST((hub.only_run().state == RunState::failed));  // the trigger is what it was
  BOOST_REQUIRE(repair(hub, Kind::skip).has_value());
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(a_run_that_failed_behind_its_on_error_is_replayed_and_not_retried) {
  TestHub hub;
  hub.apply(two_steps(
      "put", kNoRetry + "    on_error:\n      - {id: tell, use: acme.put, connection: shop, with: {text: told}}\n" +
                 "      - {id: end, stop: {}}\n"));
  hub.vendor.fates = {Fate::reject_400};
  hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST(refused(repair(hub, Kind::retry)) == "run_ended");  // it was stopped by its recipe
  const Id first = hub.only_run().id;
  const auto second = hub.hub->replay_run(first, 1, "민지");
  BOOST_REQUIRE(second.has_value());
  hub.settle();
  BOOST_TEST(texts(hub) == (Texts{"told", "a", "after"}));
}

BOOST_AUTO_TEST_CASE(RET_07_a_replay_is_a_run_of_its_own_linked_to_the_first_and_made_once) {
  TestHub hub;
  hub.apply(two_steps("put"));
  hub.deliver("note", R"({"text":"a"})");
  const Id first = hub.only_run().id;
  const auto second = hub.hub->replay_run(first, 1, "민지");
  BOOST_REQUIRE(second.has_value());
  hub.settle();
  BOOST_TEST(texts(hub) == (Texts{"a", "after", "a", "after"}));
  BOOST_TEST(hub.vendor.keys_seen[0] != hub.vendor.keys_seen[2]);
  BOOST_TEST(hub.reader->replay_of(*second)->value().original == first);
  const auto again = hub.hub->replay_run(first, 1, "someone else");
  BOOST_REQUIRE(again.has_error());
  BOOST_TEST(again.error().code == "already_replayed");
  BOOST_TEST(hub.runs().size() == 2u);
  BOOST_TEST(hub.hub->replay_run(first, 2, "").has_value());
}

BOOST_AUTO_TEST_CASE(RET_07_many_replays_at_once_by_two_people_run_once_each_in_the_edited_recipe) {
  constexpr int kRuns = 300;
  TestHub hub;
  hub.apply(two_steps("put", kNoRetry));
  hub.vendor.fates.assign(kRuns, Fate::reject_400);
  for (int at = 0; at < kRuns; ++at) hub.deliver("note", R"({"text":"n)" + std::to_string(at) + R"("})");
  const auto failed = hub.runs();
  BOOST_REQUIRE_EQUAL(failed.size(), static_cast<std::size_t>(kRuns));
  hub.apply(
      "recipe: r\ntitle: t\ntrigger: {event: acme/note}\nsteps:\n  - id: send\n    use: acme.put\n    connection: "
      "shop\n"
      "    with: {text: \"edited {{ trigger.text }}\"}\n");
  int told = 0;
  for (const auto& run : failed) {  // nothing is sent before both have asked for all of them
    BOOST_REQUIRE((run.state == RunState::failed));
    BOOST_TEST(hub.hub->replay_run(run.id, 1, "민지").has_value());
    const auto other = hub.hub->replay_run(run.id, 1, "Sora");
    told += other.has_error() && other.error().code == "already_replayed" ? 1 : 0;
  }
  hub.settle();
  BOOST_TEST(told == kRuns);
  BOOST_TEST(hub.runs().size() == 2u * kRuns);
  std::set<std::string> sent;
  for (const auto& text : texts(hub)) {
    BOOST_TEST(text.starts_with("edited n"));
    BOOST_TEST(sent.insert(text).second);
  }
  BOOST_TEST(sent.size() == static_cast<std::size_t>(kRuns));
  for (const auto& run : failed) {
    const auto replays = hub.reader->replays(run.id);
    BOOST_REQUIRE(replays->size() == 1u);
    BOOST_TEST(replays->front().made_by == "민지");
  }
}

BOOST_AUTO_TEST_CASE(an_event_that_was_set_aside_is_routed_once_more_or_given_up) {
  TestHub hub;
  hub.apply(two_steps("put"));
  auto row = hub.store->submit_and_wait(
      store::Queue::work,
      store::Unit{{store::AcceptEvent{{hub.store->next_id(store::IdSpace::event), 1, "note", hub.clock.now(),
                                       store::EventState::dead, "its connection is gone"},
                                      {"POST", "/hooks/shop", "{}", R"({"text":"late"})"},
                                      ""}}});
  BOOST_TEST((row.kind == store::UnitOutcome::Kind::committed));
  const Id event = hub.events().back().id;
  BOOST_REQUIRE(hub.hub->retry_event(event).has_value());
  hub.settle();
  BOOST_TEST(texts(hub) == (Texts{"late", "after"}));
  BOOST_TEST(refused(hub.hub->retry_event(event)) == "event_routed");
  BOOST_TEST(refused(hub.hub->discard_event(event, "")) == "event_routed");
}

BOOST_AUTO_TEST_CASE(a_failed_run_does_not_come_back_beside_another_about_the_same) {
  TestHub hub;
  hub.apply(
      "recipe: r\ntitle: t\ntrigger: {event: acme/note}\nentry: {mode: after_exit, key: event.text}\nsteps:\n"
      "  - id: send\n    use: acme.put\n    connection: shop\n    with: {text: x}\n    retry: {for: 0s}\n"
      "  - {id: nap, wait: {days: 3}}\n");
  hub.vendor.fates = {Fate::reject_400};
  hub.deliver("note", R"({"text":"k"})");
  hub.deliver("note", R"({"text":"k"})");
  BOOST_TEST(hub.runs().size() == 2u);
  BOOST_TEST(refused(repair(hub, Kind::retry)) == "already_running");
  BOOST_TEST(hub.hub->replay_run(hub.runs().front().id, 1, "").error().code == "already_running");
}

BOOST_AUTO_TEST_CASE(a_run_that_was_replayed_does_not_go_on_beside_its_replay) {
  TestHub hub;
  fail_first(hub);
  BOOST_REQUIRE(hub.hub->replay_run(hub.only_run().id, 1, "").has_value());
  hub.settle();
  BOOST_TEST(refused(repair(hub, Kind::retry)) == "already_replayed");
  BOOST_TEST(texts(hub) == (Texts{"a", "after"}));
}

BOOST_AUTO_TEST_CASE(what_counted_as_failed_while_nobody_knew_is_looked_up_before_it_is_sent_again) {
  TestHub hub;
  hub.apply(two_steps("post", "    retry: {for: 30s, first: 10s, cap: 10s}\n"));
  hub.vendor.fates = {Fate::drop_after};
  hub.vendor.lookup_fails = true;
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kHour);
  BOOST_REQUIRE(repair(hub, Kind::fail).has_value());
  BOOST_TEST((hub.only_run().state == RunState::failed));
  hub.vendor.lookup_fails = false;
  BOOST_REQUIRE(repair(hub, Kind::retry).has_value());
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(texts(hub) == (Texts{"a", "after"}));
}

BOOST_AUTO_TEST_CASE(a_step_whose_doubt_counts_as_failed_is_looked_up_and_sent_again_when_a_person_says_so) {
  TestHub hub;
  hub.apply(two_steps("post", "    retry: {for: 30s, first: 10s, cap: 10s}\n    on_doubt: fail\n"));
  hub.vendor.fates = {Fate::drop_after};
  hub.vendor.lookup_fails = true;
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kHour);
  BOOST_TEST((hub.only_run().state == RunState::failed));
  hub.vendor.lookup_fails = false;
  BOOST_REQUIRE(repair(hub, Kind::retry).has_value());
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(texts(hub) == (Texts{"a", "after"}));
}

BOOST_AUTO_TEST_CASE(a_cause_goes_with_the_last_of_its_runs_and_replays_are_counted_past_those_that_went) {
  TestHub hub;
  fail_first(hub);
  const Id first = hub.only_run().id;
  const Id second = *hub.hub->replay_run(first, 1, "");
  hub.settle();
  const Id third = *hub.hub->replay_run(first, 2, "");
  hub.settle();
  const auto drop = [&](Id run) {
    hub.store->submit_and_wait(store::Queue::work, store::Unit{{store::DropRuns{{run}}}});
  };
  drop(second);
  BOOST_TEST(refused(Status(hub.hub->replay_run(first, 2, "").error())) == "already_replayed");
  BOOST_TEST(hub.hub->replay_run(first, 3, "").has_value());
  hub.settle();
  BOOST_TEST(hub.reader->problems(false, 0, 0, 10)->size() == 1u);
  drop(first);
  BOOST_TEST(hub.reader->problems(false, 0, 0, 10)->empty());
  BOOST_TEST(hub.reader->run(third)->has_value());
}

BOOST_AUTO_TEST_SUITE_END()
