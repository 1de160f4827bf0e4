// Times as vendors write them, from and to milliseconds since the Unix epoch. Pure; whole seconds, Gregorian calendar.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ieum {

// A civil time at a fixed offset from UTC (no zone rules: vendors that write local times name a zone without DST).
struct CivilTime {
  int year = 1970;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

inline constexpr int kKoreaMinutes = 9 * 60;

inline CivilTime civil_time(std::int64_t ms, int offset_minutes = 0) {
  const std::chrono::milliseconds since(ms + std::int64_t{offset_minutes} * 60'000);
  const auto days = std::chrono::floor<std::chrono::days>(since);
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(since - days));
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          static_cast<unsigned>(time.hours().count()),
          static_cast<unsigned>(time.minutes().count()),
          static_cast<unsigned>(time.seconds().count())};
}

namespace detail {
inline std::string padded(unsigned number, std::size_t width) {
  std::string text = std::to_string(number);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}
}  // namespace detail

// "2026-01-31 09:00"
inline std::string minute_text(std::int64_t ms, int offset_minutes) {
  const CivilTime t = civil_time(ms, offset_minutes);
  using detail::padded;
  return padded(static_cast<unsigned>(t.year), 4) + "-" + padded(t.month, 2) + "-" + padded(t.day, 2) + " " +
         padded(t.hour, 2) + ":" + padded(t.minute, 2);
}

// RFC 3339: "2026-01-31T09:00:00+09:00", or with Z when the offset is 0.
inline std::string rfc3339_text(std::int64_t ms, int offset_minutes = 0) {
  const CivilTime t = civil_time(ms, offset_minutes);
  using detail::padded;
  std::string text = padded(static_cast<unsigned>(t.year), 4) + "-" + padded(t.month, 2) + "-" + padded(t.day, 2) +
                     "T" + padded(t.hour, 2) + ":" + padded(t.minute, 2) + ":" + padded(t.second, 2);
  if (offset_minutes == 0) return text + "Z";
  const unsigned away = static_cast<unsigned>(offset_minutes < 0 ? -offset_minutes : offset_minutes);
  return text + (offset_minutes < 0 ? "-" : "+") + padded(away / 60, 2) + ":" + padded(away % 60, 2);
}

// Milliseconds of "2026-01-31T09:00:00+09:00" or "2026-01-31T00:00:00.5Z"; nothing when it is no such text.
inline std::optional<std::int64_t> read_rfc3339(std::string_view text) {
  const auto digits = [&](std::size_t from, std::size_t count) -> int {
    int number = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
      number = number * 10 + (text[i] - '0');
    }
    return number;
  };
  const auto is = [&](std::size_t at, char c) { return at < text.size() && text[at] == c; };
  const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
  const int hour = digits(11, 2), minute = digits(14, 2), second = digits(17, 2);
  if (!is(4, '-') || !is(7, '-') || !(is(10, 'T') || is(10, 't') || is(10, ' ')) || !is(13, ':') || !is(16, ':'))
    return std::nullopt;
  if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (month < 0 || day < 0 || !date.ok()) return std::nullopt;
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (is(at, '.')) {
    std::int64_t scale = 100;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
      fraction += (text[at] - '0') * scale;
  }
  std::int64_t offset = 0;
  if (is(at, 'Z') || is(at, 'z')) {
    ++at;
  } else if (is(at, '+') || is(at, '-')) {
    const int hours = digits(at + 1, 2), minutes = digits(at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !is(at + 3, ':')) return std::nullopt;
    offset = (hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
    at += 6;
  } else {
    return std::nullopt;
  }
  if (at != text.size()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + fraction;
}

}  // namespace ieum
