// Who starts a run: matching, identities, keys, and the entry rules of every mode.
#include "engine/reasons.hpp"
#include "engine/walking.hpp"

using namespace ieum;
using namespace ieum::engine;
using namespace ieum::engine_test;

namespace {

recipe::Recipe with(std::string_view lines) { return read("recipe: r\nsteps: [{stop: x}]\n" + std::string(lines)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_entry)

BOOST_AUTO_TEST_CASE(matches_by_name_connection_and_where) {
  const Value event = value(R"({"total":"62000.00","tags":["vip"],"token":"t1"})");
  const std::vector<std::string> names = {"order_created", "shopify/orders/create"};
  struct Case {
    const char* trigger;
    bool expected;
  };
  const Case cases[] = {
      {"{event: order_created}", true},
      {"{event: shopify/orders/create}", true},
      {"{event: orders/create}", false},
      {"{event: checkout_started}", false},
      {"{event: order_created, connection: shop}", true},
      {"{event: order_created, connection: other}", false},
      {"{event: order_created, where: 'dec(event.total) >= 50000'}", true},
      {"{event: order_created, where: 'dec(trigger.total) >= 50000'}", true},
      {"{event: order_created, where: 'dec(event.total) > 62000'}", false},
      {"{event: order_created, where: '\"vip\" in event.tags'}", true},
  };
  for (const Case& c : cases) {
    std::string problem;
    const bool found = matches(with("trigger: " + std::string(c.trigger)).trigger, names, "shop", event, &problem);
    BOOST_CHECK_MESSAGE(found == c.expected && problem.empty(), c.trigger << " " << problem);
  }
}

BOOST_AUTO_TEST_CASE(a_where_that_cannot_be_evaluated_is_no_match_and_says_why) {
  for (const char* where : {"event.missing == 1", "event.total", "event.total > 3", "customer.x == 1"}) {
    std::string problem;
    const auto recipe = with("trigger: {event: a, where: '" + std::string(where) + "'}");
    BOOST_CHECK(!matches(recipe.trigger, {"a"}, "", value(R"({"total":"12"})"), &problem));
    BOOST_CHECK_MESSAGE(problem.starts_with("line 3, `where`: "), where << problem);
    BOOST_CHECK(!matches(recipe.trigger, {"a"}, "", value("{}")));
  }
}

BOOST_AUTO_TEST_CASE(an_exit_may_compare_with_what_started_the_run) {
  const auto recipe = with(
      "trigger: {event: a}\nabout: {email: event.email}\nexit_on: [{event: order_created, where: 'event.token == "
      "trigger.token'}]");
  const Value order = value(R"({"token":"t1"})"), same = value(R"({"token":"t1"})"), other = value(R"({"token":"t2"})");
  BOOST_CHECK(matches(recipe.exit_on[0], {"order_created"}, "", order, nullptr, &same));
  BOOST_CHECK(!matches(recipe.exit_on[0], {"order_created"}, "", order, nullptr, &other));
}

BOOST_AUTO_TEST_CASE(about_leaves_out_what_is_missing) {
  const auto recipe = with(
      "trigger: {event: a}\nabout: {email: event.email, phone: event.phone, shopify: event.customer.id, x: event.list, "
      "user_id: event.blank}");
  const auto about = about_of(
      recipe, value(R"({"email":"민지@example.com","phone":null,"customer":{"id":7001},"list":[1],"blank":"  "})"));
  BOOST_REQUIRE_EQUAL(about.size(), 2u);
  BOOST_CHECK_EQUAL(about[0].first + "=" + about[0].second, "email=민지@example.com");
  BOOST_CHECK_EQUAL(about[1].first + "=" + about[1].second, "shopify=7001");
  BOOST_CHECK(about_of(with("trigger: {event: a}"), value("{}")).empty());
}

BOOST_AUTO_TEST_CASE(keys_are_short_texts_or_numbers) {
  const auto recipe = with("trigger: {event: a}\nentry: {key: event.k}");
  BOOST_CHECK_EQUAL(entry_key(recipe, value(R"({"k":"토큰-1"})")).value(), "토큰-1");
  BOOST_CHECK_EQUAL(entry_key(recipe, value(R"({"k":18446744073709551615})")).value(), "18446744073709551615");
  BOOST_CHECK_EQUAL(entry_key(recipe, value(R"({"k":10.50})")).value(), "10.50");
  for (const std::string json : {"{}", R"({"k":null})", R"({"k":""})", R"({"k":[1]})", R"({"k":true})"}) {
    const auto key = entry_key(recipe, value(json));
    BOOST_REQUIRE_MESSAGE(key.has_error(), json);
    BOOST_CHECK_EQUAL(key.error().code, "bad_key");
    BOOST_CHECK_EQUAL(key.error().place, "4:14");
  }
  BOOST_CHECK(entry_key(recipe, value(R"({"k":")" + std::string(513, 'x') + "\"}")).has_error());
  BOOST_CHECK_EQUAL(entry_key(with("trigger: {event: a}"), value("{}")).value(), "");
}

BOOST_AUTO_TEST_CASE(judges_entries) {
  const auto once = with("trigger: {event: a}\nabout: {email: event.e}\nentry: {mode: once}");
  const auto after = with("trigger: {event: a}\nabout: {email: event.e}\nentry: {cap: {max: 2, per: 7d}}");
  const auto always = with("trigger: {event: a}\nabout: {email: event.e}\nentry: {mode: always, key: event.k}");
  const auto keyed = with("trigger: {event: a}\nentry: {mode: once, key: event.k}");
  const auto each = with("trigger: {event: a}");
  struct Case {
    const char* name;
    const recipe::Recipe& recipe;
    bool somebody;
    EntryFacts facts;
    const char* expected;
  };
  const Case cases[] = {
      {"once, first time", once, true, {}, ""},
      {"once, ran before", once, true, {false, 1, 0}, "once"},
      {"once, runs now", once, true, {true, 1, 0}, "once"},
      {"once, nobody known", once, false, {true, 9, 9}, ""},
      {"after_exit, free", after, true, {false, 5, 1}, ""},
      {"after_exit, runs now", after, true, {true, 5, 1}, "already_running"},
      {"after_exit, cap used up", after, true, {false, 5, 2}, "entry_cap"},
      {"running comes before cap", after, true, {true, 5, 2}, "already_running"},
      {"a cap without a customer counts nobody", after, false, {false, 5, 2}, ""},
      {"always, same key lives", always, true, {true, 1, 1}, "already_running"},
      {"always, same key ended", always, true, {false, 3, 3}, ""},
      {"a key alone is enough for once", keyed, false, {false, 1, 0}, "once"},
      {"a key alone, first time", keyed, false, {}, ""},
      {"each event", each, false, {true, 9, 9}, ""},
  };
  for (const Case& c : cases)
    BOOST_CHECK_MESSAGE(reasons::of(judge_entry(c.recipe, c.somebody, c.facts)) == c.expected, c.name);
}

BOOST_AUTO_TEST_CASE(reasons_are_spelt_as_reports_expect) {
  BOOST_CHECK_EQUAL(reasons::exit_on("order_created"), "exit_on:order_created");
  BOOST_CHECK_EQUAL(reasons::kAdQuietHours, "ad_quiet_hours");
}

BOOST_AUTO_TEST_SUITE_END()
