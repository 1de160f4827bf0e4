#include "host/body.hpp"

#include <algorithm>
#include <vector>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/url.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kFormDepthMax = 8;

// A form while it is read: a text, a list (a[]) or named members.
struct FormNode {
  enum class Kind { unset, text, list, map };
  Kind kind = Kind::unset;
  std::string name;  // among its siblings
  std::string text;
  std::vector<FormNode> members;

  // a[0]=x&a[1]=y: a list with its places written out.
  [[nodiscard]] bool is_counted() const {
    for (std::size_t i = 0; i < members.size(); ++i)
      if (members[i].name != std::to_string(i)) return false;
    return !members.empty();
  }
  [[nodiscard]] Value value() const {
    if (kind == Kind::text) return text;
    if (kind == Kind::list) {
      List list;
      for (const auto& member : members) list.push_back(member.value());
      return list;
    }
    if (is_counted()) {
      List list;
      for (const auto& member : members) list.push_back(member.value());
      return list;
    }
    Map map;
    for (const auto& member : members) map.set(member.name, member.value());
    return map;
  }
};

Error unreadable(std::string what) { return {"unreadable_delivery", std::move(what)}; }

// "data[merges][FNAME]" -> data, merges, FNAME. A name with unpaired brackets is one name.
std::vector<std::string> name_parts(const std::string& name) {
  const auto open = name.find('[');
  if (open == 0 || open == std::string::npos || name.back() != ']') return {name};
  std::vector<std::string> parts{name.substr(0, open)};
  std::size_t at = open;
  while (at < name.size()) {
    const auto close = name.find(']', at);
    if (name[at] != '[' || close == std::string::npos) return {name};
    parts.push_back(name.substr(at + 1, close - at - 1));
    at = close + 1;
  }
  return parts;
}

Status put(FormNode& root, const std::string& name, const std::string& text) {
  const auto parts = name_parts(name);
  if (parts.size() > kFormDepthMax) return unreadable("a form name is nested too deeply");
  FormNode* here = &root;
  for (const auto& part : parts) {
    const auto wanted = part.empty() && here != &root ? FormNode::Kind::list : FormNode::Kind::map;
    if (here->kind == FormNode::Kind::unset) here->kind = wanted;
    if (here->kind != wanted) return unreadable("the form gives \"" + name + "\" in two shapes");
    auto found = here->members.end();
    if (wanted == FormNode::Kind::map) {
      found = std::find_if(here->members.begin(), here->members.end(), [&](const auto& m) { return m.name == part; });
    }
    if (found == here->members.end()) {
      found = here->members.emplace(found);
      found->name = part;
    }
    here = &*found;
  }
  // Twice: the last one counts, as where such names come from (PHP).
  if (here->kind != FormNode::Kind::unset && here->kind != FormNode::Kind::text)
    return unreadable("the form gives \"" + name + "\" in two shapes");
  here->kind = FormNode::Kind::text;
  here->text = text;
  return {};
}

Result<Value> read_form(std::string_view body) {
  auto pairs = form_decode(body);
  if (pairs.has_error()) return unreadable("the body is no form: " + pairs.error().what);
  FormNode root;
  root.kind = FormNode::Kind::map;
  for (const auto& [name, text] : *pairs) {
    if (!utf8_valid(name) || !utf8_valid(text)) return unreadable("the form is not UTF-8");
    if (name.find('\0') != std::string::npos || text.find('\0') != std::string::npos)
      return unreadable("the form holds a NUL");
    IEUM_CHECK(put(root, name, text));
  }
  Map map;
  for (const auto& member : root.members) map.set(member.name, member.value());
  return Value(std::move(map));
}

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

std::string media_type(std::string_view content_type) {
  return to_lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
}

bool is_form(WebhookSpec::Format format, std::string_view content_type) {
  if (format != WebhookSpec::Format::automatic) return format == WebhookSpec::Format::form;
  return media_type(content_type) == kFormType;
}

// The value of the parameter, "" when it is missing; without quotes, in lower case.
std::string charset_of(std::string_view content_type) {
  constexpr std::string_view kName = "charset=";
  for (auto at = content_type.find(';'); at != std::string_view::npos; at = content_type.find(';')) {
    content_type.remove_prefix(at + 1);
    const std::string_view parameter = trim(content_type.substr(0, content_type.find(';')));
    if (!equals_ignoring_case(parameter.substr(0, kName.size()), kName)) continue;
    std::string_view value = trim(parameter.substr(kName.size()));
    if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return to_lower_ascii(value);
  }
  return {};
}

}  // namespace

Result<Value> read_body(const WebhookSpec& spec, std::string_view content_type, std::string_view body) {
  if (body.empty() && spec.takes_empty_body()) return Value(Map());
  if (is_form(spec.format, content_type)) {
    IEUM_TRY(Value form, read_form(body));
    const Value* inner = spec.json_field.empty() ? nullptr : form.get(spec.json_field);
    if (inner == nullptr || !inner->is_string()) return form;
    auto value = parse_json(*inner->if_string());
    if (value.has_error())
      return unreadable("the form's field " + spec.json_field + " is no JSON: " + value.error().what);
    return std::move(*value);
  }
  auto value = parse_json(body);
  if (value.has_error())
    return unreadable("the body is no JSON: " + value.error().what + " (" + value.error().place + ")");
  return std::move(*value);
}

std::string content_type_problem(const WebhookSpec& spec, const HttpRequest& request) {
  if (request.body.empty()) return {};
  if (request.headers.count("content-type") > 1) return "the header content-type came more than once";
  const auto sent = request.headers.get("content-type").value_or("");
  const std::string type = media_type(sent);
  if (type.starts_with("multipart/")) return "the body is a multipart, which is not taken here";
  using Format = WebhookSpec::Format;
  if (spec.format == Format::json && type == kFormType) return "the body is said to be a form, and JSON is due here";
  if (spec.format == Format::form && !type.empty() && type != kFormType)
    return "the body is said to be something else than the form that is due here";
  const std::string charset = charset_of(sent);
  if (charset.empty() || charset == "utf-8" || charset == "utf8") return {};
  const bool ascii = std::all_of(request.body.begin(), request.body.end(), [](unsigned char c) { return c < 0x80; });
  if (ascii && (charset == "us-ascii" || charset == "iso-8859-1")) return {};
  return "the body is said to be written in another charset than UTF-8";
}

std::optional<std::string> scalar_text(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::string: return *value.if_string();
    case Value::Kind::boolean:
    case Value::Kind::integer:
    case Value::Kind::unsigned_integer:
    case Value::Kind::floating:
    case Value::Kind::decimal: return write_json(value);
    default: return std::nullopt;
  }
}

std::optional<std::string> text_at(const Value& root, std::string_view path) {
  const Value* value = root.at_path(path);
  if (value == nullptr) return std::nullopt;
  auto text = scalar_text(*value);
  if (text && text->empty()) return std::nullopt;
  return text;
}

std::string config_text(const Manifest& manifest, const Value& config, std::string_view field) {
  if (const Value* value = config.get(field); value != nullptr && !value->is_null())
    return scalar_text(*value).value_or("");
  for (const auto& known : manifest.fields) {
    if (known.name == field && known.fallback) return scalar_text(*known.fallback).value_or("");
  }
  return {};
}

}  // namespace ieum::host
