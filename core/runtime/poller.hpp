// Poller: asks vendors at intervals for what they do not tell by themselves. A poll runs only while an enabled recipe listens
// for one of its events; there is one cursor for each element of the connection's list. What it tells is accepted like a
// delivery: the items and the cursor behind them are one unit, and an item that is known already is passed over.
// A poll nobody listens to any more loses its cursor; listened to again, it begins at that moment, as a recipe does.
// One of a dead connection keeps its cursor and sleeps; it is due at once when the connection is mended.
// One whose module ended the process rests like one that failed, and for a day when that was the third failure in a row; a start
// after any other end tries it within the hour.
// After a crash the cursor stands where the last committed unit left it: what came behind it is asked for again, and known
// items are passed over, so that nothing is lost and nothing is told twice. Belongs to the engine, but for view().
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "runtime/context.hpp"
#include "runtime/due_plan.hpp"

namespace ieum::runtime {

class Poller {
 public:
  struct Links {
    std::function<void(store::EventWithPayload)> delivered;  // an item was accepted
    std::function<void()> gone;                              // accepted items turned out to be known
    std::function<void(Millis)> due;
  };
  Poller(Context& context, Links links) : context_(context), links_(std::move(links)) {}

  // Connections or recipes changed. The first call reads the cursors.
  void refresh();
  // Begins what is due.
  void pass();
  // A delivery of this topic came in: polls that it wakes are due, two seconds from the first of a series.
  void wake(Id connection, const std::string& topic);
  // When a poll is due next; nothing when none is. [any-thread]
  [[nodiscard]] std::optional<Millis> next() const;
  [[nodiscard]] bool idle() const { return plan_.idle(); }
  // [{"poll", "item", "every_ms", "due_ms" (null while it sleeps), "last_ok_ms", "failures", "problem"}] [any-thread]
  [[nodiscard]] List view(Id connection) const;

 private:
  struct Entry {
    store::PollRow row;  // as it shall be stored next
    Millis every_for = kMinute;
    std::string cursor_stored;
    Millis stored_ms = 0;             // when the row was written last; 0: not yet
    bool woken = false;               // while it was under way
    bool asleep = false;              // its connection is dead
    bool set_aside = false;           // it ended the former process: no delivery wakes it
    std::vector<std::string> places;  // in buckets of the quota
    Millis turn_ms = 0;               // for which they were kept
    std::string waits_for;            // the bucket that it waits for
  };

  void begin(const ChoreKey& key);
  void ended(const ChoreKey& key, const host::Effect& effect, bool first);
  void failed(const ChoreKey& key, const host::FailEffect& fail);
  void set_aside(const ChoreKey& key, Entry& entry);
  void accept(const ChoreKey& key, const host::EventsEffect& events, bool first);
  void commit(const ChoreKey& key, store::Unit unit, std::vector<store::EventWithPayload> told, bool more);
  void put_due(const ChoreKey& key, Entry& entry, Millis due);
  void plan_next();
  void show();
  [[nodiscard]] Entry* entry(const ChoreKey& key);

  static constexpr Millis kNone = INT64_MAX;
  Context& context_;
  Links links_;
  std::map<ChoreKey, Entry> entries_;
  DuePlan plan_;
  bool loaded_ = false;
  bool loading_failed_ = false;
  std::atomic<Millis> next_{kNone};

  mutable std::mutex view_mutex_;
  std::map<Id, List> view_;
};

// What the config's field `each` lists; one element "" when there is no such field. [pure]
std::vector<std::string> elements_of(const Value& config, const std::string& each);

}  // namespace ieum::runtime
