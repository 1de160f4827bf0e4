// JSON as it was written: members, elements and scalars of a text by their place, so that digits go out as they came in
// (62000.0 stays 62000.0, which a double cannot tell from 62000). For well-formed JSON, as the host hands it; a text that
// is none gives empty views. Pure, bounded by the text.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ieum/json.hpp"

namespace ieum {

namespace source_detail {

inline std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) ++at;
  return at;
}

// Behind the closing quote of the text that begins at `at`.
inline std::size_t skip_text(std::string_view text, std::size_t at) {
  const char* const data = text.data();
  for (++at; at < text.size(); ++at) {
    if (data[at] == '"') return at + 1;
    if (data[at] == '\\') ++at;
  }
  return text.size();
}

inline bool ends_scalar(char c) {
  return c == ',' || c == '}' || c == ']' || c == ':' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Behind the value that begins at `at`.
inline std::size_t skip_value(std::string_view text, std::size_t at) {
  const char* const data = text.data();
  const std::size_t size = text.size();
  if (at < size && data[at] == '"') return skip_text(text, at);
  if (at >= size || (data[at] != '{' && data[at] != '[')) {
    while (at < size && !ends_scalar(data[at])) ++at;
    return at;
  }
  std::size_t depth = 0;
  while (at < size) {
    const char c = data[at];
    if (c == '"') {
      at = skip_text(text, at);
      continue;
    }
    ++at;
    // '[' and ']' are '{' and '}' without one bit.
    if ((c | 0x20) == '{') ++depth;
    if ((c | 0x20) == '}' && --depth == 0) return at;
  }
  return size;
}

}  // namespace source_detail

// Each element of an array's text: take(source).
template <class Take>
void each_element(std::string_view array, Take take) {
  using namespace source_detail;
  std::size_t at = skip_blanks(array, 0);
  if (at >= array.size() || array[at] != '[') return;
  for (at = skip_blanks(array, at + 1); at < array.size() && array[at] != ']';) {
    const std::size_t end = skip_value(array, at);
    if (end == at) return;
    take(array.substr(at, end - at));
    at = skip_blanks(array, end);
    if (at < array.size() && array[at] == ',') at = skip_blanks(array, at + 1);
  }
}

// Each member of an object's text: take(name, source).
template <class Take>
void each_member(std::string_view object, Take take) {
  using namespace source_detail;
  std::size_t at = skip_blanks(object, 0);
  if (at >= object.size() || object[at] != '{') return;
  for (at = skip_blanks(object, at + 1); at < object.size() && object[at] != '}';) {
    const std::size_t key_end = skip_value(object, at);
    const std::string_view quoted = object.substr(at, key_end - at);
    if (quoted.size() < 2 || quoted.front() != '"') return;
    at = skip_blanks(object, key_end);
    if (at >= object.size() || object[at] != ':') return;
    at = skip_blanks(object, at + 1);
    const std::size_t end = skip_value(object, at);
    if (end == at) return;
    const std::string_view source = object.substr(at, end - at);
    if (quoted.find('\\') == std::string_view::npos) {
      take(quoted.substr(1, quoted.size() - 2), source);
    } else {
      const json::value key = parse_json(quoted);
      if (!key.is_string()) return;
      take(std::string_view(key.get_string()), source);
    }
    at = skip_blanks(object, end);
    if (at < object.size() && object[at] == ',') at = skip_blanks(object, at + 1);
  }
}

// The text of one member's value; empty when there is none.
inline std::string_view member_source(std::string_view object, std::string_view name) {
  std::string_view found;
  each_member(object, [&](std::string_view key, std::string_view source) {
    if (key == name) found = source;
  });
  return found;
}

// The members of an object's text: found once, each read when it is first asked for.
class Members {
 public:
  Members() = default;
  explicit Members(std::string_view object) {
    each_member(object, [this](std::string_view name, std::string_view source) {
      members_.push_back({std::string(name), source, {}});
    });
  }
  // Empty when there is none of this name.
  [[nodiscard]] std::string_view source(std::string_view name) const {
    const Member* found = member(name);
    return found == nullptr ? std::string_view() : found->source;
  }
  // Null pointer when there is none of this name. Lives as long as this object.
  [[nodiscard]] const json::value* find(std::string_view name) const {
    const Member* found = member(name);
    if (found == nullptr) return nullptr;
    if (!found->value) found->value = parse_json(found->source);
    return &*found->value;
  }

 private:
  struct Member {
    std::string name;
    std::string_view source;
    mutable std::optional<json::value> value;
  };
  [[nodiscard]] const Member* member(std::string_view name) const {
    for (const Member& one : members_)
      if (one.name == name) return &one;
    return nullptr;
  }
  std::vector<Member> members_;
};

// A scalar as text: a string's content, a number's digits as written, true and false; "" for all else.
inline std::string source_text(std::string_view source) {
  if (source.empty() || source[0] == '{' || source[0] == '[' || source == "null") return {};
  if (source[0] != '"') return std::string(source);
  if (source.size() >= 2 && source.find('\\') == std::string_view::npos)
    return std::string(source.substr(1, source.size() - 2));
  const json::value parsed = parse_json(source);
  return parsed.is_string() ? std::string(parsed.get_string()) : std::string();
}

}  // namespace ieum
