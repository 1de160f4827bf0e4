// Requests to an authorization server, and what its answers mean.
#include "vault/oauth.hpp"

#include <algorithm>
#include <charconv>

#include "base/decimal.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::vault {
namespace {

constexpr std::size_t kMessageBytes = 300;
constexpr Millis kExpiresMax = 3650 * kDay;

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string joined_scopes(const TokenScheme& token) {
  std::string out;
  for (const auto& scope : token.scopes) out += (out.empty() ? "" : token.scope_separator) + scope;
  return out;
}

Result<std::string> client_id(const AuthScheme& scheme, const Value& config) {
  std::string id = config.text(scheme.token.client_id);
  if (id.empty())
    return Error("missing_config", "the connection's field \"" + scheme.token.client_id + "\" is empty", "enter it");
  return id;
}

Result<std::string> secret_of(const std::map<std::string, Secret>& secrets, const std::string& slot) {
  const auto found = secrets.find(slot);
  if (found == secrets.end() || found->second.empty())
    return Error("missing_credential", "the credential \"" + slot + "\" is not entered", "enter it in the connection");
  return std::string(found->second.reveal());
}

Result<std::string> filled_url(const std::string& pattern, const Value& config) {
  IEUM_TRY(const std::string text, fill_fields(pattern, config));
  IEUM_TRY(const Url url, parse_url(text));
  return url.origin() + url.target;
}

HttpRequest token_request(const TokenScheme& token, std::string url, const Fields& fields) {
  HttpRequest out;
  out.method = "POST";
  out.target = std::move(url);
  out.headers.set("accept", "application/json");
  Fields all = fields;
  all.insert(all.end(), token.token_extra.begin(), token.token_extra.end());
  if (token.json) {
    Map body;
    for (const auto& [name, value] : all) body.set(name, value);
    out.headers.set("content-type", "application/json");
    out.body = write_json(Value(std::move(body)));
  } else {
    out.headers.set("content-type", "application/x-www-form-urlencoded");
    out.body = form_encode(all);
  }
  return out;
}

// Adds who asks: in the body, or in the Authorization header.
Result<HttpRequest> client_request(const AuthScheme& scheme, const Value& config,
                                   const std::map<std::string, Secret>& secrets, Fields fields) {
  const TokenScheme& token = scheme.token;
  IEUM_TRY(std::string url, filled_url(token.token_url, config));
  IEUM_TRY(const std::string id, client_id(scheme, config));
  std::string secret;
  if (!token.client_secret.empty()) {
    IEUM_TRY(secret, secret_of(secrets, token.client_secret));
  }
  const bool basic = token.basic && !secret.empty();
  if (!basic) {
    fields.emplace_back("client_id", id);
    if (!secret.empty()) fields.emplace_back("client_secret", secret);
  }
  HttpRequest out = token_request(token, std::move(url), fields);
  // RFC 6749 2.3.1: both are form-encoded before they are joined.
  if (basic)
    out.headers.set("authorization", "Basic " + base64_encode(percent_encode(id) + ":" + percent_encode(secret)));
  return out;
}

// Seconds as a number or as text ("3599", "3599.0"); nothing where they make no sense.
std::optional<Millis> seconds_of(const Value* value) {
  if (value == nullptr) return std::nullopt;
  std::string text;
  if (const auto* whole = value->if_int())
    text = std::to_string(*whole);
  else if (const auto* decimal = value->if_decimal())
    text = decimal->digits;
  else if (const auto* string = value->if_string())
    text = *string;
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || seconds < 0 || (read.ptr != text.data() + text.size() && *read.ptr != '.'))
    return std::nullopt;
  return std::min<Millis>(seconds, kExpiresMax / kSecond) * kSecond;
}

std::string cut(std::string text) {
  if (text.size() <= kMessageBytes) return text;
  std::size_t end = kMessageBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

// "error" is a text (RFC 6749) or, at some vendors, an object or a map of texts.
std::pair<std::string, std::string> told_error(const Value& body) {
  std::string code = body.text("error");
  std::string message = body.text("error_description");
  if (code.empty()) code = body.text("code");
  if (message.empty()) {
    for (const char* path : {"message", "description", "error.message", "errors"}) {
      const Value* found = body.at_path(path);
      if (found == nullptr || found->is_null()) continue;
      message = found->is_string() ? *found->if_string() : write_json(*found);
      break;
    }
  }
  return {cut(code), cut(message)};
}

TokenFailure::Kind kind_of(const AuthScheme& scheme, std::string_view code, int status) {
  using Kind = TokenFailure::Kind;
  const bool person = scheme.kind == AuthScheme::Kind::oauth2_code;
  if (code == "invalid_grant") return person ? Kind::login : Kind::credentials;
  for (const std::string_view again :
       {"internal_failure", "server_error", "temporarily_unavailable", "slow_down", "rate_limited", "ratelimited",
        "internal_error", "fatal_error", "service_unavailable", "request_timeout"}) {
    if (code == again) return Kind::again;
  }
  for (const std::string_view wrong : {"invalid_client", "unauthorized_client", "deleted_client", "org_internal",
                                       "invalid_scope", "unsupported_grant_type", "access_denied"}) {
    if (code == wrong) return Kind::credentials;
  }
  if (status == 408 || status == 425 || status == 429 || status >= 500) return Kind::again;
  if (code.empty() && status >= 200 && status <= 399) return Kind::again;  // a page of somebody in between
  if (code.empty() && status == 404) return Kind::credentials;
  if (code.empty() && status != 400 && status != 401 && status != 403) return Kind::again;
  return person ? Kind::login : Kind::credentials;
}

}  // namespace

std::string pkce_challenge(std::string_view verifier) { return base64url_encode(sha256(verifier)); }

Result<std::string> authorize_url(const AuthScheme& scheme, const Value& config, std::string_view redirect_uri,
                                  std::string_view state, std::string_view verifier) {
  const TokenScheme& token = scheme.token;
  IEUM_TRY(const std::string base, filled_url(token.authorize_url, config));
  IEUM_TRY(const std::string id, client_id(scheme, config));
  Fields fields{{"response_type", "code"}, {"client_id", id}, {"redirect_uri", std::string(redirect_uri)}};
  if (!token.scopes.empty()) fields.emplace_back("scope", joined_scopes(token));
  fields.emplace_back("state", std::string(state));
  if (token.pkce) {
    fields.emplace_back("code_challenge", pkce_challenge(verifier));
    fields.emplace_back("code_challenge_method", "S256");
  }
  fields.insert(fields.end(), token.authorize_extra.begin(), token.authorize_extra.end());
  std::string out = base + (base.find('?') == std::string::npos ? "?" : "&");
  for (const auto& [name, value] : fields)
    out += (&name == &fields.front().first ? "" : "&") + percent_encode(name) + "=" + percent_encode(value);
  return out;
}

Result<HttpRequest> code_request(const AuthScheme& scheme, const Value& config,
                                 const std::map<std::string, Secret>& secrets, std::string_view redirect_uri,
                                 std::string_view code, std::string_view verifier) {
  Fields fields{
      {"grant_type", "authorization_code"}, {"code", std::string(code)}, {"redirect_uri", std::string(redirect_uri)}};
  if (scheme.token.pkce) fields.emplace_back("code_verifier", std::string(verifier));
  return client_request(scheme, config, secrets, std::move(fields));
}

Result<HttpRequest> refresh_request(const AuthScheme& scheme, const Value& config,
                                    const std::map<std::string, Secret>& secrets) {
  IEUM_TRY(const std::string refresh, secret_of(secrets, scheme.refresh_slot()));
  return client_request(scheme, config, secrets, {{"grant_type", "refresh_token"}, {"refresh_token", refresh}});
}

Result<HttpRequest> own_request(const AuthScheme& scheme, const Value& config,
                                const std::map<std::string, Secret>& secrets, Millis now_ms) {
  const TokenScheme& token = scheme.token;
  if (scheme.kind == AuthScheme::Kind::oauth2_client) {
    Fields fields{{"grant_type", "client_credentials"}};
    if (!token.scopes.empty()) fields.emplace_back("scope", joined_scopes(token));
    return client_request(scheme, config, secrets, std::move(fields));
  }
  IEUM_TRY(std::string url, filled_url(token.token_url, config));
  IEUM_TRY(const std::string key, secret_of(secrets, scheme.slot));
  std::string audience = url;
  if (!token.audience.empty()) {
    IEUM_TRY(audience, fill_fields(token.audience, config));
  }
  IEUM_TRY(const std::string jwt, service_account_jwt(Secret(key), token.scopes, audience,
                                                      token.subject.empty() ? "" : config.text(token.subject), now_ms));
  return token_request(token, std::move(url),
                       {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", jwt}});
}

TokenAnswer read_tokens(const AuthScheme& scheme, const HttpResponse& answer) {
  const auto body = parse_json(answer.body);
  const bool readable = body.has_value() && body->is_map();
  const bool succeeded = answer.status >= 200 && answer.status <= 299;
  if (succeeded && readable && !body->text("access_token").empty()) {
    Tokens out;
    out.access = Secret(body->text("access_token"));
    if (std::string refresh = body->text("refresh_token"); !refresh.empty()) out.refresh = Secret(std::move(refresh));
    out.expires_for = seconds_of(body->get("expires_in"));
    if (out.expires_for == 0) out.expires_for.reset();  // Mailchimp's word for: it does not end
    out.refresh_expires_for = seconds_of(body->get("refresh_token_expires_in"));
    out.scope = cut(body->text("scope"));
    return out;
  }
  TokenFailure out;
  if (readable) std::tie(out.code, out.message) = told_error(*body);
  out.kind = kind_of(scheme, out.code, answer.status);
  if (out.code.empty()) out.code = succeeded ? "bad_answer" : "http_" + std::to_string(answer.status);
  if (out.message.empty())
    out.message = succeeded ? "the answer of the token endpoint holds no access_token"
                            : "the token endpoint answered HTTP " + std::to_string(answer.status);
  return out;
}

}  // namespace ieum::vault
