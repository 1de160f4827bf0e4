// What Slack's answers mean. Slack answers 200 with {"ok":false,"error":"..."} as well, so success is read from the body.
// Codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors and the pages of the other methods.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace slack {

// Nothing when the call succeeded (2xx and "ok": true); else the effect that ends the step.
std::optional<ieum::Effect> failure(const ieum::Call& call);

// Slack's error code, "" when the answer has none.
std::string error_code(const ieum::Call& call);

// How Slack's error code is to be taken; unknown codes are permanent.
ieum::Kind kind_of(std::string_view error);

}  // namespace slack
