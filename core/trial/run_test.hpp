// Run test: plays one test of a recipe on a stage of its own, sees what came of it, and judges that against what the test
// expects. A test of weeks takes milliseconds. One thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "recipe/test_case.hpp"
#include "trial/coverage.hpp"
#include "trial/stage.hpp"

namespace ieum::trial {

// A step that acted: the vendor took it. Its time is that of the attempt that was taken.
struct Sent {
  Millis at_ms = 0;
  std::string use, step;
  std::string to;  // the address input; of http.request the URL
  Value inputs;
  Value request;  // {method, url, headers, body} as it left, without credentials; null when nothing left
  Id run = 0;
  int iteration = 0;
};

struct EventSeen {
  Millis at_ms = 0;
  std::string name;        // "shopify/orders/create"
  std::string connection;  // its name
  std::string reason;      // why it was set aside; else ""
};

struct RunSeen {
  Id id = 0;
  std::string state, reason, key;
  Millis started_ms = 0;
  std::optional<Millis> ended_ms;
};

// A visit of a step, in the order of the run.
struct Visit {
  Millis opened_ms = 0;
  std::optional<Millis> closed_ms;
  Id run = 0;
  std::string step, operation, state;
  int iteration = 0;
  Value inputs, output;
  std::string error_code, error_text;
};

// A place that a run passed, and where it went on.
struct Passed {
  Millis at_ms = 0;
  std::string from, to;  // instruction ids
};

// What came of a test.
struct Played {
  std::string zone;  // the recipe's
  Millis start_ms = 0, end_ms = 0;
  std::vector<EventSeen> events;
  std::vector<Sent> sent;                                  // in order of time
  std::vector<Visit> visits;                               // of all runs, in order
  std::vector<Passed> path;                                // the same
  std::vector<RunSeen> runs;                               // oldest first
  std::vector<std::pair<std::string, std::string>> steps;  // id, state of its newest visit
  std::vector<std::string> errors;                         // "step: code: message" of failed steps
  std::vector<std::string> not_started;                    // why events started nothing, in order
};

struct Recipe {
  std::string source;
  recipe::Format format = recipe::Format::yaml;
  std::string file;
  std::string name, zone;
};

// Errors: what keeps the test from being played: a recipe that is not taken, an event that nobody knows.
Result<Played> play(const StageParts& parts, const Recipe& recipe, const recipe::TestCase& test,
                    Coverage* coverage = nullptr);

// One line of the two timelines: what was expected beside what came. A line that has both and does not fit differs.
struct TimelineRow {
  const recipe::ExpectedSend* expected = nullptr;  // of the test
  const Sent* actual = nullptr;                    // of what was played
  bool fits = false;
  std::string difference;  // in which the two differ: "the time", "`to`", "`with`"
};

struct Verdict {
  bool passed = false;
  std::vector<TimelineRow> timeline;
  std::vector<std::string> problems;  // beyond the timeline: runs, steps, not_started
};

// `test` and `played` outlive the verdict.
Verdict judge(const recipe::TestCase& test, const Played& played);

}  // namespace ieum::trial
