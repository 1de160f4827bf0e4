// The operations of the Shopify connector, one pair of functions each: begin makes the call, resume reads the answer.
#pragma once
#include "ieum/module.hpp"

namespace shopify {

ieum::Effect add_tags(const ieum::Call& call);
ieum::Effect added_tags(const ieum::Call& call);

ieum::Effect create_discount_code(const ieum::Call& call);
ieum::Effect created_discount_code(const ieum::Call& call);

ieum::Effect get_shop(const ieum::Call& call);
ieum::Effect got_shop(const ieum::Call& call);

}  // namespace shopify
