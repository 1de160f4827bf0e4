// Judges what a test brought about: the messages exactly, then runs, steps and refusals.
#include <algorithm>

#include "audience/identity.hpp"
#include "base/json.hpp"
#include "trial/run_test.hpp"

namespace ieum::trial {
namespace {

constexpr std::size_t kPairsMax = 4'000'000;

// Every member of `part` is in `whole`; lists are equal.
bool is_part(const Value& part, const Value& whole) {
  if (!part.is_map() || !whole.is_map()) return write_canonical_json(part) == write_canonical_json(whole);
  return std::all_of(part.if_map()->begin(), part.if_map()->end(), [&](const auto& entry) {
    const Value* found = whole.if_map()->find(entry.first);
    return found != nullptr && is_part(entry.second, *found);
  });
}

bool same_address(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto phone = audience::normalise("phone", a);
  return phone && phone == audience::normalise("phone", b);
}

bool same_thing(const recipe::ExpectedSend& expected, const Sent& actual) {
  return (expected.use.empty() || expected.use == actual.use) &&
         (expected.step.empty() || expected.step == actual.step);
}

std::string difference(const recipe::ExpectedSend& expected, const Sent& actual, Millis start_ms) {
  if (!same_thing(expected, actual)) return "the step";
  if (expected.when.instant(start_ms) / kSecond != actual.at_ms / kSecond) return "the time";
  if (expected.to && !same_address(*expected.to, actual.to)) return "`to`";
  if (!expected.with.is_null() && !is_part(expected.with, actual.inputs)) return "`with`";
  return {};
}

// The longest common run of fitting pairs, so that one message too many does not make all behind it differ.
std::vector<TimelineRow> aligned(const recipe::TestCase& test, const Played& played) {
  const std::size_t rows = test.sent.size(), columns = played.sent.size();
  const auto fits = [&](std::size_t i, std::size_t j) {
    return difference(test.sent[i], played.sent[j], played.start_ms).empty();
  };
  // A test that sends without end is told apart line by line.
  if (rows * columns > kPairsMax) {
    std::vector<TimelineRow> plain;
    for (std::size_t i = 0; i < std::max(rows, columns); ++i)
      plain.push_back({i < rows ? &test.sent[i] : nullptr,
                       i < columns ? &played.sent[i] : nullptr,
                       i < rows && i < columns && fits(i, i),
                       {}});
    return plain;
  }
  std::vector<std::vector<std::size_t>> best(rows + 1, std::vector<std::size_t>(columns + 1, 0));
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t j = columns; j-- > 0;)
      best[i][j] = fits(i, j) ? best[i + 1][j + 1] + 1 : std::max(best[i + 1][j], best[i][j + 1]);
  std::vector<TimelineRow> timeline;
  std::vector<const recipe::ExpectedSend*> missing;
  std::vector<const Sent*> surplus;
  // What stands between two fitting pairs: the same step on both sides is one line that differs.
  const auto flush = [&] {
    std::size_t next = 0;
    for (const auto* expected : missing) {
      const auto twin = std::find_if(surplus.begin() + static_cast<std::ptrdiff_t>(next), surplus.end(),
                                     [&](const Sent* actual) { return same_thing(*expected, *actual); });
      if (twin == surplus.end()) {
        timeline.push_back({expected, nullptr, false, {}});
        continue;
      }
      const auto at = static_cast<std::size_t>(twin - surplus.begin());
      for (; next < at; ++next) timeline.push_back({nullptr, surplus[next], false, {}});
      timeline.push_back({expected, *twin, false, difference(*expected, **twin, played.start_ms)});
      next = at + 1;
    }
    for (; next < surplus.size(); ++next) timeline.push_back({nullptr, surplus[next], false, {}});
    missing.clear();
    surplus.clear();
  };
  std::size_t i = 0, j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && fits(i, j) && best[i][j] == best[i + 1][j + 1] + 1) {
      flush();
      timeline.push_back({&test.sent[i++], &played.sent[j++], true, {}});
    } else if (j == columns || (i < rows && best[i + 1][j] >= best[i][j + 1])) {
      missing.push_back(&test.sent[i++]);
    } else {
      surplus.push_back(&played.sent[j++]);
    }
  }
  flush();
  return timeline;
}

std::string told(const RunSeen& run) { return run.state + (run.reason.empty() ? "" : " (" + run.reason + ")"); }

std::string told(const std::vector<RunSeen>& runs) {
  std::string text;
  for (const auto& run : runs) text += (text.empty() ? "" : ", ") + told(run);
  return runs.empty() ? "none" : text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return words.empty() ? "nothing" : text;
}

bool fits(const recipe::ExpectedRun& expected, const RunSeen& run) {
  return (expected.state.empty() || expected.state == run.state) &&
         (!expected.reason || *expected.reason == run.reason) && (!expected.key || *expected.key == run.key);
}

}  // namespace

Verdict judge(const recipe::TestCase& test, const Played& played) {
  Verdict verdict;
  verdict.timeline = aligned(test, played);
  auto& problems = verdict.problems;
  if (test.runs && *test.runs != played.runs.size())
    problems.push_back("runs: expected " + std::to_string(*test.runs) + ", there are " +
                       std::to_string(played.runs.size()) + ": " + told(played.runs));
  if (test.run_list) {
    const auto& wanted = *test.run_list;
    if (wanted.size() != played.runs.size())
      problems.push_back("runs: expected " + std::to_string(wanted.size()) + ", there are " +
                         std::to_string(played.runs.size()) + ": " + told(played.runs));
    for (std::size_t i = 0; i < wanted.size() && i < played.runs.size(); ++i) {
      if (fits(wanted[i], played.runs[i])) continue;
      problems.push_back("run " + std::to_string(i + 1) + ": expected " + wanted[i].state +
                         (wanted[i].reason ? " (" + *wanted[i].reason + ")" : "") +
                         (wanted[i].key ? " with key " + *wanted[i].key : "") + ", it is " + told(played.runs[i]) +
                         (wanted[i].key ? " with key " + played.runs[i].key : ""));
    }
  }
  for (const auto& [step, state] : test.steps) {
    const auto found = std::find_if(played.steps.begin(), played.steps.end(),
                                    [&wanted = step](const auto& seen) { return seen.first == wanted; });
    const std::string seen = found == played.steps.end() ? "never" : found->second;
    if (seen != state) problems.push_back("step " + step + ": expected " + state + ", it is " + seen);
  }
  if (test.not_started && *test.not_started != played.not_started)
    problems.push_back("not_started: expected " + joined(*test.not_started) + ", there is " +
                       joined(played.not_started));
  verdict.passed = problems.empty() && std::all_of(verdict.timeline.begin(), verdict.timeline.end(),
                                                   [](const TimelineRow& row) { return row.fits; });
  return verdict;
}

}  // namespace ieum::trial
