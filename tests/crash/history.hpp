// History checker: holds what senders and receiver have written down against what the hub's store says. Offline: it reads rows, and
// asks nobody. What is looked for: nothing that was answered with 2xx is lost (I1), nothing is there that was not sent (I2), a run
// ends once, and stays as it ended (I3), a step is done once and carries one key however often it is tried (I4), what waited goes on
// (I5), and what was refused is there as a failure (I6).
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crash/receiver.hpp"
#include "crash/senders.hpp"
#include "store/sqlite.hpp"

namespace ieum::test {

class History {
 public:
  void add(const std::vector<Call>& calls);
  // The hub has nothing left to do. Looks at the rows that are new since the last time; what is wrong, in words.
  [[nodiscard]] std::vector<std::string> faults(const std::string& store, const std::vector<Sent>& sent);
  // Looks at all rows anew, and holds them against what they were.
  [[nodiscard]] std::vector<std::string> all_faults(const std::string& store, const std::vector<Sent>& sent) const;

  // How many deliveries were looked at to the end.
  [[nodiscard]] std::size_t settled() const { return settled_; }
  // Of one that was called, the last call that it may have had.
  [[nodiscard]] Call last_call(long long delivery) const;

 private:
  struct Run {
    std::int64_t id = 0;
    int state = 0;
    std::string reason, key;
    auto operator<=>(const Run&) const = default;
  };
  struct Delivered {
    std::int64_t event = 0;  // 0: not there
    Run run;
    std::string key;  // of its calls; "" none came
    int life = -1;    // of the hub, in which its call was last answered
  };
  void read_events(store::Database& database, const std::vector<Sent>& sent);
  void read_runs(store::Database& database);
  void fault(std::string what);
  Delivered& of(std::size_t delivery);

  std::vector<Delivered> deliveries_;
  std::map<std::int64_t, std::size_t> by_event_;
  std::map<std::string, std::size_t> by_key_;
  std::int64_t last_event_ = 0, last_run_ = 0;
  std::size_t settled_ = 0;  // deliveries below it were looked at
  std::vector<std::string> faults_;
};

}  // namespace ieum::test
