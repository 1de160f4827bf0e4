// Webhooks of Shopify, Typeform and Google (Drive push, and the Apps Script sender that people paste into a sheet).
// https://shopify.dev/docs/apps/build/webhooks  https://www.typeform.com/developers/webhooks/
// https://developers.google.com/workspace/drive/api/guides/push
#include <array>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/hook_formats.hpp"
#include "sandbox/shop.hpp"

namespace ieum::sandbox {

namespace {

// --- Shopify: 5 s, 8 retries within 4 hours (the gaps are ours), then a subscription made by API is deleted.

constexpr std::array<Millis, 8> kShopifyGaps{kMinute,      2 * kMinute,  4 * kMinute,  8 * kMinute,
                                             15 * kMinute, 30 * kMinute, 60 * kMinute, 2 * kHour};

// Bodies of orders, checkouts and customers come from Shop; others are nearly empty.
std::string shopify_body(const HookDelivery& delivery) {
  if (!delivery.told.body.is_null()) return json_bytes(delivery.told.body);
  const ManualClock clock(delivery.first_at);
  Shop shop(clock);
  Purchase purchase;
  purchase.order_id = 5'987'654'321'000 + delivery.first_at % 1'000'000 + delivery.seq;
  purchase.token = "chk" + std::to_string(delivery.seq);
  const std::string& topic = delivery.told.topic;
  if (topic.starts_with("orders/")) return shop.order("", {}, purchase, topic).body;
  if (topic.starts_with("checkouts/")) return shop.checkout("", {}, purchase, topic).body;
  if (topic.starts_with("customers/")) return shop.customer("", {}, topic).body;
  return write_json(Map{{"id", delivery.seq}});
}

HttpRequest make_shopify(const HookDelivery& delivery, Millis) {
  HttpRequest request = hook_post(shopify_body(delivery), "application/json");
  Headers& headers = request.headers;
  headers.add("X-Shopify-Topic", delivery.told.topic);
  headers.add("X-Shopify-Hmac-Sha256", shopify_signature(delivery.hook.secret, request.body));
  headers.add("X-Shopify-Shop-Domain", more_text(delivery, "shop", "ieum-demo.myshopify.com"));
  headers.add("X-Shopify-API-Version", more_text(delivery, "api_version", "2026-04"));
  headers.add("X-Shopify-Webhook-Id", uuid_of(delivery.told.id + delivery.hook.id));
  headers.add("X-Shopify-Event-Id", more_text(delivery, "event_id", delivery.told.id));
  headers.add("X-Shopify-Triggered-At", rfc3339_utc(delivery.first_at));
  return request;
}

NextTry after_shopify(const HookDelivery& delivery, const Headers&, Millis) {
  // What was typed in by a person stays.
  const bool by_api = delivery.hook.id != "console" && delivery.hook.id != "to";
  return by_schedule(delivery, kShopifyGaps, by_api ? NextTry::Kind::lose_hook : NextTry::Kind::give_up);
}

// --- Typeform: 30 s; 404 and 410 disable at once; 429, 408, 503, 423 are tried for ten hours; all else five times.

constexpr std::array<Millis, 5> kTypeformGaps{5 * kMinute, 10 * kMinute, 20 * kMinute, 60 * kMinute, 2 * kHour};
constexpr Millis kTypeformPatience = 10 * kHour;
constexpr Millis kTypeformGap = 150 * kSecond;

bool is_passing(int status) { return status == 429 || status == 408 || status == 503 || status == 423; }

Value typeform_sample(const HookDelivery& delivery) {
  const std::string at = rfc3339_utc(delivery.first_at / kSecond * kSecond);
  const Value name(Map{{"id", "Fname"}, {"ref", "name"}, {"type", "short_text"}, {"title", "이름"}});
  const Value email(Map{{"id", "Femail"}, {"ref", "email"}, {"type", "email"}, {"title", "이메일"}});
  return Map{
      {"event_id", delivery.told.id},
      {"event_type", delivery.told.topic.empty() ? "form_response" : delivery.told.topic},
      {"form_response",
       Map{{"form_id", more_text(delivery, "form_id", "sandbox")},
           {"token", hex_encode(sha256(delivery.told.id)).substr(0, 32)},
           {"submitted_at", at},
           {"landed_at", at},
           {"hidden", Map{{"user_id", "u1042"}}},
           {"definition",
            Map{{"id", more_text(delivery, "form_id", "sandbox")}, {"title", "신청서"}, {"fields", List{name, email}}}},
           {"answers", List{Map{{"type", "text"}, {"text", "김민지"}, {"field", name}},
                            Map{{"type", "email"}, {"email", "minji.kim@example.com"}, {"field", email}}}}}}};
}

HttpRequest make_typeform(const HookDelivery& delivery, Millis) {
  HttpRequest request = hook_post(json_bytes(body_or(delivery, typeform_sample(delivery))), "application/json");
  if (!delivery.hook.secret.empty())
    request.headers.add("Typeform-Signature",
                        "sha256=" + base64_encode(hmac_sha256(delivery.hook.secret, request.body)));
  return request;
}

NextTry after_typeform(const HookDelivery& delivery, const Headers&, Millis now) {
  if (is_success(delivery)) return {NextTry::Kind::delivered};
  const int status = last_status(delivery);
  if (status == 404 || status == 410) return {NextTry::Kind::lose_hook};
  if (is_passing(status)) {
    if (now + kTypeformGap - delivery.first_at > kTypeformPatience) return {NextTry::Kind::give_up};
    return {NextTry::Kind::again, kTypeformGap};
  }
  std::size_t failures = 0;
  for (const HookDelivery::Attempt& attempt : delivery.attempts) failures += is_passing(attempt.status) ? 0 : 1;
  if (failures > kTypeformGaps.size()) return {NextTry::Kind::give_up};
  return {NextTry::Kind::again, kTypeformGaps[failures - 1]};
}

// --- Google Drive push: an empty body; 500, 502, 503, 504 are tried again, anything else loses this message.

constexpr std::array<Millis, 8> kGoogleGaps{kMinute,      2 * kMinute,  4 * kMinute,  8 * kMinute,
                                            16 * kMinute, 32 * kMinute, 64 * kMinute, 128 * kMinute};

HttpRequest make_google(const HookDelivery& delivery, Millis) {
  HttpRequest request = hook_post("", "");
  const Value* number = delivery.hook.more.find("message_number");
  Headers& headers = request.headers;
  headers.add("X-Goog-Channel-ID", delivery.hook.id);
  headers.add("X-Goog-Message-Number", number == nullptr
                                           ? std::to_string(delivery.told.topic == "sync" ? 1 : delivery.seq + 1)
                                           : write_json(*number));
  headers.add("X-Goog-Resource-ID", more_text(delivery, "resource_id", "sandbox-resource"));
  headers.add("X-Goog-Resource-State", delivery.told.topic);
  headers.add("X-Goog-Resource-URI",
              more_text(delivery, "resource_uri", "https://www.googleapis.com/drive/v3/files/x"));
  if (delivery.told.topic == "update") headers.add("X-Goog-Changed", more_text(delivery, "changed", "content"));
  if (const Value* until = delivery.hook.more.find("expiration"); until != nullptr && until->if_int() != nullptr)
    headers.add("X-Goog-Channel-Expiration", http_date(*until->if_int()));
  if (!delivery.hook.secret.empty()) headers.add("X-Goog-Channel-Token", delivery.hook.secret);
  return request;
}

NextTry after_google(const HookDelivery& delivery, const Headers&, Millis) {
  const int status = last_status(delivery);
  if (status == 200 || status == 201 || status == 202 || status == 204 || status == 102)
    return {NextTry::Kind::delivered};
  const bool again = status == 500 || status == 502 || status == 503 || status == 504;
  return again ? by_schedule(delivery, kGoogleGaps) : NextTry{NextTry::Kind::give_up};
}

// --- Our own sender in Apps Script: signed with its time, tried once (muteHttpExceptions).

Value row_sample(const HookDelivery& delivery) {
  return Map{{"id", delivery.told.id},
             {"sheet", "응답"},
             {"row", delivery.seq + 1},
             {"values", List{"김민지", "minji.kim@example.com"}},
             {"named", Value()}};
}

HttpRequest make_apps_script(const HookDelivery& delivery, Millis now) {
  HttpRequest request = hook_post(json_bytes(body_or(delivery, row_sample(delivery))), "application/json");
  const std::string at = std::to_string(now / kSecond);
  request.headers.add("X-Hub-Timestamp", at);
  request.headers.add("X-Hub-Signature",
                      "v1=" + hex_encode(hmac_sha256(delivery.hook.secret, "v1:" + at + ":" + request.body)));
  return request;
}

}  // namespace

const HookFormat kShopifyHooks{"shopify", 5 * kSecond, make_shopify, after_shopify};
const HookFormat kTypeformHooks{"typeform", 30 * kSecond, make_typeform, after_typeform};
const HookFormat kGoogleHooks{"google", 30 * kSecond, make_google, after_google};
const HookFormat kAppsScriptHooks{"apps_script", 30 * kSecond, make_apps_script, no_second_try};

}  // namespace ieum::sandbox
