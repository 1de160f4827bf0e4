// Says that its connector ends before the step function.
#include "ieum/connector.h"

static void step(const ieum_call*, const ieum_sink*) {}
static const ieum_connector connector = {sizeof(uint32_t) * 2, IEUM_CONNECTOR_ABI, &step};
extern "C" __attribute__((visibility("default"))) const ieum_connector* ieum_connector_v1(void) { return &connector; }
