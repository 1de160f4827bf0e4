// History: what a recipe's queries over the events of one customer answer. Pure: the events come in, a map goes out.
//
// A window is half-open: an event counts while t > now - within. `since: entry` counts those behind the beginning of the run.
#pragma once
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "recipe/model.hpp"

namespace ieum::engine {

// Of one query: the newest events that it looks at; of more than these its answer says so (`history_capped`).
inline constexpr int kHistoryMax = 10'000;

struct PastEvent {
  Millis at_ms = 0;  // event time
  Value fields;      // standard fields
};

// The first instant that counts for the query. started_ms: of the run.
Millis history_from(const recipe::HistoryQuery& query, Millis started_ms, Millis now_ms);

// {count, first, last, history_capped}, and `sum` and `distinct` where the query asks for them. first and last are timestamps, null
// when nothing came. `past`: from history_from on, newest first, one more than kHistoryMax where there are more. What a `where`
// cannot be judged of does not count; a sum passes over what is no number.
Value history_answer(const recipe::HistoryQuery& query, const std::vector<PastEvent>& past, const Value& trigger,
                     ZoneSource* zones);

}  // namespace ieum::engine
