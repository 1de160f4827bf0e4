// Recipe catalog: what the checker may know, taken from manifests and, when a hub is there, from its connections.
#pragma once
#include <memory>

#include "base/zone.hpp"
#include "host/connector.hpp"
#include "recipe/checker.hpp"
#include "runtime/live.hpp"

namespace ieum::runtime {

// `live` null: connections are not checked (a recipe checked without a hub). `connectors` outlives the catalog.
// `zones` tells mistyped zones; outlives the catalog.
std::unique_ptr<recipe::Catalog> make_catalog(const host::Registry& connectors, std::shared_ptr<const Live> live,
                                              ZoneSource& zones);

}  // namespace ieum::runtime
