// Shop: a Shopify shop that tells of what happens in it: signed webhook deliveries as request values. For the demo, tests
// and the bench. It sends nothing; the caller does, through net::HttpClient or another client, as often as it likes: the
// same value sent twice is a redelivery. https://shopify.dev/docs/apps/build/webhooks
// Equal seeds and calls give equal bytes. One thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/http.hpp"
#include "base/value.hpp"

namespace ieum::sandbox {

struct ShopOptions {
  std::string domain = "ieum-demo.myshopify.com";
  std::string signing_secret = "sandbox-webhook-secret";
  std::string api_version = "2026-04";
  std::string seed = "ieum";  // delivery ids are made of it
};

struct Buyer {
  std::int64_t id = 7001;
  std::string first_name = "민지";
  std::string last_name = "김";
  std::string email = "minji.kim@example.com";
  std::string phone = "+821011110001";
};

struct Purchase {
  std::string token = "chk01";  // of the checkout; orders tell it as checkout_token
  std::string total = "62000";  // money is text
  std::string currency = "KRW";
  std::string item = "린넨 셔츠";
  std::int64_t quantity = 1;
  std::int64_t order_id = 0;  // 0: the next one
  std::string url;            // abandoned_checkout_url; empty: one of the domain
};

class Shop {
 public:
  // clock outlives the shop.
  Shop(const Clock& clock, ShopOptions options = {}) : clock_(clock), options_(std::move(options)) {}

  // POSTs to url (absolute) with the topic's body. topic: checkouts/create, checkouts/update.
  HttpRequest checkout(std::string_view url, const Buyer& buyer, const Purchase& purchase,
                       std::string_view topic = "checkouts/create");
  // topic: orders/create, orders/paid, orders/updated, orders/cancelled, orders/fulfilled.
  HttpRequest order(std::string_view url, const Buyer& buyer, const Purchase& purchase,
                    std::string_view topic = "orders/create");
  // topic: customers/create, customers/update.
  HttpRequest customer(std::string_view url, const Buyer& buyer, std::string_view topic = "customers/create");
  // Any body under any topic, signed.
  HttpRequest webhook(std::string_view url, std::string_view topic, const Value& body);

 private:
  [[nodiscard]] std::string time() const;
  std::string next_uuid(std::string_view of);

  const Clock& clock_;
  const ShopOptions options_;
  std::int64_t deliveries_ = 0;
  std::int64_t orders_ = 0;
};

// base64 of HMAC-SHA256 over the raw body: X-Shopify-Hmac-Sha256.
std::string shopify_signature(std::string_view secret, std::string_view body);

}  // namespace ieum::sandbox
