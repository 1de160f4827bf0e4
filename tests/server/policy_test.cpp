// Every route of the admin door against everything that must not come in, and the login.
#include "server/fixture.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

// A path that fits the pattern, with things that do not exist.
std::string sample_path(std::string pattern) {
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"{id}", "999999"},
                                    {"{name}", "nobody"},
                                    {"{path...}", "enter"},
                                    {"{connection}", "nobody"},
                                    {"{token}", "none"},
                                    {"{login}", "none"}}) {
    if (const auto at = pattern.find(name); at != std::string::npos) pattern.replace(at, name.size(), value);
  }
  return pattern;
}

struct Ask {
  std::string method, path;
  httplib::Headers headers;
  std::string body;
  std::string type = kJson;  // "" sends none
};

httplib::Result send(const RunningHub& hub, const Ask& ask) {
  auto client = hub.admin_client();
  httplib::Request request;
  request.method = ask.method;
  request.path = ask.path;
  request.headers = ask.headers;
  request.body = ask.body;
  if (ask.method != "GET" && !ask.type.empty()) request.headers.emplace("Content-Type", ask.type);
  return client.send(request);
}

const std::pair<std::string, std::string> kGood{"Authorization", "Bearer " + kToken};

// The live view has no end.
bool is_stream(const RouteLine& line) { return line.pattern == "/api/v1/runs/live"; }

std::string cookie_of(const httplib::Result& answer) {
  const auto set = answer->get_header_value("Set-Cookie");
  return set.substr(0, set.find(';'));
}

std::string log_in(const RunningHub& hub) {
  const auto link = send(hub, {"POST", "/api/v1/login-links", {kGood}, ""});
  BOOST_REQUIRE(link->status == 200);
  const auto url = read(link->body).text("url");
  const auto code = url.substr(url.find('#') + 1);
  const auto session = send(hub, {"POST", "/api/v1/sessions", {}, write_json(Map{{"code", code}})});
  BOOST_REQUIRE_MESSAGE(session->status == 200, session->body);
  return cookie_of(session);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policies)

BOOST_AUTO_TEST_CASE(CON_07_every_admin_route_refuses_what_is_not_allowed_in) {
  RunningHub hub;
  int checked = 0;
  for (const auto& line : route_table(*hub.server)) {
    if (line.door != "admin") continue;
    ++checked;
    const Ask plain{line.method, sample_path(line.pattern), {}, line.method == "POST" ? "{}" : ""};
    BOOST_TEST_CONTEXT(line.method << " " << line.pattern << " for " << needs_name(line.needs)) {
      const bool open = !role_for(line.needs);
      const auto with = [&](std::initializer_list<std::pair<const std::string, std::string>> headers,
                            bool token = true) {
        Ask ask = plain;
        if (token) ask.headers.insert(kGood);
        ask.headers.insert(headers);
        return send(hub, ask);
      };
      // The token: none, wrong, a part of it, too much, in the wrong place, twice.
      const int shut = 401;
      for (const auto& answer :
           {with({}, false), with({{"Authorization", "Bearer wrong"}}, false),
            with({{"Authorization", "Bearer " + kToken.substr(0, kToken.size() - 1)}}, false),
            with({{"Authorization", "Bearer " + kToken + "x"}}, false), with({{"Authorization", "Bearer "}}, false),
            with({{"Authorization", "Basic " + kToken}}, false), with({{"Cookie", "ieum_session=" + kToken}}, false),
            with({{"Authorization", "Bearer " + kToken}}, true)}) {
        if (open) {
          BOOST_TEST(answer->status != shut);
        } else {
          BOOST_TEST(answer->status == shut);
          BOOST_TEST(read(answer->body).at_path("error.code")->if_string()->compare("not_logged_in") == 0);
        }
      }
      // Somebody else's name, page or form, whatever token comes with it.
      for (const char* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "127.0.0.1:x",
                               "127.0.0.1:99999", "10.0.0.1", "[::2]", "127.1", "localhost:", ""}) {
        BOOST_TEST_CONTEXT("Host " << host) {
          const auto answer = with({{"Host", host}});
          BOOST_TEST((answer->status == 421 || (*host == '\0' && answer->status == 400)));
        }
      }
      const auto port = std::to_string(hub.server->admin_port());
      for (const std::string& origin :
           {std::string("http://evil.example"), std::string("null"), std::string("https://127.0.0.1:") + port,
            std::string("http://localhost:") + port, std::string("http://127.0.0.1:1"), std::string("")}) {
        BOOST_TEST_CONTEXT("Origin " << origin) BOOST_TEST(with({{"Origin", origin}})->status == 403);
      }
      for (const char* site : {"cross-site", "same-site"}) BOOST_TEST(with({{"Sec-Fetch-Site", site}})->status == 403);
      if (line.method == "POST") {
        for (const char* type :
             {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a",
              "application/json; charset=utf-7", "application/jsonx", "application/json, text/plain"}) {
          Ask ask = plain;
          ask.headers.insert(kGood);
          ask.type = type;
          BOOST_TEST_CONTEXT("Content-Type " << type) BOOST_TEST(send(hub, ask)->status == 415);
          ask.body.clear();
          BOOST_TEST_CONTEXT("Content-Type " << type << " without a body") BOOST_TEST(send(hub, ask)->status == 415);
        }
      }
      if (is_stream(line)) continue;
      // And the operator comes in: what does not exist is missing, but nothing is forbidden.
      const auto good = with({{"Origin", "http://127.0.0.1:" + port}, {"Sec-Fetch-Site", "same-origin"}});
      if (line.needs != Needs::login) {
        BOOST_TEST((good->status == 200 || good->status == 400 || good->status == 404));
      }
      BOOST_TEST(good->get_header_value("Content-Security-Policy").starts_with("default-src 'self';"));
      BOOST_TEST(good->get_header_value("Content-Security-Policy").find("frame-ancestors 'none'") != std::string::npos);
      BOOST_TEST(good->get_header_value("Content-Security-Policy").find("unsafe") == std::string::npos);
      BOOST_TEST(good->get_header_value("X-Frame-Options") == "DENY");
      BOOST_TEST(!good->get_header_value("Permissions-Policy").empty());
      BOOST_TEST(good->get_header_value("X-Content-Type-Options") == "nosniff");
      BOOST_TEST(good->get_header_value("Referrer-Policy") == "no-referrer");
      if (line.needs != Needs::page) BOOST_TEST(good->get_header_value("Cache-Control") == "no-store");
    }
  }
  BOOST_TEST(checked > 20);
}

BOOST_AUTO_TEST_CASE(every_loopback_name_is_taken_with_its_own_origin) {
  RunningHub hub;
  for (const std::string host : {"127.0.0.1", "localhost", "localhost:9000", "LocalHost:9000", "[::1]", "[::1]:8081"}) {
    const auto answer = send(hub, {"GET", "/api/v1/status", {kGood, {"Host", host}, {"Origin", "http://" + host}}, ""});
    BOOST_TEST_CONTEXT(host) BOOST_TEST(answer->status == 200);
  }
}

BOOST_AUTO_TEST_CASE(a_configured_name_is_taken_and_stands_behind_tls) {
  ServerOptions options;
  options.admin_names = {"Hub.example"};
  RunningHub hub(options);
  const auto link = send(hub, {"POST", "/api/v1/login-links", {kGood, {"Host", "hub.example"}}, ""});
  BOOST_REQUIRE(link->status == 200);
  BOOST_TEST(read(link->body).text("url").starts_with("https://hub.example/enter#"));
  BOOST_TEST(
      send(hub, {"GET", "/api/v1/status", {kGood, {"Host", "hub.example"}, {"Origin", "https://hub.example"}}, ""})
          ->status == 200);
  BOOST_TEST(send(hub, {"GET", "/api/v1/status", {kGood, {"Host", "hub.example.evil"}}, ""})->status == 421);
}

BOOST_AUTO_TEST_CASE(a_token_in_the_address_opens_nothing) {
  RunningHub hub;
  for (const char* name : {"token", "access_token", "admin_token"}) {
    BOOST_TEST(send(hub, {"GET", std::string("/api/v1/status?") + name + "=" + kToken, {}, ""})->status == 401);
  }
}

BOOST_AUTO_TEST_CASE(what_no_route_knows_is_missing_and_a_wrong_method_says_so) {
  RunningHub hub;
  for (const char* path : {"/api/v1/nothing", "/api/v1/runs/", "/API/v1/runs", "/api/v2/status", "/%2e%2e/etc/passwd",
                           "/..%2fkey", "/.."}) {
    BOOST_TEST_CONTEXT(path) BOOST_TEST(send(hub, {"GET", path, {kGood}, ""})->status == 404);
  }
  const auto wrong = send(hub, {"DELETE", "/api/v1/runs", {kGood}, ""});
  BOOST_TEST(wrong->status == 405);
  BOOST_TEST(wrong->get_header_value("Allow") == "GET");
}

BOOST_AUTO_TEST_CASE(a_login_link_opens_a_session_that_acts_and_ends) {
  RunningHub hub;
  const auto link = send(hub, {"POST", "/api/v1/login-links", {kGood}, ""});
  const auto url = read(link->body).text("url");
  const auto port = std::to_string(hub.server->admin_port());
  BOOST_TEST(url.starts_with("http://127.0.0.1:" + port + "/enter#"));
  BOOST_TEST(read(link->body).number("expires_ms") == kMonday + 5 * kMinute);
  const auto code = write_json(Map{{"code", url.substr(url.find('#') + 1)}});
  const auto opened = send(hub, {"POST", "/api/v1/sessions", {}, code});
  BOOST_REQUIRE(opened->status == 200);
  const auto set = opened->get_header_value("Set-Cookie");
  BOOST_TEST(set.starts_with("ieum_session_" + port + "="));
  BOOST_TEST(set.find("; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200") != std::string::npos);
  BOOST_TEST(send(hub, {"POST", "/api/v1/sessions", {}, code})->status == 401);

  const auto cookie = cookie_of(opened);
  BOOST_TEST(send(hub, {"GET", "/api/v1/status", {{"Cookie", "a=b; " + cookie + "; c=d"}}, ""})->status == 200);
  BOOST_TEST(send(hub, {"GET", "/api/v1/status", {{"Cookie", cookie + "x"}}, ""})->status == 401);
  BOOST_TEST(send(hub, {"GET", "/api/v1/status", {{"Cookie", "x" + cookie}}, ""})->status == 401);
  // A session cannot make further logins, and a page of another site cannot ride on it.
  BOOST_TEST(send(hub, {"POST", "/api/v1/login-links", {{"Cookie", cookie}}, ""})->status == 401);
  BOOST_TEST(send(hub, {"POST", "/api/v1/runs/1/cancel", {{"Cookie", cookie}, {"Origin", "http://evil.example"}}, ""})
                 ->status == 403);

  const auto closed =
      send(hub, {"DELETE", "/api/v1/sessions", {{"Cookie", cookie}, {"Origin", "http://127.0.0.1:" + port}}, ""});
  BOOST_TEST(closed->status == 200);
  BOOST_TEST(closed->get_header_value("Set-Cookie").find("Max-Age=0") != std::string::npos);
  BOOST_TEST(send(hub, {"GET", "/api/v1/status", {{"Cookie", cookie}}, ""})->status == 401);
}

BOOST_AUTO_TEST_CASE(a_session_ends_after_twelve_hours_but_not_by_a_moved_clock) {
  RunningHub hub;
  const auto cookie = log_in(hub);
  hub.post("/api/v1/clock", Map{{"to", "2026-03-09T09:00:00+09:00"}});
  BOOST_TEST(send(hub, {"GET", "/api/v1/status", {{"Cookie", cookie}}, ""})->status == 200);
  hub.clock.advance(12 * kHour);
  BOOST_TEST(send(hub, {"GET", "/api/v1/status", {{"Cookie", cookie}}, ""})->status == 401);
}

BOOST_AUTO_TEST_CASE(guessing_codes_is_slowed_down_bars_no_link_and_accuses_nobody) {
  RunningHub hub;
  const auto url = hub.post("/api/v1/login-links").text("url");
  const Ask guess{"POST", "/api/v1/sessions", {}, R"({"code":"wrong"})"};
  for (int i = 0; i < 5; ++i) BOOST_TEST(send(hub, guess)->status == 401);
  for (int i = 0; i < 20; ++i) BOOST_TEST(send(hub, guess)->status == 429);
  const auto code = write_json(Map{{"code", url.substr(url.find('#') + 1)}});
  BOOST_TEST(send(hub, {"POST", "/api/v1/sessions", {}, code})->status == 200);
  const auto entries = hub.get("/api/v1/audit");
  BOOST_TEST(entries.get("entries")->if_list()->size() == 7u);  // the link, five guesses, the login; of the flood none
  BOOST_TEST(entries.at_path("entries.0")->text("who") == "local");
  BOOST_TEST(entries.at_path("entries.1")->text("who").empty());
  BOOST_TEST(entries.at_path("entries.1")->text("kind") == "nobody");
}

BOOST_AUTO_TEST_CASE(CON_01_the_admin_side_does_not_leave_the_machine_of_an_unclaimed_hub) {
  RunningHub hub;
  BOOST_TEST(ServerOptions().admin_host == "127.0.0.1");
  for (const char* host : {"0.0.0.0", "192.0.2.1", "::", "hub.example", ""}) {
    ServerOptions options;
    options.admin_host = host;
    options.admin_names = {"hub.example"};
    const auto made = hub.second_server(options);
    BOOST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().code == "admin_not_claimed");
  }
}

BOOST_AUTO_TEST_SUITE_END()
