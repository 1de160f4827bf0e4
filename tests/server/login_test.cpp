// Logins over the wire: begun at the admin door, ended at the public one, where the state is the only proof. And rotation.
#include "server/fixture.hpp"

#include "base/encoding.hpp"
#include "base/url.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

struct LedgerHub : RunningHub {
  LedgerHub() {
    post("/api/v1/connections", Map{{"name", "books"},
                                    {"connector", "ledger"},
                                    {"secrets", Map{{"client_secret", "client-secret-of-the-hub"}}}});
  }
  struct Begun {
    std::string login, state;
  };
  Begun begin() {
    const auto begun = post("/api/v1/connections/books/login");
    const auto url = begun.text("url");
    const auto query = form_decode(url.substr(url.find('?') + 1)).value();
    for (const auto& [name, value] : query)
      if (name == "state") return {begun.text("login"), value};
    BOOST_FAIL("the address has no state: " << url);
    return {};
  }
  // What the vendor sends the person back with.
  httplib::Result back(const QueryPairs& query) const {
    return public_client().Get("/oauth/callback?" + form_encode(query));
  }
  std::string state_of(const std::string& login) { return get("/api/v1/logins/" + login).text("state"); }
  std::string health() {
    const auto list = get("/api/v1/connections");
    return *list.at_path("connections.0.health.state")->if_string();
  }
};

std::string error_code(const Value& answer) { return *answer.at_path("error.code")->if_string(); }

bool holds(const httplib::Result& page, const std::string& text) { return page->body.find(text) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(logins)

BOOST_FIXTURE_TEST_CASE(a_login_is_begun_by_the_operator_and_ended_by_the_vendors_redirect, LedgerHub) {
  BOOST_TEST(health() == "login");
  const auto begun = post("/api/v1/connections/books/login");
  const auto url = begun.text("url");
  BOOST_TEST(begun.text("redirect") == "https://hub.example/oauth/callback");
  BOOST_TEST(begun.number("expires_at") == kMonday + 10 * kMinute);
  BOOST_TEST(url.starts_with("https://login.ledger.example/authorize?response_type=code&client_id=hub-1&"));
  BOOST_TEST(url.find("code_challenge=") != std::string::npos);
  BOOST_TEST(url.find("client-secret-of-the-hub") == std::string::npos);
  const auto [login, state] = begin();  // a second one beside it
  BOOST_TEST(state_of(login) == "waiting");

  const auto page = back({{"code", "code-of-the-vendor"}, {"state", state}});
  BOOST_TEST(page->status == 200);
  BOOST_TEST(holds(page, "연결되었습니다"));
  BOOST_TEST(holds(page, "<b>books</b> 연결에 로그인했습니다"));
  BOOST_TEST(holds(page, "Connection <b>books</b> is logged in"));
  for (const std::string& hidden : {std::string("code-of-the-vendor"), state, std::string("told-once"),
                                    std::string("client-secret"), std::string("<script")})
    BOOST_TEST(!holds(page, hidden));
  BOOST_TEST(page->get_header_value("Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(page->get_header_value("Content-Security-Policy").starts_with("default-src 'none';"));
  BOOST_TEST(page->get_header_value("Referrer-Policy") == "no-referrer");
  BOOST_TEST(page->get_header_value("X-Content-Type-Options") == "nosniff");
  BOOST_TEST(page->get_header_value("Cache-Control") == "no-store");

  BOOST_TEST(state_of(login) == "done");
  BOOST_TEST(state_of(begun.text("login")) == "waiting");  // the other one is not ended by it
  BOOST_TEST(health() == "ok");
  const auto shown = operator_client().Get("/api/v1/connections");
  BOOST_TEST(!holds(shown, "told-once"));
  BOOST_TEST(!holds(shown, "client-secret-of-the-hub"));
  BOOST_TEST(post("/api/v1/connections/books/test").get("output") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(a_state_is_good_once_for_ten_minutes_and_cannot_be_guessed, LedgerHub) {
  const auto [login, state] = begin();
  const auto refused = [&](const QueryPairs& query) {
    const auto page = back(query);
    BOOST_TEST(page->status == 400);
    BOOST_TEST(holds(page, "로그인하지 못했습니다"));
    BOOST_TEST(holds(page, "The login failed and the hub has changed nothing"));
    BOOST_TEST(vendor.tokens_asked == 0);
  };
  refused({});
  refused({{"code", "c"}});
  refused({{"code", "c"}, {"state", ""}});
  refused({{"code", "c"}, {"state", state + "x"}});
  refused({{"code", "c"}, {"state", state.substr(1)}});
  refused({{"code", "c"}, {"state", login}});
  BOOST_TEST(public_client().Get("/oauth/callback?state=%zz")->status == 400);
  BOOST_TEST(public_client().Post("/oauth/callback", "code=c&state=" + state, "text/plain")->status != 200);
  BOOST_TEST(vendor.tokens_asked == 0);
  BOOST_TEST(state_of(login) == "waiting");  // none of that has used it up

  clock.advance(10 * kMinute);
  refused({{"code", "c"}, {"state", state}});
  BOOST_TEST(error_code(get("/api/v1/logins/" + login, 404)) == "unknown_login");

  const auto again = begin();
  BOOST_TEST(back({{"code", "c"}, {"state", again.state}})->status == 200);
  BOOST_TEST(back({{"code", "c"}, {"state", again.state}})->status == 400);
  BOOST_TEST(vendor.tokens_asked == 1);
  BOOST_TEST(state_of(again.login) == "done");  // what came after it changed nothing
}

BOOST_FIXTURE_TEST_CASE(what_a_vendor_says_is_shown_as_text_and_ends_the_login, LedgerHub) {
  const auto denied = begin();
  const auto page = back({{"error", "<script>alert('1')</script>&\""}, {"state", denied.state}});
  BOOST_TEST(page->status == 400);
  BOOST_TEST(!holds(page, "<script"));
  BOOST_TEST(holds(page, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
  const auto told = get("/api/v1/logins/" + denied.login);
  BOOST_TEST(told.text("state") == "failed");
  BOOST_TEST(told.text("problem").find("the vendor says") != std::string::npos);
  BOOST_TEST(back({{"code", "c"}, {"state", denied.state}})->status == 400);
  BOOST_TEST(vendor.tokens_asked == 0);

  vendor.token_answer = {400, {}, R"({"error":"invalid_grant","error_description":"<img src=x> is no code"})"};
  const auto wrong = begin();
  const auto refused = back({{"code", "c"}, {"state", wrong.state}});
  BOOST_TEST(refused->status == 400);
  BOOST_TEST(!holds(refused, "<img"));
  BOOST_TEST(holds(refused, "&lt;img src=x&gt; is no code"));
  BOOST_TEST(holds(refused, "https://hub.example/oauth/callback"));  // what to compare at the vendor
  BOOST_TEST(state_of(wrong.login) == "failed");
  BOOST_TEST(health() == "login");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_logged_in_says_why, LedgerHub) {
  BOOST_TEST(error_code(post("/api/v1/connections/nobody/login", Map{}, 404)) == "unknown_connection");
  post("/api/v1/connections",
       Map{{"name", "team"}, {"connector", "acme"}, {"secrets", Map{{"api_token", "token-of-the-team"}}}});
  const auto entered = post("/api/v1/connections/team/login", Map{}, 409);
  BOOST_TEST(error_code(entered) == "no_login");
  BOOST_TEST(error_code(get("/api/v1/logins/none", 404)) == "unknown_login");
  for (int n = 0; n < 100; ++n) begin();
  BOOST_TEST(error_code(post("/api/v1/connections/books/login", Map{}, 429)) == "too_many_logins");
}

BOOST_FIXTURE_TEST_CASE(a_rotated_secret_is_a_new_version_and_comes_out_nowhere, LedgerHub) {
  const std::string path = "/api/v1/connections/books/rotate";
  const auto versions = [](const Value& connection) {
    return connection.at_path("secrets.0.versions") == nullptr ? 0
                                                               : connection.at_path("secrets.0")->number("versions");
  };
  const auto asked = write_json(Map{{"slot", "client_secret"}, {"secret", "second-of-the-hub"}});
  const auto answer = operator_client().Post(path, asked, kJson);
  BOOST_REQUIRE(answer->status == 200);
  BOOST_TEST(!holds(answer, "second-of-the-hub"));
  BOOST_TEST(versions(read(answer->body)) == 2);
  BOOST_TEST(versions(post(path, Map{{"slot", "client_secret"}, {"secret", "third-of-the-hub"}, {"overlap", "1h"}})) ==
             3);
  BOOST_TEST(versions(post(path, Map{{"slot", "client_secret"}, {"drop_old", true}})) == 1);

  BOOST_TEST(error_code(post(path, Map{{"slot", "nope"}, {"secret", "long-enough"}}, 422)) == "unknown_secret");
  BOOST_TEST(error_code(post(path, Map{{"slot", "client_secret"}, {"secret", "short"}}, 422)) == "secret_too_short");
  BOOST_TEST(error_code(post(path, Map{{"slot", "client_secret"}}, 422)) == "secret_too_short");
  for (const char* overlap : {"31d", "-1h", "soon"})
    BOOST_TEST(error_code(post(path, Map{{"slot", "client_secret"}, {"secret", "long-enough"}, {"overlap", overlap}},
                               400)) == "bad_body");
  BOOST_TEST(operator_client().Post(path, "{}", kJson)->status == 400);
  BOOST_TEST(error_code(post("/api/v1/connections/nobody/rotate",
                             Map{{"slot", "client_secret"}, {"secret", "long-enough"}}, 404)) == "unknown_connection");
  BOOST_TEST(versions(get("/api/v1/connections").get("connections")->if_list()->front()) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
