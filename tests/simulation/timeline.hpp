// Timeline: what happens when in a simulated world, and the clock that the hub sees of it. One thread.
//
// The world's time only goes forward. The hub's wall clock is the world's time and a step that may change: somebody set the
// clock. An event of a process goes with it when it dies; `nests`: it may also happen while a command of the hub is waited for.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/clock.hpp"

namespace ieum::sim {

class Timeline final : public Clock {
 public:
  explicit Timeline(Millis start) : world_(start) {}

  struct Event {
    std::function<void()> work;
    bool of_process = false, nests = true;
  };
  void at(Millis world_ms, Event event) { events_.emplace(std::pair(world_ms, ++order_), std::move(event)); }
  // The earliest one that is not later than this, only one that nests when asked so: time moves to it, and it happens.
  bool happen(Millis until, bool only_nesting);
  // Of an event that is not the process's own; INT64_MAX when there is none.
  [[nodiscard]] Millis next_of_world() const;
  [[nodiscard]] Millis next() const;
  void drop_process();

  [[nodiscard]] Millis world() const { return world_; }
  void move_to(Millis world_ms) {
    if (world_ms > world_) world_ = world_ms;
  }
  [[nodiscard]] Millis now() const override { return world_ + step_; }
  void step_clock(Millis by) { step_ += by; }

 private:
  Millis world_, step_ = 0;
  std::uint64_t order_ = 0;
  std::map<std::pair<Millis, std::uint64_t>, Event> events_;
};

}  // namespace ieum::sim
