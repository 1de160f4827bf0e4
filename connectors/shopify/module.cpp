// Shopify: which operation is which function. Its webhooks are manifest data alone.
#include "ieum/module.hpp"
#include "ieum/address.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

struct Entry {
  std::string_view name;
  ieum::Effect (*begin)(const ieum::Call&);
  ieum::Effect (*resume)(const ieum::Call&);
};

constexpr Entry kOperations[] = {
    {"tags.add", add_tags, added_tags},
    {"tags.remove", remove_tags, removed_tags},
    {"customer.update", update_customer, updated_customer},
    {"customer.set", set_customer, done_set_customer},
    {"consent.update", update_consent, updated_consent},
    {"order.update", update_order, updated_order},
    {"order.cancel", cancel_order, cancelled_order},
    {"refund.create", create_refund, created_refund},
    {"product.update", update_product, updated_product},
    {"metafields.set", set_metafields, done_set_metafields},
    {"draft_order.create", create_draft_order, created_draft_order},
    {"draft_order.find", find_draft_order, found_draft_order},
    {"fulfillment.create", create_fulfillment, created_fulfillment},
    {"fulfillment.find", find_fulfillment, found_fulfillment},
    {"discount_code.create", create_discount_code, created_discount_code},
    {"bulk_query.run", run_bulk_query, ran_bulk_query},
    {"bulk_query.find", find_bulk_query, found_bulk_query},
    {"bulk_query.get", get_bulk_query, got_bulk_query},
    {"webhook.ensure", ensure_webhooks, ensured_webhooks},
    {"webhook.remove", remove_webhooks, removed_webhooks},
    {"shop.get", get_shop, got_shop},
};

ieum::Effect step(const ieum::Call& call) {
  if (auto refusal = ieum::bad_base_url(call)) return std::move(*refusal);
  const std::string operation = call.operation();
  const bool begin = call.phase() == ieum::Phase::begin;
  const bool resume = call.phase() == ieum::Phase::resume;
  if (operation == "abandoned_checkouts" && !begin) return poll_abandoned_checkouts(call);
  if (operation == "missed_orders" && !begin) return poll_missed_orders(call);
  if (begin || resume)
    for (const Entry& entry : kOperations)
      if (entry.name == operation) return begin ? entry.begin(call) : entry.resume(call);
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "shopify has no operation '" + operation + "'");
}

}  // namespace

}  // namespace shopify

IEUM_CONNECTOR(shopify::step)
