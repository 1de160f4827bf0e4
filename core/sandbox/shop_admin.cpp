#include "sandbox/shop_admin.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kThingsMax = 10'000;
constexpr std::string_view kMutations[] = {"customerUpdate",
                                           "customerSet",
                                           "customerEmailMarketingConsentUpdate",
                                           "customerSmsMarketingConsentUpdate",
                                           "orderUpdate",
                                           "orderCancel",
                                           "refundCreate",
                                           "productUpdate",
                                           "metafieldsSet",
                                           "draftOrderCreate",
                                           "fulfillmentCreate",
                                           "webhookSubscriptionCreate",
                                           "webhookSubscriptionDelete"};

std::string gid(std::string_view kind, std::int64_t id) {
  return "gid://shopify/" + std::string(kind) + "/" + std::to_string(id);
}

bool is_gid(std::string_view id, std::string_view kind) {
  const std::string start = "gid://shopify/" + std::string(kind) + "/";
  return id.starts_with(start) && all_digits(id.substr(start.size()));
}

// What ends in 404 does not exist, as everywhere in the sandbox.
bool exists(std::string_view id, std::string_view kind) { return is_gid(id, kind) && !id.ends_with("/404"); }

const Value& member(const Value& of, std::string_view name) {
  static const Value none;
  const Value* found = of.get(name);
  return found == nullptr ? none : *found;
}

template <class Kept>
void bound(Kept& kept) {
  if (kept.size() >= kThingsMax) kept.erase(kept.begin());
}

ShopDone made(std::string_view field, Value of) {
  ShopDone done;
  done.applied = true;
  done.data = Map{{field, std::move(of)}, {"userErrors", List{}}};
  return done;
}

ShopDone read(Value data) {
  ShopDone done;
  done.data = std::move(data);
  return done;
}

// "ORDERS_CREATE" -> "orders/create"; what stands before the last word of the two-part name is the resource.
std::string topic_of(std::string_view word) {
  std::string out = to_lower_ascii(word);
  const auto at = out.rfind('_');
  if (at != std::string::npos) out[at] = '/';
  return out;
}

}  // namespace

Value shop_user_error(List field, std::string_view message, Value code) {
  return Map{{"field", std::move(field)}, {"message", message}, {"code", std::move(code)}};
}

ShopDone shop_refused(std::string_view mutation_field, Value error, std::string_view errors) {
  ShopDone done;
  done.data = Map{{mutation_field, Value()}, {errors, List{std::move(error)}}};
  return done;
}

bool ShopAdmin::is_mutation(std::string_view field) {
  return std::find(std::begin(kMutations), std::end(kMutations), field) != std::end(kMutations);
}

std::string ShopAdmin::scope_of(const Field& field) {
  const Value arguments(field.arguments);
  // Tags and metafields belong to what they are put on.
  const auto owner = [](const std::string& id) -> std::string {
    if (id.starts_with("gid://shopify/Order/")) return "write_orders";
    if (id.starts_with("gid://shopify/Customer/")) return "write_customers";
    if (id.starts_with("gid://shopify/Product/")) return "write_products";
    if (id.starts_with("gid://shopify/DraftOrder/")) return "write_draft_orders";
    return id.starts_with("gid://shopify/Article/") ? "write_content" : "";
  };
  if (field.name == "tagsAdd" || field.name == "tagsRemove") return owner(arguments.text("id"));
  if (field.name == "metafieldsSet") return owner(text_of(arguments.at_path("metafields.0.ownerId")));
  static const std::map<std::string_view, const char*> kScopes{
      {"customerUpdate", "write_customers"},
      {"customerSet", "write_customers"},
      {"customerEmailMarketingConsentUpdate", "write_customers"},
      {"customerSmsMarketingConsentUpdate", "write_customers"},
      {"orderUpdate", "write_orders"},
      {"orderCancel", "write_orders"},
      {"refundCreate", "write_orders"},
      {"order", "read_orders"},
      {"abandonedCheckouts", "read_orders"},
      {"productUpdate", "write_products"},
      {"draftOrderCreate", "write_draft_orders"},
      {"draftOrders", "read_draft_orders"},
      {"fulfillmentCreate", "write_merchant_managed_fulfillment_orders"},
      {"discountCodeBasicCreate", "write_discounts"},
      {"codeDiscountNodeByCode", "read_discounts"}};
  const auto found = kScopes.find(field.name);
  return found == kScopes.end() ? "" : found->second;
}

std::optional<ShopDone> ShopAdmin::root(const Field& field, Millis now) {
  const Value arguments(field.arguments);
  if (field.name == "customerUpdate") return set_customer(arguments, false);
  if (field.name == "customerSet") return set_customer(arguments, true);
  if (field.name == "customerEmailMarketingConsentUpdate") return consent(arguments, "emailMarketingConsent");
  if (field.name == "customerSmsMarketingConsentUpdate") return consent(arguments, "smsMarketingConsent");
  if (field.name == "orderUpdate") return update(member(arguments, "input"), "Order", "order");
  if (field.name == "productUpdate") return update(member(arguments, "product"), "Product", "product");
  if (field.name == "orderCancel") return cancel(arguments, now);
  if (field.name == "refundCreate") return refund(field);
  if (field.name == "metafieldsSet") return metafields(arguments);
  if (field.name == "draftOrderCreate") return draft(arguments);
  if (field.name == "draftOrders") return drafts(arguments);
  if (field.name == "fulfillmentCreate") return fulfill(arguments);
  if (field.name == "order") return order(arguments);
  if (field.name == "webhookSubscriptionCreate") return subscribe(arguments);
  if (field.name == "webhookSubscriptionDelete") return unsubscribe(arguments);
  if (field.name == "webhookSubscriptions") return subscriptions();
  if (field.name == "abandonedCheckouts") return abandoned(arguments);
  return std::nullopt;
}

ShopDone ShopAdmin::set_customer(const Value& arguments, bool by_identifier) {
  const Value& input = member(arguments, "input");
  std::string id = input.text("id");
  if (by_identifier) {
    const Value& by = member(arguments, "identifier");
    const std::string known = !by.text("email").empty() ? to_lower_ascii(by.text("email")) : by.text("phone");
    id = by.text("id");
    if (id.empty() && known.empty())
      return shop_refused("customer", shop_user_error({"identifier"}, "Identifier is required", "REQUIRED"));
    if (id.empty()) {
      bound(customers_);
      std::string& kept = customers_[known];
      if (kept.empty()) kept = gid("Customer", 6'843'000'000 + ++last_);
      id = kept;
    }
  }
  if (!exists(id, "Customer")) return shop_refused("customer", shop_user_error({"id"}, "Customer does not exist"));
  if (const std::string email = input.text("email"); !email.empty() && email.find('@') == std::string::npos)
    return shop_refused("customer", shop_user_error({"email"}, "Email is invalid", "INVALID"));
  return made("customer", Map{{"id", id}});
}

ShopDone ShopAdmin::consent(const Value& arguments, std::string_view name) {
  const Value& input = member(arguments, "input");
  const std::string state = member(input, name).text("marketingState");
  if (!exists(input.text("customerId"), "Customer"))
    return shop_refused("customer", shop_user_error({"input", "customerId"}, "Customer not found", "INVALID"));
  if (state != "SUBSCRIBED" && state != "UNSUBSCRIBED" && state != "PENDING")
    return shop_refused("customer",
                        shop_user_error({"input", std::string(name)}, "Marketing state is invalid", "INVALID"));
  return made("customer", Map{{"id", input.text("customerId")}});
}

ShopDone ShopAdmin::update(const Value& input, std::string_view kind, std::string_view field) {
  const std::string id = input.text("id");
  if (!exists(id, kind)) return shop_refused(field, shop_user_error({"id"}, std::string(kind) + " does not exist"));
  if (const Value* title = input.get("title"); title != nullptr && text_of(title).empty())
    return shop_refused(field, shop_user_error({"title"}, "Title can't be blank"));
  return made(field, Map{{"id", id}});
}

ShopDone ShopAdmin::cancel(const Value& arguments, Millis now) {
  const std::string id = arguments.text("orderId");
  const auto bad = [](std::string_view message) {
    return shop_refused("job", shop_user_error({"orderId"}, message, "INVALID"), "orderCancelUserErrors");
  };
  if (!exists(id, "Order")) return bad("Order does not exist");
  if (cancelled_.contains(id)) {
    ShopDone done = bad("Cannot cancel an order that has already been canceled");
    done.known = true;
    return done;
  }
  bound(cancelled_);
  cancelled_[id] = rfc3339_utc(now);
  ShopDone done;
  done.applied = true;
  done.data =
      Map{{"job", Map{{"id", "gid://shopify/Job/" + uuid_of(id)}, {"done", false}}}, {"orderCancelUserErrors", List{}}};
  return done;
}

ShopDone ShopAdmin::refund(const Field& field) {
  const Value arguments(field.arguments);
  const std::string id = member(arguments, "input").text("orderId");
  if (!exists(id, "Order")) return shop_refused("refund", shop_user_error({"orderId"}, "Order does not exist"));
  std::string key;
  if (const Value* directive = field.directives.find("idempotent")) key = directive->text("key");
  if (const auto known = refunds_.find(key); !key.empty() && known != refunds_.end()) {
    ShopDone done = made("refund", Map{{"id", known->second}});
    done.applied = false;
    done.known = true;
    return done;
  }
  const std::string made_id = gid("Refund", 890'088'000'000 + ++last_);
  bound(refunds_);
  if (!key.empty()) refunds_[key] = made_id;
  return made("refund", Map{{"id", made_id}});
}

ShopDone ShopAdmin::metafields(const Value& arguments) {
  const List* list = member(arguments, "metafields").if_list();
  if (list == nullptr || list->empty() || list->size() > 25)
    return shop_refused(
        "metafields", shop_user_error({"metafields"}, "Exceeded the maximum metafields input limit of 25", "INVALID"));
  List out;
  for (const Value& item : *list) {  // all or none
    const std::string place = item.text("ownerId") + "/" + item.text("namespace") + "/" + item.text("key");
    const auto known = metafields_.find(place);
    const Value* digest = item.get("compareDigest");
    if (digest != nullptr && text_of(digest) != (known == metafields_.end() ? "" : known->second.text("compareDigest")))
      return shop_refused(
          "metafields",
          shop_user_error({"metafields"}, "The resource has been updated since it was loaded", "STALE_OBJECT"));
  }
  for (const Value& item : *list) {
    const std::string place = item.text("ownerId") + "/" + item.text("namespace") + "/" + item.text("key");
    bound(metafields_);
    Value kept(Map{{"id", gid("Metafield", 1'000 + ++last_)},
                   {"namespace", item.text("namespace")},
                   {"key", item.text("key")},
                   {"value", item.text("value")},
                   {"compareDigest", hex_encode(sha256(item.text("value"))).substr(0, 16)}});
    metafields_[place] = kept;
    out.push_back(std::move(kept));
  }
  return made("metafields", std::move(out));
}

ShopDone ShopAdmin::draft(const Value& arguments) {
  const Value& input = member(arguments, "input");
  const List* lines = member(input, "lineItems").if_list();
  if (lines == nullptr || lines->empty())
    return shop_refused("draftOrder", shop_user_error({"lineItems"}, "Add at least 1 product"));
  bound(drafts_);
  const std::string id = gid("DraftOrder", 1'069'920'000 + ++last_);
  Value tags = member(input, "tags");
  drafts_[id] = Map{{"id", id},
                    {"name", "#D" + std::to_string(last_)},
                    {"invoiceUrl", "https://ieum-demo.myshopify.com/invoices/" + std::to_string(last_)},
                    {"status", "OPEN"},
                    {"tags", tags.is_null() ? Value(List{}) : tags}};
  return made("draftOrder", drafts_[id]);
}

// query: "tag:…"
ShopDone ShopAdmin::drafts(const Value& arguments) const {
  const std::string query = arguments.text("query");
  List nodes;
  for (const auto& [id, draft] : drafts_) {
    const List* tags = member(draft, "tags").if_list();
    const bool wanted = !query.starts_with("tag:") ||
                        (tags != nullptr && std::any_of(tags->begin(), tags->end(), [&](const Value& tag) {
                           return text_of(&tag) == query.substr(4);
                         }));
    if (wanted) nodes.push_back(draft);
  }
  return read(Map{{"nodes", std::move(nodes)}});
}

// Each order has one payment and one fulfilment order, of the same number.
ShopDone ShopAdmin::order(const Value& arguments) const {
  const std::string id = arguments.text("id");
  if (!exists(id, "Order")) return read(Value());
  const auto cancelled = cancelled_.find(id);
  const std::string number = id.substr(id.rfind('/') + 1);
  const std::string parcel = "gid://shopify/FulfillmentOrder/" + number;
  return read(Map{
      {"id", id},
      {"cancelledAt", cancelled == cancelled_.end() ? Value() : Value(cancelled->second)},
      {"transactions", List{Map{{"id", "gid://shopify/OrderTransaction/" + number},
                                {"kind", "SALE"},
                                {"status", "SUCCESS"},
                                {"gateway", "bogus"},
                                {"amountSet", Map{{"shopMoney", Map{{"amount", "62000"}, {"currencyCode", "KRW"}}}}}}}},
      {"fulfillmentOrders",
       Map{{"nodes", List{Map{{"id", parcel}, {"status", fulfilled_.contains(parcel) ? "CLOSED" : "OPEN"}}}}}}});
}

ShopDone ShopAdmin::fulfill(const Value& arguments) {
  const List* lines = member(member(arguments, "fulfillment"), "lineItemsByFulfillmentOrder").if_list();
  if (lines == nullptr || lines->empty())
    return shop_refused("fulfillment", shop_user_error({"fulfillment"}, "Line items are missing"));
  for (const Value& line : *lines) {
    const std::string id = line.text("fulfillmentOrderId");
    if (!is_gid(id, "FulfillmentOrder"))
      return shop_refused("fulfillment", shop_user_error({"fulfillment"}, "Fulfillment order does not exist."));
    if (fulfilled_.contains(id))
      return shop_refused("fulfillment",
                          shop_user_error({"fulfillment"}, "Fulfillment order has an unfulfillable status= closed."));
  }
  for (const Value& line : *lines) {
    bound(fulfilled_);
    fulfilled_[line.text("fulfillmentOrderId")] = true;
  }
  return made("fulfillment", Map{{"id", gid("Fulfillment", 4'567'890'000 + ++last_)}, {"status", "SUCCESS"}});
}

ShopDone ShopAdmin::subscribe(const Value& arguments) {
  const std::string topic = arguments.text("topic");
  const Value& input = member(arguments, "webhookSubscription");
  const std::string uri = !input.text("uri").empty() ? input.text("uri") : input.text("callbackUrl");
  const auto bad = [](std::string_view message) {
    return shop_refused("webhookSubscription", shop_user_error({"webhookSubscription", "uri"}, message));
  };
  if (!is_hook_address(uri)) return bad("Address is invalid");
  if (topic.empty() || topic.find('_') == std::string::npos) return bad("Topic is invalid");
  for (const auto& [id, known] : subscriptions_)
    if (known.topic == topic && known.uri == uri) return bad("Address for this topic has already been taken");
  bound(subscriptions_);
  const std::string id = gid("WebhookSubscription", 1'171'000'000 + ++last_);
  subscriptions_[id] = {topic, uri};
  return made("webhookSubscription", Map{{"id", id}, {"topic", topic}, {"uri", uri}});
}

ShopDone ShopAdmin::unsubscribe(const Value& arguments) {
  const std::string id = arguments.text("id");
  if (subscriptions_.erase(id) == 0)
    return shop_refused("deletedWebhookSubscriptionId", shop_user_error({"id"}, "Webhook subscription does not exist"));
  return made("deletedWebhookSubscriptionId", id);
}

ShopDone ShopAdmin::subscriptions() const {
  List nodes;
  for (const auto& [id, one] : subscriptions_)
    nodes.emplace_back(Map{{"id", id}, {"topic", one.topic}, {"uri", one.uri}, {"format", "JSON"}});
  return read(Map{{"nodes", std::move(nodes)}, {"pageInfo", Map{{"hasNextPage", false}, {"endCursor", Value()}}}});
}

std::vector<Hook> ShopAdmin::hooks(const std::string& secret, const std::string& shop) const {
  std::vector<Hook> out;
  for (const auto& [id, one] : subscriptions_) {
    Hook hook;
    hook.id = id;
    hook.url = one.uri;
    hook.secret = secret;
    hook.topics = {topic_of(one.topic)};
    hook.more = Map{{"shop", shop}};
    out.push_back(std::move(hook));
  }
  return out;
}

void ShopAdmin::abandon(const Value& checkout, Millis now) {
  if (abandoned_.size() >= kThingsMax) abandoned_.erase(abandoned_.begin());
  Map made{{"id", gid("AbandonedCheckout", 29'106'000'000'000 + ++last_)},
           {"abandonedCheckoutUrl", "https://ieum-demo.myshopify.com/recover/" + std::to_string(last_)},
           {"createdAt", rfc3339_utc(now)},
           {"updatedAt", rfc3339_utc(now)},
           {"completedAt", Value()},
           {"totalPriceSet", Map{{"shopMoney", Map{{"amount", "62000"}, {"currencyCode", "KRW"}}}}},
           {"customer", Map{{"id", "gid://shopify/Customer/7001"},
                            {"firstName", "민지"},
                            {"lastName", "김"},
                            {"email", "minji.kim@example.com"},
                            {"phone", "+821011110001"}}},
           {"lineItems", Map{{"nodes", List{}}}}};
  if (const Map* over = checkout.if_map())
    for (const auto& [key, value] : *over) made.set(key, value);
  abandoned_.emplace_back(std::move(made));
}

// query: "created_at:>='…'"
ShopDone ShopAdmin::abandoned(const Value& arguments) const {
  const std::string query = arguments.text("query");
  const auto from = query.find("created_at:>='");
  const std::string since =
      from == std::string::npos ? "" : query.substr(from + 14, query.find('\'', from + 14) - from - 14);
  const auto oldest = parse_rfc3339(since);
  List nodes;
  for (const Value& one : abandoned_) {
    const auto at = parse_rfc3339(one.text("createdAt"));
    if (!oldest || !at || *at >= *oldest) nodes.push_back(one);
  }
  return read(Map{{"nodes", std::move(nodes)}, {"pageInfo", Map{{"hasNextPage", false}, {"endCursor", Value()}}}});
}

}  // namespace ieum::sandbox
