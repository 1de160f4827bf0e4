// NHN Cloud: sends, and finding them again by their recipientGroupingKey. KakaoTalk Bizmessage v2.3, brand messages v1.0,
// SMS v3.0. HTTP 200 is no success: header.isSuccessful, then each recipient's resultCode. A repeated idempotency key is
// refused (-1005), so that this code means "probably sent": it is looked up.
// https://docs.nhncloud.com/en/Notification/KakaoTalk%20Bizmessage/en/alimtalk-api-guide/
#include "nhn.hpp"

#include "codes.hpp"
#include "ieum/address.hpp"
#include "ieum/time.hpp"
#include "number.hpp"

namespace kakao {
namespace nhn {

namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::string_view kBase = "https://kakaotalk-bizmessage.api.nhncloudservice.com";
constexpr std::string_view kSmsBase = "https://sms.api.nhncloudservice.com";
constexpr std::int64_t kPageSize = 100;

bool is_text(Product product) { return product == Product::sms || product == Product::lms; }

object button_value(const Button& button, std::size_t ordering) {
  object out{{"ordering", static_cast<std::int64_t>(ordering)}, {"type", button.type}, {"name", button.name}};
  for (const auto& [name, text] : {std::pair<std::string_view, const std::string&>{"linkMo", button.link_mo},
                                   {"linkPc", button.link_pc},
                                   {"schemeAndroid", button.scheme_android},
                                   {"schemeIos", button.scheme_ios},
                                   {"chatExtra", button.chat_extra},
                                   {"chatEvent", button.chat_event},
                                   {"bizFormId", button.biz_form_id},
                                   {"pluginId", button.plugin_id},
                                   {"telNumber", button.tel_number},
                                   {"target", button.target}})
    if (!text.empty()) out[name] = text;
  return out;
}

ieum::json::array button_list(const std::vector<Button>& buttons) {
  ieum::json::array list;
  for (const Button& button : buttons) list.emplace_back(button_value(button, list.size() + 1));
  return list;
}

// Always said: a fallback that is set up in the console would go out by itself otherwise.
object resend_of(const ieum::Call& call, const Message& message) {
  object resend{{"isResend", message.dealer_fallback}};
  if (!message.dealer_fallback) return resend;
  if (!message.fallback_title.empty()) {  // a short text has no title
    resend["resendType"] = "LMS";
    resend["resendTitle"] = message.fallback_title;
  }
  if (!message.fallback_text.empty()) resend["resendContent"] = message.fallback_text;
  if (const auto from = national_number(call.config("from"))) resend["resendSendNo"] = *from;
  if (message.product == Product::brand_message && !call.config("unsubscribe_no").empty())
    resend["resendUnsubscribeNo"] = call.config("unsubscribe_no");
  return resend;
}

object alimtalk_body(const ieum::Call& call, const Message& message) {
  object recipient{{"recipientNo", message.to},
                   {"templateParameter", message.variables},
                   {"resendParameter", resend_of(call, message)}};
  if (!message.buttons.empty()) recipient["buttons"] = button_list(message.buttons);
  recipient["recipientGroupingKey"] = call.step_key();
  object body{{"senderKey", call.config("sender_key")}, {"templateCode", message.text_template}};
  if (message.at_ms > 0) body["requestDate"] = ieum::minute_text(message.at_ms, ieum::kKoreaMinutes);
  body["senderGroupingKey"] = "ieum";
  body["recipientList"] = ieum::json::array{std::move(recipient)};
  return body;
}

object brand_body(const ieum::Call& call, const Message& message) {
  object body{{"senderKey", call.config("sender_key")}};
  if (message.text_template.empty())
    body["chatBubbleType"] = message.bubble;
  else
    body["templateCode"] = message.text_template;
  body["pushAlarm"] = !message.silent;
  if (message.text_template.empty()) body["adult"] = message.adult;
  if (message.at_ms > 0) body["requestDate"] = ieum::minute_text(message.at_ms, ieum::kKoreaMinutes);
  if (!call.config("unsubscribe_no").empty()) body["unsubscribeNo"] = call.config("unsubscribe_no");
  if (message.text_template.empty()) {
    if (!message.text.empty()) body["content"] = message.text;
    if (!message.buttons.empty()) body["buttons"] = button_list(message.buttons);
  }
  for (const auto& part : message.parts) body[part.key()] = part.value();
  object recipient{{"recipientNo", message.to}, {"targeting", message.targeting}};
  if (!message.text_template.empty()) recipient["templateParameter"] = message.variables;
  recipient["resendParameter"] = resend_of(call, message);
  recipient["recipientGroupingKey"] = call.step_key();
  body["senderGroupingKey"] = "ieum";
  body["recipientList"] = ieum::json::array{std::move(recipient)};
  return body;
}

object text_body(const ieum::Call& call, const Message& message) {
  object body;
  if (message.product == Product::lms) body["title"] = message.subject;
  body["body"] = message.text;
  body["sendNo"] = national_number(call.config("from")).value_or("");
  if (message.at_ms > 0) body["requestDate"] = ieum::minute_text(message.at_ms, ieum::kKoreaMinutes);
  body["senderGroupingKey"] = "ieum";
  body["recipientList"] =
      ieum::json::array{object{{"recipientNo", message.to}, {"recipientGroupingKey", call.step_key()}}};
  return body;
}

std::string_view send_path(const Message& message) {
  switch (message.product) {
    case Product::alimtalk: return message.auth ? "/auth/messages" : "/messages";
    case Product::brand_message: return message.text_template.empty() ? "/freestyle-messages" : "/basic-messages";
    case Product::sms: return "/sender/sms";
    case Product::lms: return "/sender/mms";
  }
  return "";
}

const ieum::json::value* results_of(const ieum::json::value& answer) {
  for (const std::string_view path : {"message.sendResults", "body.data.sendResultList"}) {
    const ieum::json::value* list = ieum::find(answer, path);
    if (list != nullptr && list->is_array()) return list;
  }
  return nullptr;
}

// The first recipient's refusal, when there is one.
std::optional<Effect> recipient_failure(const ieum::Call& call) {
  const ieum::json::value* results = results_of(call.answer());
  if (results == nullptr) return std::nullopt;
  for (const ieum::json::value& result : results->get_array()) {
    const std::int64_t code = ieum::int_at(result, "resultCode").value_or(0);
    if (code != 0) return refused(call, code, ieum::text_at(result, "resultMessage"));
  }
  return std::nullopt;
}

// Around the request's date, which is that of the going out for what is scheduled.
Effect list_page(const ieum::Call& call, Product product, std::int64_t page) {
  const std::int64_t about = ieum::read_rfc3339(call.input("at")).value_or(call.now_ms());
  // SMS wants seconds.
  const std::string seconds = is_text(product) ? "%3A00" : "";
  const bool with_code = product == Product::alimtalk && ieum::flag_at(call.inputs(), "auth");
  const std::string path = product == Product::sms   ? "/sender/sms"
                           : product == Product::lms ? "/sender/mms"
                           : with_code               ? "/auth/messages"
                                                     : "/messages";
  return ieum::http("GET", address(call, product,
                                   path + "?startRequestDate=" + minute(about - kLookAroundMs) + seconds +
                                       "&endRequestDate=" + minute(about + kLookAroundMs) + seconds +
                                       "&recipientGroupingKey=" + ieum::percent_encode(call.step_key()) +
                                       "&pageNum=" + std::to_string(page) + "&pageSize=" + std::to_string(kPageSize)))
      .auth(auth(product))
      .safe()
      .state({{"page", page}});
}

const ieum::json::array* messages_of(const ieum::json::value& answer) {
  for (const std::string_view path :
       {"messageSearchResultResponse.messages", "message.messages", "messages", "body.data"}) {
    const ieum::json::value* list = ieum::find(answer, path);
    if (list != nullptr && list->is_array()) return &list->get_array();
  }
  return nullptr;
}

Effect send(const ieum::Call& call, const Message& message) {
  const object body = message.product == Product::alimtalk        ? alimtalk_body(call, message)
                      : message.product == Product::brand_message ? brand_body(call, message)
                                                                  : text_body(call, message);
  auto request = ieum::http("POST", address(call, message.product, send_path(message)));
  request.json(body).header("X-NC-API-IDEMPOTENCY-KEY", call.step_key()).auth(auth(message.product)).unsafe();
  if (call.waited()) request.state(object{{"waited", true}});
  return request;
}

Effect sent(const ieum::Call& call, const Message&) {
  if (auto failed = failure(call)) return std::move(*failed);
  if (auto failed = recipient_failure(call)) return std::move(*failed);
  for (const std::string path : {"message", "body.data"}) {
    const std::string id = ieum::text_at(call.answer(), path + ".requestId");
    if (!id.empty())
      return ieum::done(accepted("nhn", id, ieum::text_at(call.answer(), path + ".senderGroupingKey"), call));
  }
  return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's answer cannot be read");
}

Effect find(const ieum::Call& call, Product product) { return list_page(call, product, 1); }

Effect found(const ieum::Call& call, Product product) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::array* messages = messages_of(call.answer());
  if (messages == nullptr)
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's list of messages cannot be read");
  for (const ieum::json::value& message : *messages) {
    if (ieum::text_at(message, "recipientGroupingKey") != call.step_key()) continue;
    return ieum::found(
        accepted("nhn", ieum::text_at(message, "requestId"), ieum::text_at(message, "senderGroupingKey"), call));
  }
  if (static_cast<std::int64_t>(messages->size()) < kPageSize) return ieum::not_found();
  // The filter was not honoured: page on, but not for ever.
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  if (page >= kPagesMax)
    return ieum::fail(Kind::permanent, "too_many_messages", "too many messages; look at the dealer's console");
  return list_page(call, product, page + 1);
}

Effect test(const ieum::Call& call) {
  return ieum::http("GET", address(call, Product::alimtalk,
                                   "/senders/" + ieum::percent_encode(call.config("sender_key")) +
                                       "/templates?templateStatus=TSC03"))
      .auth("nhn")
      .safe();
}

Effect tested(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"dealer", "nhn"}, {"balance", ""}});
}

}  // namespace

std::string address(const ieum::Call& call, Product product, std::string_view path) {
  const auto of = [&](std::string_view base, std::string_view service, std::string_view appkey) {
    return ieum::base_url(call, base) + std::string(service) + ieum::percent_encode(appkey) + std::string(path);
  };
  if (is_text(product)) return of(kSmsBase, "/sms/v3.0/appKeys/", call.config("sms_appkey"));
  if (product == Product::brand_message) return of(kBase, "/brand-message/v1.0/appkeys/", call.config("appkey"));
  return of(kBase, "/alimtalk/v2.3/appkeys/", call.config("appkey"));
}

std::string_view auth(Product product) { return is_text(product) ? "nhn_sms" : "nhn"; }

Effect refused(const ieum::Call& call, std::int64_t code, const std::string& vendor_text) {
  const Meaning meaning = nhn_meaning(code);
  std::string message = "NHN Cloud " + std::to_string(code) + ": " + std::string(meaning.text);
  if (!vendor_text.empty()) message += " (" + vendor_text + ")";
  if (code == 3022) return ieum::fail(Kind::retry, "3022", message, night_delay_ms(call));
  return ieum::fail(meaning.kind, std::to_string(code), message);
}

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

std::string minute(std::int64_t ms) { return ieum::percent_encode(ieum::minute_text(ms, ieum::kKoreaMinutes)); }

std::string utc_text(std::string_view korean) {
  const auto ms = ieum::read_rfc3339(std::string(korean) + "+09:00");
  return ms ? ieum::rfc3339_text(*ms) : std::string();
}

}  // namespace nhn

const Dealer kNhn{nhn::send, nhn::sent,   nhn::find,      nhn::found,     nhn::get,
                  nhn::got,  nhn::cancel, nhn::cancelled, nhn::templates, nhn::templates_came,
                  nhn::test, nhn::tested, nhn::reports,   nhn::results,   nhn::results_came};

}  // namespace kakao
