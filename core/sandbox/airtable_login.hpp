// Airtable's OAuth: the page that agrees at once, always with PKCE, and the token endpoint. An access token lives an hour; a
// refresh token works once and brings the next one. Private to sandbox; one thread.
// https://airtable.com/developers/web/api/oauth-reference
#pragma once
#include <map>
#include <string>

#include "sandbox/credentials.hpp"
#include "sandbox/incoming.hpp"
#include "sandbox/tokens.hpp"

namespace ieum::sandbox {

class AirtableLogin {
 public:
  explicit AirtableLogin(const Credentials& credentials);

  static bool owns(const Incoming& in);    // /oauth2/v1/authorize and /oauth2/v1/token
  HttpResponse visit(const Incoming& in);  // such a path
  std::string issue(Scopes scopes);        // a token that does not grow old
  // What the token may do; null when it is unknown or old.
  [[nodiscard]] const Scopes* find(std::string_view token, Millis now) const { return access_.find(token, now); }

 private:
  struct Code {
    Scopes scopes;
    std::string redirect, challenge;
    Millis until = 0;
  };
  HttpResponse authorize(const Incoming& in);
  HttpResponse token(const Incoming& in);
  HttpResponse answer(Scopes scopes, Millis now);

  const std::string client_id_, client_secret_;
  std::map<std::string, Code> codes_;
  Tokens access_, refresh_;
  std::size_t made_ = 0;
};

}  // namespace ieum::sandbox
