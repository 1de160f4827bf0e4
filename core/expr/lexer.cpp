#include "expr/lexer.hpp"

#include "base/encoding.hpp"

namespace ieum::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word(char c) { return is_word_start(c) || is_digit(c); }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Token Lexer::make(TokenKind kind, std::size_t start) const {
  Token token;
  token.kind = kind;
  token.offset = start;
  token.length = at_ - start;
  token.text = source_.substr(start, at_ - start);
  return token;
}

Token Lexer::bad(std::size_t start, std::string what) const {
  Token token = make(TokenKind::bad, start);
  token.literal = std::move(what);
  return token;
}

void Lexer::skip_space() {
  while (at_ < source_.size()) {
    const char c = source_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && source_.substr(at_, 2) == "//") {
      while (at_ < source_.size() && source_[at_] != '\n') ++at_;
    } else {
      return;
    }
  }
}

Token Lexer::next() {
  skip_space();
  const std::size_t start = at_;
  if (at_ >= source_.size()) return make(TokenKind::end, start);
  const char c = source_[at_];
  const char second = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
  if (is_digit(c) || (c == '.' && is_digit(second))) return number();
  if (is_word_start(c)) return word();
  if (c == '"' || c == '\'') return quoted(start, false, false);
  if (c == '`') return quoted_identifier();

  const auto two = [&](TokenKind kind) {
    at_ += 2;
    return make(kind, start);
  };
  const auto one = [&](TokenKind kind) {
    ++at_;
    return make(kind, start);
  };
  switch (c) {
    case '(': return one(TokenKind::left_paren);
    case ')': return one(TokenKind::right_paren);
    case '[': return one(TokenKind::left_bracket);
    case ']': return one(TokenKind::right_bracket);
    case '{': return one(TokenKind::left_brace);
    case '}': return one(TokenKind::right_brace);
    case ',': return one(TokenKind::comma);
    case '.': return one(TokenKind::dot);
    case ':': return one(TokenKind::colon);
    case '?': return one(TokenKind::question);
    case '+': return one(TokenKind::plus);
    case '-': return one(TokenKind::minus);
    case '*': return one(TokenKind::star);
    case '/': return one(TokenKind::slash);
    case '%': return one(TokenKind::percent);
    case '!': return second == '=' ? two(TokenKind::not_equal) : one(TokenKind::bang);
    case '<': return second == '=' ? two(TokenKind::less_equal) : one(TokenKind::less);
    case '>': return second == '=' ? two(TokenKind::greater_equal) : one(TokenKind::greater);
    case '&':
      if (second == '&') return two(TokenKind::and_);
      break;
    case '|': return second == '|' ? two(TokenKind::or_) : one(TokenKind::pipe);
    case '=':
      if (second == '=') return two(TokenKind::equal);
      break;
    default: break;
  }
  ++at_;
  if (static_cast<unsigned char>(c) >= 0x80) {
    while (at_ < source_.size() && (static_cast<unsigned char>(source_[at_]) >= 0x80 || is_word(source_[at_]))) ++at_;
    return bad(start, "'" + std::string(source_.substr(start, at_ - start)) +
                          "' is no name; plain names are ASCII letters, digits and _");
  }
  if (c == '=') return bad(start, "a single '=' means nothing here; equality is '=='");
  if (c == '&') return bad(start, "a single '&' means nothing here; 'and' is '&&'");
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
    return bad(start, "a control character stands outside a string");
  return bad(start, "'" + std::string(source_.substr(start, at_ - start)) + "' means nothing here");
}

Token Lexer::number() {
  const std::size_t start = at_;
  const auto digits = [&] {
    while (at_ < source_.size() && is_digit(source_[at_])) ++at_;
  };
  TokenKind kind = TokenKind::integer;
  if (source_[at_] == '0' && at_ + 1 < source_.size() && (source_[at_ + 1] == 'x' || source_[at_ + 1] == 'X')) {
    at_ += 2;
    const std::size_t first = at_;
    while (at_ < source_.size() && hex_digit(source_[at_]) >= 0) ++at_;
    if (at_ == first) return bad(start, "a hexadecimal number needs digits after 0x");
  } else {
    digits();
    if (at_ + 1 < source_.size() && source_[at_] == '.' && is_digit(source_[at_ + 1])) {
      kind = TokenKind::floating;
      ++at_;
      digits();
    }
    if (at_ < source_.size() && (source_[at_] == 'e' || source_[at_] == 'E')) {
      std::size_t exponent = at_ + 1;
      if (exponent < source_.size() && (source_[exponent] == '+' || source_[exponent] == '-')) ++exponent;
      if (exponent < source_.size() && is_digit(source_[exponent])) {
        kind = TokenKind::floating;
        at_ = exponent;
        digits();
      }
    }
  }
  Token token = make(kind, start);
  if (kind == TokenKind::integer && at_ < source_.size() && (source_[at_] == 'u' || source_[at_] == 'U')) {
    ++at_;
    token.kind = TokenKind::unsigned_integer;
    token.length = at_ - start;
  }
  if (at_ < source_.size() && is_word_start(source_[at_])) {
    while (at_ < source_.size() && is_word(source_[at_])) ++at_;
    return bad(start, "'" + std::string(source_.substr(start, at_ - start)) + "' is no number");
  }
  return token;
}

Token Lexer::word() {
  const std::size_t start = at_;
  bool raw = false, bytes = false;
  std::size_t ahead = at_;
  while (ahead < source_.size() && ahead - start < 2) {
    const char c = source_[ahead];
    if ((c == 'r' || c == 'R') && !raw) {
      raw = true;
    } else if ((c == 'b' || c == 'B') && !bytes) {
      bytes = true;
    } else {
      break;
    }
    ++ahead;
  }
  if (ahead > start && ahead < source_.size() && (source_[ahead] == '"' || source_[ahead] == '\'')) {
    at_ = ahead;
    return quoted(start, raw, bytes);
  }
  while (at_ < source_.size() && is_word(source_[at_])) ++at_;
  return make(TokenKind::identifier, start);
}

Token Lexer::quoted(std::size_t start, bool raw, bool bytes) {
  const char quote = source_[at_];
  const bool triple = at_ + 2 < source_.size() && source_[at_ + 1] == quote && source_[at_ + 2] == quote;
  at_ += triple ? 3 : 1;
  std::string value, wrong;
  std::size_t wrong_at = 0;
  for (;;) {
    if (at_ >= source_.size()) return bad(start, "this string has no end");
    const char c = source_[at_];
    if (c == quote) {
      if (!triple) {
        ++at_;
        break;
      }
      if (source_.substr(at_, 3) == std::string(3, quote)) {
        at_ += 3;
        break;
      }
    }
    if (!triple && (c == '\n' || c == '\r')) return bad(start, "this string has no end on its line");
    if (c == '\\' && !raw) {
      const std::size_t escape_at = at_++;
      std::string problem = escape(value, bytes);
      if (!problem.empty() && wrong.empty()) {
        wrong = std::move(problem);
        wrong_at = escape_at;
      }
      continue;
    }
    if (c == '\r') {  // a line ends with \n, however the file that holds the source ends its lines
      value += '\n';
      at_ += source_.substr(at_, 2) == "\r\n" ? 2 : 1;
      continue;
    }
    value += c;
    ++at_;
  }
  if (!wrong.empty()) return bad(wrong_at, std::move(wrong));
  Token token = make(bytes ? TokenKind::bytes : TokenKind::string, start);
  token.literal = std::move(value);
  return token;
}

std::string Lexer::escape(std::string& out, bool bytes) {
  if (at_ >= source_.size()) return "this string ends inside an escape";
  const char c = source_[at_++];
  const auto numeric = [&](int digits, const char* name) -> std::string {
    char32_t code = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const int digit = at_ < source_.size() ? hex_digit(source_[at_]) : -1;
      if (digit < 0)
        return "the escape " + std::string(name) + " needs " + std::to_string(digits) + " hexadecimal digits";
      code = code * 16 + static_cast<char32_t>(digit);
    }
    if (digits == 2 && bytes) {
      out += static_cast<char>(code);
      return {};
    }
    if (digits > 2 && bytes) return "bytes have no escape " + std::string(name);
    if (digits == 4 && code >= 0xD800 && code <= 0xDBFF)
      if (const char32_t low = low_surrogate()) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return "this escape is no Unicode character";
    utf8_append(out, code);
    return {};
  };
  switch (c) {
    case 'a': out += '\a'; return {};
    case 'b': out += '\b'; return {};
    case 'f': out += '\f'; return {};
    case 'n': out += '\n'; return {};
    case 'r': out += '\r'; return {};
    case 't': out += '\t'; return {};
    case 'v': out += '\v'; return {};
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`': out += c; return {};
    case 'x':
    case 'X': return numeric(2, "\\x");
    case 'u': return numeric(4, "\\u");
    case 'U': return numeric(8, "\\U");
    case '0':
    case '1':
    case '2':
    case '3': {
      char32_t code = static_cast<char32_t>(c - '0');
      for (int i = 0; i < 2; ++i, ++at_) {
        if (at_ >= source_.size() || source_[at_] < '0' || source_[at_] > '7')
          return "an octal escape needs three digits";
        code = code * 8 + static_cast<char32_t>(source_[at_] - '0');
      }
      if (bytes)
        out += static_cast<char>(code);
      else
        utf8_append(out, code);
      return {};
    }
    default: return "there is no escape \\" + std::string(1, c) + "; a backslash itself is \\\\";
  }
}

char32_t Lexer::low_surrogate() {
  if (source_.substr(at_, 2) != "\\u" || at_ + 6 > source_.size()) return 0;
  char32_t code = 0;
  for (std::size_t i = at_ + 2; i < at_ + 6; ++i) {
    const int digit = hex_digit(source_[i]);
    if (digit < 0) return 0;
    code = code * 16 + static_cast<char32_t>(digit);
  }
  if (code < 0xDC00 || code > 0xDFFF) return 0;
  at_ += 6;
  return code;
}

Token Lexer::quoted_identifier() {
  const std::size_t start = at_++;
  const std::size_t close = source_.find('`', at_);
  if (close == std::string_view::npos) return bad(start, "this quoted name has no closing `");
  const std::string_view name = source_.substr(at_, close - at_);
  at_ = close + 1;
  if (name.empty()) return bad(start, "a quoted name may not be empty");
  Token token = make(TokenKind::quoted_identifier, start);
  token.text = name;
  return token;
}

Position position_of(std::string_view source, std::size_t offset, Position first) {
  Position position = first;
  for (std::size_t i = 0; i < offset && i < source.size(); ++i) {
    if (source[i] == '\n') {
      ++position.line;
      position.column = 1;
    } else if ((static_cast<unsigned char>(source[i]) & 0xC0) != 0x80) {
      ++position.column;
    }
  }
  return position;
}

std::size_t find_hole_end(std::string_view text, std::size_t offset) {
  Lexer lexer(text, offset);
  std::size_t open_braces = 0;
  for (;;) {
    const Token token = lexer.next();
    if (token.kind == TokenKind::end) return std::string_view::npos;
    if (token.kind == TokenKind::left_brace) ++open_braces;
    if (token.kind != TokenKind::right_brace) continue;
    if (open_braces > 0) {
      --open_braces;
    } else if (text.substr(token.offset, 2) == "}}") {
      return token.offset;
    }
  }
}

}  // namespace ieum::expr
