// HTTP text: finds one whole HTTP/1.1 message at the front of a buffer. For bench_load and bench_sink only, which know
// their peers: lengths are declared, nothing is chunked. No parser for strangers. Any thread.
#pragma once
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ieum::bench {

struct HttpText {
  std::string_view first_line;
  std::string_view body;
  std::size_t bytes = 0;  // of the whole message
  bool broken = false;    // of a kind that is not read here; the connection is of no more use
};

// The value of a header, its name given in lower case; empty when it is absent.
inline std::string_view header_value(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    bool same = true;
    for (std::size_t i = 0; same && i < name.size(); ++i) same = (line[i] | 0x20) == (name[i] | 0x20);
    if (!same) continue;
    auto value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    return value;
  }
  return {};
}

// Nothing while the message has not arrived whole.
inline std::optional<HttpText> whole_message(std::string_view buffer) {
  const auto end = buffer.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const auto head = buffer.substr(0, end + 2);
  HttpText text;
  text.first_line = head.substr(0, head.find("\r\n"));
  std::size_t length = 0;
  const auto declared = header_value(head, "content-length");
  if (!declared.empty()) {
    const auto [stopped, failed] = std::from_chars(declared.data(), declared.data() + declared.size(), length);
    text.broken = failed != std::errc();
  }
  if (!header_value(head, "transfer-encoding").empty() || header_value(head, "connection") == "close") {
    text.broken = true;
  }
  text.bytes = end + 4 + length;
  if (buffer.size() < text.bytes) return std::nullopt;
  text.body = buffer.substr(end + 4, length);
  return text;
}

// The non-negative number after `"name":` (a string of digits counts too); -1 when there is none.
inline long long number_after(std::string_view json, std::string_view name) {
  const auto quoted = '"' + std::string(name) + '"';
  auto at = json.find(quoted);
  if (at == std::string_view::npos) return -1;
  at = json.find_first_not_of(": \"", at + quoted.size());
  if (at == std::string_view::npos) return -1;
  long long number = -1;
  std::from_chars(json.data() + at, json.data() + json.size(), number);
  return number;
}

}  // namespace ieum::bench
