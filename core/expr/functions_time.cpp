// Parts of timestamps and durations; zone offsets.
#include "base/zone.hpp"
#include "expr/functions.hpp"
#include "expr/times.hpp"

namespace ieum::expr {
namespace {

enum class Part { year, month, day_of_year, day_of_month, date, weekday, hours, minutes, seconds, milliseconds };

std::int64_t part_of(const Timestamp& time, int offset, Part part) {
  const CivilTime civil = civil_at(time.seconds, offset);
  switch (part) {
    case Part::year: return civil.year;
    case Part::month: return civil.month - 1;
    case Part::day_of_year:
      return days_from_civil(civil.year, civil.month, civil.day) - days_from_civil(civil.year, 1, 1);
    case Part::day_of_month: return civil.day - 1;
    case Part::date: return civil.day;
    case Part::weekday: return weekday_from_days(days_from_civil(civil.year, civil.month, civil.day));
    case Part::hours: return civil.hour;
    case Part::minutes: return civil.minute;
    case Part::seconds: return civil.second;
    case Part::milliseconds: return time.nanos / 1'000'000;
  }
  return 0;
}

template <Part part>
bool get(Evaluation& e, std::span<Operand> args, Operand& out) {
  const Value& value = args[0].get();
  if (const Timestamp* time = value.if_timestamp()) {
    int offset = 0;
    if (args.size() > 1) {
      const std::string* zone = args[1].get().if_string();
      if (!zone) return e.no_overload(e.node().name, args);
      if (!e.offset_at(*zone, time->seconds, offset)) return false;
    }
    out.set(Value(part_of(*time, offset, part)));
    return true;
  }
  const Duration* duration = value.if_duration();
  if (!duration || args.size() > 1) return e.no_overload(e.node().name, args);
  switch (part) {
    case Part::hours: out.set(Value(duration->seconds / 3600)); return true;
    case Part::minutes: out.set(Value(duration->seconds / 60)); return true;
    case Part::seconds: out.set(Value(duration->seconds)); return true;
    case Part::milliseconds: out.set(Value(static_cast<std::int64_t>(duration->nanos / 1'000'000))); return true;
    default: return e.no_overload(e.node().name, args);
  }
}

template <Part part>
constexpr Function getter(std::string_view name) {
  return {.name = name,
          .form = kMethod,
          .min_args = 1,
          .max_args = 2,
          .call = get<part>,
          .result = StaticType::integer,
          .folds = false};
}

constexpr Function kTable[] = {
    getter<Part::year>("getFullYear"),
    getter<Part::month>("getMonth"),
    getter<Part::day_of_year>("getDayOfYear"),
    getter<Part::day_of_month>("getDayOfMonth"),
    getter<Part::date>("getDate"),
    getter<Part::weekday>("getDayOfWeek"),
    getter<Part::hours>("getHours"),
    getter<Part::minutes>("getMinutes"),
    getter<Part::seconds>("getSeconds"),
    getter<Part::milliseconds>("getMilliseconds"),
};

// "+09:00", "-02:30", "02:00"; seconds east.
std::optional<int> fixed_offset(std::string_view zone) {
  int sign = 1;
  if (!zone.empty() && (zone.front() == '+' || zone.front() == '-')) {
    sign = zone.front() == '-' ? -1 : 1;
    zone.remove_prefix(1);
  }
  if (zone.size() != 5 || zone[2] != ':') return std::nullopt;
  for (const std::size_t i : {0, 1, 3, 4})
    if (zone[i] < '0' || zone[i] > '9') return std::nullopt;
  const int hours = (zone[0] - '0') * 10 + (zone[1] - '0');
  const int minutes = (zone[3] - '0') * 10 + (zone[4] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

}  // namespace

std::span<const Function> time_functions() { return kTable; }

bool Evaluation::offset_at(std::string_view zone, std::int64_t seconds, int& offset) {
  offset = 0;
  if (zone.empty() || zone == "UTC" || zone == "Z") return true;
  if (const std::optional<int> fixed = fixed_offset(zone)) {
    offset = *fixed;
    return true;
  }
  if (!charge(20)) return false;
  if (limits_.zones) {
    Result<const Zone*> found = limits_.zones->find(zone);
    if (found) {
      offset = (*found)->offset_at(seconds * 1000);
      return true;
    }
  }
  return fail(Code::unknown_zone, "there is no time zone '" + std::string(zone.substr(0, 60)) + "'",
              "name it like Asia/Seoul or +09:00");
}

}  // namespace ieum::expr
