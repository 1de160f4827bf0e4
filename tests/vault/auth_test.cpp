// Credentials in requests: each scheme's exact bytes, and that none leaves for a foreign origin.
#include "vault/auth.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

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
}

BOOST_AUTO_TEST_CASE(solapi_header_is_new_on_each_attempt) {
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

BOOST_AUTO_TEST_SUITE_END()
