// Civil waits of eleven years in four zones against a table that another implementation of the zone rules made, and
// windows, offsets and the order in which zones count.
#include <fstream>
#include <map>
#include <sstream>

#include "engine/wait_end.hpp"
#include "engine/walking.hpp"

using namespace ieum;
using namespace ieum::engine;
using namespace ieum::engine_test;

namespace {

struct Row {
  std::int64_t from_day;
  int offset;
};
using Table = std::map<int, std::vector<Row>>;  // minute of the day

Table read_table(const std::string& name) {
  std::ifstream file(std::string(IEUM_SOURCE_DIR) + "/tests/data/time/" + name + ".txt");
  BOOST_REQUIRE(file);
  Table table;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    int hour = 0, minute = 0, year = 0, month = 0, day = 0, offset = 0;
    BOOST_REQUIRE_EQUAL(std::sscanf(line.c_str(), "%d:%d %d-%d-%d %d", &hour, &minute, &year, &month, &day, &offset),
                        6);
    table[hour * 60 + minute].push_back({days_from_civil(year, month, day), offset});
  }
  return table;
}

int offset_on(const std::vector<Row>& rows, std::int64_t day) {
  int offset = 0;
  for (const Row& row : rows)
    if (row.from_day <= day) offset = row.offset;
  return offset;
}

std::string end_of(const char* wait, const char* now, const char* zone, const char* customer = "{}") {
  const auto zones = system_zones();
  Walker walk(
      program("- wait: " + std::string(wait) + "\n- {id: next, use: x.y}\n", "timezone: " + std::string(zone) + "\n"),
      value(R"({"date":"2026-05-05"})"));
  walk.facts.zones = zones.get();
  walk.facts.customer = [&] { return value(customer); };
  walk.now = at(now);
  return walk.begin();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_civil_table)

BOOST_AUTO_TEST_CASE(each_day_of_eleven_years_ends_at_its_wall_time) {
  const auto zones = system_zones();
  const expr::MapScope scope;
  const std::pair<const char*, const char*> places[] = {{"Asia/Seoul", "asia_seoul"},
                                                        {"Europe/Berlin", "europe_berlin"},
                                                        {"America/New_York", "america_new_york"},
                                                        {"Australia/Lord_Howe", "australia_lord_howe"}};
  for (const auto& [name, file] : places) {
    const Zone& zone = **zones->find(name);
    int wrong = 0;
    for (const auto& [minute, rows] : read_table(file)) {
      recipe::Wait wait;
      wait.days = 1;
      wait.at_minute = minute;
      for (std::int64_t day = days_from_civil(2025, 1, 2); day < days_from_civil(2036, 1, 1); ++day) {
        // From the noon before, and from one minute before midnight.
        CivilTime before;
        civil_from_days(day - 1, before.year, before.month, before.day);
        before.hour = day % 2 == 0 ? 12 : 23;
        before.minute = day % 2 == 0 ? 0 : 59;
        const Millis now = zone.to_instant(before);
        const Millis expected = (day * 86'400 + minute * 60 - offset_on(rows, day)) * kSecond;
        const auto found = wait_end(wait, zone, zones.get(), scope, now);
        if ((found.has_error() || *found != expected) && ++wrong <= 3)
          BOOST_ERROR(std::string(name) + " day " + std::to_string(day) + " minute " + std::to_string(minute) + ": " +
                      rfc3339_utc(*found) + ", not " + rfc3339_utc(expected));
      }
    }
    BOOST_CHECK_EQUAL(wrong, 0);
  }
}

BOOST_AUTO_TEST_CASE(a_window_moves_an_end_into_its_next_opening) {
  const char* window = R"({window: {from: "09:00", to: "20:00", days: [mon, tue, wed, thu, fri]}})";
  BOOST_CHECK_EQUAL(end_of(window, "2026-03-02T08:59:59+09:00", "Asia/Seoul"), "sleep 2026-03-02T00:00:00Z");
  BOOST_CHECK_EQUAL(end_of(window, "2026-03-02T09:00:00+09:00", "Asia/Seoul"), "act next {}");
  BOOST_CHECK_EQUAL(end_of(window, "2026-03-02T19:59:59+09:00", "Asia/Seoul"), "act next {}");
  BOOST_CHECK_EQUAL(end_of(window, "2026-03-02T20:00:00+09:00", "Asia/Seoul"), "sleep 2026-03-03T00:00:00Z");
  BOOST_CHECK_EQUAL(end_of(window, "2026-03-06T20:00:00+09:00", "Asia/Seoul"), "sleep 2026-03-09T00:00:00Z");
  // After its own wait; over midnight it belongs to the day on which it begins.
  BOOST_CHECK_EQUAL(
      end_of(R"({for: 2h, window: {from: "09:00", to: "20:00"}})", "2026-03-02T19:00:00+09:00", "Asia/Seoul"),
      "sleep 2026-03-03T00:00:00Z");
  const char* night = R"({window: {from: "22:00", to: "06:00", days: [fri]}})";
  BOOST_CHECK_EQUAL(end_of(night, "2026-03-07T05:59:59+09:00", "Asia/Seoul"), "act next {}");
  BOOST_CHECK_EQUAL(end_of(night, "2026-03-07T06:00:00+09:00", "Asia/Seoul"), "sleep 2026-03-13T13:00:00Z");
  // Where the clocks jump over the opening it opens at the first valid instant.
  BOOST_CHECK_EQUAL(end_of(R"({window: {from: "02:15", to: "05:00"}})", "2026-03-29T00:30:00Z", "Europe/Berlin"),
                    "sleep 2026-03-29T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(an_until_takes_its_offset) {
  BOOST_CHECK_EQUAL(end_of("{until: 'trigger.date', offset: -1d}", "2026-03-02T00:00:00Z", "Asia/Seoul"),
                    "sleep 2026-05-03T15:00:00Z");
  BOOST_CHECK_EQUAL(end_of("{until: 'trigger.date', offset: 10h}", "2026-03-02T00:00:00Z", "Asia/Seoul"),
                    "sleep 2026-05-05T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(the_waits_own_zone_counts_before_the_customers_and_that_before_the_recipes) {
  const char* now = "2026-01-05T00:00:00Z";
  const char* berlin = R"({"timezone":"Europe/Berlin"})";
  BOOST_CHECK_EQUAL(end_of(R"({days: 1, at: "10:00"})", now, "America/New_York"), "sleep 2026-01-05T15:00:00Z");
  BOOST_CHECK_EQUAL(end_of(R"({days: 1, at: "10:00"})", now, "America/New_York", berlin), "sleep 2026-01-06T09:00:00Z");
  BOOST_CHECK_EQUAL(end_of(R"({days: 1, at: "10:00", timezone: customer})", now, "America/New_York", berlin),
                    "sleep 2026-01-06T09:00:00Z");
  BOOST_CHECK_EQUAL(end_of(R"({days: 1, at: "10:00", timezone: Asia/Seoul})", now, "America/New_York", berlin),
                    "sleep 2026-01-06T01:00:00Z");
  // One that is not known is passed over.
  BOOST_CHECK_EQUAL(end_of(R"({days: 1, at: "10:00"})", now, "America/New_York", R"({"timezone":"Mars/Base"})"),
                    "sleep 2026-01-05T15:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
