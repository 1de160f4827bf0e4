// The operations of the Slack connector, one pair of functions each: begin makes the first call, resume reads an answer and
// goes on.
#pragma once
#include "ieum/module.hpp"

namespace slack {

ieum::Effect post(const ieum::Call& call);
ieum::Effect posted(const ieum::Call& call);
ieum::Effect ask_approval(const ieum::Call& call);  // its answer is that of a post
ieum::Effect update(const ieum::Call& call);
ieum::Effect updated(const ieum::Call& call);
ieum::Effect remove(const ieum::Call& call);
ieum::Effect removed(const ieum::Call& call);
ieum::Effect post_ephemeral(const ieum::Call& call);
ieum::Effect posted_ephemeral(const ieum::Call& call);

ieum::Effect schedule(const ieum::Call& call);
ieum::Effect scheduled(const ieum::Call& call);
ieum::Effect find_scheduled(const ieum::Call& call);
ieum::Effect found_scheduled(const ieum::Call& call);

ieum::Effect find_message(const ieum::Call& call);
ieum::Effect found_message(const ieum::Call& call);

ieum::Effect post_direct(const ieum::Call& call);
ieum::Effect posted_direct(const ieum::Call& call);
ieum::Effect find_user(const ieum::Call& call);
ieum::Effect found_user(const ieum::Call& call);

ieum::Effect upload_file(const ieum::Call& call);
ieum::Effect uploaded_file(const ieum::Call& call);
ieum::Effect find_file(const ieum::Call& call);
ieum::Effect found_file(const ieum::Call& call);

ieum::Effect add_reaction(const ieum::Call& call);
ieum::Effect added_reaction(const ieum::Call& call);
ieum::Effect join_channel(const ieum::Call& call);
ieum::Effect joined_channel(const ieum::Call& call);
ieum::Effect list_channels_of_workspace(const ieum::Call& call);
ieum::Effect listed_channels(const ieum::Call& call);

ieum::Effect post_by_webhook(const ieum::Call& call);
ieum::Effect posted_by_webhook(const ieum::Call& call);
ieum::Effect reply_to_interaction(const ieum::Call& call);  // its answer is that of an incoming webhook
ieum::Effect open_view(const ieum::Call& call);
ieum::Effect opened_view(const ieum::Call& call);

ieum::Effect test(const ieum::Call& call);
ieum::Effect tested(const ieum::Call& call);

// Names the event that a stored delivery is; the host reads its data.
ieum::Effect read_delivery(const ieum::Call& call);

}  // namespace slack
