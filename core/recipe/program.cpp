#include "recipe/program.hpp"

#include <deque>

namespace ieum::recipe {

namespace {

using Kind = Instruction::Kind;
using Roots = std::vector<std::string>;

class Compiler {
 public:
  explicit Compiler(Program& program) : recipe_(program.recipe), code_(program.code) {
    if (recipe_.keep_while) keep_while_ = recipe_.keep_while->expression.roots();
  }

  void compile() {
    emit(recipe_.steps);
    add(Kind::end, ":end");
    // Blocks may hold steps with blocks of their own: those come behind.
    emit_blocks();
    if (recipe_.on_error == nullptr) return;
    const std::size_t last_resort = code_.size();
    // A step of this block that fails has no last resort itself: the run fails.
    const std::size_t before = code_.size();
    emit(*recipe_.on_error);
    add(Kind::fail, ":failed");
    emit_blocks();
    for (std::size_t i = 0; i < before; ++i)
      if (code_[i].on_error == 0 && code_[i].step != nullptr) code_[i].on_error = last_resort;
  }

 private:
  struct Block {  // an on_error still to be laid out, inside the loops of its step
    std::size_t owner;
    std::vector<std::size_t> loops;
    std::vector<std::size_t> rescues;
  };

  std::size_t add(Kind kind, std::string id, const Step* step = nullptr) {
    Instruction instruction;
    instruction.kind = kind;
    instruction.id = std::move(id);
    instruction.step = step;
    instruction.next = code_.size() + 1;
    instruction.loops = loops_;
    if (step != nullptr && !rescues_.empty()) waiting_for_rescue_[rescues_.back()].push_back(code_.size());
    code_.push_back(std::move(instruction));
    return code_.size() - 1;
  }

  void list_facts(std::size_t at, const Roots& roots) { code_[at].facts.insert(roots.begin(), roots.end()); }
  void list_facts(std::size_t at, const Condition& condition) { list_facts(at, condition.expression.roots()); }
  void list_facts(std::size_t at, const Wait& wait) {
    if (wait.until) list_facts(at, *wait.until);
    if ((wait.at_minute || wait.until || wait.window) && wait.zone.empty()) code_[at].facts.insert("customer");
  }

  void emit(const Steps& steps) {
    for (const Step& step : steps) emit(step);
  }
  void emit(const std::shared_ptr<Steps>& steps) {
    if (steps != nullptr) emit(*steps);
  }

  void emit_blocks() {
    while (!blocks_.empty()) {
      const Block block = std::move(blocks_.front());
      blocks_.pop_front();
      code_[block.owner].on_error = code_.size();
      loops_ = block.loops;
      rescues_ = block.rescues;
      emit(std::get<Use>(code_[block.owner].step->verb).on_error);
      const std::size_t leave = add(Kind::jump, code_[block.owner].id + ":on_error_end");
      code_[leave].next = code_[block.owner].next;
      code_[leave].leaves_on_error = true;
      loops_.clear();
      rescues_.clear();
      settle_rescues();
    }
  }

  void emit(const Step& step) {
    std::visit([&](const auto& verb) { emit(step, verb); }, step.verb);
  }

  void emit(const Step& step, const Use& use) {
    const std::size_t at = add(Kind::use, step.id, &step);
    list_facts(at, use.with.roots());
    list_facts(at, keep_while_);
    if (use.on_error == nullptr) return;
    blocks_.push_back({at, loops_, rescues_});
  }

  void emit(const Step& step, const Wait& wait) { list_facts(add(Kind::wait, step.id, &step), wait); }

  void emit(const Step& step, const Set& set) {
    const std::size_t at = add(Kind::set, step.id, &step);
    code_[at].facts.insert("vars");
    for (const auto& [name, value] : set.values) list_facts(at, value.roots());
  }

  void emit(const Step& step, const Stop&) { add(Kind::stop, step.id, &step); }

  void emit(const Step& step, const If& branch) {
    const std::size_t at = add_branch(step, step.id, branch.condition);
    emit(branch.then_steps);
    if (branch.else_steps == nullptr || branch.else_steps->empty()) {
      code_[at].otherwise = code_.size();
      return;
    }
    const std::size_t over = add(Kind::jump, step.id + ":end");
    code_[at].otherwise = code_.size();
    emit(branch.else_steps);
    code_[over].next = code_.size();
  }

  std::size_t add_branch(const Step& step, std::string id, const Condition& condition) {
    const std::size_t at = add(Kind::branch, std::move(id), &step);
    code_[at].condition = &condition;
    list_facts(at, condition);
    return at;
  }

  // Cases one behind the other, each ending in a jump behind all of them.
  void emit(const Step& step, const Switch& choice) {
    std::vector<std::size_t> leave;
    for (std::size_t i = 0; i < choice.cases.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      const std::size_t at = add_branch(step, i == 0 ? step.id : step.id + ":case" + number, choice.cases[i].condition);
      emit(choice.cases[i].then_steps);
      leave.push_back(add(Kind::jump, step.id + ":case" + number + "_end"));
      code_[at].otherwise = code_.size();
    }
    emit(choice.else_steps);
    for (const std::size_t jump : leave) code_[jump].next = code_.size();
  }

  void emit(const Step& step, const WaitFor& wait) {
    const std::size_t at = add(Kind::wait_for, step.id, &step);
    list_facts(at, wait.timeout);
    code_[at].facts.insert("trigger");
    for (const Awaited& awaited : wait.events) {
      if (awaited.match.where) list_facts(at, *awaited.match.where);
      for (const MatchPair& pair : awaited.match.match) list_facts(at, pair.run_side);
    }
    code_[at].facts.erase("event");
    emit(wait.timeout_steps);
    std::vector<std::size_t> leave{add(Kind::jump, step.id + ":timeout_end")};
    for (std::size_t i = 0; i < wait.events.size(); ++i) {
      code_[at].targets.push_back(code_.size());
      emit(wait.events[i].then_steps);
      leave.push_back(add(Kind::jump, step.id + ":event" + std::to_string(i + 1) + "_end"));
    }
    for (const std::size_t jump : leave) code_[jump].next = code_.size();
  }

  void emit(const Step& step, const Split& split) {
    const std::size_t at = add(Kind::split, step.id, &step);
    std::vector<std::size_t> leave;
    for (const Variant& variant : split.variants) {
      code_[at].targets.push_back(code_.size());
      emit(variant.steps);
      leave.push_back(add(Kind::jump, step.id + ":" + variant.id + "_end"));
    }
    for (const std::size_t jump : leave) code_[jump].next = code_.size();
  }

  void emit(const Step& step, const ForEach& loop) {
    const std::size_t at = add(Kind::for_each, step.id, &step);
    list_facts(at, loop.list);
    if (!loop.stop_on_error) rescues_.push_back(at);
    const std::size_t next = emit_body(step, at, *loop.body);
    if (loop.stop_on_error) return;
    rescues_.pop_back();
    found_rescue_[at] = next;
    settle_rescues();
  }

  void emit(const Step& step, const Repeat& loop) {
    const std::size_t at = add(Kind::repeat, step.id, &step);
    const std::size_t next = emit_body(step, at, *loop.body);
    if (loop.until) list_facts(next, *loop.until);
  }

  std::size_t emit_body(const Step& step, std::size_t head, const Steps& body) {
    loops_.push_back(head);
    emit(body);
    const std::size_t next = add(Kind::next, step.id + ":next", &step);  // still inside: `until` may ask for `loop`
    loops_.pop_back();
    code_[next].next = code_[head].next;
    code_[head].otherwise = code_[next].otherwise = code_.size();
    return next;
  }

  // A failure inside a for_each that goes on with the next item leads to its `next`, where no block of the step's own does.
  void settle_rescues() {
    for (const auto& [head, next] : found_rescue_) {
      for (const std::size_t at : waiting_for_rescue_[head])
        if (code_[at].on_error == 0) code_[at].on_error = next;
      waiting_for_rescue_[head].clear();
    }
  }

  const Recipe& recipe_;
  std::vector<Instruction>& code_;
  Roots keep_while_;
  std::deque<Block> blocks_;
  std::vector<std::size_t> loops_, rescues_;
  std::map<std::size_t, std::vector<std::size_t>> waiting_for_rescue_;  // head -> instructions inside
  std::map<std::size_t, std::size_t> found_rescue_;                     // head -> its `next`
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
  Compiler(*program).compile();
  return program;
}

}  // namespace ieum::recipe
