#include "vault/auth.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"
#include "base/url.hpp"
#include "vault/auth_parts.hpp"

namespace ieum::vault {
namespace {

using Kind = AuthScheme::Kind;

std::string fill(std::string_view format, std::string_view secret) {
  constexpr std::string_view hole = "{secret}";
  const auto at = format.find(hole);
  if (at == std::string_view::npos) return std::string(format);
  return std::string(format.substr(0, at)) + std::string(secret) + std::string(format.substr(at + hole.size()));
}

Status set_header(HttpRequest& request, const std::string& name, const Secret& value) {
  // Checked with a stand-in where the value is a secret, so that no part of it can end up in an error.
  const auto name_ok = check_outbound_header(name, "x");
  if (name_ok.has_error()) return name_ok.error();
  if (check_outbound_header(name, value.reveal()).has_error()) {
    return Error("bad_credential", "the secret holds bytes that cannot stand in a header",
                 "enter it again without line breaks");
  }
  request.headers.set(name, std::string(value.reveal()));
  return {};
}

Result<std::string> basic_user(const AuthScheme& scheme, const Value& config) {
  const std::string& user = scheme.user;
  if (user.size() < 2 || user.front() != '{' || user.back() != '}') return user;
  const std::string field = user.substr(1, user.size() - 2);
  std::string text = config.text(field);
  if (text.empty()) return Error("missing_config", "the connection's field \"" + field + "\" is empty", "enter it");
  return text;
}

void add_query(HttpRequest& request, const std::string& name, std::string_view value) {
  request.target += request.target.find('?') == std::string::npos ? "?" : "&";
  request.target += percent_encode(name) + "=" + percent_encode(value);
}

// An address that is a password: nothing of it may stand in an error.
Status set_address(HttpRequest& request, const Secret& address, const std::vector<std::string>& origins) {
  HttpRequest whole;
  whole.target = std::string(address.reveal());
  if (parse_url(whole.target).has_error())
    return Error("bad_credential", "the secret address is no web address", "enter the whole of it, from https:// on");
  IEUM_CHECK(check_origin(whole, origins));
  request.target = std::move(whole.target);
  return {};
}

}  // namespace

std::string solapi_authorization(std::string_view api_key, const Secret& api_secret, std::string_view date,
                                 std::string_view salt) {
  const std::string signature = hex_encode(hmac_sha256(api_secret.reveal(), std::string(date) + std::string(salt)));
  return "HMAC-SHA256 apiKey=" + std::string(api_key) + ", date=" + std::string(date) + ", salt=" + std::string(salt) +
         ", signature=" + signature;
}

Status apply_auth(const AuthScheme& scheme, const std::map<std::string, Secret>& secrets, const Value& config,
                  const std::vector<std::string>& origins, Millis now_ms, Random& random, HttpRequest& request) {
  if (scheme.kind == Kind::none) return {};
  const std::string slot = scheme.fetches_tokens() ? scheme.access_slot() : scheme.slot;
  const auto found = secrets.find(slot);
  if (found == secrets.end() && scheme.fetches_tokens())
    return Error("missing_token", "the hub has no token for this connection yet", "log in: ieum connection login NAME");
  if (found == secrets.end() || found->second.empty()) {
    return Error("missing_credential", "the credential \"" + slot + "\" is not entered", "enter it in the connection");
  }
  IEUM_CHECK(check_origin(request, origins));
  const std::string_view secret = found->second.reveal();
  switch (scheme.kind) {
    case Kind::none: break;
    case Kind::bearer: return set_header(request, "authorization", Secret("Bearer " + std::string(secret)));
    case Kind::oauth2_code:
    case Kind::oauth2_client:
    case Kind::jwt_bearer:
    case Kind::header: return set_header(request, scheme.header, Secret(fill(scheme.format, secret)));
    case Kind::basic: {
      IEUM_TRY(const std::string user, basic_user(scheme, config));
      if (user.find(':') != std::string::npos)
        return Error("bad_credential", "the user name holds a colon", "correct it");
      return set_header(request, "authorization", Secret("Basic " + base64_encode(user + ":" + std::string(secret))));
    }
    case Kind::query: add_query(request, scheme.header, fill(scheme.format, secret)); break;
    case Kind::url: return set_address(request, found->second, origins);
    case Kind::solapi_hmac: {
      const std::string key = config.text(scheme.user);
      if (key.empty())
        return Error("missing_config", "the connection's field \"" + scheme.user + "\" is empty", "enter it");
      const std::string date = rfc3339_utc(now_ms - now_ms % kSecond);
      const std::string salt = hex_encode(random.bytes(16));
      return set_header(request, "authorization", Secret(solapi_authorization(key, found->second, date, salt)));
    }
  }
  return {};
}

}  // namespace ieum::vault
