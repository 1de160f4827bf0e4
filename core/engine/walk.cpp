#include "engine/walk.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "engine/reasons.hpp"

namespace ieum::engine {

namespace {
using Kind = recipe::Instruction::Kind;
constexpr std::uint64_t kBuckets = 10'000;
}  // namespace

Value plain_json(const Value& value) {
  auto plain = parse_json(write_json(value));
  if (plain.has_error()) return value;
  return std::move(*plain);
}

std::string message_of(const Error& error, const recipe::Place& place, const std::string& where) {
  std::string text = "line " + std::to_string(place.line) + ", " + where;
  if (!error.place.empty()) text += " (" + error.place + ")";
  return text + ": " + error.what + (error.mend.empty() ? "" : "; " + error.mend);
}

Walk::Walk(const recipe::Program& program, RunPoint point, const Facts& facts, Millis now_ms)
    : program_(program), point_(std::move(point)), facts_(facts), now_ms_(now_ms) {
  limits_.zones = facts.zones;
}

Transition Walk::run(const Input& input) {
  const std::size_t resumed = facts_.passed ? program_.find(point_.at_step) : program_.code.size();
  auto entered = enter(input);
  if (resumed < program_.code.size()) facts_.passed(program_.code[resumed], at_);
  if (entered) return std::move(*entered);
  // Only loops lead back, and the reader bounds the product of their passes.
  const std::size_t bound = program_.code.size() * (limits::kLoopPassesMax + 2);
  for (std::size_t passed = 0;; ++passed) {
    IEUM_ASSERT(passed <= bound && at_ < program_.code.size());
    const Instruction& from = program_.code[at_];
    auto transition = pass(from);
    if (facts_.passed) facts_.passed(from, at_);
    if (transition) return std::move(*transition);
  }
}

Walk::Step Walk::enter(const Input& input) {
  const auto* failed = std::get_if<StepFailed>(&input);
  if (point_.at_step.empty()) {
    if (failed != nullptr) return end(End::How::failed, failed->code, failed->message);
    return {};
  }
  at_ = program_.find(point_.at_step);
  if (at_ == program_.code.size())
    return end(End::How::failed, std::string(reasons::kStepGone),
               "this version of the recipe has no step \"" + point_.at_step + "\"");
  const Instruction& instruction = program_.code[at_];
  if (failed != nullptr) return fail(failed->code, failed->message);
  if (std::holds_alternative<Again>(input)) return {};
  if (const auto* came = std::get_if<EventCame>(&input)) return event_came(instruction, *came);
  if (!std::holds_alternative<TimerFired>(input)) {
    at_ = instruction.next;
    return {};
  }
  switch (instruction.kind) {
    case Kind::use: return {};
    case Kind::wait_for: timed_out(instruction); return {};
    case Kind::next: return begin_pass(program_.code[program_.find(instruction.step->id)]);
    default: at_ = instruction.next; return {};
  }
}

Walk::Step Walk::pass(const Instruction& instruction) {
  switch (instruction.kind) {
    case Kind::use: return use(instruction);
    case Kind::wait: return wait(instruction);
    case Kind::wait_for: return wait_for(instruction);
    case Kind::branch: return branch(instruction);
    case Kind::split: return split(instruction);
    case Kind::for_each:
    case Kind::repeat: return enter_loop(instruction);
    case Kind::next: return next_pass(instruction);
    case Kind::set: return set(instruction);
    case Kind::stop: {
      point_.at_step = instruction.id;
      const std::string& reason = std::get<recipe::Stop>(instruction.step->verb).reason;
      return end(End::How::stopped, reason.empty() ? std::string(reasons::kStopped) : reason, "");
    }
    case Kind::jump:
      if (instruction.leaves_on_error) {
        const Value* cause = point_.error.get("cause");
        point_.error = cause == nullptr ? Value() : *cause;
      }
      at_ = instruction.next;
      return {};
    case Kind::fail: return end(End::How::failed, point_.error.text("code"), point_.error.text("message"));
    case Kind::end: break;
  }
  return end(End::How::finished, "", "");
}

Walk::Step Walk::use(const Instruction& instruction) {
  const auto& use = std::get<recipe::Use>(instruction.step->verb);
  point_.at_step = instruction.id;
  const FactScope scope = scope_of(instruction);
  if (const auto& keep = program_.recipe.keep_while) {
    const auto holds = truth(*keep, scope);
    if (holds.has_error()) return failed_evaluation(holds.error(), keep->place, "`keep_while`");
    if (!*holds) return end(End::How::exited, std::string(reasons::kKeepWhile), "");
  }
  auto inputs = use.with.render(scope, limits_);
  if (inputs.has_error()) return fail(inputs.error().code, message_of(inputs.error(), use.with_place, "`with`"));
  return transition(Act{instruction.step, iteration(instruction), std::move(*inputs)});
}

Walk::Step Walk::branch(const Instruction& instruction) {
  point_.at_step = instruction.id;
  const auto holds = truth(*instruction.condition, scope_of(instruction));
  if (holds.has_error()) return failed_evaluation(holds.error(), instruction.condition->place, "`if`");
  at_ = *holds ? instruction.next : instruction.otherwise;
  return {};
}

Walk::Step Walk::set(const Instruction& instruction) {
  const auto& set = std::get<recipe::Set>(instruction.step->verb);
  point_.at_step = instruction.id;
  Map vars;
  if (const Map* before = point_.vars.if_map()) vars = *before;
  {
    const FactScope scope = scope_of(instruction);
    for (const auto& [name, value] : set.values) {
      auto rendered = value.render(scope, limits_);
      if (rendered.has_error()) return failed_evaluation(rendered.error(), instruction.step->place, "`set` " + name);
      vars.set(name, std::move(*rendered));
    }
  }
  if (write_json(vars).size() > limits::kRunVarsBytes)
    return fail(std::string(reasons::kVarsTooLarge),
                "the variables of a run have at most " + std::to_string(limits::kRunVarsBytes) + " bytes");
  point_.vars = plain_json(Value(std::move(vars)));
  at_ = instruction.next;
  return {};
}

// The bucket depends on the experiment and on whom the run is about, and on nothing else.
Walk::Step Walk::split(const Instruction& instruction) {
  const auto& split = std::get<recipe::Split>(instruction.step->verb);
  point_.at_step = instruction.id;
  const std::string digest = sha256(split.experiment + '\n' + facts_.split_key);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8U | static_cast<unsigned char>(digest[i]);
  const std::uint64_t bucket = number % kBuckets;
  std::uint64_t total = 0, passed = 0;
  for (const recipe::Variant& variant : split.variants) total += static_cast<std::uint64_t>(variant.weight);
  std::size_t chosen = 0;
  for (; chosen + 1 < split.variants.size(); ++chosen) {
    passed += static_cast<std::uint64_t>(split.variants[chosen].weight);
    if (bucket * total < passed * kBuckets) break;
  }
  Visit visit{instruction.id, iteration(instruction), "split", Visit::State::done, {}, {}, {}, {}};
  visit.output =
      Map{{"experiment", split.experiment}, {"variant", split.variants[chosen].id}, {"bucket", std::int64_t(bucket)}};
  visits_.push_back(std::move(visit));
  at_ = instruction.targets[chosen];
  return {};
}

Walk::Step Walk::fail(const std::string& code, const std::string& message) {
  const Instruction& instruction = program_.code[at_];
  if (instruction.on_error == 0) return end(End::How::failed, code, message);
  const Instruction& target = program_.code[instruction.on_error];
  at_ = instruction.on_error;
  if (target.kind == Kind::next) {
    drop_frames(target.loops.size(), std::string(reasons::kLoopLeft));
    restore_error();
    item_failure_ = StepFailed{code, message};
    return {};
  }
  drop_frames(target.loops.size(), std::string(reasons::kLoopLeft));
  Map error{{"step", instruction.step == nullptr ? instruction.id : instruction.step->id},
            {"code", code},
            {"message", message}};
  if (!point_.error.is_null()) error.set("cause", point_.error);
  point_.error = Value(std::move(error));
  return {};
}

Walk::Step Walk::failed_evaluation(const Error& error, const recipe::Place& place, const std::string& where) {
  return fail(std::string(reasons::kExpressionFailed), message_of(error, place, where));
}

Result<bool> Walk::truth(const recipe::Condition& condition, const FactScope& scope) const {
  IEUM_TRY(const Value value, condition.expression.evaluate(scope, limits_));
  if (const bool* truth = value.if_bool()) return *truth;
  return Error("bad_value", "the result is neither true nor false", "compare it with something");
}

Transition Walk::end(End::How how, std::string reason, std::string message) {
  drop_frames(0, std::string(reasons::kRunEnded));
  return transition(End{how, std::move(reason), std::move(message)});
}

Transition Walk::transition(std::variant<Act, Sleep, Listen, End> next) {
  return {point_, std::move(visits_), std::move(next), std::move(notes_)};
}

Transition decide(const recipe::Program& program, const RunPoint& run, const Facts& facts, const Input& input,
                  Millis now_ms) {
  return Walk(program, run, facts, now_ms).run(input);
}

Result<bool> keeps(const recipe::Program& program, const RunPoint& run, const Facts& facts, Millis now_ms) {
  const auto& keep = program.recipe.keep_while;
  const std::size_t at = program.find(run.at_step);
  if (!keep || at == program.code.size()) return true;
  const std::vector<Visit> none;
  expr::Limits limits;
  limits.zones = facts.zones;
  IEUM_TRY(const Value value,
           keep->expression.evaluate(FactScope(program, program.code[at], run, facts, none, now_ms), limits));
  if (const bool* truth = value.if_bool()) return *truth;
  return Error("bad_value", "`keep_while` is neither true nor false", "compare it with something");
}

}  // namespace ieum::engine
