#include "template.hpp"

#include <algorithm>

namespace kakao {

namespace {

using ieum::json::object;

constexpr std::size_t kVariablesMax = 40;  // "fewer than 40"
constexpr std::size_t kTextMax = 1'000;
constexpr std::size_t kPictureTextMax = 700;  // with an image or an item list
constexpr std::size_t kButtonsMax = 5;
constexpr std::size_t kNameMax = 14;
constexpr std::string_view kAddChannel = "채널 추가";

// Calls text(part) and variable(name) in order. "#{" without "}" is text.
template <class Text, class Variable>
void walk(std::string_view source, const Text& text, const Variable& variable) {
  while (!source.empty()) {
    const std::size_t start = source.find("#{");
    const std::size_t end = start == std::string_view::npos ? start : source.find('}', start);
    if (end == std::string_view::npos) return text(source);
    if (start > 0) text(source.substr(0, start));
    variable(source.substr(start + 2, end - start - 2));
    source.remove_prefix(end + 1);
  }
}

void note_names(std::string_view source, std::vector<std::string>& names) {
  walk(
      source, [](std::string_view) {},
      [&](std::string_view name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
      });
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

struct ButtonField {
  std::string_view name;
  std::string Button::*member;
};
constexpr ButtonField kButtonFields[] = {{"type", &Button::type},
                                         {"name", &Button::name},
                                         {"link_mo", &Button::link_mo},
                                         {"link_pc", &Button::link_pc},
                                         {"scheme_android", &Button::scheme_android},
                                         {"scheme_ios", &Button::scheme_ios},
                                         {"chat_extra", &Button::chat_extra},
                                         {"chat_event", &Button::chat_event},
                                         {"biz_form_id", &Button::biz_form_id},
                                         {"plugin_id", &Button::plugin_id},
                                         {"tel_number", &Button::tel_number},
                                         {"target", &Button::target}};

Button read_button(const object& fields) {
  Button button;
  for (const ButtonField& field : kButtonFields) button.*field.member = ieum::text_at(fields, field.name);
  return button;
}

bool is_web(std::string_view link) {
  return (link.starts_with("http://") || link.starts_with("https://")) && link.find(' ') == std::string_view::npos;
}

// A variable may be the whole link or stand where its protocol would be.
bool may_be_web(std::string_view link) { return is_web(link) || link.starts_with("#{"); }

std::string shown(std::string_view text, std::size_t from) {
  while (from > 0 && from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) --from;
  std::size_t end = std::min(text.size(), from + 24);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string out;
  for (const char c : text.substr(from, end - from)) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else
      out += c;
  }
  return from >= text.size() ? "the end" : "'" + out + "'";
}

std::optional<Refusal> difference(std::string_view expected, std::string_view text) {
  if (expected == text) return std::nullopt;
  std::size_t at = 0;
  while (at < expected.size() && at < text.size() && expected[at] == text[at]) ++at;
  return Refusal{"text_differs", "the text is not that of the template: after " +
                                     std::to_string(characters(text.substr(0, at))) + " characters the template has " +
                                     shown(text, at) + ", yours has " + shown(expected, at)};
}

std::optional<Refusal> check_variables(const Template& item, const object& variables) {
  const std::vector<std::string> names = variables_of(item);
  if (names.size() >= kVariablesMax)
    return Refusal{"too_many_variables", "the template has 40 variables or more; Kakao takes fewer than 40"};
  std::vector<std::string> missing, unknown, empty, broken;
  for (const std::string& name : names)
    if (variables.if_contains(name) == nullptr) missing.push_back(name);
  for (const auto& variable : variables) {
    const std::string name(variable.key());
    const std::string text = ieum::scalar_text(variable.value()).value_or("");
    if (std::find(names.begin(), names.end(), name) == names.end())
      unknown.push_back(name);
    else if (text.empty())
      empty.push_back(name);
    else if (text.find('\r') != std::string::npos || text.find("#{") != std::string::npos || text.front() == ' ' ||
             text.back() == ' ' || text.front() == '\n' || text.back() == '\n')
      broken.push_back(name);
  }
  if (!missing.empty()) return Refusal{"missing_variables", "the template wants these too: " + joined(missing)};
  if (!unknown.empty())
    return Refusal{"unknown_variables", "the template has no " + joined(unknown) + "; it has " + joined(names)};
  if (!empty.empty())
    return Refusal{"empty_variables", "these have no text, so the template would not match: " + joined(empty)};
  if (!broken.empty())
    return Refusal{"broken_variables", "these begin or end with a blank or a line break, or hold a CR or #{: " +
                                           joined(broken) + "; trim them"};
  return std::nullopt;
}

std::optional<Refusal> check_same_buttons(const std::vector<Button>& given, const std::vector<Button>& approved) {
  const auto name = [](const Button& button) { return button.type + " " + button.name; };
  if (given.size() != approved.size())
    return Refusal{"buttons_differ", "the template has " + std::to_string(approved.size()) + " buttons, the step " +
                                         std::to_string(given.size())};
  for (std::size_t i = 0; i < given.size(); ++i)
    if (given[i].type != approved[i].type || given[i].name != approved[i].name)
      return Refusal{"buttons_differ", "button " + std::to_string(i + 1) + " of the template is " + name(approved[i]) +
                                           ", that of the step " + name(given[i])};
  return std::nullopt;
}

}  // namespace

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<Template> read_template(const ieum::json::value& item) {
  if (!item.is_object() || ieum::text_at(item, "key").empty()) return std::nullopt;
  Template out;
  out.key = ieum::text_at(item, "key");
  out.title = ieum::text_at(item, "title");
  out.status = ieum::text_at(item, "status");
  out.kind = ieum::text_at(item, "kind");
  out.emphasis = ieum::text_at(item, "emphasis");
  out.text = ieum::text_at(item, "text");
  out.headline = ieum::text_at(item, "headline");
  out.subtitle = ieum::text_at(item, "subtitle");
  if (const ieum::json::value* buttons = ieum::find(item, "buttons"); buttons != nullptr && buttons->is_array())
    for (const ieum::json::value& button : buttons->get_array())
      if (button.is_object()) out.buttons.push_back(read_button(button.get_object()));
  return out;
}

object template_item(const Template& item) {
  object out{{"key", item.key}, {"title", item.title}, {"status", item.status}, {"text", item.text}};
  for (const auto& [name, text] : {std::pair<std::string_view, const std::string&>{"kind", item.kind},
                                   {"emphasis", item.emphasis},
                                   {"headline", item.headline},
                                   {"subtitle", item.subtitle}})
    if (!text.empty()) out[name] = text;
  ieum::json::array names, buttons;
  for (const std::string& name : variables_of(item)) names.emplace_back(name);
  for (const Button& button : item.buttons) {
    object fields;
    for (const ButtonField& field : kButtonFields)
      if (!(button.*field.member).empty()) fields[field.name] = button.*field.member;
    buttons.emplace_back(std::move(fields));
  }
  out["variables"] = std::move(names);
  out["buttons"] = std::move(buttons);
  return out;
}

std::vector<std::string> variables_of(const Template& item) {
  std::vector<std::string> names;
  note_names(item.text, names);
  note_names(item.headline, names);
  note_names(item.subtitle, names);
  for (const Button& button : item.buttons)
    for (const std::string& link : {button.link_mo, button.link_pc, button.scheme_android, button.scheme_ios})
      note_names(link, names);
  return names;
}

std::vector<Button> read_buttons(const ieum::json::value& list, std::optional<Refusal>& wrong) {
  std::vector<Button> buttons;
  if (!list.is_array()) return buttons;
  for (const ieum::json::value& item : list.get_array()) {
    const std::string number = std::to_string(buttons.size() + 1);
    if (!item.is_object()) {
      wrong =
          Refusal{"bad_button", "button " + number + " is no map; write {type: WL, name: 보기, link_mo: https://...}"};
      return buttons;
    }
    for (const auto& field : item.get_object()) {
      const bool known = std::any_of(std::begin(kButtonFields), std::end(kButtonFields), [&](const ButtonField& f) {
        return f.name == std::string_view(field.key().data(), field.key().size());
      });
      if (!known) {
        wrong = Refusal{"bad_button", "button " + number + " has no field '" + std::string(field.key()) + "'"};
        return buttons;
      }
    }
    buttons.push_back(read_button(item.get_object()));
  }
  return buttons;
}

std::optional<Refusal> check_buttons(const std::vector<Button>& buttons, std::size_t allowed) {
  static constexpr std::string_view kinds[] = {"WL", "AL", "DS", "BK", "MD", "BC", "BT",
                                               "AC", "BF", "P1", "P2", "P3", "TN"};
  if (buttons.size() > allowed)
    return Refusal{"too_many_buttons",
                   "there are " + std::to_string(buttons.size()) + " buttons; Kakao takes " + std::to_string(allowed)};
  for (std::size_t i = 0; i < buttons.size(); ++i) {
    const Button& button = buttons[i];
    const auto wrong = [&](const std::string& text) {
      return Refusal{"bad_button", "button " + std::to_string(i + 1) + " (" + button.type + "): " + text};
    };
    if (std::find(std::begin(kinds), std::end(kinds), button.type) == std::end(kinds))
      return wrong("there is no such kind; WL is a web link");
    if (button.name.empty() || characters(button.name) > kNameMax) return wrong("its name has 1 to 14 characters");
    if (button.name.find("#{") != std::string::npos) return wrong("its name may hold no variable");
    if (button.type == "WL" && !may_be_web(button.link_mo)) return wrong("link_mo must be a http or https address");
    if (button.type == "AL") {
      const int given =
          int{!button.scheme_android.empty()} + int{!button.scheme_ios.empty()} + int{!button.link_mo.empty()};
      if (given < 2) return wrong("it needs two of scheme_android, scheme_ios, link_mo");
    }
    if (!button.link_pc.empty() && !may_be_web(button.link_pc)) return wrong("link_pc must be a http or https address");
    if (button.type == "AC" && (button.name != kAddChannel || i != 0))
      return wrong("it is named '채널 추가' and comes first");
    if (button.type == "BF" && button.biz_form_id.empty()) return wrong("it needs biz_form_id");
    if (button.type.starts_with("P") && button.plugin_id.empty()) return wrong("it needs plugin_id");
    if (button.type == "TN" && button.tel_number.empty()) return wrong("it needs tel_number");
  }
  return std::nullopt;
}

std::string filled(std::string_view text, const object& variables) {
  std::string out;
  walk(
      text, [&](std::string_view part) { out += part; },
      [&](std::string_view name) {
        const ieum::json::value* value = variables.if_contains({name.data(), name.size()});
        out += value == nullptr ? "#{" + std::string(name) + "}" : ieum::scalar_text(*value).value_or("");
      });
  return out;
}

Rendered render(const Template& item, const object& variables, std::string_view expected,
                const std::vector<Button>& buttons) {
  Rendered out;
  if (item.status != "approved") {
    out.refusal = Refusal{"template_not_approved", "the template '" + item.key + "' is " +
                                                       (item.status.empty() ? "not approved" : item.status) +
                                                       "; only approved ones may be sent"};
    return out;
  }
  if ((out.refusal = check_variables(item, variables))) return out;
  if (!buttons.empty() && (out.refusal = check_same_buttons(buttons, item.buttons))) return out;
  out.text = filled(item.text, variables);
  const std::size_t most = item.emphasis == "IMAGE" || item.emphasis == "ITEM_LIST" ? kPictureTextMax : kTextMax;
  if (characters(out.text) > most) {
    out.refusal =
        Refusal{"text_too_long", "the text has " + std::to_string(characters(out.text)) +
                                     " characters with its variables filled in; Kakao takes " + std::to_string(most)};
    return out;
  }
  if (!expected.empty() && (out.refusal = difference(expected, out.text))) return out;
  out.buttons = buttons.empty() ? item.buttons : buttons;
  for (Button& button : out.buttons)
    for (std::string* link : {&button.link_mo, &button.link_pc, &button.scheme_android, &button.scheme_ios})
      *link = filled(*link, variables);
  out.refusal = check_buttons(out.buttons, kButtonsMax);
  return out;
}

}  // namespace kakao
