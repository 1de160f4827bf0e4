// Speaks an ABI that the hub does not know.
#include "ieum/connector.h"

static void step(const ieum_call*, const ieum_sink*) {}
static const ieum_connector connector = {sizeof(ieum_connector), IEUM_CONNECTOR_ABI + 1, &step};
extern "C" __attribute__((visibility("default"))) const ieum_connector* ieum_connector_v1(void) { return &connector; }
