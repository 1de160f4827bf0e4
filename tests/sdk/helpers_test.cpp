// The sdk's own helpers, which every module leans on: times and addresses.
#include <boost/test/unit_test.hpp>

#include "ieum/address.hpp"
#include "ieum/time.hpp"

BOOST_AUTO_TEST_SUITE(sdk)

// Each written time reads back as the same instant, over leap days, years before 1970 and offsets.
BOOST_AUTO_TEST_CASE(times_read_back) {
  for (const std::int64_t ms :
       {std::int64_t{0}, std::int64_t{-1000}, std::int64_t{951'782'400'000}, std::int64_t{1'772'411'400'000},
        std::int64_t{-62'135'596'800'000}, std::int64_t{253'402'300'799'000}}) {
    for (const int offset : {0, 540, -570}) {
      if (ms + offset * 60'000LL < -62'135'596'800'000 || ms + offset * 60'000LL > 253'402'300'799'000) continue;
      const std::string text = ieum::rfc3339_text(ms, offset);
      BOOST_TEST_CONTEXT(text) BOOST_TEST(ieum::read_rfc3339(text).value_or(-1) == ms);
    }
  }
  BOOST_TEST(ieum::rfc3339_text(1'772'411'400'000, ieum::kKoreaMinutes) == "2026-03-02T09:30:00+09:00");
  BOOST_TEST(ieum::rfc3339_text(1'772'411'400'999) == "2026-03-02T00:30:00Z");
  BOOST_TEST(ieum::rfc3339_text(0, -570) == "1969-12-31T14:30:00-09:30");
  BOOST_TEST(ieum::minute_text(1'772'376'000'000, ieum::kKoreaMinutes) == "2026-03-01 23:40");
}

BOOST_AUTO_TEST_CASE(fractions_and_blanks_are_read) {
  BOOST_TEST(ieum::read_rfc3339("2026-03-02T00:30:00.5Z").value_or(0) == 1'772'411'400'500);
  BOOST_TEST(ieum::read_rfc3339("2026-03-02 00:30:00.123456789z").value_or(0) == 1'772'411'400'123);
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_refused) {
  for (const char* text :
       {"", "2026-03-02", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-02T24:00:00Z",
        "2026-03-02T00:60:00Z", "2026-03-02T00:30:00", "2026-03-02T00:30:00+0900", "2026-03-02T00:30:00Zx",
        "2026-03-02T00:30:00+09:60", "2026-03-02T00:30:00.Zz", "-026-03-02T00:30:00Z", "2026-00-02T00:30:00Z"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!ieum::read_rfc3339(text).has_value());
}

BOOST_AUTO_TEST_CASE(addresses_are_known) {
  for (const char* text : {"https://api.example.com", "http://127.0.0.1:9100", "http://[::1]:8080/x",
                           "https://a.example/%ED%95%9C?q=1#f", "https://xn--hu1b.kr:65535/"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(ieum::is_address(text));
  for (const char* text :
       {"", "api.example.com", "ftp://a.example", "https://", "https:///x", "http://a:0/", "http://a:65536",
        "http://a:", "http://user@a.example", "http://a b/", "https://한글.kr/", "https://a.example/%zz",
        "https://a.example/<x>", "https://a.example/[x]", "http://[::1", "http://::1/", "HTTPS://a.example"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!ieum::is_address(text));
}

BOOST_AUTO_TEST_SUITE_END()
