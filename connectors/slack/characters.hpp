// Characters of UTF-8 text, as Slack's limits count them. Pure.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace slack {

// Bytes of the character that begins here.
inline std::size_t character(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

inline std::size_t length(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += character(text, at)) ++count;
  return count;
}

// At most `most` characters, ending with "…" where it was longer.
inline std::string cut(std::string_view text, std::size_t most) {
  if (length(text) <= most) return std::string(text);
  std::size_t at = 0;
  for (std::size_t count = 0; count + 1 < most; ++count) at += character(text, at);
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace slack
