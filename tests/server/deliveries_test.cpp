// The last deliveries of a connection: each with what became of it, the refused ones with why, and nobody's body.
#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

BOOST_AUTO_TEST_SUITE(deliveries)

BOOST_AUTO_TEST_CASE(each_delivery_says_what_became_of_it_and_none_what_was_in_it) {
  RunningHub hub;
  hub.connect_all();
  const auto post = [&](const std::string& path, const std::string& body) {
    const httplib::Headers headers{{"X-Paper-Topic", "orders/create"}, {"X-Paper-Delivery", "d1"}};
    return hub.public_client().Post(path, headers, body, kJson)->status;
  };
  BOOST_TEST(post("/hooks/shop/secret-of-the-shop", R"({"id":1,"email":"minji@example.com"})") == 200);
  BOOST_TEST(post("/hooks/shop/secret-of-the-shop", R"({"id":1,"email":"minji@example.com"})") == 200);
  BOOST_TEST(post("/hooks/shop/wrong", R"({"id":2,"email":"minji@example.com"})") == 401);
  const auto page = hub.get("/api/v1/connections/shop/deliveries");
  const auto& rows = *page.get("deliveries")->if_list();
  BOOST_REQUIRE(rows.size() == 3u);
  BOOST_TEST(rows[0].text("verdict") == "refused");
  BOOST_TEST(rows[0].text("code") == "wrong_address");
  BOOST_TEST(rows[0].number("status") == 401);
  BOOST_TEST(rows[0].get("event")->is_null());
  BOOST_TEST(!rows[0].get("mend")->text("ko").empty());
  BOOST_TEST(rows[1].text("verdict") == "duplicate");
  BOOST_TEST(rows[2].text("verdict") == "accepted");
  BOOST_TEST(rows[1].number("event") == rows[2].number("event"));
  const auto text = write_json(page);
  for (const char* secret : {"minji", "secret-of-the-shop", "wrong\""})
    BOOST_TEST(text.find(secret) == std::string::npos);
  BOOST_TEST(text.find("x-paper-topic") != std::string::npos);
  // Pages, by the number of the row.
  const auto first = hub.get("/api/v1/connections/shop/deliveries?limit=2");
  const auto older = hub.get("/api/v1/connections/shop/deliveries?before=" + std::to_string(first.number("next")));
  BOOST_TEST(older.get("deliveries")->if_list()->size() == 1u);
  BOOST_TEST(older.get("next")->is_null());
  hub.get("/api/v1/connections/nobody/deliveries", 404);
}

BOOST_AUTO_TEST_CASE(the_last_hundred_are_kept) {
  RunningHub hub;
  hub.connect_all();
  auto client = hub.public_client();
  for (int i = 0; i < 120; ++i) client.Post("/hooks/shop/wrong", "{}", kJson);
  BOOST_TEST(hub.get("/api/v1/connections/shop/deliveries?limit=200").get("deliveries")->if_list()->size() == 100u);
}

BOOST_AUTO_TEST_SUITE_END()
