#include "crash/history.hpp"

#include "bench/http_text.hpp"
#include "store/rows.hpp"

namespace ieum::test {
namespace {

constexpr std::size_t kFaultsMax = 20;  // one bug shows in thousands of rows

std::string name(std::size_t delivery) { return "delivery " + std::to_string(delivery); }

}  // namespace

void History::fault(std::string what) {
  if (faults_.size() < kFaultsMax) faults_.push_back(std::move(what));
}

History::Delivered& History::of(std::size_t delivery) {
  if (deliveries_.size() <= delivery) deliveries_.resize(delivery + 1);
  return deliveries_[delivery];
}

void History::add(const std::vector<Call>& calls) {
  for (const Call& call : calls) {
    if (call.delivery < 0 || call.key.empty()) {
      fault("a call without a delivery or a key");
      continue;
    }
    const auto delivery = static_cast<std::size_t>(call.delivery);
    Delivered& delivered = of(delivery);
    if (const auto [at, fresh] = by_key_.emplace(call.key, delivery); !fresh && at->second != delivery)
      fault("key " + call.key + " carries " + name(delivery) + " and " + name(at->second));
    if (!delivered.key.empty() && delivered.key != call.key) fault(name(delivery) + " was called under two keys");
    delivered.key = call.key;
    // The hub may not know of an answer only when it was killed, or the answer was lost.
    if (delivered.life == call.life) fault(name(delivery) + " was called again although its call was answered");
    if (call.answered) delivered.life = call.life;
  }
}

void History::read_events(store::Database& database, const std::vector<Sent>& sent) {
  auto rows =
      database.prepare("SELECT id, body FROM event JOIN payload ON payload.event = event.id WHERE id > ?1 ORDER BY id");
  if (!rows) return fault("the store cannot be read");
  rows->bind(last_event_);
  while (rows->step() == SQLITE_ROW) {
    auto columns = rows->columns();
    last_event_ = columns.integer();
    const std::string body = columns.text();
    const long long number = bench::number_after(body, "delivery");
    const auto delivery = static_cast<std::size_t>(number);
    if (number < 0 || delivery >= sent.size() || sent[delivery].requests == 0 || body != Senders::body(delivery)) {
      fault("event " + std::to_string(last_event_) + " was never sent");
      continue;
    }
    if (of(delivery).event != 0) fault(name(delivery) + " is there twice");
    of(delivery).event = last_event_;
    by_event_[last_event_] = delivery;
  }
}

void History::read_runs(store::Database& database) {
  auto rows = database.prepare(
      "SELECT run.id, trigger_event, run.state, run.reason, step.key, step.state, count(step.id) FROM run"
      " LEFT JOIN step ON step.run = run.id WHERE run.id > ?1 GROUP BY run.id ORDER BY run.id");
  if (!rows) return fault("the store cannot be read");
  rows->bind(last_run_);
  while (rows->step() == SQLITE_ROW) {
    auto columns = rows->columns();
    Run run;
    run.id = last_run_ = columns.integer();
    const auto event = by_event_.find(columns.integer());
    run.state = columns.small();
    run.reason = columns.text();
    run.key = columns.text();
    const auto step = columns.state<store::StepState>();
    const int steps = columns.small();
    const std::string called = "run " + std::to_string(run.id);
    if (event == by_event_.end()) {
      fault(called + " belongs to no event");
      continue;
    }
    const std::size_t delivery = event->second;
    if (of(delivery).run.id != 0) fault(name(delivery) + " has two runs");
    const bool refused = Receiver::refuses(static_cast<long long>(delivery));
    const auto expected = refused ? store::RunState::failed : store::RunState::finished;
    // A call that was cut off may have been made: that its repetition is refused does not say what became of it.
    const bool in_doubt = refused && run.state == static_cast<int>(store::RunState::in_doubt);
    if (run.state != static_cast<int>(expected) && !in_doubt)
      fault(called + " should be in state " + std::to_string(static_cast<int>(expected)) + " and is in " +
            std::to_string(run.state) + " " + run.reason);
    if (steps != 1) fault(called + " has " + std::to_string(steps) + " steps");
    const auto step_expected = in_doubt  ? store::StepState::in_doubt
                               : refused ? store::StepState::failed
                                         : store::StepState::done;
    if (step != step_expected) fault(called + " has a step that is not over");
    of(delivery).run = std::move(run);
  }
}

std::vector<std::string> History::faults(const std::string& store, const std::vector<Sent>& sent) {
  const auto database = store::Database::open(store, "", store::Database::Role::reader);
  if (database.has_error()) return {database.error().text()};
  const bool one_moment = (*database)->exec("BEGIN; SELECT count(*) FROM meta") == SQLITE_OK;
  if (!one_moment) fault("the store cannot be read");
  read_events(**database, sent);
  read_runs(**database);
  for (; settled_ < sent.size(); ++settled_) {
    const Sent& asked = sent[settled_];
    const Delivered& delivered = of(settled_);
    if (asked.requests > 0 && asked.accepted == 0) break;  // nobody knows about it yet
    if (delivered.event == 0) {
      fault(name(settled_) + " was answered with 2xx and is not there");
      continue;
    }
    if (asked.receipts.size() != 1)
      fault(name(settled_) + " has " + std::to_string(asked.receipts.size()) + " receipts");
    if (delivered.run.id == 0) fault(name(settled_) + " has no run");
    if (delivered.key != delivered.run.key) fault(name(settled_) + " was called under a key that is not its step's");
    if (delivered.life < 0) fault(name(settled_) + " was never answered by the receiver");
  }
  return faults_;
}

Call History::last_call(long long delivery) const {
  const Delivered& delivered = deliveries_[static_cast<std::size_t>(delivery)];
  return {delivery, delivered.key, true, delivered.life};
}

std::vector<std::string> History::all_faults(const std::string& store, const std::vector<Sent>& sent) const {
  History anew;
  anew.faults_ = faults_;
  for (const auto& before : deliveries_) {
    anew.deliveries_.push_back({0, {}, before.key, before.life});
  }
  static_cast<void>(anew.faults(store, sent));
  for (std::size_t i = 0; i < deliveries_.size(); ++i) {
    if (deliveries_[i].run.id != 0 && deliveries_[i].run != anew.of(i).run)
      anew.fault("the run of " + name(i) + " is not as it ended");
  }
  return anew.faults_;
}

}  // namespace ieum::test
