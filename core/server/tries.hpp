// Tries: how often an account or an address may ask for a password to be hashed. Bounded: when too many are remembered at once, those
// longest ago are forgotten first, so that nobody is shut out by another's flood. [any-thread]
#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.hpp"

namespace ieum::server {

class Tries {
 public:
  static constexpr std::size_t kMax = 5;  // within kWithin
  static constexpr Millis kWithin = kMinute;
  static constexpr std::size_t kKeysMax = 100'000;

  // Counts a try for each key, and says whether all of them had some left. A try that is refused is not counted.
  bool admit(std::initializer_list<std::string> keys, Millis now);
  [[nodiscard]] std::size_t size();

 private:
  void forget(Millis now);
  std::mutex mutex_;
  std::map<std::string, std::deque<Millis>, std::less<>> by_key_;
  std::deque<std::pair<Millis, std::string>> order_;  // one entry a counted try, oldest first
};

}  // namespace ieum::server
