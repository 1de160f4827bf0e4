// The operations of the Shopify connector, one pair of functions each: begin makes the first call, resume reads an answer and
// goes on.
#pragma once
#include "ieum/module.hpp"

namespace shopify {

ieum::Effect add_tags(const ieum::Call& call);
ieum::Effect added_tags(const ieum::Call& call);
ieum::Effect remove_tags(const ieum::Call& call);
ieum::Effect removed_tags(const ieum::Call& call);

ieum::Effect update_customer(const ieum::Call& call);
ieum::Effect updated_customer(const ieum::Call& call);
ieum::Effect set_customer(const ieum::Call& call);
ieum::Effect done_set_customer(const ieum::Call& call);
ieum::Effect update_consent(const ieum::Call& call);
ieum::Effect updated_consent(const ieum::Call& call);

ieum::Effect update_order(const ieum::Call& call);
ieum::Effect updated_order(const ieum::Call& call);
ieum::Effect cancel_order(const ieum::Call& call);
ieum::Effect cancelled_order(const ieum::Call& call);
ieum::Effect create_refund(const ieum::Call& call);
ieum::Effect created_refund(const ieum::Call& call);

ieum::Effect update_product(const ieum::Call& call);
ieum::Effect updated_product(const ieum::Call& call);
ieum::Effect set_metafields(const ieum::Call& call);
ieum::Effect done_set_metafields(const ieum::Call& call);

ieum::Effect create_draft_order(const ieum::Call& call);
ieum::Effect created_draft_order(const ieum::Call& call);
ieum::Effect find_draft_order(const ieum::Call& call);
ieum::Effect found_draft_order(const ieum::Call& call);
ieum::Effect create_fulfillment(const ieum::Call& call);
ieum::Effect created_fulfillment(const ieum::Call& call);
ieum::Effect find_fulfillment(const ieum::Call& call);
ieum::Effect found_fulfillment(const ieum::Call& call);

ieum::Effect create_discount_code(const ieum::Call& call);
ieum::Effect created_discount_code(const ieum::Call& call);

ieum::Effect run_bulk_query(const ieum::Call& call);
ieum::Effect ran_bulk_query(const ieum::Call& call);
ieum::Effect find_bulk_query(const ieum::Call& call);
ieum::Effect found_bulk_query(const ieum::Call& call);
ieum::Effect get_bulk_query(const ieum::Call& call);
ieum::Effect got_bulk_query(const ieum::Call& call);

ieum::Effect ensure_webhooks(const ieum::Call& call);
ieum::Effect ensured_webhooks(const ieum::Call& call);
ieum::Effect remove_webhooks(const ieum::Call& call);
ieum::Effect removed_webhooks(const ieum::Call& call);

// Both phases.
ieum::Effect poll_abandoned_checkouts(const ieum::Call& call);
ieum::Effect poll_missed_orders(const ieum::Call& call);

ieum::Effect get_shop(const ieum::Call& call);
ieum::Effect got_shop(const ieum::Call& call);

}  // namespace shopify
