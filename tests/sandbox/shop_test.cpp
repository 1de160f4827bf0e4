// The shop makes deliveries that a receiver of Shopify's webhooks would take.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "sandbox/shop.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

constexpr Millis kNow = 1'772'409'600'000;  // 2026-03-02T09:00:00+09:00

Value body_of(const HttpRequest& request) {
  auto body = parse_json(request.body);
  BOOST_REQUIRE(body.has_value());
  return *body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shop)

// Computed with another implementation of HMAC over these bytes, Hangul included.
BOOST_AUTO_TEST_CASE(signs_raw_bytes_as_shopify_does) {
  BOOST_TEST(shopify_signature("test_secret_key", R"({"foo": "bar"})") ==
             "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=");
  BOOST_TEST(shopify_signature("test_secret_key",
                               "{\"name\":\"#1001\",\"customer\":{\"first_name\":\"길동\",\"last_name\":\"홍\"}}") ==
             "nTGxT50ha4Tb1HRRd7JAOReap/cadz6T4GKgYcR1pSM=");
}

BOOST_AUTO_TEST_CASE(a_checkout_and_its_order_share_the_checkout_token) {
  const ManualClock clock(kNow);
  Shop shop(clock);
  Purchase purchase;
  purchase.token = "chk-7";
  purchase.total = "59900";
  const HttpRequest checkout = shop.checkout("http://127.0.0.1:1/hooks/shop", {}, purchase);
  const HttpRequest order = shop.order("http://127.0.0.1:1/hooks/shop", {}, purchase);
  const Value checkout_body = body_of(checkout), order_body = body_of(order);
  BOOST_TEST(checkout_body.text("token") == "chk-7");
  BOOST_TEST(order_body.text("checkout_token") == "chk-7");
  BOOST_TEST(order_body.text("total_price") == "59900");
  BOOST_TEST(order_body.text("created_at") == "2026-03-02T09:00:00+09:00");
  BOOST_TEST(order_body.at_path("customer.first_name")->if_string()->compare("민지") == 0);
  BOOST_TEST(order_body.number("id") == 5'987'654'321'001);
  BOOST_TEST(order.headers.get("X-Shopify-Topic").value() == "orders/create");
  BOOST_TEST(order.target == "http://127.0.0.1:1/hooks/shop");
  BOOST_TEST(order.headers.get("X-Shopify-Hmac-Sha256").value() ==
             shopify_signature("sandbox-webhook-secret", order.body));
}

BOOST_AUTO_TEST_CASE(deliveries_have_ids_of_their_own_and_equal_seeds_give_equal_bytes) {
  const ManualClock clock(kNow);
  Shop first(clock), again(clock);
  const auto id = [](const HttpRequest& request) {
    return std::string(request.headers.get("X-Shopify-Webhook-Id").value());
  };
  const HttpRequest one = first.order("http://h/", {}, {}), two = first.order("http://h/", {}, {});
  BOOST_TEST(id(one) != id(two));
  BOOST_TEST(id(one).size() == 36u);
  BOOST_TEST(body_of(one).number("id") != body_of(two).number("id"));
  const HttpRequest same = again.order("http://h/", {}, {});
  BOOST_TEST(id(one) == id(same));
  BOOST_TEST(one.body == same.body);
}

BOOST_AUTO_TEST_SUITE_END()
