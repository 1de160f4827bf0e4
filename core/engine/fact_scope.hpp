// FactScope: the facts that one instruction listed, as names for its expressions. A known root that it did not list is a
// broken program, not a wrong recipe. Private to engine; lives for one evaluation.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/decide.hpp"
#include "expr/scope.hpp"

namespace ieum::engine {

// What expressions see of a visit: {status, error} with its output's fields beside them.
Value visit_scope(const Visit& visit);

// Where a run stands in the loops around an instruction.
struct LoopPlace {
  const recipe::Instruction* head = nullptr;
  int index = 0;
  std::int64_t count = -1;  // -1: not known before the end
};
std::vector<LoopPlace> loop_places(const recipe::Program& program, const RunPoint& point,
                                   const recipe::Instruction& instruction);
// One number for the pass of all loops around an instruction, 0 outside of loops.
int iteration_of(const std::vector<LoopPlace>& places);

class FactScope final : public expr::Scope {
 public:
  // visits: those of this decision, not yet stored.
  FactScope(const recipe::Program& program, const recipe::Instruction& instruction, const RunPoint& point,
            const Facts& facts, const std::vector<Visit>& visits, Millis now_ms)
      : program_(program),
        instruction_(instruction),
        point_(point),
        facts_(facts),
        visits_(visits),
        now_ms_(now_ms),
        loops_(loop_places(program, point, instruction)) {}

  [[nodiscard]] const Value* lookup(std::string_view name) const override;

 private:
  [[nodiscard]] Value make(std::string_view name) const;
  [[nodiscard]] Value steps() const;
  [[nodiscard]] Value item(std::size_t loop) const;
  [[nodiscard]] bool visible(std::string_view step, int iteration) const;

  const recipe::Program& program_;
  const recipe::Instruction& instruction_;
  const RunPoint& point_;
  const Facts& facts_;
  const std::vector<Visit>& visits_;
  Millis now_ms_;
  std::vector<LoopPlace> loops_;
  mutable std::map<std::string, Value, std::less<>> made_;
};

}  // namespace ieum::engine
