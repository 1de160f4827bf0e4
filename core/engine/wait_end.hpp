// Wait end: when a wait of a recipe is over. Pure; civil times follow the recipe's zone, DST as in Zone::to_instant.
#pragma once
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/zone.hpp"
#include "expr/scope.hpp"
#include "recipe/model.hpp"

namespace ieum::engine {

// for and days without a time: now + N * 24 h. days with a time: the local date + N at that wall time. A time alone:
// the next occurrence after now, so that two such waits never end at one instant. until: a timestamp, an RFC 3339 text,
// or a civil text of the recipe's zone ("2026-03-02", "2026-03-02 09:00", "2026-03-02T09:00:30").
// May lie before now. Without zones, or with a zone they do not know, wall times are those of Asia/Seoul (+09:00).
// Errors of evaluation, and "bad_wait" for a value that is no time.
Result<Millis> wait_end(const recipe::Wait& wait, const std::string& zone_name, ZoneSource* zones,
                        const expr::Scope& scope, Millis now_ms);

}  // namespace ieum::engine
