#include "sandbox/solapi_intake.hpp"

#include <algorithm>

#include "base/time_text.hpp"

namespace ieum::sandbox::solapi {

namespace {

std::string key_of(const Value& item) {
  const Value* fields = item.get("customFields");
  for (const char* name : {"hubStep", "hub_step", "stepKey", "step_key"})
    if (fields != nullptr && !fields->text(name).empty()) return fields->text(name);
  return "";
}

std::string type_of(const Value& item) {
  const std::string type = item.text("type");
  if (!type.empty()) return type;
  const Value* kakao = item.get("kakaoOptions");
  if (kakao != nullptr && kakao->get("bms") != nullptr) return "BMS_TEXT";
  if (kakao != nullptr && kakao->is_map()) return "ATA";
  return text_channel(item.text("text")) == "sms" ? "SMS" : "LMS";
}

std::vector<Button> buttons_of(const Value& item) {
  std::vector<Button> buttons;
  const Value* list = item.at_path("kakaoOptions.buttons");
  if (list == nullptr || list->if_list() == nullptr) return buttons;
  for (const Value& button : *list->if_list())
    buttons.push_back({button.text("buttonName"), button.text("buttonType", "WL"), button.text("linkMo"), {}});
  return buttons;
}

// Of a brand message; their names are others.
std::vector<Button> bms_buttons_of(const Value& item) {
  std::vector<Button> buttons;
  const Value* list = item.at_path("kakaoOptions.bms.buttons");
  if (list == nullptr || list->if_list() == nullptr) return buttons;
  for (const Value& button : *list->if_list())
    buttons.push_back({button.text("name"), button.text("linkType", "WL"), button.text("linkMobile"), {}});
  return buttons;
}

// With variables the template's text goes out and `text` is for the fallback; without, `text` must be of the template.
void fill(const Template& found, const Value& kakao, Intake& out) {
  const std::string text = out.message.text;
  const Value* variables = kakao.get("variables");
  const Map* values = variables == nullptr ? nullptr : variables->if_map();
  const bool given = values != nullptr && (!values->empty() || variables_of(found).empty());
  if (!given && !text.empty()) {
    out.message.buttons = found.buttons;
    if (!matches(found, text)) {
      out.code = "1043";
      out.text = "템플릿과 내용이 일치하지 않습니다.";
    }
    out.fallback_text = text;
    return;
  }
  const Rendered rendered = render(found, [&](const std::string& name) -> std::optional<std::string> {
    const Value* value = variables == nullptr ? nullptr : variables->get("#{" + name + "}");
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return *value->if_string();
  });
  if (!rendered.missing.empty()) {
    out.code = "1043";
    out.text = "템플릿 변수 #{" + rendered.missing.front() + "}의 값이 없습니다.";
  }
  out.message.text = rendered.text;
  out.message.buttons = rendered.buttons;
  out.fallback_text = text.empty() ? rendered.text : text;
}

}  // namespace

std::string malformed(const Value& item) {
  if (!item.is_map()) return "message는 객체여야 합니다.";
  const std::string to = item.text("to");
  if (!all_digits(to) || to.size() < 8 || to.size() > 15) return "to는 숫자만 8자 이상 15자 이하여야 합니다.";
  const Value* fields = item.get("customFields");
  if (fields != nullptr && fields->if_map() != nullptr)
    for (const auto& [name, value] : *fields->if_map())
      if (!value.is_string()) return "customFields의 값은 문자열이어야 합니다.";
  const Value* variables = item.at_path("kakaoOptions.variables");
  if (variables == nullptr || variables->is_null()) return "";
  if (!variables->is_map()) return "kakaoOptions.variables는 객체여야 합니다.";
  for (const auto& [name, value] : *variables->if_map()) {
    const std::string key = text_of(&name);
    if (!value.is_string()) return "변수 " + key + "의 값은 문자열이어야 합니다.";
    if (!key.starts_with("#{") || !key.ends_with("}") || key.find('.') != std::string::npos)
      return "변수 이름 " + key + "은 #{이름} 형식이어야 합니다.";
  }
  return "";
}

Intake take_in(const Value& item, const TemplateStore& templates, Millis now) {
  Intake out;
  out.type = type_of(item);
  Message& message = out.message;
  message.to = item.text("to");
  message.from = item.text("from");
  message.title = item.text("subject");
  message.text = item.text("text");
  message.key = key_of(item);
  const auto refuse = [&](std::string_view code, std::string_view text) {
    out.code = code;
    out.text = text;
  };
  if (out.type == "SMS" || out.type == "LMS") {
    message.channel = text_channel(message.text);
    message.result = wanted_result(message.to).value_or("4000");
    if (!all_digits(message.from)) refuse("1062", "발신번호가 등록되지 않았습니다.");
    return out;
  }
  const Value* kakao = item.get("kakaoOptions");
  if (kakao != nullptr && !kakao->text("pfId").empty()) message.from = kakao->text("pfId");
  if (out.type.starts_with("BMS")) {
    message.channel = "kakao_brand_message";
    message.buttons = bms_buttons_of(item);
    message.result = is_brand_message_night(now) ? "3108" : wanted_result(message.to).value_or("4000");
    if (kakao == nullptr || kakao->text("pfId").empty()) refuse("1042", "발신 프로필이 없습니다.");
    return out;
  }
  message.channel = "kakao_alimtalk";
  message.result = wanted_result(message.to).value_or("4000");
  if (out.type != "ATA") {
    refuse("1042", "지원이 끝난 메시지 유형입니다.");
    return out;
  }
  message.template_code = kakao == nullptr ? "" : kakao->text("templateId");
  const Template* found = templates.find(message.template_code);
  if (kakao == nullptr || kakao->text("pfId").empty() || found == nullptr || !found->approved) {
    refuse("1042", "등록되지 않았거나 사용할 수 없는 템플릿입니다.");
    return out;
  }
  out.fallback = !kakao->flag("disableSms") && all_digits(item.text("from"));
  fill(*found, *kakao, out);
  message.title = found->title;
  if (message.buttons.empty()) message.buttons = buttons_of(item);
  return out;
}

Value template_page(const Incoming& in, const TemplateStore& templates) {
  const std::string start = in.parameter("startKey");
  const auto limit = std::clamp<std::int64_t>(whole_number(in.parameter("limit")).value_or(20), 1, 500);
  List list;
  Value next;
  bool begun = start.empty();
  for (const Template& item : templates.all()) {
    begun = begun || item.code == start;
    if (!begun) continue;
    if (static_cast<std::int64_t>(list.size()) == limit) {
      next = item.code;
      break;
    }
    List buttons;
    for (const Button& button : item.buttons) {
      Map out{{"buttonName", button.name}, {"buttonType", button.type}};
      if (!button.url.empty()) out.set("linkMo", button.url);
      for (const auto& [from, to] :
           {std::pair{"linkPc", "linkPc"}, std::pair{"schemeAndroid", "linkAnd"}, std::pair{"schemeIos", "linkIos"}})
        if (const Value* text = button.more.find(from)) out.set(to, *text);
      buttons.emplace_back(std::move(out));
    }
    list.emplace_back(Map{{"templateId", item.code},
                          {"name", item.title},
                          {"channelId", in.parameter("channelId", "KA01PF0000SANDBOX")},
                          {"content", item.text},
                          {"messageType", "BA"},
                          {"emphasizeType", item.emphasis},
                          {"securityFlag", false},
                          {"assignType", "CHANNEL"},
                          {"commentable", true},
                          {"dateCreated", rfc3339_utc(in.now)},
                          {"dateUpdated", rfc3339_utc(in.now)},
                          {"buttons", std::move(buttons)},
                          {"status", item.approved ? "APPROVED" : "REJECTED"}});
  }
  return Map{{"limit", limit},
             {"startKey", start.empty() ? Value() : Value(start)},
             {"nextKey", std::move(next)},
             {"templateList", std::move(list)}};
}

}  // namespace ieum::sandbox::solapi
