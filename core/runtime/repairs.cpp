#include "runtime/repairs.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "runtime/flight.hpp"
#include "runtime/held.hpp"
#include "runtime/visits.hpp"

namespace ieum::runtime {
namespace {

Error ended() { return {"run_ended", "the run has ended already", "replay it to do all of it again"}; }

Error cannot_retry(std::string why) {
  return {"cannot_retry", std::move(why), "replay the run: it begins anew from its trigger"};
}

store::MoveStep move_of(const store::StepRow& step, store::StepState to) {
  store::MoveStep move;
  move.step = step.id;
  move.from = step.state;
  move.expected_attempt = move.attempt = step.attempt;
  move.to = to;
  return move;
}

std::string by(const RunDeed& deed) { return deed.by.empty() ? std::string() : " by " + deed.by; }

bool stands_open(const store::RunRow& run) {
  return run.state == store::RunState::in_doubt || (run.state == store::RunState::acting && run.due_ms);
}

}  // namespace

bool begins_anew(std::string_view reason) { return reason == kReleased || reason.starts_with(kRetried); }

Status judge_rev(const store::RunRow& run, std::int64_t rev) {
  if (rev == 0 || rev == run.rev) return {};
  return Error("moved_on", "the run has moved since it was looked at", "look at it again, then decide");
}

Result<Repairs::Stand> Repairs::judge(const store::RunRow& run, RunDeed::Kind kind) {
  using Kind = RunDeed::Kind;
  Stand stand;
  stand.failed = run.state == store::RunState::failed;
  const bool waits = run.state == store::RunState::waiting;
  if (store::is_terminal(run.state) && (!stand.failed || kind == Kind::cancel)) return ended();
  if (kind == Kind::cancel) return stand;
  if (in_flight_(run.id) || is_begun(run))
    return Error("in_flight", "its call is under way", "try again when it is answered, or has failed");
  if (kind == Kind::look_up && run.state != store::RunState::in_doubt)
    return Error("not_in_doubt", "the run is not in doubt", "only a step whose fate is unknown can be looked up");
  if (kind == Kind::fail && (waits || stand.failed))
    return Error("nothing_open", "the run has no open step that could count as failed");
  if (kind == Kind::resume && waits)
    return Error("nothing_open", "the run waits; it has no open step that could get an answer", "skip the wait");
  if (kind == Kind::retry && waits)
    return Error("nothing_open", "the run waits; nothing of it was refused", "skip the wait to go on now");
  IEUM_TRY(stand.program, context_.program(run.recipe, run.version));
  IEUM_TRY(stand.step, step_of(run));
  if (stand.step && stand.step->connection == 0)
    stand.step.reset();  // of the engine's own: there is nothing to decide about it
  if (kind == Kind::look_up) IEUM_CHECK(judge_look_up(stand));
  using State = store::StepState;
  if (stand.failed && stand.step && stand.step->state != State::failed && stand.step->state != State::in_doubt) {
    if (kind == Kind::retry) return cannot_retry("its failure was handled by on_error, and the run failed behind it");
    stand.step.reset();
  }
  if (!stand.step && (kind == Kind::resume || (kind == Kind::retry && !stand.failed)))
    return Error("nothing_open", "no step of the run asks for an answer", "skip what it stands at");
  if (stand.failed) IEUM_CHECK(judge_reopening(run, *stand.program));
  return stand;
}

Status Repairs::judge_look_up(const Stand& stand) {
  if (!stand.step) return Error("nothing_open", "the run has no open step");
  const auto& name = stand.step->operation;
  const auto live = context_.live();
  const auto connection = live->connections_by_id.find(stand.step->connection);
  const host::Operation* operation = nullptr;
  if (connection != live->connections_by_id.end() && connection->second->connector != nullptr)
    operation = connection->second->connector->manifest().operation(name.substr(name.find('.') + 1));
  if (operation != nullptr && !operation->reconcile.empty()) return {};
  return Error("no_look_up", "the vendor offers no way to find out what became of this request",
               "look there, then retry, skip, or resume with its answer");
}

Status Repairs::judge_reopening(const store::RunRow& run, const recipe::Program& program) {
  const auto at = program.find(run.at_step);
  if (run.at_step.empty() || at >= program.code.size())
    return cannot_retry("the run failed before its first step, or its place is gone");
  if (!program.code[at].loops.empty())
    return cannot_retry("the run failed inside a loop, and where it stood in there is gone");
  IEUM_TRY(const auto replays, context_.reader->replays(run.id));
  if (!replays.empty())
    return Error("already_replayed", "run " + std::to_string(replays.back().run) + " does all of it once more",
                 "look at that run; going on with both would do the rest twice");
  if (run.customer == 0 && run.key.empty()) return {};
  IEUM_TRY(const auto other, context_.reader->live_run(run.recipe, run.customer, run.key));
  if (!other) return {};
  return Error("already_running", "run " + std::to_string(other->id) + " has begun since and is about the same",
               "let it go on, or cancel it first");
}

Result<Repair> Repairs::plan(const store::RunRow& run, const RunDeed& deed) {
  using Kind = RunDeed::Kind;
  IEUM_CHECK(judge_rev(run, deed.rev));
  IEUM_TRY(const auto stand, judge(run, deed.kind));
  if (deed.kind == Kind::cancel) return cancel(run, deed);
  if (deed.kind == Kind::look_up) return look_up(run, stand);
  // Where no step of a vendor's failed, what did is evaluated once more.
  if (deed.kind == Kind::retry && stand.step) return send_again(run, stand, deed);
  return decide(run, stand, deed);
}

Result<std::optional<store::StepRow>> Repairs::step_of(const store::RunRow& run) {
  if (stands_open(run)) return context_.reader->open_step(run.id);
  std::optional<store::StepRow> found;
  if (run.state != store::RunState::failed) return found;
  IEUM_TRY(found, context_.reader->last_step(run.id));
  if (found && found->step != run.at_step) found.reset();
  return found;
}

// What must be written beside the move of a failed run that goes on.
Result<std::vector<store::Write>> Repairs::reopened(const store::RunRow& run, const recipe::Program& program) {
  std::vector<store::Write> writes;
  RunFacts facts(context_, run, program.recipe);
  IEUM_CHECK(add_exit_listeners(run, program.recipe, facts, context_.parts.zones, writes));
  return writes;
}

Result<Repair> Repairs::send_again(const store::RunRow& run, const Stand& stand, const RunDeed& deed) {
  const auto& step = *stand.step;
  Repair repair;
  auto move = attempt_at(run, context_.now(), std::string(kRetried) + by(deed), context_.parts.store.epoch());
  move.reopens = stand.failed;
  repair.unit.writes.emplace_back(std::move(move));
  // A request that may have arrived stays so: it is looked up before it goes out again. A person who has seen a run in doubt decides.
  if (step.state != store::StepState::intent) {
    auto again = move_of(step, store::StepState::intent);
    // It counted as failed while nobody knew: it is looked up first, where the vendor can tell.
    if (stand.failed && (step.state == store::StepState::in_doubt || step.error_code == "in_doubt"))
      again.error_code = kFateUnknown;
    repair.unit.writes.emplace_back(std::move(again));
  }
  if (!stand.failed) return repair;
  IEUM_TRY(auto writes, reopened(run, *stand.program));
  add_step_listeners(step, *stand.program, writes);
  for (auto& write : writes) repair.unit.writes.emplace_back(std::move(write));
  return repair;
}

Result<Repair> Repairs::look_up(const store::RunRow& run, const Stand& stand) {
  auto move = attempt_at(run, context_.now(), {}, context_.parts.store.epoch());
  auto again = move_of(*stand.step, store::StepState::intent);
  again.error_code = kFateUnknown;
  again.error_text = "a person asked for another look-up";
  return Repair{store::Unit{{std::move(move), std::move(again)}}, {}};
}

// The engine goes on as if the step had ended so.
Result<Repair> Repairs::decide(const store::RunRow& stored, const Stand& stand, const RunDeed& deed) {
  using Kind = RunDeed::Kind;
  const Millis now = context_.now();
  const auto& program = stand.program;
  const bool failed = stand.failed;
  std::vector<store::Write> beside;
  if (failed) {
    IEUM_TRY(beside, reopened(stored, *program));
  }
  store::RunRow run = stored;
  run.ended_ms.reset();
  run.reason.clear();

  Repair repair;
  RunFacts facts(context_, run, program->recipe);
  engine::Input input = engine::StepSkipped{};
  if (stand.step) {
    auto closed = *stand.step;
    closed.state = deed.kind == Kind::resume ? store::StepState::done
                   : deed.kind == Kind::skip ? store::StepState::skipped
                                             : store::StepState::failed;
    auto move = move_of(*stand.step, closed.state);
    if (deed.kind == Kind::resume) {
      move.output = closed.output = write_json(deed.output);
      move.error_text = "the answer was entered" + by(deed);
      input = engine::StepDone{};
    } else {
      move.error_code = closed.error_code = deed.kind == Kind::skip ? "skipped" : "in_doubt";
      move.error_text =
          deed.why.empty() ? (deed.kind == Kind::skip ? "passed over" : "counted as failed") + by(deed) : deed.why;
      closed.error_text = move.error_text;
      if (deed.kind == Kind::fail) input = engine::StepFailed{closed.error_code, closed.error_text};
    }
    move.continuation = "";
    move.closed_ms = now;
    repair.unit.writes.emplace_back(std::move(move));
    facts.know_step(std::move(closed));
  } else if (deed.kind == Kind::retry) {
    input = engine::Again{};
  } else if (stored.state == store::RunState::waiting) {
    input = engine::TimerFired{};
  }
  IEUM_TRY(auto advanced, advance(context_, run, false, *program, facts, input, now));
  for (auto& write : advanced.writes) {
    if (auto* move = write.as<store::MoveRun>()) {
      move->reopens = failed;
      repair.unit.writes.emplace_back(std::move(write));
      if (failed && !store::is_terminal(advanced.run.state))
        for (auto& more : beside) repair.unit.writes.emplace_back(std::move(more));
      continue;
    }
    repair.unit.writes.emplace_back(std::move(write));
  }
  if (advanced.open) repair.next = OpenedRun{std::move(advanced.run), std::move(*advanced.open), program};
  return repair;
}

Result<Repair> Repairs::cancel(const store::RunRow& run, const RunDeed& deed) {
  Repair repair;
  repair.unit.writes.emplace_back(end_run(run, store::RunState::cancelled,
                                          deed.why.empty() ? "cancelled" + by(deed) : deed.why,
                                          context_.parts.store.epoch(), context_.now()));
  IEUM_TRY(const auto step, context_.reader->open_step(run.id));
  if (step && step->state == store::StepState::intent && !in_flight_(run.id) && !is_begun(run)) {
    auto cancelled = move_of(*step, store::StepState::cancelled);
    cancelled.error_code = "cancelled";
    cancelled.closed_ms = context_.now();
    repair.unit.writes.emplace_back(std::move(cancelled));
  }
  return repair;
}

}  // namespace ieum::runtime
