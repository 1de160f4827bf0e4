// Deliveries behind the verification: topic, dedupe key, kept headers, handshakes, bindings, quarantine; and the events
// that are read out of what was stored.
#include "host/delivery.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/module_connector.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;
using host_test::acme;

namespace {

using Verdict = Inspection::Verdict;
constexpr Millis kNow = 1'800'000'000'000;

std::string webhook(const std::string& rest) {
  return acme("webhook:\n  verify: [{kind: static_secret, secret: key, header: X-Key}]\n" + rest);
}
std::string unsigned_webhook(const std::string& rest) {
  return acme("webhook:\n  verify: [{kind: url_token, secret: key}]\n" + rest);
}

Inspection look(const std::string& text, Headers headers, std::string body,
                Map config = {{"shop", "My-Shop.example"}}) {
  SlotSecrets secrets;
  secrets["key"].emplace_back("the-secret");
  headers.add("X-Key", "the-secret");
  return inspect(host_test::manifest(text), Value(std::move(config)), secrets,
                 {"POST", "/hooks/acme", std::move(headers), std::move(body)}, "the-secret", kNow);
}

std::vector<HubEvent> events(const std::string& text, const std::string& topic, const std::string& body,
                             const std::string& headers = "{}") {
  const auto connector = declarative_connector(host_test::manifest(text));
  auto read = read_delivery(*connector, Value(Map()), topic, headers, body, kNow);
  BOOST_REQUIRE_MESSAGE(read.has_value(), (read.has_error() ? read.error().text() : ""));
  return std::move(*read);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(delivery)

BOOST_AUTO_TEST_CASE(topics_and_dedupe_keys_come_from_headers_body_and_text) {
  const std::string text = webhook(
      "  topic: [{first: [{body: event.type}, {body: type}]}, {header: X-Sub}]\n"
      "  dedupe: [{body: team_id}, {body: event_id}]\n"
      "  keep_headers: [x-sub, x-none]\n");
  auto seen =
      look(text, {{"X-Sub", " a "}, {"Content-Type", "application/json"}, {"X-Other", "1"}},
           R"({"type":"event_callback","team_id":"T1","event_id":820982911946154508,"event":{"type":"app_mention"}})");
  BOOST_TEST((seen.verdict == Verdict::accept));
  BOOST_TEST(seen.topic == "app_mention:a");
  BOOST_TEST(seen.dedupe_key == "T1:820982911946154508");
  BOOST_TEST(seen.kept_headers == R"({"content-type":"application/json","x-sub":"a"})");
  BOOST_TEST(seen.kept_headers.find("the-secret") == std::string::npos);

  seen = look(text, {}, R"({"type":"app_rate_limited","team_id":"T1"})");
  BOOST_TEST(seen.topic == "app_rate_limited");
  BOOST_TEST(seen.dedupe_key.empty());  // one part is missing, so there is no key

  seen = look(text, {{"X-Sub", "a"}, {"x-sub", "b"}}, R"({"type":"x","team_id":"","event_id":{"a":1}})");
  BOOST_TEST(seen.topic == "x");
  BOOST_TEST(seen.dedupe_key.empty());
}

BOOST_AUTO_TEST_CASE(a_connection_may_name_its_own_header_or_path) {
  const std::string text = webhook("  topic: [{first: [{config_header: mode}, {config_body: mode}, {fixed: t}]}]\n");
  BOOST_TEST(look(text, {{"X-Event", "paid"}}, "{}", {{"mode", "X-Event"}}).topic == "paid");
  BOOST_TEST(look(text, {}, R"({"meta":{"event":"paid"}})", {{"mode", "meta.event"}}).topic == "paid");
  BOOST_TEST(look(text, {{"X-Event", "paid"}}, "{}", {{"mode", ""}}).topic == "t");
}

BOOST_AUTO_TEST_CASE(a_body_hash_is_of_the_raw_bytes) {
  const std::string text = webhook("  topic: [{fixed: row}]\n  dedupe: [{fixed: v1}, {body_hash: sha256}]\n");
  const auto one = look(text, {}, R"({"a":1})");
  const auto same = look(text, {}, R"({"a":1})");
  const auto other = look(text, {}, R"({"a": 1})");
  BOOST_TEST(one.dedupe_key == "v1:" + hex_encode(sha256(R"({"a":1})")));
  BOOST_TEST(one.dedupe_key == same.dedupe_key);
  BOOST_TEST(one.dedupe_key != other.dedupe_key);
  const auto long_key = look(webhook("  topic: [{fixed: row}]\n  dedupe: [{body: id}]\n"), {},
                             R"({"id":")" + std::string(5000, 'x') + "\"}");
  BOOST_TEST(long_key.dedupe_key == "sha256:" + hex_encode(sha256(std::string(5000, 'x'))));
}

BOOST_AUTO_TEST_CASE(what_is_signed_but_unreadable_is_quarantined) {
  const std::string text = webhook("  topic: [{header: X-Topic}]\n  dedupe: [{header: X-Id}]\n");
  for (const std::string body : {"{", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\xFF\xFE{}", "\xEF\xBB\xBF{}",
                                 "[\"\\ud800\"]", "not json", "{} {}"}) {
    const auto seen = look(text, {{"X-Topic", "t"}, {"X-Id", "7"}}, body);
    BOOST_TEST((seen.verdict == Verdict::quarantine), body);
    BOOST_TEST(seen.topic == "t");
    BOOST_TEST(seen.dedupe_key == "7");
    BOOST_TEST(!seen.diagnosis.empty());
  }
  BOOST_TEST((look(text, {}, "{}").verdict == Verdict::quarantine));  // no topic
  BOOST_TEST((look(text, {{"X-Topic", "a\x01"}}, "{}").verdict == Verdict::quarantine));
  BOOST_TEST((look(text, {{"X-Topic", std::string(129, 'x')}}, "{}").verdict == Verdict::quarantine));
}

BOOST_AUTO_TEST_CASE(what_is_unsigned_and_unreadable_is_refused) {
  const std::string text = unsigned_webhook("  topic: [{header: X-Topic}]\n");
  BOOST_TEST((look(text, {{"X-Topic", "t"}}, "{}").verdict == Verdict::accept));
  for (const std::string body : {"", "{", "{\"a\":1,\"a\":2}"}) {
    const auto seen = look(text, {{"X-Topic", "t"}}, body);
    BOOST_TEST((seen.verdict == Verdict::refuse));
    BOOST_TEST(seen.reply.status == 400);
  }
  BOOST_TEST(look(text, {}, "{}").reply.status == 400);
}

BOOST_AUTO_TEST_CASE(only_a_post_of_bounded_size_is_looked_at) {
  const std::string text = webhook("  topic: [{fixed: t}]\n  body_bytes_max: 10\n");
  BOOST_TEST((look(text, {}, "[12345678]").verdict == Verdict::accept));
  BOOST_TEST(look(text, {}, "[123456789]").reply.status == 413);
  SlotSecrets secrets;
  secrets["key"].emplace_back("the-secret");
  const auto get = inspect(host_test::manifest(text), Value(Map()), secrets,
                           {"GET", "/hooks/acme", {{"X-Key", "the-secret"}}, "{}"}, "", kNow);
  BOOST_TEST((get.verdict == Verdict::refuse));
  BOOST_TEST(get.reply.status == 405);
  BOOST_TEST(get.reply.headers.get("allow").value() == "POST");
  const auto none = inspect(host_test::manifest(acme("")), Value(Map()), secrets, {"POST", "/", {}, "{}"}, "", kNow);
  BOOST_TEST(none.reply.status == 401);
}

BOOST_AUTO_TEST_CASE(a_delivery_of_another_account_is_refused) {
  const std::string by_header = webhook("  topic: [{fixed: t}]\n  bind: [{header: X-Shop, field: shop}]\n");
  BOOST_TEST((look(by_header, {{"X-Shop", "my-shop.EXAMPLE"}}, "{}").verdict == Verdict::accept));
  for (const Headers& headers :
       {Headers{{"X-Shop", "other.example"}}, Headers{}, Headers{{"X-Shop", "My-Shop.example"}, {"X-Shop", "other"}},
        Headers{{"X-Shop", "My-Shop.example.evil"}}}) {
    const auto seen = look(by_header, headers, "{}");
    BOOST_TEST((seen.verdict == Verdict::refuse));
    BOOST_TEST(seen.reply.status == 401);
  }
  BOOST_TEST(
      (look(by_header, {{"X-Shop", ""}}, "{}", {}).verdict == Verdict::refuse));  // a required field that is empty
  const std::string by_body = webhook("  topic: [{fixed: t}]\n  bind: [{body: team.id, field: mode}]\n");
  BOOST_TEST((look(by_body, {}, R"({"team":{"id":"T1"}})", {{"mode", "T1"}}).verdict == Verdict::accept));
  BOOST_TEST((look(by_body, {}, R"({"team":{"id":"T2"}})", {{"mode", "T1"}}).verdict == Verdict::refuse));
  BOOST_TEST((look(by_body, {}, R"({})", {{"mode", "T1"}}).verdict == Verdict::refuse));
  BOOST_TEST((look(by_body, {}, R"({})", {{"mode", ""}}).verdict ==
              Verdict::accept));  // an optional field left empty binds nothing
}

BOOST_AUTO_TEST_CASE(handshakes_are_answered_and_not_stored) {
  const std::string text = webhook(
      "  topic: [{fixed: t}]\n  format: auto\n"
      "  handshakes:\n"
      "    - {when: {path: type, equals: url_verification}, reply: {path: challenge, content_type: text/x-test}}\n"
      "    - {when: {path: ssl_check, equals: \"1\"}, reply: {}}\n");
  const auto seen = look(text, {}, R"({"type":"url_verification","challenge":"이음-3eZb"})");
  BOOST_TEST((seen.verdict == Verdict::reply));
  BOOST_TEST(seen.reply.status == 200);
  BOOST_TEST(seen.reply.body == "이음-3eZb");
  BOOST_TEST(seen.reply.headers.get("content-type").value() == "text/x-test");
  const auto check =
      look(text, {{"Content-Type", "Application/X-WWW-Form-Urlencoded; charset=utf-8"}}, "ssl_check=1&token=abc");
  BOOST_TEST((check.verdict == Verdict::reply));
  BOOST_TEST(check.reply.body.empty());
  BOOST_TEST((look(text, {}, R"({"type":"other","challenge":"x"})").verdict == Verdict::accept));
}

BOOST_AUTO_TEST_CASE(forms_nest_by_brackets) {
  const std::string text = webhook("  topic: [{body: type}]\n  format: form\n");
  const Value vectors =
      host_test::json(host_test::read_file(std::string(IEUM_SOURCE_DIR) + "/tests/data/host/vectors.json"));
  int seen = 0;
  for (const auto& vector : *vectors.if_list()) {
    if (vector.text("kind") != "form_decode") continue;
    ++seen;
    const auto found = look(text, {}, vector.text("body"));
    BOOST_TEST(found.topic == vector.at_path("parsed.type")->if_string()->c_str());
    BOOST_TEST((events(text, found.topic, vector.text("body")).at(0).data == *vector.get("parsed")));
  }
  BOOST_TEST(seen == 2);
  BOOST_TEST((events(text, "t", "type=t&a[]=1&a[]=2&b[x][]=%EA%B0%80&c[=1&[d]=2&e=").at(0).data ==
              host_test::json(R"({"type":"t","a":["1","2"],"b":{"x":["가"]},"c[":"1","[d]":"2","e":""})")));
  BOOST_TEST((events(text, "t", "type=t&a=1&a=2&b[0][x]=1&b[0][y]=2&b[1]=3&c[0]=1&c[2]=2&0=z").at(0).data ==
              host_test::json(R"({"type":"t","a":"2","b":[{"x":"1","y":"2"},"3"],"c":{"0":"1","2":"2"},"0":"z"})")));
  for (const char* bad : {"type=t&a=1&a[b]=2", "type=t&a[b]=2&a=1", "type=t&a[]=1&a[b]=2", "type=t&a=%zz",
                          "type=t&a=%FF", "type=t&a=%00", "type=t&a[1][2][3][4][5][6][7][8]=x"}) {
    BOOST_TEST((look(text, {}, bad).verdict == Verdict::quarantine), bad);
  }
}

BOOST_AUTO_TEST_CASE(events_carry_standard_fields_identities_and_the_vendors_body) {
  const std::string text = webhook(
      "  topic: [{header: X-Topic}]\n"
      "events:\n"
      "  orders/create:\n"
      "    means: order_created\n"
      "    project:\n"
      "      order_id: body.id\n"
      "      total: dec(body.total_price)\n"
      "      currency: body.currency\n"
      "      broken: body.a.b.c\n"
      "      empty: body.note\n"
      "      at: timestamp(body.created_at)\n"
      "      source_key: \"'order:' + string(body.id)\"\n"
      "      via: headers['x-via']\n"
      "      from_topic: topic\n"
      "    identities: {email: body.email, phone: body.phone, acme: body.customer.id}\n"
      "  late: {project: {at: body.at}}\n"
      "  narrow: {means: paid, means_when: body.paid == true}\n");
  const std::string body =
      R"({"id":820982911946154508,"total_price":"62000.50","currency":"KRW","name":"#1001","note":null,
    "email":"minji@example.com","phone":"","customer":{"id":7001},"created_at":"2026-04-06T10:00:00+09:00","currency2":1.10})";
  const auto found = events(text, "orders/create", body, R"({"x-via":"web"})");
  BOOST_REQUIRE(found.size() == 1U);
  const HubEvent& event = found[0];
  BOOST_TEST(event.connector == "acme");
  BOOST_TEST(event.means == "order_created");
  BOOST_TEST(event.at_ms == 1'775'437'200'000);
  BOOST_TEST(event.source_key == "order:820982911946154508");
  BOOST_TEST(event.standard.get("total")->if_decimal()->digits == "62000.50");
  BOOST_TEST(event.standard.number("order_id") == 820982911946154508);
  BOOST_TEST(event.standard.text("via") == "web");
  BOOST_TEST(event.standard.text("from_topic") == "orders/create");
  for (const char* absent : {"broken", "empty", "at", "source_key"}) BOOST_TEST(event.standard.get(absent) == nullptr);
  const std::vector<std::pair<std::string, std::string>> identities{{"acme", "7001"}, {"email", "minji@example.com"}};
  BOOST_TEST((event.identities == identities));

  const Value scope = event_scope(event);
  BOOST_TEST(scope.text("name") == "order_created");
  BOOST_TEST(scope.text("topic") == "orders/create");
  BOOST_TEST(scope.at_path("body.name")->if_string()->c_str() == "#1001");
  BOOST_TEST(scope.get("total")->if_decimal()->digits == "62000.50");
  BOOST_TEST(scope.get("currency2")->if_decimal()->digits == "1.10");
  BOOST_TEST(scope.at_path("customer.id") != nullptr);

  BOOST_TEST(events(text, "late", R"({"at":1700000000})").at(0).at_ms == 1'700'000'000'000);
  BOOST_TEST(events(text, "late", R"({"at":"soon"})").at(0).at_ms == kNow);
  BOOST_TEST(events(text, "late", R"({"at":-5})").at(0).at_ms == kNow);
  BOOST_TEST(events(text, "narrow", R"({"paid":true})").at(0).means == "paid");
  BOOST_TEST(events(text, "narrow", R"({"paid":false})").at(0).means.empty());
  BOOST_TEST(events(text, "narrow", R"({})").at(0).means.empty());
}

BOOST_AUTO_TEST_CASE(a_topic_that_nobody_described_is_an_event_too) {
  const std::string text = webhook("  topic: [{header: X-Topic}]\n");
  const auto found = events(text, "new/topic", "[1,2]");
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].means.empty());
  BOOST_TEST((found[0].standard == Value(Map())));
  const Value scope = event_scope(found[0]);
  BOOST_TEST(scope.text("name") == "new/topic");
  BOOST_TEST((*scope.get("body") == host_test::json("[1,2]")));
}

BOOST_AUTO_TEST_CASE(a_stored_delivery_that_cannot_be_read_says_so) {
  const auto connector = declarative_connector(host_test::manifest(webhook("  topic: [{header: X-Topic}]\n")));
  for (const auto& [headers, body] :
       std::initializer_list<std::pair<const char*, const char*>>{{"{}", "{"}, {"{", "{}"}, {"[]", "{}"}}) {
    const auto read = read_delivery(*connector, Value(Map()), "t", headers, body, kNow);
    BOOST_REQUIRE(read.has_error());
    BOOST_TEST(read.error().code == "unreadable_delivery");
  }
}

BOOST_AUTO_TEST_CASE(what_a_delivery_says_otherwise_is_told_and_taken) {
  const std::string text = webhook(
      "  topic: [{fixed: t}]\n  expect: [{first: [{header: X-Version}, {body: version}], field: shop}, {header: "
      "X-Mode, "
      "field: mode}]\n");
  auto seen = look(text, {}, "{}");
  BOOST_TEST((seen.verdict == Verdict::accept));
  BOOST_TEST(!seen.drift.has_value());  // it says nothing of it
  seen = look(text, {{"X-Version", "my-shop.EXAMPLE"}, {"X-Mode", "any: the field is empty"}}, "{}",
              {{"shop", "My-Shop.example"}, {"mode", ""}});
  BOOST_TEST((seen.drift == std::string()));
  seen = look(text, {}, R"({"version":"other.example"})");
  BOOST_TEST((seen.verdict == Verdict::accept));
  BOOST_TEST(seen.drift.value_or("") ==
             "its deliveries say other.example (the header X-Version), and its field \"shop\" says My-Shop.example");
  seen = look(text, {{"X-Version", std::string(3000, 'a')}}, "{}");
  BOOST_TEST(seen.drift.value_or("").size() < 200u);
  // A stranger tells nothing.
  seen = inspect(host_test::manifest(text), Value(Map{{"shop", "a"}}), {},
                 {"POST", "/hooks/acme", {{"X-Version", "b"}}, "{}"}, "", kNow);
  BOOST_TEST((seen.verdict == Verdict::refuse));
  BOOST_TEST(!seen.drift.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
