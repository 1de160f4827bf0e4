// Retention: runs that ended long ago go, with their steps and what they are found by, and then the events that nothing refers to any
// more, and the minutes of the overview's curve; oldest first, in slices that give way to other work. Every six hours of the hub's
// time. After a crash the next time begins anew: a slice is one unit.
//
// Live runs, what is in doubt, runs that an entry rule still counts, and events that wait for a person stay, however old. Works on the executor behind the hub.
#pragma once
#include <atomic>
#include <memory>
#include <optional>

#include "runtime/context.hpp"

namespace ieum::runtime {

// Days that are kept; 0 keeps for ever.
struct Keeping {
  std::int64_t runs_days = 90, events_days = 30;  // events: beyond the last run that they began
};

class Retention : public std::enable_shared_from_this<Retention> {
 public:
  Retention(Context& context, Executor* executor) : context_(context), executor_(executor) {}

  // What is kept, as the store says. `reader` is the caller's own.
  static Result<Keeping> keeping(store::Reader& reader);
  static store::PutMeta written(const Keeping& keeping);

  void pass();                                       // begins when it is time [engine]
  void now() { next_ms_ = 0; }                       // the settings have changed [any-thread]
  [[nodiscard]] std::optional<Millis> next() const;  // [any-thread]
  void leave() { left_ = true; }                     // what is still queued does nothing
  [[nodiscard]] bool idle() const { return !busy_; }

 private:
  void slice();
  // What is to go of the next slice; nothing when this time is over. [executor]
  std::optional<store::Unit> next_slice();
  bool entry_needs(Id run, Millis kept_for);  // [executor]

  Context& context_;
  Executor* executor_;
  std::unique_ptr<store::Reader> reader_;         // [executor]
  Id run_cursor_ = 0, event_cursor_ = 0;          // looked at up to these, this time [executor]
  bool runs_over_ = false, events_over_ = false;  // of this time [executor]
  int put_off_ = 0;                               // how often a slice gave way [executor]
  std::atomic<Millis> next_ms_ = 0;
  std::atomic<bool> busy_ = false, left_ = false;
};

}  // namespace ieum::runtime
