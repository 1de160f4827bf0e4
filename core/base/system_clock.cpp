// The only reader of wall time.
#include <chrono>

#include "base/clock.hpp"

namespace ieum {

Millis SystemClock::now() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace ieum
