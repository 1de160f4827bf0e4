// shop.get: tells that the address and the token fit together.
#include "graphql.hpp"
#include "operations.hpp"

namespace shopify {

ieum::Effect get_shop(const ieum::Call& call) {
  return call_graphql(call, "query { shop { name myshopifyDomain currencyCode ianaTimezone } }", {},
                      ieum::Safety::safe);
}

ieum::Effect got_shop(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value& answer = call.answer();
  return ieum::done({{"name", ieum::text_at(answer, "data.shop.name")},
                     {"domain", ieum::text_at(answer, "data.shop.myshopifyDomain")},
                     {"currency", ieum::text_at(answer, "data.shop.currencyCode")},
                     {"timezone", ieum::text_at(answer, "data.shop.ianaTimezone")}});
}

}  // namespace shopify
