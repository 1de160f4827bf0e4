// Schedules with an audience: a run for each customer who is of it, once, whatever happens on the way.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

// Who bought for more than a thousand in the last week, on Monday at ten.
std::string recipe(const std::string& more = "") {
  return R"yaml(recipe: weekly
title: 주간
trigger:
  schedule: {cron: "0 10 * * mon"}
  audience: history.orders.sum > 1000
history:
  - {name: orders, event: order_created, sum: event.total, within: 7d}
)yaml" + more +
         R"yaml(steps:
  - use: acme.post
    connection: shop
    with: {text: '{{ customer.email }}'}
)yaml";
}

struct Shop {
  TestHub hub;
  // Customer n buys for n * 10: of 230 the last 130 are of the audience.
  explicit Shop(int customers, const std::string& more = "") {
    for (int n = 1; n <= customers; ++n) buy(n, n * 10);
    hub.apply(recipe(more));
  }
  void buy(int customer, int total) {
    hub.deliver("orders/create", R"({"id":")" + std::to_string(++orders) + R"(","total":")" + std::to_string(total) +
                                     R"(","email":"c)" + std::to_string(customer) + R"(@example.com"})");
  }
  [[nodiscard]] std::size_t sent() const { return hub.vendor.messages.size(); }
  std::string said() { return hub.events().back().reason; }
  int orders = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fan_out)

BOOST_AUTO_TEST_CASE(each_customer_of_the_audience_gets_a_run) {
  Shop shop(230);
  shop.hub.run_until(kMonday + kHour - 1);
  BOOST_TEST(shop.sent() == 0u);
  shop.hub.run_until(kMonday + kHour);
  BOOST_TEST(shop.sent() == 130u);
  BOOST_TEST(shop.hub.runs().size() == 130u);
  BOOST_TEST(shop.said() == "weekly: 130 of 230 customers, 130 started");
  BOOST_TEST(shop.hub.vendor.messages.front().second == "c101@example.com");
  BOOST_TEST(shop.hub.vendor.messages.back().second == "c230@example.com");
  // A week later those orders are over, but for one that came since.
  shop.hub.run_until(kMonday + 2 * kDay);
  shop.buy(7, 5000);
  shop.hub.run_until(kMonday + 7 * kDay + kHour);
  BOOST_TEST(shop.sent() == 131u);
  BOOST_TEST(shop.said() == "weekly: 1 of 230 customers, 1 started");
}

BOOST_AUTO_TEST_CASE(who_may_not_enter_is_passed_over) {
  Shop shop(230, "entry: {mode: once}\n");
  shop.hub.run_until(kMonday + kHour);
  BOOST_TEST(shop.sent() == 130u);
  shop.hub.run_until(kMonday + kDay);
  shop.buy(150, 9000);
  shop.buy(3, 9000);
  shop.hub.run_until(kMonday + 7 * kDay + kHour);
  BOOST_TEST(shop.sent() == 131u);
  BOOST_TEST(shop.said() == "weekly: 2 of 230 customers, 1 started");
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_moment_passes_over_nobody_and_starts_nobody_twice) {
  for (int moments : {0, 1, 2, 3, 5, 8, 13, 21, 40, 80, 160}) {
    Shop shop(230);
    shop.hub.run_until(kMonday + kMinute);
    shop.hub.clock.set(kMonday + kHour);
    shop.hub.engine->post([&] { shop.hub.hub->tick(); });
    for (int i = 0; i < moments; ++i) shop.hub.engine->run_one();
    shop.hub.crash();
    shop.hub.start();
    shop.hub.settle();
    shop.hub.run_until(kMonday + 2 * kHour);
    BOOST_TEST_CONTEXT(moments) {
      BOOST_TEST(shop.hub.runs().size() == 130u);
      BOOST_TEST(shop.sent() == 130u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_recipe_that_is_switched_off_on_the_way_starts_nobody_more) {
  Shop shop(230);
  shop.hub.run_until(kMonday + kMinute);
  shop.hub.clock.set(kMonday + kHour);
  shop.hub.engine->post([&] { shop.hub.hub->tick(); });
  for (int i = 0; i < 400 && shop.hub.runs().empty(); ++i) shop.hub.engine->run_one();
  const auto begun = shop.hub.runs().size();
  BOOST_TEST(begun > 0u);
  BOOST_TEST(begun < 130u);
  BOOST_TEST(shop.hub.hub->enable_recipe("weekly", false).has_value());
  shop.hub.settle();
  BOOST_TEST(shop.hub.runs().size() < 130u);
  BOOST_TEST(shop.said().find("recipe_off") != std::string::npos);
  BOOST_TEST(shop.hub.hub->idle());
}

BOOST_AUTO_TEST_CASE(a_preview_counts_all_and_starts_nobody) {
  Shop shop(230);
  const auto found = shop.hub.hub->audience_of("weekly");
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->number("looked") == 230);
  BOOST_TEST(found->number("met") == 130);
  BOOST_TEST(found->get("customers")->if_list()->size() == 100u);
  BOOST_TEST(shop.hub.runs().empty());
  BOOST_TEST(shop.hub.hub->audience_of("none").error().code == "unknown_recipe");
}

BOOST_AUTO_TEST_SUITE_END()
