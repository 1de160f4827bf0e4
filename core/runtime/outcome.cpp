// The way back: from an answer to rows.
#include <utility>

#include "base/json.hpp"
#include "engine/reasons.hpp"
#include "engine/retry.hpp"
#include "runtime/flight.hpp"
#include "runtime/gatekeeper.hpp"
#include "runtime/held.hpp"
#include "runtime/outbound.hpp"

namespace ieum::runtime {
namespace {

store::MoveStep move_of(const store::StepRow& step) {
  store::MoveStep move;
  move.step = step.id;
  move.from = step.state;
  move.expected_attempt = step.attempt;
  move.attempt = step.attempt;
  return move;
}

// Cleans what a vendor or a module said before it is stored or shown.
std::string clean(const LiveConnection* connection, const std::string& text) {
  return connection != nullptr ? connection->redactor.clean(text) : text;
}

}  // namespace

void Worker::done(FlightPtr flight, const Value& output) {
  conclude(std::move(flight), store::StepState::done, {}, {}, output, engine::StepDone{});
}

void Worker::failed(FlightPtr flight, const host::FailEffect& fail) {
  using Kind = host::FailKind;
  if (flight->fate_unknown) return still_unknown(std::move(flight), fail);  // this attempt did not get as far
  if (fail.kind == Kind::retry || fail.kind == Kind::rate_limited) return try_later(std::move(flight), fail, false);
  if (fail.kind == Kind::ambiguous) return try_later(std::move(flight), fail, true);
  const bool refused = fail.kind == Kind::auth_dead || fail.kind == Kind::auth_refresh;
  if (refused && flight->credentials) return hold(std::move(flight), fail, false);
  // Where the vendor does not tell a repetition from a first call, that this one is refused says nothing about those before it.
  const auto safety = flight->operation == nullptr ? host::Safety::safe : flight->operation->safety;
  const bool each_counts = safety == host::Safety::unsafe || safety == host::Safety::idempotent;
  if (each_counts && may_have_arrived(flight->exchange)) return doubt(std::move(flight), fail);
  const std::string message = clean(flight->connection.get(), fail.message);
  conclude(std::move(flight), store::StepState::failed, fail.code, message, {}, engine::StepFailed{fail.code, message});
}

void Worker::try_later(FlightPtr flight, const host::FailEffect& fail, bool fate_unknown) {
  auto& step = flight->step();
  const bool rate_limited = fail.kind == host::FailKind::rate_limited;
  const int counted = step.attempt + (rate_limited ? 0 : 1);
  const Millis now = context_.now();
  auto due = engine::next_attempt(flight->use->retry,
                                  {counted, budget_begun(flight->exchange).value_or(now), now, fail.retry_after_for},
                                  context_.parts.random);
  if (!due) {
    if (fate_unknown || may_have_arrived(flight->exchange)) return doubt(std::move(flight), fail);
    const std::string message = clean(flight->connection.get(), fail.message);
    return conclude(std::move(flight), store::StepState::failed, fail.code, message, {},
                    engine::StepFailed{fail.code, message});
  }
  // The first look-up after a lost answer waits until the vendor can be trusted to show what it did, and no longer.
  if (fate_unknown && step.error_code != kFateUnknown) due = now + flight->operation->reconcile_after_for;
  auto move = move_of(step);
  move.attempt = counted;
  move.exchange = write_json(flight->exchange);
  move.error_code = fate_unknown ? std::string(kFateUnknown) : fail.code;
  move.error_text = clean(flight->connection.get(), fail.message);
  commit_outcome(
      flight,
      [this, due](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        auto later = attempt_at(run, *due, run.reason, context_.parts.store.epoch());
        return std::vector<store::Write>{std::move(later)};
      },
      std::move(move));
}

void Worker::hold(FlightPtr flight, const host::FailEffect& fail, bool fate_unknown) {
  // Somebody entered other credentials while the refused ones were under way: those have not been tried.
  const auto live = context_.live();
  const auto now = live->connections_by_id.find(flight->connection->row.id);
  if (now != live->connections_by_id.end() && !now->second->dead() && now->second->connector != nullptr &&
      now->second->versions != flight->connection->versions) {
    flight->fate_unknown = flight->fate_unknown || fate_unknown;
    flight->connection = now->second;
    return choose(std::move(flight));
  }
  const auto& connection = *flight->connection;
  const std::string message = clean(&connection, fail.message);
  const std::string problem = connection.dead() ? connection.health->problem : message;
  if (context_.connection_died && !connection.dead()) context_.connection_died(connection.row.id, message);
  park(std::move(flight), held_reason(connection, problem), fail.code, message, fate_unknown);
}

void Worker::park(FlightPtr flight, std::string reason, std::string code, std::string message, bool fate_unknown) {
  auto move = move_of(flight->step());
  if (!flight->exchange.empty()) move.exchange = write_json(flight->exchange);
  move.error_code = fate_unknown ? std::string(kFateUnknown) : std::move(code);
  move.error_text = std::move(message);
  commit_outcome(
      flight,
      [this, reason = std::move(reason)](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        auto held = attempt_at(run, store::kHeldDue, reason, context_.parts.store.epoch());
        return std::vector<store::Write>{std::move(held)};
      },
      std::move(move));
}

void Worker::sleep(FlightPtr flight, Millis until_ms, Value state) {
  auto move = move_of(flight->step());
  move.continuation = write_json(Map{{"state", std::move(state)},
                                     {"outcome", Map{{"waited", true}}},
                                     {"version", flight->connection->connector->manifest().state_version}});
  move.exchange = write_json(flight->exchange);
  if (flight->fate_unknown) move.error_code = kFateUnknown;
  commit_outcome(
      flight,
      [this, until_ms](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        auto later = attempt_at(run, until_ms, run.reason, context_.parts.store.epoch());
        return std::vector<store::Write>{std::move(later)};
      },
      std::move(move));
}

void Worker::doubt(FlightPtr flight, const host::FailEffect& fail) {
  const auto& recipe = flight->opened.program->recipe;
  const auto own = flight->use == nullptr ? std::nullopt : flight->use->on_doubt;
  const auto policy = own.value_or(recipe.on_doubt.value_or(recipe::InDoubt::wait));
  const std::string message = clean(flight->connection.get(), fail.message);
  switch (policy) {
    case recipe::InDoubt::fail:
      return conclude(std::move(flight), store::StepState::in_doubt, "in_doubt", message, {},
                      engine::StepFailed{"in_doubt", message});
    case recipe::InDoubt::skip:
      return conclude(std::move(flight), store::StepState::in_doubt, "in_doubt", message, {}, engine::StepSkipped{});
    case recipe::InDoubt::repeat:
      // Once, and where there is something to repeat; then a person decides.
      if (flight->use == nullptr) break;
      if (flight->exchange.empty()) {
        net::CallFailure lost{net::CallFailure::Sent::maybe,
                              Error("process_ended", "the process ended while this call was under way")};
        record_attempt(flight->exchange, flight->interrupted.request, std::move(lost), context_.now(),
                       flight->connection->redactor, "", flight->step().inputs);
      }
      if (!repeats_in_doubt(flight->exchange)) break;
      return repeat(std::move(flight));
    case recipe::InDoubt::wait: break;
  }
  stand(std::move(flight), fail);
}

// It is written down first that the one repeat is used: a crash while it is under way does not give another.
void Worker::repeat(FlightPtr flight) {
  auto move = move_of(flight->step());
  move.exchange = write_json(flight->exchange);
  move.error_code = flight->step().error_code = kFateUnknown;
  context_.commit(store::Unit{{std::move(move)}}, [this, flight](const store::UnitOutcome& outcome) {
    if (outcome.kind != store::UnitOutcome::Kind::committed)
      return again_later(flight, [this, flight] { repeat(flight); });
    flight->fate_unknown = false;
    compute(flight);
  });
}

// The run stands still until a person decides.
void Worker::stand(FlightPtr flight, const host::FailEffect& fail) {
  auto move = move_of(flight->step());
  move.to = store::StepState::in_doubt;
  if (!flight->exchange.empty()) move.exchange = write_json(flight->exchange);
  move.error_code = fail.code;
  move.error_text = clean(flight->connection.get(), fail.message);
  commit_outcome(
      flight,
      [this](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        auto waiting = end_run(run, store::RunState::in_doubt, "in_doubt", context_.parts.store.epoch(), 0);
        waiting.ended_ms.reset();
        return std::vector<store::Write>{std::move(waiting)};
      },
      std::move(move));
}

void Worker::conclude(FlightPtr flight, store::StepState state, std::string code, std::string message,
                      const Value& output, engine::Input input, std::vector<store::Write> extra) {
  auto move = move_of(flight->step());
  move.to = state;
  move.exchange = write_json(flight->exchange);
  if (state == store::StepState::done) move.output = clean(flight->connection.get(), write_json(output));
  if (!flight->step().continuation.empty()) move.continuation = "";  // the vendor's raw answer is not kept
  move.error_code = code;
  move.error_text = message;
  move.closed_ms = context_.now();

  store::StepRow closed = flight->step();
  closed.state = state;
  closed.output = move.output.value_or("");
  closed.error_code = std::move(code);
  closed.error_text = std::move(message);
  commit_outcome(
      flight,
      [this, flight, closed = std::move(closed), input = std::move(input),
       extra = std::move(extra)](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        // The run may have got another version while its call was under way. Nobody asks for flight->use any more.
        IEUM_TRY(flight->opened.program, context_.program(run.recipe, run.version));
        RunFacts facts(context_, run, flight->opened.program->recipe);
        facts.know_step(closed);
        IEUM_TRY(auto advanced, advance(context_, run, false, *flight->opened.program, facts, input, context_.now()));
        flight->opened.run = std::move(advanced.run);
        flight->opened.step = advanced.open ? std::move(*advanced.open) : store::StepRow{};
        flight->opened.inputs = std::move(advanced.inputs);
        for (const auto& write : extra) advanced.writes.emplace_back(write);
        return std::move(advanced.writes);
      },
      std::move(move));
}

// Commits the step's move together with what `decide` makes of the run, under the run's lock. When the run has ended in
// the meantime only the step is recorded; when it moved otherwise it is decided again from what is stored.
void Worker::commit_outcome(FlightPtr flight,
                            std::function<Result<std::vector<store::Write>>(const store::RunRow&)> decide,
                            store::MoveStep move) {
  context_.locks.acquire({run_lock(flight->run())}, [this, flight, decide, move](KeyLocks::Ticket ticket) {
    flight->ticket = ticket;
    auto attempt = std::make_shared<std::function<void(store::RunRow, int)>>();
    *attempt = [this, flight, decide, move, attempt_weak = std::weak_ptr(attempt)](store::RunRow run, int round) {
      auto self = attempt_weak.lock();
      store::Unit unit;
      unit.writes.emplace_back(move);
      const bool ended = store::is_terminal(run.state);
      Id next_step = 0;
      std::optional<Millis> due;
      if (ended) {
        auto& recorded = *unit.writes.front().as<store::MoveStep>();
        // A person may have closed it with the run while the answer was on its way: what the vendor did is noted all the same.
        if (const auto last = context_.reader->last_step(run.id);
            round > 0 && last.has_value() && *last && (*last)->id == recorded.step) {
          if ((*last)->state != store::StepState::intent && (*last)->state != store::StepState::cancelled)
            return leave(flight);
          recorded.from = (*last)->state;
        }
        if (recorded.to == store::StepState::intent) {
          recorded.to = recorded.error_code == kFateUnknown ? store::StepState::in_doubt : store::StepState::cancelled;
        }
        if (!recorded.closed_ms) recorded.closed_ms = context_.now();
      } else {
        auto writes = decide(run);
        if (writes.has_error()) {
          context_.parts.log.error("a step's outcome cannot be decided on",
                                   {{"run", std::to_string(run.id)}, {"error", writes.error().text()}});
          auto fail = end_run(run, store::RunState::failed, writes.error().code + ": " + writes.error().what,
                              context_.parts.store.epoch(), context_.now());
          writes = std::vector<store::Write>{std::move(fail)};
        }
        for (auto& write : *writes) {
          if (const auto* opened = write.as<store::OpenStep>();
              opened != nullptr && opened->step.state == store::StepState::intent) {
            next_step = opened->step.id;
          }
          if (const auto* moved = write.as<store::MoveRun>()) {
            due = moved->due_ms;
            run.state = moved->state;
            run.at_step = moved->at_step;
            run.reason = moved->reason;
          }
          unit.writes.emplace_back(std::move(write));
        }
      }
      context_.commit(std::move(unit), [this, flight, self, decide, move, run = std::move(run), round, ended, next_step,
                                        due](const store::UnitOutcome& outcome) mutable {
        using Kind = store::UnitOutcome::Kind;
        if (outcome.kind == Kind::stale && round < 20) {
          auto stored = context_.reader->run(run.id);
          if (stored.has_value() && *stored) return (*self)(std::move(**stored), round + 1);
        }
        if (outcome.kind != Kind::committed) {
          context_.parts.log.error(
              "a step's outcome could not be committed; it is tried again",
              {{"run", std::to_string(run.id)}, {"error", outcome.error ? outcome.error->text() : "stale"}});
          return again_later(flight, [this, flight, decide, move] { commit_outcome(flight, decide, move); });
        }
        auto opened = std::move(flight->opened);
        opened.again = false;
        flight->opened.run.id = opened.run.id;  // leave() finds the flight by it
        leave(flight);
        if (!ended) context_.tell_run(run);
        if (next_step != 0) return links_.act(std::move(opened));
        if (due && *due == store::kHeldDue) return held(opened.run, opened.step.connection);
        if (due) links_.due(*due);
        if (due && !flight->away_from.empty()) sleeps(context_, flight->away_from, run.id);
      });
    };
    (*attempt)(flight->run(), 0);
  });
}

// What held the run may be gone by now: nobody else would wake it then.
void Worker::held(const store::RunRow& run, Id connection) {
  const auto live = context_.live();
  const auto found = live->connections_by_id.find(connection);
  const bool waits = found != live->connections_by_id.end() &&
                     (found->second->dead() || live->hold_over(run.recipe, *found->second) != nullptr);
  if (!waits && context_.wake_held) context_.wake_held();
}

void Worker::leave(FlightPtr flight) {
  flights_.erase(flight->run().id);
  if (flight->ticket != 0) context_.locks.release(flight->ticket);
  flight->ticket = 0;
}

// What is known of the call stays in memory and the run stays in flight: it is neither sent again nor forgotten.
void Worker::again_later(FlightPtr flight, std::function<void()> work) {
  if (!context_.parts.alarm || context_.stopping) return leave(flight);  // found again after the restart
  if (flight->ticket != 0) context_.locks.release(std::exchange(flight->ticket, 0));
  context_.parts.alarm(kSecond, [this, flight, work = std::move(work)] {
    context_.parts.engine.post([this, flight, work] {
      auto stored = context_.reader->run(flight->run().id);
      if (stored.has_value() && *stored) flight->opened.run = std::move(**stored);
      work();
    });
  });
}

bool Worker::given_up(FlightPtr flight) {
  RunFacts facts(context_, flight->run(), flight->opened.program->recipe);
  const auto known = facts.facts();
  const auto point = point_of(flight->run());
  const auto later = [&](const Error& error) {
    try_later(std::move(flight), {host::FailKind::retry, error.code, error.text(), {}}, false);
    return true;
  };
  if (point.has_error()) return later(point.error());
  const auto keeps = engine::keeps(*flight->opened.program, *point, known, context_.now());
  if (facts.problem()) return later(*facts.problem());
  if (keeps.has_error()) {
    const std::string code(engine::reasons::kExpressionFailed);
    const std::string message = "`keep_while`: " + keeps.error().text();
    conclude(std::move(flight), store::StepState::failed, code, message, {}, engine::StepFailed{code, message});
    return true;
  }
  if (*keeps) return false;
  auto move = move_of(flight->step());
  move.to = store::StepState::cancelled;
  move.error_code = engine::reasons::kKeepWhile;
  move.closed_ms = context_.now();
  commit_outcome(
      flight,
      [this](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        return std::vector<store::Write>{end_run(run, store::RunState::exited, std::string(engine::reasons::kKeepWhile),
                                                 context_.parts.store.epoch(), context_.now())};
      },
      std::move(move));
  return true;
}

bool Worker::gate_closed(FlightPtr flight) {
  RunFacts facts(context_, flight->run(), flight->opened.program->recipe);
  auto sending =
      judge_send(context_, flight->run(), flight->step().id, flight->step().step, *flight->use, *flight->operation,
                 flight->step().connection, flight->inputs, facts, flight->step().decision, context_.now());
  if (sending.has_error()) {
    context_.parts.log.error("the gate cannot be judged; the step is tried later", {{"error", sending.error().text()}});
    try_later(std::move(flight), {host::FailKind::retry, sending.error().code, sending.error().text(), {}}, false);
    return true;
  }
  using Kind = audience::Verdict::Kind;
  const audience::Verdict verdict = sending->verdict;
  if (verdict.allowed()) return false;
  const std::string reason = verdict.reason;
  store::PutDecision put{std::move(sending->decision)};
  if (verdict.kind == Kind::deferred) {
    commit_outcome(
        flight,
        [this, reason, until = verdict.until_ms, put](const store::RunRow& run) -> Result<std::vector<store::Write>> {
          auto later = attempt_at(run, until, reason, context_.parts.store.epoch());
          return std::vector<store::Write>{std::move(later), put};
        },
        move_of(flight->step()));
    return true;
  }
  if (verdict.kind == Kind::skipped) {
    conclude(std::move(flight), store::StepState::skipped, reason, {}, {}, engine::StepSkipped{}, {std::move(put)});
    return true;
  }
  auto move = move_of(flight->step());
  move.to = store::StepState::skipped;
  move.error_code = reason;
  move.closed_ms = context_.now();
  commit_outcome(
      flight,
      [this, reason, put = std::move(put)](const store::RunRow& run) -> Result<std::vector<store::Write>> {
        return std::vector<store::Write>{
            end_run(run, store::RunState::exited, reason, context_.parts.store.epoch(), context_.now()), put};
      },
      std::move(move));
  return true;
}

}  // namespace ieum::runtime
