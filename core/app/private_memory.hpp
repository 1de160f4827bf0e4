// Private memory: what the process holds in memory is not written down by the system when it crashes, nor read by the user's
// other processes.
#pragma once

namespace ieum::app {

// No core file, and /proc/PID/{mem,environ} for root alone. Called first by main.
void keep_memory_private();

}  // namespace ieum::app
