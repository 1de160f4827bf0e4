// Reader: questions to the store, each answered from an index and bounded by a limit. A reader sees every unit whose
// done() was called before the question. It belongs to one thread and never writes.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/rows.hpp"
#include "store/rows_watch.hpp"

namespace ieum::store {

struct EventWithPayload {
  EventRow event;
  PayloadRow payload;
};

// All that is asked must hold.
struct RunFilter {
  Id recipe = 0;  // 0: any
  std::optional<RunState> state;
  Id customer = 0;
  Id trigger_event = 0;
  Id connection = 0;  // of the trigger's event
  Id problem = 0;
  Id replay_of = 0;
  bool held = false;
  std::string reason;                                       // the run's reason begins so
  std::optional<Millis> from_ms, until_ms;                  // when it started: from, to before
  std::vector<std::pair<std::string, std::string>> fields;  // what manifests and recipes mark `search`: name, value
  std::vector<std::string> texts;                           // each stands somewhere in what the run is found by
  Id before = 0;                                            // keyset: ids below this one; 0: from the newest
  int limit = 50;
};
// A page may be short although there is more: a question looks at a bounded number of runs.
struct RunPage {
  std::vector<RunRow> rows;  // newest first
  Id next = 0;               // `before` of the next page; 0: there is none
};

struct EventFilter {
  Id connection = 0;
  std::optional<EventState> state;
  Id before = 0;
  int limit = 50;
};

struct AuditFilter {
  std::string who;  // "": anybody
  Id before = 0;
  int limit = 50;
};

// How many live runs of a version stand at a step.
struct LivePlace {
  Id recipe = 0, version = 0;
  std::string at_step;
  std::int64_t count = 0;
};

// Held runs that give the same reason.
struct HeldCount {
  std::string reason;
  std::int64_t runs = 0;
  Millis oldest_ms = 0;  // start of the oldest
};

// Pages of the file; free ones are used again before it grows.
struct Pages {
  std::int64_t page_bytes = 0, all = 0, free = 0;
  [[nodiscard]] std::int64_t used_bytes() const { return (all - free) * page_bytes; }
};

struct Totals {
  std::int64_t events = 0, events_fresh = 0, events_dead = 0, events_quarantined = 0;
  std::int64_t runs = 0, runs_acting = 0, runs_waiting = 0, runs_in_doubt = 0, runs_failed = 0, runs_finished = 0;
};

class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::vector<ConnectionRow>> connections() = 0;
  virtual Result<std::vector<SecretRow>> secrets(Id connection) = 0;  // newest version of each slot first
  virtual Result<std::vector<TokenRow>> tokens(Id connection) = 0;
  virtual Result<std::optional<HealthRow>> health(Id connection) = 0;
  virtual Result<std::vector<RecipeRow>> recipes() = 0;
  virtual Result<std::optional<RecipeVersionRow>> recipe_version(Id version) = 0;
  virtual Result<std::optional<RecipeVersionRow>> recipe_version_by_hash(Id recipe, const std::string& hash) = 0;

  virtual Result<std::optional<EventWithPayload>> event(Id id) = 0;
  // Events in state fresh with id above `after`, oldest first.
  virtual Result<std::vector<Id>> fresh_events(Id after, int limit) = 0;
  virtual Result<std::vector<EventRow>> events(const EventFilter& filter) = 0;  // newest first

  virtual Result<std::optional<RunRow>> run(Id id) = 0;
  // Live runs with due_ms <= until, earliest first (ties by id).
  virtual Result<std::vector<RunRow>> due_runs(Millis until, int limit) = 0;
  // Live runs whose step is held (due at kHeldDue) with id above `after`, by id.
  virtual Result<std::vector<RunRow>> held_runs(Id after, int limit) = 0;
  // The earliest due time of a live run that is not held, or of an absence.
  virtual Result<std::optional<Millis>> next_due() = 0;
  // Runs in state acting with id above `after`, by id: what was under way, and what waits for another attempt.
  virtual Result<std::vector<RunRow>> acting_runs(Id after, int limit) = 0;
  // Steps in state intent whose run has ended.
  virtual Result<std::vector<StepRow>> stranded_steps(int limit) = 0;
  virtual Result<std::vector<RunRow>> live_runs_of(Id customer) = 0;
  virtual Result<std::optional<RunRow>> live_run(Id recipe, Id customer, const std::string& key) = 0;
  // Runs of the recipe about this customer (key "" means any key) that started at or after `since`.
  virtual Result<std::int64_t> entries(Id recipe, Id customer, const std::string& key, Millis since) = 0;
  virtual Result<RunPage> runs(const RunFilter& filter) = 0;
  virtual Result<std::int64_t> live_runs_of_version(Id version) = 0;
  // Live runs of a recipe with id above `after`, by id.
  virtual Result<std::vector<RunRow>> live_runs_of_recipe(Id recipe, Id after, int limit) = 0;
  // Where live runs of a recipe stand, counted; newest version first. Looks at every live run.
  virtual Result<std::vector<LivePlace>> live_places(Id recipe) = 0;
  // Versions that live runs go by, newest first of each recipe. Looks at no run.
  virtual Result<std::vector<RecipeOf>> live_versions() = 0;

  virtual Result<std::vector<AbsenceRow>> due_absences(Millis until, int limit) = 0;  // earliest first
  virtual Result<std::vector<AbsenceRow>> absences_of(Id customer) = 0;
  virtual Result<std::optional<AbsenceRow>> absence(Id id) = 0;
  virtual Result<std::optional<AbsenceRow>> absence_of(Id recipe, Id customer, const std::string& key) = 0;
  virtual Result<std::int64_t> absences_pending(Id recipe) = 0;
  // Events of this name that named the step with this key, by time.
  virtual Result<std::vector<ToldRow>> told(Id run, const std::string& step_key, const std::string& name) = 0;
  // What listeners ask of events of this name: few, each once.
  virtual Result<std::vector<std::string>> listener_shapes(const std::string& event) = 0;
  virtual Result<std::vector<std::string>> listened_events() = 0;  // names that there are listeners for
  virtual Result<std::vector<ListenerRow>> listeners(const std::string& event, const std::string& shape,
                                                     const std::string& value, int limit) = 0;
  virtual Result<std::optional<ConversionRow>> conversion(Id run) = 0;

  virtual Result<std::vector<StepRow>> steps(Id run) = 0;  // in order of opening
  virtual Result<std::optional<StepRow>> open_step(Id run) = 0;
  virtual Result<std::optional<StepRow>> last_step(Id run) = 0;  // state intent or in_doubt
  virtual Result<std::vector<DecisionRow>> decisions(Id run) = 0;

  virtual Result<Id> customer_by_identity(const std::string& kind, const std::string& value) = 0;  // 0: nobody
  virtual Result<std::optional<CustomerRow>> customer(Id id) = 0;
  virtual Result<std::vector<IdentityRow>> identities(Id customer) = 0;
  virtual Result<std::optional<MergeRow>> merge(Id id) = 0;
  virtual Result<std::vector<MergeRow>> merges_into(Id survivor) = 0;  // oldest first
  // Whether a merge of these two, in either order, was undone.
  virtual Result<bool> were_split(Id one, Id other) = 0;
  virtual Result<std::vector<OptOutRow>> opt_outs(Id customer) = 0;
  virtual Result<std::vector<ConsentRow>> consents(Id customer) = 0;  // oldest first, as they came in
  // What happened to somebody before a time, newest first: events of any name, messages, runs by when they began.
  virtual Result<std::vector<HistoryRow>> history_of(Id customer, Millis until, int limit) = 0;
  virtual Result<std::vector<MessageRow>> messages_of(Id customer, Millis until, int limit) = 0;
  virtual Result<std::vector<RunBounds>> runs_of(Id customer, Millis until, int limit) = 0;
  virtual Result<std::vector<Id>> customers(Id behind, int limit) = 0;  // in order; those who were merged are left out
  virtual Result<std::vector<FanOutRow>> fan_outs() = 0;                // in order of their events
  virtual Result<std::vector<TouchRow>> touches(Id customer, int limit) = 0;  // newest first
  virtual Result<std::vector<TouchRow>> touches_of(Id step, int limit) = 0;   // of one message, oldest first
  // Advertisements to the customer after `after`, but for those that failed for good; newest first.
  virtual Result<std::vector<AdSentRow>> ads_sent(Id customer, Millis after, int limit) = 0;
  // History of one name in [from, until), newest first.
  virtual Result<std::vector<HistoryRow>> history(Id customer, const std::string& name, Millis from, Millis until,
                                                  int limit) = 0;

  virtual Result<std::vector<PollRow>> polls() = 0;                  // of all connections; few
  virtual Result<std::vector<SubscriptionRow>> subscriptions() = 0;  // the same
  // When the list was told last; nothing when never.
  virtual Result<std::optional<Millis>> resources_fetched(Id connection, const std::string& kind) = 0;
  virtual Result<std::optional<ResourceRow>> resource(Id connection, const std::string& kind,
                                                      const std::string& key) = 0;
  // By key, those above `after`.
  virtual Result<std::vector<ResourceRow>> resources(Id connection, const std::string& kind, const std::string& after,
                                                     int limit) = 0;
  // Not yet done, of events above `after`, oldest first.
  virtual Result<std::vector<ErasureRow>> open_erasures(Id after, int limit) = 0;

  virtual Result<std::vector<PersonRow>> people() = 0;  // few
  virtual Result<std::vector<InvitationRow>> invitations() = 0;
  virtual Result<std::vector<SessionRow>> sessions() = 0;
  virtual Result<std::vector<ApiTokenRow>> api_tokens() = 0;
  virtual Result<std::vector<AuditRow>> audit(const AuditFilter& filter) = 0;  // newest first
  virtual Result<std::vector<AuditRow>> audit_after(Id after, int limit) = 0;  // oldest first
  virtual Result<std::vector<SavedViewRow>> saved_views(Id person) = 0;
  virtual Result<std::optional<SavedViewRow>> saved_view(Id id) = 0;
  // reader_watch.cpp: what people watch, find and repair with
  virtual Result<std::vector<HoldRow>> holds() = 0;
  virtual Result<std::vector<HeldCount>> held_counts() = 0;  // looks at every held run
  // Newest failure first, those after `after` (a problem's id; 0: from the first).
  virtual Result<std::vector<ProblemRow>> problems(bool resolved, Id recipe, Id after, int limit) = 0;
  virtual Result<std::optional<ProblemRow>> problem(Id id) = 0;
  virtual Result<std::optional<ReplayRow>> replay_of(Id run) = 0;   // what this run is a replay of
  virtual Result<std::vector<ReplayRow>> replays(Id original) = 0;  // first one first
  virtual Result<std::vector<MinuteRow>> minutes(Millis from,
                                                 Millis until) = 0;  // those in which something went through
  // Live runs due in [from, until], counted up to `most`.
  virtual Result<std::int64_t> due_between(Millis from, Millis until, std::int64_t most) = 0;
  virtual Result<std::optional<SearchDoc>> search_doc(Id run) = 0;          // without its fields
  virtual Result<std::vector<RunRow>> runs_after(Id after, int limit) = 0;  // by id
  // Runs that were indexed while they lived, with id above `after`, that have ended since.
  virtual Result<std::vector<Id>> ended_since_indexed(Id after, int limit) = 0;
  virtual Result<std::vector<RecipeTally>> recipe_tallies() = 0;
  // Visits of steps in the newest runs of the recipe, so many of them.
  virtual Result<std::vector<StepCount>> step_counts(Id recipe, int runs) = 0;
  virtual Result<std::vector<RecipeVersionRow>> recipe_versions(Id recipe, int limit) = 0;  // newest first
  // Ended runs above `after`, by id, that ended before then; and routed events that came before then, began no run and are waited on
  // by no absence. At most `limit` of them, and at most `looked` rows are looked at.
  virtual Result<Found> ended_runs(Id after, Millis before, int limit, int looked) = 0;
  virtual Result<Found> unused_events(Id after, Millis before, int limit, int looked) = 0;
  virtual Result<std::int64_t> problems_open() = 0;
  virtual Result<std::int64_t> newest_run() = 0;  // its id, 0 when there is none

  virtual Result<Pages> pages() = 0;

  virtual Result<int> tries(bool is_event, Id id) = 0;  // crash counter
  virtual Result<std::optional<std::string>> meta(const std::string& name) = 0;
  virtual Result<Totals> totals() = 0;  // counted from indexes; for people
};

}  // namespace ieum::store
