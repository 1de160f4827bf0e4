// Draft orders, and parcels that are on their way. Neither is safe to repeat: a draft is found again by a tag that carries its
// step key, a fulfilment by its fulfilment orders being closed.
#include "graphql.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
using ieum::json::array;
using ieum::json::object;

constexpr std::string_view kDraft =
    "mutation draftOrderCreate($input: DraftOrderInput!) { draftOrderCreate(input: $input) "
    "{ draftOrder { id name invoiceUrl } userErrors { field message } } }";
constexpr std::string_view kFindDraft =
    "query draftOrders($query: String!) { draftOrders(first: 2, query: $query) { nodes { id name invoiceUrl tags } } }";
constexpr std::string_view kParcels =
    "query order($id: ID!) { order(id: $id) { id fulfillmentOrders(first: 50) { nodes { id status } } } }";
constexpr std::string_view kFulfill =
    "mutation fulfillmentCreate($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) "
    "{ fulfillment { id status } userErrors { field message } } }";

std::string mark(const Call& call) { return "ieum-" + call.step_key(); }

object draft_output(const ieum::json::value& draft) {
  return {{"id", ieum::text_at(draft, "id")},
          {"name", ieum::text_at(draft, "name")},
          {"invoice_url", ieum::text_at(draft, "invoiceUrl")}};
}

std::string order_of(const Call& call) { return global_id("Order", call.input("order")); }

// The fulfilment orders that still wait; those of `known` when it is given.
array open_parcels(const Call& call) {
  array open;
  const ieum::json::value* nodes = ieum::find(call.answer(), "data.order.fulfillmentOrders.nodes");
  if (nodes == nullptr || !nodes->is_array()) return open;
  for (const ieum::json::value& node : nodes->get_array()) {
    const std::string status = ieum::text_at(node, "status");
    if (status == "OPEN" || status == "IN_PROGRESS") open.emplace_back(ieum::text_at(node, "id"));
  }
  return open;
}

Effect fulfill(const Call& call, const array& parcels) {
  array lines;
  for (const ieum::json::value& id : parcels) lines.emplace_back(object{{"fulfillmentOrderId", id}});
  object fulfillment{{"lineItemsByFulfillmentOrder", std::move(lines)},
                     {"notifyCustomer", ieum::flag_at(call.inputs(), "notify")}};
  object tracking;
  put(call, "tracking_number", "number", tracking);
  put(call, "tracking_company", "company", tracking);
  put(call, "tracking_url", "url", tracking);
  if (!tracking.empty()) fulfillment["trackingInfo"] = std::move(tracking);
  return call_graphql(call, kFulfill, {{"fulfillment", std::move(fulfillment)}}, ieum::Safety::unsafe,
                      object{{"at", "fulfill"}, {"parcels", parcels}});
}

}  // namespace

Effect create_draft_order(const Call& call) {
  const array* lines = call.input_value("line_items").if_array();
  if (lines == nullptr || lines->empty())
    return ieum::fail(Kind::permanent, "no_line_items",
                      "`line_items` is a list of {variant, quantity} or {title, price, quantity}");
  array items;
  for (const ieum::json::value& line : *lines) {
    object item{{"quantity", ieum::int_at(line, "quantity").value_or(1)}};
    const std::string variant = ieum::text_at(line, "variant");
    if (!variant.empty()) {
      const std::string id = global_id("ProductVariant", variant);
      if (id.empty()) return bad_id(variant, "ProductVariant");
      item["variantId"] = id;
    } else {
      item["title"] = ieum::text_at(line, "title");
      item["originalUnitPrice"] = ieum::text_at(line, "price");
    }
    items.emplace_back(std::move(item));
  }
  object input{{"lineItems", std::move(items)}};
  if (call.has_input("customer")) {
    const std::string id = global_id("Customer", call.input("customer"));
    if (id.empty()) return bad_id(call.input("customer"), "Customer");
    input["purchasingEntity"] = object{{"customerId", id}};
  }
  put(call, "email", "email", input);
  put(call, "phone", "phone", input);
  put(call, "note", "note", input);
  put(call, "shipping_address", "shippingAddress", input);
  array tags = texts_of(call.input_value("tags"));
  tags.emplace_back(mark(call));
  input["tags"] = std::move(tags);
  return call_graphql(call, kDraft, {{"input", std::move(input)}}, ieum::Safety::unsafe);
}

Effect created_draft_order(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, "draftOrderCreate")) return refused(*error);
  const ieum::json::value* draft = ieum::find(call.answer(), "data.draftOrderCreate.draftOrder");
  return ieum::done(draft_output(draft == nullptr ? ieum::json::value() : *draft));
}

Effect find_draft_order(const Call& call) {
  return call_graphql(call, kFindDraft, {{"query", "tag:" + mark(call)}}, ieum::Safety::safe);
}

Effect found_draft_order(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* nodes = ieum::find(call.answer(), "data.draftOrders.nodes");
  if (nodes == nullptr || !nodes->is_array())
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Shopify's list of draft orders cannot be read");
  for (const ieum::json::value& node : nodes->get_array())
    for (const ieum::json::value& tag :
         texts_of(ieum::find(node, "tags") == nullptr ? ieum::json::value() : *ieum::find(node, "tags")))
      if (ieum::scalar_text(tag) == mark(call)) return ieum::found(draft_output(node));
  return ieum::not_found();
}

Effect create_fulfillment(const Call& call) {
  if (order_of(call).empty()) return bad_id(call.input("order"), "Order");
  return call_graphql(call, kParcels, {{"id", order_of(call)}}, ieum::Safety::safe, object{{"at", "parcels"}});
}

Effect created_fulfillment(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (ieum::text_at(call.state(), "at") == "parcels") {
    const array open = open_parcels(call);
    if (open.empty()) return ieum::fail(Kind::permanent, "nothing_to_fulfill", "nothing of the order waits to be sent");
    return fulfill(call, open);
  }
  if (const auto error = user_error(call, "fulfillmentCreate")) return refused(*error);
  return ieum::done({{"id", ieum::text_at(call.answer(), "data.fulfillmentCreate.fulfillment.id")},
                     {"status", ieum::text_at(call.answer(), "data.fulfillmentCreate.fulfillment.status")}});
}

Effect find_fulfillment(const Call& call) {
  if (order_of(call).empty()) return bad_id(call.input("order"), "Order");
  return call_graphql(call, kParcels, {{"id", order_of(call)}}, ieum::Safety::safe, call.state());
}

// Done when none of the fulfilment orders that this step sent is open any more.
Effect found_fulfillment(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (ieum::find(call.answer(), "data.order.fulfillmentOrders.nodes") == nullptr)
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Shopify's list of fulfilment orders cannot be read");
  const array open = open_parcels(call);
  const ieum::json::value* sent = ieum::find(call.state(), "parcels");
  if (sent == nullptr || !sent->is_array()) return ieum::not_found();
  for (const ieum::json::value& one : sent->get_array())
    for (const ieum::json::value& still : open)
      if (one == still) return ieum::not_found();
  return ieum::found({{"id", ""}, {"status", "SUCCESS"}});
}

}  // namespace shopify
