// Applier: turns a unit into statements inside the writer's open transaction. It judges guards and writes rows; it
// begins, commits and rolls back nothing.
//
// Guards are looked at before the first write where no write of the unit can change the answer. So a stale or duplicate
// unit has written nothing, and needs no savepoint. `ordered()` names the rare units where that does not hold.
#pragma once
#include <vector>

#include "store/dedupe.hpp"
#include "store/sqlite.hpp"
#include "store/tally.hpp"
#include "store/unit.hpp"

namespace ieum::store {

// What became of a unit, or of one of its writes.
struct Verdict {
  enum class Kind { good, stale, duplicate, error };
  Kind kind = Kind::good;
  Id first_event = 0;                         // duplicate
  int code = SQLITE_OK;                       // error: SQLite's extended code
  std::vector<Id> passed_over = {};           // good: events of AcceptItem that were known already
  std::vector<std::string> known_facts = {};  // duplicate: keys of NoteFact
  [[nodiscard]] bool good() const { return kind == Kind::good; }
  static Verdict of(int code) { return code == SQLITE_OK ? Verdict{} : Verdict{Kind::error, 0, code}; }
  static Verdict stale() { return Verdict{Kind::stale}; }
};

class Applier {
 public:
  explicit Applier(Database& database) : database_(database), dedupe_(database) {}

  // Whether a guard of the unit asks for something that an earlier write of the same unit changes.
  static bool ordered(const Unit& unit);
  // Whether the guard of that write asks for what an earlier one of the unit does.
  static bool asks_before(const Unit& unit, std::size_t later);
  // Guards first, then the writes. Anything but good or error has written nothing.
  Verdict apply(const Unit& unit, Tally& tally);
  // A guard that asks for what an earlier write does is looked at behind that; the caller holds a savepoint.
  Verdict apply_in_order(const Unit& unit, Tally& tally);
  // After any rollback: tables that were made in the transaction are gone.
  void rolled_back() { dedupe_.forget(); }

 private:
  // What a guard learned that its write needs.
  struct Note {
    RunState run_state = RunState::acting;
    RecipeOf of;
    Dedupe::Key dedupe{};
  };

  template <class W>
  Verdict check(const W&, Note&) {
    return {};  // no guard
  }
  Verdict check(const AcceptEvent& write, Note& note);
  Verdict check(const SettleEvent& write, Note& note);
  Verdict check(const StartRun& write, Note& note);
  Verdict check(const MoveRun& write, Note& note);
  Verdict check(const MoveStep& write, Note& note);
  Verdict check(const DropAbsence& write, Note& note);
  Verdict check(const AddIdentity& write, Note& note);
  Verdict check(const TouchCustomer& write, Note& note);
  Verdict check(const SplitCustomers& write, Note& note);
  Verdict check(const MoveFanOut& write, Note& note);
  Verdict check(const PutPoll& write, Note& note);
  Verdict check(const PutSubscription& write, Note& note);
  Verdict check(const PutResources& write, Note& note);
  Verdict check(const TakeInvitation& write, Note& note);
  Verdict check(const MoveProblem& write, Note& note);
  Verdict check(const AddReplay& write, Note& note);
  Verdict check_connection(Id connection);
  // A duplicate when facts of the unit were known; names them all.
  Verdict check_facts(const Unit& unit);

  int apply(const AcceptEvent& write, const Note& note, Tally& tally);
  int apply(const AcceptItem& write, const Note& note, Tally& tally);
  int apply(const NoteFact& write, const Note& note, Tally& tally);
  int apply(const SettleEvent& write, const Note& note, Tally& tally);
  int apply(const StartRun& write, const Note& note, Tally& tally);
  int apply(const MoveRun& write, const Note& note, Tally& tally);
  int apply(const OpenStep& write, const Note& note, Tally& tally);
  int apply(const MoveStep& write, const Note& note, Tally& tally);
  int apply(const PutDecision& write, const Note& note, Tally& tally);
  int apply(const AddListener& write, const Note& note, Tally& tally);
  int apply(const AddTold& write, const Note& note, Tally& tally);
  int apply(const DropListeners& write, const Note& note, Tally& tally);
  int apply(const PutAbsence& write, const Note& note, Tally& tally);
  int apply(const DropAbsence& write, const Note& note, Tally& tally);
  int apply(const AddConversion& write, const Note& note, Tally& tally);
  int apply(const AddCustomer& write, const Note& note, Tally& tally);
  int apply(const AddIdentity& write, const Note& note, Tally& tally);
  int apply(const TouchCustomer& write, const Note& note, Tally& tally);
  int apply(const SetTraits& write, const Note& note, Tally& tally);
  int apply(const AddHistory& write, const Note& note, Tally& tally);
  int apply(const AddOptOut& write, const Note& note, Tally& tally);
  int apply(const AddConsent& write, const Note& note, Tally& tally);
  int apply(const AddTouch& write, const Note& note, Tally& tally);
  int apply(const AddFanOut& write, const Note& note, Tally& tally);
  int apply(const MoveFanOut& write, const Note& note, Tally& tally);
  int apply(const PutConnection& write, const Note& note, Tally& tally);
  int apply(const RemoveConnection& write, const Note& note, Tally& tally);
  int apply(const PutSecret& write, const Note& note, Tally& tally);
  int apply(const DropSecrets& write, const Note& note, Tally& tally);
  int apply(const RetireSecrets& write, const Note& note, Tally& tally);
  int apply(const PutToken& write, const Note& note, Tally& tally);
  int apply(const PutHealth& write, const Note& note, Tally& tally);
  // applier_merges.cpp: what two customers who are one have
  int apply(const MergeCustomers& write, const Note& note, Tally& tally);
  int apply(const SplitCustomers& write, const Note& note, Tally& tally);
  // applier_vendors.cpp: what is known of a vendor's side
  int apply(const PutPoll& write, const Note& note, Tally& tally);
  int apply(const DropPoll& write, const Note& note, Tally& tally);
  int apply(const PutSubscription& write, const Note& note, Tally& tally);
  int apply(const DropSubscription& write, const Note& note, Tally& tally);
  int apply(const PutResources& write, const Note& note, Tally& tally);
  int apply(const AddErasure& write, const Note& note, Tally& tally);
  int apply(const PutRecipe& write, const Note& note, Tally& tally);
  // applier_people.cpp: who works with the hub
  int apply(const PutPerson& write, const Note& note, Tally& tally);
  int apply(const RemovePerson& write, const Note& note, Tally& tally);
  int apply(const PutInvitation& write, const Note& note, Tally& tally);
  int apply(const TakeInvitation& write, const Note& note, Tally& tally);
  int apply(const PutSession& write, const Note& note, Tally& tally);
  int apply(const DropSession& write, const Note& note, Tally& tally);
  int apply(const DropSessionsOf& write, const Note& note, Tally& tally);
  int apply(const PutApiToken& write, const Note& note, Tally& tally);
  int apply(const AddAudit& write, const Note& note, Tally& tally);
  int apply(const EndAudit& write, const Note& note, Tally& tally);
  int apply(const PutSavedView& write, const Note& note, Tally& tally);
  int apply(const DropSavedView& write, const Note& note, Tally& tally);
  int apply(const CountTry& write, const Note& note, Tally& tally);
  int apply(const ClearTries& write, const Note& note, Tally& tally);
  int apply(const PutMeta& write, const Note& note, Tally& tally);
  // applier_watch.cpp: what people watch, find and repair with
  int apply(const PutHold& write, const Note& note, Tally& tally);
  int apply(const ReleaseHold& write, const Note& note, Tally& tally);
  int apply(const DropHold& write, const Note& note, Tally& tally);
  int apply(const MoveProblem& write, const Note& note, Tally& tally);
  int apply(const AddReplay& write, const Note& note, Tally& tally);
  int apply(const IndexRun& write, const Note& note, Tally& tally);
  int apply(const DropRuns& write, const Note& note, Tally& tally);
  int apply(const DropEvents& write, const Note& note, Tally& tally);
  int apply(const DropMinutes& write, const Note& note, Tally& tally);
  int apply(const Vacuum& write, const Note& note, Tally& tally);
  // A run failed or stands in doubt: its cause is opened, or counted, when the unit's steps are written.
  struct Trouble {
    Id run, recipe;
    RunState state;
    std::string at_step, reason;
    Millis at_ms;
  };
  int keep_last(const char* name, Id last);
  int note_problems();
  int note_problem(const Trouble& trouble);

  // Runs a statement that gives no rows.
  template <class... Values>
  int run(const char* sql, const Values&... values) {
    Statement* statement = database_.cached(sql);
    if (statement == nullptr) return database_.code();
    statement->bind(values...);
    return statement->run();
  }
  // First row of a question through `take`, which gets the columns. SQLITE_ROW, SQLITE_DONE (no row) or an error.
  template <class Take, class... Values>
  int ask(const char* sql, Take take, const Values&... values) {
    Statement* statement = database_.cached(sql);
    if (statement == nullptr) return database_.code();
    statement->bind(values...);
    const int code = statement->step();
    if (code == SQLITE_ROW) take(statement->columns());
    statement->reset();
    return code;
  }

  int insert(const EventRow& event, const PayloadRow& payload, Tally& tally);

  Database& database_;
  Dedupe dedupe_;
  std::vector<Note> notes_;        // kept, so that its memory is
  std::vector<Id> passed_over_;    // of the unit at hand
  std::vector<Trouble> troubles_;  // of the unit at hand
};

}  // namespace ieum::store
