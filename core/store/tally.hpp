// Tally: the totals that people look at, kept as one row that moves once for each commit, so that asking costs no count; and what
// went through by the minute, one row more. Retention does not take from `events` and `runs`: they say how many there ever were.
#pragma once
#include <algorithm>
#include <vector>

#include "store/reader.hpp"
#include "store/rows_watch.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {

// What one unit, or one transaction, adds to the totals.
class Tally {
 public:
  void event_added(EventState state, Millis at_ms) {
    ++sum_.events;
    ++minute_.events;
    see(at_ms);
    count(state, 1);
  }
  void event_moved(EventState from, EventState to) {
    count(from, -1);
    count(to, 1);
  }
  void run_added(RecipeOf of, RunState state, Millis at_ms) {
    ++sum_.runs;
    ++minute_.started;
    see(at_ms);
    count(state, 1);
    ended(state);
    auto& counts = counts_of(of);
    counts.last_started_ms = std::max(counts.last_started_ms, at_ms);
    count(counts, state, 1);
  }
  // at_ms: 0 where the run does not end.
  void run_moved(RecipeOf of, RunState from, RunState to, Millis at_ms) {
    see(at_ms);
    count(from, -1);
    count(to, 1);
    if (!is_terminal(from)) ended(to);
    if (from == to) return;
    auto& counts = counts_of(of);
    count(counts, from, -1);
    count(counts, to, 1);
  }
  // It goes on in another version.
  void run_changed(RecipeOf from, Id to_version, RunState state) {
    count(counts_of(from), state, -1);
    count(counts_of({from.recipe, to_version}), state, 1);
  }
  // Retention took it.
  void run_dropped(RecipeOf of, RunState state) {
    count(state, -1);
    count(counts_of(of), state, -1);
  }
  void step_opened(Millis at_ms) {
    ++minute_.steps;
    see(at_ms);
  }
  void add(const Tally& other);
  // Writes the sum into the row, if there is any. SQLITE_OK or an error.
  int write(Database& database) const;

 private:
  void see(Millis at_ms) { minute_.at_ms = std::max(minute_.at_ms, at_ms); }
  void ended(RunState state) {
    if (is_terminal(state)) ++minute_.ended;
    if (state == RunState::failed) ++minute_.failed;
  }
  void count(EventState state, int by);
  void count(RunState state, int by);
  static void count(RecipeTally& counts, RunState state, int by);
  RecipeTally& counts_of(RecipeOf of);

  Totals sum_;
  std::vector<std::pair<RecipeOf, RecipeTally>> recipes_;  // few in one commit
  MinuteRow minute_;                                       // at_ms: the latest time that was seen
  bool moved_ = false;
};

}  // namespace ieum::store
