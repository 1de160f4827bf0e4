// The stand-in of Shopify beyond tags and codes: what is refused by userErrors, what a repeat does, and subscriptions.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

const std::string kSubscribe =
    "mutation($t: WebhookSubscriptionTopic!, $w: WebhookSubscriptionInput!) { webhookSubscriptionCreate(topic: $t, "
    "webhookSubscription: $w) { webhookSubscription { id } userErrors { field message } } }";

Value subscription(const std::string& topic) {
  return Map{{"t", topic}, {"w", Map{{"uri", "https://hub.example.com/hooks/shop"}, {"format", "JSON"}}}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(shop_admin, Visitor)

BOOST_AUTO_TEST_CASE(a_refund_under_one_key_is_made_once) {
  const std::string query =
      "mutation refundCreate($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) "
      "{ refund { id } userErrors { field message } } }";
  const Value variables(Map{{"input", Map{{"orderId", "gid://shopify/Order/5100"}}}, {"key", "k1"}});
  const std::string first = at(shopify(query, variables), "data.refundCreate.refund.id");
  BOOST_TEST(first.starts_with("gid://shopify/Refund/"));
  BOOST_TEST(at(shopify(query, variables), "data.refundCreate.refund.id") == first);
  BOOST_TEST(at(calls("?vendor=shopify"), "1.effect") == "repeated");
}

BOOST_AUTO_TEST_CASE(an_order_is_cancelled_once_and_says_when) {
  const std::string query =
      "mutation orderCancel($id: ID!) { orderCancel(orderId: $id, reason: OTHER, restock: true) "
      "{ job { id } orderCancelUserErrors { field message code } } }";
  const Value order(Map{{"id", "gid://shopify/Order/5100"}});
  BOOST_TEST(size_of(shopify(query, order), "data.orderCancel.orderCancelUserErrors") == 0u);
  BOOST_TEST(size_of(shopify(query, order), "data.orderCancel.orderCancelUserErrors") == 1u);
  BOOST_TEST(at(shopify("query($id: ID!) { order(id: $id) { cancelledAt } }", order), "data.order.cancelledAt") ==
             "2026-03-02T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(subscriptions_are_there_once_for_each_topic_and_address) {
  BOOST_TEST(size_of(shopify(kSubscribe, subscription("ORDERS_CREATE")), "data.webhookSubscriptionCreate.userErrors") ==
             0u);
  BOOST_TEST(
      at(shopify(kSubscribe, subscription("ORDERS_CREATE")), "data.webhookSubscriptionCreate.userErrors.0.message") ==
      "Address for this topic has already been taken");
  const Value plain(Map{{"t", "ORDERS_PAID"}, {"w", Map{{"uri", "http://hub.example.com/hooks/shop"}}}});
  BOOST_TEST(at(shopify(kSubscribe, plain), "data.webhookSubscriptionCreate.userErrors.0.message") ==
             "Address is invalid");
  const Value list = shopify("query { webhookSubscriptions(first: 100) { nodes { id topic uri } } }");
  BOOST_REQUIRE(size_of(list, "data.webhookSubscriptions.nodes") == 1u);
  BOOST_TEST(at(list, "data.webhookSubscriptions.nodes.0.uri") == "https://hub.example.com/hooks/shop");
}

BOOST_AUTO_TEST_CASE(orders_are_listed_by_time_of_change_and_pages) {
  const auto happens = [&](const std::string& topic, std::int64_t id) {
    const Value body(Map{{"id", id}, {"total_price", "62000"}, {"currency", "KRW"}});
    control("/_sandbox/send", write_json(Map{{"vendor", "shopify"}, {"topic", "lost:" + topic}, {"body", body}}));
    clock.advance(kMinute);
  };
  happens("orders/create", 5100);
  happens("orders/create", 5101);
  happens("orders/paid", 5100);
  const std::string query =
      "query($q: String!, $after: String) { orders(first: 1, after: $after, query: $q, sortKey: UPDATED_AT) { nodes { "
      "id "
      "displayFinancialStatus transactions(first: 5) { kind processedAt } } pageInfo { hasNextPage endCursor } } }";
  const Value first = shopify(query, Map{{"q", "updated_at:>='2026-03-02T00:01:00Z'"}});
  BOOST_TEST(at(first, "data.orders.nodes.0.id") == "gid://shopify/Order/5101");
  BOOST_TEST(at(first, "data.orders.pageInfo.hasNextPage") == "true");
  const Value second = shopify(
      query, Map{{"q", "updated_at:>='2026-03-02T00:01:00Z'"}, {"after", at(first, "data.orders.pageInfo.endCursor")}});
  BOOST_TEST(at(second, "data.orders.nodes.0.displayFinancialStatus") == "PAID");
  BOOST_TEST(at(second, "data.orders.nodes.0.transactions.0.processedAt") == "2026-03-02T00:02:00Z");
  BOOST_TEST(at(second, "data.orders.pageInfo.hasNextPage") == "false");
}

BOOST_AUTO_TEST_CASE(metafields_compare_and_swap) {
  const std::string query =
      "mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { metafields { compareDigest } userErrors "
      "{ "
      "code } } }";
  const auto set = [&](Map field) {
    field.set("ownerId", "gid://shopify/Order/5100");
    field.set("key", "gift");
    return shopify(query, Map{{"m", List{Value(std::move(field))}}});
  };
  const std::string digest = at(set(Map{{"value", "a"}}), "data.metafieldsSet.metafields.0.compareDigest");
  BOOST_TEST(at(set(Map{{"value", "b"}, {"compareDigest", "x"}}), "data.metafieldsSet.userErrors.0.code") ==
             "STALE_OBJECT");
  BOOST_TEST(size_of(set(Map{{"value", "b"}, {"compareDigest", digest}}), "data.metafieldsSet.userErrors") == 0u);
}

BOOST_AUTO_TEST_CASE(a_customer_of_one_address_is_one) {
  const std::string query =
      "mutation($i: CustomerSetInput!, $by: CustomerSetIdentifiers) { customerSet(input: $i, identifier: $by) "
      "{ customer { id } userErrors { field message code } } }";
  const auto set = [&](const std::string& email) {
    return at(shopify(query, Map{{"i", Map{{"firstName", "민지"}}}, {"by", Map{{"email", email}}}}),
              "data.customerSet.customer.id");
  };
  BOOST_TEST(set("a@example.com") == set("A@example.com"));
  BOOST_TEST(set("a@example.com") != set("b@example.com"));
}

// An export runs for ten seconds and then has a file; the same mutation at the old version of the API finds the shop busy.
BOOST_AUTO_TEST_CASE(an_export_runs_ends_and_has_a_file) {
  const std::string query =
      "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id status } userErrors { code "
      "message } } }";
  const Value wanted(Map{{"q", "# mark\n{ products { edges { node { id } } } }"}});
  BOOST_TEST(at(shopify(query, Map{{"q", "{ shop { name } }"}}), "data.bulkOperationRunQuery.userErrors.0.code") ==
             "INVALID");
  const std::string id = at(shopify(query, wanted), "data.bulkOperationRunQuery.bulkOperation.id");
  const Value older = read(reply("POST", "/admin/api/2025-10/graphql.json",
                                 {{"X-Shopify-Access-Token", "shpat_sandbox"}, {"Content-Type", "application/json"}},
                                 write_json(Map{{"query", query}, {"variables", wanted}})));
  BOOST_TEST(at(older, "data.bulkOperationRunQuery.userErrors.0.code") == "OPERATION_IN_PROGRESS");
  const std::string get =
      "query($id: ID!) { node(id: $id) { id ... on BulkOperation { status url } } bulkOperations(first: 5) { nodes { "
      "query } } currentBulkOperation(type: QUERY) { id } }";
  const Value running = shopify(get, Map{{"id", id}});
  BOOST_TEST(at(running, "data.node.url") == "");
  BOOST_TEST(at(running, "data.bulkOperations.nodes.0.query").starts_with("# mark"));
  BOOST_TEST(at(running, "data.currentBulkOperation.id") == id);
  clock.advance(10 * kSecond);
  const std::string url = at(shopify(get, Map{{"id", id}}), "data.node.url");
  const Reply file = reply("GET", url.substr(url.find("/admin/")));
  BOOST_TEST(file.response.status == 200);
  BOOST_TEST(file.response.body.find("820982911946154508") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
