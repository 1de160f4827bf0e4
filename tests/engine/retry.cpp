// Retries: doubling pauses with jitter, the budget's end, and what vendors ask for.
#include "engine/retry.hpp"

#include <boost/test/unit_test.hpp>

using namespace ieum;
using namespace ieum::engine;

namespace {

// Chance that always says the same.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(unsigned char byte) : byte_(byte) {}
  void fill(void* out, std::size_t size) override {
    for (std::size_t i = 0; i < size; ++i) static_cast<unsigned char*>(out)[i] = byte_;
  }

 private:
  unsigned char byte_;
};

constexpr Millis kStart = 1'772'409'600'000;
const recipe::Retry kPolicy{6 * kHour, 10 * kSecond, 30 * kMinute};

std::optional<Millis> pause(const recipe::Retry& policy, Attempt attempt, Random& random) {
  const auto due = next_attempt(policy, attempt, random);
  if (!due) return {};
  return *due - attempt.now_ms;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_retry)

BOOST_AUTO_TEST_CASE(RET_01_pauses_double_up_to_the_cap_within_their_jitter) {
  FixedRandom low(0x00), high(0xFF);
  const Millis expected[] = {10 * kSecond,  20 * kSecond,  40 * kSecond,   80 * kSecond, 160 * kSecond,
                             320 * kSecond, 640 * kSecond, 1280 * kSecond, 30 * kMinute, 30 * kMinute};
  for (int counted = 1; counted <= 10; ++counted) {
    const Attempt attempt{counted, kStart, kStart + kMinute, {}};
    const Millis middle = expected[counted - 1];
    BOOST_CHECK_EQUAL(pause(kPolicy, attempt, low).value(), middle * 8 / 10);
    const Millis longest = pause(kPolicy, attempt, high).value();
    BOOST_CHECK_LE(longest, middle * 12 / 10);
    BOOST_CHECK_GE(longest, middle * 12 / 10 - 1);
  }
}

BOOST_AUTO_TEST_CASE(chance_is_the_callers) {
  SeededRandom one(7), same(7), other(8);
  bool differs = false;
  for (int counted = 1; counted < 20; ++counted) {
    const Attempt attempt{counted, kStart, kStart, {}};
    const auto found = next_attempt(kPolicy, attempt, one);
    BOOST_CHECK(found == next_attempt(kPolicy, attempt, same));
    differs = differs || found != next_attempt(kPolicy, attempt, other);
  }
  BOOST_CHECK(differs);
}

BOOST_AUTO_TEST_CASE(RET_01_the_last_attempt_is_made_at_the_end_of_the_budget) {
  FixedRandom random(0x80);
  const Millis end = kStart + kPolicy.budget_for;
  BOOST_CHECK_EQUAL(next_attempt(kPolicy, {12, kStart, end - kMinute, {}}, random).value(), end);
  BOOST_CHECK(!next_attempt(kPolicy, {13, kStart, end, {}}, random));
  BOOST_CHECK(!next_attempt(kPolicy, {13, kStart, end + kDay, {}}, random));
}

BOOST_AUTO_TEST_CASE(a_budget_of_nothing_never_repeats) {
  FixedRandom random(0x80);
  BOOST_CHECK(!next_attempt({0, 10 * kSecond, 30 * kMinute}, {1, kStart, kStart, {}}, random));
}

BOOST_AUTO_TEST_CASE(RET_03_retry_after_is_a_lower_bound) {
  FixedRandom low(0x00), high(0xFF);
  BOOST_CHECK_EQUAL(pause(kPolicy, {1, kStart, kStart, 60 * kSecond}, low).value(), 60 * kSecond);
  BOOST_CHECK_EQUAL(pause(kPolicy, {1, kStart, kStart, 60 * kSecond}, high).value(), 60 * kSecond);
  // Shorter than our own pause: ours holds.
  BOOST_CHECK_EQUAL(pause(kPolicy, {1, kStart, kStart, 1 * kSecond}, low).value(), 8 * kSecond);
  // Never longer than a day, also where the budget would allow it.
  BOOST_CHECK_EQUAL(pause({75 * kHour, 10 * kSecond, 30 * kMinute}, {1, kStart, kStart, 90 * kDay}, low).value(), kDay);
  // Beyond the budget there is no attempt that the vendor allows.
  BOOST_CHECK(!next_attempt(kPolicy, {1, kStart, kStart, 7 * kHour}, low));
  BOOST_CHECK_EQUAL(next_attempt(kPolicy, {1, kStart, kStart, 6 * kHour}, low).value(), kStart + 6 * kHour);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_does_not_count_does_not_double_the_pause) {
  FixedRandom low(0x00);
  // Ten refusals by rate limit after one counted attempt: the caller leaves `counted` at 1.
  BOOST_CHECK_EQUAL(pause(kPolicy, {1, kStart, kStart + kHour, {}}, low).value(), 8 * kSecond);
  BOOST_CHECK_EQUAL(pause(kPolicy, {0, kStart, kStart, {}}, low).value(), 8 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_schedule_ends_and_only_moves_forward) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    Millis now = kStart;
    int attempts = 1;
    for (;; ++attempts) {
      const auto due = next_attempt(kPolicy, {attempts, kStart, now, {}}, random);
      if (!due) break;
      BOOST_REQUIRE_GT(*due, now);
      BOOST_REQUIRE_LE(*due, kStart + kPolicy.budget_for);
      now = *due;
      BOOST_REQUIRE_LT(attempts, 100);
    }
    BOOST_CHECK_EQUAL(now, kStart + kPolicy.budget_for);
  }
}

BOOST_AUTO_TEST_CASE(extreme_counts_and_policies_stay_in_range) {
  FixedRandom high(0xFF);
  const recipe::Retry slow{100 * 365 * kDay, kSecond, 50 * 365 * kDay};
  BOOST_CHECK_GT(pause(slow, {1'000'000, kStart, kStart, {}}, high).value(), 0);
  BOOST_CHECK_EQUAL(pause(kPolicy, {1, kStart, kStart, -5}, high).value(),
                    pause(kPolicy, {1, kStart, kStart, {}}, high).value());
}

BOOST_AUTO_TEST_SUITE_END()
