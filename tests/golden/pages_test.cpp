// docs/connectors: each connector has a page, made from its manifest and its traps; every trap names what holds it, and
// that is there. IEUM_ACCEPT=1 writes the pages.
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "golden/cases.hpp"
#include "host/page.hpp"

using namespace ieum;
namespace fs = std::filesystem;

namespace {

const fs::path kTree = IEUM_SOURCE_DIR;

std::vector<host::Trap> traps_of(const std::string& connector) {
  const fs::path file = kTree / "connectors" / connector / "traps.yaml";
  if (!fs::exists(file)) return {};
  auto traps = host::read_traps(golden::read_file(file), connector + "/traps.yaml");
  BOOST_REQUIRE_MESSAGE(traps.has_value(), (traps.has_error() ? traps.error().text() : ""));
  return std::move(*traps);
}

// Suite and case names of all tests.
std::set<std::string> known_tests() {
  std::set<std::string> known;
  for (const auto& entry : fs::recursive_directory_iterator(kTree / "tests")) {
    if (entry.path().extension() != ".cpp") continue;
    std::istringstream lines(golden::read_file(entry.path()));
    std::string suite;
    for (std::string line; std::getline(lines, line);) {
      const auto name = [&](std::string_view macro) -> std::string {
        if (!line.starts_with(macro)) return {};
        const auto end = line.find_first_of("),", macro.size());
        return line.substr(macro.size(), end - macro.size());
      };
      for (const char* macro : {"BOOST_AUTO_TEST_SUITE(", "BOOST_FIXTURE_TEST_SUITE("})
        if (const std::string opened = name(macro); !opened.empty()) suite = opened;
      for (const char* macro : {"BOOST_AUTO_TEST_CASE(", "BOOST_FIXTURE_TEST_CASE("})
        if (const std::string held = name(macro); !held.empty()) known.insert(suite + "/" + held);
    }
  }
  return known;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(each_connector_has_its_page) {
  const bool accept = std::getenv("IEUM_ACCEPT") != nullptr;
  std::set<std::string> wanted;
  for (const host::Connector* connector : golden::registry().all()) {
    const std::string name = connector->manifest().name;
    wanted.insert(name + ".md");
    const fs::path file = kTree / "docs/connectors" / (name + ".md");
    const std::string page = host::connector_page(connector->manifest(), traps_of(name));
    if (accept) {
      fs::create_directories(file.parent_path());
      std::ofstream(file, std::ios::binary) << page;
    }
    const bool same = fs::exists(file) && golden::read_file(file) == page;
    BOOST_CHECK_MESSAGE(same,
                        "docs/connectors/" << name << ".md is not what the manifest says; IEUM_ACCEPT=1 writes it");
  }
  for (const auto& entry : fs::directory_iterator(kTree / "docs/connectors"))
    BOOST_CHECK_MESSAGE(wanted.contains(entry.path().filename().string()), entry.path() << " is no connector's");
}

BOOST_AUTO_TEST_CASE(each_trap_names_what_holds_it) {
  const std::set<std::string> tests = known_tests();
  BOOST_TEST(tests.size() > 500u);
  for (const host::Connector* connector : golden::registry().all()) {
    for (const host::Trap& trap : traps_of(connector->manifest().name)) {
      for (const std::string& held : trap.holds) {
        const std::string name = held.substr(5);
        const bool there = held.starts_with("case:") ? fs::exists(kTree / "connectors" / name) : tests.contains(name);
        BOOST_CHECK_MESSAGE(there,
                            connector->manifest().name << ": " << held << " does not exist (" << trap.text.en << ")");
      }
    }
  }
}

// The notes on the vendors number their traps: section of vendors-core, and how many there are.
BOOST_AUTO_TEST_CASE(each_numbered_trap_of_the_notes_is_listed) {
  const std::map<std::string, std::pair<std::string, int>> notes{{"shopify", {"2.5", 12}}, {"typeform", {"3.3", 9}},
                                                                 {"sheets", {"4.4", 9}},   {"mailchimp", {"5.5", 10}},
                                                                 {"kakao", {"6.5", 12}},   {"slack", {"7.3", 11}}};
  for (const auto& [connector, section] : notes) {
    std::set<std::string> listed;
    for (const host::Trap& trap : traps_of(connector)) listed.insert(trap.source);
    for (int number = 1; number <= section.second; ++number) {
      const std::string source = "vendors-core " + section.first + " #" + std::to_string(number);
      BOOST_CHECK_MESSAGE(listed.contains(source), connector << "/traps.yaml lists no trap of " << source);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
