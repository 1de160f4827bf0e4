// Plain CEL beyond the published cases: containers, shadowing, conversions, formats, text positions.
#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

BOOST_AUTO_TEST_SUITE(plain_cel)

BOOST_AUTO_TEST_CASE(all_of_these_are_true) {
  const char* const sources[] = {"{1: 1.0, 2u: 2} == {1u: 1, 2: 2.0}",
                                 "3.0 in {1: 1, 2: 2, 3u: 3}",
                                 "!(1.5 in {1: 1})",
                                 "[1, 'foo', 3] != [1, 2, 3]",
                                 "[[1]] == [[1.0]]",
                                 "{'a': [1]} == {'a': [1u]}",
                                 "int(11.5) == 11 && int(-11.5) == -11",
                                 "int('+5') == 5",
                                 "double('1e3') == 1000.0",
                                 "string(1u) == '1' && string(true) == 'true'",
                                 "bool('TRUE') && !bool('0')",
                                 "string(timestamp('2009-02-13T23:31:30.5+01:00')) == '2009-02-13T22:31:30.5Z'",
                                 "string(duration('-1.5s')) == '-1.5s'",
                                 "duration('1h1m1s1ms1us1ns') == duration('3661.001001001s')",
                                 "type(timestamp(0)) == google.protobuf.Timestamp",
                                 "type(duration('1s')) == google.protobuf.Duration",
                                 "type(type(1)) == type",
                                 "type(null) == null_type",
                                 "type(b'') == bytes",
                                 "timestamp('2009-02-13T23:31:20.123456789Z').getMilliseconds() == 123",
                                 "timestamp('2009-02-13T23:31:30Z').getDayOfYear() == 43",
                                 "timestamp(0).getDayOfWeek() == 4",
                                 "timestamp('2024-12-31T00:00:00Z').getDayOfYear() == 365",
                                 "timestamp('1969-12-31T23:59:59Z').getHours('+01:00') == 0",
                                 "duration('-90s').getMinutes() == -1",
                                 "timestamp('0001-01-01T00:00:00Z').getFullYear('-01:00') == 0",
                                 "'tacocat'.indexOf('') == 0",
                                 "'tacocat'.indexOf('a', 3) == 5",
                                 "'tacocat'.lastIndexOf('') == 7",
                                 "'tacocat'.indexOf('a', 30) == -1",
                                 "'tacocat'.lastIndexOf('a', 3) == 1",
                                 "'bananananana'.lastIndexOf('nana') == 8",
                                 "'hello'.charAt(5) == ''",
                                 "'a,b,c'.split(',', 2) == ['a', 'b,c']",
                                 "'가나다'.split('') == ['가', '나', '다']",
                                 "''.split(',') == ['']",
                                 "''.split('') == []",
                                 "'ab'.replace('', '-') == '-a-b-'",
                                 "'aaa'.replace('a', 'b', 2) == 'bba'",
                                 "[].join(',') == ''",
                                 "'%d%% %s %s'.format([1u, [1, 'a'], {'k': null}]) == '1% [1, a] {k: null}'",
                                 "'%x %X %o %b'.format([-30, 30, 8, true]) == '-1e 1E 10 1'",
                                 "'%.2e'.format([1234.5]) == '1.23e+03'",
                                 "'%s %s'.format([true, type(1)]) == 'true int'",
                                 "base64.encode(base64.decode('aGVsbG8=')) == 'aGVsbG8='",
                                 "math.sqrt(49) == 7.0",
                                 "math.sign(-1.5) == -1.0",
                                 "math.round(-1.5) == -2.0",
                                 "math.bitXor(5, 3) == 6",
                                 "math.bitNot(1u) == 18446744073709551614u",
                                 "math.trunc(-1.9) == -1.0",
                                 "[1, 2, 3].transformList(i, v, i > 0, v * 2) == [4, 6]",
                                 "{'a': 1}.transformMap(k, v, v > 1, v) == {}",
                                 "{'a': 1}.all(k, k == 'a')",
                                 "{'a': 1, 'b': 2}.filter(k, k > 'a') == ['b']",
                                 "[3, 1, 2].map(x, x > 1, x * 2) == [6, 4]",
                                 "!has({'a': 1}.b)",
                                 "optional.of(1).or(optional.none()).value() == 1",
                                 "optional.none().optFlatMap(x, optional.of(x)) == optional.none()",
                                 "true ? true : 1 / 0 == 0",
                                 "false || !false && true",
                                 "1 + 2 * 3 - 4 / 2 % 3 == 5",
                                 "-(-9223372036854775807) == 9223372036854775807",
                                 "- 5 == -5",
                                 "--5 == 5 && !!true",
                                 "0xFF == 255 && 0xFFu == 255u",
                                 ".5 + 1e-1 == 0.6",
                                 "// comment\n1 == 1 // end",
                                 "b'\\x41' == b'A' && '\\x41' == 'A'",
                                 "r'\\n' == '\\\\n'",
                                 "rb'\\x' == b'\\\\x'",
                                 "'''a'b''' == \"a'b\"",
                                 "'\\u00e9' == '\xC3\xA9' && '\\U0001F600'.size() == 1",
                                 "[1, 2,] == [1, 2] && {'a': 1,} == {'a': 1}",
                                 "timestamp('2009-02-13T23:31:30Z').getMinutes('Asia/Kathmandu') == 16"};
  for (const char* source : sources)
    BOOST_TEST(plain(source) == R"({"bool":true})", source << " gave " << plain(source));
}

BOOST_AUTO_TEST_CASE(all_of_these_are_errors) {
  for (const char* source : {"'a' 'b'",
                             "b'\\u0041'",
                             "[1][0.5]",
                             "[1][-1]",
                             "{1: 2, 1u: 3}",
                             "{1.0: 2}",
                             "{[1]: 2}",
                             "{'a': 1}.b",
                             "1 / 0 == 1 || false",
                             "'a' + 1",
                             "1 + 1u",
                             "1.0 + 1",
                             "[1] + 1",
                             "null + null",
                             "'a' < 1",
                             "[1] < [2]",
                             "type(1) < type(2)",
                             "!1",
                             "-'a'",
                             "-1u",
                             "1 ? 2 : 3",
                             "'a'.all(x, true)",
                             "[1, 2].exists_one(x, 1 / (x - 1) > 0)",
                             "int('x')",
                             "int('')",
                             "int('1.5')",
                             "int('9223372036854775808')",
                             "uint('-1')",
                             "double('x')",
                             "double('0x10')",
                             "bool('yes')",
                             "string(b'\\xff')",
                             "timestamp('x')",
                             "duration('x')",
                             "duration('1d')",
                             "bytes(1)",
                             "size(1)",
                             "'a'.charAt(2)",
                             "'a'.substring(1, 0)",
                             "'%'.format([1])",
                             "'%q'.format([1])",
                             "'%s %s'.format([1])",
                             "'%.2d'.format([1])",
                             "'%x'.format([1.5])",
                             "'%d'.format(['a'])",
                             "'%f'.format(['a'])",
                             "'a'.matches('(')",
                             "base64.decode('*')",
                             "math.greatest()",
                             "math.greatest('a')",
                             "math.greatest([])",
                             "optional.of(1).?a",
                             "optional.none().value()",
                             "a.b",
                             "f()",
                             "x.f()",
                             "timestamp('2026-01-01T00:00:00Z').getHours('Mars/Base')",
                             "timestamp('2026-01-01T00:00:00Z').getHours('+24:00')",
                             "duration('1s').getFullYear()",
                             "in",
                             "a.in",
                             "for",
                             "'\\400'",
                             "'\\ud800'"})
    BOOST_TEST(plain(source).starts_with("error:"), source << " gave " << plain(source));
}

BOOST_AUTO_TEST_CASE(names_are_found_through_the_container) {
  const Value names(Map{{"a.b.x", Value(1)},
                        {"a.x", Value(2)},
                        {"x", Value(3)},
                        {"y.z", Value(4)},
                        {"a.y", json(R"({"z": 5})")},
                        {"w", json(R"({"v": 6})")}});
  BOOST_TEST(plain("x", names, "a.b") == R"({"int":"1"})");
  BOOST_TEST(plain("x", names, "a.c") == R"({"int":"2"})");
  BOOST_TEST(plain(".x", names, "a.b") == R"({"int":"3"})");
  BOOST_TEST(plain("x", names) == R"({"int":"3"})");
  BOOST_TEST(plain("y.z", names, "a") == R"({"int":"4"})");
  BOOST_TEST(plain("a.y.z", names) == R"({"int":"5"})");
  BOOST_TEST(plain("w.v", names, "a.b") == R"({"int":"6"})");
  BOOST_TEST(plain("[7].map(x, x)[0]", names, "a.b") == R"({"int":"7"})");
  BOOST_TEST(plain("[7].map(x, .x)[0]", names, "a.b") == R"({"int":"3"})");
  BOOST_TEST(plain("has(w.v) && !has(w.q)", names) == R"({"bool":true})");
}

BOOST_AUTO_TEST_SUITE_END()
