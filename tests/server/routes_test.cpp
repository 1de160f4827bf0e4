// Which path meets which route.
#include <boost/test/unit_test.hpp>
#include <type_traits>

#include "server/routes.hpp"

using namespace ieum;
using namespace ieum::server;
using Kind = RouteTable::Match::Kind;

// A route cannot be made without saying whom it answers, what it takes and what it gives.
static_assert(!std::is_constructible_v<Route, Method, const char*, Handler>);
static_assert(!std::is_constructible_v<Route, Method, const char*, Needs, Handler>);
static_assert(!std::is_constructible_v<Route, Method, const char*, RouteDoc, Handler>);
static_assert(!std::is_default_constructible_v<Route>);
static_assert(!std::is_default_constructible_v<RouteDoc>);
static_assert(std::is_constructible_v<Route, Method, const char*, Needs, RouteDoc, Handler>);

namespace {

RouteTable table() {
  RouteTable routes;
  const RouteDoc doc{.summary = "what", .answer = "that"};
  const Handler nothing = [](const Exchange&) {};
  routes.add({Method::get, "/runs", Needs::viewer, doc, nothing});
  routes.add({Method::get, "/runs/live", Needs::viewer, doc, nothing});
  routes.add({Method::get, "/runs/{id}", Needs::viewer, doc, nothing});
  routes.add({Method::post, "/runs/{id}/cancel", Needs::viewer, doc, nothing});
  routes.add({Method::del, "/runs", Needs::viewer, doc, nothing});
  routes.add({Method::post, "/hooks/{connection}/{token}", Needs::anyone, doc, nothing});
  routes.add({Method::get, "/{path...}", Needs::page, doc, nothing});
  return routes;
}

std::string found(const RouteTable::Match& match) {
  return match.kind == Kind::found ? match.route->pattern : std::string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(a_path_meets_the_first_route_that_fits_whole) {
  const auto routes = table();
  BOOST_TEST(found(routes.find("GET", "/runs")) == "/runs");
  BOOST_TEST(found(routes.find("GET", "/runs?limit=3")) == "/runs");
  BOOST_TEST(found(routes.find("GET", "/runs/live")) == "/runs/live");
  BOOST_TEST(found(routes.find("GET", "/runs/7")) == "/runs/{id}");
  BOOST_TEST(found(routes.find("HEAD", "/runs/7")) == "/runs/{id}");
  BOOST_TEST(routes.find("POST", "/runs/7/cancel").path.at("id") == "7");
  const auto hook = routes.find("POST", "/hooks/shop/%EC%9D%B4%20%EC%9D%8C");
  BOOST_TEST(found(hook) == "/hooks/{connection}/{token}");
  BOOST_TEST(hook.path.at("connection") == "shop");
  BOOST_TEST(hook.path.at("token") == "이 음");
}

BOOST_AUTO_TEST_CASE(no_near_miss_of_a_path_is_tolerated) {
  const auto routes = table();
  for (const char* path :
       {"/hooks/shop", "/hooks/shop/", "/hooks//t", "/hooks/shop/t/", "/hooks/shop/t/more", "/Hooks/shop/t",
        "//hooks/shop/t", "/hooks/shop/%00", "/hooks/shop/a%2Fb", "/hooks/shop/%0a", "/hooks/shop/%7f",
        "/hooks/shop/%zz", "/hooks/shop/%ff", "/h%6foks/shop/t", "hooks/shop/t", "*", ""}) {
    BOOST_TEST_CONTEXT(path) BOOST_TEST((routes.find("POST", path).kind == Kind::not_found));
  }
}

BOOST_AUTO_TEST_CASE(a_known_path_says_what_it_takes) {
  const auto routes = table();
  const auto match = routes.find("POST", "/runs");
  BOOST_TEST((match.kind == Kind::wrong_method));
  BOOST_TEST(match.allow == "GET, DELETE");
  BOOST_TEST((routes.find("PUT", "/runs/7/cancel").kind == Kind::wrong_method));
  BOOST_TEST((routes.find("get", "/runs").kind == Kind::wrong_method));
}

BOOST_AUTO_TEST_CASE(a_rest_route_takes_what_is_left_and_makes_no_wrong_method) {
  const auto routes = table();
  BOOST_TEST(routes.find("GET", "/").path.at("path").empty());
  BOOST_TEST(routes.find("GET", "/assets/a%20b.js?x").path.at("path") == "assets/a%20b.js");
  BOOST_TEST((routes.find("POST", "/assets/a.js").kind == Kind::not_found));
}

BOOST_AUTO_TEST_CASE(a_request_is_judged_by_what_its_route_says_that_it_takes) {
  const RouteDoc doc{.summary = "what",
                     .query = {must("name", Type::text, "whose"), may("limit", Type::integer, "how many")},
                     .body = {must("to", Type::texts, "whom"), may("soon", Type::boolean, "or later"),
                              may("more", Type::any, "whatever")},
                     .answer = "that"};
  BOOST_TEST(judge_query(doc, {{"name", "a"}, {"limit", "7"}}).has_value());
  BOOST_TEST(judge_query(doc, {{"name", "a"}, {"limit", ""}}).has_value());
  for (const QueryPairs& bad : {QueryPairs{},
                                {{"name", ""}},
                                {{"name", "a"}, {"limit", "x"}},
                                {{"name", "a"}, {"name", "a"}},
                                {{"name", "a"}, {"other", "a"}}}) {
    const auto judged = judge_query(doc, bad);
    BOOST_REQUIRE(judged.has_error());
    BOOST_TEST(judged.error().code == "bad_parameter");
  }
  Value body = Map{{"to", List{"a"}}, {"soon", nullptr}, {"more", 1}};
  BOOST_TEST(judge_body(doc, body).has_value());
  BOOST_TEST((body == Value(Map{{"to", List{"a"}}, {"more", 1}})));
  for (const Value& wrong : {Value(Map{}), Value(Map{{"to", nullptr}}), Value(Map{{"to", "a"}}),
                             Value(Map{{"to", List{1}}}), Value(Map{{"to", List{}}, {"soon", "yes"}}),
                             Value(Map{{"to", List{}}, {"other", 1}}), Value(List{}), Value("to")}) {
    Value judged = wrong;
    const auto status = judge_body(doc, judged);
    BOOST_REQUIRE(status.has_error());
    BOOST_TEST(status.error().code == "bad_body");
  }
}

BOOST_AUTO_TEST_SUITE_END()
