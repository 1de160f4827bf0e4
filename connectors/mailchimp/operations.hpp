// The operations of Mailchimp's connector: each begins with one function and goes on with another.
#pragma once
#include "ieum/module.hpp"

namespace mailchimp {

using Turn = ieum::Effect(const ieum::Call& call);

// members.cpp
Turn upsert_member, upserted_member, add_member, added_member, find_member, found_member, get_member, got_member,
    update_member, updated_member, archive_member, archived_member, delete_member, deleted_member;
// marks.cpp
Turn update_tags, updated_tags, add_event, added_event, find_event, found_event;
// merge_fields.cpp
Turn list_merge_fields, listed_merge_fields, create_merge_field, created_merge_field, find_merge_field,
    found_merge_field;
// campaigns.cpp
Turn create_campaign, created_campaign, find_campaign, found_campaign, put_content, put_content_done, read_checklist,
    told_checklist, send_campaign, sent_campaign, schedule_campaign, scheduled_campaign, read_campaign_status,
    told_campaign_status, get_campaign, got_campaign;
// batches.cpp
Turn create_batch, created_batch, get_batch, got_batch, trigger_journey, triggered_journey;
// lists.cpp
Turn ping, pinged, list_audiences, listed_audiences;
// webhooks.cpp
Turn ensure_webhook, ensured_webhook, remove_webhook, removed_webhook;
// poll.cpp
Turn poll_members, polled_members;

}  // namespace mailchimp
