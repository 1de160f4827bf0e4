#include "host/value_template.hpp"

#include "base/time_text.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kDepthMax = 48;  // a run stores the value a few levels down, and JSON ends at 64

bool is_empty(const Value& value) {
  if (const auto* text = value.if_string()) return text->empty();
  if (const auto* list = value.if_list()) return list->empty();
  if (const auto* map = value.if_map()) return map->empty();
  return false;
}

Error bad(std::string what) { return {"bad_value", std::move(what)}; }

Result<Value> plain(const Value& value, std::size_t depth) {
  if (value.if_type() != nullptr) return bad("the name of a type is no data");
  if (const auto* optional = value.if_optional())
    return optional->value == nullptr ? Result<Value>(Value()) : plain(*optional->value, depth);
  if (!value.is_list() && !value.is_map()) return value;
  if (depth == 0) return bad("a value is nested deeper than 48 levels");
  if (const auto* list = value.if_list()) {
    List out;
    out.reserve(list->size());
    for (const auto& item : *list) {
      IEUM_TRY(Value element, plain(item, depth - 1));
      out.push_back(std::move(element));
    }
    return Value(std::move(out));
  }
  Map out;
  for (const auto& [key, member] : *value.if_map()) {
    IEUM_TRY(Value element, plain(member, depth - 1));
    out.set(key.is_string() ? key : Value(expr::text_of(key)), std::move(element));
  }
  return Value(std::move(out));
}

}  // namespace

Result<Value> plain_value(const Value& value) { return plain(value, kDepthMax); }

Result<std::string> scalar_of(const Value& value, const std::string& of) {
  if (value.is_list() || value.is_map()) return bad(of + " must be a text or a number, not a list or a map");
  return expr::text_of(value);
}

std::optional<Value> value_of(const expr::Expression& expression, const expr::Scope& scope) {
  const auto value = expression.evaluate(scope);
  if (value.has_error()) return std::nullopt;
  auto data = plain_value(*value);
  if (data.has_error() || data->is_null()) return std::nullopt;
  return std::move(*data);
}

std::optional<Millis> instant(const Value& value) {
  constexpr std::int64_t kSecondsMax = 253'402'300'799;  // the end of year 9999
  if (const auto* at = value.if_timestamp()) return at->seconds * kSecond + at->nanos / 1'000'000;
  if (const auto* seconds = value.if_int(); seconds != nullptr && *seconds >= 0 && *seconds <= kSecondsMax)
    return *seconds * kSecond;
  if (const auto* text = value.if_string()) {
    const auto parsed = parse_rfc3339(*text);
    if (parsed.has_value()) return *parsed;
  }
  return std::nullopt;
}

bool holds(const expr::Expression& condition, const expr::Scope& scope) {
  const auto value = condition.evaluate(scope);
  const bool* flag = value.has_error() ? nullptr : value->if_bool();
  return flag != nullptr && *flag;
}

Result<std::optional<Value>> render_node(const TemplateNode& node, const expr::Scope& scope, bool omit_empty) {
  using Rendered = std::optional<Value>;
  switch (node.kind) {
    case TemplateNode::Kind::literal: return Rendered(node.literal);
    case TemplateNode::Kind::hole: {
      auto value = node.text->render(scope);
      if (value.has_error()) {
        if (value.error().code == "render_missing") return Rendered();
        return std::move(value).error();
      }
      IEUM_TRY(Value data, plain_value(*value));
      return Rendered(std::move(data));
    }
    case TemplateNode::Kind::text: {
      IEUM_TRY(Value text, node.text->render(scope));
      return Rendered(std::move(text));
    }
    case TemplateNode::Kind::list: {
      List out;
      for (const TemplateNode& child : node.children) {
        IEUM_TRY(Rendered element, render_node(child, scope, omit_empty));
        if (element) out.push_back(std::move(*element));
      }
      return Rendered(Value(std::move(out)));
    }
    case TemplateNode::Kind::map: {
      Map out;
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        IEUM_TRY(Rendered member, render_node(node.children[i], scope, omit_empty));
        if (member && !(omit_empty && is_empty(*member))) out.set(node.keys[i], std::move(*member));
      }
      return Rendered(Value(std::move(out)));
    }
  }
  return Rendered();
}

}  // namespace ieum::host
