// Clock: the hub's wall clock as an argument. Signatures, tokens, buckets and timers ask it; socket deadlines do not
// (they use real monotonic time inside net).
#pragma once
#include <atomic>
#include <cstdint>

namespace ieum {

// Milliseconds since the Unix epoch, UTC. Every *_ms field and column of the hub is this unless it says "for".
using Millis = std::int64_t;

inline constexpr Millis kSecond = 1000;
inline constexpr Millis kMinute = 60 * kSecond;
inline constexpr Millis kHour = 60 * kMinute;
inline constexpr Millis kDay = 24 * kHour;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Millis now() const = 0;  // [any-thread]
};

// A clock that stands until it is set: tests, `--virtual-clock`, recipe trials. [any-thread]
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Millis start) : now_(start) {}
  [[nodiscard]] Millis now() const override { return now_.load(); }
  void set(Millis to) { now_.store(to); }
  void advance(Millis by) { now_.fetch_add(by); }

 private:
  std::atomic<Millis> now_;
};

// The machine's clock; the only reader of wall time in the tree (base/system_clock.cpp).
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Millis now() const override;
};

}  // namespace ieum
