// Hosts: how many calls go to one host (scheme://host:port) and to one account at it, which go next, and which come back later
// because the host fails. It holds no request: who enters is called with a pass, now or when there is room, or is sent away
// with the time to come again.
//
// A host lets its cap of calls at once (8, or more where the account's connection says so), an account its own. What waits is
// served in turns of account and recipe. A run's call for which there is no room, or whose host's circuit is open, is sent away:
// its run is due again at a time of its own, so that many come back one after the other. When the host has room again they
// are called sooner, as fast as it answers. Calls of the hub's own wait, or fail while the circuit is open.
// Going away and coming back costs a run some commits: while a host that answers quickly has much waiting (crowded), what is
// not begun yet had better wait a moment.
// Of a run that was sent away its number is known here, of kAwayMax at most for one host; the others come at their time.
// Nothing here survives a crash: the times are in the store, and a host that fails is found out anew.
// Belongs to the engine; states() may be asked by any thread.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "runtime/breaker.hpp"
#include "runtime/fair_queue.hpp"
#include "runtime/retry_budget.hpp"

namespace ieum::runtime {

// Whose call it is, as turns are taken.
struct HostTurn {
  const void* account = nullptr;
  Id recipe = 0;
  bool operator==(const HostTurn&) const = default;
};

}  // namespace ieum::runtime

template <>
struct std::hash<ieum::runtime::HostTurn> {
  std::size_t operator()(const ieum::runtime::HostTurn& turn) const noexcept {
    return std::hash<const void*>()(turn.account) ^ (std::hash<ieum::Id>()(turn.recipe) * 0x9E3779B97F4A7C15u);
  }
};

namespace ieum::runtime {

class Hosts {
  struct Host;
  struct Account;

 public:
  // Whose call it is.
  struct Caller {
    Id recipe = 0, run = 0;  // 0: the hub's own
    bool can_leave = false;  // its run can be due later instead
    bool repeats = false;    // an attempt before it failed
    bool insists = false;    // a person tests the connection: it goes whatever is known
  };
  struct Asks {
    std::string_view origin, account;
    std::size_t account_cap = 8;
    std::size_t bytes = 0;  // that it keeps while it waits
    Caller caller = {};
  };
  enum class Why { down, busy, repeats };
  struct Away {
    Millis due_ms = 0;
    Why why = Why::down;
  };
  struct Pass {
    Host* host = nullptr;  // null: nothing is counted
    Account* account = nullptr;
    Breaker::Call call;
  };
  using Entry = std::variant<Pass, Away>;
  using Work = std::function<void(Entry)>;

  // Calls work once: inside this call, or by what leave() or drain() hands out. Each pass is given back to leave() once.
  void enter(const Asks& asks, Millis now, Work work);
  struct Left {
    std::vector<std::function<void()>> begin;  // for the caller to call when its own work is done
    std::size_t call_back = 0;                 // how many of those that were sent away may come now
    bool eased = false;                        // nothing is crowded any more
    // It has failed for kNoticedAfter, or answers again after that: told once each.
    enum class News { none, fails, answers } news = News::none;
  };
  // came: when its answer was there, which may have waited for the engine since.
  [[nodiscard]] Left leave(const Pass& pass, Breaker::Outcome outcome, Millis came, Millis now, Random& random);
  // A run that was sent away sleeps in the store. True when there is room by now, for one of call_back().
  [[nodiscard]] bool sleeps(std::string_view origin, Id run, Millis now);
  // The oldest run that sleeps, for the caller to wake: it is not known here any more.
  [[nodiscard]] std::optional<Id> call_back(std::string_view origin);
  // Whether a host that answers quickly has much waiting. Ends with eased, or by itself when the host does not answer for kQuick.
  [[nodiscard]] bool crowded(Millis now) const;
  // All that waits, to be begun whatever the cap: at the end of the hub, when nothing of it is sent any more.
  [[nodiscard]] std::vector<std::function<void()>> drain();
  // Whether a call would be sent away now for the host's health.
  [[nodiscard]] bool down(std::string_view origin, Millis now) const;

  struct State {
    std::string origin;
    Breaker::State circuit = Breaker::State::closed;
    bool rising = false;
    std::optional<Millis> failing_since_ms, next_try_ms;
    std::size_t under_way = 0, waiting = 0, away = 0;  // away: runs of which the number is known
    bool noticed = false;                              // it fails for kNoticedAfter or longer
  };
  // Of the hosts that fail, rise, or let something wait; by name. [any-thread]
  [[nodiscard]] std::vector<State> states(Millis now) const;

  [[nodiscard]] std::size_t known() const;  // hosts that are kept in mind

  static constexpr Millis kNoticedAfter = kHour;
  static constexpr std::size_t kAwayMax = 10'000;
  static constexpr std::size_t kWaitingMax = 64;  // of a host that fails or rises
  static constexpr std::size_t kWaitingWellMax = 1'024;
  static constexpr std::size_t kWaitingBytesMax = 16u << 20;
  static constexpr std::size_t kCrowd = 128;
  static constexpr Millis kQuick = 200;  // within which a crowd is served
  // A crowd that comes again and again, of steps that follow steps, holds up what is new for so long at a time and no longer.
  static constexpr Millis kPauseMost = kSecond;

 private:
  struct Waiting {
    Asks asks;  // without its views
    Account* account = nullptr;
    Work work;
  };
  using Queue = FairQueue<HostTurn, Waiting>;
  struct Host {
    Breaker breaker;
    RetryBudget repeats;
    Queue waiting;
    std::size_t waiting_bytes = 0, under_way = 0;
    std::set<Id> away;  // the oldest runs come first
    Millis next_slot_ms = 0, last_ms = 0, answered_ms = 0;
    double call_ms = 0;  // how long a call takes of late
    bool noticed = false;
  };
  struct Account {
    std::size_t cap = 8, under_way = 0;
    std::map<Host*, std::size_t> waits_at;
    Millis last_ms = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  template <class T>
  using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  // What becomes of it: an entry, or nothing when it waits.
  std::optional<Entry> judge(const Asks& asks, Millis now, Work& work);
  static bool has_room(const Host& host, const Account& account, Millis now);
  static Pass take(Host& host, Account& account, Millis now);
  static Away send_away(Host& host, const Asks& asks, Why why, Millis now);
  static bool lets_more(const Host& host, std::size_t coming, Millis now);
  [[nodiscard]] bool is_crowded(Millis now) const;
  void begin_waiting(Host& host, Millis now, Left& left);
  void flush(Host& host, Millis now, Left& left);
  void forget_wait(Host& host, const Waiting& waiting);
  void forget_idle(Millis now);

  mutable std::mutex mutex_;
  ByName<Host> hosts_;
  ByName<Account> accounts_;
  std::set<const Host*> crowds_;  // hosts where kCrowd waited and half of that still do
  mutable std::optional<Millis> crowded_since_;
  std::size_t sweep_at_ = 1'024;
};

// scheme://host[:port] of an absolute URL, as it is written there.
std::string_view origin_in(std::string_view url);

}  // namespace ieum::runtime
