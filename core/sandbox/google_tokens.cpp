#include "sandbox/google_tokens.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "sandbox/google_key.hpp"
#include "vault/rs256.hpp"

namespace ieum::sandbox {

namespace {

constexpr Millis kTokenFor = 3599 * kSecond;
constexpr Millis kCodeFor = 10 * kMinute;
constexpr std::size_t kGrantsMax = 10'000;
constexpr const char* kUser = "user";

HttpResponse refuse(int status, const char* error, const char* description) {
  return json_response(status, Map{{"error", error}, {"error_description", description}});
}

std::string field(const QueryPairs& form, std::string_view name) {
  for (const auto& [key, value] : form)
    if (key == name) return value;
  return {};
}

// The claims of a JWT that the sandbox's service account has signed; what is wrong with any other.
struct Assertion {
  Value claims;
  const char* wrong = nullptr;
};

Assertion read_assertion(const std::string& text, Millis now) {
  const auto dot = text.rfind('.');
  const auto first = text.find('.');
  if (dot == std::string::npos || first == dot) return {{}, "Invalid JWT: Wrong number of segments."};
  const auto header = base64url_decode(std::string_view(text).substr(0, first));
  const auto claims = base64url_decode(std::string_view(text).substr(first + 1, dot - first - 1));
  const auto signature = base64url_decode(std::string_view(text).substr(dot + 1));
  const auto head = header ? parse_json(*header) : Result<Value>(Error());
  auto body = claims ? parse_json(*claims) : Result<Value>(Error());
  if (!head || !body || !signature) return {{}, "Invalid JWT: cannot be read."};
  if (head->text("alg") != "RS256") return {{}, "Invalid JWT: the algorithm must be RS256."};
  if (!vault::rs256_verify(google_private_key(), std::string_view(text).substr(0, dot), *signature))
    return {{}, "Invalid JWT Signature."};
  if (body->text("iss") != kGoogleServiceEmail) return {{}, "Invalid grant: account not found"};
  const std::int64_t from = body->number("iat"), until = body->number("exp"), second = now / kSecond;
  if (until <= second || from > second + 300 || until > from + 3600)
    return {{},
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat "
            "and exp values in the JWT claim."};
  return {std::move(*body), nullptr};
}

}  // namespace

GoogleTokens::GoogleTokens(const Credentials& credentials)
    : client_id_(credentials.google_client_id),
      client_secret_(credentials.google_client_secret),
      fixed_(credentials.google_access_token) {}

std::string GoogleTokens::issue(Grants& grants, std::string_view prefix, Grant grant) {
  std::string name =
      std::string(prefix) + base64url_encode(sha256(std::string(prefix) + std::to_string(++count_))).substr(0, 40);
  grants[name] = std::move(grant);
  order_.push_back(name);
  if (order_.size() > kGrantsMax) {
    for (Grants* all : {&access_, &refresh_, &codes_}) all->erase(order_.front());
    order_.pop_front();
  }
  return name;
}

HttpResponse GoogleTokens::authorize(const Incoming& in) {
  const std::string redirect = in.parameter("redirect_uri");
  if (in.parameter("client_id") != client_id_ || parse_url(redirect).has_error() ||
      in.parameter("response_type") != "code" || in.parameter("scope").empty())
    return {400,
            {{"Content-Type", "text/html; charset=utf-8"}},
            "<h1>Error 400</h1><p>client_id, redirect_uri, response_type=code and scope are wanted</p>"};
  const std::string code = issue(codes_, "4/0",
                                 {kUser, in.parameter("scope"), in.now + kCodeFor, redirect,
                                  in.parameter("code_challenge"), in.parameter("code_challenge_method", "plain")});
  QueryPairs back{{"code", code}, {"scope", in.parameter("scope")}};
  if (const std::string state = in.parameter("state"); !state.empty()) back.insert(back.begin(), {"state", state});
  const char* join = redirect.find('?') == std::string::npos ? "?" : "&";
  return {302, {{"Location", redirect + join + form_encode(back)}}, ""};
}

HttpResponse GoogleTokens::answer(const std::string& user, const std::string& scope, Millis now,
                                  const std::string& refresh) {
  Map body{{"access_token", issue(access_, "ya29.", {user, scope, now + kTokenFor, {}, {}, {}})},
           {"expires_in", kTokenFor / kSecond},
           {"scope", scope},
           {"token_type", "Bearer"}};
  if (!refresh.empty()) body.set("refresh_token", refresh);
  return json_response(200, std::move(body));
}

HttpResponse GoogleTokens::by_assertion(const std::string& assertion, Millis now) {
  const Assertion read = read_assertion(assertion, now);
  if (read.wrong != nullptr) return refuse(400, "invalid_grant", read.wrong);
  if (!read.claims.text("aud").ends_with("/token"))
    return refuse(400, "invalid_grant", "Invalid JWT: Failed audience check.");
  const std::string scope = read.claims.text("scope");
  if (scope.empty()) return refuse(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  return answer(kGoogleServiceEmail, scope, now, "");
}

bool GoogleTokens::client_known(const Incoming& in, const QueryPairs& form) const {
  const std::string header = in.header("Authorization");
  if (header.starts_with("Basic "))
    return base64_decode(std::string_view(header).substr(6)).value_or("") == client_id_ + ":" + client_secret_;
  return field(form, "client_id") == client_id_ && field(form, "client_secret") == client_secret_;
}

HttpResponse GoogleTokens::by_code(const Incoming& in, const QueryPairs& form) {
  const auto found = codes_.find(field(form, "code"));
  if (found == codes_.end() || found->second.until < in.now)
    return refuse(400, "invalid_grant", "Malformed auth code.");
  const Grant grant = found->second;
  codes_.erase(found);  // once, also when the rest is wrong
  if (grant.redirect != field(form, "redirect_uri")) return refuse(400, "redirect_uri_mismatch", "Bad Request");
  const std::string verifier = field(form, "code_verifier");
  const std::string challenge = grant.method == "S256" ? base64url_encode(sha256(verifier)) : verifier;
  if (!grant.challenge.empty() && grant.challenge != challenge)
    return refuse(400, "invalid_grant", "Invalid code verifier.");
  return answer(grant.user, grant.scope, in.now,
                issue(refresh_, "1//0", {grant.user, grant.scope, in.now + 3650 * kDay, {}, {}, {}}));
}

HttpResponse GoogleTokens::token(const Incoming& in) {
  const auto form = form_decode(in.http.body);
  if (!form) return refuse(400, "invalid_request", "the body must be a form");
  const std::string grant = field(*form, "grant_type");
  if (grant == "urn:ietf:params:oauth:grant-type:jwt-bearer") return by_assertion(field(*form, "assertion"), in.now);
  if (grant != "authorization_code" && grant != "refresh_token")
    return refuse(400, "unsupported_grant_type", ("Invalid grant_type: " + grant).c_str());
  if (!client_known(in, *form)) return refuse(401, "invalid_client", "The OAuth client was not found.");
  if (grant == "authorization_code") return by_code(in, *form);
  const auto found = refresh_.find(field(*form, "refresh_token"));
  if (found == refresh_.end()) return refuse(400, "invalid_grant", "Token has been expired or revoked.");
  return answer(found->second.user, found->second.scope, in.now, "");  // the old refresh token stays
}

std::string GoogleTokens::issue(const Scopes& scopes, Millis now) {
  return issue(access_, "ya29.", {kUser, scopes_text(scopes, ' '), now + kTokenFor, {}, {}, {}});
}

std::optional<GoogleTokens::Holder> GoogleTokens::holder_of(const Incoming& in) const {
  const std::string header = in.header("Authorization");
  if (!header.starts_with("Bearer ")) return std::nullopt;
  const std::string token = header.substr(7);
  if (constant_time_equal(token, fixed_)) return Holder{kUser, std::nullopt};
  if (const auto found = access_.find(token); found != access_.end()) {
    if (found->second.until <= in.now) return std::nullopt;
    return Holder{found->second.user, read_scopes(found->second.scope)};
  }
  if (!token.starts_with("ey")) return std::nullopt;
  const Assertion signed_by_itself = read_assertion(token, in.now);
  if (signed_by_itself.wrong != nullptr) return std::nullopt;
  const std::string scope = signed_by_itself.claims.text("scope");
  return Holder{kGoogleServiceEmail, scope.empty() ? std::nullopt : std::optional(read_scopes(scope))};
}

}  // namespace ieum::sandbox
