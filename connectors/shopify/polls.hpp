// What the polls of Shopify share: a look back over what changed, page by page, and nodes of GraphQL in the shape of webhooks.
#pragma once
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace shopify {

// One kind of look. Cursor: {"begin": when somebody began to listen, "since": until when was looked} and, inside a look,
// {"from", "to", "after"}. The first poll tells nothing, and nothing from before it is told later. Each look reaches overlap_ms back behind the last one, and keys make what was told before pass by.
struct Look {
  std::string_view query;   // takes $query and $after
  std::string_view field;   // of data
  std::string_view filter;  // search field that is compared with the look's begin: "created_at"
  std::int64_t overlap_ms = 0;
  std::int64_t behind_ms = 0;  // it ends that long before now
  void (*tell)(const ieum::json::value& node, std::int64_t from_ms, std::int64_t to_ms, ieum::Events& found);
};

ieum::Effect poll_by(const ieum::Call& call, const Look& look);

ieum::json::value id_at(const ieum::json::value& root, std::string_view path);
ieum::json::value text_or_null(const ieum::json::value& root, std::string_view path);
// line_items of a webhook, from lineItems(first: ...) { nodes { title quantity sku variant product originalUnitPriceSet } }.
ieum::json::array lines_of(const ieum::json::value& node);
// customer of a webhook, or null.
ieum::json::value customer_of(const ieum::json::value& node);

}  // namespace shopify
