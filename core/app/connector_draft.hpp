// Draft: the files of a new connector to start from. It passes its own check as it stands. Pure.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace ieum::app {

// Paths below the connector's folder, and texts. `sdk`: where the headers of modules lie; with_module only.
std::vector<std::pair<std::string, std::string>> connector_draft(const std::string& name, bool with_module,
                                                                 const std::string& sdk);

}  // namespace ieum::app
