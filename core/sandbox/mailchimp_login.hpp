// Mailchimp's login: the authorize page (which agrees at once), the token endpoint, and which data center an account is in.
// https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/ Its tokens do not end, and say "expires_in": 0.
// Bounded: the last 1,000 codes and tokens. Private to sandbox.
#pragma once
#include <deque>
#include <string>

#include "base/http.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

class MailchimpLogin {
 public:
  // The app by which a person logs in: it protects nothing.
  static constexpr const char* kClientId = "sandbox-client";
  static constexpr const char* kClientSecret = "sandbox-client-secret";

  static bool owns(const Incoming& in) { return in.segments.size() == 2 && in.segments[0] == "oauth2"; }
  HttpResponse answer(const Incoming& in);
  [[nodiscard]] bool knows(const std::string& token) const;

 private:
  struct Grant {
    std::string name, redirect;
  };
  HttpResponse authorize(const Incoming& in);
  HttpResponse token(const Incoming& in);
  [[nodiscard]] HttpResponse metadata(const Incoming& in) const;
  std::string issue(std::deque<Grant>& grants, const std::string& redirect);

  std::deque<Grant> codes_, tokens_;
  int count_ = 0;
};

}  // namespace ieum::sandbox
