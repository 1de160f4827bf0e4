// NHN Cloud KakaoTalk Bizmessage v2.3: POST .../messages, GET .../messages by recipientGroupingKey to find it again.
// HTTP 200 is no success: header.isSuccessful, then each recipient's resultCode. A repeated idempotency key is refused
// (-1005), so that this code means "probably sent": it is looked up.
// https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/alimtalk-api-guide/
#include "codes.hpp"
#include "dealers.hpp"
#include "ieum/address.hpp"
#include "ieum/time.hpp"
#include "number.hpp"

namespace kakao::nhn {

namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::string_view kBase = "https://kakaotalk-bizmessage.api.nhncloudservice.com";
constexpr std::int64_t kPageSize = 100;

std::string address(const ieum::Call& call, std::string_view path) {
  return ieum::base_url(call, kBase) + "/alimtalk/v2.3/appkeys/" + ieum::percent_encode(call.config("appkey")) +
         std::string(path);
}

Effect refused(const ieum::Call& call, std::int64_t code, const std::string& vendor_text) {
  const Meaning meaning = nhn_meaning(code);
  std::string message = "NHN Cloud " + std::to_string(code) + ": " + std::string(meaning.text);
  if (!vendor_text.empty()) message += " (" + vendor_text + ")";
  if (code == 3022) return ieum::fail(Kind::retry, "3022", message, until_morning_ms(call.now_ms()));
  return ieum::fail(meaning.kind, std::to_string(code), message);
}

// The first recipient's refusal, when there is one.
std::optional<Effect> recipient_failure(const ieum::Call& call) {
  const ieum::json::value* results = ieum::find(call.answer(), "message.sendResults");
  if (results == nullptr || !results->is_array()) return std::nullopt;
  for (const ieum::json::value& result : results->get_array()) {
    const std::int64_t code = ieum::int_at(result, "resultCode").value_or(0);
    if (code != 0) return refused(call, code, ieum::text_at(result, "resultMessage"));
  }
  return std::nullopt;
}

// Nothing when header.isSuccessful is true; its resultCode is no test (0 and 200 both occur).
std::optional<Effect> failure(const ieum::Call& call) {
  const int status = call.status();
  const ieum::json::value* header = ieum::find(call.answer(), "header");
  if (header != nullptr && header->is_object() && status < 500) {
    if (ieum::flag_at(*header, "isSuccessful")) return std::nullopt;
    const std::int64_t code = ieum::int_at(*header, "resultCode").value_or(0);
    if (code == -1031)
      if (auto failed = recipient_failure(call)) return failed;
    return refused(call, code, ieum::text_at(*header, "resultMessage"));
  }
  if (status == 429) return ieum::fail(Kind::rate_limited, "http_429", "NHN Cloud asks to slow down");
  if (status >= 500)
    return ieum::fail(Kind::retry, "http_" + std::to_string(status), "NHN Cloud is out of order for the moment");
  if (!call.succeeded()) return ieum::http_failure(call);
  return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's answer cannot be read");
}

Effect list_page(const ieum::Call& call, std::int64_t page) {
  const auto time = [&](std::int64_t ms) { return ieum::percent_encode(ieum::minute_text(ms, ieum::kKoreaMinutes)); };
  return ieum::http("GET",
                    address(call, "/messages?startRequestDate=" + time(call.now_ms() - kLookAroundMs) +
                                      "&endRequestDate=" + time(call.now_ms() + kLookAroundMs) +
                                      "&recipientGroupingKey=" + ieum::percent_encode(call.step_key()) +
                                      "&pageNum=" + std::to_string(page) + "&pageSize=" + std::to_string(kPageSize)))
      .auth("nhn")
      .safe()
      .state({{"page", page}});
}

const ieum::json::array* messages_of(const ieum::json::value& answer) {
  for (const std::string_view path : {"messageSearchResultResponse.messages", "message.messages", "messages"}) {
    const ieum::json::value* list = ieum::find(answer, path);
    if (list != nullptr && list->is_array()) return &list->get_array();
  }
  return nullptr;
}

}  // namespace

Effect send(const ieum::Call& call, const Message& message) {
  object resend{{"isResend", message.sms_fallback}};
  if (message.sms_fallback) {
    if (!message.fallback_text.empty()) resend["resendContent"] = message.fallback_text;
    if (const auto from = national_number(call.config("from"))) resend["resendSendNo"] = *from;
  }
  object recipient{
      {"recipientNo", message.to}, {"templateParameter", message.variables}, {"resendParameter", std::move(resend)}};
  if (!message.buttons.is_null()) recipient["buttons"] = message.buttons;
  recipient["recipientGroupingKey"] = call.step_key();
  object body{{"senderKey", call.config("sender_key")},
              {"templateCode", message.text_template},
              {"senderGroupingKey", "ieum"},
              {"recipientList", ieum::json::array{std::move(recipient)}}};
  return ieum::http("POST", address(call, "/messages"))
      .json(body)
      .header("X-NC-API-IDEMPOTENCY-KEY", call.step_key())
      .auth("nhn")
      .unsafe();
}

Effect sent(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (auto failed = recipient_failure(call)) return std::move(*failed);
  const std::string id = ieum::text_at(call.answer(), "message.requestId");
  if (id.empty()) return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's answer cannot be read");
  return ieum::done({{"dealer", "nhn"},
                     {"message_id", id},
                     {"group_id", ieum::text_at(call.answer(), "message.senderGroupingKey")},
                     {"status", "accepted"}});
}

Effect find(const ieum::Call& call) { return list_page(call, 1); }

Effect found(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::array* messages = messages_of(call.answer());
  if (messages == nullptr)
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's list of messages cannot be read");
  for (const ieum::json::value& message : *messages) {
    if (ieum::text_at(message, "recipientGroupingKey") != call.step_key()) continue;
    return ieum::found({{"dealer", "nhn"},
                        {"message_id", ieum::text_at(message, "requestId")},
                        {"group_id", ieum::text_at(message, "senderGroupingKey")},
                        {"status", "accepted"}});
  }
  if (static_cast<std::int64_t>(messages->size()) < kPageSize) return ieum::not_found();
  // The filter was not honoured: page on, but not for ever.
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  if (page >= kPagesMax)
    return ieum::fail(Kind::permanent, "too_many_messages", "too many messages; look at the dealer's console");
  return list_page(call, page + 1);
}

Effect test(const ieum::Call& call) {
  return ieum::http("GET", address(call, "/senders/" + ieum::percent_encode(call.config("sender_key")) +
                                             "/templates?templateStatus=TSC03"))
      .auth("nhn")
      .safe();
}

Effect tested(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"dealer", "nhn"}, {"balance", ""}});
}

// One delivery holds many hooks: results of messages, or states of templates.
Effect reports(const ieum::Call& call) {
  const ieum::json::value* hooks = ieum::find(call.answer(), "hooks");
  if (hooks == nullptr || !hooks->is_array())
    return ieum::fail(Kind::permanent, "unreadable_delivery", "the delivery has no hooks");
  ieum::Events events;
  for (const ieum::json::value& hook : hooks->get_array()) {
    const std::string code = ieum::text_at(hook, "resultCode");
    if (code.empty()) {
      const std::string state = ieum::text_at(hook, "status");
      if (!state.empty() && !ieum::text_at(hook, "templateCode").empty())
        events.data("template.status", object{{"dealer", "nhn"},
                                              {"template", ieum::text_at(hook, "templateCode")},
                                              {"status", state == "TSC03"   ? "approved"
                                                         : state == "TSC04" ? "rejected"
                                                         : state == "TSC02" ? "reviewing"
                                                                            : "requested"},
                                              {"vendor", hook}});
      continue;
    }
    const std::string_view status = nhn_status(code);
    events.data("message.result", object{{"dealer", "nhn"},
                                         {"message_id", ieum::text_at(hook, "requestId")},
                                         {"group_id", ieum::text_at(hook, "senderGroupingKey")},
                                         {"step_key", ieum::text_at(hook, "recipientGroupingKey")},
                                         {"phone", international_number(ieum::text_at(hook, "recipientNo"))},
                                         {"status", status},
                                         {"code", code},
                                         {"reason", status == "failed" ? reason(code) : std::string_view()},
                                         {"message", ieum::text_at(hook, "resultMessage")},
                                         {"reported_at", ieum::text_at(hook, "receiveDate")},
                                         {"vendor", hook}});
  }
  return events;
}

}  // namespace kakao::nhn
