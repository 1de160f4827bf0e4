#include "simulation/ledger.hpp"

#include <algorithm>

#include "store/words.hpp"

namespace ieum::sim {

void Ledger::committed(const store::Unit& unit, const std::vector<Id>& passed_over) {
  for (const auto& write : unit.writes) {
    if (const auto* w = write.as<store::AcceptEvent>()) take(*w);
    if (const auto* w = write.as<store::AcceptItem>()) {
      const bool known = std::find(passed_over.begin(), passed_over.end(), w->event.id) != passed_over.end();
      if (!known) take(store::AcceptEvent{w->event, w->payload, {}});
    }
    if (const auto* w = write.as<store::SettleEvent>()) take(*w);
    if (const auto* w = write.as<store::StartRun>()) take(*w);
    if (const auto* w = write.as<store::MoveRun>()) take(*w);
    if (const auto* w = write.as<store::OpenStep>()) take(*w);
    if (const auto* w = write.as<store::MoveStep>()) take(*w);
    if (const auto* w = write.as<store::MergeCustomers>()) take(*w);
    if (const auto* w = write.as<store::AddReplay>()) take(*w);
    if (const auto* w = write.as<store::DropRuns>()) take(*w);
    if (const auto* w = write.as<store::DropEvents>()) take(*w);
  }
}

const Ledger::Step* Ledger::step_of_key(const std::string& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &steps_.at(found->second);
}

void Ledger::take(const store::AcceptEvent& write) {
  const auto& row = write.event;
  if (!events_.emplace(row.id, Event{row.state, row.connection, row.topic, write.payload.body}).second)
    trace_.problem(words("event ", row.id, " was accepted twice"));
}

void Ledger::take(const store::SettleEvent& write) {
  const auto found = events_.find(write.event);
  if (found == events_.end()) return trace_.problem(words("event ", write.event, " was settled, and never accepted"));
  if (found->second.state != write.from)
    trace_.problem(words("I2: event ", write.event, " was settled from another state than its own"));
  found->second.state = write.to;
  if (write.to == store::EventState::dead && write.reason.empty())
    trace_.problem(words("I6: event ", write.event, " was set aside without a reason"));
}

void Ledger::take(const store::StartRun& write) {
  const auto& row = write.run;
  const bool fresh = runs_
                         .emplace(row.id, Run{row.state, row.rev, row.lease_epoch, row.recipe, row.trigger_event,
                                              row.trigger_item, row.customer, row.key, false})
                         .second;
  if (!fresh) trace_.problem(words("run ", row.id, " began twice"));
}

void Ledger::take(const store::MoveRun& write) {
  const auto found = runs_.find(write.run);
  if (found == runs_.end()) return trace_.problem(words("run ", write.run, " moved, and never began"));
  auto& run = found->second;
  if (run.rev != write.expected_rev || run.epoch != write.expected_epoch)
    trace_.problem(words("I3: run ", write.run, " moved from rev ", write.expected_rev, " of epoch ",
                         write.expected_epoch, " and stood at rev ", run.rev, " of epoch ", run.epoch));
  const bool reopened = write.reopens && run.state == store::RunState::failed;
  if (store::is_terminal(run.state) && !reopened)
    trace_.problem(words("I3: run ", write.run, " had ended as ", store::word(run.state), " and became ",
                         store::word(write.state)));
  run.state = write.state;
  run.rev = write.expected_rev + 1;
  run.epoch = write.lease_epoch;
}

void Ledger::take(const store::OpenStep& write) {
  const auto& row = write.step;
  steps_[row.id] = {row.run, row.step, row.key, row.operation, row.state, row.attempt};
  if (row.connection == 0) return;  // the engine's own
  if (!visits_.emplace(row.run, row.step, row.iteration).second)
    trace_.problem(words("I4: step ", row.step, " of run ", row.run, " was opened twice for pass ", row.iteration));
  if (!by_key_.emplace(row.key, row.id).second) trace_.problem(words("I4: two visits of steps have the key ", row.key));
}

void Ledger::take(const store::MoveStep& write) {
  const auto found = steps_.find(write.step);
  if (found == steps_.end()) return trace_.problem(words("step ", write.step, " moved, and was never opened"));
  auto& step = found->second;
  if (step.state != write.from || step.attempt != write.expected_attempt)
    trace_.problem(words("I4: step ", step.step, " of run ", step.run, " moved from ", store::word(write.from), ", ",
                         write.expected_attempt, " and was ", store::word(step.state), ", ", step.attempt));
  step.state = write.to;
  step.attempt = write.attempt;
  step.error = write.error_code;
  step.entered = write.error_text.starts_with("the answer was entered");
  if (write.to == store::StepState::done && ++step.done > 1)
    trace_.problem(words("I4: step ", step.step, " of run ", step.run, " was recorded done twice"));
}

void Ledger::take(const store::MergeCustomers& write) {
  std::set<std::pair<Id, std::string>> live;
  for (auto& [id, run] : runs_) {
    const bool moves = run.customer == write.row.loser;
    if (!moves && run.customer != write.row.survivor) continue;
    run.customer = write.row.survivor;
    if (store::is_terminal(run.state)) continue;
    if (moves) ++run.rev;
    if (!live.emplace(run.recipe, run.key).second)
      trace_.problem(words("I3: run ", id, " lives beside another of its recipe and key since customers ",
                           write.row.survivor, " and ", write.row.loser, " are one"));
  }
}

void Ledger::take(const store::AddReplay& write) {
  if (const auto found = runs_.find(write.row.run); found != runs_.end()) found->second.replay = true;
}

void Ledger::take(const store::DropRuns& write) {
  for (const Id id : write.runs) {
    const auto found = runs_.find(id);
    if (found != runs_.end() && !store::is_terminal(found->second.state))
      trace_.problem(words("I6: run ", id, " was dropped while it lived"));
  }
}

void Ledger::take(const store::DropEvents& write) {
  for (const Id id : write.events) {
    const auto found = events_.find(id);
    if (found != events_.end() && found->second.state != store::EventState::routed)
      trace_.problem(words("I6: event ", id, " was dropped before it was routed"));
  }
}

}  // namespace ieum::sim
