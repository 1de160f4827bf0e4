// Orders: changed, cancelled, refunded. The last two cannot be taken back, so they want `confirm: true`.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/orderCancel, .../refundCreate
#include "graphql.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
using ieum::json::array;
using ieum::json::object;

constexpr std::string_view kUpdate =
    "mutation orderUpdate($input: OrderInput!) { orderUpdate(input: $input) "
    "{ order { id } userErrors { field message } } }";
constexpr std::string_view kCancel =
    "mutation orderCancel($orderId: ID!, $reason: OrderCancelReason!, $restock: Boolean!, "
    "$refundMethod: OrderCancelRefundMethodInput!, $notifyCustomer: Boolean, $staffNote: String) "
    "{ orderCancel(orderId: $orderId, reason: $reason, restock: $restock, refundMethod: $refundMethod, "
    "notifyCustomer: $notifyCustomer, staffNote: $staffNote) "
    "{ job { id } orderCancelUserErrors { field message code } } }";
constexpr std::string_view kCancelled = "query order($id: ID!) { order(id: $id) { id cancelledAt } }";
constexpr std::string_view kPayments =
    "query order($id: ID!) { order(id: $id) { id transactions(first: 50) "
    "{ id kind status gateway amountSet { shopMoney { amount } } } } }";
constexpr std::string_view kRefund =
    "mutation refundCreate($input: RefundInput!, $key: String!) { refundCreate(input: $input) @idempotent(key: $key) "
    "{ refund { id } userErrors { field message } } }";
constexpr std::string_view kRefundOnce =
    "mutation refundCreate($input: RefundInput!) { refundCreate(input: $input) "
    "{ refund { id } userErrors { field message } } }";

std::optional<Effect> unconfirmed(const Call& call) {
  const bool* flag = call.input_value("confirm").if_bool();
  if (flag != nullptr && *flag) return std::nullopt;
  return ieum::fail(Kind::permanent, "not_confirmed", "this cannot be taken back: write confirm: true");
}

std::string order_of(const Call& call) { return global_id("Order", call.input("id")); }

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}

// 5f0c6f3e1a2b… as 5f0c6f3e-1a2b-…: Shopify asks for a UUID.
std::string uuid_of(const std::string& key) {
  if (key.size() != 32) return key;
  return key.substr(0, 8) + "-" + key.substr(8, 4) + "-" + key.substr(12, 4) + "-" + key.substr(16, 4) + "-" +
         key.substr(20);
}

// @idempotent is there from 2026-01 on. Versions are compared as text, as Shopify orders them; "unstable" has it.
bool honours_keys(const Call& call) { return call.config("api_version", "2026-04") >= "2026-01"; }

Effect refund_with(const Call& call, const ieum::json::value& payment) {
  object input{{"orderId", order_of(call)}};
  put(call, "note", "note", input);
  input["notify"] = ieum::flag_at(call.inputs(), "notify");
  if (const array* lines = call.input_value("line_items").if_array()) {
    array items;
    for (const ieum::json::value& line : *lines) {
      const std::string id = global_id("LineItem", ieum::text_at(line, "id"));
      const auto quantity = ieum::int_at(line, "quantity").value_or(0);
      if (id.empty() || quantity < 1)
        return ieum::fail(Kind::permanent, "bad_line_item", "each of line_items has an id and a quantity above 0");
      items.emplace_back(object{{"lineItemId", id},
                                {"quantity", quantity},
                                {"restockType", upper(ieum::text_at(line, "restock", "no_restock"))}});
    }
    input["refundLineItems"] = std::move(items);
  }
  if (payment.is_object())
    input["transactions"] = array{object{{"orderId", order_of(call)},
                                         {"parentId", ieum::text_at(payment, "id")},
                                         {"gateway", ieum::text_at(payment, "gateway")},
                                         {"kind", "REFUND"},
                                         {"amount", call.input("amount")}}};
  object variables{{"input", std::move(input)}};
  if (!honours_keys(call))
    return call_graphql(call, kRefundOnce, std::move(variables), ieum::Safety::unsafe, object{{"at", "refund"}});
  variables["key"] = uuid_of(call.step_key());
  return call_graphql(call, kRefund, std::move(variables), ieum::Safety::keyed, object{{"at", "refund"}});
}

}  // namespace

Effect update_order(const Call& call) {
  if (order_of(call).empty()) return bad_id(call.input("id"), "Order");
  object input;
  put(call, "email", "email", input);
  put(call, "phone", "phone", input);
  put(call, "note", "note", input);
  put(call, "po_number", "poNumber", input);
  put(call, "shipping_address", "shippingAddress", input);
  if (call.has_input("tags")) input["tags"] = texts_of(call.input_value("tags"));
  if (const object* attributes = call.input_value("attributes").if_object()) {
    array list;
    for (const auto& member : *attributes)
      list.emplace_back(object{{"key", member.key()}, {"value", ieum::scalar_text(member.value()).value_or("")}});
    input["customAttributes"] = std::move(list);
  }
  if (input.empty()) return ieum::fail(Kind::permanent, "nothing_to_change", "no field of the order is given");
  input["id"] = order_of(call);
  return call_graphql(call, kUpdate, {{"input", std::move(input)}}, ieum::Safety::idempotent);
}

Effect updated_order(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, "orderUpdate")) return refused(*error);
  return ieum::done({{"id", ieum::text_at(call.answer(), "data.orderUpdate.order.id")}});
}

Effect cancel_order(const Call& call) {
  if (auto refusal = unconfirmed(call)) return std::move(*refusal);
  if (order_of(call).empty()) return bad_id(call.input("id"), "Order");
  object variables{{"orderId", order_of(call)},
                   {"reason", upper(call.input("reason", "other"))},
                   {"restock", ieum::flag_at(call.inputs(), "restock", true)},
                   {"refundMethod", object{{"originalPaymentMethodsRefund", ieum::flag_at(call.inputs(), "refund")}}},
                   {"notifyCustomer", ieum::flag_at(call.inputs(), "notify")}};
  if (const std::string note = call.input("note"); !note.empty()) variables["staffNote"] = note;
  return call_graphql(call, kCancel, std::move(variables), ieum::Safety::natural, object{{"at", "cancel"}});
}

// An order that is cancelled already cannot be cancelled again: what was asked for is there.
Effect cancelled_order(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const bool looked = ieum::text_at(call.state(), "at") == "look_up";
  if (looked) {
    const std::string at = ieum::text_at(call.answer(), "data.order.cancelledAt");
    if (!at.empty()) return ieum::done({{"id", order_of(call)}, {"already", true}});
    return ieum::fail(Kind::permanent, "user_error", "Shopify refuses: " + ieum::text_at(call.state(), "message"));
  }
  if (const auto error = user_error_at(call, "data.orderCancel.orderCancelUserErrors"))
    return call_graphql(call, kCancelled, {{"id", order_of(call)}}, ieum::Safety::safe,
                        object{{"at", "look_up"}, {"message", error->message.substr(0, 500)}});
  return ieum::done({{"id", order_of(call)}, {"already", false}});
}

Effect create_refund(const Call& call) {
  if (auto refusal = unconfirmed(call)) return std::move(*refusal);
  if (order_of(call).empty()) return bad_id(call.input("id"), "Order");
  const bool lines = call.has_input("line_items");
  if (call.input("amount").empty() && !lines)
    return ieum::fail(Kind::permanent, "no_amount", "give an amount, line_items or both");
  if (call.input("amount").empty()) return refund_with(call, nullptr);
  return call_graphql(call, kPayments, {{"id", order_of(call)}}, ieum::Safety::safe, object{{"at", "payments"}});
}

Effect created_refund(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (ieum::text_at(call.state(), "at") == "payments") {
    const ieum::json::value* list = ieum::find(call.answer(), "data.order.transactions");
    if (list != nullptr && list->is_array())
      for (const ieum::json::value& one : list->get_array()) {
        const std::string kind = ieum::text_at(one, "kind");
        if (ieum::text_at(one, "status") == "SUCCESS" && (kind == "SALE" || kind == "CAPTURE"))
          return refund_with(call, one);
      }
    return ieum::fail(Kind::permanent, "nothing_paid", "the order has no payment that could be given back");
  }
  if (const auto error = user_error(call, "refundCreate")) return refused(*error);
  return ieum::done({{"id", ieum::text_at(call.answer(), "data.refundCreate.refund.id")}});
}

}  // namespace shopify
