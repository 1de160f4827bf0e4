// Orders of the shop as its Admin API lists them, from the bodies of webhooks that told of them or were lost. Private to
// sandbox; one thread. https://shopify.dev/docs/api/admin-graphql/latest/queries/orders
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/value.hpp"

namespace ieum::sandbox {

class ShopOrders {
 public:
  // What `topic` (orders/create, orders/paid, ...) tells of an order happened now. Other topics, and a body (the webhook's) without `id`: nothing.
  void happened(std::string_view topic, const Value& body, Millis now);
  // orders(query: "updated_at:>='…'"): {nodes, pageInfo}, by time of change. One page holds `first`; `after` is a cursor.
  [[nodiscard]] Value list(const Value& arguments) const;

 private:
  std::map<std::string, Map> orders_;  // by global id
};

}  // namespace ieum::sandbox
