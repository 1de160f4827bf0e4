// Template: text with {{ expression }} holes. ValueTemplate: a whole tree of such texts, the `with` of a step.
//
// A text that is exactly one hole keeps the value's type; every other text renders to a string. Holes are found with
// the expression's own lexer, so a string inside a hole may hold "}}". A literal "{{" is written {{ '{{' }}.
// What a value looks like inside text: strings as they are, numbers and true/false as in JSON, timestamps RFC 3339,
// durations "90s", lists and maps as JSON, bytes as base64.
// A missing member, an unknown name, null and optional.none() are error "render_missing", unless `or` gives a default
// ({{ customer.first_name | or('고객') }}); a hole that stands alone may say | or(null) to mean null.
// Rendered text is never read as source again: nothing that comes from outside can become an expression.
// Thread: immutable; copies share; any thread may render.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "expr/expression.hpp"

namespace ieum::expr {

class Template {
 public:
  // line and column: where the text begins in its file, so that errors ("bad_expression") point into the file.
  static Result<Template> parse(std::string_view text, std::size_t line = 1, std::size_t column = 1,
                                const ParseOptions& options = {});
  // Errors of evaluate, and "render_missing" that names the expression.
  [[nodiscard]] Result<Value> render(const Scope& scope, const Limits& limits = {}) const;
  // As text, each hole's value through `write`, which gets its offset in the text made so far. For places with rules of
  // their own about what may stand in them, such as an address: no value can then break out of its hole.
  using Writer = std::function<Result<std::string>(const Value& value, std::size_t offset)>;
  [[nodiscard]] Result<std::string> render_with(const Scope& scope, const Writer& write,
                                                const Limits& limits = {}) const;
  [[nodiscard]] bool is_literal() const;          // no holes
  [[nodiscard]] bool is_single_hole() const;      // exactly one hole and nothing else: the type is kept
  [[nodiscard]] const std::string& text() const;  // as written
  [[nodiscard]] std::vector<std::string> roots() const;
  [[nodiscard]] std::vector<PathUse> uses() const;  // line and column in the file
  [[nodiscard]] std::vector<Expression> expressions() const;

 private:
  struct Parts;
  friend struct TemplateAccess;
  std::shared_ptr<const Parts> parts_;
};

class ValueTemplate {
 public:
  // Every string of the tree is a template; map keys are taken as they are. place of an error: "a.b.0 1:4" (path in
  // the tree, then line:column in the text).
  static Result<ValueTemplate> parse(const Value& tree, const ParseOptions& options = {});
  // One budget for the whole tree. place of an error: the path in the tree.
  [[nodiscard]] Result<Value> render(const Scope& scope, const Limits& limits = {}) const;
  [[nodiscard]] bool is_literal() const;
  [[nodiscard]] std::vector<std::string> roots() const;
  [[nodiscard]] std::vector<PathUse> uses() const;

 private:
  struct Node;
  std::shared_ptr<const Node> root_;
};

// The text of a value inside a template, by the rules above; null and optional.none() become "".
std::string text_of(const Value& value);

}  // namespace ieum::expr
