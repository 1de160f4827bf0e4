// Golden conversations: cases of connectors as data, played against what the build made.
//
// connectors/<name>/cases/*.json holds one case a file. Three kinds:
//   {"title", "operation", "inputs", "connection", "now", "step_key",
//    "turns": [{"effect": {...}, "answer": {"status", "headers", "json" | "body"}}, ..., {"effect": {...}}]}
//       a call, the effect expected of it, the vendor's answer, the next effect. Bodies of requests are exact bytes.
//       Also "resources": {"templates": item or null}, and "state" of a look-up.
//   {"title", "poll": "rows", "inputs": {"item"}, "state": cursor, "connection", "now", "turns": [...]}
//       the same for a poll; it ends with {"events": [{"name", "key", "data"}], "cursor", "more"} or a fail.
//   {"title", "delivery": {"config", "secrets", "now", "url_token", "request": {"headers", "body"}}, "expect": {...}}
//       a webhook: the verdict, topic and key it must get, and the events it must become.
// An effect is written {"http": {"method","url","headers","body"}, "auth", "safety", "state"}, {"done": output},
// {"fail": kind, "code", "message", "retry_after_ms"}, {"wait": until_ms, "state"} or {"events": [...]}.
#pragma once
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "host/connector.hpp"
#include "host/delivery.hpp"

namespace golden {

struct Case {
  std::string connector;
  std::string file;  // "slack/cases/post.json"
  ieum::Value data;
  [[nodiscard]] bool is_delivery() const { return data.get("delivery") != nullptr; }
  [[nodiscard]] bool is_poll() const { return data.get("poll") != nullptr; }
};

// The connectors that the build made, loaded once.
const ieum::host::Registry& registry();
const std::vector<Case>& cases();

std::string read_file(const std::filesystem::path& path);
ieum::Value parse(std::string_view text, const std::string& place);
ieum::Millis instant(std::string_view rfc3339);

// The call that begins the conversation of a case; `body` stays empty.
ieum::host::Call begin_call(const Case& conversation);
// The call that goes on after an http effect: `answer` is the case's; the body is put into `body`.
ieum::host::Call resume_call(const Case& conversation, const ieum::host::Effect& last, const ieum::Value& answer,
                             std::string& body);

// An effect as the cases write it.
ieum::Value describe(const ieum::host::Effect& effect);

}  // namespace golden
