#include "recipe/program.hpp"

#include <deque>

namespace ieum::recipe {

namespace {

class Compiler {
 public:
  explicit Compiler(Program& program) : code_(program.code) {}

  void compile(const Steps& steps) {
    emit(steps);
    add(Instruction::Kind::end, ":end");
    // Blocks may hold steps with blocks of their own: those come behind.
    while (!blocks_.empty()) {
      const std::size_t owner = blocks_.front();
      blocks_.pop_front();
      code_[owner].otherwise = code_.size();
      emit(*std::get<Use>(code_[owner].step->verb).on_error);
      const std::size_t leave = add(Instruction::Kind::jump, code_[owner].id + ":on_error_end");
      code_[leave].next = code_[owner].next;
      code_[leave].leaves_on_error = true;
    }
  }

 private:
  std::size_t add(Instruction::Kind kind, std::string id, const Step* step = nullptr) {
    Instruction instruction;
    instruction.kind = kind;
    instruction.id = std::move(id);
    instruction.step = step;
    instruction.next = code_.size() + 1;
    code_.push_back(std::move(instruction));
    return code_.size() - 1;
  }

  void list_facts(std::size_t at, const std::vector<std::string>& roots) {
    code_[at].facts.insert(roots.begin(), roots.end());
  }

  void emit(const Steps& steps) {
    for (const Step& step : steps) emit(step);
  }

  void emit(const Step& step) {
    using Kind = Instruction::Kind;
    if (const auto* use = std::get_if<Use>(&step.verb)) {
      const std::size_t at = add(Kind::use, step.id, &step);
      list_facts(at, use->with.roots());
      if (use->on_error != nullptr) blocks_.push_back(at);
    } else if (const auto* wait = std::get_if<Wait>(&step.verb)) {
      const std::size_t at = add(Kind::wait, step.id, &step);
      if (wait->until) list_facts(at, wait->until->expression.roots());
    } else if (const auto* set = std::get_if<Set>(&step.verb)) {
      const std::size_t at = add(Kind::set, step.id, &step);
      code_[at].facts.insert("vars");
      for (const auto& [name, value] : set->values) list_facts(at, value.roots());
    } else if (std::holds_alternative<Stop>(step.verb)) {
      add(Kind::stop, step.id, &step);
    } else {
      emit_branch(step, std::get<If>(step.verb));
    }
  }

  void emit_branch(const Step& step, const If& branch) {
    const std::size_t at = add(Instruction::Kind::branch, step.id, &step);
    list_facts(at, branch.condition.expression.roots());
    if (branch.then_steps != nullptr) emit(*branch.then_steps);
    if (branch.else_steps == nullptr || branch.else_steps->empty()) {
      code_[at].otherwise = code_.size();
      return;
    }
    const std::size_t over = add(Instruction::Kind::jump, step.id + ":end");
    code_[at].otherwise = code_.size();
    emit(*branch.else_steps);
    code_[over].next = code_.size();
  }

  std::vector<Instruction>& code_;
  std::deque<std::size_t> blocks_;  // use instructions whose on_error is still to be laid out
};

}  // namespace

std::size_t Program::find(std::string_view id) const {
  for (std::size_t i = 0; i < code.size(); ++i)
    if (code[i].id == id) return i;
  return code.size();
}

std::shared_ptr<const Program> compile(Recipe recipe) {
  auto program = std::make_shared<Program>();
  // First to its final place: instructions point into it.
  program->recipe = std::move(recipe);
  Compiler(*program).compile(program->recipe.steps);
  return program;
}

}  // namespace ieum::recipe
