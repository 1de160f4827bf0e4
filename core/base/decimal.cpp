#include "base/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <vector>

namespace ieum::decimal {
namespace {

constexpr std::int64_t kDigitsMax = 1000;

Error range_error() {
  return Error("decimal_range", "a decimal number has more than 1,000 digits", "round it, or use smaller numbers");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The value (-1)^negative * digits / 10^scale. `digits` has no leading zero; zero is the empty text.
struct Parts {
  bool negative = false;
  std::string digits;
  std::int64_t scale = 0;
};

void strip_leading_zeros(std::string& digits) { digits.erase(0, digits.find_first_not_of('0')); }

Parts split(const Decimal& value) {
  Parts parts;
  for (const char c : value.digits) {
    if (c == '-')
      parts.negative = true;
    else if (is_digit(c))
      parts.digits += c;
  }
  const std::size_t point = value.digits.find('.');
  if (point != std::string::npos) parts.scale = static_cast<std::int64_t>(value.digits.size() - point - 1);
  strip_leading_zeros(parts.digits);
  return parts;
}

// Zero carries no sign. `scale` is not negative.
Result<Decimal> join(Parts parts) {
  const auto scale = static_cast<std::size_t>(parts.scale);
  if (parts.digits.empty()) parts.negative = false;
  const std::size_t digits_wanted = std::max(parts.digits.size(), scale + 1);
  if (digits_wanted > static_cast<std::size_t>(kDigitsMax)) return range_error();
  std::string text(digits_wanted - parts.digits.size(), '0');
  text += parts.digits;
  if (scale > 0) text.insert(text.size() - scale, 1, '.');
  if (parts.negative) text.insert(text.begin(), '-');
  return Decimal{std::move(text)};
}

// Natural numbers in base 10^9, least significant limb first, no leading zero limb.
using Limbs = std::vector<std::uint32_t>;
constexpr std::uint64_t kBase = 1'000'000'000;

Limbs to_limbs(std::string_view digits) {
  Limbs limbs;
  while (!digits.empty()) {
    const std::size_t part = std::min<std::size_t>(9, digits.size());
    std::uint32_t limb = 0;
    for (const char c : digits.substr(digits.size() - part)) limb = limb * 10 + static_cast<std::uint32_t>(c - '0');
    limbs.push_back(limb);
    digits.remove_suffix(part);
  }
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
  return limbs;
}

std::string to_digits(const Limbs& limbs) {
  std::string digits;
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
    std::string part = std::to_string(*limb);
    digits.append(9 - part.size(), '0');
    digits += part;
  }
  strip_leading_zeros(digits);
  return digits;
}

int compare_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Schoolbook sums over decimal text of equal scale; at most a few thousand digits.
std::string add_digits(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  std::string sum(a);
  int carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (i >= b.size() && carry == 0) break;
    const int other = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
    char& digit = sum[sum.size() - 1 - i];
    const int total = (digit - '0') + other + carry;
    digit = static_cast<char>('0' + total % 10);
    carry = total / 10;
  }
  if (carry != 0) sum.insert(sum.begin(), '1');
  return sum;
}

// a >= b.
std::string subtract_digits(std::string_view a, std::string_view b) {
  std::string difference(a);
  int borrow = 0;
  for (std::size_t i = 0; i < difference.size(); ++i) {
    if (i >= b.size() && borrow == 0) break;
    const int other = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
    char& digit = difference[difference.size() - 1 - i];
    int total = (digit - '0') - other - borrow;
    borrow = total < 0 ? 1 : 0;
    if (total < 0) total += 10;
    digit = static_cast<char>('0' + total);
  }
  strip_leading_zeros(difference);
  return difference;
}

std::string multiply_digits(std::string_view a_digits, std::string_view b_digits) {
  const Limbs a = to_limbs(a_digits);
  const Limbs b = to_limbs(b_digits);
  Limbs product(a.size() + b.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < b.size() || carry != 0; ++j) {
      const std::uint64_t other = j < b.size() ? b[j] : 0;
      const std::uint64_t total = product[i + j] + static_cast<std::uint64_t>(a[i]) * other + carry;
      product[i + j] = static_cast<std::uint32_t>(total % kBase);
      carry = total / kBase;
    }
  }
  return to_digits(product);
}

// remainder -= divisor * factor, for the limbs from `at` on; true when the result went below zero (modulo the base).
bool subtract_product(Limbs& remainder, std::size_t at, const Limbs& divisor, std::uint64_t factor) {
  std::uint64_t carry = 0;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i <= divisor.size(); ++i) {
    carry += i < divisor.size() ? factor * divisor[i] : 0;
    std::int64_t total =
        static_cast<std::int64_t>(remainder[at + i]) - static_cast<std::int64_t>(carry % kBase) - borrow;
    carry /= kBase;
    borrow = total < 0 ? 1 : 0;
    if (total < 0) total += static_cast<std::int64_t>(kBase);
    remainder[at + i] = static_cast<std::uint32_t>(total);
  }
  return borrow != 0;
}

void add_back(Limbs& remainder, std::size_t at, const Limbs& divisor) {
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i <= divisor.size(); ++i) {
    const std::uint64_t total = remainder[at + i] + (i < divisor.size() ? divisor[i] : 0) + carry;
    remainder[at + i] = static_cast<std::uint32_t>(total % kBase);
    carry = total / kBase;
  }
}

struct Division {
  std::string quotient;
  std::string remainder;
};

// Knuth, The Art of Computer Programming 4.3.1, algorithm D. `divisor_digits` is not zero.
Division divide_digits(std::string_view dividend_digits, std::string_view divisor_digits) {
  if (compare_digits(dividend_digits, divisor_digits) < 0) return {"", std::string(dividend_digits)};
  Limbs divisor = to_limbs(divisor_digits);
  Limbs remainder = to_limbs(dividend_digits);
  const std::uint64_t scaling = kBase / (divisor.back() + 1ull);
  const auto scale_up = [&](Limbs& limbs) {
    std::uint64_t carry = 0;
    for (auto& limb : limbs) {
      const std::uint64_t total = limb * scaling + carry;
      limb = static_cast<std::uint32_t>(total % kBase);
      carry = total / kBase;
    }
    return static_cast<std::uint32_t>(carry);
  };
  scale_up(divisor);  // never carries, by the choice of the factor
  const std::uint32_t top = scale_up(remainder);
  remainder.push_back(top);

  const std::size_t places = remainder.size() - divisor.size();
  Limbs quotient(places, 0);
  for (std::size_t at = places; at-- > 0;) {
    const std::size_t high = at + divisor.size();
    const std::uint64_t head = remainder[high] * kBase + remainder[high - 1];
    std::uint64_t guess = head / divisor.back();
    std::uint64_t rest = head % divisor.back();
    const std::uint64_t second = divisor.size() > 1 ? divisor[divisor.size() - 2] : 0;
    const std::uint64_t third = divisor.size() > 1 ? remainder[high - 2] : 0;
    while (guess >= kBase || guess * second > rest * kBase + third) {
      --guess;
      rest += divisor.back();
      if (rest >= kBase) break;
    }
    if (subtract_product(remainder, at, divisor, guess)) {
      --guess;
      add_back(remainder, at, divisor);
    }
    quotient[at] = static_cast<std::uint32_t>(guess);
  }
  std::uint64_t carry = 0;
  for (auto limb = remainder.rbegin(); limb != remainder.rend(); ++limb) {
    const std::uint64_t total = carry * kBase + *limb;
    *limb = static_cast<std::uint32_t>(total / scaling);
    carry = total % scaling;
  }
  return {to_digits(quotient), to_digits(remainder)};
}

// Appends zeros, so that the scale becomes the given, not smaller one.
void raise_scale(Parts& parts, std::int64_t scale) {
  if (!parts.digits.empty()) parts.digits.append(static_cast<std::size_t>(scale - parts.scale), '0');
  parts.scale = scale;
}

Result<Decimal> sum(Parts a, Parts b) {
  const std::int64_t scale = std::max(a.scale, b.scale);
  raise_scale(a, scale);
  raise_scale(b, scale);
  if (a.negative == b.negative) return join({a.negative, add_digits(a.digits, b.digits), scale});
  if (compare_digits(a.digits, b.digits) < 0) std::swap(a, b);
  return join({a.negative, subtract_digits(a.digits, b.digits), scale});
}

}  // namespace

Result<Decimal> parse(std::string_view text) {
  const auto refuse = [] {
    return Error("bad_decimal", "this is not a decimal number",
                 "write digits with at most one point, such as 62000.00");
  };
  Parts parts;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') {
    parts.negative = true;
    ++at;
  }
  const std::size_t whole_begin = at;
  while (at < text.size() && is_digit(text[at])) parts.digits += text[at++];
  if (at == whole_begin) return refuse();
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction_begin = ++at;
    while (at < text.size() && is_digit(text[at])) parts.digits += text[at++];
    if (at == fraction_begin) return refuse();
    parts.scale = static_cast<std::int64_t>(at - fraction_begin);
  }
  std::int64_t exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t exponent_begin = at;
    for (; at < text.size() && is_digit(text[at]); ++at)
      exponent = std::min<std::int64_t>(exponent * 10 + (text[at] - '0'), 1'000'000'000);
    if (at == exponent_begin) return refuse();
    if (negative) exponent = -exponent;
  }
  if (at != text.size()) return refuse();

  strip_leading_zeros(parts.digits);
  parts.scale -= exponent;
  if (parts.scale > kDigitsMax || static_cast<std::int64_t>(parts.digits.size()) > kDigitsMax) return range_error();
  if (parts.digits.empty()) parts.scale = std::max<std::int64_t>(parts.scale, 0);
  if (parts.scale < 0) {
    if (-parts.scale > kDigitsMax) return range_error();
    raise_scale(parts, 0);
  }
  return join(std::move(parts));
}

Decimal from(std::int64_t value) { return Decimal{std::to_string(value)}; }
Decimal from(std::uint64_t value) { return Decimal{std::to_string(value)}; }

std::strong_ordering compare(const Decimal& a, const Decimal& b) {
  Parts left = split(a);
  Parts right = split(b);
  if (left.digits.empty()) left.negative = false;
  if (right.digits.empty()) right.negative = false;
  if (left.negative != right.negative)
    return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  const std::int64_t scale = std::max(left.scale, right.scale);
  raise_scale(left, scale);
  raise_scale(right, scale);
  const int order = compare_digits(left.digits, right.digits);
  return (left.negative ? -order : order) <=> 0;
}

Result<Decimal> add(const Decimal& a, const Decimal& b) { return sum(split(a), split(b)); }

Result<Decimal> subtract(const Decimal& a, const Decimal& b) {
  Parts right = split(b);
  right.negative = !right.negative;
  return sum(split(a), std::move(right));
}

Result<Decimal> multiply(const Decimal& a, const Decimal& b) {
  const Parts left = split(a);
  const Parts right = split(b);
  return join({left.negative != right.negative, multiply_digits(left.digits, right.digits), left.scale + right.scale});
}

Result<Decimal> divide(const Decimal& a, const Decimal& b, int scale) {
  IEUM_ASSERT(scale >= 0);
  Parts dividend = split(a);
  Parts divisor = split(b);
  if (divisor.digits.empty()) return Error("divide_by_zero", "a number is divided by zero");
  if (scale >= kDigitsMax) return range_error();
  const std::int64_t ideal_scale = std::max<std::int64_t>(0, dividend.scale - divisor.scale);
  const std::int64_t shift = scale + divisor.scale - dividend.scale;
  if (!dividend.digits.empty() && shift > 0) dividend.digits.append(static_cast<std::size_t>(shift), '0');
  if (shift < 0) divisor.digits.append(static_cast<std::size_t>(-shift), '0');
  Division division = divide_digits(dividend.digits, divisor.digits);
  const int half = compare_digits(add_digits(division.remainder, division.remainder), divisor.digits);
  const bool odd = !division.quotient.empty() && (division.quotient.back() - '0') % 2 == 1;
  if (half > 0 || (half == 0 && odd)) division.quotient = add_digits(division.quotient, "1");

  Parts result{dividend.negative != divisor.negative, std::move(division.quotient), scale};
  while (result.scale > ideal_scale && (result.digits.empty() || result.digits.back() == '0')) {
    if (!result.digits.empty()) result.digits.pop_back();
    --result.scale;
  }
  return join(std::move(result));
}

Decimal round(const Decimal& value, int scale) {
  Parts parts = split(value);
  const std::int64_t wanted = std::clamp<std::int64_t>(scale, -kDigitsMax, kDigitsMax);
  if (parts.scale < wanted) {
    const auto room =
        kDigitsMax - std::max<std::int64_t>(static_cast<std::int64_t>(parts.digits.size()), parts.scale + 1);
    raise_scale(parts, std::min(wanted, parts.scale + std::max<std::int64_t>(room, 0)));
  } else if (parts.scale > wanted) {
    const auto cut = static_cast<std::size_t>(parts.scale - wanted);
    if (cut > parts.digits.size()) {
      parts.digits.clear();
    } else {
      const bool up = parts.digits[parts.digits.size() - cut] >= '5';
      parts.digits.resize(parts.digits.size() - cut);
      if (up) parts.digits = add_digits(parts.digits, "1");
    }
    parts.scale = wanted;
    if (wanted < 0) raise_scale(parts, 0);
  }
  Result<Decimal> rounded = join(std::move(parts));
  return rounded ? *std::move(rounded) : value;  // only a 1,000-digit number that rounds up to 1,001 digits has no room
}

std::optional<std::int64_t> to_int(const Decimal& value) {
  std::string_view text = value.digits;
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos) {
    if (text.find_first_not_of('0', point + 1) != std::string_view::npos) return std::nullopt;
    text = text.substr(0, point);
  }
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

double to_double(const Decimal& value) {
  const std::string& text = value.digits;
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure == std::errc::result_out_of_range) {
    const Parts parts = split(value);
    const bool huge = static_cast<std::int64_t>(parts.digits.size()) > parts.scale;
    number = huge ? std::numeric_limits<double>::infinity() : 0.0;
    return parts.negative ? -number : number;
  }
  return number;
}

}  // namespace ieum::decimal
