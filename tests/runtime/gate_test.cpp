// Advertising through the gate, on a whole hub: consent, night, expiry and caps are judged where a message would go out, again when it
// is released, and again at each retry.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using store::StepState;
using Fate = FakeVendor::Fate;

namespace {

constexpr const char* kAd = R"yaml(recipe: promo
title: 행사
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
topic: promo
steps:
  - id: tell
    use: acme.tell
    connection: shop
    class: ad
    with: {to: "01012345678", text: "쿠폰"}
  - wait: 1h
  - id: after
    use: acme.post
    connection: shop
    with: {text: "{{ steps.tell.status }}"}
)yaml";

constexpr const char* kFrame = "(광고) 쿠폰\n\n허브상점 02-123-4567\n무료수신거부 080-123-4567";
constexpr Millis kNine = kMonday;  // 09:00 in Korea

struct Shop {
  explicit Shop(const std::string& caps = "[]", const std::string& recipe = kAd) {
    const auto policy = parse_json(
        R"({"sender":{"name":"허브상점","contact":"02-123-4567","free_opt_out":"080-123-4567"},"caps":)" + caps + "}");
    BOOST_REQUIRE(hub.hub->set_audience(*policy).has_value());
    hub.settle();
    hub.apply(recipe);
  }
  // The customer is known from an order of long ago, if at all.
  void know(const std::string& word = "granted", const std::string& purpose = "ad") {
    if (hub.reader->customer_by_identity("email", "a@example.com").value() == 0) {
      hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"first"})");
      hub.run_until(hub.clock.now() + 2 * kHour);
      hub.vendor.messages.clear();
    }
    store::ConsentRow said;
    said.customer = hub.reader->customer_by_identity("email", "a@example.com").value();
    said.word = word;
    said.purpose = purpose;
    said.source = "test";
    BOOST_REQUIRE(hub.hub->add_consent(said).has_value());
    hub.settle();
  }
  store::RunRow checkout(const std::string& token) {
    hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":")" + token + R"("})");
    return hub.runs().back();
  }
  store::RunRow last() { return hub.runs().back(); }
  std::string reason() { return hub.reader->decisions(last().id)->back().reason; }
  std::size_t told() const {
    return static_cast<std::size_t>(
        std::count_if(hub.vendor.messages.begin(), hub.vendor.messages.end(),
                      [](const auto& one) { return one.second.find("쿠폰") != std::string::npos; }));
  }
  void at(Millis to) { hub.run_until(to); }

  TestHub hub;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(gate)

BOOST_AUTO_TEST_CASE(an_ad_goes_to_who_agreed_in_its_frame_and_the_decision_says_on_what_it_rests) {
  Shop shop;
  shop.checkout("none");
  BOOST_TEST(shop.reason() == "no_ad_consent");
  BOOST_TEST(shop.told() == 0u);
  shop.at(kNine + 2 * kHour);
  BOOST_TEST(shop.hub.vendor.messages.back().second == "skipped");  // and the run goes on
  shop.know();
  shop.checkout("granted");
  BOOST_REQUIRE(shop.told() == 1u);
  BOOST_TEST(shop.hub.vendor.messages.back().second == kFrame);
  const auto decision = shop.hub.reader->decisions(shop.last().id)->back();
  BOOST_TEST(decision.allowed);
  BOOST_TEST(decision.basis == "consent 1");
  shop.at(shop.hub.clock.now() + 2 * kHour);
  shop.know("refused");
  shop.checkout("refused");
  BOOST_TEST(shop.reason() == "no_ad_consent");
  BOOST_TEST(shop.told() == 1u);
}

BOOST_AUTO_TEST_CASE(an_ad_at_night_waits_for_the_morning_over_a_crash_and_later_waits_count_from_then) {
  Shop shop;
  shop.know();
  shop.at(kNine + 14 * kHour);  // 23:00
  shop.checkout("night");
  BOOST_TEST((shop.last().state == RunState::waiting));
  BOOST_TEST(shop.last().reason == "ad_quiet_hours");
  BOOST_TEST(*shop.last().due_ms == kNine + 23 * kHour);
  BOOST_TEST(shop.hub.steps(shop.last().id).empty());  // no INTENT yet
  shop.hub.crash();
  shop.hub.start();
  shop.at(kNine + 23 * kHour - 1);
  BOOST_TEST(shop.told() == 0u);
  shop.at(kNine + 23 * kHour);
  BOOST_TEST(shop.told() == 1u);
  BOOST_TEST(shop.last().reason.empty());
  shop.at(kNine + 24 * kHour - 1);
  BOOST_TEST(shop.hub.vendor.messages.size() == 1u);
  shop.at(kNine + 24 * kHour);
  BOOST_TEST(shop.hub.vendor.messages.back().second == "done");
}

BOOST_AUTO_TEST_CASE(what_is_deferred_is_judged_anew_when_it_is_released) {
  for (const std::string change : {"bought", "refused", "opted out"}) {
    Shop shop;
    shop.know();
    shop.at(kNine + 14 * kHour);
    const auto run = shop.checkout("night");
    if (change == "bought") shop.hub.deliver("orders/create", R"({"id":9,"email":"a@example.com","total":"1"})");
    if (change == "refused") shop.know("refused");
    if (change == "opted out")
      shop.hub.store->submit(store::Queue::work,
                             store::Unit{{store::AddOptOut{{run.customer, "promo", "", shop.hub.clock.now(), "test"}}}},
                             {});
    shop.at(kNine + 30 * kHour);
    BOOST_TEST_CONTEXT(change) {
      BOOST_TEST(shop.told() == 0u);
      BOOST_TEST((shop.last().state == (change == "refused" ? RunState::finished : RunState::exited)));
      if (change == "bought") BOOST_TEST(shop.last().reason == "exit_on:order_created");
      if (change == "refused") BOOST_TEST(shop.reason() == "no_ad_consent");
      if (change == "opted out") BOOST_TEST(shop.last().reason == "unsubscribed");
    }
  }
}

BOOST_AUTO_TEST_CASE(who_agreed_to_nights_gets_it_at_night) {
  Shop shop;
  shop.know();
  shop.know("granted", "night");
  shop.at(kNine + 14 * kHour);
  shop.checkout("night");
  BOOST_TEST(shop.told() == 1u);
}

BOOST_AUTO_TEST_CASE(what_cannot_go_out_before_it_expires_is_not_sent) {
  for (const auto& [expires, goes] : {std::pair{"8h", false}, {"9h", false}, {"9h1m", true}}) {
    std::string recipe = kAd;
    recipe.insert(recipe.find("    with: {to"), "    expires: " + std::string(expires) + "\n");
    Shop shop("[]", recipe);
    shop.know();
    shop.at(kNine + 14 * kHour);
    shop.checkout("night");
    shop.at(kNine + 23 * kHour);
    BOOST_TEST_CONTEXT(expires) {
      BOOST_TEST(shop.told() == (goes ? 1u : 0u));
      if (!goes) BOOST_TEST(shop.reason() == "expired");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cap_counts_what_went_out_in_its_span_and_nothing_that_failed) {
  Shop shop(R"([{"channel":"acme_message","max":1,"per":"3h"}])");
  shop.know();
  const Millis first = shop.hub.clock.now();
  shop.checkout("one");
  BOOST_TEST(shop.told() == 1u);
  shop.at(first + 3 * kHour - 1);
  shop.checkout("two");
  BOOST_TEST(shop.reason() == "frequency_cap");
  BOOST_TEST(shop.hub.reader->decisions(shop.last().id)->back().basis == "channel 1 in 10800000 ms");
  shop.at(first + 3 * kHour + 2 * kHour);  // the run of "two" has ended
  shop.hub.vendor.fates = {Fate::reject_400};
  shop.checkout("three");
  BOOST_TEST((shop.hub.steps(shop.last().id)[0].state == StepState::failed));
  shop.checkout("four");
  BOOST_TEST(shop.told() == 2u);  // the failed one gave its slot back
}

BOOST_AUTO_TEST_CASE(CMP_01_a_retry_that_comes_to_the_night_waits_with_its_key_and_its_own_slot) {
  Shop shop(R"([{"max":1,"per":"24h"}])");
  shop.know();
  shop.at(kNine + 12 * kHour - 5 * kSecond);  // 20:59:55
  shop.hub.vendor.fates = {Fate::refuse_503};
  shop.checkout("late");
  BOOST_TEST(shop.hub.vendor.writes_seen == 2);  // the first is of the run that made the customer known
  const std::string key = shop.hub.steps(shop.last().id)[0].key;
  shop.at(kNine + 23 * kHour - 1);
  BOOST_TEST(shop.hub.vendor.writes_seen == 2);
  BOOST_TEST(shop.last().reason == "ad_quiet_hours");
  shop.at(kNine + 23 * kHour);
  BOOST_TEST(shop.told() == 1u);
  BOOST_TEST(shop.hub.vendor.messages.back().first == key);
  BOOST_TEST(shop.hub.vendor.messages.back().second == kFrame);
}

BOOST_AUTO_TEST_CASE(without_a_sender_no_ad_goes_out_and_the_step_says_what_is_missing) {
  TestHub hub;
  hub.apply(kAd);
  hub.deliver("orders/create", R"({"id":9,"email":"a@example.com","total":"1"})");
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"x"})");
  const auto customer = hub.reader->customer_by_identity("email", "a@example.com").value();
  BOOST_REQUIRE(customer != 0);
  hub.run_until(kMonday + 2 * kHour);
  store::ConsentRow said;
  said.customer = customer;
  said.word = "granted";
  said.purpose = "ad";
  BOOST_REQUIRE(hub.hub->add_consent(said).has_value());
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"y"})");
  const auto step = hub.steps(hub.runs().back().id)[0];
  BOOST_TEST((step.state == StepState::failed));
  BOOST_TEST(step.error_code == "sender_incomplete");
  said.word = "perhaps";
  BOOST_TEST(hub.hub->add_consent(said).error().code == "bad_consent");
  said.word = "granted";
  said.at_ms = hub.clock.now() + 1;
  BOOST_TEST(hub.hub->add_consent(said).error().code == "bad_consent");
  said.at_ms = 0;
  said.customer = 999;
  BOOST_TEST(hub.hub->add_consent(said).error().code == "unknown_customer");
}

BOOST_AUTO_TEST_SUITE_END()
