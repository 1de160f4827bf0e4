// RetryBudget: how many repeated calls one host gets while it fails: one for every five first ones, and one every ten seconds
// when nothing else goes. So a vendor that fails half the time is asked a fifth more, not twice as much. Pure.
#pragma once
#include <algorithm>

#include "base/clock.hpp"

namespace ieum::runtime {

class RetryBudget {
 public:
  void first_call() { saved_ = std::min(kSavedMax, saved_ + kShare); }
  // One goes without being asked: it is owed.
  void spend(Millis now) {
    saved_ = std::max(-kSavedMax, saved_ - 1);
    last_ms_ = now;
  }
  // Whether one may go now; then it is spent.
  bool take(Millis now) {
    if (last_ms_ == 0) last_ms_ = now;
    if (saved_ < 1 && now < last_ms_ + kTrickle) return false;
    spend(now);
    return true;
  }

 private:
  static constexpr double kShare = 0.2, kSavedMax = 20;
  static constexpr Millis kTrickle = 10 * kSecond;
  double saved_ = 0;
  Millis last_ms_ = 0;
};

}  // namespace ieum::runtime
