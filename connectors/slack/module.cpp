// Slack: which operation is which function. What they do is in the files named after it.
#include "ieum/module.hpp"
#include "answers.hpp"
#include "api.hpp"
#include "ieum/address.hpp"
#include "operations.hpp"

namespace slack {

namespace {

struct Entry {
  std::string_view name;
  ieum::Effect (*begin)(const ieum::Call&);
  ieum::Effect (*resume)(const ieum::Call&);
};

constexpr Entry kOperations[] = {
    {"message.post", post, posted},
    {"message.find", find_message, found_message},
    {"message.update", update, updated},
    {"message.delete", remove, removed},
    {"message.ephemeral", post_ephemeral, posted_ephemeral},
    {"message.schedule", schedule, scheduled},
    {"message.find_scheduled", find_scheduled, found_scheduled},
    {"dm.post", post_direct, posted_direct},
    {"user.find", find_user, found_user},
    {"file.upload", upload_file, uploaded_file},
    {"file.find", find_file, found_file},
    {"reaction.add", add_reaction, added_reaction},
    {"channel.join", join_channel, joined_channel},
    {"channel.list", list_channels_of_workspace, listed_channels},
    {"approval.ask", ask_approval, posted},
    {"webhook.post", post_by_webhook, posted_by_webhook},
    {"interaction.reply", reply_to_interaction, posted_by_webhook},
    {"view.open", open_view, opened_view},
    {"auth.test", test, tested},
};

ieum::Effect step(const ieum::Call& call) {
  if (call.phase() == ieum::Phase::webhook) return read_delivery(call);
  if (auto refusal = ieum::bad_base_url(call)) return std::move(*refusal);
  const std::string operation = call.operation();
  const bool begin = call.phase() == ieum::Phase::begin;
  if (begin || call.phase() == ieum::Phase::resume)
    for (const Entry& entry : kOperations)
      if (entry.name == operation) return begin ? entry.begin(call) : entry.resume(call);
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "slack has no operation '" + operation + "'");
}

}  // namespace

ieum::Effect test(const ieum::Call& call) { return tell(call, "auth.test", {}).safe(); }

ieum::Effect tested(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value& answer = call.answer();
  return ieum::done({{"team", ieum::text_at(answer, "team")},
                     {"team_id", ieum::text_at(answer, "team_id")},
                     {"user", ieum::text_at(answer, "user")},
                     {"user_id", ieum::text_at(answer, "user_id")},
                     {"bot_id", ieum::text_at(answer, "bot_id")}});
}

}  // namespace slack

IEUM_CONNECTOR(slack::step)
