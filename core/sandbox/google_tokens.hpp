// Google's tokens: the authorize page (which agrees at once), the token endpoint with its three grants, and whose a token is.
// https://developers.google.com/identity/protocols/oauth2  Bounded: the last 10,000 tokens and codes. Private to sandbox.
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "sandbox/credentials.hpp"
#include "sandbox/incoming.hpp"
#include "sandbox/tokens.hpp"

namespace ieum::sandbox {

class GoogleTokens {
 public:
  explicit GoogleTokens(const Credentials& credentials);

  HttpResponse authorize(const Incoming& in);  // GET /o/oauth2/v2/auth
  HttpResponse token(const Incoming& in);      // POST /token
  // Whose the request is and what it may do, by its bearer token: the user's bearer token (the service account's address, or "user"); nothing when it is unknown or old.
  // A JWT that the service account signed for itself is a token too.
  struct Holder {
    std::string user;
    std::optional<Scopes> scopes;  // nothing: all
  };
  [[nodiscard]] std::optional<Holder> holder_of(const Incoming& in) const;
  std::string issue(const Scopes& scopes, Millis now);  // of the user, for an hour

 private:
  struct Grant {
    std::string user, scope;
    Millis until = 0;
    std::string redirect, challenge, method;  // of a code
  };
  using Grants = std::map<std::string, Grant>;
  std::string issue(Grants& grants, std::string_view prefix, Grant grant);
  HttpResponse answer(const std::string& user, const std::string& scope, Millis now, const std::string& refresh);
  HttpResponse by_assertion(const std::string& assertion, Millis now);
  HttpResponse by_code(const Incoming& in, const QueryPairs& form);
  [[nodiscard]] bool client_known(const Incoming& in, const QueryPairs& form) const;

  const std::string client_id_, client_secret_, fixed_;
  Grants access_, refresh_, codes_;
  std::deque<std::string> order_;
  std::int64_t count_ = 0;
};

}  // namespace ieum::sandbox
