// The gate's order and reasons, and what an opt-out, the night, a channel's hours, an expiry and caps close.
#include "audience/gate.hpp"

#include <boost/test/unit_test.hpp>

#include "audience/people.hpp"

using namespace ieum;
using namespace ieum::audience;
using ieum::test::kst;
using Kind = Verdict::Kind;

namespace {

const Send kInfo{"cart", "kakao_alimtalk", "info", "+821012345678", {}, {}, {}};
const Send kAd{"promo", "email", "ad", "minji@example.com", {}, {}, {}};
const Send kUnnamed{"promo", "email", "", "minji@example.com", {}, {}, {}};
const Send kSms{"promo", "sms", "ad", "+821012345678", {}, {}, {}};

const Hours kBrandRests{20 * 60 + 50, 8 * 60};

GateFacts agreed(const std::string& at = "2026-04-06T12:00:00") {
  GateFacts facts;
  facts.said = {{17, "ad", "", Word::granted, kst("2026-01-01T00:00:00")}};
  facts.now_ms = kst(at);
  return facts;
}

struct Judge : test::Seoul {
  Verdict operator()(const Send& send, const GateFacts& facts) const { return judge(send, facts, country, zone); }
};

GateFacts with(GateFacts facts, std::vector<OptOut> opt_outs, bool alive = true, bool exited = false) {
  facts.opt_outs = std::move(opt_outs);
  facts.run_alive = alive;
  facts.exited = exited;
  return facts;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audience_gate, Judge)

BOOST_AUTO_TEST_CASE(judges_in_the_fixed_order) {
  const OptOut all{"", ""}, topic{"promo", ""}, channel{"", "kakao_alimtalk"}, both{"promo", "email"};
  Send nobody = kInfo, nobody_ad = kAd;
  nobody.address.clear();
  nobody_ad.address.clear();
  const struct {
    const char* name;
    Send send;
    GateFacts facts;
    Kind kind;
    const char* reason;
  } cases[] = {
      {"info passes", kInfo, {}, Kind::allowed, ""},
      {"an ended run first", nobody, with({}, {channel}, false, true), Kind::ended, "run_ended"},
      {"exit before opt-out", nobody, with({}, {channel}, true, true), Kind::ended, "exit_on_already_true"},
      {"opt-out before address", nobody, with({}, {channel}), Kind::skipped, "unsubscribed"},
      {"no address", nobody, {}, Kind::skipped, "no_address"},
      {"address before consent", nobody_ad, {}, Kind::skipped, "no_address"},
      {"an ad needs consent", kAd, {}, Kind::skipped, "no_ad_consent"},
      {"an unnamed class is treated as an ad", kUnnamed, {}, Kind::skipped, "no_ad_consent"},
      {"and goes with it", kAd, agreed(), Kind::allowed, ""},
      {"info goes on after an opt-out of all", kInfo, with({}, {all}), Kind::allowed, ""},
      {"info goes on after an opt-out of its topic", kInfo, with({}, {{"cart", ""}}), Kind::allowed, ""},
      {"info goes on after one of topic and channel", kInfo, with({}, {{"cart", "kakao_alimtalk"}}), Kind::allowed, ""},
      {"the channel as a whole closes info", kInfo, with({}, {channel}), Kind::skipped, "unsubscribed"},
      {"another channel does not", kInfo, with({}, {{"", "email"}}), Kind::allowed, ""},
      {"all closes ads", kAd, with(agreed(), {all}), Kind::ended, "unsubscribed"},
      {"the topic closes ads", kAd, with(agreed(), {topic}), Kind::ended, "unsubscribed"},
      {"topic and channel close ads there only", kAd, with(agreed(), {both}), Kind::skipped, "unsubscribed"},
      {"another topic does not", kAd, with(agreed(), {{"news", ""}}), Kind::allowed, ""},
      {"the wider of two opt-outs decides", kAd, with(agreed(), {both, topic}), Kind::ended, "unsubscribed"},
      {"the topic closes unnamed classes", kUnnamed, with(agreed(), {topic}), Kind::ended, "unsubscribed"},
      {"consent before night", kSms,
       [] {
         auto f = agreed("2026-04-06T23:00:00");
         f.said.clear();
         return f;
       }(),
       Kind::skipped, "no_ad_consent"},
  };
  for (const auto& c : cases) {
    const Verdict verdict = (*this)(c.send, c.facts);
    BOOST_CHECK_MESSAGE(verdict.kind == c.kind && verdict.reason == c.reason,
                        c.name << ": " << static_cast<int>(verdict.kind) << " " << verdict.reason);
  }
}

BOOST_AUTO_TEST_CASE(CMP_01_an_ad_rests_from_nine_to_eight_to_the_millisecond) {
  const struct {
    const char* at;
    Kind kind;
    const char* until;
  } cases[] = {{"2026-04-06T20:59:59.999", Kind::allowed, ""},
               {"2026-04-06T21:00:00.000", Kind::deferred, "2026-04-07T08:00:00"},
               {"2026-04-06T23:59:59.999", Kind::deferred, "2026-04-07T08:00:00"},
               {"2026-04-07T00:00:00.000", Kind::deferred, "2026-04-07T08:00:00"},
               {"2026-04-07T07:59:59.999", Kind::deferred, "2026-04-07T08:00:00"},
               {"2026-04-07T08:00:00.000", Kind::allowed, ""},
               {"2026-12-31T22:00:00", Kind::deferred, "2027-01-01T08:00:00"}};
  for (const auto& c : cases) {
    const Verdict verdict = (*this)(kSms, agreed(c.at));
    BOOST_TEST_CONTEXT(c.at) {
      BOOST_TEST((verdict.kind == c.kind));
      if (c.kind != Kind::deferred) continue;
      BOOST_TEST(verdict.reason == "ad_quiet_hours");
      BOOST_TEST(verdict.until_ms == kst(c.until));
    }
  }
  // With a consent to nights it goes; that of another channel is none, and one that was taken back is none.
  GateFacts night = agreed("2026-04-06T23:00:00");
  night.said.push_back({18, "night", "sms", Word::granted, kst("2026-02-01T00:00:00")});
  BOOST_TEST((*this)(kSms, night).allowed());
  night.said.back().channel = "push";
  BOOST_TEST(((*this)(kSms, night).kind == Kind::deferred));
  night.said.back().channel = "";
  BOOST_TEST((*this)(kSms, night).allowed());
  night.said.push_back({19, "night", "", Word::refused, kst("2026-03-01T00:00:00")});
  BOOST_TEST(((*this)(kSms, night).kind == Kind::deferred));
}

BOOST_AUTO_TEST_CASE(CMP_03_mail_may_go_at_night_and_a_channels_own_hours_hold_for_all) {
  BOOST_TEST((*this)(kAd, agreed("2026-04-06T23:00:00")).allowed());
  Send brand = kSms;
  brand.channel = "kakao_brand_message";
  brand.channel_rests = kBrandRests;
  BOOST_TEST((*this)(brand, agreed("2026-04-06T20:49:59.999")).allowed());
  const Verdict rests = (*this)(brand, agreed("2026-04-06T20:50:00"));
  BOOST_TEST((rests.kind == Kind::deferred));
  BOOST_TEST(rests.reason == "channel_window");
  BOOST_TEST(rests.until_ms == kst("2026-04-07T08:00:00"));
  BOOST_TEST((*this)(brand, agreed("2026-04-06T21:00:00")).reason == "ad_quiet_hours");
  // Nobody's consent to nights opens what the channel itself has closed; information waits for it, too.
  GateFacts night = agreed("2026-04-06T23:00:00");
  night.said.push_back({18, "night", "", Word::granted, kst("2026-02-01T00:00:00")});
  BOOST_TEST((*this)(brand, night).reason == "channel_window");
  brand.message_class = "info";
  BOOST_TEST((*this)(brand, night).reason == "channel_window");
}

BOOST_AUTO_TEST_CASE(what_is_deferred_past_its_end_is_not_sent) {
  Send coupon = kSms;
  coupon.expires_ms = kst("2026-04-07T00:00:00");
  BOOST_TEST((*this)(coupon, agreed("2026-04-06T20:00:00")).allowed());
  BOOST_TEST(((*this)(coupon, agreed("2026-04-06T21:00:00")).kind == Kind::deferred));
  const Verdict late = (*this)(coupon, agreed("2026-04-07T08:00:00"));
  BOOST_TEST((late.kind == Kind::skipped));
  BOOST_TEST(late.reason == "expired");
  coupon.channel = "email";
  BOOST_TEST((*this)(coupon, agreed("2026-04-06T23:59:59.999")).allowed());
  BOOST_TEST((*this)(coupon, agreed("2026-04-07T00:00:00")).reason == "expired");
}

BOOST_AUTO_TEST_CASE(caps_skip_ads_and_leave_information_alone) {
  GateFacts facts = agreed();
  facts.caps = {{"recipe", 2, kDay, 1}, {"hub", 3, 7 * kDay, 3}};
  const Verdict full = (*this)(kAd, facts);
  BOOST_TEST((full.kind == Kind::skipped));
  BOOST_TEST(full.reason == "frequency_cap");
  BOOST_TEST(full.basis == "hub 3 in 604800000 ms");
  BOOST_TEST((*this)(kInfo, facts).allowed());
  facts.caps.back().counted = 2;
  BOOST_TEST((*this)(kAd, facts).allowed());
  facts.caps.front().most = 0;
  BOOST_TEST((*this)(kAd, facts).reason == "frequency_cap");
}

BOOST_AUTO_TEST_CASE(each_ad_says_on_what_it_rests) {
  BOOST_TEST((*this)(kAd, agreed()).basis == "consent 17");
  GateFacts bought;
  bought.now_ms = kst("2026-04-06T12:00:00");
  bought.purchases = {{42, kst("2026-04-01T10:00:00"), ""}};
  BOOST_TEST((*this)(kAd, bought).basis == "existing_customer 42");
  BOOST_TEST((*this)(kInfo, bought).basis.empty());
}

BOOST_AUTO_TEST_SUITE_END()
