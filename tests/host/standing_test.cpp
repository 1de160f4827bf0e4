// What a manifest says of the hub's own doing at a vendor (polls, subscriptions, resources, limits), and the newer ways
// of deliveries: lists of signatures, checks by GET, forms that hold JSON, empty bodies, replies of the manifest.
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/delivery.hpp"
#include "host/module_connector.hpp"
#include "host/typed_config.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

using Verdict = Inspection::Verdict;
constexpr Millis kNow = 1'718'000'000'000;

std::string described(const std::string& rest) {
  return "{title: {ko: 가, en: A}, help: {ko: 가, en: A}, " + rest + "}";
}

// A connector with a list field, one event, and internal operations to name.
std::string shop(const std::string& rest) {
  return "connector: shop\nversion: \"1\"\ntitle: {ko: 가, en: A}\nhelp: {ko: 가, en: A}\n"
         "fields:\n"
         "  watch: " +
         described("type: list") + "\n" + "  signed: " + described("default: \"yes\"") + "\n" +
         "  key: " + described("secret: true, generate: true") + "\n" +
         "webhook:\n  verify:\n"
         "    - {kind: static_secret, when_header: X-Channel, secret: key, header: X-Token, empty_body: true}\n"
         "    - {kind: hmac, when: {signed: \"yes\"}, secret: key, header: X-Sig, encoding: hex, over: "
         "\"{timestamp}.{body}\", parts: {timestamp: t, signature: v1}}\n"
         "  handshakes: [{when: {method: GET}, reply: {}}, {when: {path: ssl_check, equals: \"1\"}, reply: {}}]\n"
         "  topic: [{first: [{header: X-Channel}, {body: type}]}]\n"
         "  format: auto\n  json_field: payload\n  reply: {body: \"\", content_type: text/plain}\n"
         "events:\n  row.added: " +
         described("samples: {a: {x: 1}}") + "\n" + "operations:\n" +
         "  list: " + described("internal: true, safety: safe, sample: {inputs: {}, output: {}}") + "\n" +
         "  keep: " + described("internal: true, safety: idempotent, sample: {inputs: {}, output: {}}") + "\n" +
         "  send: " +
         described("safety: unsafe, reconcile: none, inputs: {to: " + described("resource: people") +
                   "}, sample: {inputs: {}, output: {}}") +
         "\n" + rest;
}

const char* const kStanding =
    "polls:\n"
    "  rows: {title: {ko: 가, en: A}, help: {ko: 가, en: A}, each: watch, events: [row.added], every: 30s, wake_by: "
    "[update]}\n"
    "subscriptions:\n"
    "  hook: {title: {ko: 가, en: A}, help: {ko: 가, en: A}, each: watch, ensure: keep, remove: keep, every: 6h}\n"
    "resources:\n"
    "  people: {title: {ko: 가, en: A}, help: {ko: 가, en: A}, list: list, every: 10m}\n"
    "limits:\n"
    "  in_flight: 3\n"
    "  buckets:\n"
    "    - {name: writes, rate: 60, per: 1m, operations: [send], by: inputs.to}\n"
    "    - {name: all, rate: 5, per: 1s}\n"
    "  learn: {remaining: \"int(headers['x-left'])\", reset_after: \"int(headers['x-reset'])\"}\n";

const Manifest& standing() {
  static const Manifest m = host_test::manifest(shop(kStanding));
  return m;
}

Inspection look(HttpRequest request, const std::string& secret = "whsec_test") {
  SlotSecrets secrets;
  secrets["key"].emplace_back(secret);
  return inspect(standing(), Value(Map()), secrets, request, "", kNow);
}

std::string signature(const std::string& body, const std::string& time = "1718000000") {
  return hex_encode(hmac_sha256("whsec_test", time + "." + body));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standing_work)

BOOST_AUTO_TEST_CASE(what_the_hub_does_by_itself_is_read) {
  const Manifest& m = standing();
  const Poll* rows = m.poll("rows");
  BOOST_REQUIRE(rows != nullptr);
  BOOST_TEST(rows->each == "watch");
  BOOST_TEST(rows->events.at(0) == "row.added");
  BOOST_TEST(rows->every_for == 30 * kSecond);
  BOOST_TEST(rows->wake_by.at(0) == "update");
  BOOST_REQUIRE(m.subscriptions.size() == 1u);
  BOOST_TEST(m.subscriptions[0].ensure == "keep");
  BOOST_TEST(m.subscriptions[0].every_for == 6 * kHour);
  BOOST_REQUIRE(m.resource("people") != nullptr);
  BOOST_TEST(m.resource("people")->list == "list");
  BOOST_TEST(m.limits.in_flight == 3);
  BOOST_REQUIRE(m.limits.buckets.size() == 2u);
  BOOST_TEST(m.limits.buckets[0].rate == 60);
  BOOST_TEST(m.limits.buckets[0].per_for == kMinute);
  BOOST_TEST(m.limits.buckets[0].by.has_value());
  BOOST_TEST(m.limits.buckets[1].operations.empty());
  BOOST_TEST(m.limits.remaining.has_value());
  BOOST_TEST(!m.limits.need.has_value());
  BOOST_TEST(m.fields[2].generate);
  BOOST_TEST(m.operation("send")->inputs[0].resource == "people");
  BOOST_TEST(m.operation("send")->inputs[0].resource_strict);
}

BOOST_AUTO_TEST_CASE(a_connection_may_say_its_own_limits) {
  const auto read = [](const std::string& limits) {
    const std::string standing = kStanding;
    std::string text = shop(standing.substr(0, standing.find("limits:")) + "limits: " + limits + "\n");
    return host_test::try_manifest(
        text.insert(text.find("  watch: "), "  speed: " + described("type: integer") + "\n"));
  };
  const auto m = read("{in_flight: \"{speed}\", buckets: [{name: calls, rate: \"{speed}\"}, {name: all, rate: 5}]}");
  BOOST_REQUIRE_MESSAGE(m.has_value(), m.error().text());
  BOOST_TEST(m->limits.in_flight == 8);
  const auto said = limits_of(*m, Map{{"speed", 40}});
  BOOST_TEST(said.in_flight == 40);
  BOOST_REQUIRE(said.buckets.size() == 2u);
  BOOST_TEST(said.buckets[0].rate == 40);
  for (const Value& nothing :
       {Value(Map()), Value(Map{{"speed", 0}}), Value(Map{{"speed", ""}}), Value(Map{{"speed", -1}})}) {
    const auto free = limits_of(*m, nothing);
    BOOST_REQUIRE(free.buckets.size() == 1u);
    BOOST_TEST(free.buckets[0].name == "all");
    BOOST_TEST(free.in_flight >= 1);
  }
  const auto wrong = read("{in_flight: \"{haste}\"}");
  BOOST_REQUIRE(wrong.has_error());
  BOOST_TEST(wrong.error().text().find("\"haste\" is no integer field of the connection") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_input_may_take_a_list_as_suggestions) {
  const auto read = [](const std::string& resource) {
    std::string text = shop(kStanding);
    return host_test::try_manifest(text.replace(text.find("resource: people"), 16, "resource: " + resource));
  };
  const auto soft = read("{name: people, strict: false}");
  BOOST_REQUIRE(soft.has_value());
  BOOST_TEST(soft->operation("send")->inputs[0].resource == "people");
  BOOST_TEST(!soft->operation("send")->inputs[0].resource_strict);
  BOOST_TEST(read("{name: people}")->operation("send")->inputs[0].resource_strict);
  for (const auto& [resource, code] :
       std::initializer_list<std::pair<const char*, const char*>>{{"{name: nobody, strict: false}", "bad_manifest"},
                                                                  {"{strict: false}", "missing_key"},
                                                                  {"{name: people, soft: true}", "unknown_key"}}) {
    const auto wrong = read(resource);
    BOOST_REQUIRE_MESSAGE(wrong.has_error(), resource);
    BOOST_TEST(wrong.error().code == code, resource);
  }
}

BOOST_AUTO_TEST_CASE(each_mistake_in_it_is_named) {
  const std::string entry = "{title: {ko: 가, en: A}, help: {ko: 가, en: A}, ";
  const std::string people = "resources: {people: " + entry + "list: list}}\n";
  for (const auto& [rest, code, says] : std::initializer_list<std::tuple<std::string, const char*, const char*>>{
           {"", "bad_manifest", "no resource \"people\""},
           {people + "polls: {p: " + entry + "events: [other]}}\n", "bad_manifest", "no event \"other\""},
           {people + "polls: {p: " + entry + "every: 30s}}\n", "missing_key", "tells no events"},
           {people + "polls: {p: " + entry + "events: [row.added], every: 1s}}\n", "bad_manifest", "at least 5s"},
           {people + "polls: {p: " + entry + "events: [row.added], each: key}}\n", "bad_manifest", "no list field"},
           {people + "polls: {p: " + entry + "events: [row.added], evry: 30s}}\n", "unknown_key", "\"every\""},
           {people + "subscriptions: {s: " + entry + "ensure: gone}}\n", "bad_manifest", "no operation \"gone\""},
           {people + "subscriptions: {s: " + entry + "ensure: send}}\n", "bad_manifest", "must not be unsafe"},
           {people + "subscriptions: {s: " + entry + "every: 6h}}\n", "missing_key", "\"ensure\""},
           {people + "limits: {calls_per_minute: 1}\n", "unknown_key", "buckets"},
           {people + "limits: {buckets: [{name: a, rate: 0}]}\n", "bad_manifest", "whole number"},
           {people + "limits: {buckets: [{name: a, rate: 1, operations: [none]}]}\n", "bad_manifest",
            "no operation or"},
           {people + "limits: {buckets: [{name: a, rate: 1}, {name: a, rate: 2}]}\n", "bad_manifest", "two buckets"},
           {people + "limits: {learn: {remaining: \"1 +\"}}\n", "bad_expression", ""},
       }) {
    const auto read = host_test::try_manifest(shop(rest));
    BOOST_REQUIRE_MESSAGE(read.has_error(), rest);
    BOOST_TEST(read.error().code == code, rest << ": " << read.error().text());
    BOOST_TEST(read.error().text().find(says) != std::string::npos, rest << ": " << read.error().text());
  }
}

// Mailchimp's way: t=..,v1=.. in one header; one that fits is enough, the time is signed and bounded.
BOOST_AUTO_TEST_CASE(one_of_several_signatures_of_a_list_must_fit) {
  const std::string body = R"({"type":"a"})";
  const std::string good = signature(body);
  const auto verdict = [&](const std::string& header) {
    return look({"POST", "/hooks/shop", {{"X-Sig", header}}, body}).verdict;
  };
  BOOST_TEST((verdict("t=1718000000,v1=" + good) == Verdict::accept));
  BOOST_TEST((verdict("v1=" + good + ", t=1718000000") == Verdict::accept));
  BOOST_TEST((verdict("t=1718000000,v1=" + std::string(64, '0') + ",v1=" + good) == Verdict::accept));
  BOOST_TEST((verdict("t=1718000300,v1=" + signature(body, "1718000300")) == Verdict::accept));
  for (const std::string& bad :
       {"t=1718000001,v1=" + good, "v1=" + good, "t=1718000000,v0=" + good, "t=1718000000,v1=" + good.substr(0, 63),
        "t=1718000000,t=1718000000,v1=" + good, "t=1717999699,v1=" + signature(body, "1717999699"),
        "t=1718000301,v1=" + signature(body, "1718000301"), std::string("t=,v1="), std::string(",,,,,"), good}) {
    BOOST_TEST((verdict(bad) == Verdict::refuse), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_check_by_get_is_answered_unverified_and_runs_nothing) {
  const auto get = look({"GET", "/hooks/shop", {}, ""});
  BOOST_TEST((get.verdict == Verdict::reply));
  BOOST_TEST(get.reply.status == 200);
  BOOST_TEST(get.reply.body == "");
  BOOST_TEST(look({"PUT", "/hooks/shop", {}, ""}).reply.status == 405);
}

BOOST_AUTO_TEST_CASE(a_check_inside_a_form_is_answered_only_when_it_is_verified) {
  const std::string body = "ssl_check=1&token=x";
  HttpRequest request{"POST", "/hooks/shop", {{"Content-Type", "application/x-www-form-urlencoded"}}, body};
  BOOST_TEST((look(request).verdict == Verdict::refuse));
  request.headers.add("X-Sig", "t=1718000000,v1=" + signature(body));
  BOOST_TEST((look(request).verdict == Verdict::reply));
}

// The entry that a header chooses is proved as strictly as any other.
BOOST_AUTO_TEST_CASE(a_header_chooses_the_way_of_verification) {
  const auto pushed = look({"POST", "/hooks/shop", {{"X-Channel", "update"}, {"X-Token", "whsec_test"}}, ""});
  BOOST_TEST((pushed.verdict == Verdict::accept));
  BOOST_TEST(pushed.topic == "update");
  BOOST_TEST((look({"POST", "/hooks/shop", {{"X-Channel", "update"}, {"X-Token", "whsec_tes"}}, ""}).verdict ==
              Verdict::refuse));
  BOOST_TEST((look({"POST", "/hooks/shop", {{"X-Channel", "update"}}, ""}).verdict == Verdict::refuse));
  BOOST_TEST((look({"POST", "/hooks/shop", {{"X-Token", "whsec_test"}}, ""}).verdict == Verdict::refuse));
}

BOOST_AUTO_TEST_CASE(a_form_may_hold_the_json) {
  const std::string body = "payload=" + percent_encode(R"({"type":"block_actions","user":{"id":"U1"}})");
  HttpRequest request{"POST", "/hooks/shop", {{"Content-Type", "application/x-www-form-urlencoded"}}, body};
  request.headers.add("X-Sig", "t=1718000000,v1=" + signature(body));
  const auto seen = look(request);
  BOOST_TEST((seen.verdict == Verdict::accept));
  BOOST_TEST(seen.topic == "block_actions");
  const auto connector = declarative_connector(standing());
  const auto events = read_delivery(*connector, Value(Map()), seen.topic, seen.kept_headers, body, kNow);
  BOOST_REQUIRE(events.has_value());
  BOOST_TEST(*events->at(0).data.at_path("user.id")->if_string() == "U1");
  const std::string broken = "payload=%7B";
  HttpRequest damaged{"POST", "/hooks/shop", {{"Content-Type", "application/x-www-form-urlencoded"}}, broken};
  damaged.headers.add("X-Sig", "t=1718000000,v1=" + signature(broken));
  BOOST_TEST((look(damaged).verdict == Verdict::quarantine));
}

// What a poll or the hub itself told is read as it was stored, whatever the connector's webhook is like.
BOOST_AUTO_TEST_CASE(a_told_event_is_its_body) {
  const auto connector = declarative_connector(standing());
  const auto events = read_delivery(*connector, Value(Map()), "row.added", R"({":told_by":"poll"})",
                                    R"({"id":12345678901234567890})", kNow);
  BOOST_REQUIRE(events.has_value());
  BOOST_TEST(events->at(0).topic == "row.added");
  BOOST_TEST(write_json(events->at(0).data) == R"({"id":12345678901234567890})");
  BOOST_TEST(read_delivery(*connector, Value(Map()), "row.added", R"({":told_by":"poll"})", "{", kNow).has_error());
}

// A form and a command line give texts; what is stored is what the field is.
BOOST_AUTO_TEST_CASE(texts_become_what_their_field_is) {
  const Manifest m = host_test::manifest(
      "connector: a\nversion: \"1\"\ntitle: {ko: 가, en: A}\nhelp: {ko: 가, en: A}\nfields:\n"
      "  watch: " +
      described("type: list") + "\n  on: " + described("type: boolean") + "\n  count: " + described("type: integer") +
      "\n  name: " + described("type: string") + "\n");
  const auto typed = [&](Map config) { return typed_config(m, Value(std::move(config))); };
  const auto good = typed({{"watch", "a/시트 1, b,,c"}, {"on", "true"}, {"count", "12"}, {"name", "12"}});
  BOOST_REQUIRE(good.has_value());
  BOOST_TEST(write_json(*good) == R"({"watch":["a/시트 1","b","c"],"on":true,"count":12,"name":"12"})");
  BOOST_TEST(write_json(*typed({{"watch", ""}})) == R"({"watch":[]})");
  BOOST_TEST(typed({{"on", "yes"}}).error().code == "bad_config");
  BOOST_TEST(typed({{"count", "1.5"}}).error().code == "bad_config");
  BOOST_TEST(typed({{"watch", List{Value(1)}}}).error().code == "bad_config");
  BOOST_TEST(write_json(*typed({{"other", 1}})) == R"({"other":1})");
}

BOOST_AUTO_TEST_SUITE_END()
