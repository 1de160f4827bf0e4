// The connectors that the build made and their cases, loaded once, for the golden suites. How cases are written:
// core/host/cases.hpp.
#pragma once
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "host/cases.hpp"

namespace golden {

using ieum::host::Case;

const ieum::host::Registry& registry();
const std::vector<Case>& cases();

std::string read_file(const std::filesystem::path& path);
ieum::Millis instant(std::string_view rfc3339);

}  // namespace golden
