// Cron: what the five fields mean, and the next time in zones with gaps and overlaps.
#include "recipe/cron.hpp"

#include <boost/test/unit_test.hpp>

#include "base/time_text.hpp"

using namespace ieum;
using namespace ieum::recipe;

namespace {

const Zone& zone(const char* name) {
  static const std::unique_ptr<ZoneSource> source = system_zones();
  const auto found = source->find(name);
  BOOST_REQUIRE_MESSAGE(found, name);
  return **found;
}

// The next `count` times after `from`, in the zone's own time, without the year.
std::string next(const char* cron, const char* zone_name, const char* from, int count) {
  const auto parsed = parse_cron(cron);
  BOOST_REQUIRE_MESSAGE(parsed, cron << ": " << parsed.error().text());
  const Zone& rules = zone(zone_name);
  Millis at = parse_rfc3339(from).value();
  std::string text;
  for (int i = 0; i < count; ++i) {
    const auto found = next_time(*parsed, rules, at);
    if (!found) return text + "none";
    BOOST_CHECK_GT(*found, at);
    at = *found;
    text += rfc3339_offset(at, rules.offset_at(at)).substr(5) + " ";
  }
  return text;
}

std::string bad(const char* cron) {
  const auto parsed = parse_cron(cron);
  if (parsed) return "good";
  BOOST_CHECK_EQUAL(parsed.error().code, "bad_cron");
  BOOST_CHECK(!parsed.error().mend.empty());
  return parsed.error().place;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_cron)

BOOST_AUTO_TEST_CASE(fields_are_sets) {
  const Cron cron = parse_cron("*/20 9-18/3 1,15 jan-mar,12 MON-fri").value();
  BOOST_CHECK_EQUAL(cron.minutes, 1u | 1u << 20 | std::uint64_t{1} << 40);
  BOOST_CHECK_EQUAL(cron.hours, 1u << 9 | 1u << 12 | 1u << 15 | 1u << 18);
  BOOST_CHECK_EQUAL(cron.days, 1u << 1 | 1u << 15);
  BOOST_CHECK_EQUAL(cron.months, 1u << 1 | 1u << 2 | 1u << 3 | 1u << 12);
  BOOST_CHECK_EQUAL(cron.weekdays, 0b0111110u);
  BOOST_CHECK(!cron.any_day);
  BOOST_CHECK(!cron.any_weekday);
  const Cron all = parse_cron(" *\t*  * * * ").value();
  BOOST_CHECK_EQUAL(all.minutes, (std::uint64_t{1} << 60) - 1);
  BOOST_CHECK_EQUAL(all.hours, (1u << 24) - 1);
  BOOST_CHECK_EQUAL(all.days, 0xFFFFFFFEu);
  BOOST_CHECK_EQUAL(all.months, 0b1111111111110u);
  BOOST_CHECK_EQUAL(all.weekdays, 0b1111111u);
  BOOST_CHECK(all.any_day && all.any_weekday);
}

BOOST_AUTO_TEST_CASE(sunday_has_two_numbers) {
  for (const char* cron : {"0 0 * * 0", "0 0 * * 7", "0 0 * * sun", "0 0 * * 7-7"})
    BOOST_CHECK_EQUAL(parse_cron(cron).value().weekdays, 1u);
  BOOST_CHECK_EQUAL(parse_cron("0 0 * * fri-sun").value().weekdays, 0b1100001u);
  BOOST_CHECK_EQUAL(parse_cron("0 0 * * 5-7").value().weekdays, 0b1100001u);
  BOOST_CHECK_EQUAL(parse_cron("0 0 * * sun-mon").value().weekdays, 0b11u);
  BOOST_CHECK_EQUAL(parse_cron("0 0 * * */2").value().weekdays, 0b1010101u);
}

BOOST_AUTO_TEST_CASE(names_stand_for_five_fields) {
  const char* from = "2026-03-04T10:20:30+09:00";
  BOOST_CHECK_EQUAL(next("@hourly", "Asia/Seoul", from, 1), "03-04T11:00:00+09:00 ");
  BOOST_CHECK_EQUAL(next("@daily", "Asia/Seoul", from, 1), "03-05T00:00:00+09:00 ");
  BOOST_CHECK_EQUAL(next("@Weekly", "Asia/Seoul", from, 1), "03-08T00:00:00+09:00 ");
  BOOST_CHECK_EQUAL(next("@monthly", "Asia/Seoul", from, 1), "04-01T00:00:00+09:00 ");
}

BOOST_AUTO_TEST_CASE(errors_name_the_field) {
  for (const auto& [cron, field] : std::initializer_list<std::pair<const char*, const char*>>{
           {"60 * * * *", "1"},
           {"-1 * * * *", "1"},
           {"*/0 * * * *", "1"},
           {"*/60 * * * *", "1"},
           {"5/15 * * * *", "1"},
           {"* 24 * * *", "2"},
           {"* 18-9 * * *", "2"},
           {"* 9, * * *", "2"},
           {"* 1-2-3 * * *", "2"},
           {"* * 0 * *", "3"},
           {"* * 32 * *", "3"},
           {"* * * 13 *", "4"},
           {"* * * mon *", "4"},
           {"* * * * 8", "5"},
           {"* * * * mon,", "5"},
           {"* * * * 월", "5"},
           {"* * * *", "4"},
           {"* * * * * *", "6"},
           {"", "0"},
           {"@reboot", "1"},
           {"0 0 30 feb *", "3"},
           {"0 0 31 4,6,9,11 *", "3"},
           {"99999999999 * * * *", "1"},
       })
    BOOST_CHECK_MESSAGE(bad(cron) == field, cron << ": " << bad(cron));
  BOOST_CHECK_EQUAL(bad(std::string(10'000, '*').c_str()), "1");
  BOOST_CHECK_EQUAL(bad("0 0 29 2 *"), "good");
  BOOST_CHECK_EQUAL(bad("0 0 30,28 feb *"), "good");
  BOOST_CHECK_EQUAL(bad("0 0 30 feb mon"), "good");  // Mondays of February
}

BOOST_AUTO_TEST_CASE(the_next_time_is_strictly_later) {
  BOOST_CHECK_EQUAL(next("0 10 * * mon", "Asia/Seoul", "2026-03-02T09:59:59+09:00", 2),
                    "03-02T10:00:00+09:00 03-09T10:00:00+09:00 ");
  BOOST_CHECK_EQUAL(next("0 10 * * mon", "Asia/Seoul", "2026-03-02T10:00:00+09:00", 1), "03-09T10:00:00+09:00 ");
  // Monday in Seoul is still Sunday in UTC.
  BOOST_CHECK_EQUAL(next("30 3 * * mon", "Asia/Seoul", "2026-03-01T18:00:00Z", 1), "03-02T03:30:00+09:00 ");
  BOOST_CHECK_EQUAL(next("59 23 31 12 *", "Asia/Seoul", "2026-12-31T23:59:00+09:00", 1), "12-31T23:59:00+09:00 ");
}

BOOST_AUTO_TEST_CASE(day_and_weekday_are_either_or) {
  // The 13th and every Friday: the 13th of March 2026 is one.
  BOOST_CHECK_EQUAL(next("0 0 13 * fri", "Asia/Seoul", "2026-04-01T00:00:00+09:00", 4),
                    "04-03T00:00:00+09:00 04-10T00:00:00+09:00 04-13T00:00:00+09:00 04-17T00:00:00+09:00 ");
  // With a star one of them is no restriction.
  BOOST_CHECK_EQUAL(next("0 0 13 * *", "Asia/Seoul", "2026-04-01T00:00:00+09:00", 2),
                    "04-13T00:00:00+09:00 05-13T00:00:00+09:00 ");
  BOOST_CHECK_EQUAL(next("0 0 * * fri", "Asia/Seoul", "2026-04-01T00:00:00+09:00", 2),
                    "04-03T00:00:00+09:00 04-10T00:00:00+09:00 ");
}

BOOST_AUTO_TEST_CASE(rare_dates_come_or_not) {
  BOOST_CHECK_EQUAL(next("0 0 29 2 *", "Asia/Seoul", "2026-01-01T00:00:00+09:00", 1), "02-29T00:00:00+09:00 ");
  BOOST_CHECK_EQUAL(next("0 0 31 * *", "Asia/Seoul", "2026-01-31T00:00:00+09:00", 2),
                    "03-31T00:00:00+09:00 05-31T00:00:00+09:00 ");
  // 2100 has no 29 February: eight years from one to the next.
  BOOST_CHECK_EQUAL(next("0 0 29 2 *", "Asia/Seoul", "2096-02-29T00:00:00+09:00", 1), "02-29T00:00:00+09:00 ");
  const Cron cron = parse_cron("0 0 1 1 *").value();
  BOOST_CHECK(!next_time(cron, zone("Asia/Seoul"), INT64_MAX));
  BOOST_CHECK(!next_time(cron, zone("Asia/Seoul"), INT64_MIN));
  BOOST_CHECK(!next_time(Cron{}, zone("Asia/Seoul"), 0));
}

// Berlin: 29 March 2026 02:00 -> 03:00, 25 October 2026 03:00 -> 02:00.
BOOST_AUTO_TEST_CASE(berlin) {
  BOOST_CHECK_EQUAL(next("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
                    "03-28T02:30:00+01:00 03-29T03:00:00+02:00 03-30T02:30:00+02:00 ");
  // All times of the gap are one, and it is that of 03:00 itself.
  BOOST_CHECK_EQUAL(next("*/20 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 4),
                    "03-29T03:00:00+02:00 03-29T03:20:00+02:00 03-29T03:40:00+02:00 03-30T02:00:00+02:00 ");
  BOOST_CHECK_EQUAL(next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
                    "10-25T02:30:00+02:00 10-26T02:30:00+01:00 ");
  // The hour that comes twice fires in its first pass only, also asked from between the two.
  BOOST_CHECK_EQUAL(next("30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", 1), "10-26T02:30:00+01:00 ");
  BOOST_CHECK_EQUAL(next("0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 3),
                    "10-25T02:00:00+02:00 10-25T03:00:00+01:00 10-25T04:00:00+01:00 ");
}

// New York: 8 March 2026 02:00 -> 03:00, 1 November 2026 02:00 -> 01:00.
BOOST_AUTO_TEST_CASE(new_york) {
  BOOST_CHECK_EQUAL(next("15 2 * * sun", "America/New_York", "2026-03-02T00:00:00Z", 2),
                    "03-08T03:00:00-04:00 03-15T02:15:00-04:00 ");
  BOOST_CHECK_EQUAL(next("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2),
                    "11-01T01:30:00-04:00 11-02T01:30:00-05:00 ");
}

// Lord Howe moves by half an hour: 5 April 2026 02:00 -> 01:30, 4 October 2026 02:00 -> 02:30.
BOOST_AUTO_TEST_CASE(lord_howe) {
  BOOST_CHECK_EQUAL(next("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 2),
                    "10-04T02:30:00+11:00 10-05T02:15:00+11:00 ");
  BOOST_CHECK_EQUAL(next("*/15 1,2 * * *", "Australia/Lord_Howe", "2026-10-03T14:50:00Z", 4),
                    "10-04T01:30:00+10:30 10-04T01:45:00+10:30 10-04T02:30:00+11:00 10-04T02:45:00+11:00 ");
  BOOST_CHECK_EQUAL(next("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2),
                    "04-05T01:45:00+11:00 04-06T01:45:00+10:30 ");
}

// Apia left out 30 December 2011: its times are the first of the 31st.
BOOST_AUTO_TEST_CASE(a_day_that_never_was) {
  BOOST_CHECK_EQUAL(next("0 12 30 12 *", "Pacific/Apia", "2011-12-29T00:00:00Z", 1), "12-31T00:00:00+14:00 ");
}

// Ten years of a nightly job: once for each date, whatever the clocks do.
BOOST_AUTO_TEST_CASE(each_day_once_in_ten_years) {
  for (const char* name : {"Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"}) {
    const Zone& rules = zone(name);
    const Cron cron = parse_cron("30 2 * * *").value();
    Millis at = parse_rfc3339("2025-12-31T12:00:00Z").value();
    CivilTime before = rules.to_civil(at);
    for (int i = 0; i < 3652; ++i) {
      at = next_time(cron, rules, at).value();
      const CivilTime here = rules.to_civil(at);
      BOOST_REQUIRE_EQUAL(days_from_civil(here.year, here.month, here.day),
                          days_from_civil(before.year, before.month, before.day) + 1);
      before = here;
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
