#include "runtime/breaker.hpp"

#include <algorithm>

namespace ieum::runtime {

Breaker::State Breaker::state(Millis now) const {
  if (open_until_ == 0) return State::closed;
  return now < open_until_ ? State::open : State::half_open;
}

bool Breaker::lets(Millis now) const {
  const auto is = state(now);
  return is == State::closed || (is == State::half_open && !probing_);
}

std::size_t Breaker::at_once(Millis now) const {
  switch (state(now)) {
    case State::closed: return at_once_;
    case State::half_open: return 1;
    case State::open: return 0;
  }
  return 0;
}

Breaker::Call Breaker::begin(Millis now) {
  const bool probe = state(now) == State::half_open && !probing_;
  probing_ = probing_ || probe;
  return {now, probe};
}

void Breaker::end(const Call& call, Outcome outcome, Millis now, double chance) {
  if (call.probe) probing_ = false;
  // What began before it opened says nothing about the host as it is now.
  if (outcome == Outcome::untold || (open_until_ != 0 && call.begun_ms < opened_ms_)) return;
  const bool good = outcome == Outcome::answered;
  note(good, now);
  if (good) {
    points_ = 0;
    failing_since_ = 0;
    if (open_until_ != 0) {
      open_until_ = 0;
      probing_ = false;
      at_once_ = std::min<std::size_t>(2, rules_.at_once_max);
      windows_ = {};
    } else if (at_once_ < rules_.at_once_max && ++at_once_ == rules_.at_once_max) {
      opened_times_ = 0;
    }
    return;
  }
  if (failing_since_ == 0) failing_since_ = now;
  if (open_until_ != 0) {
    if (call.probe) open(now, chance);
    return;
  }
  points_ += outcome == Outcome::unreachable ? 2 : 1;
  const auto recent = lately(now);
  if (points_ >= (rising() ? rules_.points_max_rising : rules_.points_max) ||
      (recent.calls >= rules_.calls_min && recent.failures * 100 >= recent.calls * rules_.share_max))
    open(now, chance);
}

void Breaker::open(Millis now, double chance) {
  Millis wait = rules_.open_first_for;
  for (int i = 0; i < opened_times_ && wait < rules_.open_max_for; ++i) wait *= 2;
  wait = std::min(wait, rules_.open_max_for);
  ++opened_times_;
  opened_ms_ = now;
  open_until_ = now + static_cast<Millis>(static_cast<double>(wait) * (0.8 + 0.4 * chance));
  at_once_ = 1;
  points_ = 0;
  windows_ = {};
}

bool Breaker::ails(Millis now) const {
  const auto recent = lately(now);
  return recent.calls >= 10 && recent.failures * 10 > recent.calls;
}

Breaker::Window Breaker::lately(Millis now) const {
  Window both;
  for (const auto& window : windows_) {
    if (window.from_ms + 2 * rules_.window_for <= now) continue;
    both.calls += window.calls;
    both.failures += window.failures;
  }
  return both;
}

void Breaker::note(bool good, Millis now) {
  if (windows_[0].from_ms + rules_.window_for <= now) {
    windows_[1] = windows_[0];
    windows_[0] = {now, 0, 0};
  }
  ++windows_[0].calls;
  windows_[0].failures += good ? 0 : 1;
}

}  // namespace ieum::runtime
