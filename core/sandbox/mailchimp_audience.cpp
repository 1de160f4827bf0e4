#include "sandbox/mailchimp_audience.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kMembersMax = 50'000, kEventsMax = 1000, kFieldsMax = 80, kHooksMax = 20;
constexpr std::array<std::string_view, 5> kStatuses{"subscribed", "unsubscribed", "cleaned", "pending",
                                                    "transactional"};

bool is_status(std::string_view text) { return std::find(kStatuses.begin(), kStatuses.end(), text) != kStatuses.end(); }

bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find(' ') == std::string_view::npos;
}

Problem invalid(std::string field, std::string message) {
  return {400, "Invalid Resource",
          "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
          std::move(field), std::move(message)};
}

Problem not_found() { return {404, "Resource Not Found", "The requested resource could not be found.", {}, {}}; }

// "2026-03-02T00:30:00+00:00"
std::string shown_time(Millis at) { return rfc3339_utc(at / kSecond * kSecond).substr(0, 19) + "+00:00"; }

std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : to_lower_ascii(text))
    if (c >= 'a' && c <= 'z') out += c;
  return out;
}

}  // namespace

HttpResponse problem_response(const Problem& problem) {
  Map body{{"type", "https://mailchimp.com/developer/marketing/docs/errors/"},
           {"title", problem.title},
           {"status", problem.status},
           {"detail", problem.detail},
           {"instance", "5f0c6f3e-0000-4000-8000-000000000001"}};
  if (!problem.field.empty()) body.set("errors", List{Map{{"field", problem.field}, {"message", problem.message}}});
  return {problem.status, {{"Content-Type", "application/problem+json; charset=utf-8"}}, write_json(body)};
}

Problem triggered_problem(const std::string& name) {
  struct Known {
    int status;
    const char* title;
  };
  static constexpr std::array<Known, 14> kKnown{{{400, "Bad Request"},
                                                 {400, "Invalid Action"},
                                                 {400, "Invalid Resource"},
                                                 {400, "JSON Parse Error"},
                                                 {400, "Member Exists"},
                                                 {400, "Member In Compliance State"},
                                                 {400, "Forgotten Email Not Subscribed"},
                                                 {401, "API Key Missing"},
                                                 {401, "API Key Invalid"},
                                                 {403, "Forbidden"},
                                                 {403, "User Disabled"},
                                                 {404, "Resource Not Found"},
                                                 {405, "Method Not Allowed"},
                                                 {429, "Too Many Requests"}}};
  for (const Known& known : kKnown)
    if (squeezed(known.title) == squeezed(name))
      return {known.status, known.title, "You asked for this error.", {}, {}};
  return {500, "InternalServerError", "You asked for an error: " + name, {}, {}};
}

std::string member_hash(const std::string& email) { return hex_encode(md5(to_lower_ascii(trim(email)))); }

Value shown_hook(const AudienceWebhook& hook, const std::string& list, bool with_secret) {
  Map out{{"id", hook.id},         {"url", hook.url},         {"list_id", list},
          {"events", hook.events}, {"sources", hook.sources}, {"signing_enabled", !hook.secret.empty()}};
  if (with_secret) out.set("signing_secret", hook.secret);
  return out;
}

const AudienceMember* MailchimpAudience::find(const std::string& hash) const {
  const auto found = members_.find(hash.find('@') == std::string::npos ? hash : member_hash(hash));
  return found == members_.end() ? nullptr : &found->second;
}

void MailchimpAudience::tell(const std::string& type, const AudienceMember& member, Map more) {
  Map merges{{"EMAIL", member.email}};
  for (const auto& [key, value] : member.merge_fields) merges.set(key, value);
  Map data{{"id", member_hash("web" + member.email).substr(0, 10)},
           {"list_id", id_},
           {"email", member.email},
           {"email_type", "html"},
           {"merges", std::move(merges)},
           {"ip_opt", "203.0.113.7"}};
  for (const auto& [key, value] : more) data.set(key, value);
  changes_.push_back({type, std::move(data)});
}

std::optional<Problem> MailchimpAudience::check_fields(const Map& merge_fields) const {
  for (const Map& field : fields_) {
    const Value* required = field.find("required");
    const std::string tag = text_of(field.find("tag"));
    const Value* given = merge_fields.find(tag);
    if (required != nullptr && required->if_bool() != nullptr && *required->if_bool() && text_of(given).empty())
      return invalid("merge_fields." + tag, "This value should not be blank.");
  }
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::write(AudienceMember& member, const Value& body, bool skip_merge,
                                                Millis now) {
  AudienceMember next = member;
  if (const std::string email = body.text("email_address"); !email.empty()) {
    if (!is_email(email)) return invalid("email_address", "This value is not a valid email address.");
    next.email = email;
  }
  if (const std::string status = body.text("status"); !status.empty()) {
    if (!is_status(status)) return invalid("status", "Data did not match any of the allowed values.");
    const bool barred = member.left_by_self || member.status == "cleaned";
    if (status == "subscribed" && barred)
      return Problem{400,
                     "Member In Compliance State",
                     member.email +
                         " is in a compliance state due to unsubscribe, bounce, or compliance review and cannot "
                         "be subscribed.",
                     {},
                     {}};
    next.status = status;
  }
  if (const Value* fields = body.get("merge_fields"); fields != nullptr && fields->is_map())
    for (const auto& [key, value] : *fields->if_map()) next.merge_fields.set(key, value);
  if (const Value* interests = body.get("interests"); interests != nullptr && interests->is_map())
    for (const auto& [key, value] : *interests->if_map()) next.interests.set(key, value);
  next.language = body.text("language", next.language);
  next.vip = body.flag("vip", next.vip);
  if (!skip_merge)
    if (auto problem = check_fields(next.merge_fields)) return problem;
  next.changed = now;
  member = std::move(next);
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::put(const std::string& hash, const Value& body, bool skip_merge, Millis now) {
  const auto known = members_.find(hash);
  if (known != members_.end() && known->second.status != "archived") {
    const std::string before = known->second.status;
    if (auto problem = write(known->second, body, skip_merge, now)) return problem;
    tell(before == known->second.status           ? "profile"
         : known->second.status == "unsubscribed" ? "unsubscribe"
                                                  : "subscribe",
         known->second);
    return std::nullopt;  // tags count for new members alone
  }
  const std::string status = body.text("status_if_new", body.text("status"));
  if (!is_status(status)) return invalid("status_if_new", "This value should not be blank.");
  // The path must be the hash of this very address, in lower case.
  if (member_hash(body.text("email_address")) != hash)
    return members_.contains(member_hash(body.text("email_address")))
               ? Problem{400, "Member Exists", body.text("email_address") + " is already a list member.", {}, {}}
               : invalid("email_address", "The email address does not fit the resource's id.");
  Map fresh = *body.if_map();
  fresh.set("status", status);
  return add(fresh, skip_merge, now);
}

std::optional<Problem> MailchimpAudience::add(const Value& body, bool skip_merge, Millis now) {
  const std::string email = body.text("email_address");
  if (!is_email(email)) return invalid("email_address", "This value should not be blank.");
  const std::string hash = member_hash(email);
  if (forgotten_.contains(hash))
    return Problem{400,
                   "Forgotten Email Not Subscribed",
                   email +
                       " was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back "
                       "on the list.",
                   {},
                   {}};
  const auto known = members_.find(hash);
  if (known != members_.end() && known->second.status != "archived")
    return Problem{
        400, "Member Exists", email + " is already a list member. Use PUT to insert or update list members.", {}, {}};
  if (!is_status(body.text("status"))) return invalid("status", "This value should not be blank.");
  if (members_.size() >= kMembersMax) return Problem{403, "Forbidden", "the sandbox keeps 50,000 members", {}, {}};
  AudienceMember member;
  if (auto problem = write(member, body, skip_merge, now)) return problem;
  if (const Value* tags = body.get("tags"); tags != nullptr && tags->is_list())
    for (const Value& tag : *tags->if_list()) member.tags.push_back(tag.is_map() ? tag.text("name") : text_of(&tag));
  members_[hash] = member;
  if (member.status == "subscribed") tell("subscribe", member);
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::patch(const std::string& hash, const Value& body, bool skip_merge,
                                                Millis now) {
  const auto known = members_.find(hash);
  if (known == members_.end()) return not_found();
  const AudienceMember before = known->second;
  if (auto problem = write(known->second, body, skip_merge, now)) return problem;
  const AudienceMember after = known->second;
  if (after.status == "unsubscribed" && before.status != after.status)
    tell("unsubscribe", after, {{"action", "unsub"}, {"reason", "manual"}});
  else
    tell("profile", after);
  if (before.email != after.email) {
    changes_.push_back({"upemail", Map{{"list_id", id_},
                                       {"new_id", member_hash("web" + after.email).substr(0, 10)},
                                       {"new_email", after.email},
                                       {"old_email", before.email}}});
    members_.erase(known);
    members_[member_hash(after.email)] = after;
  }
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::archive(const std::string& hash, Millis now) {
  const auto known = members_.find(hash);
  if (known == members_.end()) return not_found();
  if (known->second.status == "archived")
    return Problem{405, "Method Not Allowed", "This list member cannot be removed. Please contact support.", {}, {}};
  known->second.status = "archived";
  known->second.changed = now;
  tell("unsubscribe", known->second, {{"action", "delete"}, {"reason", "manual"}});
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::forget(const std::string& hash) {
  if (members_.erase(hash) == 0) return not_found();
  forgotten_.insert(hash);
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::tag(const std::string& hash, const Value& body, Millis now) {
  const auto known = members_.find(hash);
  if (known == members_.end()) return not_found();
  const Value* tags = body.get("tags");
  if (tags == nullptr || !tags->is_list()) return invalid("tags", "This value should be of type array.");
  for (const Value& tag : *tags->if_list()) {
    const std::string name = tag.text("name"), status = tag.text("status");
    if (name.empty() || (status != "active" && status != "inactive"))
      return invalid("tags.item", "Data did not match the schema.");
  }
  for (const Value& tag : *tags->if_list()) {
    std::erase(known->second.tags, tag.text("name"));
    if (tag.text("status") == "active") known->second.tags.push_back(tag.text("name"));
  }
  known->second.changed = now;
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::note(const std::string& hash, const Value& body, Millis now) {
  const auto known = members_.find(hash);
  if (known == members_.end()) return not_found();
  const std::string name = body.text("name");
  if (name.size() < 2 || name.size() > 30) return invalid("name", "This value must be 2 to 30 characters long.");
  const Value* properties = body.get("properties");
  if (properties != nullptr && properties->is_map())
    for (const auto& [key, value] : *properties->if_map())
      if (!value.is_string()) return invalid("properties." + text_of(&key), "This value should be of type string.");
  List& events = known->second.events;
  events.insert(events.begin(), Map{{"occurred_at", body.text("occurred_at", shown_time(now))},
                                    {"name", name},
                                    {"properties", properties == nullptr ? Value(Map()) : *properties}});
  if (events.size() > kEventsMax) events.pop_back();
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::add_field(const Value& body) {
  if (body.text("name").empty()) return invalid("name", "This value should not be blank.");
  std::string tag = body.text("tag");
  if (tag.empty()) tag = "MMERGE" + std::to_string(fields_.size() + 1);
  for (const Map& field : fields_)
    if (text_of(field.find("tag")) == tag)
      return Problem{
          400, "Bad Request", "A Merge Field with the tag \"" + tag + "\" already exists for this list.", {}, {}};
  if (fields_.size() >= kFieldsMax)
    return Problem{400, "Bad Request", "This list has 80 merge fields already.", {}, {}};
  fields_.push_back({{"tag", tag},
                     {"name", body.text("name")},
                     {"type", body.text("type", "text")},
                     {"required", body.flag("required")}});
  return std::nullopt;
}

std::optional<Problem> MailchimpAudience::hook(const Value& body, AudienceWebhook& made) {
  const std::string url = body.text("url");
  if (!url.starts_with("http")) return invalid("url", "We couldn't validate your URL.");
  for (const auto& [id, known] : hooks_)
    if (known.url == url)
      return Problem{400, "Bad Request", "Sorry, you can't set up multiple WebHooks for one URL", {}, {}};
  if (hooks_.size() >= kHooksMax) return Problem{400, "Bad Request", "This list has 20 webhooks already.", {}, {}};
  const auto flags = [&](const char* group, std::initializer_list<const char*> names) {
    Map out;
    const Value* given = body.get(group);
    for (const char* name : names) out.set(name, given != nullptr && given->flag(name));
    return out;
  };
  made.url = url;
  made.id = hex_encode(sha256(id_ + url + std::to_string(++made_))).substr(0, 10);
  made.secret = "whsec_" + hex_encode(sha256("secret/" + made.id));
  made.events = flags("events", {"subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"});
  made.sources = flags("sources", {"user", "admin", "api"});
  hooks_[made.id] = made;
  return std::nullopt;
}

Status MailchimpAudience::happen(const std::string& type, const Value& data, Millis now) {
  const std::string email = data.text(type == "upemail" ? "old_email" : "email");
  if (!is_email(email)) return Error("bad_send", "'email' is no mail address", "give data of " + type);
  AudienceMember& member = members_[member_hash(email)];
  member.changed = now;
  if (member.email.empty()) member.email = email, member.status = "subscribed";
  if (const Value* merges = data.get("merges"); merges != nullptr && merges->is_map())
    for (const auto& [key, value] : *merges->if_map()) member.merge_fields.set(key, value);
  if (type == "subscribe") {
    member.status = "subscribed", member.left_by_self = false;
    forgotten_.erase(member_hash(email));
    tell(type, member, {{"ip_signup", "203.0.113.7"}});
  } else if (type == "unsubscribe") {
    member.status = "unsubscribed", member.left_by_self = true;
    tell(type, member, {{"action", "unsub"}, {"reason", data.text("reason", "manual")}});
  } else if (type == "cleaned") {
    member.status = "cleaned";
    changes_.push_back(
        {type, Map{{"list_id", id_}, {"campaign_id", "4fjk2ma9xd"}, {"reason", "hard"}, {"email", email}}});
  } else if (type == "profile") {
    tell(type, member);
  } else if (type == "upemail") {
    return patch(member_hash(email), Map{{"email_address", data.text("new_email")}}, true, now)
               ? Status(Error("bad_send", "'new_email' is no mail address"))
               : Status();
  } else {
    return Error("bad_send", "a person does no '" + type + "'", "subscribe, unsubscribe, profile, upemail or cleaned");
  }
  return {};
}

Value MailchimpAudience::shown(const AudienceMember& member) const {
  List tags;
  for (std::size_t i = 0; i < member.tags.size(); ++i)
    tags.emplace_back(Map{{"id", static_cast<std::int64_t>(i + 1)}, {"name", member.tags[i]}});
  const std::int64_t count = static_cast<std::int64_t>(tags.size());
  return Map{{"id", member_hash(member.email)},
             {"email_address", member.email},
             {"unique_email_id", member_hash("web" + member.email).substr(0, 10)},
             {"status", member.status},
             {"merge_fields", member.merge_fields},
             {"interests", member.interests},
             {"language", member.language},
             {"vip", member.vip},
             {"last_changed", shown_time(member.changed)},
             {"tags_count", count},
             {"tags", std::move(tags)},
             {"list_id", id_}};
}

Value MailchimpAudience::page(const Incoming& in) const {
  const auto since = parse_rfc3339(in.parameter("since_last_changed"));
  const std::string status = in.parameter("status");
  std::vector<const AudienceMember*> fit;
  for (const auto& [hash, member] : members_) {
    if (since && member.changed < *since) continue;
    if (!status.empty() && member.status != status) continue;
    fit.push_back(&member);
  }
  const bool descending = in.parameter("sort_dir") == "DESC";
  if (in.parameter("sort_field") == "last_changed")
    std::stable_sort(fit.begin(), fit.end(), [&](const AudienceMember* a, const AudienceMember* b) {
      return descending ? a->changed > b->changed : a->changed < b->changed;
    });
  const auto number = [&](const char* name, std::int64_t usual) {
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(whole_number(in.parameter(name)).value_or(usual), 0, 1'000'000));
  };
  List members;
  for (std::size_t i = number("offset", 0);
       i < fit.size() && members.size() < std::min<std::size_t>(number("count", 10), 1000); ++i)
    members.push_back(shown(*fit[i]));
  return Map{{"members", std::move(members)}, {"list_id", id_}, {"total_items", static_cast<std::int64_t>(fit.size())}};
}

Value MailchimpAudience::fields() const {
  List out;
  for (const Map& field : fields_) out.emplace_back(field);
  return out;
}

}  // namespace ieum::sandbox
