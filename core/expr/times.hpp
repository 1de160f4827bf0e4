// Timestamps and durations of the expression language, to the nanosecond, as RFC 3339 and as "1h30m", "3.5s". Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/value.hpp"
#include "base/zone.hpp"

namespace ieum::expr {

inline constexpr std::int64_t kTimestampMin = -62'135'596'800;  // 0001-01-01T00:00:00Z
inline constexpr std::int64_t kTimestampMax = 253'402'300'799;  // 9999-12-31T23:59:59Z

std::optional<Timestamp> parse_timestamp(std::string_view text);  // RFC 3339, years 1..9999
std::string timestamp_text(const Timestamp& value);               // UTC, fraction only where there is one

// Units h, m, s, ms, us (also µs), ns with fractions: "1h45m", "-1.5h", "100ns"; "0". Within 64 bits of nanoseconds.
std::optional<Duration> parse_cel_duration(std::string_view text);
std::string cel_duration_text(const Duration& value);  // seconds: "90s", "-0.5s"

// Nothing where the result leaves its range (years 1..9999; 64 bits of nanoseconds).
std::optional<Timestamp> timestamp_from(std::int64_t seconds, std::int64_t nanos = 0);  // nanos of any size and sign
std::optional<Timestamp> shift(const Timestamp& time, const Duration& by, bool back);
std::optional<Duration> difference(const Timestamp& a, const Timestamp& b);
std::optional<Duration> sum(const Duration& a, const Duration& b, bool subtract);

// The wall clock `offset` seconds east of UTC.
CivilTime civil_at(std::int64_t seconds, int offset);

}  // namespace ieum::expr
