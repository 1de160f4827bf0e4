// The webhook of a form: made, mended and looked at. One PUT does all of it, for it replaces what the tag had: the
// address, the kinds of events, the secret (which cannot be read back) and `enabled`, which is false when left out and
// which Typeform sets to false by itself when the address once answered 404 or 410.
#include "answers.hpp"
#include "operations.hpp"

namespace typeform {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
namespace json = ieum::json;

namespace {

std::string tag(const Call& call) {
  const std::string given = call.config("webhook_tag");
  return given.empty() ? "ieum" : given;
}

std::optional<std::string> tag_path(const Call& call, std::string_view form) {
  return form_path(form, "/webhooks/" + ieum::percent_encode(tag(call)));
}

bool wants_partial(const Call& call) {
  const json::value& wanted = call.input_value("wanted");
  if (!wanted.is_array()) return false;
  for (const json::value& topic : wanted.get_array())
    if (topic.is_string() && topic.get_string() == "form_response_partial") return true;
  return false;
}

const json::value* our_webhook(const Call& call) {
  const json::value* items = ieum::find(call.answer(), "items");
  if (items == nullptr || !items->is_array()) return nullptr;
  for (const json::value& item : items->get_array())
    if (ieum::text_at(item, "tag") == tag(call)) return &item;
  return nullptr;
}

std::string_view note(const Call& call, const json::value* before) {
  if (before == nullptr) return "made";
  if (!ieum::flag_at(*before, "enabled")) return "was switched off; switched on again";
  if (ieum::text_at(*before, "url") != call.input("hook_url")) return "had another address; mended";
  return "in order";
}

}  // namespace

Effect ensure_webhook(const Call& call) {
  const auto path = form_path(call.item(), "/webhooks");
  if (!path) return bad_form(call.item());
  // A practice server on plain http takes what it takes.
  if (!call.input("hook_url").starts_with("https://") && api_url(call, "").starts_with("https://"))
    return ieum::fail(Kind::permanent, "webhook_url_https_required",
                      "Typeform delivers to https addresses only; give the hub a public https address");
  return ieum::http("GET", api_url(call, *path)).safe().state({{"at", "list"}});
}

Effect ensured_webhook(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const auto path = tag_path(call, call.item());
  if (!path) return bad_form(call.item());
  if (ieum::text_at(call.state(), "at") == "list") {
    const json::value* items = ieum::find(call.answer(), "items");
    if (items == nullptr || !items->is_array()) return unreadable("list of webhooks");
    const json::object body{
        {"url", call.input("hook_url")},
        {"enabled", true},
        {"verify_ssl", true},
        {"event_types", json::object{{"form_response", true}, {"form_response_partial", wants_partial(call)}}},
        {"secret", ""}};
    return ieum::http("PUT", api_url(call, *path))
        .json(body)
        .fill("/secret", "webhook_secret")
        .idempotent()
        .state({{"at", "put"}, {"note", note(call, our_webhook(call))}});
  }
  if (!ieum::flag_at(call.answer(), "enabled"))
    return ieum::fail(Kind::retry, "webhook_not_enabled", "Typeform took the webhook and did not switch it on");
  return ieum::done({{"state", json::object{{"id", ieum::text_at(call.answer(), "id")}, {"tag", tag(call)}}},
                     {"note", ieum::text_at(call.state(), "note")}});
}

Effect remove_webhook(const Call& call) {
  const auto path = tag_path(call, call.item());
  if (!path) return bad_form(call.item());
  return ieum::http("DELETE", api_url(call, *path)).idempotent();
}

Effect removed_webhook(const Call& call) {
  if (call.status() == 404) return ieum::done({{"note", "was gone already"}});
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"note", "removed"}});
}

Effect get_webhook(const Call& call) {
  const auto path = tag_path(call, call.input("form"));
  if (!path) return bad_form(call.input("form"));
  return ieum::http("GET", api_url(call, *path)).safe();
}

Effect got_webhook(const Call& call) {
  if (call.status() == 404) return ieum::done({{"found", false}, {"enabled", false}});
  if (auto failed = failure(call)) return std::move(*failed);
  if (!call.answer().is_object()) return unreadable("webhook");
  return ieum::done({{"found", true},
                     {"enabled", ieum::flag_at(call.answer(), "enabled")},
                     {"url", ieum::text_at(call.answer(), "url")},
                     {"partial", ieum::flag_at(call.answer(), "event_types.form_response_partial")},
                     {"updated_at", ieum::text_at(call.answer(), "updated_at")}});
}

}  // namespace typeform
