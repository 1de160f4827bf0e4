// The public door: deliveries in, receipts out, and one answer for everything that is not there.
#include "server/fixture.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

BOOST_AUTO_TEST_SUITE(public_door)

BOOST_AUTO_TEST_CASE(a_delivery_gets_a_receipt_that_tells_its_fate) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kOrderRecipe);
  const auto receipt = hub.deliver(R"({"id":1042,"total":"62000","email":"minji@example.com","name":"민지"})", "d-1");
  BOOST_TEST(receipt.starts_with("rcp_"));
  hub.settle();
  const auto answer = hub.public_client().Get("/receipts/" + receipt);
  BOOST_REQUIRE(answer->status == 200);
  BOOST_TEST(read(answer->body).text("state") == "routed");
  BOOST_TEST(read(answer->body).number("runs") == 1);
  BOOST_TEST(hub.deliver(R"({"id":1042,"total":"62000"})", "d-1") == receipt);
  BOOST_TEST(hub.public_client().Get("/receipts/rcp_1_aaaaaaaaaaaaaaaa")->status == 404);
}

BOOST_AUTO_TEST_CASE(a_signed_delivery_is_checked_over_its_raw_bytes) {
  RunningHub hub;
  const auto key = std::string("a key of twenty-four byt");
  hub.post("/api/v1/connections", Map{{"name", "signed"},
                                      {"connector", "webhook"},
                                      {"config", Map{{"scheme", "standard_webhooks"}}},
                                      {"secrets", Map{{"secret", "whsec_" + base64_encode(key)}}}});
  const std::string body = R"({"type":"note", "text":"안녕"})";
  const auto stamp = std::to_string(kMonday / 1000);
  httplib::Headers headers{
      {"webhook-id", "msg_1"},
      {"webhook-timestamp", stamp},
      {"webhook-signature", "v1," + base64_encode(hmac_sha256(key, "msg_1." + stamp + "." + body))}};
  BOOST_TEST(hub.public_client().Post("/hooks/signed", headers, body, kJson)->status == 200);
  BOOST_TEST(hub.public_client().Post("/hooks/signed", headers, body + " ", kJson)->status == 401);
}

BOOST_AUTO_TEST_CASE(ING_09_an_unknown_hook_is_always_the_same_404_and_leaves_nothing) {
  RunningHub hub;
  hub.connect_all();
  auto client = hub.public_client();
  const auto first = client.Post("/hooks/nobody", R"({"a":1})", kJson);
  BOOST_REQUIRE(first->status == 404);
  for (const char* path :
       {"/hooks/shoq/secret-of-the-shop", "/hooks/Shop/secret-of-the-shop", "/hooks/shop/secret-of-the-shop/",
        "/hooks/shop%2e/secret-of-the-shop", "/hooks/shop%00/secret-of-the-shop", "/hooks/%2e%2e/x", "/hooks/",
        "/hooks", "/", "/api/v1/status", "/enter", "/receipts/", "/healthz/"}) {
    const auto answer = client.Post(path, std::string(2000, 'x'), kJson);
    BOOST_TEST_CONTEXT(path) {
      BOOST_REQUIRE(answer);
      BOOST_TEST(answer->status == 404);
      BOOST_TEST(answer->body == first->body);
    }
  }
  BOOST_TEST(hub.get("/api/v1/events").get("events")->if_list()->empty());
}

BOOST_AUTO_TEST_CASE(a_known_hook_is_never_gone_whatever_is_sent) {
  RunningHub hub;
  hub.connect_all();
  auto client = hub.public_client();
  const auto allowed = [](int status) { return status != 404 && status != 410 && (status < 300 || status >= 400); };
  for (const char* path : {"/hooks/shop", "/hooks/shop/wrong", "/hooks/team", "/hooks/inbox/secret-of-the-inbox?a=b"}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(allowed(client.Post(path, "{", kJson)->status));
      BOOST_TEST(allowed(client.Get(path)->status));
      BOOST_TEST(allowed(client.Put(path, "{}", kJson)->status));
    }
  }
  BOOST_TEST(client.Post("/hooks/shop/wrong", "{}", kJson)->status == 401);
  BOOST_TEST(client.Post("/hooks/shop/secret-of-the-shop", std::string(6'000'001, ' '), kJson)->status == 413);
}

BOOST_AUTO_TEST_CASE(the_secret_of_an_address_is_not_kept) {
  RunningHub hub;
  hub.connect_all();
  hub.deliver("{}");
  const auto events = hub.get("/api/v1/events");
  const auto id = events.at_path("events.0")->number("id");
  const auto event = hub.operator_client().Get("/api/v1/events/" + std::to_string(id));
  BOOST_TEST(event->body.find("secret-of-the-shop") == std::string::npos);
  BOOST_TEST(read(event->body).text("path") == "/hooks/shop");
}

BOOST_AUTO_TEST_CASE(health_is_told_to_anyone) {
  RunningHub hub;
  const auto answer = hub.public_client().Get("/healthz");
  BOOST_TEST(answer->status == 200);
  BOOST_TEST(answer->body == R"({"status":"ok"})");
  BOOST_TEST(hub.public_client().Head("/healthz")->status == 200);
  BOOST_TEST(hub.public_client().Post("/healthz", "", kJson)->status == 405);
}

BOOST_AUTO_TEST_CASE(ING_13_stopping_answers_what_is_under_way_and_takes_no_more) {
  RunningHub hub;
  hub.connect_all();
  auto client = hub.public_client();
  BOOST_TEST(client.Get("/healthz")->status == 200);
  hub.stop();
  BOOST_TEST(!client.Get("/healthz"));
}

BOOST_AUTO_TEST_SUITE_END()
