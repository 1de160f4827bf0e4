// NHN Cloud: what became of messages (webhook, poll, one message), cancelling scheduled ones, and the list of templates.
// The webhook's retries are not documented, so the poll is the truth: message-results by the minute of their update, with
// an overlap. Only the poll and the single message say whether a fallback text went out.
#include <algorithm>

#include "codes.hpp"
#include "ieum/time.hpp"
#include "nhn.hpp"
#include "number.hpp"

namespace kakao::nhn {

namespace {

using ieum::Effect;
using ieum::Kind;
using ieum::json::object;

constexpr std::int64_t kPageSize = 1'000;
constexpr std::int64_t kTemplatePage = 100;
constexpr std::int64_t kSpanMs = 24LL * 3600 * 1000;       // of one poll
constexpr std::int64_t kBackMs = 89LL * 24 * 3600 * 1000;  // NHN Cloud keeps 90 days

// none: no fallback was asked for, or none was needed. Of RSC01 .. RSC05; "" when it is not told.
std::string_view fallback_state(std::string_view code) {
  if (code == "RSC01") return "none";
  if (code == "RSC02" || code == "RSC03") return "sending";
  if (code == "RSC04") return "sent";
  if (code == "RSC05") return "failed";
  return "";
}

std::string_view channel_of(const std::string& product_name, const ieum::json::value& hook) {
  if (product_name == "SMS" || product_name == "Sms") return "sms";
  return ieum::text_at(hook, "kakaoMessageType").starts_with("BRAND") ? "kakao_brand_message" : "kakao_alimtalk";
}

// "" when there is nothing to tell yet. The codes of texts are others than KakaoTalk's, but for 1000.
std::string_view status_of(const std::string& code, std::string_view channel) {
  if (channel != "sms") return nhn_status(code);
  return code == "1000" ? "delivered" : "failed";
}

// One result as both webhook and poll tell it.
object result_of(const ieum::json::value& message, std::string_view channel) {
  const std::string code = ieum::text_at(message, "resultCode");
  const std::string_view status = status_of(code, channel);
  const std::string_view reason = status != "failed" ? "" : channel == "sms" ? "other" : nhn_reason(code);
  return {{"dealer", "nhn"},
          {"channel", channel},
          {"message_id", ieum::text_at(message, "requestId")},
          {"recipient", ieum::text_at(message, "recipientSeq")},
          {"group_id", ieum::text_at(message, "senderGroupingKey")},
          {"step_key", ieum::text_at(message, "recipientGroupingKey")},
          {"phone", international_number(ieum::text_at(message, "recipientNo"))},
          {"status", status},
          {"code", code},
          {"reason", reason},
          {"fallback", fallback_state(ieum::text_at(message, "resendStatus"))},
          {"message", ieum::text_at(message, "resultCodeName", ieum::text_at(message, "resultMessage"))},
          {"reported_at", utc_text(ieum::text_at(message, "receiveDate", ieum::text_at(message, "resultDate")))},
          {"vendor", message}};
}

std::string_view template_state(std::string_view code) {
  if (code == "TSC03") return "approved";
  if (code == "TSC04") return "rejected";
  if (code == "TSC02") return "reviewing";
  return code == "TSC01" ? "requested" : "stopped";
}

// What a poll asks for in turn, as its cursor writes it: KakaoTalk's two, then texts (short and long ones in one list).
struct Stage {
  Product product = Product::alimtalk;

  static Stage of(const ieum::json::value& state) {
    if (ieum::flag_at(state, "sms")) return {Product::sms};
    return {ieum::flag_at(state, "brand") ? Product::brand_message : Product::alimtalk};
  }
  [[nodiscard]] std::string_view channel() const {
    if (product == Product::sms) return "sms";
    return product == Product::brand_message ? "kakao_brand_message" : "kakao_alimtalk";
  }
  // The next one that this connection has.
  [[nodiscard]] std::optional<Stage> next(const ieum::Call& call) const {
    if (product == Product::alimtalk && ieum::flag_at(call.connection(), "brand_results"))
      return Stage{Product::brand_message};
    if (product != Product::sms && !call.config("sms_appkey").empty()) return Stage{Product::sms};
    return std::nullopt;
  }
  [[nodiscard]] object state(std::int64_t from, std::int64_t until, std::int64_t page) const {
    object out{{"from", from}, {"until", until}, {"page", page}, {"brand", product == Product::brand_message}};
    if (product == Product::sms) out["sms"] = true;
    return out;
  }
};

Effect results_page(const ieum::Call& call, std::int64_t from, std::int64_t until, std::int64_t page, Stage stage) {
  const std::string seconds = stage.product == Product::sms ? "%3A00" : "";  // texts want them
  return ieum::http("GET", address(call, stage.product,
                                   "/message-results?startUpdateDate=" + minute(from) + seconds +
                                       "&endUpdateDate=" + minute(until) + seconds +
                                       "&pageNum=" + std::to_string(page) + "&pageSize=" + std::to_string(kPageSize)))
      .auth(auth(stage.product))
      .safe()
      .state(stage.state(from, until, page));
}

object template_of(const ieum::json::value& from) {
  Template item;
  item.key = ieum::text_at(from, "templateCode");
  item.title = ieum::text_at(from, "templateName");
  item.status = template_state(ieum::text_at(from, "status"));
  item.kind = ieum::text_at(from, "templateMessageType");
  item.emphasis = ieum::text_at(from, "templateEmphasizeType");
  item.text = ieum::text_at(from, "templateContent");
  item.headline = ieum::text_at(from, "templateTitle");
  item.subtitle = ieum::text_at(from, "templateSubtitle");
  if (const ieum::json::value* buttons = ieum::find(from, "buttons"); buttons != nullptr && buttons->is_array())
    for (const ieum::json::value& button : buttons->get_array())
      item.buttons.push_back(
          {ieum::text_at(button, "type"), ieum::text_at(button, "name"), ieum::text_at(button, "linkMo"),
           ieum::text_at(button, "linkPc"), ieum::text_at(button, "schemeAndroid"), ieum::text_at(button, "schemeIos"),
           ieum::text_at(button, "chatExtra"), ieum::text_at(button, "chatEvent"), ieum::text_at(button, "bizFormId"),
           ieum::text_at(button, "pluginId"), ieum::text_at(button, "telNumber"), ieum::text_at(button, "target")});
  return template_item(item);
}

Effect templates_page(const ieum::Call& call, std::int64_t page, ieum::json::array items) {
  return ieum::http("GET", address(call, Product::alimtalk,
                                   "/senders/" + ieum::percent_encode(call.config("sender_key")) +
                                       "/templates?pageNum=" + std::to_string(page) +
                                       "&pageSize=" + std::to_string(kTemplatePage)))
      .auth("nhn")
      .safe()
      .state({{"page", page}, {"items", std::move(items)}});
}

}  // namespace

Effect get(const ieum::Call& call, const Handle& handle) {
  const bool text = handle.product == Product::sms || handle.product == Product::lms;
  if (text)
    return ieum::http("GET", address(call, handle.product,
                                     std::string(handle.product == Product::lms ? "/sender/mms/" : "/sender/sms/") +
                                         ieum::percent_encode(handle.message_id) +
                                         "?recipientSeq=" + ieum::percent_encode(handle.recipient)))
        .auth(auth(handle.product))
        .safe();
  return ieum::http("GET",
                    address(call, handle.product,
                            (handle.auth ? "/auth/messages/" : "/messages/") + ieum::percent_encode(handle.message_id) +
                                "/" + ieum::percent_encode(handle.recipient)))
      .auth("nhn")
      .safe();
}

Effect got(const ieum::Call& call, const Handle& handle) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* message = ieum::find(call.answer(), "message");
  if (message == nullptr) message = ieum::find(call.answer(), "body.data");
  if (message == nullptr || !message->is_object())
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's answer cannot be read");
  std::string code = ieum::text_at(*message, "resultCode");
  const bool text = handle.product == Product::sms || handle.product == Product::lms;
  // SMS: msgStatus 3 is delivered, 4 failed, 5 cancelled; its codes are others.
  const std::string state = ieum::text_at(*message, text ? "msgStatus" : "messageStatus");
  std::string_view status = nhn_status(code);
  if (state == "CANCEL" || (text && state == "5"))
    status = "cancelled";
  else if (text)
    status = state == "3" ? "delivered" : state == "4" ? "failed" : "accepted";
  else if (code.empty() || status.empty())
    status = "accepted";
  return ieum::done({{"dealer", "nhn"},
                     {"message_id", handle.message_id},
                     {"status", status},
                     {"code", code},
                     {"reason", status == "failed" ? nhn_reason(code) : std::string_view()},
                     {"fallback", fallback_state(ieum::text_at(*message, "resendStatus"))},
                     {"text", ieum::text_at(*message, text ? "body" : "content")}});
}

Effect cancel(const ieum::Call& call, const Handle& handle) {
  if (handle.product == Product::sms || handle.product == Product::lms) {
    const object message{{"requestId", handle.message_id},
                         {"recipientSeq", ieum::int_at(object{{"n", handle.recipient}}, "n").value_or(1)}};
    return ieum::http("PUT", address(call, handle.product, "/reservations/cancel"))
        .json(object{{"reservationList", ieum::json::array{message}}, {"updateUser", "ieum"}})
        .auth(auth(handle.product))
        .idempotent();
  }
  return ieum::http("DELETE", address(call, handle.product,
                                      "/messages/" + ieum::percent_encode(handle.message_id) +
                                          "?recipientSeq=" + ieum::percent_encode(handle.recipient)))
      .auth("nhn")
      .idempotent();
}

Effect cancelled(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  // SMS counts what it took back; a message that went out, or was taken back before, is none.
  if (const auto count = ieum::int_at(call.answer(), "body.data.canceledCount"); count && *count == 0)
    return ieum::fail(Kind::permanent, "not_scheduled",
                      "NHN Cloud took nothing back: the text has gone out, or is cancelled already");
  return ieum::done({{"dealer", "nhn"}, {"status", "cancelled"}});
}

Effect templates(const ieum::Call& call) { return templates_page(call, 1, {}); }

Effect templates_came(const ieum::Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list = ieum::find(call.answer(), "templateListResponse.templates");
  if (list == nullptr || !list->is_array())
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's list of templates cannot be read");
  ieum::json::array items;
  if (const ieum::json::value* before = ieum::find(call.state(), "items"); before != nullptr && before->is_array())
    items = before->get_array();
  for (const ieum::json::value& item : list->get_array()) items.emplace_back(template_of(item));
  const auto total =
      static_cast<std::size_t>(ieum::int_at(call.answer(), "templateListResponse.totalCount").value_or(0));
  if (list->get_array().empty() || items.size() >= total) return ieum::done({{"items", std::move(items)}});
  if (ieum::to_json(items).size() > kTemplateBytesMax)
    return ieum::fail(Kind::permanent, "too_many_templates", "the dealer has more templates than the hub can read");
  return templates_page(call, ieum::int_at(call.state(), "page").value_or(1) + 1, std::move(items));
}

// One delivery holds many hooks: results of messages, or states of templates.
Effect reports(const ieum::Call& call) {
  const ieum::json::value* hooks = ieum::find(call.answer(), "hooks");
  if (hooks == nullptr || !hooks->is_array())
    return ieum::fail(Kind::permanent, "unreadable_delivery", "the delivery has no hooks");
  const std::string product_name = ieum::text_at(call.answer(), "productName");
  ieum::Events events;
  for (const ieum::json::value& hook : hooks->get_array()) {
    const std::string code = ieum::text_at(hook, "resultCode");
    if (code.empty()) {
      const std::string state = ieum::text_at(hook, "status");
      if (!state.empty() && !ieum::text_at(hook, "templateCode").empty())
        events.keyed("template.status", ieum::text_at(hook, "hookId"),
                     object{{"dealer", "nhn"},
                            {"template", ieum::text_at(hook, "templateCode")},
                            {"status", template_state(state)},
                            {"vendor", hook}});
      continue;
    }
    const std::string_view channel = channel_of(product_name, hook);
    if (status_of(code, channel).empty()) continue;
    const object result = result_of(hook, channel);
    events.keyed("message.result", result_key(result), result);
  }
  return events;
}

// The cursor is {until}. The first time there is nothing to tell: from now on.
Effect results(const ieum::Call& call) {
  const std::int64_t now = call.now_ms();
  const auto until = ieum::int_at(call.state(), "until");
  if (!until) return ieum::events().cursor({{"until", now}});
  if (const auto page = ieum::int_at(call.state(), "page"))  // in the middle of a span
    return results_page(call, ieum::int_at(call.state(), "from").value_or(now), *until, *page, Stage::of(call.state()));
  const std::int64_t from = std::max(*until - kOverlapMs, now - kBackMs);
  return results_page(call, from, std::min(now, from + kSpanMs), 1, {});
}

Effect results_came(const ieum::Call& call) {
  const ieum::json::value& state = call.state();
  const Stage stage = Stage::of(state);
  const std::int64_t from = ieum::int_at(state, "from").value_or(0), until = ieum::int_at(state, "until").value_or(0);
  const std::int64_t page = ieum::int_at(state, "page").value_or(1);
  if (auto failed = failure(call)) return std::move(*failed);
  const ieum::json::value* list =
      ieum::find(call.answer(), stage.product == Product::sms ? "body.data" : "messageSearchResultResponse.messages");
  if (list == nullptr || !list->is_array())
    return ieum::fail(Kind::ambiguous, "unreadable_answer", "NHN Cloud's list of results cannot be read");
  ieum::Events events;
  for (const ieum::json::value& message : list->get_array()) {
    const std::string code = ieum::text_at(message, "resultCode");
    if (code.empty() || status_of(code, stage.channel()).empty()) continue;
    const object result = result_of(message, stage.channel());
    events.keyed("message.result", polled_key(result), result);
  }
  // Page after page, then brand messages and texts of the same minutes; the cursor moves when all of it was told.
  if (static_cast<std::int64_t>(list->get_array().size()) >= kPageSize)
    return events.cursor(stage.state(from, until, page + 1)).more();
  if (const auto next = stage.next(call)) return events.cursor(next->state(from, until, 1)).more();
  return events.cursor({{"until", until}}).more(until + kOverlapMs < call.now_ms());
}

}  // namespace kakao::nhn
