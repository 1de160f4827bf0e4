// Wait end: when a wait of a recipe is over. Pure; civil times follow a zone, DST as in Zone::to_instant.
#pragma once
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/zone.hpp"
#include "expr/scope.hpp"
#include "recipe/model.hpp"

namespace ieum::engine {

// for and days without a time: now + N * 24 h. days with a time: the local date + N at that wall time. A time alone:
// the next occurrence after now, so that two such waits never end at one instant. until: a timestamp, an RFC 3339 text,
// or a civil text of the zone ("2026-03-02", "2026-03-02 09:00", "2026-03-02T09:00:30"), with its offset added. A window
// moves an end outside of it to its next opening. May lie before now.
// Errors of evaluation, and "bad_wait" for a value that is no time or a window that never opens.
Result<Millis> wait_end(const recipe::Wait& wait, const Zone& zone, ZoneSource* zones, const expr::Scope& scope,
                        Millis now_ms);

// Whose wall clock counts: the zone that the wait names, else the customer's (trait `timezone`), else the recipe's; one
// that is not known is passed over with a note, and the last resort is Asia/Seoul (+09:00).
const Zone& zone_of_wait(const recipe::Wait& wait, const std::string& recipe_zone, const Value* customer,
                         ZoneSource* zones, std::vector<std::string>& notes);
// Whether the wait's end depends on a zone at all.
bool needs_zone(const recipe::Wait& wait);

}  // namespace ieum::engine
