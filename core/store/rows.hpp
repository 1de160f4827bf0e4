// Rows: what the store keeps, in the domain's words. Plain values; texts that are JSON say so.
// Ids are integers in order of time, given out by Store::next_id before the write, so that rows of one unit can name each other.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/rows_people.hpp"

namespace ieum::store {

enum class EventState : int {
  fresh = 0,        // accepted, not yet routed
  routed = 1,       // its runs exist; final
  quarantined = 2,  // signed but unreadable: kept for a person; final until released
  dead = 3,         // could not be routed; `reason` says why; final until replayed
};

// An accepted delivery. The payload is a row of its own, so that changing the state does not rewrite it.
struct EventRow {
  Id id = 0;
  Id connection = 0;
  std::string topic;  // as the vendor names it: "orders/create"
  Millis received_ms = 0;
  EventState state = EventState::fresh;
  std::string reason;
};

struct PayloadRow {
  std::string method;
  std::string path;
  std::string headers;  // JSON object of the headers that the manifest names
  std::string body;     // raw bytes as sent
};

enum class RunState : int {
  acting = 1,     // a step row is open (state intent); due_ms says when it may be tried
  waiting = 2,    // due_ms says until when
  in_doubt = 3,   // the open step's fate is unknown; a person or on_doubt decides
  finished = 10,  // terminal states from here; terminal is final
  exited = 11,    // exit_on, keep_while; reason says which
  stopped = 12,   // a stop step
  failed = 13,
  cancelled = 14,
};
inline bool is_terminal(RunState state) { return static_cast<int>(state) >= 10; }

// One run of one recipe version. Small and hot. The trigger is not copied in: it is read again from trigger_event.
struct RunRow {
  Id id = 0;
  Id recipe = 0;
  Id version = 0;   // recipe version it began with
  Id customer = 0;  // 0: about nobody
  std::string key;  // entry key, "" when the recipe has none
  RunState state = RunState::acting;
  std::int64_t rev = 1;          // moves by one with every transition
  std::int64_t lease_epoch = 0;  // process epoch that may act on it
  std::string at_step;           // position in the compiled recipe
  std::optional<Millis> due_ms;  // when the scheduler must look at it; none when terminal or in doubt
  std::string vars;              // JSON object: `set` variables, error frames; "" is {}
  Id trigger_event = 0;
  int trigger_item = 0;  // which of the events that one delivery yielded
  Millis started_ms = 0;
  std::optional<Millis> ended_ms;
  std::string reason;  // enumerated, see engine/reasons.hpp; "" while it lives
};

enum class StepState : int {
  intent = 0,  // committed before anything is sent; may have been sent when found after a restart
  done = 1,
  failed = 2,
  in_doubt = 3,
  cancelled = 4,
  skipped = 5,  // the gate said no; reason in error_code
  running = 6,  // a loop that the run is in; its items are in `inputs`
};

// One visit of a step that acts, or of the engine's own that leaves a result (loop, wait_for, split; connection 0). INTENT
// inserts it, OUTCOME changes it; `exchange` and `output` come with the outcome.
struct StepRow {
  Id id = 0;
  Id run = 0;
  std::string step;  // step id in the recipe
  int iteration = 0;
  StepState state = StepState::intent;
  int attempt = 0;  // attempts that counted (a 429 does not)
  std::string key;  // idempotency key, equal on every attempt
  Id connection = 0;
  std::string operation;  // "slack.message.post"
  Id decision = 0;        // gate decision; never 0 when the operation reaches a customer
  bool reaches_customer = false;
  std::string inputs;        // JSON, rendered once; ACT reads only this, key and opened_ms
  std::string continuation;  // JSON state of the connector between effects; "" at the beginning
  std::string exchange;      // JSON list of attempts, each with request and answer, redacted and cut
  std::string output;        // JSON
  std::string error_code;
  std::string error_text;
  Millis opened_ms = 0;  // the now_ms of begin, equal on every attempt
  std::optional<Millis> closed_ms;
};

// What the gate decided for one send.
struct DecisionRow {
  Id id = 0;
  Id run = 0;
  Id customer = 0;
  std::string step;
  Millis at_ms = 0;
  bool allowed = false;
  std::string reason;   // enumerated; "" when allowed
  std::string channel;  // "kakao_alimtalk"
  std::string message_class;
  // Allowed, of an ad: what it rests on, "consent 17"; refused by a cap: which one. Else "".
  std::string basis = {};
  std::optional<Millis> until_ms = {};  // deferred: judged again then
};

// A message to a customer, or one that was not sent: what the gate said, and what became of the step.
struct MessageRow {
  DecisionRow decision;
  Id recipe = 0;
  std::optional<StepState> state;  // of its step; nothing when there is none: it was put off
  std::string error_code;
};

// A run from its beginning to its end, for whom it was about.
struct RunBounds {
  Id run = 0;
  Id recipe = 0;
  Millis started_ms = 0;
  std::optional<Millis> ended_ms;
  RunState state = RunState::acting;
  std::string reason;
};

// An advertisement that went out, or may have, or is about to.
struct AdSentRow {
  Id decision = 0;
  Millis at_ms = 0;  // of its decision
  Id recipe = 0;
  std::string step;
  std::string channel;
};

// What a recipe with trigger.absent waits for: unique for (recipe, customer, key).
struct AbsenceRow {
  Id id = 0;
  Id recipe = 0;
  Id customer = 0;  // 0: about nobody
  std::string key;
  Millis due_ms = 0;
  Id event = 0;  // the trigger event that counts now
  int item = 0;
  Millis at_ms = 0;  // its event time
};

// An explicit key under which an event finds a run, or an absence (owner < 0: its negated id).
struct ListenerRow {
  std::string event;  // name
  std::string shape;  // what is asked of the event
  std::string value;
  Id owner = 0;
  bool for_life = false;  // until the run ends; else while it stands at its wait_for
};

// The goal of a run's recipe was reached.
struct ConversionRow {
  Id run = 0;
  Id event = 0;
  Millis at_ms = 0;   // event time
  std::string value;  // JSON; "" has none
};

struct CustomerRow {
  Id id = 0;
  std::int64_t rev = 1;
  Millis created_ms = 0;
  std::string traits;  // JSON object name -> {value, source, at_ms}
  Id merged_into = 0;  // 0: nobody; else what was theirs is that one's, and nothing is added here
};

// Two customers were found to be one.
struct MergeRow {
  Id id = 0;
  Id survivor = 0;
  Id loser = 0;
  Millis at_ms = 0;
  Id event = 0;        // that told so
  std::string why;     // "email", the kind of the key that both have; "alias"
  std::string traits;  // the survivor's, before
  std::optional<Millis> undone_ms;
};

// One identity of a customer: kind "email", "phone", "shopify" ...; value normalised before it comes here.
struct IdentityRow {
  std::string kind;
  std::string value;
  Id customer = 0;
  Millis added_ms = 0;
};

// An event that named a step of a run by its key.
struct ToldRow {
  Id run = 0;
  std::string step_key;
  std::string name;
  Millis at_ms = 0;
  Id event = 0;
  std::string fields;  // JSON
};

// One event in a customer's history, under its standard name.
struct HistoryRow {
  Id id = 0;
  Id customer = 0;
  std::string name;  // "order_created"
  Millis at_ms = 0;  // event time
  Millis received_ms = 0;
  Id event = 0;
  std::string source_key;  // the same order from two sources counts once; "" when it has none
  std::string fields;      // JSON object, standard fields
};

// A schedule that is starting runs for the customers of its recipe's audience.
struct FanOutRow {
  Id event = 0;  // its firing
  Id recipe = 0;
  Millis at_ms = 0;  // of the schedule: audiences are judged as of then
  Id behind = 0;     // customers up to this one have been looked at
  std::int64_t looked = 0, met = 0, started = 0;
};

// Somebody opened a message, or clicked a link of it.
struct TouchRow {
  Id event = 0;  // that told so
  Id customer = 0;
  Id run = 0;
  Id step = 0;  // the row
  std::string recipe;
  std::string step_name;
  std::string kind;  // "open" | "click"
  Millis at_ms = 0;
  std::string machine;  // why it was no person; "" a person
  std::string link;     // as the author called it; "" none
  std::string url;      // where it leads; "" of an opening
};

// A refusal: closes a topic ("" closes all) on a channel ("" closes all).
struct OptOutRow {
  Id customer = 0;
  std::string topic;
  std::string channel;
  Millis at_ms = 0;
  std::string source;
};

// What somebody said about advertising; such rows only grow in number.
struct ConsentRow {
  Id id = 0;  // given by the store, in the order in which they came
  Id customer = 0;
  std::string purpose;  // "ad" | "night"
  std::string channel;  // "" all
  std::string word;     // "granted" | "refused" | "confirmed"
  Millis at_ms = 0;     // when it was said
  Millis received_ms = 0;
  std::string source;    // who says so: "identify", "api", "console" ...
  std::string evidence;  // JSON object: what was shown, where and how it was said
  Id event = 0;          // 0: none
};

struct ConnectionRow {
  Id id = 0;
  std::string name;  // the path of /hooks/{name}
  std::string connector;
  std::string config;   // JSON object, non-secret fields
  std::string origins;  // JSON list of origins that its credentials may go to
  bool enabled = true;
  Millis created_ms = 0;
};

// A sealed secret of a connection. Opening is the vault's; the store never sees clear text.
struct SecretRow {
  Id connection = 0;
  std::string slot;    // "access_token", "signing_secret"
  int version = 1;     // several live versions while a secret is rotated; highest first
  std::string sealed;  // key id, nonce, ciphertext and tag as the vault lays them out
  Millis created_ms = 0;
  std::optional<Millis> until_ms = {};  // a version that was replaced counts until then; none: no end
  bool made_by_hub = false;             // nobody entered it
};

// What is known of a token that the hub fetched. The token itself is a secret of the connection.
struct TokenRow {
  Id connection = 0;
  std::string scheme;  // of the manifest's auth
  Millis fetched_ms = 0;
  std::optional<Millis> expires_ms;          // none: it does not say
  std::optional<Millis> refresh_expires_ms;  // of its refresh token
  std::string scope;                         // what was granted, as the vendor says it
};

// A connection with a problem; one without has no row.
struct HealthRow {
  Id connection = 0;
  bool dead = false;    // a person must mend it: its steps are held
  std::string problem;  // for a person
  Millis since_ms = 0;
};

// The due time of a run whose step is held: later than any clock. Who lifts the obstacle sets it due.
inline constexpr Millis kHeldDue = 253'402'300'799'000;

// Where a poll stands for one element that it asks about.
struct PollRow {
  Id connection = 0;
  std::string poll;
  std::string item;    // "" when the poll asks about one thing only
  std::string cursor;  // JSON; "" before the first answer
  Millis due_ms = 0;
  int failures = 0;  // in a row
  std::optional<Millis> last_ok_ms;
  std::string problem;  // in plain words; "" when the last try was well
};

// A webhook that the hub made at the vendor, for one element.
struct SubscriptionRow {
  Id connection = 0;
  std::string name;
  std::string item;
  std::string state;        // JSON, the connector's own; "" has none
  std::string ensured_for;  // JSON: the address and topics it was last made with; "" not yet
  Millis due_ms = 0;        // when it is looked after again
  int failures = 0;
  std::optional<Millis> last_ok_ms;
  std::string problem;
  std::string note;  // the connector's word for a person
};

// One entry of a vendor's list (a template, a form), as its connector told it.
struct ResourceRow {
  std::string key;
  std::string data;  // JSON object
};

enum class ErasureState : int { open = 0, done = 1 };

// A person asks, through a vendor, to be forgotten.
struct ErasureRow {
  Id event = 0;
  int item = 0;
  Id connection = 0;
  std::string subject;  // JSON object: what the vendor names the person by
  Millis at_ms = 0;
  ErasureState state = ErasureState::open;
};

struct RecipeRow {
  Id id = 0;
  std::string name;
  bool enabled = true;
  Id current_version = 0;
};

struct RecipeVersionRow {
  Id id = 0;
  Id recipe = 0;
  std::string hash;    // SHA-256 of the canonical form, hex
  std::string source;  // bytes as the author wrote them
  std::string format;  // "yaml" or "json"
  Millis created_ms = 0;
};

}  // namespace ieum::store
