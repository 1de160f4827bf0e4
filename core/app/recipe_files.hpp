// Recipe files: what the commands that work on recipes without a hub have in common.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "host/connector.hpp"
#include "recipe/reader.hpp"

namespace ieum::app {

// The connectors that the command line names, or those beside the binary.
Result<std::unique_ptr<host::Registry>> registry_of(const Common& common);
recipe::Format format_of(const std::string& file);
// Files as given; a directory stands for the recipes in it.
std::vector<std::string> recipe_files(const std::vector<std::string>& names);
Value finding_value(const std::string& file, const recipe::Finding& finding);

}  // namespace ieum::app
