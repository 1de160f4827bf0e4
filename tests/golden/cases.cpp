#include "golden/cases.hpp"

#include <fstream>

#include "base/time_text.hpp"

namespace golden {

namespace fs = std::filesystem;
using namespace ieum;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file.good(), path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

Millis instant(std::string_view rfc3339) {
  const auto parsed = parse_rfc3339(rfc3339);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), "no time: " + std::string(rfc3339));
  return *parsed;
}

const host::Registry& registry() {
  static const std::unique_ptr<host::Registry> loaded = [] {
    NullLog log;
    host::LoadOptions options;
    options.directory = (fs::path(IEUM_BUILD_DIR) / "connectors").string();
    options.check_ownership = false;
    auto result = host::load_connectors(options, log);
    BOOST_REQUIRE_MESSAGE(result.has_value(), (result.has_error() ? result.error().text() : ""));
    return std::move(*result);
  }();
  return *loaded;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> found = [] {
    std::vector<Case> list;
    for (const host::Connector* connector : registry().all()) {
      const std::string name = connector->manifest().name;
      auto read = host::read_cases((fs::path(IEUM_SOURCE_DIR) / "connectors" / name).string(), name);
      BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
      for (Case& one : *read) list.push_back(std::move(one));
    }
    return list;
  }();
  return found;
}

}  // namespace golden
