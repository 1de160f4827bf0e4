// tags.add and tags.remove: adding a tag twice equals adding it once, and so with removing.
#include "graphql.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

constexpr std::string_view kAdd =
    "mutation tagsAdd($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) "
    "{ node { id } userErrors { field message } } }";
constexpr std::string_view kRemove =
    "mutation tagsRemove($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) "
    "{ node { id } userErrors { field message } } }";

ieum::Effect change(const ieum::Call& call, std::string_view query) {
  const std::string kind = call.input("kind", "order");
  const std::string type = kind == "order"         ? "Order"
                           : kind == "customer"    ? "Customer"
                           : kind == "product"     ? "Product"
                           : kind == "draft_order" ? "DraftOrder"
                           : kind == "article"     ? "Article"
                                                   : "";
  const std::string id = type.empty() ? "" : global_id(type, call.input("id"));
  // The kind says which event of our own is to be passed over, so a gid may not say another.
  if (!id.empty() && !id.starts_with("gid://shopify/" + type + "/"))
    return ieum::fail(ieum::Kind::permanent, "other_kind", "'" + id + "' is no " + kind + "; say in `kind` what it is");
  if (id.empty()) return bad_id(call.input("id"), "Order");
  ieum::json::array tags = texts_of(call.input_value("tags"));
  if (tags.empty()) return ieum::fail(ieum::Kind::permanent, "no_tags", "there is no tag");
  return call_graphql(call, query, {{"id", id}, {"tags", std::move(tags)}}, ieum::Safety::idempotent);
}

ieum::Effect changed(const ieum::Call& call, const std::string& mutation) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, mutation)) return refused(*error);
  return ieum::done({{"id", ieum::text_at(call.answer(), "data." + mutation + ".node.id")},
                     {"tags", texts_of(call.input_value("tags"))}});
}

}  // namespace

ieum::Effect add_tags(const ieum::Call& call) { return change(call, kAdd); }
ieum::Effect added_tags(const ieum::Call& call) { return changed(call, "tagsAdd"); }
ieum::Effect remove_tags(const ieum::Call& call) { return change(call, kRemove); }
ieum::Effect removed_tags(const ieum::Call& call) { return changed(call, "tagsRemove"); }

}  // namespace shopify
