// Connector: one vendor's protocol as a pure function behind one interface; the engine cannot tell a module from a
// declarative connector. The host distrusts what comes back: a malformed effect is a failed step, never a crash.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/log.hpp"
#include "host/manifest.hpp"

namespace ieum::host {

enum class Phase { begin, resume, webhook, poll };

struct Call {
  Phase phase = Phase::begin;
  std::string operation;
  std::string topic;             // webhook
  Value inputs;                  // begin and resume; of a poll {"item": element of its list}
  std::string_view inputs_json;  // the same as JSON, where it is at hand; "" elsewhere
  Value resources;    // begin and resume: resource name -> the item that an input chose; null where the vendor has none
  Value connection;   // non-secret config
  Value state;        // resume: from the last effect; begin of a reconcile: from the effect in doubt; poll: the cursor
  Value outcome;      // resume: {"status":200,"headers":{"lower-case":"text"}} or {"waited":true}
  Value headers;      // webhook: the stored headers
  Millis now_ms = 0;  // of a step: when it was opened, so that a repeated call makes the same request
  Millis answered_ms =
      0;  // resume: when the answer came, for dates in it; later than now_ms, and not told to connectors
  std::string step_key;
  std::string_view body;  // webhook: the delivery; resume: the answer
};

// A place of the body (JSON pointer, or "/name" of a form) that the host fills with a secret after the origin check.
struct SecretHole {
  std::string pointer, slot;
};

struct HttpEffect {
  HttpRequest request;
  std::string auth;  // scheme name; "" sends no credentials
  std::vector<SecretHole> fill;
  Safety safety = Safety::unsafe;
  Value state;
};
struct WaitEffect {
  Millis until_ms = 0;
  Value state;
};
struct DoneEffect {
  Value output;
};
enum class FailKind { retry, rate_limited, auth_refresh, auth_dead, permanent, gone, ambiguous, broken };
struct FailEffect {
  FailKind kind = FailKind::permanent;
  std::string code;
  std::string message;
  std::optional<Millis> retry_after_for;
};
struct EventItem {
  std::string name;  // topic
  Value data;
  std::string key;  // poll: the same item told again has the same one; within one connection
};
struct EventsEffect {
  std::vector<EventItem> items;
  Value cursor;
  bool more = false;
};
using Effect = std::variant<HttpEffect, WaitEffect, DoneEffect, FailEffect, EventsEffect>;

class Connector {
 public:
  virtual ~Connector() = default;
  [[nodiscard]] virtual const Manifest& manifest() const = 0;
  // What a module answers wrongly comes back as FailEffect{broken}. [pure][any-thread]
  [[nodiscard]] virtual Effect step(const Call& call) const = 0;
};

// Observes module calls from outside, so that a watchdog can name one that crashes or never returns.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void entering(const std::string& connector, const char* phase) = 0;  // [calling thread]
  virtual void left() = 0;
};

struct LoadOptions {
  std::string directory;             // one folder a connector: manifest.yaml and, if it has code, module.so
  CallObserver* observer = nullptr;  // may be null
  bool check_ownership = true;       // same owner as the process, not group- or world-writable
};

// Takes the Retry-After header of the answer that made the step fail, when the connector named no time itself. step()
// has done it already for the headers in Call::outcome.
void fill_retry_after(FailEffect& fail, const HttpResponse& answer, Millis now_ms);

// All connectors of a hub, found once at start. Immutable afterwards. [any-thread]
class Registry {
 public:
  virtual ~Registry() = default;
  [[nodiscard]] virtual const Connector* find(std::string_view name) const = 0;
  [[nodiscard]] virtual std::vector<const Connector*> all() const = 0;  // by name
  // SHA-256 of the module file in hex; "" for a declarative connector.
  [[nodiscard]] virtual std::string digest(std::string_view name) const = 0;
};

// One folder. What is missing for people goes to `warnings`.
Result<std::unique_ptr<Connector>> load_connector(const std::string& folder, const LoadOptions& options,
                                                  std::vector<Error>& warnings);

// The manifest's origins with the connection's fields filled in, as scheme://host[:port]; those with an optional field that
// is empty are left out. Error "bad_origin".
Result<std::vector<std::string>> connection_origins(const Manifest& manifest, const Value& config);

// A folder that cannot be loaded is an error naming it (bad manifest, wrong ABI, unsafe permissions, missing symbol).
Result<std::unique_ptr<Registry>> load_connectors(const LoadOptions& options, Log& log);

}  // namespace ieum::host
