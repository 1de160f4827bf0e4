#include "engine/wait_end.hpp"

#include <algorithm>
#include <optional>

#include "base/encoding.hpp"
#include "base/time_text.hpp"

namespace ieum::engine {

namespace {

const Zone& seoul() {
  static const Zone kSeoul = Zone::fixed("Asia/Seoul", 9 * 3600);
  return kSeoul;
}

CivilTime wall_time(std::int64_t day, int minute_of_day) {
  constexpr int kDayMinutes = 24 * 60;
  CivilTime civil;
  civil_from_days(day + minute_of_day / kDayMinutes, civil.year, civil.month, civil.day);
  minute_of_day %= kDayMinutes;
  civil.hour = minute_of_day / 60;
  civil.minute = minute_of_day % 60;
  return civil;
}

Millis civil_end(const recipe::Wait& wait, const Zone& zone, Millis now_ms) {
  const CivilTime now = zone.to_civil(now_ms);
  const std::int64_t today = days_from_civil(now.year, now.month, now.day);
  if (wait.days) return zone.to_instant(wall_time(today + *wait.days, *wait.at_minute));
  const Millis here = zone.to_instant(wall_time(today, *wait.at_minute));
  return here > now_ms ? here : zone.to_instant(wall_time(today + 1, *wait.at_minute));
}

// "2026-03-02", "2026-03-02T09:00", "2026-03-02 09:00:30"
std::optional<CivilTime> parse_civil(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (std::size_t i = at; i < at + size; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  const bool date = text.size() == 10, minutes = text.size() == 16, seconds = text.size() == 19;
  if (!(date || minutes || seconds) || text[4] != '-' || text[7] != '-') return {};
  CivilTime civil;
  civil.year = number(0, 4);
  civil.month = number(5, 2);
  civil.day = number(8, 2);
  if (!date) {
    if ((text[10] != 'T' && text[10] != ' ') || text[13] != ':') return {};
    civil.hour = number(11, 2);
    civil.minute = number(14, 2);
  }
  if (seconds) {
    if (text[16] != ':') return {};
    civil.second = number(17, 2);
  }
  const bool in_range = civil.year >= 1 && civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.hour >= 0 &&
                        civil.hour <= 23 && civil.minute >= 0 && civil.minute <= 59 && civil.second >= 0 &&
                        civil.second <= 59;
  if (!in_range) return {};
  // 31 February is no date: going there and back must give the same day.
  int year = 0, month = 0, day = 0;
  civil_from_days(days_from_civil(civil.year, civil.month, civil.day), year, month, day);
  if (year != civil.year || month != civil.month || day != civil.day) return {};
  return civil;
}

Result<Millis> time_of(const Value& value, const Zone& zone) {
  if (const Timestamp* timestamp = value.if_timestamp())
    return timestamp->seconds * kSecond + timestamp->nanos / 1'000'000;
  if (const std::string* text = value.if_string()) {
    const std::string_view trimmed = trim(*text);
    if (const auto instant = parse_rfc3339(trimmed)) return *instant;
    if (const auto civil = parse_civil(trimmed)) return zone.to_instant(*civil);
    return Error("bad_wait", "the text is no time", "give 2026-03-02T09:00:00+09:00, 2026-03-02 09:00 or a timestamp");
  }
  return Error("bad_wait", "the value is no time", "give a timestamp, or a text like 2026-03-02T09:00:00+09:00");
}

// The first instant from `from_ms` on that lies in the window. A window that begins on a day before may still be open.
std::optional<Millis> next_opening(const recipe::Window& window, const Zone& zone, Millis from_ms) {
  const CivilTime local = zone.to_civil(from_ms);
  const std::int64_t today = days_from_civil(local.year, local.month, local.day);
  const bool over_midnight = window.to_minute <= window.from_minute;
  for (std::int64_t day = today - 1; day <= today + 8; ++day) {
    const auto& days = window.weekdays;
    if (!days.empty() && std::find(days.begin(), days.end(), weekday_from_days(day)) == days.end()) continue;
    const Millis open = zone.to_instant(wall_time(day, window.from_minute));
    const Millis close = zone.to_instant(wall_time(day + (over_midnight ? 1 : 0), window.to_minute));
    if (open < close && from_ms < close) return std::max(open, from_ms);
  }
  return {};
}

Result<Millis> end_before_window(const recipe::Wait& wait, const Zone& zone, ZoneSource* zones,
                                 const expr::Scope& scope, Millis now_ms) {
  if (wait.duration_for) return now_ms + *wait.duration_for;
  if (wait.until) {
    expr::Limits limits;
    limits.zones = zones;
    IEUM_TRY(const Value value, wait.until->expression.evaluate(scope, limits));
    IEUM_TRY(const Millis time, time_of(value, zone));
    return time + wait.offset_for;
  }
  if (wait.at_minute) return civil_end(wait, zone, now_ms);
  return now_ms + wait.days.value_or(0) * kDay;
}

}  // namespace

bool needs_zone(const recipe::Wait& wait) { return wait.at_minute || wait.until || wait.window; }

const Zone& zone_of_wait(const recipe::Wait& wait, const std::string& recipe_zone, const Value* customer,
                         ZoneSource* zones, std::vector<std::string>& notes) {
  if (zones == nullptr) return seoul();
  std::vector<std::string> names{wait.zone};
  if (wait.zone.empty() && customer != nullptr) names.push_back(customer->text("timezone"));
  names.push_back(recipe_zone);
  for (const std::string& name : names) {
    if (name.empty()) continue;
    const auto found = zones->find(name);
    if (found) return **found;
    notes.push_back("there is no time zone \"" + name.substr(0, 64) + "\"; the next one counts");
  }
  return seoul();
}

Result<Millis> wait_end(const recipe::Wait& wait, const Zone& zone, ZoneSource* zones, const expr::Scope& scope,
                        Millis now_ms) {
  IEUM_TRY(const Millis end, end_before_window(wait, zone, zones, scope, now_ms));
  if (!wait.window) return end;
  // A wait whose end is past asks whether the window is open now.
  const auto opening = next_opening(*wait.window, zone, std::max(end, now_ms));
  if (!opening) return Error("bad_wait", "the window never opens", "let it begin before it ends, on at least one day");
  return *opening;
}

}  // namespace ieum::engine
