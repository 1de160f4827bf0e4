// What a token may do: the refusals of vendors whose tokens have scopes, in each one's words; and Airtable's login, whose
// refresh tokens work once.
#include "base/url.hpp"
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct Scoped : Visitor {
  std::string token(const std::string& vendor, List scopes) {
    const Reply made =
        control("/_sandbox/tokens", write_json(Map{{"vendor", vendor}, {"scopes", Value(std::move(scopes))}}));
    BOOST_REQUIRE_MESSAGE(made.response.status == 201, made.response.body);
    return at(read(made), "token");
  }
  Reply bearing(const std::string& token, std::string method, std::string target, std::string body = {}) {
    return reply(std::move(method), std::move(target),
                 {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json; charset=utf-8"}},
                 std::move(body));
  }
};

struct AtAirtable : Scoped {
  static constexpr const char* kVerifier = "a-verifier-that-is-long-enough-for-the-rfc-7636";
  static constexpr const char* kBack = "https://hub.example.test/oauth/callback";

  Reply ask(QueryPairs change = {}) {
    QueryPairs all{{"client_id", "sandbox-client"},
                   {"redirect_uri", kBack},
                   {"response_type", "code"},
                   {"scope", "data.records:read"},
                   {"state", "s1"},
                   {"code_challenge", base64url_encode(sha256(kVerifier))},
                   {"code_challenge_method", "S256"}};
    for (auto& [name, value] : change)
      for (auto& pair : all)
        if (pair.first == name) pair.second = value;
    return reply("GET", "/oauth2/v1/authorize?" + form_encode(all));
  }
  std::string code() {
    const std::string location(ask().response.headers.get("Location").value_or(""));
    BOOST_REQUIRE_MESSAGE(location.starts_with(std::string(kBack) + "?code="), location);
    BOOST_TEST(location.find("state=s1") != std::string::npos);
    const auto from = location.find("code=") + 5;
    return location.substr(from, location.find('&') - from);
  }
  Reply fetch(const QueryPairs& form, const std::string& client = "sandbox-client:sandbox-client-secret") {
    return reply(
        "POST", "/oauth2/v1/token",
        {{"Authorization", "Basic " + base64_encode(client)}, {"Content-Type", "application/x-www-form-urlencoded"}},
        form_encode(form));
  }
  Reply redeem(const std::string& code, const std::string& verifier = kVerifier) {
    return fetch(
        {{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", kBack}, {"code_verifier", verifier}});
  }
  Reply refresh(const std::string& token) { return fetch({{"grant_type", "refresh_token"}, {"refresh_token", token}}); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(scopes)

BOOST_FIXTURE_TEST_CASE(slack_says_what_is_needed_and_what_is_there, Scoped) {
  const std::string reader = token("slack", {"channels:read", "users:read"});
  const Value refused = read(bearing(reader, "POST", "/api/chat.postMessage", R"({"channel":"#cs","text":"a"})"));
  BOOST_TEST(at(refused, "error") == "missing_scope");
  BOOST_TEST(at(refused, "needed") == "chat:write");
  BOOST_TEST(at(refused, "provided") == "channels:read,users:read");
  BOOST_TEST(size_of(messages()) == 0u);
  BOOST_TEST(at(read(bearing(reader, "GET", "/api/conversations.list")), "ok") == "true");
  BOOST_TEST(at(read(bearing(reader, "GET", "/api/auth.test")), "ok") == "true");
  BOOST_TEST(at(read(bearing("xoxb-other", "GET", "/api/auth.test")), "error") == "invalid_auth");
  BOOST_TEST(control("/_sandbox/tokens", R"({"vendor":"brevo","scopes":["a"]})").response.status == 400);
  BOOST_TEST(control("/_sandbox/tokens", R"({"vendor":"slack"})").response.status == 400);
}

BOOST_FIXTURE_TEST_CASE(shopify_denies_a_field_and_does_nothing, Scoped) {
  const std::string add =
      "mutation($id: ID!, $t: [String!]!) { tagsAdd(id: $id, tags: $t) { node { id } userErrors { message } } }";
  const std::string orders = token("shopify", {"write_orders"});
  const auto tag = [&](const char* id) { return shopify(add, Map{{"id", id}, {"t", List{"a"}}}, orders); };
  BOOST_TEST(at(tag("gid://shopify/Order/5100"), "data.tagsAdd.node.id") == "gid://shopify/Order/5100");
  const Value denied = tag("gid://shopify/Customer/7001");
  BOOST_TEST(at(denied, "errors.0.extensions.code") == "ACCESS_DENIED");
  BOOST_TEST(at(denied, "errors.0.extensions.requiredAccess") == "`write_customers` access scope.");
  BOOST_TEST(at(denied, "errors.0.message").starts_with("Access denied for tagsAdd field."));
  BOOST_TEST(at(calls("?vendor=shopify"), "1.effect") == "refused");
  // What may write may read.
  const std::string look = "query($id: ID!) { order(id: $id) { id } }";
  const Value order(Map{{"id", "gid://shopify/Order/5100"}});
  BOOST_TEST(at(shopify(look, order, orders), "data.order.id") == "gid://shopify/Order/5100");
  BOOST_TEST(at(shopify(look, order, token("shopify", {"read_products"})), "errors.0.extensions.code") ==
             "ACCESS_DENIED");
  BOOST_TEST(at(shopify("query { shop { name } }", {}, token("shopify", {})), "errors.0.message").empty());
}

BOOST_FIXTURE_TEST_CASE(google_refuses_what_the_login_does_not_cover, Scoped) {
  const std::string auth = "https://www.googleapis.com/auth/";
  const std::string reader = token("google", {auth + "spreadsheets.readonly"});
  BOOST_TEST(bearing(reader, "GET", "/v4/spreadsheets/s1").response.status == 200);
  const Reply refused = bearing(reader, "POST", "/v4/spreadsheets/s1/values/A1:clear", "{}");
  BOOST_TEST(refused.response.status == 403);
  BOOST_TEST(at(read(refused), "error.status") == "PERMISSION_DENIED");
  BOOST_TEST(at(read(refused), "error.details.0.reason") == "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
  BOOST_TEST(bearing(reader, "GET", "/drive/v3/files/s1").response.status == 403);
  BOOST_TEST(bearing(reader, "GET", "/v1/forms/f1/responses").response.status == 403);
  const std::string forms = token("google", {auth + "forms.responses.readonly"});
  BOOST_TEST(bearing(forms, "GET", "/v1/forms/f1/responses").response.status == 200);
  BOOST_TEST(bearing(forms, "GET", "/v1/forms/f1").response.status == 403);
  const std::string whole = token("google", {auth + "drive"});
  BOOST_TEST(bearing(whole, "POST", "/v4/spreadsheets/s1/values/A1:clear", "{}").response.status == 200);
  BOOST_TEST(bearing(whole, "GET", "/v1/forms/f1").response.status == 200);
}

BOOST_FIXTURE_TEST_CASE(airtable_does_not_tell_forbidden_from_missing, Scoped) {
  const std::string reader = token("airtable", {"data.records:read"});
  BOOST_TEST(bearing(reader, "GET", "/v0/appOne/tblOne").response.status == 200);
  const Reply refused = bearing(reader, "POST", "/v0/appOne/tblOne", R"({"fields":{"a":1}})");
  BOOST_TEST(refused.response.status == 403);
  BOOST_TEST(at(read(refused), "error.type") == "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND");
  BOOST_TEST(bearing(reader, "GET", "/v0/meta/bases").response.status == 403);
  BOOST_TEST(bearing(reader, "GET", "/v0/bases/appOne/webhooks").response.status == 403);
  BOOST_TEST(at(read(bearing(reader, "GET", "/v0/meta/whoami")), "scopes.0") == "data.records:read");
}

BOOST_FIXTURE_TEST_CASE(airtable_logs_in_with_pkce_and_each_refresh_token_works_once, AtAirtable) {
  const Value first = read(redeem(code()));
  BOOST_TEST(at(first, "expires_in") == "3600");
  BOOST_TEST(at(first, "scope") == "data.records:read");
  const auto works = [&](const Value& tokens) {
    return bearing(at(tokens, "access_token"), "GET", "/v0/appOne/tblOne").response.status == 200;
  };
  BOOST_TEST(works(first));
  clock.set(clock.now() + kHour);
  BOOST_TEST(!works(first));
  const Value second = read(refresh(at(first, "refresh_token")));
  BOOST_TEST(works(second));
  BOOST_TEST(at(second, "refresh_token") != at(first, "refresh_token"));
  BOOST_TEST(at(read(refresh(at(first, "refresh_token"))), "error") == "invalid_grant");
  BOOST_TEST(works(read(refresh(at(second, "refresh_token")))));
}

BOOST_FIXTURE_TEST_CASE(airtable_refuses_a_login_that_does_not_fit, AtAirtable) {
  for (const QueryPairs& wrong : {QueryPairs{{"code_challenge", ""}}, QueryPairs{{"code_challenge_method", "plain"}},
                                  QueryPairs{{"client_id", "other"}}, QueryPairs{{"state", ""}}})
    BOOST_TEST(ask(wrong).response.status == 400);
  const std::string one = code();
  BOOST_TEST(at(read(redeem(one, "another verifier")), "error") == "invalid_grant");
  BOOST_TEST(at(read(redeem(one)), "error") == "invalid_grant");  // a code works once, also when it was misused
  const std::string late = code();
  clock.set(clock.now() + 6 * kMinute);
  BOOST_TEST(at(read(redeem(late)), "error") == "invalid_grant");
  BOOST_TEST(fetch({{"grant_type", "refresh_token"}}, "sandbox-client:wrong").response.status == 401);
  BOOST_TEST(at(read(fetch({{"grant_type", "password"}})), "error") == "unsupported_grant_type");
}

BOOST_AUTO_TEST_SUITE_END()
