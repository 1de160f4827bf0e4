// Verification of deliveries: published and computed vectors, and everything near them refused.
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/delivery.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;
using host_test::acme;

namespace {

using Verdict = Inspection::Verdict;
constexpr Millis kNow = 1'531'420'618'000;

std::string verify(const std::string& entries, const std::string& rest = "") {
  return acme("webhook:\n  verify: " + entries + "\n  topic: [{fixed: t}]\n  format: auto\n" + rest);
}

const Manifest& shopify() {
  static const Manifest m = host_test::manifest(verify("[{kind: hmac, secret: key, header: X-Shopify-Hmac-Sha256}]"));
  return m;
}
const Manifest& slack() {
  static const Manifest m = host_test::manifest(
      verify("[{kind: hmac, secret: key, header: X-Slack-Signature, encoding: hex, prefix: \"v0=\", over: "
             "\"v0:{timestamp}:{body}\", "
             "timestamp_header: X-Slack-Request-Timestamp}]",
             "  handshakes: [{when: {path: type, equals: url_verification}, reply: {path: challenge}}]\n"));
  return m;
}
const Manifest& typeform() {
  static const Manifest m =
      host_test::manifest(verify("[{kind: hmac, secret: key, header: Typeform-Signature, prefix: \"sha256=\"}]"));
  return m;
}
const Manifest& apps_script() {
  static const Manifest m =
      host_test::manifest(verify("[{kind: hmac, secret: key, header: X-Hub-Signature, encoding: hex, prefix: \"v1=\", "
                                 "over: \"v1:{timestamp}:{body}\", "
                                 "timestamp_header: X-Hub-Timestamp}]"));
  return m;
}
const Manifest& solapi() {
  static const Manifest m = host_test::manifest(verify("[{kind: secret_sha1, secret: key, header: X-Solapi-Secret}]"));
  return m;
}
const Manifest& nhn() {
  static const Manifest m =
      host_test::manifest(verify("[{kind: static_secret, secret: key, header: X-Toast-Webhook-Signature}]"));
  return m;
}
const Manifest& mailchimp() {
  static const Manifest m = host_test::manifest(
      verify("[{kind: hmac, secret: key, header: X-Mailchimp-Signature, encoding: hex, over: \"{timestamp}.{body}\", "
             "parts: {timestamp: t, signature: v1}}]"));
  return m;
}
const Manifest& standard() {
  static const Manifest m = host_test::manifest(verify("[{kind: standard_webhooks, secret: key}]"));
  return m;
}

SlotSecrets secrets(const std::vector<std::string>& versions) {
  SlotSecrets out;
  for (const auto& text : versions) out["key"].emplace_back(text);
  return out;
}

HttpRequest delivery(Headers headers, std::string body) {
  return {"POST", "/hooks/x", std::move(headers), std::move(body)};
}

Inspection look(const Manifest& m, const HttpRequest& request, const std::vector<std::string>& versions,
                Millis now = kNow) {
  return inspect(m, Value(Map{{"shop", "s"}}), secrets(versions), request, "", now);
}
bool accepted(const Manifest& m, const HttpRequest& request, const std::vector<std::string>& versions,
              Millis now = kNow) {
  const Inspection seen = look(m, request, versions, now);
  if (seen.verdict == Verdict::refuse) {
    BOOST_TEST(seen.reply.status == 401);
    BOOST_TEST(!seen.diagnosis.empty());
    for (const auto& text : versions) {
      if (text.size() >= 8) BOOST_TEST(seen.diagnosis.find(text) == std::string::npos);
    }
  }
  return seen.verdict != Verdict::refuse;
}

std::string shopify_signature(std::string_view secret, std::string_view body) {
  return base64_encode(hmac_sha256(secret, body));
}

const std::string kBody = R"({"foo": "bar"})";
const std::string kSignature = "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=";
const std::string kSecret = "test_secret_key";

// Computed apart from the code under test: python3 hmac over "msg_1.1531420618." + body with the bytes 0..31 as key.
const std::string kStandardSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const std::string kStandardBody = R"({"type":"order.paid","data":{"id":7001,"이름":"홍길동"}})";
const std::string kStandardSignature = "v1,Z+NNr7VkHlZjzRFztQlLdD/mxhAbuJrGMvD043UJ9Tk=";

HttpRequest standard_delivery(const std::string& signatures, const std::string& stamp = "1531420618") {
  return delivery({{"webhook-id", "msg_1"}, {"webhook-timestamp", stamp}, {"webhook-signature", signatures}},
                  kStandardBody);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verification)

BOOST_AUTO_TEST_CASE(vectors) {
  const Value vectors =
      host_test::json(host_test::read_file(std::string(IEUM_SOURCE_DIR) + "/tests/data/host/vectors.json"));
  int seen = 0;
  for (const auto& vector : *vectors.if_list()) {
    const std::string id = vector.text("id");
    if (vector.get("expect") == nullptr) continue;
    const Manifest* m = id.starts_with("shopify")      ? &shopify()
                        : id.starts_with("slack")      ? &slack()
                        : id.starts_with("typeform")   ? &typeform()
                        : id.starts_with("appsscript") ? &apps_script()
                        : id.starts_with("solapi")     ? &solapi()
                        : id.starts_with("nhn")        ? &nhn()
                        : id.starts_with("mailchimp")  ? &mailchimp()
                                                       : nullptr;
    BOOST_REQUIRE_MESSAGE(m != nullptr, id);
    ++seen;
    HttpRequest request = delivery({}, vector.text("body", "{}"));
    for (const auto& [name, value] : *vector.get("header")->if_map())
      request.headers.add(*name.if_string(), *value.if_string());
    if (request.body.starts_with("token=") || request.body.starts_with("type="))
      request.headers.add("content-type", "application/x-www-form-urlencoded");
    const Millis now = vector.number("now") * kSecond;
    const Inspection found = look(*m, request, {vector.text("secret")}, now);
    BOOST_TEST((found.verdict != Verdict::refuse) == (vector.text("expect") == "accept"),
               id << ": " << found.diagnosis);
    if (const Value* reply = vector.get("response_body")) {
      BOOST_TEST((found.verdict == Verdict::reply));
      BOOST_TEST(found.reply.body == *reply->if_string());
    }
    // The cross matrix: nobody else takes it.
    for (const Manifest* other :
         {&shopify(), &slack(), &typeform(), &apps_script(), &solapi(), &nhn(), &mailchimp(), &standard()}) {
      if (other != m) BOOST_TEST(!accepted(*other, request, {vector.text("secret")}, now), id);
    }
  }
  BOOST_TEST(seen == 13);
}

BOOST_AUTO_TEST_CASE(SIG_07_bodies_are_verified_as_they_came) {
  // 64-bit ids, escaped slashes and Hangul: the bytes as they came are what was signed.
  for (const auto& [body, signature] : std::initializer_list<std::pair<const char*, const char*>>{
           {"{}", "XvcIOG8nFWDt7em908qMy3qjutRcuCIanacuUBx1sD8="},
           {R"({"id":820982911946154508,"admin_graphql_api_id":"gid:\/\/shopify\/Order\/820982911946154508"})",
            "EBfuUx1A+hjAJ15VBKRtIlnO/pWxZplBXNDZu6+cqyA="},
           {R"({"name":"#1001","customer":{"first_name":"길동","last_name":"홍"}})",
            "nTGxT50ha4Tb1HRRd7JAOReap/cadz6T4GKgYcR1pSM="},
       }) {
    BOOST_TEST(accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", signature}}, body), {kSecret}));
  }
  for (const std::string body : {"{ \"a\" :\r\n 1 }", "{\"b\":1,\"a\":\"\\u0061\"}", "[]"}) {
    BOOST_TEST(
        accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", shopify_signature(kSecret, body)}}, body), {kSecret}));
  }
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_refused) {
  const auto good = delivery({{"X-Shopify-Hmac-Sha256", kSignature}}, kBody);
  BOOST_REQUIRE(accepted(shopify(), good, {kSecret}));
  for (std::size_t i = 0; i < kBody.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = good;
      changed.body[i] = static_cast<char>(changed.body[i] ^ (1 << bit));
      BOOST_TEST(!accepted(shopify(), changed, {kSecret}));
    }
  }
  for (std::size_t i = 0; i < kSignature.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string signature = kSignature;
      signature[i] = static_cast<char>(signature[i] ^ (1 << bit));
      BOOST_TEST(!accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", signature}}, kBody), {kSecret}));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_cut_and_lengthened_signature_is_refused) {
  for (std::size_t size = 0; size < kSignature.size(); ++size) {
    BOOST_TEST(
        !accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", kSignature.substr(0, size)}}, kBody), {kSecret}));
  }
  for (std::size_t size = 0; size < kBody.size(); ++size) {
    BOOST_TEST(
        !accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", kSignature}}, kBody.substr(0, size)), {kSecret}));
  }
  for (const std::string& bad :
       {kSignature + "A", kSignature + " ", " " + kSignature, kSignature + "\n", kSignature + kSignature,
        kSignature + ", " + kSignature, hex_encode(*base64_decode(kSignature)), "sha256=" + kSignature}) {
    BOOST_TEST(!accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", bad}}, kBody), {kSecret}));
  }
  // Slack: hex without the prefix, with a digit less, with one more.
  const std::string hex = "bb5bc143e1afa37151ea6887f794287bcfad6113bb7596ffca6ec599ecbdc216";
  const auto slack_with = [&](const std::string& signature) {
    return accepted(
        slack(),
        delivery({{"X-Slack-Request-Timestamp", "1531420618"}, {"X-Slack-Signature", signature}}, R"({"foo":"bar"})"),
        {"secret"});
  };
  BOOST_TEST(slack_with("v0=" + hex));
  for (std::size_t size = 0; size < hex.size(); ++size) BOOST_TEST(!slack_with("v0=" + hex.substr(0, size)));
  BOOST_TEST(!slack_with(hex));
  BOOST_TEST(!slack_with("v1=" + hex));
  BOOST_TEST(!slack_with("v0=" + hex + "0"));
}

BOOST_AUTO_TEST_CASE(headers_must_come_once_and_hold_something) {
  BOOST_TEST(!accepted(shopify(), delivery({}, kBody), {kSecret}));
  BOOST_TEST(!accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", ""}}, kBody), {kSecret}));
  BOOST_TEST(!accepted(shopify(),
                       delivery({{"X-Shopify-Hmac-Sha256", kSignature}, {"x-shopify-hmac-sha256", kSignature}}, kBody),
                       {kSecret}));
  BOOST_TEST(accepted(shopify(), delivery({{"x-shopify-HMAC-sha256", kSignature}}, kBody), {kSecret}));
  // A doubled time is as bad as a doubled signature.
  const std::string v0 = "v0=bb5bc143e1afa37151ea6887f794287bcfad6113bb7596ffca6ec599ecbdc216";
  BOOST_TEST(!accepted(slack(),
                       delivery({{"X-Slack-Request-Timestamp", "1531420618"},
                                 {"X-Slack-Request-Timestamp", "1531420618"},
                                 {"X-Slack-Signature", v0}},
                                R"({"foo":"bar"})"),
                       {"secret"}));
  BOOST_TEST(!accepted(slack(), delivery({{"X-Slack-Signature", v0}}, R"({"foo":"bar"})"), {"secret"}));
}

BOOST_AUTO_TEST_CASE(an_empty_body_is_refused_whatever_signs_it) {
  BOOST_TEST(
      !accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", shopify_signature(kSecret, "")}}, ""), {kSecret}));
  BOOST_TEST(!accepted(nhn(), delivery({{"X-Toast-Webhook-Signature", "hub-secret-1"}}, ""), {"hub-secret-1"}));
  BOOST_TEST(!accepted(solapi(), delivery({{"X-Solapi-Secret", "fe1bae27cb7c1fb823f496f286e78f1d2ae87734"}}, ""),
                       {"test-secret"}));
}

BOOST_AUTO_TEST_CASE(SIG_06_without_a_secret_nothing_is_accepted) {
  const auto good = delivery({{"X-Shopify-Hmac-Sha256", kSignature}}, kBody);
  BOOST_TEST(!accepted(shopify(), good, {}));
  BOOST_TEST(!accepted(shopify(), delivery({{"X-Shopify-Hmac-Sha256", shopify_signature("", kBody)}}, kBody), {""}));
  BOOST_TEST(!accepted(nhn(), delivery({{"X-Toast-Webhook-Signature", ""}}, "{}"), {""}));
  BOOST_TEST(!accepted(solapi(), delivery({{"X-Solapi-Secret", hex_encode(sha1(""))}}, "{}"), {""}));
  SlotSecrets other;
  other["another"].emplace_back(kSecret);
  const auto seen = inspect(shopify(), Value(Map{{"shop", "s"}}), other, good, "", kNow);
  BOOST_TEST((seen.verdict == Verdict::refuse));
  BOOST_TEST(seen.reply.status == 401);
}

BOOST_AUTO_TEST_CASE(rotated_secrets_are_all_tried) {
  const auto good = delivery({{"X-Shopify-Hmac-Sha256", kSignature}}, kBody);
  BOOST_TEST(accepted(shopify(), good, {"new-secret", kSecret}));
  BOOST_TEST(accepted(shopify(), good, {kSecret, "old-secret"}));
  BOOST_TEST(accepted(shopify(), good, {"", "a-secret", "b-secret", kSecret}));
  BOOST_TEST(!accepted(shopify(), good, {"new-secret", "old-secret"}));
  BOOST_TEST(
      accepted(nhn(), delivery({{"X-Toast-Webhook-Signature", "old-secret"}}, "{}"), {"new-secret", "old-secret"}));
}

BOOST_AUTO_TEST_CASE(static_secrets_fit_wholly_or_not) {
  const auto with = [](const std::string& value) { return delivery({{"X-Toast-Webhook-Signature", value}}, "{}"); };
  BOOST_TEST(accepted(nhn(), with("hub-secret-1"), {"hub-secret-1"}));
  for (const char* value : {"hub-secret-", "hub-secret-10", "Hub-secret-1", "hub-secret-2", "h"}) {
    BOOST_TEST(!accepted(nhn(), with(value), {"hub-secret-1"}));
  }
  const auto sha = [](const std::string& value) { return delivery({{"X-Solapi-Secret", value}}, "[]"); };
  BOOST_TEST(accepted(solapi(), sha("FE1BAE27CB7C1FB823F496F286E78F1D2AE87734"), {"test-secret"}));
  for (const char* value : {"fe1bae27cb7c1fb823f496f286e78f1d2ae8773", "fe1bae27cb7c1fb823f496f286e78f1d2ae87735",
                            "fe1bae27", "test-secret"}) {
    BOOST_TEST(!accepted(solapi(), sha(value), {"test-secret"}));
  }
}

BOOST_AUTO_TEST_CASE(SIG_03_times_are_digits_within_five_minutes_both_ways) {
  const auto slack_at = [](const std::string& stamp, Millis now) {
    const std::string body = R"({"foo":"bar"})";
    const std::string signature = "v0=" + hex_encode(hmac_sha256("secret", "v0:" + stamp + ":" + body));
    return accepted(slack(), delivery({{"X-Slack-Request-Timestamp", stamp}, {"X-Slack-Signature", signature}}, body),
                    {"secret"}, now);
  };
  const Millis stamp = 1'531'420'618'000;
  for (const Millis distance : {0, 1, 299, 300}) {
    BOOST_TEST(slack_at("1531420618", stamp + distance * kSecond));
    BOOST_TEST(slack_at("1531420618", stamp - distance * kSecond));
    BOOST_TEST(slack_at("1531420618", stamp + distance * kSecond + 999));
  }
  for (const Millis distance : {301, 302, 3600, 1'000'000}) {
    BOOST_TEST(!slack_at("1531420618", stamp + distance * kSecond));
    BOOST_TEST(!slack_at("1531420618", stamp - distance * kSecond));
  }
  for (const char* odd :
       {"1e9", "0x5b475d8a", "-1531420618", "+1531420618", " 1531420618", "1531420618 ", "1531420618.0",
        "1,531,420,618", "9223372036854775808", "1531420618000", "99999999999999999999999", "일"}) {
    BOOST_TEST(!slack_at(odd, stamp), odd);
  }
  // The signed time is the one that is checked: a changed header breaks the signature.
  const std::string signature = "v0=" + hex_encode(hmac_sha256("secret", "v0:1531420618:{}"));
  BOOST_TEST(!accepted(slack(),
                       delivery({{"X-Slack-Request-Timestamp", "1531420619"}, {"X-Slack-Signature", signature}}, "{}"),
                       {"secret"}));
}

BOOST_AUTO_TEST_CASE(a_bad_signature_gets_no_handshake) {
  const auto request =
      delivery({{"X-Slack-Request-Timestamp", "1531420618"}, {"X-Slack-Signature", "v0=" + std::string(64, '0')}},
               R"({"type":"url_verification","challenge":"abc"})");
  const auto seen = look(slack(), request, {"secret"});
  BOOST_TEST((seen.verdict == Verdict::refuse));
  BOOST_TEST(seen.reply.body.find("abc") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(SIG_01_one_good_signature_in_a_list_is_enough_wherever_it_stands) {
  const std::string bad = "v1," + base64_encode(std::string(32, 'x'));
  const auto ok = [&](const std::string& list) {
    return accepted(standard(), standard_delivery(list), {kStandardSecret});
  };
  BOOST_TEST(ok(kStandardSignature));
  for (std::size_t place = 0; place < 10; ++place) {
    std::string list;
    for (std::size_t i = 0; i < 10; ++i) list += (i == 0 ? "" : " ") + (i == place ? kStandardSignature : bad);
    BOOST_TEST(ok(list));
  }
  BOOST_TEST(ok("v1a," + base64_encode(std::string(64, 'y')) + " " + kStandardSignature));
  BOOST_TEST(!ok(bad));
  BOOST_TEST(!ok(bad + " " + bad));
  BOOST_TEST(!ok("v2," + kStandardSignature.substr(3)));
  BOOST_TEST(!ok(kStandardSignature.substr(3)));
  BOOST_TEST(!ok("v1a," + kStandardSignature.substr(3)));
  for (std::size_t size = 0; size < kStandardSignature.size(); ++size)
    BOOST_TEST(!ok(kStandardSignature.substr(0, size)));
  std::string long_list;
  for (int i = 0; i < 40; ++i) long_list += bad + " ";
  BOOST_TEST(!ok(long_list + kStandardSignature));
}

BOOST_AUTO_TEST_CASE(standard_webhooks_secrets_ids_and_times) {
  const std::string bare = kStandardSecret.substr(6);
  BOOST_TEST(accepted(standard(), standard_delivery(kStandardSignature), {bare}));
  BOOST_TEST(accepted(standard(), standard_delivery(kStandardSignature), {"whsec_bm90aGluZw==", kStandardSecret}));
  for (const char* secret : {"whsec_", "whsec_!!!!", "whsec_bm90aGluZw==", "not base64 at all"}) {
    BOOST_TEST(!accepted(standard(), standard_delivery(kStandardSignature), {secret}));
  }
  BOOST_TEST(accepted(standard(), standard_delivery(kStandardSignature), {kStandardSecret}, kNow + 300 * kSecond));
  BOOST_TEST(!accepted(standard(), standard_delivery(kStandardSignature), {kStandardSecret}, kNow + 301 * kSecond));
  BOOST_TEST(!accepted(standard(), standard_delivery(kStandardSignature), {kStandardSecret}, kNow - 301 * kSecond));
  BOOST_TEST(!accepted(standard(), standard_delivery(kStandardSignature, "1531420619"), {kStandardSecret}));
  for (const char* name : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
    auto request = standard_delivery(kStandardSignature);
    request.headers.add(name, std::string(*request.headers.get(name)));
    BOOST_TEST(!accepted(standard(), request, {kStandardSecret}));
    request.headers.remove(name);
    BOOST_TEST(!accepted(standard(), request, {kStandardSecret}));
  }
  // A point in the id would let "a" + "b.c" and "a.b" + "c" sign the same bytes.
  const auto key = *base64_decode(bare);
  auto request = standard_delivery("v1," + base64_encode(hmac_sha256(key, "msg.1.1531420618." + kStandardBody)));
  request.headers.set("webhook-id", "msg.1");
  BOOST_TEST(!accepted(standard(), request, {kStandardSecret}));
}

BOOST_AUTO_TEST_CASE(url_tokens) {
  const auto m = host_test::manifest(verify("[{kind: url_token, secret: key}]"));
  const auto with = [&](std::string_view token, const std::vector<std::string>& versions) {
    return inspect(m, Value(Map()), secrets(versions), delivery({}, "{}"), token, kNow).verdict;
  };
  BOOST_TEST((with("token-1", {"token-1"}) == Verdict::accept));
  BOOST_TEST((with("token-1", {"token-2", "token-1"}) == Verdict::accept));
  for (const char* token : {"", "token-", "token-11", "TOKEN-1"})
    BOOST_TEST((with(token, {"token-1"}) == Verdict::refuse));
  BOOST_TEST((with("", {""}) == Verdict::refuse));
  BOOST_TEST((with("", {}) == Verdict::refuse));
}

BOOST_AUTO_TEST_CASE(the_connection_chooses_its_verification) {
  const auto m = host_test::manifest(
      acme("webhook:\n"
           "  verify:\n"
           "    - {kind: static_secret, secret: key, header: X-Key, when: {mode: plain}}\n"
           "    - {kind: hmac, secret: key, header: X-Sig, when: {mode: signed}, from_config: true}\n"
           "  topic: [{fixed: t}]\n"));
  const auto with = [&](Map config, const HttpRequest& request) {
    return inspect(m, Value(std::move(config)), secrets({"the-secret"}), request, "", kNow).verdict;
  };
  const auto plain = delivery({{"X-Key", "the-secret"}}, "{}");
  BOOST_TEST((with({}, plain) == Verdict::accept));  // the field's default
  BOOST_TEST((with({{"mode", "plain"}}, plain) == Verdict::accept));
  BOOST_TEST((with({{"mode", "signed"}}, plain) == Verdict::refuse));
  BOOST_TEST((with({{"mode", "open"}}, plain) == Verdict::refuse));

  const auto sign = [](const char* header, const std::string& value) {
    return delivery({{header, value}, {"X-Time", "1531420618"}}, "{}");
  };
  BOOST_TEST(
      (with({{"mode", "signed"}}, sign("X-Sig", base64_encode(hmac_sha256("the-secret", "{}")))) == Verdict::accept));
  const Map own{{"mode", "signed"}, {"header", "X-Hub-Signature-256"}, {"encoding", "hex"}, {"prefix", "sha256="}};
  BOOST_TEST((with(own, sign("X-Hub-Signature-256", "sha256=" + hex_encode(hmac_sha256("the-secret", "{}")))) ==
              Verdict::accept));
  BOOST_TEST((with(own, sign("X-Sig", base64_encode(hmac_sha256("the-secret", "{}")))) == Verdict::refuse));
  const Map sha1_config{{"mode", "signed"}, {"digest", "sha1"}, {"encoding", "hex"}};
  BOOST_TEST((with(sha1_config, sign("X-Sig", hex_encode(hmac_sha1("the-secret", "{}")))) == Verdict::accept));
  const Map sha512_config{
      {"mode", "signed"}, {"digest", "sha512"}, {"over", "{timestamp}.{body}"}, {"timestamp_header", "X-Time"}};
  BOOST_TEST((with(sha512_config, sign("X-Sig", base64_encode(hmac_sha512("the-secret", "1531420618.{}")))) ==
              Verdict::accept));
  // Settings that make no sense refuse everything instead of falling back.
  for (const Map& odd :
       {Map{{"mode", "signed"}, {"digest", "md5"}}, Map{{"mode", "signed"}, {"encoding", "raw"}},
        Map{{"mode", "signed"}, {"over", "{timestamp}"}}, Map{{"mode", "signed"}, {"over", "{timestamp}{body}"}}}) {
    BOOST_TEST((with(odd, sign("X-Sig", base64_encode(hmac_sha256("the-secret", "{}")))) == Verdict::refuse));
  }
}

BOOST_AUTO_TEST_SUITE_END()
