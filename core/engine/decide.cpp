#include "engine/decide.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "engine/reasons.hpp"
#include "engine/wait_end.hpp"

namespace ieum::engine {

namespace {

using recipe::Instruction;
using recipe::Program;

Value map_or_empty(const Value& value) { return value.is_map() ? value : Value(Map()); }

// The facts that one instruction listed. A known root that it did not list is a broken program, not a wrong recipe.
class FactScope final : public expr::Scope {
 public:
  FactScope(const Instruction& instruction, const RunPoint& point, const Facts& facts, Millis now_ms)
      : instruction_(instruction), point_(point), facts_(facts), now_ms_(now_ms) {}

  [[nodiscard]] const Value* lookup(std::string_view name) const override {
    static constexpr std::array<std::string_view, 7> kRoots = {"trigger", "vars",  "steps", "customer",
                                                               "run",     "error", "now"};
    if (std::find(kRoots.begin(), kRoots.end(), name) == kRoots.end()) return nullptr;
    IEUM_ASSERT(instruction_.facts.count(std::string(name)) == 1);
    const auto found = made_.find(name);
    if (found != made_.end()) return &found->second;
    return &made_.emplace(std::string(name), make(name)).first->second;
  }

 private:
  [[nodiscard]] Value make(std::string_view name) const {
    if (name == "trigger") return facts_.trigger;
    if (name == "vars") return map_or_empty(point_.vars);
    if (name == "steps") return facts_.steps ? map_or_empty(facts_.steps()) : Value(Map());
    if (name == "customer") return facts_.customer ? map_or_empty(facts_.customer()) : Value(Map());
    if (name == "run") return map_or_empty(facts_.run);
    if (name == "error") return point_.error;
    const std::int64_t seconds = now_ms_ >= 0 ? now_ms_ / kSecond : -((-now_ms_ + kSecond - 1) / kSecond);
    return Timestamp{seconds, static_cast<std::int32_t>(now_ms_ - seconds * kSecond) * 1'000'000};
  }

  const Instruction& instruction_;
  const RunPoint& point_;
  const Facts& facts_;
  Millis now_ms_;
  mutable std::map<std::string, Value, std::less<>> made_;
};

std::string message_of(const Error& error, const recipe::Place& place, const std::string& where) {
  std::string text = "line " + std::to_string(place.line) + ", " + where;
  if (!error.place.empty()) text += " (" + error.place + ")";
  return text + ": " + error.what + (error.mend.empty() ? "" : "; " + error.mend);
}

class Walk {
 public:
  Walk(const Program& program, RunPoint point, const Facts& facts, Millis now_ms)
      : program_(program), point_(std::move(point)), facts_(facts), now_ms_(now_ms) {
    limits_.zones = facts.zones;
  }

  Transition run(const Input& input) {
    if (point_.at_step.empty()) {
      if (const auto* failed = std::get_if<StepFailed>(&input))
        return end(End::How::failed, failed->code, failed->message);
    } else {
      at_ = program_.find(point_.at_step);
      if (at_ == program_.code.size())
        return end(End::How::failed, std::string(reasons::kStepGone),
                   "this version of the recipe has no step \"" + point_.at_step + "\"");
      if (const auto* failed = std::get_if<StepFailed>(&input)) {
        if (auto ended = fail(failed->code, failed->message)) return std::move(*ended);
      } else if (!std::holds_alternative<TimerFired>(input) || program_.code[at_].kind != Instruction::Kind::use) {
        at_ = program_.code[at_].next;
      }
    }
    // No instruction is passed twice: jumps lead forward, and each on_error block is entered by its own step only.
    for (std::size_t passed = 0;; ++passed) {
      IEUM_ASSERT(passed <= program_.code.size() && at_ < program_.code.size());
      if (auto transition = pass(program_.code[at_])) return std::move(*transition);
    }
  }

 private:
  std::optional<Transition> pass(const Instruction& instruction) {
    switch (instruction.kind) {
      case Instruction::Kind::use: return use(instruction);
      case Instruction::Kind::wait: return wait(instruction);
      case Instruction::Kind::branch: return branch(instruction);
      case Instruction::Kind::set: return set(instruction);
      case Instruction::Kind::stop: {
        point_.at_step = instruction.id;
        const std::string& reason = std::get<recipe::Stop>(instruction.step->verb).reason;
        return end(End::How::stopped, reason.empty() ? std::string(reasons::kStopped) : reason, "");
      }
      case Instruction::Kind::jump:
        if (instruction.leaves_on_error) {
          const Value* cause = point_.error.get("cause");
          point_.error = cause == nullptr ? Value() : *cause;
        }
        at_ = instruction.next;
        return {};
      default: break;
    }
    return end(End::How::finished, "", "");
  }

  std::optional<Transition> use(const Instruction& instruction) {
    const auto& use = std::get<recipe::Use>(instruction.step->verb);
    point_.at_step = instruction.id;
    const FactScope scope(instruction, point_, facts_, now_ms_);
    auto inputs = use.with.render(scope, limits_);
    if (inputs.has_error()) {
      const Error& error = inputs.error();
      return fail(error.code, message_of(error, use.with_place, "`with`"));
    }
    return Transition{point_, Act{instruction.step, std::move(*inputs)}};
  }

  std::optional<Transition> wait(const Instruction& instruction) {
    const auto& wait = std::get<recipe::Wait>(instruction.step->verb);
    point_.at_step = instruction.id;
    const FactScope scope(instruction, point_, facts_, now_ms_);
    const auto until = wait_end(wait, program_.recipe.zone, facts_.zones, scope, now_ms_);
    if (until.has_error())
      return expression_failed(until.error(), wait.until ? wait.until->place : instruction.step->place, "`wait`");
    at_ = instruction.next;
    if (*until <= now_ms_) return {};
    return Transition{point_, Sleep{*until}};
  }

  std::optional<Transition> branch(const Instruction& instruction) {
    const recipe::Condition& condition = *instruction.condition;
    point_.at_step = instruction.id;
    const FactScope scope(instruction, point_, facts_, now_ms_);
    const auto value = condition.expression.evaluate(scope, limits_);
    if (value.has_error()) return expression_failed(value.error(), condition.place, "`if`");
    const bool* truth = value->if_bool();
    if (truth == nullptr)
      return expression_failed(Error("bad_value", "the result is neither true nor false", "compare it with something"),
                               condition.place, "`if`");
    at_ = *truth ? instruction.next : instruction.otherwise;
    return {};
  }

  std::optional<Transition> set(const Instruction& instruction) {
    const auto& set = std::get<recipe::Set>(instruction.step->verb);
    point_.at_step = instruction.id;
    Map vars;
    if (const Map* before = point_.vars.if_map()) vars = *before;
    {
      const FactScope scope(instruction, point_, facts_, now_ms_);
      for (const auto& [name, value] : set.values) {
        auto rendered = value.render(scope, limits_);
        if (rendered.has_error()) return expression_failed(rendered.error(), instruction.step->place, "`set` " + name);
        vars.set(name, std::move(*rendered));
      }
    }
    point_.vars = Value(std::move(vars));
    if (write_json(point_.vars).size() > limits::kRunVarsBytes)
      return end(End::How::failed, std::string(reasons::kVarsTooLarge),
                 "the variables of a run have at most " + std::to_string(limits::kRunVarsBytes) + " bytes");
    at_ = instruction.next;
    return {};
  }

  // The step at at_ failed: its on_error, else the end.
  std::optional<Transition> fail(const std::string& code, const std::string& message) {
    const Instruction& instruction = program_.code[at_];
    if (instruction.on_error == 0) return end(End::How::failed, code, message);
    Map error{{"step", instruction.id}, {"code", code}, {"message", message}};
    if (!point_.error.is_null()) error.set("cause", point_.error);
    point_.error = Value(std::move(error));
    at_ = instruction.on_error;
    return {};
  }

  Transition expression_failed(const Error& error, const recipe::Place& place, const std::string& where) {
    return end(End::How::failed, std::string(reasons::kExpressionFailed), message_of(error, place, where));
  }

  Transition end(End::How how, std::string reason, std::string message) {
    return {point_, End{how, std::move(reason), std::move(message)}};
  }

  const Program& program_;
  RunPoint point_;
  const Facts& facts_;
  Millis now_ms_;
  expr::Limits limits_;
  std::size_t at_ = 0;
};

}  // namespace

Transition decide(const Program& program, const RunPoint& run, const Facts& facts, const Input& input, Millis now_ms) {
  return Walk(program, run, facts, now_ms).run(input);
}

}  // namespace ieum::engine
