// JSON helpers for connector modules, over Boost.JSON: reading vendor answers without surprises, writing numbers plainly.
// Integers keep all 64 bits. A number with a fraction becomes a double; where digits matter (money), hand the host a
// JSON pointer (events) or pass the vendor's text on. Pure; nothing here throws but std::bad_alloc.
#pragma once
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ieum {

namespace json = boost::json;

// Null when the text is no JSON (a vendor's HTML error page is an answer too). At most 64 levels deep.
inline json::value parse_json(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 64;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  return error ? json::value() : value;
}

// Walks "data.items.0.id" through objects and arrays; null pointer where the path ends early.
inline const json::value* find(const json::value& root, std::string_view path) {
  const json::value* here = &root;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (const auto* object = here->if_object()) {
      here = object->if_contains({name.data(), name.size()});
    } else if (const auto* array = here->if_array()) {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
      if (error != std::errc() || end != name.data() + name.size() || index >= array->size()) return nullptr;
      here = &(*array)[index];
    } else {
      return nullptr;
    }
    if (here == nullptr) return nullptr;
  }
  return here;
}

inline const json::value* find(const json::object& root, std::string_view path) {
  const auto dot = path.find('.');
  const std::string_view name = path.substr(0, dot);
  const json::value* member = root.if_contains({name.data(), name.size()});
  if (member == nullptr || dot == std::string_view::npos) return member;
  return find(*member, path.substr(dot + 1));
}

// The shortest text that reads back as the same number, without exponent between 1e-6 and 1e21.
inline std::string number_text(double value) {
  if (!std::isfinite(value)) return "null";
  char out[64];
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto result = std::to_chars(out, out + sizeof out, value, format);
  return std::string(out, result.ptr);
}

// A scalar as text: strings as they are, numbers and booleans as JSON writes them; nothing for null, objects and arrays.
inline std::optional<std::string> scalar_text(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string: return std::string(value.get_string());
    case json::kind::int64: return std::to_string(value.get_int64());
    case json::kind::uint64: return std::to_string(value.get_uint64());
    case json::kind::double_: return number_text(value.get_double());
    case json::kind::bool_: return value.get_bool() ? "true" : "false";
    default: return std::nullopt;
  }
}

// Text at a path: scalar_text of what is there, else the fallback. Works on a value and on an object.
template <class Root>
std::string text_at(const Root& root, std::string_view path, std::string_view fallback = {}) {
  const json::value* value = find(root, path);
  if (value == nullptr) return std::string(fallback);
  auto text = scalar_text(*value);
  return text ? *text : std::string(fallback);
}

// A whole number at a path, also when the vendor sends it as text ("7001").
template <class Root>
std::optional<std::int64_t> int_at(const Root& root, std::string_view path) {
  const json::value* value = find(root, path);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->if_int64()) return *number;
  if (const auto* text = value->if_string()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc() && !text->empty() && end == text->data() + text->size()) return number;
  }
  return std::nullopt;
}

template <class Root>
bool flag_at(const Root& root, std::string_view path, bool fallback = false) {
  const json::value* value = find(root, path);
  if (value == nullptr) return fallback;
  const bool* flag = value->if_bool();
  return flag == nullptr ? fallback : *flag;
}

namespace detail {
inline void write_text(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // where what is written as it is begins
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(plain, at - plain);
    plain = at + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += digits[c >> 4];
        out += digits[c & 15];
    }
  }
  out += text.substr(plain);
  out += '"';
}

inline void write(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out += "null"; break;
    case json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case json::kind::int64: out += std::to_string(value.get_int64()); break;
    case json::kind::uint64: out += std::to_string(value.get_uint64()); break;
    case json::kind::double_: out += number_text(value.get_double()); break;
    case json::kind::string: write_text(out, {value.get_string().data(), value.get_string().size()}); break;
    case json::kind::array: {
      const char* comma = "";
      out += '[';
      for (const auto& item : value.get_array()) {
        out += comma;
        write(out, item);
        comma = ",";
      }
      out += ']';
      break;
    }
    case json::kind::object: {
      const char* comma = "";
      out += '{';
      for (const auto& member : value.get_object()) {
        out += comma;
        write_text(out, {member.key().data(), member.key().size()});
        out += ':';
        write(out, member.value());
        comma = ",";
      }
      out += '}';
      break;
    }
  }
}
}  // namespace detail

// JSON text with plain numbers (62000, not 6.2E4). The same value gives the same bytes.
inline std::string to_json(const json::value& value) {
  std::string out;
  detail::write(out, value);
  return out;
}

// Percent-encodes everything but RFC 3986 unreserved characters: for path segments and query values.
inline std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char byte : text) {
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       byte == '-' || byte == '.' || byte == '_' || byte == '~';
    if (plain) {
      out += static_cast<char>(byte);
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

}  // namespace ieum
