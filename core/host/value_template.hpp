// ValueTemplate of a manifest: a tree of texts with {{ }} from which a part of a request is made. For this room only.
//
// Unlike the templates of a recipe, a text that is exactly one hole without a value leaves its key (or its place in a list)
// out, so that an input that was not given is not sent. What a hole gives is data for good: it is never read as a template,
// and a body is written from values, never from joined texts.
// Immutable, shared by copies. [any-thread]
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "expr/template.hpp"

namespace ieum::host {

struct TemplateNode {
  enum class Kind { literal, hole, text, list, map };
  Kind kind = Kind::literal;
  Value literal;
  std::optional<expr::Template> text;  // hole, text
  std::vector<std::string> keys;       // map: beside children
  std::vector<TemplateNode> children;  // list, map
};

// Nothing where a hole has no value. Errors of expressions, and "render_missing" of a text with more than its one hole.
// omit_empty leaves out members that came out as "", [] or {}.
Result<std::optional<Value>> render_node(const TemplateNode& node, const expr::Scope& scope, bool omit_empty);

// A text for a place that is one line: a text, number or flag. Error "bad_value".
Result<std::string> scalar_of(const Value& value, const std::string& of);

// The value without optionals and types, which are no data. Error "bad_value", also for what is nested deeper than 48.
Result<Value> plain_value(const Value& value);

// An expression that may find nothing: its plain value, unless it fails or gives null.
std::optional<Value> value_of(const expr::Expression& expression, const expr::Scope& scope);
bool holds(const expr::Expression& condition, const expr::Scope& scope);
// A timestamp, RFC 3339 text or seconds since 1970, as times are told by vendors; nothing for anything else.
std::optional<Millis> instant(const Value& value);

}  // namespace ieum::host
