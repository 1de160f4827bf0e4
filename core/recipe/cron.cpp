#include "recipe/cron.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "recipe/findings.hpp"

namespace ieum::recipe {

namespace {

constexpr std::size_t kTextMax = 200;
constexpr std::int64_t kDaysAhead = 8 * 366 + 2;
constexpr Millis kYear9000 = 221'845'392'000'000;  // beyond it calendars are a guess

struct Field {
  const char* name;
  int lowest, highest;
  std::vector<std::string> words;  // of lowest, lowest + 1 ...
};

const std::array<Field, 5>& fields() {
  static const std::array<Field, 5> all = {{
      {"minute", 0, 59, {}},
      {"hour", 0, 23, {}},
      {"day", 1, 31, {}},
      {"month", 1, 12, {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
      {"weekday", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
  }};
  return all;
}

Error bad_cron(std::size_t field, std::string what, std::string mend) {
  Error error("bad_cron", std::move(what), std::move(mend));
  error.place = std::to_string(field);
  return error;
}

// One field as a set of bits; an Error's place is `number`.
class FieldReader {
 public:
  FieldReader(const Field& field, std::size_t number) : field_(field), number_(number) {}

  Result<std::uint64_t> read(std::string_view text) {
    std::uint64_t bits = 0;
    while (true) {
      const std::size_t comma = text.find(',');
      const auto part = item(text.substr(0, comma));
      if (part.has_error()) return part.error();
      bits |= *part;
      if (comma == std::string_view::npos) return bits;
      text.remove_prefix(comma + 1);
    }
  }

 private:
  [[nodiscard]] std::string range_text() const {
    return std::to_string(field_.lowest) + "-" + std::to_string(field_.highest);
  }

  [[nodiscard]] Error bad(const std::string& what, const std::string& mend) const {
    return bad_cron(number_, "in the cron's " + std::string(field_.name) + ": " + what, mend);
  }

  [[nodiscard]] static std::optional<int> number(std::string_view text) {
    if (text.empty() || text.size() > 4) return {};
    int value = 0;
    for (const char c : text) {
      if (c < '0' || c > '9') return {};
      value = value * 10 + (c - '0');
    }
    return value;
  }

  [[nodiscard]] Result<int> value(std::string_view text) const {
    const std::string lower = to_lower_ascii(text);
    for (std::size_t i = 0; i < field_.words.size(); ++i)
      if (lower == field_.words[i]) return field_.lowest + static_cast<int>(i);
    const auto found = number(text);
    if (found && *found >= field_.lowest && *found <= field_.highest) return *found;
    const std::string shown = text.empty() ? "nothing" : quoted(text);
    const std::string names = field_.words.empty() ? "" : " or " + field_.words.front() + "-" + field_.words.back();
    return bad(shown + " is no " + field_.name, "write " + range_text() + names + ", * for every one, or */n");
  }

  Result<std::uint64_t> item(std::string_view text) const {
    const std::size_t slash = text.find('/');
    const std::string_view range = text.substr(0, slash);
    int first = field_.lowest, last = field_.highest;
    const bool star = range == "*";
    if (!star) {
      const std::size_t dash = range.find('-');
      const auto from = value(range.substr(0, dash));
      if (from.has_error()) return from.error();
      first = last = *from;
      if (dash != std::string_view::npos) {
        const auto to = value(range.substr(dash + 1));
        if (to.has_error()) return to.error();
        last = *to;
        if (is_weekday() && last == 0) last = 7;  // fri-sun
      } else if (slash != std::string_view::npos) {
        return bad("a step needs a range", "write " + std::string(range) + "-" + std::to_string(field_.highest) +
                                               std::string(text.substr(slash)));
      }
      if (last < first)
        return bad("a range that goes backwards", "write the smaller one first, or two ranges with a comma");
    }
    int step = 1;
    if (slash != std::string_view::npos) {
      const auto given = number(text.substr(slash + 1));
      if (!given || *given < 1 || *given > field_.highest - field_.lowest)
        return bad("a step must be a number that fits into " + range_text(), "write it like */5");
      step = *given;
    }
    std::uint64_t bits = 0;
    const int end = star && is_weekday() ? 6 : last;
    for (int i = first; i <= end; i += step) bits |= std::uint64_t{1} << (is_weekday() ? i % 7 : i);
    return bits;
  }

  [[nodiscard]] bool is_weekday() const { return field_.highest == 7; }

  const Field& field_;
  std::size_t number_;
};

Result<std::string_view> expanded(std::string_view text) {
  const std::string name = to_lower_ascii(text);
  if (name == "@hourly") return std::string_view("0 * * * *");
  if (name == "@daily") return std::string_view("0 0 * * *");
  if (name == "@weekly") return std::string_view("0 0 * * 0");
  if (name == "@monthly") return std::string_view("0 0 1 * *");
  return bad_cron(1, "there is no cron " + quoted(text), "write @hourly, @daily, @weekly, @monthly, or five fields");
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(" \t"); at != std::string_view::npos;
       at = text.find_first_not_of(" \t", at)) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool has_bit(std::uint64_t bits, int n) { return (bits >> n & 1) != 0; }

bool has_date(const Cron& cron) {
  constexpr std::array kLengths = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int month = 1; month <= 12; ++month)
    for (int day = 1; day <= kLengths[static_cast<std::size_t>(month - 1)]; ++day)
      if (has_bit(cron.months, month) && has_bit(cron.days, day)) return true;
  return false;
}

bool day_matches(const Cron& cron, std::int64_t number, const CivilTime& date) {
  if (!has_bit(cron.months, date.month)) return false;
  const bool day = has_bit(cron.days, date.day);
  const bool weekday = has_bit(cron.weekdays, weekday_from_days(number));
  // crontab(5): where both are restricted, either is enough.
  return cron.any_day || cron.any_weekday ? day && weekday : day || weekday;
}

}  // namespace

Result<Cron> parse_cron(std::string_view text) {
  constexpr const char* kShape = "write minute hour day month weekday, like 0 10 * * mon";
  if (text.size() > kTextMax) return bad_cron(1, "the cron is too long", kShape);
  std::vector<std::string_view> words = words_of(text);
  if (words.size() == 1 && words[0].starts_with("@")) {
    const auto five = expanded(words[0]);
    if (five.has_error()) return five.error();
    words = words_of(*five);
  }
  if (words.size() != fields().size())
    return bad_cron(std::min<std::size_t>(words.size(), fields().size() + 1),
                    "a cron has five fields, but this one has " + std::to_string(words.size()), kShape);
  std::array<std::uint64_t, 5> bits{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto read = FieldReader(fields()[i], i + 1).read(words[i]);
    if (read.has_error()) return read.error();
    bits[i] = *read;
  }
  Cron cron;
  cron.minutes = bits[0];
  cron.hours = static_cast<std::uint32_t>(bits[1]);
  cron.days = static_cast<std::uint32_t>(bits[2]);
  cron.months = static_cast<std::uint32_t>(bits[3]);
  cron.weekdays = static_cast<std::uint32_t>(bits[4]);
  cron.any_day = words[2] == "*";
  cron.any_weekday = words[4] == "*";
  if (cron.any_weekday && !has_date(cron))
    return bad_cron(3, "no year has such a date", "choose a day that the month has");
  return cron;
}

std::optional<Millis> next_time(const Cron& cron, const Zone& zone, Millis after_ms) {
  if (after_ms < -kYear9000 || after_ms > kYear9000) return {};
  const CivilTime here = zone.to_civil(after_ms);
  // A day that a zone leaves out ends at the next midnight: begin two days early.
  const std::int64_t today = days_from_civil(here.year, here.month, here.day);
  for (std::int64_t number = today - 2; number <= today + kDaysAhead; ++number) {
    CivilTime wall;
    civil_from_days(number, wall.year, wall.month, wall.day);
    if (!day_matches(cron, number, wall)) continue;
    wall.hour = 23;
    wall.minute = 59;
    if (zone.to_instant(wall) <= after_ms) continue;
    for (wall.hour = 0; wall.hour < 24; ++wall.hour) {
      if (!has_bit(cron.hours, wall.hour)) continue;
      for (wall.minute = 0; wall.minute < 60; ++wall.minute) {
        if (!has_bit(cron.minutes, wall.minute)) continue;
        // Wall times ascend, and so do their instants: those of a gap meet in its end, those of an overlap in its first.
        if (const Millis instant = zone.to_instant(wall); instant > after_ms) return instant;
      }
    }
  }
  return {};
}

}  // namespace ieum::recipe
