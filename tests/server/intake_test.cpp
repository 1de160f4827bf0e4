// The public door from outside, where deliveries are hostile: what is stored are the bytes that were proven, what cannot be read is set
// aside as bytes, who guesses learns nothing, and a way in without a signature is written down.
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

const std::string kKey = "a key of twenty-four byt";

// A connection `signed` whose deliveries carry the HMAC of their bytes.
void connect_signed(RunningHub& hub) {
  hub.post("/api/v1/connections", Map{{"name", "signed"},
                                      {"connector", "webhook"},
                                      {"config", Map{{"scheme", "hmac"}}},
                                      {"secrets", Map{{"secret", kKey}}}});
}

int send(RunningHub& hub, const std::string& body, const std::string& type = kJson) {
  const httplib::Headers headers{{"X-Signature", hex_encode(hmac_sha256(kKey, body))}, {"X-Event-Type", "note"}};
  return hub.public_client().Post("/hooks/signed", headers, body, type)->status;
}

Value newest_event(RunningHub& hub) { return hub.get("/api/v1/events").get("events")->if_list()->at(0); }

}  // namespace

BOOST_AUTO_TEST_SUITE(intake)

BOOST_AUTO_TEST_CASE(SIG_07_the_bytes_that_were_proven_are_the_bytes_that_are_stored) {
  using namespace std::string_literals;
  RunningHub hub;
  connect_signed(hub);
  for (const std::string& body : {"{ \"b\" :\r\n\t1 ,\"a\":\"\\u0061\\/\"}\r\n"s, R"({"z":1,"y":2.50,"x":1e2})"s,
                                  "\xEF\xBB\xBF{\"a\":1}"s, R"({"이름":"\uc774\ub984","\u0061b":820982911946154508})"s,
                                  "  [ ]  "s, "\xFF\xFE{\0}\0"s, "{\"a\":1,\"a\":2}"s, "\0"s}) {
    BOOST_TEST(send(hub, body) == 200);
    const auto id = std::to_string(newest_event(hub).number("id"));
    const auto stored = hub.operator_client().Get("/api/v1/events/" + id + "/body");
    BOOST_REQUIRE(stored);
    BOOST_TEST(hex_encode(sha256(stored->body)) == hex_encode(sha256(body)));
    BOOST_TEST(hub.public_client()
                   .Post("/hooks/signed", {{"X-Signature", hex_encode(hmac_sha256(kKey, body))}}, body + " ", kJson)
                   ->status == 401);
  }
}

BOOST_AUTO_TEST_CASE(PAR_05_PAR_06_what_is_proven_and_cannot_be_read_is_set_aside_and_starts_nothing) {
  RunningHub hub;
  hub.connect_all();
  connect_signed(hub);
  hub.apply("recipe: every\ntitle: 모두\ntrigger: {event: webhook/note}\nsteps:\n  - wait: 30m\n");
  BOOST_TEST(send(hub, R"({"a":{"b":1}})") == 200);
  hub.settle();
  const auto runs = hub.get("/api/v1/status").get("totals")->number("runs");
  for (const std::string& body : {std::string(R"({"total":1,"tot\u0061l":2})"), std::string(R"([{"a":{"b":1,"b":1}}])"),
                                  std::string(100'000, '['), std::string(65, '[') + std::string(65, ']')}) {
    BOOST_TEST(send(hub, body) == 200);
    const auto event = newest_event(hub);
    BOOST_TEST(event.text("state") == "quarantined");
    BOOST_TEST(!event.text("reason").empty());
    BOOST_TEST(hub.public_client().Post("/hooks/inbox/secret-of-the-inbox", body, kJson)->status == 400);
    BOOST_TEST(newest_event(hub).number("id") == event.number("id"));
  }
  hub.settle();
  BOOST_TEST(hub.get("/api/v1/status").get("totals")->number("runs") == runs);
}

BOOST_AUTO_TEST_CASE(PAR_08_bytes_that_are_no_text_are_kept_and_shown_as_bytes) {
  using namespace std::string_literals;
  RunningHub hub;
  hub.connect_all();
  connect_signed(hub);
  for (const std::string& body : {"\"\xC0\xAF\""s, "\"\xED\xA0\x80\""s, "{\"a\":\"\xE2\x82"s, "\"\xF4\x90\x80\x80\""s,
                                  "\xEF\xBB\xBF{}"s, "\xFF\xFE{\0}\0"s, "{\0}\0"s, "\"\0\""s, "{\"a\":\"\x1b[2J\"}"s}) {
    BOOST_TEST_CONTEXT(hex_encode(body)) {
      BOOST_TEST(send(hub, body) == 200);
      const auto row = newest_event(hub);
      BOOST_TEST(row.text("state") == "quarantined");
      const auto event = hub.get("/api/v1/events/" + std::to_string(row.number("id")));
      BOOST_TEST((event.get("body") == nullptr));
      BOOST_TEST(event.text("body_base64") == base64_encode(body));
      BOOST_TEST(hub.public_client().Post("/hooks/inbox/secret-of-the-inbox", body, kJson)->status == 400);
      BOOST_TEST(newest_event(hub).number("id") == row.number("id"));
    }
  }
  for (const std::string& body : {R"("\u0000")"s, R"({"a":"\ud800"})"s}) {  // plain text that spells what is none
    BOOST_TEST(send(hub, body) == 200);
    BOOST_TEST(newest_event(hub).text("state") == "quarantined");
  }
}

BOOST_AUTO_TEST_CASE(PAR_09_PAR_10_a_body_that_is_said_to_be_something_else_is_never_run) {
  RunningHub hub;
  hub.connect_all();
  connect_signed(hub);
  const std::string parts =
      "--x\r\nContent-Disposition: form-data; name=a; filename=../../etc/passwd\r\n\r\n{}\r\n--x--\r\n";
  for (const auto& [type, body] : std::initializer_list<std::pair<std::string, std::string>>{
           {"multipart/form-data; boundary=x", parts},
           {"multipart/form-data", parts},
           {"application/json; charset=utf-7", "{\"a\":\"+AGE-\"}"},
           {"application/x-www-form-urlencoded; charset=utf-16", "a=1"}}) {
    BOOST_TEST(send(hub, body, type) == 200);
    BOOST_TEST(newest_event(hub).text("state") == "quarantined");
    BOOST_TEST(hub.public_client().Post("/hooks/inbox/secret-of-the-inbox", body, type)->status == 400);
  }
}

BOOST_AUTO_TEST_CASE(ING_09_who_guesses_learns_nothing_and_leaves_no_trace_of_the_guess) {
  RunningHub hub;
  hub.connect_all();
  auto client = hub.public_client();
  const auto first = client.Post("/hooks/guessed-name-0", "{}", kJson);
  BOOST_REQUIRE(first->status == 404);
  for (const char* path : {"/hooks/guessed-name-1", "/hooks/sho", "/hooks/shop0", "/hooks/SHOP/guessed-secret-2",
                           "/hooks/shop%2f", "/hooks/guessed-name-1/guessed-secret-2", "/hooks/%00guessed-name-1",
                           "/hooks/guessed-name-1%2e/", "/hooks/shop/secret-of-the-shop/guessed-secret-2"}) {
    for (const bool get : {false, true}) {
      const auto answer = get ? client.Get(path) : client.Post(path, "{}", kJson);
      BOOST_TEST_CONTEXT(path) {
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->status == 404);
        BOOST_TEST(answer->body == first->body);
        BOOST_TEST(answer->headers.size() == first->headers.size());
      }
    }
  }
  // The secret of one connection's address opens no other's.
  BOOST_TEST(client.Post("/hooks/inbox/secret-of-the-shop", "{}", kJson)->status == 401);
  BOOST_TEST(client.Post("/hooks/shop/guessed-secret-3", "{}", kJson)->status == 401);
  BOOST_TEST(hub.get("/api/v1/events").get("events")->if_list()->empty());
  const std::string log = hub.log.text();
  BOOST_TEST(log.find("a delivery was refused connection=shop") != std::string::npos);
  for (const char* guess : {"guessed-", "secret-of-the-", "SHOP", "shop0"})
    BOOST_TEST(log.find(guess) == std::string::npos, guess);
}

BOOST_AUTO_TEST_CASE(SIG_06_a_connection_without_a_secret_that_proves_is_not_made_and_takes_nothing) {
  RunningHub hub;
  const auto with = [](const std::string& name, Map secrets) {
    return Map{{"name", name},
               {"connector", "webhook"},
               {"config", Map{{"scheme", "standard_webhooks"}}},
               {"secrets", std::move(secrets)}};
  };
  for (const Map& secrets : {Map{}, Map{{"secret", ""}}, Map{{"secret", "whsec_"}}, Map{{"secret", "whsec_!!!!"}},
                             Map{{"secret", "no base64 at all!"}}}) {
    const auto answer = hub.operator_client().Post("/api/v1/connections", write_json(with("open", secrets)), kJson);
    BOOST_TEST(answer->status / 100 == 4, answer->body);
    BOOST_TEST(hub.public_client().Post("/hooks/open", "{}", kJson)->status == 404);
  }
  hub.post("/api/v1/connections", with("shut", Map{{"secret", "whsec_" + base64_encode(kKey)}}));
  hub.post("/api/v1/connections/shut/rotate", Map{{"slot", "secret"}, {"secret", "whsec_!!!!"}}, 422);
  const auto answers = [&](const std::string& key) {
    const auto stamp = std::to_string(kMonday / 1000);
    const httplib::Headers headers{
        {"webhook-id", "m"},
        {"webhook-timestamp", stamp},
        {"webhook-signature", "v1," + base64_encode(hmac_sha256(key, "m." + stamp + ".{}"))}};
    return hub.public_client().Post("/hooks/shut", headers, "{}", kJson)->status;
  };
  BOOST_TEST(answers(kKey) == 200);
  // No key, and what a padded empty key comes to, sign nothing; and why stands with the connection.
  for (const std::string& key : {std::string(), std::string("\0", 1)}) BOOST_TEST(answers(key) == 401);
  const auto page = hub.get("/api/v1/connections/shut/deliveries");
  BOOST_TEST(page.at_path("deliveries.0")->text("code") == "wrong_secret");
  BOOST_TEST(!page.at_path("deliveries.0")->get("mend")->text("en").empty());
}

BOOST_AUTO_TEST_CASE(SIG_13_a_way_in_without_a_signature_stands_in_the_audit_log) {
  RunningHub hub;
  hub.connect_all();
  connect_signed(hub);
  const auto audit = hub.get("/api/v1/audit");
  std::map<std::string, bool> by_address;
  for (const auto& entry : *audit.get("entries")->if_list())
    if (entry.text("what") == "POST /api/v1/connections")
      by_address[entry.get("details")->text("name")] = entry.get("details")->text("deliveries") == "unsigned";
  BOOST_TEST(by_address.at("inbox"));
  BOOST_TEST(by_address.at("shop"));
  BOOST_TEST(!by_address.at("signed"));
  BOOST_TEST(!by_address.at("team"));
  const auto connections = hub.get("/api/v1/connections");
  for (const auto& connection : *connections.get("connections")->if_list())
    BOOST_TEST((connection.get("hook_secret") != nullptr) == by_address.at(connection.text("name")));
}

BOOST_AUTO_TEST_SUITE_END()
