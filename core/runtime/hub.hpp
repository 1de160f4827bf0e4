// Hub: where the parts meet. Takes deliveries in (ACCEPT), routes them, acts, records outcomes, fires timers, recovers.
//
// Owner: app builds the parts and the hub and takes them down in reverse order. The hub's logic runs on one executor
// (`engine`); accept() runs on the caller. Everything that must survive is committed before its effect is visible:
// an answer to the sender, a call to a vendor, the next step.
// After a crash: start() takes up fresh events and acting runs again, one at a time and counted, so that a poisonous one is set
// aside after limits::kPoisonTries tries and its neighbours go on.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audience/policy.hpp"
#include "audience/tracking.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/http.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/url.hpp"
#include "base/value.hpp"
#include "base/zone.hpp"
#include "host/connector.hpp"
#include "net/client.hpp"
#include "recipe/checker.hpp"
#include "recipe/program.hpp"
#include "runtime/disk_marks.hpp"
#include "runtime/executor.hpp"
#include "runtime/intake_budget.hpp"
#include "runtime/watchdog.hpp"
#include "store/store.hpp"
#include "vault/vault.hpp"

namespace ieum::runtime {

// What the hub is built from. All outlive it.
struct HubParts {
  store::Store& store;
  const host::Registry& connectors;
  net::HttpClient& http;
  vault::Vault& vault;
  ZoneSource& zones;
  Clock& clock;
  Random& random;
  Log& log;
  Executor& engine;
  Watchdog* watchdog = nullptr;  // null: nothing watches module calls
  std::string crash_cause;       // what the former process noted before it ended (read_note)
  // Runs work once after that much real time, on any thread. Null: nobody does, tick() is called instead.
  std::function<void(Millis delay_for, std::function<void()>)> alarm;
  // Told of each point where a crash must lose nothing: "accepted" (a delivery is stored, not yet routed), "intended" (an
  // INTENT is committed, nothing sent), "answered" (a vendor answered, nothing committed). For crash tests. Null: nobody.
  std::function<void(std::string_view point)> passing;
  // The store cannot be read and the hub cannot go on: the process must end. Null: the error is only logged.
  std::function<void(const Error&)> fatal;
  // Told of each instruction that a run passed, and of the position where it went on; for the coverage of trials. Null: nobody. [engine]
  std::function<void(const recipe::Recipe& recipe, const recipe::Instruction& from, std::size_t to)> stepped = {};
  // https://hub.example, by which vendors reach the hub; "" when unknown. Subscriptions need it.
  std::string public_url = {};
  // Makes runs findable, behind them; ends after the hub. Null: nothing is indexed.
  Executor* behind = nullptr;
  // How large the store is and what room its disk has. Null: nobody looks.
  std::function<store::Space()> space = {};
  DiskMarks disk_marks = {};
  IntakeBudget::Limits intake_limits = {};
  audience::Policy policy = {};
  // A trial: nothing is polled or subscribed, no vendor's limit is waited for, and a vendor's lists are stood in for.
  bool rehearsal = false;
};

struct NewConnection {
  std::string name;
  std::string connector;
  Value config;                                         // non-secret fields
  std::vector<std::pair<std::string, Secret>> secrets;  // slot, value; a slot named again adds a version (rotation)
  std::vector<std::string> origins;                     // empty: the manifest's
};

// For programs: {"severity", "code", "message", "mend", "line", "column"}.
Value finding_view(const recipe::Finding& finding);

struct AppliedRecipe {
  Id recipe = 0, version = 0;
  std::string name, hash;
  bool changed = false;                   // false: this version was current already
  std::vector<recipe::Finding> findings;  // warnings
};

inline constexpr std::size_t kRunsAtOnce = 500;     // that are repaired together
inline constexpr std::size_t kRecipesAtOnce = 500;  // texts that are planned or applied together

// One of them.
struct RecipeText {
  std::string source;
  recipe::Format format = recipe::Format::yaml;
  std::string file;  // as it is called in findings
};

// What becomes of live runs of older versions when recipes are applied.
enum class RunsBecome {
  stay,    // each goes on with the version that it began with
  move,    // those that can go on in the new version do (recipe/move.hpp); the others stay
  cancel,  // they end
};

struct RunsOutcome {
  std::int64_t moved = 0, cancelled = 0, stayed = 0;
  // Why some stayed although they were asked to move, counted by place; with a few of the runs.
  struct Stayed {
    std::string recipe;
    Id version = 0;
    std::string step, why;
    std::int64_t count = 0;
    std::vector<Id> runs;
  };
  std::vector<Stayed> why;
};

struct AppliedRecipes {
  std::vector<AppliedRecipe> recipes;  // in the order given
  RunsOutcome runs;
};

// What a person decides about a run (runtime/repairs.hpp).
struct RunDeed {
  enum class Kind {
    retry,    // in doubt, failed, or waiting for another attempt: its step is sent again, now
    resume,   // its step counts as done, with this output
    skip,     // its step, or its wait, is passed over
    fail,     // a step in doubt counts as failed: on_error, or the run fails
    look_up,  // a step in doubt: the vendor is asked once more
    cancel,
  };
  Kind kind = Kind::retry;
  Value output = {};
  // The run's rev as whoever decides has seen it: when it has moved since, error "moved_on". 0: as it is now.
  std::int64_t rev = 0;
  std::string by = {};   // who asked
  std::string why = {};  // the reason that is written down; "" the usual one
};

// A run moved; for live views. Sent after the commit.
struct RunNews {
  Id run = 0;
  Id recipe = 0;
  store::RunState state = store::RunState::acting;
  std::string at_step;
  Millis at_ms = 0;
};

// What a delivery whose body is still to come may send.
struct BodyRoom {
  std::size_t bytes_max = 0;
  std::shared_ptr<IntakeBudget::Share> share;  // to be handed to accept(); null when there is nothing to read
  std::unique_ptr<HttpResponse> refuse;        // instead of reading it
};

class Hub {
 public:
  virtual ~Hub() = default;

  // Loads connections and recipes, then takes up what was left, on the engine. Call once before accept(). Errors: what
  // cannot be loaded.
  virtual Status start() = 0;
  // No new work is begun; calls under way are awaited up to `grace_for`; then `done` on the engine. The store is not closed.
  virtual void stop(Millis grace_for, std::function<void()> done) = 0;

  // ACCEPT: verify, store, then answer (2xx with a receipt; a duplicate gets the first receipt). An unknown connection is 404;
  // a known one is never 404 or 410. `done` may be called before accept returns, or on the writer. [any-thread]
  virtual void accept(const std::string& connection, const std::string& url_token, HttpRequest request,
                      std::function<void(HttpResponse)> done, std::shared_ptr<IntakeBudget::Share> share = {}) = 0;
  // The same at an address that several connections share ("/v1"): whose it is, verification tells; 401 when it is nobody's.
  virtual void accept_at(const std::string& address, HttpRequest request, std::function<void(HttpResponse)> done,
                         std::shared_ptr<IntakeBudget::Share> share = {}) = 0;
  // What a browser asks before a page of `origin` may send there. [any-thread]
  virtual HttpResponse preflight_at(const std::string& address, std::string_view origin) const = 0;
  // Addresses in messages (runtime/touches.hpp). What one stands for; nothing when it is none of the hub's. [any-thread]
  virtual std::optional<audience::Ticket> ticket(std::string_view text, audience::Ticket::Kind kind) const = 0;
  // A link or a picture was asked for. `done` once it is written down, or cannot be. [any-thread]
  virtual void touched(const audience::Ticket& ticket, const std::string& method, const std::string& user_agent,
                       std::function<void()> done) = 0;
  // Its holder wants no more of its topic, or of all advertising. False: it could not be written down. [any-thread]
  virtual void refused(const audience::Ticket& ticket, bool of_all, std::function<void(bool)> done) = 0;
  // Room for a body of this announced length (nothing: it is not announced), taken from what may wait in all; nothing when there
  // is no such connection. [any-thread]
  virtual std::optional<BodyRoom> room_for(const std::string& connection, std::optional<std::size_t> length) = 0;
  // The same for a shared address; its connections share the room.
  virtual std::optional<BodyRoom> room_at(const std::string& address, std::optional<std::size_t> length) = 0;
  // How much of what was sent waits now, and waited at most. [any-thread]
  [[nodiscard]] virtual IntakeBudget::Level intake() const = 0;
  // {"receipt","state","runs":N}: accepted, routed, quarantined or set_aside, and how many runs it started. Error "unknown_receipt". `reader` is the caller's own. [any-thread]
  virtual Result<Value> receipt(const std::string& receipt, store::Reader& reader) const = 0;

  // Commands. Each is committed and in force before it returns. Not from the engine or the writer. [any-thread]
  virtual Result<Id> put_connection(const NewConnection& connection) = 0;
  virtual Status remove_connection(const std::string& name) = 0;
  // Calls the manifest's test operation; the value is its output. A connection that answers is alive again, and what it
  // held goes on; one whose credentials are refused is dead.
  virtual Result<Value> test_connection(const std::string& name) = 0;
  // Reads a list of the manifest at the vendor; store::Reader::resources() has it then. Errors: "unknown_connection",
  // "unknown_list", "connection_dead", and what the vendor said: then the older copy stays.
  virtual Status read_list(const std::string& name, const std::string& list) = 0;
  // A new version of a secret. The older ones verify deliveries for `overlap_for` more; drop_old: no longer. An empty
  // secret with drop_old only drops. Errors: "unknown_connection", "unknown_secret", "secret_too_short".
  virtual Status rotate_secret(const std::string& name, const std::string& slot, const Secret& secret, bool drop_old,
                               Millis overlap_for) = 0;
  // A secret that the hub itself made, for a person who must enter it elsewhere: {"slot", "value", "paste"? (the manifest's
  // text, filled)}. What a person entered is never shown. Errors: "unknown_connection", "not_revealed". [any-thread]
  [[nodiscard]] virtual Result<Value> reveal_secret(const std::string& name, const std::string& slot) const = 0;
  // A login at the vendor (runtime/logins.hpp): {"login", "url", "expires_at", "redirect"}. The vendor sends the person back
  // to finish_login, which tells the connection's name; await_login tells {"state", "problem"?} when it is over.
  virtual Result<Value> begin_login(const std::string& name) = 0;
  virtual void finish_login(QueryPairs query, std::function<void(Result<std::string>)> done) = 0;  // [any-thread]
  virtual void await_login(const std::string& login, Millis at_most_for,
                           std::function<void(Result<Value>)> done) = 0;  // [any-thread]
  // apply_recipes for one; its older runs stay.
  virtual Result<AppliedRecipe> apply_recipe(const std::string& source, recipe::Format format,
                                             const std::string& file) = 0;
  // What apply_recipes would do; changes nothing. {"recipes": [{"name", "title", "file", "state": new | changed | unchanged | invalid,
  // "hash", "findings", "diff", "diff_text" (recipe/diff.hpp; of a changed one), "waiting": [{"version", "hash", "step", "count",
  // "can_move", "why"}] (live runs of other versions than this one), "absences": {"pending", "note"}}], "not_in_plan":
  // [{"name", "enabled"}] (in force and not among the texts: apply leaves them as they are)}.
  // Error "too_many_recipes".
  virtual Result<Value> plan_recipes(const std::vector<RecipeText>& texts) = 0;
  // All of them, or, when one has a mistake (error "recipe_invalid"), none; judged together with each other and with the
  // enabled ones that are in force. Then `runs` for every live run of another version of these recipes, changed or not, so
  // that it can be asked for again. A run that begins while this happens may begin on the older version and stay.
  virtual Result<AppliedRecipes> apply_recipes(const std::vector<RecipeText>& texts, RunsBecome runs) = 0;
  virtual Status enable_recipe(const std::string& name, bool enabled) = 0;
  // Errors "unknown_run", and why the deed is not possible now (runtime/repairs.hpp).
  virtual Status repair_run(Id run, const RunDeed& deed) = 0;
  // Many at once, each with its rev, so that they share commits; the answers in the same order. Not more than kRunsAtOnce.
  virtual std::vector<Status> repair_runs(const std::vector<std::pair<Id, std::int64_t>>& runs,
                                          const RunDeed& deed) = 0;
  // What may be decided about the run now: [{"name": a Kind's, "move" or "replay", "allowed", "code"?, "why"?}]. Error "unknown_run".
  virtual Result<Value> deeds(Id run) = 0;
  // Begins the run once more, from its trigger, in the current version of its recipe; entry rules but "one at a time" do not
  // count. nth: how many replays it has then; error "already_replayed" when it has them. Others: "unknown_run",
  // "already_running", "not_ended", "recipe_gone", "event_gone", "cannot_replay".
  virtual Result<Id> replay_run(Id run, std::int64_t nth, const std::string& by) = 0;
  // An event that was quarantined or set aside: routed once more, or given up. Error "event_routed".
  virtual Status retry_event(Id event) = 0;
  virtual Status discard_event(Id event, const std::string& by) = 0;
  // Outward actions of a recipe, connection or connector wait from now on; intake, filters and timers go on. `kind`, `name`,
  // `reason`, `made_by` and the rules of the row count. Errors "bad_hold", "unknown_recipe", "unknown_connection", "unknown_connector".
  virtual Result<Id> put_hold(store::HoldRow hold) = 0;
  // Lets go what it held, per_minute at most (0: all at once), with its expiry rule or these. Error "unknown_hold".
  virtual Status release_hold(Id hold, std::int64_t per_minute, std::optional<Millis> expire_after_ms,
                              const std::string& expire_then) = 0;
  // To the current version of its recipe. A wait keeps its end, an open step its inputs. Errors "run_ended", and
  // "cannot_move" with the reason; a run that is there already stays as it is. rev: as of RunDeed.
  virtual Status move_run(Id run, std::int64_t rev) = 0;
  // An event of the hub's own making, for trying recipes: data as `webhook/<topic>` of that connection, unsigned.
  virtual Result<std::string> send_event(const std::string& connection, const std::string& topic,
                                         const Value& data) = 0;
  // Virtual clock: moves to each due instant in turn and returns when everything due before `to` is done, and of what is
  // due at `to` all that no event can undo. The rest of that instant (a wait_for, an absence, a wait of a recipe with
  // exits, schedules) waits for events that come at it: until the next call, also one to the same instant, or until none
  // came for a quarter of a second of real time. Errors "clock_backwards", "clock_stuck", "stopping".
  virtual Status advance_clock(ManualClock& clock, Millis to) = 0;

  // When the next wait, attempt, absence or schedule is due; nothing when none is. [any-thread]
  virtual Result<std::optional<Millis>> next_due() = 0;

  // Facts for people. [any-thread]
  virtual std::vector<Value> connections()
      const = 0;  // {name, connector, enabled, config, origins, secrets:[slot], hook, health:{state, problem, drift, since}, tokens, login}
  // Names by which runs can be searched: kinds of identities, and what manifests and recipes in force mark `search`.
  virtual std::set<std::string> search_names() const = 0;
  // Runs that the search index has not seen yet. `reader` is the caller's own. [any-thread]
  virtual Result<std::int64_t> search_behind(store::Reader& reader) const = 0;
  // Days that ended runs and their events are kept, and bytes that the store stays below: {"runs_days", "events_days",
  // "max_bytes"}; 0 is no limit. Error "bad_setting".
  virtual Result<Value> retention(store::Reader& reader) const = 0;
  virtual Status set_retention(std::int64_t runs_days, std::int64_t events_days, std::int64_t max_bytes) = 0;
  // What the owner decided for all messages to customers (audience/policy.hpp), as it was written; {} when nothing was. Set: errors
  // "bad_setting", "bad_country".
  virtual Result<Value> audience_setting(store::Reader& reader) const = 0;
  virtual Status set_audience(const Value& written) = 0;
  // What a person said about advertising; `said`: purpose ("ad" | "night"), channel ("" all), word ("granted" | "refused" |
  // "confirmed"), at_ms, source, evidence. Errors: "unknown_customer", "bad_consent".
  virtual Status add_consent(store::ConsentRow said) = 0;
  // Makes two customers of one again, within kUndoMergeFor; the last merge of a customer first. They are not merged again by what
  // they have in common. Errors: "unknown_merge", "merge_undone", "merge_too_old", "merge_not_last".
  static constexpr Millis kUndoMergeFor = 30 * kDay;
  virtual Status undo_merge(Id merge) = 0;
  // Who would get a run if the recipe's schedule fired now: {looked, met, customers: [id ...]}, the first hundred. Judged by its
  // `audience` alone: who may not enter, or may not be sent to, is among them. Errors: "unknown_recipe", "no_audience".
  virtual Result<Value> audience_of(const std::string& recipe) = 0;
  // The store's size, the room on its disk, and how long it lasts (runtime/disk.hpp).
  [[nodiscard]] virtual Value disk() const = 0;
  // How full the vendors' limits are: [{"connection", "bucket", "key", "limit", "used", "per_ms", "waits_until_ms"}].
  virtual Value quotas() const = 0;
  // Hosts that fail, rise or let something wait: [{"host", "state": closed | open | half_open | rising, "failing_since_ms", "next_try_ms",
  // "under_way", "waiting", "away" (runs that are due again later), "long" (it has failed for an hour)}].
  virtual Value hosts() const = 0;
  virtual std::vector<Value> recipes() const = 0;  // {id, name, title, enabled, version, hash}
  virtual std::unique_ptr<recipe::Catalog> catalog() const = 0;
  // Called on the engine for every run that moved; 0 is never a handle.
  virtual std::uint64_t subscribe(std::function<void(const RunNews&)> listener) = 0;
  virtual void unsubscribe(std::uint64_t handle) = 0;

  // Looks at what is due now. Called by the alarm; tests call it. [engine]
  virtual void tick() = 0;
  // True when nothing is queued, under way or due now. [engine]
  [[nodiscard]] virtual bool idle() const = 0;
};

std::unique_ptr<Hub> make_hub(HubParts parts);

}  // namespace ieum::runtime
