// Signatures of the standards and of vendors that the generic webhook serves, the times that are signed, and what may not be entered.
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/connection_form.hpp"
#include "host/delivery.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;
using host_test::acme;

namespace {

using Verdict = Inspection::Verdict;

// https://github.com/standard-webhooks/standard-webhooks: the message that its libraries are tested with. The signature of v1a is by the
// first key of RFC 8032, section 7.1, over the same message, made apart from the code under test.
const std::string kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string kPublic = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const std::string kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const std::string kStamp = "1614265330";
const std::string kBody = R"({"test": 2432232314})";
const std::string kShared = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const std::string kPrivate =
    "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==";
constexpr Millis kThen = 1'614'265'330'000;

const Manifest& shipped() {
  static const Manifest manifest =
      host_test::manifest(host_test::read_file(std::string(IEUM_SOURCE_DIR) + "/connectors/webhook/manifest.yaml"));
  return manifest;
}

Inspection look(const Manifest& manifest, Map config, const std::vector<std::string>& secrets,
                const HttpRequest& request, Millis now) {
  SlotSecrets known;
  for (const auto& field : manifest.fields)
    if (field.secret)
      for (const auto& secret : secrets) known[field.name].emplace_back(secret);
  return inspect(manifest, Value(std::move(config)), known, request, "", now);
}

bool standard(const std::string& list, const std::vector<std::string>& secrets, const std::string& body = kBody) {
  const HttpRequest request{
      "POST", "/hooks/x", {{"webhook-id", kId}, {"webhook-timestamp", kStamp}, {"webhook-signature", list}}, body};
  const auto seen = look(shipped(), {{"scheme", "standard_webhooks"}}, secrets, request, kThen);
  if (seen.verdict == Verdict::refuse) BOOST_TEST(seen.reply.status == 401);
  return seen.verdict == Verdict::accept;
}

// Each way of signing a time, with the request that it makes at a time.
struct Timed {
  const char* name;
  std::string verify;
  std::function<void(HttpRequest&, const std::string& stamp)> sign;
};

const std::vector<Timed>& timed() {
  static const std::string key = "the-secret-key";
  static const auto hmac = [](const std::string& text) { return hmac_sha256(key, text); };
  static const std::vector<Timed> all = {
      {"header", "kind: hmac, header: S, encoding: hex, over: \"v0:{timestamp}:{body}\", timestamp_header: T",
       [](HttpRequest& request, const std::string& stamp) {
         request.headers.add("T", stamp);
         request.headers.add("S", hex_encode(hmac("v0:" + stamp + ":{}")));
       }},
      {"parts",
       "kind: hmac, header: S, encoding: hex, over: \"{timestamp}.{body}\", parts: {timestamp: t, signature: v1}",
       [](HttpRequest& request, const std::string& stamp) {
         request.headers.add("S", "t=" + stamp + ",v1=" + hex_encode(hmac(stamp + ".{}")));
       }},
      {"standard", "kind: standard_webhooks", [](HttpRequest& request, const std::string& stamp) {
         request.headers.add("webhook-id", "m");
         request.headers.add("webhook-timestamp", stamp);
         request.headers.add(
             "webhook-signature",
             "v1," + base64_encode(hmac_sha256(*base64_decode("dGhlLXNlY3JldC1rZXk="), "m." + stamp + ".{}")));
       }}};
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signatures)

BOOST_AUTO_TEST_CASE(SIG_01_the_standards_own_message_is_taken_by_shared_and_by_public_key) {
  const std::string bad = "v1," + base64_encode(std::string(32, 'x'));
  const std::string bad_private = "v1a," + base64_encode(std::string(64, 'x'));
  for (const auto& [secret, good, other] :
       {std::tuple(kSecret, kShared, kPrivate), std::tuple(kPublic, kPrivate, kShared)}) {
    BOOST_TEST(standard(good, {secret}));
    BOOST_TEST(standard(good + " " + other, {secret}));
    BOOST_TEST(standard(other + " " + good, {secret}));
    BOOST_TEST(standard(good, {"whsec_bm90aGluZw==", secret}));
    for (std::size_t place = 0; place < 10; ++place) {
      std::string list;
      for (std::size_t i = 0; i < 10; ++i)
        list += (i == 0 ? "" : " ") + (i == place ? good : i % 2 == 0 ? bad : bad_private);
      BOOST_TEST(standard(list, {secret}));
    }
    for (const std::string& list : {other, bad, bad_private, bad + " " + bad_private, good.substr(0, good.size() - 4),
                                    "v2," + good.substr(good.find(',') + 1)})
      BOOST_TEST(!standard(list, {secret}), list);
    BOOST_TEST(!standard(good, {secret}, kBody + " "));
  }
  BOOST_TEST(standard(kShared, {kPublic, kSecret}));
  // A public key is known to everybody: what it would give as a shared one proves nothing.
  const std::string base = kId + "." + kStamp + "." + kBody;
  const std::string forged = "v1," + base64_encode(hmac_sha256(*base64_decode(kPublic.substr(5)), base));
  BOOST_TEST(!standard(forged, {kPublic}));
}

BOOST_AUTO_TEST_CASE(SIG_01_ed25519_takes_the_vectors_of_its_standard_and_nothing_near_them) {
  // RFC 8032, section 7.1, tests 1 and 2.
  const auto hex = [](const char* text) { return *hex_decode(text); };
  const std::string key1 = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const std::string sig1 =
      hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
          "be24655141438e7a10"
          "0b");
  const std::string key2 = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const std::string sig2 =
      hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
          "2aeeb00d291612bb0c"
          "00");
  BOOST_TEST(ed25519_fits(key1, sig1, ""));
  BOOST_TEST(ed25519_fits(key2, sig2, "\x72"));
  BOOST_TEST(!ed25519_fits(key1, sig2, "\x72"));
  BOOST_TEST(!ed25519_fits(key2, sig2, "\x73"));
  for (std::size_t bit = 0; bit < 8 * sig2.size(); ++bit) {
    std::string changed = sig2;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    BOOST_TEST(!ed25519_fits(key2, changed, "\x72"));
  }
  BOOST_TEST(!ed25519_fits(key2, sig2.substr(0, 63), "\x72"));
  BOOST_TEST(!ed25519_fits(key2.substr(0, 31), sig2, "\x72"));
  BOOST_TEST(!ed25519_fits(std::string(32, '\xff'), sig2, "\x72"));
  BOOST_TEST(!ed25519_fits("", "", ""));
}

BOOST_AUTO_TEST_CASE(SIG_03_a_signed_time_is_bare_digits_near_the_clock_in_every_scheme) {
  constexpr Millis kNow = 1'800'000'000'000;
  for (const Timed& way : timed()) {
    const Manifest manifest =
        host_test::manifest(acme("webhook:\n  verify: [{" + way.verify + ", secret: key}]\n  topic: [{fixed: t}]\n"));
    const auto taken = [&](const std::string& stamp) {
      HttpRequest request{"POST", "/hooks/x", {}, "{}"};
      way.sign(request, stamp);
      const std::string secret = std::string_view(way.name) == "standard" ? "dGhlLXNlY3JldC1rZXk=" : "the-secret-key";
      const auto seen = look(manifest, {{"shop", "s"}}, {secret}, request, kNow);
      if (seen.verdict == Verdict::refuse) BOOST_TEST(seen.reply.status == 401);
      return seen.verdict == Verdict::accept;
    };
    const auto at = [](Millis distance_s) { return std::to_string(kNow / kSecond + distance_s); };
    BOOST_TEST_CONTEXT(way.name) {
      for (const Millis near : {0, 1, -1, 299, -299}) BOOST_TEST(taken(at(near)), near);
      for (const Millis far : {301, -301, 86'400, -86'400, 1'000'000'000}) BOOST_TEST(!taken(at(far)), far);
      for (const std::string& odd :
           {std::string(), std::string("1e9"), std::string("18e8"), std::string("0x6b49d200"),
            std::string("-1800000000"), std::string("9223372036854775808"), std::string("18446744073709551616"),
            std::string("1800000000.0"), std::string("1800000000."), std::string("+1800000000"),
            std::string(" 1800000000"), std::string("1800000000 "), std::string("1,800,000,000"),
            std::string("1800000000000"), std::string("01800000000000"), std::string("NaN"), std::string(4096, '1'),
            std::string(4096, '0') + "1800000000", std::string("1800000000\xC2\xA0")})
        BOOST_TEST(!taken(odd), odd.substr(0, 40));
    }
  }
}

// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries: the values to test an implementation with. The body
// is no JSON, so what is proven is quarantined.
BOOST_AUTO_TEST_CASE(SIG_09_githubs_own_values_are_taken_with_the_settings_for_it) {
  const Map settings{{"scheme", "hmac"},
                     {"header", "X-Hub-Signature-256"},
                     {"digest", "sha256"},
                     {"encoding", "hex"},
                     {"prefix", "sha256="}};
  const std::string digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const auto with = [&](const std::string& header, const std::string& secret) {
    return look(shipped(), settings, {secret}, {"POST", "/", {{"X-Hub-Signature-256", header}}, "Hello, World!"}, kThen)
        .verdict;
  };
  BOOST_TEST((with("sha256=" + digest, "It's a Secret to Everybody") == Verdict::quarantine));
  BOOST_TEST((with(digest, "It's a Secret to Everybody") == Verdict::refuse));
  BOOST_TEST((with("sha1=" + digest, "It's a Secret to Everybody") == Verdict::refuse));
  BOOST_TEST((with("sha256=" + digest, "It's a Secret to everybody") == Verdict::refuse));
}

BOOST_AUTO_TEST_CASE(SIG_06_a_secret_that_could_prove_nothing_is_not_entered) {
  const auto entered = [](const char* scheme, const std::string& secret) {
    const auto checked = check_proves(shipped(), Value(Map{{"scheme", scheme}}), {{"secret", Secret(secret)}});
    return checked.has_error() ? checked.error().code : "";
  };
  for (const std::string& good : {kSecret, kPublic, kSecret.substr(6)})
    BOOST_TEST(entered("standard_webhooks", good) == "");
  for (const char* bad : {"whsec_", "whsec_!!!!", "no base64!", "whpk_", "whpk_bm90aGluZw==", ""})
    BOOST_TEST(entered("standard_webhooks", bad) == "bad_value", bad);
  BOOST_TEST(entered("hmac", "no base64!") == "");
  BOOST_TEST(entered("url_token", "no base64!") == "");
  const auto manifest = host_test::manifest(acme(
      "webhook:\n  verify: [{kind: hmac, secret: key, secret_encoding: base64, header: S}]\n  topic: [{fixed: t}]\n"));
  BOOST_TEST(check_proves(manifest, Value(Map{}), {{"key", Secret("not base64!")}}).has_error());
  BOOST_TEST(!check_proves(manifest, Value(Map{}), {{"key", Secret("dGhlLXNlY3JldC1rZXk=")}}).has_error());
  // One that is there all the same (an older hub took it) proves nothing.
  BOOST_TEST(!standard(kShared, {"whsec_!!!!"}));
  BOOST_TEST(!standard("v1," + base64_encode(hmac_sha256("", kId + "." + kStamp + "." + kBody)), {"whsec_"}));
}

BOOST_AUTO_TEST_CASE(SIG_13_a_webhook_that_would_take_events_from_anyone_cannot_be_declared) {
  const std::string webhook = "webhook:\n  topic: [{fixed: t}]\n";
  for (const char* verify :
       {"", "  verify: []\n", "  verify: none\n", "  verify: [{kind: none}]\n",
        "  verify: [{kind: none, secret: key}]\n", "  verify: [{kind: unsigned, secret: key}]\n", "  unsigned: true\n",
        "  verify: [{kind: hmac, header: S}]\n", "  verify: [{kind: url_token}]\n",
        "  verify: [{kind: static_secret, header: S, secret: shop}]\n"})
    BOOST_TEST(host_test::try_manifest(acme(webhook + verify)).has_error(), verify);
  BOOST_TEST(host_test::try_manifest(acme(webhook + "  verify: [{kind: url_token, secret: key}]\n")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
