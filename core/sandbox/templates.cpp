#include "sandbox/templates.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kTemplatesMax = 1'000;
constexpr std::size_t kTextMax = 1'300;  // code points, NHN's API field

// Calls text(part) and variable(name) in order. "#{" without "}" is text.
void walk(std::string_view source, const std::function<void(std::string_view)>& text,
          const std::function<void(const std::string&)>& variable) {
  while (!source.empty()) {
    const std::size_t start = source.find("#{");
    const std::size_t end = start == std::string_view::npos ? start : source.find('}', start);
    if (end == std::string_view::npos) return text(source);
    if (start > 0) text(source.substr(0, start));
    variable(std::string(source.substr(start + 2, end - start - 2)));
    source.remove_prefix(end + 1);
  }
}

Map more_of(const Value& button) {
  Map more;
  if (const Map* fields = button.if_map())
    for (const auto& [name, value] : *fields)
      if (name != Value("name") && name != Value("type") && name != Value("url")) more.set(name, value);
  return more;
}

void note(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::string filled(std::string_view source, std::vector<std::string>& missing,
                   const std::function<std::optional<std::string>(const std::string&)>& value_of) {
  std::string out;
  walk(
      source, [&](std::string_view part) { out += part; },
      [&](const std::string& name) {
        if (const auto value = value_of(name)) {
          out += *value;
        } else {
          note(missing, name);
          out += "#{" + name + "}";
        }
      });
  return out;
}

}  // namespace

std::vector<std::string> variables_of(const Template& item) {
  std::vector<std::string> names;
  const auto ignore = [](std::string_view) {};
  const auto add = [&](const std::string& name) { note(names, name); };
  walk(item.text, ignore, add);
  for (const Button& button : item.buttons) walk(button.url, ignore, add);
  return names;
}

Rendered render(const Template& item, const std::function<std::optional<std::string>(const std::string&)>& value_of) {
  Rendered out;
  out.text = filled(item.text, out.missing, value_of);
  for (const Button& button : item.buttons)
    out.buttons.push_back({button.name, button.type, filled(button.url, out.missing, value_of), button.more});
  return out;
}

bool matches(const Template& item, std::string_view text) {
  std::vector<std::string_view> parts;  // an empty one is a variable
  walk(
      item.text, [&](std::string_view part) { parts.push_back(part); },
      [&](const std::string&) { parts.emplace_back(); });
  std::string_view rest = text;
  bool after_variable = false;  // it takes at least one byte of what comes before the next fixed part
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (part.empty()) {
      if (rest.empty()) return false;
      after_variable = true;
      continue;
    }
    if (!after_variable) {
      if (!rest.starts_with(part)) return false;
      rest.remove_prefix(part.size());
      continue;
    }
    if (i + 1 == parts.size()) return rest.size() > part.size() && rest.ends_with(part);
    const std::size_t at = rest.find(part, 1);
    if (at == std::string_view::npos) return false;
    rest.remove_prefix(at + part.size());
    after_variable = false;
  }
  return after_variable || rest.empty();
}

TemplateStore::TemplateStore() {
  items_.push_back({"CART_REMIND",
                    "장바구니 안내",
                    "#{고객명}님, 장바구니에 담아 두신 상품이 아직 기다리고 있어요.\n\n"
                    "결제 중에 불편한 점이 있으셨다면 이 채팅방으로 말씀해 주세요. 바로 도와드리겠습니다.",
                    {{"장바구니 보기", "WL", "https://shop.example.kr/cart", {}}},
                    true});
  items_.push_back({"ORDER_OK",
                    "주문 완료",
                    "#{고객명}님, 주문이 완료되었습니다.\n\n"
                    "■ 주문번호: #{주문번호}\n\n"
                    "상품이 출발하면 다시 알려 드리겠습니다. 감사합니다.",
                    {{"주문 보기", "WL", "https://shop.example.kr/orders/#{주문번호}", {}}},
                    true});
  items_.push_back({"OLD_NOTICE", "지난 안내", "#{이름}님, 더 이상 쓰지 않는 안내입니다.", {}, false});
}

const Template* TemplateStore::find(std::string_view code) const {
  const auto at = std::find_if(items_.begin(), items_.end(), [&](const Template& item) { return item.code == code; });
  return at == items_.end() ? nullptr : &*at;
}

Status TemplateStore::put(const Value& json) {
  Template item;
  item.code = json.text("code");
  item.title = json.text("title");
  item.text = json.text("text");
  item.approved = json.flag("approved", true);
  item.emphasis = json.text("emphasis", "NONE");
  if (item.code.empty() || item.text.empty())
    return Error("bad_template", "a template needs a code and a text",
                 R"(send {"code": "MY_CODE", "text": "#{이름}님 ..."})");
  if (utf8_length(item.text) > kTextMax)
    return Error("bad_template", "the text is longer than 1,300 characters", "make it shorter");
  if (const Value* buttons = json.get("buttons"); buttons != nullptr && !buttons->is_null()) {
    const List* list = buttons->if_list();
    if (list == nullptr || list->size() > 5)
      return Error("bad_template", "buttons are a list of at most five",
                   R"(send [{"name": "보기", "url": "https://..."}])");
    for (const Value& button : *list)
      item.buttons.push_back({button.text("name"), button.text("type", "WL"), button.text("url"), more_of(button)});
  }
  const auto at =
      std::find_if(items_.begin(), items_.end(), [&](const Template& old) { return old.code == item.code; });
  if (at != items_.end()) {
    *at = std::move(item);
    return {};
  }
  if (items_.size() >= kTemplatesMax)
    return Error("full", "there are 1,000 templates already", "DELETE /_sandbox/state");
  items_.push_back(std::move(item));
  return {};
}

Value buttons_value(const std::vector<Button>& buttons) {
  List list;
  for (const Button& button : buttons)
    list.emplace_back(Map{{"name", button.name}, {"type", button.type}, {"url", button.url}});
  return list;
}

Value template_value(const Template& item) {
  List variables;
  for (const std::string& name : variables_of(item)) variables.emplace_back(name);
  return Map{{"code", item.code},         {"title", item.title},
             {"text", item.text},         {"variables", std::move(variables)},
             {"approved", item.approved}, {"buttons", buttons_value(item.buttons)}};
}

}  // namespace ieum::sandbox
