// What a Slack message says: text and blocks made of inputs, so that what a customer wrote can be no mention and no link; and
// the marker by which a message is found again.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace slack {

// Escapes exactly &, < and >. https://docs.slack.dev/messaging/formatting-message-text#escaping
std::string escape(std::string_view text);

// "U024BE7LH" -> "<@U024BE7LH>", "C024BE7LR" -> "<#C024BE7LR>", "here" -> "<!here>" (also channel, everyone).
// Nothing when it is none of these.
std::optional<std::string> mention(std::string_view who);

// True for an id of a channel or a person (C, G, D, U or W, then capitals and digits); a name never looks so.
bool is_id(std::string_view channel);

// The members `text` and `blocks` of a message, and what else the inputs say of it (thread, unfurling); or the effect that
// ends the step when they cannot be sent. No channel, no metadata.
struct Draft {
  ieum::json::object body;
  std::optional<ieum::Effect> refusal;
};
Draft draft(const ieum::Call& call);
// The same with the two buttons of an approval, which carry the step key.
Draft approval_draft(const ieum::Call& call);

// The metadata by which message.find knows a message of this step.
ieum::json::object marker(const ieum::Call& call);

inline constexpr std::string_view kApprove = "ieum_approve", kReject = "ieum_reject";

}  // namespace slack
