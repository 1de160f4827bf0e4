#include "sandbox/airtable_login.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum::sandbox {

namespace {

constexpr Millis kAccessFor = kHour, kRefreshFor = 60 * kDay, kCodeFor = 5 * kMinute;
constexpr std::size_t kCodesMax = 1'000;

std::string field(const QueryPairs& form, std::string_view name) {
  for (const auto& [key, value] : form)
    if (key == name) return value;
  return {};
}

HttpResponse refuse(int status, const char* error, const char* description) {
  return json_response(status, Map{{"error", error}, {"error_description", description}});
}

}  // namespace

AirtableLogin::AirtableLogin(const Credentials& credentials)
    : client_id_(credentials.airtable_client_id), client_secret_(credentials.airtable_client_secret) {}

bool AirtableLogin::owns(const Incoming& in) {
  return in.path == "/oauth2/v1/authorize" || in.path == "/oauth2/v1/token";
}

HttpResponse AirtableLogin::visit(const Incoming& in) {
  const bool asks = in.path == "/oauth2/v1/authorize";
  if (!in.is(asks ? "GET" : "POST")) return refuse(405, "invalid_request", "wrong method");
  return asks ? authorize(in) : token(in);
}

std::string AirtableLogin::issue(Scopes scopes) { return access_.issue("oaa", std::move(scopes)); }

HttpResponse AirtableLogin::authorize(const Incoming& in) {
  const std::string redirect = in.parameter("redirect_uri"), state = in.parameter("state");
  const bool fits = in.parameter("client_id") == client_id_ && parse_url(redirect).has_value() &&
                    in.parameter("response_type") == "code" && !in.parameter("scope").empty() && !state.empty() &&
                    !in.parameter("code_challenge").empty() && in.parameter("code_challenge_method") == "S256";
  if (!fits)
    return {400,
            {{"Content-Type", "text/html; charset=utf-8"}},
            "<h1>Error 400</h1><p>client_id, redirect_uri, response_type=code, scope, state, code_challenge and "
            "code_challenge_method=S256 are wanted</p>"};
  if (codes_.size() >= kCodesMax) codes_.clear();
  const std::string code = hex_encode(sha256("airtable code " + std::to_string(++made_))).substr(0, 40);
  codes_[code] = {read_scopes(in.parameter("scope")), redirect, in.parameter("code_challenge"), in.now + kCodeFor};
  const QueryPairs back{{"code", code},
                        {"state", state},
                        {"code_challenge", in.parameter("code_challenge")},
                        {"code_challenge_method", "S256"}};
  const char* join = redirect.find('?') == std::string::npos ? "?" : "&";
  return {302, {{"Location", redirect + join + form_encode(back)}}, ""};
}

HttpResponse AirtableLogin::answer(Scopes scopes, Millis now) {
  const std::string text = scopes_text(scopes, ' ');
  const std::string refresh = refresh_.issue("oar", scopes, now + kRefreshFor);
  return json_response(200, Map{{"access_token", access_.issue("oaa", std::move(scopes), now + kAccessFor)},
                                {"token_type", "Bearer"},
                                {"refresh_token", refresh},
                                {"expires_in", kAccessFor / kSecond},
                                {"refresh_expires_in", kRefreshFor / kSecond},
                                {"scope", text}});
}

HttpResponse AirtableLogin::token(const Incoming& in) {
  const auto form = form_decode(in.http.body);
  if (!form) return refuse(400, "invalid_request", "the body must be a form");
  // The client of an app with a secret proves itself in the header.
  if (in.header("Authorization") != "Basic " + base64_encode(client_id_ + ":" + client_secret_))
    return refuse(401, "invalid_client", "Client authentication failed");
  const std::string grant = field(*form, "grant_type");
  if (grant == "refresh_token") {
    const std::string old = field(*form, "refresh_token");
    const Scopes* known = refresh_.find(old, in.now);
    if (known == nullptr) return refuse(400, "invalid_grant", "Refresh token is invalid, expired or used already");
    Scopes scopes = *known;
    refresh_.revoke(old);
    return answer(std::move(scopes), in.now);
  }
  if (grant != "authorization_code") return refuse(400, "unsupported_grant_type", "Invalid grant_type");
  const auto found = codes_.find(field(*form, "code"));
  if (found == codes_.end()) return refuse(400, "invalid_grant", "Authorization code is invalid");
  const Code code = found->second;
  codes_.erase(found);  // once, also when the rest is wrong
  if (code.until < in.now || code.redirect != field(*form, "redirect_uri") ||
      code.challenge != base64url_encode(sha256(field(*form, "code_verifier"))))
    return refuse(400, "invalid_grant", "Authorization code, redirect_uri and code_verifier do not belong together");
  return answer(code.scopes, in.now);
}

}  // namespace ieum::sandbox
