// Webhooks of Slack (events, slash commands, buttons) and Mailchimp.
// https://docs.slack.dev/apis/events-api/  https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/
#include <array>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/hook_formats.hpp"

namespace ieum::sandbox {

namespace {

// --- Slack: 3 s. Events are tried again at once, after a minute and after five; people's clicks and commands never.

constexpr std::array<Millis, 3> kSlackGaps{0, kMinute, 5 * kMinute};
constexpr std::string_view kTeam = "T0SANDBOX", kApp = "A0IEUM", kUser = "U0MINJI", kChannel = "C0SANDBOX1";

bool is_interaction(const std::string& topic) {
  return topic == "block_actions" || topic == "view_submission" || topic == "view_closed" || topic == "shortcut" ||
         topic == "message_action" || topic == "block_suggestion";
}

std::string slack_id(char kind, const std::string& text) {
  std::string id(1, kind);
  for (const char c : hex_encode(sha256(text)).substr(0, 9)) id += static_cast<char>(c >= 'a' ? c - 32 : c);
  return id;
}

Value interaction(const HookDelivery& delivery) {
  const std::string at = slack_ts(delivery.first_at);
  const Value base(Map{
      {"type", delivery.told.topic},
      {"user", Map{{"id", kUser}, {"username", "minji"}, {"name", "minji"}, {"team_id", kTeam}}},
      {"api_app_id", kApp},
      {"container", Map{{"type", "message"}, {"message_ts", at}, {"channel_id", kChannel}, {"is_ephemeral", false}}},
      {"trigger_id", std::to_string(delivery.first_at) + "." + slack_id('T', delivery.told.id)},
      {"team", Map{{"id", kTeam}, {"domain", "ieum-sandbox"}}},
      {"channel", Map{{"id", kChannel}, {"name", "orders"}}},
      {"response_url", "https://hooks.slack.com/actions/" + std::string(kTeam) + "/1/sandbox"},
      {"actions", List{}},
      {"state", Map{{"values", Map{}}}}});
  return overlaid(base, delivery.told.body);
}

Value command(const HookDelivery& delivery) {
  const Value base(Map{{"token", "sandbox"},
                       {"team_id", kTeam},
                       {"team_domain", "ieum-sandbox"},
                       {"channel_id", kChannel},
                       {"channel_name", "orders"},
                       {"user_id", kUser},
                       {"user_name", "minji"},
                       {"command", delivery.told.topic},
                       {"text", ""},
                       {"response_url", "https://hooks.slack.com/commands/" + std::string(kTeam) + "/1/sandbox"},
                       {"trigger_id", std::to_string(delivery.first_at) + "." + slack_id('T', delivery.told.id)},
                       {"api_app_id", kApp}});
  return overlaid(base, delivery.told.body);
}

Value event(const HookDelivery& delivery) {
  const Value& body = delivery.told.body;
  if (delivery.told.topic == "url_verification")
    return overlaid(Map{{"token", "sandbox"},
                        {"challenge", hex_encode(sha256(delivery.told.id)).substr(0, 40)},
                        {"type", "url_verification"}},
                    body);
  if (body.text("type") == "event_callback" || delivery.told.topic == "app_rate_limited")
    return overlaid(Map{{"token", "sandbox"}, {"type", delivery.told.topic}, {"team_id", kTeam}, {"api_app_id", kApp}},
                    body);
  const std::string at = slack_ts(delivery.first_at);
  const Value inner(Map{{"type", delivery.told.topic},
                        {"user", kUser},
                        {"text", "안녕하세요"},
                        {"ts", at},
                        {"channel", kChannel},
                        {"event_ts", at}});
  return Map{{"token", "sandbox"},
             {"team_id", kTeam},
             {"api_app_id", kApp},
             {"event", overlaid(inner, body)},
             {"type", "event_callback"},
             {"event_id", "Ev" + slack_id('0', delivery.told.id)},
             {"event_time", delivery.first_at / kSecond},
             {"authorizations", List{Map{{"team_id", kTeam}, {"user_id", "U0IEUMBOT"}, {"is_bot", true}}}}};
}

std::string_view retry_reason(const HookDelivery& delivery) {
  const int status = last_status(delivery);
  if (status == 0) return delivery.attempts.back().answer == "call_timeout" ? "http_timeout" : "connection_failed";
  return status >= 300 && status <= 399 ? "too_many_redirects" : "http_error";
}

bool is_asked_by_a_person(const HookDelivery& delivery) {
  return is_interaction(delivery.told.topic) || delivery.told.topic.starts_with('/');
}

HttpRequest make_slack(const HookDelivery& delivery, Millis now) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  HttpRequest request;
  if (delivery.told.body.is_string())  // these very bytes
    request = hook_post(*delivery.told.body.if_string(), is_asked_by_a_person(delivery) ? kForm : "application/json");
  else if (is_interaction(delivery.told.topic))
    request = hook_post("payload=" + percent_encode(write_json(interaction(delivery))), kForm);
  else if (delivery.told.topic.starts_with('/'))
    request = hook_post(bracketed_form(command(delivery)), kForm);
  else
    request = hook_post(write_json(event(delivery)), "application/json");
  const std::string at = std::to_string(now / kSecond);
  request.headers.add("X-Slack-Request-Timestamp", at);
  request.headers.add("X-Slack-Signature",
                      "v0=" + hex_encode(hmac_sha256(delivery.hook.secret, "v0:" + at + ":" + request.body)));
  if (!delivery.attempts.empty()) {
    request.headers.add("X-Slack-Retry-Num", std::to_string(delivery.attempts.size()));
    request.headers.add("X-Slack-Retry-Reason", std::string(retry_reason(delivery)));
  }
  return request;
}

NextTry after_slack(const HookDelivery& delivery, const Headers& headers, Millis now) {
  if (is_asked_by_a_person(delivery) || headers.get("X-Slack-No-Retry") == "1")
    return no_second_try(delivery, headers, now);
  return by_schedule(delivery, kSlackGaps);
}

// --- Mailchimp: 10 s; growing gaps over 75 minutes (the gaps are ours), then this one is lost.

constexpr std::array<Millis, 7> kMailchimpGaps{kMinute,      2 * kMinute,  4 * kMinute, 8 * kMinute,
                                               15 * kMinute, 20 * kMinute, 25 * kMinute};

Value mailchimp_data(const HookDelivery& delivery) {
  const std::string& type = delivery.told.topic;
  const std::string list = more_text(delivery, "list_id", "a6b5da1054");
  const std::string email = "minji.kim@example.com";
  if (type == "upemail")
    return Map{{"list_id", list}, {"new_id", "51da8c3259"}, {"new_email", "minji@example.com"}, {"old_email", email}};
  if (type == "cleaned")
    return Map{{"list_id", list}, {"campaign_id", "4fjk2ma9xd"}, {"reason", "hard"}, {"email", email}};
  if (type == "campaign")
    return Map{{"id", "5aa2102003"}, {"subject", "봄 소식"}, {"status", "sent"}, {"reason", ""}, {"list_id", list}};
  Map data{
      {"id", "8a25ff1d98"}, {"list_id", list}, {"email", email}, {"email_type", "html"}, {"ip_opt", "203.0.113.7"}};
  if (type == "unsubscribe") {
    data.set("action", "unsub");
    data.set("reason", "manual");
    data.set("campaign_id", "cb398d21d2");
  }
  data.set("merges", Map{{"EMAIL", email}, {"FNAME", "민지"}, {"LNAME", "김"}});
  return data;
}

HttpRequest make_mailchimp(const HookDelivery& delivery, Millis now) {
  std::string at = rfc3339_utc(delivery.first_at / kSecond * kSecond).substr(0, 19);
  at[10] = ' ';
  const Value& told = delivery.told.body;
  Value body = told;
  if (!told.is_string() && told.get("data") == nullptr)  // what is told are members of data
    body = Map{{"type", delivery.told.topic}, {"fired_at", at}, {"data", overlaid(mailchimp_data(delivery), told)}};
  else if (!told.is_string())
    body = overlaid(Map{{"type", delivery.told.topic}, {"fired_at", at}}, told);
  HttpRequest request = hook_post(bracketed_form(body), "application/x-www-form-urlencoded");
  if (!delivery.hook.secret.empty()) {
    const std::string time = std::to_string(now / kSecond);
    request.headers.add(
        "X-Mailchimp-Signature",
        "t=" + time + ",v1=" + hex_encode(hmac_sha256(delivery.hook.secret, time + "." + request.body)));
  }
  return request;
}

NextTry after_mailchimp(const HookDelivery& delivery, const Headers&, Millis) {
  return by_schedule(delivery, kMailchimpGaps);
}

}  // namespace

std::string slack_ts(Millis at) {
  const std::string part = std::to_string(at % kSecond);
  return std::to_string(at / kSecond) + "." + std::string(3 - part.size(), '0') + part + "000";
}

const HookFormat kSlackHooks{"slack", 3 * kSecond, make_slack, after_slack};
const HookFormat kMailchimpHooks{"mailchimp", 10 * kSecond, make_mailchimp, after_mailchimp};

}  // namespace ieum::sandbox
