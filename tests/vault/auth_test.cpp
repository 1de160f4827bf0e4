// Credentials in requests: each scheme's exact bytes, and that none leaves for a foreign origin.
#include "vault/auth.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"

using namespace ieum;
using namespace ieum::vault;

namespace {

const std::vector<std::string> kOrigins{"https://api.example.com"};
constexpr Millis kNow = 1'757'853'296'789;  // 2025-09-14T12:34:56.789Z

HttpRequest request(std::string url = "https://api.example.com/v1/x?a=1") { return {"POST", std::move(url), {}, "{}"}; }

AuthScheme scheme(const char* json) { return parse_auth(parse_json(json).value()).value(); }

Status apply(const AuthScheme& auth, HttpRequest& out, const std::string& secret = "s3cret!", Map config = {}) {
  SeededRandom random(1);
  return apply_auth(auth, {{"key", Secret(secret)}}, Value(std::move(config)), kOrigins, kNow, random, out);
}

std::string header(const HttpRequest& out, const char* name) { return std::string(out.headers.get(name).value_or("")); }

}  // namespace

BOOST_AUTO_TEST_SUITE(auth)

BOOST_AUTO_TEST_CASE(each_scheme_writes_what_its_vendor_reads) {
  auto out = request();
  BOOST_REQUIRE(apply(scheme(R"({"kind":"bearer","slot":"key"})"), out).has_value());
  BOOST_TEST(header(out, "Authorization") == "Bearer s3cret!");

  out = request();
  BOOST_REQUIRE(apply(scheme(R"({"kind":"header","slot":"key","header":"X-Shopify-Access-Token"})"), out).has_value());
  BOOST_TEST(header(out, "x-shopify-access-token") == "s3cret!");

  out = request();
  BOOST_REQUIRE(
      apply(scheme(R"({"kind":"header","slot":"key","header":"Authorization","format":"Key {secret};"})"), out)
          .has_value());
  BOOST_TEST(header(out, "authorization") == "Key s3cret!;");

  out = request();
  BOOST_REQUIRE(apply(scheme(R"({"kind":"basic","slot":"key","user":"anystring"})"), out).has_value());
  BOOST_TEST(header(out, "authorization") == "Basic " + base64_encode("anystring:s3cret!"));

  out = request();
  BOOST_REQUIRE(apply(scheme(R"({"kind":"basic","slot":"key","user":"{login}"})"), out, "pw-1234", {{"login", "이음"}})
                    .has_value());
  BOOST_TEST(header(out, "authorization") == "Basic " + base64_encode("이음:pw-1234"));

  out = request();
  BOOST_REQUIRE(apply(scheme(R"({"kind":"query","slot":"key","header":"api key"})"), out, "a&b=c").has_value());
  BOOST_TEST(out.target == "https://api.example.com/v1/x?a=1&api%20key=a%26b%3Dc");
  out = request("https://api.example.com/v1");
  BOOST_REQUIRE(apply(scheme(R"({"kind":"query","slot":"key","header":"k"})"), out).has_value());
  BOOST_TEST(out.target == "https://api.example.com/v1?k=s3cret%21");

  out = request();
  BOOST_REQUIRE(apply(scheme(R"({"kind":"none"})"), out).has_value());
  BOOST_TEST(out.headers.fields().empty());
}

BOOST_AUTO_TEST_CASE(solapi_header_agrees_with_the_published_inputs) {
  std::ifstream file(std::string(IEUM_SOURCE_DIR) + "/tests/data/host/vectors.json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const Value vectors = parse_json(text).value();
  int seen = 0;
  for (const auto& vector : *vectors.if_list()) {
    if (vector.text("kind") != "solapi_authorization") continue;
    ++seen;
    BOOST_TEST(solapi_authorization(vector.text("apiKey"), Secret(vector.text("apiSecret")), vector.text("date"),
                                    vector.text("salt")) ==
               vector.at_path("header.Authorization")->if_string()->c_str());
  }
  BOOST_TEST(seen == 1);
  BOOST_TEST(solapi_authorization("k", Secret("test_secret_0123456789"), "2026-01-02T03:04:05Z", "abcdefghijkl1234")
                 .ends_with("signature=ddd628e5d40ee856e1f4d6f70580c01eda8c4689e30041de627ac507414b7b3f"));
}

BOOST_AUTO_TEST_CASE(RET_01_solapi_header_is_new_on_each_attempt) {
  const auto auth = scheme(R"({"kind":"solapi_hmac","slot":"key","user":"api_key"})");
  SeededRandom random(1);
  std::vector<std::string> values;
  for (int i = 0; i < 2; ++i) {
    auto out = request();
    BOOST_REQUIRE(apply_auth(auth, {{"key", Secret("testSecret")}}, Value(Map{{"api_key", "testKey"}}), kOrigins, kNow,
                             random, out)
                      .has_value());
    values.push_back(header(out, "authorization"));
  }
  BOOST_TEST(values[0] != values[1]);
  BOOST_TEST(values[0].starts_with("HMAC-SHA256 apiKey=testKey, date=2025-09-14T12:34:56Z, salt="));
  const auto salt = values[0].substr(values[0].find("salt=") + 5, 32);
  const auto signature = values[0].substr(values[0].find("signature=") + 10);
  BOOST_TEST(values[0].find(", signature=") == values[0].find(salt) + 32);
  BOOST_TEST(signature == hex_encode(hmac_sha256("testSecret", "2025-09-14T12:34:56Z" + salt)));
  auto out = request();
  BOOST_TEST(apply(auth, out).error().code == "missing_config");
}

BOOST_AUTO_TEST_CASE(credentials_stay_with_their_origins) {
  const auto auth = scheme(R"({"kind":"bearer","slot":"key"})");
  for (const char* url : {"https://api.example.com.evil.test/v1", "http://api.example.com/v1",
                          "https://api.example.com:8443/v1", "https://evil.test/https://api.example.com",
                          "https://api.example.com@evil.test/", "https://example.com/", "/v1", ""}) {
    auto out = request(url);
    const auto status = apply(auth, out);
    BOOST_REQUIRE_MESSAGE(status.has_error(), url);
    BOOST_TEST(status.error().code == "origin_refused");
    BOOST_TEST(out.headers.fields().empty());
    BOOST_TEST(out.target == url);
  }
  auto out = request("https://API.example.com:443/v1");
  BOOST_TEST(apply(auth, out).has_value());
}

BOOST_AUTO_TEST_CASE(missing_and_unusable_credentials_are_named_without_being_shown) {
  const auto auth = scheme(R"({"kind":"bearer","slot":"key"})");
  auto out = request();
  BOOST_TEST(apply(auth, out, "").error().code == "missing_credential");
  SeededRandom random(1);
  const auto status = apply_auth(auth, {}, Value(Map()), kOrigins, kNow, random, out);
  BOOST_TEST(status.error().code == "missing_credential");
  BOOST_TEST(status.error().what.find("key") != std::string::npos);
  const auto broken = apply(auth, out, "abc\r\nX-Evil: 1");
  BOOST_TEST(broken.error().code == "bad_credential");
  BOOST_TEST(broken.error().text().find("abc") == std::string::npos);
  BOOST_TEST(out.headers.fields().empty());
}

BOOST_AUTO_TEST_CASE(bad_schemes_are_refused) {
  for (const char* text :
       {R"("bearer")", R"({})", R"({"kind":"magic","slot":"k"})", R"({"kind":"bearer"})",
        R"({"kind":"header","slot":"k"})", R"({"kind":"query","slot":"k"})", R"({"kind":"solapi_hmac","slot":"k"})",
        R"({"kind":"bearer","slot":1})", R"({"kind":"bearer","slot":"k","extra":"x"})",
        R"({"kind":"header","slot":"k","header":"X","format":"none"})"}) {
    const auto parsed = parse_auth(parse_json(text).value());
    BOOST_REQUIRE_MESSAGE(parsed.has_error(), text);
    BOOST_TEST(parsed.error().code == "bad_auth");
  }
}

BOOST_AUTO_TEST_CASE(a_fetched_token_is_applied_from_its_own_slot) {
  const Value description = parse_json(R"({"kind":"oauth2_code","when":{"login":"oauth"},"authorize_url":"https://l/a",
      "token_url":"{login_url}/token","client_id":"id","client_secret":"secret","scopes":["a","b"],"pkce":false,
      "client_auth":"basic","request":"json","callback":"shopify","token_extra":{"expiring":1}})")
                                .value();
  const auto auth = parse_auth(description, "oauth").value();
  BOOST_TEST(auth.fetches_tokens());
  BOOST_TEST(auth.token.scopes.size() == 2U);
  BOOST_TEST(!auth.token.pkce);
  BOOST_TEST(auth.token.basic);
  BOOST_TEST(auth.token.json);
  BOOST_TEST(auth.token.shopify_callback);
  BOOST_TEST(auth.token.token_extra.at(0).second == "1");
  BOOST_TEST(fill_fields(auth.token.token_url, Value(Map{{"login_url", "https://l"}})).value() == "https://l/token");
  BOOST_TEST(fill_fields(auth.token.token_url, Value(Map{})).error().code == "missing_config");

  SeededRandom random(1);
  auto out = request();
  BOOST_TEST(apply_auth(auth, {}, Value(Map{}), kOrigins, kNow, random, out).error().code == "missing_token");
  BOOST_REQUIRE(apply_auth(auth, {{"oauth.access_token", Secret("ya29.x")}}, Value(Map{}), kOrigins, kNow, random, out)
                    .has_value());
  BOOST_TEST(header(out, "authorization") == "Bearer ya29.x");

  const auto shop = parse_auth(parse_json(R"({"kind":"oauth2_client","token_url":"https://l/t","client_id":"id",
      "client_secret":"s","header":"X-Shopify-Access-Token","format":"{secret}"})")
                                   .value(),
                               "app")
                        .value();
  out = request();
  BOOST_REQUIRE(apply_auth(shop, {{"app.access_token", Secret("shpat_1")}}, Value(Map{}), kOrigins, kNow, random, out)
                    .has_value());
  BOOST_TEST(header(out, "X-Shopify-Access-Token") == "shpat_1");
  BOOST_TEST(header(out, "authorization") == "");

  for (const char* text :
       {R"({"kind":"oauth2_code","token_url":"https://l/t","client_id":"id"})",
        R"({"kind":"oauth2_client","token_url":"https://l/t","client_id":"id"})",
        R"({"kind":"jwt_bearer","token_url":"https://l/t"})", R"({"kind":"jwt_bearer","slot":"key"})",
        R"({"kind":"oauth2_client","client_id":"id","client_secret":"s"})",
        R"({"kind":"jwt_bearer","slot":"key","token_url":"https://l/t","user":"x"})"}) {
    BOOST_TEST(parse_auth(parse_json(text).value(), "x").error().code == "bad_auth", text);
  }
  BOOST_TEST(parse_auth(description).error().code == "bad_auth");  // its slots need the scheme's name
}

BOOST_AUTO_TEST_CASE(a_secret_is_put_into_a_body_by_place_and_never_by_text) {
  const std::map<std::string, Secret> secrets{{"hook", Secret("a\"b&c=\\d")}};
  const auto fill = [&](HttpRequest& out, const std::string& pointer) {
    return fill_body({{pointer, "hook"}}, secrets, kOrigins, out);
  };
  auto out = request();
  out.body = R"({"url":"{secret}","price":1.50,"deep":{"list":[1,{"x":"/secret"}]}})";
  BOOST_REQUIRE(fill(out, "/secret").has_value());
  BOOST_TEST(out.body ==
             R"({"url":"{secret}","price":1.50,"deep":{"list":[1,{"x":"/secret"}]},"secret":"a\"b&c=\\d"})");
  BOOST_REQUIRE(fill(out, "/deep/list/1/x").has_value());
  BOOST_TEST(parse_json(out.body)->at_path("deep.list.1.x")->if_string()->c_str() == std::string("a\"b&c=\\d"));

  out.headers.set("content-type", "application/x-www-form-urlencoded; charset=utf-8");
  out.body = "secret=old&a=1%262&secret=older";
  BOOST_REQUIRE(fill(out, "/secret").has_value());
  BOOST_TEST(out.body == form_encode({{"a", "1&2"}, {"secret", "a\"b&c=\\d"}}));
  BOOST_TEST(fill(out, "/a/b").error().code == "bad_fill");

  out = request();
  const std::string before = out.body = R"({"a":[]})";
  for (const char* pointer : {"/b/c", "/a/0", "/a/x", "/a/-"})
    BOOST_TEST(fill(out, pointer).error().code == "bad_fill");
  BOOST_TEST(fill_body({{"/s", "other"}}, secrets, kOrigins, out).error().code == "missing_credential");
  out.target = "https://evil.test/v1";
  BOOST_TEST(fill(out, "/s").error().code == "origin_refused");
  BOOST_TEST(out.body == before);
}

BOOST_AUTO_TEST_CASE(a_secret_is_taken_out_of_an_answer) {
  std::string body = R"({"hook":{"id":9007199254740993,"keys":["k-1","k-2"]},"secret":""})";
  BOOST_TEST(take_secret(body, "hook.keys.1")->reveal() == "k-2");
  BOOST_TEST(body == R"({"hook":{"id":9007199254740993,"keys":["k-1","[redacted]"]},"secret":""})");
  for (const char* path : {"secret", "hook", "hook.id", "none.x"})
    BOOST_TEST(!take_secret(body, path).has_value(), path);
  std::string html = "<html>";
  BOOST_TEST(!take_secret(html, "secret").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
