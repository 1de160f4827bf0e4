// Decimals are exact: digits are kept, sums do not drift, bounds are refused instead of rounded away.
#include "base/decimal.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <vector>

#include "base/random.hpp"

using namespace ieum;

namespace {

std::string parsed(std::string_view text) {
  const auto value = decimal::parse(text);
  return value ? value->digits : value.error().code;
}

std::string shown(const Result<Decimal>& value) { return value ? value->digits : value.error().code; }

Decimal dec(std::string_view text) { return decimal::parse(text).value(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(decimals)

BOOST_AUTO_TEST_CASE(parsing_makes_the_canonical_form) {
  BOOST_TEST(parsed("62000.00") == "62000.00");
  BOOST_TEST(parsed("007.10") == "7.10");
  BOOST_TEST(parsed("-0") == "0");
  BOOST_TEST(parsed("-0.00") == "0.00");
  BOOST_TEST(parsed("-00.50") == "-0.50");
  BOOST_TEST(parsed("1.5e3") == "1500");
  BOOST_TEST(parsed("1.5E-3") == "0.0015");
  BOOST_TEST(parsed("1.50e1") == "15.0");
  BOOST_TEST(parsed("0e99999") == "0");
  BOOST_TEST(parsed("0.0e1") == "0");
  BOOST_TEST(parsed("0e-3") == "0.000");
}

BOOST_AUTO_TEST_CASE(what_is_no_decimal_is_refused) {
  for (const char* text :
       {"", "-", "+1", " 1", "1 ", ".5", "5.", "1e", "1e+", "1,000", "0x1", "--1", "1.2.3", "NaN", "1e5.0", "일", "1-"})
    BOOST_TEST(parsed(text) == "bad_decimal", text);
}

BOOST_AUTO_TEST_CASE(a_thousand_digits_are_the_most) {
  BOOST_TEST(parsed(std::string(1000, '9')).size() == 1000u);
  BOOST_TEST(parsed("000" + std::string(1000, '9')).size() == 1000u);
  BOOST_TEST(parsed(std::string(1001, '9')) == "decimal_range");
  BOOST_TEST(parsed("0." + std::string(999, '1')).size() == 1001u);
  BOOST_TEST(parsed("0." + std::string(1000, '1')) == "decimal_range");
  BOOST_TEST(parsed("1e999").size() == 1000u);
  BOOST_TEST(parsed("1e1000") == "decimal_range");
  BOOST_TEST(parsed("1e-999").size() == 1001u);
  BOOST_TEST(parsed("1e-1000") == "decimal_range");
  BOOST_TEST(parsed("1e99999999999999999999") == "decimal_range");
  BOOST_TEST(parsed("0e-99999999999999999999") == "decimal_range");
  const Decimal most = dec(std::string(1000, '9'));
  BOOST_TEST(shown(decimal::add(most, dec("1"))) == "decimal_range");
  BOOST_TEST(shown(decimal::multiply(most, dec("10"))) == "decimal_range");
  BOOST_TEST(shown(decimal::subtract(most, most)) == "0");
}

BOOST_AUTO_TEST_CASE(arithmetic_agrees_with_the_table) {
  std::ifstream table(IEUM_SOURCE_DIR "/tests/data/base/decimals.txt");
  BOOST_REQUIRE(table.is_open());
  int lines = 0;
  std::string line;
  while (std::getline(table, line)) {
    std::istringstream words(line);
    std::string operation, a, b, wanted;
    int scale = 0;
    words >> operation >> a >> b;
    if (operation == "divide") words >> scale;
    words >> wanted;
    BOOST_REQUIRE(!wanted.empty());
    const Result<Decimal> result = operation == "add"        ? decimal::add(dec(a), dec(b))
                                   : operation == "subtract" ? decimal::subtract(dec(a), dec(b))
                                   : operation == "multiply" ? decimal::multiply(dec(a), dec(b))
                                                             : decimal::divide(dec(a), dec(b), scale);
    BOOST_TEST(shown(result) == wanted, line);
    ++lines;
  }
  BOOST_TEST(lines > 500);
}

BOOST_AUTO_TEST_CASE(division_rounds_half_to_even_and_drops_idle_zeros) {
  BOOST_TEST(shown(decimal::divide(dec("10"), dec("4"))) == "2.5");
  BOOST_TEST(shown(decimal::divide(dec("1"), dec("3"))) == "0.33333333333333333333");
  BOOST_TEST(shown(decimal::divide(dec("2"), dec("3"))) == "0.66666666666666666667");
  BOOST_TEST(shown(decimal::divide(dec("100.00"), dec("4"))) == "25.00");
  BOOST_TEST(shown(decimal::divide(dec("5"), dec("2"), 0)) == "2");
  BOOST_TEST(shown(decimal::divide(dec("7"), dec("2"), 0)) == "4");
  BOOST_TEST(shown(decimal::divide(dec("-5"), dec("2"), 0)) == "-2");
  BOOST_TEST(shown(decimal::divide(dec("-1"), dec("1000"), 2)) == "0");
  BOOST_TEST(shown(decimal::divide(dec("0"), dec("7"))) == "0");
  BOOST_TEST(shown(decimal::divide(dec("1"), dec("0"))) == "divide_by_zero");
  BOOST_TEST(shown(decimal::divide(dec("1"), dec("0.000"))) == "divide_by_zero");
}

// Long operands with limbs at the edges of the base make the corrections of long division necessary.
BOOST_AUTO_TEST_CASE(quotient_times_divisor_gives_the_dividend) {
  SeededRandom random(3);
  const auto limbs = [&](int count) {
    std::string digits = "1";
    for (int i = 0; i < count; ++i) {
      static const char* const kLimbs[] = {"000000000", "999999999", "000000001",
                                           "999999998", "500000000", "499999999"};
      digits += kLimbs[random.next() % std::size(kLimbs)];
    }
    return Decimal{digits};
  };
  for (int i = 0; i < 3'000; ++i) {
    const Decimal a = limbs(static_cast<int>(random.next() % 12));
    const Decimal b = limbs(static_cast<int>(random.next() % 12));
    const Decimal product = *decimal::multiply(a, b);
    BOOST_REQUIRE(shown(decimal::divide(product, b, 0)) == a.digits);
    const Decimal below = *decimal::subtract(product, Decimal{"1"});
    const Decimal above = *decimal::add(product, Decimal{"1"});
    if (b.digits.size() > 1) {
      BOOST_REQUIRE(shown(decimal::divide(below, b, 0)) == a.digits);
      BOOST_REQUIRE(shown(decimal::divide(above, b, 0)) == a.digits);
    }
  }
}

BOOST_AUTO_TEST_CASE(comparison_looks_at_the_value) {
  const char* const ascending[] = {"-100", "-99.9", "-1",   "-0.5", "-0.05", "0",    "0.01",
                                   "0.1",  "1",     "1.01", "9",    "10",    "99.99"};
  for (std::size_t i = 0; i < std::size(ascending); ++i)
    for (std::size_t j = 0; j < std::size(ascending); ++j)
      BOOST_TEST((decimal::compare(dec(ascending[i]), dec(ascending[j])) == (i <=> j)));
  BOOST_TEST((decimal::compare(dec("1.0"), dec("1.000")) == std::strong_ordering::equal));
  BOOST_TEST((decimal::compare(Decimal{"-0"}, dec("0.00")) == std::strong_ordering::equal));
}

BOOST_AUTO_TEST_CASE(rounding_goes_away_from_zero_at_half) {
  const auto rounded = [](std::string_view text, int scale) { return decimal::round(dec(text), scale).digits; };
  BOOST_TEST(rounded("2.5", 0) == "3");
  BOOST_TEST(rounded("-2.5", 0) == "-3");
  BOOST_TEST(rounded("2.45", 1) == "2.5");
  BOOST_TEST(rounded("2.449", 1) == "2.4");
  BOOST_TEST(rounded("0.05", 1) == "0.1");
  BOOST_TEST(rounded("0.04", 1) == "0.0");
  BOOST_TEST(rounded("-0.4", 0) == "0");
  BOOST_TEST(rounded("9.99", 1) == "10.0");
  BOOST_TEST(rounded("0.5", 0) == "1");
  BOOST_TEST(rounded("62000", 2) == "62000.00");
  BOOST_TEST(rounded("62499", -3) == "62000");
  BOOST_TEST(rounded("62500", -3) == "63000");
  BOOST_TEST(rounded("499", -3) == "0");
  BOOST_TEST(rounded("500", -3) == "1000");
  BOOST_TEST(rounded("5", -3) == "0");
  BOOST_TEST(rounded("5", std::numeric_limits<int>::max()).size() == 1001u);
  BOOST_TEST(rounded("5.1", std::numeric_limits<int>::min()) == "0");
  BOOST_TEST((rounded(std::string(999, '9') + ".9", 0) == "1" + std::string(999, '0')));
  BOOST_TEST((rounded(std::string(1000, '9'), -1) == std::string(1000, '9')));  // would need 1,001 digits
}

BOOST_AUTO_TEST_CASE(conversions) {
  BOOST_TEST(decimal::to_int(dec("62000.00")).value() == 62000);
  BOOST_TEST(decimal::to_int(dec("-9223372036854775808")).value() == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(!decimal::to_int(dec("9223372036854775808")).has_value());
  BOOST_TEST(!decimal::to_int(dec("0.5")).has_value());
  BOOST_TEST(decimal::to_int(dec("0.000")).value() == 0);
  BOOST_TEST(decimal::from(std::int64_t{-5}).digits == "-5");
  BOOST_TEST(decimal::from(std::numeric_limits<std::uint64_t>::max()).digits == "18446744073709551615");
  BOOST_TEST(decimal::to_double(dec("0.1")) == 0.1);
  BOOST_TEST(decimal::to_double(dec("-62000.50")) == -62000.5);
  BOOST_TEST(decimal::to_double(dec("1e400")) == std::numeric_limits<double>::infinity());
  BOOST_TEST(decimal::to_double(dec("-1e400")) == -std::numeric_limits<double>::infinity());
  BOOST_TEST(decimal::to_double(dec("1e-400")) == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
