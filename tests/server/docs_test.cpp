// docs/api.md lists every route there is, with whom it is for and what it is; IEUM_ACCEPT=1 writes the table.
#include "../support/page.hpp"
#include "server/fixture.hpp"

using namespace ieum::server;
using namespace ieum::server::testing;

BOOST_AUTO_TEST_SUITE(docs)

BOOST_AUTO_TEST_CASE(the_page_lists_the_routes_that_there_are) {
  RunningHub hub;
  std::string table = "| route | for | what |\n|---|---|---|\n";
  for (const auto& line : route_table(*hub.server)) {
    table.append("| `").append(line.method).append(" ").append(line.pattern).append("` | ");
    table.append(needs_name(line.needs)).append(" | ").append(line.doc->summary.text).append(" |\n");
  }
  ieum::test::Page("api.md").require("routes", table);
}

BOOST_AUTO_TEST_SUITE_END()
