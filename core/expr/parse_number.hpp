// Text to number, for literals and conversions. Pure; nothing is guessed: the whole text must be the number.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace ieum::expr {

// Decimal digits with an optional sign ("+" too).
std::optional<std::int64_t> parse_int(std::string_view text);
// Decimal digits, no sign.
std::optional<std::uint64_t> parse_uint(std::string_view text);
// Decimal or exponent notation; "NaN", "Infinity", "Inf" with an optional sign, in any case. Beyond the range of a
// double it is infinite, below the smallest it is zero.
std::optional<double> parse_double(std::string_view text);
// Decimal or 0x digits; a leading "-" for ints.
std::optional<std::int64_t> parse_literal_int(std::string_view text);
std::optional<std::uint64_t> parse_literal_uint(std::string_view text);

}  // namespace ieum::expr
