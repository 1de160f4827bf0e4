#include "base/http.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/zone.hpp"

namespace ieum {
namespace {

bool is_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

// What the HTTP client owns (RFC 9110 7.6.1 and 10.1.1): framing, routing, the connection itself.
constexpr std::array<std::string_view, 12> kClientOwned = {"host",
                                                           "content-length",
                                                           "transfer-encoding",
                                                           "connection",
                                                           "keep-alive",
                                                           "proxy-connection",
                                                           "proxy-authenticate",
                                                           "proxy-authorization",
                                                           "te",
                                                           "trailer",
                                                           "upgrade",
                                                           "expect"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `count` digits (or spaces in front, as asctime writes days) off the text.
bool take_number(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  std::string_view part = text.substr(0, count);
  if (count == 2 && part.front() == ' ') part.remove_prefix(1);
  for (const char c : part)
    if (!is_digit(c)) return false;
  std::from_chars(part.data(), part.data() + part.size(), out);
  text.remove_prefix(count);
  return true;
}

bool take_text(std::string_view& text, std::string_view wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(wanted.size());
  return true;
}

bool take_month(std::string_view& text, int& month) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (!take_text(text, kMonths[i])) continue;
    month = static_cast<int>(i) + 1;
    return true;
  }
  return false;
}

bool take_clock_time(std::string_view& text, CivilTime& civil) {
  return take_number(text, 2, civil.hour) && take_text(text, ":") && take_number(text, 2, civil.minute) &&
         take_text(text, ":") && take_number(text, 2, civil.second);
}

std::optional<Millis> instant_of(const CivilTime& civil) {
  const std::int64_t days = days_from_civil(civil.year, civil.month, civil.day);
  int year = 0, month = 0, day = 0;
  civil_from_days(days, year, month, day);
  if (day != civil.day || month != civil.month) return std::nullopt;
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 60) return std::nullopt;
  return days * kDay + civil.hour * kHour + civil.minute * kMinute + civil.second * kSecond;
}

// The three forms of RFC 9110 5.6.7. The name of the day is not compared with the date.
std::optional<Millis> parse_http_date(std::string_view text, Millis now_ms) {
  CivilTime civil;
  const std::size_t day_name_end = text.find_first_of(", ");
  if (day_name_end == std::string_view::npos || day_name_end < 3) return std::nullopt;
  text.remove_prefix(day_name_end);
  if (take_text(text, ", ")) {
    std::string_view rest = text;
    if (take_number(rest, 2, civil.day) && take_text(rest, " ") && take_month(rest, civil.month) &&
        take_text(rest, " ") && take_number(rest, 4, civil.year) && take_text(rest, " ") &&
        take_clock_time(rest, civil) && rest == " GMT")
      return instant_of(civil);
    rest = text;
    if (take_number(rest, 2, civil.day) && take_text(rest, "-") && take_month(rest, civil.month) &&
        take_text(rest, "-") && take_number(rest, 2, civil.year) && take_text(rest, " ") &&
        take_clock_time(rest, civil) && rest == " GMT") {
      int this_year = 0, month = 0, day = 0;
      civil_from_days(now_ms / kDay, this_year, month, day);
      civil.year += this_year / 100 * 100;
      if (civil.year > this_year + 50) civil.year -= 100;
      return instant_of(civil);
    }
    return std::nullopt;
  }
  if (take_text(text, " ") && take_month(text, civil.month) && take_text(text, " ") &&
      take_number(text, 2, civil.day) && take_text(text, " ") && take_clock_time(text, civil) && take_text(text, " ") &&
      take_number(text, 4, civil.year) && text.empty())
    return instant_of(civil);
  return std::nullopt;
}

// Whole or decimal seconds, rounded up to a millisecond, at most a day.
std::optional<std::int64_t> parse_seconds(std::string_view text) {
  std::size_t at = 0;
  std::int64_t millis = 0;
  while (at < text.size() && is_digit(text[at])) {
    millis = std::min<std::int64_t>(millis * 10 + (text[at] - '0') * kSecond, kDay);
    ++at;
  }
  if (at == 0) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction_begin = ++at;
    std::int64_t worth = 100;
    bool more = false;
    for (; at < text.size() && is_digit(text[at]); ++at, worth /= 10) {
      millis += (text[at] - '0') * worth;
      more = more || (worth == 0 && text[at] != '0');
    }
    if (at == fraction_begin) return std::nullopt;
    if (more) ++millis;
  }
  if (at != text.size()) return std::nullopt;
  return std::min<std::int64_t>(millis, kDay);
}

}  // namespace

void Headers::add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

void Headers::set(std::string_view name, std::string value) {
  const auto same = [&](const auto& field) { return equals_ignoring_case(field.first, name); };
  const auto first = std::find_if(fields_.begin(), fields_.end(), same);
  if (first == fields_.end()) {
    fields_.emplace_back(std::string(name), std::move(value));
    return;
  }
  first->second = std::move(value);
  fields_.erase(std::remove_if(first + 1, fields_.end(), same), fields_.end());
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const auto& field) { return equals_ignoring_case(field.first, name); });
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [field, value] : fields_)
    if (equals_ignoring_case(field, name)) return value;
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields_.begin(), fields_.end(), [&](const auto& field) { return equals_ignoring_case(field.first, name); }));
}

Status check_outbound_header(std::string_view name, std::string_view value) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_char))
    return Error("invalid_header", "a header name has a character that HTTP does not allow there",
                 "use letters, digits and \"-\" only");
  for (const std::string_view owned : kClientOwned)
    if (equals_ignoring_case(name, owned))
      return Error("invalid_header", "the header " + std::string(owned) + " belongs to the HTTP client",
                   "leave this header out");
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
      return Error("invalid_header", "the value of the header " + std::string(name) + " has a control character",
                   "remove line ends and control characters from the value");
  }
  return {};
}

std::optional<std::int64_t> parse_retry_after(std::string_view text, std::int64_t now_ms) {
  text = trim(text);
  if (const auto seconds = parse_seconds(text)) return seconds;
  const auto instant = parse_http_date(text, now_ms);
  if (!instant || *instant < now_ms) return std::nullopt;
  return std::min<std::int64_t>(*instant - now_ms, kDay);
}

}  // namespace ieum
