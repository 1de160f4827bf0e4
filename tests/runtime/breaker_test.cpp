// Breaker and RetryBudget: when a host is called no more, how it is tried again, and how often a call may be repeated.
#include <boost/test/unit_test.hpp>
#include <vector>

#include "base/random.hpp"
#include "runtime/breaker.hpp"
#include "runtime/retry_budget.hpp"

using namespace ieum;
using runtime::Breaker;
using State = Breaker::State;
using Outcome = Breaker::Outcome;

namespace {

// One call that begins now and ends after `takes`.
void one(Breaker& breaker, Millis& now, Outcome outcome, Millis takes = 0) {
  const auto call = breaker.begin(now);
  now += takes;
  breaker.end(call, outcome, now, 0.5);
}

Breaker opened(Millis& now) {
  Breaker breaker;
  for (int i = 0; i < 5; ++i) one(breaker, now, Outcome::unreachable);
  BOOST_REQUIRE((breaker.state(now) == State::open));
  return breaker;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(breaker)

BOOST_AUTO_TEST_CASE(what_does_not_answer_opens_it_sooner_than_what_answers_badly) {
  for (const auto& [outcome, calls] : {std::pair{Outcome::unreachable, 5}, std::pair{Outcome::failed, 10}}) {
    Breaker breaker;
    Millis now = kDay;
    for (int i = 0; i < calls; ++i) {
      BOOST_TEST((breaker.state(now) == State::closed));
      one(breaker, now, outcome);
    }
    BOOST_TEST((breaker.state(now) == State::open));
    BOOST_TEST(!breaker.lets(now));
    BOOST_TEST(breaker.failing_since() == kDay);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_begins_the_count_anew_and_what_was_not_sent_counts_nothing) {
  Breaker breaker;
  Millis now = kDay;
  for (int i = 0; i < 15; ++i) {
    one(breaker, now, i % 5 < 2 ? Outcome::unreachable : i % 5 == 2 ? Outcome::untold : Outcome::answered);
    now += kMinute;
  }
  BOOST_TEST((breaker.state(now) == State::closed));
  BOOST_TEST(breaker.failing_since() == 0);
}

BOOST_AUTO_TEST_CASE(it_opens_when_most_of_many_calls_fail_although_some_are_answered) {
  Breaker breaker;
  Millis now = kDay;
  int calls = 0;
  for (; calls < 100 && breaker.state(now) == State::closed; ++calls, now += 100)
    one(breaker, now, calls % 5 == 4 ? Outcome::answered : Outcome::failed);
  BOOST_TEST(calls == 21);  // four of five failed, and it is judged when one does
  Breaker half;
  for (calls = 0; calls < 1'000; ++calls, now += 100) one(half, now, calls % 2 ? Outcome::answered : Outcome::failed);
  BOOST_TEST((half.state(now) == State::closed));
  BOOST_TEST(half.ails(now));
  for (calls = 0; calls < 1'000; ++calls, now += 100) one(half, now, Outcome::answered);
  BOOST_TEST(!half.ails(now));
}

BOOST_AUTO_TEST_CASE(one_at_a_time_tries_an_open_one_and_each_failure_makes_the_next_try_later) {
  Millis now = kDay;
  auto breaker = opened(now);
  std::vector<Millis> waits;
  for (int round = 0; round < 12; ++round) {
    waits.push_back(breaker.open_until() - now);
    now = breaker.open_until() - 1;
    BOOST_TEST(!breaker.lets(now));
    ++now;
    BOOST_REQUIRE(breaker.lets(now));
    const auto probe = breaker.begin(now);
    BOOST_TEST(probe.probe);
    BOOST_TEST(!breaker.lets(now));
    now += 30 * kSecond;
    BOOST_TEST(!breaker.lets(now));  // as long as it takes
    breaker.end(probe, Outcome::unreachable, now, 0.5);
  }
  BOOST_TEST(waits.front() == 5 * kSecond);
  BOOST_TEST(waits[1] == 10 * kSecond);
  BOOST_TEST(waits.back() == 5 * kMinute);
}

BOOST_AUTO_TEST_CASE(a_probe_that_was_not_sent_lets_the_next_one_try) {
  Millis now = kDay;
  auto breaker = opened(now);
  now = breaker.open_until();
  breaker.end(breaker.begin(now), Outcome::untold, now, 0.5);
  BOOST_TEST(breaker.lets(now));
  BOOST_TEST((breaker.state(now) == State::half_open));
}

BOOST_AUTO_TEST_CASE(calls_of_before_say_nothing_about_it_and_a_test_by_a_person_does) {
  Millis now = kDay;
  Breaker breaker;
  const auto early = breaker.begin(now);
  now += kSecond;
  for (int i = 0; i < 5; ++i) one(breaker, now, Outcome::unreachable);
  breaker.end(early, Outcome::answered, now, 0.5);
  BOOST_TEST((breaker.state(now) == State::open));
  one(breaker, now, Outcome::answered);
  BOOST_TEST((breaker.state(now) == State::closed));
}

BOOST_AUTO_TEST_CASE(RET_08_after_its_return_calls_rise_one_by_one_and_a_relapse_is_seen_at_once) {
  Millis now = kDay;
  auto breaker = opened(now);
  now = breaker.open_until();
  std::vector<std::size_t> at_once;
  for (int i = 0; i < 10; ++i) {
    one(breaker, now, Outcome::answered);
    at_once.push_back(breaker.at_once(now));
  }
  const std::vector<std::size_t> rising{2, 3, 4, 5, 6, 7, 8, 8, 8, 8};
  BOOST_TEST(at_once == rising, boost::test_tools::per_element());
  now += kHour;
  auto again = opened(now);
  now = again.open_until();
  one(again, now, Outcome::answered);
  one(again, now, Outcome::unreachable);
  BOOST_TEST((again.state(now) == State::closed));
  one(again, now, Outcome::unreachable);
  BOOST_TEST((again.state(now) == State::open));
  BOOST_TEST(again.open_until() - now == 10 * kSecond);  // not as if it had been well
}

BOOST_AUTO_TEST_CASE(RET_09_while_half_of_the_calls_fail_a_fifth_more_is_made_and_no_storm) {
  SeededRandom random(11);
  runtime::RetryBudget budget;
  std::int64_t first = 0, extra = 0, wanted = 0;
  for (Millis now = kDay; now < kDay + kHour; now += 100) {
    ++first;
    budget.first_call();
    if (random.unit() < 0.5) ++wanted;
    while (wanted > 0 && budget.take(now)) {
      --wanted;
      ++extra;
      if (random.unit() < 0.5) ++wanted;
    }
  }
  BOOST_TEST(extra * 5 <= first);
  BOOST_TEST(extra * 6 >= first);  // and it is used
}

BOOST_AUTO_TEST_CASE(RET_09_without_first_calls_a_repeated_one_still_goes_now_and_then) {
  runtime::RetryBudget budget;
  int extra = 0;
  for (Millis now = kDay; now < kDay + kHour; now += kSecond) extra += budget.take(now) ? 1 : 0;
  BOOST_TEST(extra == 359);
}

BOOST_AUTO_TEST_SUITE_END()
