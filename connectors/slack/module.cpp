// Slack: posts messages, finds out whether one was posted, tests the token.
//
// A message carries its step key as metadata, for Slack knows no idempotency key. message.find looks for that metadata
// in the channel's history, which wants the channel's id: a name is looked up in conversations.list first, a person's
// id by opening the conversation. Posting itself takes names, so that the usual post stays one call.
#include "ieum/module.hpp"
#include "answers.hpp"
#include "ieum/address.hpp"
#include "message.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

// How far back and how many pages message.find reads before it says that it cannot tell.
constexpr std::int64_t kLookBackMs = 24 * 3600 * 1000;
constexpr std::int64_t kPagesMax = 50;
constexpr const char* kPageSize = "200";

std::string method_url(const Call& call, std::string_view method) {
  return ieum::base_url(call, "https://slack.com") + "/api/" + std::string(method);
}

Effect post(const Call& call) {
  Draft message = draft(call);
  if (message.refusal) return std::move(*message.refusal);
  return ieum::http("POST", method_url(call, "chat.postMessage")).json(message.body).unsafe();
}

Effect posted(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"channel", ieum::text_at(call.answer(), "channel")}, {"ts", ieum::text_at(call.answer(), "ts")}});
}

// "1595926230.000000"; Slack's times are text.
std::string slack_time(std::int64_t ms) { return std::to_string(ms < 0 ? 0 : ms / 1000) + ".000000"; }

Effect read_history(const Call& call, const std::string& channel, const std::string& cursor, std::int64_t page) {
  std::string url = method_url(call, "conversations.history") + "?channel=" + ieum::percent_encode(channel) +
                    "&include_all_metadata=true&oldest=" + slack_time(call.now_ms() - kLookBackMs) +
                    "&limit=" + kPageSize;
  if (!cursor.empty()) url += "&cursor=" + ieum::percent_encode(cursor);
  return ieum::http("GET", url).safe().state({{"at", "history"}, {"channel", channel}, {"page", page}});
}

// A thread's replies are not in the channel's history.
Effect read_replies(const Call& call, const std::string& channel, const std::string& cursor, std::int64_t page) {
  std::string url = method_url(call, "conversations.replies") + "?channel=" + ieum::percent_encode(channel) +
                    "&ts=" + ieum::percent_encode(call.input("thread_ts")) +
                    "&include_all_metadata=true&oldest=" + slack_time(call.now_ms() - kLookBackMs) +
                    "&limit=" + kPageSize;
  if (!cursor.empty()) url += "&cursor=" + ieum::percent_encode(cursor);
  return ieum::http("GET", url).safe().state({{"at", "replies"}, {"channel", channel}, {"page", page}});
}

Effect read_messages(const Call& call, const std::string& channel, const std::string& cursor, std::int64_t page) {
  return call.input("thread_ts").empty() ? read_history(call, channel, cursor, page)
                                         : read_replies(call, channel, cursor, page);
}

Effect list_channels(const Call& call, const std::string& cursor, std::int64_t page) {
  std::string url = method_url(call, "conversations.list") +
                    "?types=public_channel%2Cprivate_channel&exclude_archived=true&limit=" + kPageSize;
  if (!cursor.empty()) url += "&cursor=" + ieum::percent_encode(cursor);
  return ieum::http("GET", url).safe().state({{"at", "list"}, {"page", page}});
}

Effect find_begin(const Call& call) {
  const std::string channel = call.input("channel");
  if (!is_id(channel)) return list_channels(call, "", 1);
  if (channel.front() == 'U' || channel.front() == 'W')
    return ieum::http("POST", method_url(call, "conversations.open"))
        .json(ieum::json::object{{"users", channel}})
        .safe()
        .state({{"at", "open"}});
  return read_messages(call, channel, "", 1);
}

// Asking again would not help: a person must look.
Effect cannot_tell(std::string_view code, std::string_view message) {
  return ieum::fail(Kind::permanent, code, message);
}

// Asking again may help.
Effect unreadable(std::string_view message) { return ieum::fail(Kind::ambiguous, "unreadable_answer", message); }

std::string next_cursor(const Call& call) { return ieum::text_at(call.answer(), "response_metadata.next_cursor"); }

Effect find_in_list(const Call& call) {
  std::string name = call.input("channel");
  if (name.starts_with('#')) name.erase(0, 1);
  const ieum::json::value* channels = ieum::find(call.answer(), "channels");
  if (channels == nullptr || !channels->is_array()) return unreadable("Slack's list of channels cannot be read");
  for (const ieum::json::value& channel : channels->get_array()) {
    const std::string id = ieum::text_at(channel, "id");
    if (ieum::text_at(channel, "name") == name && !id.empty()) return read_messages(call, id, "", 1);
  }
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  const std::string cursor = next_cursor(call);
  if (cursor.empty()) return cannot_tell("channel_not_found", "the app sees no channel named '" + name + "'");
  if (page >= kPagesMax)
    return cannot_tell("too_many_channels", "the channel is not among the first thousand; write its id instead");
  return list_channels(call, cursor, page + 1);
}

Effect find_in_messages(const Call& call) {
  const ieum::json::value* messages = ieum::find(call.answer(), "messages");
  if (messages == nullptr || !messages->is_array()) return unreadable("Slack's list of messages cannot be read");
  const std::string channel = ieum::text_at(call.state(), "channel");
  for (const ieum::json::value& message : messages->get_array())
    if (ieum::text_at(message, "metadata.event_payload.hub_step") == call.step_key())
      return ieum::found({{"channel", channel}, {"ts", ieum::text_at(message, "ts")}});
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  const std::string cursor = next_cursor(call);
  if (cursor.empty()) {
    if (ieum::flag_at(call.answer(), "has_more"))
      return cannot_tell("no_cursor", "Slack has more messages and does not say how to get them");
    return ieum::not_found();
  }
  if (page >= kPagesMax) return cannot_tell("too_many_messages", "too many messages since; look into the channel");
  return read_messages(call, channel, cursor, page + 1);
}

Effect find_resume(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string at = ieum::text_at(call.state(), "at");
  if (at == "list") return find_in_list(call);
  if (at == "open") {
    const std::string channel = ieum::text_at(call.answer(), "channel.id");
    if (channel.empty()) return unreadable("Slack does not say which conversation it opened");
    return read_messages(call, channel, "", 1);
  }
  return find_in_messages(call);
}

Effect test_resume(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value& answer = call.answer();
  return ieum::done({{"team", ieum::text_at(answer, "team")},
                     {"team_id", ieum::text_at(answer, "team_id")},
                     {"user", ieum::text_at(answer, "user")},
                     {"user_id", ieum::text_at(answer, "user_id")},
                     {"bot_id", ieum::text_at(answer, "bot_id")}});
}

Effect step(const Call& call) {
  const std::string operation = call.operation();
  const bool begin = call.phase() == ieum::Phase::begin;
  if (auto refusal = ieum::bad_base_url(call)) return std::move(*refusal);
  if (begin || call.phase() == ieum::Phase::resume) {
    if (operation == "message.post") return begin ? post(call) : posted(call);
    if (operation == "message.find") return begin ? find_begin(call) : find_resume(call);
    if (operation == "auth.test") {
      if (!begin) return test_resume(call);
      return ieum::http("POST", method_url(call, "auth.test")).json(ieum::json::object{}).safe();
    }
  }
  return ieum::fail(Kind::permanent, "unknown_operation", "slack has no operation '" + operation + "'");
}

}  // namespace

}  // namespace slack

IEUM_CONNECTOR(slack::step)
