// docs/api.md names every route there is, with whom it is for, and none besides.
#include <fstream>
#include <set>

#include "server/fixture.hpp"

using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

// Rows of the table: | `GET /path` | policy | ...
std::set<std::string> documented() {
  std::ifstream in(std::string(IEUM_SOURCE_DIR) + "/docs/api.md");
  std::set<std::string> routes;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| `")) continue;
    const auto end = line.find('`', 3);
    const auto policy_end = line.find(" |", end + 4);
    routes.insert(line.substr(3, end - 3) + " for " + line.substr(end + 4, policy_end - end - 4));
  }
  return routes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docs)

BOOST_AUTO_TEST_CASE(the_page_lists_the_routes_that_there_are) {
  RunningHub hub;
  const auto written = documented();
  std::set<std::string> real;
  for (const auto& line : route_table(*hub.server)) {
    real.insert(line.method + " " + line.pattern + " for " + std::string(policy_name(line.policy)));
  }
  for (const auto& route : real) BOOST_TEST(written.contains(route), "docs/api.md does not say: " + route);
  for (const auto& route : written) BOOST_TEST(real.contains(route), "the hub has no route: " + route);
}

BOOST_AUTO_TEST_SUITE_END()
