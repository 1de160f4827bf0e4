// Mailchimp's Marketing API, as far as connectors use it. https://mailchimp.com/developer/marketing/api/
// Errors are application/problem+json; the header X-Trigger-Error asks for one by name. Audiences exist when they are first
// used, but for "missing". POST /_sandbox/send with a list_id in its body lets a person do what the topic says.
#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "sandbox/mailchimp_campaigns.hpp"
#include "sandbox/mailchimp_login.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kAudiencesMax = 1000, kBatchesMax = 1000, kBatchOperations = 500;
constexpr std::size_t kConnectionsMax = 10;
constexpr Millis kCallTakes = 200;  // for counting how many are under way at once

Outcome answer(const Value& body, Effect effect) { return {json_response(200, body), effect, {}, {}}; }
Outcome refused(const Problem& problem, Effect effect = Effect::refused) {
  return {problem_response(problem), effect, {}, {}};
}
Outcome done() { return {{204, {}, ""}, Effect::applied, {}, {}}; }
Outcome done_or(const std::optional<Problem>& problem) { return problem ? refused(*problem) : done(); }
Outcome not_found(const Incoming& in) {
  return refused({404, "Resource Not Found", "The requested resource could not be found.", {}, {}},
                 in.is("GET") ? Effect::read : Effect::refused);
}
Outcome not_allowed() {
  return refused({405, "Method Not Allowed", "The requested method and resource are not compatible.", {}, {}});
}

// The password of Basic, or the token of Bearer and OAuth.
std::string credential(const Incoming& in) {
  const std::string header = in.header("Authorization");
  const std::size_t blank = header.find(' ');
  if (blank == std::string::npos) return {};
  const std::string kind = to_lower_ascii(header.substr(0, blank));
  std::string text = header.substr(blank + 1);
  if (kind == "bearer" || kind == "oauth") return text;
  if (kind != "basic") return {};
  text = base64_decode(text).value_or("");
  const std::size_t colon = text.find(':');
  return colon == std::string::npos ? std::string() : text.substr(colon + 1);
}

class Mailchimp final : public Vendor {
 public:
  explicit Mailchimp(const Credentials& credentials) : key_(credentials.mailchimp_api_key) {}

  [[nodiscard]] std::string_view name() const override { return "mailchimp"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return MailchimpLogin::owns(in) || (!in.segments.empty() && in.segments[0] == "3.0");
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    out.reads = in.is("GET");
    out.operation = to_lower_ascii(in.http.method);
    if (MailchimpLogin::owns(in)) {
      out.operation += " oauth2/" + in.segments[1];
      return out;
    }
    for (std::size_t i = 1; i < in.segments.size(); ++i)
      if (i != 2 && i != 4) out.operation += (i == 1 ? " " : "/") + in.segments[i];
    // What carries the hub's step: an event's property, the end of a campaign's title.
    out.key = text_of(in.json.at_path("properties.ieum_step"));
    if (out.key.empty()) out.key = header_key(in);
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    if (MailchimpLogin::owns(in)) return {login_.answer(in), Effect::read, {}, {}};
    const std::string given = credential(in);
    if (given.empty()) return refused({401, "API Key Missing", "Your request did not include an API key.", {}, {}});
    if (!constant_time_equal(given, key_) && !login_.knows(given))
      return refused({401,
                      "API Key Invalid",
                      "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
                      {},
                      {}});
    if (const std::string wanted = in.header("X-Trigger-Error"); !wanted.empty())
      return refused(triggered_problem(wanted));
    if (limits && is_crowded(in.now)) {
      Outcome outcome =
          refused({429, "Too Many Requests", "You have exceeded the limit of 10 simultaneous connections.", {}, {}});
      outcome.limited = true;
      return outcome;
    }
    if (!in.http.body.empty() && !in.json_readable)
      return refused({400, "JSON Parse Error", "We encountered an unspecified JSON parsing error.", {}, {}});
    Outcome outcome = call(in);
    for (auto& [id, audience] : audiences_) collect(audience, "api", in.now);
    return outcome;
  }

  [[nodiscard]] std::vector<Hook> hooks() const override {
    std::vector<Hook> out;
    for (const auto& [list, audience] : audiences_) {
      for (const auto& [id, webhook] : audience.hooks()) {
        Hook hook;
        hook.id = list + "/" + id;
        hook.url = webhook.url;
        hook.secret = webhook.secret;
        for (const auto& [event, wanted] : *webhook.events.if_map())
          if (wanted.if_bool() != nullptr && *wanted.if_bool()) hook.topics.push_back(text_of(&event));
        if (hook.topics.empty()) hook.topics.emplace_back("none");
        hook.more.set("list_id", list);
        out.push_back(std::move(hook));
      }
    }
    return out;
  }

  void lose_hook(const std::string& id) override {
    const std::size_t slash = id.find('/');
    const auto audience = slash == std::string::npos ? audiences_.end() : audiences_.find(id.substr(0, slash));
    if (audience != audiences_.end()) audience->second.hooks().erase(id.substr(slash + 1));
  }

  std::vector<Told> told(Millis) override { return std::exchange(told_, {}); }

  std::optional<Result<Value>> happen(const Told& what, Millis now) override {
    const Value* data = what.body.get("data");
    const Value& inner = data == nullptr ? what.body : *data;
    const std::string list = inner.text("list_id");
    if (list.empty()) return std::nullopt;
    MailchimpAudience* audience = find(list);
    if (audience == nullptr) return Error("bad_send", "there is no audience '" + list + "'");
    const Status status = audience->happen(what.topic, inner, now);
    if (status.has_error()) return status.error();
    collect(*audience, "user", now);
    return Result<Value>(Value(Map{{"list_id", list}}));
  }

 private:
  MailchimpAudience* find(const std::string& id) {
    const auto found = audiences_.find(id);
    if (found != audiences_.end()) return &found->second;
    const bool plain =
        !id.empty() && id.size() <= 32 && id != "missing" && std::all_of(id.begin(), id.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        });
    if (!plain || audiences_.size() >= kAudiencesMax) return nullptr;
    return &audiences_.emplace(id, MailchimpAudience(id)).first->second;
  }

  // Told to the webhooks that hear of this source.
  void collect(MailchimpAudience& audience, const char* source, Millis now) {
    for (AudienceChange& change : audience.take_changes()) {
      for (const auto& [id, webhook] : audience.hooks()) {
        if (!webhook.sources.flag(source) || !webhook.events.flag(change.type)) continue;
        Told told;
        told.topic = change.type;
        told.body = Map{{"data", change.data}};
        told.only = audience.id() + "/" + id;
        told.id = "mc-" + std::to_string(now) + "-" + std::to_string(++told_count_);
        told_.push_back(std::move(told));
      }
    }
  }

  bool is_crowded(Millis now) {
    while (!under_way_.empty() && under_way_.front() + kCallTakes <= now) under_way_.pop_front();
    if (under_way_.size() >= kConnectionsMax) return true;
    under_way_.push_back(now);
    return false;
  }

  Outcome call(const Incoming& in) {
    const auto& path = in.segments;
    if (path.size() < 2) return not_found(in);
    if (path[1] == "ping") return answer(Map{{"health_status", "Everything's Chimpy!"}}, Effect::read);
    if (path[1] == "lists") return lists(in);
    if (path[1] == "campaigns")
      return campaigns_.act(in, [this](const std::string& id) -> const MailchimpAudience* { return find(id); });
    if (path[1] == "batches") return batches(in);
    if (path[1] == "customer-journeys" && path.size() == 8 && path[7] == "trigger" && in.is("POST")) {
      Outcome outcome = done();
      Message message;
      message.channel = "email";
      message.to = in.json.text("email_address");
      message.title = "journey " + path[3] + ", step " + path[5];
      if (message.to.find('@') == std::string::npos)
        return refused({400, "Invalid Resource", "The resource submitted could not be validated.", "email_address",
                        "This value should be a valid email."});
      outcome.reached.push_back(message);
      outcome.message = std::move(message);
      return outcome;
    }
    return not_found(in);
  }

  Outcome lists(const Incoming& in) {
    const auto& path = in.segments;
    if (path.size() == 2) {
      if (!in.is("GET")) return not_allowed();
      find("sandbox");
      List list;
      for (const auto& [id, audience] : audiences_)
        list.emplace_back(Map{{"id", id}, {"name", id == "sandbox" ? "뉴스레터" : "오디언스 " + id}});
      const auto total = static_cast<std::int64_t>(list.size());
      return answer(Map{{"lists", std::move(list)}, {"total_items", total}}, Effect::read);
    }
    MailchimpAudience* audience = find(path[2]);
    if (audience == nullptr) return not_found(in);
    const std::string what = path.size() > 3 ? path[3] : "";
    if (what.empty()) return answer(Map{{"id", path[2]}, {"name", path[2]}}, Effect::read);
    if (what == "members") return path.size() == 4 ? members(in, *audience) : member(in, *audience);
    if (what == "merge-fields") return merge_fields(in, *audience);
    if (what == "webhooks") return webhooks(in, *audience);
    return not_found(in);
  }

  Outcome members(const Incoming& in, MailchimpAudience& audience) {
    if (in.is("GET")) return answer(audience.page(in), Effect::read);
    if (!in.is("POST")) return not_allowed();
    if (const auto problem = audience.add(in.json, skips(in), in.now)) return refused(*problem);
    return answer(audience.shown(*audience.find(member_hash(in.json.text("email_address")))), Effect::applied);
  }

  static bool skips(const Incoming& in) { return in.parameter("skip_merge_validation") == "true"; }

  Outcome member(const Incoming& in, MailchimpAudience& audience) {
    const auto& path = in.segments;
    const std::string hash = path[4].find('@') == std::string::npos ? path[4] : member_hash(path[4]);
    const std::string what = path.size() > 5 ? path[5] : "";
    if (what == "tags" && in.is("POST")) return done_or(audience.tag(hash, in.json, in.now));
    if (what == "events" && in.is("POST")) return done_or(audience.note(hash, in.json, in.now));
    if (what == "actions" && path.size() == 7 && path[6] == "delete-permanent" && in.is("POST"))
      return done_or(audience.forget(hash));
    if (what == "events" || what == "tags") {
      const AudienceMember* known = audience.find(hash);
      if (known == nullptr) return not_found(in);
      if (what == "tags") return answer(Map{{"tags", *audience.shown(*known).get("tags")}}, Effect::read);
      return answer(Map{{"events", known->events}, {"total_items", static_cast<std::int64_t>(known->events.size())}},
                    Effect::read);
    }
    if (!what.empty()) return not_found(in);
    if (in.is("DELETE")) return done_or(audience.archive(hash, in.now));
    if (in.is("PUT") || in.is("PATCH")) {
      if (!in.json.is_map()) return refused({400, "Invalid Resource", "The body is no object.", {}, {}});
      const auto problem = in.is("PUT") ? audience.put(hash, in.json, skips(in), in.now)
                                        : audience.patch(hash, in.json, skips(in), in.now);
      if (problem) return refused(*problem);
    } else if (!in.is("GET")) {
      return not_allowed();
    }
    const AudienceMember* known = audience.find(hash);
    if (known == nullptr) known = audience.find(member_hash(in.json.text("email_address")));
    if (known == nullptr) return not_found(in);
    return answer(audience.shown(*known), in.is("GET") ? Effect::read : Effect::applied);
  }

  static Outcome merge_fields(const Incoming& in, MailchimpAudience& audience) {
    if (in.is("POST")) {
      if (const auto problem = audience.add_field(in.json)) return refused(*problem);
      const Value fields = audience.fields();
      return answer(fields.if_list()->back(), Effect::applied);
    }
    return in.is("GET") ? answer(Map{{"merge_fields", audience.fields()}}, Effect::read) : not_allowed();
  }

  static Outcome webhooks(const Incoming& in, MailchimpAudience& audience) {
    const auto& path = in.segments;
    if (path.size() == 4 && in.is("POST")) {
      AudienceWebhook made;
      if (const auto problem = audience.hook(in.json, made)) return refused(*problem);
      return answer(shown_hook(made, audience.id(), true), Effect::applied);
    }
    if (path.size() == 4) {
      List list;
      for (const auto& [id, hook] : audience.hooks()) list.push_back(shown_hook(hook, audience.id(), false));
      return answer(Map{{"webhooks", std::move(list)}}, Effect::read);
    }
    const auto found = audience.hooks().find(path[4]);
    if (found == audience.hooks().end()) return not_found(in);
    if (in.is("DELETE")) {
      audience.hooks().erase(found);
      return done();
    }
    if (in.is("PATCH")) {
      if (const Value* events = in.json.get("events"); events != nullptr && events->is_map())
        found->second.events = *events;
      if (const Value* sources = in.json.get("sources"); sources != nullptr && sources->is_map())
        found->second.sources = *sources;
      return answer(shown_hook(found->second, audience.id(), false), Effect::applied);
    }
    return in.is("GET") ? answer(shown_hook(found->second, audience.id(), false), Effect::read) : not_allowed();
  }

  // Done at once; the first look still says pending.
  Outcome batches(const Incoming& in) {
    const auto& path = in.segments;
    if (path.size() == 2 && in.is("POST")) {
      const Value* operations = in.json.get("operations");
      if (operations == nullptr || !operations->is_list() || operations->if_list()->size() > kBatchOperations)
        return refused(
            {400, "Invalid Resource", "operations must be a list.", "operations", "This value is not valid."});
      if (batches_.size() >= kBatchesMax)
        return refused({429, "Too Many Requests", "More than 500 batches wait.", {}, {}});
      std::int64_t errors = 0;
      for (const Value& operation : *operations->if_list()) {
        HttpRequest request{operation.text("method"), "/3.0" + operation.text("path"), {}, operation.text("body")};
        if (call(read_incoming(std::move(request), in.now)).response.status >= 400) ++errors;
      }
      const std::string id = hex_encode(sha256("batch/" + std::to_string(batches_.size()))).substr(0, 10);
      const auto total = static_cast<std::int64_t>(operations->if_list()->size());
      Map batch{{"id", id},
                {"status", "finished"},
                {"total_operations", total},
                {"finished_operations", total},
                {"errored_operations", errors},
                {"response_body_url", "https://example.com/" + id + ".tar.gz"}};
      batches_[id] = batch;
      batch.set("status", "pending");
      batch.set("finished_operations", 0);
      return answer(batch, Effect::applied);
    }
    const auto found = path.size() == 3 ? batches_.find(path[2]) : batches_.end();
    return found == batches_.end() ? not_found(in) : answer(found->second, Effect::read);
  }

  const std::string key_;
  MailchimpLogin login_;
  std::map<std::string, MailchimpAudience> audiences_;
  MailchimpCampaigns campaigns_;
  std::map<std::string, Value> batches_;
  std::deque<Millis> under_way_;
  std::vector<Told> told_;
  std::int64_t told_count_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_mailchimp(const Credentials& credentials) {
  return std::make_unique<Mailchimp>(credentials);
}

}  // namespace ieum::sandbox
