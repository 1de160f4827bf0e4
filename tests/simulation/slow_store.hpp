// SlowStore: the real store behind a writer of its own pace, as the thread of a hub's writer is: units wait in two queues, are
// committed some at a time and answered later; a crash comes anywhere between. And with faults: a full disk, a commit that is
// reported failed although it is there, a disk that breaks.
#pragma once
#include <deque>
#include <functional>
#include <memory>

#include "simulation/bugs.hpp"
#include "simulation/dice.hpp"
#include "simulation/ledger.hpp"
#include "simulation/trace.hpp"
#include "store/store.hpp"

namespace ieum::sim {

class SlowStore final : public store::Store {
 public:
  SlowStore(std::unique_ptr<store::Store> below, Dice& dice, Trace& trace, Ledger& ledger, Bug bug)
      : below_(std::move(below)), dice_(dice), trace_(trace), ledger_(ledger), bug_(bug) {}

  void submit(store::Queue queue, store::Unit unit, store::UnitDone done) override;
  store::UnitOutcome submit_and_wait(store::Queue queue, store::Unit unit) override;
  Id next_id(store::IdSpace space) override { return below_->next_id(space); }
  std::unique_ptr<store::Reader> reader() override { return below_->reader(); }
  [[nodiscard]] std::int64_t epoch() const override { return below_->epoch(); }
  [[nodiscard]] bool ended_cleanly() const override { return below_->ended_cleanly(); }
  [[nodiscard]] std::size_t queued(store::Queue queue) const override;
  [[nodiscard]] const std::string& path() const override { return below_->path(); }
  [[nodiscard]] bool log_is_held() const override { return below_->log_is_held(); }
  void close() override;

  // What waits for the writer, as a process that is thought dead still has it in hand.
  [[nodiscard]] std::vector<store::Unit> waiting() const;
  // One move of the writer: commits some units, or answers one. False when nothing is there.
  bool step();
  [[nodiscard]] bool busy() const { return !accept_.empty() || !work_.empty() || !answers_.empty(); }

  bool disk_full = false;  // units fail and are not written
  bool breaks_next =
      false;  // the next unit breaks the store: written or not, it is reported failed, and all later ones are
  std::function<void()> on_broken;  // the process must end

 private:
  struct Waiting {
    store::Unit unit;
    store::UnitDone done;
  };
  struct Answer {
    store::UnitDone done;
    store::UnitOutcome outcome;
  };
  void commit_some();
  store::UnitOutcome commit(store::Queue queue, store::Unit unit);
  store::UnitOutcome written(store::Queue queue, store::Unit unit);
  bool renew_guards(store::Unit& unit);

  std::unique_ptr<store::Store> below_;
  Dice& dice_;
  Trace& trace_;
  Ledger& ledger_;
  const Bug bug_;
  bool broken_ = false;
  std::deque<Waiting> accept_, work_;
  std::deque<Answer> answers_;
};

// What a unit writes, in a few words.
std::string told(const store::Unit& unit);

}  // namespace ieum::sim
