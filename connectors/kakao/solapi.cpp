// Solapi: POST /messages/v4/send-many/detail with a list of one, GET /messages/v4/list to find it again.
// HTTP 200 comes with failures too: failedMessageList decides. There is no idempotency key; customFields carries ours.
// https://developers.solapi.com/references/messages/sendManyDetail
#include "codes.hpp"
#include "dealers.hpp"
#include "ieum/address.hpp"
#include "ieum/time.hpp"
#include "number.hpp"

namespace kakao::solapi {

namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::string_view kBase = "https://api.solapi.com";

Effect refused(const ieum::Call& call, const std::string& code, const std::string& vendor_text) {
  const Meaning meaning = solapi_meaning(code);
  std::string message = "Solapi " + code + ": " + std::string(meaning.text);
  if (!vendor_text.empty()) message += " (" + vendor_text + ")";
  if (reason(code) == "night") return ieum::fail(meaning.kind, code, message, until_morning_ms(call.now_ms()));
  return ieum::fail(meaning.kind, code, message);
}

// Nothing when the status is 2xx. A 5xx other than 503 may have been acted upon.
std::optional<Effect> failure(const ieum::Call& call) {
  if (call.succeeded()) return std::nullopt;
  const int status = call.status();
  const std::string code = ieum::text_at(call.answer(), "errorCode");
  const std::string text = ieum::text_at(call.answer(), "errorMessage");
  if (status == 429) return ieum::fail(Kind::rate_limited, "http_429", "Solapi asks to slow down");
  if (status == 503) return ieum::fail(Kind::retry, "http_503", "Solapi is out of order for the moment");
  if (status >= 500) return ieum::http_failure(call, "Solapi has an internal error");
  if (status == 401) return ieum::fail(Kind::auth_dead, code.empty() ? "http_401" : code, "Solapi refuses the API key");
  if (code.empty()) return ieum::http_failure(call);
  return refused(call, code, text);
}

// A list, or a map by message id: Solapi answers both ways.
std::vector<const ieum::json::value*> messages_of(const ieum::json::value& list) {
  std::vector<const ieum::json::value*> messages;
  if (const ieum::json::array* items = list.if_array())
    for (const ieum::json::value& item : *items) messages.push_back(&item);
  if (const ieum::json::object* items = list.if_object())
    for (const auto& item : *items) messages.push_back(&item.value());
  return messages;
}

Effect list_page(const ieum::Call& call, const std::string& to, const std::string& start_key, std::int64_t page) {
  const auto time = [&](std::int64_t ms) { return ieum::percent_encode(ieum::rfc3339_text(ms, ieum::kKoreaMinutes)); };
  std::string url = ieum::base_url(call, kBase) + "/messages/v4/list?to=" + to +
                    "&startDate=" + time(call.now_ms() - kLookAroundMs) +
                    "&endDate=" + time(call.now_ms() + kLookAroundMs) + "&limit=100";
  if (!start_key.empty()) url += "&startKey=" + ieum::percent_encode(start_key);
  return ieum::http("GET", url).auth("solapi").safe().state({{"page", page}});
}

}  // namespace

Effect send(const ieum::Call& call, const Message& message) {
  object options{{"pfId", call.config("pf_id")}, {"templateId", message.text_template}};
  object variables;
  for (const auto& variable : message.variables) variables["#{" + std::string(variable.key()) + "}"] = variable.value();
  options["variables"] = std::move(variables);
  options["disableSms"] = !message.sms_fallback;
  if (!message.buttons.is_null()) options["buttons"] = message.buttons;
  object item{{"to", message.to}};
  if (const auto from = national_number(call.config("from"))) item["from"] = *from;
  item["type"] = "ATA";
  if (!message.fallback_text.empty()) item["text"] = message.fallback_text;
  item["kakaoOptions"] = std::move(options);
  item["customFields"] = object{{"hubStep", call.step_key()}};
  object body{{"messages", ieum::json::array{std::move(item)}}, {"allowDuplicates", false}, {"showMessageList", true}};
  return ieum::http("POST", ieum::base_url(call, kBase) + "/messages/v4/send-many/detail")
      .json(body)
      .auth("solapi")
      .unsafe();
}

Effect sent(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* failures = ieum::find(call.answer(), "failedMessageList");
  if (failures != nullptr)
    for (const ieum::json::value* item : messages_of(*failures))
      return refused(call, ieum::text_at(*item, "statusCode"), ieum::text_at(*item, "statusMessage"));
  const std::string group = ieum::text_at(call.answer(), "groupInfo.groupId");
  if (ieum::int_at(call.answer(), "groupInfo.count.registeredFailed").value_or(0) > 0)
    return ieum::fail(Kind::permanent, "not_registered", "Solapi did not take the message and does not say why");
  if (group.empty()) return ieum::fail(Kind::ambiguous, "unreadable_answer", "Solapi's answer cannot be read");
  std::string id;
  if (const ieum::json::value* list = ieum::find(call.answer(), "messageList"))
    for (const ieum::json::value* item : messages_of(*list))
      if (id.empty()) id = ieum::text_at(*item, "messageId");
  return ieum::done({{"dealer", "solapi"}, {"message_id", id}, {"group_id", group}, {"status", "accepted"}});
}

Effect find(const ieum::Call& call, const std::string& to) { return list_page(call, to, "", 1); }

Effect found(const ieum::Call& call, const std::string& to) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "messageList");
  if (list == nullptr || (!list->is_array() && !list->is_object()))
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Solapi's list of messages cannot be read");
  for (const ieum::json::value* item : messages_of(*list)) {
    if (ieum::text_at(*item, "customFields.hubStep") != call.step_key()) continue;
    return ieum::found({{"dealer", "solapi"},
                        {"message_id", ieum::text_at(*item, "messageId")},
                        {"group_id", ieum::text_at(*item, "groupId")},
                        {"status", "accepted"}});
  }
  const std::string next = ieum::text_at(call.answer(), "nextKey");
  if (next.empty()) return ieum::not_found();
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  if (page >= kPagesMax)
    return ieum::fail(Kind::permanent, "too_many_messages",
                      "too many messages to this number; look at the dealer's console");
  return list_page(call, to, next, page + 1);
}

Effect test(const ieum::Call& call) {
  return ieum::http("GET", ieum::base_url(call, kBase) + "/cash/v1/balance").auth("solapi").safe();
}

Effect tested(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"dealer", "solapi"}, {"balance", ieum::text_at(call.answer(), "balance")}});
}

// The report is a list; an item is {"data": {...}} or the message itself.
Effect reports(const ieum::Call& call) {
  const ieum::json::array* items = call.answer().if_array();
  if (items == nullptr) return ieum::fail(Kind::permanent, "unreadable_delivery", "the report is no list");
  ieum::Events events;
  for (const ieum::json::value& item : *items) {
    const ieum::json::value* inner = ieum::find(item, "data");
    const ieum::json::value& message = inner != nullptr && inner->is_object() ? *inner : item;
    const std::string code = ieum::text_at(message, "statusCode");
    if (code.empty()) continue;
    const std::string_view status = solapi_status(code);
    events.data("message.result", object{{"dealer", "solapi"},
                                         {"message_id", ieum::text_at(message, "messageId")},
                                         {"group_id", ieum::text_at(message, "groupId")},
                                         {"step_key", ieum::text_at(message, "customFields.hubStep")},
                                         {"phone", international_number(ieum::text_at(message, "to"))},
                                         {"status", status},
                                         {"code", code},
                                         {"reason", status == "failed" ? reason(code) : std::string_view()},
                                         {"message", ieum::text_at(message, "statusMessage")},
                                         {"reported_at", ieum::text_at(message, "dateReported")},
                                         {"vendor", message}});
  }
  return events;
}

}  // namespace kakao::solapi
