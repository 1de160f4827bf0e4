// Record: a production run as a test of its recipe: what came in, how the vendors answered, what was sent. Reads what
// GET /api/v1/runs/{id}/record tells and writes the entry to paste below `tests:`.
//
// No person leaves the hub with it: names, e-mail addresses, phone numbers, streets, network addresses, notes and links are
// replaced by made-up ones wherever they stand, also inside other texts; so is whatever lies under a name like token,
// secret or key. The same input always becomes the same output (keyed by the hub), so identities and joins hold. Amounts,
// counts, ids that are numbers, and times stay.
#pragma once
#include <map>
#include <string>

#include "base/error.hpp"
#include "base/value.hpp"
#include "trial/stage.hpp"

namespace ieum::trial {

class Redaction {
 public:
  explicit Redaction(std::string salt) : salt_(std::move(salt)) {}
  // Finds what must not leave, by the names of members and by the shape of texts.
  void learn(const Value& value);
  // Everything learnt is replaced, wherever it stands. After all was learnt.
  [[nodiscard]] Value clean(const Value& value) const;
  [[nodiscard]] std::string clean_text(const std::string& text) const;

 private:
  void learn(const std::string& key, const std::string& text);
  void replace(const std::string& from, std::string to);
  [[nodiscard]] std::uint64_t draw(const std::string& text) const;

  std::string salt_;
  std::map<std::string, std::string> made_;  // text -> what stands for it
};

struct RecordedTest {
  std::string yaml;     // "  - name: ..."
  std::string warning;  // in what the play differs from the run, "" when in nothing
};
// The test is played once before it is given out: its times are those of the virtual clock, without the moments that a
// network takes and the chance in pauses. Errors: "not_recordable" when the answer is not a run's record.
Result<RecordedTest> recorded_test(const StageParts& parts, const Value& record);

}  // namespace ieum::trial
