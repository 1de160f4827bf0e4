// Tokens: access tokens that may do less than all, as POST /_sandbox/tokens and the vendors' own logins issue them.
// Bounded: the newest 10,000. Private to sandbox; one thread.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace ieum::sandbox {

using Scopes = std::set<std::string, std::less<>>;

// "a b,c" is a, b and c.
Scopes read_scopes(std::string_view text);
// In the order of their names.
std::string scopes_text(const Scopes& scopes, char separator);

class Tokens {
 public:
  // A new token that begins with `prefix`. until: when it grows old; 0 never.
  std::string issue(std::string_view prefix, Scopes scopes, Millis until = 0);
  // What the token may do; null when it is unknown or old.
  [[nodiscard]] const Scopes* find(std::string_view token, Millis now) const;
  void revoke(std::string_view token);

 private:
  struct Token {
    Scopes scopes;
    Millis until = 0;
  };
  std::map<std::string, Token, std::less<>> tokens_;
  std::deque<std::string> order_;  // oldest first
  std::size_t made_ = 0;
};

}  // namespace ieum::sandbox
