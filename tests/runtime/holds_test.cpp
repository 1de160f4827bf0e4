// What is put on hold: outward actions queue, and go at the rate that a person chose, also over a crash and from under a second hold.
#include <boost/test/unit_test.hpp>

#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;

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

BOOST_AUTO_TEST_SUITE_END()
