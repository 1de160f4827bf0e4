// Crash note: when a signal ends the process inside a module, the watchdog's note is written first, so that the next start
// can say which connector it was. The one place where a signal handler needs a global.
#pragma once
#include "runtime/watchdog.hpp"

namespace ieum::app {

// Installs handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT that note and then die of the same signal.
// Pass null before the watchdog is destroyed.
void note_crashes_to(runtime::Watchdog* watchdog);

}  // namespace ieum::app
