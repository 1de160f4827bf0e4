#include "runtime/visits.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace ieum::runtime {
namespace {

using State = engine::Visit::State;

store::StepRow row_of(Id run, const engine::Visit& visit, Millis now_ms) {
  store::StepRow row;
  row.run = run;
  row.step = visit.step;
  row.iteration = visit.iteration;
  row.operation = visit.verb;
  row.opened_ms = now_ms;
  if (!visit.inputs.is_null()) row.inputs = write_json(visit.inputs);
  if (visit.state == State::opened) {
    row.state = store::StepState::running;
    return row;
  }
  row.state = visit.state == State::done ? store::StepState::done : store::StepState::failed;
  row.output = write_json(visit.output);
  row.error_code = visit.error_code;
  row.error_text = visit.error_text;
  row.closed_ms = now_ms;
  return row;
}

bool begins(const store::StepRow& row, const engine::Visit& visit) {
  return row.state == store::StepState::running && row.step == visit.step && row.iteration == visit.iteration;
}

void close(store::StepRow& begun, const store::StepRow& end) {
  begun.state = end.state;
  begun.output = end.output;
  begun.error_code = end.error_code;
  begun.error_text = end.error_text;
  begun.closed_ms = end.closed_ms;
}

}  // namespace

Status add_visit(Context& context, Id run, const engine::Visit& visit, RunFacts& facts, std::vector<store::Write>& rows,
                 Millis now_ms) {
  auto row = row_of(run, visit, now_ms);
  const bool loop_ends = visit.state != State::opened && (visit.verb == "for_each" || visit.verb == "repeat");
  if (loop_ends) {
    for (store::Write& write : rows) {
      auto* opened = write.as<store::OpenStep>();
      if (opened == nullptr || !begins(opened->step, visit)) continue;
      close(opened->step, row);
      facts.know_step(opened->step);
      return {};
    }
    IEUM_TRY(auto stored, context.reader->steps(run));
    for (auto& begun : stored) {
      if (!begins(begun, visit)) continue;
      store::MoveStep move;
      move.step = begun.id;
      move.from = begun.state;
      move.to = row.state;
      move.output = row.output;
      move.error_code = row.error_code;
      move.error_text = row.error_text;
      move.closed_ms = row.closed_ms;
      rows.emplace_back(std::move(move));
      close(begun, row);
      facts.know_step(std::move(begun));
      return {};
    }
  }
  row.id = context.parts.store.next_id(store::IdSpace::step);
  facts.know_step(row);
  rows.emplace_back(store::OpenStep{std::move(row)});
  return {};
}

Status add_exit_listeners(const store::RunRow& run, const recipe::Recipe& recipe, RunFacts& facts, ZoneSource& zones,
                          std::vector<store::Write>& writes) {
  for (const auto& exit : recipe.exit_on) {
    if (exit.match.empty()) continue;
    IEUM_TRY(const auto trigger, facts.trigger());
    if (auto key = engine::listener_key(exit, engine::EventScope(trigger, trigger), &zones))
      writes.emplace_back(store::AddListener{{exit.event, std::move(key->shape), std::move(key->value), run.id, true}});
  }
  return {};
}

void add_step_listeners(const store::StepRow& step, const recipe::Program& program, std::vector<store::Write>& writes) {
  for (const auto& instruction : program.code) {
    if (instruction.kind != recipe::Instruction::Kind::wait_for) continue;
    for (const auto& awaited : std::get<recipe::WaitFor>(instruction.step->verb).events) {
      if (awaited.match.step != step.step || !awaited.match.match.empty()) continue;
      auto key = engine::step_listener(step.key);
      writes.emplace_back(
          store::AddListener{{awaited.match.event, std::move(key.shape), std::move(key.value), step.run, true}});
    }
  }
}

void cancel_loops(std::vector<store::Write>& rows, Millis now_ms) {
  for (store::Write& write : rows) {
    auto* opened = write.as<store::OpenStep>();
    if (opened == nullptr || opened->step.state != store::StepState::running) continue;
    opened->step.state = store::StepState::cancelled;
    opened->step.closed_ms = now_ms;
  }
}

bool listens_by_key(const recipe::Program& program, const std::string& step) {
  const auto at = program.find(step);
  if (at == program.code.size() || program.code[at].kind != recipe::Instruction::Kind::wait_for) return false;
  const auto& events = std::get<recipe::WaitFor>(program.code[at].step->verb).events;
  return std::any_of(events.begin(), events.end(),
                     [](const auto& awaited) { return !awaited.match.match.empty() || !awaited.match.step.empty(); });
}

}  // namespace ieum::runtime
