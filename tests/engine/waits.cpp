// When waits end: durations, civil times, both DST changes of New York, and times that a recipe computes.
#include "engine/wait_end.hpp"
#include "engine/walking.hpp"

using namespace ieum;
using namespace ieum::engine;
using namespace ieum::engine_test;

namespace {

struct Case {
  const char* zone;
  const char* wait;
  const char* now;
  const char* expected;  // "" does not sleep
};

void check(const Case& c) {
  const auto zones = system_zones();
  Walker walk(
      program("- wait: " + std::string(c.wait) + "\n- {id: next, use: x.y}\n",
              "timezone: " + std::string(c.zone) + "\n"),
      value(
          R"({"date":"2026-05-05","local":"2026-05-05 09:30","exact":"2026-05-05T00:00:00+09:00","seconds":"2026-05-05T09:30:15","bad":"2026-02-31","feb":"2024-02-29"})"));
  walk.facts.zones = zones.get();
  walk.now = at(c.now);
  const std::string found = walk.begin();
  const std::string expected = *c.expected == '\0' ? "act next {}" : "sleep " + std::string(c.expected);
  BOOST_CHECK_MESSAGE(found == expected,
                      c.zone << " " << c.wait << " at " << c.now << ": " << found << ", not " << expected);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_waits)

BOOST_AUTO_TEST_CASE(durations_and_days_are_elapsed_time) {
  check({"Asia/Seoul", "1h30m", "2026-03-02T00:00:00Z", "2026-03-02T01:30:00Z"});
  check({"Asia/Seoul", "0s", "2026-03-02T00:00:00Z", ""});
  // Across the spring change of 8 March: N days without a time are N * 24 h, whatever the clocks do.
  check({"America/New_York", "{days: 1}", "2026-03-07T17:00:00Z", "2026-03-08T17:00:00Z"});
  check({"Asia/Seoul", "{days: 0}", "2026-03-02T00:00:00Z", ""});
}

BOOST_AUTO_TEST_CASE(days_at_a_time_follow_the_calendar) {
  check({"Asia/Seoul", "{days: 1, at: \"10:00\"}", "2026-03-02T00:00:00Z", "2026-03-03T01:00:00Z"});
  // 15:30Z is already the next day in Seoul.
  check({"Asia/Seoul", "{days: 1, at: \"10:00\"}", "2026-03-02T15:30:00Z", "2026-03-04T01:00:00Z"});
  check({"Asia/Seoul", "{days: 3, at: \"10:00\"}", "2026-02-27T00:00:00Z", "2026-03-02T01:00:00Z"});
  check({"Asia/Seoul", "{days: 0, at: \"10:00\"}", "2026-03-02T00:59:59Z", "2026-03-02T01:00:00Z"});
  // Today's time is over: it does not wait for tomorrow.
  check({"Asia/Seoul", "{days: 0, at: \"10:00\"}", "2026-03-02T02:00:00Z", ""});
  // The same wall time on both sides of a DST change: 23 and 25 hours.
  check({"America/New_York", "{days: 1, at: \"12:00\"}", "2026-03-07T17:00:00Z", "2026-03-08T16:00:00Z"});
  check({"America/New_York", "{days: 1, at: \"12:00\"}", "2026-10-31T16:00:00Z", "2026-11-01T17:00:00Z"});
}

BOOST_AUTO_TEST_CASE(gap_and_overlap) {
  // 02:30 does not exist on 8 March 2026: the first valid instant after the gap is 03:00 EDT.
  check({"America/New_York", "{days: 1, at: \"02:30\"}", "2026-03-07T17:00:00Z", "2026-03-08T07:00:00Z"});
  // 01:30 comes twice on 1 November 2026: the first one, EDT.
  check({"America/New_York", "{days: 1, at: \"01:30\"}", "2026-10-31T16:00:00Z", "2026-11-01T05:30:00Z"});
  // Between the two, the next 01:30 is tomorrow's: today's was the first one.
  check({"America/New_York", "{at: \"01:30\"}", "2026-11-01T05:45:00Z", "2026-11-02T06:30:00Z"});
}

BOOST_AUTO_TEST_CASE(a_time_alone_is_its_next_occurrence) {
  check({"Asia/Seoul", "{at: \"10:00\"}", "2026-03-02T00:00:00Z", "2026-03-02T01:00:00Z"});
  check({"Asia/Seoul", "{at: \"10:00\"}", "2026-03-02T01:00:01Z", "2026-03-03T01:00:00Z"});
  // Exactly then: the next one, so that two such waits are a day apart.
  check({"Asia/Seoul", "{at: \"10:00\"}", "2026-03-02T01:00:00Z", "2026-03-03T01:00:00Z"});
  check({"Asia/Seoul", "{at: \"00:00\"}", "2026-12-31T14:59:59Z", "2026-12-31T15:00:00Z"});
}

BOOST_AUTO_TEST_CASE(until_takes_instants_and_civil_times) {
  check({"America/New_York", "{until: 'trigger.exact'}", "2026-03-02T00:00:00Z", "2026-05-04T15:00:00Z"});
  check({"Asia/Seoul", "{until: 'trigger.date'}", "2026-03-02T00:00:00Z", "2026-05-04T15:00:00Z"});
  check({"Asia/Seoul", "{until: 'trigger.local'}", "2026-03-02T00:00:00Z", "2026-05-05T00:30:00Z"});
  check({"America/New_York", "{until: 'trigger.seconds'}", "2026-03-02T00:00:00Z", "2026-05-05T13:30:15Z"});
  check({"Asia/Seoul", "{until: 'now + duration(\"90m\")'}", "2026-03-02T00:00:00Z", "2026-03-02T01:30:00Z"});
  check({"Asia/Seoul", "{until: 'timestamp(trigger.exact) - duration(\"24h\")'}", "2026-03-02T00:00:00Z",
         "2026-05-03T15:00:00Z"});
  check({"Asia/Seoul", "{until: 'trigger.date'}", "2026-05-04T15:00:00Z", ""});
  check({"Asia/Seoul", "{until: 'trigger.feb'}", "2024-01-01T00:00:00Z", "2024-02-28T15:00:00Z"});
}

BOOST_AUTO_TEST_CASE(until_refuses_what_is_no_time) {
  for (const char* expression :
       {"trigger.bad", "3", "null", "\"9시\"", "\"2026-03-02T25:00\"", "\"2026-3-2\"", "\"2026-03-02T09:00:60\""}) {
    Walker walk(program("- wait: {until: '" + std::string(expression) + "'}\n"), value(R"({"bad":"2026-02-31"})"));
    BOOST_CHECK_MESSAGE(walk.begin().starts_with("failed expression_failed: line 4, `wait`"), expression);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_zone_is_seoul) {
  check({"Mars/Olympus", "{days: 1, at: \"10:00\"}", "2026-03-02T00:00:00Z", "2026-03-03T01:00:00Z"});
  Walker walk(program("- wait: {days: 1, at: \"10:00\"}\n", "timezone: Asia/Seoul\n"));
  BOOST_CHECK_EQUAL(walk.begin(), "sleep 2026-03-03T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(weeks_pass_in_a_loop) {
  Walker walk(
      program("- wait: {at: \"10:00\"}\n- wait: {at: \"10:00\"}\n- wait: {days: 7, at: \"10:00\"}\n- wait: 2w\n"));
  BOOST_CHECK_EQUAL(walk.begin(), "sleep 2026-03-02T01:00:00Z");
  BOOST_CHECK_EQUAL(walk.timer(), "sleep 2026-03-03T01:00:00Z");
  BOOST_CHECK_EQUAL(walk.timer(), "sleep 2026-03-10T01:00:00Z");
  BOOST_CHECK_EQUAL(walk.timer(), "sleep 2026-03-24T01:00:00Z");
  BOOST_CHECK_EQUAL(walk.timer(), "finished");
}

BOOST_AUTO_TEST_SUITE_END()
