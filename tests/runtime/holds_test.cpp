// What is put on hold: outward actions queue, and go at the rate that a person chose, also over a crash and from under a second hold.
#include <boost/test/unit_test.hpp>

#include "runtime/held.hpp"
#include "runtime/test_hub.hpp"
#include "store/crash_vfs.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using store::test::CrashVfs;
using Fate = FakeVendor::Fate;

namespace {

using Texts = std::vector<std::string>;

const std::string kTwoSteps =
    "recipe: r\ntitle: 시험\ntrigger: {event: acme/note}\nsteps:\n"
    "  - {id: send, use: acme.put, connection: shop, with: {text: \"{{ trigger.text }}\"}}\n"
    "  - {id: after, use: acme.put, connection: shop, with: {text: after}}\n";

Texts texts(const TestHub& hub) {
  Texts found;
  for (const auto& [key, body] : hub.vendor.messages) found.push_back(body);
  return found;
}

Id held_orders(TestHub& hub, int orders, store::HoldRow hold = {}) {
  hub.apply(kTwoSteps);
  hold.kind = "recipe";
  hold.name = "r";
  const auto id = hub.hub->put_hold(hold);
  BOOST_REQUIRE(id.has_value());
  for (int i = 0; i < orders; ++i) hub.deliver("note", R"({"text":"a"})");
  BOOST_TEST(hub.vendor.writes_seen == 0);
  return *id;
}

std::size_t gone(const TestHub& hub) { return hub.vendor.messages.size() / 2; }

}  // namespace

BOOST_AUTO_TEST_SUITE(holds)

BOOST_AUTO_TEST_CASE(on_hold_outward_actions_queue_and_go_at_the_rate_that_was_chosen) {
  for (const auto& [kind, name] : {std::pair{"recipe", "r"}, {"connection", "shop"}, {"connector", "acme"}}) {
    TestHub hub;
    hub.apply(kTwoSteps);
    store::HoldRow hold;
    hold.kind = kind;
    hold.name = name;
    hold.reason = "발송 점검";
    const auto id = hub.hub->put_hold(hold);
    BOOST_REQUIRE(id.has_value());
    for (int i = 0; i < 3; ++i) hub.deliver("note", R"({"text":"a"})");
    hub.run_until(kMonday + kHour);
    BOOST_TEST(hub.vendor.writes_seen == 0);
    BOOST_TEST(hub.runs().front().reason.find("발송 점검") != std::string::npos);
    hub.crash();
    hub.start();
    hub.run_until(kMonday + kDay);
    BOOST_TEST(hub.vendor.writes_seen == 0);

    BOOST_REQUIRE(hub.hub->release_hold(*id, 1, {}, "").has_value());
    hub.run_until(kMonday + kDay);
    BOOST_TEST(hub.vendor.messages.size() == 2u);  // the first run, whole
    hub.run_until(kMonday + kDay + kMinute);
    BOOST_TEST(hub.vendor.messages.size() == 4u);
    hub.run_until(kMonday + kDay + 2 * kMinute);
    BOOST_TEST(hub.vendor.messages.size() == 6u);
    BOOST_TEST(hub.reader->holds()->empty());
  }
}

BOOST_AUTO_TEST_CASE(a_release_goes_on_where_it_was_after_a_crash_and_at_another_rate) {
  TestHub hub;
  const Id hold = held_orders(hub, 10);
  BOOST_REQUIRE(hub.hub->release_hold(hold, 1, {}, "").has_value());
  hub.run_until(kMonday + 2 * kMinute);
  BOOST_TEST(gone(hub) == 3u);
  hub.crash();
  hub.start();
  hub.run_until(kMonday + 3 * kMinute);
  BOOST_TEST(gone(hub) == 5u);  // one at once after the start, then one a minute
  BOOST_TEST(hub.reader->holds()->size() == 1u);
  BOOST_TEST(hub.reader->held_counts()->front().runs == 5);
  BOOST_REQUIRE(hub.hub->release_hold(hold, 2, {}, "").has_value());
  hub.run_until(kMonday + 5 * kMinute);
  BOOST_TEST(gone(hub) == 8u);
  BOOST_REQUIRE(hub.hub->release_hold(hold, 0, {}, "").has_value());
  hub.run_until(kMonday + 6 * kMinute);
  BOOST_TEST(gone(hub) == 10u);
  BOOST_TEST(hub.reader->holds()->empty());
  BOOST_TEST(hub.hub->release_hold(hold, 0, {}, "").error().code == "unknown_hold");
}

BOOST_AUTO_TEST_CASE(what_is_put_on_hold_again_in_the_middle_of_its_release_keeps_what_is_left) {
  TestHub hub;
  const Id hold = held_orders(hub, 4);
  BOOST_REQUIRE(hub.hub->release_hold(hold, 1, {}, "").has_value());
  hub.run_until(kMonday + kMinute);
  BOOST_TEST(gone(hub) == 2u);
  store::HoldRow again;
  again.kind = "recipe";
  again.name = "r";
  BOOST_TEST(*hub.hub->put_hold(again) == hold);
  hub.run_until(kMonday + kHour);
  BOOST_TEST(gone(hub) == 2u);
  BOOST_REQUIRE(hub.hub->release_hold(hold, 0, {}, "").has_value());
  hub.run_until(kMonday + kHour);
  BOOST_TEST(gone(hub) == 4u);
}

BOOST_AUTO_TEST_CASE(what_a_second_hold_holds_stays_when_the_first_is_released) {
  TestHub hub;
  const Id first = held_orders(hub, 3);
  store::HoldRow second;
  second.kind = "connection";
  second.name = "shop";
  const auto other = hub.hub->put_hold(second);
  BOOST_REQUIRE(hub.hub->release_hold(first, 0, {}, "").has_value());
  hub.run_until(kMonday + kHour);
  BOOST_TEST(gone(hub) == 0u);
  BOOST_TEST(hub.reader->holds()->size() == 1u);
  BOOST_REQUIRE(hub.hub->release_hold(*other, 0, {}, "").has_value());
  hub.run_until(kMonday + kHour);
  BOOST_TEST(gone(hub) == 3u);
  BOOST_TEST(hub.reader->holds()->empty());
}

BOOST_AUTO_TEST_CASE(what_is_passed_over_goes_on_at_the_rate_too) {
  TestHub hub;
  store::HoldRow hold;
  hold.expire_after_ms = kMinute;
  const Id id = held_orders(hub, 3, hold);
  hub.run_until(kMonday + kHour);
  hub.clock.set(kMonday + kHour);
  BOOST_REQUIRE(hub.hub->release_hold(id, 1, {}, "skip").has_value());
  hub.run_until(kMonday + kHour);
  BOOST_TEST(texts(hub) == (Texts{"after"}));
  hub.run_until(kMonday + kHour + 2 * kMinute);
  BOOST_TEST(texts(hub) == (Texts{"after", "after", "after"}));
}

BOOST_AUTO_TEST_CASE(what_waited_too_long_on_hold_is_passed_over_or_its_run_ends) {
  for (const bool cancel : {false, true}) {
    TestHub hub;
    hub.apply(kTwoSteps);
    store::HoldRow hold;
    hold.kind = "recipe";
    hold.name = "r";
    hold.expire_after_ms = kHour;
    hold.expire_then = cancel ? "cancel" : "skip";
    hold.until_ms = kMonday + 3 * kHour;  // and ends by itself
    BOOST_REQUIRE(hub.hub->put_hold(hold).has_value());
    hub.deliver("note", R"({"text":"old"})");
    hub.run_until(kMonday + 150 * kMinute);
    hub.deliver("note", R"({"text":"new"})");
    hub.run_until(kMonday + 4 * kHour);
    BOOST_TEST(texts(hub) == (cancel ? Texts{"new", "after"} : Texts{"after", "new", "after"}),
               boost::test_tools::per_element());
    BOOST_TEST((hub.runs().front().state == (cancel ? RunState::cancelled : RunState::finished)));
    BOOST_TEST(hub.reader->holds()->empty());
  }
}

BOOST_AUTO_TEST_CASE(of_two_released_holds_over_a_run_each_lets_go_once) {
  TestHub hub;
  const Id first = held_orders(hub, 3);
  store::HoldRow second;
  second.kind = "connection";
  second.name = "shop";
  const auto other = hub.hub->put_hold(second);
  BOOST_REQUIRE(hub.hub->release_hold(first, 1, {}, "").has_value());
  BOOST_REQUIRE(hub.hub->release_hold(*other, 1, {}, "").has_value());
  hub.run_until(kMonday + 3 * kMinute);
  BOOST_TEST(gone(hub) == 3u);
  BOOST_TEST(hub.vendor.writes_seen == 6);
  BOOST_TEST(hub.reader->holds()->empty());
}

BOOST_AUTO_TEST_CASE(a_run_says_the_hold_that_holds_it_now) {
  TestHub hub;
  const Id first = held_orders(hub, 1);
  store::HoldRow second;
  second.kind = "connection";
  second.name = "shop";
  second.reason = "정산";
  BOOST_REQUIRE(hub.hub->put_hold(second).has_value());
  BOOST_TEST(hub.only_run().reason.starts_with("held: recipe r"));
  BOOST_REQUIRE(hub.hub->release_hold(first, 0, {}, "").has_value());
  hub.settle();
  BOOST_TEST(hub.only_run().reason == "held: connection shop is on hold (정산)");
}

// The mended connection gets what waited for it at the rate of the release, and none of what was too old.
BOOST_AUTO_TEST_CASE(what_is_released_while_its_connection_is_dead_waits_for_both) {
  TestHub hub;
  store::HoldRow rule;
  rule.expire_after_ms = kDay;
  const Id hold = held_orders(hub, 3, rule);
  const auto shop = hub.reader->connections()->front().id;
  const auto dead = [&](bool is) {
    hub.store->submit_and_wait(store::Queue::work,
                               store::Unit{{store::PutHealth{{shop, is, is ? "revoked" : "", hub.clock.now()}}}});
    hub.crash();
    hub.start();
  };
  dead(true);
  BOOST_REQUIRE(hub.hub->release_hold(hold, 1, {}, "cancel").has_value());
  hub.run_until(kMonday + 2 * kHour);
  BOOST_TEST(gone(hub) == 0u);
  BOOST_TEST(hub.reader->holds()->size() == 1u);
  BOOST_TEST(hub.runs().front().reason == "held: connection shop: revoked");
  dead(false);
  const Millis mended = hub.clock.now();
  hub.run_until(mended);
  BOOST_TEST(gone(hub) == 1u);
  hub.run_until(mended + kMinute);
  BOOST_TEST(gone(hub) == 2u);
  hub.clock.set(mended + 2 * kDay);
  hub.run_until(mended + 2 * kDay);
  BOOST_TEST(gone(hub) == 2u);
  BOOST_TEST((hub.runs().back().state == RunState::cancelled));
  BOOST_TEST(hub.reader->holds()->empty());
}

BOOST_AUTO_TEST_CASE(a_full_disk_in_the_middle_of_a_release_costs_neither_rate_nor_rule) {
  for (const bool old : {false, true}) {
    Setup setup;
    CrashVfs::arm({});
    setup.vfs = CrashVfs::kName;
    TestHub hub(std::move(setup));
    store::HoldRow rule;
    if (old) rule.expire_after_ms = kMinute;
    const Id hold = held_orders(hub, 4, rule);
    hub.clock.set(kMonday + kHour);
    BOOST_REQUIRE(hub.hub->release_hold(hold, 1, {}, "").has_value());
    hub.run_until(kMonday + kHour);
    const Texts one = old ? Texts{"after"} : Texts{"a", "after"};
    BOOST_TEST(texts(hub) == one, boost::test_tools::per_element());
    CrashVfs::arm({store::test::Operation::write, 1, true, true});
    for (int i = 0; i < 5; ++i) {
      hub.clock.advance(kMinute);
      hub.engine->post([&] { hub.hub->tick(); });
      hub.settle();
    }
    CrashVfs::disarm();
    BOOST_TEST(texts(hub) == one, boost::test_tools::per_element());
    BOOST_TEST(hub.reader->holds()->size() == 1u);
    const Millis room = hub.clock.now();
    hub.run_until(room + 2 * kMinute);
    BOOST_TEST(texts(hub).size() < 4 * one.size());
    hub.run_until(room + kHour);
    BOOST_TEST(texts(hub).size() == 4 * one.size());
    BOOST_TEST(hub.reader->holds()->empty());
  }
}

// A hub that tried again at once would never come to the end of its queue.
BOOST_AUTO_TEST_CASE(a_hold_that_a_full_disk_keeps_from_being_over_is_tried_again_in_a_minute) {
  int kept = 0;
  for (int at = 1;; ++at) {
    Setup setup;
    CrashVfs::arm({});
    setup.vfs = CrashVfs::kName;
    TestHub hub(std::move(setup));
    const Id hold = held_orders(hub, 0);
    CrashVfs::arm({store::test::Operation::write, at, true, true});
    const bool released = hub.hub->release_hold(hold, 0, {}, "").has_value();
    hub.settle();
    const bool reached = CrashVfs::seen() >= at;
    CrashVfs::disarm();
    if (!reached) break;
    if (released && !hub.reader->holds()->empty()) {
      ++kept;
      hub.run_until(hub.clock.now() + kMinute);
      BOOST_TEST(hub.reader->holds()->empty());
    }
  }
  BOOST_TEST(kept > 0);
}

BOOST_AUTO_TEST_CASE(a_step_that_was_tried_before_the_hold_has_its_time_for_retries_anew) {
  TestHub hub;
  hub.apply(
      "recipe: r\ntitle: t\ntrigger: {event: acme/note}\nsteps:\n  - id: send\n    use: acme.put\n    connection: "
      "shop\n"
      "    with: {text: x}\n    retry: {for: 10m, first: 1m, cap: 1m}\n");
  hub.vendor.fates = {Fate::refuse_503};
  hub.deliver("note", R"({"text":"a"})");
  store::HoldRow hold;
  hold.kind = "recipe";
  hold.name = "r";
  const auto id = hub.hub->put_hold(hold);
  hub.run_until(kMonday + kDay);
  BOOST_TEST(runtime::is_held(hub.only_run()));
  hub.vendor.fates = {Fate::refuse_503};
  BOOST_REQUIRE(hub.hub->release_hold(*id, 0, {}, "").has_value());
  hub.run_until(kMonday + kDay + kHour);
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(a_hub_stops_in_the_middle_of_a_release_and_goes_on_with_it) {
  TestHub hub;
  const Id hold = held_orders(hub, 3);
  BOOST_REQUIRE(hub.hub->release_hold(hold, 1, {}, "").has_value());
  hub.run_until(kMonday);
  hub.stop();
  hub.start();
  hub.run_until(kMonday + kHour);
  BOOST_TEST(gone(hub) == 3u);
  BOOST_TEST(hub.reader->holds()->empty());
}

BOOST_AUTO_TEST_SUITE_END()
