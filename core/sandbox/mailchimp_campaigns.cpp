#include "sandbox/mailchimp_campaigns.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kCampaignsMax = 10'000;
constexpr std::size_t kReachedMax = 1000;  // mails shown of one campaign

Outcome refused(const Problem& problem, Effect effect = Effect::refused) {
  return {problem_response(problem), effect, {}, {}};
}

Outcome done(Effect effect = Effect::applied) { return {{204, {}, ""}, effect, {}, {}}; }

Problem not_ready(const char* why) {
  return {400, "Bad Request", std::string("Your Campaign is not ready to send: ") + why, {}, {}};
}

}  // namespace

Value MailchimpCampaigns::shown(const Campaign& campaign) {
  return Map{
      {"id", campaign.id},
      {"type", "regular"},
      {"status", campaign.status},
      {"create_time", rfc3339_utc(campaign.created)},
      {"send_time", campaign.sent == 0 ? "" : rfc3339_utc(campaign.sent)},
      {"emails_sent", campaign.emails},
      {"recipients", Map{{"list_id", campaign.list}}},
      {"settings", Map{{"subject_line", campaign.subject}, {"title", campaign.title}, {"from_name", campaign.from}}}};
}

Outcome MailchimpCampaigns::create(const Incoming& in, const MailchimpAudience* list) {
  if (in.json.text("type") != "regular" || list == nullptr)
    return refused({400, "Invalid Resource", "The resource submitted could not be validated.", "recipients.list_id",
                    "This value is not a known list."});
  if (campaigns_.size() >= kCampaignsMax) return refused({403, "Forbidden", "too many campaigns", {}, {}});
  Campaign campaign;
  campaign.id = hex_encode(sha256("campaign/" + std::to_string(++made_) + in.http.body)).substr(0, 10);
  campaign.list = list->id();
  campaign.created = in.now;
  if (const Value* settings = in.json.get("settings")) {
    campaign.subject = settings->text("subject_line");
    campaign.title = settings->text("title");
    campaign.from = settings->text("from_name");
  }
  const Value body = shown(campaign);
  campaigns_[campaign.id] = std::move(campaign);
  return {json_response(200, body), Effect::applied, {}, {}};
}

Outcome MailchimpCampaigns::send(const Incoming& in, Campaign& campaign, const MailchimpAudience* list) {
  if (campaign.status != "save" && campaign.status != "schedule")
    return refused({400, "Bad Request", "Cannot send a campaign that was sent already.", {}, {}}, Effect::repeated);
  if (campaign.subject.empty() || campaign.html.empty())
    return refused(not_ready("HTML Email: Your campaign is empty."));
  Outcome outcome = done();
  if (list != nullptr) {
    for (const auto& [hash, member] : list->members()) {
      if (member.status != "subscribed") continue;
      ++campaign.emails;
      if (outcome.reached.size() == kReachedMax) continue;
      Message message;
      message.channel = "email";
      message.to = member.email;
      message.from = campaign.from;
      message.title = campaign.subject;
      message.text = campaign.html;
      message.key = header_key(in);
      outcome.reached.push_back(std::move(message));
    }
  }
  campaign.status = "sent";
  campaign.sent = in.now;
  return outcome;
}

Outcome MailchimpCampaigns::schedule(const Incoming& in, Campaign& campaign) {
  const auto at = parse_rfc3339(in.json.text("schedule_time"));
  if (!at)
    return refused({400, "Invalid Resource", "Not a time.", "schedule_time", "This value is not a valid datetime."});
  if (campaign.status != "save")
    return refused({400, "Bad Request", "Cannot schedule this campaign.", {}, {}}, Effect::repeated);
  if (*at % (15 * kMinute) != 0)
    return refused({400, "Bad Request", "The campaign must be scheduled on the quarter-hour.", {}, {}});
  if (*at <= in.now) return refused({400, "Bad Request", "The schedule time is in the past.", {}, {}});
  if (campaign.html.empty()) return refused(not_ready("HTML Email: Your campaign is empty."));
  campaign.status = "schedule";
  campaign.sent = *at;
  return done();
}

Outcome MailchimpCampaigns::act(const Incoming& in,
                                const std::function<const MailchimpAudience*(const std::string&)>& audience) {
  const auto& path = in.segments;  // 3.0, campaigns, id, what, action
  if (path.size() == 2 && in.is("POST")) {
    const Value* list = in.json.at_path("recipients.list_id");
    return create(in, audience(text_of(list)));
  }
  if (path.size() == 2) {
    const auto since = parse_rfc3339(in.parameter("since_create_time"));
    List list;
    for (const auto& [id, campaign] : campaigns_)
      if (!since || campaign.created >= *since) list.push_back(shown(campaign));
    return {json_response(200, Map{{"campaigns", std::move(list)}}), Effect::read, {}, {}};
  }
  const auto found = campaigns_.find(path[2]);
  const bool reads = in.is("GET");
  if (found == campaigns_.end())
    return refused({404, "Resource Not Found", "The requested resource could not be found.", {}, {}},
                   reads ? Effect::read : Effect::refused);
  Campaign& campaign = found->second;
  const std::string what = path.size() > 3 ? path[3] : "";
  if (what.empty() && reads) return {json_response(200, shown(campaign)), Effect::read, {}, {}};
  if (what == "content" && in.is("PUT")) {
    campaign.html = in.json.text("html");
    return {json_response(200, Map{{"html", campaign.html}}), Effect::applied, {}, {}};
  }
  if (what == "send-checklist" && reads) {
    List items;
    if (campaign.html.empty())
      items.emplace_back(
          Map{{"type", "error"}, {"id", 1}, {"heading", "HTML Email"}, {"details", "Your campaign is empty."}});
    return {json_response(200, Map{{"is_ready", items.empty()}, {"items", items}}), Effect::read, {}, {}};
  }
  const std::string action = path.size() > 4 ? path[4] : "";
  if (what == "actions" && in.is("POST") && action == "send") return send(in, campaign, audience(campaign.list));
  if (what == "actions" && in.is("POST") && action == "schedule") return schedule(in, campaign);
  return refused({405, "Method Not Allowed", "The requested method and resource are not compatible.", {}, {}});
}

}  // namespace ieum::sandbox
