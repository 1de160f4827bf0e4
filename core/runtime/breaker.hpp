// Breaker: the circuit of one host, a state machine. Pure: outcomes and times come in, permissions go out; no clock is read.
//
// Closed: calls go. It opens when calls fail one after the other (what does not answer counts twice as much as what answers
// with a 5xx), or when most of many calls fail. Open: nothing goes for a while, twice as long each time. Half open: one call at a
// time tries; when it is answered the circuit closes, and with each further answer one call more may be under way at once.
#pragma once
#include <array>
#include <cstddef>

#include "base/clock.hpp"

namespace ieum::runtime {

class Breaker {
 public:
  enum class State { closed, open, half_open };
  enum class Outcome {
    answered,     // whatever it says, but for a 5xx
    failed,       // a 5xx
    unreachable,  // no connection, or no whole answer in time
    untold,       // not sent, or not the host's doing
  };
  struct Rules {
    int points_max = 10;  // of failures in a row: 1 for a 5xx, 2 for what does not answer
    int points_max_rising = 4;
    std::size_t calls_min = 20;  // of which `share_max` percent failed within one or two windows
    std::size_t share_max = 70;
    Millis window_for = 30 * kSecond;
    Millis open_first_for = 5 * kSecond;
    Millis open_max_for = 5 * kMinute;
    std::size_t at_once_max = 8;
  };
  // What a call remembers until it ends.
  struct Call {
    Millis begun_ms = 0;
    bool probe = false;
  };

  Breaker() = default;
  explicit Breaker(Rules rules) : rules_(rules), at_once_(rules.at_once_max) {}

  [[nodiscard]] State state(Millis now) const;
  // Whether a call may begin, as far as the host's health goes.
  [[nodiscard]] bool lets(Millis now) const;
  // How many calls may be under way at once.
  [[nodiscard]] std::size_t at_once(Millis now) const;
  // One begins, whether it was let or not (a test by a person is not asked about).
  Call begin(Millis now);
  // `chance`: 0 to 1, spreads the end of the open time.
  void end(const Call& call, Outcome outcome, Millis now, double chance);

  [[nodiscard]] Millis open_until() const { return open_until_; }  // 0: closed
  // The first failure since the last answer; 0 when there is none.
  [[nodiscard]] Millis failing_since() const { return failing_since_; }
  // What a former process knew.
  void failed_since(Millis since) { failing_since_ = since; }
  // Whether more than every tenth call of late failed, of ten at least.
  [[nodiscard]] bool ails(Millis now) const;
  // Whether fewer calls at once are let than usual, because it was down a moment ago.
  [[nodiscard]] bool rising() const { return open_until_ == 0 && at_once_ < rules_.at_once_max; }

 private:
  struct Window {
    Millis from_ms = 0;
    std::size_t calls = 0, failures = 0;
  };
  [[nodiscard]] Window lately(Millis now) const;
  void note(bool good, Millis now);
  void open(Millis now, double chance);

  Rules rules_;
  std::size_t at_once_ = Rules{}.at_once_max;
  std::array<Window, 2> windows_;  // the present one and the one before
  int points_ = 0;
  int opened_times_ = 0;  // since it was last well
  Millis opened_ms_ = 0, open_until_ = 0, failing_since_ = 0;
  bool probing_ = false;
};

}  // namespace ieum::runtime
