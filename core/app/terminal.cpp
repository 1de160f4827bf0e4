#include "app/terminal.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <iterator>

#include "base/time_text.hpp"

namespace ieum::app {
namespace {

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t point = more == 3 ? lead & 0x07 : more == 2 ? lead & 0x0F : more == 1 ? lead & 0x1F : lead;
  while (more-- > 0 && at < text.size()) point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return point;
}

bool wide(char32_t point) {
  return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0x1F300 && point <= 0x1FAFF) || (point >= 0x20000 && point <= 0x3FFFD);
}

const char* code_of(Colour colour) {
  switch (colour) {
    case Colour::plain: return "";
    case Colour::dim: return "\x1b[2m";
    case Colour::red: return "\x1b[31m";
    case Colour::green: return "\x1b[32m";
    case Colour::yellow: return "\x1b[33m";
    case Colour::blue: return "\x1b[34m";
    case Colour::bold: return "\x1b[1m";
  }
  return "";
}

std::size_t seen_cells(std::string_view text) {  // escape sequences of paint() take no cell
  std::string bare;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else {
      bare += text[i];
    }
  }
  return cells(bare);
}

}  // namespace

Terminal Terminal::standard_output() { return Terminal(::isatty(STDOUT_FILENO) == 1); }

std::string Terminal::paint(Colour colour, std::string_view text) const {
  if (!colour_ || colour == Colour::plain) return std::string(text);
  return code_of(colour) + std::string(text) + "\x1b[0m";
}

std::string Terminal::state(std::string_view word) const {
  const Colour colour = word == "finished" || word == "done"                            ? Colour::green
                        : word == "failed" || word == "in_doubt" || word == "set_aside" ? Colour::red
                        : word == "acting" || word == "intent"                          ? Colour::blue
                        : word == "waiting" || word == "quarantined"                    ? Colour::yellow
                                                                                        : Colour::dim;
  return paint(colour, word);
}

std::string Terminal::table(const std::vector<std::string>& heads,
                            const std::vector<std::vector<std::string>>& rows) const {
  std::vector<std::size_t> widths(heads.size());
  for (std::size_t i = 0; i < heads.size(); ++i) widths[i] = cells(heads[i]);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], seen_cells(row[i]));
  }
  std::string out;
  const auto line = [&](const std::vector<std::string>& row, bool head) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = head ? paint(Colour::dim, row[i]) : row[i];
      text += cell;
      if (i + 1 < row.size()) text.append(widths[i] - std::min(widths[i], seen_cells(cell)) + 2, ' ');
    }
    out += text + '\n';
  };
  line(heads, true);
  for (const auto& row : rows) line(row, false);
  return out;
}

std::size_t cells(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = next_code_point(text, at);
    if (point >= 0x300 && point <= 0x36F) continue;
    count += wide(point) ? 2 : 1;
  }
  return count;
}

std::string printable(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::string local_time(Millis instant) {
  std::string text = rfc3339_offset(instant, 9 * 3600).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string bytes_text(std::int64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "KB", "MB", "GB", "TB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 999.5 && unit + 1 < std::size(kUnits); ++unit) amount /= 1000;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 || amount >= 100 ? "%.0f %s" : "%.1f %s", amount, kUnits[unit]);
  return text.data();
}

}  // namespace ieum::app
