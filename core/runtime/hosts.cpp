#include "runtime/hosts.hpp"

#include <algorithm>
#include <utility>

namespace ieum::runtime {
namespace {

constexpr Millis kSlotLeast = 100, kSlotMost = 30 * kSecond;  // between two runs that come back
constexpr Millis kSlotsFor = kHour;                           // no run comes back later than that
constexpr Millis kAgain = kSecond;
constexpr Millis kForgottenAfter = kHour;
constexpr std::size_t kWokenAtOnce = 2;

}  // namespace

std::string_view origin_in(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return url.substr(0, url.find_first_of("/?#"));
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

void Hosts::enter(const Asks& asks, Millis now, Work work) {
  std::optional<Entry> entry;
  {
    const std::lock_guard lock(mutex_);
    entry = judge(asks, now, work);
  }
  if (entry) work(*entry);
}

std::optional<Hosts::Entry> Hosts::judge(const Asks& asks, Millis now, Work& work) {
  auto known = hosts_.find(asks.origin);
  if (known == hosts_.end()) {
    if (hosts_.size() + accounts_.size() >= sweep_at_) forget_idle(now);
    known = hosts_.try_emplace(std::string(asks.origin)).first;
  }
  auto whose = accounts_.find(asks.account);
  if (whose == accounts_.end()) whose = accounts_.try_emplace(std::string(asks.account)).first;
  auto& host = known->second;
  auto& account = whose->second;
  host.last_ms = account.last_ms = now;
  account.cap = asks.account_cap;
  const auto& caller = asks.caller;
  if (!host.away.empty()) host.away.erase(caller.run);
  if (caller.insists) return take(host, account, now);
  if (!host.breaker.lets(now)) {
    if (caller.can_leave) return send_away(host, asks, Why::down, now);
    return Away{std::max(host.breaker.open_until(), now + kAgain), Why::down};
  }
  if (!caller.repeats) {
    host.repeats.first_call();
  } else if (caller.can_leave && host.breaker.ails(now)) {
    if (!host.repeats.take(now)) return send_away(host, asks, Why::repeats, now);
  } else if (host.breaker.failing_since() != 0 || host.breaker.rising()) {
    host.repeats.spend(now);
  }
  if (has_room(host, account, now)) return take(host, account, now);
  const bool well = host.breaker.failing_since() == 0 && !host.breaker.rising();
  const std::size_t most = std::max(well ? kWaitingWellMax : kWaitingMax, 8 * asks.account_cap);
  const bool full = host.waiting.size() >= most || host.waiting_bytes + asks.bytes > kWaitingBytesMax;
  if (full && caller.can_leave && !host.waiting.empty()) return send_away(host, asks, Why::busy, now);
  Waiting waiting{asks, &account, std::move(work)};
  waiting.asks.origin = waiting.asks.account = {};
  host.waiting_bytes += asks.bytes;
  ++account.waits_at[&host];
  host.waiting.push({&account, caller.recipe}, std::move(waiting));
  if (host.waiting.size() == kCrowd) crowds_.insert(&host);
  return std::nullopt;
}

bool Hosts::has_room(const Host& host, const Account& account, Millis now) {
  if (account.under_way >= account.cap) return false;
  // What tries it goes beside those that began before it opened.
  if (host.breaker.state(now) == Breaker::State::half_open) return host.breaker.lets(now);
  const std::size_t lets = host.breaker.at_once(now);
  return host.under_way < (host.breaker.rising() ? lets : std::max(lets, account.cap));
}

Hosts::Pass Hosts::take(Host& host, Account& account, Millis now) {
  ++host.under_way;
  ++account.under_way;
  return {&host, &account, host.breaker.begin(now)};
}

Hosts::Away Hosts::send_away(Host& host, const Asks& asks, Why why, Millis now) {
  Millis from = now + kAgain;
  Millis gap = kSecond;
  if (why == Why::down) {
    from = std::max(host.breaker.open_until(), from);
    gap = (now - host.breaker.failing_since()) / 100;
  } else if (why == Why::busy) {
    gap = static_cast<Millis>(host.call_ms) / static_cast<Millis>(std::max<std::size_t>(asks.account_cap, 1));
  }
  Millis slot = std::max(from, host.next_slot_ms);
  if (slot > now + kSlotsFor) slot = from;
  host.next_slot_ms = slot + std::clamp(gap, kSlotLeast, kSlotMost);
  return {slot, why};
}

bool Hosts::sleeps(std::string_view origin, Id run, Millis now) {
  const std::lock_guard lock(mutex_);
  const auto known = hosts_.find(origin);
  if (known == hosts_.end()) return false;
  auto& host = known->second;
  if (host.away.size() < kAwayMax) host.away.insert(run);
  return host.breaker.open_until() == 0 && lets_more(host, host.under_way, now);
}

std::optional<Id> Hosts::call_back(std::string_view origin) {
  const std::lock_guard lock(mutex_);
  const auto known = hosts_.find(origin);
  if (known == hosts_.end() || known->second.away.empty()) return std::nullopt;
  auto& away = known->second.away;
  return away.extract(away.begin()).value();
}

// Whether it takes one call more than what waits and what comes anyway.
bool Hosts::lets_more(const Host& host, std::size_t coming, Millis now) {
  if (host.waiting_bytes > kWaitingBytesMax / 2) return false;
  return !host.breaker.ails(now) && host.waiting.size() + coming < host.breaker.at_once(now);
}

bool Hosts::crowded(Millis now) const {
  const std::lock_guard lock(mutex_);
  if (!is_crowded(now)) {
    crowded_since_.reset();
    return false;
  }
  if (!crowded_since_ || *crowded_since_ > now) crowded_since_ = now;
  return (now - *crowded_since_) / kPauseMost % 2 == 0;
}

bool Hosts::is_crowded(Millis now) const {
  return std::any_of(crowds_.begin(), crowds_.end(), [&](const Host* host) {
    const auto at_once = static_cast<double>(std::max<std::size_t>(host->under_way, 1));
    return host->answered_ms + kQuick > now &&
           host->call_ms * static_cast<double>(kCrowd) / at_once <= static_cast<double>(kQuick);
  });
}

Hosts::Left Hosts::leave(const Pass& pass, Breaker::Outcome outcome, Millis came, Millis now, Random& random) {
  Left left;
  if (pass.host == nullptr) return left;
  const std::lock_guard lock(mutex_);
  auto& host = *pass.host;
  auto& breaker = host.breaker;
  --host.under_way;
  --pass.account->under_way;
  const bool good = outcome == Breaker::Outcome::answered;
  const bool had_crowds = !crowds_.empty();
  if (good) {
    host.call_ms = 0.8 * host.call_ms + 0.2 * static_cast<double>(came - pass.call.begun_ms);
    host.answered_ms = now;
  }
  breaker.end(pass.call, outcome, now, good ? 0 : random.unit());
  const Millis since = breaker.failing_since();
  if (const bool fails = since != 0 && (host.noticed || since + kNoticedAfter <= now); fails != host.noticed) {
    host.noticed = fails;
    left.news = fails ? Left::News::fails : Left::News::answers;
  }
  if (breaker.open_until() != 0) {
    flush(host, now, left);
  } else {
    begin_waiting(host, now, left);
    const std::size_t most = good ? std::min(kWokenAtOnce, host.away.size()) : 0;
    while (left.call_back < most && lets_more(host, left.call_back, now)) ++left.call_back;
  }
  // What its account lets begin may wait for another host.
  const auto elsewhere = pass.account->waits_at;
  for (const auto& [other, count] : elsewhere)
    if (other != &host) begin_waiting(*other, now, left);
  left.eased = had_crowds && !is_crowded(now);
  return left;
}

void Hosts::begin_waiting(Host& host, Millis now, Left& left) {
  if (host.waiting.empty()) return;
  const auto may = [&](const HostTurn& turn) {
    return has_room(host, *static_cast<const Account*>(turn.account), now);
  };
  while (auto waiting = host.waiting.pop(may)) {
    forget_wait(host, *waiting);
    left.begin.emplace_back(
        [work = std::move(waiting->work), pass = take(host, *waiting->account, now)] { work(pass); });
  }
}

// Its circuit is open: nothing waits here any more.
void Hosts::flush(Host& host, Millis now, Left& left) {
  while (auto waiting = host.waiting.pop()) {
    forget_wait(host, *waiting);
    const Away away = waiting->asks.caller.can_leave
                          ? send_away(host, waiting->asks, Why::down, now)
                          : Away{std::max(host.breaker.open_until(), now + kAgain), Why::down};
    left.begin.emplace_back([work = std::move(waiting->work), away] { work(away); });
  }
}

void Hosts::forget_wait(Host& host, const Waiting& waiting) {
  host.waiting_bytes -= waiting.asks.bytes;
  const auto at = waiting.account->waits_at.find(&host);
  if (--at->second == 0) waiting.account->waits_at.erase(at);
  if (host.waiting.size() < kCrowd / 2) crowds_.erase(&host);
}

std::vector<std::function<void()>> Hosts::drain() {
  const std::lock_guard lock(mutex_);
  std::vector<std::function<void()>> all;
  for (auto& [origin, host] : hosts_) {
    while (auto waiting = host.waiting.pop()) {
      forget_wait(host, *waiting);
      all.emplace_back([work = std::move(waiting->work), pass = take(host, *waiting->account, 0)] { work(pass); });
    }
  }
  return all;
}

bool Hosts::down(std::string_view origin, Millis now) const {
  const std::lock_guard lock(mutex_);
  const auto known = hosts_.find(origin);
  return known != hosts_.end() && !known->second.breaker.lets(now);
}

std::size_t Hosts::known() const {
  const std::lock_guard lock(mutex_);
  return hosts_.size();
}

void Hosts::forget_idle(Millis now) {
  std::erase_if(hosts_, [&](const auto& one) {
    const Host& host = one.second;
    if (host.under_way != 0 || !host.waiting.empty()) return false;
    const bool well = host.breaker.failing_since() == 0 && !host.breaker.rising() && host.away.empty();
    return host.last_ms + (well ? kMinute : kForgottenAfter) <= now;
  });
  std::erase_if(accounts_, [&](const auto& one) {
    const Account& account = one.second;
    return account.under_way == 0 && account.waits_at.empty() && account.last_ms + kMinute <= now;
  });
  sweep_at_ = std::max<std::size_t>(1'024, 2 * (hosts_.size() + accounts_.size()));
}

std::vector<Hosts::State> Hosts::states(Millis now) const {
  const std::lock_guard lock(mutex_);
  std::vector<State> all;
  for (const auto& [origin, host] : hosts_) {
    const auto& breaker = host.breaker;
    if (breaker.failing_since() == 0 && !breaker.rising() && host.waiting.empty() && host.away.empty()) continue;
    State state;
    state.origin = origin;
    state.circuit = breaker.state(now);
    state.rising = breaker.rising();
    state.under_way = host.under_way;
    state.waiting = host.waiting.size();
    state.away = host.away.size();
    state.noticed = host.noticed;
    if (breaker.failing_since() != 0) state.failing_since_ms = breaker.failing_since();
    if (breaker.open_until() != 0) state.next_try_ms = breaker.open_until();
    all.push_back(std::move(state));
  }
  std::sort(all.begin(), all.end(), [](const State& a, const State& b) { return a.origin < b.origin; });
  return all;
}

}  // namespace ieum::runtime
