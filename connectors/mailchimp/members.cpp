// Members of an audience. A member who left must stay so: `status` goes out only when the step gives one, a new member's
// status has an input of its own, and `subscribed` for somebody who is there already wants `resubscribe: true` beside it.
#include "answers.hpp"
#include "operations.hpp"
#include "subscriber.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

constexpr std::size_t kTagsMax = 100;

std::optional<Effect> refuse_status(const Call& call) {
  if (call.input("status") != "subscribed" || ieum::flag_at(call.inputs(), "resubscribe")) return std::nullopt;
  return refuse("resubscribe_not_said",
                "status 'subscribed' brings back people who left. Leave status out to keep what a member is, or say "
                "'resubscribe: true' when this person has just asked for it");
}

void copy(const Call& call, std::string_view name, json::object& body) {
  if (call.has_input(name)) body[name] = call.input_value(name);
}

json::array tag_names(const Call& call) {
  json::array out;
  if (const json::array* list = call.input_value("tags").if_array())
    for (const json::value& tag : *list)
      if (auto text = ieum::scalar_text(tag); text && !text->empty() && out.size() < kTagsMax) out.emplace_back(*text);
  return out;
}

json::object member_body(const Call& call) {
  json::object body;
  copy(call, "merge_fields", body);
  copy(call, "interests", body);
  copy(call, "language", body);
  copy(call, "vip", body);
  if (!call.input("status").empty()) body["status"] = call.input("status");
  return body;
}

std::string skip_merge(const Call& call) {
  return ieum::flag_at(call.inputs(), "check_merge_fields") ? "" : "?skip_merge_validation=true";
}

json::object told_member(const Call& call) {
  const json::value& member = call.answer();
  const json::value* merges = ieum::find(member, "merge_fields");
  return {{"id", ieum::text_at(member, "id")},
          {"email", ieum::text_at(member, "email_address")},
          {"status", ieum::text_at(member, "status")},
          {"list", ieum::text_at(member, "list_id", audience(call))},
          {"merge_fields", merges != nullptr && merges->is_object() ? *merges : json::value(json::object())}};
}

}  // namespace

Effect upsert_member(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  if (auto refusal = refuse_status(call)) return std::move(*refusal);
  json::object body = member_body(call);
  body["email_address"] = trimmed(call.input("email"));
  const std::string status = call.input("status_if_new");
  body["status_if_new"] = status.empty() ? "subscribed" : status;
  return ieum::http("PUT", api_url(call, member_path(call) + skip_merge(call)))
      .json(body)
      .idempotent()
      .state({{"at", "member"}});
}

// Tags of a PUT count for new members alone, so they go by a call of their own.
Effect upserted_member(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::array tags = tag_names(call);
  if (ieum::text_at(call.state(), "at") == "tags") {
    const json::value* member = ieum::find(call.state(), "member");
    json::object out = member != nullptr && member->is_object() ? member->get_object() : json::object();
    return ieum::done(std::move(out));
  }
  json::object member = told_member(call);
  if (ieum::text_at(member, "id").empty()) return unreadable("member");
  member["tags"] = tags;
  if (tags.empty()) return ieum::done(std::move(member));
  json::array active;
  for (const json::value& tag : tags) active.push_back(json::object{{"name", tag}, {"status", "active"}});
  // The member's own fields may be large; the state is bounded.
  if (ieum::to_json(member["merge_fields"]).size() > 32 * 1024) member.erase("merge_fields");
  return ieum::http("POST", api_url(call, member_path(call, "/tags")))
      .json(json::object{{"tags", std::move(active)}, {"is_syncing", ieum::flag_at(call.inputs(), "quiet")}})
      .idempotent()
      .state({{"at", "tags"}, {"member", std::move(member)}});
}

Effect add_member(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  json::object body = member_body(call);
  body["email_address"] = trimmed(call.input("email"));
  if (!body.contains("status")) body["status"] = "subscribed";
  json::array tags = tag_names(call);
  if (!tags.empty()) body["tags"] = std::move(tags);
  return ieum::http("POST", api_url(call, "/lists/" + audience(call) + "/members" + skip_merge(call)))
      .json(body)
      .unsafe();
}

Effect added_member(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  json::object member = told_member(call);
  if (ieum::text_at(member, "id").empty()) return unreadable("member");
  return ieum::done(std::move(member));
}

Effect find_member(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  return ieum::http("GET", api_url(call, member_path(call))).safe();
}

Effect found_member(const Call& call) {
  if (call.status() == 404 && call.answer().is_object()) return ieum::not_found();
  if (auto failed = failure(call)) return std::move(*failed);
  json::object member = told_member(call);
  if (ieum::text_at(member, "id").empty()) return unreadable("member");
  if (ieum::text_at(member, "status") == "archived") return ieum::not_found();
  return ieum::found(std::move(member));
}

Effect get_member(const Call& call) { return find_member(call); }

Effect got_member(const Call& call) {
  if (call.status() == 404 && call.answer().is_object()) return ieum::done({{"found", false}, {"status", ""}});
  if (auto failed = failure(call)) return std::move(*failed);
  json::object member = told_member(call);
  if (ieum::text_at(member, "id").empty()) return unreadable("member");
  member["found"] = true;
  json::array tags;
  if (const json::value* given = ieum::find(call.answer(), "tags"); given != nullptr && given->is_array())
    for (const json::value& tag : given->get_array()) tags.emplace_back(ieum::text_at(tag, "name"));
  member["tags"] = std::move(tags);
  return ieum::done(std::move(member));
}

Effect update_member(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  if (auto refusal = refuse_status(call)) return std::move(*refusal);
  json::object body = member_body(call);
  const std::string address = trimmed(call.input("new_email"));
  if (!address.empty()) {
    if (!is_email(address)) return refuse("bad_email", "new_email is no mail address");
    body["email_address"] = address;
  }
  if (body.empty())
    return refuse("nothing_to_update", "what is to change? give merge_fields, new_email, status or another");
  return ieum::http("PATCH", api_url(call, member_path(call) + skip_merge(call))).json(body).idempotent();
}

Effect updated_member(const Call& call) { return added_member(call); }

Effect archive_member(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  return ieum::http("DELETE", api_url(call, member_path(call))).idempotent();
}

// Who is archived already answers 405, who was never there 404.
Effect archived_member(const Call& call) {
  const bool gone = (call.status() == 404 || call.status() == 405) && call.answer().is_object();
  if (!gone)
    if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"email", trimmed(call.input("email"))}, {"was_there", !gone}});
}

Effect delete_member(const Call& call) {
  if (auto refusal = bad_member(call)) return std::move(*refusal);
  if (subscriber_hash(call.input("confirm")) != subscriber_hash(call.input("email")))
    return refuse("not_confirmed",
                  "write the same address into 'confirm': who is deleted for good can never be added again by the API");
  return ieum::http("POST", api_url(call, member_path(call, "/actions/delete-permanent"))).idempotent();
}

Effect deleted_member(const Call& call) {
  const bool gone = call.status() == 404 && call.answer().is_object();
  if (!gone)
    if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"email", trimmed(call.input("email"))}, {"was_there", !gone}});
}

}  // namespace mailchimp
