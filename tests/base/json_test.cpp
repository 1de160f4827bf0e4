// The JSON reader refuses what is not strict JSON and keeps digits; the writer's text reads back as the same Value.
#include "base/json.hpp"

#include <pthread.h>
#include <time.h>

#include <bit>
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/encoding.hpp"
#include "base/random.hpp"

using namespace ieum;

namespace {

std::string rewritten(std::string_view text) {
  const auto value = parse_json(text);
  return value ? write_json(*value) : value.error().text();
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

// Runs it on a thread whose stack is 256 KiB (sanitizers need more for themselves).
void on_a_small_stack(void (*act)()) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t kStackBytes = 2u << 20;
#else
  constexpr std::size_t kStackBytes = 256u << 10;
#endif
  pthread_attr_t attributes;
  BOOST_REQUIRE(pthread_attr_init(&attributes) == 0);
  BOOST_REQUIRE(pthread_attr_setstacksize(&attributes, kStackBytes) == 0);
  const auto run = [](void* given) -> void* {
    reinterpret_cast<void (*)()>(given)();
    return nullptr;
  };
  pthread_t thread{};
  BOOST_REQUIRE(pthread_create(&thread, &attributes, run, reinterpret_cast<void*>(act)) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

template <class Act>
std::int64_t cpu_time_of(Act act) {
  const auto now = [] {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return at.tv_sec * 1'000'000'000 + at.tv_nsec;
  };
  const std::int64_t begin = now();
  act();
  return now() - begin;
}

// The hash of libstdc++ mixes eight bytes at a time and each step can be undone: whatever the first eight are, the next are chosen so
// that the sums meet. Kept are those that JSON takes as they are.
std::vector<std::string> keys_of_one_hash(std::size_t count) {
  constexpr std::uint64_t kFactor = 0xc6a4a7935bd1e995u;
  const std::uint64_t inverse = [] {
    std::uint64_t x = kFactor;  // Newton: each round doubles the bits that are right
    for (int i = 0; i < 6; ++i) x *= 2 - kFactor * x;
    return x;
  }();
  const auto shifted = [](std::uint64_t x) { return x ^ (x >> 47); };
  const std::uint64_t start = 0xc70f6907u ^ (16 * kFactor);
  const auto text = [](std::uint64_t block) { return std::string(reinterpret_cast<const char*>(&block), 8); };
  std::vector<std::string> keys;
  for (std::uint64_t n = 0; keys.size() < count; ++n) {
    std::uint64_t first = 0;
    for (std::uint64_t i = 0, rest = n; i < 8; ++i, rest /= 26) first |= ('a' + rest % 26) << (8 * i);
    const std::uint64_t sum = (start ^ (shifted(first * kFactor) * kFactor)) * kFactor;
    const std::string second = text(shifted((sum ^ 0x1234567890abcdefu) * inverse) * inverse);
    const bool plain = std::all_of(second.begin(), second.end(),
                                   [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    if (plain) keys.push_back(text(first) + second);
  }
  return keys;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(integers_become_the_narrowest_kind) {
  BOOST_TEST(*parse_json("0")->if_int() == 0);
  BOOST_TEST(*parse_json("-0")->if_int() == 0);
  BOOST_TEST(*parse_json("-9223372036854775808")->if_int() == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(*parse_json("9223372036854775807")->if_int() == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(*parse_json("9223372036854775808")->if_uint() == 9223372036854775808u);
  BOOST_TEST(*parse_json("18446744073709551615")->if_uint() == 18446744073709551615u);
  BOOST_TEST(parse_json("18446744073709551616")->if_decimal()->digits == "18446744073709551616");
  BOOST_TEST(parse_json("-9223372036854775809")->if_decimal()->digits == "-9223372036854775809");
  BOOST_TEST(*parse_json("9007199254740993")->if_int() == 9007199254740993);
  BOOST_TEST(*parse_json("890088186047892319")->if_int() == 890088186047892319);
}

BOOST_AUTO_TEST_CASE(other_numbers_keep_their_digits) {
  BOOST_TEST(parse_json("62000.0")->if_decimal()->digits == "62000.0");
  BOOST_TEST(parse_json("62000.00")->if_decimal()->digits == "62000.00");
  BOOST_TEST(parse_json("0.1")->if_decimal()->digits == "0.1");
  BOOST_TEST(parse_json("-0.0")->if_decimal()->digits == "0.0");
  BOOST_TEST(parse_json("1e3")->if_decimal()->digits == "1000");
  BOOST_TEST(parse_json("1E+2")->if_decimal()->digits == "100");
  BOOST_TEST(parse_json("1.50e1")->if_decimal()->digits == "15.0");
  BOOST_TEST(parse_json("1e-7")->if_decimal()->digits == "0.0000001");
  BOOST_TEST(parse_json("1e400")->if_decimal()->digits == "1" + std::string(400, '0'));
  const std::string pi = "3.14159265358979323846264338327950288419716939937510";
  BOOST_TEST(parse_json(pi)->if_decimal()->digits == pi);
  const std::string padded = "[" + pi + ",                                  1]";  // the parser's path for long input
  BOOST_TEST((*parse_json(padded)->if_list())[0].if_decimal()->digits == pi);
  BOOST_TEST(*parse_json("[123456789012345678, 1                                      ]")->at_path("0")->if_int() ==
             123456789012345678);
}

BOOST_AUTO_TEST_CASE(numbers_out_of_all_bounds_are_refused) {
  for (const char* text : {"1e1000", "1e-1001", "1e999999999999999999999", "-1e2147483647", "1e-2147483649"}) {
    const auto value = parse_json(text);
    BOOST_REQUIRE_MESSAGE(value.has_error(), text);
    BOOST_TEST(value.error().code == "bad_json");
  }
  BOOST_TEST(parse_json(std::string(1000, '9')).has_value());
  BOOST_TEST(parse_json(std::string(1001, '9')).error().what == "a number has more than 1,000 digits");
}

BOOST_AUTO_TEST_CASE(strings_are_unescaped) {
  BOOST_TEST(*parse_json(R"("a\"\\\/\b\f\n\r\t\u00e9\uac00\ud83d\ude00")")->if_string() == "a\"\\/\b\f\n\r\té가😀");
  BOOST_TEST(*parse_json("\"장바구니가 기다려요\"")->if_string() == "장바구니가 기다려요");
  const std::string thousand(100'000, 'x');
  BOOST_TEST((*parse_json("\"" + thousand + "\\n\"")->if_string() == thousand + "\n"));
}

BOOST_AUTO_TEST_CASE(text_that_is_not_json_is_refused) {
  for (const char* text :
       {"",           " ",        "[",         "]",         "{",         "}",           "[1,]",
        "{\"a\":1,}", "[1 2]",    "{\"a\" 1}", "{a:1}",     "{'a':1}",   "[1,,2]",      "01",
        "-",          "+1",       ".5",        "5.",        "1e",        "1e+",         "0x10",
        "1_000",      "NaN",      "Infinity",  "-Infinity", "nul",       "nulll",       "True",
        "\"a",        "\"a\nb\"", "\"\t\"",    "\"\\x41\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\",
        "1 1",        "{}{}",     "[] x",      "// c\n1",   "/* c */1",  "[1]//",       "\xEF\xBB\xBF{}",
        "'a'",        "{\"a\"}",  "{\"a\":}",  "{1:2}",     "[-]",       "[1.e1]",      "\x00",
        "undefined"}) {
    const auto value = parse_json(text);
    BOOST_REQUIRE_MESSAGE(value.has_error(), text);
    BOOST_TEST(value.error().code == "bad_json");
    BOOST_TEST(value.error().place.starts_with("offset "));
    BOOST_TEST(!value.error().what.empty());
  }
  BOOST_TEST(parse_json(std::string_view("1\0", 2)).has_error());
}

BOOST_AUTO_TEST_CASE(PAR_08_lone_surrogates_are_refused) {
  for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")", R"("\ud800\n")",
                           R"("\udc00\ud800")", R"({"\ud800":1})"})
    BOOST_TEST(parse_json(text).has_error(), text);
}

BOOST_AUTO_TEST_CASE(PAR_08_bytes_that_are_not_utf8_are_refused) {
  for (const std::string_view bytes : {"\x80",
                                       "\xBF",
                                       "\xC0\x80",
                                       "\xC1\xBF",
                                       "\xC3",
                                       "\xC3\x28",
                                       "\xE0\x80\x80",
                                       "\xE0\x9F\xBF",
                                       "\xE2\x82",
                                       "\xE2\x28\xA1",
                                       "\xED\xA0\x80",
                                       "\xED\xBF\xBF",
                                       "\xF0\x80\x80\x80",
                                       "\xF0\x8F\xBF\xBF",
                                       "\xF0\x9F\x98",
                                       "\xF4\x90\x80\x80",
                                       "\xF5\x80\x80\x80",
                                       "\xFE",
                                       "\xFF",
                                       "\xB0\xA1"}) {  // the last is "가" in EUC-KR
    BOOST_TEST(parse_json("\"" + std::string(bytes) + "\"").has_error(), hex_encode(bytes));
    BOOST_TEST(parse_json("\"" + std::string(bytes) + std::string(40, 'a') + "\"").has_error(), hex_encode(bytes));
    BOOST_TEST(parse_json("{\"" + std::string(bytes) + "\":1}").has_error(), hex_encode(bytes));
  }
}

BOOST_AUTO_TEST_CASE(PAR_08_nul_is_refused_in_every_form) {
  BOOST_TEST(parse_json(R"("a\u0000b")").error().what == "a string contains a NUL (\\u0000)");
  BOOST_TEST(parse_json(R"({"\u0000":1})").error().what == "a key contains a NUL (\\u0000)");
  BOOST_TEST(parse_json(std::string_view("\"a\0b\"", 5)).has_error());
}

BOOST_AUTO_TEST_CASE(PAR_06_duplicate_keys_are_refused_also_when_spelled_otherwise) {
  BOOST_TEST(parse_json(R"({"a":1,"a":2})").error().what == "the key \"a\" comes twice");
  BOOST_TEST(parse_json(R"({"a":1,"\u0061":2})").has_error());
  BOOST_TEST(parse_json(R"({"가":1,"\uac00":2})").has_error());
  BOOST_TEST(parse_json(R"([{"x":{"b":null,"b":null}}])").has_error());
  BOOST_TEST(parse_json(R"({"a":{"a":{"a":1}},"A":2})").has_value());
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  BOOST_TEST(parse_json(many + "\"k7\":2}").has_error());
  BOOST_TEST(parse_json(many + "\"k40\":2}").has_value());
}

BOOST_AUTO_TEST_CASE(errors_give_the_byte_offset) {
  BOOST_TEST(parse_json("[1, x]").error().place == "offset 4");
  BOOST_TEST(parse_json("{} x").error().place == "offset 3");
  BOOST_TEST(parse_json("[1,").error().place == "offset 3");
  BOOST_TEST(parse_json("[\"가\", x]").error().place == "offset 8");
}

BOOST_AUTO_TEST_CASE(PAR_05_depth_is_bounded) {
  BOOST_TEST(parse_json(nested(64)).has_value());
  BOOST_TEST(parse_json(nested(65)).error().what == "lists and objects lie too deep inside each other");
  BOOST_TEST(parse_json(std::string(100'000, '[')).has_error());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  BOOST_TEST(parse_json(objects).has_error());
  BOOST_TEST(parse_json(nested(3), {.depth_max = 2}).has_error());
  BOOST_TEST(parse_json(nested(2), {.depth_max = 2}).has_value());
}

// However deep a text is, the reader takes no more stack; and what it gives is copied, written and compared on a small one.
BOOST_AUTO_TEST_CASE(PAR_05_depth_costs_no_stack) {
  static bool held = false;
  on_a_small_stack([] {
    constexpr std::size_t kMany = 10'000'000;
    std::string objects;
    objects.reserve(5 * kMany);
    for (std::size_t i = 0; i < kMany; ++i) objects += "{\"a\":";
    const JsonLimits large{.size_max = objects.size()};
    held = parse_json(std::string(kMany, '['), large).has_error() && parse_json(objects, large).has_error();
    std::string mixed = "0";
    for (int i = 0; i < 32; ++i) mixed = "{\"a\":[" + mixed + "]}";
    for (const std::string& text : {nested(64), mixed}) {
      const auto value = parse_json(text);
      held = held && value.has_value();
      if (!held) return;
      const Value copy = *value;
      const auto again = parse_json(write_json(copy));
      held = again && *again == *value && write_canonical_json(copy) == write_json(*again) &&
             !write_pretty_json(copy).empty();
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(size_is_bounded) {
  BOOST_TEST(parse_json("[1,2]", {.size_max = 5}).has_value());
  BOOST_TEST(parse_json("[1,2] ", {.size_max = 5}).has_error());
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_keys_keep_their_order) {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i)
    text += (i ? ",\"" : "\"") + std::to_string(i * 7919 % 100'000) + "\":" + std::to_string(i);
  text += "}";
  const auto value = parse_json(text);
  BOOST_REQUIRE(value.has_value());
  BOOST_TEST(value->if_map()->size() == 100'000u);
  BOOST_TEST(*value->get("7919")->if_int() == 1);
  BOOST_TEST((write_json(*value) == text));
}

// Keys that all have the same std::hash cost what any keys cost: objects are searched in order. In CPU time of this thread, side by
// side, the best of five.
BOOST_AUTO_TEST_CASE(PAR_12_keys_of_one_hash_cost_no_more_than_others) {
  constexpr std::size_t kKeys = 4'000;
  const auto object = [](const std::vector<std::string>& keys) {
    std::string text = "{";
    for (const auto& key : keys) text += (text.size() > 1 ? ",\"" : "\"") + key + "\":1";
    return text + "}";
  };
  const std::vector<std::string> same = keys_of_one_hash(kKeys);
  std::vector<std::string> others;
  SeededRandom random(7);
  for (std::size_t i = 0; i < kKeys; ++i) others.push_back(hex_encode(random.bytes(8)));
  for (const auto& key : same) BOOST_REQUIRE(std::hash<std::string>()(key) == std::hash<std::string>()(same[0]));
  const std::string hostile = object(same), usual = object(others);
  std::int64_t hostile_least = std::numeric_limits<std::int64_t>::max(), usual_least = hostile_least;
  for (int round = 0; round < 5; ++round) {
    usual_least = std::min(usual_least, cpu_time_of([&] { BOOST_REQUIRE(parse_json(usual).has_value()); }));
    hostile_least = std::min(hostile_least, cpu_time_of([&] { BOOST_REQUIRE(parse_json(hostile).has_value()); }));
  }
  BOOST_TEST(hostile_least <= 3 * usual_least);
}

BOOST_AUTO_TEST_CASE(round_trips_keep_every_character) {
  for (const char* text :
       {"null", "true", "false", "0", "-1", "[]", "{}", "62000.0", "62000.00", "0.1", "18446744073709551615",
        "9007199254740993", "\"\"", "[[],{}]", R"({"나":[1,2.50,"셋",null,true],"가":{"b":"\\\"\n"}})", "0.0000001",
        "123456789012345678901234567890.10"})
    BOOST_TEST(rewritten(text) == text);
}

BOOST_AUTO_TEST_CASE(numbers_without_a_point_read_back_as_integers) {
  BOOST_TEST(write_json(Decimal{"12"}) == "12");
  BOOST_TEST(*parse_json(write_json(Decimal{"12"}))->if_int() == 12);
  BOOST_TEST(rewritten("1e3") == "1000");
  BOOST_TEST(*parse_json(write_json(3.0))->if_int() == 3);
  BOOST_TEST(parse_json(write_json(0.1))->if_decimal()->digits == "0.1");
  BOOST_TEST(parse_json(write_json(1e21))->if_decimal()->digits == "1000000000000000000000");
}

BOOST_AUTO_TEST_CASE(control_characters_and_line_separators_are_escaped) {
  std::string every;
  for (char c = 1; c < 0x20; ++c) every += c;
  every += "\x7F\"\\/\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA7끝";
  const std::string text = write_json(every);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    BOOST_TEST((byte >= 0x20 && byte != 0x7F));
  }
  BOOST_TEST(text.find("\\u2028\\u2029\xE2\x80\xA7끝") != std::string::npos);
  BOOST_TEST(text.find("\\u007f\\\"\\\\/") != std::string::npos);
  BOOST_TEST(*parse_json(text)->if_string() == every);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_written_as_replacement_characters) {
  BOOST_TEST(write_json("a\xFF\xFE가\xEA\xB0") == "\"a\uFFFD\uFFFD가\uFFFD\uFFFD\"");
  BOOST_TEST(write_json("\xED\xA0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
  BOOST_TEST(write_json(Map{{"\xB0\xA1", 1}}) == "{\"\uFFFD\uFFFD\":1}");
}

BOOST_AUTO_TEST_CASE(kinds_that_json_lacks_have_a_text) {
  BOOST_TEST(write_json(Bytes{"\xFF\x01"}) == "\"/wE=\"");
  BOOST_TEST(write_json(Timestamp{1'769'817'600, 0}) == "\"2026-01-31T00:00:00Z\"");
  BOOST_TEST(write_json(Timestamp{1'769'817'600, 120'000'000}) == "\"2026-01-31T00:00:00.12Z\"");
  BOOST_TEST(write_json(Timestamp{-1, 999'999'999}) == "\"1969-12-31T23:59:59.999999999Z\"");
  BOOST_TEST(write_json(Duration{3, 500'000'000}) == "\"3.5s\"");
  BOOST_TEST(write_json(Duration{0, -500'000'000}) == "\"-0.5s\"");
  BOOST_TEST(write_json(Duration{-3, -1}) == "\"-3.000000001s\"");
  BOOST_TEST(write_json(Duration{}) == "\"0s\"");
  BOOST_TEST(write_json(std::numeric_limits<double>::quiet_NaN()) == "null");
  BOOST_TEST(write_json(-std::numeric_limits<double>::infinity()) == "null");
  BOOST_TEST(write_json(Map{{1, "a"}, {true, "b"}, {std::uint64_t{18446744073709551615u}, "c"}}) ==
             R"({"1":"a","true":"b","18446744073709551615":"c"})");
}

BOOST_AUTO_TEST_CASE(canonical_text_sorts_keys_at_every_level) {
  const auto value = parse_json(R"({"나":1,"b":{"z":1,"a":[{"y":1,"x":2}]},"B":2,"가":3})");
  BOOST_TEST(write_canonical_json(*value) == R"({"B":2,"b":{"a":[{"x":2,"y":1}],"z":1},"가":3,"나":1})");
}

BOOST_AUTO_TEST_CASE(pretty_text_is_indented) {
  const auto value = parse_json(R"({"a":[1,{"b":"다"}],"e":[],"o":{}})");
  BOOST_TEST(write_pretty_json(*value) ==
             "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"다\"\n    }\n  ],\n  \"e\": [],\n  \"o\": {}\n}");
}

BOOST_AUTO_TEST_CASE(doubles_have_their_shortest_text) {
  const std::pair<double, const char*> cases[] = {{0.0, "0"},
                                                  {-0.0, "-0"},
                                                  {1.0, "1"},
                                                  {-1.5, "-1.5"},
                                                  {0.1, "0.1"},
                                                  {62000.0, "62000"},
                                                  {1e-6, "0.000001"},
                                                  {1e-7, "1e-7"},
                                                  {1.5e-7, "1.5e-7"},
                                                  {123456789012345680000.0, "123456789012345680000"},
                                                  {1e20, "100000000000000000000"},
                                                  {1e21, "1e+21"},
                                                  {1.25e22, "1.25e+22"},
                                                  {5e-324, "5e-324"},
                                                  {1.7976931348623157e308, "1.7976931348623157e+308"},
                                                  {0.30000000000000004, "0.30000000000000004"},
                                                  {4.35, "4.35"},
                                                  {100.0, "100"},
                                                  {123456.789, "123456.789"}};
  for (const auto& [value, text] : cases) BOOST_TEST(double_text(value) == text);
}

BOOST_AUTO_TEST_CASE(every_finite_double_reads_back) {
  SeededRandom random(11);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = std::bit_cast<double>(random.next());
    if (!std::isfinite(value)) continue;
    const std::string text = double_text(value);
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size(), back);
    BOOST_REQUIRE_MESSAGE(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value), text);
  }
}

// Random damage to good texts: whatever is accepted must survive a round trip, and nothing may crash.
BOOST_AUTO_TEST_CASE(damaged_texts_are_refused_or_round_trip) {
  const std::string seeds[] = {
      R"({"id":890088186047892319,"total":"62000.00","items":[{"name":"사과","n":2,"p":1.50}],"x":null,"t":true})",
      R"([[[["\ud83d\ude00\n",-0.0e+5,1e-7,"\u00e9"]]],{},"",{"a":{"b":{"c":[false]}}}])",
      R"({"k":"\"\\\/\b\f\n\r\t"})"};
  SeededRandom random(5);
  int accepted = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text = seeds[random.next() % std::size(seeds)];
    for (std::uint64_t changes = random.next() % 3 + 1; changes > 0; --changes) {
      const std::size_t at = random.next() % text.size();
      switch (random.next() % 4) {
        case 0: text[at] = static_cast<char>(random.next()); break;
        case 1: text.erase(at, random.next() % 4 + 1); break;
        case 2: text.insert(at, 1, "[]{},:\"\\-.eE019 u\n"[random.next() % 18]); break;
        default: text.insert(at, text.substr(random.next() % text.size(), random.next() % 8)); break;
      }
      if (text.empty()) text = "0";
    }
    const auto value = parse_json(text);
    if (!value) continue;
    ++accepted;
    const std::string once = write_json(*value);
    const auto again = parse_json(once);
    BOOST_REQUIRE_MESSAGE(again.has_value(), text);
    BOOST_REQUIRE_MESSAGE(write_json(*again) == once, text);
    BOOST_REQUIRE_MESSAGE((*parse_json(write_pretty_json(*again)) == *again), text);
  }
  BOOST_TEST(accepted > 100);
}

// An object looks for a key in another way when it has many.
BOOST_AUTO_TEST_CASE(a_key_that_comes_twice_is_refused_among_few_and_among_many) {
  for (const int count : {1, 15, 16, 17, 18, 40}) {
    for (const int again : {0, count / 2, count - 1}) {
      std::string text = "{";
      for (int i = 0; i < count; ++i) text += "\"k" + std::to_string(i) + "\":{\"in\":" + std::to_string(i) + "},";
      const auto good = parse_json(text + "\"last\":1}");
      BOOST_REQUIRE(good.has_value());
      BOOST_TEST(good->if_map()->size() == static_cast<std::size_t>(count) + 1);
      BOOST_TEST(good->get("k" + std::to_string(again))->number("in") == again);
      BOOST_TEST(parse_json(text + "\"k" + std::to_string(again) + "\":1}").has_error(), count << " keys, " << again);
    }
  }
}

BOOST_AUTO_TEST_CASE(leaves_are_texts_and_whole_numbers_in_their_order) {
  const auto leaves = [](std::string_view text, std::size_t most) {
    std::string seen;
    each_json_leaf(text, [&](std::string_view leaf) {
      seen.append(leaf).append("|");
      return --most > 0;
    });
    return seen;
  };
  const char* const kText =
      R"({"name":"\uae40 \"하늘\"","n":-12,"x":1.5,"t":true,"l":["a",{"b":null,"c":"\n"}],"w":7})";
  BOOST_TEST(leaves(kText, 99) == "김 \"하늘\"|-12|a|\n|7|");
  BOOST_TEST(leaves(kText, 2) == "김 \"하늘\"|-12|");
  BOOST_TEST(leaves(R"(["a","b",)", 99) == "a|b|");
  BOOST_TEST(leaves("", 99).empty());
}

BOOST_AUTO_TEST_CASE(a_nul_is_read_where_it_is_allowed_in_texts_and_in_keys) {
  const std::string json = R"({"a\u0000":"b\u0000"})";
  BOOST_TEST(parse_json(json).has_error());
  const auto read = parse_json(json, {.allow_nul = true});
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(write_json(*read) == json);
}

// Texts are looked through eight bytes at a time.
BOOST_AUTO_TEST_CASE(a_byte_that_is_escaped_is_found_at_each_place_of_a_text_of_each_length) {
  for (const std::string special : {"\"", "\\", "\n", "\x1f", "\x7f", "é", "\xE2\x80\xA8", " ", "!", "~"})
    for (std::size_t length = 0; length < 26; ++length)
      for (std::size_t at = 0; at <= length; ++at) {
        const std::string text = std::string(at, 'a') + special + std::string(length - at, 'b');
        const std::string written = write_json(Value(text));
        BOOST_TEST(*parse_json(written)->if_string() == text);
        const bool escaped = special == "\"" || special == "\\" || special == "\n";
        const bool coded = special == "\x1f" || special == "\x7f" || special == "\xE2\x80\xA8";
        const std::size_t longer = escaped ? 1 : coded ? 6 - special.size() : 0;
        BOOST_TEST(written.size() == text.size() + 2 + longer);
      }
}

BOOST_AUTO_TEST_SUITE_END()
