#include "app/spare_memory.hpp"

#ifdef IEUM_MIMALLOC
#include <mimalloc.h>
#endif

namespace ieum::app {

void give_back_spare_memory() {
#ifdef IEUM_MIMALLOC
  // It would only be marked, to be given back at some later call.
  const long delay_ms = mi_option_get(mi_option_decommit_delay);
  mi_option_set(mi_option_decommit_delay, 0);
  mi_collect(true);
  mi_option_set(mi_option_decommit_delay, delay_ms);
#endif
}

}  // namespace ieum::app
