// NHN Cloud KakaoTalk Bizmessage: alimtalk v2.3 and brand messages v1.0.
// https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/alimtalk-api-guide/
// HTTP 200 comes with failures too: header.isSuccessful, then each recipient's resultCode. The idempotency key does not
// replay an answer; it refuses the second call for ten minutes (-1005).
// A message with a requestDate waits for it and may be taken back until then. Not played: images, console templates.
#include <algorithm>
#include <deque>
#include <unordered_map>

#include "base/digest.hpp"
#include "sandbox/nhn_intake.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

using nhn::Intake;
using nhn::Kind;
using nhn::take_in;

constexpr std::size_t kMessagesMax = 100'000;
constexpr std::size_t kKeysMax = 100'000;
constexpr std::size_t kToldMax = 10'000;
constexpr Millis kKeyLives = 10 * kMinute;
constexpr Millis kSpanMax = 30 * kDay;
constexpr Millis kBackMax = 90 * kDay;

struct Stored {
  std::string request;
  std::int64_t recipient = 0;
  bool brand = false;
  Millis at = 0, updated = 0;
  Millis goes_at = 0;  // when it is still to go out; 0: it went, or was taken back
  Intake intake;       // until then
  Value json;
};

Value header(std::int64_t code, std::string_view text) {
  return Map{{"resultCode", code}, {"resultMessage", text}, {"isSuccessful", code == 0}};
}

// A brand message that was taken is told with 200, everything else with 0.
Value success(bool brand) {
  return Map{{"resultCode", brand ? 200 : 0}, {"resultMessage", "SUCCESS"}, {"isSuccessful", true}};
}

HttpResponse refusal(std::int64_t code, std::string_view text) {
  return json_response(200, Map{{"header", header(code, text)}});
}

std::optional<Kind> kind_of(const Incoming& in) {
  if (in.segments.size() != 5 || !in.is("POST")) return std::nullopt;
  const std::string& last = in.segments[4];
  const bool brand = in.segments[0] == "brand-message";
  if (!brand && last == "messages") return Kind::alimtalk;
  if (!brand && last == "raw-messages") return Kind::alimtalk_full_text;
  if (brand && last == "freestyle-messages") return Kind::brand_free;
  if (brand && last == "basic-messages") return Kind::brand_template;
  return std::nullopt;
}

// Messages with a one-time code have addresses of their own, and are kept with the others here.
Incoming without_auth(Incoming in) {
  in.segments.erase(in.segments.begin() + 4);
  return in;
}

// Whether "1,2,3" names this one.
bool names(std::string_view list, std::int64_t number) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (whole_number(list.substr(0, comma)) == number) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::string result_name(std::string_view code) {
  if (code == "1000") return "성공";
  if (code == "3018") return "메시지를 전송할 수 없음";
  if (code == "3019" || code == "3104") return "톡 유저가 아님";
  if (code == "3020") return "메시지 차단";
  if (code == "3022") return "메시지 발송 가능한 시간이 아님";
  return "실패";
}

class Nhn final : public Vendor {
 public:
  Nhn(const Credentials& credentials, const TemplateStore& templates)
      : app_key_(credentials.nhn_app_key), secret_key_(credentials.nhn_secret_key), templates_(templates) {}

  [[nodiscard]] std::string_view name() const override { return "nhn"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return !in.segments.empty() && (in.segments[0] == "alimtalk" || in.segments[0] == "brand-message");
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    if (in.segments.size() > 5 && in.segments[4] == "auth") return describe(without_auth(in));
    Description out;
    out.reads = in.is("GET");
    for (std::size_t i = 4; i < in.segments.size(); ++i) out.operation += (i > 4 ? "/" : "") + in.segments[i];
    const auto kind = kind_of(in);
    const Value* list = in.json.get("recipientList");
    if (kind && list != nullptr && list->if_list() != nullptr && !list->if_list()->empty()) {
      out.message = take_in(*kind, in.json, list->if_list()->front(), templates_, in.now).message;
      out.key = out.message->key;
    }
    if (const std::string key = in.header("X-NC-API-IDEMPOTENCY-KEY"); !key.empty()) out.key = key;
    if (out.reads) out.key = in.parameter("recipientGroupingKey", in.parameter("senderGroupingKey"));
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

  Outcome act(const Incoming& in, bool again) override {
    if (in.segments.size() > 5 && in.segments[4] == "auth") return act(without_auth(in), again);
    const bool alimtalk = in.segments.size() > 4 && in.segments[0] == "alimtalk" && in.segments[1] == "v2.3";
    const bool brand = in.segments.size() > 4 && in.segments[0] == "brand-message" && in.segments[1] == "v1.0";
    if ((!alimtalk && !brand) || in.segments[2] != "appkeys")
      return {refusal(-9998, "Not exist API."), Effect::refused, {}, {}};
    if (!constant_time_equal(in.segments[3], app_key_))
      return {refusal(-1000, "Invalid appKey."), Effect::refused, {}, {}};
    if (!constant_time_equal(in.header("X-Secret-Key"), secret_key_))
      return {refusal(-1001, "Invalid secretKey."), Effect::refused, {}, {}};
    if (const auto kind = kind_of(in)) return send(in, *kind);
    const std::string& what = in.segments[4];
    if (in.is("GET") && what == "messages" && in.segments.size() == 5) return list(in, "RequestDate", brand);
    if (in.is("GET") && what == "message-results" && in.segments.size() == 5) return list(in, "UpdateDate", brand);
    if (in.is("GET") && what == "messages" && in.segments.size() == 7) return one(in);
    if (in.is("DELETE") && what == "messages" && in.segments.size() == 6) return take_back(in);
    if (in.is("GET") && what == "senders") return senders(in);
    return {refusal(-9998, "Not exist API."), Effect::refused, {}, {}};
  }

 private:
  // Whether this key was used within ten minutes; if not, it is used now.
  bool is_used(const std::string& key, Millis now) {
    if (const auto at = keys_.find(key); at != keys_.end() && now - at->second < kKeyLives) return true;
    keys_[key] = now;
    key_order_.push_back(key);
    if (key_order_.size() > kKeysMax) {
      keys_.erase(key_order_.front());
      key_order_.pop_front();
    }
    return false;
  }

  Outcome send(const Incoming& in, Kind kind) {
    if (const auto refused = nhn::refusal_of(in.json, in.now); refused.code != 0)
      return {refusal(refused.code, refused.text), Effect::refused, {}, {}};
    const std::string key = in.header("X-NC-API-IDEMPOTENCY-KEY");
    if (!key.empty() && is_used(key, in.now))
      return {refusal(-1005, "The same 'X-NC-API-IDEMPOTENCY-KEY' was used within the last 10 minute."),
              Effect::repeated,
              {},
              {}};

    std::string request = korean_time(in.now);
    std::erase_if(request, [](char c) { return c < '0' || c > '9'; });
    const std::string number = std::to_string(++last_request_);
    request += "SB" + std::string(number.size() < 8 ? 8 - number.size() : 0, '0') + number;

    const auto date = parse_korean_time(in.json.text("requestDate"));
    const Millis goes_at = date && *date > in.now ? *date : 0;
    Outcome outcome;
    List results;
    std::int64_t sequence = 0;
    for (const Value& recipient : *in.json.get("recipientList")->if_list()) {
      const Intake intake = take_in(kind, in.json, recipient, templates_, goes_at == 0 ? in.now : goes_at);
      if (!outcome.message) outcome.message = intake.message;
      ++sequence;
      Map result{{"recipientSeq", sequence},
                 {"recipientNo", intake.message.to},
                 {"resultCode", intake.code},
                 {"resultMessage", intake.text}};
      if (!intake.grouping_key.empty()) result.set("recipientGroupingKey", intake.grouping_key);
      results.emplace_back(std::move(result));
      if (intake.code == 0) keep(in, kind, request, sequence, intake, goes_at, outcome);
    }
    // A send that nobody got is none: its key may be used again.
    if (outcome.effect != Effect::applied) keys_.erase(key);
    const bool brand = kind == Kind::brand_free || kind == Kind::brand_template;
    const bool all_failed = outcome.effect != Effect::applied;
    Map message{{"requestId", request}, {"sendResults", std::move(results)}};
    if (const std::string group = in.json.text("senderGroupingKey"); !group.empty())
      message.set("senderGroupingKey", group);
    outcome.response =
        json_response(200, Map{{"header", all_failed ? header(-1031, "All recipients failed.") : success(brand)},
                               {"message", std::move(message)}});
    return outcome;
  }

  void keep(const Incoming& in, Kind kind, const std::string& request, std::int64_t sequence, const Intake& intake,
            Millis goes_at, Outcome& outcome) {
    const Message& message = intake.message;
    const std::string time = korean_time(in.now);
    Stored stored;
    stored.request = request;
    stored.recipient = sequence;
    stored.brand = kind == Kind::brand_free || kind == Kind::brand_template;
    stored.at = goes_at == 0 ? in.now : goes_at;  // the date of the request is that of the going out
    stored.updated = in.now;
    stored.goes_at = goes_at;
    stored.intake = intake;
    stored.json = Map{{"requestId", request},
                      {"recipientSeq", sequence},
                      {"plusFriendId", "@허브상점"},
                      {"senderKey", message.from},
                      {"templateCode", message.template_code},
                      {"recipientNo", message.to},
                      {"content", message.text},
                      {"requestDate", goes_at == 0 ? time : korean_time(goes_at)},
                      {"createDate", time},
                      {"receiveDate", Value()},
                      {"resendStatus", "RSC01"},
                      {"resendStatusName", "대체 발송 안 함"},
                      {"messageStatus", ""},
                      {"resultCode", ""},
                      {"resultCodeName", ""},
                      {"senderGroupingKey", in.json.text("senderGroupingKey")},
                      {"recipientGroupingKey", intake.grouping_key}};
    messages_.push_back(std::move(stored));
    if (messages_.size() > kMessagesMax) messages_.pop_front();
    outcome.effect = Effect::applied;
    if (goes_at == 0)
      for (Message& reached : go(messages_.back(), in.now)) outcome.reached.push_back(std::move(reached));
  }

  // The message leaves and its result comes at once. Who got what.
  std::vector<Message> go(Stored& stored, Millis now) {
    const Intake intake = std::move(stored.intake);
    stored.intake = {};
    stored.goes_at = 0;
    stored.updated = now;
    const Message& message = intake.message;
    const bool delivered = message.result == "1000";
    const bool falls_back = !delivered && intake.fallback;
    const std::string time = korean_time(now);
    Map json = *stored.json.if_map();
    json.set("receiveDate", delivered ? Value(time) : Value());
    json.set("resendStatus", falls_back ? "RSC04" : "RSC01");
    json.set("resendStatusName", falls_back ? "대체 발송 성공" : "대체 발송 안 함");
    json.set("messageStatus", delivered ? "COMPLETED" : "FAILED");
    json.set("resultCode", message.result);
    json.set("resultCodeName", result_name(message.result));
    stored.json = json;
    Map hook{{"kakaoMessageType", stored.brand ? "BRAND_MESSAGE_NORMAL" : "ALIMTALK_NORMAL"}};
    for (const char* name : {"requestId", "recipientSeq", "requestDate", "createDate", "receiveDate", "recipientNo",
                             "resultCode", "senderGroupingKey", "recipientGroupingKey"})
      hook.set(name, *json.find(name));
    told_.push_back({"MESSAGE_RESULT_UPDATE", Value(List{Value(std::move(hook))}), "", "", {}});
    if (told_.size() > kToldMax) told_.pop_front();
    if (delivered) return {message};
    if (!falls_back) return {};
    Message text = message;
    text.channel = text_channel(intake.fallback_text);
    text.text = intake.fallback_text;
    text.buttons.clear();
    text.template_code.clear();
    text.result = "1000";
    return {std::move(text)};
  }

  Outcome take_back(const Incoming& in) {
    const std::string wanted = in.parameter("recipientSeq");
    bool found = false;
    for (Stored& stored : messages_) {
      if (stored.request != in.segments[5] || stored.goes_at == 0) continue;
      if (!wanted.empty() && !names(wanted, stored.recipient)) continue;
      found = true;
      stored.goes_at = 0;
      stored.updated = in.now;
      Map json = *stored.json.if_map();
      json.set("messageStatus", "CANCEL");
      stored.json = json;
    }
    if (!found) return {refusal(-1016, "The message does not exist."), Effect::refused, {}, {}};
    return {json_response(200, Map{{"header", success(false)}}), Effect::applied, {}, {}};
  }

  // By requestId or between two times of at most 30 days, at most 90 days back.
  Outcome list(const Incoming& in, const std::string& date, bool brand) const {
    const std::string request = in.parameter("requestId");
    Millis from = 0, until = 0;
    if (request.empty()) {
      const auto start = parse_korean_time(in.parameter("start" + date));
      const auto end = parse_korean_time(in.parameter("end" + date));
      if (!start || !end)
        return {
            refusal(4, "start" + date + " and end" + date + " are required (yyyy-MM-dd HH:mm)."), Effect::read, {}, {}};
      from = *start;
      until = *end + kMinute;  // the last minute counts
      if (*end - from > kSpanMax) return {refusal(-4003, "The range of dates is up to 30 days."), Effect::read, {}, {}};
      if (from < in.now - kBackMax)
        return {refusal(-4017, "Messages before 90 days cannot be queried."), Effect::read, {}, {}};
    }
    const std::int64_t page = std::max<std::int64_t>(whole_number(in.parameter("pageNum")).value_or(1), 1);
    const std::int64_t size = std::clamp<std::int64_t>(whole_number(in.parameter("pageSize")).value_or(15), 1, 1000);
    const auto unwanted = [&](const Value& item, const char* name) {
      const std::string wanted = in.parameter(name);
      return !wanted.empty() && wanted != item.text(name);
    };
    const bool by_update = date == "UpdateDate";
    const std::string result = in.parameter("resultCode");
    List found;
    std::int64_t total = 0;
    for (auto at = messages_.rbegin(); at != messages_.rend(); ++at) {
      if (at->brand != brand) continue;
      const Millis when = by_update ? at->updated : at->at;
      if (by_update && at->json.text("messageStatus").empty()) continue;
      if (request.empty() ? when < from || when >= until : at->request != request) continue;
      if (unwanted(at->json, "recipientNo") || unwanted(at->json, "senderKey") || unwanted(at->json, "templateCode") ||
          unwanted(at->json, "senderGroupingKey") || unwanted(at->json, "recipientGroupingKey") ||
          unwanted(at->json, "messageStatus"))
        continue;
      const bool success = at->json.text("messageStatus") == "COMPLETED";
      if ((result == "MRC01" && !success) || (result == "MRC02" && success)) continue;
      if (total >= (page - 1) * size && total < page * size) found.push_back(at->json);
      ++total;
    }
    return {json_response(
                200, Map{{"header", success(false)},
                         {"messageSearchResultResponse", Map{{"messages", std::move(found)}, {"totalCount", total}}}}),
            Effect::read,
            {},
            {}};
  }

  Outcome one(const Incoming& in) const {
    const auto at = std::find_if(messages_.begin(), messages_.end(), [&](const Stored& item) {
      return item.request == in.segments[5] && std::to_string(item.recipient) == in.segments[6];
    });
    if (at == messages_.end()) return {refusal(-1016, "The message does not exist."), Effect::read, {}, {}};
    return {json_response(200, Map{{"header", success(false)}, {"message", at->json}}), Effect::read, {}, {}};
  }

  Outcome senders(const Incoming& in) const {
    const std::string sender = in.segments.size() > 5 ? in.segments[5] : "";
    if (sender == "missing") return {refusal(-2017, "Not exist plus friend."), Effect::read, {}, {}};
    if (in.segments.size() == 5 || in.segments.size() == 6)
      return {json_response(
                  200,
                  Map{{"header", success(false)},
                      {"senders", List{Map{{"plusFriendId", "@허브상점"}, {"senderKey", sender}, {"status", "YSC03"}}}},
                      {"totalCount", 1}}),
              Effect::read,
              {},
              {}};
    if (in.segments[6] != "templates") return {refusal(-9998, "Not exist API."), Effect::refused, {}, {}};
    return {json_response(200, Map{{"header", success(false)},
                                   {"templateListResponse", nhn::template_page(in, sender, templates_)}}),
            Effect::read,
            {},
            {}};
  }

  const std::string app_key_;
  const std::string secret_key_;
  const TemplateStore& templates_;
  std::deque<Stored> messages_;  // oldest first
  std::deque<Told> told_;        // results that no hook was asked about yet
  std::unordered_map<std::string, Millis> keys_;
  std::deque<std::string> key_order_;
  std::int64_t last_request_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_nhn(const Credentials& credentials, const TemplateStore& templates) {
  return std::make_unique<Nhn>(credentials, templates);
}

}  // namespace ieum::sandbox
