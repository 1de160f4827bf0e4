// Solapi: alimtalk, brand messages and texts. https://developers.solapi.com/references
// It has no idempotency key: a repeated send is a second message. HTTP 200 comes with failures too, in failedMessageList.
// A message with a scheduledDate waits for it and may be taken back until then; a past one goes at once. Not played: images,
// RCS, Naver.
#include <algorithm>
#include <deque>
#include <unordered_set>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/solapi_intake.hpp"
#include "sandbox/solapi_signatures.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

using solapi::error_response;
using solapi::Intake;
using solapi::malformed;
using solapi::take_in;

constexpr std::size_t kMessagesMax = 100'000;
constexpr std::size_t kPerRequest = 10'000;
constexpr std::size_t kToldMax = 10'000;
constexpr const char* kAccount = "26000000000001";

struct Stored {
  std::string id, group, to, from, type, status_code;
  Millis created = 0, updated = 0;
  Millis goes_at = 0;  // when it is still to go out; 0: it went, or was taken back
  Intake intake;       // until then
  Value json;
};

std::string status_text(std::string_view code) {
  if (code == "4000") return "수신완료";
  if (code == "3103") return "템플릿 불일치";
  if (code == "3104") return "카카오톡 미사용자";
  if (code == "3107") return "메시지 차단 사용자";
  if (code == "3108") return "발송 불가 시간";
  return "발송 실패";
}

class Solapi final : public Vendor {
 public:
  Solapi(const Credentials& credentials, const TemplateStore& templates)
      : signatures_(credentials), templates_(templates) {}

  [[nodiscard]] std::string_view name() const override { return "solapi"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return !in.segments.empty() &&
           (in.segments[0] == "messages" || in.segments[0] == "kakao" || in.segments[0] == "cash");
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    out.reads = in.is("GET");
    out.operation = operation(in);
    const Value* first = in.json.get("message");
    if (const Value* list = in.json.get("messages");
        list != nullptr && list->if_list() != nullptr && !list->if_list()->empty())
      first = &list->if_list()->front();
    if (!out.reads && first != nullptr && first->is_map()) {
      out.message = take_in(*first, templates_, in.now).message;
      out.key = out.message->key;
    }
    if (out.key.empty()) out.key = header_key(in);
    return out;
  }

  std::vector<Message> arrived(Millis now) override {
    std::vector<Message> out;
    for (Stored& stored : messages_)
      if (stored.goes_at > 0 && stored.goes_at <= now)
        for (Message& message : go(stored, stored.goes_at)) out.push_back(std::move(message));
    return out;
  }

  std::vector<Told> told(Millis) override {
    std::vector<Told> out(told_.begin(), told_.end());
    told_.clear();
    return out;
  }

  Outcome act(const Incoming& in, bool) override {
    if (auto refusal = signatures_.refusal(in)) return {std::move(*refusal), Effect::refused, {}, {}};
    const std::string what = operation(in);
    if (in.is("POST") && what == "send-many/detail") return send_many(in);
    if (in.is("POST") && what == "send") return send_one(in);
    if (in.is("DELETE") && what.starts_with("groups/") && what.ends_with("/schedule")) return take_back(in);
    if (in.is("GET")) {
      if (auto response = look_up(in, what)) return {std::move(*response), Effect::read, {}, {}};
    }
    return {error_response(404, "ResourceNotFound", "해당 API를 찾을 수 없습니다."), Effect::refused, {}, {}};
  }

 private:
  // The path after /messages/v4/, or as it is.
  static std::string operation(const Incoming& in) {
    const std::string_view start = "/messages/v4/";
    return in.path.starts_with(start) ? in.path.substr(start.size())
                                      : in.path.substr(std::min<std::size_t>(1, in.path.size()));
  }

  std::string new_id(std::string_view kind, Millis now, std::int64_t number) const {
    std::string time = korean_time(now);
    std::erase_if(time, [](char c) { return c < '0' || c > '9'; });
    const std::string digits = std::to_string(number);
    return std::string(kind) + time + std::string(digits.size() < 12 ? 12 - digits.size() : 0, '0') + digits;
  }

  // Keeps a message that was taken in and says who got what. Returns its id.
  std::string keep(const Value& item, const Intake& intake, const std::string& group, Millis now, Millis goes_at,
                   Outcome& outcome) {
    Stored stored;
    stored.id = new_id("M4V", now, ++last_message_);
    stored.group = group;
    stored.to = intake.message.to;
    stored.from = item.text("from");
    stored.type = intake.type;
    stored.status_code = "2000";
    stored.created = stored.updated = now;
    stored.goes_at = goes_at;
    stored.intake = intake;
    const std::string time = rfc3339_utc(now);
    Map json{{"messageId", stored.id},
             {"groupId", group},
             {"type", stored.type},
             {"to", stored.to},
             {"from", stored.from},
             {"text", intake.message.text},
             {"country", "82"},
             {"accountId", kAccount},
             {"status", "PENDING"},
             {"statusCode", "2000"},
             {"statusMessage", "정상 접수"},
             {"dateCreated", time},
             {"dateUpdated", time}};
    if (const Value* kakao = item.get("kakaoOptions")) json.set("kakaoOptions", *kakao);
    if (const Value* fields = item.get("customFields")) json.set("customFields", *fields);
    stored.json = json;
    messages_.push_back(std::move(stored));
    if (messages_.size() > kMessagesMax) messages_.pop_front();
    outcome.effect = Effect::applied;
    if (goes_at == 0)
      for (Message& message : go(messages_.back(), now)) outcome.reached.push_back(std::move(message));
    return messages_.back().id;
  }

  // The message leaves and its report comes at once. Who got what.
  std::vector<Message> go(Stored& stored, Millis now) {
    const Intake intake = std::move(stored.intake);
    stored.intake = {};
    stored.goes_at = 0;
    stored.updated = now;
    stored.status_code = intake.message.result;
    const bool delivered = stored.status_code == "4000";
    const bool falls_back = !delivered && intake.fallback;
    const std::string time = rfc3339_utc(now);
    Map json = *stored.json.if_map();
    json.set("status", "COMPLETE");
    json.set("statusCode", stored.status_code);
    json.set("statusMessage", status_text(stored.status_code));
    json.set("reason", status_text(stored.status_code));
    json.set("replacement", falls_back);
    json.set("dateUpdated", time);
    json.set("dateProcessed", time);
    json.set("dateReported", time);
    json.set("dateReceived", delivered ? Value(time) : Value());
    stored.json = json;
    told_.push_back({"SINGLE-REPORT", Value(List{stored.json}), "", "", {}});
    if (told_.size() > kToldMax) told_.pop_front();
    if (delivered) return {intake.message};
    if (!falls_back) return {};
    Message text = intake.message;
    text.channel = text_channel(intake.fallback_text);
    text.from = stored.from;
    text.text = intake.fallback_text;
    text.buttons.clear();
    text.template_code.clear();
    text.result = "4000";
    return {std::move(text)};
  }

  // When a request's messages go; 0: at once. A past date is at once too.
  static Millis goes_at(const Incoming& in) {
    const auto at = parse_rfc3339(in.json.text("scheduledDate"));
    return at && *at > in.now ? *at : 0;
  }

  Outcome take_back(const Incoming& in) {
    const std::string group = in.segments.size() > 3 ? in.segments[3] : "";
    bool found = false;
    for (Stored& stored : messages_) {
      if (stored.group != group || stored.goes_at == 0) continue;
      found = true;
      stored.goes_at = 0;
      stored.updated = in.now;
      stored.status_code = "1099";
      Map json = *stored.json.if_map();
      json.set("status", "FAILED");
      json.set("statusCode", stored.status_code);
      json.set("statusMessage", "예약이 취소되었습니다.");
      stored.json = json;
    }
    if (!found) return {error_response(400, "NotScheduledGroup", "예약된 그룹이 아닙니다."), Effect::refused, {}, {}};
    return {json_response(200, Map{{"groupId", group}, {"status", "PENDING"}}), Effect::applied, {}, {}};
  }

  static Value refused_value(const Value& item, const Intake& intake) {
    Map out{{"to", intake.message.to},
            {"from", item.text("from")},
            {"type", intake.type},
            {"country", "82"},
            {"messageId", ""},
            {"statusCode", intake.code},
            {"statusMessage", intake.text},
            {"accountId", kAccount}};
    if (const Value* fields = item.get("customFields")) out.set("customFields", *fields);
    return out;
  }

  Outcome send_many(const Incoming& in) {
    const Value* list = in.json.get("messages");
    const List* items = list == nullptr ? nullptr : list->if_list();
    if (items == nullptr || items->empty() || items->size() > kPerRequest)
      return {error_response(400, "ValidationError", "messages는 1개 이상 10,000개 이하의 목록이어야 합니다."),
              Effect::refused,
              {},
              {}};
    for (const Value& item : *items)
      if (const std::string wrong = malformed(item); !wrong.empty())
        return {error_response(400, "ValidationError", wrong), Effect::refused, {}, {}};
    const std::string group = new_id("G4V", in.now, ++last_group_);
    const Millis at = goes_at(in);
    Outcome outcome;
    List failed, taken;
    std::unordered_set<std::string> receivers;
    for (const Value& item : *items) {
      Intake intake = take_in(item, templates_, at == 0 ? in.now : at);
      if (!receivers.insert(intake.message.to).second && !in.json.flag("allowDuplicates")) {
        intake.code = "1026";
        intake.text = "수신번호가 중복되었습니다.";
      }
      if (!outcome.message) outcome.message = intake.message;
      if (intake.code != "2000") {
        failed.push_back(refused_value(item, intake));
        continue;
      }
      Map entry{{"messageId", keep(item, intake, group, in.now, at, outcome)},
                {"statusCode", "2000"},
                {"statusMessage", intake.text}};
      if (const Value* fields = item.get("customFields")) entry.set("customFields", *fields);
      taken.emplace_back(std::move(entry));
    }
    Map body{{"failedMessageList", std::move(failed)},
             {"groupInfo", group_value(group, items->size(), items->size(), in.now)}};
    if (in.json.flag("showMessageList")) body.set("messageList", std::move(taken));
    outcome.response = json_response(200, std::move(body));
    return outcome;
  }

  Outcome send_one(const Incoming& in) {
    const Value* item = in.json.get("message");
    const std::string wrong = item == nullptr ? "message가 없습니다." : malformed(*item);
    if (!wrong.empty()) return {error_response(400, "ValidationError", wrong), Effect::refused, {}, {}};
    const Intake intake = take_in(*item, templates_, in.now);
    Outcome outcome;
    outcome.message = intake.message;
    if (intake.code != "2000") {
      Map body = *refused_value(*item, intake).if_map();
      body.set("errorCode", intake.code);
      body.set("errorMessage", intake.text);
      outcome.response = json_response(400, std::move(body));
      return outcome;
    }
    const std::string group = new_id("G4V", in.now, ++last_group_);
    const std::string id = keep(*item, intake, group, in.now, 0, outcome);
    outcome.response = json_response(200, Map{{"groupId", group},
                                              {"to", intake.message.to},
                                              {"from", item->text("from")},
                                              {"type", intake.type},
                                              {"statusMessage", intake.text},
                                              {"country", "82"},
                                              {"messageId", id},
                                              {"statusCode", "2000"},
                                              {"accountId", kAccount}});
    return outcome;
  }

  // newest: how many of the newest messages may be of the group.
  Value group_value(const std::string& group, std::size_t total, std::size_t newest, Millis now) const {
    std::int64_t taken = 0, sent = 0, waiting = 0;
    for (auto at = messages_.rbegin(); at != messages_.rend() && newest > 0; ++at, --newest) {
      if (at->group != group) continue;
      ++taken;
      sent += at->status_code == "4000" ? 1 : 0;
      waiting += at->goes_at > 0 ? 1 : 0;
    }
    const auto all = static_cast<std::int64_t>(total);
    return Map{{"groupId", group},
               {"accountId", kAccount},
               {"apiVersion", "4"},
               {"status", waiting > 0 ? "SCHEDULED" : "COMPLETE"},
               {"count", Map{{"total", all},
                             {"sentTotal", taken - waiting},
                             {"sentSuccess", sent},
                             {"sentFailed", taken - waiting - sent},
                             {"sentPending", waiting},
                             {"registeredSuccess", taken},
                             {"registeredFailed", all - taken}}},
               {"dateCreated", rfc3339_utc(now)}};
  }

  std::optional<HttpResponse> look_up(const Incoming& in, const std::string& what) const {
    if (in.path == "/cash/v1/balance") return json_response(200, Map{{"balance", 100'000}, {"point", 0}});
    if (in.path == "/kakao/v2/channels")
      return json_response(
          200, Map{{"channelList", List{Map{{"channelId", "KA01PF0000SANDBOX"}, {"searchId", "@허브상점"}}}}});
    if (in.path == "/kakao/v2/templates") return json_response(200, solapi::template_page(in, templates_));
    if (what == "list") return list(in, in.parameter("groupId"));
    if (in.segments.size() >= 4 && in.segments[2] == "groups") {
      const std::string& group = in.segments[3];
      const auto at =
          std::find_if(messages_.begin(), messages_.end(), [&](const Stored& item) { return item.group == group; });
      if (at == messages_.end()) return error_response(404, "GroupNotFound", "그룹을 찾을 수 없습니다.");
      if (in.segments.size() == 5 && in.segments[4] == "messages") return list(in, group);
      const auto count =
          std::count_if(messages_.begin(), messages_.end(), [&](const Stored& item) { return item.group == group; });
      if (in.segments.size() == 4)
        return json_response(200, group_value(group, static_cast<std::size_t>(count), messages_.size(), at->created));
    }
    return std::nullopt;
  }

  // Newest first. startKey is the id to begin with; nextKey the one that comes after the last, or null.
  HttpResponse list(const Incoming& in, const std::string& group) const {
    std::optional<Millis> from, until;
    for (const auto& [name, bound] : {std::pair{"startDate", &from}, std::pair{"endDate", &until}}) {
      const std::string text = in.parameter(name);
      if (text.empty()) continue;
      const auto time = parse_rfc3339(text);
      if (!time) return error_response(400, "ValidationError", std::string(name) + "는 ISO 8601 형식이어야 합니다.");
      *bound = *time;
    }
    const bool by_update = in.parameter("dateType") == "UPDATED";
    const std::int64_t limit = std::clamp<std::int64_t>(whole_number(in.parameter("limit")).value_or(20), 1, 500);
    const std::string start = in.parameter("startKey");
    const auto unwanted = [&](std::string_view name, const std::string& value) {
      const std::string wanted = in.parameter(name);
      return !wanted.empty() && wanted != value;
    };
    Map found;
    Value next;
    bool begun = start.empty();
    for (auto at = messages_.rbegin(); at != messages_.rend(); ++at) {
      begun = begun || at->id == start;
      if (!begun || (!group.empty() && at->group != group)) continue;
      if (unwanted("messageId", at->id) || unwanted("to", at->to) || unwanted("from", at->from) ||
          unwanted("type", at->type) || unwanted("statusCode", at->status_code))
        continue;
      const Millis date = by_update ? at->updated : at->created;
      if ((from && date < *from) || (until && date > *until)) continue;
      if (static_cast<std::int64_t>(found.size()) == limit) {
        next = at->id;
        break;
      }
      found.add(at->id, at->json);
    }
    return json_response(200, Map{{"limit", limit},
                                  {"startKey", start.empty() ? Value() : Value(start)},
                                  {"nextKey", std::move(next)},
                                  {"messageList", std::move(found)}});
  }

  solapi::Signatures signatures_;
  const TemplateStore& templates_;
  std::deque<Stored> messages_;  // oldest first
  std::deque<Told> told_;        // reports that no hook was asked about yet
  std::int64_t last_message_ = 0;
  std::int64_t last_group_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_solapi(const Credentials& credentials, const TemplateStore& templates) {
  return std::make_unique<Solapi>(credentials, templates);
}

}  // namespace ieum::sandbox
