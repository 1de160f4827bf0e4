#include "expr/times.hpp"

#include <cstdio>
#include <limits>

namespace ieum::expr {
namespace {

using Wide = __int128;
constexpr std::int64_t kSecond = 1'000'000'000;

std::optional<Duration> duration_from(Wide nanos) {
  if (nanos > std::numeric_limits<std::int64_t>::max() || nanos < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  const auto whole = static_cast<std::int64_t>(nanos);
  return Duration{whole / kSecond, static_cast<std::int32_t>(whole % kSecond)};
}

Wide nanos_of(const Duration& value) { return Wide(value.seconds) * kSecond + value.nanos; }

std::optional<Timestamp> timestamp_of(Wide nanos) {
  Wide seconds = nanos / kSecond;
  Wide rest = nanos % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  if (seconds < kTimestampMin || seconds > kTimestampMax) return std::nullopt;
  return Timestamp{static_cast<std::int64_t>(seconds), static_cast<std::int32_t>(rest)};
}

// ".5", ".321456789" without trailing zeros; nothing for zero.
std::string fraction_text(std::int64_t nanos) {
  if (nanos == 0) return {};
  char digits[16];
  std::snprintf(digits, sizeof digits, ".%09lld", static_cast<long long>(nanos));
  std::string text = digits;
  while (text.back() == '0') text.pop_back();
  return text;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  [[nodiscard]] bool at_digit() const { return !done() && text_[at_] >= '0' && text_[at_] <= '9'; }
  int digit() { return text_[at_++] - '0'; }
  // Exactly `count` digits, or -1.
  int fixed(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (!at_digit()) return -1;
      value = value * 10 + digit();
    }
    return value;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  Reader reader(text);
  const int year = reader.fixed(4);
  if (year < 0 || !reader.take('-')) return std::nullopt;
  const int month = reader.fixed(2);
  if (month < 1 || month > 12 || !reader.take('-')) return std::nullopt;
  const int day = reader.fixed(2);
  if (day < 1 || day > days_in(year, month) || !(reader.take('T') || reader.take('t'))) return std::nullopt;
  const int hour = reader.fixed(2);
  if (hour < 0 || hour > 23 || !reader.take(':')) return std::nullopt;
  const int minute = reader.fixed(2);
  if (minute < 0 || minute > 59 || !reader.take(':')) return std::nullopt;
  const int second = reader.fixed(2);
  if (second < 0 || second > 59) return std::nullopt;
  std::int64_t nanos = 0;
  if (reader.take('.')) {
    std::int64_t unit = kSecond / 10;
    if (!reader.at_digit()) return std::nullopt;
    for (; reader.at_digit(); unit /= 10) nanos += reader.digit() * unit;
  }
  std::int64_t offset = 0;
  if (!reader.take('Z') && !reader.take('z')) {
    const bool west = reader.take('-');
    if (!west && !reader.take('+')) return std::nullopt;
    const int hours = reader.fixed(2);
    if (hours < 0 || hours > 23 || !reader.take(':')) return std::nullopt;
    const int minutes = reader.fixed(2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
  }
  if (!reader.done()) return std::nullopt;
  return timestamp_from(days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset, nanos);
}

std::string timestamp_text(const Timestamp& value) {
  const CivilTime civil = civil_at(value.seconds, 0);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", civil.year, civil.month, civil.day, civil.hour,
                civil.minute, civil.second);
  return text + fraction_text(value.nanos) + "Z";
}

std::optional<Duration> parse_cel_duration(std::string_view text) {
  Reader reader(text);
  const bool negative = reader.take('-');
  if (!negative) reader.take('+');
  if (text == "0" || text == "-0" || text == "+0") return Duration{};
  if (reader.done()) return std::nullopt;
  constexpr Wide kLimit = Wide(std::numeric_limits<std::int64_t>::max()) + 1;
  Wide total = 0;
  while (!reader.done()) {
    Wide whole = 0, fraction = 0, scale = 1;
    bool digits = false;
    for (; reader.at_digit(); digits = true) {
      whole = whole * 10 + reader.digit();
      if (whole > kLimit) return std::nullopt;
    }
    if (reader.take('.')) {
      for (; reader.at_digit(); digits = true) {
        const int digit = reader.digit();
        if (scale >= Wide(kSecond) * kSecond) continue;  // beyond a nanosecond of any unit
        fraction = fraction * 10 + digit;
        scale *= 10;
      }
    }
    if (!digits) return std::nullopt;
    Wide unit = 0;
    if (reader.take("ns"))
      unit = 1;
    else if (reader.take("us") || reader.take("\xC2\xB5s") || reader.take("\xCE\xBCs"))
      unit = 1'000;
    else if (reader.take("ms"))
      unit = 1'000'000;
    else if (reader.take('s'))
      unit = kSecond;
    else if (reader.take('m'))
      unit = Wide(kSecond) * 60;
    else if (reader.take('h'))
      unit = Wide(kSecond) * 3600;
    else
      return std::nullopt;
    total += whole * unit + fraction * unit / scale;
    if (total > kLimit) return std::nullopt;
  }
  return duration_from(negative ? -total : total);
}

std::string cel_duration_text(const Duration& value) {
  const bool negative = value.seconds < 0 || value.nanos < 0;
  const std::uint64_t seconds =
      negative ? 0 - static_cast<std::uint64_t>(value.seconds) : static_cast<std::uint64_t>(value.seconds);
  const std::int64_t nanos = negative ? -static_cast<std::int64_t>(value.nanos) : value.nanos;
  return (negative ? "-" : "") + std::to_string(seconds) + fraction_text(nanos) + "s";
}

std::optional<Timestamp> timestamp_from(std::int64_t seconds, std::int64_t nanos) {
  return timestamp_of(Wide(seconds) * kSecond + nanos);
}

std::optional<Timestamp> shift(const Timestamp& time, const Duration& by, bool back) {
  const Wide change = nanos_of(by);
  return timestamp_of(Wide(time.seconds) * kSecond + time.nanos + (back ? -change : change));
}

std::optional<Duration> difference(const Timestamp& a, const Timestamp& b) {
  return duration_from((Wide(a.seconds) - b.seconds) * kSecond + a.nanos - b.nanos);
}

std::optional<Duration> sum(const Duration& a, const Duration& b, bool subtract) {
  return duration_from(nanos_of(a) + (subtract ? -nanos_of(b) : nanos_of(b)));
}

CivilTime civil_at(std::int64_t seconds, int offset) {
  const std::int64_t local = seconds + offset;
  std::int64_t days = local / 86400;
  std::int64_t rest = local % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  CivilTime civil;
  civil_from_days(days, civil.year, civil.month, civil.day);
  civil.hour = static_cast<int>(rest / 3600);
  civil.minute = static_cast<int>(rest / 60 % 60);
  civil.second = static_cast<int>(rest % 60);
  return civil;
}

}  // namespace ieum::expr
