// Customers who turn out to be one, and those who do not, as sources of behaviour tell of them, over real sockets.
#include "server/sources.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

const std::string kVisitRecipe = R"yaml(recipe: visit
title: 방문
about: {user: event.user_id, email: event.email, anonymous: event.anonymous_id}
trigger: {event: page_viewed}
steps:
  - wait: 2h
)yaml";

struct Told : Sources {
  int nth = 0;
  // What the shop's server says; it must be taken.
  void say(const std::string& call, Map body) {
    body.set("messageId", "m-" + std::to_string(++nth));
    BOOST_REQUIRE(server(call, Value(std::move(body)))->status == 200);
    hub.settle();
    hub.clock.advance(kMinute);
  }
  void identify(const std::string& user, Map traits, const std::string& browser = {}) {
    Map body{{"userId", user}, {"traits", std::move(traits)}};
    if (!browser.empty()) body.set("anonymousId", browser);
    say("identify", std::move(body));
  }
  // A visitor on the shop's pages.
  void visit(const std::string& browser) {
    BOOST_REQUIRE(page("page", Map{{"anonymousId", browser},
                                   {"messageId", "p-" + std::to_string(++nth)},
                                   {"properties", Map{{"path", "/cart"}}}})
                      ->status == 200);
    hub.settle();
    hub.clock.advance(kMinute);
  }
  Value merge_of(Id id, std::size_t index = 0) { return *customer(id).at_path("merges." + std::to_string(index)); }
  std::string runs_of(Id id) {
    std::string text;
    const auto found = hub.get("/api/v1/runs?customer=" + std::to_string(id));
    for (const auto& run : *found.get("runs")->if_list()) text += run.text("state") + " " + run.text("reason") + "; ";
    return text;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(merging)

BOOST_AUTO_TEST_CASE(a_visitor_who_logs_in_is_the_customer_and_what_they_did_counts) {
  Told told;
  told.hub.apply(kVisitRecipe);
  told.identify("7001", Map{{"email", "minji@example.com"}, {"name", "민지"}});
  const Id minji = told.who("user:7001");
  told.visit("browser-1");
  const Id visitor = told.who("anonymous:browser-1");
  BOOST_TEST(visitor != minji);
  BOOST_TEST(told.runs_of(visitor) == "waiting ; ");
  const auto due = told.hub.hub->next_due();
  told.identify("7001", {}, "browser-1");
  BOOST_TEST(told.who("anonymous:browser-1") == minji);  // the older one stays
  BOOST_TEST(told.told(minji, "page_viewed") == 1u);
  BOOST_TEST(told.runs_of(minji) == "waiting ; ");
  BOOST_TEST((*told.hub.hub->next_due() == *due));  // timers keep their time
  BOOST_TEST(told.customer(visitor).number("merged_into") == minji);
  BOOST_TEST(told.merge_of(minji).number("customer") == visitor);
  BOOST_TEST(told.merge_of(minji).text("why") == "anonymous");
  // From now on their pages are the customer's, and the run goes on to its end.
  told.visit("browser-1");
  BOOST_TEST(told.told(minji, "page_viewed") == 2u);
  told.hub.clock.advance(2 * kHour);
  told.hub.settle();
  BOOST_TEST(told.runs_of(minji) == "finished ; ");
}

BOOST_AUTO_TEST_CASE(in_one_delivery_a_visitor_becomes_the_customer_whom_nobody_knew_either) {
  Told told;
  told.say("batch",
           Map{{"batch", List{Map{{"type", "page"}, {"anonymousId", "b"}, {"messageId", "1"}},
                              Map{{"type", "track"}, {"event", "Product Added"}, {"userId", "7"}, {"messageId", "2"}},
                              Map{{"type", "identify"}, {"userId", "7"}, {"anonymousId", "b"}, {"messageId", "3"}}}}});
  const Id id = told.who("user:7");
  BOOST_TEST(told.who("anonymous:b") == id);
  BOOST_TEST(told.told(id, "page_viewed") == 1u);
  BOOST_TEST(told.customer(id).get("merges")->if_list()->empty());
}

BOOST_AUTO_TEST_CASE(who_shares_a_browser_a_number_or_an_address_is_not_one_with_another_account) {
  Told told;
  told.identify("1", Map{{"email", "family@example.com"}, {"phone", "010-1234-5678"}}, "sofa");
  told.identify("2", Map{{"email", "family@example.com"}, {"phone", "010-1234-5678"}}, "sofa");
  const Id one = told.who("user:1"), two = told.who("user:2");
  BOOST_TEST(one != two);
  BOOST_TEST(told.who("family@example.com") == one);
  told.identify("2", Map{{"phone", "010-9999-0000"}}, "phone-of-two");
  told.identify("1", Map{{"phone", "010-9999-0000"}}, "phone-of-two");
  BOOST_TEST(told.who("user:1") == one);
  BOOST_TEST(told.who("010-9999-0000") == two);
  BOOST_TEST(told.customer(one).get("merges")->if_list()->empty());
  BOOST_TEST(told.customer(two).get("merges")->if_list()->empty());
}

BOOST_AUTO_TEST_CASE(an_alias_makes_one_of_two_accounts_until_an_operator_splits_them) {
  Told told;
  told.identify("1", Map{{"email", "minji@example.com"}, {"grade", "silver"}});
  told.identify("2", Map{{"email", "minji@work.example.com"}, {"grade", "gold"}, {"ad_consent", "refused"}});
  told.identify("1", Map{{"ad_consent", true}});
  const Id one = told.who("user:1"), two = told.who("user:2");
  told.say("alias", Map{{"userId", "1"}, {"previousId", "2"}});
  BOOST_TEST(told.who("user:2") == one);
  BOOST_TEST(told.who("minji@work.example.com") == one);
  auto customer = told.customer(one);
  BOOST_TEST(customer.at_path("traits.grade")->text("value") == "gold");
  BOOST_TEST(told.merge_of(one).text("why") == "alias");
  // The refusal of the one holds for both.
  const auto& words = *customer.get("consents")->if_list();
  BOOST_TEST(words.back().text("word") == "refused");
  BOOST_TEST(words.back().text("source").starts_with("merge:"));
  const std::string undo = "/api/v1/merges/" + std::to_string(told.merge_of(one).number("id")) + "/undo";
  told.hub.post(undo);
  customer = told.customer(one);
  BOOST_TEST(customer.at_path("traits.grade")->text("value") == "silver");
  BOOST_TEST(customer.get("consents")->if_list()->size() == 1u);
  BOOST_TEST(customer.at_path("consents.0")->text("word") == "granted");
  BOOST_TEST(told.who("user:2") == two);
  BOOST_TEST(told.customer(two).get("merged_into")->is_null());
  BOOST_TEST(told.hub.post(undo, Map{}, 409).at_path("error")->text("code") == "merge_undone");
  BOOST_TEST(told.hub.post("/api/v1/merges/99/undo", Map{}, 404).at_path("error")->text("code") == "unknown_merge");
  // What a person decided is not decided again by what they have in common.
  told.say("alias", Map{{"userId", "1"}, {"previousId", "2"}});
  BOOST_TEST(told.who("user:2") == two);
}

BOOST_AUTO_TEST_CASE(the_last_merge_is_undone_first_and_only_for_thirty_days) {
  Told told;
  for (const char* user : {"1", "2", "3"}) told.identify(user, {});
  const Id one = told.who("user:1"), two = told.who("user:2"), three = told.who("user:3");
  told.say("alias", Map{{"userId", "2"}, {"previousId", "3"}});
  told.say("alias", Map{{"userId", "2"}, {"previousId", "1"}});  // whichever way it is said, the oldest stays
  BOOST_TEST(told.who("user:3") == one);
  const auto first = told.merge_of(two).number("id"), second = told.merge_of(one).number("id");
  const auto undo = [&](std::int64_t id, int status) {
    return told.hub.post("/api/v1/merges/" + std::to_string(id) + "/undo", Map{}, status);
  };
  BOOST_TEST(undo(first, 409).at_path("error")->text("code") == "merge_not_last");
  undo(second, 200);
  BOOST_TEST(told.who("user:3") == two);
  told.hub.clock.advance(30 * kDay);
  told.hub.settle();
  BOOST_TEST(undo(first, 409).at_path("error")->text("code") == "merge_too_old");
  BOOST_TEST(told.who("user:3") == two);
  BOOST_TEST(three != two);
}

BOOST_AUTO_TEST_CASE(of_two_runs_of_one_recipe_the_earlier_goes_on) {
  Told told;
  told.hub.apply(kVisitRecipe);
  told.visit("browser-1");
  told.visit("browser-2");
  told.identify("7", {}, "browser-2");
  const Id older = told.who("anonymous:browser-1");
  BOOST_TEST(told.who("user:7") != older);
  told.identify("7", {}, "browser-1");
  BOOST_TEST(told.who("user:7") == older);
  BOOST_TEST(told.runs_of(older) == "exited merged; waiting ; ");
}

BOOST_AUTO_TEST_CASE(the_key_of_several_people_makes_nobody_one_and_is_still_written_to) {
  Told told;
  told.hub.post("/api/v1/audience", Map{{"shared", List{"email:info@agency.example.com"}}});
  told.identify("1", Map{{"email", "info@agency.example.com"}});
  const Id one = told.who("user:1");
  BOOST_TEST(told.who("info@agency.example.com") == 0);
  BOOST_TEST(told.customer(one).at_path("traits.email")->text("value") == "info@agency.example.com");
  told.say("track", Map{{"anonymousId", "x"},
                        {"event", "Signed Up"},
                        {"context", Map{{"traits", Map{{"email", "info@agency.example.com"}}}}}});
  BOOST_TEST(told.who("anonymous:x") != one);
}

BOOST_AUTO_TEST_CASE(a_page_makes_nobody_one_with_anybody) {
  Told told;
  told.identify("7001", Map{{"email", "minji@example.com"}}, "browser-1");
  told.visit("browser-2");
  const Id minji = told.who("user:7001"), visitor = told.who("anonymous:browser-2");
  for (const char* call : {"alias", "identify", "page"})
    told.page(call, Map{{"userId", "7001"},
                        {"previousId", "browser-2"},
                        {"anonymousId", "browser-2"},
                        {"messageId", call},
                        {"traits", Map{{"email", "minji@example.com"}}}});
  told.hub.settle();
  BOOST_TEST(told.who("anonymous:browser-2") == visitor);
  BOOST_TEST(visitor != minji);
  BOOST_TEST(told.customer(minji).get("merges")->if_list()->empty());
}

BOOST_AUTO_TEST_SUITE_END()
