// How people come in: the claim of a new hub, passwords, invitations, sessions and how they end.
#include <algorithm>

#include "server/visitors.hpp"
#include "store/reader.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

Value claiming(const std::string& token, const std::string& name = "minji", const std::string& password = kPassword) {
  return Map{{"token", token}, {"name", name}, {"password", password}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identity)

BOOST_AUTO_TEST_CASE(CON_01_a_fresh_hub_has_no_account_and_no_usual_password_opens_it) {
  RunningHub hub;
  Visitor stranger(hub);
  BOOST_TEST(!stranger.get("/api/v1/door").value().flag("claimed", true));
  BOOST_TEST(hub.store->reader()->people()->empty());
  const std::vector<std::string> names{"admin", "root", "ieum", "local", "user", "operator", "owner", "test", "", "a"};
  const std::vector<std::string> passwords{"admin", "password", "root", "ieum",     "123456",
                                           "",      "changeme", "test", "letmein1", "administrator"};
  for (const auto& name : names) {
    for (const auto& password : passwords) {
      const auto answer = stranger.log_in(name, password);
      BOOST_TEST((answer.status == 401 || answer.status == 429));
      hub.clock.advance(kMinute);
    }
  }
  BOOST_TEST(stranger.cookie.empty());
}

BOOST_AUTO_TEST_CASE(CON_01_the_set_up_token_makes_one_owner_once_and_within_half_an_hour) {
  RunningHub hub;
  Visitor late(hub), first(hub), second(hub);
  const auto old = hub.server->claim_url();
  BOOST_TEST(old.starts_with("http://127.0.0.1:" + std::to_string(hub.server->admin_port()) + "/claim#"));
  hub.clock.advance(30 * kMinute);
  BOOST_TEST(late.post("/api/v1/claim", claiming(secret_of(old))).code() == "wrong_link");
  const auto token = secret_of(hub.server->claim_url());
  BOOST_TEST(token.size() == 43u);  // 256 bits
  BOOST_TEST(late.post("/api/v1/claim", claiming("x" + token)).code() == "wrong_link");
  // What is refused for another reason does not use it up.
  BOOST_TEST(first.post("/api/v1/claim", claiming(token, "minji", "short")).code() == "weak_password");
  BOOST_TEST(first.post("/api/v1/claim", claiming(token, " ")).code() == "bad_name");
  hub.clock.advance(kMinute);
  const auto claimed = first.post("/api/v1/claim", claiming(token));
  BOOST_REQUIRE_MESSAGE(claimed.status == 200, claimed.body);
  BOOST_TEST(claimed.value().at_path("person.role")->if_string()->compare("owner") == 0);
  BOOST_TEST(first.get("/api/v1/people").status == 200);
  BOOST_TEST(second.post("/api/v1/claim", claiming(token, "junho")).code() == "wrong_link");
  BOOST_TEST(hub.server->claim_url().empty());
  BOOST_TEST(
      hub.post("/api/v1/claim-links", Map{}, 409).at_path("error.code")->if_string()->compare("already_claimed") == 0);
  BOOST_TEST(second.get("/api/v1/door").value().flag("claimed"));
}

BOOST_AUTO_TEST_CASE(CON_08_the_cookie_is_new_at_each_login_long_and_out_of_reach_of_scripts) {
  RunningHub hub;
  auto browser = claim(hub);
  const auto first = browser.cookie;
  const auto answer = browser.log_in("Minji");  // names have no case
  BOOST_REQUIRE(answer.status == 200);
  BOOST_TEST(browser.cookie != first);
  const auto port = std::to_string(hub.server->admin_port());
  BOOST_TEST(browser.cookie.starts_with("ieum_session_" + port + "="));
  BOOST_TEST(browser.cookie.substr(browser.cookie.find('=') + 1).size() == 43u);  // 256 bits
  BOOST_TEST(answer.header("Set-Cookie").find("; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200") !=
             std::string::npos);
  // The one that the browser showed has ended: what somebody put there before is worth nothing.
  Visitor fixed(hub);
  fixed.cookie = first;
  BOOST_TEST(fixed.get("/api/v1/me").status == 401);
  // An id that the hub did not make is not taken up.
  Visitor planted(hub);
  planted.cookie = "ieum_session_" + port + "=planted";
  planted.log_in("minji");
  BOOST_TEST(planted.cookie.find("planted") == std::string::npos);
  // The store has its SHA-256 and nothing else of it.
  const auto rows = *hub.store->reader()->sessions();
  for (const auto& row : rows)
    BOOST_TEST(row.hash.find(browser.cookie.substr(browser.cookie.size() - 20)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(CON_08_behind_tls_the_cookie_is_bound_to_the_host) {
  ServerOptions options;
  options.admin_names = {"hub.example"};
  RunningHub hub(options);
  claim(hub);
  Visitor browser(hub);
  const httplib::Headers there{{"Host", "hub.example"}, {"Origin", "https://hub.example"}};
  const auto answer = browser.send("POST", "/api/v1/sessions", Map{{"name", "minji"}, {"password", kPassword}}, there);
  BOOST_REQUIRE(answer.status == 200);
  const auto set = answer.header("Set-Cookie");
  BOOST_TEST(set.starts_with("__Host-ieum="));
  BOOST_TEST(set.find("; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200; Secure") != std::string::npos);
  BOOST_TEST(set.find("Domain") == std::string::npos);
  BOOST_TEST(browser.send("GET", "/api/v1/me", {}, {{"Host", "hub.example"}}).status == 200);
}

BOOST_AUTO_TEST_CASE(CON_08_a_session_ends_on_the_server_with_what_it_stood_for) {
  RunningHub hub;
  auto owner = claim(hub);
  auto person = invite(hub, owner, "junho", "editor");
  const auto id = std::to_string(person.get("/api/v1/me").value().number("id"));
  const auto alive = [](Visitor& visitor) { return visitor.get("/api/v1/me").status == 200; };
  const auto again = [&](const std::string& name = "junho") {
    hub.clock.advance(kMinute);
    Visitor visitor(hub);
    BOOST_REQUIRE(visitor.log_in(name).status == 200);
    return visitor;
  };
  // Logged out.
  auto out = again();
  auto copy = out;
  BOOST_TEST(out.del("/api/v1/sessions").status == 200);
  BOOST_TEST(!alive(copy));
  BOOST_TEST(alive(person));  // sessions of one person stand beside each other
  // A new password: others end, this one stays.
  auto here = again();
  BOOST_TEST(here.post("/api/v1/me/password", Map{{"old", "wrong words, all of them"}, {"new", "other words of mine"}})
                 .code() == "wrong_password");
  BOOST_TEST(here.post("/api/v1/me/password", Map{{"old", kPassword}, {"new", "password1234"}}).code() ==
             "weak_password");
  hub.clock.advance(kMinute);
  BOOST_TEST(here.post("/api/v1/me/password", Map{{"old", kPassword}, {"new", "other words of mine"}}).status == 200);
  BOOST_TEST(alive(here));
  BOOST_TEST(!alive(person));
  BOOST_TEST(Visitor(hub).log_in("junho").status == 401);
  // Another role, and shut out.
  BOOST_TEST(owner.post("/api/v1/people/" + id, Map{{"role", "viewer"}}).status == 200);
  BOOST_TEST(!alive(here));
  hub.clock.advance(kMinute);
  BOOST_REQUIRE(here.log_in("junho", "other words of mine").status == 200);
  BOOST_TEST(here.get("/api/v1/me").value().text("role") == "viewer");
  BOOST_TEST(owner.post("/api/v1/people/" + id, Map{{"disabled", true}}).status == 200);
  BOOST_TEST(!alive(here));
  BOOST_TEST(here.log_in("junho", "other words of mine").status == 401);
  // Its time is over.
  hub.clock.advance(12 * kHour);
  BOOST_TEST(!alive(owner));
}

BOOST_AUTO_TEST_CASE(CON_08_a_person_sees_and_ends_their_own_sessions) {
  RunningHub hub;
  auto owner = claim(hub);
  Visitor other(hub);
  BOOST_REQUIRE(other.log_in("minji").status == 200);
  const auto listed = owner.get("/api/v1/me/sessions").value();
  const auto* sessions = listed.get("sessions")->if_list();
  BOOST_REQUIRE(sessions->size() == 2u);
  for (const auto& session : *sessions) {
    BOOST_TEST(session.text("peer") == "127.0.0.1");
    if (session.flag("current")) continue;
    BOOST_TEST(owner.del("/api/v1/me/sessions/" + session.text("id")).status == 200);
  }
  BOOST_TEST(other.get("/api/v1/me").status == 401);
  BOOST_TEST(owner.get("/api/v1/me").status == 200);
}

BOOST_AUTO_TEST_CASE(a_session_that_writes_shows_that_it_comes_from_the_hubs_own_page) {
  RunningHub hub;
  auto owner = claim(hub);
  const Value view = Map{{"name", "a"}, {"query", "b"}};
  const auto port = std::to_string(hub.server->admin_port());
  const auto with = [&](const httplib::Headers& headers) { return owner.send("POST", "/api/v1/views", view, headers); };
  BOOST_TEST(with({{"Sec-Fetch-Site", "same-origin"}}).status == 200);
  BOOST_TEST(with({{"Origin", "http://127.0.0.1:" + port}}).status == 200);
  BOOST_TEST(with({{"Sec-Fetch-Site", "none"}}).code() == "foreign_origin");
  BOOST_TEST(with({{"Sec-Fetch-Site", "cross-site"}}).status == 403);
  auto client = hub.admin_client();
  const auto bare = client.Post("/api/v1/views", {{"Cookie", owner.cookie}}, write_json(view), kJson);
  BOOST_TEST(bare->status == 403);
}

BOOST_AUTO_TEST_CASE(the_last_owner_stays_and_an_invitation_works_once) {
  RunningHub hub;
  auto owner = claim(hub);
  for (const Value& change : {Value(Map{{"role", "editor"}}), Value(Map{{"disabled", true}})})
    BOOST_TEST(owner.post("/api/v1/people/1", change).code() == "last_owner");
  BOOST_TEST(owner.del("/api/v1/people/1").code() == "last_owner");
  BOOST_TEST(owner.post("/api/v1/people", Map{{"name", "MINJI"}, {"role", "viewer"}}).code() == "name_taken");
  BOOST_TEST(owner.post("/api/v1/people", Map{{"name", "local"}, {"role", "viewer"}}).code() == "bad_name");
  const auto invited = owner.post("/api/v1/people", Map{{"name", "준호"}, {"role", "owner"}}).value();
  BOOST_TEST(invited.at_path("person.invited") != nullptr);
  // Who has no password yet is no owner who could stay behind.
  BOOST_TEST(owner.del("/api/v1/people/1").code() == "last_owner");
  const Value taking = Map{{"token", secret_of(invited.text("url"))}, {"password", kPassword}};
  Visitor person(hub), again(hub);
  BOOST_TEST(person.post("/api/v1/invitations", taking).status == 200);
  BOOST_TEST(again.post("/api/v1/invitations", taking).code() == "wrong_link");
  BOOST_TEST(person.del("/api/v1/people/1").status == 200);
  BOOST_TEST(owner.get("/api/v1/me").status == 401);
  // A link to a new password ends the sessions of the old one.
  const auto id = person.get("/api/v1/me").value().number("id");
  const auto link = person.post("/api/v1/people/" + std::to_string(id) + "/link").value();
  hub.clock.advance(kMinute);
  BOOST_TEST(
      again
          .post("/api/v1/invitations", Map{{"token", secret_of(link.text("url"))}, {"password", "other words of mine"}})
          .status == 200);
  BOOST_TEST(person.get("/api/v1/me").status == 401);
}

BOOST_AUTO_TEST_CASE(the_admin_side_leaves_the_machine_only_when_it_is_claimed_and_cannot_be_read_along) {
  RunningHub hub;
  ServerOptions options;
  options.admin_host = "0.0.0.0";
  BOOST_TEST(hub.second_server(options).error().code == "admin_not_claimed");
  claim(hub);
  BOOST_TEST(hub.second_server(options).error().code == "admin_without_tls");
  options.admin_names = {"hub.example"};
  const auto opened = hub.second_server(options);
  BOOST_TEST(opened.has_value(), (opened.has_error() ? opened.error().text() : ""));
}

BOOST_AUTO_TEST_SUITE_END()
