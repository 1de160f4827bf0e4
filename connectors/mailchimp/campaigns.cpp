// Campaigns: made, filled, checked, sent or scheduled. Sending cannot be taken back and has no key, so after a lost answer
// the campaign's own status says whether it went. A made one is found again by the mark at the end of its title.
#include "answers.hpp"
#include "ieum/time.hpp"
#include "operations.hpp"

namespace mailchimp {

using ieum::Call;
using ieum::Effect;
namespace json = ieum::json;

namespace {

constexpr std::int64_t kLookBackMs = 24 * 3600 * 1000;

// "봄 소식 #5f0c6f3e1a2b"
std::string title_of(const Call& call) {
  const std::string title = call.input("title").empty() ? call.input("subject") : call.input("title");
  return title + " #" + call.step_key().substr(0, 12);
}

std::string campaign_url(const Call& call, std::string_view rest) {
  return api_url(call, "/campaigns/" + call.input("campaign") + std::string(rest));
}

std::optional<Effect> bad_campaign(const Call& call) {
  if (is_id(call.input("campaign"))) return std::nullopt;
  return refuse("bad_campaign", "which campaign? give the id that campaign.create answered");
}

json::object told(const json::value& campaign) {
  return {{"campaign", ieum::text_at(campaign, "id")}, {"status", ieum::text_at(campaign, "status")}};
}

Effect read_campaign(const Call& call) {
  if (auto refusal = bad_campaign(call)) return std::move(*refusal);
  return ieum::http("GET", campaign_url(call, "?fields=id,status,send_time,emails_sent")).safe();
}

}  // namespace

Effect create_campaign(const Call& call) {
  if (audience(call).empty()) return no_audience();
  for (const char* name : {"subject", "from_name", "reply_to"})
    if (call.input(name).empty()) return refuse("missing_setting", std::string("a campaign needs ") + name);
  json::object recipients{{"list_id", audience(call)}};
  if (call.input_value("segment").is_object()) recipients["segment_opts"] = call.input_value("segment");
  json::object settings{{"subject_line", call.input("subject")},
                        {"title", title_of(call)},
                        {"from_name", call.input("from_name")},
                        {"reply_to", call.input("reply_to")}};
  if (!call.input("preview_text").empty()) settings["preview_text"] = call.input("preview_text");
  return ieum::http("POST", api_url(call, "/campaigns"))
      .json(json::object{{"type", "regular"}, {"recipients", std::move(recipients)}, {"settings", std::move(settings)}})
      .unsafe();
}

Effect created_campaign(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (!is_id(ieum::text_at(call.answer(), "id"))) return unreadable("campaign");
  return ieum::done(told(call.answer()));
}

Effect find_campaign(const Call& call) {
  const std::string since = ieum::rfc3339_text(call.now_ms() - kLookBackMs);
  return ieum::http("GET", api_url(call, "/campaigns?count=1000&since_create_time=" + ieum::percent_encode(since) +
                                             "&fields=campaigns.id,campaigns.status,campaigns.settings.title"))
      .safe();
}

Effect found_campaign(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* campaigns = ieum::find(call.answer(), "campaigns");
  if (campaigns == nullptr || !campaigns->is_array()) return unreadable("list of campaigns");
  const std::string mark = "#" + call.step_key().substr(0, 12);
  for (const json::value& campaign : campaigns->get_array())
    if (ieum::text_at(campaign, "settings.title").ends_with(mark)) return ieum::found(told(campaign));
  return ieum::not_found();
}

Effect put_content(const Call& call) {
  if (auto refusal = bad_campaign(call)) return std::move(*refusal);
  if (call.input("html").empty()) return refuse("no_content", "the html of the mail is empty");
  json::object body{{"html", call.input("html")}};
  if (!call.input("plain_text").empty()) body["plain_text"] = call.input("plain_text");
  return ieum::http("PUT", campaign_url(call, "/content")).json(body).idempotent();
}

Effect put_content_done(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"campaign", call.input("campaign")}});
}

Effect read_checklist(const Call& call) {
  if (auto refusal = bad_campaign(call)) return std::move(*refusal);
  return ieum::http("GET", campaign_url(call, "/send-checklist")).safe();
}

Effect told_checklist(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const json::value* items = ieum::find(call.answer(), "items");
  if (items == nullptr || !items->is_array()) return unreadable("checklist");
  json::array problems;
  for (const json::value& item : items->get_array()) {
    if (ieum::text_at(item, "type") == "success") continue;
    problems.push_back(json::object{{"type", ieum::text_at(item, "type")},
                                    {"heading", ieum::text_at(item, "heading")},
                                    {"details", ieum::text_at(item, "details")}});
  }
  return ieum::done({{"ready", ieum::flag_at(call.answer(), "is_ready")}, {"problems", std::move(problems)}});
}

Effect send_campaign(const Call& call) {
  if (auto refusal = bad_campaign(call)) return std::move(*refusal);
  return ieum::http("POST", campaign_url(call, "/actions/send")).unsafe();
}

Effect sent_campaign(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"campaign", call.input("campaign")}, {"status", "sending"}});
}

Effect schedule_campaign(const Call& call) {
  if (auto refusal = bad_campaign(call)) return std::move(*refusal);
  const auto at = ieum::read_rfc3339(call.input("at"));
  if (!at) return refuse("bad_time", "at is a time such as 2026-03-02T09:15:00+09:00");
  return ieum::http("POST", campaign_url(call, "/actions/schedule"))
      .json(json::object{{"schedule_time", ieum::rfc3339_text(*at)}})
      .unsafe();
}

Effect scheduled_campaign(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"campaign", call.input("campaign")}, {"status", "schedule"}});
}

// Of a send and of a schedule: while the campaign is still being saved, neither has happened.
Effect read_campaign_status(const Call& call) { return read_campaign(call); }

Effect told_campaign_status(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string status = ieum::text_at(call.answer(), "status");
  if (status == "save" || status == "paused") return ieum::not_found();
  if (status == "sending" || status == "sent" || status == "schedule")
    return ieum::found({{"campaign", call.input("campaign")}, {"status", status}});
  return refuse("unknown_status", "Mailchimp does not say whether the campaign was sent; look into it there");
}

Effect get_campaign(const Call& call) { return read_campaign(call); }

Effect got_campaign(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (ieum::text_at(call.answer(), "status").empty()) return unreadable("status");
  json::object out = told(call.answer());
  out["sent_at"] = ieum::text_at(call.answer(), "send_time");
  out["emails_sent"] = ieum::int_at(call.answer(), "emails_sent").value_or(0);
  return ieum::done(std::move(out));
}

}  // namespace mailchimp
