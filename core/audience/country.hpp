// Country: what the law of one country asks of advertising, as data: night, label, how long a consent and a purchase speak for
// somebody, what must be told and when. `korea()` is built in; another country is a JSON file of the same shape. No rule of a
// country stands in code anywhere else.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"

namespace ieum::audience {

// Minutes after local midnight (0 to 1439), half-open; from > to goes over midnight; from == to: never closed.
struct Hours {
  int from_minute = 0, to_minute = 0;
  [[nodiscard]] bool holds(int minute) const {
    return from_minute <= to_minute ? from_minute <= minute && minute < to_minute
                                    : minute >= from_minute || minute < to_minute;
  }
};

struct Country {
  std::string code;                       // "kr"
  std::string zone;                       // whose wall clock the night and all dates below go by
  Hours night;                            // advertising rests unless the customer agreed to it at night
  std::vector<std::string> night_exempt;  // channels that may advertise at night: "email"
  std::string label;                      // at the very beginning of an advertisement, exactly so: "(광고)"
  std::vector<std::string>
      label_look_alikes;             // what has passed for it and does not: "[광고]"; without spaces and points
  std::string free_opt_out;          // "무료수신거부"
  int existing_customer_months = 0;  // after a purchase, for the same kind of goods; 0: consent alone counts
  int confirm_years = 0;             // a consent ends at its anniversary unless it was confirmed before; 0: never
  int confirm_notice_days = 0;       // that notice is due so long before
  int result_notice_days = 0;  // within which the result of a consent, refusal or withdrawal is told; 0: not at all
};

// Errors: "bad_country", naming the key.
Result<Country> read_country(const Value& file);

// Act on Promotion of Information and Communications Network Utilization, Art. 50, and its Decree, Art. 61 to 62-3.
Country korea();

// The same wall time so many months (years: twelve of them) later; a day that the month does not have becomes its last:
// 31 August + 6 months is 28 or 29 February.
Millis months_later(Millis instant, int months, const Zone& zone);
// The first instant at or after `now` that is not within the hours.
Millis opens_at(const Hours& closed, Millis now, const Zone& zone);

}  // namespace ieum::audience
