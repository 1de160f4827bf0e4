// The poll abandoned_checkouts: Shopify has no webhook for them. What is told has the shape of a checkout's webhook.
//
// A checkout counts as abandoned some time after it was made, and keeps its time of creation: each look reaches far back.
// https://shopify.dev/docs/api/admin-graphql/latest/queries/abandonedCheckouts
#include "operations.hpp"
#include "polls.hpp"

namespace shopify {

namespace {

using ieum::json::object;
using ieum::json::value;

// A page stays below the 1,000 points that one query may ask for, counted an object a point.
constexpr std::string_view kQuery =
    "query abandonedCheckouts($query: String!, $after: String) { abandonedCheckouts(first: 3, after: $after, "
    "query: $query, sortKey: CREATED_AT) { nodes { id abandonedCheckoutUrl createdAt updatedAt completedAt "
    "totalPriceSet { shopMoney { amount currencyCode } } customer { id firstName lastName email phone } "
    "lineItems(first: 50) { nodes { title quantity sku variant { id } product { id } "
    "originalUnitPriceSet { shopMoney { amount } } } } } pageInfo { hasNextPage endCursor } } }";

void tell(const value& node, std::int64_t, std::int64_t, ieum::Events& found) {
  if (!ieum::text_at(node, "completedAt").empty()) return;
  const std::string id = ieum::text_at(node, "id");
  object out{{"id", id_at(node, "id")},
             {"admin_graphql_api_id", id},
             {"abandoned_checkout_url", text_or_null(node, "abandonedCheckoutUrl")},
             {"created_at", text_or_null(node, "createdAt")},
             {"updated_at", text_or_null(node, "updatedAt")},
             {"completed_at", text_or_null(node, "completedAt")},
             {"total_price", text_or_null(node, "totalPriceSet.shopMoney.amount")},
             {"currency", text_or_null(node, "totalPriceSet.shopMoney.currencyCode")},
             {"email", text_or_null(node, "customer.email")},
             {"phone", text_or_null(node, "customer.phone")},
             {"line_items", lines_of(node)}};
  if (auto customer = customer_of(node); customer.is_object()) out["customer"] = std::move(customer);
  found.keyed("checkouts/abandoned", "checkout:" + id, std::move(out));
}

}  // namespace

ieum::Effect poll_abandoned_checkouts(const ieum::Call& call) {
  constexpr Look kLook{kQuery, "abandonedCheckouts", "created_at", 6 * 3600 * 1000LL, 0, tell};
  return poll_by(call, kLook);
}

}  // namespace shopify
