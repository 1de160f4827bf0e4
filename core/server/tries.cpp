#include "server/tries.hpp"

#include <algorithm>

namespace ieum::server {

void Tries::forget(Millis now) {
  while (!order_.empty() && (order_.front().first + kWithin <= now || order_.size() > kKeysMax)) {
    const auto found = by_key_.find(order_.front().second);
    found->second.pop_front();
    if (found->second.empty()) by_key_.erase(found);
    order_.pop_front();
  }
}

bool Tries::admit(std::initializer_list<std::string> keys, Millis now) {
  const std::lock_guard lock(mutex_);
  forget(now);
  const bool free = std::all_of(keys.begin(), keys.end(), [&](const std::string& key) {
    const auto found = by_key_.find(key);
    return found == by_key_.end() || found->second.size() < kMax;
  });
  if (!free) return false;
  for (const auto& key : keys) {
    by_key_[key].push_back(now);
    order_.emplace_back(now, key);
  }
  forget(now);
  return true;
}

std::size_t Tries::size() {
  const std::lock_guard lock(mutex_);
  return order_.size();
}

}  // namespace ieum::server
