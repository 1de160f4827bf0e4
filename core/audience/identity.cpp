#include "audience/identity.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace ieum::audience {

namespace {

constexpr std::size_t kTextBytes = 512;
constexpr std::size_t kEmailBytes = 254;  // RFC 5321: a path has at most 256 bytes, brackets included
constexpr std::string_view kKorea = "82";

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// Also the spaces that Korean forms like to bring: U+3000 and U+00A0, and the byte order mark.
std::string_view trim_wide(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kSpaces = {"\xE3\x80\x80", "\xC2\xA0", "\xEF\xBB\xBF",
                                                              "\xE2\x80\x8B"};
  for (bool again = true; again;) {
    again = false;
    text = trim(text);
    for (const std::string_view space : kSpaces) {
      if (text.starts_with(space)) text.remove_prefix(space.size()), again = true;
      if (text.ends_with(space)) text.remove_suffix(space.size()), again = true;
    }
  }
  return text;
}

std::optional<std::string> email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || text.size() > kEmailBytes) return {};
  if (text.find('@', at + 1) != std::string_view::npos ||
      text.find_first_of(" \t<>,;:\"()[]\\") != std::string_view::npos)
    return {};
  const std::string_view domain = text.substr(at + 1);
  if (domain.front() == '.' || domain.back() == '.' || domain.find("..") != std::string_view::npos) return {};
  return to_lower_ascii(text);
}

// The digits of a telephone number, full-width ones too, and whether it begins with a plus. Nothing for other letters.
std::optional<std::string> phone_digits(std::string_view text, bool& plus) {
  static constexpr std::array<std::string_view, 11> kMarks = {
      " ", "-", ".", "(", ")", "/", "\xE3\x80\x80", "\xC2\xA0", "\xEF\xBC\x8D", "\xE2\x80\x90", "\xE2\x80\x91"};
  std::string digits;
  plus = false;
  while (!text.empty()) {
    const char c = text.front();
    std::size_t taken = 0;
    if (c >= '0' && c <= '9') {
      digits += c;
      taken = 1;
    } else if (text.starts_with("\xEF\xBC") && text.size() > 2 && text[2] >= '\x90' && text[2] <= '\x99') {
      digits += static_cast<char>('0' + (text[2] - '\x90'));
      taken = 3;
    } else if ((c == '+' || text.starts_with("\xEF\xBC\x8B")) && digits.empty() && !plus) {
      plus = true;
      taken = c == '+' ? 1 : 3;
    } else if (text.starts_with("\xE2\x80\x92") || text.starts_with("\xE2\x80\x93") ||
               text.starts_with("\xE2\x80\x94")) {
      taken = 3;
    } else {
      for (const std::string_view mark : kMarks)
        if (text.starts_with(mark)) taken = mark.size();
    }
    if (taken == 0) return {};
    text.remove_prefix(taken);
  }
  return digits;
}

// A Korean number behind its country code, "1012345678"; a trunk 0 that was left in is dropped.
std::optional<std::string> korean(std::string_view rest) {
  if (rest.starts_with('0')) rest.remove_prefix(1);
  const bool mobile = rest.starts_with("10");
  const bool good = mobile ? rest.size() == 10 : rest.size() >= 8 && rest.size() <= 11 && rest.front() != '0';
  if (!good) return {};
  return "+" + std::string(kKorea) + std::string(rest);
}

std::optional<std::string> phone(std::string_view text) {
  bool plus = false;
  auto digits = phone_digits(text, plus);
  if (!digits) return {};
  std::string_view number = *digits;
  bool international = plus;
  if (!international && number.starts_with("00")) {  // "00 82 10 ...": the prefix that is dialled for "+"
    number.remove_prefix(2);
    international = true;
  }
  if (international) {
    if (number.starts_with(kKorea)) return korean(number.substr(kKorea.size()));
    if (number.size() < 7 || number.size() > 15 || number.front() == '0') return {};  // E.164
    return "+" + std::string(number);
  }
  if (number.starts_with('0')) return korean(number.substr(1));
  // "82 10-1234-5678", where the plus was lost, and "10-1234-5678", where a spreadsheet ate the zero.
  if (number.starts_with(kKorea) && number.size() >= 10 && number.size() <= 13)
    return korean(number.substr(kKorea.size()));
  if (number.starts_with("10") && number.size() == 10) return korean(number);
  return {};
}

}  // namespace

std::optional<std::string> normalise(std::string_view kind, std::string_view raw) {
  if (!utf8_valid(raw)) return {};
  const std::string_view text = trim_wide(raw);
  if (text.empty() || text.size() > kTextBytes || has_control(text)) return {};
  if (kind == "email") return email(text);
  if (kind == "phone") return phone(text);
  return std::string(text);
}

std::string korean_national(std::string_view e164) {
  if (e164.starts_with("+82") && e164.size() > 3) return "0" + std::string(e164.substr(3));
  return std::string(e164);
}

}  // namespace ieum::audience
