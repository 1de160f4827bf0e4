// What all hook formats share, the plain one, Standard Webhooks, and the table of formats by vendor.
#include "sandbox/hooks.hpp"

#include <array>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "sandbox/hook_formats.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

namespace {

void add_fields(std::string& out, const std::string& name, const Value& value) {
  if (const Map* map = value.if_map()) {
    for (const auto& [key, item] : *map) {
      const std::string part = text_of(&key);
      add_fields(out, name.empty() ? part : name + "[" + part + "]", item);
    }
    return;
  }
  if (const List* list = value.if_list()) {
    for (std::size_t i = 0; i < list->size(); ++i) add_fields(out, name + "[" + std::to_string(i) + "]", (*list)[i]);
    return;
  }
  const std::string text = value.is_string() ? *value.if_string() : value.is_null() ? "" : write_json(value);
  out += (out.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(text);
}

// "sent" to nobody's liking in particular: JSON with the topic beside it.
HttpRequest make_plain(const HookDelivery& delivery, Millis) {
  HttpRequest request = hook_post(json_bytes(delivery.told.body), "application/json");
  request.headers.add("X-Sandbox-Topic", delivery.told.topic);
  request.headers.add("X-Sandbox-Id", delivery.told.id);
  return request;
}

// https://www.standardwebhooks.com: the secret is base64, with or without "whsec_".
HttpRequest make_standard(const HookDelivery& delivery, Millis now) {
  HttpRequest request = hook_post(json_bytes(delivery.told.body), "application/json");
  std::string_view secret = delivery.hook.secret;
  if (secret.starts_with("whsec_")) secret.remove_prefix(6);
  const std::string key = base64_decode(secret).value_or(std::string(secret));
  const std::string id = "msg_" + delivery.told.id;
  const std::string at = std::to_string(now / kSecond);
  request.headers.add("webhook-id", id);
  request.headers.add("webhook-timestamp", at);
  request.headers.add("webhook-signature", "v1," + base64_encode(hmac_sha256(key, id + "." + at + "." + request.body)));
  return request;
}

// The schedule that the specification proposes.
NextTry after_standard(const HookDelivery& delivery, const Headers&, Millis) {
  static constexpr std::array<Millis, 6> kGaps{5 * kSecond, 5 * kMinute, 30 * kMinute,
                                               2 * kHour,   5 * kHour,   10 * kHour};
  if (last_status(delivery) == 410) return {NextTry::Kind::lose_hook};
  return by_schedule(delivery, kGaps);
}

const HookFormat kPlain{"", 30 * kSecond, make_plain, no_second_try};
const HookFormat kStandard{"standard_webhooks", 30 * kSecond, make_standard, after_standard};

}  // namespace

const HookFormat& hook_format(std::string_view vendor) {
  static const std::array<const HookFormat*, 9> kAll{&kShopifyHooks,    &kTypeformHooks, &kGoogleHooks,
                                                     &kAppsScriptHooks, &kSlackHooks,    &kMailchimpHooks,
                                                     &kSolapiHooks,     &kNhnHooks,      &kStandard};
  for (const HookFormat* format : kAll)
    if (format->vendor == vendor) return *format;
  return kPlain;
}

bool is_hook_address(const std::string& url) {
  const auto parsed = parse_url(url);
  if (!parsed) return false;
  return parsed->scheme == "https" || parsed->host == "127.0.0.1" || parsed->host == "localhost" ||
         parsed->host == "::1";
}

std::string uuid_of(std::string_view text) {
  const std::string hex = hex_encode(sha256(text)).substr(0, 32);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-4" + hex.substr(13, 3) + "-a" + hex.substr(17, 3) + "-" +
         hex.substr(20);
}

std::string json_bytes(const Value& body) { return body.is_string() ? *body.if_string() : write_json(body); }

std::string bracketed_form(const Value& body) {
  if (body.is_string()) return *body.if_string();
  std::string out;
  add_fields(out, "", body);
  return out;
}

HttpRequest hook_post(std::string body, std::string_view content_type) {
  HttpRequest request;
  request.method = "POST";
  request.body = std::move(body);
  if (!content_type.empty()) request.headers.add("Content-Type", std::string(content_type));
  return request;
}

int last_status(const HookDelivery& delivery) {
  return delivery.attempts.empty() ? 0 : delivery.attempts.back().status;
}

bool is_success(const HookDelivery& delivery) {
  const int status = last_status(delivery);
  return status >= 200 && status <= 299;
}

NextTry by_schedule(const HookDelivery& delivery, std::span<const Millis> gaps, NextTry::Kind then) {
  if (is_success(delivery)) return {NextTry::Kind::delivered};
  const std::size_t made = delivery.attempts.size();
  if (made == 0 || made > gaps.size()) return {then};
  return {NextTry::Kind::again, gaps[made - 1]};
}

NextTry no_second_try(const HookDelivery& delivery, const Headers&, Millis) {
  return {is_success(delivery) ? NextTry::Kind::delivered : NextTry::Kind::give_up};
}

const Value& body_or(const HookDelivery& delivery, const Value& sample) {
  return delivery.told.body.is_null() ? sample : delivery.told.body;
}

Value overlaid(const Value& base, const Value& over) {
  const Map* under = base.if_map();
  const Map* upper = over.if_map();
  if (upper == nullptr) return over.is_null() ? base : over;
  Map out = under == nullptr ? Map() : *under;
  for (const auto& [key, value] : *upper) out.set(key, value);
  return out;
}

std::string more_text(const HookDelivery& delivery, std::string_view name, std::string_view fallback) {
  const Value* found = delivery.hook.more.find(name);
  return found != nullptr && found->is_string() ? *found->if_string() : std::string(fallback);
}

}  // namespace ieum::sandbox
