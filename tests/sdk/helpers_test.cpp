// The sdk's own helpers, which every module leans on: times, addresses, and JSON as it was written.
#include <boost/test/unit_test.hpp>

#include "ieum/address.hpp"
#include "ieum/source.hpp"
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

// A text is looked through eight bytes at a time: what stands behind it is found wherever its quotes and backslashes are.
BOOST_AUTO_TEST_CASE(a_member_behind_a_text_is_found_whatever_is_in_the_text) {
  for (const std::string special : {"\\\"", "\\\\", "{", "}", "]", ",", "하", "\\u0041"})
    for (std::size_t length = 0; length < 20; ++length)
      for (std::size_t at = 0; at <= length; ++at) {
        const std::string text = "\"" + std::string(at, 'a') + special + std::string(length - at, 'b') + "\"";
        const std::string object = "{\"first\":" + text + ",\"list\":[" + text + ",{\"in\":" + text + "}],\"last\":7}";
        BOOST_TEST(ieum::member_source(object, "first") == text);
        BOOST_TEST(ieum::member_source(object, "last") == "7");
      }
}

BOOST_AUTO_TEST_CASE(the_members_of_an_inner_object_are_found_on_the_same_way) {
  const std::string text = R"({"phase":"begin","inputs":{"a":1.50,"n\u0061me":"x","deep":{"a":2}},"now_ms":3})";
  ieum::Members inner;
  const ieum::Members outer(text, "inputs", inner);
  BOOST_TEST(outer.source("phase") == "\"begin\"");
  BOOST_TEST(outer.source("now_ms") == "3");
  BOOST_TEST(outer.source("a").empty());
  BOOST_TEST(inner.source("a") == "1.50");
  BOOST_TEST(inner.source("name") == "\"x\"");
  BOOST_TEST(inner.source("deep") == R"({"a":2})");
  BOOST_TEST(outer.source("inputs") == R"({"a":1.50,"n\u0061me":"x","deep":{"a":2}})");
  for (const std::string broken : {"", "[]", "{", "{\"a\"", "{\"a\":", "{\"a\":\"", "{a:1}"}) {
    const ieum::Members none(broken);
    BOOST_TEST(none.source("b").empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
