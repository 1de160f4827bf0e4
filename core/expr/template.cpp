#include "expr/template.hpp"

#include <algorithm>

#include "expr/ast.hpp"
#include "expr/evaluation.hpp"

namespace ieum::expr {

struct Template::Parts {
  struct Piece {
    std::string literal;  // text before the hole
    std::optional<Expression> expression;
    bool may_be_null = false;  // {{ null }}, {{ x | or(null) }}
  };
  std::string text;
  std::vector<Piece> pieces;
  bool single = false;
};

struct TemplateAccess {
  static Result<Value> hole(const Template::Parts::Piece& piece, bool may_be_null, const Scope& scope,
                            const Limits& limits, Budget& budget);
  static Result<Value> render(const Template& source, const Scope& scope, const Limits& limits, Budget& budget);
};

namespace {

// null on purpose: the expression is null, or its last default is.
bool says_null(const Ast& ast) {
  const auto is_null = [](const Node& node) { return node.op == Op::constant && node.value.is_null(); };
  return is_null(*ast.root) || (ast.root->op == Op::otherwise && is_null(*ast.root->args[1]));
}

Error missing(const Expression& expression, const Error* cause) {
  std::string what = "'" + expression.source().substr(0, 200) + "' has no value";
  if (cause) what += ": " + cause->what;
  return Error("render_missing", std::move(what),
               "give a default: " + expression.source().substr(0, 100) + " | or('...')",
               cause ? cause->place : expression.ast().place(0));
}

std::string trimmed(std::string_view text, std::size_t& skipped) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  skipped = first;
  return std::string(text.substr(first, text.find_last_not_of(kSpace) - first + 1));
}

void sort_names(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace

Result<Template> Template::parse(std::string_view text, std::size_t line, std::size_t column,
                                 const ParseOptions& options) {
  auto parts = std::make_shared<Parts>();
  parts->text = std::string(text);
  const Position first{line, column};
  const auto place = [&](std::size_t offset) {
    const Position position = position_of(text, offset, first);
    return std::to_string(position.line) + ":" + std::to_string(position.column);
  };
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = text.find("{{", at);
    Parts::Piece& piece = parts->pieces.emplace_back();
    piece.literal = std::string(text.substr(at, open - at));
    if (open == std::string_view::npos) break;
    const std::size_t begin = open + 2;
    const std::size_t end = find_hole_end(text, begin);
    if (end == std::string_view::npos)
      return Error("bad_expression", "'{{' has no '}}'", "close it, or write a literal {{ as {{ '{{' }}", place(open));
    std::size_t skipped = 0;
    const std::string source = trimmed(text.substr(begin, end - begin), skipped);
    if (source.empty()) return Error("bad_expression", "'{{ }}' is empty", "write an expression into it", place(open));
    IEUM_TRY(Expression expression, parse_expression(source, options, position_of(text, begin + skipped, first)));
    piece.may_be_null = says_null(expression.ast());
    piece.expression = std::move(expression);
    at = end + 2;
  }
  parts->single = parts->pieces.size() == 2 && parts->pieces[0].literal.empty() && parts->pieces[1].literal.empty();
  Template result;
  result.parts_ = std::move(parts);
  return result;
}

Result<Value> TemplateAccess::hole(const Template::Parts::Piece& piece, bool may_be_null, const Scope& scope,
                                   const Limits& limits, Budget& budget) {
  Result<Value> value = evaluate_within(piece.expression->ast(), scope, limits, budget);
  if (!value) {
    const Error& error = value.error();
    if (error.code == "no_such_field" || error.code == "unknown_name") return missing(*piece.expression, &error);
    return std::move(value).error();
  }
  // A type or an optional is no data, whatever the options of the language are.
  if (const Value* inner = Evaluation::unwrap(*value); inner != &*value) value = inner ? Value(*inner) : Value();
  if (value->is_null() && !may_be_null) return missing(*piece.expression, nullptr);
  return value;
}

Result<Value> TemplateAccess::render(const Template& source, const Scope& scope, const Limits& limits, Budget& budget) {
  const Template::Parts& parts = *source.parts_;
  std::string text;
  for (const Template::Parts::Piece& piece : parts.pieces) {
    if (piece.literal.size() > budget.output)
      return Error("output_too_large", "the text is larger than " + std::to_string(limits.output_bytes) + " bytes");
    budget.output -= piece.literal.size();
    text += piece.literal;
    if (!piece.expression) continue;
    Result<Value> value = hole(piece, parts.single && piece.may_be_null, scope, limits, budget);
    if (!value) return std::move(value).error();
    if (parts.single) return value;
    Evaluation writer(piece.expression->ast(), nullptr, limits, budget);
    if (!writer.write(text, *value)) return writer.take_error();
  }
  return Value(std::move(text));
}

Result<Value> Template::render(const Scope& scope, const Limits& limits) const {
  Budget budget(limits);
  return TemplateAccess::render(*this, scope, limits, budget);
}

Result<std::string> Template::render_with(const Scope& scope, const Writer& write, const Limits& limits) const {
  Budget budget(limits);
  std::string text;
  for (const Parts::Piece& piece : parts_->pieces) {
    text += piece.literal;
    if (!piece.expression) continue;
    IEUM_TRY(const Value value, TemplateAccess::hole(piece, false, scope, limits, budget));
    IEUM_TRY(const std::string written, write(value, text.size()));
    text += written;
    if (text.size() > limits.output_bytes)
      return Error("output_too_large", "the text is larger than " + std::to_string(limits.output_bytes) + " bytes");
  }
  return text;
}

bool Template::is_literal() const { return parts_->pieces.size() == 1; }
bool Template::is_single_hole() const { return parts_->single; }
const std::string& Template::text() const { return parts_->text; }

std::vector<Expression> Template::expressions() const {
  std::vector<Expression> all;
  for (const Parts::Piece& piece : parts_->pieces)
    if (piece.expression) all.push_back(*piece.expression);
  return all;
}

std::vector<std::string> Template::roots() const {
  std::vector<std::string> names;
  for (const Parts::Piece& piece : parts_->pieces) {
    if (!piece.expression) continue;
    for (std::string& name : piece.expression->roots()) names.push_back(std::move(name));
  }
  sort_names(names);
  return names;
}

std::vector<PathUse> Template::uses() const {
  std::vector<PathUse> all;
  for (const Parts::Piece& piece : parts_->pieces)
    if (piece.expression) all.insert(all.end(), piece.expression->uses().begin(), piece.expression->uses().end());
  return all;
}

struct ValueTemplate::Node {
  enum class Kind { literal, text, list, map };
  Kind kind = Kind::literal;
  Value literal;
  std::optional<Template> text;
  struct Child;
  std::vector<Child> children;

  static Result<Node> parse(const Value& tree, const ParseOptions& options, std::size_t depth);
  [[nodiscard]] Result<Value> render(const Scope& scope, const Limits& limits, Budget& budget) const;
  template <class Visit>
  void visit(Visit visit_text) const;
};

struct ValueTemplate::Node::Child {
  Value key;  // null in lists
  Node node;
};

template <class Visit>
void ValueTemplate::Node::visit(Visit visit_text) const {
  if (text) visit_text(*text);
  for (const auto& [key, child] : children) child.visit(visit_text);
}

namespace {

constexpr std::size_t kTreeDepth = 100;

// The path in the tree is put together on the way up: a place is " 1:4" at the text and "a.b.0 1:4" at the root.
Error under(Error error, const std::string& name) {
  error.place = error.place.empty() || error.place.front() == ' ' ? name + error.place : name + "." + error.place;
  return error;
}

Error at_text(Error error) {
  if (!error.place.empty()) error.place.insert(0, " ");
  return error;
}

Error at_root(Error error) {
  if (error.place.starts_with(' ')) error.place.erase(0, 1);
  return error;
}

}  // namespace

Result<ValueTemplate::Node> ValueTemplate::Node::parse(const Value& tree, const ParseOptions& options,
                                                       std::size_t depth) {
  if (depth == 0) return Error("bad_expression", "the tree is nested too deeply");
  Node node;
  bool literal = true;
  if (const std::string* source = tree.if_string()) {
    Result<Template> text = Template::parse(*source, 1, 1, options);
    if (!text) return at_text(std::move(text).error());
    if (!text->is_literal()) {
      node.kind = Kind::text;
      node.text = std::move(*text);
      return node;
    }
  } else if (const List* list = tree.if_list()) {
    node.kind = Kind::list;
    for (std::size_t i = 0; i < list->size(); ++i) {
      Result<Node> child = parse((*list)[i], options, depth - 1);
      if (!child) return under(std::move(child).error(), std::to_string(i));
      literal = literal && child->kind == Kind::literal;
      node.children.push_back({Value(), std::move(*child)});
    }
  } else if (const Map* map = tree.if_map()) {
    node.kind = Kind::map;
    for (const Map::Entry& entry : *map) {
      Result<Node> child = parse(entry.second, options, depth - 1);
      if (!child) return under(std::move(child).error(), text_of(entry.first));
      literal = literal && child->kind == Kind::literal;
      node.children.push_back({entry.first, std::move(*child)});
    }
  }
  if (literal) {  // a branch without holes is one shared value
    node.kind = Kind::literal;
    node.children.clear();
    node.literal = tree;
  }
  return node;
}

Result<Value> ValueTemplate::Node::render(const Scope& scope, const Limits& limits, Budget& budget) const {
  switch (kind) {
    case Kind::literal: return literal;
    case Kind::text: {
      Result<Value> value = TemplateAccess::render(*text, scope, limits, budget);
      if (!value) return at_text(std::move(value).error());
      return value;
    }
    case Kind::list: {
      List list;
      list.reserve(children.size());
      for (std::size_t i = 0; i < children.size(); ++i) {
        Result<Value> element = children[i].node.render(scope, limits, budget);
        if (!element) return under(std::move(element).error(), std::to_string(i));
        list.push_back(std::move(*element));
      }
      return Value(std::move(list));
    }
    case Kind::map: {
      Map map;
      for (const auto& [key, child] : children) {
        Result<Value> member = child.render(scope, limits, budget);
        if (!member) return under(std::move(member).error(), text_of(key));
        map.set(key, std::move(*member));
      }
      return Value(std::move(map));
    }
  }
  return Value();
}

Result<ValueTemplate> ValueTemplate::parse(const Value& tree, const ParseOptions& options) {
  Result<Node> root = Node::parse(tree, options, kTreeDepth);
  if (!root) return at_root(std::move(root).error());
  ValueTemplate result;
  result.root_ = std::make_shared<const Node>(std::move(*root));
  return result;
}

Result<Value> ValueTemplate::render(const Scope& scope, const Limits& limits) const {
  Budget budget(limits);
  Result<Value> value = root_->render(scope, limits, budget);
  if (!value) return at_root(std::move(value).error());
  return value;
}

bool ValueTemplate::is_literal() const { return root_->kind == Node::Kind::literal; }

std::vector<std::string> ValueTemplate::roots() const {
  std::vector<std::string> names;
  root_->visit([&](const Template& text) {
    for (std::string& name : text.roots()) names.push_back(std::move(name));
  });
  sort_names(names);
  return names;
}

std::vector<PathUse> ValueTemplate::uses() const {
  std::vector<PathUse> all;
  root_->visit([&](const Template& text) {
    std::vector<PathUse> uses = text.uses();
    all.insert(all.end(), std::make_move_iterator(uses.begin()), std::make_move_iterator(uses.end()));
  });
  return all;
}

}  // namespace ieum::expr
