// message.schedule: Slack keeps the message until its time. What is waiting there carries no metadata, so a lost answer is
// looked up by channel, time and text in chat.scheduledMessages.list.
// https://docs.slack.dev/reference/methods/chat.scheduleMessage
#include "answers.hpp"
#include "api.hpp"
#include "ieum/time.hpp"
#include "message.hpp"
#include "operations.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

constexpr std::int64_t kFarthestSeconds = 120LL * 24 * 3600;
constexpr std::int64_t kPagesMax = 50;

// RFC 3339 or Unix seconds.
std::optional<std::int64_t> post_at(const Call& call) {
  if (const auto seconds = ieum::int_at(call.inputs(), "at")) return *seconds;
  if (const auto ms = ieum::read_rfc3339(call.input("at"))) return *ms / 1000;
  return std::nullopt;
}

Effect schedule_in(const Call& call, const std::string& channel) {
  Draft message = draft(call);
  if (message.refusal) return std::move(*message.refusal);
  ieum::json::object body{{"channel", channel}, {"post_at", post_at(call).value_or(0)}};
  for (const auto& member : message.body) body[member.key()] = member.value();
  return tell(call, "chat.scheduleMessage", body).unsafe().state({{"at", "act"}, {"channel", channel}});
}

Effect list_in(const Call& call, const std::string& channel, const std::string& cursor, std::int64_t page) {
  const std::int64_t at = post_at(call).value_or(0);
  return ask(call, "chat.scheduledMessages.list",
             {{"channel", channel},
              {"limit", "100"},
              {"oldest", std::to_string(at)},
              {"latest", std::to_string(at + 1)},
              {"cursor", cursor}})
      .safe()
      .state({{"at", "scheduled"}, {"channel", channel}, {"page", page}});
}

Effect list_first(const Call& call, const std::string& channel) { return list_in(call, channel, "", 1); }

ieum::json::object output(const Call& call, std::string_view channel, const std::string& id) {
  return {{"channel", channel}, {"scheduled_message_id", id}, {"post_at", post_at(call).value_or(0)}};
}

}  // namespace

Effect schedule(const Call& call) {
  const auto at = post_at(call);
  if (!at) return ieum::fail(Kind::permanent, "bad_time", "'" + call.input("at") + "' is no time");
  const std::int64_t now = call.now_ms() / 1000;
  if (*at <= now) return ieum::fail(Kind::permanent, "time_in_past", "the time is over already");
  if (*at > now + kFarthestSeconds)
    return ieum::fail(Kind::permanent, "time_too_far", "Slack takes messages for the next 120 days only");
  if (Draft message = draft(call); message.refusal) return std::move(*message.refusal);
  return with_channel(call, call.input("channel"), schedule_in);
}

Effect scheduled(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), schedule_in);
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done(
      output(call, ieum::text_at(call.answer(), "channel"), ieum::text_at(call.answer(), "scheduled_message_id")));
}

Effect find_scheduled(const Call& call) {
  const std::string known = ieum::text_at(call.state(), "channel");
  return with_channel(call, known.empty() ? call.input("channel") : known, list_first);
}

Effect found_scheduled(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), list_first);
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "scheduled_messages");
  if (list == nullptr || !list->is_array()) return unreadable("Slack's list of scheduled messages cannot be read");
  const std::string channel = ieum::text_at(call.state(), "channel");
  const Draft message = draft(call);
  for (const ieum::json::value& item : list->get_array())
    if (ieum::int_at(item, "post_at") == post_at(call) &&
        ieum::text_at(item, "text") == ieum::text_at(message.body, "text"))
      return ieum::found(output(call, channel, ieum::text_at(item, "id")));
  const std::string cursor = next_cursor(call);
  if (cursor.empty()) return ieum::not_found();
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  if (page >= kPagesMax) return cannot_tell("too_many_messages", "too many messages wait; look into the channel");
  return list_in(call, channel, cursor, page + 1);
}

}  // namespace slack
