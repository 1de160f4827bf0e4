#include "number.hpp"

namespace kakao {

std::optional<std::string> national_number(std::string_view text) {
  std::string digits;
  bool international = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (c == '+' && digits.empty() && !international)
      international = true;
    else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.')
      return std::nullopt;
  }
  if (international) {
    if (!digits.starts_with("82")) return std::nullopt;
    digits.erase(0, 2);
    if (!digits.starts_with('0')) digits.insert(0, 1, '0');
  }
  if (digits.size() < 9 || digits.size() > 12 || digits.front() != '0') return std::nullopt;
  return digits;
}

std::string international_number(std::string_view national) {
  if (!national.starts_with('0')) return std::string(national);
  return "+82" + std::string(national.substr(1));
}

}  // namespace kakao
