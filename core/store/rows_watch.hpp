// Rows that people watch, find and repair with: holds, failures by cause, replays, what a run can be found by, the count by the minute.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace ieum::store {

// Outward actions of what it names wait. One that was released (per_minute is there) lets go, and holds nothing new.
struct HoldRow {
  Id id = 0;
  std::string kind;  // hub (all of it), recipe, connection, connector
  std::string name;
  std::string reason;
  std::string made_by;
  Millis since_ms = 0;
  std::optional<Millis> until_ms;          // ends by itself then
  std::optional<std::int64_t> per_minute;  // released: that many a minute, 0 all at once
  std::optional<Millis> expire_after_ms;   // what waited longer than that does not go when it is released
  std::string expire_then = "skip";        // skip: the step is passed over; cancel: the run ends

  [[nodiscard]] bool of_hub() const { return kind == "hub"; }
  [[nodiscard]] bool released() const { return per_minute.has_value(); }
};

// One cause of failures: where and what. The store opens it when a run fails or stands in doubt.
struct ProblemRow {
  Id id = 0;
  Id recipe = 0;
  std::string step;
  std::string operation;
  Id connection = 0;
  std::string code;
  std::string message;  // of the newest
  bool resolved = false;
  std::int64_t seen = 0;        // in all
  std::int64_t since_open = 0;  // since it was opened last
  std::int64_t reopened = 0;
  Millis first_ms = 0, last_ms = 0;
  Id last_run = 0;
  std::optional<Millis> resolved_ms;
  std::string resolved_by;
};

// A run that was begun from the trigger of another.
struct ReplayRow {
  Id run = 0;
  Id original = 0;
  std::int64_t nth = 0;  // 1: the first of its original
  std::string made_by;
  Millis at_ms = 0;
};
// Of these, in order: which one the next would be.
inline std::int64_t next_replay(const std::vector<ReplayRow>& replays) {
  return replays.empty() ? 1 : replays.back().nth + 1;
}

// A slice of a walk: what was found, and up to where.
struct Found {
  std::vector<Id> ids;
  Id after = 0;
  bool more = false;
};

// In meta: up to which run the search index is.
inline constexpr const char* kSearchCursor = "search.cursor";

// What a run can be found by.
struct SearchDoc {
  Id run = 0;
  std::string text;  // a line for each thing
  std::vector<std::pair<std::string, std::string>> fields;
  bool lives = false;  // it is indexed once more when it has ended
  std::string grams;   // search_grams(text), made where the text is; "" the writer makes them
};

// The recipe and the version that a run goes by.
struct RecipeOf {
  Id recipe = 0, version = 0;
  bool operator==(const RecipeOf&) const = default;
};

// Runs of a recipe by what they do now; failed and ended ones ever, as far as they are kept.
struct RecipeTally {
  Id recipe = 0;
  std::int64_t acting = 0, waiting = 0, in_doubt = 0, failed = 0, ended = 0;
  Millis last_started_ms = 0;  // 0: never
};

// How often the visits of a step ended so.
struct StepCount {
  std::string step;
  int state = 0;  // StepState
  std::int64_t count = 0;
};

struct MinuteRow {
  Millis at_ms = 0;  // begin of the minute
  std::int64_t events = 0, started = 0, ended = 0, failed = 0, steps = 0;
};

}  // namespace ieum::store
