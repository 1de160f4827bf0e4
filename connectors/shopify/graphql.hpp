// Shopify's Admin API is one GraphQL endpoint: how a call is made, and what an answer means.
// HTTP 200 is no success: "errors" (a text or a list) and "userErrors" are read from the body.
// https://shopify.dev/docs/api/admin-graphql, https://shopify.dev/docs/api/usage/limits
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace shopify {

// "<shop>.myshopify.com" and nothing else: the shop decides where the token goes.
bool is_shop(std::string_view shop);

// POST {base}/admin/api/{version}/graphql.json. Fails when the connection's shop is no shop and no base URL is set.
ieum::Effect call_graphql(const ieum::Call& call, std::string_view query, ieum::json::object variables,
                          ieum::Safety safety, ieum::json::value state = nullptr);

// Nothing when "data" is there and nothing was refused above the level of the mutation.
std::optional<ieum::Effect> failure(const ieum::Call& call);

// Milliseconds until the bucket holds what the call asks for: (requested - available) / restore, rounded up; nothing
// when the answer does not say.
std::optional<std::int64_t> throttle_wait_ms(const ieum::json::value& answer);

// The first entry of data.{mutation}.userErrors: its code ("" when it has none) and all messages in one text.
struct UserError {
  std::string code, message;
};
std::optional<UserError> user_error(const ieum::Call& call, std::string_view mutation);

// The same of another field ("orderCancelUserErrors").
std::optional<UserError> user_error_at(const ieum::Call& call, const std::string& path);

// "gid://shopify/Order/5100" stays, and 5100 becomes one of that kind; "" for anything else.
std::string global_id(std::string_view kind, std::string_view id);
ieum::Effect bad_id(std::string_view id, std::string_view kind);
// The number of a global id; 0 when it has none.
std::int64_t number_of_id(std::string_view global_id);

// Copies an input under Shopify's name; not when the recipe left it out. A text stays a text: money is text.
void put(const ieum::Call& call, std::string_view input, std::string_view name, ieum::json::object& into);
// A list, or one text with commas, as Shopify itself writes tags.
ieum::json::array texts_of(const ieum::json::value& input);

// permanent, with the code of the user error or "user_error".
ieum::Effect refused(const UserError& error);

}  // namespace shopify
