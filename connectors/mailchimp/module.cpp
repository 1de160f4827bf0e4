// Mailchimp: members, tags, events, merge fields, campaigns, journeys, batches; the audience's webhook and poll. What the
// webhook brings is manifest data.
#include "ieum/module.hpp"
#include "answers.hpp"
#include "operations.hpp"

namespace mailchimp {

namespace {

struct Conversation {
  std::string_view operation;
  Turn* begin;
  Turn* resume;
};

constexpr Conversation kConversations[] = {
    {"member.upsert", &upsert_member, &upserted_member},
    {"member.add", &add_member, &added_member},
    {"member.find", &find_member, &found_member},
    {"member.get", &get_member, &got_member},
    {"member.update", &update_member, &updated_member},
    {"member.archive", &archive_member, &archived_member},
    {"member.delete_permanent", &delete_member, &deleted_member},
    {"tags.update", &update_tags, &updated_tags},
    {"event.add", &add_event, &added_event},
    {"event.find", &find_event, &found_event},
    {"merge_fields.list", &list_merge_fields, &listed_merge_fields},
    {"merge_fields.create", &create_merge_field, &created_merge_field},
    {"merge_fields.find", &find_merge_field, &found_merge_field},
    {"campaign.create", &create_campaign, &created_campaign},
    {"campaign.find", &find_campaign, &found_campaign},
    {"campaign.get", &get_campaign, &got_campaign},
    {"campaign.content", &put_content, &put_content_done},
    {"campaign.checklist", &read_checklist, &told_checklist},
    {"campaign.send", &send_campaign, &sent_campaign},
    {"campaign.schedule", &schedule_campaign, &scheduled_campaign},
    {"campaign.status", &read_campaign_status, &told_campaign_status},
    {"journey.trigger", &trigger_journey, &triggered_journey},
    {"batch.create", &create_batch, &created_batch},
    {"batch.get", &get_batch, &got_batch},
    {"lists.list", &list_audiences, &listed_audiences},
    {"ping", &ping, &pinged},
    {"webhook.ensure", &ensure_webhook, &ensured_webhook},
    {"webhook.remove", &remove_webhook, &removed_webhook},
    {"members", &poll_members, &polled_members},
};

ieum::Effect step(const ieum::Call& call) {
  const std::string operation = call.operation();
  if (auto refusal = bad_server(call)) return std::move(*refusal);
  if (call.phase() != ieum::Phase::webhook)
    for (const Conversation& conversation : kConversations)
      if (conversation.operation == operation)
        return call.phase() == ieum::Phase::resume ? conversation.resume(call) : conversation.begin(call);
  return ieum::fail(ieum::Kind::permanent, "unknown_operation", "mailchimp has no operation '" + operation + "'");
}

}  // namespace

}  // namespace mailchimp

IEUM_CONNECTOR(mailchimp::step)
