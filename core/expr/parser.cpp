// First pass: tokens to a tree as written. Precedence from low to high: |, ?:, ||, &&, relations, + -, * / %, unary,
// members. Names are bound in resolver.cpp.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.hpp"
#include "expr/ast.hpp"
#include "expr/parse_number.hpp"

namespace ieum::expr {
namespace {

constexpr std::array<std::string_view, 17> kReserved = {"as",        "break",  "const",  "continue", "else", "for",
                                                        "function",  "if",     "import", "let",      "loop", "package",
                                                        "namespace", "return", "var",    "void",     "while"};

constexpr std::uint32_t kChainMax = 1000;

struct Binary {
  Op op;
  int level;
};

std::optional<Binary> binary_of(const Token& token) {
  switch (token.kind) {
    case TokenKind::or_: return Binary{Op::logical_or, 1};
    case TokenKind::and_: return Binary{Op::logical_and, 2};
    case TokenKind::less: return Binary{Op::less, 3};
    case TokenKind::less_equal: return Binary{Op::less_equal, 3};
    case TokenKind::greater: return Binary{Op::greater, 3};
    case TokenKind::greater_equal: return Binary{Op::greater_equal, 3};
    case TokenKind::equal: return Binary{Op::equal, 3};
    case TokenKind::not_equal: return Binary{Op::not_equal, 3};
    case TokenKind::identifier: return token.text == "in" ? std::optional(Binary{Op::in, 3}) : std::nullopt;
    case TokenKind::plus: return Binary{Op::add, 4};
    case TokenKind::minus: return Binary{Op::subtract, 4};
    case TokenKind::star: return Binary{Op::multiply, 5};
    case TokenKind::slash: return Binary{Op::divide, 5};
    case TokenKind::percent: return Binary{Op::modulo, 5};
    default: return std::nullopt;
  }
}

class Parser {
 public:
  explicit Parser(Ast& ast) : ast_(ast), lexer_(ast.source) { advance(); }

  Status run() {
    ast_.root = expression();
    if (ast_.root && token_.kind != TokenKind::end) unexpected("the end of the expression");
    if (failed_) return std::move(error_);
    return {};
  }

 private:
  // Every parse function returns null after the first error; the error is kept.
  Node* fail(std::size_t offset, std::string what, std::string mend = {}) {
    if (!failed_) {
      failed_ = true;
      error_ = Error("bad_expression", std::move(what), std::move(mend), ast_.place(offset));
    }
    return nullptr;
  }

  Node* unexpected(const std::string& wanted) {
    if (token_.kind == TokenKind::bad) {
      const std::string_view found(ast_.source.data() + token_.offset, token_.length);
      for (const std::string_view curly : {"\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9C", "\xE2\x80\x9D"})
        if (found.starts_with(curly))
          return fail(token_.offset, "text stands in straight quotes", "'text' or \"text\"");
      const bool beyond_ascii = !found.empty() && static_cast<unsigned char>(found.front()) >= 0x80;
      return fail(token_.offset, token_.literal, beyond_ascii ? "event['이름'] for a member, '이름' for text" : "");
    }
    if (token_.kind == TokenKind::end)
      return fail(token_.offset, "the expression ends where " + wanted + " was expected");
    std::string found(ast_.source.substr(token_.offset, std::min<std::size_t>(token_.length, 60)));
    std::string mend;
    if (token_.kind == TokenKind::pipe && !ast_.options.recipe_functions) mend = "plain CEL has no pipes";
    if (after_pipe_) mend = "put the pipe in parentheses: (x | f(y)) > 1";
    return fail(token_.offset, "'" + found + "' stands where " + wanted + " was expected", std::move(mend));
  }

  void advance() { token_ = lexer_.next(); }

  bool accept(TokenKind kind) {
    if (token_.kind != kind) return false;
    advance();
    return true;
  }

  bool expect(TokenKind kind, const char* wanted) {
    if (accept(kind)) return true;
    unexpected(wanted);
    return false;
  }

  // The depth of the tree. The left spine of a chain like a + b - c is evaluated in a loop and counts once; its length
  // has its own bound, because the passes over the tree walk it.
  Node* finish(Node* node, bool chain = false) {
    std::uint32_t depth = 0;
    for (std::size_t i = 0; i < node->args.size(); ++i) {
      const std::uint32_t of_child = node->args[i]->depth - (chain && i == 0 ? 1 : 0);
      depth = std::max(depth, of_child);
    }
    node->depth = depth + 1;
    if (node->depth > ast_.options.depth_max) return fail(node->offset, "the expression is nested too deeply");
    return node;
  }

  Node* expression() {
    if (++nesting_ > ast_.options.depth_max) return fail(token_.offset, "the expression is nested too deeply");
    Node* node = ternary();
    while (node && token_.kind == TokenKind::pipe && ast_.options.recipe_functions) node = pipe(node);
    --nesting_;
    return node;
  }

  Node* pipe(Node* value) {
    advance();
    Node* call = ast_.make(Op::call, token_.offset);
    if (token_.kind != TokenKind::identifier) return unexpected("the name of a function after '|'");
    call->name = std::string(token_.text);
    advance();
    while (accept(TokenKind::dot)) {
      if (token_.kind != TokenKind::identifier) return unexpected("a name after '.'");
      call->name += "." + std::string(token_.text);
      advance();
    }
    call->args.push_back(value);
    if (accept(TokenKind::left_paren) && !arguments(call)) return nullptr;
    call->names = {"|"};  // the resolver may take a method for it
    after_pipe_ = true;
    return finish(call);
  }

  Node* ternary() {
    Node* condition = binary(1);
    if (!condition || token_.kind != TokenKind::question) return condition;
    Node* node = ast_.make(Op::conditional, token_.offset);
    advance();
    Node* yes = binary(1);
    if (!yes) return nullptr;
    if (!expect(TokenKind::colon, "':' of 'condition ? yes : no'")) return nullptr;
    if (++nesting_ > ast_.options.depth_max) return fail(token_.offset, "the expression is nested too deeply");
    Node* no = ternary();
    --nesting_;
    if (!no) return nullptr;
    node->args = {condition, yes, no};
    return finish(node);
  }

  Node* binary(int level) {
    Node* left = unary();
    while (left) {
      const std::optional<Binary> binary_op = binary_of(token_);
      if (!binary_op || binary_op->level < level) return left;
      const std::size_t offset = token_.offset;
      advance();
      Node* right = binary(binary_op->level + 1);
      if (!right) return nullptr;
      const bool logical = binary_op->op == Op::logical_and || binary_op->op == Op::logical_or;
      if (logical && left->op == binary_op->op && !left->flag) {
        left->args.push_back(right);
        left->depth = std::max(left->depth, right->depth + 1);
        continue;
      }
      Node* node = ast_.make(binary_op->op, offset);
      const bool chain = is_chain(left->op) && is_chain(node->op);
      node->slot = chain ? left->slot + 1 : 0;
      if (node->slot > kChainMax) return fail(offset, "the expression chains too many operators");
      node->args = {left, right};
      left = finish(node, chain);
    }
    return left;
  }

  static bool is_chain(Op op) { return op >= Op::add && op <= Op::modulo; }

  Node* unary() {
    const std::size_t offset = token_.offset;
    if (token_.kind == TokenKind::bang || token_.kind == TokenKind::minus) {
      const bool minus = token_.kind == TokenKind::minus;
      const TokenKind kind = token_.kind;
      std::size_t count = 0;
      while (token_.kind == kind) {
        ++count;
        advance();
        if (minus && (token_.kind == TokenKind::integer || token_.kind == TokenKind::floating)) break;
      }
      Node* operand = nullptr;
      if (minus && (token_.kind == TokenKind::integer || token_.kind == TokenKind::floating)) {
        operand = members(number(true, offset));
        --count;
      } else {
        operand = members(primary());
      }
      // Pairs cancel only for the right kind of operand: -(-5u) stays an error, so one or two operators are kept.
      if (count > 2) count = 2 - count % 2;
      for (; operand && count > 0; --count) {
        Node* node = ast_.make(minus ? Op::negate : Op::logical_not, offset);
        node->args = {operand};
        operand = finish(node);
      }
      return operand;
    }
    return members(primary());
  }

  Node* number(bool negative, std::size_t offset) {
    Node* node = ast_.make(Op::constant, offset);
    std::string text = (negative ? "-" : "") + std::string(token_.text);
    if (token_.kind == TokenKind::floating) {
      const std::optional<double> value = parse_double(text);
      if (!value) return fail(offset, "the number " + text + " cannot be read");
      node->value = Value(*value);
    } else if (token_.kind == TokenKind::unsigned_integer) {
      const std::optional<std::uint64_t> value = parse_literal_uint(text);
      if (!value) return fail(offset, "the number " + text + "u does not fit into 64 bits");
      node->value = Value(*value);
    } else {
      const std::optional<std::int64_t> value = parse_literal_int(text);
      if (!value)
        return fail(offset, "the number " + text + " does not fit into 64 bits", "write it as dec('" + text + "')");
      node->value = Value(*value);
    }
    advance();
    return node;
  }

  Node* constant(Value value) {
    Node* node = ast_.make(Op::constant, token_.offset);
    node->value = std::move(value);
    advance();
    return node;
  }

  Node* primary() {
    switch (token_.kind) {
      case TokenKind::integer:
      case TokenKind::unsigned_integer:
      case TokenKind::floating: return number(false, token_.offset);
      case TokenKind::string: return constant(Value(std::move(token_.literal)));
      case TokenKind::bytes: return constant(Value(Bytes{std::move(token_.literal)}));
      case TokenKind::left_paren: {
        advance();
        Node* inner = expression();
        if (!inner || !expect(TokenKind::right_paren, "')'")) return nullptr;
        after_pipe_ = false;
        // (a && b) && c keeps its own node, so that chains of the same operator are those that were written so.
        if (inner->op == Op::logical_and || inner->op == Op::logical_or) inner->flag = true;
        // (a).b asks a for its member b, whatever a.b is the name of.
        if (inner->op == Op::identifier || inner->op == Op::select) inner->slot = 1;
        return inner;
      }
      case TokenKind::left_bracket: return list();
      case TokenKind::left_brace: return map();
      case TokenKind::dot:
      case TokenKind::identifier: return name();
      default: return unexpected("a value");
    }
  }

  Node* name() {
    const std::size_t offset = token_.offset;
    const bool absolute = accept(TokenKind::dot);
    if (token_.kind != TokenKind::identifier) return unexpected("a name");
    const std::string_view word = token_.text;
    if (!absolute) {
      if (word == "true") return constant(Value(true));
      if (word == "false") return constant(Value(false));
      if (word == "null") return constant(Value());
    }
    if (word == "in" || word == "true" || word == "false" || word == "null") return unexpected("a value");
    const bool ours = word == "loop" && ast_.options.recipe_functions;  // recipes have `loop.index`
    if (!ours && std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end())
      return fail(token_.offset, "'" + std::string(word) + "' is a reserved word and cannot be a name");
    Node* node = ast_.make(Op::identifier, offset);
    node->name = std::string(word);
    node->flag = absolute;
    advance();
    if (token_.kind == TokenKind::left_paren) {
      advance();
      node->op = Op::call;
      node->flag = false;
      return arguments(node) ? finish(node) : nullptr;
    }
    return node;
  }

  // Behind the opening parenthesis; takes the closing one.
  bool arguments(Node* call) {
    after_pipe_ = false;
    if (accept(TokenKind::right_paren)) return true;
    for (;;) {
      Node* argument = expression();
      if (!argument) return false;
      call->args.push_back(argument);
      if (accept(TokenKind::comma)) continue;
      after_pipe_ = false;
      return expect(TokenKind::right_paren, "',' or ')'");
    }
  }

  Node* members(Node* operand) {
    while (operand) {
      if (token_.kind == TokenKind::dot) {
        advance();
        const bool optional = accept(TokenKind::question);
        const bool quoted = token_.kind == TokenKind::quoted_identifier;
        if (!quoted && token_.kind != TokenKind::identifier) return unexpected("a name after '.'");
        const std::string_view word = token_.text;
        if (!quoted && (word == "in" || word == "true" || word == "false" || word == "null"))
          return fail(token_.offset, "'" + std::string(word) + "' is a reserved word",
                      "write ['" + std::string(word) + "']");
        Node* node = ast_.make(optional ? Op::opt_select : Op::select, token_.offset);
        node->name = std::string(word);
        advance();
        if (!optional && !quoted && accept(TokenKind::left_paren)) {
          node->op = Op::call;
          node->flag = true;
          node->args.push_back(operand);
          if (!arguments(node)) return nullptr;
        } else {
          node->args = {operand};
        }
        operand = finish(node);
      } else if (token_.kind == TokenKind::left_bracket) {
        Node* node = ast_.make(Op::index, token_.offset);
        advance();
        if (accept(TokenKind::question)) node->op = Op::opt_index;
        Node* key = expression();
        if (!key || !expect(TokenKind::right_bracket, "']'")) return nullptr;
        node->args = {operand, key};
        operand = finish(node);
      } else if (token_.kind == TokenKind::left_brace && (operand->op == Op::identifier || operand->op == Op::select)) {
        return fail(token_.offset, "messages of named types are not part of this language",
                    "write a map: {'name': value}");
      } else {
        break;
      }
    }
    return operand;
  }

  Node* list() {
    Node* node = ast_.make(Op::list, token_.offset);
    advance();
    while (token_.kind != TokenKind::right_bracket) {
      const bool optional = accept(TokenKind::question);
      Node* element = expression();
      if (!element) return nullptr;
      node->args.push_back(element);
      node->optional_entries.push_back(optional);
      if (!accept(TokenKind::comma) && token_.kind != TokenKind::right_bracket) return unexpected("',' or ']'");
    }
    advance();
    return finish(node);
  }

  Node* map() {
    Node* node = ast_.make(Op::map, token_.offset);
    advance();
    while (token_.kind != TokenKind::right_brace) {
      const bool optional = accept(TokenKind::question);
      Node* key = expression();
      if (!key || !expect(TokenKind::colon, "':' between key and value")) return nullptr;
      Node* value = expression();
      if (!value) return nullptr;
      node->args.push_back(key);
      node->args.push_back(value);
      node->optional_entries.push_back(optional);
      if (!accept(TokenKind::comma) && token_.kind != TokenKind::right_brace) return unexpected("',' or '}'");
    }
    advance();
    return finish(node);
  }

  Ast& ast_;
  Lexer lexer_;
  Token token_;
  std::size_t nesting_ = 0;
  bool after_pipe_ = false;
  bool failed_ = false;
  Error error_;
};

}  // namespace

Status parse_source(Ast& ast) {
  if (ast.source.size() > ast.options.source_max)
    return Error("bad_expression", "the expression is longer than " + std::to_string(ast.options.source_max) + " bytes",
                 "", ast.place(0));
  if (!utf8_valid(ast.source)) return Error("bad_expression", "the expression is not valid UTF-8", "", ast.place(0));
  return Parser(ast).run();
}

}  // namespace ieum::expr
