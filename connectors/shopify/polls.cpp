// The poll abandoned_checkouts: Shopify has no webhook for them. What is told has the shape of a checkout's webhook.
//
// A checkout counts as abandoned some time after it was made, and keeps its time of creation: each poll looks back over
// kOverlapMs, and keys make what was told before pass by. The first poll tells nothing.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/abandonedCheckouts
#include "graphql.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::json::array;
using ieum::json::object;
using ieum::json::value;

constexpr std::int64_t kOverlapMs = 6 * 3600 * 1000LL;

constexpr std::string_view kQuery =
    "query abandonedCheckouts($query: String!, $after: String) { abandonedCheckouts(first: 50, after: $after, "
    "query: $query, sortKey: CREATED_AT) { nodes { id abandonedCheckoutUrl createdAt updatedAt completedAt "
    "totalPriceSet { shopMoney { amount currencyCode } } customer { id firstName lastName email phone } "
    "lineItems(first: 50) { nodes { title quantity sku variant { id } product { id } "
    "originalUnitPriceSet { shopMoney { amount } } } } } pageInfo { hasNextPage endCursor } } }";

value id_at(const value& root, std::string_view path) {
  const std::int64_t id = number_of_id(ieum::text_at(root, path));
  return id == 0 ? value() : value(id);
}

value text_or_null(const value& root, std::string_view path) {
  const std::string text = ieum::text_at(root, path);
  return text.empty() ? value() : value(text);
}

object as_webhook(const value& node) {
  array lines;
  if (const value* list = ieum::find(node, "lineItems.nodes"); list != nullptr && list->is_array())
    for (const value& line : list->get_array())
      lines.emplace_back(object{{"title", text_or_null(line, "title")},
                                {"quantity", ieum::int_at(line, "quantity").value_or(1)},
                                {"sku", text_or_null(line, "sku")},
                                {"price", text_or_null(line, "originalUnitPriceSet.shopMoney.amount")},
                                {"variant_id", id_at(line, "variant.id")},
                                {"product_id", id_at(line, "product.id")}});
  object out{{"id", id_at(node, "id")},
             {"admin_graphql_api_id", ieum::text_at(node, "id")},
             {"abandoned_checkout_url", text_or_null(node, "abandonedCheckoutUrl")},
             {"created_at", text_or_null(node, "createdAt")},
             {"updated_at", text_or_null(node, "updatedAt")},
             {"completed_at", text_or_null(node, "completedAt")},
             {"total_price", text_or_null(node, "totalPriceSet.shopMoney.amount")},
             {"currency", text_or_null(node, "totalPriceSet.shopMoney.currencyCode")},
             {"email", text_or_null(node, "customer.email")},
             {"phone", text_or_null(node, "customer.phone")},
             {"line_items", std::move(lines)}};
  if (const value* customer = ieum::find(node, "customer"); customer != nullptr && customer->is_object())
    out["customer"] = object{{"id", id_at(*customer, "id")},
                             {"first_name", text_or_null(*customer, "firstName")},
                             {"last_name", text_or_null(*customer, "lastName")},
                             {"email", text_or_null(*customer, "email")},
                             {"phone", text_or_null(*customer, "phone")}};
  return out;
}

}  // namespace

// The cursor: {"since": until when was looked} and, inside a look, {"from", "to", "after"}.
Effect poll_abandoned_checkouts(const Call& call) {
  if (call.phase() == ieum::Phase::poll) {
    const auto since = ieum::int_at(call.state(), "since");
    if (!since) return ieum::events().cursor(object{{"since", call.now_ms()}});
    const auto from = ieum::int_at(call.state(), "from").value_or(*since - kOverlapMs);
    const auto to = ieum::int_at(call.state(), "to").value_or(call.now_ms());
    object variables{{"query", "created_at:>='" + ieum::rfc3339_text(from) + "'"}};
    if (const std::string after = ieum::text_at(call.state(), "after"); !after.empty()) variables["after"] = after;
    return call_graphql(call, kQuery, std::move(variables), ieum::Safety::safe,
                        object{{"since", *since}, {"from", from}, {"to", to}});
  }
  if (auto failed = failure(call)) return std::move(*failed);
  const value* nodes = ieum::find(call.answer(), "data.abandonedCheckouts.nodes");
  if (nodes == nullptr || !nodes->is_array())
    return ieum::fail(ieum::Kind::ambiguous, "unreadable_answer", "Shopify's list of checkouts cannot be read");
  ieum::Events found;
  for (const value& node : nodes->get_array()) {
    const std::string id = ieum::text_at(node, "id");
    if (id.empty() || !ieum::text_at(node, "completedAt").empty()) continue;
    found.keyed("checkouts/abandoned", "checkout:" + id, as_webhook(node));
  }
  const std::string after = ieum::text_at(call.answer(), "data.abandonedCheckouts.pageInfo.endCursor");
  if (ieum::flag_at(call.answer(), "data.abandonedCheckouts.pageInfo.hasNextPage") && !after.empty()) {
    object cursor = call.state().is_object() ? call.state().get_object() : object{};
    cursor["after"] = after;
    return found.cursor(std::move(cursor)).more();
  }
  return found.cursor(object{{"since", ieum::int_at(call.state(), "to").value_or(call.now_ms())}});
}

}  // namespace shopify
