// The stand-in of Shopify's Admin API: GraphQL in, data, errors or userErrors out, with the cost envelope.
#include "sandbox/graphql.hpp"
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

const std::string kTagsAdd =
    "mutation tagsAdd($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field "
    "message } } }";
const std::string kCreate =
    "mutation($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) "
    "{ codeDiscountNode { id } userErrors { code field message } } }";

Value discount(const std::string& code) {
  return Map{{"d", Map{{"title", "장바구니 10%"},
                       {"code", code},
                       {"startsAt", "2026-03-02T00:00:00Z"},
                       {"customerGets", Map{{"value", Map{{"percentage", Decimal{"0.1"}}}}}}}}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(shopify, Visitor)

BOOST_AUTO_TEST_CASE(tags_are_added_once_and_removed) {
  const Value order(Map{{"id", "gid://shopify/Order/5100"}, {"tags", List{"관심:린넨", "vip"}}});
  const Value first = Visitor::shopify(kTagsAdd, order);
  BOOST_TEST(at(first, "data.tagsAdd.node.id") == "gid://shopify/Order/5100");
  BOOST_TEST(size_of(first, "data.tagsAdd.userErrors") == 0u);
  Visitor::shopify(kTagsAdd, order);
  Visitor::shopify(R"(mutation { tagsRemove(id: "gid://shopify/Order/5100", tags: ["vip"]) { node { id } } })");
  const Value recorded = calls("?vendor=shopify");
  BOOST_TEST(at(recorded, "0.effect") == "applied");
  BOOST_TEST(at(recorded, "0.operation") == "tagsAdd");
  BOOST_TEST(at(recorded, "1.effect") == "repeated");
  BOOST_TEST(at(recorded, "2.operation") == "tagsRemove");
  BOOST_TEST(at(recorded, "2.effect") == "applied");
}

BOOST_AUTO_TEST_CASE(the_token_is_checked_exactly) {
  const Reply wrong = reply("POST", "/admin/api/2026-04/graphql.json", {{"X-Shopify-Access-Token", "shpat_sandbo"}},
                            R"({"query":"{shop{name}}"})");
  BOOST_TEST(wrong.response.status == 401);
  BOOST_TEST(at(read(wrong), "errors").starts_with("[API] Invalid API key or access token"));
  BOOST_TEST(reply("POST", "/admin/api/latest/graphql.json", {{"X-Shopify-Access-Token", "shpat_sandbox"}}, "{}")
                 .response.status == 404);
  BOOST_TEST(reply("POST", "/admin/api/2026-04/graphql.json", {{"X-Shopify-Access-Token", "shpat_sandbox"}}, "{}")
                 .response.status == 400);
}

BOOST_AUTO_TEST_CASE(refusals_are_user_errors_or_errors) {
  const Value unknown = Visitor::shopify(kTagsAdd, Map{{"id", "gid://shopify/Order/404"}, {"tags", List{"a"}}});
  BOOST_TEST(at(unknown, "data.tagsAdd.userErrors.0.field.0") == "id");
  BOOST_TEST(unknown.at_path("data.tagsAdd.node")->is_null());
  BOOST_TEST(at(calls(), "0.effect") == "refused");
  const Value bad_id = Visitor::shopify(kTagsAdd, Map{{"id", "5100"}, {"tags", List{"a"}}});
  BOOST_TEST(at(bad_id, "errors.0.message") == "Invalid global id '5100'");
  const Value no_field = Visitor::shopify("{ unicorns { name } }");
  BOOST_TEST(at(no_field, "errors.0.extensions.code") == "undefinedField");
  const Value no_member = Visitor::shopify("{ shop { unicorn } }");
  BOOST_TEST(at(no_member, "errors.0.message") == "Field 'unicorn' doesn't exist here");
  BOOST_TEST(no_member.get("data") == nullptr);
  BOOST_TEST(at(Visitor::shopify("query {"), "errors.0.message") != "");
}

BOOST_AUTO_TEST_CASE(a_discount_code_is_taken_the_second_time_and_can_be_looked_up) {
  const Value made = Visitor::shopify(kCreate, discount("BACK10"));
  const std::string id = at(made, "data.discountCodeBasicCreate.codeDiscountNode.id");
  BOOST_TEST(id.starts_with("gid://shopify/DiscountCodeNode/"));
  const Value again = Visitor::shopify(kCreate, discount("back10"));
  BOOST_TEST(at(again, "data.discountCodeBasicCreate.userErrors.0.code") == "TAKEN");
  BOOST_TEST(at(again, "data.discountCodeBasicCreate.userErrors.0.field.1") == "code");
  BOOST_TEST(at(calls(), "1.effect") == "repeated");
  const Value found = Visitor::shopify(
      "query($code: String!) { codeDiscountNodeByCode(code: $code) { id codeDiscount { ... on DiscountCodeBasic { "
      "title startsAt } } } }",
      Map{{"code", "BACK10"}});
  BOOST_TEST(at(found, "data.codeDiscountNodeByCode.id") == id);
  BOOST_TEST(at(found, "data.codeDiscountNodeByCode.codeDiscount.title") == "장바구니 10%");
  BOOST_TEST(at(found, "data.codeDiscountNodeByCode.codeDiscount.startsAt") == "2026-03-02T00:00:00Z");
  const Value none = Visitor::shopify(R"({ codeDiscountNodeByCode(code: "NONE") { id } })");
  BOOST_TEST(none.at_path("data.codeDiscountNodeByCode")->is_null());
}

BOOST_AUTO_TEST_CASE(a_percentage_is_a_fraction) {
  Map input = *discount("HALF").get("d")->if_map();
  input.set("customerGets", Map{{"value", Map{{"percentage", 10}}}});
  BOOST_TEST(at(Visitor::shopify(kCreate, Map{{"d", input}}), "data.discountCodeBasicCreate.userErrors.0.code") ==
             "VALUE_OUTSIDE_RANGE");
}

BOOST_AUTO_TEST_CASE(the_shop_is_read_with_aliases) {
  const Value answer = Visitor::shopify("query { mine: shop { name zone: ianaTimezone } }");
  BOOST_TEST(at(answer, "data.mine.name") == "이음 상점");
  BOOST_TEST(at(answer, "data.mine.zone") == "Asia/Seoul");
  BOOST_TEST(at(calls(), "0.effect") == "read");
}

BOOST_AUTO_TEST_CASE(the_cost_bucket_is_told_and_empties_only_when_asked_for) {
  const Value told = Visitor::shopify("{ shop { name } }");
  BOOST_TEST(at(told, "extensions.cost.throttleStatus.restoreRate") == "50");
  BOOST_TEST(at(told, "extensions.cost.throttleStatus.currentlyAvailable") == "999");
  fault(R"({"vendor":"shopify","kind":"rate_limit"})");
  const auto add = [&](int i) {
    return Visitor::shopify(kTagsAdd, Map{{"id", "gid://shopify/Order/1"}, {"tags", List{"t" + std::to_string(i)}}});
  };
  for (int i = 0; i < 100; ++i) BOOST_REQUIRE(add(i).get("data") != nullptr);
  const Value throttled = add(100);
  BOOST_TEST(at(throttled, "errors.0.extensions.code") == "THROTTLED");
  BOOST_TEST(at(throttled, "extensions.cost.requestedQueryCost") == "10");
  BOOST_TEST(at(throttled, "extensions.cost.throttleStatus.currentlyAvailable") == "0");
  clock.advance(200);  // 10 points at 50 a second
  BOOST_TEST(add(100).get("errors") == nullptr);
}

BOOST_AUTO_TEST_CASE(graphql_values_are_read_in_all_their_forms) {
  const auto fields = parse_graphql(
      "# a comment\nmutation M($a: [Int!] = [1], $b: X) { one: f(a: $a, t: \"큰 \\\"따옴표\\\"\", n: -1.5, e: ALL, l: "
      "[1, 2], o: {k: true}, z: null) { x } g }",
      Map{{"a", List{7}}});
  BOOST_REQUIRE(fields.has_value());
  BOOST_REQUIRE(fields->size() == 2u);
  const Value arguments(fields->front().arguments);
  BOOST_TEST(fields->front().alias == "one");
  BOOST_TEST(at(arguments, "a.0") == "7");
  BOOST_TEST(at(arguments, "t") == "큰 \"따옴표\"");
  BOOST_TEST(arguments.get("n")->if_decimal()->digits == "-1.5");
  BOOST_TEST(at(arguments, "e") == "ALL");
  BOOST_TEST(at(arguments, "l.1") == "2");
  BOOST_TEST(at(arguments, "o.k") == "true");
  BOOST_TEST(arguments.get("z")->is_null());
}

BOOST_AUTO_TEST_CASE(broken_graphql_is_an_error_and_nothing_worse) {
  for (const char* query :
       {"", "{", "{ a", "{ a( }", "{ a(b: ) }", "{ a(b: \"x) }", "subscription { a }", "{ ...Named }", "{ a } { b }",
        "{ a(b: \"\\", "{ a(b: [1, ) }", "mutation ($x", "{ a(b: -) }"})
    BOOST_TEST(parse_graphql(query, {}).has_error(), query);
  BOOST_TEST(parse_graphql(std::string(100'000, '{'), {}).has_error());
  std::string nested = "{ a(b: ";
  nested.append(100'000, '[');
  BOOST_TEST(parse_graphql(nested, {}).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
