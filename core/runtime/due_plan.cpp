#include "runtime/due_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>

#include "base/limits.hpp"

namespace ieum::runtime {

std::vector<ChoreKey> DuePlan::take(Millis now) {
  std::vector<ChoreKey> begun;
  auto slow = static_cast<std::size_t>(std::count_if(
      under_way_.begin(), under_way_.end(), [this](const auto& one) { return slow_.contains(one.first.connection); }));
  while (under_way_.size() < kAtOnce) {
    const ChoreKey* next = nullptr;
    std::tuple<std::uint64_t, Millis> rank;
    for (const auto& [key, due] : due_) {
      if (due > now || busy_.contains(key.connection) || under_way_.contains(key)) continue;
      if (slow >= kSlowAtOnce && slow_.contains(key.connection)) continue;
      const auto served = served_.find(key.connection);
      const std::tuple<std::uint64_t, Millis> its{served == served_.end() ? 0 : served->second, due};
      if (next != nullptr && its >= rank) continue;
      next = &key;
      rank = its;
    }
    if (next == nullptr) break;
    under_way_.emplace(*next, now);
    slow += slow_.contains(next->connection) ? 1 : 0;
    busy_.insert(next->connection);
    served_[next->connection] = ++turns_;
    begun.push_back(*next);
  }
  return begun;
}

void DuePlan::ended(const ChoreKey& key, Millis now) {
  const auto ended = under_way_.find(key);
  if (ended == under_way_.end()) return;
  if (now - ended->second >= kSlowFor) {
    slow_.insert(key.connection);
  } else {
    slow_.erase(key.connection);
  }
  under_way_.erase(ended);
  busy_.erase(key.connection);
}

std::optional<Millis> DuePlan::next(Millis now) const {
  std::optional<Millis> earliest;
  for (const auto& [key, due] : due_) {
    if (due <= now || under_way_.contains(key)) continue;
    if (!earliest || due < *earliest) earliest = due;
  }
  return earliest;
}

Millis next_after_success(Millis now, Millis every_for, double unit) {
  return now + std::max<Millis>(1, static_cast<Millis>(static_cast<double>(every_for) * (0.9 + 0.2 * unit)));
}

Millis next_after_failure(Millis now, Millis every_for, int failures, std::optional<Millis> retry_after_for,
                          double unit) {
  const Millis first = std::clamp<Millis>(every_for, 10 * kSecond, kHour);
  Millis wait = first;
  for (int failure = 1; failure < failures && wait < kHour; ++failure) wait *= 2;
  return next_after_success(now, std::max(std::min(wait, kHour), retry_after_for.value_or(0)), unit) +
         (retry_after_for ? retry_after_for.value() / 10 : 0);
}

Millis next_after_crash(Millis now, Millis every_for, int failures, double unit) {
  return failures < limits::kPoisonTries ? next_after_failure(now, every_for, failures, {}, unit) : now + kDay;
}

}  // namespace ieum::runtime
