// Durations, times and zones. The zone table comes from another implementation (tests/data/base/make_zones.py).
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

#include "base/clock.hpp"
#include "base/time_text.hpp"
#include "base/zone.hpp"

using namespace ieum;

namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const std::string kZones = IEUM_SOURCE_DIR "/tests/data/base/zoneinfo";

// "2026-03-08T02:30:00.500", as the table writes wall times.
CivilTime civil_of(const std::string& text) {
  CivilTime civil;
  const int read = std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d.%d", &civil.year, &civil.month, &civil.day, &civil.hour,
                               &civil.minute, &civil.second, &civil.millisecond);
  BOOST_REQUIRE(read == 7);
  return civil;
}

const Zone& zone_named(ZoneSource& source, std::string_view name) { return *source.find(name).value(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(time_texts)

BOOST_AUTO_TEST_CASE(durations_are_read) {
  const std::pair<const char*, Millis> cases[] = {
      {"90s", 90 * kSecond},
      {"30m", 30 * kMinute},
      {"5h", 5 * kHour},
      {"7d", 7 * kDay},
      {"2w", 14 * kDay},
      {"250ms", 250},
      {"1h30m", 90 * kMinute},
      {"1w2d3h4m5s6ms", 9 * kDay + 3 * kHour + 4 * kMinute + 5 * kSecond + 6},
      {"0s", 0},
      {"36525d", 36'525 * kDay},
      {"007m", 7 * kMinute}};
  for (const auto& [text, millis] : cases) BOOST_TEST(*parse_duration(text) == millis, text);
}

BOOST_AUTO_TEST_CASE(other_durations_are_refused) {
  for (const char* text : {"",
                           "5",
                           "h",
                           "5 m",
                           " 5m",
                           "5m ",
                           "-5m",
                           "+5m",
                           "1.5h",
                           "1m1h",
                           "1h1h",
                           "1s1s",
                           "1ms1s",
                           "5M",
                           "5min",
                           "1y",
                           "36526d",
                           "36525d1ms",
                           "99999999999999999999d",
                           "1h30",
                           "5분",
                           "1e3s"})
    BOOST_TEST(parse_duration(text).has_error(), text);
}

BOOST_AUTO_TEST_CASE(durations_are_written) {
  BOOST_TEST(duration_text(90 * kMinute) == "1h30m");
  BOOST_TEST(duration_text(0) == "0s");
  BOOST_TEST(duration_text(14 * kDay) == "14d");
  BOOST_TEST(duration_text(1) == "1ms");
  BOOST_TEST(duration_text(kDay + 1) == "1d1ms");
  BOOST_TEST(duration_text(-1'500) == "-1s500ms");
  for (const Millis value : {Millis{1}, Millis{999}, kSecond, 61 * kSecond, 25 * kHour, 400 * kDay + 7})
    BOOST_TEST(*parse_duration(duration_text(value)) == value);
  BOOST_TEST(!duration_text(std::numeric_limits<Millis>::min()).empty());
}

BOOST_AUTO_TEST_CASE(rfc3339_is_read) {
  BOOST_TEST(*parse_rfc3339("1970-01-01T00:00:00Z") == 0);
  BOOST_TEST(*parse_rfc3339("2026-01-31T09:00:00+09:00") == 1'769'817'600'000);
  BOOST_TEST(*parse_rfc3339("2026-01-31t00:00:00.1239z") == 1'769'817'600'123);
  BOOST_TEST(*parse_rfc3339("2026-01-30T19:00:00.5-05:00") == 1'769'817'600'500);
  BOOST_TEST(*parse_rfc3339("1969-12-31T23:59:59.999Z") == -1);
  BOOST_TEST(*parse_rfc3339("2024-02-29T00:00:00-00:00") == *parse_rfc3339("2024-02-29T00:00:00Z"));
  BOOST_TEST(*parse_rfc3339("0001-01-01T00:00:00Z") == -62'135'596'800'000);
  BOOST_TEST(*parse_rfc3339("9999-12-31T23:59:59.999999999Z") == 253'402'300'799'999);
}

BOOST_AUTO_TEST_CASE(other_times_are_refused) {
  for (const char* text : {"",
                           "2026-01-31",
                           "2026-01-31T09:00:00",
                           "2026-01-31T09:00Z",
                           "2026-01-31 09:00:00Z",
                           "2026-1-31T09:00:00Z",
                           "2026-02-30T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00,5Z",
                           "2026-01-01T00:00:00+0900",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00+09:60",
                           "2026-01-01T00:00:00Zx",
                           "0000-01-01T00:00:00Z",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "+2026-01-01T00:00:00Z",
                           "오늘"})
    BOOST_TEST(parse_rfc3339(text).has_error(), text);
}

BOOST_AUTO_TEST_CASE(times_are_written) {
  BOOST_TEST(rfc3339_utc(1'769'817'600'000) == "2026-01-31T00:00:00Z");
  BOOST_TEST(rfc3339_utc(1'769'817'600'050) == "2026-01-31T00:00:00.050Z");
  BOOST_TEST(rfc3339_utc(-1) == "1969-12-31T23:59:59.999Z");
  BOOST_TEST(rfc3339_offset(1'769'817'600'000, 9 * 3600) == "2026-01-31T09:00:00+09:00");
  BOOST_TEST(rfc3339_offset(1'769'817'600'000, -(3 * 3600 + 1800)) == "2026-01-30T20:30:00-03:30");
  BOOST_TEST(rfc3339_offset(1'769'817'600'000, 0) == "2026-01-31T00:00:00+00:00");
  // Seoul's local mean time was +08:27:52; the text has whole minutes and still means the same instant.
  BOOST_TEST(*parse_rfc3339(rfc3339_offset(-2'208'988'800'000, 30'472)) == -2'208'988'800'000);
  BOOST_TEST(http_date(784'111'777'000) == "Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_TEST(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(clocks) {
  ManualClock clock(1'000);
  clock.advance(kMinute);
  BOOST_TEST(clock.now() == 61'000);
  clock.set(5);
  BOOST_TEST(clock.now() == 5);
  BOOST_TEST(SystemClock().now() > *parse_rfc3339("2026-01-01T00:00:00Z"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(zones)

BOOST_AUTO_TEST_CASE(calendar_arithmetic_counts_every_day) {
  std::int64_t expected = days_from_civil(1599, 12, 31);
  int weekday = weekday_from_days(expected);
  const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int year = 1600; year <= 2410; ++year) {
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    for (int month = 1; month <= 12; ++month) {
      const int length = lengths[month - 1] + (month == 2 && leap ? 1 : 0);
      for (int day = 1; day <= length; ++day) {
        ++expected;
        weekday = (weekday + 1) % 7;
        int back_year = 0, back_month = 0, back_day = 0;
        civil_from_days(expected, back_year, back_month, back_day);
        const bool right = days_from_civil(year, month, day) == expected && back_year == year && back_month == month &&
                           back_day == day && weekday_from_days(expected) == weekday;
        if (!right) BOOST_FAIL(year << "-" << month << "-" << day);
      }
    }
  }
  BOOST_TEST(days_from_civil(1970, 1, 1) == 0);
  BOOST_TEST(weekday_from_days(0) == 4);
  BOOST_TEST(days_from_civil(1, 1, 1) == -719'162);
}

BOOST_AUTO_TEST_CASE(zones_agree_with_the_table_in_both_directions) {
  const auto source = system_zones(kZones);
  std::ifstream table(IEUM_SOURCE_DIR "/tests/data/base/zones.txt");
  BOOST_REQUIRE(table.is_open());
  int instants = 0, walls = 0;
  std::string line;
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string direction, name, wall;
    Millis instant = 0;
    words >> direction >> name;
    const Zone& zone = zone_named(*source, name);
    if (direction == "utc") {
      int offset = 0;
      words >> instant >> wall >> offset;
      BOOST_TEST(zone.offset_at(instant) == offset, line);
      BOOST_TEST((zone.to_civil(instant) == civil_of(wall)), line);
      ++instants;
    } else {
      words >> wall >> instant;
      BOOST_TEST(zone.to_instant(civil_of(wall)) == instant, line << " got " << zone.to_instant(civil_of(wall)));
      ++walls;
    }
  }
  BOOST_TEST(instants > 500);
  BOOST_TEST(walls > 500);
}

BOOST_AUTO_TEST_CASE(a_slim_file_says_the_same_as_a_fat_one) {
  const auto source = system_zones(kZones);
  const Zone& fat = zone_named(*source, "America/New_York");
  const Zone& slim = zone_named(*source, "slim/America/New_York");
  for (Millis instant = *parse_rfc3339("1870-01-01T00:00:00Z"); instant < *parse_rfc3339("2150-01-01T00:00:00Z");
       instant += 11 * kHour)
    if (fat.offset_at(instant) != slim.offset_at(instant)) BOOST_FAIL(rfc3339_utc(instant));
  BOOST_TEST(slim.to_instant({2100, 3, 14, 2, 30, 0, 0}) == *parse_rfc3339("2100-03-14T03:00:00-04:00"));
}

BOOST_AUTO_TEST_CASE(a_gap_gives_its_end_and_an_overlap_its_first_pass) {
  const auto source = system_zones(kZones);
  const Zone& new_york = zone_named(*source, "America/New_York");
  BOOST_TEST(new_york.to_instant({2026, 3, 8, 2, 30, 0, 0}) == *parse_rfc3339("2026-03-08T03:00:00-04:00"));
  BOOST_TEST(new_york.to_instant({2026, 11, 1, 1, 30, 0, 0}) == *parse_rfc3339("2026-11-01T01:30:00-04:00"));
  const Zone& apia = zone_named(*source, "Pacific/Apia");  // had no 30th of December 2011
  BOOST_TEST(apia.to_instant({2011, 12, 30, 12, 0, 0, 0}) == *parse_rfc3339("2011-12-31T00:00:00+14:00"));
  const Zone& seoul = zone_named(*source, "Asia/Seoul");
  BOOST_TEST(seoul.to_instant({2026, 11, 21, 10, 0, 0, 250}) == *parse_rfc3339("2026-11-21T10:00:00.250+09:00"));
}

BOOST_AUTO_TEST_CASE(fixed_zones) {
  const Zone zone = Zone::fixed("KST", 9 * 3600);
  BOOST_TEST(zone.name() == "KST");
  BOOST_TEST(zone.offset_at(0) == 32'400);
  BOOST_TEST((zone.to_civil(-1) == CivilTime{1970, 1, 1, 8, 59, 59, 999}));
  BOOST_TEST(zone.to_instant({1970, 1, 1, 8, 59, 59, 999}) == -1);
}

BOOST_AUTO_TEST_CASE(names_are_checked_before_they_become_paths) {
  const auto source = system_zones(kZones);
  for (const char* name : {"", "Asia/Nowhere", "../zoneinfo/Asia/Seoul", "/etc/passwd", "Asia//Seoul", "Asia/Seoul/",
                           "Asia", "asia seoul", "Asia/Seoul\n", "서울", ".", "Asia/../Etc/UTC"})
    BOOST_TEST(source->find(name).error().code == "unknown_zone", name);
  BOOST_TEST(source->find(std::string(200, 'a')).has_error());
  BOOST_TEST(source->find(std::string_view("Asia/Seoul\0x", 12)).has_error());
}

BOOST_AUTO_TEST_CASE(a_zone_is_read_once_and_stays) {
  const auto source = system_zones(kZones);
  const Zone* first = *source->find("Asia/Seoul");
  BOOST_TEST(*source->find("Europe/London") != first);
  BOOST_TEST(*source->find("Asia/Seoul") == first);
  std::vector<std::thread> threads;
  std::vector<const Zone*> found(4);
  for (std::size_t i = 0; i < found.size(); ++i)
    threads.emplace_back([&, i] { found[i] = *source->find("Pacific/Apia"); });
  for (auto& thread : threads) thread.join();
  for (const Zone* zone : found) BOOST_TEST(zone == found.front());
}

BOOST_AUTO_TEST_CASE(seoul_and_utc_are_there_without_files) {
  const auto source = system_zones("/nowhere");
  BOOST_TEST((*source->find("Asia/Seoul"))->offset_at(0) == 32'400);
  BOOST_TEST((*source->find("UTC"))->offset_at(0) == 0);
  BOOST_TEST(source->find("Europe/London").has_error());
}

BOOST_AUTO_TEST_CASE(the_machines_own_zones_are_found) {
  const auto source = system_zones();
  BOOST_TEST((*source->find("Asia/Seoul"))->offset_at(1'769'817'600'000) == 32'400);
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_refused_at_every_length) {
  const std::string whole = file_text(kZones + "/America/New_York");
  BOOST_REQUIRE(Zone::from_tzif("whole", whole).has_value());
  for (std::size_t size = 0; size < whole.size(); ++size)
    if (Zone::from_tzif("cut", std::string_view(whole).substr(0, size)).has_value()) BOOST_FAIL("cut at " << size);
}

// One damaged byte may still be a zone, but must never read beyond the file or give an offset out of bounds.
BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_or_stays_in_bounds) {
  const std::string whole = file_text(kZones + "/Australia/Lord_Howe");
  int accepted = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned char byte : {0x00, 0x01, 0x7F, 0x80, 0xFF, 0x39}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(byte);
      const auto zone = Zone::from_tzif("damaged", damaged);
      if (!zone) continue;
      ++accepted;
      for (const Millis instant :
           {Millis{-3'000'000'000'000}, Millis{0}, Millis{1'769'817'600'000}, Millis{4'108'690'800'000}}) {
        BOOST_REQUIRE(std::abs(zone->offset_at(instant)) < 26 * 3600);
        const Millis back = zone->to_instant(zone->to_civil(instant));
        BOOST_REQUIRE(back <= instant);
      }
    }
  }
  BOOST_TEST(accepted > 0);
}

BOOST_AUTO_TEST_SUITE_END()
