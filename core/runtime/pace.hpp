// Pace: how many deliveries of a public key are taken in a minute. Counts by the minute of the clock that it is told; nothing
// of it survives a restart. [any-thread]
#pragma once
#include <cstdint>
#include <map>
#include <mutex>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace ieum::runtime {

class Pace {
 public:
  // Counts one; false when the minute of `now` has had `rate` of them. A rate of 0 takes none.
  bool take(Id connection, std::int64_t rate, Millis now) {
    const std::lock_guard lock(mutex_);
    auto& minute = minutes_[connection];
    if (minute.number != now / kMinute) minute = {now / kMinute, 0};
    if (minute.taken >= rate) return false;
    ++minute.taken;
    return true;
  }

 private:
  struct Minute {
    std::int64_t number = -1, taken = 0;
  };
  std::mutex mutex_;
  std::map<Id, Minute> minutes_;
};

}  // namespace ieum::runtime
