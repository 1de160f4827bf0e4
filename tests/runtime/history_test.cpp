// Recipes that ask what their customer did before, in virtual time and over the whole hub.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;

namespace {

// The sum of all orders passes a million: once.
const std::string kBigSpender = R"yaml(recipe: big-spender
title: 큰손
about: {email: event.email, phone: event.phone}
trigger: {event: order_created}
history:
  - {name: orders, event: order_created, sum: event.total}
entry: {mode: once, where: history.orders.sum >= 1000000}
steps:
  - use: acme.post
    connection: shop
    with: {text: '{{ history.orders.sum }} in {{ history.orders.count }}'}
)yaml";

// The third checkout of one cart within a week, by who has bought nothing.
const std::string kThrice = R"yaml(recipe: thrice
title: 세 번
about: {email: event.email}
trigger: {event: checkout_started}
history:
  - {name: same, event: checkout_started, match: {event.token: trigger.token}, within: 7d}
  - {name: orders, event: order_created}
entry: {mode: once, key: event.token, where: history.same.count >= 3 && history.orders.count == 0}
steps:
  - use: acme.post
    connection: shop
    with: {text: '{{ trigger.token }}'}
)yaml";

// Goes on as long as nothing was bought since it began, and says whom nobody saw for a while.
const std::string kSince = R"yaml(recipe: since
title: 그 뒤
about: {email: event.email}
trigger: {event: checkout_started}
history:
  - {name: bought, event: order_created, since: entry}
  - {name: seen, event: link_clicked}
keep_while: history.bought.count == 0
steps:
  - wait: 2h
  - use: acme.post
    connection: shop
    with: {text: '{{ history.seen.count == 0 ? "never" : string(now - history.seen.last) }}'}
)yaml";

std::string order(const std::string& id, int total, const std::string& more = "") {
  return R"({"id":")" + id + R"(","total":")" + std::to_string(total) + R"(","email":"minji@example.com")" + more + "}";
}
std::string checkout(const std::string& token, const std::string& more = "") {
  return R"({"token":")" + token + R"(","total":"1","email":"minji@example.com")" + more + "}";
}
std::string texts(const TestHub& hub) {
  std::string all;
  for (const auto& [key, body] : hub.vendor.messages) all += body + "; ";
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(history)

BOOST_AUTO_TEST_CASE(a_sum_over_all_orders_lets_one_in_once) {
  TestHub hub;
  hub.apply(kBigSpender);
  hub.deliver("orders/create", order("1", 400'000));
  hub.deliver("orders/create", order("2", 599'999));
  BOOST_TEST(hub.runs().empty());
  BOOST_TEST(hub.events().back().reason == "big-spender: entry_where");
  hub.deliver("orders/create", order("2", 599'999));  // the same order, told again, counts once
  BOOST_TEST(hub.runs().empty());
  hub.deliver("orders/create", order("3", 1));
  BOOST_TEST(texts(hub) == "1000000 in 3; ");
  hub.deliver("orders/create", order("4", 1'000'000));
  BOOST_TEST(hub.runs().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_merged_customer_bought_counts) {
  TestHub hub;
  hub.apply(kBigSpender);
  hub.deliver("orders/create", R"({"id":"1","total":"700000","phone":"010-1234-5678"})");
  hub.deliver("orders/create", order("2", 200'000));
  hub.deliver("orders/create", order("3", 100'000, R"(,"phone":"010-1234-5678")"));
  BOOST_TEST(texts(hub) == "1000000 in 3; ");
}

BOOST_AUTO_TEST_CASE(a_window_is_half_open_to_the_millisecond_and_joins_by_what_the_trigger_has) {
  TestHub hub;
  hub.apply(kThrice);
  hub.deliver("checkouts/create", checkout("a"));
  hub.clock.advance(kDay);
  hub.deliver("checkouts/create", checkout("a"));
  hub.deliver("checkouts/create", checkout("b"));
  hub.clock.advance(6 * kDay);  // a week behind the first to the millisecond: it no longer counts
  hub.deliver("checkouts/create", checkout("a"));
  BOOST_TEST(hub.runs().empty());
  hub.clock.advance(kDay - 1);  // and now the second still does
  hub.deliver("checkouts/create", checkout("a"));
  BOOST_TEST(texts(hub) == "a; ");
  hub.deliver("orders/create", order("1", 1));
  hub.deliver("checkouts/create", checkout("b"));
  hub.deliver("checkouts/create", checkout("b"));
  hub.deliver("checkouts/create", checkout("b"));
  BOOST_TEST(hub.runs().size() == 1u);  // who has bought does not enter
}

BOOST_AUTO_TEST_CASE(what_comes_late_counts_from_when_it_was) {
  TestHub hub;
  hub.apply(kThrice);
  hub.clock.advance(10 * kDay);
  hub.deliver("checkouts/create", checkout("a", R"(,"at":"2026-03-03T09:00:00+09:00")"));  // nine days before
  hub.deliver("checkouts/create", checkout("a"));
  hub.deliver("checkouts/create", checkout("a"));
  BOOST_TEST(hub.runs().empty());
  hub.deliver("checkouts/create", checkout("a", R"(,"at":"2026-03-08T09:00:00+09:00")"));
  BOOST_TEST(hub.runs().size() == 1u);
}

BOOST_AUTO_TEST_CASE(since_entry_looks_at_what_came_behind_the_beginning_of_the_run) {
  TestHub hub;
  hub.apply(kSince);
  hub.deliver("orders/create", order("1", 1));
  hub.deliver("checkouts/create", checkout("a"));
  hub.run_until(kMonday + 2 * kHour);
  BOOST_TEST(texts(hub) == "never; ");
  hub.deliver("clicks", R"({"email":"minji@example.com"})");
  hub.deliver("checkouts/create", checkout("b"));
  hub.run_until(kMonday + 4 * kHour);
  BOOST_TEST(texts(hub) == "never; 7200s; ");
  hub.deliver("checkouts/create", checkout("c"));
  hub.clock.advance(1);
  hub.deliver("orders/create", order("2", 1));
  hub.run_until(kMonday + 7 * kHour);
  BOOST_TEST(hub.runs().back().reason == "keep_while");
  BOOST_TEST(hub.vendor.messages.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_order_without_a_total_counts_and_adds_nothing) {
  TestHub hub;
  hub.apply(kBigSpender);
  hub.deliver("orders/create", R"({"id":"1","email":"minji@example.com"})");
  BOOST_TEST(hub.runs().empty());
  hub.deliver("orders/create", order("2", 1'000'000));
  BOOST_TEST(texts(hub) == "1000000 in 2; ");
}

BOOST_AUTO_TEST_SUITE_END()
