// What a sender put into a body is saved, never shown as a page of the hub's; and what a monitor reads.
#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

BOOST_AUTO_TEST_SUITE(downloads)

BOOST_AUTO_TEST_CASE(CON_05_a_body_is_an_attachment_whatever_it_is) {
  RunningHub hub;
  hub.connect_all();
  const std::vector<std::pair<std::string, std::string>> bodies{
      {"text/html", "<script>alert(1)</script>"},
      {"image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"},
      {"text/xml", "<?xml-stylesheet href=\"//evil.example\"?><a/>"},
      {"application/pdf", "%PDF-1.7 app.alert(1)"}};
  Id id = 0;
  for (const auto& [type, bytes] : bodies) {
    const auto body = write_json(Map{{"id", id + 1}, {"text", bytes}});
    hub.deliver(body, "delivery-" + std::to_string(++id));
    const auto answer = Visitor(hub, kToken).get("/api/v1/events/" + std::to_string(id) + "/body");
    BOOST_TEST_CONTEXT(type) {
      BOOST_TEST(answer.status == 200);
      BOOST_TEST(answer.body == body);
      BOOST_TEST(answer.header("Content-Disposition").starts_with("attachment; filename=\"event-"));
      BOOST_TEST(answer.header("Content-Type") == "application/octet-stream");
      BOOST_TEST(answer.header("X-Content-Type-Options") == "nosniff");
      BOOST_TEST(answer.header("Content-Security-Policy").ends_with("; sandbox"));
      BOOST_TEST(answer.header("Cache-Control") == "no-store");
    }
  }
  BOOST_TEST(Visitor(hub, kToken).get("/api/v1/events/999/body").status == 404);
}

BOOST_AUTO_TEST_CASE(metrics_are_families_with_help_and_whole_numbers) {
  RunningHub hub;
  hub.connect_all();
  const auto answer = Visitor(hub, kToken).get("/metrics");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.header("Content-Type").starts_with("text/plain; version=0.0.4"));
  std::istringstream lines(answer.body);
  std::string family;
  int samples = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) family = line.substr(7, line.find(' ', 7) - 7);
    if (line.starts_with("#")) continue;
    ++samples;
    BOOST_TEST(line.starts_with(family), line);
    BOOST_TEST(line.substr(line.rfind(' ') + 1).find_first_not_of("0123456789") == std::string::npos, line);
  }
  BOOST_TEST(samples > 10);
  BOOST_TEST(answer.body.find("ieum_connection_up{connection=\"team\"} 1\n") != std::string::npos);
  BOOST_TEST(Visitor(hub).get("/metrics").status == 401);
}

BOOST_AUTO_TEST_SUITE_END()
