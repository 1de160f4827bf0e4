// Test report: how a person sees what a recipe's test brought about: both timelines side by side, and what else differs.
#pragma once
#include <string>
#include <vector>

#include "app/terminal.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "trial/run_test.hpp"

namespace ieum::app {

// Lines of a failed test. `zone` may be null: then times are UTC.
std::string failure_report(const Terminal& terminal, const recipe::TestCase& test, const trial::Played& played,
                           const trial::Verdict& verdict, const Zone* zone);
// {"passed", "timeline": [{"expected", "actual", "fits"}], "runs", "steps", "problems"}
Value failure_value(const recipe::TestCase& test, const trial::Played& played, const trial::Verdict& verdict);

// "7 of 9 steps, 3 of 6 branches"
std::string coverage_line(const std::vector<trial::Coverage::Item>& items);
std::string coverage_table(const Terminal& terminal, const std::vector<trial::Coverage::Item>& items);
Value coverage_value(const std::vector<trial::Coverage::Item>& items);

}  // namespace ieum::app
