#include "expr/parse_number.hpp"

#include <charconv>
#include <limits>
#include <system_error>

#include "base/encoding.hpp"

namespace ieum::expr {
namespace {

template <class T>
std::optional<T> whole(std::string_view text, int base) {
  T value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool hexadecimal(std::string_view text) {
  return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

// Whether the number in `text`, whose form is right, is nearer to zero than to infinity: decides out-of-range results.
bool tiny(std::string_view text) {
  long exponent = 0;
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    std::string_view digits = text.substr(e + 1);
    const bool negative = !digits.empty() && digits.front() == '-';
    if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
    for (const char c : digits)
      if (exponent < 1'000'000'000) exponent = exponent * 10 + (c - '0');
    if (negative) exponent = -exponent;
  }
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const std::size_t dot = mantissa.find('.');
  const long point = static_cast<long>(dot == std::string_view::npos ? mantissa.size() : dot);
  return exponent + (point - static_cast<long>(first)) < 0;
}

}  // namespace

std::optional<std::int64_t> parse_int(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return std::nullopt;
  }
  return whole<std::int64_t>(text, 10);
}

std::optional<std::uint64_t> parse_uint(std::string_view text) { return whole<std::uint64_t>(text, 10); }

std::optional<double> parse_double(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const double sign = negative ? -1.0 : 1.0;
  const std::string lower = to_lower_ascii(text);
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (lower == "inf" || lower == "infinity") return sign * std::numeric_limits<double>::infinity();
  if (text.empty() || !((text.front() >= '0' && text.front() <= '9') || text.front() == '.')) return std::nullopt;
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::general);
  if (end != text.data() + text.size()) return std::nullopt;
  if (code == std::errc::result_out_of_range)
    return sign * (tiny(text) ? 0.0 : std::numeric_limits<double>::infinity());
  if (code != std::errc()) return std::nullopt;
  return sign * value;
}

std::optional<std::int64_t> parse_literal_int(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const std::string_view digits = negative ? text.substr(1) : text;
  const std::optional<std::uint64_t> size = parse_literal_uint(digits);
  constexpr std::uint64_t kSmallest = std::uint64_t{1} << 63;
  if (!size || *size > kSmallest || (!negative && *size == kSmallest)) return std::nullopt;
  return negative ? static_cast<std::int64_t>(0 - *size) : static_cast<std::int64_t>(*size);
}

std::optional<std::uint64_t> parse_literal_uint(std::string_view text) {
  if (hexadecimal(text)) return whole<std::uint64_t>(text.substr(2), 16);
  return parse_uint(text);
}

}  // namespace ieum::expr
