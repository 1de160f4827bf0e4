// Exact decimal arithmetic on Decimal. Pure. At most 1,000 digits; more is error "decimal_range".
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::decimal {

// Accepts -?digits[.digits][e[+-]digits], a leading "+" and surrounding spaces are refused; the exponent is expanded,
// zero has no sign. Error "bad_decimal".
Result<Decimal> parse(std::string_view text);
Decimal from(std::int64_t value);
Decimal from(std::uint64_t value);
std::strong_ordering compare(const Decimal& a, const Decimal& b);
Result<Decimal> add(const Decimal& a, const Decimal& b);
Result<Decimal> subtract(const Decimal& a, const Decimal& b);
Result<Decimal> multiply(const Decimal& a, const Decimal& b);
// Rounded half to even at `scale` digits behind the point, then without the zeros at the end that `a` gave no reason
// for: 10 / 4 is 2.5, 100.00 / 4 is 25.00. Division by zero is error "divide_by_zero".
Result<Decimal> divide(const Decimal& a, const Decimal& b, int scale = 20);
// Rounded half away from zero, as money is; exactly `scale` digits behind the point (negative: zeros before it).
Decimal round(const Decimal& value, int scale);
// The integer, when the value is one and fits.
std::optional<std::int64_t> to_int(const Decimal& value);
double to_double(const Decimal& value);

}  // namespace ieum::decimal
