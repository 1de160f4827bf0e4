#include "sandbox/shop_orders.hpp"

#include <algorithm>
#include <vector>

#include "base/time_text.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox {
namespace {

constexpr std::size_t kOrdersMax = 10'000;
constexpr std::int64_t kPageMax = 250;

Value money(const Value& body, std::string_view name) {
  return Map{{"shopMoney", Map{{"amount", body.text(name)}, {"currencyCode", body.text("currency")}}}};
}

Value gid(std::string_view kind, const Value* id) {
  if (id == nullptr || id->if_int() == nullptr) return {};
  return "gid://shopify/" + std::string(kind) + "/" + std::to_string(*id->if_int());
}

Value node_of(const Value& body, std::string_view name, std::string_view kind) {
  return Map{{"id", gid(kind, body.get(name))}};
}

Value customer_of(const Value& body) {
  const Value* customer = body.get("customer");
  if (customer == nullptr || !customer->is_map()) return {};
  return Map{{"id", gid("Customer", customer->get("id"))},
             {"firstName", customer->text("first_name")},
             {"lastName", customer->text("last_name")},
             {"email", customer->text("email")},
             {"phone", customer->text("phone")}};
}

Value lines_of(const Value& body) {
  List nodes;
  const Value* lines = body.get("line_items");
  if (lines != nullptr && lines->if_list() != nullptr)
    for (const Value& line : *lines->if_list())
      nodes.emplace_back(Map{{"title", line.text("title")},
                             {"quantity", line.number("quantity")},
                             {"sku", line.text("sku")},
                             {"variant", node_of(line, "variant_id", "ProductVariant")},
                             {"product", node_of(line, "product_id", "Product")},
                             {"originalUnitPriceSet", money(line, "price")}});
  return Map{{"nodes", std::move(nodes)}};
}

}  // namespace

void ShopOrders::happened(std::string_view topic, const Value& body, Millis now) {
  const Value id = gid("Order", body.get("id"));
  if (id.is_null() || !topic.starts_with("orders/")) return;
  const std::string at = rfc3339_utc(now);
  auto [found, fresh] = orders_.try_emplace(*id.if_string());
  Map& order = found->second;
  if (fresh) {
    if (orders_.size() > kOrdersMax)
      orders_.erase(orders_.begin() == found ? std::next(orders_.begin()) : orders_.begin());
    order = Map{{"id", id},
                {"name", body.text("name")},
                {"email", body.text("email")},
                {"phone", body.text("phone")},
                {"createdAt", at},
                {"processedAt", at},
                {"cancelledAt", Value()},
                {"cancelReason", Value()},
                {"displayFinancialStatus", "PENDING"},
                {"displayFulfillmentStatus", "UNFULFILLED"},
                {"statusPageUrl", body.text("order_status_url")},
                {"note", body.text("note")},
                {"tags", List{}},
                {"test", false},
                {"currencyCode", body.text("currency")},
                {"totalPriceSet", money(body, "total_price")},
                {"subtotalPriceSet", money(body, "total_price")},
                {"customer", customer_of(body)},
                {"lineItems", lines_of(body)},
                {"transactions", List{}},
                {"fulfillments", List{}}};
  }
  order.set("updatedAt", at);
  if (topic == "orders/paid") {
    order.set("displayFinancialStatus", "PAID");
    order.set("transactions", List{Map{{"kind", "SALE"}, {"status", "SUCCESS"}, {"processedAt", at}}});
  } else if (topic == "orders/fulfilled") {
    order.set("displayFulfillmentStatus", "FULFILLED");
    order.set("fulfillments", List{Map{{"createdAt", at}}});
  } else if (topic == "orders/cancelled") {
    order.set("cancelledAt", at);
    order.set("cancelReason", "CUSTOMER");
  }
}

Value ShopOrders::list(const Value& arguments) const {
  const std::string query = arguments.text("query");
  constexpr std::string_view kSince = "updated_at:>='";
  const auto begin = query.find(kSince);
  const std::string since =
      begin == std::string::npos
          ? std::string()
          : query.substr(begin + kSince.size(), query.find('\'', begin + kSince.size()) - begin - kSince.size());
  const auto oldest = parse_rfc3339(since);
  std::vector<const Map*> found;
  for (const auto& [id, order] : orders_)
    if (const auto at = parse_rfc3339(Value(order).text("updatedAt")); !oldest || !at || *at >= *oldest)
      found.push_back(&order);
  std::stable_sort(found.begin(), found.end(), [](const Map* one, const Map* other) {
    return Value(*one).text("updatedAt") < Value(*other).text("updatedAt");
  });
  const auto behind = std::max<std::int64_t>(0, whole_number(arguments.text("after")).value_or(0));
  const auto from = std::min(found.size(), static_cast<std::size_t>(behind));
  const auto size = static_cast<std::size_t>(std::clamp<std::int64_t>(arguments.number("first"), 1, kPageMax));
  const auto to = std::min(found.size(), from + size);
  List nodes;
  for (auto at = from; at < to; ++at) nodes.emplace_back(*found[at]);
  return Map{{"nodes", std::move(nodes)},
             {"pageInfo", Map{{"hasNextPage", to < found.size()}, {"endCursor", std::to_string(to)}}}};
}

}  // namespace ieum::sandbox
