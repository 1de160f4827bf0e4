// What people see of a host that fails: in the overview and in the metrics, and nothing of one that is well.
#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

const List& hosts_of(const Value& overview) { return *overview.get("hosts")->if_list(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(a_host_that_fails_stands_in_the_overview_and_in_the_metrics_until_it_answers) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  BOOST_TEST(hosts_of(hub.get("/api/v1/overview")).empty());
  hub.vendor.lose_answers = true;
  hub.post("/api/v1/events", Map{{"connection", "inbox"}, {"topic", "note"}, {"data", Map{{"text", "하나"}}}});
  hub.settle();
  const auto overview = hub.get("/api/v1/overview");
  BOOST_REQUIRE_EQUAL(hosts_of(overview).size(), 1u);
  const auto& host = hosts_of(overview).front();
  BOOST_TEST(host.text("host").starts_with("https://"));
  BOOST_TEST(host.text("state") == "closed");  // one call is not enough to say more
  BOOST_TEST(host.number("failing_since_ms") == hub.clock.now());
  BOOST_TEST(host.get("next_try_ms")->is_null());
  BOOST_TEST(!host.flag("long"));
  const auto metrics = Visitor(hub, kToken).get("/metrics").body;
  BOOST_TEST(metrics.find("ieum_host_up{host=\"" + host.text("host") + "\"} 1\n") != std::string::npos);
  BOOST_TEST(metrics.find("ieum_host_runs_away{host=\"" + host.text("host") + "\"} 0\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
