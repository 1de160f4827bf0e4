// The recipes that ship with the hub, walked with an event of each kind: the very texts that go out.
#include <fstream>
#include <sstream>

#include "engine/walking.hpp"

using namespace ieum;
using namespace ieum::engine;
using namespace ieum::engine_test;

namespace {

std::shared_ptr<const recipe::Program> shipped(const std::string& name) {
  std::ifstream file(std::string(IEUM_SOURCE_DIR) + "/recipes/" + name + ".yaml");
  std::stringstream text;
  text << file.rdbuf();
  return recipe::compile(read(text.str()));
}

const char* kCart =
    R"({"token":"t1","total":62000.00,"currency":"KRW","phone":"+821011110001","first_name":"민지","url":"https://shop.example/c/t1","email":"minji.kim@example.com","customer_id":7001})";

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_shipped_recipes)

BOOST_AUTO_TEST_CASE(cart_rescue_reminds_who_has_not_ordered_for_half_an_hour) {
  const auto code = shipped("cart-rescue");
  const Value cart = value(kCart);
  BOOST_CHECK(matches(code->recipe.trigger, {"checkout_started"}, "shopify", cart));
  BOOST_CHECK(!matches(code->recipe.trigger, {"checkout_started"}, "shopify", value(R"({"total":"49999.99"})")));
  BOOST_CHECK_EQUAL(about_of(code->recipe, cart).size(), 3u);
  BOOST_CHECK_EQUAL(entry_key(code->recipe, cart).value(), "t1");
  BOOST_REQUIRE(code->recipe.absent);
  BOOST_CHECK_EQUAL(code->recipe.absent->match.event, "order_created");
  BOOST_CHECK_EQUAL(code->recipe.absent->within_for, 30 * kMinute);
  BOOST_CHECK(code->recipe.absent->debounce);
  Walker walk(code, cart);
  BOOST_CHECK_EQUAL(walk.begin(),
                    R"(act remind {"to":"+821011110001","template":"CART_REMIND","variables":{"고객명":"민지"}})");
  BOOST_CHECK_EQUAL(
      walk.done(),
      R"(act tell_team {"channel":"#cart","text":"민지님에게 장바구니 알림톡을 보냈습니다. 금액: 62,000원"})");
  BOOST_CHECK_EQUAL(walk.done(), "finished");
}

BOOST_AUTO_TEST_CASE(cart_rescue_tells_of_a_failure_and_of_nothing_else) {
  Walker walk(shipped("cart-rescue"), value(kCart));
  walk.begin();
  BOOST_CHECK_EQUAL(
      walk.failed("permanent", "템플릿 없음"),
      R"(act remind_failed {"channel":"#cart","text":"⚠️ 알림톡을 보내지 못했습니다 (permanent): 템플릿 없음"})");
  BOOST_CHECK_EQUAL(walk.done(), "finished");
}

BOOST_AUTO_TEST_CASE(cart_rescue_goes_on_with_little_data) {
  Walker walk(shipped("cart-rescue"), value(R"({"token":"t1","total":"62000"})"));
  BOOST_CHECK_EQUAL(walk.begin(), R"(act remind {"to":"","template":"CART_REMIND","variables":{"고객명":"고객"}})");
  walk.results.set("remind", value(R"({"status":"skipped"})"));
  BOOST_CHECK_EQUAL(walk.feed(StepSkipped{}), "finished");
}

BOOST_AUTO_TEST_CASE(order_to_slack_adds_a_line_to_large_orders) {
  const auto code = shipped("order-to-slack");
  Walker large(code, value(R"({"order_id":5001,"order_name":"#1042","total":1250000,"currency":"KRW"})"));
  BOOST_CHECK_EQUAL(large.begin(), R"(act post {"channel":"#orders","text":"🛒 새 주문 #1042: 1,250,000원"})");
  BOOST_CHECK(large.done(R"({"ts":"1700000000.000100"})")
                  .starts_with(R"(act post_large {"channel":"#orders","thread_ts":"1700000000.000100","text":"💎)"));
  BOOST_CHECK_EQUAL(large.done(), "finished");
  Walker small(code, value(R"({"order_id":5001,"total":"9900.00","currency":"KRW"})"));
  BOOST_CHECK_EQUAL(small.begin(), R"(act post {"channel":"#orders","text":"🛒 새 주문 5001: 9,900원"})");
  BOOST_CHECK_EQUAL(small.done(), "finished");
}

BOOST_AUTO_TEST_CASE(generic_webhook_to_http_hands_the_whole_event_on) {
  Walker walk(shipped("generic-webhook-to-http"), value(R"({"주문":[1,2.50],"name":"anything"})"));
  BOOST_CHECK_EQUAL(
      walk.begin(),
      R"(act forward {"method":"POST","url":"https://example.com/hooks/ieum","headers":{"X-Ieum-Run":7},"json":{"받은_시각":"2026-03-02T00:00:00Z","내용":{"주문":[1,2.50],"name":"anything"}},"safety":"keyed"})");
}

BOOST_AUTO_TEST_SUITE_END()
