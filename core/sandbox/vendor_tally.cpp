// Tally's API: forms, submissions, questions, webhooks; its own webhooks signed as it signs them. A form exists from its
// first use on, with questions name, e-mail and days; ids that begin with "missing" never do. A hundred calls a minute.
// https://developers.tally.so
#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/time_text.hpp"
#include "sandbox/hook_formats.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kSubmissionsMax = 10'000;
constexpr std::int64_t kPerMinute = 100;
constexpr std::array kGaps{5 * kMinute, 30 * kMinute, kHour, 6 * kHour, kDay};

HttpRequest make_tally(const HookDelivery& delivery, Millis) {
  HttpRequest out = hook_post(json_bytes(body_or(delivery, Map())), "application/json");
  if (!delivery.hook.secret.empty())
    out.headers.add("Tally-Signature", base64_encode(hmac_sha256(delivery.hook.secret, out.body)));
  return out;
}

NextTry after_tally(const HookDelivery& delivery, const Headers&, Millis) { return by_schedule(delivery, kGaps); }

const HookFormat kTallyHooks{"tally", 10 * kSecond, make_tally, after_tally};

Outcome refuse(int status, const std::string& message) {
  return {json_response(status, Map{{"message", message}}), Effect::refused, {}, {}};
}
Outcome found(const Value& body) { return {json_response(200, body), Effect::read, {}, {}}; }

const List& questions() {
  static const List list = {Map{{"id", "q_name"}, {"type", "INPUT_TEXT"}, {"title", "이름"}},
                            Map{{"id", "q_email"}, {"type", "INPUT_EMAIL"}, {"title", "이메일"}},
                            Map{{"id", "q_days"}, {"type", "CHECKBOXES"}, {"title", "요일"}}};
  return list;
}

class Tally final : public Vendor {
 public:
  explicit Tally(const Credentials& credentials) : token_(credentials.tally_api_token) {}
  [[nodiscard]] std::string_view name() const override { return "tally"; }

  [[nodiscard]] bool owns(const Incoming& in) const override {
    const auto& path = in.segments;
    if (in.path == "/users/me" || (!path.empty() && path[0] == "webhooks")) return true;
    const bool form = path.size() == 3 && path[0] == "forms" && (path[2] == "submissions" || path[2] == "questions");
    return form || (in.path == "/forms" && in.header("Authorization").starts_with("Bearer tly-"));
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    out.operation = in.segments.back() == in.segments[0] ? in.segments[0] : in.segments[0] + "." + in.segments.back();
    if (in.segments[0] == "webhooks") out.operation = "webhooks." + to_lower_ascii(in.http.method);
    out.reads = in.is("GET");
    return out;
  }

  Outcome act(const Incoming& in, bool limits) override {
    if (in.header("Authorization") != "Bearer " + token_) return refuse(401, "Unauthorized");
    if (limits && !allowed(in.now)) {
      Outcome out = refuse(429, "Too many requests");
      out.response.headers.add("Retry-After", std::to_string(60 - in.now / kSecond % 60));
      out.limited = true;
      return out;
    }
    if (in.path == "/users/me")
      return found(Map{{"id", "u1"}, {"email", "owner@example.com"}, {"fullName", "이음상점"}});
    if (in.segments[0] == "webhooks") return webhooks(in);
    if (in.path == "/forms") return forms();
    if (in.segments[1].starts_with("missing")) return refuse(404, "Form not found");
    if (!in.is("GET")) return refuse(404, "Not found");
    forms_[in.segments[1]];
    if (in.segments[2] == "questions") return found(Map{{"questions", questions()}});
    return submissions(in, forms_[in.segments[1]]);
  }

  [[nodiscard]] std::vector<Hook> hooks() const override { return hooks_; }
  std::vector<Told> told(Millis) override { return std::exchange(told_, {}); }
  [[nodiscard]] const HookFormat* hook_format() const override { return &kTallyHooks; }

  // Somebody submits: body {form, name, email, days: [...]}.
  std::optional<Result<Value>> happen(const Told& what, Millis now) override {
    const std::string form = what.body.text("form", "mexJoq");
    const std::string at = rfc3339_utc(now);
    const std::string id = std::to_string(++count_).insert(0, 1, 's');
    const Value* given = what.body.get("days");
    const List days = given != nullptr && given->is_list() ? *given->if_list() : List{"월요일"};
    List answers, fields, options, chosen;
    const auto answer = [&](const char* question, const char* label, const char* type, Value value) {
      answers.push_back(Map{{"id", "a" + id}, {"questionId", question}, {"answer", value}});
      Map field{{"key", "question_" + std::string(question)}, {"label", label}, {"type", type}, {"value", value}};
      fields.push_back(std::move(field));
    };
    answer("q_name", "이름", "INPUT_TEXT", what.body.text("name", "민지"));
    answer("q_email", "이메일", "INPUT_EMAIL", what.body.text("email", "mina@example.com"));
    for (std::size_t i = 0; i < days.size(); ++i) {  // the webhook tells ids of options, the list tells texts
      options.push_back(Map{{"id", "opt" + std::to_string(i)}, {"text", days[i]}});
      chosen.push_back("opt" + std::to_string(i));
    }
    answers.push_back(Map{{"id", "b" + id}, {"questionId", "q_days"}, {"answer", days}});
    fields.push_back(Map{{"key", "question_q_days"},
                         {"label", "요일"},
                         {"type", "CHECKBOXES"},
                         {"value", chosen},
                         {"options", options}});
    auto& kept = forms_[form];
    kept.push_back(Map{{"id", id},
                       {"formId", form},
                       {"respondentId", "r" + id},
                       {"isCompleted", true},
                       {"submittedAt", at},
                       {"responses", answers}});
    if (kept.size() > kSubmissionsMax) kept.pop_front();
    const Map data{{"responseId", id},     {"submissionId", id}, {"respondentId", "r" + id}, {"formId", form},
                   {"formName", "신청서"}, {"createdAt", at},    {"fields", fields}};
    Told event;
    event.topic = "FORM_RESPONSE";
    event.id = uuid_of("tally" + id);
    event.body = Map{{"eventId", event.id}, {"eventType", event.topic}, {"createdAt", at}, {"data", data}};
    for (const Hook& hook : hooks_) {
      if (text_of(hook.more.find("form")) != form) continue;
      event.only = hook.id;
      told_.push_back(event);
    }
    return Result<Value>(Value(Map{{"id", id}}));
  }

 private:
  bool allowed(Millis now) {
    if (now / kMinute != minute_) calls_ = 0;
    minute_ = now / kMinute;
    return ++calls_ <= kPerMinute;
  }

  Outcome forms() const {
    List list;
    for (const auto& [id, kept] : forms_)
      list.push_back(Map{{"id", id},
                         {"name", "신청서"},
                         {"status", "PUBLISHED"},
                         {"numberOfSubmissions", static_cast<std::int64_t>(kept.size())}});
    return found(Map{{"items", std::move(list)}, {"page", 1}, {"hasMore", false}});
  }

  static Outcome submissions(const Incoming& in, const std::deque<Value>& kept) {
    const std::int64_t page = std::max<std::int64_t>(1, whole_number(in.parameter("page")).value_or(1));
    const std::int64_t limit = std::clamp<std::int64_t>(whole_number(in.parameter("limit")).value_or(50), 1, 500);
    const auto since = parse_rfc3339(in.parameter("startDate"));
    List list;
    std::int64_t seen = 0;
    bool more = false;
    for (auto item = kept.rbegin(); item != kept.rend(); ++item) {  // newest first
      if (item->text("id") == in.parameter("afterId")) break;
      if (since && *parse_rfc3339(item->text("submittedAt")) < *since) continue;
      if (seen++ < (page - 1) * limit) continue;
      more = static_cast<std::int64_t>(list.size()) == limit;
      if (more) break;
      list.push_back(*item);
    }
    const auto all = static_cast<std::int64_t>(kept.size());
    return found(Map{{"page", page},
                     {"limit", limit},
                     {"hasMore", more},
                     {"totalNumberOfSubmissionsPerFilter", Map{{"all", all}, {"completed", all}, {"partial", 0}}},
                     {"questions", questions()},
                     {"submissions", std::move(list)}});
  }

  Outcome webhooks(const Incoming& in) {
    if (in.is("GET") && in.segments.size() == 1) {
      List list;
      for (const Hook& hook : hooks_)
        list.push_back(Map{{"id", hook.id},
                           {"formId", text_of(hook.more.find("form"))},
                           {"url", hook.url},
                           {"eventTypes", List{"FORM_RESPONSE"}},
                           {"isEnabled", hook.enabled}});
      return found(Map{{"webhooks", std::move(list)}, {"page", 1}, {"hasMore", false}});
    }
    if (in.is("POST") && in.segments.size() == 1) {
      if (in.json.text("formId").empty() || !in.json.text("url").starts_with("http"))
        return refuse(400, "formId and url are required");
      Hook hook;
      hook.id = std::to_string(++count_).insert(0, 1, 'w');
      hook.url = in.json.text("url");
      hook.secret = in.json.text("signingSecret");
      hook.more.set("form", in.json.text("formId"));
      hooks_.push_back(hook);
      return {
          json_response(201, Map{{"id", hook.id}, {"url", hook.url}, {"isEnabled", true}}), Effect::applied, {}, {}};
    }
    const auto at = std::find_if(hooks_.begin(), hooks_.end(), [&](const Hook& hook) {
      return in.segments.size() == 2 && hook.id == in.segments[1];
    });
    if (at == hooks_.end()) return refuse(404, "Webhook not found");
    if (in.is("DELETE")) {
      hooks_.erase(at);
    } else if (in.is("PATCH")) {
      at->enabled = in.json.flag("isEnabled", at->enabled);
      if (const std::string secret = in.json.text("signingSecret"); !secret.empty()) at->secret = secret;
    } else {
      return refuse(404, "Not found");
    }
    return {{204, {}, ""}, Effect::applied, {}, {}};
  }

  const std::string token_;
  std::map<std::string, std::deque<Value>> forms_;  // submissions, oldest first
  std::vector<Hook> hooks_;
  std::vector<Told> told_;
  std::int64_t count_ = 0, calls_ = 0;
  Millis minute_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_tally(const Credentials& credentials) { return std::make_unique<Tally>(credentials); }

}  // namespace ieum::sandbox
