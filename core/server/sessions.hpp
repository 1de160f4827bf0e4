// Sessions: who is logged in to the console. A one-time code, made with the admin token, opens a session; the browser keeps
// the session's id in a cookie, the hub only its hash.
// In memory: a restart logs everybody out. All times are the hub's clock. Bounded: the oldest gives way. [any-thread]
#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/random.hpp"

namespace ieum::server {

class Sessions {
 public:
  static constexpr Millis kCodeFor = 5 * kMinute;
  static constexpr Millis kSessionFor = 12 * kHour;  // absolute
  static constexpr std::size_t kCodesMax = 16;
  static constexpr std::size_t kSessionsMax = 64;
  static constexpr std::size_t kWrongMax = 5;  // wrong codes within kWrongFor; then none is looked at
  static constexpr Millis kWrongFor = kMinute;

  Sessions(Clock& clock, Random& random) : clock_(clock), random_(random) {}

  struct Made {
    std::string text;  // 128 bits, base64url
    Millis expires_ms = 0;
  };
  // A login code. Whoever may ask for one has the token, so that wrong codes of others are forgotten.
  Made make_code();
  // Trades a code for a session id. Errors: "wrong_code" (unknown, used or too old), "too_many_tries".
  Result<Made> open(std::string_view code);
  [[nodiscard]] bool known(std::string_view id);
  void close(std::string_view id);
  // The operator moved a virtual clock: nobody's session ages by that.
  void clock_moved(Millis by);

 private:
  using Expiries = std::map<std::string, Millis>;  // SHA-256 of the text -> expires_ms
  Made make(Expiries& into, std::size_t max, Millis live_for);
  void forget_old();

  Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  Expiries codes_, sessions_;
  std::deque<Millis> wrong_;
};

}  // namespace ieum::server
