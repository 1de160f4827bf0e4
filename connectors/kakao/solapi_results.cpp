// Solapi: what became of messages (webhook, poll, one message), cancelling scheduled ones, and the list of templates.
#include <algorithm>

#include "codes.hpp"
#include "ieum/time.hpp"
#include "number.hpp"
#include "solapi.hpp"

namespace kakao::solapi {

namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::int64_t kPageSize = 500;
constexpr std::int64_t kSpanMs = 24LL * 3600 * 1000;        // of one poll
constexpr std::int64_t kBackMs = 175LL * 24 * 3600 * 1000;  // Solapi keeps six months

std::string_view channel_of(std::string_view type) {
  if (type == "SMS" || type == "LMS" || type == "MMS") return "sms";
  return type.starts_with("BMS") ? "kakao_brand_message" : "kakao_alimtalk";
}

// A message of type ATA whose replacement is told of has become a text; else its own switch says what may come.
std::string_view fallback_state(const ieum::json::value& message) {
  const ieum::json::value* replaced = ieum::find(message, "replacement");
  if (replaced != nullptr && replaced->is_bool() && replaced->get_bool()) return "sent";
  const ieum::json::value* disabled = ieum::find(message, "kakaoOptions.disableSms");
  return disabled != nullptr && disabled->is_bool() && disabled->get_bool() ? "none" : "";
}

object result_of(const ieum::json::value& message) {
  const std::string code = ieum::text_at(message, "statusCode");
  const std::string_view status = solapi_status(code);
  return {{"dealer", "solapi"},
          {"channel", channel_of(ieum::text_at(message, "type"))},
          {"message_id", ieum::text_at(message, "messageId")},
          {"recipient", ""},
          {"group_id", ieum::text_at(message, "groupId")},
          {"step_key", ieum::text_at(message, "customFields.hubStep")},
          {"phone", international_number(ieum::text_at(message, "to"))},
          {"status", status},
          {"code", code},
          {"reason", status == "failed" ? solapi_reason(code) : std::string_view()},
          {"fallback", fallback_state(message)},
          {"message", ieum::text_at(message, "statusMessage")},
          {"reported_at", ieum::text_at(message, "dateReported")},
          {"vendor", message}};
}

Effect results_page(const ieum::Call& call, std::int64_t from, std::int64_t until, const std::string& start_key) {
  const auto time = [](std::int64_t ms) { return ieum::percent_encode(ieum::rfc3339_text(ms, ieum::kKoreaMinutes)); };
  std::string path = "/messages/v4/list?dateType=UPDATED&startDate=" + time(from) + "&endDate=" + time(until) +
                     "&limit=" + std::to_string(kPageSize);
  if (!start_key.empty()) path += "&startKey=" + ieum::percent_encode(start_key);
  return ieum::http("GET", address(call, path)).auth("solapi").safe().state({{"from", from}, {"until", until}});
}

std::string_view template_state(std::string_view status) {
  if (status == "APPROVED") return "approved";
  if (status == "REJECTED") return "rejected";
  if (status == "INSPECTING") return "reviewing";
  return status == "PENDING" ? "requested" : "stopped";
}

object template_of(const ieum::json::value& from) {
  Template item;
  item.key = ieum::text_at(from, "templateId");
  item.title = ieum::text_at(from, "name");
  item.status = template_state(ieum::text_at(from, "status"));
  item.kind = ieum::text_at(from, "messageType");
  item.emphasis = ieum::text_at(from, "emphasizeType");
  item.text = ieum::text_at(from, "content");
  item.headline = ieum::text_at(from, "emphasizeTitle");
  item.subtitle = ieum::text_at(from, "emphasizeSubtitle");
  if (const ieum::json::value* buttons = ieum::find(from, "buttons"); buttons != nullptr && buttons->is_array())
    for (const ieum::json::value& button : buttons->get_array()) {
      Button out;
      out.type = ieum::text_at(button, "buttonType");
      out.name = ieum::text_at(button, "buttonName");
      out.link_mo = ieum::text_at(button, "linkMo");
      out.link_pc = ieum::text_at(button, "linkPc");
      out.scheme_android = ieum::text_at(button, "linkAnd");
      out.scheme_ios = ieum::text_at(button, "linkIos");
      if (ieum::flag_at(button, "targetOut")) out.target = "out";
      item.buttons.push_back(std::move(out));
    }
  return template_item(item);
}

Effect templates_page(const ieum::Call& call, const std::string& start_key, ieum::json::array items) {
  std::string path = "/kakao/v2/templates?limit=100";
  if (!call.config("pf_id").empty()) path += "&channelId=" + ieum::percent_encode(call.config("pf_id"));
  if (!start_key.empty()) path += "&startKey=" + ieum::percent_encode(start_key);
  return ieum::http("GET", address(call, path)).auth("solapi").safe().state({{"items", std::move(items)}});
}

}  // namespace

Effect get(const ieum::Call& call, const Handle& handle) {
  const std::string by = handle.message_id.empty() ? "groupId=" + ieum::percent_encode(handle.group_id)
                                                   : "messageId=" + ieum::percent_encode(handle.message_id);
  return ieum::http("GET", address(call, "/messages/v4/list?" + by + "&limit=1")).auth("solapi").safe();
}

Effect got(const ieum::Call& call, const Handle& handle) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "messageList");
  if (list == nullptr || (!list->is_array() && !list->is_object()))
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Solapi's list of messages cannot be read");
  for (const ieum::json::value* message : messages_of(*list)) {
    const std::string code = ieum::text_at(*message, "statusCode");
    const std::string_view final_status = solapi_status(code);
    const std::string_view status = !final_status.empty() ? final_status : code == "3000" ? "unknown" : "accepted";
    return ieum::done({{"dealer", "solapi"},
                       {"message_id", ieum::text_at(*message, "messageId", handle.message_id)},
                       {"status", status},
                       {"code", code},
                       {"reason", status == "failed" ? solapi_reason(code) : std::string_view()},
                       {"fallback", fallback_state(*message)},
                       {"text", ieum::text_at(*message, "text")}});
  }
  return ieum::fail(Kind::permanent, "no_such_message", "Solapi has no such message");
}

Effect cancel(const ieum::Call& call, const Handle& handle) {
  if (handle.group_id.empty())
    return ieum::fail(Kind::permanent, "no_group",
                      "Solapi cancels by `group_id`: give that output of the step that sent");
  return ieum::http("DELETE",
                    address(call, "/messages/v4/groups/" + ieum::percent_encode(handle.group_id) + "/schedule"))
      .auth("solapi")
      .idempotent();
}

Effect cancelled(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"dealer", "solapi"}, {"status", "cancelled"}});
}

Effect templates(const ieum::Call& call) { return templates_page(call, "", {}); }

Effect templates_came(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "templateList");
  if (list == nullptr || !list->is_array())
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Solapi's list of templates cannot be read");
  ieum::json::array items;
  if (const ieum::json::value* before = ieum::find(call.state(), "items"); before != nullptr && before->is_array())
    items = before->get_array();
  for (const ieum::json::value& item : list->get_array()) items.emplace_back(template_of(item));
  const std::string next = ieum::text_at(call.answer(), "nextKey");
  if (next.empty()) return ieum::done({{"items", std::move(items)}});
  if (ieum::to_json(items).size() > kTemplateBytesMax)
    return ieum::fail(Kind::permanent, "too_many_templates", "the dealer has more templates than the hub can read");
  return templates_page(call, next, std::move(items));
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
    if (code.empty() || solapi_status(code).empty()) continue;
    const object result = result_of(message);
    events.keyed("message.result", result_key(result), result);
  }
  return events;
}

// The cursor is {until}, and {from, start} in the middle of a span. The first time there is nothing to tell: from now on.
Effect results(const ieum::Call& call) {
  const std::int64_t now = call.now_ms();
  const auto until = ieum::int_at(call.state(), "until");
  if (!until) return ieum::events().cursor({{"until", now}});
  const std::string start = ieum::text_at(call.state(), "start");
  if (!start.empty()) return results_page(call, ieum::int_at(call.state(), "from").value_or(now), *until, start);
  const std::int64_t from = std::max(*until - kOverlapMs, now - kBackMs);
  return results_page(call, from, std::min(now, from + kSpanMs), "");
}

Effect results_came(const ieum::Call& call) {
  const std::int64_t from = ieum::int_at(call.state(), "from").value_or(0);
  const std::int64_t until = ieum::int_at(call.state(), "until").value_or(0);
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "messageList");
  if (list == nullptr || (!list->is_array() && !list->is_object()))
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "Solapi's list of messages cannot be read");
  ieum::Events events;
  for (const ieum::json::value* message : messages_of(*list)) {
    const std::string code = ieum::text_at(*message, "statusCode");
    if (code.empty() || solapi_status(code).empty()) continue;
    const object result = result_of(*message);
    events.keyed("message.result", polled_key(result), result);
  }
  const std::string next = ieum::text_at(call.answer(), "nextKey");
  if (!next.empty()) return events.cursor({{"until", until}, {"from", from}, {"start", next}}).more();
  return events.cursor({{"until", until}}).more(until + kOverlapMs < call.now_ms());
}

}  // namespace kakao::solapi
