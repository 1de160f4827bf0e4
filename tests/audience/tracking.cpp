// Tracking: addresses that say by themselves whose they are and where they lead, links of HTML, and who was no person.
#include "audience/tracking.hpp"

#include <boost/test/unit_test.hpp>

#include "base/encoding.hpp"

using namespace ieum;
using namespace ieum::audience;

namespace {

constexpr Millis kNow = 1'775'440'000'000;
const std::string kKey = "a key of the hub";

Ticket link(const std::string& target = "https://shop.example.kr/p/8001?a=1&b=2#top") {
  return {Ticket::Kind::link, kNow, 7, 9, 5, "review", target};
}

// Every link becomes "<name|target>".
std::string shown(const std::string& html) {
  return with_links(html, [](const Link& one) { return "@" + one.name + "|" + one.target; });
}

std::string_view agent(const std::string& user_agent, Millis after = kHour, const std::string& channel = "email",
                       const std::string& method = "GET") {
  return machine_of({method, user_agent, channel, after});
}

const std::string kPhone =
    "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile "
    "Safari/537.36";

}  // namespace

BOOST_AUTO_TEST_SUITE(tracking)

BOOST_AUTO_TEST_CASE(an_address_says_what_it_stands_for) {
  const auto read = opened(sealed(link(), kKey), Ticket::Kind::link, kKey, kNow + kDay);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->issued_ms == kNow);
  BOOST_TEST(read->run == 7);
  BOOST_TEST(read->step == 9);
  BOOST_TEST(read->customer == 5);
  BOOST_TEST(read->name == "review");
  BOOST_TEST(read->target == "https://shop.example.kr/p/8001?a=1&b=2#top");
  Ticket strange = link();
  strange.name = "두\n줄";
  BOOST_TEST(opened(sealed(strange, kKey), Ticket::Kind::link, kKey, kNow)->name == "두 줄");
  BOOST_TEST(opened(sealed(strange, kKey), Ticket::Kind::link, kKey, kNow)->target == link().target);
}

BOOST_AUTO_TEST_CASE(OUT_13_an_address_that_the_hub_did_not_write_is_none) {
  const std::string good = sealed(link(), kKey);
  const auto reads = [](const std::string& text, Ticket::Kind kind = Ticket::Kind::link, Millis now = kNow) {
    return opened(text, kind, kKey, now).has_value();
  };
  BOOST_TEST(reads(good));
  // Another target under the same signature, and none at all.
  const std::string bytes = *base64url_decode(good), tag = bytes.substr(bytes.size() - 16);
  const std::string said = bytes.substr(0, bytes.size() - 16), start = said.substr(0, said.rfind('\n') + 1);
  for (const char* target : {"https://evil.example/", "//evil.example", "javascript:alert(1)", ""}) {
    BOOST_TEST(!reads(base64url_encode(start + target + tag)), target);
    BOOST_TEST(!reads(base64url_encode(start + target)), target);
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    BOOST_TEST(!reads(changed), at);
  }
  for (std::size_t size = 0; size < good.size(); ++size) BOOST_TEST(!reads(good.substr(0, size)), size);
  BOOST_TEST(!opened(good, Ticket::Kind::link, "another key", kNow));
  BOOST_TEST(!reads(good, Ticket::Kind::refusal));
  BOOST_TEST(!reads(good, Ticket::Kind::opening));
  BOOST_TEST(reads(good, Ticket::Kind::link, kNow + kTicketFor));
  BOOST_TEST(!reads(good, Ticket::Kind::link, kNow + kTicketFor + kSecond));
  BOOST_TEST(!reads(std::string(100'000, 'A')));
}

BOOST_AUTO_TEST_CASE(only_pages_of_the_web_are_led_to) {
  for (const char* good : {"https://shop.example.kr", "http://a/", "HTTPS://A.example/한글?q=1"})
    BOOST_TEST(is_web_address(good), good);
  for (const char* bad : {"javascript:alert(1)", "//evil.example", "https://", "https:///a", "mailto:a@b", "tel:1", "#top",
                          "", "/path", "https://a b", "https://a\r\nSet-Cookie: x", "data:text/html,x"})
    BOOST_TEST(!is_web_address(bad), bad);
}

BOOST_AUTO_TEST_CASE(links_are_replaced_and_the_rest_stays) {
  BOOST_TEST(shown("<p>안녕 <a class='x' href=\"https://a.example/?b=1&amp;c=2\" data-link=\"review\">후기</a></p>") ==
             "<p>안녕 <a class='x' href=\"@review|https://a.example/?b=1&amp;c=2\">후기</a></p>");
  BOOST_TEST(shown("<A HREF='https://a.example'>") == "<A HREF=\"@|https://a.example\">");
  BOOST_TEST(shown("<a href=https://a.example/b>") == "<a href=\"@|https://a.example/b\">");
  BOOST_TEST(shown("<map><area href=\"https://a.example\"/></map>") == "<map><area href=\"@|https://a.example\"/></map>");
  for (const char* same :
       {"", "no tags < at > all", "<a>", "<a href=\"mailto:a@b.example\">", "<a href=\"#top\">", "<a href=\"javascript:x\">",
        "<!-- <a href=\"https://a.example\"> -->", "<style>a[href=\"https://a.example\"]{}</style>",
        "<script>var a='<a href=\"https://a.example\">'</script>", "<article href=\"https://a.example\">",
        "<a href=\"https://a.example", "<a title=\"a>b\" name=x>", "</a href=\"https://a.example\">", "<a href>",
        "<img src=\"https://a.example/x.png\">"})
    BOOST_TEST(shown(same) == same);
  // An attribute may hold what looks like a tag's end.
  BOOST_TEST(shown("<a title=\"a > b\" href=\"https://a.example\">") == "<a title=\"a > b\" href=\"@|https://a.example\">");
  // A link that leads elsewhere only loses its name.
  BOOST_TEST(shown("<a data-link=\"mail\" href=\"mailto:a@b.example\">x</a>") == "<a href=\"mailto:a@b.example\">x</a>");
  BOOST_TEST(with_links("<a href=\"https://a.example\">", [](const Link&) { return std::string(); }) ==
             "<a href=\"https://a.example\">");
}

BOOST_AUTO_TEST_CASE(a_picture_and_a_way_out_stand_at_the_end) {
  BOOST_TEST(with_pixel("<body>a</body></html>", "https://h/t/o/x") ==
             "<body>a<img src=\"https://h/t/o/x\" width=\"1\" height=\"1\" alt=\"\"></body></html>");
  BOOST_TEST(with_way_out("a", "https://h/u/x") == "a<p><a href=\"https://h/u/x\">수신거부 · Unsubscribe</a></p>");
}

BOOST_AUTO_TEST_CASE(a_link_says_where_somebody_comes_from) {
  const Campaign mail{"hub", "email", "cart-24h", "m1"};
  BOOST_TEST(with_campaign("https://a.example/p", mail) ==
             "https://a.example/p?utm_source=hub&utm_medium=email&utm_campaign=cart-24h&utm_content=m1");
  BOOST_TEST(with_campaign("https://a.example/p?x=1#top", {"내 가게", "", "", ""}) ==
             "https://a.example/p?x=1&utm_source=%EB%82%B4%20%EA%B0%80%EA%B2%8C#top");
  BOOST_TEST(with_campaign("https://a.example/?utm_campaign=own", mail) == "https://a.example/?utm_campaign=own");
  BOOST_TEST(with_campaign("https://a.example/", {}) == "https://a.example/");
}

BOOST_AUTO_TEST_CASE(programs_are_told_from_people) {
  BOOST_TEST(agent(kPhone) == "");
  BOOST_TEST(agent("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148") == "");
  BOOST_TEST(agent("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)") == "");
  BOOST_TEST(agent("Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/90 Mobile Safari/537.36") == "");
  BOOST_TEST(agent("") == "no_user_agent");
  BOOST_TEST(agent("  ") == "no_user_agent");
  BOOST_TEST(agent("Mozilla/5.0") == "privacy_proxy");
  for (const char* program : {"Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.4.0", "python-requests/2.31",
                              "facebookexternalhit/1.1; kakaotalk-scrap/1.0", "Barracuda Sentinel (EE)", "HeadlessChrome"})
    BOOST_TEST(agent(program) == "known_bot", program);
  BOOST_TEST(agent(kPhone, kHour, "email", "HEAD") == "only_looked");
  // Nobody reads a mail before it has come; a push is tapped when it shows.
  BOOST_TEST(agent(kPhone, 4999) == "at_once");
  BOOST_TEST(agent(kPhone, 5000) == "");
  BOOST_TEST(agent(kPhone, 500, "push") == "");
}

BOOST_AUTO_TEST_SUITE_END()
