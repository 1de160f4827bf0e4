// Logins: a person logs in at a vendor and comes back with a code. In memory: a login that a restart cuts off is begun again.
// Belongs to the engine.
//
// Each has a state that nobody can guess, used once, for ten minutes, for one connection; the code is redeemed with the
// verifier of that very login. Whoever waits for its end is told once.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/url.hpp"
#include "runtime/held.hpp"
#include "runtime/tokens.hpp"

namespace ieum::runtime {

class Logins {
 public:
  Logins(Context& context, Tokens& tokens, Held& held) : context_(context), tokens_(tokens), held_(held) {}

  // {"login", "url", "expires_at"}. Errors: "unknown_connection", "no_login" (its connector or settings use none),
  // "no_public_url", "too_many_logins", "missing_config", "missing_credential".
  Result<Value> begin(const std::string& connection);
  // The call-back's query. Told: the connection's name, or why not ("unknown_login", "login_refused", "bad_callback", ...).
  void finish(const QueryPairs& query, std::function<void(Result<std::string>)> done);
  // {"state": "waiting" | "done" | "failed", "problem"?} as soon as it is not waiting, or after that long. Error "unknown_login".
  void await(const std::string& login, Millis at_most_for, std::function<void(Result<Value>)> done);

 private:
  struct Login {
    Id connection = 0;
    std::string name, scheme, state, verifier, redirect;
    Millis expires_ms = 0;
    bool used = false, ended = false;
    std::string problem;
    std::vector<std::function<void()>> waiting;
  };
  void end(const std::string& login, const std::string& problem);
  void forget_old();
  // What the manifest asks after a login: its answers become fields of the connection.
  void learn(const Tokens::Connection& connection, const std::string& scheme, std::function<void(Status)> done);
  Value view(const Login& login) const;

  Context& context_;
  Tokens& tokens_;
  Held& held_;
  std::map<std::string, Login> logins_;
};

}  // namespace ieum::runtime
