// The rules of CEL one by one, in plain CEL: literals, grammar, errors, operators, conversions, times, macros, names.
// Each line is a rule of the language definition.
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

BOOST_AUTO_TEST_SUITE(specification)

BOOST_AUTO_TEST_CASE(literals_of_text_and_bytes) {
  all_true({"'\\101\\x42\\X43' == 'ABC'", "'\\377' == 'ÿ' && b'\\377'.size() == 1 && b'ÿ' == b'\\xc3\\xbf'",
            "'\\ud83d\\ude00' == '\\U0001F600'", "'\\?\\`\\\"' == '?`\"'", "'\\a\\b\\f\\n\\r\\t\\v'.size() == 7",
            "'''a\n'b''c''' == \"a\\n'b''c\"", "\"\"\"\\\"\"\"\" == '\"'", "r'''\\''' == '\\\\'",
            "R\"\"\"a\\n\"\"\".size() == 3", "bR'\\n' == b'\\\\n' && Rb'' == B''", "'' + \"\" + '''''' == r''",
            "'\\000'.size() == 1 && b'\\0001' == b'\\x001'",
            // A line inside a literal ends with a line feed, however the source ends its lines.
            "'''a\r\nb\rc\n''' == 'a\\nb\\nc\\n'", "r'''a\r\nb''' == 'a\\nb' && b'''\r''' == b'\\n'"});
  all_fail({"'a\nb'", "'a\rb'", "'''a''", "'\\'", "'\\x4'", "'\\u12'", "'\\U0011FFFF'", "'\\ud83d'", "'\\ude00\\ud83d'",
            "'\\ud83dx'", "'\\8'", "'\\08'", "'\\400'", "'\\q'", "b'\\u0041'", "b'\\U00000041'", "rr'a'", "`a`"});
}

BOOST_AUTO_TEST_CASE(literals_of_numbers) {
  all_true({"0xAbC == 2748 && 0Xffu == 255u && -0x10 == -16", "1u == 1U", "-9223372036854775808 < 0",
            "-0x8000000000000000 == -9223372036854775808", "18446744073709551615u > 9223372036854775807",
            "1.5e3 == 1500.0 && 1e+2 == 100.0 && 2E-1 == 0.2 && .5 == 0.5", "1e-400 == 0.0", "math.isInf(1e400)",
            "-0.0 == 0.0", "- - 5 == 5", "1 // one\n + 1 == 2", "1\f+\t1\r\n== 2"});
  all_fail({"9223372036854775808", "-9223372036854775809", "18446744073709551616u", "0x10000000000000000u", "1.", "1e",
            "0x", "1_000", "0b1", "1.5u", "-1u", "1 2", "+1", "1--"});
}

BOOST_AUTO_TEST_CASE(operators_group_as_the_grammar_says) {
  all_true({"2 + 3 * 4 - 6 / 2 == 11", "7 % 4 * 2 == 6", "10 - 4 - 3 == 3", "-2 * -3 == 6", "!false && false == false",
            "1 + 1 == 2 && 3 > 2 || 1 / 0 == 1", "true || false && false", "false ? 1 : true ? 2 == 2 : false",
            "(true ? true : false) ? true : false", "1 in [1] == true", "1 < 2 == true", "!!true && --1 == 1",
            "[[1, 2], [3]][0][1] == 2", "{'a': {'b': [7]}}.a.b[0] == 7", "'a' + 'b' in ['ab']",
            "-{'a': 1}.a == -1 && !{'a': false}.a"});
  all_fail({"true ? true ? 1 : 2 : 3",
            "1 +",
            "(1",
            "[1",
            "{1: 2",
            "{1}",
            "f(1,)",
            "[,]",
            "a..b",
            "a.",
            ".",
            "a.1",
            "!",
            "1 ? 2",
            "a b",
            "1 = 1",
            "1 === 1",
            "a & b",
            "a | b",
            "a ^ b",
            "1 <> 2",
            "true and true",
            ""});
  for (const char* word : {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
                           "package", "namespace", "return", "var", "void", "while", "in"})
    BOOST_TEST(plain(word, Value(Map{{word, Value(1)}})) == "error:bad_expression", word);
  // Reserved words are names behind a point, but for the literals and `in`.
  all_true({"{'if': 1}.if == 1 && {'package': {'as': 2}}.package.as == 2", "a.while() || true"});
  all_fail({"{'in': 1}.in", "{'true': 1}.true", "{'null': 1}.null", "{'false': 1}.false"});
}

BOOST_AUTO_TEST_CASE(errors_are_absorbed_by_and_and_or_alone) {
  all_true({"true || 1 / 0 == 0", "1 / 0 == 0 || true", "!(false && x)", "!(x && false)", "'a' || true", "true || 'a'",
            "!('a' && false)", "!(1 && false)", "false || x || true || y", "!(x && y && false)",
            "(true || x) && (x || true)", "[1, 0].exists(i, 1 / i == 1)", "![0, 1].all(i, 1 / i != 1)",
            "[1, 'a'].exists(i, i == 1)", "true ? true : 1 / 0 == 1", "false ? x : true"});
  all_fail({"false || x",
            "x || false",
            "true && x",
            "'a' || false",
            "'a' && true",
            "1 && 1",
            "'a' || 'b'",
            "x ? true : true",
            "1 / 0 == 0 || false",
            "[1, 0].all(i, 1 / i == 1)",
            "[2, 0].exists(i, 1 / i == 1)",
            "[1, 0].exists_one(i, 1 / i == 1)",
            "[0].map(i, 1 / i)",
            "[0].filter(i, 1 / i == 1)",
            "[1].all(i, i)",
            "[1].exists(i, 'a')",
            "[1].filter(i, i)",
            "[x, 1][1]",
            "{'a': x}.b",
            "size([1 / 0])",
            "!x",
            "-'a'",
            "null ? 1 : 2"});
}

BOOST_AUTO_TEST_CASE(equality_and_order) {
  all_true({"1 == 1u && 1 == 1.0 && 1u == 1.0",
            "1 != 1.5 && 2u != 1",
            "-1 != 18446744073709551615u",
            "9007199254740992.0 == 9007199254740992",
            "0.0 / 0.0 != 0.0 / 0.0",
            "!(0.0 / 0.0 == 0.0 / 0.0)",
            "[0.0 / 0.0] != [0.0 / 0.0]",
            "1 != 'a' && null != 0 && null == null && false != null",
            "b'a' != 'a' && 'a' != b'a'",
            "[1, 2.0] == [1u, 2] && [1] != [1, 1] && [] == []",
            "{'a': 1, 'b': 2} == {'b': 2.0, 'a': 1u} && {1: 1} == {1u: 1} && {'a': 1} != {'b': 1}",
            "{'a': [{'b': 1}]} == {'a': [{'b': 1.0}]}",
            "int == type(1) && int != uint && type(int) == type",
            "optional.of(1) == optional.of(1.0) && optional.none() == optional.none()",
            "optional.of(1) != 1",
            "timestamp(0) != duration('0s')",
            "1 < 2u && 1 < 1.5 && 1u < 2 && 1.5 > 1u && -1 < 0u",
            "9223372036854775807 < 9223372036854775808u",
            "1.0 / 0.0 > 9223372036854775807",
            "!(0.0 / 0.0 < 1.0) && !(0.0 / 0.0 >= 1.0) && !(1 > 0.0 / 0.0)",
            "'a' < 'b' && 'Z' < 'a' && 'z' < 'é'",
            "'\\uffff' < '\\U00010000'",
            "b'\\x01' < b'\\xff' && b'' < b'a'",
            "false < true && false <= false",
            "timestamp(1) > timestamp(0) && duration('1s') >= duration('1000ms')"});
  all_fail({"1 < 'a'", "'a' > b'a'", "null < null", "[] < []", "{} >= {}", "true < 1", "int < uint", "timestamp(0) < 1",
            "duration('1s') < timestamp(0)", "optional.of(1) < optional.of(2)"});
}

BOOST_AUTO_TEST_CASE(arithmetic_overflows_are_errors) {
  all_true({"-7 / 2 == -3 && -7 % 2 == -1 && 7 % -2 == 1", "1.0 / 0.0 == -(-1.0 / 0.0)", "7u / 2u == 3u",
            "1e308 * 10.0 == 1.0 / 0.0", "'a' + 'b' == 'ab' && b'a' + b'\\xff' == b'a\\xff' && [1] + ['a'] == [1, 'a']",
            "timestamp(0) + duration('1s') == duration('1s') + timestamp(0)",
            "timestamp(5) - timestamp(7) == duration('-2s') && timestamp(5) - duration('5s') == timestamp(0)",
            "duration('1m') - duration('61s') == duration('-1s')"});
  all_fail({"9223372036854775807 + 1",
            "-9223372036854775808 - 1",
            "9223372036854775807 * 2",
            "-9223372036854775808 / -1",
            "-9223372036854775808 % -1",
            "-(-9223372036854775808)",
            "0u - 1u",
            "18446744073709551615u + 1u",
            "18446744073709551615u * 2u",
            "1 / 0",
            "1 % 0",
            "1u / 0u",
            "1u % 0u",
            "1.0 % 1.0",
            "1 + 1.0",
            "1 + 1u",
            "1u * 2",
            "'a' + 1",
            "'a' + b'a'",
            "'a' - 'a'",
            "{} + {}",
            "[1] + 1",
            "true + true",
            "null + 1",
            "duration('1s') - timestamp(0)",
            "timestamp(0) + timestamp(0)",
            "-duration('1s')",
            "duration('1s') * 2",
            "'ab' * 2",
            "-null",
            "-1u",
            "timestamp('9999-12-31T23:59:59Z') + duration('1s')",
            "timestamp('0001-01-01T00:00:00Z') - duration('1ns')",
            "duration('9223372036s') + duration('1s')"});
}

BOOST_AUTO_TEST_CASE(conversions) {
  all_true(
      {"int(1.9) == 1 && int(-1.9) == -1 && int('-0') == 0 && int('+7') == 7 && int(7u) == 7",
       "int('-9223372036854775808') < 0 && int(timestamp('1970-01-01T00:01:00.9Z')) == 60",
       "uint(1.9) == 1u && uint('18446744073709551615') > 0u && uint(0) == 0u",
       "double('1.5e3') == 1500.0 && double('-.5') == -0.5 && double('1') == 1.0 && double(' 1' + '' == ' 1' ? '2' : "
       "'3') == 2.0",
       "math.isNaN(double('NaN')) && math.isInf(double('Infinity')) && double('-inf') < 0.0",
       "double(9223372036854775807) == 9223372036854775808.0 && double(1u) == 1.0",
       "string(1) == '1' && string(-1.5) == '-1.5' && string(1u) == '1' && string(true) == 'true'",
       "string(1e30) == '1e+30' && string(1.5e-9) == '1.5e-09' || string(1.5e-9) == '1.5e-9'",
       "string(b'\\xec\\x9d\\xb4') == '이' && bytes('이') == b'\\xec\\x9d\\xb4' && string('a') == 'a'",
       "string(timestamp('2026-03-02T09:00:00.120+09:00')) == '2026-03-02T00:00:00.12Z'",
       "string(duration('1h1m1.5s')) == '3661.5s' && string(duration('-1ns')) == '-0.000000001s'",
       "['1', 't', 'T', 'true', 'TRUE', 'True'].all(s, bool(s))",
       "['0', 'f', 'F', 'false', 'FALSE', 'False'].all(s, !bool(s))",
       "bytes(b'a') == b'a' && bool(true)",
       "duration(duration('1s')) == duration('1s') && timestamp('1970-01-01T00:00:00Z') == timestamp(0)",
       "dyn(1) == 1 && type(dyn('a')) == string",
       "type(1) == int && type(1u) == uint && type(1.0) == double",
       "type([]) == list && type({}) == map && type(null) == null_type && type(b'') == bytes && type(true) == bool",
       "type(optional.of(1)) == optional_type && type(duration('1s')) == google.protobuf.Duration",
       "size('이음') == 2 && '😀'.size() == 1 && size(b'이') == 3 && [1].size() == 1 && size({1: 1}) == 1"});
  all_fail({"int('')",
            "int(' 1')",
            "int('1.0')",
            "int('0x1')",
            "int(9223372036854775808u)",
            "int(9223372036854775808.0)",
            "int(0.0 / 0.0)",
            "int(1.0 / 0.0)",
            "int(true)",
            "int(null)",
            "int(duration('1s'))",
            "uint(-1)",
            "uint(-0.5 - 0.5)",
            "uint('+1')",
            "uint('-0x')",
            "uint(18446744073709551616.0)",
            "double('')",
            "double('1.5.5')",
            "double('0x1')",
            "double(true)",
            "string(null)",
            "string([])",
            "string({})",
            "string(int)",
            "string(b'\\xff')",
            "bytes(1)",
            "bool('tRUE')",
            "bool('yes')",
            "bool(1)",
            "timestamp(1.5)",
            "timestamp('0')",
            "duration(1)",
            "size(1)",
            "size(null)",
            "type()",
            "int(1, 2)"});
}

BOOST_AUTO_TEST_CASE(times) {
  all_true(
      {"timestamp('2024-02-29T23:59:59.999999999Z').getSeconds() == 59", "timestamp(253402300799).getMonth() == 11",
       "timestamp(-62135596800).getFullYear() == 1", "timestamp('2026-03-02T09:00:00-08:00').getHours() == 17",
       "timestamp('2026-03-02T23:00:00Z').getDate('+02:00') == 3", "timestamp(0).getHours('02:00') == 2",
       "timestamp(0).getHours('-08:00') == 16 && timestamp(0).getDayOfMonth('-08:00') == 30",
       "timestamp(0).getDayOfWeek('-08:00') == 3 && timestamp(0).getDayOfYear('-08:00') == 364",
       "timestamp(0).getFullYear('America/Los_Angeles') == 1969 && timestamp(0).getMonth('US/Pacific') == 11",
       "timestamp('2026-07-01T00:00:00Z').getHours('Europe/Berlin') == 2",
       "timestamp('2026-03-02T00:00:00.9876Z').getMilliseconds('Asia/Seoul') == 987",
       "timestamp('2026-03-02T00:00:00Z').getMinutes('Asia/Kolkata') == 30", "timestamp(0).getHours('UTC') == 0",
       "duration('1h').getHours() == 1 && duration('1h').getMinutes() == 60 && duration('1h').getSeconds() == 3600",
       "duration('-1.5s').getMilliseconds() == -500 && duration('90m').getHours() == 1",
       "duration('1h30m') == duration('5400s') && duration('1.5h') == duration('90m')",
       "duration('1ms') == duration('1000us') && duration('1us') == duration('1000ns')",
       "duration('0') == duration('0s')",
       "duration('+1s') == duration('1s') && duration('-1m') + duration('1m') == duration('0s')"});
  all_fail({"timestamp('2026-02-29T00:00:00Z')",
            "timestamp('2026-13-01T00:00:00Z')",
            "timestamp('2026-01-01 00:00:00Z')",
            "timestamp('2026-01-01T00:00:00')",
            "timestamp('2026-01-01T24:00:00Z')",
            "timestamp(253402300800)",
            "timestamp(-62135596801)",
            "timestamp('0000-01-01T00:00:00Z')",
            "timestamp('10000-01-01T00:00:00Z')",
            "timestamp('0001-01-01T00:00:00+00:01')",
            "timestamp(0).getHours('Nowhere/City')",
            "timestamp(0).getHours('+25:00')",
            "timestamp(0).getHours(9)",
            "duration('1h').getHours('UTC')",
            "duration('1s').getDate()",
            "'a'.getHours()",
            "duration('1')",
            "duration('1d')",
            "duration('1 s')",
            "duration('9223372037s')",
            "duration('h')",
            "timestamp(0).getYear()"});
}

BOOST_AUTO_TEST_CASE(maps_and_lists) {
  all_true({"{true: 1, 1: 2, 'a': 3}[true] == 1", "{1: 'a'}[1u] == 'a' && {1u: 'a'}[1] == 'a' && {1: 'a'}[1.0] == 'a'",
            "[7][0u] == 7 && [7][0.0] == 7", "1 in [1.0] && 1.0 in {1: 0} && !(1.5 in {1: 0}) && !('a' in {})",
            "!(null in [1]) && null in [null] && !([] in {'a': 1})", "'a' in {'a': null} && has({'a': null}.a)",
            "!has({}.a) && has({'a': {'b': 1}}.a.b)", "{'a-b': 1}.`a-b` == 1 && has({'/x.y': 1}.`/x.y`)",
            "[1, 2,] == [1, 2] && {'a': 1,}.a == 1", "[[]][0] == [] && {}.size() == 0"});
  all_fail({"{'a': 1, 'a': 1}", "{1: 1, 1u: 1}", "{0: 1, 0u: 2}[0.0]",
            "{1.0: 1}",         "{null: 1}",     "{[]: 1}",
            "{b'a': 1}",        "{1: 1}[2]",     "{1: 1}[1.5]",
            "{1: 1}[null]",     "{1: 1}[b'']",   "[1][1]",
            "[1][-1]",          "[1][0.1]",      "[1]['0']",
            "[1][true]",        "1[0]",          "'abc'[0]",
            "null.a",           "[1].a",         "1.a",
            "has({}.a.b)",      "has([1].a)",    "has({})",
            "has(1)",           "1 in 1",        "'a' in 'abc'",
            "1 in null"});
}

BOOST_AUTO_TEST_CASE(macros) {
  all_true(
      {"[].all(x, false) && ![].exists(x, true) && ![].exists_one(x, true) && [].all(x, 1)",
       "[1, 2, 3].exists_one(x, x > 2) && ![1, 2, 3].exists_one(x, x > 1)",
       "{'a': 1, 'b': 2}.all(k, k < 'c') && {'a': 1}.exists(k, k == 'a') && {'a': 1, 'b': 1}.exists_one(k, k == 'a')",
       "[1, 2, 3].map(x, x * 2) == [2, 4, 6] && [1, 2, 3].map(x, x > 1, x) == [2, 3]",
       "{'a': 1}.map(k, k) == ['a'] && {'a': 1, 'b': 2}.filter(k, k != 'a') == ['b']",
       "[1].map(x, [2].map(x, x + 1)) == [[3]] && [[1], [2]].map(x, x.map(y, y + x[0])) == [[2], [4]]",
       "[1, 2].map(x, [x].map(x, x + 1)[0] + x) == [3, 5]",
       "[5, 6].all(i, v, v == i + 5) && [5].exists(i, v, i == 0 && v == 5) && [5, 6].existsOne(i, v, i == 1)",
       "[5].exists_one(i, v, true) && {'a': 1}.all(k, v, k == 'a' && v == 1)",
       "[1, 2, 3].transformList(i, v, v % 2 == 1, v + i) == [1, 5] && {'a': 1}.transformList(k, v, v) == [1]",
       "{'a': 1, 'b': 2}.transformMap(k, v, k != 'a', v * 10) == {'b': 20} && [7].transformMap(i, v, v) == {0: 7}",
       "{'a': 'b'}.transformMapEntry(k, v, {v: k}) == {'b': 'a'} && [1, 2].transformMapEntry(i, v, v > 1, {v: i}) == "
       "{2: 1}",
       "cel.bind(a, 2, a * a) == 4 && cel.bind(a, 1, cel.bind(b, a + 1, a + b)) == 3",
       "cel.bind(a, 1, cel.bind(a, a + 1, a)) == 2 && cel.bind(a, [1, 2], [2, 3].exists(e, e in a))"});
  all_fail({"[1].all(1, true)",
            "[1].all(x.y, true)",
            "[1].all('x', true)",
            "[1].map(x)",
            "[1].map(x, 1, 2, 3)",
            "[1].all(x, x, true)",
            "1.all(x, true)",
            "'ab'.map(x, x)",
            "null.exists(x, true)",
            "has(a)",
            "has('a')",
            "has({}['a'])",
            "has(f(1))",
            "has(a.b, c)",
            "cel.bind('a', 1, a)",
            "cel.bind(a.b, 1, a)",
            "cel.bind(a, 1)",
            "{'a': 1, 'b': 1}.transformMapEntry(k, v, {v: k})",
            "[1].transformMapEntry(i, v, v)",
            "[1].map(x, y)",
            "[1].map(x, x) == x",
            "[1].filter(x, 1)"});
}

BOOST_AUTO_TEST_CASE(names_and_containers) {
  const Value names(Map{{"x", Value(1)},
                        {"com.x", Value(2)},
                        {"com.example.x", Value(3)},
                        {"com.example.y.z", Value(4)},
                        {"m", json(R"({"n": {"o": 5}})")},
                        {"m.n", json(R"({"o": 6})")},
                        {"m.n.p", Value(7)}});
  const auto is = [&](const char* source, const char* container, int wanted) {
    BOOST_TEST(plain(source, names, container) == "{\"int\":\"" + std::to_string(wanted) + "\"}", source << container);
  };
  is("x", "com.example", 3);
  is("x", "com.other", 2);
  is("x", "org", 1);
  is(".x", "com.example", 1);
  is(".com.x", "com.example", 2);
  is("example.x", "com", 3);
  is("y.z", "com.example", 4);
  is("m.n.o", "", 6);
  is("m.n.p", "", 7);
  is("(m).n.o", "", 5);
  is("cel.bind(x, 9, x)", "com.example", 9);
  is("cel.bind(x, 9, .x)", "com.example", 1);
  is("cel.bind(m, {'n': {'o': 8}}, m.n.o)", "", 8);
  is("[{'z': 8}].map(y, y.z)[0]", "com.example", 8);
  BOOST_TEST(plain("nobody", names) == "error:unknown_name");
  BOOST_TEST(plain("m.q", names) == "error:no_such_field");
  BOOST_TEST(plain("x.y", names, "org") == "error:no_such_overload");
  BOOST_TEST(plain("int == type(x) && .int == int", names) == R"({"bool":true})");
}

BOOST_AUTO_TEST_CASE(what_the_grammar_promises_of_sizes) {
  std::string nested = "7", list = "1", sum = "1", either = "false", select = "{'a': ", chain;
  for (int i = 0; i < 40; ++i) {
    nested = "(" + nested + ")";
    list += ", 1";
    sum += " + 1";
    either += " || false";
  }
  for (int i = 0; i < 33; ++i) chain += ".a";
  std::string deep = "1";
  for (int i = 0; i < 33; ++i) deep = "{'a': " + deep + "}";
  std::string conditional;
  for (int i = 0; i < 33; ++i) conditional += "false ? 1 : ";
  BOOST_TEST(plain(nested) == R"({"int":"7"})");
  BOOST_TEST(plain("size([" + list + "])") == R"({"int":"41"})");
  BOOST_TEST(plain("math.greatest(" + list + ")") == R"({"int":"1"})");
  BOOST_TEST(plain(sum) == R"({"int":"41"})");
  BOOST_TEST(plain(either) == R"({"bool":false})");
  BOOST_TEST(plain(deep + chain) == R"({"int":"1"})");
  BOOST_TEST(plain(conditional + "2") == R"({"int":"2"})");
}

BOOST_AUTO_TEST_SUITE_END()
