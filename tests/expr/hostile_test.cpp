// Hostile and random sources: escape payloads of other languages, the whole callable surface, nonsense, many threads.
#include <time.h>

#include <algorithm>
#include <fstream>
#include <locale>
#include <numeric>
#include <set>
#include <sstream>
#include <thread>

#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(EXP_01_escape_payloads_are_errors_or_plain_text) {
  // Public payloads against template and expression languages of other products, one a line.
  std::ifstream file(std::string(IEUM_SOURCE_DIR) + "/tests/data/expr/escape_payloads.txt");
  std::vector<std::string> payloads;
  for (std::string line; std::getline(file, line);) payloads.push_back(line);
  BOOST_REQUIRE(std::set<std::string>(payloads.begin(), payloads.end()).size() >= 200u);
  const Value names(Map{{"x", json(R"({"a": 1})")}, {"y", Value("text")}, {"z", Value(List{})}, {"s", Value(1)}});
  const MapScope scope(names);
  const auto is_plain = [](const auto& self, const Value& value) -> bool {
    if (value.if_type() || value.if_optional()) return false;
    if (const List* list = value.if_list())
      return std::all_of(list->begin(), list->end(), [&](const Value& v) { return self(self, v); });
    if (const Map* map = value.if_map())
      return std::all_of(map->begin(), map->end(),
                         [&](const Map::Entry& e) { return self(self, e.first) && self(self, e.second); });
    return true;
  };
  for (const std::string& payload : payloads) {
    const Result<Expression> expression = Expression::parse(payload);
    if (expression) {
      const Result<Value> value = expression->evaluate(scope);
      BOOST_TEST((!value || is_plain(is_plain, *value)), payload);
    }
    // As an author's hole it renders to plain text, or fails.
    const Result<Value> hole = render("<{{" + payload + "}}>", names);
    BOOST_TEST((!hole || is_plain(is_plain, *hole)), payload);
    // As a value from outside it is text and nothing else.
    const Result<Value> rendered = render("<{{ v }}>", Value(Map{{"v", Value(payload)}}));
    BOOST_REQUIRE(rendered);
    BOOST_TEST(*rendered->if_string() == "<" + payload + ">");
  }
}

BOOST_AUTO_TEST_CASE(EXP_01_nothing_but_the_listed_functions_can_be_called) {
  // The whole surface, by name: a new function is a decision that shows up here.
  const std::set<std::string> wanted = {"all",
                                        "base64.decode",
                                        "base64.encode",
                                        "bool",
                                        "bytes",
                                        "cel.bind",
                                        "charAt",
                                        "contains",
                                        "dec",
                                        "distinct",
                                        "double",
                                        "duration",
                                        "dyn",
                                        "e164",
                                        "endsWith",
                                        "exists",
                                        "existsOne",
                                        "exists_one",
                                        "filter",
                                        "first",
                                        "flatten",
                                        "format",
                                        "format_date",
                                        "format_money",
                                        "format_number",
                                        "getDate",
                                        "getDayOfMonth",
                                        "getDayOfWeek",
                                        "getDayOfYear",
                                        "getFullYear",
                                        "getHours",
                                        "getMilliseconds",
                                        "getMinutes",
                                        "getMonth",
                                        "getSeconds",
                                        "has",
                                        "hasValue",
                                        "indexOf",
                                        "int",
                                        "josa",
                                        "join",
                                        "json",
                                        "last",
                                        "lastIndexOf",
                                        "lines",
                                        "lists.range",
                                        "lowerAscii",
                                        "map",
                                        "mask",
                                        "matches",
                                        "math.abs",
                                        "math.bitAnd",
                                        "math.bitNot",
                                        "math.bitOr",
                                        "math.bitShiftLeft",
                                        "math.bitShiftRight",
                                        "math.bitXor",
                                        "math.ceil",
                                        "math.floor",
                                        "math.greatest",
                                        "math.isFinite",
                                        "math.isInf",
                                        "math.isNaN",
                                        "math.least",
                                        "math.round",
                                        "math.sign",
                                        "math.sqrt",
                                        "math.trunc",
                                        "optFlatMap",
                                        "optMap",
                                        "optional.none",
                                        "optional.of",
                                        "optional.ofNonZeroValue",
                                        "optional.unwrap",
                                        "or",
                                        "orValue",
                                        "or_blank",
                                        "regex.extract",
                                        "regex.extractAll",
                                        "regex.replace",
                                        "replace",
                                        "reverse",
                                        "round",
                                        "sets.contains",
                                        "sets.equivalent",
                                        "sets.intersects",
                                        "sha256",
                                        "size",
                                        "slice",
                                        "slug",
                                        "sort",
                                        "sortBy",
                                        "split",
                                        "startsWith",
                                        "string",
                                        "strings.quote",
                                        "substring",
                                        "timestamp",
                                        "transformList",
                                        "transformMap",
                                        "transformMapEntry",
                                        "trim",
                                        "type",
                                        "uint",
                                        "unwrapOpt",
                                        "upperAscii",
                                        "url_encode",
                                        "value"};
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
  const char* const pieces[] = {"x",
                                "y",
                                ".a",
                                "[0]",
                                "[?'k']",
                                ".?b",
                                "(",
                                ")",
                                "[",
                                "]",
                                "{",
                                "}",
                                ",",
                                ":",
                                "?",
                                " ? 1 : 2",
                                " + ",
                                " - ",
                                " * ",
                                " / ",
                                " % ",
                                "-",
                                "!",
                                " == ",
                                " != ",
                                " < ",
                                " >= ",
                                " in ",
                                " && ",
                                " || ",
                                " | or(",
                                " | size",
                                "1",
                                "0",
                                "2.5",
                                "3u",
                                "9223372036854775807",
                                "''",
                                "'이음'",
                                "b'\\xff'",
                                "true",
                                "null",
                                ".map(i, ",
                                ".filter(j, ",
                                ".all(k, ",
                                ".exists(i, j, ",
                                "i",
                                "j",
                                "dec('1.5')",
                                "timestamp(0)",
                                "duration('1h')",
                                ".size()",
                                ".split('')",
                                ".join()",
                                ".substring(1)",
                                ".format([",
                                "has(x.a)",
                                "cel.bind(t, ",
                                "t",
                                "optional.of(",
                                ".orValue(",
                                "type(",
                                "string(",
                                "int(",
                                "double(",
                                ".matches('a*')",
                                "{'a': ",
                                "lists.range(3)",
                                ".sort()",
                                ".flatten()",
                                "math.greatest(",
                                "json(",
                                "'{{'",
                                "}}",
                                "//",
                                "\n",
                                "`q`",
                                "\"\"\"",
                                "r'\\'",
                                "e164(",
                                "josa(",
                                "mask("};
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

// A land where numbers are written 1.234,5 and true is wahr.
class Elsewhere final : public std::numpunct<char> {
  [[nodiscard]] char do_decimal_point() const override { return ','; }
  [[nodiscard]] char do_thousands_sep() const override { return '.'; }
  [[nodiscard]] std::string do_grouping() const override { return "\3"; }
  [[nodiscard]] std::string do_truename() const override { return "wahr"; }
};

BOOST_AUTO_TEST_CASE(EXP_06_eight_threads_another_locale_and_another_zone_give_the_same_bytes) {
  const Result<Template> text = Template::parse(
      "{{ josa(customer.name, '은/는') }} {{ format_money(event.total, 'KRW') }} {{ event.items.sortBy(i, "
      "-i.qty).map(i, i.sku) }} {{ 0.1 + 0.2 }} {{ format_number(event.total) }} {{ double(event.total) * 1000.0 }} "
      "{{ event.name.matches('^a+$') }} {{ '%.3f %e'.format([1234.5678, 0.00012]) }} {{ {'ㄴ': 1, 'b': 2, 'a': 1.5} }} "
      "{{ 'ÄI'.lowerAscii() }} {{ timestamp('2026-03-02T23:30:00+09:00').getDate() }} "
      "{{ format_date(timestamp('2026-03-02T23:30:00Z'), 'yyyy-MM-dd HH:mm', 'Asia/Seoul') }}");
  BOOST_REQUIRE(text);
  const Value names = json(
      R"({"customer": {"name": "이음"}, "event": {"total": "62000.5", "name": "aaa", "items": [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 2}]}})");
  const std::unique_ptr<ZoneSource> zones = system_zones();
  const std::string wanted =
      "이음은 62,001원 [\"B\",\"A\"] 0.30000000000000004 62,000.5 62000500 true 1234.568 1.200000e-04 "
      "{\"ㄴ\":1,\"b\":2,\"a\":1.5} Äi 2 2026-03-03 08:30";
  const auto wrong_of_a_thousand = [&] {
    std::vector<int> wrong(8, 0);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t)
      threads.emplace_back([&, t] {
        const MapScope scope(names);
        for (int i = 0; i < 125; ++i) {
          const Result<Value> value = text->render(scope, {.zones = zones.get()});
          if (!value || *value->if_string() != wanted) ++wrong[t];
        }
      });
    for (std::thread& thread : threads) thread.join();
    return std::accumulate(wrong.begin(), wrong.end(), 0);
  };
  const MapScope scope(names);
  BOOST_TEST(*text->render(scope, {.zones = zones.get()})->if_string() == wanted);
  BOOST_TEST(wrong_of_a_thousand() == 0);
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Elsewhere));
  setenv("TZ", "America/St_Johns", 1);
  tzset();
  BOOST_TEST((std::ostringstream() << std::boolalpha << 1234.5 << true).str() == "1.234,5wahr");  // it has taken hold
  BOOST_TEST(wrong_of_a_thousand() == 0);
  std::locale::global(before);
  unsetenv("TZ");
  tzset();
}

BOOST_AUTO_TEST_SUITE_END()
