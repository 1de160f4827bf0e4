// The poll missed_orders: finds what webhooks lost. Shopify tries a delivery for four hours and promises none.
//
// Of each order that changed it tells, in the shape of the webhooks, what happened to it within the look: made, paid,
// cancelled, fulfilled. A webhook that came already, or comes after, is the same fact by the event's source_key and counts
// once. The look ends some minutes before now, so that what goes well is told by the webhook, whose body says more: an order
// of the API has no cart or checkout token.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/orders, https://shopify.dev/docs/apps/build/webhooks (best practices)
#include <algorithm>

#include "graphql.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"
#include "polls.hpp"

namespace shopify {

namespace {

using ieum::json::object;
using ieum::json::value;

constexpr std::int64_t kMinuteMs = 60 * 1000LL;

// A page stays below the 1,000 points that one query may ask for, counted an object a point.
constexpr std::string_view kQuery =
    "query missedOrders($query: String!, $after: String) { orders(first: 3, after: $after, query: $query, "
    "sortKey: UPDATED_AT) { nodes { id name email phone createdAt updatedAt processedAt cancelledAt cancelReason "
    "displayFinancialStatus displayFulfillmentStatus statusPageUrl note tags test currencyCode "
    "totalPriceSet { shopMoney { amount } } subtotalPriceSet { shopMoney { amount } } "
    "customer { id firstName lastName email phone } "
    "lineItems(first: 50) { nodes { title quantity sku variant { id } product { id } "
    "originalUnitPriceSet { shopMoney { amount } } } } "
    "transactions(first: 10) { kind status processedAt } fulfillments(first: 10) { createdAt } } "
    "pageInfo { hasNextPage endCursor } } }";

// PARTIALLY_PAID is partially_paid in a webhook; no fulfilment is null there.
value status_at(const value& node, std::string_view path) {
  std::string text = ieum::text_at(node, path);
  if (text.empty() || text == "UNFULFILLED") return nullptr;
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return value(text);
}

object as_webhook(const value& node) {
  std::string tags;
  if (const value* list = ieum::find(node, "tags"); list != nullptr && list->is_array())
    for (const value& tag : list->get_array())
      if (tag.is_string()) tags += (tags.empty() ? "" : ", ") + std::string(tag.get_string());
  return {{"id", id_at(node, "id")},
          {"admin_graphql_api_id", ieum::text_at(node, "id")},
          {"name", text_or_null(node, "name")},
          {"email", text_or_null(node, "email")},
          {"phone", text_or_null(node, "phone")},
          {"created_at", text_or_null(node, "createdAt")},
          {"updated_at", text_or_null(node, "updatedAt")},
          {"processed_at", text_or_null(node, "processedAt")},
          {"cancelled_at", text_or_null(node, "cancelledAt")},
          {"cancel_reason", status_at(node, "cancelReason")},
          {"financial_status", status_at(node, "displayFinancialStatus")},
          {"fulfillment_status", status_at(node, "displayFulfillmentStatus")},
          {"order_status_url", text_or_null(node, "statusPageUrl")},
          {"note", text_or_null(node, "note")},
          {"tags", tags},
          {"test", ieum::flag_at(node, "test")},
          {"currency", text_or_null(node, "currencyCode")},
          {"total_price", text_or_null(node, "totalPriceSet.shopMoney.amount")},
          {"subtotal_price", text_or_null(node, "subtotalPriceSet.shopMoney.amount")},
          {"customer", customer_of(node)},
          {"line_items", lines_of(node)}};
}

// The latest time at `name` of the entries that `counts` takes; 0 when there is none.
template <typename Counts>
std::int64_t latest(const value& node, std::string_view list, std::string_view name, const Counts& counts) {
  std::int64_t at = 0;
  if (const value* entries = ieum::find(node, list); entries != nullptr && entries->is_array())
    for (const value& entry : entries->get_array())
      if (counts(entry)) at = std::max(at, ieum::read_rfc3339(ieum::text_at(entry, name)).value_or(0));
  return at;
}

void tell(const value& node, std::int64_t from_ms, std::int64_t to_ms, ieum::Events& found) {
  const std::string id = ieum::text_at(node, "id");
  const auto told = [&](const char* topic, std::int64_t at) {
    if (at >= from_ms && at < to_ms) found.keyed(topic, std::string(topic) + ":" + id, as_webhook(node));
  };
  const auto at = [&](std::string_view name) { return ieum::read_rfc3339(ieum::text_at(node, name)).value_or(0); };
  told("orders/create", at("createdAt"));
  if (ieum::text_at(node, "displayFinancialStatus") == "PAID")
    told("orders/paid", latest(node, "transactions", "processedAt", [](const value& one) {
           const std::string kind = ieum::text_at(one, "kind");
           return ieum::text_at(one, "status") == "SUCCESS" && (kind == "SALE" || kind == "CAPTURE");
         }));
  if (ieum::text_at(node, "displayFulfillmentStatus") == "FULFILLED")
    told("orders/fulfilled", latest(node, "fulfillments", "createdAt", [](const value&) { return true; }));
  told("orders/cancelled", at("cancelledAt"));
}

}  // namespace

ieum::Effect poll_missed_orders(const ieum::Call& call) {
  constexpr Look kLook{kQuery, "orders", "updated_at", 30 * kMinuteMs, 5 * kMinuteMs, tell};
  return poll_by(call, kLook);
}

}  // namespace shopify
