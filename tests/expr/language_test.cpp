// The language as recipes use it: decimals, defaults, pipes, errors with their places, the names an expression uses.
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

namespace {

const char* const kOrder = R"({
  "event": {"total": 62000.50, "count": 3, "total_text": "50000.00", "name": "홍길동", "empty": "", "nothing": null,
            "items": [{"sku": "A", "price": 0.1, "qty": 2}, {"sku": "B", "price": 0.2, "qty": 1}], "big": 9007199254740993},
  "customer": {"first_name": "길동", "tags": ["vip"]}
})";

std::string on_order(std::string_view source) { return show(source, json(kOrder)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(language)

BOOST_AUTO_TEST_CASE(decimals_are_exact) {
  BOOST_TEST(on_order("dec('0.1') + dec('0.2') == dec('0.3')") == R"({"bool":true})");
  BOOST_TEST(on_order("event.items[0].price + event.items[1].price") == R"({"decimal":"0.3"})");
  BOOST_TEST(on_order("event.total + 1") == R"({"decimal":"62001.50"})");
  BOOST_TEST(on_order("2u * event.total") == R"({"decimal":"124001.00"})");
  BOOST_TEST(on_order("dec('10') / dec('4')") == R"({"decimal":"2.5"})");
  BOOST_TEST(on_order("dec('10') / dec('5')") == R"({"decimal":"2"})");
  BOOST_TEST(on_order("-event.total") == R"({"decimal":"-62000.50"})");
  BOOST_TEST(on_order("dec(event.total_text) >= 50000") == R"({"bool":true})");
  BOOST_TEST(on_order("dec('1') / dec('0')") == "error:divide_by_zero");
  BOOST_TEST(on_order("dec('12,000')") == "error:bad_value");
  BOOST_TEST(on_order("dec(true)") == "error:no_such_overload");
}

BOOST_AUTO_TEST_CASE(a_double_stands_for_its_shortest_decimal) {
  BOOST_TEST(on_order("event.items[0].price == 0.1") == R"({"bool":true})");
  BOOST_TEST(on_order("event.total * 0.9") == R"({"decimal":"55800.450"})");
  BOOST_TEST(on_order("event.total > 62000.4") == R"({"bool":true})");
  BOOST_TEST(on_order("event.total < 1.0 / 0.0") == R"({"bool":true})");
  BOOST_TEST(on_order("event.total + 0.0 / 0.0") == "error:bad_value");
}

BOOST_AUTO_TEST_CASE(decimals_compare_with_every_number) {
  BOOST_TEST(on_order("event.total == dec('62000.5')") == R"({"bool":true})");
  BOOST_TEST(on_order("dec('3') == event.count && event.count == dec('3.00')") == R"({"bool":true})");
  BOOST_TEST(on_order("dec('3.5') in [1, 3.5]") == R"({"bool":true})");
  BOOST_TEST(on_order("[dec('2'), 1, 3u, 2.5].sort()") ==
             R"({"list":[{"int":"1"},{"decimal":"2"},{"double":2.5},{"uint":"3"}]})");
  BOOST_TEST(on_order("math.greatest(dec('2.5'), 2)") == R"({"decimal":"2.5"})");
  BOOST_TEST(on_order("math.ceil(dec('-1.5'))") == R"({"decimal":"-1"})");
  BOOST_TEST(on_order("math.floor(dec('-1.5'))") == R"({"decimal":"-2"})");
  BOOST_TEST(on_order("int(dec('-0.9'))") == R"({"int":"0"})");
  BOOST_TEST(on_order("{1: 'one'}[dec('1.0')]") == R"({"string":"one"})");
  BOOST_TEST(on_order("type(event.total)") == R"({"string":"decimal"})");
}

BOOST_AUTO_TEST_CASE(plain_cel_takes_a_decimal_for_a_double) {
  const MapScope scope(json(kOrder));
  const ParseOptions plain{.recipe_functions = false};
  for (const char* source :
       {"event.total + 1.5 == 62002.0", "type(event.total) == double", "event.total > 1", "-event.total < 0.0"}) {
    const Result<Expression> expression = Expression::parse(source, plain);
    BOOST_REQUIRE(expression);
    BOOST_TEST(shown(expression->evaluate(scope)) == R"({"bool":true})", source);
  }
  const Result<Expression> recipe_function = Expression::parse("dec('1')", plain);
  BOOST_REQUIRE(recipe_function);
  BOOST_TEST(shown(recipe_function->evaluate(scope)) == "error:unknown_function");
  BOOST_TEST(!Expression::parse("'x' | upperAscii()", plain));
}

BOOST_AUTO_TEST_CASE(mixed_arithmetic_needs_a_conversion) {
  const Result<Value> result = run("event.total_text + 1", json(kOrder));
  BOOST_REQUIRE(!result);
  BOOST_TEST(result.error().code == "no_such_overload");
  BOOST_TEST(result.error().what == "+ does not take string and int");
  BOOST_TEST(result.error().mend == "convert the other side: string(x)");
  BOOST_TEST(result.error().place == "1:18");
  BOOST_TEST(on_order("event.total_text > 5") == "error:no_such_overload");
  BOOST_TEST(on_order("1 + 1.0") == "error:no_such_overload");
}

BOOST_AUTO_TEST_CASE(or_absorbs_what_is_missing_and_nothing_else) {
  BOOST_TEST(on_order("customer.last_name | or('고객')") == R"({"string":"고객"})");
  BOOST_TEST(on_order("customer.first_name | or('고객')") == R"({"string":"길동"})");
  BOOST_TEST(on_order("event.nothing | or(1)") == R"({"int":"1"})");
  BOOST_TEST(on_order("event.nothing.deeper | or(1)") == R"({"int":"1"})");
  BOOST_TEST(on_order("event.items[7].sku | or('none')") == R"({"string":"none"})");
  BOOST_TEST(on_order("nobody.name | or('none')") == R"({"string":"none"})");
  BOOST_TEST(on_order("dec(event.discount) | or(0)") == R"({"int":"0"})");
  BOOST_TEST(on_order("dec(event.nothing) | or(0)") == R"({"int":"0"})");
  BOOST_TEST(on_order("event.?discount | or(5)") == R"({"int":"5"})");
  BOOST_TEST(on_order("event.?count | or(5)") == R"({"int":"3"})");
  BOOST_TEST(on_order("event.empty | or('x')") == R"({"string":""})");
  BOOST_TEST(on_order("event.empty | or_blank('x')") == R"({"string":"x"})");
  BOOST_TEST(on_order("' \\n' | or_blank('x')") == R"({"string":"x"})");
  BOOST_TEST(on_order("or(customer.last_name, customer.first_name)") == R"({"string":"길동"})");
  BOOST_TEST(on_order("event.a | or(event.b) | or('c')") == R"({"string":"c"})");
  BOOST_TEST(on_order("1 / 0 | or(1)") == "error:divide_by_zero");
  BOOST_TEST(on_order("event.name.first | or(1)") == "error:no_such_overload");
}

BOOST_AUTO_TEST_CASE(a_pipe_is_a_call) {
  BOOST_TEST(on_order("event.total_text | dec") == R"({"decimal":"50000.00"})");
  BOOST_TEST(on_order("event.total_text | dec | round(-0 + 1)") == R"({"decimal":"50000.0"})");
  BOOST_TEST(on_order("'  x ' | trim | upperAscii()") == R"({"string":"X"})");
  BOOST_TEST(on_order("event.items | map(i, i.sku) | join(', ')") == R"({"string":"A, B"})");
  BOOST_TEST(on_order("true ? 'a' : 'b' | upperAscii") == R"({"string":"A"})");
  BOOST_TEST(on_order("(event.missing | or(3)) > 2") == R"({"bool":true})");
  BOOST_TEST(on_order("-5 | math.abs") == R"({"int":"5"})");
  const Result<Value> loose = run("event.missing | or(3) > 2", json(kOrder));
  BOOST_REQUIRE(!loose);
  BOOST_TEST(loose.error().mend == "put the pipe in parentheses: (x | f(y)) > 1");
}

BOOST_AUTO_TEST_CASE(has_is_false_for_a_missing_parent) {
  BOOST_TEST(on_order("has(event.shipping.address)") == R"({"bool":false})");
  BOOST_TEST(on_order("has(event.nothing.address)") == R"({"bool":false})");
  BOOST_TEST(on_order("has(event.total)") == R"({"bool":true})");
  BOOST_TEST(on_order("has(nobody.name)") == R"({"bool":false})");
}

BOOST_AUTO_TEST_CASE(large_whole_numbers_keep_their_digits) {
  BOOST_TEST(on_order("event.big") == R"({"int":"9007199254740993"})");
  BOOST_TEST(on_order("string(event.big)") == R"({"string":"9007199254740993"})");
  BOOST_TEST(on_order("dec('9007199254740993') == event.big && dec('9007199254740992') != event.big") ==
             R"({"bool":true})");
}

BOOST_AUTO_TEST_CASE(names_beyond_ascii_are_quoted) {
  const Value names = json(R"({"event": {"고객명": "길동", "a-b": 1}})");
  BOOST_TEST(show("event['고객명']", names) == R"({"string":"길동"})");
  BOOST_TEST(show("event.`고객명`", names) == R"({"string":"길동"})");
  BOOST_TEST(show("has(event.`고객명`) && event.`a-b` == 1", names) == R"({"bool":true})");
}

BOOST_AUTO_TEST_CASE(optionals_chain) {
  BOOST_TEST(show("optional.of({'a': {'b': 1}}).a.b.orValue(0)") == R"({"int":"1"})");
  BOOST_TEST(show("optional.of(optional.of({'a': 1})).?a.orValue(0)") == R"({"int":"1"})");
  BOOST_TEST(show("{'a': optional.none()}.?a.?b.c.hasValue()") == R"({"bool":false})");
  BOOST_TEST(show("has({'a': optional.of({'b': 1})}.?a.b)") == R"({"bool":true})");
  BOOST_TEST(show("optional.of([1, 2])[1].value()") == R"({"int":"2"})");
  BOOST_TEST(show("optional.none().value()") == "error:no_such_field");
}

BOOST_AUTO_TEST_CASE(macros_over_lists_and_maps) {
  BOOST_TEST(on_order("event.items.filter(i, i.qty > 1).map(i, i.sku)") == R"({"list":[{"string":"A"}]})");
  BOOST_TEST(on_order("event.items.exists(i, i.sku == 'B') && event.items.all(i, i.price < 1)") == R"({"bool":true})");
  BOOST_TEST(on_order("event.items.sortBy(i, -i.qty).map(i, i.sku)") == R"({"list":[{"string":"A"},{"string":"B"}]})");
  BOOST_TEST(on_order("event.items.map(event, event.sku)") == R"({"list":[{"string":"A"},{"string":"B"}]})");
  BOOST_TEST(on_order("[[1, 2], [3]].map(l, l.map(x, x * l[0]))") ==
             R"({"list":[{"list":[{"int":"1"},{"int":"2"}]},{"list":[{"int":"9"}]}]})");
  BOOST_TEST(on_order("event.nothing.map(x, x)") == "error:no_such_field");
  BOOST_TEST(on_order("event.total.map(x, x)") == "error:no_such_overload");
  BOOST_TEST(on_order("cel.bind(x, event.name, x)") == R"({"string":"홍길동"})");
  BOOST_TEST(on_order("[1, 2].transformMapEntry(i, v, {string(i): v})") ==
             R"({"map":[[{"string":"0"},{"int":"1"}],[{"string":"1"},{"int":"2"}]]})");
  BOOST_TEST(on_order("[1, 1].transformMapEntry(i, v, {v: i})") == "error:bad_value");
}

BOOST_AUTO_TEST_CASE(list_and_set_functions) {
  BOOST_TEST(on_order("[1, [2, [3]]].flatten()") == R"({"list":[{"int":"1"},{"int":"2"},{"list":[{"int":"3"}]}]})");
  BOOST_TEST(on_order("[3, 1, 2].sort().slice(0, 2)") == R"({"list":[{"int":"1"},{"int":"2"}]})");
  BOOST_TEST(on_order("[1, 2, 1.0, 'a', 'a'].distinct().size()") == R"({"int":"3"})");
  BOOST_TEST(on_order("['b', 1].sort()") == "error:no_such_overload");
  BOOST_TEST(on_order("lists.range(3).reverse()") == R"({"list":[{"int":"2"},{"int":"1"},{"int":"0"}]})");
  BOOST_TEST(on_order("[].first() | or('none')") == R"({"string":"none"})");
  BOOST_TEST(on_order("[1, 2].last()") == R"({"int":"2"})");
  BOOST_TEST(on_order("sets.contains([1, 2], [2.0]) && sets.equivalent([1, 1], [1u]) && !sets.intersects([1], [])") ==
             R"({"bool":true})");
}

BOOST_AUTO_TEST_CASE(patterns_are_linear_or_refused) {
  BOOST_TEST(on_order("event.name.matches('^홍.동$')") == R"({"bool":true})");
  BOOST_TEST(on_order("regex.extract('주문 1042번', '([0-9]+)번')") == R"({"string":"1042"})");
  BOOST_TEST(on_order("regex.extract('주문', '[0-9]+') | or('none')") == R"({"string":"none"})");
  BOOST_TEST(on_order("regex.extractAll('a1b22', '[0-9]+')") == R"({"list":[{"string":"1"},{"string":"22"}]})");
  BOOST_TEST(on_order("regex.replace('010-1234', '([0-9]+)-([0-9]+)', '\\\\2/\\\\1')") == R"({"string":"1234/010"})");
  BOOST_TEST(on_order("regex.replace('가나', '', '-')") == R"({"string":"-가-나-"})");
  for (const char* pattern : {"(?=x)", "(a)\\\\1", "(?<!a)b", "a{1000}{1000}", "(", "[z-a]"}) {
    const std::string source = "event.name.matches('" + std::string(pattern) + "')";
    const Result<Expression> refused = Expression::parse(source);
    BOOST_REQUIRE_MESSAGE(!refused, source);
    BOOST_TEST(refused.error().what.starts_with("this pattern is refused: "));
    // The same pattern from outside is an error of the evaluation.
    BOOST_TEST(show("'x'.matches(p + '')",
                    Value(Map{{"p", Value(std::string(pattern) == "(a)\\\\1" ? "(a)\\1" : pattern)}})) ==
               "error:bad_value");
  }
}

BOOST_AUTO_TEST_CASE(times_and_zones) {
  const std::unique_ptr<ZoneSource> zones = system_zones();
  const Limits limits{.zones = zones.get(), .default_zone = "Asia/Seoul"};
  const Value none{Map{}};
  BOOST_TEST(show("timestamp('2026-03-02T23:30:00Z').getHours('Asia/Seoul')", none, limits) == R"({"int":"8"})");
  BOOST_TEST(show("timestamp('2026-03-02T23:30:00Z').getDate('Asia/Seoul')", none, limits) == R"({"int":"3"})");
  BOOST_TEST(show("timestamp('2050-07-01T00:00:00Z').getHours('America/New_York')", none, limits) == R"({"int":"20"})");
  BOOST_TEST(show("format_date('2026-03-02T23:30:00Z', 'yyyy-MM-dd HH:mm EEEE')", none, limits) ==
             R"({"string":"2026-03-03 08:30 화요일"})");
  BOOST_TEST(show("timestamp('2026-03-02T23:30:00Z').getHours('Asia/Seoul')") == "error:unknown_zone");
  BOOST_TEST(show("timestamp('2026-03-02T23:30:00Z').getHours('../../etc/passwd')", none, limits) ==
             "error:unknown_zone");
  BOOST_TEST(show("format_date('2026-03-02T23:30:00Z', 'YYYY')") == "error:bad_value");
  BOOST_TEST(show("duration('7d') == duration('168h')") == R"({"bool":true})");
  BOOST_TEST(show("timestamp('2026-03-02T09:00:00+09:00') + duration('90m')") == R"({"timestamp":["1772415000","0"]})");
}

BOOST_AUTO_TEST_CASE(every_recipe_function_holds_its_example) {
  std::size_t examples = 0;
  for (const FunctionInfo& function : functions()) {
    if (!function.recipe) continue;
    BOOST_TEST(!function.example.empty(), function.name);
    BOOST_TEST(show(function.example) == R"({"bool":true})", function.name << ": " << function.example);
    ++examples;
  }
  BOOST_TEST(examples >= 15u);
}

BOOST_AUTO_TEST_CASE(types_and_optionals_become_data) {
  BOOST_TEST(show("[int, optional.of(1), optional.none()]") ==
             R"({"list":[{"string":"int"},{"int":"1"},{"null":null}]})");
  BOOST_TEST(show("{'t': type(1)}") == R"({"map":[[{"string":"t"},{"string":"int"}]]})");
  BOOST_TEST(show("x ? [int] : [int]", Value(Map{{"x", Value(true)}})) == R"({"list":[{"string":"int"}]})");
}

BOOST_AUTO_TEST_CASE(the_names_an_expression_uses) {
  const Result<Expression> expression = Expression::parse(
      "trigger.items.exists(i, i.price > limits[trigger.kind].max) && (customer['first name'].length | or(vars.x)) == "
      "1\n"
      " && has(event.a.b) && event.?c.d == optional.none() && type(steps) == map");
  BOOST_REQUIRE(expression);
  const std::vector<std::string> roots = {"customer", "event", "limits", "steps", "trigger", "vars"};
  BOOST_TEST(expression->roots() == roots, boost::test_tools::per_element());
  std::string text;
  for (const PathUse& use : expression->uses()) {
    for (const std::string& name : use.names) text += "/" + name;
    text += (use.guarded ? "? " : " ") + std::to_string(use.line) + ":" + std::to_string(use.column) + "\n";
  }
  BOOST_TEST(text ==
             "/trigger/items 1:1\n/trigger/kind 1:42\n/limits 1:35\n/customer/first name/length? 1:65\n/vars/x 1:100\n"
             "/event/a/b? 2:9\n/event/c/d? 2:23\n/steps 2:61\n");
  BOOST_TEST(expression->paths().size() == 8u);
}

BOOST_AUTO_TEST_CASE(constants_are_folded) {
  const Result<Expression> folded = Expression::parse("'a' + 'b' == 'ab' ? {'x': [1, 2 + 3]}.x[1] : 0");
  BOOST_REQUIRE(folded);
  BOOST_REQUIRE(folded->constant());
  BOOST_TEST(*folded->constant()->if_int() == 5);
  const Result<Expression> failing = Expression::parse("1 / 0");
  BOOST_REQUIRE(failing);
  BOOST_TEST(!failing->constant());
  BOOST_TEST(!Expression::parse("x + 1")->constant());
}

BOOST_AUTO_TEST_CASE(a_scope_is_asked_lazily_and_once) {
  int made = 0;
  MapScope outer;
  outer.set("x", Value(1));
  MapScope scope(&outer);
  scope.set_lazy("y", [&] {
    ++made;
    return Value(2);
  });
  const Result<Expression> expression = Expression::parse("x == 1 || y == 2");
  BOOST_REQUIRE(expression);
  BOOST_TEST(shown(expression->evaluate(scope)) == R"({"bool":true})");
  BOOST_TEST(made == 0);
  BOOST_TEST(shown(Expression::parse("y + y + x")->evaluate(scope)) == R"({"int":"5"})");
  BOOST_TEST(made == 1);
}

BOOST_AUTO_TEST_SUITE_END()
