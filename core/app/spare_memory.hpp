// Spare memory: what the allocator keeps for later although nothing is in it.
#pragma once

namespace ieum::app {

// Gives it back to the system, as far as this thread freed it: after reading manifests, which takes more than what stays of them.
void give_back_spare_memory();

}  // namespace ieum::app
