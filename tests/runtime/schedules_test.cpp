// Schedules, and what jumps of the clock do: nothing fires twice, nothing is lost, what was missed is said.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;

namespace {

std::string report(const std::string& schedule) {
  return "recipe: report\ntrigger: {schedule: {" + schedule + R"yaml(}}
steps:
  - {id: send, use: acme.post, connection: shop, with: {text: "{{ format_date(trigger.scheduled_at, 'yyyy-MM-dd HH:mm', 'Asia/Seoul') }}"}}
)yaml";
}

std::vector<std::string> texts(const TestHub& hub) {
  std::vector<std::string> found;
  for (const auto& [key, text] : hub.vendor.messages) found.push_back(text);
  return found;
}
void check_texts(const TestHub& hub, const std::vector<std::string>& expected) {
  const auto found = texts(hub);
  BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), expected.begin(), expected.end());
}
int missed(TestHub& hub) {
  int count = 0;
  for (const auto& event : hub.events()) count += event.reason == "report: missed" ? 1 : 0;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE(a_schedule_fires_at_its_times_in_its_zone_and_begins_when_it_is_applied) {
  TestHub hub;  // Monday 09:00 in Seoul
  hub.apply(report(R"(cron: "0 10 * * *")"));
  hub.run_until(kMonday + 59 * kMinute);
  check_texts(hub, {});
  hub.run_until(kMonday + 3 * kDay);
  check_texts(hub, {"2026-03-02 10:00", "2026-03-03 10:00", "2026-03-04 10:00"});
  const auto events = hub.events();
  BOOST_TEST(parse_json(hub.reader->event(events[0].id)->value().payload.body)->text("firing") ==
             "schedule:report:2026-03-02T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(what_was_missed_is_made_up_for_once_and_the_rest_is_said) {
  TestHub hub;
  hub.apply(report(R"(cron: "0 10 * * *")"));
  hub.run_until(kMonday + 2 * kHour);
  hub.crash();
  hub.clock.set(kMonday + 5 * kDay);
  hub.start();
  hub.run_until(kMonday + 5 * kDay);
  check_texts(hub, {"2026-03-02 10:00", "2026-03-06 10:00"});
  BOOST_TEST(missed(hub) == 1);
  hub.crash();
  hub.start();
  hub.run_until(kMonday + 5 * kDay + kMinute);
  BOOST_TEST(texts(hub).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_schedule_that_skips_makes_up_for_nothing) {
  TestHub hub;
  hub.apply(report(R"(cron: "0 10 * * *", missed: skip)"));
  hub.settle();
  hub.crash();
  hub.clock.set(kMonday + 2 * kDay);
  hub.start();
  hub.run_until(kMonday + 2 * kDay);
  check_texts(hub, {});
  BOOST_TEST(missed(hub) == 2);
  hub.run_until(kMonday + 2 * kDay + kHour);
  check_texts(hub, {"2026-03-04 10:00"});
}

BOOST_AUTO_TEST_CASE(a_recipe_that_is_off_misses_nothing_and_begins_anew_when_it_is_on) {
  TestHub hub;
  hub.apply(report(R"(cron: "0 10 * * *")"));
  hub.settle();
  BOOST_REQUIRE(hub.hub->enable_recipe("report", false).has_value());
  hub.run_until(kMonday + 3 * kDay);
  check_texts(hub, {});
  hub.crash();
  hub.start();
  BOOST_REQUIRE(hub.hub->enable_recipe("report", true).has_value());
  hub.run_until(kMonday + 3 * kDay + 2 * kHour);
  check_texts(hub, {"2026-03-05 10:00"});
  BOOST_TEST(missed(hub) == 0);
}

BOOST_AUTO_TEST_CASE(jumps_of_the_clock_fire_nothing_twice_and_lose_nothing) {
  constexpr Millis kYears = 3653 * kDay;
  for (const Millis jump : {kHour, kDay, kYears}) {
    TestHub hub;
    hub.apply(report(R"(cron: "0 * * * *")"));
    hub.apply(R"yaml(recipe: wait
trigger: {event: acme/note}
steps: [{wait: 90m}, {id: late, use: acme.post, connection: shop, with: {text: waited}}]
)yaml");
    hub.deliver("note", "{}");
    hub.run_until(kMonday + kHour);
    check_texts(hub, {"2026-03-02 10:00"});
    // Forwards: the newest missed firing and the wait, once each.
    hub.clock.set(kMonday + kHour + jump);
    hub.run_until(hub.clock.now());
    const auto forwards = texts(hub);
    BOOST_TEST(std::count(forwards.begin(), forwards.end(), "waited") == (jump >= 30 * kMinute ? 1 : 0));
    BOOST_TEST(forwards.size() == 3u);
    // Back: what fired does not fire again. After a clock that was wrong by years the schedule begins anew: the hours
    // that nobody has seen fire, once each.
    const std::size_t expected = jump == kYears ? 5 : 3;
    hub.clock.set(kMonday + kHour);
    for (int minute = 0; minute < 120; ++minute) {
      hub.run_until(hub.clock.now() + kMinute);
      if (hub.clock.now() >= kMonday + kHour + jump) break;
    }
    BOOST_TEST(texts(hub).size() == expected);
    hub.crash();
    hub.start();
    hub.run_until(hub.clock.now());
    BOOST_TEST(texts(hub).size() == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_wait_survives_a_clock_that_goes_back) {
  TestHub hub;
  hub.apply(R"yaml(recipe: wait
trigger: {event: acme/note}
steps: [{wait: 30m}, {id: late, use: acme.post, connection: shop, with: {text: waited}}]
)yaml");
  hub.deliver("note", "{}");
  for (const Millis back : {kHour, kDay, 3653 * kDay}) {
    hub.clock.set(kMonday - back);
    hub.run_until(kMonday - back + kMinute);
    BOOST_TEST(hub.vendor.messages.empty());
  }
  hub.run_until(kMonday + 30 * kMinute);
  check_texts(hub, {"waited"});
  hub.clock.set(kMonday);
  hub.run_until(kMonday + kDay);
  check_texts(hub, {"waited"});
}

BOOST_AUTO_TEST_CASE(events_come_before_timers_and_timers_before_schedules_at_one_instant) {
  TestHub hub;
  hub.apply(report(R"(cron: "30 9 * * *")"));
  hub.apply(R"yaml(recipe: wait
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
steps: [{wait: 30m}, {id: late, use: acme.post, connection: shop, with: {text: "waited {{ trigger.token }}"}}]
)yaml");
  const auto cart = [&](const char* name) {
    hub.deliver("checkouts/create",
                R"({"email":")" + std::string(name) + R"(@example.com","total":"1","token":")" + name + "\"}");
  };
  cart("a");
  cart("b");
  // The clock is set to the instant; the order of that instant comes; then the clock moves on.
  BOOST_REQUIRE(hub.hub->advance_clock(hub.clock, kMonday + 30 * kMinute).has_value());
  check_texts(hub, {});
  hub.deliver("orders/create", R"({"id":1,"email":"a@example.com","total":"1"})");
  BOOST_REQUIRE(hub.hub->advance_clock(hub.clock, kMonday + kHour).has_value());
  check_texts(hub, {"waited b", "2026-03-02 09:30"});
}

BOOST_AUTO_TEST_CASE(what_no_event_can_undo_is_done_when_the_clock_call_answers) {
  TestHub hub;
  hub.apply(R"yaml(recipe: wait
trigger: {event: acme/note}
steps: [{wait: 30m}, {id: late, use: acme.post, connection: shop, with: {text: waited}}]
)yaml");
  hub.deliver("note", "{}");
  BOOST_REQUIRE(hub.hub->advance_clock(hub.clock, kMonday + 30 * kMinute).has_value());
  check_texts(hub, {"waited"});
  // The same instant once more closes it.
  BOOST_REQUIRE(hub.hub->advance_clock(hub.clock, kMonday + 30 * kMinute).has_value());
  BOOST_TEST(hub.hub->advance_clock(hub.clock, kMonday).error().code == "clock_backwards");
}

BOOST_AUTO_TEST_CASE(a_schedule_that_waited_for_an_event_of_its_instant_fires_when_that_is_routed) {
  TestHub hub;
  hub.apply(report(R"(cron: "0 10 * * *")"));
  hub.run_until(kMonday + 59 * kMinute);
  hub.clock.set(kMonday + kHour);
  hub.engine->post([&] { hub.hub->tick(); });  // runs before the delivery is routed, and nobody ticks again
  hub.deliver("note", R"({"text":"a"})");
  check_texts(hub, {"2026-03-02 10:00"});
}

BOOST_AUTO_TEST_SUITE_END()
