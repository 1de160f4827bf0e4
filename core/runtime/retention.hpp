// Retention: runs that ended long ago go, with their steps and what they are found by, and then the events that nothing refers to any
// more, and the minutes of the overview's curve; oldest first. Where the store is to stay below a size, the oldest ended runs go
// before their time. What became free is given back to the disk, but for some that the store grows into again. All in slices that
// give way to other work, unless the disk is nearly full or the store is larger than it is to be. Every six hours of the hub's
// time, and when the disk presses. After a crash the next time begins anew: a slice is one unit.
//
// Live runs, what is in doubt, runs that an entry rule still counts, and events that wait for a person stay, however old and
// however large the store; failed runs stay for a week at least. Works on the executor behind the hub.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "runtime/context.hpp"
#include "runtime/disk_marks.hpp"

namespace ieum::runtime {

// What is kept: days, and bytes of the store's file; 0 is no limit.
struct Keeping {
  std::int64_t runs_days = 90, events_days = 30;  // events: beyond the last run that they began
  std::int64_t max_bytes = 0;
};
// What may be in use of a file that is to stay below `keep_bytes`: the rest is room to breathe.
inline std::int64_t most_used(std::int64_t keep_bytes) { return keep_bytes / 10 * 9; }

class Retention : public std::enable_shared_from_this<Retention> {
 public:
  // `room`: what the disk has room for. [any-thread]
  Retention(Context& context, Executor* executor, std::function<Room()> room)
      : context_(context), executor_(executor), room_(std::move(room)) {}

  // What is kept, as the store says. `reader` is the caller's own.
  static Result<Keeping> keeping(store::Reader& reader);
  static store::PutMeta written(const Keeping& keeping);

  void pass();                                       // begins when it is time [engine]
  void now() { next_ms_ = 0; }                       // the settings have changed, or the disk presses [any-thread]
  [[nodiscard]] std::optional<Millis> next() const;  // [any-thread]
  void leave() { left_ = true; }                     // what is still queued does nothing
  [[nodiscard]] bool idle() const { return !busy_; }

 private:
  struct Walk {
    Id cursor = 0;  // looked at up to it
    bool over = false;
  };
  void slice();
  // What is to go of the next slice; nothing when this time is over. [executor]
  Result<std::optional<store::Unit>> next_slice();
  Status drop_runs(store::Unit& unit, Walk& walk, Millis before, bool by_size);
  Status drop_events(store::Unit& unit, Walk& walk, Millis before);
  bool stays(const store::RunRow& run, bool by_size) const;
  bool is_too_large(const Keeping& keeping, const store::Pages& pages);
  // The disk is nearly full, or the store is larger than it is to be.
  bool hurries();
  bool has_much_free(const Keeping& keeping, const store::Pages& pages);

  // Of one time. [executor]
  struct Round {
    Walk old_runs, old_events, size_runs, size_events{0, true};
    Millis size_events_before_ms = 0;
    bool slims = false;             // the store is to become smaller
    std::int64_t free_before = -1;  // pages, before the last were given back
    int put_off = 0;                // how often a slice gave way
  };

  Context& context_;
  Executor* executor_;
  std::function<Room()> room_;
  std::unique_ptr<store::Reader> reader_;  // [executor]
  Round round_;                            // [executor]
  bool told_too_large_ = false;            // [executor]
  std::atomic<Millis> next_ms_ = 0;
  std::atomic<bool> busy_ = false, left_ = false;
};

}  // namespace ieum::runtime
