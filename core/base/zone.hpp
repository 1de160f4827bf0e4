// Zone: the rules of one time zone as a value, read from a TZif file (RFC 8536) with its POSIX footer. Pure.
// g++ 12 has no zone database, and the packaged date library ignores the footer: after 2037 it would be wrong.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace ieum {

// A wall-clock reading without a zone. month 1..12, day 1..31.
struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  friend auto operator<=>(const CivilTime&, const CivilTime&) = default;
};

std::int64_t days_from_civil(int year, int month, int day);  // days since 1970-01-01, proleptic Gregorian
void civil_from_days(std::int64_t days, int& year, int& month, int& day);
int weekday_from_days(std::int64_t days);  // 0 Sunday .. 6 Saturday

class Zone {
 public:
  static Result<Zone> from_tzif(std::string name, std::string_view bytes);
  static Zone fixed(std::string name, int offset_seconds);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int offset_at(Millis instant) const;  // seconds east of UTC
  [[nodiscard]] CivilTime to_civil(Millis instant) const;
  // The instant of a wall time: a time inside a gap gives the first valid instant after it, an ambiguous one the first
  // occurrence.
  [[nodiscard]] Millis to_instant(const CivilTime& civil) const;

 private:
  struct Transition {
    std::int64_t at;  // seconds
    int offset;
  };
  struct PosixRule {
    int kind = 0;  // 0 none, 1 Jn, 2 n, 3 Mm.w.d
    int month = 0, week = 0, day = 0;
    int time = 0;  // seconds after local midnight; may be negative or beyond a day
  };
  std::string name_;
  int first_offset_ = 0;
  std::vector<Transition> transitions_;  // ascending
  int std_offset_ = 0, dst_offset_ = 0;
  PosixRule dst_start_, dst_end_;
  bool has_footer_ = false;

  [[nodiscard]] int footer_offset(std::int64_t seconds) const;
  friend struct ZoneReader;
};

// Finds zones by IANA name. Names are checked against an allow-list of characters before they become a path.
class ZoneSource {
 public:
  virtual ~ZoneSource() = default;
  // Error "unknown_zone". The pointer lives as long as the source. [any-thread]
  virtual Result<const Zone*> find(std::string_view name) = 0;
};

// /usr/share/zoneinfo, each zone read once; Asia/Seoul is built in for machines without tzdata (base/zone_files.cpp).
std::unique_ptr<ZoneSource> system_zones(std::string directory = "/usr/share/zoneinfo");

}  // namespace ieum
