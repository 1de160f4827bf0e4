// Names and keys that leave the process: receipts, step keys, names of things.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ieum {

using Id = std::int64_t;  // rows are numbered in order of time; 0 is "none"

// A receipt names an accepted event to its sender. The tag (HMAC under the hub's receipt key) makes it unguessable
// without a table: "rcp_<id>_<tag>".
std::string receipt_text(Id event_id, std::string_view receipt_key);
std::optional<Id> receipt_event(std::string_view receipt, std::string_view receipt_key);

// The idempotency key of an outbound call: fixed before the first attempt, equal on every one. 32 hex digits of
// SHA-256 over (hub id, run, step, iteration).
std::string step_key(std::string_view hub_id, Id run, std::string_view step, int iteration);

// Names of connections, recipes, steps, connectors: ^[a-z][a-z0-9_-]{0,62}$, and none of "__proto__", "constructor",
// "prototype".
bool is_name(std::string_view text);

}  // namespace ieum
