// The audit log: one entry an act, none that was not written, and a chain that shows what was taken out or changed.
#include <sqlite3.h>

#include <set>

#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

std::string sample_path(std::string pattern) {
  for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{'))
    pattern.replace(at, pattern.find('}', at) - at + 1, "999999");
  return pattern;
}

// A body that is taken for what the route says that it must have.
Value sample_body(const RouteDoc& doc) {
  Map body;
  for (const auto& member : doc.body) {
    if (!member.required) continue;
    switch (member.type) {
      case Type::integer:
      case Type::number: body.set(member.name.text, 1); break;
      case Type::boolean: body.set(member.name.text, true); break;
      case Type::object: body.set(member.name.text, Map{}); break;
      case Type::list:
      case Type::texts:
      case Type::integers: body.set(member.name.text, List{}); break;
      case Type::text:
      case Type::any: body.set(member.name.text, "secret-of-" + std::string(member.name.text)); break;
    }
  }
  return body;
}

void tamper(const RunningHub& hub, const std::string& sql) {
  sqlite3* database = nullptr;
  BOOST_REQUIRE(sqlite3_open((hub.folder.path() / "hub.db").c_str(), &database) == SQLITE_OK);
  sqlite3_busy_timeout(database, 5000);
  char* why = nullptr;
  sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &why);
  BOOST_TEST(why == nullptr, (why == nullptr ? "" : why));
  sqlite3_close(database);
}

Value chain(RunningHub& hub) { return hub.get("/api/v1/audit/chain"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(audit)

BOOST_AUTO_TEST_CASE(CON_11_every_unsafe_route_writes_one_entry_and_no_secret) {
  RunningHub hub;
  std::set<std::string> wanted;
  for (const auto& line : route_table(*hub.server)) {
    if (line.door != "admin" || line.method == "GET" || line.doc->asks) continue;
    Visitor(hub, kToken)
        .send(line.method, sample_path(line.pattern), line.method == "POST" ? sample_body(*line.doc) : Value());
    hub.clock.advance(kMinute);
    wanted.insert(line.method + " " + line.pattern);
  }
  hub.store->submit_and_wait(store::Queue::work, {});  // the last status is written
  std::multiset<std::string> found;
  const auto page = hub.get("/api/v1/audit?limit=200");
  for (const auto& entry : *page.get("entries")->if_list()) {
    found.insert(entry.text("what"));
    BOOST_TEST_CONTEXT(entry.text("what")) {
      BOOST_TEST(entry.text("from") == "127.0.0.1");
      BOOST_TEST(entry.number("at_ms") > 0);
      BOOST_TEST(entry.number("status") >= 200);
      const bool is_login = entry.text("kind") == "person";
      BOOST_TEST((is_login || entry.text("who") == "local"));
    }
  }
  BOOST_TEST((std::set<std::string>(found.begin(), found.end()) == wanted));
  BOOST_TEST(found.size() == wanted.size());
  BOOST_TEST(write_json(page).find("secret-of-password") == std::string::npos);
  BOOST_TEST(write_json(page).find("secret-of-token") == std::string::npos);
  BOOST_TEST(page.at_path("chain.state")->if_string()->compare("whole") == 0);
  BOOST_TEST(chain(hub).text("state") == "whole");
  BOOST_TEST(chain(hub).number("entries") == static_cast<std::int64_t>(wanted.size()));
}

BOOST_AUTO_TEST_CASE(CON_11_an_entry_says_who_did_what_to_what_from_where_and_how_it_ended) {
  RunningHub hub;
  auto owner = claim(hub);
  owner.post("/api/v1/people", Map{{"name", "junho"}, {"role", "editor"}});
  owner.post("/api/v1/runs/42/cancel");
  hub.store->submit_and_wait(store::Queue::work, {});
  const auto page = hub.get("/api/v1/audit?who=minji");
  const auto& entries = *page.get("entries")->if_list();
  BOOST_REQUIRE(entries.size() == 3u);
  BOOST_TEST(entries[0].text("what") == "POST /api/v1/runs/{id}/cancel");
  BOOST_TEST(entries[0].text("target") == "42");
  BOOST_TEST(entries[0].number("status") == 404);
  BOOST_TEST(entries[1].text("kind") == "person");
  BOOST_TEST((*entries[1].get("details") == Value(Map{{"name", "junho"}, {"role", "editor"}})));
  BOOST_TEST(entries[2].text("what") == "POST /api/v1/claim");
  BOOST_TEST((*entries[2].get("details") == Value(Map{{"token", "..."}, {"name", "minji"}, {"password", "..."}})));
}

BOOST_AUTO_TEST_CASE(CON_11_what_cannot_be_written_down_is_not_done) {
  RunningHub hub;
  hub.connect_all();
  hub.store->close();
  const auto refused = hub.del("/api/v1/connections/team", 503);
  BOOST_TEST(refused.at_path("error.code")->if_string()->compare("audit_unwritable") == 0);
  bool there = false;
  for (const auto& connection : hub.hub->connections()) there = there || connection.text("name") == "team";
  BOOST_TEST(there);
}

BOOST_AUTO_TEST_CASE(CON_11_an_entry_that_was_taken_out_or_changed_is_found) {
  const auto broken_at = [](const std::string& sql) {
    RunningHub hub;
    for (int i = 0; i < 4; ++i) hub.post("/api/v1/login-links");
    BOOST_TEST(chain(hub).text("state") == "whole");
    tamper(hub, sql);
    const auto found = chain(hub);
    BOOST_TEST(found.text("state") == "broken", sql);
    hub.post("/api/v1/login-links");  // what comes later does not heal it
    BOOST_TEST(chain(hub).text("state") == "broken", sql);
    return found.number("at");
  };
  BOOST_TEST(broken_at("DELETE FROM audit WHERE id = 2") == 2);
  BOOST_TEST(broken_at("DELETE FROM audit WHERE id = 4") == 4);
  BOOST_TEST(broken_at("DELETE FROM audit WHERE id > 1") == 2);
  BOOST_TEST(broken_at("UPDATE audit SET who = 'somebody' WHERE id = 3") == 3);
  BOOST_TEST(broken_at("UPDATE audit SET seal = (SELECT seal FROM audit WHERE id = 1) WHERE id = 2") == 2);
  BOOST_TEST(broken_at("DELETE FROM audit; DELETE FROM meta WHERE name = 'audit.head'; "
                       "INSERT INTO audit VALUES (1, 1, 'a', 'local', 'b', '', '', '{}', 'c', 200)") == 1);
}

BOOST_AUTO_TEST_CASE(CON_11_a_page_shows_that_its_chain_is_broken) {
  RunningHub hub;
  for (int i = 0; i < 4; ++i) hub.post("/api/v1/login-links");
  tamper(hub, "UPDATE audit SET peer = '192.0.2.1' WHERE id = 3");
  const auto page = hub.get("/api/v1/audit");
  BOOST_TEST(page.at_path("chain.state")->if_string()->compare("broken") == 0);
  BOOST_TEST(page.get("chain")->number("at") == 3);
}

BOOST_AUTO_TEST_SUITE_END()
