#include "base/zone.hpp"

#include <algorithm>

namespace ieum {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kOffsetMax = 26 * 3'600;  // RFC 8536 3.2: offsets lie within -25:59:59 .. +25:59:59

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int year_of(std::int64_t local_seconds) {
  int year = 0, month = 0, day = 0;
  civil_from_days(floor_divide(local_seconds, kDaySeconds), year, month, day);
  return year;
}

}  // namespace

// Both directions follow Howard Hinnant's description of the civil calendar: years begin in March, eras have 400 years.
std::int64_t days_from_civil(int year, int month, int day) {
  const std::int64_t shifted = static_cast<std::int64_t>(year) - (month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(shifted, 400);
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

void civil_from_days(std::int64_t days, int& year, int& month, int& day) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_divide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
}

int weekday_from_days(std::int64_t days) {
  const std::int64_t shifted = days + 4;  // 1970-01-01 was a Thursday
  return static_cast<int>(shifted - floor_divide(shifted, 7) * 7);
}

// Reads one TZif file. The 32-bit block is skipped: every file since 2005 has the 64-bit block and the footer.
struct ZoneReader {
  std::string_view rest;

  struct Counts {
    std::uint32_t universal = 0, standard = 0, leaps = 0, times = 0, types = 0, chars = 0;
  };

  bool take(std::size_t size, std::string_view& out) {
    if (rest.size() < size) return false;
    out = rest.substr(0, size);
    rest.remove_prefix(size);
    return true;
  }

  static std::int64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
    if (bytes.size() == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    return static_cast<std::int64_t>(value);
  }

  bool header(Counts& counts) {
    std::string_view head;
    if (!take(44, head) || !head.starts_with("TZif") || head[4] < '2') return false;
    std::uint32_t* const fields[] = {&counts.universal, &counts.standard, &counts.leaps,
                                     &counts.times,     &counts.types,    &counts.chars};
    for (std::size_t i = 0; i < 6; ++i) *fields[i] = static_cast<std::uint32_t>(big_endian(head.substr(20 + 4 * i, 4)));
    return counts.types >= 1 && counts.types <= 256;
  }

  static std::size_t block_size(const Counts& counts, std::size_t time_size) {
    const auto wide = [](std::uint32_t count) { return static_cast<std::size_t>(count); };
    return wide(counts.times) * (time_size + 1) + wide(counts.types) * 6 + wide(counts.chars) +
           wide(counts.leaps) * (time_size + 4) + wide(counts.standard) + wide(counts.universal);
  }

  bool block(const Counts& counts, Zone& zone) {
    std::string_view times, indexes, types, skipped;
    if (counts.leaps != 0) return false;  // the "right" zones count leap seconds; the hub's clock does not
    if (!take(std::size_t{counts.times} * 8, times) || !take(counts.times, indexes) ||
        !take(std::size_t{counts.types} * 6, types) ||
        !take(std::size_t{counts.chars} + counts.standard + counts.universal, skipped))
      return false;
    std::vector<int> offsets;
    for (std::uint32_t i = 0; i < counts.types; ++i) {
      const std::int64_t offset = big_endian(types.substr(std::size_t{i} * 6, 4));
      if (offset <= -kOffsetMax || offset >= kOffsetMax) return false;
      offsets.push_back(static_cast<int>(offset));
    }
    zone.first_offset_ = offsets.front();
    for (std::uint32_t i = 0; i < counts.times; ++i) {
      const std::int64_t at = big_endian(times.substr(std::size_t{i} * 8, 8));
      const auto type = static_cast<unsigned char>(indexes[i]);
      if (type >= offsets.size()) return false;
      if (!zone.transitions_.empty() && at <= zone.transitions_.back().at) return false;
      zone.transitions_.push_back({at, offsets[type]});
    }
    return true;
  }

  bool number(int& out, int most) {
    std::size_t digits = 0;
    out = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits) {
      out = out * 10 + (rest[digits] - '0');
      if (out > most) return false;
    }
    rest.remove_prefix(digits);
    return digits > 0;
  }

  bool symbol(char wanted) {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
  }

  // [+-]hh[:mm[:ss]]
  bool clock_time(int& seconds, int hours_max) {
    const bool negative = symbol('-');
    if (!negative) symbol('+');
    int hours = 0, minutes = 0, rest_seconds = 0;
    if (!number(hours, hours_max)) return false;
    if (symbol(':')) {
      if (!number(minutes, 59)) return false;
      if (symbol(':') && !number(rest_seconds, 59)) return false;
    }
    seconds = hours * 3'600 + minutes * 60 + rest_seconds;
    if (negative) seconds = -seconds;
    return true;
  }

  bool abbreviation() {
    std::size_t length = 0;
    if (symbol('<')) {
      length = rest.find('>');
      if (length == std::string_view::npos || length < 1) return false;
      rest.remove_prefix(length + 1);
      return true;
    }
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    while (length < rest.size() && letter(rest[length])) ++length;
    rest.remove_prefix(length);
    return length >= 3;
  }

  bool rule(Zone::PosixRule& out) {
    out.time = 2 * 3'600;
    if (symbol('M')) {
      out.kind = 3;
      if (!number(out.month, 12) || out.month < 1 || !symbol('.') || !number(out.week, 5) || out.week < 1 ||
          !symbol('.') || !number(out.day, 6))
        return false;
    } else if (symbol('J')) {
      out.kind = 1;
      if (!number(out.day, 365) || out.day < 1) return false;
    } else {
      out.kind = 2;
      if (!number(out.day, 365)) return false;
    }
    return !symbol('/') || clock_time(out.time, 167);
  }

  // The POSIX TZ string between two line ends; its offsets count west of Greenwich.
  bool footer(Zone& zone) {
    if (!symbol('\n')) return false;
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return false;
    rest = rest.substr(0, end);
    if (rest.empty()) return true;  // no rule known: the last transition holds
    int west = 0;
    if (!abbreviation() || !clock_time(west, 24)) return false;
    zone.has_footer_ = true;
    zone.std_offset_ = zone.dst_offset_ = -west;
    if (rest.empty()) return true;
    zone.dst_offset_ += 3'600;
    if (!abbreviation()) return false;
    if (!rest.empty() && rest.front() != ',') {
      if (!clock_time(west, 24)) return false;
      zone.dst_offset_ = -west;
    }
    return symbol(',') && rule(zone.dst_start_) && symbol(',') && rule(zone.dst_end_) && rest.empty();
  }

  bool read(Zone& zone) {
    Counts old_counts, counts;
    std::string_view old_block;
    return header(old_counts) && take(block_size(old_counts, 4), old_block) && header(counts) && block(counts, zone) &&
           footer(zone);
  }

  // Seconds of local time at which the rule fires in that year.
  static std::int64_t rule_local(const Zone::PosixRule& rule, int year) {
    const std::int64_t january = days_from_civil(year, 1, 1);
    std::int64_t day = january;
    if (rule.kind == 1) {
      day += rule.day - 1 + (is_leap(year) && rule.day >= 60 ? 1 : 0);
    } else if (rule.kind == 2) {
      day += rule.day;
    } else {
      const std::int64_t first = days_from_civil(year, rule.month, 1);
      const std::int64_t next_month =
          rule.month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, rule.month + 1, 1);
      day = first + (rule.day - weekday_from_days(first) + 7) % 7 + 7 * (rule.week - 1);
      if (day >= next_month) day -= 7;
    }
    return day * kDaySeconds + rule.time;
  }
};

Result<Zone> Zone::from_tzif(std::string name, std::string_view bytes) {
  Zone zone;
  zone.name_ = std::move(name);
  ZoneReader reader{bytes};
  if (!reader.read(zone))
    return Error("bad_zone_file", "the time zone file of " + zone.name_ + " cannot be read",
                 "install the package tzdata again");
  return zone;
}

Zone Zone::fixed(std::string name, int offset_seconds) {
  Zone zone;
  zone.name_ = std::move(name);
  zone.first_offset_ = offset_seconds;
  return zone;
}

int Zone::footer_offset(std::int64_t seconds) const {
  if (dst_start_.kind == 0) return std_offset_;
  const int year = year_of(seconds + std_offset_);
  const std::int64_t start = ZoneReader::rule_local(dst_start_, year) - std_offset_;
  const std::int64_t end = ZoneReader::rule_local(dst_end_, year) - dst_offset_;
  const bool daylight = start < end ? seconds >= start && seconds < end : seconds < end || seconds >= start;
  return daylight ? dst_offset_ : std_offset_;
}

int Zone::offset_at(Millis instant) const {
  const std::int64_t seconds = floor_divide(instant, kSecond);
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), seconds,
                                      [](std::int64_t value, const Transition& entry) { return value < entry.at; });
  if (after == transitions_.end() && has_footer_) return footer_offset(seconds);
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

CivilTime Zone::to_civil(Millis instant) const {
  const Millis local = instant + offset_at(instant) * kSecond;
  const std::int64_t days = floor_divide(local, kDay);
  CivilTime civil;
  civil_from_days(days, civil.year, civil.month, civil.day);
  auto rest = static_cast<int>(local - days * kDay);
  civil.millisecond = rest % 1'000;
  rest /= 1'000;
  civil.second = rest % 60;
  civil.minute = rest / 60 % 60;
  civil.hour = rest / 3'600;
  return civil;
}

Millis Zone::to_instant(const CivilTime& civil) const {
  const std::int64_t local = days_from_civil(civil.year, civil.month, civil.day) * kDaySeconds + civil.hour * 3'600 +
                             civil.minute * 60 + civil.second;
  // Every instant that could show this wall time lies in here. Between two bounds the offset stands still.
  const std::int64_t low = local - kOffsetMax;
  const std::int64_t high = local + kOffsetMax;
  std::vector<std::int64_t> bounds;
  const auto first = std::upper_bound(transitions_.begin(), transitions_.end(), low,
                                      [](std::int64_t value, const Transition& entry) { return value < entry.at; });
  for (auto entry = first; entry != transitions_.end() && entry->at < high; ++entry) bounds.push_back(entry->at);
  if (has_footer_ && dst_start_.kind != 0) {
    for (int year = civil.year - 1; year <= civil.year + 1; ++year) {
      bounds.push_back(ZoneReader::rule_local(dst_start_, year) - std_offset_);
      bounds.push_back(ZoneReader::rule_local(dst_end_, year) - dst_offset_);
    }
    std::erase_if(bounds, [&](std::int64_t at) { return at <= low || at >= high; });
    std::sort(bounds.begin(), bounds.end());
  }
  bounds.push_back(high);

  // The local clock runs up within a piece and jumps at its end: the first instant that reaches the wall time is it.
  std::int64_t piece = low;
  for (const std::int64_t bound : bounds) {
    const std::int64_t at = local - offset_at(piece * kSecond);
    if (at < piece) return piece * kSecond;  // the jump went over it
    if (at < bound) return at * kSecond + civil.millisecond;
    piece = bound;
  }
  return high * kSecond;
}

}  // namespace ieum
