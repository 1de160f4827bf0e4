// Retry: when a failed attempt is made again. Pure; jitter comes from the caller's Random.
#pragma once
#include <optional>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "recipe/model.hpp"

namespace ieum::engine {

struct Attempt {
  int counted = 0;         // attempts that counted so far, this one included; a 429 does not count
  Millis first_at_ms = 0;  // the first of them, or the first since the step was held
  Millis now_ms = 0;
  std::optional<Millis> retry_after_for;  // from the vendor; honoured, never cut short by jitter
};

// When to try again; nothing when the budget is used up. Pause: first * 2^(counted-1), at most cap, +-20 % jitter, and
// at least retry_after_for. A pause that would end after the budget is cut to the budget's end once, then refused.
std::optional<Millis> next_attempt(const recipe::Retry& policy, const Attempt& attempt, Random& random);

}  // namespace ieum::engine
