// Who agreed to what, and until when.
#include "audience/consent.hpp"

#include <boost/test/unit_test.hpp>

#include "audience/people.hpp"

using namespace ieum;
using namespace ieum::audience;
using ieum::test::kst;
using Basis = Permission::Basis;

BOOST_FIXTURE_TEST_SUITE(audience_consent, test::Seoul)

BOOST_AUTO_TEST_CASE(the_newest_word_about_a_channel_counts) {
  const Millis day = kst("2026-03-01T00:00:00"), now = kst("2026-04-01T00:00:00");
  const auto granted = [&](std::vector<Said> said, const char* channel = "email") {
    return permission(said, {}, channel, "", now, country, zone).granted();
  };
  BOOST_TEST(!granted({}));
  BOOST_TEST(granted({{1, "ad", "email", Word::granted, day}}));
  BOOST_TEST(granted({{1, "ad", "", Word::granted, day}}));
  BOOST_TEST(!granted({{1, "ad", "sms", Word::granted, day}}));
  BOOST_TEST(!granted({{1, "night", "", Word::granted, day}}));
  BOOST_TEST(!granted({{1, "ad", "", Word::granted, day}, {2, "ad", "email", Word::refused, day + 1}}));
  BOOST_TEST(granted({{1, "ad", "", Word::granted, day}, {2, "ad", "email", Word::refused, day + 1}}, "sms"));
  BOOST_TEST(granted({{1, "ad", "email", Word::refused, day}, {2, "ad", "", Word::granted, day + 1}}));
  // It came in late and was said before.
  BOOST_TEST(!granted({{1, "ad", "", Word::refused, day + 1}, {2, "ad", "", Word::granted, day}}));
  // At one instant the refusal holds, in whichever order they came.
  BOOST_TEST(!granted({{1, "ad", "", Word::refused, day}, {2, "ad", "", Word::granted, day}}));
  BOOST_TEST(!granted({{1, "ad", "", Word::granted, day}, {2, "ad", "", Word::refused, day}}));
}

BOOST_AUTO_TEST_CASE(CMP_05_a_purchase_speaks_for_six_calendar_months_and_the_same_kind_of_goods) {
  const auto basis = [&](const char* bought, const char* now, const char* goods = "", const char* about = "") {
    return permission({}, {{7, kst(bought), goods}}, "email", about, kst(now), country, zone).basis;
  };
  using enum Permission::Basis;
  BOOST_TEST((basis("2025-10-06T10:00:00", "2026-04-05T10:00:00") == existing_customer));
  BOOST_TEST((basis("2025-10-06T10:00:00", "2026-04-06T09:59:59.999") == existing_customer));
  BOOST_TEST((basis("2025-10-06T10:00:00", "2026-04-06T10:00:00") == none));
  BOOST_TEST((basis("2025-08-31T10:00:00", "2026-02-28T09:59:59") == existing_customer));
  BOOST_TEST((basis("2025-08-31T10:00:00", "2026-02-28T10:00:00") == none));
  BOOST_TEST((basis("2027-08-31T10:00:00", "2028-02-29T09:59:59") == existing_customer));
  BOOST_TEST((basis("2027-08-31T10:00:00", "2028-02-29T10:00:00") == none));
  BOOST_TEST((basis("2026-05-01T10:00:00", "2026-04-06T10:00:00") == none));  // of the future
  BOOST_TEST((basis("2026-04-01T10:00:00", "2026-04-06T10:00:00", "의류", "의류") == existing_customer));
  BOOST_TEST((basis("2026-04-01T10:00:00", "2026-04-06T10:00:00", "의류", "전자제품") == none));
  BOOST_TEST((basis("2026-04-01T10:00:00", "2026-04-06T10:00:00", "", "전자제품") == existing_customer));
  // Who refused is no existing customer, however recently they bought; nor is anyone where the law knows no such thing.
  const std::vector<Purchase> yesterday{{7, kst("2026-04-05T10:00:00"), ""}};
  const Millis now = kst("2026-04-06T10:00:00");
  BOOST_TEST(!permission({{1, "ad", "email", Word::refused, kst("2024-01-01T00:00:00")}}, yesterday, "email", "", now,
                         country, zone)
                  .granted());
  BOOST_TEST(permission({{1, "ad", "email", Word::refused, kst("2024-01-01T00:00:00")}}, yesterday, "sms", "", now,
                        country, zone)
                 .granted());
  auto strict = country;
  strict.existing_customer_months = 0;
  BOOST_TEST(!permission({}, yesterday, "email", "", now, strict, zone).granted());
}

BOOST_AUTO_TEST_CASE(CMP_08_a_consent_ends_at_its_second_anniversary_unless_it_was_confirmed) {
  const auto why = [&](std::vector<Said> said, const char* now) {
    return permission(said, {}, "email", "", kst(now), country, zone).why_not;
  };
  const Said leap{1, "ad", "", Word::granted, kst("2024-02-29T12:00:00")},
      plain{2, "ad", "", Word::granted, kst("2024-03-01T12:00:00")};
  BOOST_TEST(why({leap}, "2026-02-28T11:59:59.999").empty());
  BOOST_TEST(why({leap}, "2026-02-28T12:00:00") == "consent_unconfirmed");
  BOOST_TEST(why({plain}, "2026-03-01T11:59:59.999").empty());
  BOOST_TEST(why({plain}, "2026-03-01T12:00:00") == "consent_unconfirmed");
  BOOST_TEST(*confirm_by({leap}, "email", country, zone) == kst("2026-02-28T12:00:00"));
  const Said told{3, "ad", "", Word::confirmed, kst("2026-02-01T09:00:00")};
  BOOST_TEST(why({leap, told}, "2026-02-28T12:00:00").empty());
  BOOST_TEST(*confirm_by({leap, told}, "email", country, zone) == kst("2028-02-01T09:00:00"));
  // A notice says nothing for whom refused, and nothing before there was a consent.
  BOOST_TEST(why({{1, "ad", "", Word::refused, kst("2024-01-01T00:00:00")}, told}, "2026-02-28T12:00:00") ==
             "no_ad_consent");
  BOOST_TEST(why({told}, "2026-02-28T12:00:00") == "no_ad_consent");
  BOOST_TEST(!confirm_by({told}, "email", country, zone));
  // The consent to nights ends in the same way, by itself.
  const std::vector<Said> nights{{1, "ad", "", Word::granted, kst("2026-01-01T00:00:00")},
                                 {2, "night", "", Word::granted, kst("2024-03-01T12:00:00")}};
  BOOST_TEST(permission(nights, {}, "sms", "", kst("2026-03-01T11:00:00"), country, zone).night);
  BOOST_TEST(!permission(nights, {}, "sms", "", kst("2026-03-01T12:00:00"), country, zone).night);
}

BOOST_AUTO_TEST_CASE(a_source_that_tells_again_and_again_makes_no_new_word_of_it) {
  const Millis day = kst("2026-03-01T00:00:00");
  const auto word = [&](std::vector<Said> said, const char* told, Millis at) {
    return news(said, "ad", "email", told, at);
  };
  const Said yes{1, "ad", "", Word::granted, day}, no{2, "ad", "", Word::refused, day};
  BOOST_TEST((word({}, "yes", day) == Word::granted));
  BOOST_TEST(!word({yes}, "yes", day + 1));
  BOOST_TEST((word({no}, "yes", day + 1) == Word::granted));
  // "no" takes back what was given; of somebody who never agreed it is no refusal, and no purchase speaks against one.
  BOOST_TEST(!word({}, "no", day));
  BOOST_TEST((word({yes}, "no", day + 1) == Word::refused));
  BOOST_TEST(!word({no}, "no", day + 1));
  BOOST_TEST((word({}, "refused", day) == Word::refused));
  BOOST_TEST((word({yes}, "refused", day + 1) == Word::refused));
  BOOST_TEST(!word({no}, "refused", day + 1));
  // What came late and was said before what is known changes nothing.
  BOOST_TEST(!word({yes}, "no", day - 1));
  BOOST_TEST(!word({no}, "yes", day - 1));
  // A word about another channel, or about nights, is no word about this.
  BOOST_TEST((word({{1, "ad", "sms", Word::granted, day}}, "yes", day + 1) == Word::granted));
  BOOST_TEST((word({{1, "night", "", Word::granted, day}}, "yes", day + 1) == Word::granted));
  BOOST_TEST(!word({{1, "ad", "sms", Word::granted, day}}, "no", day + 1));
}

BOOST_AUTO_TEST_CASE(a_consent_to_friendtalk_is_one_to_the_message_that_took_its_place) {
  BOOST_TEST(channel_named("kakao_friendtalk") == "kakao_brand_message");
  BOOST_TEST(channel_named("kakao_alimtalk") == "kakao_alimtalk");
  BOOST_TEST(channel_named("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
