// Tokens: gets the tokens that a connection's scheme of auth needs, before they are needed, and keeps them. Belongs to the
// engine.
//
// One request for a connection and scheme is under way at a time; whoever else wants its token waits for that one. A new
// token, and a new refresh token with it, is committed before anybody uses it. After a crash between a vendor's answer and
// that commit the old refresh token is tried again; a vendor that spent it already says so, and then the connection is dead
// until a person logs in: its steps are held, none fails. A token belongs to the addresses that the connection had when it was
// asked for: one that comes after they were changed is dropped.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/context.hpp"
#include "vault/oauth.hpp"

namespace ieum::runtime {

class Tokens {
 public:
  using Connection = std::shared_ptr<const LiveConnection>;
  // The connection as it is in force now, its token in place; or why there is none: retry, or auth_dead (the connection
  // has been marked as dead then).
  using Got = std::variant<Connection, host::FailEffect>;
  using Done = std::function<void(Got)>;

  explicit Tokens(Context& context) : context_(context) {}

  // A token that is good for another minute. `done` is called once, perhaps inside this call. A scheme that fetches no
  // tokens gives the connection as it is.
  void fresh(Connection connection, const std::string& scheme, Done done);
  // The vendor refused the token that `connection` shows: another one. When there is a newer one already, that one.
  void renew(const Connection& connection, const std::string& scheme, Done done);
  // Tokens of a login, or why there are none: commits them and answers as fresh() does.
  void take(const Connection& connection, const vault::AuthScheme& scheme, vault::TokenAnswer answer, Done done);
  // Sends a request to a token endpoint; the answer on the engine.
  void ask(const Connection& connection, HttpRequest request, std::function<void(net::CallResult)> done);

  // Renews what lies unused for half a day, so that a dead token shows before it hurts.
  void look_after();
  [[nodiscard]] bool idle() const { return under_way_.empty(); }

 private:
  using Key = std::pair<Id, std::string>;
  [[nodiscard]] Connection current(const Connection& connection) const;
  void request(const Connection& connection, const vault::AuthScheme& scheme, Done done);
  void answered(const Key& key, const Connection& asked, net::CallResult result);
  void keep(const Connection& connection, const vault::AuthScheme& scheme, vault::Tokens tokens,
            std::function<void(Got)> done);
  void finish(const Key& key, const Got& got);
  [[nodiscard]] host::FailEffect failure(const Connection& connection, const vault::TokenFailure& told);
  host::FailEffect died(const Connection& connection, const std::string& code, const std::string& problem);

  Context& context_;
  std::map<Key, std::vector<Done>> under_way_;
};

}  // namespace ieum::runtime
