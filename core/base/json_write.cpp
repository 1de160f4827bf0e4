// The JSON writer. By hand: the packaged one prints 62000.0 as 6.2E4 and knows no decimals.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum {
namespace {

// What was written so far. A std::string would fill what it grows by and call a function for each comma.
class Text {
 public:
  void operator+=(char c) {
    *room(1) = c;
    ++size_;
  }
  void operator+=(std::string_view text) { append(text); }
  void append(std::string_view text) {
    char* const at = room(text.size() + kStretch);
    // A short text in two steps that overlap, which costs no call.
    if (text.size() <= kStretch && text.size() >= kStretch / 2) {
      std::memcpy(at, text.data(), kStretch / 2);
      std::memcpy(at + text.size() - kStretch / 2, text.data() + text.size() - kStretch / 2, kStretch / 2);
    } else {
      text.copy(at, text.size());
    }
    size_ += text.size();
  }
  void append(std::size_t count, char c) {
    std::memset(room(count), c, count);
    size_ += count;
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  static constexpr std::size_t kStretch = 16;
  char* room(std::size_t count) {
    if (capacity_ - size_ < count) grow(count);
    return bytes_.get() + size_;
  }
  void grow(std::size_t count) {
    capacity_ = 2 * (capacity_ + count) + 256;
    std::unique_ptr<char[]> larger(new char[capacity_]);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0, capacity_ = 0;
};

struct Style {
  bool sorted = false;
  bool pretty = false;
};

void append_unicode_escape(Text& out, unsigned code) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHex[(code >> shift) & 15];
}

// Bytes that stand in a JSON text as they are, whatever is beside them.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

// Whether the eight bytes at `at` are plain: a byte that is not shows in its highest bit (or a plain one above it does, too).
bool eight_plain(const char* at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  std::uint64_t word = 0;
  std::memcpy(&word, at, 8);
  const std::uint64_t below_space = (word - kOnes * 0x20) & ~word;
  const std::uint64_t found = word | below_space | has_zero(word ^ (kOnes * '"')) | has_zero(word ^ (kOnes * '\\')) |
                              has_zero(word ^ (kOnes * 0x7F));
  return (found & kHighs) == 0;
}

bool is_plain(std::string_view text) {
  if (text.size() < 8)
    return std::all_of(text.begin(), text.end(), [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
  for (std::size_t at = 0; at + 8 < text.size(); at += 8)
    if (!eight_plain(text.data() + at)) return false;
  return eight_plain(text.data() + text.size() - 8);
}

// Bytes that are no UTF-8 become U+FFFD, one for each byte: what we write must be readable.
void append_string(Text& out, std::string_view text) {
  if (is_plain(text)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  if (!utf8_valid(text)) {
    std::string mended;
    while (!text.empty()) {
      std::size_t length = std::min(text.size(), utf8_offset(text, 1));
      if (!utf8_valid(text.substr(0, length))) {
        length = 1;
        mended += "\xEF\xBF\xBD";
      } else {
        mended += text.substr(0, length);
      }
      text.remove_prefix(length);
    }
    append_string(out, mended);
    return;
  }
  out += '"';
  std::size_t plain = 0;  // begin of the stretch that needs no escape
  const auto flush = [&](std::size_t end) { out += text.substr(plain, end - plain); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F && byte != 0xE2 && c != '"' && c != '\\') continue;
    if (byte == 0xE2 && text.substr(i, 3) != "\xE2\x80\xA8" && text.substr(i, 3) != "\xE2\x80\xA9") continue;
    flush(i);
    plain = i + 1;
    switch (c) {
      case '"': out += "\\\""; continue;
      case '\\': out += "\\\\"; continue;
      case '\b': out += "\\b"; continue;
      case '\f': out += "\\f"; continue;
      case '\n': out += "\\n"; continue;
      case '\r': out += "\\r"; continue;
      case '\t': out += "\\t"; continue;
      default: break;
    }
    if (byte == 0xE2) {
      append_unicode_escape(out, text[i + 2] == '\xA8' ? 0x2028 : 0x2029);
      i += 2;
      plain = i + 1;
    } else {
      append_unicode_escape(out, byte);
    }
  }
  flush(text.size());
  out += '"';
}

// "" for 0, else "." and the nanoseconds without trailing zeros.
std::string fraction_text(std::int32_t nanos) {
  if (nanos == 0) return {};
  std::string digits = std::to_string(nanos);
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return "." + digits;
}

std::string timestamp_text(const Timestamp& value) {
  std::string text = rfc3339_utc(value.seconds * kSecond);
  text.insert(text.size() - 1, fraction_text(value.nanos));
  return text;
}

std::string duration_seconds_text(const Duration& value) {
  const bool negative = value.seconds < 0 || value.nanos < 0;
  const std::uint64_t seconds =
      value.seconds < 0 ? 0 - static_cast<std::uint64_t>(value.seconds) : static_cast<std::uint64_t>(value.seconds);
  return (negative ? "-" : "") + std::to_string(seconds) + fraction_text(value.nanos < 0 ? -value.nanos : value.nanos) +
         "s";
}

std::string key_text(const Value& key) {
  if (const auto* text = key.if_string()) return *text;
  if (const auto* flag = key.if_bool()) return *flag ? "true" : "false";
  if (const auto* number = key.if_int()) return std::to_string(*number);
  return std::to_string(*key.if_uint());
}

void append_integer(Text& out, std::int64_t number) {
  char digits[24];
  const auto* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out += std::string_view(digits, static_cast<std::size_t>(end - digits));
}

void append_line(Text& out, const Style& style, std::size_t depth) {
  if (!style.pretty) return;
  out += '\n';
  out.append(depth * 2, ' ');
}

void append_value(Text& out, const Value& value, const Style& style, std::size_t depth);

void append_list(Text& out, const List& list, const Style& style, std::size_t depth) {
  out += '[';
  bool first = true;
  for (const Value& item : list) {
    if (!first) out += ',';
    first = false;
    append_line(out, style, depth + 1);
    append_value(out, item, style, depth + 1);
  }
  if (!first) append_line(out, style, depth);
  out += ']';
}

void append_map(Text& out, const Map& map, const Style& style, std::size_t depth) {
  std::vector<std::pair<std::string, const Value*>> members;
  if (style.sorted) {
    members.reserve(map.size());
    for (const auto& [key, value] : map) members.emplace_back(key_text(key), &value);
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  out += '{';
  bool first = true;
  const auto append_member = [&](std::string_view key, const Value& value) {
    if (!first) out += ',';
    first = false;
    append_line(out, style, depth + 1);
    append_string(out, key);
    out += style.pretty ? ": " : ":";
    append_value(out, value, style, depth + 1);
  };
  if (style.sorted) {
    for (const auto& [key, value] : members) append_member(key, *value);
  } else {
    for (const auto& [key, value] : map) {
      if (const auto* text = key.if_string())
        append_member(*text, value);
      else
        append_member(key_text(key), value);
    }
  }
  if (!first) append_line(out, style, depth);
  out += '}';
}

void append_value(Text& out, const Value& value, const Style& style, std::size_t depth) {
  switch (value.kind()) {
    case Value::Kind::null: out += "null"; return;
    case Value::Kind::boolean: out += *value.if_bool() ? "true" : "false"; return;
    case Value::Kind::integer: append_integer(out, *value.if_int()); return;
    case Value::Kind::unsigned_integer: out += std::to_string(*value.if_uint()); return;
    case Value::Kind::floating:
      out += std::isfinite(*value.if_double()) ? double_text(*value.if_double()) : "null";
      return;
    case Value::Kind::decimal: out += value.if_decimal()->digits; return;
    case Value::Kind::string: append_string(out, *value.if_string()); return;
    case Value::Kind::bytes: append_string(out, base64_encode(value.if_bytes()->data)); return;
    case Value::Kind::list: append_list(out, *value.if_list(), style, depth); return;
    case Value::Kind::map: append_map(out, *value.if_map(), style, depth); return;
    case Value::Kind::timestamp: append_string(out, timestamp_text(*value.if_timestamp())); return;
    case Value::Kind::duration: append_string(out, duration_seconds_text(*value.if_duration())); return;
    case Value::Kind::type:
    case Value::Kind::optional: break;
  }
  IEUM_ASSERT(!"a type or an optional has no JSON form");
}

std::string write(const Value& value, const Style& style) {
  Text out;
  append_value(out, value, style, 0);
  return std::string(out.view());
}

}  // namespace

std::string write_json(const Value& value) { return write(value, {}); }
void append_json(std::string& out, const Value& value) {
  Text text;
  append_value(text, value, {}, 0);
  out += text.view();
}
std::string write_canonical_json(const Value& value) { return write(value, {.sorted = true}); }
std::string write_pretty_json(const Value& value) { return write(value, {.pretty = true}); }

// The layout of ECMAScript's Number::toString, with "-0" kept.
std::string double_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string_view shortest(buffer, static_cast<std::size_t>(written.ptr - buffer));
  std::string out;
  if (shortest.front() == '-') {
    out += '-';
    shortest.remove_prefix(1);
  }
  const std::size_t mark = shortest.find('e');
  std::string digits;
  for (const char c : shortest.substr(0, mark))
    if (c != '.') digits += c;
  std::string_view exponent_text = shortest.substr(mark + 1);
  if (exponent_text.front() == '+') exponent_text.remove_prefix(1);
  int exponent = 0;
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);

  const int count = static_cast<int>(digits.size());
  if (exponent >= 21 || exponent < -6) {
    out += digits.substr(0, 1);
    if (count > 1) out += "." + digits.substr(1);
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(exponent < 0 ? -exponent : exponent);
  } else if (exponent < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-exponent - 1), '0');
    out += digits;
  } else if (count <= exponent + 1) {
    out += digits;
    out.append(static_cast<std::size_t>(exponent + 1 - count), '0');
  } else {
    out += digits.substr(0, static_cast<std::size_t>(exponent) + 1);
    out += "." + digits.substr(static_cast<std::size_t>(exponent) + 1);
  }
  return out;
}

}  // namespace ieum
