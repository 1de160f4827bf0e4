// Cases: golden conversations and deliveries of a connector as data, and playing them. What `connector check` and the
// conformance suite do; pure but for reading the files of a folder.
//
// <connector>/cases/*.json holds one case a file. Three kinds:
//   {"title", "operation", "inputs", "connection", "now", "step_key",
//    "turns": [{"effect": {...}, "answer": {"status", "headers", "json" | "body"}}, ..., {"effect": {...}}]}
//       a call, the effect expected of it, the vendor's answer, the next effect. Bodies of requests are exact bytes.
//       Also "resources": {"templates": item or null}, and "state" of a look-up.
//   {"title", "poll": "rows", "inputs": {"item"}, "state": cursor, "connection", "now", "turns": [...]}
//       the same for a poll; it ends with {"events": [{"name", "key", "data"}], "cursor", "more"} or a fail.
//   {"title", "delivery": {"config", "secrets", "now", "url_token", "method", "headers", "body"}, "expect": {...}}
//       a webhook: the verdict, topic and key it must get, and the events it must become. Only what is named is compared.
// An effect is written {"http": {"method","url","headers","body"}, "auth", "safety", "state"}, {"done": output},
// {"fail": kind, "code", "message", "retry_after_ms"}, {"wait": until_ms, "state"} or {"events": [...]}.
#pragma once
#include <string>
#include <vector>

#include "host/connector.hpp"
#include "host/delivery.hpp"

namespace ieum::host {

struct Case {
  std::string connector;
  std::string file;  // "slack/cases/post.json"
  Value data;
  [[nodiscard]] bool is_delivery() const { return data.get("delivery") != nullptr; }
  [[nodiscard]] bool is_poll() const { return data.get("poll") != nullptr; }
  // The operation or poll that it plays; "" of a delivery.
  [[nodiscard]] std::string played() const { return data.text(is_poll() ? "poll" : "operation"); }
};

// Where what a case says and what the connector does part.
struct Mismatch {
  std::string place;  // "slack/cases/post.json, turn 2"
  std::string what;   // for a person; with the two values where there are two
};

// The cases of a folder, by file name. Errors "unreadable_file", "bad_case" (no JSON, or of none of the three kinds).
Result<std::vector<Case>> read_cases(const std::string& folder, const std::string& connector);

// Empty when everything goes as written.
std::vector<Mismatch> play_case(const Connector& connector, const Case& played);

// The call that begins a conversation, and the one that goes on after an http effect with the case's answer, whose bytes
// are put into `body`. A time that cannot be read counts as the default of all cases.
Call begin_call(const Case& conversation);
Call resume_call(const Case& conversation, const Effect& last, const Value& answer, std::string& body);
// When a case plays: its "now", else 2026-03-02T09:30:00+09:00.
Millis instant_of(const Value& holder);

// What a case's delivery is: the request and the secrets under which it is judged.
HttpRequest request_of(const Case& delivery);
SlotSecrets secrets_of(const Case& delivery);

// An effect as the cases write it.
Value describe(const Effect& effect);

}  // namespace ieum::host
