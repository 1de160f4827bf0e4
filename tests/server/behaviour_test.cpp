// Sources of behaviour, as Segment's SDKs send it, over real sockets: what a server says is believed, and what a page says of who
// somebody is, what they agree to and what they bought is not, by whichever way it is tried.
#include "server/sources.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

const std::string kVisitRecipe = R"yaml(recipe: visit
title: 방문
about: {user: event.user_id, email: event.email, anonymous: event.anonymous_id}
trigger: {event: page_viewed}
entry: {mode: always, key: event.path}
steps:
  - wait: 30m
)yaml";

// A customer whom the shop's server has named.
Id minji(Sources& sources) {
  BOOST_REQUIRE(sources
                    .server("identify", Map{{"userId", "7001"},
                                            {"messageId", "i-1"},
                                            {"traits", Map{{"name", "민지"},
                                                           {"email", "minji@example.com"},
                                                           {"ad_consent", Map{{"email", true}}}}}})
                    ->status == 200);
  sources.hub.settle();
  const Id id = sources.who("user:7001");
  BOOST_REQUIRE(id != 0);
  return id;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(behaviour)

BOOST_AUTO_TEST_CASE(what_a_server_says_of_a_customer_is_their_profile_consent_and_history) {
  Sources sources;
  const Id id = minji(sources);
  BOOST_TEST(sources.who("minji@example.com") == id);
  auto customer = sources.customer(id);
  BOOST_TEST(customer.at_path("traits.name")->text("value") == "민지");
  BOOST_TEST(customer.at_path("traits.ad_consent") == nullptr);
  BOOST_TEST(customer.at_path("consents.0")->text("channel") == "email");
  BOOST_TEST(customer.at_path("consents.0")->text("word") == "granted");
  const Value added = Map{{"userId", "7001"},
                          {"event", "Product Added"},
                          {"messageId", "t-1"},
                          {"properties", Map{{"price", 62000}, {"quantity", 1}}}};
  const auto taken = sources.server("track", added);
  BOOST_TEST(taken->body == R"({"success":true})");
  BOOST_TEST(sources.server("track", added)->status == 200);  // once for each messageId
  BOOST_TEST(
      sources
          .server("batch",
                  Map{{"batch",
                       List{Value(Map{
                                {"type", "track"}, {"userId", "7001"}, {"event", "Coupon Due"}, {"messageId", "t-2"}}),
                            added}}})
          ->status == 200);
  sources.hub.settle();
  BOOST_TEST(sources.told(id, "cart_add") == 1u);
  BOOST_TEST(sources.told(id, "segment/Coupon Due") == 1u);
}

BOOST_AUTO_TEST_CASE(an_event_counts_when_it_happened_and_one_of_the_future_when_it_came) {
  Sources sources;
  const Id id = minji(sources);
  const auto view = [](const char* message, const char* at) {
    return Map{{"userId", "7001"}, {"messageId", message}, {"timestamp", at}};
  };
  sources.server("page", view("p-1", "2026-03-01T09:00:00+09:00"));
  sources.server("page", view("p-2", "2031-01-01T00:00:00Z"));
  sources.hub.settle();
  auto reader = sources.hub.store->reader();
  const auto rows = reader->history(id, "page_viewed", 0, kMonday + 1, 10);
  BOOST_REQUIRE(rows.has_value());
  BOOST_REQUIRE(rows->size() == 2u);
  BOOST_TEST(rows->front().at_ms == kMonday);
  BOOST_TEST(rows->back().at_ms == kMonday - kDay);
}

BOOST_AUTO_TEST_CASE(a_no_of_somebody_who_never_agreed_is_no_refusal_and_of_somebody_who_did_it_is) {
  Sources sources;
  const Id id = minji(sources);
  const auto identify = [&](const char* message, Value consent) {
    sources.server(
        "identify",
        Map{{"userId", "7001"}, {"messageId", message}, {"traits", Map{{"ad_consent", std::move(consent)}}}});
    sources.hub.settle();
    return sources.customer(id).get("consents")->if_list()->size();
  };
  BOOST_TEST(identify("i-2", Map{{"email", true}, {"sms", false}}) == 1u);
  BOOST_TEST(identify("i-3", Map{{"email", false}}) == 2u);
  BOOST_TEST(identify("i-4", Map{{"sms", "refused"}}) == 3u);
  BOOST_TEST(sources.customer(id).at_path("consents.1")->text("word") == "refused");
}

BOOST_AUTO_TEST_CASE(a_page_tells_what_an_anonymous_visitor_does) {
  Sources sources;
  const auto answer = sources.page("page", Map{{"anonymousId", "a-1"}, {"properties", Map{{"path", "/"}}}});
  BOOST_TEST(answer->status == 200);
  BOOST_TEST(answer->get_header_value("Access-Control-Allow-Origin") == kSite);
  sources.hub.settle();
  const Id visitor = sources.who("anonymous:a-1");
  BOOST_REQUIRE(visitor != 0);
  BOOST_TEST(sources.told(visitor, "page_viewed") == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_page_claims_of_who_somebody_is_never_reaches_that_customer) {
  Sources sources;
  const Id id = minji(sources);
  sources.hub.apply(kVisitRecipe);
  for (const char* user : {"7001", "minji@example.com"})
    BOOST_TEST(sources
                   .page("page", Map{{"anonymousId", "a-2"},
                                     {"userId", user},
                                     {"email", "minji@example.com"},
                                     {"properties", Map{{"path", std::string("/") + user}}},
                                     {"context", Map{{"traits", Map{{"email", "minji@example.com"}}}}}})
                   ->status == 200);
  BOOST_TEST(sources.page("page", Map{{"userId", "7001"}, {"properties", Map{{"path", "/third"}}}})->status == 200);
  sources.hub.settle();
  const auto customer = sources.customer(id);
  BOOST_TEST(customer.get("runs")->if_list()->empty());
  BOOST_TEST(customer.get("identities")->if_list()->size() == 2u);  // the shop's number and the address
  BOOST_TEST(sources.told(id, "page_viewed") == 0u);
  const Id visitor = sources.who("anonymous:a-2");
  BOOST_TEST(visitor != id);
  BOOST_TEST(sources.customer(visitor).get("runs")->if_list()->size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_page_merges_nobody_and_sets_no_trait_no_consent_and_no_address) {
  Sources sources;
  const Id id = minji(sources);
  const Value traits = Map{{"email", "thief@example.net"}, {"name", "도둑"}, {"ad_consent", true}, {"vip", true}};
  sources.page("identify", Map{{"anonymousId", "a-3"}, {"userId", "7001"}, {"traits", traits}});
  sources.page("alias", Map{{"userId", "7001"}, {"previousId", "a-3"}, {"anonymousId", "a-3"}});
  sources.page("batch",
               Map{{"batch", List{Value(Map{{"type", "identify"}, {"anonymousId", "a-3"}, {"traits", traits}})}}});
  sources.page("page", Map{{"anonymousId", "a-3"}, {"properties", Map{{"path", "/"}}}});
  sources.hub.settle();
  const Id visitor = sources.who("anonymous:a-3");
  BOOST_TEST(visitor != id);
  BOOST_TEST(sources.who("thief@example.net") == 0);
  const auto stranger = sources.customer(visitor);
  BOOST_TEST(stranger.get("traits")->if_map()->empty());
  BOOST_TEST(stranger.get("consents")->if_list()->empty());
  BOOST_TEST(stranger.get("identities")->if_list()->size() == 1u);
  BOOST_TEST(sources.customer(id).at_path("traits.name")->text("value") == "민지");
  BOOST_TEST(sources.customer(id).get("consents")->if_list()->size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_order_that_a_page_tells_counts_as_none) {
  Sources sources;
  sources.hub.apply(kOrderRecipe);
  const Value order = Map{{"anonymousId", "a-4"},
                          {"userId", "7001"},
                          {"event", "Order Completed"},
                          {"properties", Map{{"order_id", "5100"}, {"total", 62000}, {"email", "minji@example.com"}}}};
  BOOST_TEST(sources.page("track", order)->status == 200);
  sources.hub.settle();
  BOOST_TEST(sources.hub.get("/api/v1/runs").get("runs")->if_list()->empty());
  const Id visitor = sources.who("anonymous:a-4");
  BOOST_TEST(sources.told(visitor, "order_created") == 0u);
  BOOST_TEST(sources.told(visitor, "segment/Order Completed") == 1u);
  // The shop's own word of the same order still counts.
  BOOST_TEST(sources.server("track", order)->status == 200);
  sources.hub.settle();
  BOOST_TEST(sources.told(sources.who("user:7001"), "order_created") == 1u);
}

BOOST_AUTO_TEST_CASE(the_key_of_pages_opens_nothing_to_other_sites_and_to_none) {
  Sources sources;
  const Value view = Map{{"anonymousId", "a-5"}};
  for (const char* site : {"https://evil.example.net", "http://shop.example.com", "https://shop.example.com.evil.net",
                           "https://shop.example.com:8443", "null", ""}) {
    const auto answer = sources.page("page", view, site);
    BOOST_TEST_CONTEXT(site) {
      BOOST_TEST(answer->status == 403);
      BOOST_TEST(!answer->has_header("Access-Control-Allow-Origin"));
    }
  }
  auto client = sources.hub.public_client();
  BOOST_TEST(client.Post("/v1/page", write_json(view), kJson)->status == 401);
  BOOST_TEST(client.Post("/v1/page", Sources::key(kServerKey + "x"), write_json(view), kJson)->status == 401);
  BOOST_TEST(client.Post("/v1/page", Sources::key(""), write_json(view), kJson)->status == 401);
  // A server's key is looked for in the header alone.
  BOOST_TEST(
      client.Post("/v1/page", write_json(Map{{"anonymousId", "a-5"}, {"writeKey", kServerKey}}), kJson)->status == 401);
  sources.hub.settle();
  BOOST_TEST(sources.who("anonymous:a-5") == 0);
}

BOOST_AUTO_TEST_CASE(a_browser_is_told_which_pages_may_send) {
  Sources sources;
  auto client = sources.hub.public_client();
  const auto allowed = client.Options("/v1/track", {{"Origin", kSite}, {"Access-Control-Request-Method", "POST"}});
  BOOST_TEST(allowed->status == 204);
  BOOST_TEST(allowed->get_header_value("Access-Control-Allow-Origin") == kSite);
  BOOST_TEST(allowed->get_header_value("Access-Control-Allow-Headers") == "authorization, content-type");
  BOOST_TEST(!allowed->has_header("Access-Control-Allow-Credentials"));
  const auto other = client.Options("/v1/track", {{"Origin", "https://evil.example.net"}});
  BOOST_TEST(other->status == 403);
  BOOST_TEST(!other->has_header("Access-Control-Allow-Origin"));
}

BOOST_AUTO_TEST_CASE(pages_send_little_at_once_and_so_much_a_minute) {
  Sources sources(3);
  const auto view = [](int number) {
    return Map{{"anonymousId", "a-6"}, {"messageId", "p-" + std::to_string(number)}};
  };
  BOOST_TEST(sources.page("track", Map{{"anonymousId", "a-6"}, {"event", std::string(70'000, 'x')}})->status == 413);
  for (int i = 0; i < 3; ++i) BOOST_TEST(sources.page("page", view(i))->status == 200);
  const auto answer = sources.page("page", view(3));
  BOOST_TEST(answer->status == 429);
  BOOST_TEST(answer->get_header_value("Retry-After") == "60");
  BOOST_TEST(sources.server("track", Map{{"userId", "7001"}, {"event", "Notice"}})->status == 200);
  sources.hub.clock.advance(kMinute);
  BOOST_TEST(sources.page("page", view(3))->status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
