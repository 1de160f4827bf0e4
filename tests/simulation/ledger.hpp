// Ledger: what was committed, unit by unit, and whether each may follow what came before: a run is begun once, moves only from
// where it stands and ends once (I3), customers who become one have one live run of a recipe and key, a step is opened once for each pass and is done once, under one key (I4).
#pragma once
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "simulation/trace.hpp"
#include "store/store.hpp"

namespace ieum::sim {

class Ledger {
 public:
  explicit Ledger(Trace& trace) : trace_(trace) {}
  void committed(const store::Unit& unit, const std::vector<Id>& passed_over);

  struct Event {
    store::EventState state = store::EventState::fresh;
    Id connection = 0;
    std::string topic, body;
  };
  struct Run {
    store::RunState state = store::RunState::acting;
    std::int64_t rev = 0, epoch = 0;
    Id recipe = 0, event = 0;
    int item = 0;
    Id customer = 0;
    std::string key;
    bool replay = false;
  };
  struct Step {
    Id run = 0;
    std::string step, key, operation;
    store::StepState state = store::StepState::intent;
    int attempt = 0, done = 0;
    bool entered = false;  // a person said how it ended
    std::string error;
  };
  [[nodiscard]] const std::map<Id, Event>& events() const { return events_; }
  [[nodiscard]] const std::map<Id, Run>& runs() const { return runs_; }
  [[nodiscard]] const std::map<Id, Step>& steps() const { return steps_; }
  [[nodiscard]] const Step* step_of_key(const std::string& key) const;

 private:
  void take(const store::AcceptEvent& write);
  void take(const store::SettleEvent& write);
  void take(const store::StartRun& write);
  void take(const store::MoveRun& write);
  void take(const store::OpenStep& write);
  void take(const store::MoveStep& write);
  void take(const store::MergeCustomers& write);
  void take(const store::AddReplay& write);
  void take(const store::DropRuns& write);
  void take(const store::DropEvents& write);

  Trace& trace_;
  std::map<Id, Event> events_;
  std::map<Id, Run> runs_;
  std::map<Id, Step> steps_;
  std::map<std::string, Id> by_key_;
  std::set<std::tuple<Id, std::string, int>> visits_;
};

}  // namespace ieum::sim
