#include "sandbox/mailchimp_login.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"

namespace ieum::sandbox {
namespace {

constexpr std::size_t kGrantsMax = 1000;

HttpResponse refuse(int status, const char* error) { return json_response(status, Map{{"error", error}}); }

std::string field(const QueryPairs& form, std::string_view name) {
  for (const auto& [key, value] : form)
    if (key == name) return value;
  return {};
}

}  // namespace

std::string MailchimpLogin::issue(std::deque<Grant>& grants, const std::string& redirect) {
  std::string name = hex_encode(sha256("mailchimp " + std::to_string(++count_))).substr(0, 32);
  grants.push_back({name, redirect});
  if (grants.size() > kGrantsMax) grants.pop_front();
  return name;
}

bool MailchimpLogin::knows(const std::string& token) const {
  return std::any_of(tokens_.begin(), tokens_.end(), [&](const Grant& grant) { return grant.name == token; });
}

HttpResponse MailchimpLogin::answer(const Incoming& in) {
  if (in.segments[1] == "authorize" && in.is("GET")) return authorize(in);
  if (in.segments[1] == "token" && in.is("POST")) return token(in);
  if (in.segments[1] == "metadata" && in.is("GET")) return metadata(in);
  return refuse(404, "not_found");
}

HttpResponse MailchimpLogin::authorize(const Incoming& in) {
  const std::string redirect = in.parameter("redirect_uri");
  if (in.parameter("client_id") != kClientId || parse_url(redirect).has_error() ||
      in.parameter("response_type") != "code")
    return refuse(400, "invalid_request");
  QueryPairs back{{"state", in.parameter("state")}, {"code", issue(codes_, redirect)}};
  const char* join = redirect.find('?') == std::string::npos ? "?" : "&";
  return {302, {{"Location", redirect + join + form_encode(back)}}, ""};
}

HttpResponse MailchimpLogin::token(const Incoming& in) {
  const auto form = form_decode(in.http.body);
  if (!form || field(*form, "grant_type") != "authorization_code") return refuse(400, "invalid_grant");
  if (field(*form, "client_id") != kClientId || field(*form, "client_secret") != kClientSecret)
    return refuse(400, "invalid_client");
  const auto found = std::find_if(codes_.begin(), codes_.end(),
                                  [&](const Grant& grant) { return grant.name == field(*form, "code"); });
  if (found == codes_.end()) return refuse(400, "invalid_grant");
  const std::string redirect = found->redirect;
  codes_.erase(found);  // once, also when the rest is wrong
  if (redirect != field(*form, "redirect_uri")) return refuse(400, "redirect_uri_mismatch");
  return json_response(200, Map{{"access_token", issue(tokens_, "")}, {"expires_in", 0}, {"scope", Value()}});
}

HttpResponse MailchimpLogin::metadata(const Incoming& in) const {
  const std::string header = in.header("Authorization");
  if (!header.starts_with("OAuth ") || !knows(header.substr(6))) return refuse(401, "invalid_token");
  return json_response(200, Map{{"dc", "us21"},
                                {"role", "owner"},
                                {"accountname", "sandbox"},
                                {"login_url", "https://login.mailchimp.com"},
                                {"api_endpoint", "https://us21.api.mailchimp.com"}});
}

}  // namespace ieum::sandbox
