// Bounds: whatever an author or an event brings, an evaluation ends with a value or a typed error. Numbers at their
// edges, floods of work and text, hostile templates, many threads.
#include <algorithm>
#include <set>
#include <thread>

#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

BOOST_AUTO_TEST_SUITE(bounds)

BOOST_AUTO_TEST_CASE(numbers_at_their_edges) {
  const Value names(Map{{"min", Value(std::int64_t{INT64_MIN})},
                        {"max", Value(std::int64_t{INT64_MAX})},
                        {"m1", Value(-1)},
                        {"zero", Value(0)},
                        {"umax", Value(std::uint64_t{UINT64_MAX})},
                        {"nan", Value(0.0 / 0.0 * -1)},
                        {"huge", Value(1e300)}});
  const auto on = [&](const char* source) { return show(source, names); };
  for (const char* source : {"max + 1", "min - 1", "min * m1", "min / m1", "min % m1", "-min", "umax + 1u", "0u - 1u", "umax * 2u",
                             "int(huge)", "uint(m1)", "uint(huge)", "int(umax)", "int(nan)", "uint(nan)", "math.abs(min)",
                             "timestamp(max)", "timestamp(253402300800)", "timestamp(0) + duration('9223372036s') * 1",
                             "timestamp('9999-12-31T23:59:59Z') + duration('1s')", "duration('9223372036s') + duration('1s')"}) {
    const std::string shown = on(source);
    BOOST_TEST((shown == "error:overflow" || shown == "error:no_such_overload"), source << " gave " << shown);
  }
  for (const char* source : {"max / zero", "max % zero", "umax / 0u", "umax % 0u", "dec('1') / zero"}) BOOST_TEST(on(source) == "error:divide_by_zero", source);
  for (const char* source : {"nan == nan", "nan < 1.0", "nan > 1.0", "nan <= nan", "1 < nan", "umax >= nan", "dec('1') < nan", "nan in [nan]"})
    BOOST_TEST(on(source) == R"({"bool":false})", source);
  for (const char* source : {"nan != nan", "9007199254740993 == dec('9007199254740993')", "umax > max", "min < umax", "math.isNaN(-nan)"})
    BOOST_TEST(on(source) == R"({"bool":true})", source);
  for (const char* text : {"0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "+100000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z",
                           "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:60Z", "2026-1-1T00:00:00Z", "9999-12-31T23:59:59-00:01", ""})
    BOOST_TEST(show("timestamp(t)", Value(Map{{"t", Value(text)}})) == "error:bad_value", text);
  for (const char* text : {"", "s", "-", "1", "1h1", "1x", "1.s.", "99999999999999999999999s", "9223372037s", "- 1s", "1e3s", "--1s", "."})
    BOOST_TEST(show("duration(t)", Value(Map{{"t", Value(text)}})) == "error:bad_value", text);
  BOOST_TEST(on("math.bitShiftLeft(1, max)") == R"({"int":"0"})");
  BOOST_TEST(on("math.bitShiftLeft(1, 63)") == R"({"int":"-9223372036854775808"})");
  BOOST_TEST(on("math.bitShiftRight(min, 63)") == R"({"int":"1"})");
  BOOST_TEST(on("math.bitShiftLeft(1, m1)") == "error:bad_value");
  BOOST_TEST(on("[1][max]") == "error:no_such_field");
  BOOST_TEST(on("[1][min]") == "error:no_such_field");
  BOOST_TEST(on("[1][umax]") == "error:no_such_field");
  BOOST_TEST(on("'abc'.substring(max)") == "error:bad_value");
  BOOST_TEST(on("'abc'.substring(0, min)") == "error:bad_value");
  BOOST_TEST(on("'abc'.charAt(min)") == "error:bad_value");
  BOOST_TEST(on("'abc'.lastIndexOf('a', max)") == R"({"int":"-1"})");
  BOOST_TEST(on("'abc'.indexOf('a', min)") == "error:bad_value");
  BOOST_TEST(on("[1].slice(min, max)") == "error:bad_value");
  BOOST_TEST(on("[[1]].flatten(max)") == R"({"list":[{"int":"1"}]})");
  BOOST_TEST(on("'a,b'.split(',', min)") == R"({"list":[{"string":"a"},{"string":"b"}]})");
  BOOST_TEST(on("lists.range(min)") == R"({"list":[]})");
  BOOST_TEST(on("round('1', max)") == "error:bad_value");
  BOOST_TEST(on("'%.999f'.format([1.0])") == "error:bad_value");
  BOOST_TEST(on("'%.99999999999999999999f'.format([1.0])") == "error:bad_value");
  BOOST_TEST(on("'%d%b%x'.format([min, min, min])") ==
             "{\"string\":\"-9223372036854775808-1" + std::string(63, '0') + "-8000000000000000\"}");
  BOOST_TEST(show("dec(t)", Value(Map{{"t", Value("1e999999999")}})) == "error:overflow");
  BOOST_TEST(show("double('1e400')") == R"({"double":"Infinity"})");
  BOOST_TEST(show("double('1e-400') == 0.0") == R"({"bool":true})");
}

BOOST_AUTO_TEST_CASE(floods_of_work_end_with_fuel_or_size) {
  List many;
  for (int i = 0; i < 100'000; ++i) many.emplace_back(i);
  const Value names(Map{{"many", Value(many)}, {"text", Value(std::string(1'000'000, 'a'))}, {"s", Value("ab")}});
  std::string doubling = "s";
  for (int i = 0; i < 60; ++i) doubling = "cel.bind(v" + std::to_string(i) + ", " + doubling + ", v" + std::to_string(i) + " + v" + std::to_string(i) + ")";
  std::string lists = "[s]";
  for (int i = 0; i < 60; ++i) lists = "cel.bind(v" + std::to_string(i) + ", " + lists + ", [v" + std::to_string(i) + ", v" + std::to_string(i) + "])";
  const std::string sources[] = {
      doubling,
      lists,                                        // a small graph that would be a huge tree as JSON
      "json(" + lists + ")",
      lists + " == " + lists + "",
      "many.map(a, many.map(b, a * b))",
      "many.filter(a, many.exists(b, a == b + 1))",
      "many.all(a, many.all(b, true))",
      "lists.range(1000000000)",
      "lists.range(9223372036854775807).size()",
      "many.map(a, text).size() > 0 && many.map(a, text + text).size() > 0",
      "many.map(a, string(a)).join(text)",
      "text.replace('a', text)",
      "text.replace('', text)",
      "regex.replace(text, 'a', text)",
      "text.split('').map(c, text).join('')",
      "many.map(a, text.matches('(a|aa)+b')).size()",
      "many.map(a, many).flatten()",
      "many.distinct()",
      "sets.equivalent(many, many)",
      "many.map(a, many) == many.map(a, many)",
      "many.map(a, text.contains('b')).size()",
      "many.map(a, text.lastIndexOf('b')).size()",
      "many.map(a, text == text + '').size()",
      "many.map(a, text.reverse()).size()",
      "many.map(a, sha256(text)).size()",
      "many.map(a, '%s'.format([many])).size()",
      "many.sortBy(a, many.map(b, a)[0])",
      "many.map(a, dec('0.' + text.substring(0, 400).replace('a', '7')) * dec('1.' + text.substring(0, 400).replace('a', '3')))",
      "many.transformMap(i, v, text + 'x')",
      "many.map(a, 'p' + string(a)).filter(p, text.matches(p))",
  };
  for (const std::string& source : sources) {
    BOOST_TEST_MESSAGE(source.substr(0, 100));
    const std::string shown = show(source, names);
    BOOST_TEST((shown == "error:fuel" || shown == "error:output_too_large"), source.substr(0, 100) << " gave " << shown.substr(0, 100));
  }
  // What is within the bounds still works.
  BOOST_TEST(show("many.filter(a, a % 3 == 0).size()", names) == R"({"int":"33334"})");
  BOOST_TEST(show("text.size() + text.indexOf('b')", names) == R"({"int":"999999"})");
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded_everywhere) {
  const auto repeat = [](const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
  };
  const std::string deep[] = {repeat("(", 5000) + "1" + repeat(")", 5000), repeat("[", 5000) + repeat("]", 5000), repeat("-", 30000) + "x",
                              repeat("!", 30000) + "x", repeat("{1:", 5000), repeat("true ? 1 : ", 5000) + "1", "x" + repeat(".a", 5000),
                              "x" + repeat("[0]", 5000), "x" + repeat(".size()", 5000), "x" + repeat(" | size", 5000), repeat("f(", 5000),
                              repeat("x.map(y, ", 5000), repeat("1 < ", 5000) + "1", repeat("x + ", 30000) + "x", repeat("1 * ", 2000) + "1"};
  for (const std::string& source : deep) {
    const std::string shown = show(source);
    BOOST_TEST(shown.starts_with("error:"), source.substr(0, 20) << " gave " << shown);
  }
  // Chains of one level are no nesting.
  BOOST_TEST(show(repeat("1 + ", 900) + "1") == R"({"int":"901"})");
  BOOST_TEST(show(repeat("x && ", 5000) + "x", Value(Map{{"x", Value(true)}})) == R"({"bool":true})");
  BOOST_TEST(show(repeat("x + ", 900) + "x", Value(Map{{"x", Value(1)}})) == R"({"int":"901"})");
  BOOST_TEST(show("x.y.z", Value(Map{{"x", json(R"({"y":{"z":1}})")}}), {.depth = 2}) == "error:depth");
  BOOST_TEST(show(std::string(70'000, ' ') + "1") == "error:bad_expression");
}

BOOST_AUTO_TEST_CASE(patterns_do_not_explode) {
  const Value names(Map{{"s", Value(std::string(1'000'000, 'a') + "!")}});
  BOOST_TEST(show("s.matches('(a+)+$')", names) == R"({"bool":false})");
  BOOST_TEST(show("s.matches('(.*)*x')", names) == R"({"bool":false})");
  std::string alternatives = "x0";
  for (int i = 1; i < 10'000; ++i) alternatives += "|x" + std::to_string(i);
  BOOST_TEST(show("s.matches(p)", Value(Map{{"s", Value("x9999")}, {"p", Value(alternatives)}})) == "error:bad_value");
}

BOOST_AUTO_TEST_CASE(escape_payloads_are_errors_or_plain_text) {
  const char* const payloads[] = {
      "constructor", "__proto__", "this", "this.constructor", "this.constructor.constructor('return process')()", "constructor.constructor('x')()",
      "x.constructor", "x.__proto__", "x['constructor']", "x['__proto__']", "''.constructor", "''['constructor']", "''.sub.constructor",
      "[].constructor.constructor('return this')()", "{}.constructor", "({}).constructor.prototype", "toString()", "x.toString()", "valueOf()",
      "process", "process.env", "process.mainModule.require('child_process').execSync('id')", "require('fs')", "import('fs')", "global", "globalThis",
      "window", "self", "document.cookie", "eval('1')", "Function('return 1')()", "new Function('x')", "setTimeout('x')", "alert(1)", "console.log(1)",
      "...x", "[...x]", "{...x}", "f(...x)", "`${7*7}`", "${7*7}", "#{7*7}", "*{7*7}", "@{7*7}", "<%= 7*7 %>", "{{7*7}}", "{% raw %}", "{%import os%}",
      "with (x) { y }", "() => 1", "x => x", "function(){}", "async () => {}", "class A {}", "a = 1", "a := 1", "a += 1", "a++", "--a", "delete x.y",
      "typeof x", "void 0", "in x", "x instanceof y", "x, y", "x; y", "if (x) y", "for (;;) {}", "while(true){}", "return x", "throw x", "yield x", "await x",
      "let x = 1", "const x = 1", "var x = 1", "$json", "$json.body", "$input.all()", "$node['x'].json", "$items()", "$env.SECRET", "$vars.x", "$secrets.x",
      "$fromAI('x')", "$execution.id", "$workflow.name", "$now", "$today", "$jmespath(x, 'y')", "$evaluateExpression('1')", "$parameter", "$self", "$", "_.x()",
      "Object", "Object.keys(x)", "Object.getPrototypeOf(x)", "Object.assign(x, y)", "Reflect.ownKeys(x)", "Proxy", "Symbol.iterator", "Array(1e9)",
      "Array.from({length: 1e9})", "'a'.repeat(1e9)", "'a'.padStart(1e9)", "'a'.padEnd(1e9)", "'a'.at(0)", "'a'.concat('b')", "'a'.normalize()", "x.at(-1)",
      "x.length", "x.push(1)", "x.reduce(f)", "x.forEach(f)", "x.flatMap(f)", "x.call(y)", "x.apply(y)", "x.bind(y)", "arguments.callee", "arguments[0]",
      "self.__class__", "''.__class__.__mro__[1].__subclasses__()", "x.__init__.__globals__", "x|attr('__class__')", "x|map(attribute='x')", "config.items()",
      "request.application", "cycler.__init__", "lipsum.__globals__", "namespace()", "get_flashed_messages()", "url_for.__globals__", "x|safe", "x|tojson",
      "x|e", "x | import", "range(1000000000)", "dict()", "open('/etc/passwd')", "os.system('id')", "__import__('os')", "exec('x')", "compile('x')", "getattr(x,'y')",
      "globals()", "locals()", "vars()", "dir()", "breakpoint()", "lambda x: x", "[x for x in y]", "{x: 1 for x in y}", "x if y else z", "not x", "x and y",
      "x or y", "x is y", "x ** y", "x // y", "~x", "x << 1", "x >> 1", "x & y", "x ^ y", "x ?? y", "x ?. y", "x?.y", "x!.y", "x::y", "x->y", "x <=> y",
      "T(java.lang.Runtime).getRuntime().exec('id')", "T(java.lang.System).getenv()", "new java.util.Scanner(x)", "''.getClass()", "''.class", "x.class.forName('y')",
      "x.getClass().forName('java.lang.Runtime')", "#this", "#root", "#_memberAccess", "@java.lang.Runtime@getRuntime()", "@bean.method()", "(#a=1)(#b=2)",
      "%{7*7}", "x.?class", "x[?'class']", "lookup(this, 'constructor')", "#with x", "#each x", "{{#with \"s\" as |string|}}", "{{{x}}}", "../x", "@root", "@index",
      "__defineGetter__('x', y)", "__lookupGetter__('x')", "hasOwnProperty('x')", "isPrototypeOf(x)", "propertyIsEnumerable('x')", "File('/etc/passwd')",
      "env('HOME')", "getenv('HOME')", "env.HOME", "ENV['HOME']", "read('/etc/passwd')", "file:///etc/passwd", "http://169.254.169.254/", "fetch('http://x')",
      "http.get('x')", "now()", "random()", "uuid()", "secret('x')", "secrets.token", "vault.x", "connection.token", "sleep(1000)", "exit()", "quit()", "system('id')",
      "include('x')", "load('x')", "jndi:ldap://x", "${jndi:ldap://x}", "x\\u0000y", "\\x41", "'\\u0000'", "\"\\x00\"", "cel.@block([1], @index0)", "cel.block([1], cel.index(0))",
      "@result", "__result__", "cel.bind(cel.x, 1, 2)", "google.protobuf.Any{}", "proto.getExt(x, y)", "x.y{}", "type(x).name", "int.x", "optional.of(x).y",
  };
  BOOST_TEST(std::size(payloads) >= 200u);
  const Value names(Map{{"x", json(R"({"a": 1})")}, {"y", Value("text")}, {"z", Value(List{})}, {"s", Value(1)}});
  const MapScope scope(names);
  const auto is_plain = [](const auto& self, const Value& value) -> bool {
    if (value.if_type() || value.if_optional()) return false;
    if (const List* list = value.if_list()) return std::all_of(list->begin(), list->end(), [&](const Value& v) { return self(self, v); });
    if (const Map* map = value.if_map())
      return std::all_of(map->begin(), map->end(), [&](const Map::Entry& e) { return self(self, e.first) && self(self, e.second); });
    return true;
  };
  for (const char* payload : payloads) {
    const Result<Expression> expression = Expression::parse(payload);
    if (expression) {
      const Result<Value> value = expression->evaluate(scope);
      BOOST_TEST((!value || is_plain(is_plain, *value)), payload);
    }
    // As a value from outside it is text and nothing else.
    const Result<Value> rendered = render("<{{ v }}>", Value(Map{{"v", Value(payload)}}));
    BOOST_REQUIRE(rendered);
    BOOST_TEST(*rendered->if_string() == "<" + std::string(payload) + ">");
  }
}

BOOST_AUTO_TEST_CASE(nothing_but_the_listed_functions_can_be_called) {
  // The whole surface, by name: a new function is a decision that shows up here.
  const std::set<std::string> wanted = {
      "all", "base64.decode", "base64.encode", "bool", "bytes", "cel.bind", "charAt", "contains", "dec", "distinct", "double", "duration", "dyn", "e164",
      "endsWith", "exists", "existsOne", "exists_one", "filter", "first", "flatten", "format", "format_date", "format_money", "format_number", "getDate",
      "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours", "getMilliseconds", "getMinutes", "getMonth", "getSeconds", "has", "hasValue",
      "indexOf", "int", "josa", "join", "json", "last", "lastIndexOf", "lines", "lists.range", "lowerAscii", "map", "mask", "matches", "math.abs",
      "math.bitAnd", "math.bitNot", "math.bitOr", "math.bitShiftLeft", "math.bitShiftRight", "math.bitXor", "math.ceil", "math.floor", "math.greatest",
      "math.isFinite", "math.isInf", "math.isNaN", "math.least", "math.round", "math.sign", "math.sqrt", "math.trunc", "optFlatMap", "optMap", "optional.none",
      "optional.of", "optional.ofNonZeroValue", "optional.unwrap", "or", "orValue", "or_blank", "regex.extract", "regex.extractAll", "regex.replace", "replace",
      "reverse", "round", "sets.contains", "sets.equivalent", "sets.intersects", "sha256", "size", "slice", "slug", "sort", "sortBy", "split", "startsWith",
      "string", "strings.quote", "substring", "timestamp", "transformList", "transformMap", "transformMapEntry", "trim", "type", "uint", "unwrapOpt", "upperAscii",
      "url_encode", "value"};
  std::set<std::string> found;
  for (const FunctionInfo& function : functions()) found.insert(function.name);
  BOOST_TEST(found == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(random_sources_and_values_end_well) {
  // A fixed generator: every run takes the same path. What is proved: no crash and no endless loop on nonsense.
  std::uint64_t state = 0x9e3779b97f4a7c15u;
  const auto next = [&](std::size_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::size_t>(state % below);
  };
  const char* const pieces[] = {"x", "y", ".a", "[0]", "[?'k']", ".?b", "(", ")", "[", "]", "{", "}", ",", ":", "?", " ? 1 : 2", " + ", " - ", " * ", " / ", " % ", "-", "!",
                                " == ", " != ", " < ", " >= ", " in ", " && ", " || ", " | or(", " | size", "1", "0", "2.5", "3u", "9223372036854775807", "''", "'이음'", "b'\\xff'", "true",
                                "null", ".map(i, ", ".filter(j, ", ".all(k, ", ".exists(i, j, ", "i", "j", "dec('1.5')", "timestamp(0)", "duration('1h')", ".size()", ".split('')", ".join()",
                                ".substring(1)", ".format([", "has(x.a)", "cel.bind(t, ", "t", "optional.of(", ".orValue(", "type(", "string(", "int(", "double(", ".matches('a*')", "{'a': ",
                                "lists.range(3)", ".sort()", ".flatten()", "math.greatest(", "json(", "'{{'", "}}", "//", "\n", "`q`", "\"\"\"", "r'\\'", "e164(", "josa(", "mask("};
  const Value names(Map{{"x", json(R"({"a": [1, "b", {"k": null}], "b": 1.5})")}, {"y", json(R"([3, 1, 2.50])")}});
  const MapScope scope(names);
  std::size_t parsed = 0, valued = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string source;
    const std::size_t length = 1 + next(8);
    for (std::size_t i = 0; i < length; ++i) source += pieces[next(std::size(pieces))];
    const ParseOptions options{.recipe_functions = next(4) != 0};
    const Result<Expression> expression = Expression::parse(source, options);
    if (expression) {
      ++parsed;
      const Result<Value> value = expression->evaluate(scope, {.fuel = 5000, .output_bytes = 10'000});
      if (value) ++valued;
      if (value && options.recipe_functions) BOOST_TEST(write_json(*value).size() < 40'000u);
      if (!value) BOOST_TEST(!value.error().place.empty(), source);
    } else {
      BOOST_TEST(expression.error().code == "bad_expression");
      BOOST_TEST(!expression.error().place.empty(), source);
    }
    const Result<Template> text = Template::parse("a {{" + source + "}} b");
    if (text) static_cast<void>(text->render(scope, {.fuel = 5000, .output_bytes = 10'000}));
  }
  BOOST_TEST(parsed > 1000u);
  BOOST_TEST(valued > 300u);
}

BOOST_AUTO_TEST_CASE(many_threads_give_the_same_bytes) {
  const Result<Template> text = Template::parse(
      "{{ josa(customer.name, '은/는') }} {{ format_money(event.total, 'KRW') }} {{ event.items.sortBy(i, -i.qty).map(i, i.sku) }} {{ 0.1 + 0.2 }} "
      "{{ event.name.matches('^a+$') }} {{ '%.3f %e'.format([1234.5678, 0.00012]) }}");
  BOOST_REQUIRE(text);
  const Value names = json(R"({"customer": {"name": "이음"}, "event": {"total": "62000.5", "name": "aaa", "items": [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 2}]}})");
  const MapScope first_scope(names);
  const std::string wanted = *text->render(first_scope)->if_string();
  BOOST_TEST(wanted == "이음은 62,001원 [\"B\",\"A\"] 0.30000000000000004 true 1234.568 1.200000e-04");
  std::vector<int> wrong(8, 0);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      const MapScope scope(names);
      for (int i = 0; i < 125; ++i) {
        const Result<Value> value = text->render(scope);
        if (!value || *value->if_string() != wanted) ++wrong[t];
      }
    });
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(std::count(wrong.begin(), wrong.end(), 0) == 8);
}

BOOST_AUTO_TEST_SUITE_END()
