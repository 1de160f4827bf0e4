// Aligo, as far as its independent clients show it: alimtalk with the filled text, one message's result, what is left.
// Forms in, HTTP 200 for everything; code 0 is success.
#include <deque>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kMessagesMax = 10'000;
constexpr std::int64_t kFirst = 71'928'000;

struct Stored {
  std::int64_t id = 0;
  Millis at = 0;
  Message message;
};

std::string field(const Incoming& in, std::string_view name) {
  const auto form = form_decode(in.http.body);
  if (!form) return "";
  for (const auto& [key, value] : *form)
    if (key == name) return value;
  return "";
}

Outcome refuse(std::int64_t code, std::string_view message) {
  return {json_response(200, Map{{"code", code}, {"message", message}}), Effect::refused, {}, {}};
}

class Aligo final : public Vendor {
 public:
  Aligo(const Credentials& credentials, const TemplateStore& templates)
      : user_(credentials.aligo_user), key_(credentials.aligo_api_key), templates_(templates) {}

  [[nodiscard]] std::string_view name() const override { return "aligo"; }
  [[nodiscard]] bool owns(const Incoming& in) const override {
    return !in.segments.empty() && in.segments[0] == "akv10";
  }

  [[nodiscard]] Description describe(const Incoming& in) const override {
    Description out;
    for (std::size_t i = 1; i < in.segments.size(); ++i) out.operation += (i > 1 ? "/" : "") + in.segments[i];
    out.reads = out.operation != "alimtalk/send";
    if (!out.reads) out.message = message_of(in);
    return out;
  }

  Outcome act(const Incoming& in, bool) override {
    if (!in.is("POST")) return refuse(-98, "POST로 호출해 주세요.");
    if (field(in, "userid") != user_ || !constant_time_equal(field(in, "apikey"), key_))
      return refuse(-99, "인증오류입니다.");
    const std::string what = describe(in).operation;
    if (what == "alimtalk/send") return send(in);
    if (what == "history/detail") return detail(in);
    if (what == "heartinfo")
      return {
          json_response(200, Map{{"code", 0}, {"message", ""}, {"list", Map{{"ALT_CNT", 1'000}, {"SMS_CNT", 1'000}}}}),
          Effect::read,
          {},
          {}};
    return refuse(-1, "없는 주소입니다.");
  }

 private:
  static Message message_of(const Incoming& in) {
    Message message;
    message.channel = "kakao_alimtalk";
    message.to = field(in, "receiver_1");
    message.from = field(in, "senderkey");
    message.title = field(in, "subject_1");
    message.text = field(in, "message_1");
    message.template_code = field(in, "tpl_code");
    message.result = wanted_result(message.to) ? "U" : "0";
    if (const auto buttons = parse_json(field(in, "button_1")); buttons && buttons->get("button") != nullptr)
      if (const List* list = buttons->get("button")->if_list())
        for (const Value& button : *list)
          message.buttons.push_back({button.text("name"), button.text("linkType", "WL"), button.text("linkMo"), {}});
    return message;
  }

  Outcome send(const Incoming& in) {
    Message message = message_of(in);
    if (message.from.empty() || !all_digits(message.to)) return refuse(-101, "필수 값이 없습니다.");
    const Template* found = templates_.find(message.template_code);
    if (found == nullptr || !found->approved) return refuse(-103, "템플릿이 없습니다.");
    if (!matches(*found, message.text)) return refuse(-105, "템플릿과 내용이 다릅니다.");
    messages_.push_back({++last_, in.now, message});
    if (messages_.size() > kMessagesMax) messages_.pop_front();
    Outcome outcome{json_response(200, Map{{"code", 0},
                                           {"message", "성공적으로 전송요청 하였습니다."},
                                           {"info", Map{{"type", "AT"}, {"mid", last_}, {"scnt", 1}, {"fcnt", 0}}}}),
                    Effect::applied,
                    {},
                    message};
    if (message.result == "0") {
      outcome.reached.push_back(std::move(message));
    } else if (field(in, "failover") == "Y") {
      Message text = message;
      text.text = field(in, "fmessage_1");
      text.channel = text_channel(text.text);
      text.buttons.clear();
      text.result = "0";
      outcome.reached.push_back(std::move(text));
    }
    return outcome;
  }

  Outcome detail(const Incoming& in) const {
    List list;
    for (const Stored& item : messages_)
      if (std::to_string(item.id) == field(in, "mid"))
        list.emplace_back(Map{{"msgid", std::to_string(item.id)},
                              {"phone", item.message.to},
                              {"status", "완료"},
                              {"reqdate", korean_time(item.at)},
                              {"message", item.message.text},
                              {"rslt", item.message.result},
                              {"rslt_message", item.message.result == "0" ? "성공" : "수신 불가"}});
    return {
        json_response(
            200, Map{{"code", 0}, {"message", ""}, {"list", std::move(list)}, {"currentPage", 1}, {"totalPage", 1}}),
        Effect::read,
        {},
        {}};
  }

  const std::string user_;
  const std::string key_;
  const TemplateStore& templates_;
  std::deque<Stored> messages_;
  std::int64_t last_ = kFirst;
};

}  // namespace

std::unique_ptr<Vendor> make_aligo(const Credentials& credentials, const TemplateStore& templates) {
  return std::make_unique<Aligo>(credentials, templates);
}

}  // namespace ieum::sandbox
