// Countries as files: Korea's is whole, another may ask for other things, and what is wrong in one is named. And the frame of an
// advertisement.
#include "audience/country.hpp"

#include <boost/test/unit_test.hpp>

#include "audience/advertisement.hpp"
#include "audience/people.hpp"
#include "audience/policy.hpp"
#include "base/json.hpp"

using namespace ieum;
using namespace ieum::audience;
using ieum::test::kst;

namespace {

Result<Country> country_of(const char* json) { return read_country(*parse_json(json)); }

const Sender kShop{"허브상점", "02-123-4567", "080-123-4567", ""};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audience_country, test::Seoul)

BOOST_AUTO_TEST_CASE(another_country_is_a_file) {
  const auto quiet = country_of(R"({"country":"xx","zone":"Europe/Paris","night":{"from":"22:00","to":"00:00"}})");
  BOOST_REQUIRE(quiet.has_value());
  BOOST_TEST(quiet->label.empty());
  BOOST_TEST(quiet->confirm_years == 0);
  BOOST_TEST(opens_at(quiet->night, kst("2026-04-06T23:00:00"), zone) == kst("2026-04-07T00:00:00"));
  BOOST_TEST(opens_at(quiet->night, kst("2026-04-07T00:00:00"), zone) == kst("2026-04-07T00:00:00"));
  const char* wrong[] = {R"({})",
                         R"({"country":"xx"})",
                         R"({"country":"xx","zone":"UTC","nihgt":{}})",
                         R"({"country":"xx","zone":"UTC","night":{"from":"9pm","to":"08:00"}})",
                         R"({"country":"xx","zone":"UTC","night":{"from":"24:00","to":"08:00"}})",
                         R"({"country":"xx","zone":"UTC","night":{"from":"21:00","to":"08:00","exempt":"email"}})",
                         R"({"country":"xx","zone":"UTC","confirm":{"years":-1}})",
                         R"({"country":"xx","zone":"UTC","existing_customer_months":1.5})",
                         R"([])"};
  for (const char* text : wrong) {
    const auto read = country_of(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_REQUIRE(read.has_error());
      BOOST_TEST(read.error().code == "bad_country");
    }
  }
}

BOOST_AUTO_TEST_CASE(months_go_by_the_calendar_and_days_by_the_zone) {
  BOOST_TEST(months_later(kst("2026-08-31T10:00:00"), 6, zone) == kst("2027-02-28T10:00:00"));
  BOOST_TEST(months_later(kst("2027-08-31T10:00:00"), 6, zone) == kst("2028-02-29T10:00:00"));
  BOOST_TEST(months_later(kst("2024-02-29T00:30:00"), 24, zone) == kst("2026-02-28T00:30:00"));
  BOOST_TEST(months_later(kst("2026-12-15T00:30:00"), 1, zone) == kst("2027-01-15T00:30:00"));
}

BOOST_AUTO_TEST_CASE(the_label_stands_at_the_beginning_exactly_once) {
  const char* same[] = {"봄 행사",         "(광고) 봄 행사",      "(광고)봄 행사",   "[광고] 봄 행사",
                        "(광 고) 봄 행사", "( 광고 ) 봄 행사",    "(광.고) 봄 행사", "(광고) (광고) 봄 행사",
                        "  (AD) 봄 행사",  "(A.D) [광고] 봄 행사"};
  for (const char* text : same) BOOST_TEST(labelled(text, country) == "(광고) 봄 행사", text);
  BOOST_TEST(labelled("봄 (광고) 행사", country) == "(광고) 봄 (광고) 행사");
  BOOST_TEST(labelled("광고주 모집", country) == "(광고) 광고주 모집");
  BOOST_TEST(labelled("", country) == "(광고) ");
}

BOOST_AUTO_TEST_CASE(the_hub_puts_the_frame_around_it_where_the_channel_wants_it) {
  const std::string footer = "\n\n허브상점 02-123-4567\n무료수신거부 080-123-4567";
  const auto mail = framed({"봄 행사", "행사"}, LabelPlace::subject, kShop, country);
  BOOST_REQUIRE(mail.has_value());
  BOOST_TEST(mail->subject == "(광고) 봄 행사");
  BOOST_TEST(mail->text == "행사" + footer);
  const Sender linked{"A & B", "02-123-4567", "", "https://shop.example/u/1?a=1&b=2"};
  const std::string link =
      "<hr><p>A &amp; B 02-123-4567<br><a href=\"https://shop.example/u/1?a=1&amp;b=2\">무료수신거부</a></p>";
  BOOST_TEST(framed({"봄", "<p>행사</p>", true}, LabelPlace::subject, linked, country)->text == "<p>행사</p>" + link);
  BOOST_TEST(framed({"봄", "<body>행사</BODY></html>", true}, LabelPlace::subject, linked, country)->text ==
             "<body>행사" + link + "</BODY></html>");
  for (const Message& templated : {Message{"", "행사"}, Message{" ", "행사"}, Message{"봄", ""}}) {
    const auto refused = framed(templated, LabelPlace::subject, kShop, country);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == "ad_label_missing_in_template");
  }
  const auto text = framed({"", "쿠폰"}, LabelPlace::text, kShop, country);
  BOOST_TEST(text->text == "(광고) 쿠폰" + footer);
  const auto flagged = framed({"", "쿠폰"}, LabelPlace::vendor, kShop, country);
  BOOST_TEST(flagged->text == "쿠폰");
  // What was approved is never altered.
  const auto approved = framed({"", "봄 행사 쿠폰"}, LabelPlace::approved, kShop, country);
  BOOST_REQUIRE(approved.has_error());
  BOOST_TEST(approved.error().code == "ad_label_missing_in_template");
  for (const char* look_alike : {"[광고] 쿠폰", "(광 고) 쿠폰"})
    BOOST_TEST(framed({"", look_alike}, LabelPlace::approved, kShop, country).has_error());
  BOOST_TEST(framed({"", "(광고) 쿠폰"}, LabelPlace::approved, kShop, country)->text == "(광고) 쿠폰");
  // Without sender, contact or a free way out nothing is composed.
  for (const Sender& lacking :
       {Sender{"", "02-123-4567", "080-123-4567", ""}, Sender{"허브상점", "", "080-123-4567", ""},
        Sender{"허브상점", "02-123-4567", "", ""}}) {
    const auto refused = framed({"", "쿠폰"}, LabelPlace::text, lacking, country);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == "sender_incomplete");
  }
}

BOOST_AUTO_TEST_CASE(an_owners_policy_is_read_whole_or_not_at_all) {
  const auto read = [](const char* json) { return read_policy(*parse_json(json)); };
  const auto none = read("{}");
  BOOST_REQUIRE(none.has_value());
  BOOST_TEST(none->country.code == "kr");
  BOOST_TEST(none->caps.empty());
  const auto shop = read(R"({"sender":{"name":"허브상점","contact":"02-123-4567","free_opt_out":"080-123-4567"},
    "country":"kr","caps":[{"max":1,"per":"16h","channel":"email"},{"max":3,"per":"7d"}]})");
  BOOST_REQUIRE(shop.has_value());
  BOOST_TEST(shop->sender.name == "허브상점");
  BOOST_REQUIRE(shop->caps.size() == 2u);
  BOOST_TEST(shop->caps[0].per_for == 16 * kHour);
  BOOST_TEST(shop->caps[1].channel.empty());
  for (const char* wrong :
       {R"({"sendre":{}})", R"({"sender":"x"})", R"({"sender":{"nmae":"x"}})", R"({"sender":{"name":"a\nb"}})",
        R"({"country":"us"})", R"({"country":{"zone":"UTC"}})", R"({"caps":{}})", R"({"caps":[{"max":1}]})",
        R"({"caps":[{"max":-1,"per":"1h"}]})", R"({"caps":[{"max":1,"per":"0s"}]})", R"([])"})
    BOOST_TEST(read(wrong).has_error(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
