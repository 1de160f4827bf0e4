// DuePlan: whose turn it is among the standing chores of connections (polls, subscriptions). Pure: no clock, no chance, nothing
// is done in here.
//
// At most `kAtOnce` are under way, and one of a connection; of connections that took long the last time half as many, so that slow
// vendors delay one another and nobody else, but for the first time. Among those that are due, the connection that was served longest ago comes first, then what has been due longest.
#pragma once
#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace ieum::runtime {

struct ChoreKey {
  Id connection = 0;
  std::string name, item;
  auto operator<=>(const ChoreKey&) const = default;
};

class DuePlan {
 public:
  static constexpr std::size_t kAtOnce = 16, kSlowAtOnce = 8;
  static constexpr Millis kSlowFor = 2 * kSecond;  // what takes longer is slow

  void put(const ChoreKey& key, Millis due_ms) { due_[key] = due_ms; }
  void drop(const ChoreKey& key) { due_.erase(key); }
  // Those that begin now; each stays under way until ended().
  std::vector<ChoreKey> take(Millis now);
  // Its next time is put anew, if it has one.
  void ended(const ChoreKey& key, Millis now);
  [[nodiscard]] bool under_way(const ChoreKey& key) const { return under_way_.contains(key); }
  [[nodiscard]] bool idle() const { return under_way_.empty(); }
  // When something that is not under way is due next. What is due at `now` waits for another to end, and is not among it.
  [[nodiscard]] std::optional<Millis> next(Millis now) const;

 private:
  std::map<ChoreKey, Millis> due_;
  std::map<ChoreKey, Millis> under_way_;  // since when
  std::set<Id> slow_;                     // connections
  std::set<Id> busy_;                     // connections
  std::map<Id, std::uint64_t> served_;    // by connection, the number of its last turn
  std::uint64_t turns_ = 0;
};

// The next time of a chore that went well: an interval later, up to a tenth more or less, so that many do not come at one
// instant for ever. `unit`: in [0, 1).
Millis next_after_success(Millis now, Millis every_for, double unit);
// After the nth failure in a row: twice as long each time, up to an hour; never earlier than the vendor said.
Millis next_after_failure(Millis now, Millis every_for, int failures, std::optional<Millis> retry_after_for,
                          double unit);
// The next time of one whose nth failure in a row was the end of the process: the same, and from limits::kPoisonTries on a day.
Millis next_after_crash(Millis now, Millis every_for, int failures, double unit);

}  // namespace ieum::runtime
