// JSON as it was written: members, elements and scalars of a text by their place, so that digits go out as they came in
// (62000.0 stays 62000.0, which a double cannot tell from 62000). For well-formed JSON, as the host hands it; a text that
// is none gives empty views. Pure, bounded by the text.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
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

// Where the next quote or backslash is, from `at` on; the end where there is none. Eight bytes at a time: a byte that is looked for
// shows in its highest bit, and the lowest that shows is one.
inline std::size_t find_quote(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x8080808080808080;
  const auto zeros = [](std::uint64_t word) { return (word - ones) & ~word & highs; };
  if constexpr (std::endian::native == std::endian::little) {
    for (; at + 8 <= text.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, 8);
      const std::uint64_t found = zeros(word ^ (ones * '"')) | zeros(word ^ (ones * '\\'));
      if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
  }
  while (at < text.size() && text[at] != '"' && text[at] != '\\') ++at;
  return at;
}

// Behind the closing quote of the text that begins at `at`.
inline std::size_t skip_text(std::string_view text, std::size_t at) {
  for (at = find_quote(text, at + 1); at < text.size(); at = find_quote(text, at + 2))
    if (text[at] == '"') return at + 1;
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

// Each member of the object that begins at `at`: take(quoted name, its value's place), which tells where the value ends. Tells
// where the object ends, or `at` where it is none.
template <class Take>
std::size_t walk_members(std::string_view text, std::size_t at, Take take) {
  using namespace source_detail;
  const std::size_t begin = at;
  if (at >= text.size() || text[at] != '{') return begin;
  for (at = skip_blanks(text, at + 1); at < text.size() && text[at] != '}';) {
    if (text[at] != '"') return begin;
    const std::size_t key_end = skip_text(text, at);
    const std::string_view quoted = text.substr(at, key_end - at);
    at = skip_blanks(text, key_end);
    if (at >= text.size() || text[at] != ':') return begin;
    at = skip_blanks(text, at + 1);
    const std::size_t end = take(quoted, at);
    if (end == at) return begin;
    at = skip_blanks(text, end);
    if (at < text.size() && text[at] == ',') at = skip_blanks(text, at + 1);
  }
  return std::min(at + 1, text.size());
}

// Each member of an object's text: take(name, source).
template <class Take>
void each_member(std::string_view object, Take take) {
  walk_members(object, source_detail::skip_blanks(object, 0), [&](std::string_view quoted, std::size_t at) {
    const std::size_t end = source_detail::skip_value(object, at);
    const std::string_view source = object.substr(at, end - at);
    if (end == at || quoted.size() < 2) return at;
    if (quoted.find('\\') == std::string_view::npos) {
      take(quoted.substr(1, quoted.size() - 2), source);
    } else {
      const json::value key = parse_json(quoted);
      if (!key.is_string()) return at;
      take(std::string_view(key.get_string()), source);
    }
    return end;
  });
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
  if (source.size() >= 2 && source.find('\\') == std::string_view::npos)
    return std::string(source.substr(1, source.size() - 2));
  const json::value parsed = parse_json(source);
  return parsed.is_string() ? std::string(parsed.get_string()) : std::string();
}

// The members of an object's text: found once, each read when it is first asked for.
class Members {
 public:
  Members() = default;
  explicit Members(std::string_view object) { walk(object, source_detail::skip_blanks(object, 0), {}, nullptr); }
  // The members of the one called `name`, too, found on the same way.
  Members(std::string_view object, std::string_view name, Members& inner) {
    walk(object, source_detail::skip_blanks(object, 0), name, &inner);
  }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;
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
    std::string_view name, source;
    mutable std::optional<json::value> value;
  };
  std::size_t walk(std::string_view text, std::size_t at, std::string_view inner_name, Members* inner) {
    return walk_members(text, at, [&](std::string_view quoted, std::size_t value) {
      if (quoted.size() < 2) return value;
      std::string_view name = quoted.substr(1, quoted.size() - 2);
      if (name.find('\\') != std::string_view::npos) name = escaped_names_.emplace_back(source_text(quoted));
      const bool descends = inner != nullptr && name == inner_name && value < text.size() && text[value] == '{';
      const std::size_t end = descends ? inner->walk(text, value, {}, nullptr) : source_detail::skip_value(text, value);
      members_.push_back({name, text.substr(value, end - value), {}});
      return end;
    });
  }
  [[nodiscard]] const Member* member(std::string_view name) const {
    for (const Member& one : members_)
      if (one.name == name) return &one;
    return nullptr;
  }
  std::vector<Member> members_;
  std::deque<std::string> escaped_names_;  // those that are written otherwise than they read
};

}  // namespace ieum
