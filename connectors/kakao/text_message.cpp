#include "text_message.hpp"

#include <algorithm>
#include <array>

namespace kakao {

namespace {

struct Range {
  char32_t first, last;
};

// The blocks of KS X 1001 and of Microsoft's extension for Hangul; within symbol blocks generous to what carriers show.
constexpr std::array kKnown = {
    Range{0x0009, 0x007E}, Range{0x00A1, 0x00A1}, Range{0x00A4, 0x00A4}, Range{0x00A7, 0x00A8}, Range{0x00AA, 0x00AA},
    Range{0x00AD, 0x00AE}, Range{0x00B0, 0x00B4}, Range{0x00B6, 0x00BA}, Range{0x00BC, 0x00BF}, Range{0x00C6, 0x00C6},
    Range{0x00D0, 0x00D0}, Range{0x00D7, 0x00D8}, Range{0x00DE, 0x00E0}, Range{0x00E6, 0x00E6}, Range{0x00F0, 0x00F0},
    Range{0x00F7, 0x00F8}, Range{0x00FE, 0x00FE}, Range{0x0391, 0x03C9}, Range{0x0401, 0x0451}, Range{0x2013, 0x2026},
    Range{0x2030, 0x203B}, Range{0x2103, 0x212B}, Range{0x2153, 0x2179}, Range{0x2190, 0x2199}, Range{0x21D2, 0x21D4},
    Range{0x2200, 0x2312}, Range{0x2460, 0x24E9}, Range{0x2500, 0x254B}, Range{0x2592, 0x25D1}, Range{0x2605, 0x2606},
    Range{0x260E, 0x260F}, Range{0x261C, 0x261E}, Range{0x2640, 0x2642}, Range{0x2660, 0x266D}, Range{0x3000, 0x3015},
    Range{0x3041, 0x30F6}, Range{0x3131, 0x318E}, Range{0x3200, 0x321C}, Range{0x3260, 0x327F}, Range{0x3380, 0x33DD},
    Range{0x4E00, 0x9FA5}, Range{0xAC00, 0xD7A3}, Range{0xF900, 0xFA0B}, Range{0xFF01, 0xFF5E}, Range{0xFFE0, 0xFFE6}};

// Length and value of the character at the start; broken bytes are characters of one byte that nothing knows.
std::size_t first_character(std::string_view text, char32_t& value) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (length > text.size() || (lead >= 0x80 && length == 1)) {
    value = 0;
    return 1;
  }
  value = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  return length;
}

}  // namespace

std::size_t euc_kr_bytes(std::string_view text) {
  std::size_t bytes = 0;
  while (!text.empty()) {
    char32_t value = 0;
    text.remove_prefix(first_character(text, value));
    bytes += value < 0x80 ? 1 : 2;
  }
  return bytes;
}

std::optional<std::string> foreign_character(std::string_view text) {
  while (!text.empty()) {
    char32_t value = 0;
    const std::size_t length = first_character(text, value);
    const bool known = std::any_of(kKnown.begin(), kKnown.end(),
                                   [&](const Range& range) { return value >= range.first && value <= range.last; });
    if (!known) return std::string(text.substr(0, length));
    text.remove_prefix(length);
  }
  return std::nullopt;
}

}  // namespace kakao
