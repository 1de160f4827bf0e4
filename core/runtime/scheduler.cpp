#include "runtime/scheduler.hpp"

#include <algorithm>
#include <utility>

#include "runtime/flight.hpp"

namespace ieum::runtime {
namespace {
constexpr int kSlice = 256;
constexpr int kOpenInstantMax = 100'000;  // runs due at the very instant at which a virtual clock stands

bool may_come_early(const store::RunRow& run) {
  return run.state == store::RunState::acting && run.due_ms && run.reason.starts_with(kHost);
}
}  // namespace

void Scheduler::pass() {
  links_.chores();
  if (context_.stopping || !claimed_.empty() || !claimed_absences_.empty()) {
    again_ = !context_.stopping;
    return;
  }
  if (context_.crowded()) {
    again_ = crowded_ = true;
    return look_again_later();
  }
  crowded_ = false;
  again_ = false;
  blocked_ = false;
  const Millis now = context_.now();
  auto runs = take_due_runs(now);
  const Millis until = open_instant_ && *open_instant_ == now ? now - 1 : now;
  auto absences = context_.reader->due_absences(until, kSlice);
  if (absences.has_error()) {
    context_.parts.log.error("due absences cannot be read", {{"error", absences.error().text()}});
    return look_again_later();
  }
  again_ = again_ || absences->size() == kSlice;
  const auto earliest = context_.arrivals.earliest();
  const auto waits_for_arrivals = [&](Millis due) {
    const bool waits = earliest && *earliest <= due;
    blocked_ = blocked_ || waits;
    return waits;
  };
  std::erase_if(runs, [&](const store::RunRow& run) {
    return links_.in_flight(run.id) || (run.state == store::RunState::waiting && waits_for_arrivals(*run.due_ms));
  });
  std::erase_if(*absences, [&](const store::AbsenceRow& row) { return waits_for_arrivals(row.due_ms); });
  // Schedules come last at an instant: after its events and timers.
  Millis schedules_until = until == now ? now : now - 1;
  if (earliest) schedules_until = std::min(schedules_until, *earliest - 1);
  for (const auto& run : runs) schedules_until = std::min(schedules_until, *run.due_ms - 1);
  for (const auto& row : *absences) schedules_until = std::min(schedules_until, row.due_ms - 1);
  schedules_.pass(schedules_until);
  if (const auto next = schedules_.next(); earliest && next && *next <= now) blocked_ = true;
  for (const auto& run : runs) claimed_.insert(run.id);
  for (const auto& row : *absences) claimed_absences_.insert(row.id);
  for (auto& run : runs) {
    if (run.state == store::RunState::waiting) {
      fire_wait(std::move(run));
    } else {
      fire_attempt(std::move(run));
    }
  }
  for (auto& row : *absences) fire_absence(std::move(row));
  if (!claimed_.empty() || !claimed_absences_.empty()) return;
  again_ = false;
  arm();
  // Nothing was due: nobody else would tell those who wait for idleness.
  if (context_.progressed) context_.progressed();
}

std::vector<store::RunRow> Scheduler::take_due_runs(Millis now) {
  const bool open = open_instant_ && *open_instant_ == now;
  auto due = context_.reader->due_runs(open ? now - 1 : now, kSlice);
  if (due.has_error()) {
    context_.parts.log.error("due runs cannot be read", {{"error", due.error().text()}});
    look_again_later();
    return {};
  }
  again_ = due->size() == kSlice;
  if (!open || again_) return std::move(*due);
  auto here = context_.reader->due_runs(now, kOpenInstantMax);
  if (here.has_error()) return std::move(*due);
  std::erase_if(*here, [&](const store::RunRow& run) { return undoable(run); });
  return std::move(*here);
}

bool Scheduler::undoable(const store::RunRow& run) const {
  if (run.state != store::RunState::waiting || !run.due_ms || *run.due_ms != *open_instant_) return false;
  const auto program = context_.program(run.recipe, run.version);
  if (program.has_error()) return false;
  if (!(*program)->recipe.exit_on.empty()) return true;
  const auto at = (*program)->find(run.at_step);
  return at < (*program)->code.size() && (*program)->code[at].kind == recipe::Instruction::Kind::wait_for;
}

void Scheduler::fire_wait(store::RunRow run) {
  context_.locks.acquire({run_lock(run)}, [this, id = run.id](KeyLocks::Ticket ticket) {
    const auto leave = [this, id, ticket] {
      context_.locks.release(ticket);
      unclaim(id);
    };
    // Whoever had the lock before may have moved or ended it.
    auto stored = context_.reader->run(id);
    pause_ = pause_ || stored.has_error();
    const Millis now = context_.now();
    if (stored.has_error() || !*stored || (*stored)->state != store::RunState::waiting || !(*stored)->due_ms ||
        *(*stored)->due_ms > now) {
      return leave();
    }
    auto program = context_.program((*stored)->recipe, (*stored)->version);
    Result<Advance> advanced = Error("recipe_version_lost", "");
    if (program.has_value()) {
      RunFacts facts(context_, **stored, (*program)->recipe);
      advanced = advance(context_, **stored, false, **program, facts, engine::TimerFired{}, now);
    } else {
      advanced = program.error();
    }
    if (advanced.has_error() && !is_final(advanced.error())) {
      context_.parts.log.error("a run cannot go on now; it stays due",
                               {{"run", std::to_string(id)}, {"error", advanced.error().text()}});
      pause_ = true;
      return leave();
    }
    if (advanced.has_error()) {
      context_.parts.log.error("a run cannot go on", {{"run", std::to_string(id)}, {"error", advanced.error().text()}});
      Advance failed;
      failed.run = **stored;
      failed.run.state = store::RunState::failed;
      failed.writes.emplace_back(end_run(**stored, store::RunState::failed,
                                         advanced.error().code + ": " + advanced.error().what,
                                         context_.parts.store.epoch(), now));
      advanced = std::move(failed);
    }
    store::Unit unit{std::move(advanced->writes)};
    context_.commit(std::move(unit), [this, leave, run = std::move(advanced->run), open = std::move(advanced->open),
                                      program = program.has_value() ? *program : nullptr](
                                         const store::UnitOutcome& outcome) mutable {
      if (outcome.kind == store::UnitOutcome::Kind::committed) {
        context_.tell_run(run);
        leave();
        if (run.due_ms) note_due(*run.due_ms);
        if (open) links_.act(OpenedRun{std::move(run), std::move(*open), std::move(program)}, false);
        return;
      }
      if (outcome.error) {
        context_.parts.log.error("a timer could not be committed; it stays due", {{"error", outcome.error->text()}});
        pause_ = true;
      }
      leave();
    });
  });
}

bool Scheduler::wake(Id run) {
  if (context_.stopping || claimed_.contains(run) || links_.in_flight(run)) return false;
  auto stored = context_.reader->run(run);
  if (stored.has_error() || !*stored || !may_come_early(**stored)) return false;
  claimed_.insert(run);
  fire_attempt(std::move(**stored), true);
  return true;
}

void Scheduler::fire_attempt(store::RunRow due, bool early) {
  context_.locks.acquire({run_lock(due)}, [this, id = due.id, early](KeyLocks::Ticket ticket) {
    const auto leave = [this, id, ticket] {
      context_.locks.release(ticket);
      unclaim(id);
    };
    auto stored = context_.reader->run(id);
    pause_ = pause_ || stored.has_error();
    const Millis now = context_.now();
    if (stored.has_error() || !*stored || (*stored)->state != store::RunState::acting || !(*stored)->due_ms ||
        (*(*stored)->due_ms > now && !(early && may_come_early(**stored)))) {
      return leave();
    }
    auto run = std::move(**stored);
    auto step = context_.reader->open_step(id);
    auto program = context_.program(run.recipe, run.version);
    if (step.has_error() ||
        (program.has_error() && !is_final(program.error()))) {  // the store's trouble, not the step's
      pause_ = true;
      return leave();
    }
    const bool readable = *step && program.has_value();
    // The claim: from here on the call may be under way, and a restart will look it up instead of sending it again.
    auto claim = readable ? end_run(run, store::RunState::acting, run.reason, context_.parts.store.epoch(), now)
                          : end_run(run, store::RunState::failed, "step_unreadable", context_.parts.store.epoch(), now);
    if (readable) claim.ended_ms.reset();
    context_.commit(store::Unit{{std::move(claim)}}, [this, leave, run, step, program,
                                                      readable](const store::UnitOutcome& outcome) mutable {
      if (outcome.kind != store::UnitOutcome::Kind::committed) {
        pause_ = outcome.kind == store::UnitOutcome::Kind::failed;
        return leave();
      }
      if (!readable) {
        context_.parts.log.error("a due step cannot be read; its run failed", {{"run", std::to_string(run.id)}});
        return leave();
      }
      ++run.rev;
      const Millis turn = run.lease_epoch == context_.parts.store.epoch() ? run.due_ms.value_or(0) : 0;
      run.due_ms.reset();
      run.lease_epoch = context_.parts.store.epoch();
      const bool fate_unknown = (*step)->error_code == kFateUnknown;
      links_.act(OpenedRun{std::move(run), std::move(**step), *program, true, turn}, fate_unknown);
      leave();
    });
  });
}

void Scheduler::unclaim(Id run) {
  claimed_.erase(run);
  fired();
}

void Scheduler::fired() {
  if (!claimed_.empty() || !claimed_absences_.empty()) return;
  again_ = !pause_;
  if (std::exchange(pause_, false)) {
    look_again_later();
  } else {
    // What one slice did not take, what came due in the meantime, and then schedules.
    context_.parts.engine.post([this] { pass(); });
  }
}

void Scheduler::look_again_later() {
  if (!context_.parts.alarm || context_.stopping || std::exchange(looks_again_, true)) return;
  context_.parts.alarm(kSecond, [this] {
    context_.parts.engine.post([this] {
      looks_again_ = false;
      pass();
    });
  });
}

void Scheduler::note_due(Millis due) {
  if (armed_ && *armed_ <= due) return;
  arm();
}

void Scheduler::eased() {
  if (crowded_) pass();
}

void Scheduler::arrivals_moved() {
  if (blocked_) pass();
}

void Scheduler::arm() {
  if (context_.stopping || !context_.parts.alarm) return;
  auto next = context_.reader->next_due();
  if (next.has_error()) return;
  if (const auto schedule = schedules_.next(); schedule && (!*next || *schedule < **next)) *next = schedule;
  if (const auto chore = links_.chores_due(); chore && (!*next || *chore < **next)) *next = chore;
  if (!*next) return;
  const Millis now = context_.now();
  if (open_instant_ && *open_instant_ == now) return;  // whoever closes the instant looks again
  if (armed_ && *armed_ <= **next && *armed_ > now) return;
  if (**next <= now && blocked_) return;  // arrivals_moved() looks again
  armed_ = std::max(**next, now);
  // A long wait is cut, so that a clock set forward is noticed.
  const Millis delay = std::clamp<Millis>(**next - now, 0, kMinute);
  context_.parts.alarm(delay, [this] {
    context_.parts.engine.post([this] {
      armed_.reset();
      pass();
    });
  });
}

}  // namespace ieum::runtime
