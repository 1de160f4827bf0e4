// HTTP values and URLs: what a recipe or a vendor wrote is checked before it goes anywhere.
#include "base/http.hpp"

#include <boost/test/unit_test.hpp>

#include "base/clock.hpp"
#include "base/time_text.hpp"
#include "base/url.hpp"

using namespace ieum;

namespace {

std::string refusal(std::string_view text) {
  const auto url = parse_url(text);
  return url ? "accepted: " + url->origin() + url->target : url.error().code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(header_names_compare_without_case) {
  Headers headers{{"Accept", "a"}, {"X-One", "1"}, {"accept", "b"}};
  BOOST_TEST(headers.get("ACCEPT").value() == "a");
  BOOST_TEST(headers.count("Accept") == 2u);
  headers.set("aCCept", "c");
  BOOST_TEST(headers.count("accept") == 1u);
  BOOST_TEST(headers.fields().front().second == "c");
  headers.set("New", "n");
  BOOST_TEST(headers.fields().back().first == "New");
  headers.remove("x-one");
  BOOST_TEST(!headers.get("X-One").has_value());
  BOOST_TEST(headers.fields().size() == 2u);
}

BOOST_AUTO_TEST_CASE(outbound_headers_are_checked) {
  BOOST_TEST(check_outbound_header("X-Custom", "값 and tab\tinside").has_value());
  BOOST_TEST(check_outbound_header("Authorization", "Bearer x").has_value());
  BOOST_TEST(check_outbound_header("Content-Type", "").has_value());
  for (const char* name : {"", "a b", "a:b", "이름", "a\r\n", "a\"", "(x)"})
    BOOST_TEST(check_outbound_header(name, "v").error().code == "invalid_header", name);
  for (const char* name : {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "Keep-Alive", "TE", "Trailer",
                           "Upgrade", "Proxy-Authorization", "Expect"})
    BOOST_TEST(check_outbound_header(name, "v").error().code == "invalid_header", name);
  for (const std::string_view value :
       {std::string_view("a\r\nX: y"), std::string_view("a\nb"), std::string_view("a\0b", 3), std::string_view("\x7F"),
        std::string_view("\x1B[0m")})
    BOOST_TEST(check_outbound_header("X-Custom", value).has_error());
}

BOOST_AUTO_TEST_CASE(RET_03_retry_after_in_seconds) {
  BOOST_TEST(parse_retry_after("5", 0).value() == 5'000);
  BOOST_TEST(parse_retry_after("2.0", 0).value() == 2'000);
  BOOST_TEST(parse_retry_after(" 0.5 ", 0).value() == 500);
  BOOST_TEST(parse_retry_after("0.0001", 0).value() == 1);
  BOOST_TEST(parse_retry_after("1.2340", 0).value() == 1'234);
  BOOST_TEST(parse_retry_after("0", 0).value() == 0);
  BOOST_TEST(parse_retry_after("1000000000", 0).value() == kDay);
  BOOST_TEST(parse_retry_after("99999999999999999999999999", 0).value() == kDay);
  BOOST_TEST(parse_retry_after("86400.999", 0).value() == kDay);
  for (const char* text : {"", "-1", "+5", "soon", "5s", "5 5", "1e3", "5.", ".5", "0x5", "1,5", "-0", "잠시"})
    BOOST_TEST(!parse_retry_after(text, 0).has_value(), text);
}

BOOST_AUTO_TEST_CASE(RET_03_retry_after_as_a_date) {
  const Millis now = *parse_rfc3339("1994-11-06T08:49:30Z");
  BOOST_TEST(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now).value() == 7'000);
  BOOST_TEST(parse_retry_after("Sunday, 06-Nov-94 08:49:37 GMT", now).value() == 7'000);
  BOOST_TEST(parse_retry_after("Sun Nov  6 08:49:37 1994", now).value() == 7'000);
  BOOST_TEST(parse_retry_after("Sun, 06 Nov 1994 08:49:30 GMT", now).value() == 0);
  BOOST_TEST(parse_retry_after("Mon, 06 Nov 1995 08:49:37 GMT", now).value() == kDay);
  BOOST_TEST(!parse_retry_after("Sun, 06 Nov 1994 08:49:29 GMT", now).has_value());
  const Millis lately = *parse_rfc3339("2026-11-21T00:00:00Z");
  BOOST_TEST(parse_retry_after(http_date(lately + 90 * kSecond), lately).value() == 90'000);
  BOOST_TEST(parse_retry_after("Saturday, 21-Nov-26 00:01:00 GMT", lately).value() == 60'000);
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 KST", "Sun, 31 Feb 2094 08:49:37 GMT",
        "Sun, 06 Nov 2094 24:49:37 GMT", "Sun, 6 Nov 2094 08:49:37 GMT", "06 Nov 2094 08:49:37 GMT",
        "Sun, 06 nov 2094 08:49:37 GMT", "Sun, 00 Nov 2094 08:49:37 GMT", "Sun, 06 Nov 2094 08:49:37 GMT x"})
    BOOST_TEST(!parse_retry_after(text, now).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(urls)

BOOST_AUTO_TEST_CASE(parts_of_a_url) {
  const Url url = *parse_url("HTTPS://API.Example.COM/v1/%EA%B0%80?q=a%20b&x=1#frag");
  BOOST_TEST(url.scheme == "https");
  BOOST_TEST(url.host == "api.example.com");
  BOOST_TEST(url.port == 443);
  BOOST_TEST(url.target == "/v1/%EA%B0%80?q=a%20b&x=1");
  BOOST_TEST(url.origin() == "https://api.example.com");

  BOOST_TEST(parse_url("http://h")->target == "/");
  BOOST_TEST(parse_url("http://h")->port == 80);
  BOOST_TEST(parse_url("http://h?x=1")->target == "/?x=1");
  BOOST_TEST(parse_url("http://h#f")->target == "/");
  BOOST_TEST(parse_url("http://h:8080/")->origin() == "http://h:8080");
  BOOST_TEST(parse_url("https://h:443/")->origin() == "https://h");
  BOOST_TEST(parse_url("http://h:443/")->origin() == "http://h:443");
  BOOST_TEST(parse_url("http://h:/x")->port == 80);
  BOOST_TEST(parse_url("http://127.0.0.1:65535/")->port == 65535);
  const Url v6 = *parse_url("http://[2001:DB8::1]:81/x");
  BOOST_TEST(v6.host == "2001:db8::1");
  BOOST_TEST(v6.origin() == "http://[2001:db8::1]:81");
  BOOST_TEST(parse_url("https://[::1]/")->origin() == "https://[::1]");
  BOOST_TEST(parse_url("https://xn--hq1bm8jm9l.xn--3e0b707e/")->host == "xn--hq1bm8jm9l.xn--3e0b707e");
}

BOOST_AUTO_TEST_CASE(other_urls_are_refused) {
  for (const char* text : {"",
                           "example.com",
                           "/path",
                           "//h/x",
                           "ftp://h/",
                           "file:///etc/passwd",
                           "javascript:alert(1)",
                           "http:",
                           "http:/h",
                           "http://",
                           "http:///x",
                           "https://user@h/",
                           "https://user:pass@h/",
                           "https://@h/",
                           "http://h:0/",
                           "http://h:65536/",
                           "http://h:99999/",
                           "http://h:x/",
                           "http://h /",
                           " http://h/",
                           "http://h/ ",
                           "http://h/a b",
                           "http://h/\r\nX: y",
                           "http://h/\x7F",
                           "http://h/가",
                           "http://한국/",
                           "http://h/%",
                           "http://h/%zz",
                           "http://h\\@evil/",
                           "http://%68/",
                           "http://a%2Fb/",
                           "http://a*b/",
                           "http://[::1/",
                           "http://[fe80::1%25eth0]/",
                           "http://[v1.x]/",
                           "http://::1/",
                           "http://h/<x>",
                           "http://h/{x}",
                           "http://a,b/",
                           "https://h/\"",
                           "http://[::ffff:1.2.3.400]/"})
    BOOST_TEST(refusal(text) == "bad_url", text << " " << refusal(text));
  BOOST_TEST(refusal("http://h/" + std::string(9'000, 'a')) == "bad_url");
  BOOST_TEST(refusal("http://" + std::string(254, 'a') + "/") == "bad_url");
  BOOST_TEST(parse_url(std::string_view("http://h/\0", 10)).has_error());
}

BOOST_AUTO_TEST_CASE(forms) {
  BOOST_TEST(form_encode({{"이름", "김 & 이"}, {"a*b", "-._~+"}, {"", ""}}) ==
             "%EC%9D%B4%EB%A6%84=%EA%B9%80+%26+%EC%9D%B4&a*b=-._%7E%2B&=");
  const QueryPairs pairs = *form_decode("%EC%9D%B4%EB%A6%84=%EA%B9%80+%26+%ec%9d%b4&a=1&a=2&flag&x==y&&");
  const QueryPairs wanted = {{"이름", "김 & 이"}, {"a", "1"}, {"a", "2"}, {"flag", ""}, {"x", "=y"}};
  BOOST_TEST((pairs == wanted));
  BOOST_TEST(form_decode("")->empty());
  for (const char* text : {"a=%", "a=%4", "%zz=1", "a=%FF", "%B0%A1=1"})
    BOOST_TEST(form_decode(text).error().code == "bad_form", text);
}

BOOST_AUTO_TEST_CASE(a_form_has_at_most_a_thousand_pairs) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += "a=1&";
  BOOST_TEST(form_decode(text)->size() == 1'000u);
  BOOST_TEST(form_decode(text + "a=1").error().code == "bad_form");
}

BOOST_AUTO_TEST_SUITE_END()
