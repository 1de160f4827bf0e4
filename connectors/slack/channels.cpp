// Channels: joined, reacted in, and listed for forms.
#include "answers.hpp"
#include "api.hpp"
#include "operations.hpp"

namespace slack {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

constexpr std::size_t kListedMax = 1000;  // all of them are the state between two pages

Effect react_in(const Call& call, const std::string& channel) {
  std::string name = call.input("name");
  if (name.starts_with(':')) name.erase(0, 1);
  if (name.ends_with(':')) name.pop_back();
  return tell(call, "reactions.add", {{"channel", channel}, {"timestamp", call.input("ts")}, {"name", name}})
      .idempotent()
      .state({{"at", "act"}});
}

Effect join_in(const Call& call, const std::string& channel) {
  return tell(call, "conversations.join", {{"channel", channel}}).idempotent().state({{"at", "act"}});
}

Effect list_page(const Call& call, ieum::json::array items, const std::string& cursor) {
  return ask(call, "conversations.list",
             {{"types", "public_channel,private_channel"},
              {"exclude_archived", "true"},
              {"limit", "200"},
              {"cursor", cursor}})
      .safe()
      .state({{"at", "channels"}, {"items", std::move(items)}});
}

}  // namespace

Effect add_reaction(const Call& call) {
  if (call.input("name").find_first_not_of(':') == std::string::npos)
    return ieum::fail(Kind::permanent, "invalid_name", "the emoji has no name");
  if (call.input("ts").empty()) return ieum::fail(Kind::permanent, "bad_ts", "the ts of the message is empty");
  return with_channel(call, call.input("channel"), react_in);
}

Effect added_reaction(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), react_in);
  if (error_code(call) == "already_reacted") return ieum::done({{"added", false}});
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"added", true}});
}

Effect join_channel(const Call& call) { return with_channel(call, call.input("channel"), join_in); }

Effect joined_channel(const Call& call) {
  if (is_looking_up_channel(call)) return looked_up_channel(call, call.input("channel"), join_in);
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"channel", ieum::text_at(call.answer(), "channel.id")},
                     {"name", ieum::text_at(call.answer(), "channel.name")},
                     {"already", ieum::text_at(call.answer(), "warning") == "already_in_channel"}});
}

Effect list_channels_of_workspace(const Call& call) { return list_page(call, {}, ""); }

Effect listed_channels(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* channels = ieum::find(call.answer(), "channels");
  if (channels == nullptr || !channels->is_array()) return unreadable("Slack's list of channels cannot be read");
  ieum::json::array items;
  if (const ieum::json::value* known = ieum::find(call.state(), "items"); known != nullptr && known->is_array())
    items = known->get_array();
  for (const ieum::json::value& channel : channels->get_array()) {
    const std::string id = ieum::text_at(channel, "id");
    if (id.empty() || items.size() >= kListedMax) continue;
    items.emplace_back(ieum::json::object{{"key", id}, {"title", "#" + ieum::text_at(channel, "name").substr(0, 120)}});
  }
  const std::string cursor = next_cursor(call);
  const bool full = items.size() >= kListedMax;
  if (!cursor.empty() && !full) return list_page(call, std::move(items), cursor);
  return ieum::done({{"items", std::move(items)}, {"complete", cursor.empty()}});
}

}  // namespace slack
