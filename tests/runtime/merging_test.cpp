// Runs and absences of customers who become one, while the engine and calls are at work.
#include <boost/test/unit_test.hpp>

#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;

namespace {

const std::string kGreeting = R"yaml(recipe: greeting
title: 인사
about: {email: event.email, phone: event.phone}
trigger: {event: order_created}
steps:
  - wait: 1m
  - id: said
    use: acme.post
    connection: shop
    with: {text: '{{ trigger.order_id }}'}
  - wait: 1h
)yaml";

const std::string kForgotten = R"yaml(recipe: forgotten
title: 잊은 장바구니
about: {email: event.email, phone: event.phone}
trigger: {event: checkout_started, absent: {event: order_created, within: 30m}}
steps:
  - use: acme.post
    connection: shop
    with: {text: '{{ trigger.token }}'}
)yaml";

// One by address, one by telephone, and a checkout that tells both.
const std::string kByMail = R"({"id":"A-1","email":"minji@example.com"})",
                  kByPhone = R"({"id":"B-1","phone":"01012345678"})",
                  kBoth = R"({"token":"t","email":"minji@example.com","phone":"010-1234-5678"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(merging)

BOOST_AUTO_TEST_CASE(of_two_runs_the_earlier_goes_on_and_the_others_call_is_written_down) {
  TestHub hub;
  hub.apply(kGreeting);
  hub.deliver("orders/create", kByMail);
  hub.clock.advance(kSecond);
  hub.deliver("orders/create", kByPhone);
  hub.vendor.hold = true;
  hub.run_until(kMonday + 2 * kMinute);  // both calls are under way
  for (const auto& run : hub.runs()) BOOST_TEST((run.state == RunState::acting));
  hub.deliver("checkouts/create", kBoth);
  auto runs = hub.runs();
  BOOST_REQUIRE(runs.size() == 2u);
  BOOST_TEST(runs[0].customer == runs[1].customer);
  BOOST_TEST((runs[0].state == RunState::acting));
  BOOST_TEST((runs[1].state == RunState::exited));
  BOOST_TEST(runs[1].reason == "merged");
  hub.vendor.release();
  hub.settle();
  BOOST_TEST((hub.runs()[0].state == RunState::waiting));
  BOOST_TEST((hub.steps(runs[1].id).back().state == store::StepState::done));
  BOOST_TEST(hub.vendor.messages.size() == 2u);  // what went out went out, once each
  hub.run_until(kMonday + 3 * kHour);
  BOOST_TEST((hub.runs()[0].state == RunState::finished));
  BOOST_TEST(hub.vendor.writes_seen == 2);
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_behind_its_customer_also_after_a_crash) {
  TestHub hub;
  hub.apply(kGreeting);
  hub.deliver("orders/create", kByMail);
  hub.clock.advance(kSecond);
  hub.deliver("checkouts/create", R"({"token":"t","phone":"010-1234-5678"})");
  hub.deliver("checkouts/create", kBoth);
  BOOST_REQUIRE(hub.only_run().state == RunState::waiting);
  const Id survivor = hub.only_run().customer;
  BOOST_TEST(hub.reader->merges_into(survivor)->size() == 1u);
  hub.crash();
  hub.start();
  hub.run_until(kMonday + 3 * kHour);
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(hub.vendor.writes_seen == 1);
  // An order by telephone is theirs now.
  hub.deliver("orders/create", kByPhone);
  BOOST_TEST(hub.runs().back().customer == survivor);
}

BOOST_AUTO_TEST_CASE(of_two_pending_absences_the_later_stays_and_an_order_of_either_calls_off_the_next) {
  TestHub hub;
  hub.apply(kForgotten);
  hub.deliver("checkouts/create", R"({"token":"first","email":"minji@example.com"})");
  hub.clock.advance(kMinute);
  hub.deliver("checkouts/create", R"({"token":"second","phone":"010-1234-5678"})");
  hub.clock.advance(kMinute);
  const auto one = *hub.reader->customer_by_identity("email", "minji@example.com");
  const auto other = *hub.reader->customer_by_identity("phone", "+821012345678");
  BOOST_TEST(one != other);
  hub.deliver("checkouts/create", R"({"token":"third","email":"minji@example.com","phone":"010-1234-5678"})");
  const auto pending = *hub.reader->absences_of(one);
  BOOST_REQUIRE(pending.size() == 1u);
  BOOST_TEST(pending[0].at_ms == kMonday + 2 * kMinute);  // the third, which came with the merge
  hub.run_until(kMonday + 31 * kMinute);
  BOOST_TEST(hub.vendor.messages.empty());
  hub.run_until(kMonday + 32 * kMinute);
  BOOST_REQUIRE(hub.vendor.messages.size() == 1u);
  BOOST_TEST(hub.vendor.messages[0].second.find("third") != std::string::npos);
  // An order by telephone calls off what was begun by mail.
  hub.deliver("checkouts/create", R"({"token":"fourth","email":"minji@example.com"})");
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", kByPhone);
  hub.run_until(kMonday + 3 * kHour);
  BOOST_TEST(hub.vendor.messages.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
