// OAuth without I/O: the exact requests, what answers mean, and signatures that agree with what vendors publish.
#include "vault/oauth.hpp"

#include <boost/test/unit_test.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "vault/keys.hpp"
#include "vault/rs256.hpp"

using namespace ieum;
using vault_test::kPrivate;
using namespace ieum::vault;

namespace {

// Of Google's own library for Python (tests/data/privatekey.pub): its private half made the signature below.
const std::string kGooglePublic =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4ej0p7bQ7L/r4rVGUz9R\n"
    "N4VQWoej1Bg1mYWIDYslvKrk1gpj7wZgkdmM7oVK2OfgrSj/FCTkInKPqaCR0gD7\n"
    "K80q+mLBrN3PUkDrJQZpvRZIff3/xmVU1WeruQLFJjnFb2dqu0s/FY/2kWiJtBCa\n"
    "kXvXEOb7zfbINuayL+MSsCGSdVYsSliS5qQpgyDap+8b5fpXZVJkq92hrcNtbkg7\n"
    "hCYUJczt8n9hcCTJCfUpApvaFQ18pe+zpyl4+WzkP66I28hniMQyUlA1hBiskT7q\n"
    "iouq0m8IOodhv2fagSZKjOTTU2xkSBc//fy3ZpsL7WqgsZS7Q+0VRK8gKfqkxg5O\n"
    "YQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

const Value kConfig{Map{{"shop", "some-shop.myshopify.com"}, {"client_id", "id 1"}}};
const std::map<std::string, Secret> kSecrets{{"client_secret", Secret("s&1")},
                                             {"oauth.refresh_token", Secret("1//old")}};

AuthScheme scheme(const std::string& json, std::string_view name = "oauth") {
  auto read = parse_auth(parse_json(json).value(), name);
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
  return std::move(*read);
}

AuthScheme code_scheme(const std::string& more = "") {
  return scheme(R"({"kind":"oauth2_code","authorize_url":"https://{shop}/auth","token_url":"https://{shop}/token",
      "client_id":"client_id","client_secret":"client_secret","scopes":["a","b c"])" +
                more + "}");
}

QueryPairs form(const HttpRequest& request) { return form_decode(request.body).value(); }

std::string field(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : form(request))
    if (key == name) return value;
  return "";
}

TokenFailure failure(const AuthScheme& auth, int status, const std::string& body) {
  auto answer = read_tokens(auth, {status, {}, body});
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<TokenFailure>(answer), body);
  return std::get<TokenFailure>(answer);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth)

BOOST_AUTO_TEST_CASE(the_login_page_is_asked_for_a_code_with_a_challenge) {
  // RFC 7636, appendix B.
  const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  BOOST_TEST(pkce_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  const auto url = authorize_url(code_scheme(R"(,"scope_separator":",","authorize_extra":{"prompt":"consent"})"),
                                 kConfig, "https://hub.example/oauth/callback", "st&1", verifier);
  BOOST_TEST(url.value() ==
             "https://some-shop.myshopify.com/auth?response_type=code&client_id=id%201&"
             "redirect_uri=https%3A%2F%2Fhub.example%2Foauth%2Fcallback&scope=a%2Cb%20c&state=st%261&"
             "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&prompt=consent");
  const auto plain = authorize_url(code_scheme(R"(,"pkce":false)"), kConfig, "https://h/", "s", verifier).value();
  BOOST_TEST(plain.find("challenge") == std::string::npos);
  BOOST_TEST(
      authorize_url(code_scheme(), Value(Map{{"shop", "x.example"}}), "https://h/", "s", verifier).error().code ==
      "missing_config");
}

BOOST_AUTO_TEST_CASE(a_code_and_a_refresh_token_are_redeemed) {
  auto request = code_request(code_scheme(), kConfig, kSecrets, "https://h/cb", "c/1", "ver").value();
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.target == "https://some-shop.myshopify.com/token");
  BOOST_TEST((form(request) == QueryPairs{{"grant_type", "authorization_code"},
                                          {"code", "c/1"},
                                          {"redirect_uri", "https://h/cb"},
                                          {"code_verifier", "ver"},
                                          {"client_id", "id 1"},
                                          {"client_secret", "s&1"}}));
  request = refresh_request(code_scheme(), kConfig, kSecrets).value();
  BOOST_TEST(field(request, "grant_type") == "refresh_token");
  BOOST_TEST(field(request, "refresh_token") == "1//old");

  request = refresh_request(code_scheme(R"(,"client_auth":"basic")"), kConfig, kSecrets).value();
  BOOST_TEST(request.headers.get("authorization").value() == "Basic " + base64_encode("id%201:s%261"));
  BOOST_TEST(field(request, "client_secret") == "");

  // Shopify takes JSON and wants to be told that the token shall expire.
  request = code_request(code_scheme(R"(,"request":"json","pkce":false,"token_extra":{"expiring":"1"})"), kConfig,
                         kSecrets, "https://h/cb", "c", "")
                .value();
  BOOST_TEST(request.headers.get("content-type").value() == "application/json");
  BOOST_TEST(
      (parse_json(request.body).value() ==
       parse_json(R"({"grant_type":"authorization_code","code":"c","redirect_uri":"https://h/cb","client_id":"id 1",
                  "client_secret":"s&1","expiring":"1"})")
           .value()));
  BOOST_TEST(refresh_request(code_scheme(), kConfig, {}).error().code == "missing_credential");
}

BOOST_AUTO_TEST_CASE(the_hub_asks_for_a_token_of_its_own) {
  const auto app =
      scheme(R"({"kind":"oauth2_client","token_url":"https://{shop}/admin/oauth/access_token","request":"json",
      "client_id":"client_id","client_secret":"client_secret"})",
             "app");
  auto request = own_request(app, kConfig, kSecrets, 0).value();
  BOOST_TEST((parse_json(request.body).value() ==
              parse_json(R"({"grant_type":"client_credentials","client_id":"id 1","client_secret":"s&1"})").value()));

  const auto service = scheme(R"({"kind":"jwt_bearer","slot":"key","token_url":"https://oauth2.googleapis.com/token",
      "scopes":["https://www.googleapis.com/auth/spreadsheets"]})",
                              "service");
  Map key{{"type", "service_account"}, {"private_key_id", "1"}, {"private_key", kPrivate}};
  key.set("client_email", "service-account@example.com");
  request = own_request(service, kConfig, {{"key", Secret(write_json(Value(key)))}}, 1'700'000'000'999).value();
  BOOST_TEST(request.target == "https://oauth2.googleapis.com/token");
  BOOST_TEST(field(request, "grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer");
  const std::string jwt = field(request, "assertion");
  const std::string signed_part = jwt.substr(0, jwt.rfind('.'));
  BOOST_TEST(signed_part ==
             base64url_encode(R"({"alg":"RS256","typ":"JWT","kid":"1"})") + "." +
                 base64url_encode(R"({"iss":"service-account@example.com","scope":"https://www.googleapis.com/auth/)"
                                  R"(spreadsheets","aud":"https://oauth2.googleapis.com/token","iat":1700000000,)"
                                  R"("exp":1700003600})"));
  BOOST_TEST(rs256_verify(kPrivate, signed_part, base64url_decode(jwt.substr(jwt.rfind('.') + 1)).value()));
  // For a person, when the connection names one.
  const auto delegated =
      scheme(R"({"kind":"jwt_bearer","slot":"key","token_url":"https://l/t","subject":"acts_for"})", "service");
  const auto claims_of = [&](const Value& config) {
    request = own_request(delegated, config, {{"key", Secret(write_json(Value(key)))}}, 0).value();
    const std::string text = field(request, "assertion");
    const auto first = text.find('.') + 1;
    return base64url_decode(text.substr(first, text.rfind('.') - first)).value();
  };
  BOOST_TEST(claims_of(Map{{"acts_for", "mina@example.com"}}).ends_with(R"(,"sub":"mina@example.com"})"));
  BOOST_TEST(claims_of(Map{}).find("sub") == std::string::npos);
  BOOST_TEST(claims_of(Map{{"acts_for", ""}}).find("sub") == std::string::npos);
  // Google's library signs these very bytes; its signature is known.
  BOOST_TEST(rs256_verify(
      kGooglePublic, signed_part,
      base64url_decode("3tYGrC9-tszBh3-_PsocjGm2weYUd7kGqpdX01EeKy6lAYbK1tWHeWrivju1JpbUYTOcBXzzQqpfjjv8Btv2vrek6Mi"
                       "YQfvPmZ_TvBymoJ_LRg3Cm7uidaUOQ0t7zJY7WbZoStkcGsYyD-aKIi_5GFN_DRKPehBYVT1bes35qwULRoPw8rXnEG"
                       "HoCRfGyzJBtGJPbBEF0ELSVLuFzWRN7A54jBEj2lZuGh_CQgLWOb4QcG82vk9E2RzpZZqtRFCt1-pNQ82XnuslX3FNw"
                       "nfqasrMiHQRjiuyhVZuH9fGYBi_qK-Ds22niVEl9Tt308BtCYxQw5W3223q7em2L4D22w")
          .value()));
  for (const char* bad : {"", "{}", "not json", R"({"client_email":"a@b","private_key":"-----BEGIN"})"}) {
    const auto refused = own_request(service, kConfig, {{"key", Secret(bad)}}, 0);
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == "bad_key" || refused.error().code == "missing_credential"), bad);
  }
}

BOOST_AUTO_TEST_CASE(answers_with_tokens_are_read) {
  const auto read = [](const char* body) { return std::get<Tokens>(read_tokens(code_scheme(), {200, {}, body})); };
  auto tokens =
      read(R"({"access_token":"at","expires_in":3599,"refresh_token":"rt","refresh_token_expires_in":7776000})");
  BOOST_TEST(tokens.access.reveal() == "at");
  BOOST_TEST(tokens.refresh->reveal() == "rt");
  BOOST_TEST(tokens.expires_for.value() == 3599 * kSecond);
  BOOST_TEST(tokens.refresh_expires_for.value() == 90 * kDay);
  tokens = read(R"({"access_token":"at","expires_in":"3599","scope":"a b"})");  // Google sends text at times
  BOOST_TEST(tokens.expires_for.value() == 3599 * kSecond);
  BOOST_TEST(!tokens.refresh.has_value());  // and no new refresh token: the old one stays
  BOOST_TEST(tokens.scope == "a b");
  BOOST_TEST(!read(R"({"access_token":"at"})").expires_for.has_value());
  BOOST_TEST(!read(R"({"access_token":"at","expires_in":-5})").expires_for.has_value());
  BOOST_TEST(!read(R"({"access_token":"at","expires_in":0})").expires_for.has_value());  // Mailchimp: it does not end
  BOOST_TEST(!read(R"({"access_token":"at","expires_in":"soon"})").expires_for.has_value());
  BOOST_TEST(read(R"({"access_token":"at","expires_in":99999999999})").expires_for.value() == 3650 * kDay);
}

BOOST_AUTO_TEST_CASE(errors_say_who_can_mend_them) {
  using Kind = TokenFailure::Kind;
  const auto code = code_scheme();
  const auto app = scheme(
      R"({"kind":"oauth2_client","token_url":"https://x/t","client_id":"client_id","client_secret":"s"})", "app");
  struct Case {
    int status;
    const char* body;
    Kind kind;
    const char* code;
  };
  for (const auto& c : std::initializer_list<Case>{
           {400, R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})", Kind::login,
            "invalid_grant"},
           {401, R"({"error":"invalid_client"})", Kind::credentials, "invalid_client"},
           {400, R"({"error":"unauthorized_client"})", Kind::credentials, "unauthorized_client"},
           {400, R"({"error":"internal_failure"})", Kind::again, "internal_failure"},
           {400, R"({"error":"server_error"})", Kind::again, "server_error"},
           {400, R"({"error":"temporarily_unavailable"})", Kind::again, "temporarily_unavailable"},
           {500, "oops", Kind::again, "http_500"},
           {502, "<html>", Kind::again, "http_502"},
           {429, R"({"error":"too_many"})", Kind::again, "too_many"},
           {200, "<html>login</html>", Kind::again, "bad_answer"},
           {200, R"({"access_token":""})", Kind::again, "bad_answer"},
           {200, R"({"access_token":12})", Kind::again, "bad_answer"},
           {200, R"({"ok":false,"error":"invalid_grant"})", Kind::login, "invalid_grant"},
           {200, R"({"ok":false,"error":"invalid_refresh_token"})", Kind::login, "invalid_refresh_token"},
           {200, R"({"ok":false,"error":"ratelimited"})", Kind::again, "ratelimited"},
           {302, "", Kind::again, "http_302"},
           {400, "", Kind::login, "http_400"},
           {404, "", Kind::credentials, "http_404"}}) {
    const auto told = failure(code, c.status, c.body);
    BOOST_TEST((told.kind == c.kind), c.body << " " << c.status);
    BOOST_TEST(told.code == c.code);
    BOOST_TEST(!told.message.empty());
  }
  BOOST_TEST(failure(code, 400, R"({"error":"invalid_grant","error_description":"gone"})").message == "gone");
  // Nobody logs in for an app or a service account: its own credentials are wrong.
  BOOST_TEST((failure(app, 400, R"({"error":"invalid_grant"})").kind == Kind::credentials));
  BOOST_TEST(
      failure(code, 400, R"({"error":"x","error_description":")" + std::string(5000, 'a') + "\"}").message.size() <=
      300U);
}

BOOST_AUTO_TEST_CASE(a_call_back_of_shopify_is_signed_fresh_and_about_our_shop) {
  const Secret secret("API_SECRET_KEY");
  const QueryPairs good{{"code", "somecode"},
                        {"hmac", "d7591e2c6e30a97f3eacf1f824ef316842a1b0f3dde947b5043d5331e42086fd"},
                        {"timestamp", "123456"},
                        {"host", "host"},
                        {"shop", "some-shop.myshopify.com"},
                        {"state", "1234"}};
  BOOST_TEST(shopify_callback_base(good) ==
             "code=somecode&host=host&shop=some-shop.myshopify.com&state=1234&timestamp=123456");
  const auto check = [&](QueryPairs query, Millis now = 123'456'000,
                         std::string_view shop = "some-shop.myshopify.com") {
    const auto status = check_shopify_callback(query, secret, shop, now);
    return status.has_value() ? std::string("good") : status.error().code;
  };
  BOOST_TEST(check(good) == "good");
  BOOST_TEST(check(good, 123'456'000 + 90'000) == "good");
  BOOST_TEST(check(good, 123'456'000 - 90'000) == "good");
  BOOST_TEST(check(good, 123'456'000 + 90'001) == "bad_callback");
  BOOST_TEST(check(good, 123'456'000 - 90'001) == "bad_callback");
  BOOST_TEST(check(good, 123'456'000, "other.myshopify.com") == "bad_callback");
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto changed = good;
    changed[i].second += "x";
    BOOST_TEST(check(changed) == "bad_callback", changed[i].first);
    auto twice = good;
    twice.push_back({good[i].first, "other"});
    BOOST_TEST(check(twice) == "bad_callback", good[i].first);
  }
  BOOST_TEST(check({}) == "bad_callback");
  BOOST_TEST(check_shopify_callback(good, Secret("another"), "some-shop.myshopify.com", 123'456'000).has_error());
  // Spaces are %20, never "+".
  const std::string spaced = shopify_callback_base({{"code", "some code goes here"},
                                                    {"shop", "the shop URL"},
                                                    {"state", "some nonce passed from auth"},
                                                    {"timestamp", "1700000000"},
                                                    {"hmac", "x"}});
  BOOST_TEST(spaced ==
             "code=some%20code%20goes%20here&shop=the%20shop%20URL&state=some%20nonce%20passed%20from%20auth&"
             "timestamp=1700000000");
  BOOST_TEST(hex_encode(hmac_sha256("my super secret key", spaced)) ==
             "10207991f5c2c65c114b70a3c3544ce1d00a236ea4ab034793de0d6407be9165");
  for (const char* shop : {"a.myshopify.com", "Some-Shop-1.myshopify.com", "9.myshopify.com"})
    BOOST_TEST(is_shop_name(shop));
  for (const char* shop :
       {"", ".myshopify.com", "-a.myshopify.com", "a.myshopify.com.evil.test", "evil.test/a.myshopify.com",
        "a.b.myshopify.com", "a_b.myshopify.com", "a.myshopify.com\n", "amyshopify.com"})
    BOOST_TEST(!is_shop_name(shop), shop);
}

BOOST_AUTO_TEST_SUITE_END()
