#include "runtime/recovery.hpp"

#include "base/limits.hpp"
#include "runtime/flight.hpp"
#include "runtime/watchdog.hpp"

namespace ieum::runtime {
namespace {
constexpr int kSlice = 500;
// When the former process left no note: more likely it was killed from outside than by what it worked on.
constexpr int kUnnotedTries = 10;

std::string told(int tries, const std::string& cause) {
  return "tried " + std::to_string(tries) + " times, and each time the process ended: " + cause;
}
}  // namespace

Status Recovery::start(std::string cause, std::function<void()> routed) {
  is_noted_ = !cause.empty();
  noted_run_ = noted_unit(cause, "run");
  noted_event_ = noted_unit(cause, "event");
  noted_other_ = noted_run_ || noted_unit(cause, "connection");
  cause_ = cause.empty() ? "the process ended while it was being worked on" : std::move(cause);
  routed_ = std::move(routed);
  IEUM_CHECK(take_up_runs());
  for (Id after = 0;;) {
    IEUM_TRY(const auto ids, context_.reader->fresh_events(after, kSlice));
    for (const auto id : ids) {
      IEUM_TRY(const auto stored, context_.reader->event(id));
      if (!stored) continue;
      context_.arrivals.add(stored->event.received_ms);
      events_.emplace_back(stored->event);
    }
    if (ids.size() < kSlice) break;
    after = ids.back();
  }
  if (!context_.parts.store.ended_cleanly()) {
    if (!events_.empty())
      context_.parts.log.info("the former process did not end by itself; its open events are taken up one at a time",
                              {{"events", std::to_string(events_.size())}});
    next_carefully();  // with none left, too: it may have ended before it forgot the tries
    return {};
  }
  auto left = std::move(events_);
  events_.clear();
  for (auto& event : left) router_.enqueue(std::move(event));
  routed_();
  return {};
}

Status Recovery::take_up_runs() {
  std::size_t taken = 0;
  for (Id after = 0;;) {
    IEUM_TRY(const auto runs, context_.reader->acting_runs(after, kSlice));
    for (const auto& run : runs) {
      after = run.id;
      if (run.due_ms) continue;  // waits for its next attempt: nothing was under way
      IEUM_TRY(const auto step, context_.reader->open_step(run.id));
      if (!step) continue;
      IEUM_TRY(const bool aside, set_aside(run, *step));
      if (aside) continue;
      take_up(run, *step);
      ++taken;
    }
    if (runs.size() < kSlice) break;
  }
  IEUM_TRY(const auto stranded, context_.reader->stranded_steps(10'000));
  for (const auto& step : stranded) leave_in_doubt(step);
  if (taken > 0) context_.parts.log.info("calls without an outcome are taken up", {{"runs", std::to_string(taken)}});
  return {};
}

void Recovery::take_up(const store::RunRow& run, const store::StepRow& step) {
  const auto live = context_.live();
  Millis due = context_.now();
  if (const auto connection = live->connections_by_id.find(step.connection);
      connection != live->connections_by_id.end() && connection->second->connector != nullptr) {
    const auto* operation =
        connection->second->connector->manifest().operation(step.operation.substr(step.operation.find('.') + 1));
    if (operation != nullptr && operation->safety == host::Safety::unsafe) due += operation->reconcile_after_for;
  }
  store::MoveStep mark;
  mark.step = step.id;
  mark.expected_attempt = mark.attempt = step.attempt;
  mark.error_code = kFateUnknown;
  mark.error_text = "the process ended while this call was under way";
  auto move = attempt_at(run, due, run.reason, context_.parts.store.epoch());
  put(
      store::Unit{{std::move(move), std::move(mark)}}, [this, due] { due_(due); },
      [this, id = run.id, step] { overtaken(id, step); });
}

void Recovery::overtaken(Id run, const store::StepRow& step) {
  const auto stored = context_.reader->run(run);
  if (stored.has_error() || !*stored) {
    context_.parts.log.error("a call without an outcome cannot be taken up; the next start does it",
                             {{"run", std::to_string(run)}});
    return;
  }
  if (store::is_terminal((*stored)->state)) return leave_in_doubt(step);
  if (is_begun(**stored)) take_up(**stored, step);
}

void Recovery::leave_in_doubt(const store::StepRow& step) {
  store::MoveStep mark;
  mark.step = step.id;
  mark.expected_attempt = mark.attempt = step.attempt;
  mark.to = store::StepState::in_doubt;
  mark.error_code = "in_doubt";
  mark.error_text = "its run had ended, and the process ended before the answer came";
  mark.closed_ms = context_.now();
  put(
      store::Unit{{std::move(mark)}}, [] {}, [] {});
}

Result<bool> Recovery::set_aside(const store::RunRow& run, const store::StepRow& step) {
  if (noted_run_ != run.id || context_.parts.store.ended_cleanly()) return false;
  IEUM_TRY(const int before, context_.reader->tries(false, run.id));
  run_tries_ = before + 1;
  // The try of the former process is one of them.
  if (run_tries_ < limits::kPoisonTries) {
    context_.commit(store::Unit{{store::CountTry{false, run.id}}}, [](const store::UnitOutcome&) {});
    return false;
  }
  context_.parts.log.error("a step that ended the process each time is set aside",
                           {{"run", std::to_string(run.id)}, {"step", step.step}, {"cause", cause_}});
  store::MoveStep aside;
  aside.step = step.id;
  aside.expected_attempt = aside.attempt = step.attempt;
  aside.to = store::StepState::in_doubt;
  aside.error_code = "poison";
  aside.error_text = told(run_tries_, cause_);
  auto waits = end_run(run, store::RunState::in_doubt, "in_doubt", context_.parts.store.epoch(), 0);
  waits.ended_ms.reset();
  put(
      store::Unit{{std::move(waits), std::move(aside)}}, [] {}, [this, id = run.id, step] { overtaken(id, step); });
  run_tries_ = 0;
  return true;
}

void Recovery::put(store::Unit unit, std::function<void()> done, std::function<void()> overtaken) {
  using Kind = store::UnitOutcome::Kind;
  auto left = std::make_shared<store::Unit>(unit);
  context_.commit(std::move(unit), [this, left, done = std::move(done),
                                    overtaken = std::move(overtaken)](const store::UnitOutcome& outcome) {
    if (outcome.kind == Kind::stale) return overtaken();
    if (outcome.kind != Kind::failed) return done();
    if (!context_.parts.alarm || context_.stopping) return;
    context_.parts.alarm(kSecond, [this, left, done, overtaken] {
      context_.parts.engine.post([this, left, done, overtaken] {
        if (!context_.stopping) put(std::move(*left), done, overtaken);
      });
    });
  });
}

void Recovery::next_carefully() {
  if (events_.empty()) {
    under_way_ = false;
    store::Unit unit{{store::ClearTries{}}};
    // The events are done; the run has yet to be tried.
    for (int tries = 0; noted_run_ && tries < run_tries_; ++tries)
      unit.writes.emplace_back(store::CountTry{false, *noted_run_});
    context_.commit(std::move(unit), [](const store::UnitOutcome&) {});
    routed_();
    return;
  }
  under_way_ = true;
  auto left = std::move(events_.front());
  events_.pop_front();
  left.done = [this] { context_.parts.engine.post([this] { next_carefully(); }); };
  const auto tries = context_.reader->tries(true, left.event);
  // Of what the note names the try before the first count is one, too.
  const int tried = (tries.has_value() ? *tries : 0) + (noted_event_ == left.event ? 1 : 0);
  const bool may_be_it = noted_event_ ? noted_event_ == left.event : is_noted_ && !noted_other_;
  if (tries.has_value() && tried >= (may_be_it ? limits::kPoisonTries : kUnnotedTries))
    return router_.bury(std::move(left), told(tried, cause_));
  store::Unit count{{store::CountTry{true, left.event}}};
  const auto held = std::make_shared<Arrival>(std::move(left));
  context_.commit(std::move(count), [this, held](const store::UnitOutcome&) { router_.enqueue(std::move(*held)); });
}

}  // namespace ieum::runtime
