// Deliveries: what ACCEPT does with one webhook before it is stored, and what ROUTE reads out of it. All manifest data.
// Verification is over the raw bytes, in constant time, before any parsing, and fails closed.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/http.hpp"
#include "base/secret.hpp"
#include "host/connector.hpp"

namespace ieum::host {

// The secrets of one connection: slot -> versions, newest first.
using SlotSecrets = std::map<std::string, std::vector<Secret>>;

struct Inspection {
  enum class Verdict {
    accept,      // store it, then 2xx
    quarantine,  // verified but unreadable: store it so, then 2xx
    reply,       // handshake: send `reply`, store nothing
    refuse,      // send `reply` (401, 400), store nothing
  };
  Verdict verdict = Verdict::refuse;
  HttpResponse reply;
  std::string topic;
  std::string dedupe_key;    // "" when the delivery has none
  std::string kept_headers;  // JSON object
  std::string diagnosis;     // refuse, quarantine: in plain words, for the operator; names no secret
  // accept: what the delivery says otherwise than the connection (`expect`), in plain words; "" when it says the same;
  // nothing when it does not say.
  std::optional<std::string> drift;
  // accept: the body as a Value, where it had to be read; null otherwise.
  Value body;
};

// `url_token` is the path segment behind the connection's name, "" when there is none.
Inspection inspect(const Manifest& manifest, const Value& config, const SlotSecrets& secrets,
                   const HttpRequest& request, std::string_view url_token, Millis now_ms);

// What holds of this connection's deliveries when their key is public; null when they are trusted.
const Untrusted* untrusted_of(const Manifest& manifest, const Value& config);

// Whether a page of this origin ("https://shop.example.com") may send to the connection.
bool allows_site(const Untrusted& untrusted, const Value& config, std::string_view origin);

// What an event says somebody agreed to, or not.
struct ToldConsent {
  std::string purpose;  // "ad" | "night"
  std::string channel;  // "" all
  std::string word;     // "yes" | "no" (does not agree, or does not any more) | "refused" (said no)
};

// An event as recipes see it.
struct HubEvent {
  std::string connector;
  std::string topic;  // "orders/create"
  std::string means;  // "order_created" or ""
  Value data;         // the vendor's own body
  Value standard;     // map of standard fields; empty map when it means nothing
  std::vector<std::pair<std::string, std::string>> identities;  // kind, raw value
  bool of_customer = false;                                     // whom it names did it: kept in their history
  std::int64_t customer = 0;                                    // the hub itself knows who did it; 0: identities say it
  std::vector<std::pair<std::string, std::string>> aliases;     // other ids of the same person: kind, raw value
  std::vector<std::pair<std::string, std::string>> erasure;     // whose data the vendor asks to erase: kind, raw value
  Value traits;                                                 // map; null: the event tells none
  std::vector<ToldConsent> consents;
  // Not null: anybody could have sent it. Only these kinds of identity may be read out of it, by whomever.
  const std::set<std::string>* only_kinds = nullptr;  // the manifest's
  Millis at_ms = 0;                                   // event time when the projection gives one (`at`), else received
  std::string key;         // of several events in one delivery: what tells this one apart; "" nothing
  std::string source_key;  // projection `source_key`: the same fact from two sources counts once
};

// A kept header that no sender can send: the body is one event's data as JSON, told by a poll or by the hub itself.
inline constexpr std::string_view kToldBy = ":told_by";

// The events of a stored delivery. Calls the module only when the manifest says so. Deterministic: a run reads its
// trigger again by calling this. `read`: Inspection::body, so that it is not read twice; null: it was not read.
// Error "unreadable_delivery", or the module's failure.
Result<std::vector<HubEvent>> read_delivery(const Connector& connector, const Value& config, const std::string& topic,
                                            const std::string& kept_headers, std::string_view body, Millis received_ms,
                                            const Value& read = {});

// What expressions see as `event` and `trigger`: the vendor's body with the standard fields over it, and `topic`, `name`.
Value event_scope(const HubEvent& event);

}  // namespace ieum::host
