// Traps: what goes wrong with a vendor, each with the cases and tests that hold it. Read from <connector>/traps.yaml; for
// the connector's page, and for the test that each named case exists.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "host/manifest.hpp"

namespace ieum::host {

struct Trap {
  LocalText text;
  std::string source;              // where it is told
  std::vector<std::string> holds;  // "case:slack/cases/post.json", "test:<suite>/<case>"
};

// A list of {trap: {ko, en}, source, holds: [...]}. Errors "bad_yaml", "unknown_key", "missing_key", "bad_manifest".
Result<std::vector<Trap>> read_traps(std::string_view text, const std::string& file);

}  // namespace ieum::host
