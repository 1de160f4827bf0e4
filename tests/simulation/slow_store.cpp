#include "simulation/slow_store.hpp"

#include "store/words.hpp"

namespace ieum::sim {
namespace {

using Kind = store::UnitOutcome::Kind;

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::committed: return "committed";
    case Kind::stale: return "stale";
    case Kind::duplicate: return "duplicate";
    case Kind::failed: return "failed";
  }
  return {};
}

store::UnitOutcome failure(const char* code) {
  store::UnitOutcome outcome;
  outcome.kind = Kind::failed;
  outcome.error = Error(code, "so the simulator wants it");
  return outcome;
}

}  // namespace

std::string told(const store::Unit& unit) {
  std::string text;
  for (const auto& write : unit.writes) {
    text += text.empty() ? "" : "; ";
    if (const auto* w = write.as<store::AcceptEvent>()) {
      text += words("accept event ", w->event.id);
    } else if (const auto* w = write.as<store::AcceptItem>()) {
      text += words("accept event ", w->event.id);
    } else if (const auto* w = write.as<store::SettleEvent>()) {
      text +=
          words("settle event ", w->event, " -> ", static_cast<int>(w->to), w->reason.empty() ? "" : " ", w->reason);
    } else if (const auto* w = write.as<store::StartRun>()) {
      text += words("start run ", w->run.id, " of recipe ", w->run.recipe, " by event ", w->run.trigger_event, " ",
                    store::word(w->run.state));
    } else if (const auto* w = write.as<store::MoveRun>()) {
      text += words("move run ", w->run, " rev ", w->expected_rev, " -> ", store::word(w->state), " at ", w->at_step,
                    w->due_ms ? words(" due ", *w->due_ms) : "", w->reason.empty() ? "" : " because ", w->reason);
    } else if (const auto* w = write.as<store::OpenStep>()) {
      text += words("open step ", w->step.id, " ", w->step.step, "#", w->step.iteration, " ", w->step.operation);
    } else if (const auto* w = write.as<store::MoveStep>()) {
      text += words("move step ", w->step, " ", store::word(w->from), " -> ", store::word(w->to), " attempt ",
                    w->attempt, w->error_code.empty() ? "" : " ", w->error_code);
    } else {
      text += words("write ", write.any.index());
    }
  }
  return text;
}

void SlowStore::submit(store::Queue queue, store::Unit unit, store::UnitDone done) {
  const bool accepts = !unit.writes.empty() && unit.writes.front().as<store::AcceptEvent>() != nullptr;
  if (bug_ == Bug::acks_early && accepts && done) {
    done(store::UnitOutcome{});
    done = nullptr;
  }
  (queue == store::Queue::accept ? accept_ : work_).push_back({std::move(unit), std::move(done)});
}

store::UnitOutcome SlowStore::submit_and_wait(store::Queue queue, store::Unit unit) {
  std::optional<store::UnitOutcome> answer;
  submit(queue, std::move(unit), [&answer](const store::UnitOutcome& outcome) { answer = outcome; });
  while (!answer) step();
  return *answer;
}

std::size_t SlowStore::queued(store::Queue queue) const {
  return queue == store::Queue::accept ? accept_.size() : work_.size();
}

std::vector<store::Unit> SlowStore::waiting() const {
  std::vector<store::Unit> units;
  for (const auto* queue : {&accept_, &work_})
    for (const auto& one : *queue) units.push_back(one.unit);
  return units;
}

void SlowStore::close() {
  while (step()) {}
  if (!broken_) below_->close();
}

bool SlowStore::step() {
  const bool waits = !accept_.empty() || !work_.empty();
  if (!answers_.empty() && (!waits || dice_.percent(60))) {
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    if (!answer.done) return true;
    answer.done(answer.outcome);
    if (bug_ == Bug::answers_twice && dice_.once_in(20)) answer.done(answer.outcome);
    return true;
  }
  if (!waits) return false;
  commit_some();
  return true;
}

void SlowStore::commit_some() {
  for (auto left = dice_.between(1, 4); left > 0; --left) {
    const bool accepts = !accept_.empty() && (work_.empty() || dice_.percent(70));
    auto& queue = accepts ? accept_ : work_;
    if (queue.empty()) return;
    auto next = std::move(queue.front());
    queue.pop_front();
    auto outcome = commit(accepts ? store::Queue::accept : store::Queue::work, std::move(next.unit));
    answers_.push_back({std::move(next.done), std::move(outcome)});
  }
}

store::UnitOutcome SlowStore::commit(store::Queue queue, store::Unit unit) {
  if (broken_) return failure("store_broken");
  if (disk_full) {
    trace_.line(words("disk full: ", told(unit)));
    return failure("disk_full");
  }
  if (breaks_next) {
    breaks_next = false;
    broken_ = true;
    const bool there = dice_.percent(50);
    trace_.line(
        words("the disk breaks, ", there ? "and it is written all the same: " : "and it is not written: ", told(unit)));
    if (there) written(queue, std::move(unit));
    if (on_broken) on_broken();
    return failure("store_broken");
  }
  return written(queue, std::move(unit));
}

store::UnitOutcome SlowStore::written(store::Queue queue, store::Unit unit) {
  auto said = unit;
  if (bug_ == Bug::loses_a_move && unit.writes.size() > 1 && dice_.once_in(20) &&
      unit.writes.back().as<store::OpenStep>() != nullptr)
    unit.writes.pop_back();
  auto outcome = below_->submit_and_wait(queue, unit);
  if (bug_ == Bug::passes_stale && outcome.kind == Kind::stale && renew_guards(unit))
    outcome = below_->submit_and_wait(queue, std::move(unit));
  const std::string error = outcome.error ? words(" ", outcome.error->code, " ", outcome.error->what) : "";
  trace_.line(words(word_of(outcome.kind), ": ", told(said), error));
  if (outcome.kind == Kind::committed) ledger_.committed(said, outcome.passed_over);
  if (outcome.kind == Kind::failed)
    trace_.problem(words("the store refuses what nothing was to refuse: ", told(said), error));
  return outcome;
}

// Makes the guards hold, as if nobody had looked at them.
bool SlowStore::renew_guards(store::Unit& unit) {
  const auto reader = below_->reader();
  for (auto& write : unit.writes) {
    if (auto* move = write.as<store::MoveRun>()) {
      const auto row = reader->run(move->run);
      if (row.has_error() || !*row) return false;
      move->expected_rev = (*row)->rev;
      move->expected_epoch = (*row)->lease_epoch;
      move->reopens = (*row)->state == store::RunState::failed;
    } else if (auto* step = write.as<store::MoveStep>()) {
      const auto found = ledger_.steps().find(step->step);
      if (found == ledger_.steps().end()) return false;
      step->from = found->second.state;
      step->expected_attempt = found->second.attempt;
    }
  }
  return true;
}

}  // namespace ieum::sim
