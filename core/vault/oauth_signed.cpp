// The signed parts of OAuth: claims of service accounts, and call-backs of Shopify.
#include <algorithm>
#include <charconv>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "vault/oauth.hpp"
#include "vault/rs256.hpp"

namespace ieum::vault {
namespace {

constexpr Millis kClaimFor = kHour;  // the longest that Google takes
constexpr Millis kCallbackFor = 90 * kSecond;

Error bad_callback(std::string what) {
  return {"bad_callback", std::move(what), "begin the login again, from the hub"};
}

std::string value_of(const QueryPairs& query, std::string_view name) {
  const auto found = std::find_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == name; });
  return found == query.end() ? "" : found->second;
}

}  // namespace

Result<std::string> service_account_jwt(const Secret& key_json, const std::vector<std::string>& scopes,
                                        std::string_view audience, std::string_view subject, Millis now_ms) {
  const auto key = parse_json(key_json.reveal());
  if (key.has_error() || key->text("client_email").empty() || key->text("private_key").empty()) {
    return Error("bad_key", "the service account's key is no key file (JSON with client_email and private_key)",
                 "download a key of type JSON from the vendor's console and enter the whole file");
  }
  std::string scope;
  for (const auto& one : scopes) scope += (scope.empty() ? "" : " ") + one;
  Map header{{"alg", "RS256"}, {"typ", "JWT"}};
  if (!key->text("private_key_id").empty()) header.set("kid", key->text("private_key_id"));
  const std::int64_t now = now_ms / kSecond;
  Map claims{{"iss", key->text("client_email")},
             {"scope", scope},
             {"aud", audience},
             {"iat", now},
             {"exp", now + kClaimFor / kSecond}};
  if (!subject.empty()) claims.set("sub", subject);
  const std::string text =
      base64url_encode(write_json(Value(header))) + "." + base64url_encode(write_json(Value(claims)));
  IEUM_TRY(const std::string signature, rs256_sign(key->text("private_key"), text));
  return text + "." + base64url_encode(signature);
}

std::string shopify_callback_base(const QueryPairs& query) {
  QueryPairs sorted;
  for (const auto& pair : query) {
    if (pair.first != "hmac" && pair.first != "signature") sorted.push_back(pair);
  }
  std::sort(sorted.begin(), sorted.end());
  std::string out;
  for (const auto& [name, value] : sorted)
    out += (out.empty() ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  return out;
}

bool is_shop_name(std::string_view shop) {
  constexpr std::string_view kEnd = ".myshopify.com";
  if (!shop.ends_with(kEnd)) return false;
  shop.remove_suffix(kEnd.size());
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return !shop.empty() && plain(shop.front()) &&
         std::all_of(shop.begin(), shop.end(), [&](char c) { return plain(c) || c == '-'; });
}

Status check_shopify_callback(const QueryPairs& query, const Secret& client_secret, std::string_view shop,
                              Millis now_ms) {
  if (client_secret.empty()) return Error("missing_credential", "the client secret is not entered", "enter it");
  const std::string base = shopify_callback_base(query);
  // A repeated name could be read one way here and another way there.
  for (const char* name : {"hmac", "shop", "timestamp", "state", "code"}) {
    if (std::count_if(query.begin(), query.end(), [&](const auto& pair) { return pair.first == name; }) != 1)
      return bad_callback("the call-back does not have exactly one \"" + std::string(name) + "\"");
  }
  const auto told = hex_decode(value_of(query, "hmac"));
  if (!told || !constant_time_equal(*told, hmac_sha256(client_secret.reveal(), base)))
    return bad_callback("the call-back is not signed with this app's client secret");
  const std::string from = value_of(query, "shop");
  if (!is_shop_name(from) || !equals_ignoring_case(from, shop))
    return bad_callback("the call-back is about another shop than the connection's");
  const std::string time = value_of(query, "timestamp");
  std::int64_t seconds = 0;
  const auto read = std::from_chars(time.data(), time.data() + time.size(), seconds);
  const bool readable =
      read.ec == std::errc() && read.ptr == time.data() + time.size() && seconds > 0 && seconds < 253'402'300'799;
  if (!readable || std::abs(now_ms - seconds * kSecond) > kCallbackFor)
    return bad_callback("the call-back is older than 90 seconds, or the hub's clock is wrong");
  return {};
}

}  // namespace ieum::vault
