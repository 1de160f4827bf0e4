// Times and durations as people and vendors write them.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace ieum {

// "90s", "30m", "5h", "7d", "2w", "250ms", joined ("1h30m"); whole numbers only, each unit once, from large to small.
// Not negative; at most 100 years. Error "bad_duration".
Result<Millis> parse_duration(std::string_view text);
// The shortest text that parse_duration reads back: "1h30m".
std::string duration_text(Millis value);

// RFC 3339 with offset or Z, fraction allowed (cut to milliseconds). Error "bad_time".
Result<Millis> parse_rfc3339(std::string_view text);
std::string rfc3339_utc(Millis value);                         // 2026-01-31T00:00:00Z, a fraction when it is not zero
std::string rfc3339_offset(Millis value, int offset_seconds);  // 2026-01-31T09:00:00+09:00
std::string http_date(Millis value);                           // IMF-fixdate

}  // namespace ieum
