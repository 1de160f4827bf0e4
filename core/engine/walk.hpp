// Walk: one decision under way: passes instructions until the run acts, sleeps, listens or ends. Private to engine.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/decide.hpp"
#include "engine/fact_scope.hpp"

namespace ieum::engine {

// "line 12, `if` (3:4): no such field; use has()"
std::string message_of(const Error& error, const recipe::Place& place, const std::string& where);

// A value as it will be after it was stored: a timestamp becomes its text at once, and not only behind the next wait.
Value plain_json(const Value& value);

class Walk {
 public:
  Walk(const recipe::Program& program, RunPoint point, const Facts& facts, Millis now_ms);
  Transition run(const Input& input);

 private:
  using Step = std::optional<Transition>;  // nothing: go on at at_
  using Instruction = recipe::Instruction;

  Step enter(const Input& input);
  Step pass(const Instruction& instruction);
  Step use(const Instruction& instruction);
  Step branch(const Instruction& instruction);
  Step set(const Instruction& instruction);
  Step split(const Instruction& instruction);
  // walk_waits.cpp
  Step wait(const Instruction& instruction);
  Step wait_for(const Instruction& instruction);
  Step event_came(const Instruction& instruction, const EventCame& came);
  void timed_out(const Instruction& instruction);
  Result<Millis> end_of(const recipe::Wait& wait, const FactScope& scope);
  // walk_loops.cpp
  Step enter_loop(const Instruction& head);
  Step next_pass(const Instruction& next);
  Step begin_pass(const Instruction& head);
  void leave_loop(const Instruction& head, Value output, const std::string& code, const std::string& text);
  void restore_error();
  void drop_frames(std::size_t keep, const std::string& code);

  // The step at at_ failed: where its failure goes, else the end.
  Step fail(const std::string& code, const std::string& message);
  Step failed_evaluation(const Error& error, const recipe::Place& place, const std::string& where);
  Result<bool> truth(const recipe::Condition& condition, const FactScope& scope) const;
  Transition end(End::How how, std::string reason, std::string message);
  Transition transition(std::variant<Act, Sleep, Listen, End> next);
  [[nodiscard]] FactScope scope_of(const Instruction& instruction) const {
    return {program_, instruction, point_, facts_, visits_, now_ms_};
  }
  [[nodiscard]] int iteration(const Instruction& instruction) const {
    return iteration_of(loop_places(program_, point_, instruction));
  }

  const recipe::Program& program_;
  RunPoint point_;
  const Facts& facts_;
  Millis now_ms_;
  expr::Limits limits_;
  std::size_t at_ = 0;
  std::vector<Visit> visits_;
  std::vector<std::string> notes_;
  std::optional<StepFailed> item_failure_;  // of the pass that ends
};

}  // namespace ieum::engine
