// Signals: Ctrl-C and SIGTERM as something that the main thread waits for. Block them before the first thread is made.
#pragma once
#include <optional>

#include "base/clock.hpp"

namespace ieum::app {

void block_signals();
// Waits for SIGINT or SIGTERM, at most `at_most_for` (negative: for ever); its number, or nothing when the time is over.
std::optional<int> wait_for_signal(Millis at_most_for);
// Makes wait_for_signal return. [any-thread]
void wake_main();

}  // namespace ieum::app
