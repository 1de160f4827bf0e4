// Tally: the totals that people look at, kept as one row that moves once for each commit, so that asking costs no count.
// Retention does not take from `events` and `runs`: they say how many there ever were.
#pragma once
#include "store/reader.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {

// What one unit, or one transaction, adds to the totals.
class Tally {
 public:
  void event_added(EventState state) {
    ++sum_.events;
    count(state, 1);
  }
  void event_moved(EventState from, EventState to) {
    count(from, -1);
    count(to, 1);
  }
  void run_added(RunState state) {
    ++sum_.runs;
    count(state, 1);
  }
  void run_moved(RunState from, RunState to) {
    count(from, -1);
    count(to, 1);
  }
  void add(const Tally& other);
  // Writes the sum into the row, if there is any. SQLITE_OK or an error.
  int write(Database& database) const;

 private:
  void count(EventState state, int by);
  void count(RunState state, int by);

  Totals sum_;
  bool moved_ = false;
};

}  // namespace ieum::store
