// The two kinds of connector behind the Connector interface. For this room only.
#pragma once
#include <memory>

#include "host/connector.hpp"

namespace ieum::host {

class ModuleFile;

// `observer` may be null and lives longer than the connector.
std::unique_ptr<Connector> module_connector(Manifest manifest, std::unique_ptr<ModuleFile> module,
                                            CallObserver* observer);
// What the manifest declares it answers itself; the rest goes to the module, which may be null.
std::unique_ptr<Connector> declarative_connector(Manifest manifest, std::unique_ptr<Connector> module = nullptr);

}  // namespace ieum::host
