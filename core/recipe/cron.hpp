// Cron: five fields (minute hour day month weekday) as sets, and the next time that they name in a zone. Pure.
// Names (mon, jan), lists, ranges, steps, 7 for Sunday, and @daily, @weekly, @monthly, @hourly. Where day and weekday are
// both restricted, either is enough, as in crontab(5).
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/zone.hpp"

namespace ieum::recipe {

struct Cron {
  std::uint64_t minutes = 0;   // bit n: minute n
  std::uint32_t hours = 0;     // bit n: hour n
  std::uint32_t days = 0;      // bit n: day n of the month, 1-31
  std::uint32_t months = 0;    // bit n: month n, 1-12
  std::uint32_t weekdays = 0;  // bit n: 0 Sunday ... 6 Saturday
  bool any_day = true;         // day is *
  bool any_weekday = true;     // weekday is *
};

// Errors: "bad_cron" with what was expected; place is the field's number, from 1. A date that never comes (30 February)
// is an error too.
Result<Cron> parse_cron(std::string_view text);

// The first time after `after_ms`, strictly. A wall time in a gap of the zone is its first valid instant, one that comes
// twice is the first of them; no two firings share an instant. Nothing within eight years: none.
std::optional<Millis> next_time(const Cron& cron, const Zone& zone, Millis after_ms);

}  // namespace ieum::recipe
