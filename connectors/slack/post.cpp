// Messages in channels: posted, changed, deleted, shown to one person, and found again.
//
// A message carries its step key as metadata, for Slack knows no idempotency key. message.find looks for that metadata in
// the channel's history, which wants the channel's id. Posting itself takes names, so that the usual post stays one call.
#include "answers.hpp"
#include "api.hpp"
#include "message.hpp"
#include "operations.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

// How far back and how many pages message.find reads before it says that it cannot tell.
constexpr std::int64_t kLookBackMs = 24 * 3600 * 1000;
constexpr std::int64_t kPagesMax = 50;

Effect post_draft(const Call& call, Draft message) {
  if (call.input("channel").empty()) return ieum::fail(Kind::permanent, "no_channel", "the channel is empty");
  if (message.refusal) return std::move(*message.refusal);
  ieum::json::object body{{"channel", call.input("channel")}};
  for (const auto& member : message.body) body[member.key()] = member.value();
  body["metadata"] = marker(call);
  return tell(call, "chat.postMessage", body).unsafe();
}

// "1595926230.000000"; Slack's times are text.
std::string slack_time(std::int64_t ms) { return std::to_string(ms < 0 ? 0 : ms / 1000) + ".000000"; }

// A thread's replies are not in the channel's history.
Effect read_messages(const Call& call, const std::string& channel, const std::string& cursor, std::int64_t page) {
  const std::string thread = call.input("thread_ts");
  ieum::json::object state{{"at", thread.empty() ? "history" : "replies"}, {"channel", channel}, {"page", page}};
  if (const std::string user = ieum::text_at(call.state(), "user"); !user.empty()) state["user"] = user;
  return ask(call, thread.empty() ? "conversations.history" : "conversations.replies",
             {{"channel", channel},
              {"ts", thread},
              {"include_all_metadata", "true"},
              {"oldest", slack_time(call.now_ms() - kLookBackMs)},
              {"limit", "200"},
              {"cursor", cursor}})
      .safe()
      .state(std::move(state));
}

Effect read_first_messages(const Call& call, const std::string& channel) { return read_messages(call, channel, "", 1); }

ieum::json::object post_output(const Call& call, const std::string& channel, const std::string& ts) {
  ieum::json::object output{{"channel", channel}, {"ts", ts}};
  if (const std::string user = ieum::text_at(call.state(), "user"); !user.empty()) {
    output["found"] = true;
    output["user"] = user;
  }
  return output;
}

std::string ts_of(const Call& call) { return call.input("ts"); }

bool is_ts(std::string_view ts) {
  const auto dot = ts.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < ts.size() &&
         ts.find_first_not_of("0123456789.") == std::string_view::npos;
}

Effect no_ts(const Call& call) {
  return ieum::fail(Kind::permanent, "bad_ts",
                    "'" + ts_of(call) + "' is no ts of a message; take it from the result of the step that posted it");
}

Effect update_in(const Call& call, const std::string& channel) {
  Draft message = draft(call);
  if (message.refusal) return std::move(*message.refusal);
  ieum::json::object body{{"channel", channel}, {"ts", ts_of(call)}};
  for (const auto& member : message.body) body[member.key()] = member.value();
  if (!message.body.contains("blocks")) body["blocks"] = ieum::json::array{};  // else the old blocks stay
  return tell(call, "chat.update", body).idempotent().state({{"at", "act"}});
}

Effect remove_in(const Call& call, const std::string& channel) {
  return tell(call, "chat.delete", {{"channel", channel}, {"ts", ts_of(call)}}).idempotent().state({{"at", "act"}});
}

}  // namespace

Effect post(const Call& call) { return post_draft(call, draft(call)); }
Effect ask_approval(const Call& call) { return post_draft(call, approval_draft(call)); }

Effect posted(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"channel", ieum::text_at(call.answer(), "channel")}, {"ts", ieum::text_at(call.answer(), "ts")}});
}

// A message to a person is looked for in the conversation that was opened for it.
Effect find_message(const Call& call) {
  const std::string opened = ieum::text_at(call.state(), "channel");
  return with_channel(call, opened.empty() ? call.input("channel") : opened, read_first_messages);
}

Effect found_message(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), read_first_messages);
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* messages = ieum::find(call.answer(), "messages");
  if (messages == nullptr || !messages->is_array()) return unreadable("Slack's list of messages cannot be read");
  const std::string channel = ieum::text_at(call.state(), "channel");
  for (const ieum::json::value& message : messages->get_array())
    if (ieum::text_at(message, "metadata.event_payload.hub_step") == call.step_key())
      return ieum::found(post_output(call, channel, ieum::text_at(message, "ts")));
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

// chat.update and chat.delete take ids only: a name is looked up first.
Effect update(const Call& call) {
  if (!is_ts(ts_of(call))) return no_ts(call);
  if (Draft message = draft(call); message.refusal) return std::move(*message.refusal);
  return with_channel(call, call.input("channel"), update_in);
}

Effect updated(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), update_in);
  return posted(call);
}

Effect remove(const Call& call) {
  if (!is_ts(ts_of(call))) return no_ts(call);
  return with_channel(call, call.input("channel"), remove_in);
}

// A message that is gone is what was asked for, also when an earlier attempt deleted it.
Effect removed(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), remove_in);
  if (error_code(call) == "message_not_found") return ieum::done({{"deleted", false}});
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"deleted", true}});
}

Effect post_ephemeral(const Call& call) {
  const std::string user = call.input("user");
  if (!is_id(user) || (user.front() != 'U' && user.front() != 'W'))
    return ieum::fail(Kind::permanent, "bad_user", "'" + user + "' is no member id; user.find gives one for an e-mail");
  if (call.input("channel").empty()) return ieum::fail(Kind::permanent, "no_channel", "the channel is empty");
  Draft message = draft(call);
  if (message.refusal) return std::move(*message.refusal);
  ieum::json::object body{{"channel", call.input("channel")}, {"user", user}};
  for (const auto& member : message.body) body[member.key()] = member.value();
  return tell(call, "chat.postEphemeral", body).unsafe();
}

Effect posted_ephemeral(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"ts", ieum::text_at(call.answer(), "message_ts")}});
}

}  // namespace slack
