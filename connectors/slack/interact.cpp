// Deliveries: which event each of them is. Slack sends four shapes to one address: events, commands, interactions (a form whose
// `payload` is JSON) and notices. What a bot wrote or did has topics of its own ("message.bot"), so that a recipe on
// slack/message is never started by what the hub posted itself.
// https://docs.slack.dev/apis/events-api, https://docs.slack.dev/interactivity/handling-user-interaction
#include <algorithm>
#include <array>

#include "ieum/form.hpp"
#include "message.hpp"
#include "operations.hpp"

namespace slack {

namespace {

using ieum::json::value;
using namespace std::string_view_literals;

// Events that the hub's own doings cause, too.
constexpr std::array kOfBotsToo = {"message"sv, "app_mention"sv, "reaction_added"sv, "member_joined_channel"sv,
                                   "file_shared"sv};

constexpr std::size_t kTopicMax = 100;

bool is_step_key(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Whether the user is the bot whose app this delivery is for.
bool is_own_bot(const value& body, const std::string& user) {
  const value* list = ieum::find(body, "authorizations");
  if (user.empty() || list == nullptr || !list->is_array()) return false;
  return std::any_of(list->get_array().begin(), list->get_array().end(), [&](const value& one) {
    return ieum::flag_at(one, "is_bot") && ieum::text_at(one, "user_id") == user;
  });
}

bool from_bot(const value& body, std::string_view type) {
  if (!ieum::text_at(body, "event.bot_id").empty() || ieum::text_at(body, "event.subtype") == "bot_message")
    return true;
  return is_own_bot(body, ieum::text_at(body, type == "file_shared" ? "event.user_id" : "event.user"));
}

// Slack's own notices ("somebody joined") are no messages of people.
std::string message_topic(const value& body) {
  const std::string subtype = ieum::text_at(body, "event.subtype");
  if (subtype == "message_changed") return "message.changed";
  if (subtype == "message_deleted") return "message.deleted";
  if (from_bot(body, "message")) return "message.bot";
  if (subtype.empty() || subtype == "file_share" || subtype == "thread_broadcast" || subtype == "me_message")
    return "message";
  return "message.system";
}

std::string event_topic(const value& body) {
  const std::string type = ieum::text_at(body, "event.type");
  if (type == "message") return message_topic(body);
  const bool marked = std::find(kOfBotsToo.begin(), kOfBotsToo.end(), type) != kOfBotsToo.end();
  return marked && from_bot(body, type) ? type + ".bot" : type;
}

std::string interaction_topic(const value& body, const std::string& type) {
  if (type != "block_actions") return type;
  const std::string action = ieum::text_at(body, "actions.0.action_id");
  const bool answers = action == kApprove || action == kReject;
  return answers && is_step_key(ieum::text_at(body, "actions.0.value")) ? "approval.answered" : type;
}

}  // namespace

ieum::Effect read_delivery(const ieum::Call& call) {
  value body;
  const bool is_form = ieum::is_form(call.header("content-type"));
  if (!is_form) {
    body = call.answer();
  } else if (const auto payload = ieum::form_value(call.body(), "payload")) {
    body = ieum::parse_json(*payload);
  } else if (ieum::form_value(call.body(), "command")) {
    return ieum::events().at("command", "");
  }
  const std::string type = ieum::text_at(body, "type");
  const std::string topic = type == "event_callback" ? event_topic(body) : interaction_topic(body, type);
  const bool plain = std::all_of(topic.begin(), topic.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (topic.empty() || topic.size() > kTopicMax || !plain)
    return ieum::fail(ieum::Kind::permanent, "unreadable_delivery", "the delivery names no event");
  return ieum::events().at(topic, "");
}

}  // namespace slack
