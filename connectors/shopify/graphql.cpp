#include "graphql.hpp"

#include <charconv>
#include <cmath>

#include "ieum/address.hpp"

namespace shopify {

namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::optional<double> number_at(const ieum::json::value& root, std::string_view path) {
  const ieum::json::value* value = ieum::find(root, path);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

ieum::Effect failure_of_code(const ieum::Call& call, const std::string& code, const std::string& message) {
  using ieum::Kind;
  if (code == "THROTTLED")
    return ieum::fail(Kind::rate_limited, code, "Shopify's cost bucket is empty",
                      throttle_wait_ms(call.answer()).value_or(1000));
  if (code == "INTERNAL_SERVER_ERROR") return ieum::fail(Kind::ambiguous, code, message);
  if (code == "ACCESS_DENIED")
    return ieum::fail(Kind::permanent, code, message + "; the app lacks an access scope for this");
  if (code == "SHOP_INACTIVE") return ieum::fail(Kind::permanent, code, message + "; the shop is closed or frozen");
  if (code == "MAX_COST_EXCEEDED") return ieum::fail(Kind::permanent, code, message);
  return ieum::fail(Kind::permanent, code.empty() ? "graphql_error" : code, message);
}

ieum::Effect failure_of_status(const ieum::Call& call, const std::string& message) {
  using ieum::Kind;
  const int status = call.status();
  const std::string code = "http_" + std::to_string(status);
  const auto say = [&](const std::string& text) { return message.empty() ? text : text + ": " + message; };
  if (status == 401) {
    const bool fetched = call.config("login", "token") != "token";
    return ieum::fail(fetched ? Kind::auth_refresh : Kind::auth_dead, code, say("Shopify refuses the access token"));
  }
  if (status == 402) return ieum::fail(Kind::permanent, code, say("the shop is frozen until its bill is paid"));
  if (status == 423) return ieum::fail(Kind::permanent, code, say("Shopify has locked the shop"));
  if (status == 404) return ieum::fail(Kind::permanent, code, say("there is no such shop or API version"));
  if (status == 429) return ieum::fail(Kind::rate_limited, code, say("Shopify asks to slow down"));
  if (status >= 500)
    return ieum::fail(status == 503 ? Kind::retry : Kind::ambiguous, code,
                      say("Shopify is out of order for the moment"));
  if (status >= 300 && status < 400) return ieum::fail(Kind::permanent, code, say("Shopify redirects; check the shop"));
  return ieum::http_failure(call, message);
}

}  // namespace

bool is_shop(std::string_view shop) {
  constexpr std::string_view ending = ".myshopify.com";
  if (!shop.ends_with(ending)) return false;
  const std::string_view name = shop.substr(0, shop.size() - ending.size());
  if (name.empty() || !is_word(name.front())) return false;
  for (const char c : name)
    if (!is_word(c) && c != '-') return false;
  return true;
}

ieum::Effect call_graphql(const ieum::Call& call, std::string_view query, ieum::json::object variables,
                          ieum::Safety safety, ieum::json::value state) {
  std::string base = ieum::base_url(call, "");
  if (base.empty()) {
    const std::string shop = call.config("shop");
    if (!is_shop(shop))
      return ieum::fail(ieum::Kind::permanent, "bad_shop", "'" + shop + "' is not of the form name.myshopify.com");
    base = "https://" + shop;
  }
  const std::string version = call.config("api_version", "2026-04");
  ieum::Http request = ieum::http("POST", base + "/admin/api/" + ieum::percent_encode(version) + "/graphql.json");
  request.json(ieum::json::object{{"query", query}, {"variables", std::move(variables)}}).safety(safety);
  if (!state.is_null()) request.state(std::move(state));
  return request;
}

std::optional<std::int64_t> throttle_wait_ms(const ieum::json::value& answer) {
  const auto requested = number_at(answer, "extensions.cost.requestedQueryCost");
  const auto available = number_at(answer, "extensions.cost.throttleStatus.currentlyAvailable");
  const auto restore = number_at(answer, "extensions.cost.throttleStatus.restoreRate");
  if (!requested || !available || !restore || !(*restore > 0)) return std::nullopt;
  const double missing = *requested - *available;
  if (!(missing > 0)) return 0;
  const double wait_ms = std::ceil(missing * 1000 / *restore);
  constexpr double kMostMs = 3600 * 1000;
  return static_cast<std::int64_t>(wait_ms < kMostMs ? wait_ms : kMostMs);
}

std::optional<ieum::Effect> failure(const ieum::Call& call) {
  const ieum::json::value* errors = ieum::find(call.answer(), "errors");
  std::string message;
  std::string code;
  if (errors != nullptr) {
    const ieum::json::value* first = errors;
    if (errors->is_array()) first = errors->get_array().empty() ? nullptr : &errors->get_array().front();
    if (first != nullptr && first->is_object()) {
      message = ieum::text_at(*first, "message");
      code = ieum::text_at(*first, "extensions.code");
      if (message.empty()) message = ieum::to_json(*first).substr(0, 300);
    } else if (first != nullptr) {
      message = ieum::scalar_text(*first).value_or("");
    }
  }
  if (!call.succeeded()) return failure_of_status(call, message);
  if (!message.empty() || !code.empty()) return failure_of_code(call, code, message);
  const ieum::json::value* data = ieum::find(call.answer(), "data");
  if (data == nullptr || !data->is_object())
    return ieum::fail(ieum::Kind::ambiguous, "unreadable_answer", "Shopify's answer cannot be read");
  return std::nullopt;
}

std::optional<UserError> user_error(const ieum::Call& call, std::string_view mutation) {
  return user_error_at(call, "data." + std::string(mutation) + ".userErrors");
}

std::optional<UserError> user_error_at(const ieum::Call& call, const std::string& path) {
  const ieum::json::value* errors = ieum::find(call.answer(), path);
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return std::nullopt;
  UserError result;
  result.code = ieum::text_at(errors->get_array().front(), "code");
  for (const ieum::json::value& error : errors->get_array()) {
    std::string field;
    const ieum::json::value* parts = ieum::find(error, "field");
    if (parts != nullptr && parts->is_array())
      for (const ieum::json::value& part : parts->get_array())
        field += (field.empty() ? "" : ".") + ieum::scalar_text(part).value_or("");
    if (!result.message.empty()) result.message += "; ";
    result.message += (field.empty() ? "" : field + ": ") + ieum::text_at(error, "message");
  }
  return result;
}

std::string global_id(std::string_view kind, std::string_view id) {
  if (id.starts_with("gid://shopify/")) return std::string(id);
  if (id.empty() || id.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return "gid://shopify/" + std::string(kind) + "/" + std::string(id);
}

ieum::Effect bad_id(std::string_view id, std::string_view kind) {
  return ieum::fail(
      ieum::Kind::permanent, "bad_id",
      "'" + std::string(id) + "' is neither a number nor of the form gid://shopify/" + std::string(kind) + "/1");
}

std::int64_t number_of_id(std::string_view id) {
  const std::string_view digits = id.substr(id.rfind('/') + 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + std::min(digits.size(), digits.find('?')) ? number : 0;
}

void put(const ieum::Call& call, std::string_view input, std::string_view name, ieum::json::object& into) {
  if (!call.has_input(input)) return;
  const ieum::json::value& value = call.input_value(input);
  into[{name.data(), name.size()}] = value.is_number() ? ieum::json::value(call.input(input)) : value;
}

ieum::json::array texts_of(const ieum::json::value& input) {
  ieum::json::array out;
  const auto add = [&](std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    if (!text.empty()) out.push_back(ieum::json::value(text));
  };
  if (const ieum::json::array* list = input.if_array()) {
    for (const ieum::json::value& item : *list) add(ieum::scalar_text(item).value_or(""));
    return out;
  }
  const std::string text = ieum::scalar_text(input).value_or("");
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    add(std::string_view(text).substr(from, comma - from));
    from = comma + 1;
  }
  return out;
}

ieum::Effect refused(const UserError& error) {
  return ieum::fail(ieum::Kind::permanent, error.code.empty() ? "user_error" : error.code,
                    "Shopify refuses: " + error.message);
}

}  // namespace shopify
