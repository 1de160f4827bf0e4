// Which path meets which route.
#include <boost/test/unit_test.hpp>
#include <type_traits>

#include "server/routes.hpp"

using namespace ieum;
using namespace ieum::server;
using Kind = RouteTable::Match::Kind;

// A route cannot be made without saying whom it answers.
static_assert(!std::is_constructible_v<Route, Method, const char*, Handler>);
static_assert(!std::is_default_constructible_v<Route>);
static_assert(std::is_constructible_v<Route, Method, const char*, Policy, Handler>);

namespace {

RouteTable table() {
  RouteTable routes;
  const Handler nothing = [](const Exchange&) {};
  routes.add({Method::get, "/runs", Policy::operator_, nothing});
  routes.add({Method::get, "/runs/live", Policy::operator_, nothing});
  routes.add({Method::get, "/runs/{id}", Policy::operator_, nothing});
  routes.add({Method::post, "/runs/{id}/cancel", Policy::operator_, nothing});
  routes.add({Method::del, "/runs", Policy::operator_, nothing});
  routes.add({Method::post, "/hooks/{connection}/{token}", Policy::anyone, nothing});
  routes.add({Method::get, "/{path...}", Policy::page, nothing});
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

BOOST_AUTO_TEST_SUITE_END()
