// The webhook of the audience. Mailchimp gives its signing secret once, in the answer that makes it: the host takes it
// out there. So a webhook of this address that is not the one we made is worth nothing, and is made anew. Events by our own
// calls are left out (sources.api), or recipes that write to the audience would start themselves.
#include "answers.hpp"
#include "operations.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

// Every flag is said, for what is left out is Mailchimp's choice.
json::object flags(const Call& call) {
  json::object events;
  for (const char* name : {"subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"})
    events[name] = true;
  return {{"events", std::move(events)},
          {"sources",
           json::object{{"user", true}, {"admin", true}, {"api", ieum::flag_at(call.connection(), "own_changes")}}}};
}

bool same_flags(const json::value& hook, const json::object& wanted) {
  for (const auto& group : wanted)
    for (const auto& flag : group.value().get_object())
      if (ieum::flag_at(hook, std::string(group.key()) + "." + std::string(flag.key())) != flag.value().get_bool())
        return false;
  return true;
}

std::string hooks_path(std::string_view list, std::string_view id = {}) {
  return "/lists/" + std::string(list) + "/webhooks" + (id.empty() ? "" : "/" + std::string(id));
}

// What the last time left: the webhook that we made, and where.
std::string kept(const Call& call, std::string_view name) {
  const std::string text = ieum::text_at(call.input_value("state"), name);
  return is_id(text) ? text : std::string();
}

Effect ask_for_list(const Call& call) {
  return ieum::http("GET", api_url(call, hooks_path(audience(call)))).safe().state({{"at", "list"}});
}

Effect make(const Call& call, std::string_view note) {
  json::object body{{"url", call.input("hook_url")}};
  for (const auto& group : flags(call)) body[group.key()] = group.value();
  return ieum::http("POST", api_url(call, hooks_path(audience(call))))
      .json(body)
      .natural()
      .state({{"at", "made"}, {"note", note}});
}

Effect mended(const Call& call, std::string_view id, std::string_view note) {
  return ieum::done({{"state", json::object{{"id", id}, {"list", audience(call)}}}, {"note", note}});
}

Effect compare(const Call& call) {
  const json::value* hooks = ieum::find(call.answer(), "webhooks");
  if (hooks == nullptr || !hooks->is_array()) return unreadable("list of webhooks");
  for (const json::value& hook : hooks->get_array()) {
    const std::string id = ieum::text_at(hook, "id");
    if (ieum::text_at(hook, "url") != call.input("hook_url") || !is_id(id)) continue;
    if (id != kept(call, "id") || kept(call, "list") != audience(call))
      return ieum::http("DELETE", api_url(call, hooks_path(audience(call), id)))
          .idempotent()
          .state({{"at", "dropped"}});
    const json::object wanted = flags(call);
    if (same_flags(hook, wanted)) return mended(call, id, "in order");
    return ieum::http("PATCH", api_url(call, hooks_path(audience(call), id)))
        .json(wanted)
        .idempotent()
        .state({{"at", "patched"}, {"id", id}});
  }
  return make(call, kept(call, "id").empty() ? "made" : "was gone; made anew");
}

}  // namespace

Effect ensure_webhook(const Call& call) {
  if (audience(call).empty()) return no_audience();
  if (call.config("webhook_check") == "url_token")
    return ieum::done({{"note", "by hand: with webhook_check url_token the webhook is made in Mailchimp by a person"}});
  const std::string before = kept(call, "list");
  if (!before.empty() && before != audience(call) && !kept(call, "id").empty())
    return ieum::http("DELETE", api_url(call, hooks_path(before, kept(call, "id"))))
        .idempotent()
        .state({{"at", "left"}});
  return ask_for_list(call);
}

Effect ensured_webhook(const Call& call) {
  const std::string at = ieum::text_at(call.state(), "at");
  const bool gone = call.status() == 404 && call.answer().is_object() && (at == "left" || at == "dropped");
  if (!gone)
    if (auto failed = failure(call)) return std::move(*failed);
  if (at == "left") return ask_for_list(call);
  if (at == "dropped") return make(call, "its signing secret was not known; made anew");
  if (at == "patched") return mended(call, ieum::text_at(call.state(), "id"), "listened to other events; mended");
  if (at != "made") return compare(call);
  const std::string id = ieum::text_at(call.answer(), "id");
  if (!is_id(id)) return unreadable("webhook");
  if (ieum::text_at(call.answer(), "signing_secret").empty())
    return refuse(
        "no_signing_secret",
        "Mailchimp made the webhook and gave no signing secret. Delete it there, set webhook_check to url_token "
        "and make it by hand with the address that the connection shows");
  return mended(call, id, ieum::text_at(call.state(), "note"));
}

Effect remove_webhook(const Call& call) {
  const std::string id = kept(call, "id"), list = kept(call, "list");
  if (id.empty() || list.empty()) return ieum::done({{"note", "there was none of ours"}});
  return ieum::http("DELETE", api_url(call, hooks_path(list, id))).idempotent();
}

Effect removed_webhook(const Call& call) {
  const bool gone = call.status() == 404 && call.answer().is_object();
  if (!gone)
    if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"note", gone ? "was gone already" : "removed"}});
}

}  // namespace mailchimp
