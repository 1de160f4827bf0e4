// What happens when the vendor does not simply answer: repeats, look-ups, doubt, restarts.
#include <boost/test/unit_test.hpp>
#include <set>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using store::StepState;
using Fate = FakeVendor::Fate;

namespace {

std::string recipe_of(const std::string& operation, const std::string& extra = {}) {
  return "recipe: r\ntitle: 시험\ntrigger: {event: acme/note}\nsteps:\n  - id: send\n    use: acme." + operation +
         "\n    connection: shop\n    with: {text: \"{{ trigger.text }}\"}\n" + extra;
}

void expect_one_message(TestHub& hub) {
  BOOST_TEST(hub.vendor.messages.size() == 1u);
  BOOST_TEST(std::set<std::string>(hub.vendor.keys_seen.begin(), hub.vendor.keys_seen.end()).size() == 1u);
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry)

BOOST_AUTO_TEST_CASE(a_503_is_tried_again_later_with_the_same_key) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  hub.vendor.fates = {Fate::refuse_503, Fate::refuse_503};
  hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST((hub.only_run().state == RunState::acting));
  BOOST_TEST(hub.only_run().due_ms.value() > kMonday);
  hub.run_until(kMonday + kHour);
  expect_one_message(hub);
  BOOST_TEST(hub.steps(hub.only_run().id)[0].attempt == 2);
}

BOOST_AUTO_TEST_CASE(a_429_waits_as_told_and_burns_no_attempt) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  hub.vendor.fates = {Fate::rate_limit};
  hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST(hub.only_run().due_ms.value() >= kMonday + 30'000);
  BOOST_TEST(hub.steps(hub.only_run().id)[0].attempt == 0);
  hub.run_until(kMonday + kHour);
  expect_one_message(hub);
}

BOOST_AUTO_TEST_CASE(a_budget_ends_and_the_failure_is_final_and_visible) {
  TestHub hub;
  hub.apply(recipe_of("put", "    retry: {for: 5m, first: 10s, cap: 1m}\n"));
  hub.vendor.fates.assign(100, Fate::refuse_503);
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kDay);
  BOOST_TEST((hub.only_run().state == RunState::failed));
  BOOST_TEST(hub.vendor.messages.empty());
  BOOST_TEST(hub.vendor.writes_seen > 3);
  BOOST_TEST(hub.only_run().ended_ms.value() <= kMonday + 6 * kMinute);
}

BOOST_AUTO_TEST_CASE(RET_04_a_lost_answer_of_an_unsafe_step_is_looked_up_and_not_repeated) {
  TestHub hub;
  hub.apply(recipe_of("post"));
  hub.vendor.fates = {Fate::drop_after};
  hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST((hub.only_run().state == RunState::acting));
  hub.run_until(kMonday + kHour);
  expect_one_message(hub);
  BOOST_TEST(hub.vendor.writes_seen == 1);
  BOOST_TEST(hub.vendor.lookups_seen == 1);
  BOOST_TEST(hub.steps(hub.only_run().id)[0].output.find("found_later") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(RET_04_a_lost_answer_of_an_idempotent_step_is_simply_repeated) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  hub.vendor.fates = {Fate::drop_after};
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kHour);
  BOOST_TEST(hub.vendor.writes_seen == 2);
  BOOST_TEST(hub.vendor.keys_seen[0] == hub.vendor.keys_seen[1]);  // by which the vendor does it once
  BOOST_TEST(hub.vendor.lookups_seen == 0);
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(when_every_answer_was_lost_the_step_is_in_doubt_and_not_called_failed) {
  TestHub hub;
  hub.apply(recipe_of("put", "    retry: {for: 2m, first: 10s, cap: 30s}\n"));
  hub.vendor.fates.assign(50, Fate::drop_after);
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kDay);
  BOOST_TEST((hub.only_run().state == RunState::in_doubt));
}

BOOST_AUTO_TEST_CASE(a_request_that_never_left_is_repeated_without_a_look_up) {
  TestHub hub;
  hub.apply(recipe_of("post"));
  hub.vendor.fates = {Fate::drop_before};
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kHour);
  expect_one_message(hub);
  BOOST_TEST(hub.vendor.lookups_seen == 0);
}

BOOST_AUTO_TEST_CASE(RET_04_without_a_look_up_the_step_is_in_doubt_and_a_person_decides) {
  TestHub hub;
  hub.apply(recipe_of("post_blind"));
  hub.vendor.fates = {Fate::drop_after};
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kDay);
  const auto run = hub.only_run();
  BOOST_TEST((run.state == RunState::in_doubt));
  BOOST_TEST((hub.steps(run.id)[0].state == StepState::in_doubt));
  BOOST_TEST(hub.vendor.writes_seen == 1);
  // Nothing but a decision moves it: not the time, not a start.
  BOOST_TEST(!run.due_ms.has_value());
  hub.crash();
  hub.start();
  hub.run_until(kMonday + 30 * kDay);
  BOOST_TEST((hub.only_run().state == RunState::in_doubt));
  BOOST_TEST(hub.vendor.writes_seen == 1);
}

BOOST_AUTO_TEST_CASE(a_look_up_that_fails_for_good_ends_in_doubt_and_on_doubt_decides_without_a_person) {
  for (const std::string policy : {"skip", "fail", "repeat"}) {
    TestHub hub;
    hub.apply(recipe_of("post", "    on_doubt: " + policy + "\n    retry: {for: 2m, first: 10s, cap: 30s}\n"));
    hub.vendor.fates = {Fate::drop_after};
    hub.vendor.lookup_fails = true;
    hub.deliver("note", R"({"text":"a"})");
    hub.run_until(kMonday + kDay);
    const auto run = hub.only_run();
    BOOST_TEST_CONTEXT(policy) {
      BOOST_TEST((run.state == (policy == "fail" ? RunState::failed : RunState::finished)));
      BOOST_TEST(hub.vendor.messages.size() == (policy == "repeat" ? 2u : 1u));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_waits_for_its_turn_when_the_hub_stops_is_sent_by_the_next_start_without_doubt) {
  TestHub hub;
  hub.apply(recipe_of("post"));
  hub.vendor.hold = true;
  for (int i = 0; i < 20; ++i) hub.deliver("note", R"({"text":"a"})");  // eight of them are on the wire
  bool stopped = false;
  hub.hub->stop(0, [&] { stopped = true; });
  hub.settle();
  hub.vendor.release();
  hub.settle();
  BOOST_REQUIRE(stopped);
  BOOST_TEST(hub.vendor.writes_seen == 8);
  hub.store->close();
  hub.crash();
  hub.start();
  hub.run_until(hub.clock.now() + kHour);
  BOOST_TEST(hub.vendor.writes_seen == 20);
  BOOST_TEST(hub.vendor.lookups_seen == 0);
}

// The message may be there: what the connector says now, before it asks the vendor, does not make it a failure.
BOOST_AUTO_TEST_CASE(a_lost_answer_stays_in_doubt_when_the_connector_refuses_afterwards) {
  TestHub hub;
  hub.apply(recipe_of("post"));
  hub.vendor.fates = {Fate::drop_after};
  hub.deliver("note", R"({"text":"a"})");
  hub.refuses = true;
  hub.run_until(kMonday + kDay);
  const auto run = hub.only_run();
  BOOST_TEST((run.state == RunState::in_doubt));
  BOOST_TEST(hub.steps(run.id)[0].error_code == "stopped");
  BOOST_TEST(hub.vendor.messages.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_conversation_of_two_requests_survives_a_crash_between_them) {
  TestHub hub;
  hub.apply(recipe_of("twice"));
  hub.vendor.fates = {Fate::refuse_503};
  hub.deliver("note", R"({"text":"a"})");
  hub.crash();
  hub.start();
  hub.run_until(kMonday + kHour);
  expect_one_message(hub);
}

BOOST_AUTO_TEST_CASE(a_crash_while_a_call_is_under_way_sends_it_exactly_once) {
  for (const bool vendor_acted : {false, true}) {
    TestHub hub;
    hub.apply(recipe_of("post"));
    hub.vendor.hold = true;
    hub.deliver("note", R"({"text":"a"})");
    BOOST_TEST((hub.only_run().state == RunState::acting));
    const auto key = hub.steps(hub.only_run().id)[0].key;
    hub.crash();
    hub.vendor = FakeVendor();
    if (vendor_acted) hub.vendor.messages.emplace_back(key, "a");
    hub.start();
    hub.run_until(kMonday + kHour);
    BOOST_TEST(hub.vendor.messages.size() == 1u);
    BOOST_TEST(hub.vendor.lookups_seen == 1);
    BOOST_TEST(hub.vendor.writes_seen == (vendor_acted ? 0 : 1));
    BOOST_TEST((hub.only_run().state == RunState::finished));
  }
}

BOOST_AUTO_TEST_CASE(a_crash_during_the_second_attempt_looks_it_up_like_the_first) {
  TestHub hub;
  hub.apply(recipe_of("post"));
  hub.vendor.fates = {Fate::refuse_503};
  hub.deliver("note", R"({"text":"a"})");
  const auto key = hub.steps(hub.only_run().id)[0].key;
  hub.vendor.hold = true;
  hub.run_until(hub.only_run().due_ms.value());  // the second attempt is under way
  BOOST_TEST(!hub.only_run().due_ms.has_value());
  hub.crash();
  hub.vendor = FakeVendor();
  hub.vendor.messages.emplace_back(key, "a");  // and the vendor took it
  hub.start();
  hub.run_until(hub.clock.now() + kHour);
  BOOST_TEST(hub.vendor.writes_seen == 0);
  BOOST_TEST(hub.vendor.lookups_seen == 1);
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(repeating_what_is_in_doubt_happens_once_and_then_waits_for_a_person) {
  for (const std::string budget : {"0s", "1h"}) {
    TestHub hub;
    hub.apply(recipe_of("post_blind", "    on_doubt: repeat\n    retry: {for: " + budget + "}\n"));
    hub.vendor.fates.assign(50, Fate::drop_after);
    hub.deliver("note", R"({"text":"a"})");
    hub.run_until(kMonday + kDay);
    BOOST_TEST((hub.only_run().state == RunState::in_doubt));
    BOOST_TEST(hub.vendor.writes_seen == 2);
  }
}

BOOST_AUTO_TEST_CASE(repeating_what_is_in_doubt_happens_once_although_the_process_ends_in_the_middle_of_it) {
  TestHub hub;
  hub.apply(recipe_of("post_blind", "    on_doubt: repeat\n"));
  hub.vendor.hold = true;
  hub.deliver("note", R"({"text":"a"})");
  for (int i = 0; i < 2; ++i) {  // the first call, and its repetition
    BOOST_TEST((hub.only_run().state == RunState::acting));
    BOOST_TEST(!hub.only_run().due_ms.has_value());
    hub.crash();
    hub.vendor = FakeVendor();
    hub.vendor.hold = i == 0;
    hub.start();
    hub.run_until(hub.clock.now() + kHour);
  }
  BOOST_TEST((hub.only_run().state == RunState::in_doubt));
  BOOST_TEST(hub.vendor.writes_seen == 0);
}

// The first one was taken. A vendor that tells no repetition from a first call judges the second by itself.
BOOST_AUTO_TEST_CASE(a_refused_repetition_does_not_say_that_the_first_call_failed) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  hub.vendor.fates = {Fate::drop_after, Fate::reject_400};
  hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + kDay);
  BOOST_TEST((hub.only_run().state == RunState::in_doubt));
  BOOST_TEST(hub.steps(hub.only_run().id)[0].error_code == "refused");
}

// The vendor may have acted before the process ended; that it is away afterwards says nothing about it.
BOOST_AUTO_TEST_CASE(a_call_that_a_crash_cut_off_is_in_doubt_when_no_later_attempt_settles_it) {
  for (const Fate later : {Fate::refuse_503, Fate::drop_before, Fate::rate_limit}) {
    TestHub hub;
    hub.apply(recipe_of("put", "    retry: {for: 2m, first: 10s, cap: 30s}\n"));
    hub.vendor.hold = true;
    hub.deliver("note", R"({"text":"a"})");
    hub.crash();
    hub.vendor = FakeVendor();
    hub.vendor.fates.assign(50, later);
    hub.start();
    hub.run_until(kMonday + kDay);
    BOOST_TEST((hub.only_run().state == RunState::in_doubt));
  }
}

BOOST_AUTO_TEST_CASE(an_order_while_a_message_is_under_way_ends_the_run_and_the_call_is_still_recorded) {
  TestHub hub;
  hub.apply(R"yaml(recipe: rescue
title: 장바구니
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
steps:
  - id: send
    use: acme.post
    connection: shop
    with: {text: "a"}
  - id: more
    use: acme.post
    connection: shop
    with: {text: "b"}
)yaml");
  hub.vendor.hold = true;
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"x"})");
  hub.clock.advance(kSecond);
  hub.deliver("orders/create", R"({"id":1,"email":"a@example.com","total":"1"})");
  BOOST_TEST((hub.only_run().state == RunState::exited));
  hub.vendor.release();
  hub.settle();
  BOOST_TEST(hub.vendor.messages.size() == 1u);
  BOOST_TEST((hub.steps(hub.only_run().id)[0].state == StepState::done));
  BOOST_TEST((hub.only_run().state == RunState::exited));
  BOOST_TEST(hub.hub->idle());
}

BOOST_AUTO_TEST_CASE(RET_05_an_event_that_ends_the_process_is_set_aside_after_three_tries_and_its_neighbours_run) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  // Each start "crashes" while the first event is parsed: the test ends the hub before the unit is committed.
  struct Crash {};
  hub.on_webhook = [] { throw Crash(); };
  BOOST_CHECK_THROW(hub.deliver("note", R"({"text":"poison"})"), Crash);
  for (int i = 0; i < limits::kPoisonTries; ++i) {
    hub.crash();
    hub.crash_cause = "connector acme, phase webhook: did not return";
    BOOST_CHECK_THROW(hub.start(), Crash);
  }
  hub.crash();
  hub.start();  // tried often enough: not parsed again
  BOOST_REQUIRE_EQUAL(hub.events().size(), 1u);
  BOOST_TEST((hub.events()[0].state == store::EventState::dead));
  BOOST_TEST(hub.events()[0].reason.find("did not return") != std::string::npos);
  hub.on_webhook = nullptr;
  hub.deliver("note", R"({"text":"neighbour"})");
  BOOST_TEST(hub.vendor.messages.size() == 1u);
}

BOOST_AUTO_TEST_CASE(RET_05_an_event_is_not_set_aside_for_what_a_poll_or_a_hook_did) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  struct Crash {};
  hub.on_webhook = [] { throw Crash(); };
  BOOST_CHECK_THROW(hub.deliver("note", R"({"text":"innocent"})"), Crash);
  hub.crash_cause = "connector acme, phase poll, connection 1, rows: signal 11";
  for (int i = 0; i <= limits::kPoisonTries; ++i) {
    hub.crash();
    BOOST_CHECK_THROW(hub.start(), Crash);
  }
  hub.on_webhook = nullptr;
  hub.crash();
  hub.start();
  BOOST_TEST(hub.vendor.messages.size() == 1u);
}

BOOST_AUTO_TEST_CASE(RET_05_the_event_that_the_note_names_is_tried_three_times_in_all) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  struct Crash {};
  int tries = 0;
  hub.on_webhook = [&] {
    ++tries;
    throw Crash();
  };
  BOOST_CHECK_THROW(hub.deliver("note", R"({"text":"poison"})"), Crash);
  for (int i = 1; i < limits::kPoisonTries; ++i) {
    hub.crash();
    hub.crash_cause = "connector acme, phase webhook, event " + std::to_string(1) + ": signal 11";
    BOOST_CHECK_THROW(hub.start(), Crash);
  }
  hub.crash();
  hub.start();
  BOOST_TEST(tries == limits::kPoisonTries);
  BOOST_REQUIRE_EQUAL(hub.events().size(), 1u);
  BOOST_TEST(hub.events()[0].id == 1);
  BOOST_TEST((hub.events()[0].state == store::EventState::dead));
}

BOOST_AUTO_TEST_CASE(RET_05_an_action_that_ends_the_process_is_set_aside_after_three_tries_and_its_neighbours_run) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  struct Crash {};
  int tries = 0;
  hub.vendor.on_write = [&](const std::string& body) {
    if (body.find("poison") == std::string::npos) return;
    ++tries;
    throw Crash();
  };
  BOOST_CHECK_THROW(hub.deliver("note", R"({"text":"poison"})"), Crash);
  const Id run = hub.only_run().id;
  hub.crash_cause = "connector acme, phase resume, run " + std::to_string(run) + " step send: signal 11";
  for (int i = 1; i < limits::kPoisonTries; ++i) {
    hub.crash();
    BOOST_CHECK_THROW(hub.start(), Crash);
  }
  hub.crash();
  hub.start();  // tried often enough: it waits for a person
  BOOST_TEST(tries == limits::kPoisonTries);
  BOOST_TEST((hub.only_run().state == RunState::in_doubt));
  const auto step = hub.steps(run)[0];
  BOOST_TEST((step.state == StepState::in_doubt));
  BOOST_TEST(step.error_code == "poison");
  BOOST_TEST(step.error_text.find("signal 11") != std::string::npos);
  BOOST_TEST(hub.reader->problems_open().value() == 1);
  hub.deliver("note", R"({"text":"neighbour"})");
  BOOST_TEST(hub.vendor.messages.size() == 1u);
  // Restarts do not bring it back, whatever ended the process then.
  hub.crash();
  hub.crash_cause.clear();
  hub.start();
  hub.run_until(hub.clock.now() + kDay);
  BOOST_TEST(tries == limits::kPoisonTries);
}

BOOST_AUTO_TEST_CASE(a_graceful_end_leaves_no_doubt_and_counts_no_tries) {
  TestHub hub;
  hub.apply(recipe_of("post"));
  hub.deliver("note", R"({"text":"a"})");
  hub.stop();
  hub.start();
  BOOST_TEST(hub.store->ended_cleanly());
  BOOST_TEST(hub.vendor.lookups_seen == 0);
  hub.deliver("note", R"({"text":"b"})");
  BOOST_TEST(hub.vendor.messages.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
