// Addresses that are capabilities: an incoming webhook, whose address is the connection's secret; the response_url of a click
// or a command, told by the event; and modals, which a click's trigger_id opens.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
#include "answers.hpp"
#include "api.hpp"
#include "block_limits.hpp"
#include "ieum/address.hpp"
#include "message.hpp"
#include "operations.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

constexpr std::size_t kBlocksOfView = 100;
constexpr std::string_view kHooks = "https://hooks.slack.com";

std::string hooks(const Call& call) {
  const std::string base = ieum::base_url(call, "https://slack.com");
  return base == "https://slack.com" ? std::string(kHooks) : base;
}

// What Slack says in plain text: "no_service", "channel_is_archived".
std::string word(std::string_view body) {
  std::string out;
  for (const char c : body) {
    if (out.size() == 60 || !((c >= 'a' && c <= 'z') || c == '_')) break;
    out += c;
  }
  return out;
}

}  // namespace

// The host puts the secret path behind the origin.
Effect post_by_webhook(const Call& call) {
  Draft message = draft(call);
  if (message.refusal) return std::move(*message.refusal);
  return ieum::http("POST", hooks(call) + "/services/").json(message.body).auth("webhook").unsafe();
}

Effect posted_by_webhook(const Call& call) {
  const int status = call.status();
  if (call.succeeded()) return ieum::done({{"sent", true}});
  const std::string said = word(call.body());
  const std::string code = said.empty() ? "http_" + std::to_string(status) : said;
  if (status == 429) return ieum::fail(Kind::rate_limited, code, "Slack asks to slow down");
  if (said == "rollup_error" || status == 503)
    return ieum::fail(Kind::retry, code, "Slack is out of order for the moment");
  if (status >= 500) return ieum::fail(Kind::ambiguous, code, "Slack is out of order for the moment");
  if (said == "channel_is_archived" || said == "channel_not_found" || status == 410)
    return ieum::fail(Kind::gone, code, "the webhook's channel is gone: " + code);
  if (said == "no_service" || said == "no_active_hooks" || said == "no_team" || said == "invalid_token")
    // Another secret than the bot's token: the connection's other steps go on.
    return ieum::fail(Kind::gone, code, "the webhook was removed (" + code + "); make a new one and enter its address");
  return ieum::fail(Kind::permanent, code, "Slack refuses: " + code);
}

// At most five times and for thirty minutes.
Effect reply_to_interaction(const Call& call) {
  const std::string url = call.input("response_url");
  if (!ieum::is_address(url) || !url.starts_with(hooks(call) + "/"))
    return ieum::fail(Kind::permanent, "bad_response_url",
                      "the response_url is none of Slack's; take it from the event: {{ trigger.response_url }}");
  ieum::json::object body;
  if (ieum::flag_at(call.inputs(), "delete_original")) {
    body["delete_original"] = true;
  } else {
    Draft message = draft(call);
    if (message.refusal) return std::move(*message.refusal);
    body = std::move(message.body);
    body["replace_original"] = ieum::flag_at(call.inputs(), "replace_original");
    body["response_type"] = call.input("visible_to", "one") == "all" ? "in_channel" : "ephemeral";
  }
  return ieum::http("POST", url).json(body).auth("").unsafe();
}

Effect open_view(const Call& call) {
  if (call.input("trigger_id").empty())
    return ieum::fail(Kind::permanent, "no_trigger_id", "a modal opens only in answer to a click or a command");
  const ieum::json::value& view = call.input_value("view");
  if (!view.is_object()) return ieum::fail(Kind::permanent, "bad_view", "`view` must be a map");
  if (const ieum::json::value* blocks = ieum::find(view, "blocks"); blocks != nullptr && blocks->is_array())
    if (const auto problem = over_limits(blocks->get_array(), kBlocksOfView))
      return ieum::fail(Kind::permanent, "bad_view", "Slack would not take the blocks: " + *problem);
  ieum::json::object made = view.get_object();
  if (!made.contains("private_metadata")) made["private_metadata"] = call.step_key();
  return tell(call, "views.open", {{"trigger_id", call.input("trigger_id")}, {"view", std::move(made)}}).unsafe();
}

Effect opened_view(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"view", ieum::text_at(call.answer(), "view.id")}});
}

}  // namespace slack
