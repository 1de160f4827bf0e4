// Customers: changed, created or changed by e-mail, and their consent to marketing, which has mutations of its own.
// https://shopify.dev/docs/api/admin-graphql/latest/mutations/customerSet
#include "graphql.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"

namespace shopify {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::string_view kUpdate =
    "mutation customerUpdate($input: CustomerInput!) { customerUpdate(input: $input) "
    "{ customer { id } userErrors { field message } } }";
constexpr std::string_view kSet =
    "mutation customerSet($input: CustomerSetInput!, $identifier: CustomerSetIdentifiers) "
    "{ customerSet(input: $input, identifier: $identifier) { customer { id } userErrors { field message code } } }";
constexpr std::string_view kEmailConsent =
    "mutation customerEmailMarketingConsentUpdate($input: CustomerEmailMarketingConsentUpdateInput!) "
    "{ customerEmailMarketingConsentUpdate(input: $input) { customer { id } userErrors { field message code } } }";
constexpr std::string_view kSmsConsent =
    "mutation customerSmsMarketingConsentUpdate($input: CustomerSmsMarketingConsentUpdateInput!) "
    "{ customerSmsMarketingConsentUpdate(input: $input) { customer { id } userErrors { field message code } } }";

// What both ways of changing a customer take.
object profile(const Call& call) {
  object input;
  put(call, "email", "email", input);
  put(call, "phone", "phone", input);
  put(call, "first_name", "firstName", input);
  put(call, "last_name", "lastName", input);
  put(call, "note", "note", input);
  put(call, "locale", "locale", input);
  if (call.has_input("tags")) input["tags"] = texts_of(call.input_value("tags"));
  return input;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}

bool by_sms(const Call& call) { return call.input("channel", "email") == "sms"; }

Effect answered(const Call& call, const std::string& mutation) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (const auto error = user_error(call, mutation)) return refused(*error);
  return ieum::done({{"id", ieum::text_at(call.answer(), "data." + mutation + ".customer.id")}});
}

}  // namespace

Effect update_customer(const Call& call) {
  const std::string id = global_id("Customer", call.input("id"));
  if (id.empty()) return bad_id(call.input("id"), "Customer");
  object input = profile(call);
  if (input.empty()) return ieum::fail(Kind::permanent, "nothing_to_change", "no field of the customer is given");
  input["id"] = id;
  return call_graphql(call, kUpdate, {{"input", std::move(input)}}, ieum::Safety::idempotent);
}
Effect updated_customer(const Call& call) { return answered(call, "customerUpdate"); }

Effect set_customer(const Call& call) {
  const std::string by = call.input("by", "email");
  object identifier;
  if (by == "id") {
    const std::string id = global_id("Customer", call.input("id"));
    if (id.empty()) return bad_id(call.input("id"), "Customer");
    identifier["id"] = id;
  } else if (by == "custom_id") {
    const object* custom = call.input_value("custom_id").if_object();
    object id;
    for (const std::string_view name : {"namespace", "key", "value"})
      if (const std::string text = custom == nullptr ? "" : ieum::text_at(*custom, name); !text.empty())
        id[name] = text;
    if (!id.contains("key") || !id.contains("value"))
      return ieum::fail(Kind::permanent, "no_identifier", "`custom_id` is {namespace, key, value}");
    identifier["customId"] = std::move(id);
  } else {
    const std::string value = call.input(by == "phone" ? "phone" : "email");
    if (value.empty()) return ieum::fail(Kind::permanent, "no_identifier", "the " + by + " of the customer is empty");
    identifier[by == "phone" ? "phone" : "email"] = value;
  }
  return call_graphql(call, kSet, {{"input", profile(call)}, {"identifier", std::move(identifier)}},
                      ieum::Safety::idempotent);
}
Effect done_set_customer(const Call& call) { return answered(call, "customerSet"); }

Effect update_consent(const Call& call) {
  const std::string id = global_id("Customer", call.input("id"));
  if (id.empty()) return bad_id(call.input("id"), "Customer");
  const std::string at = call.input("at");
  if (!at.empty() && !ieum::read_rfc3339(at))
    return ieum::fail(Kind::permanent, "bad_time", "'" + at + "' is no time like 2026-03-02T09:00:00+09:00");
  object consent{{"marketingState", upper(call.input("state"))},
                 {"marketingOptInLevel", upper(call.input("opt_in_level", "single_opt_in"))},
                 {"consentUpdatedAt", at.empty() ? ieum::rfc3339_text(call.now_ms()) : at}};
  object input{{"customerId", id}};
  input[by_sms(call) ? "smsMarketingConsent" : "emailMarketingConsent"] = std::move(consent);
  return call_graphql(call, by_sms(call) ? kSmsConsent : kEmailConsent, {{"input", std::move(input)}},
                      ieum::Safety::idempotent);
}
Effect updated_consent(const Call& call) {
  return answered(call, by_sms(call) ? "customerSmsMarketingConsentUpdate" : "customerEmailMarketingConsentUpdate");
}

}  // namespace shopify
