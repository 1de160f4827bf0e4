// JSON as it was written: members, elements and scalars of a text by their place, so that digits go out as they came in
// (62000.0 stays 62000.0, which a double cannot tell from 62000). For well-formed JSON, as the host hands it; a text that
// is none gives empty views. Pure, bounded by the text.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "ieum/json.hpp"

namespace ieum {

namespace source_detail {

inline std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) ++at;
  return at;
}

// Behind the value that begins at `at`.
inline std::size_t skip_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\')
        ++at;
      else if (c == '"')
        quoted = false;
      if (!quoted && depth == 0) return at + 1;
      continue;
    }
    if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ':')) {
      return at;
    }
  }
  return text.size();
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
    const json::value key = parse_json(object.substr(at, key_end - at));
    at = skip_blanks(object, key_end);
    if (!key.is_string() || at >= object.size() || object[at] != ':') return;
    at = skip_blanks(object, at + 1);
    const std::size_t end = skip_value(object, at);
    if (end == at) return;
    take(std::string_view(key.get_string()), object.substr(at, end - at));
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

// A scalar as text: a string's content, a number's digits as written, true and false; "" for all else.
inline std::string source_text(std::string_view source) {
  if (source.empty() || source[0] == '{' || source[0] == '[' || source == "null") return {};
  if (source[0] != '"') return std::string(source);
  const json::value parsed = parse_json(source);
  return parsed.is_string() ? std::string(parsed.get_string()) : std::string();
}

}  // namespace ieum
