// Arrivals: receive times of deliveries that are accepted (or about to be) and not yet routed. A timer that is due at an
// instant fires only when every delivery received up to that instant has been routed, parked or dead-lettered.
// Thread: any.
#pragma once
#include <mutex>
#include <optional>
#include <set>

#include "base/clock.hpp"

namespace ieum::runtime {

class Arrivals {
 public:
  void add(Millis received_ms) {
    std::lock_guard lock(mutex_);
    pending_.insert(received_ms);
  }
  void remove(Millis received_ms) {
    std::lock_guard lock(mutex_);
    if (auto found = pending_.find(received_ms); found != pending_.end()) pending_.erase(found);
  }
  [[nodiscard]] std::optional<Millis> earliest() const {
    std::lock_guard lock(mutex_);
    if (pending_.empty()) return std::nullopt;
    return *pending_.begin();
  }
  [[nodiscard]] std::size_t size() const {
    std::lock_guard lock(mutex_);
    return pending_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::multiset<Millis> pending_;
};

}  // namespace ieum::runtime
