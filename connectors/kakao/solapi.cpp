// Solapi: POST /messages/v4/send-many/detail with a list of one, GET /messages/v4/list to find it again by our mark.
// HTTP 200 comes with failures too: failedMessageList decides. There is no idempotency key; customFields carries ours.
// The header of each request has its own salt, which the vault makes: a salt that is used twice is refused.
// https://developers.solapi.com/references/messages/sendManyDetail
#include "solapi.hpp"

#include "codes.hpp"
#include "ieum/address.hpp"
#include "ieum/time.hpp"
#include "number.hpp"

namespace kakao {
namespace solapi {

namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::string_view kBase = "https://api.solapi.com";

// The names of Solapi carry #{}, and its values are texts.
object variables_of(const Message& message) {
  object out;
  for (const auto& variable : message.variables) out["#{" + std::string(variable.key()) + "}"] = variable.value();
  return out;
}

ieum::json::array button_list(const std::vector<Button>& buttons) {
  ieum::json::array list;
  for (const Button& button : buttons) {
    object out{{"buttonName", button.name}, {"buttonType", button.type}};
    for (const auto& [name, text] : {std::pair<std::string_view, const std::string&>{"linkMo", button.link_mo},
                                     {"linkPc", button.link_pc},
                                     {"linkAnd", button.scheme_android},
                                     {"linkIos", button.scheme_ios}})
      if (!text.empty()) out[name] = text;
    if (button.target == "out") out["targetOut"] = true;
    list.emplace_back(std::move(out));
  }
  return list;
}

// The buttons of a brand message have other names.
ieum::json::array bms_button_list(const std::vector<Button>& buttons) {
  ieum::json::array list;
  for (const Button& button : buttons) {
    object out{{"name", button.name}, {"linkType", button.type}};
    for (const auto& [name, text] : {std::pair<std::string_view, const std::string&>{"linkMobile", button.link_mo},
                                     {"linkPc", button.link_pc},
                                     {"linkAndroid", button.scheme_android},
                                     {"linkIos", button.scheme_ios},
                                     {"chatExtra", button.chat_extra}})
      if (!text.empty()) out[name] = text;
    if (button.target == "out") out["targetOut"] = true;
    list.emplace_back(std::move(out));
  }
  return list;
}

object kakao_options(const ieum::Call& call, const Message& message) {
  object options{{"pfId", call.config("pf_id")}};
  if (!message.text_template.empty()) {
    options["templateId"] = message.text_template;
    options["variables"] = variables_of(message);
  }
  if (message.product == Product::alimtalk) {
    options["disableSms"] = !message.dealer_fallback;
    if (!message.buttons.empty()) options["buttons"] = button_list(message.buttons);
    return options;
  }
  object bms{{"targeting", message.targeting}, {"chatBubbleType", message.bubble}};
  if (message.adult) bms["adult"] = true;
  if (!message.buttons.empty()) bms["buttons"] = bms_button_list(message.buttons);
  for (const auto& part : message.parts) bms[part.key()] = part.value();
  options["bms"] = std::move(bms);
  return options;
}

std::string_view type_of(const Message& message) {
  switch (message.product) {
    case Product::alimtalk: return "ATA";
    case Product::brand_message: return "BMS_FREE";
    case Product::sms: return "SMS";
    case Product::lms: return "LMS";
  }
  return "";
}

Effect list_page(const ieum::Call& call, const std::string& to, const std::string& start_key, std::int64_t page) {
  const auto time = [&](std::int64_t ms) { return ieum::percent_encode(ieum::rfc3339_text(ms, ieum::kKoreaMinutes)); };
  std::string path = "/messages/v4/list?to=" + to + "&startDate=" + time(call.now_ms() - kLookAroundMs) +
                     "&endDate=" + time(call.now_ms() + kLookAroundMs) + "&limit=100";
  if (!start_key.empty()) path += "&startKey=" + ieum::percent_encode(start_key);
  return ieum::http("GET", address(call, path)).auth("solapi").safe().state({{"page", page}});
}

// What Solapi has no place for would be lost without a word.
std::optional<Effect> unsent(const Message& message) {
  for (const auto& variable : message.variables)
    if (variable.key().find('.') != std::string_view::npos)
      return ieum::fail(Kind::permanent, "bad_variable",
                        "Solapi takes no variable with a dot in its name: '" + std::string(variable.key()) + "'");
  for (const Button& button : message.buttons) {
    const bool extra = !button.chat_extra.empty() && message.product == Product::alimtalk;
    if (extra || !button.chat_event.empty() || !button.biz_form_id.empty() || !button.plugin_id.empty() ||
        !button.tel_number.empty())
      return ieum::fail(Kind::permanent, "bad_button",
                        "through Solapi a button is given links" +
                            std::string(message.product == Product::alimtalk ? "" : " and chat_extra") +
                            " alone; leave the other values of '" + button.name + "' out");
  }
  return std::nullopt;
}

Effect send(const ieum::Call& call, const Message& message) {
  if (message.product == Product::brand_message && !message.text_template.empty())
    return ieum::fail(Kind::permanent, "no_brand_templates",
                      "the hub sends brand messages of Solapi as free text; leave `template` out and write `text`");
  if (auto refusal = unsent(message)) return std::move(*refusal);
  object item{{"to", message.to}};
  if (const auto from = national_number(call.config("from"))) item["from"] = *from;
  item["type"] = type_of(message);
  if (message.product == Product::alimtalk) {
    if (!message.fallback_text.empty()) item["text"] = message.fallback_text;
    if (!message.fallback_title.empty()) item["subject"] = message.fallback_title;
  } else if (!message.text.empty()) {
    item["text"] = message.text;
  }
  if (!message.subject.empty()) item["subject"] = message.subject;
  if (message.product == Product::alimtalk || message.product == Product::brand_message)
    item["kakaoOptions"] = kakao_options(call, message);
  item["customFields"] = object{{"hubStep", call.step_key()}};
  object body{{"messages", ieum::json::array{std::move(item)}}, {"allowDuplicates", false}};
  if (message.at_ms > 0) body["scheduledDate"] = ieum::rfc3339_text(message.at_ms, ieum::kKoreaMinutes);
  body["showMessageList"] = true;
  auto request = ieum::http("POST", address(call, "/messages/v4/send-many/detail"));
  request.json(body).auth("solapi").unsafe();
  if (call.waited()) request.state(object{{"waited", true}});
  return request;
}

Effect sent(const ieum::Call& call, const Message&) {
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
  return ieum::done(accepted("solapi", id, group, call));
}

Effect find(const ieum::Call& call, Product) {
  const auto to = national_number(call.input("to"));
  if (!to) return ieum::not_found();  // such a message was never sent
  return list_page(call, *to, "", 1);
}

Effect found(const ieum::Call& call, Product) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "messageList");
  if (list == nullptr || (!list->is_array() && !list->is_object()))
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Solapi's list of messages cannot be read");
  for (const ieum::json::value* item : messages_of(*list)) {
    if (ieum::text_at(*item, "customFields.hubStep") != call.step_key()) continue;
    return ieum::found(accepted("solapi", ieum::text_at(*item, "messageId"), ieum::text_at(*item, "groupId"), call));
  }
  const std::string next = ieum::text_at(call.answer(), "nextKey");
  if (next.empty()) return ieum::not_found();
  const std::int64_t page = ieum::int_at(call.state(), "page").value_or(1);
  if (page >= kPagesMax)
    return ieum::fail(Kind::permanent, "too_many_messages",
                      "too many messages to this number; look at the dealer's console");
  return list_page(call, national_number(call.input("to")).value_or(""), next, page + 1);
}

Effect test(const ieum::Call& call) {
  return ieum::http("GET", address(call, "/cash/v1/balance")).auth("solapi").safe();
}

Effect tested(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"dealer", "solapi"}, {"balance", ieum::text_at(call.answer(), "balance")}});
}

}  // namespace

std::string address(const ieum::Call& call, const std::string& path) { return ieum::base_url(call, kBase) + path; }

Effect refused(const ieum::Call& call, const std::string& code, const std::string& vendor_text) {
  const Meaning meaning = solapi_meaning(code);
  std::string message = "Solapi " + code + ": " + std::string(meaning.text);
  if (!vendor_text.empty()) message += " (" + vendor_text + ")";
  if (solapi_reason(code) == "night") return ieum::fail(meaning.kind, code, message, night_delay_ms(call));
  return ieum::fail(meaning.kind, code, message);
}

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

std::vector<const ieum::json::value*> messages_of(const ieum::json::value& list) {
  std::vector<const ieum::json::value*> messages;
  if (const ieum::json::array* items = list.if_array())
    for (const ieum::json::value& item : *items) messages.push_back(&item);
  if (const ieum::json::object* items = list.if_object())
    for (const auto& item : *items) messages.push_back(&item.value());
  return messages;
}

}  // namespace solapi

const Dealer kSolapi{solapi::send, solapi::sent,   solapi::find,      solapi::found,     solapi::get,
                     solapi::got,  solapi::cancel, solapi::cancelled, solapi::templates, solapi::templates_came,
                     solapi::test, solapi::tested, solapi::reports,   solapi::results,   solapi::results_came};

}  // namespace kakao
