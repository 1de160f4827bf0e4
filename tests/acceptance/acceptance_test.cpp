// The scenarios of acceptance/, each over the wire against the built binary: what goes out is exact to the second and complete.
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "acceptance/floor.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

using namespace ieum;
using namespace ieum::acceptance;

namespace {

const std::filesystem::path kScenarios = std::filesystem::path(IEUM_SOURCE_DIR) / "tests/data/acceptance";

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(kScenarios))
    if (entry.path().extension() == ".json") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

Value scenario(const std::string& name) {
  std::ifstream file(kScenarios / (name + ".json"), std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  auto value = parse_json(text.str());
  BOOST_REQUIRE_MESSAGE(value.has_value(), name);
  return std::move(*value);
}

std::vector<std::string> expected(const Value& scenario) {
  std::vector<Sent> all;
  for (const Value& one : *scenario.get("expect")->if_list())
    all.push_back({one.text("at"), one.text("channel"), one.text("to"), one.text("recipe"), one.text("step"), one.text("text")});
  std::sort(all.begin(), all.end());
  std::vector<std::string> lines;
  for (const Sent& one : all) lines.push_back(line(one));
  return lines;
}

// What an entry leaves out may be anything.
bool fits(const Logged& logged, const Value& entry) {
  const auto same = [&](const char* key, const std::string& is) {
    const std::string wanted = entry.text(key);
    return wanted.empty() || is.empty() || wanted == is;
  };
  return same("at", logged.at) && same("recipe", logged.recipe) && same("who", logged.who) &&
         same("step", logged.step) && same("status", logged.status) && same("reason", logged.reason);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(acceptance_suite)

BOOST_DATA_TEST_CASE(a_scenario_goes_as_written, boost::unit_test::data::make(names()), name) {
  const Value written = scenario(name);
  BOOST_TEST_CONTEXT(name << ": " << written.text("title")) {
    Floor floor(written);
    floor.play();
    std::vector<Sent> sent = floor.outbound();
    std::sort(sent.begin(), sent.end());
    std::vector<std::string> lines;
    for (const Sent& one : sent) lines.push_back(line(one));
    BOOST_TEST(lines == expected(written), boost::test_tools::per_element());
    if (written.get("log") == nullptr) return;
    const auto log = floor.log();
    std::string all;
    for (const Logged& one : log) all += line(one) + "\n";
    for (const Value& entry : *written.get("log")->if_list()) {
      const bool there = std::any_of(log.begin(), log.end(), [&](const Logged& one) { return fits(one, entry); });
      BOOST_TEST(there, write_json(entry) << " is not in the log:\n" << all);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
