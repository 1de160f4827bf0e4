// When two customers are one, and what then holds of both.
#include "audience/merging.hpp"

#include <boost/test/unit_test.hpp>

#include "audience/people.hpp"
#include "audience/policy.hpp"

using namespace ieum;
using namespace ieum::audience;
using ieum::test::kst;

BOOST_FIXTURE_TEST_SUITE(audience_merging, test::Seoul)

BOOST_AUTO_TEST_CASE(who_has_another_account_of_one_kind_is_another_person) {
  const IdentityKey user7{"user", "7"}, user8{"user", "8"}, shop7{"shopify", "7"}, mail{"email", "a@example.com"},
      other{"email", "b@example.com"}, browser{"anonymous", "x"}, cart{"cart_token", "t"};
  BOOST_TEST(are_two_people({user7, mail}, {user8, mail}));
  BOOST_TEST(!are_two_people({user7, mail}, {shop7, mail}));
  BOOST_TEST(!are_two_people({user7}, {browser, cart}));
  BOOST_TEST(!are_two_people({mail, cart}, {other, browser}));  // one person has many addresses
  BOOST_TEST(!are_two_people({user7, user8}, {user8}));
  BOOST_TEST(!are_two_people({user7}, {user7}));
  BOOST_TEST(!are_two_people({}, {user7}));
}

BOOST_AUTO_TEST_CASE(accounts_say_more_than_addresses_and_a_browser_says_least) {
  std::vector<IdentityKey> keys{{"anonymous", "x"}, {"cart_token", "t"}, {"phone", "+821012345678"},
                                {"email", "a@b.c"}, {"user", "7"},       {"shopify", "9"}};
  sort_by_strength(keys);
  std::string kinds;
  for (const auto& [kind, value] : keys) kinds += kind + " ";
  BOOST_TEST(kinds == "user shopify email phone cart_token anonymous ");
  BOOST_TEST(!is_account("push_token"));
  BOOST_TEST(is_account("kakao"));
}

BOOST_AUTO_TEST_CASE(traits_are_each_as_they_were_told_last_and_come_apart_again) {
  const auto told = [](const char* value, int at) { return Value(Map{{"value", value}, {"at_ms", at}}); };
  const Map one{{"name", told("민지", 10)}, {"grade", told("gold", 5)}, {"city", told("서울", 1)}};
  const Map other{{"name", told("김민지", 8)}, {"grade", told("vip", 9)}, {"size", told("M", 2)}};
  const Map both = merged_traits(one, other);
  BOOST_TEST(
      (both ==
       Map{{"name", told("민지", 10)}, {"grade", told("vip", 9)}, {"city", told("서울", 1)}, {"size", told("M", 2)}}));
  BOOST_TEST((split_traits(both, one, other) == one));
  Map later = both;  // what is learnt while they are one stays with the one
  later.set("grade", told("none", 20));
  later.set("colour", told("blue", 21));
  Map left = one;
  left.set("grade", told("none", 20));
  left.set("colour", told("blue", 21));
  BOOST_TEST((split_traits(later, one, other) == left));
}

BOOST_AUTO_TEST_CASE(a_refusal_of_either_holds_for_both_until_they_agree_anew) {
  const Millis day = kst("2026-03-01T00:00:00"), now = kst("2026-04-01T00:00:00");
  const auto both = [&](std::vector<Said> one, std::vector<Said> other) {
    const auto added = refusals_that_hold(one, other);
    one.insert(one.end(), other.begin(), other.end());
    one.insert(one.end(), added.begin(), added.end());
    return one;
  };
  const auto granted = [&](const std::vector<Said>& said, const char* channel) {
    return permission(said, {}, channel, "", now, country, zone).granted();
  };
  const Said yes{1, "ad", "", Word::granted, day + 9}, no{2, "ad", "", Word::refused, day},
      no_mail{3, "ad", "email", Word::refused, day + 1}, night{4, "night", "", Word::granted, day + 2};
  BOOST_TEST(refusals_that_hold({yes}, {night}).empty());
  BOOST_TEST(refusals_that_hold({no}, {}).empty());  // it holds as it is
  BOOST_TEST(!granted(both({yes}, {no}), "sms"));
  BOOST_TEST(!granted(both({no}, {yes}), "sms"));
  BOOST_TEST(!granted(both({yes}, {no_mail}), "email"));
  BOOST_TEST(granted(both({yes}, {no_mail}), "sms"));
  // Refused for all channels by one, agreed to one channel by the other.
  BOOST_TEST(!granted(both({no}, {{5, "ad", "sms", Word::granted, day + 3}}), "sms"));
  // Whoever agreed after having refused has agreed.
  BOOST_TEST(granted(both({no, yes}, {night}), "sms"));
  auto anew = both({yes}, {no});
  anew.push_back({6, "ad", "", Word::granted, day + 10});
  BOOST_TEST(granted(anew, "sms"));
}

BOOST_AUTO_TEST_CASE(the_keys_of_several_people_are_a_list_of_kinds_and_values) {
  const auto policy = read_policy(Map{{"shared", List{"email: INFO@agency.example", "phone:02-123-4567"}}});
  BOOST_REQUIRE(policy.has_value());
  BOOST_TEST(policy->shared.contains({"email", "info@agency.example"}));
  BOOST_TEST(policy->shared.contains({"phone", "+8221234567"}));
  for (const auto& bad : {Value("email:a@b.c"), Value(List{"a@b.c"}), Value(List{"email:nobody"}), Value(List{7})}) {
    const auto refused = read_policy(Map{{"shared", bad}});
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == "bad_setting");
  }
}

BOOST_AUTO_TEST_SUITE_END()
