// Manifest: everything that is known of a connector without running it, read from manifest.yaml.
//
// The single source for console forms, docs page, JSON Schema, lint, sandbox and samples. A plain value, shared and
// immutable after reading. A vendor fact that was not verified says verified: false and keeps saying it.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/value.hpp"
#include "expr/expression.hpp"

namespace ieum::host {

struct LocalText {
  std::string ko, en;
};

// safe: no effect. idempotent: repeating equals doing once. keyed: the vendor honours our key. natural: the vendor refuses
// the second by its own unique field. unsafe: repeating may act twice, so it is reconciled first.
enum class Safety { safe, idempotent, keyed, natural, unsafe };
enum class Reaches { system, team, customer };

struct Field {
  std::string name;
  std::string type = "string";  // string | integer | number | boolean | list | map | any | time
  bool required = false;
  std::map<std::string, std::string> required_when;  // of a connection: required while its fields have these values
  bool secret = false;    // a credential slot: lives in the vault, never in a config or a recipe
  bool generate = false;  // secret: made by the hub when the connection is added without it
  // Not secret, and computed when that secret is entered: what stands behind the last `derive_after` of it, or, of a secret
  // that is JSON, its text member `derive_member`.
  std::string derive_from, derive_after, derive_member;
  std::string resource;         // input: its value is the key of one item of this resource; "" is free text
  bool resource_strict = true;  // false: the items are suggestions, and any other value is taken too
  std::vector<std::string> choices;
  std::optional<Value> fallback;
  // Connection: it belongs to these choices of other fields; asked for and required only where they are made.
  std::map<std::string, std::vector<std::string>> when;
  std::string pattern;                           // RE2 that the whole text must fit; "" any
  std::optional<expr::Expression> fits_pattern;  // over `value`
  std::string search;  // of an event: runs that it begins are found by this name and the field's value; "" they are not
  std::string paste;   // generated: a text to paste elsewhere, {secret} and {hook_url} to be filled in; "" none
  LocalText title, help;
};

// An event of the same connector that the vendor tells because the operation was done.
struct CausedEvent {
  std::string topic;
  std::string when_input, when_value;  // only when that input has that value; "" always
  std::string mark;                    // standard field of the event that tells it apart from others' doing; "" none
};

// A secret that an answer of the vendor holds: the host stores it as this slot and takes it out of the answer.
struct Capture {
  std::string slot;
  std::string at;  // dotted path into the JSON of a 2xx answer
};

// Where the label of an advertisement belongs: in front of the subject or the text, at the vendor (who puts it there, or keeps the
// text), or in a text that was approved with it and is never altered.
enum class AdLabel { vendor, subject, text, approved };

struct Operation {
  std::string name;  // "message.post"; in a recipe "slack.message.post"
  LocalText title, help;
  std::vector<Field> inputs;
  std::vector<Field> outputs;  // for the checker's gradual types
  bool open_inputs = false;    // takes fields that are not listed
  Safety safety = Safety::unsafe;
  std::string reconcile;              // operation that finds out whether it happened; "" has none
  Millis reconcile_after_for = 1500;  // how long after the crash the look-up is trusted to see the effect
  Reaches reaches = Reaches::system;
  std::string channel;            // customer only: "kakao_alimtalk"
  std::set<std::string> classes;  // customer only: what it may carry, "ad", "info"
  std::string address_input, subject_input, text_input, ad_flag_input;
  AdLabel label = AdLabel::vendor;  // of an ad; said where `ad` is among the classes
  bool text_is_html = false;
  std::string opt_out_input;             // takes the address by which its receiver wants no more; the hub fills it in
  std::vector<std::string> link_inputs;  // whole addresses of pages; the hub counts who goes there
  // Its text is `text` of an item of a list, the #{names} in it filled from a map: what a trial shows of it.
  std::string template_input, variables_input;
  std::vector<CausedEvent> causes;
  std::optional<Capture> capture;
  bool internal = false;  // a reconcile or test operation: not for recipes
  bool verified = true;
  std::optional<Value> sample_inputs, sample_output;

  [[nodiscard]] const Field* input(std::string_view wanted) const;  // null when it has none of that name
};

// How a delivery is verified. Chosen by `when` over the connection's config; the first that fits.
struct Verification {
  enum class Kind { hmac, standard_webhooks, static_secret, secret_sha1, url_token, basic_user };
  Kind kind = Kind::hmac;
  std::map<std::string, std::string> when;  // config field -> value; empty fits always
  std::string secret_slot;
  std::string header;                    // signature header
  std::string digest = "sha256";         // hmac: sha1 | sha256 | sha512
  std::string encoding = "base64";       // hmac: base64 | hex
  bool secret_base64 = false;            // hmac: the secret is the base64 of the key
  std::string prefix;                    // hmac, static_secret: "sha256=", "v0=", "Bearer "
  std::string over = "{body}";           // "{timestamp}" and "{body}" are filled in
  std::string timestamp_header;          // "" has none
  Millis tolerance_for = 300 * kSecond;  // both directions
  std::string when_header;               // only looked at when this header is there; "" always
  bool empty_body = false;               // not hmac: an empty body is taken and counts as {}
  std::string body_path;                 // basic_user: where the body holds the secret when no header does; "" nowhere
  // hmac: the header is a comma list of name=value; the names that hold the two. Several signatures: any may fit.
  std::string timestamp_part, signature_part;
  // hmac whose every parameter comes from the connection's config (the generic webhook): field names there override the above.
  bool from_config = false;
};

// Where a text of a delivery is found: a header, a path into the body, fixed, SHA-256 of the raw body in hex, the header
// or path that a field of the connection names, what an expression gives, the last part of the address, or the first of several
// that is there. A list of sources is joined by ":".
struct Source {
  enum class Kind { header, body, fixed, body_hash, config_header, config_body, expression, path_end, first };
  Kind kind = Kind::header;
  std::string name;
  std::optional<expr::Expression> expression;  // over `body`; what fails is missing
  std::vector<Source> choices;                 // first
};

struct Handshake {                       // answered after verification, never stored
  std::string when_path, equals;         // path into the body
  std::string method;                    // instead: any request of this method, answered before verification
  std::string reply_path, content_type;  // the text there is sent back; "" sends an empty answer
};

// Refuses a delivery that belongs to another account: the source must equal the connection's field, letter case aside.
struct Binding {
  Source source;
  std::string config_field;
};

// Deliveries that anybody can send: their key is public. What they say of who somebody is counts for the kinds of identity
// listed here alone, and sets no trait, no consent and no alias; an event means its standard name only when it says so itself.
struct Untrusted {
  std::map<std::string, std::string> when;  // config field -> value
  std::set<std::string> identities;
  std::string sites_field;  // a list of the connection: the origins of the pages that may send
  std::string rate_field;   // events a minute that are taken; the connection says how many
};

struct WebhookSpec {
  std::vector<Verification> verify;  // empty: the connector has no webhook
  // Besides /hooks/{name}: an address that the connections of this connector share ("/v1"); whose delivery it is, verification
  // tells. "" has none.
  std::string at;
  std::optional<Untrusted> untrusted;
  std::vector<Handshake> handshakes;
  std::vector<Binding> bindings;
  std::vector<Binding> expected;  // told when they differ, and never refused
  std::vector<Source> topic;
  std::vector<Source> dedupe;
  std::vector<std::string> keep_headers;                     // stored with the payload, lower case
  enum class Events { body, module } events = Events::body;  // body: the body is the one event, no module is called
  enum class Format { json, form, automatic } format = Format::json;  // automatic: by the content type
  std::string json_field;                 // a form that has this field is read as the JSON inside it
  std::optional<std::string> reply_body;  // what an accepted delivery is answered with; none: the receipt as JSON
  std::string reply_type;                 // its content type
  std::size_t body_bytes_max = 1u << 20;
  // Whether an empty body is no damage but {}.
  [[nodiscard]] bool takes_empty_body() const;
  bool open_topics = false;  // its topics are the sender's own: any name is an event
  // Its events are what customers do: each is kept in the history of whom it names, also one without a standard name.
  bool about_customers = false;
};

// The topic of an entry of `events` that stands for all that have none of their own; needs open_topics.
inline constexpr std::string_view kAnyTopic = "*";

// One event that the connector tells of.
struct EventSpec {
  std::string topic;  // "orders/create"; recipes may say "shopify/orders/create"
  LocalText title, help;
  std::string means;                                   // standard name, "" has none
  std::optional<expr::Expression> means_when;          // it means that only when this is true
  std::map<std::string, expr::Expression> project;     // standard field -> CEL over `body` and `headers`
  std::map<std::string, expr::Expression> identities;  // identity kind -> CEL over `body`
  std::map<std::string, expr::Expression> aliases;  // identity kind -> CEL: another id of the same person, found only
  std::map<std::string, expr::Expression> erasure;  // identity kind -> CEL: whose data must be erased
  std::optional<expr::Expression> traits;           // CEL, a map: what the profile learns
  // Purpose ("ad", "night") -> CEL: a boolean or "refused" for all channels, or a map of channel to such.
  std::map<std::string, expr::Expression> consents;
  bool untrusted = false;  // also from a source that is not trusted it means its standard name
  std::vector<Field> fields;
  std::optional<Value> sample;                         // the first of `samples`
  std::vector<std::pair<std::string, Value>> samples;  // by name, in order
  bool verified = true;
};

// What the hub asks a vendor for at intervals, while an enabled recipe listens for one of its events.
struct Poll {
  std::string name;
  LocalText title, help;
  std::string each;                  // list field of the connection: one cursor for each element; "" has one
  std::vector<std::string> events;   // topics that it may tell
  Millis every_for = kMinute;        // the connection's field poll_every overrides it
  std::vector<std::string> wake_by;  // topics of deliveries that make it due at once
  bool optional = false;             // deliveries tell the same: a connection that cannot log in does without
};

// A webhook that the hub makes at the vendor and keeps alive.
struct Subscription {
  std::string name;
  LocalText title, help;
  std::string each;            // as of a poll
  std::string ensure, remove;  // internal operations; remove "" has none
  Millis every_for = kDay;
};

// A list at the vendor (templates, channels) that inputs choose from.
struct Resource {
  std::string name;
  LocalText title, help;
  std::string list;  // internal safe operation, output {items: [{key, title, ...}]}
  Millis every_for = kHour;
};

// How much a vendor takes: `rate` requests in `per_for`.
struct Bucket {
  std::string name;
  std::int64_t rate = 1;
  std::string rate_field;  // the connection says the rate; one that says none, or 0, does without this bucket
  Millis per_for = kSecond;
  std::set<std::string> operations;      // also names of polls; empty: every call
  std::optional<expr::Expression> when;  // over `request`: only requests of which it is true
  std::optional<expr::Expression> by;    // over `inputs`, `config` and `request`: a bucket for each value
};

struct Limits {
  std::int64_t in_flight = 8;   // requests under way for one credential
  std::string in_flight_field;  // the connection may say another number
  std::vector<Bucket> buckets;
  // Over `status`, `headers`, `body` of each answer: what is left, seconds until it is full again, what comes back a
  // second, what a call needs.
  std::optional<expr::Expression> remaining, reset_after, restore_per_second, need;
};

struct Declared;  // declared.hpp

struct Manifest {
  std::string name;
  std::string version;
  int state_version = 1;
  LocalText title, help;
  std::vector<Field> fields;          // of a connection; secret ones are credential slots
  std::vector<std::string> origins;   // where its credentials may go, "{shop}" filled from config
  std::map<std::string, Value> auth;  // scheme name -> description for vault::parse_auth; `when` is read by auth_of
  std::map<std::string, std::string>
      after_login;                        // scheme name -> operation whose outputs become fields of the connection
  std::vector<std::string> default_auth;  // the first whose `when` fits the connection; empty: no credentials
  std::optional<WebhookSpec> webhook;
  std::vector<EventSpec> events;
  std::vector<Operation> operations;
  std::string test_operation;  // what `connection test` calls; "" has none
  std::vector<Poll> polls;
  std::vector<Subscription> subscriptions;
  std::vector<Resource> resources;
  Limits limits;

  std::shared_ptr<const Declared> declared;  // what it says itself instead of code; null when it says nothing

  [[nodiscard]] const Operation* operation(std::string_view name) const;
  [[nodiscard]] const EventSpec* event(std::string_view topic) const;
  // The same, or what is said of all other topics (kAnyTopic).
  [[nodiscard]] const EventSpec* event_or_any(std::string_view topic) const;
  [[nodiscard]] const Poll* poll(std::string_view name) const;
  // The poll that tells an event which deliveries tell as well; null when it is told in one way.
  [[nodiscard]] const Poll* poll_beside_webhook(std::string_view topic) const;
  [[nodiscard]] const Resource* resource(std::string_view name) const;
};

// The manifest's limits with what the fields of a connection say of them; config with the manifest's defaults.
Limits limits_of(const Manifest& manifest, const Value& config);

// The scheme of a request that names none: the first of default_auth whose `when` fits. "" when the manifest has no
// default_auth; nothing when none of them fits.
std::optional<std::string> auth_of(const Manifest& manifest, const Value& config);

// Whether a connection with this config must have the field.
bool is_required(const Manifest& manifest, const Field& field, const Value& config);

// The connection's fields with the manifest's defaults where it says nothing.
Value config_with_defaults(const Manifest& manifest, const Value& config);

// The fields of a connection with those that derive from a secret that is being entered. Never more than 16 bytes behind a
// text or 254 of a member, and nothing where what to look for is missing.
Value with_derived_fields(const Manifest& manifest, Value config,
                          const std::vector<std::pair<std::string, Secret>>& entered);

// Whether the hub finds the field out itself: from a secret, or by asking after a login.
bool found_by_hub(const Manifest& manifest, const Field& field);

// Gives the bytes of a sample file named in the manifest, relative to it.
using SampleFiles = std::function<Result<std::string>(const std::string& path)>;

// Reads YAML text as docs/manifest.md says (strict: no anchors, aliases, tags or duplicate keys). Errors: "bad_yaml",
// "unknown_key", "bad_manifest", "missing_key", "bad_expression", "bad_sample"; place is file:line:column, from 1, in code
// points. `warnings` gets what is missing for people only: "missing_text", "missing_sample", "unreconciled".
// Without `files`, samples in files are left out.
Result<Manifest> read_manifest(std::string_view text, const std::string& file, std::vector<Error>* warnings = nullptr,
                               const SampleFiles& files = {});

}  // namespace ieum::host
