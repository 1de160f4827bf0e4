// Lexer of the expression language: source text to tokens, one at a time. Also finds where a template's hole ends.
// Works on bytes; the source must be valid UTF-8 (checked by the parser). No state but the position.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/value.hpp"

namespace ieum::expr {

enum class TokenKind {
  end,
  bad,
  identifier,
  quoted_identifier,
  integer,
  unsigned_integer,
  floating,
  string,
  bytes,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  left_brace,
  right_brace,
  comma,
  dot,
  colon,
  question,
  plus,
  minus,
  star,
  slash,
  percent,
  bang,
  pipe,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  and_,
  or_,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t offset = 0;  // bytes
  std::size_t length = 0;
  std::string_view text;  // identifiers and numbers: as written (numbers without the u suffix, quoted without `)
  std::string literal;    // string, bytes: the value; bad: what is wrong
};

class Lexer {
 public:
  explicit Lexer(std::string_view source, std::size_t offset = 0) : source_(source), at_(offset) {}
  // After a bad token the position is past it; end repeats.
  Token next();
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  Token make(TokenKind kind, std::size_t start) const;
  Token bad(std::size_t start, std::string what) const;
  void skip_space();
  Token number();
  Token word();
  Token quoted(std::size_t start, bool raw, bool bytes);
  Token quoted_identifier();
  // Reads one escape after the backslash into out; an empty text when it went well, else what is wrong.
  std::string escape(std::string& out, bool bytes);
  // The second half of a pair of surrogates, when it comes next; takes it. 0 when something else comes.
  char32_t low_surrogate();

  std::string_view source_;
  std::size_t at_;
};

// The line and column (from 1, columns in code points) of a byte offset.
struct Position {
  std::size_t line = 1, column = 1;
};
Position position_of(std::string_view source, std::size_t offset, Position first = {});

// `offset` is just behind "{{". The offset of the "}}" that ends the hole, or npos. A broken token inside is left to
// the parser: the search goes on behind it.
std::size_t find_hole_end(std::string_view text, std::size_t offset);

}  // namespace ieum::expr
