#include <algorithm>
#include <array>
#include <vector>

#include "audience/identity.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/http.hpp"
#include "trial/record.hpp"

namespace ieum::trial {
namespace {

constexpr std::array<std::string_view, 12> kFirst = {"민지", "서준", "하윤", "도현", "지우", "수아",
                                                     "예준", "은서", "시우", "다은", "건우", "유나"};
constexpr std::array<std::string_view, 6> kLast = {"김", "이", "박", "최", "정", "강"};

bool has_part(const std::string& key, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return key.find(part) != std::string::npos; });
}

bool is_email(const std::string& text) {
  const auto at = text.find('@');
  return at != std::string::npos && at > 0 && text.find('.', at) != std::string::npos && text.size() <= 254 &&
         text.find_first_of(" \t\n<>(),;") == std::string::npos;
}

bool is_phone(const std::string& text) {
  if (text.size() < 9 || text.size() > 20 || (text.front() != '+' && text.front() != '0')) return false;
  if (text.find_first_not_of("+0123456789-() .") != std::string::npos || text.find('.') != std::string::npos)
    return false;
  return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 9;
}

bool is_link(const std::string& text) { return text.starts_with("https://") || text.starts_with("http://"); }

bool is_person_name(const std::string& key) {
  return key == "first_name" || key == "last_name" || key == "full_name" || key == "real_name" ||
         key == "display_name" || key == "username" || key == "nickname" || key == "customer_name" ||
         key == "name_ko" || key == "고객명" || key == "이름" || key == "성명" || key == "수령인" ||
         key == "recipient" || key == "contact_name";
}

// A name of the list, and never the one that is to be hidden.
template <std::size_t N>
std::string other_name(const std::array<std::string_view, N>& names, std::uint64_t number, std::string_view own) {
  const std::string_view name = names[number % N];
  return std::string(name == own ? names[(number + 1) % N] : name);
}

std::string code_of(std::uint64_t number) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < 12; ++i) text += kDigits[(number >> (4 * i)) & 15];
  return text;
}

}  // namespace

std::uint64_t Redaction::draw(const std::string& text) const {
  const std::string digest = hmac_sha256(salt_, text);
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(digest[static_cast<std::size_t>(i)]);
  return number;
}

void Redaction::replace(const std::string& from, std::string to) {
  if (!from.empty() && from != to) made_.emplace(from, std::move(to));
}

void Redaction::learn(const std::string& given_key, const std::string& text) {
  const std::string key = to_lower_ascii(given_key);
  if (text.empty() || text == "[redacted]") return;
  const std::uint64_t number = draw(text);
  if (is_email(text)) return replace(text, "person-" + code_of(number).substr(0, 8) + "@example.com");
  if (is_phone(text) && !has_part(key, {"id", "code", "number_of"})) {
    // 010-9xxx-xxxx: of no one in particular, and no number by which the sandbox does anything special.
    const auto e164 = audience::normalise("phone", text);
    const std::uint64_t drawn = draw(e164.value_or(text));
    std::string digits = std::to_string(drawn % 10'000'000);
    digits = "10" + std::string("9") + std::string(7 - digits.size(), '0') + digits;
    if (e164) {
      replace(*e164, "+82" + digits);
      replace(audience::korean_national(*e164), "0" + digits);
    }
    std::string national = "0" + digits;
    if (text.find('-') != std::string::npos && text.front() == '0')
      national = national.substr(0, 3) + "-" + national.substr(3, 4) + "-" + national.substr(7);
    return replace(text, text.front() == '+' ? "+82" + digits : national);
  }
  if (is_link(text)) return replace(text, "https://example.com/" + code_of(number));
  if (has_part(key, {"token", "secret", "password", "signature", "cookie", "authorization", "api_key", "apikey"}))
    return replace(text, "made-up-" + code_of(number));
  if (is_person_name(key))
    return replace(text, key == "last_name" ? other_name(kLast, number, text) : other_name(kFirst, number, text));
  if (has_part(key, {"address1", "address2", "street", "postal", "company"}) || key == "zip" || key == "address")
    return replace(text, "made-up " + code_of(number).substr(0, 6));
  if (key == "ip" || has_part(key, {"_ip", "ip_address"}))
    return replace(text, "192.0.2." + std::to_string(number % 254 + 1));
  if (key == "note" || key == "memo" || key == "comment" || key == "user_agent") replace(text, "made-up text");
}

void Redaction::learn(const Value& value) {
  if (const auto* list = value.if_list()) {
    for (const auto& item : *list) {
      if (const auto* text = item.if_string()) learn("", *text);
      learn(item);
    }
  }
  const auto* map = value.if_map();
  if (map == nullptr) return;
  // A person's name also stands in one piece inside other texts.
  const std::string first = value.text("first_name"), last = value.text("last_name");
  if (!first.empty() && !last.empty()) {
    const std::string a = other_name(kFirst, draw(first), first), b = other_name(kLast, draw(last), last);
    for (const std::string gap : {"", " "}) {
      replace(last + gap + first, b + gap + a);
      replace(first + gap + last, a + gap + b);
    }
    const std::string name = value.text("name");
    if (!name.empty()) replace(name, a + " " + b);
  }
  for (const auto& [key, member] : *map) {
    const std::string name = key.if_string() == nullptr ? "" : *key.if_string();
    if (const auto* text = member.if_string()) {
      learn(name, *text);
    } else if ((name == "latitude" || name == "longitude") && member.if_decimal() != nullptr) {
      replace(member.if_decimal()->digits, "37.5");
    } else {
      learn(member);
    }
  }
}

std::string Redaction::clean_text(const std::string& text) const {
  if (const auto whole = made_.find(text); whole != made_.end()) return whole->second;
  // Inside a text the longest piece first; one letter alone is no name there.
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::pair<const std::string, std::string>* longest = nullptr;
    for (const auto& entry : made_) {
      if (utf8_length(entry.first) < 2 || (longest != nullptr && entry.first.size() <= longest->first.size())) continue;
      if (text.compare(at, entry.first.size(), entry.first) == 0) longest = &entry;
    }
    if (longest == nullptr) {
      out += text[at++];
    } else {
      out += longest->second;
      at += longest->first.size();
    }
  }
  return out;
}

Value Redaction::clean(const Value& value) const {
  if (const auto* text = value.if_string()) return clean_text(*text);
  if (const auto* decimal = value.if_decimal()) {
    const auto found = made_.find(decimal->digits);
    return found == made_.end() ? value : Value(Decimal{found->second});
  }
  if (const auto* list = value.if_list()) {
    List out;
    for (const auto& item : *list) out.push_back(clean(item));
    return out;
  }
  if (const auto* map = value.if_map()) {
    Map out;
    for (const auto& [key, member] : *map)
      out.set(key.if_string() == nullptr ? key : Value(clean_text(*key.if_string())), clean(member));
    return out;
  }
  return value;
}

}  // namespace ieum::trial
