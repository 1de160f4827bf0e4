#include "store/applier.hpp"

#include <algorithm>

namespace ieum::store {
namespace {

// Whether `later`, a write with a guard, asks for something that `earlier` writes.
struct Asks {
  const Write& earlier;

  template <class W>
  [[nodiscard]] const W* is() const {
    return earlier.as<W>();
  }

  template <class W>
  bool operator()(const W&) const {
    return false;
  }
  bool operator()(const AcceptEvent& later) const {
    const auto* before = is<AcceptEvent>();
    return before != nullptr && !later.dedupe_key.empty() && before->dedupe_key == later.dedupe_key &&
           before->event.connection == later.event.connection;
  }
  bool operator()(const PutPoll& later) const {
    if (const auto* before = is<PutPoll>())
      return before->row.connection == later.row.connection && before->row.poll == later.row.poll &&
             before->row.item == later.row.item;
    const auto* dropped = is<DropPoll>();
    if (dropped != nullptr) return dropped->connection == later.row.connection;
    return is<PutConnection>() != nullptr;
  }
  bool operator()(const TakeInvitation&) const { return is<PutInvitation>() || is<TakeInvitation>(); }
  bool operator()(const PutSubscription&) const { return is<PutConnection>() != nullptr; }
  bool operator()(const PutResources&) const { return is<PutConnection>() != nullptr; }
  bool operator()(const SettleEvent& later) const {
    if (const auto* before = is<AcceptEvent>()) return before->event.id == later.event;
    if (const auto* before = is<AcceptItem>()) return before->event.id == later.event;
    const auto* before = is<SettleEvent>();
    return before != nullptr && before->event == later.event;
  }
  bool operator()(const StartRun& later) const {
    // A run that ends in this unit may make room for one that starts in it.
    return later.exclusive && (is<StartRun>() != nullptr || is<MoveRun>() != nullptr);
  }
  bool operator()(const MoveRun& later) const {
    if (const auto* before = is<StartRun>()) return before->run.id == later.run;
    const auto* before = is<MoveRun>();
    return before != nullptr && before->run == later.run;
  }
  bool operator()(const MoveStep& later) const {
    if (const auto* before = is<OpenStep>()) return before->step.id == later.step;
    const auto* before = is<MoveStep>();
    return before != nullptr && before->step == later.step;
  }
  bool operator()(const DropAbsence& later) const {
    if (is<PutAbsence>() != nullptr) return true;
    const auto* before = is<DropAbsence>();
    return before != nullptr && before->absence == later.absence;
  }
  bool operator()(const AddIdentity& later) const {
    const auto* before = is<AddIdentity>();
    return before != nullptr && before->identity.kind == later.identity.kind &&
           before->identity.value == later.identity.value;
  }
  bool operator()(const SplitCustomers&) const { return is<MergeCustomers>() != nullptr || is<SplitCustomers>(); }
  bool operator()(const TouchCustomer& later) const {
    if (const auto* before = is<AddCustomer>()) return before->customer.id == later.customer;
    const auto* before = is<TouchCustomer>();
    return before != nullptr && before->customer == later.customer;
  }
};

bool accepts(const Unit& unit, Id event) {
  return std::any_of(unit.writes.begin(), unit.writes.end(), [event](const Write& write) {
    const auto* accept = write.as<AcceptEvent>();
    return accept != nullptr && accept->event.id == event;
  });
}

}  // namespace

bool Applier::asks_before(const Unit& unit, std::size_t later) {
  if (unit.writes[later].as<AcceptItem>() != nullptr) return false;  // many in a unit, and it judges itself
  for (std::size_t earlier = 0; earlier < later; ++earlier)
    if (std::visit(Asks{unit.writes[earlier]}, unit.writes[later].any)) return true;
  return false;
}

bool Applier::ordered(const Unit& unit) {
  for (std::size_t later = 1; later < unit.writes.size(); ++later)
    if (asks_before(unit, later)) return true;
  return false;
}

Verdict Applier::check_facts(const Unit& unit) {
  Verdict verdict;
  for (const Write& any : unit.writes) {
    const auto* fact = any.as<NoteFact>();
    if (fact == nullptr) continue;
    Id first = 0;
    const int code = dedupe_.find(Dedupe::key(fact->connection, fact->other_key), fact->received_ms, first);
    if (code != SQLITE_OK) return Verdict::of(code);
    if (first == 0 || first == fact->event) continue;
    verdict.kind = Verdict::Kind::duplicate;
    verdict.first_event = first;
    verdict.known_facts.push_back(fact->key);
  }
  return verdict;
}

Verdict Applier::apply(const Unit& unit, Tally& tally) {
  if (Verdict facts = check_facts(unit); !facts.good()) return facts;
  notes_.assign(unit.writes.size(), Note{});
  passed_over_.clear();
  troubles_.clear();
  for (std::size_t at = 0; at < unit.writes.size(); ++at) {
    Verdict verdict = std::visit([&](const auto& write) { return check(write, notes_[at]); }, unit.writes[at].any);
    if (!verdict.good()) return verdict;
  }
  for (std::size_t at = 0; at < unit.writes.size(); ++at) {
    const int code =
        std::visit([&](const auto& write) { return apply(write, notes_[at], tally); }, unit.writes[at].any);
    if (code != SQLITE_OK) return Verdict::of(code);
  }
  // Last: their steps are written by now.
  if (const int code = note_problems(); code != SQLITE_OK) return Verdict::of(code);
  Verdict verdict;
  verdict.passed_over.swap(passed_over_);
  return verdict;
}

Verdict Applier::apply_in_order(const Unit& unit, Tally& tally) {
  if (Verdict facts = check_facts(unit); !facts.good()) return facts;
  notes_.assign(unit.writes.size(), Note{});
  passed_over_.clear();
  troubles_.clear();
  // What asks nothing of the unit itself is judged by what was there before: a run that ends closes steps that the unit moves.
  std::vector<bool> asks(unit.writes.size());
  for (std::size_t at = 0; at < unit.writes.size(); ++at) {
    asks[at] = asks_before(unit, at);
    if (asks[at]) continue;
    Verdict verdict = std::visit([&](const auto& write) { return check(write, notes_[at]); }, unit.writes[at].any);
    if (!verdict.good()) return verdict;
  }
  for (std::size_t at = 0; at < unit.writes.size(); ++at) {
    const Write& any = unit.writes[at];
    Verdict verdict;
    if (asks[at]) verdict = std::visit([&](const auto& write) { return check(write, notes_[at]); }, any.any);
    // Two deliveries with one key in one unit: neither is on disk yet, so this is no duplicate of anything.
    if (verdict.kind == Verdict::Kind::duplicate && accepts(unit, verdict.first_event))
      return Verdict::of(SQLITE_CONSTRAINT_UNIQUE);
    if (!verdict.good()) return verdict;
    const int code = std::visit([&](const auto& write) { return apply(write, notes_[at], tally); }, any.any);
    if (code != SQLITE_OK) return Verdict::of(code);
  }
  // Last: their steps are written by now.
  if (const int code = note_problems(); code != SQLITE_OK) return Verdict::of(code);
  Verdict verdict;
  verdict.passed_over.swap(passed_over_);
  return verdict;
}

Verdict Applier::check(const AcceptEvent& write, Note& note) {
  if (write.dedupe_key.empty()) return {};
  note.dedupe = Dedupe::key(write.event.connection, write.dedupe_key);
  Verdict verdict;
  verdict.code = dedupe_.find(note.dedupe, write.event.received_ms, verdict.first_event);
  if (verdict.code != SQLITE_OK) {
    verdict.kind = Verdict::Kind::error;
  } else if (verdict.first_event != 0) {
    verdict.kind = Verdict::Kind::duplicate;
  }
  return verdict;
}

Verdict Applier::check(const SettleEvent& write, Note&) {
  bool holds = false;
  const int code = ask(
      "SELECT state FROM event WHERE id = ?1",
      [&](Columns columns) { holds = columns.state<EventState>() == write.from; }, write.event);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return holds ? Verdict{} : Verdict::stale();
}

Verdict Applier::check(const StartRun& write, Note&) {
  if (!write.exclusive) return {};
  // A run about nobody and without a key is not in run_live; it is looked for among the live ones.
  const bool named = write.run.customer != 0 || !write.run.key.empty();
  const char* sql = named ? "SELECT id FROM run WHERE state < 10 AND (customer <> 0 OR key <> '')"
                            " AND customer = ?1 AND recipe = ?2 AND key = ?3 LIMIT 1"
                          : "SELECT id FROM run WHERE state IN (1, 2, 3) AND state <> 10"
                            " AND +customer = ?1 AND +recipe = ?2 AND key = ?3 LIMIT 1";
  const int code = ask(
      sql, [](Columns) {}, write.run.customer, write.run.recipe, write.run.key);
  if (code == SQLITE_DONE) return {};
  return code == SQLITE_ROW ? Verdict::stale() : Verdict::of(code);
}

Verdict Applier::check(const MoveRun& write, Note& note) {
  bool holds = false;
  const int code = ask(
      "SELECT state, rev, lease_epoch, recipe, version FROM run WHERE id = ?1",
      [&](Columns columns) {
        note.run_state = columns.state<RunState>();
        const bool rev = columns.integer() == write.expected_rev;
        const bool epoch = columns.integer() == write.expected_epoch;
        note.of.recipe = columns.integer();
        note.of.version = columns.integer();
        holds = rev && epoch && (write.reopens ? note.run_state == RunState::failed : !is_terminal(note.run_state));
      },
      write.run);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  if (!holds || !write.reopens) return holds ? Verdict{} : Verdict::stale();
  // One live run about the same at a time, as when one begins.
  const int other = ask(
      "SELECT other.id FROM run AS self JOIN run AS other ON other.state < 10 AND (other.customer <> 0 OR other.key <> "
      "'')"
      " AND other.customer = self.customer AND other.recipe = self.recipe AND other.key = self.key"
      " WHERE self.id = ?1 AND (self.customer <> 0 OR self.key <> '') LIMIT 1",
      [](Columns) {}, write.run);
  if (other != SQLITE_ROW && other != SQLITE_DONE) return Verdict::of(other);
  return other == SQLITE_DONE ? Verdict{} : Verdict::stale();
}

Verdict Applier::check(const MoveStep& write, Note&) {
  bool holds = false;
  const int code = ask(
      "SELECT state, attempt FROM step WHERE id = ?1",
      [&](Columns columns) {
        const bool state = columns.state<StepState>() == write.from;
        holds = columns.small() == write.expected_attempt && state;
      },
      write.step);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return holds ? Verdict{} : Verdict::stale();
}

Verdict Applier::check(const DropAbsence& write, Note&) {
  bool holds = false;
  const int code = ask(
      "SELECT event FROM absence WHERE id = ?1",
      [&](Columns columns) { holds = columns.integer() == write.expected_event; }, write.absence);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return holds ? Verdict{} : Verdict::stale();
}

Verdict Applier::check(const AddIdentity& write, Note&) {
  Id owner = 0;
  const int code = ask(
      "SELECT customer FROM identity WHERE kind = ?1 AND value = ?2",
      [&](Columns columns) { owner = columns.integer(); }, write.identity.kind, write.identity.value);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return owner == 0 || owner == write.identity.customer ? Verdict{} : Verdict::stale();
}

Verdict Applier::check(const TouchCustomer& write, Note&) {
  bool holds = false;
  const int code = ask(
      "SELECT rev FROM customer WHERE id = ?1",
      [&](Columns columns) { holds = columns.integer() == write.expected_rev; }, write.customer);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return Verdict::of(code);
  return holds ? Verdict{} : Verdict::stale();
}

}  // namespace ieum::store
