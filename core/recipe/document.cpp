#include "recipe/document.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace ieum::recipe {

namespace {

// Code points that begin in the bytes.
int code_points(std::string_view bytes) {
  return static_cast<int>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t invalid_offset(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (at + length > text.size() || !utf8_valid(text.substr(at, length))) return at;
    at += length;
  }
  return at;
}

// The length of a character at `at` that may not stand in a recipe, 0 when it may. U+0085, U+2028 and U+2029 are line
// breaks for libyaml and for nobody's editor.
std::size_t forbidden_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned c = byte(at);
  if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return 1;
  if (c == 0xC2 && byte(at + 1) < 0xA0) return 2;
  if (c == 0xE2 && byte(at + 1) == 0x80 && (byte(at + 2) == 0xA8 || byte(at + 2) == 0xA9)) return 3;
  return 0;
}

bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - first;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const std::size_t first = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

Value scalar_value(const Node& node) {
  if (node.style != Style::plain) return node.text;
  if (node.text.empty()) return nullptr;
  if (node.text == "null" || node.text == "true" || node.text == "false" || is_json_number(node.text))
    if (const auto literal = parse_json(node.text)) return *literal;
  return node.text;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members)
    if (member.key.text == key) return &member.value;
  return nullptr;
}

TextMap::TextMap(std::string_view text) : text_(text), starts_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n' || text[i] == '\r') starts_.push_back(i + 1);
  }
}

Place TextMap::at(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const int line = static_cast<int>(next - starts_.begin());
  std::size_t from = *(next - 1);
  int column = 1;
  if (line == last_.line && last_offset_ <= offset) {
    from = last_offset_;
    column = last_.column;
  }
  last_ = {line, column + code_points(text_.substr(from, offset - from))};
  last_offset_ = offset;
  return last_;
}

std::string_view TextMap::line(int number, std::size_t* first) const {
  if (number < 1 || static_cast<std::size_t>(number) > starts_.size()) return {};
  const std::size_t begin = starts_[static_cast<std::size_t>(number) - 1];
  if (first != nullptr) *first = begin;
  const std::string_view rest = text_.substr(begin);
  return rest.substr(0, rest.find_first_of("\r\n"));
}

bool check_text(std::string_view text, bool json, Findings& findings) {
  if (text.size() > limits::kRecipeBytes) {
    findings.error({1, 1}, "too_big", "the recipe has " + std::to_string(text.size()) + " bytes",
                   "a recipe has at most " + std::to_string(limits::kRecipeBytes) + " bytes");
    return false;
  }
  if (text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    findings.error({1, 1}, "byte_order_mark", "the file begins with a byte order mark", "save it as UTF-8 without BOM");
    return false;
  }
  const TextMap map(text);
  if (!utf8_valid(text)) {
    const std::size_t at = invalid_offset(text);
    findings.error(map.at(at), "bad_utf8", "a byte that is not UTF-8", "save the file as UTF-8 (not EUC-KR or CP949)");
    return false;
  }
  if (json) return true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (const std::size_t length = forbidden_at(text, at); length > 0) {
      findings.error(map.at(at), "bad_character",
                     "a control character (bytes " + hex_encode(text.substr(at, length)) + ")",
                     "remove it, or write it as an escape inside double quotes");
      return false;
    }
  }
  return true;
}

Value node_value(const Node& node) {
  switch (node.kind) {
    case Node::Kind::refused: return nullptr;
    case Node::Kind::scalar: return scalar_value(node);
    case Node::Kind::list: {
      List list;
      for (const Node& item : node.items) list.push_back(node_value(item));
      return list;
    }
    case Node::Kind::map: break;
  }
  Map map;
  for (const Member& member : node.members) map.add(member.key.text, node_value(member.value));
  return map;
}

bool is_ambiguous(const Node& node) {
  static constexpr std::array kWords = {"~",   "y",    "n",     "yes",  "no",   "on",
                                        "off", "true", "false", "null", ".nan", ".inf"};
  if (node.kind != Node::Kind::scalar || node.style != Style::plain || !scalar_value(node).is_string()) return false;
  const std::string lower = to_lower_ascii(node.text);
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return true;
  return (lower.starts_with("0x") && lower.size() > 2 &&
          lower.find_first_not_of("0123456789abcdef", 2) == lower.npos) ||
         (lower.starts_with("0o") && lower.size() > 2 && lower.find_first_not_of("01234567", 2) == lower.npos);
}

std::string kind_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::list: return node.items.empty() ? "an empty list" : "a list";
    case Node::Kind::map: return node.members.empty() ? "an empty map" : "a map";
    case Node::Kind::refused: return "something that was refused";
    case Node::Kind::scalar: break;
  }
  const Value value = scalar_value(node);
  if (value.is_null()) return "empty";
  if (value.is_string()) return "the text " + quoted(node.text);
  return (value.if_bool() != nullptr ? "" : "the number ") + node.text;
}

}  // namespace ieum::recipe
