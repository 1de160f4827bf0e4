// People of a real hub: the claim that it prints, the command line, and a session that outlives a crash.
#include <httplib.h>

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

const char* const kJson = "application/json";

std::string line_with(const std::string& text, const std::string& part) {
  const auto at = text.find(part);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, part + " is not in\n" + text);
  const auto from = text.rfind('\n', at) + 1;
  return text.substr(from, text.find('\n', at) - from);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(people)

BOOST_AUTO_TEST_CASE(CON_01_CON_08_the_printed_link_claims_the_hub_and_its_session_outlives_a_crash) {
  FloorOptions options;
  options.connect = false;
  ShopFloor floor(options);
  BOOST_REQUIRE(floor.hub().wait_for("/claim#"));
  const auto link = line_with(floor.hub().printed(), "/claim#");
  const auto origin = link.substr(0, link.find("/claim#"));
  BOOST_TEST(origin.starts_with("http://127.0.0.1:"));
  const auto claim = write_json(
      Map{{"token", link.substr(link.find('#') + 1)}, {"name", "minji"}, {"password", "four words of mine"}});
  const auto claimed = httplib::Client(origin).Post("/api/v1/claim", claim, kJson);
  BOOST_REQUIRE(claimed);
  BOOST_REQUIRE_MESSAGE(claimed->status == 200, claimed->body);
  BOOST_TEST(httplib::Client(origin).Post("/api/v1/claim", claim, kJson)->status == 401);
  const auto set = claimed->get_header_value("Set-Cookie");
  const auto id = set.substr(set.find('=') + 1, set.find(';') - set.find('=') - 1);

  floor.hub().kill_now();
  floor.start_hub();
  BOOST_TEST(floor.hub().printed().find("/claim#") == std::string::npos);
  const auto now = floor.ieum({"console"});
  const auto there = now.substr(0, now.find("/enter#"));
  const auto me = httplib::Client(there).Get(
      "/api/v1/me", {{"Cookie", "ieum_session_" + there.substr(there.rfind(':') + 1) + "=" + id}});
  BOOST_TEST(me->status == 200);
}

BOOST_AUTO_TEST_CASE(the_command_line_keeps_people_tokens_and_the_log) {
  FloorOptions options;
  options.connect = false;
  ShopFloor floor(options);
  BOOST_TEST(floor.ieum({"user", "claim-link"}).find("/claim#") != std::string::npos);
  BOOST_TEST(floor.ieum({"user", "add", "junho", "--role", "operator"}).find("/invitation#") != std::string::npos);
  BOOST_TEST(floor.ieum({"user", "add", "junho"}, 1).find("/invitation#") == std::string::npos);
  floor.ieum({"user", "role", "junho", "editor"});
  floor.ieum({"user", "disable", "junho"});
  BOOST_TEST(line_with(floor.ieum({"user", "list"}), "junho").find("editor") != std::string::npos);
  BOOST_TEST(line_with(floor.ieum({"user", "list"}), "junho").find("disabled") != std::string::npos);
  floor.ieum({"user", "enable", "junho"});
  BOOST_TEST(floor.ieum({"user", "link", "junho"}).find("/invitation#") != std::string::npos);
  floor.ieum({"user", "remove", "junho"});
  floor.ieum({"user", "remove", "junho"}, 1);

  const auto token = floor.ieum({"token", "add", "ci", "--role", "viewer", "--scope", "settings:read"});
  const auto text = token.substr(0, token.find('\n'));
  BOOST_TEST(text.starts_with("ieum_"));
  const auto console = floor.ieum({"console"});
  httplib::Client program(console.substr(0, console.find("/enter#")));
  program.set_default_headers({{"Authorization", "Bearer " + text}});
  BOOST_TEST(program.Get("/metrics")->status == 200);
  BOOST_TEST(program.Get("/api/v1/runs")->status == 403);
  BOOST_TEST(line_with(floor.ieum({"token", "list"}), "settings:read").find(text) == std::string::npos);
  floor.ieum({"token", "revoke", "1"});
  BOOST_TEST(program.Get("/metrics")->status == 401);

  BOOST_TEST(line_with(floor.ieum({"audit", "list"}), "POST /api/v1/tokens").find("local") != std::string::npos);
  BOOST_TEST(floor.ieum({"audit", "verify"}).find("all as they were written") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
