#include "store/search_grams.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ieum::store {
namespace {

// Code points of UTF-8; a byte that is none stands for itself.
std::vector<char32_t> decode(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80         ? 1
                               : (lead >> 5) == 6  ? 2
                               : (lead >> 4) == 14 ? 3
                               : (lead >> 3) == 30 ? 4
                                                   : 1;
    if (length == 1 || at + length > text.size()) {
      points.push_back(lead);
      ++at;
      continue;
    }
    char32_t point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    points.push_back(point);
    at += length;
  }
  return points;
}

void encode(char32_t point, std::string& text) {
  const auto byte = [&](char32_t bits) { text += static_cast<char>(static_cast<unsigned char>(bits)); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0 | point >> 6);
    return byte(0x80 | (point & 0x3F));
  }
  if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3F));
    return byte(0x80 | (point & 0x3F));
  }
  byte(0xF0 | point >> 18);
  byte(0x80 | (point >> 12 & 0x3F));
  byte(0x80 | (point >> 6 & 0x3F));
  byte(0x80 | (point & 0x3F));
}

char32_t small(char32_t point) {
  if (point >= 'A' && point <= 'Z') return point + 32;
  if (point >= 0xC0 && point <= 0xDE && point != 0xD7) return point + 32;  // Latin-1
  if (point >= 0xFF21 && point <= 0xFF3A) return point - 0xFF21 + U'a';    // full width, as some keyboards write
  if (point >= 0xFF10 && point <= 0xFF19) return point - 0xFF10 + U'0';
  return point;
}

// Conjoining jamo (Unicode 3.12): how some systems write file names and copied text.
std::vector<char32_t> folded(std::string_view text) {
  constexpr char32_t kL = 0x1100, kV = 0x1161, kT = 0x11A7, kS = 0xAC00;
  std::vector<char32_t> points;
  for (const char32_t raw : decode(text)) {
    const char32_t point = small(raw);
    if (!points.empty() && point >= kV && point < kV + 21 && points.back() >= kL && points.back() < kL + 19) {
      points.back() = kS + ((points.back() - kL) * 21 + (point - kV)) * 28;
    } else if (!points.empty() && point > kT && point < kT + 28 && points.back() >= kS && points.back() < kS + 11172 &&
               (points.back() - kS) % 28 == 0) {
      points.back() += point - kT;
    } else {
      points.push_back(point);
    }
  }
  return points;
}

bool is_letter(char32_t point) {
  if (point < 0x80) return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
  const bool space_or_mark = point < 0xAA || point == 0xAB || point == 0xBB || (point >= 0x2000 && point <= 0x206F) ||
                             (point >= 0x3000 && point <= 0x3020) || (point >= 0xFF00 && point <= 0xFF0F) ||
                             (point >= 0xFF1A && point <= 0xFF20) || (point >= 0xFE00 && point <= 0xFE0F) ||
                             point == 0xFEFF || point == 0xFFFD;
  return !space_or_mark;
}

// A code point as letters that every tokenizer leaves together.
void spell(char32_t point, std::string& text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  int shift = 0;
  while (shift < 28 && point >> (shift + 4) != 0) shift += 4;
  for (; shift >= 0; shift -= 4) text += kDigits[point >> shift & 0xF];
  text += 'x';
}

// Calls take(word, from, to) for each run of letters.
template <class Take>
void each_word(const std::vector<char32_t>& points, Take take) {
  for (std::size_t at = 0; at < points.size();) {
    if (!is_letter(points[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < points.size() && is_letter(points[end])) ++end;
    take(at, end);
    at = end;
  }
}

}  // namespace

std::string search_fold(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char32_t point : folded(text)) encode(point, result);
  return result;
}

std::string search_grams(std::string_view text) {
  const auto points = folded(text);
  std::vector<std::uint64_t> grams;
  grams.reserve(points.size());
  each_word(points, [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to; ++at)
      grams.push_back(std::uint64_t{points[at]} << 32 | (at + 1 < to ? points[at + 1] : 0));
  });
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  std::string joined;
  joined.reserve(grams.size() * 12);
  for (const std::uint64_t gram : grams) {
    if (!joined.empty()) joined += ' ';
    spell(static_cast<char32_t>(gram >> 32), joined);
    if (const auto second = static_cast<char32_t>(gram); second != 0) spell(second, joined);
  }
  return joined;
}

std::string search_match(std::string_view text) {
  const auto points = folded(text);
  std::string match;
  const auto add = [&](const std::string& gram, bool begins) {
    match.append(match.empty() ? "\"" : " AND \"").append(gram).append(begins ? "\"*" : "\"");
  };
  each_word(points, [&](std::size_t from, std::size_t to) {
    if (to - from == 1) {
      std::string gram;
      spell(points[from], gram);
      add(gram, true);
    }
    for (std::size_t at = from; at + 1 < to; ++at) {
      std::string gram;
      spell(points[at], gram);
      spell(points[at + 1], gram);
      add(gram, false);
    }
  });
  return match;
}

}  // namespace ieum::store
