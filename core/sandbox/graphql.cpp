#include "sandbox/graphql.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"

namespace ieum::sandbox {

namespace {

constexpr int kDepthMax = 32;

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_byte(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

class Parser {
 public:
  Parser(std::string_view text, const Value& variables) : text_(text), variables_(variables) {}

  Result<std::vector<Field>> document() {
    const std::string kind = peek() == '{' ? "query" : name();
    if (kind != "query" && kind != "mutation") return fail("Expected query or mutation");
    if (peek() != '{') name();
    if (peek() == '(') skip_brackets();
    std::vector<Field> fields;
    if (!selection(fields, 0)) return fail(error_);
    if (peek() != '\0') return fail("Only one operation without fragments is played here");
    return fields;
  }

 private:
  Error fail(std::string what) const {
    if (what.empty()) what = "Parse error";
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    return Error("bad_graphql", std::move(what), "", "line " + std::to_string(line));
  }

  bool refuse(std::string_view what) {
    if (error_.empty()) error_ = what;
    return false;
  }

  // The next byte that counts: blanks, commas and comments do not.
  char peek() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',')
        ++at_;
      else
        return c;
    }
    return '\0';
  }

  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  std::string name() {
    if (!is_name_start(peek())) return "";
    const std::size_t from = at_;
    while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  void skip_brackets() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '(') ++depth;
      if (text_[at_] == ')' && --depth == 0) {
        ++at_;
        return;
      }
    }
  }

  bool selection(std::vector<Field>& out, int depth) {
    if (depth > kDepthMax) return refuse("The query is nested too deep");
    if (!take('{')) return refuse("Expected a selection");
    while (!take('}')) {
      if (peek() == '.') {
        if (!fragment(out, depth)) return false;
        continue;
      }
      Field field;
      field.name = name();
      if (field.name.empty()) return refuse("Expected a field");
      field.alias = field.name;
      if (take(':')) field.name = name();
      if (peek() == '(' && !arguments(field.arguments)) return false;
      while (take('@')) {
        const std::string directive = name();
        Map given;
        if (directive.empty() || (peek() == '(' && !arguments(given))) return refuse("Expected a directive");
        field.directives.set(directive, std::move(given));
      }
      if (peek() == '{' && !selection(field.selection, depth + 1)) return false;
      out.push_back(std::move(field));
    }
    return true;
  }

  // "... on Type { fields }": its fields are the parent's.
  bool fragment(std::vector<Field>& out, int depth) {
    if (text_.substr(at_, 3) != "...") return refuse("Unexpected '.'");
    at_ += 3;
    if (peek() != '{') {
      if (name() != "on" || name().empty()) return refuse("Named fragments are not played here");
    }
    return selection(out, depth + 1);
  }

  bool arguments(Map& out) {
    take('(');
    while (!take(')')) {
      const std::string key = name();
      Value value;
      if (key.empty() || !take(':') || !literal(value, 0)) return refuse("Expected an argument");
      out.set(key, std::move(value));
    }
    return true;
  }

  bool literal(Value& out, int depth) {
    if (depth > kDepthMax) return refuse("The value is nested too deep");
    const char c = peek();
    if (take('$')) {
      const Value* value = variables_.get(name());
      if (value != nullptr) out = *value;
      return true;
    }
    if (c == '"') return text_literal(out);
    if (take('[')) {
      List list;
      while (!take(']')) {
        Value item;
        if (!literal(item, depth + 1)) return false;
        list.push_back(std::move(item));
      }
      out = std::move(list);
      return true;
    }
    if (take('{')) {
      Map map;
      while (!take('}')) {
        const std::string key = name();
        Value item;
        if (key.empty() || !take(':') || !literal(item, depth + 1)) return refuse("Expected an input field");
        map.set(key, std::move(item));
      }
      out = std::move(map);
      return true;
    }
    if (is_name_start(c)) {
      const std::string word = name();
      if (word == "true" || word == "false")
        out = word == "true";
      else if (word != "null")
        out = word;
      return true;
    }
    const std::size_t from = at_;
    while (at_ < text_.size() &&
           (is_name_byte(text_[at_]) || text_[at_] == '-' || text_[at_] == '+' || text_[at_] == '.'))
      ++at_;
    auto number = parse_json(text_.substr(from, at_ - from));
    if (!number) return refuse("Expected a value");
    out = std::move(*number);
    return true;
  }

  bool text_literal(Value& out) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) return refuse("A text has no end");
    auto text = parse_json(text_.substr(at_, end + 1 - at_));
    if (!text) return refuse("A text has a bad escape");
    at_ = end + 1;
    out = std::move(*text);
    return true;
  }

  std::string_view text_;
  const Value& variables_;
  std::size_t at_ = 0;
  std::string error_;
};

}  // namespace

Result<std::vector<Field>> parse_graphql(std::string_view query, const Value& variables) {
  return Parser(query, variables).document();
}

Result<Value> select(const Value& value, const std::vector<Field>& selection) {
  if (selection.empty() || value.is_null()) return value;
  if (const List* list = value.if_list()) {
    List out;
    for (const Value& item : *list) {
      IEUM_TRY(Value chosen, select(item, selection));
      out.push_back(std::move(chosen));
    }
    return Value(std::move(out));
  }
  Map out;
  for (const Field& field : selection) {
    const Value* member = value.get(field.name);
    if (member == nullptr) return Error("undefined_field", "Field '" + field.name + "' doesn't exist here");
    IEUM_TRY(Value chosen, select(*member, field.selection));
    out.set(field.alias, std::move(chosen));
  }
  return Value(std::move(out));
}

}  // namespace ieum::sandbox
