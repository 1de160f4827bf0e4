#include "sandbox/shop.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::int64_t kFirstOrder = 5'987'654'321'000;  // beyond 32 bits, as Shopify's are
constexpr std::int64_t kFirstOrderNumber = 1'000;
constexpr int kKoreaSeconds = 9 * 3600;

std::string global_id(std::string_view kind, std::int64_t id) {
  return "gid://shopify/" + std::string(kind) + "/" + std::to_string(id);
}

Value address_of(const Buyer& buyer) {
  return Map{{"first_name", buyer.first_name},
             {"last_name", buyer.last_name},
             {"name", buyer.last_name + buyer.first_name},
             {"address1", "세종대로 110"},
             {"city", "중구"},
             {"province", "서울특별시"},
             {"zip", "04524"},
             {"country", "대한민국"},
             {"country_code", "KR"},
             {"phone", buyer.phone}};
}

Value customer_of(const Buyer& buyer) {
  return Map{{"id", buyer.id},
             {"admin_graphql_api_id", global_id("Customer", buyer.id)},
             {"email", buyer.email},
             {"phone", buyer.phone},
             {"first_name", buyer.first_name},
             {"last_name", buyer.last_name},
             {"state", "enabled"},
             {"verified_email", true},
             {"tags", ""},
             {"currency", "KRW"},
             {"default_address", address_of(buyer)}};
}

Value lines_of(const Purchase& purchase) {
  return List{Map{{"id", 1'071'823'172},
                  {"variant_id", 49'148'385},
                  {"product_id", 632'910'392},
                  {"title", purchase.item},
                  {"name", purchase.item},
                  {"sku", "LINEN-01"},
                  {"quantity", purchase.quantity},
                  {"price", purchase.total},
                  {"line_price", purchase.total}}};
}

// A checkout has a number too; one token has one number.
std::int64_t number_of(std::string_view token) {
  std::int64_t number = 0;
  for (const char c : sha256(token).substr(0, 6)) number = number * 256 + static_cast<unsigned char>(c);
  return number;
}

}  // namespace

std::string shopify_signature(std::string_view secret, std::string_view body) {
  return base64_encode(hmac_sha256(secret, body));
}

std::string Shop::time() const { return rfc3339_offset(clock_.now() / kSecond * kSecond, kKoreaSeconds); }

std::string Shop::next_uuid(std::string_view of) {
  const std::string hex =
      hex_encode(sha256(options_.seed + "/" + std::string(of) + "/" + std::to_string(deliveries_))).substr(0, 32);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) + "-a" + hex.substr(17, 3) + "-" +
         hex.substr(20);
}

HttpRequest Shop::webhook(std::string_view url, std::string_view topic, const Value& body) {
  ++deliveries_;
  HttpRequest request;
  request.method = "POST";
  request.target = url;
  request.body = write_json(body);
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Shopify-Topic", std::string(topic));
  request.headers.add("X-Shopify-Hmac-Sha256", shopify_signature(options_.signing_secret, request.body));
  request.headers.add("X-Shopify-Shop-Domain", options_.domain);
  request.headers.add("X-Shopify-API-Version", options_.api_version);
  request.headers.add("X-Shopify-Webhook-Id", next_uuid("webhook"));
  request.headers.add("X-Shopify-Event-Id", next_uuid("event"));
  request.headers.add("X-Shopify-Triggered-At", rfc3339_utc(clock_.now()));
  return request;
}

HttpRequest Shop::checkout(std::string_view url, const Buyer& buyer, const Purchase& purchase, std::string_view topic) {
  const std::string resume =
      purchase.url.empty() ? "https://" + options_.domain + "/checkouts/" + percent_encode(purchase.token) + "/recover"
                           : purchase.url;
  return webhook(url, topic,
                 Map{{"id", number_of(purchase.token)},
                     {"token", purchase.token},
                     {"cart_token", "cart-" + purchase.token},
                     {"email", buyer.email},
                     {"phone", buyer.phone},
                     {"customer_locale", "ko"},
                     {"currency", purchase.currency},
                     {"created_at", time()},
                     {"updated_at", time()},
                     {"completed_at", Value()},
                     {"closed_at", Value()},
                     {"abandoned_checkout_url", resume},
                     {"total_price", purchase.total},
                     {"subtotal_price", purchase.total},
                     {"total_tax", "0"},
                     {"note_attributes", List{}},
                     {"line_items", lines_of(purchase)},
                     {"billing_address", address_of(buyer)},
                     {"shipping_address", address_of(buyer)},
                     {"customer", customer_of(buyer)}});
}

HttpRequest Shop::order(std::string_view url, const Buyer& buyer, const Purchase& purchase, std::string_view topic) {
  const std::int64_t number = purchase.order_id != 0 ? 0 : ++orders_;
  const std::int64_t id = purchase.order_id != 0 ? purchase.order_id : kFirstOrder + number;
  const std::int64_t order_number = kFirstOrderNumber + (number != 0 ? number : id % 1'000);
  const bool cancelled = topic == "orders/cancelled";
  return webhook(url, topic,
                 Map{{"id", id},
                     {"admin_graphql_api_id", global_id("Order", id)},
                     {"name", "#" + std::to_string(order_number)},
                     {"order_number", order_number},
                     {"email", buyer.email},
                     {"contact_email", buyer.email},
                     {"phone", buyer.phone},
                     {"token", hex_encode(sha256("order/" + std::to_string(id))).substr(0, 32)},
                     {"cart_token", "cart-" + purchase.token},
                     {"checkout_token", purchase.token},
                     {"checkout_id", number_of(purchase.token)},
                     {"created_at", time()},
                     {"updated_at", time()},
                     {"processed_at", time()},
                     {"cancelled_at", cancelled ? Value(time()) : Value()},
                     {"cancel_reason", cancelled ? Value("customer") : Value()},
                     {"financial_status", "paid"},
                     {"fulfillment_status", topic == "orders/fulfilled" ? Value("fulfilled") : Value()},
                     {"currency", purchase.currency},
                     {"total_price", purchase.total},
                     {"subtotal_price", purchase.total},
                     {"total_tax", "0"},
                     {"total_discounts", "0"},
                     {"tags", ""},
                     {"note", Value()},
                     {"test", false},
                     {"confirmed", true},
                     {"buyer_accepts_marketing", false},
                     {"customer_locale", "ko"},
                     {"source_name", "web"},
                     {"order_status_url", "https://" + options_.domain + "/orders/" + std::to_string(order_number)},
                     {"line_items", lines_of(purchase)},
                     {"billing_address", address_of(buyer)},
                     {"shipping_address", address_of(buyer)},
                     {"customer", customer_of(buyer)}});
}

HttpRequest Shop::customer(std::string_view url, const Buyer& buyer, std::string_view topic) {
  Map body = *customer_of(buyer).if_map();
  body.set("created_at", time());
  body.set("updated_at", time());
  return webhook(url, topic, body);
}

}  // namespace ieum::sandbox
