// Numbers keep their digits: what a shop sent as JSON comes out of expressions and templates, and as JSON again, as the
// same number. A float in between would lose order ids and cents.
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

namespace {

// {"v": <json>} through the template, as JSON.
std::string through(const char* text, const char* number) {
  const Result<Value> value = render(text, json("{\"v\": " + std::string(number) + "}"));
  return value ? write_json(*value) : "error:" + value.error().code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(numbers)

BOOST_AUTO_TEST_CASE(EXP_07_a_number_passes_through_unchanged) {
  for (const char* number :
       {"12345678901234567890", "123456789012345678901234567890", "9007199254740993", "-1", "0", "62000.0", "62000.00",
        "19.99", "0.1", "1.10", "-0.05", "\"62000\"", "\"007\"", "\"1e5\"", "18446744073709551615",
        "18446744073709551616", "9223372036854775808", "0.30000000000000000000000000000004"}) {
    BOOST_TEST(through("{{ v }}", number) == number);
    const std::string bare = number[0] == '"' ? std::string(number).substr(1, std::string(number).size() - 2) : number;
    BOOST_TEST(through("#{{ v }}", number) == "\"#" + bare + "\"");
    BOOST_TEST(through("{{ {'a': [v]}.a[0] }}", number) == number);
    BOOST_TEST(through("{{ [v].map(x, x).filter(x, true)[0] }}", number) == number);
    BOOST_TEST(through("{{ v | or(0) }}", number) == number);
    BOOST_TEST(through("{{ optional.of(v).orValue(0) }}", number) == number);
    BOOST_TEST(through("{{ cel.bind(x, v, x) }}", number) == number);
    BOOST_TEST(through("{{ string(v) }}", number) == "\"" + bare + "\"");
    BOOST_TEST(through("{{ json([v]) }}", number) ==
               (number[0] == '"' ? "\"[\\\"" + bare + "\\\"]\"" : "\"[" + bare + "]\""));
    BOOST_TEST(through("{{ [v, v].join(',') }}", number).starts_with(number[0] == '"' ? "\"" + bare + "," : "error:"));
    BOOST_TEST(through("{{ '%s'.format([v]) }}", number) == "\"" + bare + "\"");
  }
}

BOOST_AUTO_TEST_CASE(decimals_calculate_as_people_do) {
  const std::pair<const char*, const char*> cases[] = {{"dec('0.1') + dec('0.2')", "0.3"},
                                                       {"dec(0.1) + dec(0.2)", "0.3"},
                                                       {"dec('19.99') * 3", "59.97"},
                                                       {"dec('62000.0') + 0", "62000.0"},
                                                       {"dec('12345678901234567890') + 1", "12345678901234567891"},
                                                       {"dec('62000') * dec('0.1')", "6200.0"},
                                                       {"dec('1') / 4", "0.25"},
                                                       {"dec('10') - dec('0.01')", "9.99"},
                                                       {"round(dec('19.99') * dec('1.1'), 0)", "22"},
                                                       {"round('2.5')", "3"},
                                                       {"round('-2.5')", "-3"}};
  for (const auto& [source, wanted] : cases) {
    const Result<Value> value = run(source);
    BOOST_REQUIRE_MESSAGE(value, source);
    BOOST_TEST(write_json(*value) == wanted, source);
  }
}

BOOST_AUTO_TEST_CASE(ids_compare_by_every_digit) {
  const Value names = json(R"({"a": 12345678901234567890, "b": 12345678901234567891, "text": "12345678901234567890"})");
  for (const char* source : {"a != b", "a < b", "string(a) == text", "dec(text) == a", "a in [b, a]",
                             "dec(b) - 1 == dec(a)", "{string(a): 1}[text] == 1"})
    BOOST_TEST(show(source, names) == R"({"bool":true})", source);
  const Value huge = json(R"({"a": 123456789012345678901234567890, "b": 123456789012345678901234567891})");
  for (const char* source : {"a != b", "b > a", "[b, a].sort()[0] == a", "math.greatest(a, b) == b"})
    BOOST_TEST(show(source, huge) == R"({"bool":true})", source);
}

BOOST_AUTO_TEST_SUITE_END()
