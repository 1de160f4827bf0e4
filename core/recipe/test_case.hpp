// Test case: one entry of a recipe's `tests:` as data: what is given, how vendors answer, what must come of it.
// Pure values; core/trial runs them. Grammar: docs/recipes.md, "Tests in a recipe".
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recipe/reader.hpp"

namespace ieum::recipe {

// When something happens: so long after the test's start, or at an instant.
struct Moment {
  Millis after_for = 0;
  std::optional<Millis> at_ms;  // instead
  [[nodiscard]] Millis instant(Millis start_ms) const { return at_ms ? *at_ms : start_ms + after_for; }
};

struct GivenEvent {
  Place place;
  Moment when;
  std::string connector, topic;  // "shopify", "orders/create"
  std::string connection;        // "": the connector's name
  std::string sample;            // "": the first of the event
  std::string step;              // the step that it answers; "" none
  Value with;                    // map merged over the sample; null: nothing
  std::optional<Value> body;     // instead of a sample
};

// How calls of a step, or of an operation, are answered instead of as usual. The first entry that fits and is not used
// up answers.
struct GivenAnswer {
  enum class Kind {
    fail,    // in the vendor's own words for this kind of failure
    output,  // the operation's output, without reading an answer
    answer,  // a vendor's answer, byte by byte
  };
  Place place;
  std::string use;   // "kakao.alimtalk.send"; "" any
  std::string step;  // "" any
  Kind kind = Kind::fail;
  std::string fail;  // retry, rate_limited, permanent, auth_dead, gone, ambiguous, no_answer, unreachable
  std::string code;  // fail: which of the connector's failures of that kind; "" the plainest
  std::optional<Millis> retry_after_for;
  Value output;
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  Value body;     // answer: text as it is, all else as JSON
  int times = 0;  // so often; 0 always
};

struct ExpectedSend {
  Place place;
  Moment when;
  std::string use, step;          // "" is not judged
  std::optional<std::string> to;  // the address input
  Value with;                     // a part of the inputs; null: not judged
};

struct ExpectedRun {
  std::string state;  // "finished"; "" is not judged
  std::optional<std::string> reason, key;
};

struct TestCase {
  Place place;
  std::string name;
  std::optional<Millis> at_ms;  // none: 2026-01-05T10:00 in the recipe's zone
  std::vector<GivenEvent> given;
  std::vector<GivenAnswer> answers;
  std::optional<Millis> until_for;  // none: until nothing is due any more
  std::vector<ExpectedSend> sent;   // all of them
  std::optional<std::size_t> runs;  // how many
  std::optional<std::vector<ExpectedRun>> run_list;
  std::vector<std::pair<std::string, std::string>> steps;  // id, state of its newest visit; "never"
  std::optional<std::vector<std::string>> not_started;
};

inline constexpr std::size_t kTestsMax = 500;                                 // in one recipe
inline constexpr std::size_t kGivenMax = 1000;                                // events, answers or sends of one test
inline constexpr Millis kTestForMax = 400 * kDay;                             // how long a test may watch
inline constexpr std::string_view kDefaultTestStart = "2026-01-05T10:00:00";  // a Monday

// The tests of a recipe text that was read without error; of any other, what could be read.
std::vector<TestCase> tests_of(std::string_view text, Format format);

class Findings;
struct Node;
// For the recipe reader: says what is wrong with `tests:`. `steps`: the ids that the recipe has.
std::vector<TestCase> read_tests(const Node& node, const std::set<std::string, std::less<>>& steps, Findings& findings);

}  // namespace ieum::recipe
