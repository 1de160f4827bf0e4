// Unit: the smallest thing that is committed, a list of writes with their guards. All of a unit happens or none of it.
//
// A guard that does not hold (a moved rev, another lease epoch, a taken identity, a live run with the same key) makes
// the unit stale: nothing of it is written and whoever decided decides again. Guards name the keys (customer, run, step,
// event) that a store with several writers would lock.
#pragma once
#include <functional>
#include <optional>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "store/rows.hpp"
#include "store/rows_watch.hpp"

namespace ieum::store {

// ACCEPT. A dedupe key seen for this connection within seven days makes the unit a duplicate of the first event.
struct AcceptEvent {
  EventRow event;
  PayloadRow payload;
  std::string dedupe_key;  // "" when the delivery has none
};
// An event among others of one unit: one whose key was seen within seven days, on disk or earlier in the unit, is passed
// over alone, and the rest of the unit is committed (UnitOutcome::passed_over).
struct AcceptItem {
  EventRow event;
  PayloadRow payload;
  std::string dedupe_key;
  std::string other_key;  // passed over as well when this was seen (NoteFact); "" asks nothing
};
// A fact that an event tells, by the name under which it is remembered. Guard: `other_key` (the name of the same fact told in
// another way, or `key` itself) is not remembered of another event within seven days; else the unit is a duplicate, and the
// outcome names all keys of its facts that were known.
struct NoteFact {
  Id event = 0;
  Id connection = 0;
  Millis received_ms = 0;
  std::string key, other_key;
};
// Guard: the event is in `from`.
struct SettleEvent {
  Id event = 0;
  EventState from = EventState::fresh;
  EventState to = EventState::routed;
  std::string reason;
};
// Guard: no live run of (recipe, customer, key) when `exclusive`.
struct StartRun {
  RunRow run;
  bool exclusive = false;
};
// Replaces the changing fields of a run; rev becomes expected_rev + 1. Guard: rev and lease epoch, and not terminal. A run
// that ends loses its listeners, and its loops are cancelled.
struct MoveRun {
  Id run = 0;
  std::int64_t expected_rev = 0;
  std::int64_t expected_epoch = 0;
  std::int64_t lease_epoch = 0;
  RunState state = RunState::acting;
  std::string at_step;
  std::optional<Millis> due_ms;
  std::optional<std::string> vars;  // none: unchanged
  std::optional<Millis> ended_ms;
  std::string reason;
  std::optional<Id> version;  // none: unchanged
  bool reopens = false;       // the guard asks for a run that failed instead of one that lives
};
// INTENT.
struct OpenStep {
  StepRow step;
};
// OUTCOME, or another attempt. Guard: the step is in `from` with `expected_attempt`.
struct MoveStep {
  Id step = 0;
  StepState from = StepState::intent;
  int expected_attempt = 0;
  StepState to = StepState::intent;
  int attempt = 0;
  std::optional<std::string> continuation;  // none: unchanged
  std::optional<std::string> exchange;
  std::optional<std::string> output;
  std::string error_code;
  std::string error_text;
  std::optional<Millis> closed_ms;
};
// Stands before the OpenStep that names it.
struct PutDecision {
  DecisionRow decision;
};
// Stands behind the StartRun or MoveRun of its owner.
struct AddListener {
  ListenerRow row;
};
// Kept until the run ends; beyond a hundred of one run it is left out.
struct AddTold {
  ToldRow row;
};
// Those that are not for life.
struct DropListeners {
  Id owner = 0;
};
// Insert or replace by (recipe, customer, key); one that is there keeps its id.
struct PutAbsence {
  AbsenceRow row;
};
// Guard: the absence is there and still counts from this event. Its listeners go with it.
struct DropAbsence {
  Id absence = 0;
  Id expected_event = 0;
};
// A run that has one already keeps it.
struct AddConversion {
  ConversionRow row;
};
struct AddCustomer {
  CustomerRow customer;
};
// Guard: nobody has this identity yet (the same customer having it is fine).
struct AddIdentity {
  IdentityRow identity;
};
// Guard: the customer's rev; moves it by one. Every unit decided from facts about a customer carries one.
struct TouchCustomer {
  Id customer = 0;
  std::int64_t expected_rev = 0;
};
struct SetTraits {
  Id customer = 0;
  std::string traits;
};
// Moves what is the loser's to the survivor: identities, history, consents, refusals, runs with their decisions, absences. Each
// row remembers whose it was; live runs' revs move. What both have of one name in history or refusals stays where it is. Stands
// behind the TouchCustomer of both, and behind what ends a run or absence that both have.
struct MergeCustomers {
  MergeRow row;
};
// Moves back what remembers that it was the loser's, or of who was merged into them before; drops the words that only the merge
// said. Stands behind the TouchCustomer of both. Guard: neither is merged into anybody else, and the merge is not undone.
struct SplitCustomers {
  Id merge = 0;
  Id survivor = 0;
  Id loser = 0;
  Millis at_ms = 0;
};
// A source_key that this customer's history has already under this name is passed over.
struct AddHistory {
  HistoryRow row;
};
// A refusal that is there already stays as it is.
struct AddOptOut {
  OptOutRow row;
};
struct AddConsent {
  ConsentRow row;
};
struct AddTouch {
  TouchRow row;
};
// One that is there already stays as it is.
struct AddFanOut {
  FanOutRow row;
};
// Guard: customers up to `from` had been looked at. `row` is how it stands now.
struct MoveFanOut {
  Id from = 0;
  FanOutRow row;
  bool done = false;  // it is dropped
};
// Insert or replace by name; a name that is there keeps its id and created_ms.
struct PutConnection {
  ConnectionRow row;
};
struct RemoveConnection {
  Id connection = 0;  // its secrets go with it
};
struct PutSecret {
  SecretRow row;
};
// Secrets and tokens of a connection.
struct DropSecrets {
  Id connection = 0;  // a changed base URL or origin clears them
};
// Insert or replace. Guard: the connection is there, and the cursor is still the expected one ("": none yet).
struct PutPoll {
  PollRow row;
  std::string expected_cursor;
};
struct DropPoll {
  Id connection = 0;
  std::string poll, item;
};
// Versions of a slot below this one count until then (none: they go now).
struct RetireSecrets {
  Id connection = 0;
  std::string slot;
  int below = 0;
  std::optional<Millis> until_ms;
};
// Insert or replace.
struct PutToken {
  TokenRow row;
};
// Insert or replace; an empty problem removes it. One that is there and as dead keeps its since_ms.
struct PutHealth {
  HealthRow row;
};
// Insert or replace. Guard: the connection is there.
struct PutSubscription {
  SubscriptionRow row;
};
struct DropSubscription {
  Id connection = 0;
  std::string name, item;
};
// Replaces the whole list; of two entries with one key the later stays. Guard: the connection is there.
struct PutResources {
  Id connection = 0;
  std::string kind;
  Millis fetched_ms = 0;
  std::vector<ResourceRow> rows;
};
// One that is there already stays as it is.
struct AddErasure {
  ErasureRow row;
};
// Insert or replace by name; a name that is there keeps its id. A hash that the recipe has already keeps its version: then
// current_version becomes that one where it would have been the new.
struct PutRecipe {
  RecipeRow recipe;
  std::optional<RecipeVersionRow> version;
};
// Insert or replace by id. Breaks a rule when another has the name.
struct PutPerson {
  PersonRow row;
};
// With sessions, links and views.
struct RemovePerson {
  Id person = 0;
};
// The only one that this person has.
struct PutInvitation {
  InvitationRow row;
};
// Guard: it is there and not too old. It is gone afterwards.
struct TakeInvitation {
  std::string hash;
  Millis now_ms = 0;
};
// Drops those that have ended.
struct PutSession {
  SessionRow row;
};
struct DropSession {
  std::string hash;
};
struct DropSessionsOf {
  Id person = 0;
  std::string but;  // a hash that stays; "" none
};
// Insert, or set when it was used and revoked; what is set stays.
struct PutApiToken {
  ApiTokenRow row;
};
struct AddAudit {
  AuditRow row;
};
struct EndAudit {
  Id id = 0;
  int status = 0;
};
// Insert or replace by person and name.
struct PutSavedView {
  SavedViewRow row;
};
struct DropSavedView {
  Id id = 0;
};
// Crash counter of an event or run, written before the unit is tried again after an unclean end (never in normal running).
struct CountTry {
  bool is_event = false;
  Id id = 0;
};
struct ClearTries {};
// Insert or replace by (kind, name); one that is there keeps its id.
struct PutHold {
  HoldRow row;
};
// What it held goes, so many a minute (0: at once). What is left out of the rules stays as it was.
struct ReleaseHold {
  Id hold = 0;
  std::int64_t per_minute = 0;
  std::optional<Millis> expire_after_ms;
  std::string expire_then;
  std::optional<Millis> over_ms;  // only one that still holds, and was to end by then; else nothing is done
};
// Only one that was released and not put again since.
struct DropHold {
  Id hold = 0;
};
// Guard: it is in the other state.
struct MoveProblem {
  Id problem = 0;
  bool resolved = false;
  std::string by;
  Millis at_ms = 0;
};
// Guard: the last replay of the original was its nth - 1.
struct AddReplay {
  ReplayRow row;
};
// Insert or replace.
struct IndexRun {
  SearchDoc doc;
};
// Runs that have ended, with all that belongs to them, also the problems that only they had; a live one among them stays.
struct DropRuns {
  std::vector<Id> runs;
};
// Routed events that no run was begun by and no absence waits on; others among them stay.
struct DropEvents {
  std::vector<Id> events;
};
// What went through by the minute.
struct DropMinutes {
  Millis before_ms = 0;
};
// Gives some of the free pages back to the disk, 256 at most, after moving what lies at the end of the file into them.
struct Vacuum {};
// Small named values: hub id, cursors. Names that begin with "store." are the store's own.
struct PutMeta {
  std::string name;
  std::string value;
};

using AnyWrite =
    std::variant<AcceptEvent, AcceptItem, NoteFact, SettleEvent, StartRun, MoveRun, OpenStep, MoveStep, PutDecision,
                 AddListener, AddTold, DropListeners, PutAbsence, DropAbsence, AddConversion, AddCustomer, AddIdentity,
                 TouchCustomer, SetTraits, MergeCustomers, SplitCustomers, AddHistory, AddOptOut, AddConsent, AddTouch,
                 AddFanOut, MoveFanOut, PutConnection, RemoveConnection, PutSecret, DropSecrets, RetireSecrets,
                 PutToken, PutHealth, PutPoll, DropPoll, PutSubscription, DropSubscription, PutResources, AddErasure,
                 PutRecipe, PutPerson, RemovePerson, PutInvitation, TakeInvitation, PutSession, DropSession,
                 DropSessionsOf, PutApiToken, AddAudit, EndAudit, PutSavedView, DropSavedView, CountTry, ClearTries,
                 PutMeta, PutHold, ReleaseHold, DropHold, MoveProblem, AddReplay, IndexRun, DropRuns, DropEvents,
                 DropMinutes, Vacuum>;

namespace detail {
template <class T, class Variant>
inline constexpr bool is_alternative = false;
template <class T, class... Ts>
inline constexpr bool is_alternative<T, std::variant<Ts...>> = (std::is_same_v<T, Ts> || ...);
}  // namespace detail

// One write. Nearly every file of the runtime holds a list of these; what making, copying and dropping one of so many kinds
// takes is compiled in unit.cpp alone.
struct Write {
  template <class T>
  requires detail::is_alternative<T, AnyWrite> Write(T write);
  Write(const Write& other);
  Write(Write&& other) noexcept;
  Write& operator=(const Write& other);
  Write& operator=(Write&& other) noexcept;
  ~Write();

  // The write of this kind; null when it is of another.
  template <class T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&any);
  }
  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&any);
  }

  AnyWrite any;
};

struct Unit {
  std::vector<Write> writes;
};

struct UnitOutcome {
  enum class Kind { committed, stale, duplicate, failed };
  Kind kind = Kind::committed;
  Id first_event = 0;                         // duplicate: the event that the dedupe key belongs to
  std::optional<Error> error;                 // failed: "disk_full", "store_broken", "constraint" ...
  std::vector<Id> passed_over = {};           // committed: events of AcceptItem that were known already
  std::vector<std::string> known_facts = {};  // duplicate: keys of NoteFact
};

using UnitDone = std::function<void(const UnitOutcome&)>;

}  // namespace ieum::store
