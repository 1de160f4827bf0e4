// Shopify: tags, discount codes, the shop. Its webhooks are manifest data alone.
#include "ieum/module.hpp"
#include "ieum/address.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

ieum::Effect step(const ieum::Call& call) {
  const std::string operation = call.operation();
  const bool begin = call.phase() == ieum::Phase::begin;
  if (auto refusal = ieum::bad_base_url(call)) return std::move(*refusal);
  if (begin || call.phase() == ieum::Phase::resume) {
    if (operation == "tags.add") return begin ? add_tags(call) : added_tags(call);
    if (operation == "discount_code.create") return begin ? create_discount_code(call) : created_discount_code(call);
    if (operation == "shop.get") return begin ? get_shop(call) : got_shop(call);
  }
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "shopify has no operation '" + operation + "'");
}

}  // namespace

}  // namespace shopify

IEUM_CONNECTOR(shopify::step)
