// Base64 with padding, as JSON carries bytes. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace slack {

// Nothing when the text is no base64; line breaks and blanks are passed over.
inline std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int held = 0;
  std::size_t digits = 0, padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                      : c >= 'a' && c <= 'z' ? c - 'a' + 26
                      : c >= '0' && c <= '9' ? c - '0' + 52
                      : c == '+'             ? 62
                      : c == '/'             ? 63
                                             : -1;
    if (value < 0 || padding > 0) return std::nullopt;
    ++digits;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFFu;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xFFu);
    }
  }
  if (digits % 4 == 1 || (digits + padding) % 4 != 0 || padding > 2) return std::nullopt;
  return out;
}

}  // namespace slack
