// tags.add: tagsAdd of the Admin API. Adding a tag twice equals adding it once.
#include "graphql.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

constexpr std::string_view kQuery =
    "mutation tagsAdd($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) "
    "{ node { id } userErrors { field message } } }";

// "gid://shopify/Order/5100" stays; 5100 becomes one of the input's kind ("order" unless it says otherwise).
std::string global_id(const ieum::Call& call) {
  const std::string id = call.input("id");
  if (id.empty() || id.starts_with("gid://")) return id;
  if (id.find_first_not_of("0123456789") != std::string::npos) return "";
  const std::string kind = call.input("kind", "order");
  const std::string type = kind == "order"         ? "Order"
                           : kind == "customer"    ? "Customer"
                           : kind == "product"     ? "Product"
                           : kind == "draft_order" ? "DraftOrder"
                           : kind == "article"     ? "Article"
                                                   : "";
  return type.empty() ? "" : "gid://shopify/" + type + "/" + id;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

// A list, or one text with commas between the tags, as Shopify itself writes them.
ieum::json::array tags_of(const ieum::Call& call) {
  ieum::json::array tags;
  const auto add = [&](std::string_view text) {
    const std::string tag = trimmed(text);
    if (!tag.empty()) tags.push_back(ieum::json::value(tag));
  };
  const ieum::json::value& input = call.input_value("tags");
  if (const ieum::json::array* list = input.if_array()) {
    for (const ieum::json::value& item : *list) add(ieum::scalar_text(item).value_or(""));
    return tags;
  }
  const std::string text = call.input("tags");
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    add(std::string_view(text).substr(from, comma - from));
    from = comma + 1;
  }
  return tags;
}

}  // namespace

ieum::Effect add_tags(const ieum::Call& call) {
  const std::string id = global_id(call);
  if (id.empty())
    return ieum::fail(ieum::Kind::permanent, "bad_id",
                      "'" + call.input("id") + "' is neither a number nor of the form gid://shopify/Order/1");
  ieum::json::array tags = tags_of(call);
  if (tags.empty()) return ieum::fail(ieum::Kind::permanent, "no_tags", "there is no tag to add");
  return call_graphql(call, kQuery, {{"id", id}, {"tags", std::move(tags)}}, ieum::Safety::idempotent);
}

ieum::Effect added_tags(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, "tagsAdd")) return refused(*error);
  return ieum::done({{"id", ieum::text_at(call.answer(), "data.tagsAdd.node.id")}, {"tags", tags_of(call)}});
}

}  // namespace shopify
