#include "engine/retry.hpp"

#include <algorithm>

namespace ieum::engine {

std::optional<Millis> next_attempt(const recipe::Retry& policy, const Attempt& attempt, Random& random) {
  constexpr int kDoublingsMax = 40;  // 1 s * 2^40 is beyond every cap
  const Millis end = attempt.first_at_ms + policy.budget_for;
  if (attempt.now_ms >= end) return {};
  const int doublings = std::clamp(attempt.counted - 1, 0, kDoublingsMax);
  Millis pause = std::max<Millis>(policy.first_for, 1);
  for (int i = 0; i < doublings && pause < policy.cap_for; ++i) pause *= 2;
  pause = std::min(pause, policy.cap_for);
  pause = static_cast<Millis>(static_cast<double>(pause) * (0.8 + 0.4 * random.unit()));
  // The budget cuts our own pause, so that the last attempt is made at its end; it does not cut the vendor's.
  const Millis due = std::min(attempt.now_ms + pause, end);
  if (!attempt.retry_after_for) return due;
  const Millis allowed = attempt.now_ms + std::clamp<Millis>(*attempt.retry_after_for, 0, kDay);
  if (allowed > end) return {};
  return std::max(due, allowed);
}

}  // namespace ieum::engine
