// A look back at what changed in a shop. https://shopify.dev/docs/api/usage/search-syntax
#include "polls.hpp"

#include <algorithm>

#include "graphql.hpp"
#include "ieum/time.hpp"

namespace shopify {

using ieum::Call;
using ieum::Effect;
using ieum::json::array;
using ieum::json::object;
using ieum::json::value;

value id_at(const value& root, std::string_view path) {
  const std::int64_t id = number_of_id(ieum::text_at(root, path));
  return id == 0 ? value() : value(id);
}

value text_or_null(const value& root, std::string_view path) {
  const std::string text = ieum::text_at(root, path);
  return text.empty() ? value() : value(text);
}

array lines_of(const value& node) {
  array lines;
  if (const value* list = ieum::find(node, "lineItems.nodes"); list != nullptr && list->is_array())
    for (const value& line : list->get_array())
      lines.emplace_back(object{{"title", text_or_null(line, "title")},
                                {"quantity", ieum::int_at(line, "quantity").value_or(1)},
                                {"sku", text_or_null(line, "sku")},
                                {"price", text_or_null(line, "originalUnitPriceSet.shopMoney.amount")},
                                {"variant_id", id_at(line, "variant.id")},
                                {"product_id", id_at(line, "product.id")}});
  return lines;
}

value customer_of(const value& node) {
  const value* customer = ieum::find(node, "customer");
  if (customer == nullptr || !customer->is_object()) return nullptr;
  return object{{"id", id_at(*customer, "id")},
                {"first_name", text_or_null(*customer, "firstName")},
                {"last_name", text_or_null(*customer, "lastName")},
                {"email", text_or_null(*customer, "email")},
                {"phone", text_or_null(*customer, "phone")}};
}

Effect poll_by(const Call& call, const Look& look) {
  if (call.phase() == ieum::Phase::poll) {
    const std::int64_t now = call.now_ms() - look.behind_ms;
    const auto since = ieum::int_at(call.state(), "since");
    if (!since) return ieum::events().cursor(object{{"begin", now}, {"since", now}});
    const auto begin = ieum::int_at(call.state(), "begin").value_or(0);
    const auto from = ieum::int_at(call.state(), "from").value_or(std::max(begin, *since - look.overlap_ms));
    const auto to = ieum::int_at(call.state(), "to").value_or(now);
    object variables{{"query", std::string(look.filter) + ":>='" + ieum::rfc3339_text(from) + "'"}};
    if (const std::string after = ieum::text_at(call.state(), "after"); !after.empty()) variables["after"] = after;
    return call_graphql(call, look.query, std::move(variables), ieum::Safety::safe,
                        object{{"begin", begin}, {"since", *since}, {"from", from}, {"to", to}});
  }
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string data = "data." + std::string(look.field);
  const value* nodes = ieum::find(call.answer(), data + ".nodes");
  if (nodes == nullptr || !nodes->is_array())
    return ieum::fail(ieum::Kind::ambiguous, "unreadable_answer",
                      "Shopify's list " + std::string(look.field) + " cannot be read");
  const auto from = ieum::int_at(call.state(), "from").value_or(0);
  const auto to = ieum::int_at(call.state(), "to").value_or(call.now_ms());
  ieum::Events found;
  for (const value& node : nodes->get_array())
    if (!ieum::text_at(node, "id").empty()) look.tell(node, from, to, found);
  const std::string after = ieum::text_at(call.answer(), data + ".pageInfo.endCursor");
  if (ieum::flag_at(call.answer(), data + ".pageInfo.hasNextPage") && !after.empty()) {
    object cursor = call.state().is_object() ? call.state().get_object() : object{};
    cursor["after"] = after;
    return found.cursor(std::move(cursor)).more();
  }
  return found.cursor(object{{"begin", ieum::int_at(call.state(), "begin").value_or(0)}, {"since", to}});
}

}  // namespace shopify
