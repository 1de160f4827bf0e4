#include "api.hpp"

#include "answers.hpp"
#include "ieum/address.hpp"
#include "message.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;

constexpr std::int64_t kPagesMax = 50;

Effect list_channels(const Call& call, const std::string& cursor, std::int64_t page) {
  return ask(call, "conversations.list",
             {{"types", "public_channel,private_channel"},
              {"exclude_archived", "true"},
              {"limit", "200"},
              {"cursor", cursor}})
      .safe()
      .state({{"at", "list"}, {"page", page}});
}

Effect find_in_list(const Call& call, std::string name, WithChannel next) {
  if (name.starts_with('#')) name.erase(0, 1);
  const ieum::json::value* channels = ieum::find(call.answer(), "channels");
  if (channels == nullptr || !channels->is_array()) return unreadable("Slack's list of channels cannot be read");
  for (const ieum::json::value& channel : channels->get_array()) {
    const std::string id = ieum::text_at(channel, "id");
    if (ieum::text_at(channel, "name") == name && !id.empty()) return next(call, id);
  }
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  const std::string cursor = next_cursor(call);
  if (cursor.empty()) return cannot_tell("channel_not_found", "the app sees no channel named '" + name + "'");
  if (page >= kPagesMax)
    return cannot_tell("too_many_channels", "the channel is not among the first ten thousand; write its id instead");
  return list_channels(call, cursor, page + 1);
}

}  // namespace

std::string method_url(const Call& call, std::string_view method) {
  return ieum::base_url(call, "https://slack.com") + "/api/" + std::string(method);
}

ieum::Http ask(const Call& call, std::string_view method,
               std::initializer_list<std::pair<std::string_view, std::string>> query) {
  std::string url = method_url(call, method);
  char mark = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    url += mark + ieum::percent_encode(name) + "=" + ieum::percent_encode(value);
    mark = '&';
  }
  return ieum::http("GET", url);
}

ieum::Http tell(const Call& call, std::string_view method, const ieum::json::object& body) {
  return ieum::http("POST", method_url(call, method)).json(body);
}

std::string next_cursor(const Call& call) { return ieum::text_at(call.answer(), "response_metadata.next_cursor"); }

Effect cannot_tell(std::string_view code, std::string_view message) {
  return ieum::fail(ieum::Kind::permanent, code, message);
}

Effect unreadable(std::string_view message) { return ieum::fail(ieum::Kind::ambiguous, "unreadable_answer", message); }

Effect with_channel(const Call& call, const std::string& channel, WithChannel next) {
  if (channel.empty()) return ieum::fail(ieum::Kind::permanent, "no_channel", "the channel is empty");
  if (!is_id(channel)) return list_channels(call, "", 1);
  if (channel.front() == 'U' || channel.front() == 'W')
    return tell(call, "conversations.open", {{"users", channel}}).safe().state({{"at", "open"}});
  return next(call, channel);
}

bool is_looking_up_channel(const Call& call) {
  const std::string at = ieum::text_at(call.state(), "at");
  return at == "list" || at == "open";
}

Effect looked_up_channel(const Call& call, const std::string& channel, WithChannel next) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (ieum::text_at(call.state(), "at") == "list") return find_in_list(call, channel, next);
  const std::string id = ieum::text_at(call.answer(), "channel.id");
  if (id.empty()) return unreadable("Slack does not say which conversation it opened");
  return next(call, id);
}

}  // namespace slack
