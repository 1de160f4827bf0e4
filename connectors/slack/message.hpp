// The text of a Slack message and the marker by which it is found again.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace slack {

// Escapes exactly &, < and >, so that data in the text can be no mention and no link.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
std::string escape(std::string_view text);

// "U024BE7LH" -> "<@U024BE7LH>", "C024BE7LR" -> "<#C024BE7LR>", "here" -> "<!here>" (also channel, everyone).
// Nothing when it is none of these.
std::optional<std::string> mention(std::string_view who);

// True for an id of a channel or a person (C, G, D, U or W, then capitals and digits); a name never looks so.
bool is_id(std::string_view channel);

// The body of chat.postMessage, or the effect that ends the step when the inputs cannot be sent.
struct Draft {
  ieum::json::object body;
  std::optional<ieum::Effect> refusal;
};
Draft draft(const ieum::Call& call);

}  // namespace slack
