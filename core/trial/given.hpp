// Given: the body of an event that a test gives. A sample is moved in time: the fields that tell when the event happened
// (the manifest's `at`) get the instant, every other RFC 3339 time in it keeps its distance from them; `with` is laid over
// it afterwards and says what it says. A `body` is taken as it is. Where an answer to a step tells whose it is, samples and
// recorded bodies hold kRecordedKey. Pure.
#pragma once
#include "base/error.hpp"
#include "host/connector.hpp"
#include "recipe/test_case.hpp"

namespace ieum::trial {

// `step_key`: of the visit that it answers; "" when the test names no step, or none that was visited.
// Errors: "unknown_connector", "unknown_event", "unknown_sample", "no_sample", "step_not_visited", "answers_no_step"; the
// place is the test's line and column.
Result<Value> given_body(const host::Registry& connectors, const recipe::GivenEvent& given, Millis at_ms,
                         const std::string& step_key = {});

// A map laid over another: maps are merged, all else is replaced.
Value laid_over(const Value& base, const Value& over);

}  // namespace ieum::trial
