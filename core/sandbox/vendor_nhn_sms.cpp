// NHN Cloud's product SMS v3.0: short and long texts, at once or at a time, taken back until then, found again by their
// grouping key, their results by the time of the update. Beside KakaoTalk Bizmessage, with an appkey of its own. https://docs.nhncloud.com/en/Notification/SMS/en/api-guide/
#include <algorithm>
#include <deque>

#include "base/digest.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kMessagesMax = 10'000;

class NhnSms final : public Vendor {
 public:
  explicit NhnSms(const Credentials& credentials)
      : app_key_(credentials.nhn_sms_app_key), secret_key_(credentials.nhn_secret_key) {}

  [[nodiscard]] std::string_view name() const override { return "nhn_sms"; }
  [[nodiscard]] bool owns(const Incoming& in) const override { return !in.segments.empty() && in.segments[0] == "sms"; }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    for (std::size_t i = 4; i < in.segments.size(); ++i) out.operation += (i > 4 ? "/" : "") + in.segments[i];
    out.reads = in.is("GET");
    if (in.is("POST")) out.message = message_of(in);
    out.key = out.message ? out.message->key : in.parameter("recipientGroupingKey");
    return out;
  }

  std::vector<Message> arrived(Millis now) override {
    std::vector<Message> out;
    for (auto at = scheduled_.begin(); at != scheduled_.end();) {
      if (at->goes_at > now) {
        ++at;
        continue;
      }
      set_status(at->request, "3", "1000", at->goes_at);
      out.push_back(std::move(at->message));
      at = scheduled_.erase(at);
    }
    return out;
  }

  Outcome act(const Incoming& in, bool) override {
    const bool cancels =
        in.is("PUT") && in.segments.size() == 6 && in.segments[4] == "reservations" && in.segments[5] == "cancel";
    const bool results = in.is("GET") && in.segments.size() == 5 && in.segments[4] == "message-results";
    if (in.segments.size() < 5 || in.segments[2] != "appKeys" ||
        ((in.segments.size() < 6 || in.segments[4] != "sender") && !cancels && !results))
      return refuse(-9998, "Not exist API.");
    if (!constant_time_equal(in.segments[3], app_key_)) return refuse(-1000, "Invalid appKey.");
    if (!constant_time_equal(in.header("X-Secret-Key"), secret_key_)) return refuse(-1001, "Invalid secretKey.");
    if (cancels) return cancel(in);
    if (results) return list_results(in);
    if (in.is("POST") && in.segments.size() == 6) return send(in);
    if (in.is("GET")) return look_up(in);
    return refuse(-9998, "Not exist API.");
  }

 private:
  static Outcome refuse(std::int64_t code, std::string_view text) {
    return {json_response(200,
                          Map{{"header", Map{{"isSuccessful", false}, {"resultCode", code}, {"resultMessage", text}}}}),
            Effect::refused,
            {},
            {}};
  }
  static Value success() { return Map{{"isSuccessful", true}, {"resultCode", 0}, {"resultMessage", "SUCCESS"}}; }

  static Message message_of(const Incoming& in) {
    Message message;
    message.channel = in.segments.size() > 5 && in.segments[5] == "mms" ? "lms" : "sms";
    message.from = in.json.text("sendNo");
    message.title = in.json.text("title");
    message.text = in.json.text("body");
    message.result = "1000";
    if (const Value* first = in.json.at_path("recipientList.0")) {
      message.to = first->text("recipientNo");
      message.key = first->text("recipientGroupingKey");
    }
    return message;
  }

  Outcome send(const Incoming& in) {
    Message message = message_of(in);
    if (message.from.empty() || message.text.empty() || !all_digits(message.to))
      return refuse(-2000, "Invalid parameter.");
    if (message.channel == "sms" && text_channel(message.text) != "sms") return refuse(-2003, "The body is too long.");
    const std::string request = "SMS" + std::to_string(in.now) + std::to_string(++last_);
    const auto date = parse_korean_time(in.json.text("requestDate"));
    const bool later = date && *date > in.now;
    messages_.push_back(Map{{"requestId", request},
                            {"recipientSeq", 1},
                            {"kind", message.channel},
                            {"recipientNo", message.to},
                            {"sendNo", message.from},
                            {"title", message.title},
                            {"body", message.text},
                            {"requestDate", korean_time(later ? *date : in.now)},
                            {"msgStatus", later ? "1" : "3"},
                            {"resultCode", later ? "" : "1000"},
                            {"updateDate", korean_time(in.now)},
                            {"senderGroupingKey", in.json.text("senderGroupingKey")},
                            {"recipientGroupingKey", message.key}});
    if (messages_.size() > kMessagesMax) messages_.pop_front();
    Outcome outcome{
        json_response(200,
                      Map{{"header", success()},
                          {"body", Map{{"data", Map{{"requestId", request},
                                                    {"statusCode", "2"},
                                                    {"senderGroupingKey", in.json.text("senderGroupingKey")},
                                                    {"sendResultList", List{Map{{"recipientNo", message.to},
                                                                                {"recipientSeq", 1},
                                                                                {"resultCode", 0},
                                                                                {"resultMessage", "SUCCESS"}}}}}}}}}),
        Effect::applied,
        {},
        message};
    if (later)
      scheduled_.push_back({request, *date, std::move(message)});
    else
      outcome.reached.push_back(std::move(message));
    return outcome;
  }

  Outcome cancel(const Incoming& in) {
    const Value* wanted = in.json.get("reservationList");
    const List* list = wanted == nullptr ? nullptr : wanted->if_list();
    if (list == nullptr || list->empty() || in.json.text("updateUser").empty())
      return refuse(-2000, "Invalid parameter.");
    std::int64_t cancelled = 0;
    for (const Value& one : *list) {
      const std::string request = one.text("requestId");
      if (std::erase_if(scheduled_, [&](const Scheduled& item) { return item.request == request; }) == 0) continue;
      set_status(request, "5", "", in.now);
      ++cancelled;
    }
    return {
        json_response(200, Map{{"header", success()},
                               {"body", Map{{"data", Map{{"requestedCount", static_cast<std::int64_t>(list->size())},
                                                         {"canceledCount", cancelled}}}}}}),
        cancelled > 0 ? Effect::applied : Effect::refused,
        {},
        {}};
  }

  void set_status(const std::string& request, std::string_view status, std::string_view code, Millis now) {
    for (Value& message : messages_) {
      if (message.text("requestId") != request) continue;
      Map json = *message.if_map();
      json.set("msgStatus", status);
      json.set("resultCode", code);
      json.set("updateDate", korean_time(now));
      message = std::move(json);
    }
  }

  // Short and long texts whose result came between two times of at most a day, the newest first; no telephone numbers.
  Outcome list_results(const Incoming& in) const {
    const auto from = parse_korean_time(in.parameter("startUpdateDate"));
    const auto until = parse_korean_time(in.parameter("endUpdateDate"));
    if (!from || !until || *until - *from > kDay) return refuse(-2000, "Invalid parameter.");
    const std::int64_t page = std::max<std::int64_t>(whole_number(in.parameter("pageNum")).value_or(1), 1);
    const std::int64_t size = std::clamp<std::int64_t>(whole_number(in.parameter("pageSize")).value_or(15), 1, 1000);
    List found;
    std::int64_t total = 0;
    for (auto at = messages_.rbegin(); at != messages_.rend(); ++at) {
      const auto updated = parse_korean_time(at->text("updateDate"));
      if (at->text("resultCode").empty() || !updated || *updated < *from || *updated > *until + kMinute) continue;
      if (total >= (page - 1) * size && total < page * size) found.push_back(result_of(*at));
      ++total;
    }
    return {
        json_response(
            200, Map{{"header", success()},
                     {"body",
                      Map{{"pageNum", page}, {"pageSize", size}, {"totalCount", total}, {"data", std::move(found)}}}}),
        Effect::read,
        {},
        {}};
  }

  static Value result_of(const Value& message) {
    Map out{{"messageType", message.text("kind") == "lms" ? "LMS" : "SMS"},
            {"resultCodeName", message.text("resultCode") == "1000" ? "성공" : "실패"},
            {"resultDate", message.text("updateDate")}};
    for (const char* name : {"requestId", "recipientSeq", "resultCode", "requestDate", "updateDate",
                             "senderGroupingKey", "recipientGroupingKey"})
      if (const Value* value = message.get(name)) out.set(name, *value);
    return out;
  }

  // A list, or with the request in the path the one message.
  Outcome look_up(const Incoming& in) const {
    const std::string kind = in.segments[5] == "mms" ? "lms" : "sms";
    const std::string key = in.parameter("recipientGroupingKey");
    List found;
    for (auto at = messages_.rbegin(); at != messages_.rend(); ++at) {
      if (at->text("kind") != kind) continue;
      if (in.segments.size() > 6 ? at->text("requestId") != in.segments[6]
                                 : !key.empty() && at->text("recipientGroupingKey") != key)
        continue;
      found.push_back(*at);
    }
    if (in.segments.size() > 6) {
      if (found.empty()) return refuse(-1016, "The message does not exist.");
      return {
          json_response(200, Map{{"header", success()}, {"body", Map{{"data", found.front()}}}}), Effect::read, {}, {}};
    }
    const auto count = static_cast<std::int64_t>(found.size());
    return {json_response(200,
                          Map{{"header", success()}, {"body", Map{{"data", std::move(found)}, {"totalCount", count}}}}),
            Effect::read,
            {},
            {}};
  }

  const std::string app_key_;
  const std::string secret_key_;
  struct Scheduled {
    std::string request;
    Millis goes_at = 0;
    Message message;
  };
  std::deque<Value> messages_;        // oldest first
  std::vector<Scheduled> scheduled_;  // of these, what still waits for its time
  std::int64_t last_ = 0;
};

}  // namespace

std::unique_ptr<Vendor> make_nhn_sms(const Credentials& credentials) { return std::make_unique<NhnSms>(credentials); }

}  // namespace ieum::sandbox
