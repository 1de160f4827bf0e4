#include "base/time_text.hpp"

#include <array>
#include <cstdio>

#include "base/zone.hpp"

namespace ieum {
namespace {

struct Unit {
  std::string_view name;
  Millis size;
};
constexpr std::array<Unit, 6> kUnits = {
    {{"w", 7 * kDay}, {"d", kDay}, {"h", kHour}, {"m", kMinute}, {"s", kSecond}, {"ms", 1}}};
constexpr Millis kDurationMax = 36'525 * kDay;  // 100 years

Error bad_duration() {
  return Error("bad_duration", "this is not a duration", "write it like 90s, 30m, 5h, 7d or 1h30m, at most 100 years");
}

Error bad_time() { return Error("bad_time", "this is not a time", "write it like 2026-01-31T09:00:00+09:00"); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `count` digits off the text.
bool take_digits(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  out = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

// Z or ±hh:mm at the very end.
bool take_offset(std::string_view& text, int& seconds) {
  if (text == "Z" || text == "z") {
    seconds = 0;
    return true;
  }
  const bool west = text.starts_with('-');
  if (!take(text, '-') && !take(text, '+')) return false;
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, hours) || !take(text, ':') || !take_digits(text, 2, minutes)) return false;
  if (!text.empty() || hours > 23 || minutes > 59) return false;
  seconds = (hours * 60 + minutes) * 60;
  if (west) seconds = -seconds;
  return true;
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

CivilTime civil_of(Millis value) {
  CivilTime civil;
  const std::int64_t days = floor_divide(value, kDay);
  civil_from_days(days, civil.year, civil.month, civil.day);
  auto rest = static_cast<int>(value - days * kDay);
  civil.millisecond = rest % 1000;
  rest /= 1000;
  civil.second = rest % 60;
  civil.minute = rest / 60 % 60;
  civil.hour = rest / 3600;
  return civil;
}

std::string civil_text(const CivilTime& civil) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d", civil.year, civil.month, civil.day, civil.hour,
                civil.minute, civil.second);
  std::string out = buffer;
  if (civil.millisecond != 0) {
    std::snprintf(buffer, sizeof buffer, ".%03d", civil.millisecond);
    out += buffer;
  }
  return out;
}

}  // namespace

Result<Millis> parse_duration(std::string_view text) {
  if (text.empty()) return bad_duration();
  Millis total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    Millis count = 0;
    std::size_t at = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      count = count * 10 + (text[at] - '0');
      if (count > kDurationMax) return bad_duration();
    }
    if (at == 0) return bad_duration();
    std::size_t end = at;
    while (end < text.size() && !is_digit(text[end])) ++end;
    const std::string_view name = text.substr(at, end - at);
    std::size_t unit = next_unit;
    while (unit < kUnits.size() && kUnits[unit].name != name) ++unit;
    if (unit == kUnits.size() || count > kDurationMax / kUnits[unit].size) return bad_duration();
    total += count * kUnits[unit].size;
    if (total > kDurationMax) return bad_duration();
    next_unit = unit + 1;
    text.remove_prefix(end);
  }
  return total;
}

std::string duration_text(Millis value) {
  if (value == 0) return "0s";
  std::string out = value < 0 ? "-" : "";
  auto rest = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  for (const Unit& unit : kUnits) {
    if (unit.name == "w") continue;  // people think in days: "10d", not "1w3d"
    const auto size = static_cast<std::uint64_t>(unit.size);
    if (rest >= size) out += std::to_string(rest / size) + std::string(unit.name);
    rest %= size;
  }
  return out;
}

Result<Millis> parse_rfc3339(std::string_view text) {
  CivilTime civil;
  if (!take_digits(text, 4, civil.year) || !take(text, '-') || !take_digits(text, 2, civil.month) || !take(text, '-') ||
      !take_digits(text, 2, civil.day))
    return bad_time();
  if (!take(text, 'T') && !take(text, 't')) return bad_time();
  if (!take_digits(text, 2, civil.hour) || !take(text, ':') || !take_digits(text, 2, civil.minute) ||
      !take(text, ':') || !take_digits(text, 2, civil.second))
    return bad_time();
  if (take(text, '.')) {
    int worth = 100;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits, worth /= 10)
      civil.millisecond += (text[digits] - '0') * worth;
    if (digits == 0) return bad_time();
    text.remove_prefix(digits);
  }
  int offset = 0;
  if (!take_offset(text, offset)) return bad_time();
  if (civil.month < 1 || civil.month > 12 || civil.hour > 23 || civil.minute > 59 || civil.second > 59)
    return bad_time();
  const std::int64_t days = days_from_civil(civil.year, civil.month, civil.day);
  int year = 0, month = 0, day = 0;
  civil_from_days(days, year, month, day);
  if (civil.day == 0 || month != civil.month) return bad_time();
  const Millis instant = days * kDay + civil.hour * kHour + civil.minute * kMinute + civil.second * kSecond +
                         civil.millisecond - offset * kSecond;
  if (instant < days_from_civil(1, 1, 1) * kDay || instant >= days_from_civil(10000, 1, 1) * kDay) return bad_time();
  return instant;
}

std::string rfc3339_utc(Millis value) { return civil_text(civil_of(value)) + "Z"; }

std::string rfc3339_offset(Millis value, int offset_seconds) {
  // RFC 3339 knows whole minutes only. A local mean time of old is cut to them on both sides, so the instant is kept.
  const int minutes = offset_seconds / 60;
  char buffer[32];
  const int size = minutes < 0 ? -minutes : minutes;
  std::snprintf(buffer, sizeof buffer, "%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60, size % 60);
  return civil_text(civil_of(value + minutes * kMinute)) + buffer;
}

std::string http_date(Millis value) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilTime civil = civil_of(value);
  const int weekday = weekday_from_days(floor_divide(value, kDay));
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<std::size_t>(weekday)],
                civil.day, kMonths[static_cast<std::size_t>(civil.month - 1)], civil.year, civil.hour, civil.minute,
                civil.second);
  return buffer;
}

}  // namespace ieum
