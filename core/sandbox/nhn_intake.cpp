#include "sandbox/nhn_intake.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace ieum::sandbox::nhn {

namespace {

constexpr std::size_t kRecipientsMax = 1'000;
constexpr std::size_t kGroupingKeyMax = 100;
constexpr Millis kAheadMax = 60 * kDay;

void refuse(Intake& out, std::int64_t code, std::string text) {
  out.code = code;
  out.text = std::move(text);
}

std::optional<std::string> parameter(const Value& recipient, const std::string& name) {
  const Value* all = recipient.get("templateParameter");
  const Value* value = all == nullptr ? nullptr : all->get(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return *value->if_string();
}

std::vector<Button> buttons_of(const Value& of) {
  std::vector<Button> buttons;
  const Value* given = of.get("buttons");
  if (const List* list = given == nullptr ? nullptr : given->if_list())
    for (const Value& button : *list)
      buttons.push_back({button.text("name"), button.text("type", "WL"), button.text("linkMo"), {}});
  return buttons;
}

void fill_template(const Template& found, const Value& recipient, Intake& out) {
  const Rendered rendered = render(found, [&](const std::string& name) { return parameter(recipient, name); });
  out.message.text = rendered.text;
  out.message.buttons = rendered.buttons;
  if (!rendered.missing.empty())
    refuse(out, -3049, "The template parameter is not matched to template. (#{" + rendered.missing.front() + "})");
}

void fill_full_text(const Template& found, const Value& recipient, Intake& out) {
  out.message.text = recipient.text("content");
  out.message.buttons = buttons_of(recipient);
  if (!matches(found, out.message.text)) return refuse(out, -3010, "The content is not matched to template.");
  bool same = out.message.buttons.size() == found.buttons.size();
  for (std::size_t i = 0; same && i < found.buttons.size(); ++i)
    same = out.message.buttons[i].name == found.buttons[i].name && out.message.buttons[i].type == found.buttons[i].type;
  if (!same) refuse(out, -3011, "The buttons are not matched to template.");
}

}  // namespace

Refusal refusal_of(const Value& request, Millis now) {
  if (!request.is_map()) return {-9996, "The request body is not JSON."};
  const std::string sender = request.text("senderKey");
  if (sender.empty()) return {-2001, "The 'senderKey' must not be blank."};
  if (sender.size() > 40) return {-2000, "The 'senderKey' must be at less than or equal to 40."};
  if (sender == "missing") return {-2017, "Not exist plus friend."};
  if (request.text("senderGroupingKey").size() > kGroupingKeyMax)
    return {-2000, "The 'senderGroupingKey' must be at less than or equal to 100."};
  if (request.text("statsId").size() > 8) return {-2000, "The 'statsId' must be at less than or equal to 8."};
  const Value* recipients = request.get("recipientList");
  const List* list = recipients == nullptr ? nullptr : recipients->if_list();
  if (list == nullptr || list->empty()) return {-2002, "The 'recipientList' must not be null."};
  if (list->size() > kRecipientsMax) return {-2005, "The 'recipientList' must be less than or equal to 1000."};
  for (const Value& recipient : *list) {
    const std::string number = recipient.text("recipientNo");
    if (number.empty()) return {-2001, "The 'recipientNo' must not be blank."};
    if (number.size() > 15) return {-2000, "The 'recipientNo' must be at less than or equal to 15."};
    if (recipient.text("recipientGroupingKey").size() > kGroupingKeyMax)
      return {-2000, "The 'recipientGroupingKey' must be at less than or equal to 100."};
  }
  if (const std::string date = request.text("requestDate"); !date.empty()) {
    const auto at = parse_korean_time(date);
    if (!at) return {-2027, "The requestDate is invalid."};
    if (*at < now - kMinute) return {-2025, "The requestDate is past."};
    if (*at > now + kAheadMax) return {-2026, "The requestDate is too far."};
  }
  return {};
}

Intake take_in(Kind kind, const Value& request, const Value& recipient, const TemplateStore& templates, Millis now) {
  Intake out;
  Message& message = out.message;
  const bool brand = kind == Kind::brand_free || kind == Kind::brand_template;
  message.channel = brand ? "kakao_brand_message" : "kakao_alimtalk";
  message.to = recipient.text("recipientNo");
  message.from = request.text("senderKey");
  message.template_code = request.text("templateCode");
  out.grouping_key = recipient.text("recipientGroupingKey");
  message.key = out.grouping_key.empty() ? request.text("senderGroupingKey") : out.grouping_key;
  message.result = brand && is_brand_message_night(now) ? "3022" : wanted_result(message.to).value_or("1000");

  if (kind == Kind::brand_free) {
    message.text = request.text("content");
    message.buttons = buttons_of(request);
    if (message.text.empty()) refuse(out, -2001, "The 'content' must not be blank.");
  } else if (const Template* found = templates.find(message.template_code); found == nullptr) {
    refuse(out, -3003, "The template does not exist.");
  } else if (!found->approved) {
    refuse(out, -3005, "The template is not approved.");
  } else {
    message.title = found->title;
    if (kind == Kind::alimtalk_full_text)
      fill_full_text(*found, recipient, out);
    else
      fill_template(*found, recipient, out);
  }
  const std::string targeting = recipient.text("targeting");
  if (brand && out.code == 0 && targeting != "I" && targeting != "M" && targeting != "N")
    refuse(out, -3298, "The targeting is invalid.");
  if (out.code == 0 && (!all_digits(message.to) || message.to.size() < 8))
    refuse(out, -5000, "The recipientNo is invalid.");

  if (const Value* resend = recipient.get("resendParameter"); resend != nullptr && resend->flag("isResend")) {
    out.fallback = true;
    out.fallback_text = resend->text("resendContent", message.text);
    if (out.fallback_text.empty()) out.fallback_text = message.text;
  }
  return out;
}

Value template_page(const Incoming& in, const std::string& sender, const TemplateStore& templates) {
  const std::string status = in.parameter("templateStatus");
  const auto page = std::max<std::int64_t>(whole_number(in.parameter("pageNum")).value_or(1), 1);
  const auto size = std::clamp<std::int64_t>(whole_number(in.parameter("pageSize")).value_or(15), 1, 1000);
  List list;
  std::int64_t total = 0;
  for (const Template& item : templates.all()) {
    const std::string has = item.approved ? "TSC03" : "TSC04";
    if (!status.empty() && status != has) continue;
    if (++total <= (page - 1) * size || total > page * size) continue;
    List buttons;
    for (const Button& button : item.buttons) {
      Map out{
          {"ordering", static_cast<std::int64_t>(buttons.size() + 1)}, {"type", button.type}, {"name", button.name}};
      if (!button.url.empty()) out.set("linkMo", button.url);
      for (const auto& [name, value] : button.more) out.set(name, value);
      buttons.emplace_back(std::move(out));
    }
    list.emplace_back(Map{{"senderKey", sender},
                          {"templateCode", item.code},
                          {"templateName", item.title},
                          {"templateMessageType", "BA"},
                          {"templateEmphasizeType", item.emphasis},
                          {"templateContent", item.text},
                          {"buttons", std::move(buttons)},
                          {"status", has}});
  }
  return Map{{"templates", std::move(list)}, {"totalCount", total}};
}

}  // namespace ieum::sandbox::nhn
