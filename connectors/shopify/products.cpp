// Products, and metafields of anything. https://shopify.dev/docs/api/admin-graphql/latest/mutations/metafieldsSet
#include "graphql.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
using ieum::json::array;
using ieum::json::object;

constexpr std::size_t kMetafieldsMax = 25;

constexpr std::string_view kUpdate =
    "mutation productUpdate($product: ProductUpdateInput!) { productUpdate(product: $product) "
    "{ product { id } userErrors { field message } } }";
constexpr std::string_view kMetafields =
    "mutation metafieldsSet($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) "
    "{ metafields { id namespace key compareDigest } userErrors { field message code } } }";

}  // namespace

Effect update_product(const Call& call) {
  const std::string id = global_id("Product", call.input("id"));
  if (id.empty()) return bad_id(call.input("id"), "Product");
  object product;
  put(call, "title", "title", product);
  put(call, "description_html", "descriptionHtml", product);
  put(call, "vendor", "vendor", product);
  put(call, "product_type", "productType", product);
  if (std::string status = call.input("status"); !status.empty()) {
    for (char& c : status) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    product["status"] = status;
  }
  if (call.has_input("tags")) product["tags"] = texts_of(call.input_value("tags"));
  if (product.empty()) return ieum::fail(Kind::permanent, "nothing_to_change", "no field of the product is given");
  product["id"] = id;
  return call_graphql(call, kUpdate, {{"product", std::move(product)}}, ieum::Safety::idempotent);
}

Effect updated_product(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, "productUpdate")) return refused(*error);
  return ieum::done({{"id", ieum::text_at(call.answer(), "data.productUpdate.product.id")}});
}

// All or none. A `compare_digest` makes it compare and swap: of a repeat the second finds its own value, and is refused.
Effect set_metafields(const Call& call) {
  const array* list = call.input_value("metafields").if_array();
  if (list == nullptr || list->empty())
    return ieum::fail(Kind::permanent, "no_metafields",
                      "`metafields` is a list of {owner, namespace, key, value, type}");
  if (list->size() > kMetafieldsMax)
    return ieum::fail(Kind::permanent, "too_many_metafields", "Shopify takes 25 metafields at once; split them");
  array out;
  bool swaps = false;
  for (const ieum::json::value& item : *list) {
    const std::string owner = ieum::text_at(item, "owner");
    const std::string key = ieum::text_at(item, "key");
    const ieum::json::value* value = ieum::find(item, "value");
    if (!owner.starts_with("gid://shopify/") || key.empty() || value == nullptr)
      return ieum::fail(Kind::permanent, "bad_metafield",
                        "a metafield needs an owner (gid://shopify/…), a key and a value");
    object field{{"ownerId", owner}, {"key", key}};
    field["value"] = value->is_string() ? *value : ieum::json::value(ieum::to_json(*value));
    if (const std::string name = ieum::text_at(item, "namespace"); !name.empty()) field["namespace"] = name;
    if (const std::string type = ieum::text_at(item, "type"); !type.empty()) field["type"] = type;
    if (const ieum::json::value* digest = ieum::find(item, "compare_digest")) {
      field["compareDigest"] = *digest;
      swaps = true;
    }
    out.emplace_back(std::move(field));
  }
  return call_graphql(call, kMetafields, {{"metafields", std::move(out)}},
                      swaps ? ieum::Safety::unsafe : ieum::Safety::idempotent);
}

Effect done_set_metafields(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, "metafieldsSet")) {
    if (error->code == "STALE_OBJECT")
      return ieum::fail(Kind::permanent, error->code, "the metafield has changed since it was read: " + error->message);
    return refused(*error);
  }
  const ieum::json::value* set = ieum::find(call.answer(), "data.metafieldsSet.metafields");
  return ieum::done({{"metafields", set != nullptr && set->is_array() ? *set : ieum::json::value(array{})}});
}

}  // namespace shopify
