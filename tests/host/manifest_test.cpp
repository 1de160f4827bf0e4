// Manifests: every key is read, every mistake is named with its place, and what ships reads without a warning.
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;
using host_test::acme;

namespace fs = std::filesystem;

namespace {

// The example of docs/manifest.md: what the document shows must hold.
std::string documented_example() {
  const std::string page = host_test::read_file(fs::path(IEUM_SOURCE_DIR) / "docs/manifest.md");
  const auto begin = page.find("```yaml\n");
  BOOST_REQUIRE(begin != std::string::npos);
  const auto end = page.find("```", begin + 8);
  return page.substr(begin + 8, end - begin - 8);
}

const char* const kOperation =
    "operations:\n"
    "  a.b:\n"
    "    title: {ko: 가, en: A}\n"
    "    help: {ko: 가, en: A}\n"
    "    inputs: {to: {title: {ko: 가, en: A}, help: {ko: 가, en: A}}}\n"
    "    sample: {inputs: {}, output: {}}\n";

const char* const kWebhook = "webhook:\n  topic: [{header: T}]\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(manifests)

BOOST_AUTO_TEST_CASE(the_documented_example_reads_without_a_warning) {
  std::vector<Error> warnings;
  const SampleFiles files = [](const std::string& path) -> Result<std::string> {
    BOOST_TEST(path == "samples/order.json");
    return std::string(R"({"id":820982911946154508,"total_price":"62000.00"})");
  };
  const auto read = read_manifest(documented_example(), "manifest.yaml", &warnings, files);
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
  for (const auto& warning : warnings) BOOST_ERROR(warning.text());
  const Manifest& m = *read;
  BOOST_TEST(m.name == "acme");
  BOOST_TEST(m.title.ko == "아크미 상점");
  BOOST_REQUIRE(m.fields.size() == 3U);
  BOOST_TEST(m.fields[0].name == "shop");
  BOOST_TEST(m.fields[0].required);
  BOOST_TEST(m.fields[1].secret);
  BOOST_TEST(m.default_auth == std::vector<std::string>{"token"}, boost::test_tools::per_element());
  BOOST_TEST(m.auth.at("token").text("kind") == "bearer");
  BOOST_TEST(m.test_operation == "shop.get");
  BOOST_TEST(m.limits.in_flight == 4);
  BOOST_REQUIRE(m.webhook.has_value());
  const auto& v = m.webhook->verify.at(0);
  BOOST_TEST((v.kind == Verification::Kind::hmac));
  BOOST_TEST(v.encoding == "hex");
  BOOST_TEST(v.prefix == "v0=");
  BOOST_TEST(v.over == "v0:{timestamp}:{body}");
  BOOST_TEST(v.tolerance_for == 300 * kSecond);
  BOOST_TEST(m.webhook->bindings.at(0).config_field == "shop");
  BOOST_TEST(m.webhook->handshakes.at(0).reply_path == "challenge");
  const EventSpec* event = m.event("orders/create");
  BOOST_REQUIRE(event != nullptr);
  BOOST_TEST(event->means == "order_created");
  BOOST_TEST(event->project.contains("source_key"));
  BOOST_TEST(event->identities.contains("email"));
  BOOST_REQUIRE(event->sample.has_value());
  BOOST_TEST(event->sample->number("id") == 820982911946154508);
  BOOST_TEST(event->samples.at(0).first == "order");
  const Operation* operation = m.operation("message.send");
  BOOST_REQUIRE(operation != nullptr);
  BOOST_TEST((operation->safety == Safety::unsafe));
  BOOST_TEST((operation->reaches == Reaches::customer));
  BOOST_TEST(operation->reconcile == "message.find");
  BOOST_TEST(operation->reconcile_after_for == 2000);
  BOOST_TEST(operation->classes.contains("ad"));
  BOOST_TEST(operation->address_input == "to");
  BOOST_TEST(operation->inputs.at(2).choices.size() == 2U);
  BOOST_TEST(*operation->inputs.at(2).fallback->if_string() == "formal");
  BOOST_TEST(m.operation("shop.get")->internal);
  BOOST_TEST(m.operation("nothing") == nullptr);
}

BOOST_AUTO_TEST_CASE(each_mistake_is_named_with_its_place) {
  struct Case {
    std::string text;
    const char* code;
    const char* says;   // in what or mend
    const char* place;  // after "manifest.yaml:"; "" is not checked
  };
  const std::string operation = kOperation;
  const std::string webhook = kWebhook;
  for (const auto& c : std::initializer_list<Case>{
           {acme("evnets: {}\n"), "unknown_key", "did you mean \"events\"", "9:1"},
           {acme("zzz: 1\n"), "unknown_key", "known are", "9:1"},
           {"- 1\n", "bad_manifest", "must be a map", "1:1"},
           {"version: \"1\"\n", "missing_key", "\"connector\"", "1:1"},
           {"connector: Acme\nversion: \"1\"\n", "bad_manifest", "is no name", "1:12"},
           {"connector: acme\nversion: 1\n", "bad_manifest", "version must be a text", "2:10"},
           {acme("state_version: 0\n"), "bad_manifest", "whole number", "9:16"},
           {acme("title2: x\n"), "unknown_key", "\"title\"", "9:1"},
           {"connector: acme\nversion: \"1\"\nfields: {a: {tpye: string}}\n", "unknown_key", "\"type\"", "3:14"},
           {"connector: acme\nversion: \"1\"\nfields: {a: {type: strnig}}\n", "bad_manifest", "\"string\"", "3:20"},
           {"connector: acme\nversion: \"1\"\nfields: {a: {secret: yes}}\n", "bad_manifest", "true or false", "3:22"},
           {"connector: acme\nversion: \"1\"\nfields: {a: {secret: true, default: x}}\n", "bad_manifest",
            "neither default", ""},
           {"connector: acme\nversion: \"1\"\nfields: {a: {secret: true, type: integer}}\n", "bad_manifest",
            "must be string", ""},
           {acme("origins: [\"ftp://x\"]\n"), "bad_manifest", "is no origin", "9:11"},
           {acme("origins: [\"https://{shop}/path\"]\n"), "bad_manifest", "is no origin", ""},
           {acme("origins: [\"https://{key}\"]\n"), "bad_manifest", "no plain field", ""},
           {acme("origins: [\"https://{none}\"]\n"), "bad_manifest", "no plain field", ""},
           {acme("auth: {t: {kind: bearer}}\n"), "missing_key", "\"slot\"", "9:11"},
           {acme("auth: {t: {kind: bearer, slot: shop}}\n"), "bad_manifest", "no secret field", ""},
           {acme("auth: {t: {kind: bearrer, slot: key}}\n"), "bad_manifest", "\"bearer\"", ""},
           {acme("auth: {t: {kind: header, slot: key}}\n"), "missing_key", "\"header\"", ""},
           {acme("default_auth: t\n"), "bad_manifest", "no scheme", ""},
           {acme("default_auth: [t]\n"), "bad_manifest", "no scheme", ""},
           {acme("auth: {T: {kind: none}}\n"), "bad_manifest", "is no name", ""},
           {acme("auth: {t: {kind: none, when: {key: x}}}\n"), "bad_manifest", "no plain field", ""},
           {acme("auth: {t: {kind: bearer, slot: key, token_url: x}}\n"), "unknown_key", "", ""},
           {acme("auth: {t: {kind: jwt_bearer, slot: key}}\n"), "missing_key", "\"token_url\"", ""},
           {acme("auth: {t: {kind: jwt_bearer, slot: key, token_url: \"ftp://x\"}}\n"), "bad_manifest",
            "no web address", ""},
           {acme("auth: {t: {kind: jwt_bearer, slot: key, token_url: \"https://{key}/x\"}}\n"), "bad_manifest",
            "no plain field", ""},
           {acme("auth: {t: {kind: jwt_bearer, slot: shop, token_url: \"https://{shop}/x\"}}\n"), "bad_manifest",
            "no secret field", ""},
           {acme("auth: {t: {kind: oauth2_client, token_url: \"https://x/t\", client_id: shop}}\n"), "missing_key",
            "\"client_secret\"", ""},
           {acme("auth: {t: {kind: oauth2_client, token_url: \"https://x/t\", client_id: key, client_secret: key}}\n"),
            "bad_manifest", "no plain field", ""},
           {acme("auth: {t: {kind: oauth2_code, token_url: \"https://x/t\", client_id: shop}}\n"), "missing_key",
            "\"authorize_url\"", ""},
           {acme("auth: {t: {kind: oauth2_code, token_url: \"https://x/t\", authorize_url: \"https://x/a\", "
                 "client_id: shop, pkce: false}}\n"),
            "bad_manifest", "redeem", ""},
           {acme("test: x.y\n"), "bad_manifest", "no operation", "9:7"},
           {acme(webhook), "missing_key", "without verify", ""},
           {acme(webhook + "  verify: []\n"), "missing_key", "without verify", ""},
           {acme(webhook + "  verify: [{kind: hmac, header: S}]\n"), "missing_key", "\"secret\"", ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: shop, header: S}]\n"), "bad_manifest", "no secret field",
            ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: key}]\n"), "missing_key", "\"header\"", ""},
           {acme(webhook + "  verify: [{secret: key, header: S}]\n"), "missing_key", "\"kind\"", ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: key, header: S, over: \"{timestamp}\"}]\n"), "bad_manifest",
            "not be signed", ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: key, header: S, over: \"{timestamp}{body}\"}]\n"),
            "bad_manifest", "timestamp_header", ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: key, header: S, timestamp_header: T}]\n"), "bad_manifest",
            "not signed", ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: key, header: S, over: \"{url}{body}\"}]\n"), "bad_manifest",
            "only", ""},
           {acme(webhook + "  verify: [{kind: url_token, secret: key, header: S}]\n"), "bad_manifest", "no header", ""},
           {acme(webhook + "  verify: [{kind: url_token, secret: key, digest: sha1}]\n"), "bad_manifest", "hmac only",
            ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: key, header: S, when: {key: x}}]\n"), "bad_manifest",
            "no plain field", ""},
           {acme(webhook + "  verify: [{kind: hmac, secret: key, header: S, tolerance: soon}]\n"), "bad_manifest",
            "duration", ""},
           {acme(webhook + "  verify: [{kind: url_token, secret: key}]\n  dedupe: [{headr: X}]\n"), "unknown_key",
            "\"header\"", ""},
           {acme(webhook + "  verify: [{kind: url_token, secret: key}]\n  dedupe: [{header: X, body: y}]\n"),
            "bad_manifest", "exactly one", ""},
           {acme(webhook + "  verify: [{kind: url_token, secret: key}]\n  expect: [{header: X, field: nope}]\n"),
            "bad_manifest", "no plain field", ""},
           {acme(webhook + "  verify: [{kind: url_token, secret: key}]\n  bind: [{header: X, field: nope}]\n"),
            "bad_manifest", "no plain field", ""},
           {acme(webhook + "  verify: [{kind: url_token, secret: key}]\n  keep_headers: [X-Y]\n"), "bad_manifest",
            "lower case", ""},
           {acme(webhook + "  verify: [{kind: static_secret, secret: key, header: X-S}]\n  keep_headers: [x-s]\n"),
            "bad_manifest", "never stored", ""},
           {acme("webhook:\n  verify: [{kind: url_token, secret: key}]\n"), "missing_key", "\"topic\"", ""},
           {acme("events: {t: {project: {x: '1 +'}}}\n"), "bad_expression", "", "9:27"},
           {acme("events: {t: {project: {x: 12}}}\n"), "bad_manifest", "must be a text", "9:27"},
           {acme("events: {t: {identities: [x]}}\n"), "bad_manifest", "must be a map", ""},
           {acme("events: {\"a\\u0001\": {}}\n"), "bad_manifest", "topic", ""},
           {acme(operation), "missing_key", "safety", "11:5"},
           {acme(operation + "    safety: sfae\n"), "bad_manifest", "\"safe\"", "15:13"},
           {acme(operation + "    safety: unsafe\n    reconcile: no.such\n"), "bad_manifest", "no operation", "16:16"},
           {acme(operation + "    safety: unsafe\n    reconcile: a.b\n"), "bad_manifest", "must be safe", ""},
           {acme(operation + "    safety: safe\n    reaches: customer\n"), "missing_key", "\"channel\"", ""},
           {acme(operation + "    safety: safe\n    reaches: customer\n    channel: sms\n    address: to\n"),
            "missing_key", "classes", ""},
           {acme(operation + "    safety: safe\n    reaches: customer\n    channel: sms\n    classes: [info]\n"),
            "missing_key", "\"address\"", ""},
           {acme(operation +
                 "    safety: safe\n    reaches: customer\n    channel: sms\n    classes: [spam]\n    address: to\n"),
            "bad_manifest", "no class", ""},
           {acme(operation +
                 "    safety: safe\n    reaches: customer\n    channel: sms\n    classes: [ad]\n    address: to\n"),
            "missing_key", "label", ""},
           {acme(operation +
                 "    safety: safe\n    reaches: customer\n    channel: sms\n    classes: [ad]\n    label: subject\n"
                 "    address: to\n"),
            "bad_manifest", "no input that the label could stand in", ""},
           {acme(operation +
                 "    safety: safe\n    reaches: customer\n    channel: sms\n    classes: [ad]\n    label: vendor\n"
                 "    address: too\n"),
            "bad_manifest", "no input", ""},
           {acme(operation + "    safety: safe\n    capture: {slot: shop, at: x}\n"), "bad_manifest", "no secret field",
            ""},
           {acme(operation + "    safety: safe\n    capture: {slot: key}\n"), "missing_key", "\"at\"", ""},
           {acme(operation + "    safety: safe\n    channel: sms\n"), "bad_manifest", "only for operations that reach",
            ""},
           {acme(operation + "    safety: safe\n    causes: [things/changed]\n"), "bad_manifest", "no event", "16:13"},
           {acme("events: {t: {}}\n" + operation + "    safety: safe\n    causes: [{event: t, mark: mine}]\n"),
            "bad_manifest", "no standard field", ""},
           {acme("events: {t: {}}\n" + operation + "    safety: safe\n    causes: [{event: t, when: {kind: x}}]\n"),
            "bad_manifest", "no input \"kind\"", ""},
           {acme(operation + "    safety: safe\n    causes: [{topic: t}]\n"), "unknown_key", "\"topic\"", ""},
           {acme("operations: {a.b: {safety: safe, inputs: {x: {secret: true}}}}\n"), "bad_manifest",
            "cannot be secret", ""},
           {acme("connector: twice\n"), "bad_yaml", "twice", "9:1"},
       }) {
    const auto read = host_test::try_manifest(c.text);
    BOOST_REQUIRE_MESSAGE(read.has_error(), "was read without an error: " + c.text);
    const std::string text = read.error().text();
    BOOST_TEST(read.error().code == c.code, c.text << " -> " << text);
    BOOST_TEST(text.find(c.says) != std::string::npos, c.text << " -> " << text);
    if (*c.place != '\0')
      BOOST_TEST(read.error().place == std::string("manifest.yaml:") + c.place, c.text << " -> " << text);
  }
}

BOOST_AUTO_TEST_CASE(an_operation_says_what_it_makes_the_vendor_tell) {
  const auto read = host_test::try_manifest(acme(
      "events:\n  t: {project: {mine: 'body.mine'}}\n  u: {}\n" + std::string(kOperation) +
      "    safety: safe\n    causes:\n      - t\n      - {event: u, when: {to: x}}\n      - {event: t, mark: mine}\n"));
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
  const auto& causes = read->operation("a.b")->causes;
  BOOST_REQUIRE(causes.size() == 3U);
  BOOST_TEST(causes[0].topic == "t");
  BOOST_TEST(causes[0].when_input.empty());
  BOOST_TEST(causes[1].topic == "u");
  BOOST_TEST(causes[1].when_input == "to");
  BOOST_TEST(causes[1].when_value == "x");
  BOOST_TEST(causes[2].mark == "mine");
}

BOOST_AUTO_TEST_CASE(what_is_missing_for_people_is_a_warning) {
  struct Case {
    std::string text;
    const char* code;
    const char* says;
  };
  for (const auto& c : std::initializer_list<Case>{
           {"connector: acme\nversion: \"1\"\ntitle: {ko: 가, en: A}\n", "missing_text",
            "acme has no help in Korean and English"},
           {"connector: acme\nversion: \"1\"\ntitle: {ko: 가}\nhelp: {ko: 가, en: A}\n", "missing_text",
            "title in English"},
           {acme("events: {t: {title: {ko: 가, en: A}, help: {en: A}, samples: {x: {}}}}\n"), "missing_text",
            "help in Korean"},
           {acme("events: {t: {title: {ko: 가, en: A}, help: {ko: 가, en: A}}}\n"), "missing_sample",
            "t has no sample"},
           {acme(std::string(kOperation) + "    safety: unsafe\n"), "unreconciled", "waits for a person"},
           {acme("operations: {a.b: {title: {ko: 가, en: A}, help: {ko: 가, en: A}, safety: safe, sample: {inputs: "
                 "{}}}}\n"),
            "missing_sample", "a.b"},
       }) {
    std::vector<Error> warnings;
    const auto read = host_test::try_manifest(c.text, &warnings);
    BOOST_REQUIRE_MESSAGE(read.has_value(), c.text);
    BOOST_REQUIRE_MESSAGE(warnings.size() == 1U, c.text);
    BOOST_TEST(warnings[0].code == c.code);
    BOOST_TEST(warnings[0].what.find(c.says) != std::string::npos, warnings[0].text());
    BOOST_TEST(!warnings[0].place.empty());
  }
  std::vector<Error> warnings;
  const auto read =
      host_test::try_manifest(acme(std::string(kOperation) + "    safety: unsafe\n    reconcile: none\n"), &warnings);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(warnings.empty());
  BOOST_TEST(read->operation("a.b")->reconcile.empty());
}

BOOST_AUTO_TEST_CASE(samples_stay_beside_the_manifest) {
  const SampleFiles none = [](const std::string&) -> Result<std::string> {
    return Error("unreadable_file", "not there");
  };
  const SampleFiles broken = [](const std::string&) -> Result<std::string> { return std::string("{"); };
  const auto code = [](const char* path, const SampleFiles& files) {
    const auto read =
        read_manifest(acme(std::string("events: {t: {samples: {x: ") + path + "}}}\n"), "m", nullptr, files);
    return read.has_error() ? read.error().code : "read";
  };
  BOOST_TEST(code("samples/x.json", none) == "bad_sample");
  BOOST_TEST(code("samples/x.json", broken) == "bad_sample");
  for (const char* path : {"/etc/passwd", "../x.json", "samples/../../x.json", "''"}) {
    bool asked = false;
    const SampleFiles watch = [&](const std::string&) -> Result<std::string> {
      asked = true;
      return std::string("{}");
    };
    BOOST_TEST(code(path, watch) == "bad_sample");
    BOOST_TEST(!asked);
  }
}

BOOST_AUTO_TEST_CASE(every_manifest_in_the_tree_reads_without_a_warning) {
  int seen = 0;
  for (const char* folder : {"connectors", "tests/host_modules"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(IEUM_SOURCE_DIR) / folder)) {
      if (!fs::exists(entry.path() / "manifest.yaml")) continue;
      ++seen;
      std::vector<Error> warnings;
      const SampleFiles files = [&](const std::string& path) -> Result<std::string> {
        if (!fs::exists(entry.path() / path)) return Error("unreadable_file", path + " is not there");
        return host_test::read_file(entry.path() / path);
      };
      const auto read = read_manifest(host_test::read_file(entry.path() / "manifest.yaml"),
                                      entry.path().filename().string(), &warnings, files);
      BOOST_TEST(read.has_value(), (read.has_error() ? read.error().text() : ""));
      for (const auto& warning : warnings) BOOST_ERROR(warning.text());
    }
  }
  BOOST_TEST(seen >= 3);
}

BOOST_AUTO_TEST_CASE(the_scheme_of_a_connection_is_chosen_by_its_fields) {
  const auto m = host_test::manifest(
      acme("auth:\n"
           "  token: {kind: bearer, slot: key, when: {mode: plain}}\n"
           "  oauth: {kind: oauth2_code, when: {mode: oauth}, authorize_url: \"{shop}/auth\", token_url: "
           "\"https://{shop}/token\", client_id: shop, scopes: [a], authorize_extra: {prompt: consent}}\n"
           "default_auth: [oauth, token]\n") +
      kOperation + "    safety: safe\n    capture: {slot: key, at: hook.secret}\n");
  BOOST_TEST(auth_of(m, Value(Map{})).value() == "token");  // the default of `mode`
  BOOST_TEST(auth_of(m, Value(Map{{"mode", "oauth"}})).value() == "oauth");
  BOOST_TEST(!auth_of(m, Value(Map{{"mode", "other"}})).has_value());
  BOOST_TEST(auth_of(host_test::manifest(acme("")), Value(Map{})).value() == "");
  BOOST_TEST(config_with_defaults(m, Value(Map{{"shop", "x"}})).text("mode") == "plain");
  BOOST_TEST(m.operation("a.b")->capture->at == "hook.secret");
}

// A part of a key that is no secret (Mailchimp's data center) becomes a field when the key is entered; nothing long does.
BOOST_AUTO_TEST_CASE(a_field_derives_from_the_secret_that_is_entered) {
  const auto m = host_test::manifest(
      acme("  dc: {derive: {from: key, after_last: \"-\"}, title: {ko: 가, en: A}, help: {ko: 가, en: A}}\n"));
  const auto dc = [&](const char* key, Map config) {
    return with_derived_fields(m, std::move(config), {{"key", Secret(key)}}).text("dc");
  };
  BOOST_TEST(dc("0123456789abcdef-us21", {}) == "us21");
  BOOST_TEST(dc("01-23-us6", {{"dc", "us21"}}) == "us6");
  BOOST_TEST(dc("0123456789abcdef", {{"dc", "us21"}}) == "us21");
  BOOST_TEST(dc("key-", {}) == "");
  BOOST_TEST(dc("key-0123456789abcdef0", {}) == "");
  BOOST_TEST(with_derived_fields(m, Map{{"dc", "us1"}}, {{"other", Secret("a-us2")}}).text("dc") == "us1");
  for (const char* derive :
       {"{from: shop, after_last: \"-\"}", "{from: key}", "{from: key, after_last: a, member: b}"}) {
    const auto wrong = read_manifest(acme("  dc: {derive: " + std::string(derive) + "}\n"), "m");
    BOOST_REQUIRE(wrong.has_error());
    BOOST_TEST(wrong.error().code == "bad_manifest");
  }
}

// The address in a service account's key; of what is no JSON, or is no text, nothing.
BOOST_AUTO_TEST_CASE(a_field_derives_from_a_member_of_the_secret) {
  const auto m = host_test::manifest(
      acme("  who: {derive: {from: key, member: client_email}, title: {ko: 가, en: A}, help: {ko: 가, en: A}}\n"));
  const auto who = [&](const std::string& key) {
    return with_derived_fields(m, Map{}, {{"key", Secret(key)}}).text("who");
  };
  BOOST_TEST(who(R"({"client_email": "hub@acme.example", "private_key": "x"})") == "hub@acme.example");
  BOOST_TEST(who(R"({"client_email": ["hub@acme.example"]})") == "");
  BOOST_TEST(who(R"({"client_email": ")" + std::string(255, 'a') + R"("})") == "");
  BOOST_TEST(who("client_email") == "");
}

// What is asked after a login tells plain fields, and does nothing; its token may be announced in a way of its own.
BOOST_AUTO_TEST_CASE(what_is_asked_after_a_login_is_checked) {
  const auto read = [](const std::string& operation, const std::string& output, const std::string& slot) {
    return read_manifest(acme("  region: {}\n"
                              "auth:\n"
                              "  oauth: {kind: oauth2_code, authorize_url: \"https://a.example/a\", token_url: "
                              "\"https://a.example/t\", client_id: shop, after_login: " +
                              operation + "}\n  meta: {kind: header, header: A, slot: " + slot + "}\n" + kOperation +
                              "    safety: safe\n"
                              "  who.am.i: {internal: true, safety: safe, outputs: {" +
                              output + ": {}}}\n"),
                         "m");
  };
  const auto fine = read("who.am.i", "region", "oauth.access_token");
  BOOST_TEST_INFO((fine.has_error() ? fine.error().text() : ""));
  BOOST_REQUIRE(fine.has_value());
  BOOST_TEST(found_by_hub(*fine, fine->fields.back()));
  BOOST_TEST(!found_by_hub(*fine, fine->fields.front()));
  for (const auto& wrong : {read("nobody", "region", "key"), read("a.b", "region", "key"),
                            read("who.am.i", "key", "key"), read("who.am.i", "elsewhere", "key"),
                            read("who.am.i", "region", "meta.access_token"), read("who.am.i", "region", "nothing")}) {
    BOOST_REQUIRE(wrong.has_error());
    BOOST_TEST(wrong.error().code == "bad_manifest");
  }
}

BOOST_AUTO_TEST_SUITE_END()
