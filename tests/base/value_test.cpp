// Value and Map: one dynamic value, ordered maps with bounded lookup, structural equality.
#include <boost/test/unit_test.hpp>
#include <limits>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/value.hpp"

using namespace ieum;

namespace {

Map counting_map(int size) {
  Map map;
  for (int i = 0; i < size; ++i) map.set("key" + std::to_string(i), i);
  return map;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(value)

BOOST_AUTO_TEST_CASE(kinds_follow_the_constructor) {
  BOOST_TEST((Value().kind() == Value::Kind::null));
  BOOST_TEST((Value(nullptr).kind() == Value::Kind::null));
  BOOST_TEST((Value(true).kind() == Value::Kind::boolean));
  BOOST_TEST((Value(1).kind() == Value::Kind::integer));
  BOOST_TEST((Value(std::uint64_t{1}).kind() == Value::Kind::unsigned_integer));
  BOOST_TEST((Value(1.0).kind() == Value::Kind::floating));
  BOOST_TEST((Value(Decimal{"1.0"}).kind() == Value::Kind::decimal));
  BOOST_TEST((Value("글자").kind() == Value::Kind::string));
  BOOST_TEST((Value(Bytes{"x"}).kind() == Value::Kind::bytes));
  BOOST_TEST((Value(List{}).kind() == Value::Kind::list));
  BOOST_TEST((Value(Map{}).kind() == Value::Kind::map));
  BOOST_TEST((Value(Timestamp{}).kind() == Value::Kind::timestamp));
  BOOST_TEST((Value(Duration{}).kind() == Value::Kind::duration));
  BOOST_TEST((Value(TypeName{"int"}).kind() == Value::Kind::type));
  BOOST_TEST((Value(OptionalValue{}).kind() == Value::Kind::optional));
}

BOOST_AUTO_TEST_CASE(equality_is_of_the_same_kind) {
  BOOST_TEST(!(Value(1) == Value(std::uint64_t{1})));
  BOOST_TEST(!(Value(1) == Value(1.0)));
  BOOST_TEST(!(Value(Decimal{"1.0"}) == Value(Decimal{"1.00"})));
  BOOST_TEST(!(Value("1") == Value(1)));
  BOOST_TEST(!(Value(nullptr) == Value(false)));
  BOOST_TEST((Value(List{1, "둘", List{3}}) == Value(List{1, "둘", List{3}})));
  BOOST_TEST(!(Value(List{1, 2}) == Value(List{2, 1})));
  BOOST_TEST((Value(OptionalValue{}) == Value(OptionalValue{})));
  const auto one = std::make_shared<const Value>(1);
  const auto other_one = std::make_shared<const Value>(1);
  BOOST_TEST((Value(OptionalValue{one}) == Value(OptionalValue{other_one})));
  BOOST_TEST(!(Value(OptionalValue{one}) == Value(OptionalValue{})));
}

BOOST_AUTO_TEST_CASE(maps_are_equal_whatever_their_order) {
  const Map forward{{"a", 1}, {"b", 2}};
  const Map backward{{"b", 2}, {"a", 1}};
  BOOST_TEST((forward == backward));
  BOOST_TEST(!(forward == Map{{"a", 1}, {"b", 3}}));
  BOOST_TEST(!(forward == Map{{"a", 1}, {"c", 2}}));
  BOOST_TEST(!(forward == Map{{"a", 1}}));
}

BOOST_AUTO_TEST_CASE(set_replaces_in_place_and_add_refuses) {
  for (const int size : {3, 16, 17, 40}) {
    Map map = counting_map(size);
    map.set("key1", "새 값");
    BOOST_TEST(map.size() == static_cast<std::size_t>(size));
    BOOST_TEST((std::next(map.begin())->second == Value("새 값")));
    BOOST_TEST(!map.add("key1", 7));
    BOOST_TEST((*map.find("key1") == Value("새 값")));
    BOOST_TEST(map.add("fresh", 7));
    BOOST_TEST((std::prev(map.end())->first == Value("fresh")));
  }
}

BOOST_AUTO_TEST_CASE(order_of_insertion_and_lookup_hold_across_the_index) {
  const Map map = counting_map(100);
  int expected = 0;
  for (const auto& [key, held] : map) {
    BOOST_TEST(*key.if_string() == "key" + std::to_string(expected));
    BOOST_TEST(*held.if_int() == expected);
    ++expected;
  }
  for (int i = 0; i < 100; ++i) BOOST_REQUIRE(map.find("key" + std::to_string(i)) != nullptr);
  BOOST_TEST(map.find("key100") == nullptr);
  BOOST_TEST(map.find("") == nullptr);
}

BOOST_AUTO_TEST_CASE(copies_of_an_indexed_map_are_independent) {
  const Map original = counting_map(30);
  Map copy = original;
  copy.set("key0", "changed");
  copy.set("more", 1);
  BOOST_TEST(*original.find("key0")->if_int() == 0);
  BOOST_TEST(original.find("more") == nullptr);
  BOOST_TEST(original.size() == 30u);
}

BOOST_AUTO_TEST_CASE(equal_numbers_of_both_integer_kinds_are_one_key) {
  for (const int filler : {0, 20}) {
    Map map = counting_map(filler);
    BOOST_TEST(map.add(1, "one"));
    BOOST_TEST(!map.add(std::uint64_t{1}, "one again"));
    BOOST_TEST(map.add("1", "text"));
    BOOST_TEST(map.add(true, "flag"));
    BOOST_TEST(map.add(-1, "minus"));
    BOOST_TEST(map.add(std::numeric_limits<std::uint64_t>::max(), "big"));
    BOOST_TEST(map.add(std::numeric_limits<std::int64_t>::min(), "small"));
    BOOST_TEST(*map.find(Value(std::uint64_t{1}))->if_string() == "one");
    BOOST_TEST(*map.find(Value(1))->if_string() == "one");
    BOOST_TEST(*map.find(Value(-1))->if_string() == "minus");
    BOOST_TEST(*map.find(Value("1"))->if_string() == "text");
    BOOST_TEST(*map.find(Value(true))->if_string() == "flag");
    BOOST_TEST(*map.find(Value(std::numeric_limits<std::uint64_t>::max()))->if_string() == "big");
    BOOST_TEST(*map.find(Value(std::numeric_limits<std::int64_t>::min()))->if_string() == "small");
    BOOST_TEST(map.find(Value(false)) == nullptr);
    BOOST_TEST(map.find(Value(1.0)) == nullptr);  // no key kind
    BOOST_TEST(map.find(Value(List{})) == nullptr);
  }
}

BOOST_AUTO_TEST_CASE(paths_walk_maps_and_lists) {
  const Value order = *parse_json(R"({"items":[{"이름":"사과"},{"이름":"배"}],"7":{"x":1},"empty":{"":5}})");
  BOOST_TEST(*order.at_path("items.1.이름")->if_string() == "배");
  BOOST_TEST(*order.at_path("7.x")->if_int() == 1);
  BOOST_TEST(order.at_path("items")->is_list());
  BOOST_TEST(*order.at_path("empty.")->if_int() == 5);
  for (const char* missing : {"items.2", "items.-1", "items.01x", "items.", "items.1.이름.more", "nothing", "", ".",
                              "7.x.y", "items.99999999999999999999"})
    BOOST_TEST(order.at_path(missing) == nullptr, missing);
}

BOOST_AUTO_TEST_CASE(typed_members_fall_back) {
  const Value value = *parse_json(R"({"text":"글","number":5,"big":18446744073709551615,"flag":true,"null":null})");
  BOOST_TEST(value.text("text") == "글");
  BOOST_TEST(value.text("number", "x") == "x");
  BOOST_TEST(value.text("missing", "x") == "x");
  BOOST_TEST(value.number("number") == 5);
  BOOST_TEST(Value(Map{{"wide", std::uint64_t{7}}}).number("wide") == 7);
  BOOST_TEST(value.number("big", -1) == -1);
  BOOST_TEST(value.number("null", 3) == 3);
  BOOST_TEST(value.flag("flag"));
  BOOST_TEST(value.flag("text", true));
  BOOST_TEST(Value(3).text("x", "y") == "y");
}

BOOST_AUTO_TEST_CASE(errors_read_as_one_line) {
  BOOST_TEST(Error("code", "what\nbroke", "mend it", "file:1").text() == "file:1: what broke; mend it");
  BOOST_TEST(Error("code", "what").text() == "what");
  BOOST_TEST(Error("code", "").text() == "code");
  BOOST_TEST(Error("code", "what").at("here").text() == "here: what");
}

BOOST_AUTO_TEST_CASE(try_and_check_hand_errors_on) {
  const auto half = [](int value) -> Result<int> {
    if (value % 2 != 0) return Error("odd", "the number is odd");
    return value / 2;
  };
  const auto quarter = [&](int value) -> Result<int> {
    IEUM_TRY(const int first, half(value));
    IEUM_TRY(const int second, half(first));
    return second;
  };
  const auto check = [&](int value) -> Status {
    const auto status = [&]() -> Status {
      if (value < 0) return Error("negative", "below zero");
      return {};
    };
    IEUM_CHECK(status());
    return {};
  };
  BOOST_TEST(*quarter(8) == 2);
  BOOST_TEST(quarter(6).error().code == "odd");
  BOOST_TEST(check(1).has_value());
  BOOST_TEST(check(-1).error().code == "negative");
}

BOOST_AUTO_TEST_SUITE_END()
