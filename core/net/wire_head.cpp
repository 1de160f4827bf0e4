#include "net/wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/encoding.hpp"

namespace ieum::net {
namespace {

constexpr std::array<bool, 256> make_token_bytes() {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kTokenBytes = make_token_bytes();

bool is_token_byte(char c) { return kTokenBytes[static_cast<unsigned char>(c)]; }
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> read_length(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::uint64_t length = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (length > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return length;
}

// Takes one line off a head whose line ends HeadScan has checked.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end - 1);
  text.remove_prefix(end + 1);
  return line;
}

struct Field {
  std::string_view name;
  std::string_view sent;   // all after the colon
  std::string_view value;  // without blanks around it
};

std::optional<WireError> split_field(std::string_view line, Field& out) {
  std::size_t colon = 0;
  while (colon < line.size() && is_token_byte(line[colon])) ++colon;
  if (colon == line.size()) return WireError{400, "a header line has no colon"};
  if (line[colon] != ':' || colon == 0) {
    if (is_blank(line[0])) return WireError{400, "a header line begins with a blank"};
    return WireError{400, is_blank(line[colon]) ? "there is a blank before a header's colon"
                                                : "a header name has a character that is not allowed"};
  }
  out.name = line.substr(0, colon);
  out.sent = line.substr(colon + 1);
  out.value = trim_blanks(out.sent);
  if (!is_field_value(out.value)) return WireError{400, "a header value has a control character"};
  return std::nullopt;
}

void read_connection(std::string_view value, bool& close, bool& keep) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view option = trim_blanks(value.substr(0, comma));
    if (equals_ignoring_case(option, "close")) close = true;
    if (equals_ignoring_case(option, "keep-alive")) keep = true;
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
}

bool is_host(std::string_view value) {
  const auto allowed = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_:[]%~").find(c) != std::string_view::npos;
  };
  return !value.empty() && std::all_of(value.begin(), value.end(), allowed);
}

std::optional<WireError> read_request_line(std::string_view line, RequestHead& out, std::string_view& authority) {
  const WireError malformed{400, "the request line is not \"method target HTTP/version\""};
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) return malformed;
  const std::string_view method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method) || method.size() > 32 || target.empty()) return malformed;

  if (version == "HTTP/1.0") {
    out.http10 = true;
  } else if (version != "HTTP/1.1") {
    const bool another = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                         version[6] == '.' && is_digit(version[7]);
    return another ? WireError{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"} : malformed;
  }

  bool ascii = true;
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f || c == '#')
      return WireError{400, "the target has a character that is not allowed"};
    if (byte >= 0x80) ascii = false;
  }
  if (!ascii && !utf8_valid(target)) return WireError{400, "the target is not UTF-8"};
  if (target.front() != '/') {
    const bool any = target == "*" && method == "OPTIONS";
    const std::size_t scheme = target.find("://");
    const bool absolute = scheme != std::string_view::npos && (equals_ignoring_case(target.substr(0, scheme), "http") ||
                                                               equals_ignoring_case(target.substr(0, scheme), "https"));
    if (!any && !absolute) return WireError{400, "the target is neither a path nor a URL"};
    if (absolute) {
      target.remove_prefix(scheme + 3);
      const std::size_t path = std::min(target.find_first_of("/?"), target.size());
      authority = target.substr(0, path);
      if (!is_host(authority)) return WireError{400, "the target names no host"};
      target.remove_prefix(path);
    }
  }
  out.http.method = method;
  out.http.target = target.starts_with('/') || target == "*" ? std::string(target) : "/" + std::string(target);
  return std::nullopt;
}

}  // namespace

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_byte); }
bool is_field_value(std::string_view text) { return std::none_of(text.begin(), text.end(), is_control); }

HeadScan::State HeadScan::bad(int status, std::string_view what) {
  error_ = {status, what};
  return State::bad;
}

HeadScan::State HeadScan::feed(std::string_view bytes) {
  for (;;) {
    const std::size_t found = bytes.find('\n', scanned_);
    const bool ended = found != std::string_view::npos;
    const std::size_t line_end = ended ? found + 1 : bytes.size();
    if (fields_start_ == 0) {
      if (line_end > line_start_ && bytes[line_start_] != '\r' && !is_token_byte(bytes[line_start_]))
        return bad(400, "this is not HTTP");
      if (line_end - line_start_ > caps_.first_line_bytes + 2) return bad(414, "the first line is too long");
    } else if (line_end - fields_start_ > caps_.field_bytes + 2) {
      return bad(431, "the headers are too long");
    }
    if (!ended) {
      scanned_ = bytes.size();
      return State::more;
    }
    if (found == line_start_ || bytes[found - 1] != '\r') return bad(400, "a line ends without a carriage return");
    const bool empty = found - 1 == line_start_;
    line_start_ = scanned_ = line_end;
    if (fields_start_ == 0) {
      if (!empty) {
        fields_start_ = line_end;
      } else if (start_ == 0) {
        start_ = line_end;
      } else {
        return bad(400, "there are empty lines before the request");
      }
    } else if (empty) {
      return State::whole;
    } else if (++fields_ > caps_.fields) {
      return bad(431, "there are too many header lines");
    }
  }
}

std::optional<WireError> read_request_head(std::string_view text, RequestHead& out) {
  std::string_view authority;
  if (auto error = read_request_line(take_line(text), out, authority)) return error;
  bool has_length = false, has_encoding = false, close = false, keep = false, encoded = false, expectation = false;
  std::string_view host;
  for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
    Field field;
    if (auto error = split_field(line, field)) return error;
    const auto is = [&](std::string_view name) { return equals_ignoring_case(field.name, name); };
    // Framing fields in their plain form only: no blank but one after the colon.
    const std::string_view plain = field.sent.substr(field.sent.starts_with(' ') ? 1 : 0);
    switch (field.name.size()) {
      case 4:
        if (!is("host")) break;
        if (!host.empty()) return WireError{400, "there are two Host headers"};
        if (!is_host(field.value)) return WireError{400, "the Host header names no host"};
        host = field.value;
        break;
      case 6:
        if (!is("expect")) break;
        if (equals_ignoring_case(field.value, "100-continue"))
          out.continue_wanted = true;
        else
          expectation = true;
        break;
      case 10:
        if (is("connection")) read_connection(field.value, close, keep);
        break;
      case 14: {
        if (!is("content-length")) break;
        const auto length = read_length(plain);
        if (!length || has_length) return WireError{400, "Content-Length is not one whole number"};
        has_length = true;
        out.length = *length;
        break;
      }
      case 16:
        if (is("content-encoding") && !equals_ignoring_case(field.value, "identity")) encoded = true;
        break;
      case 17:
        if (!is("transfer-encoding")) break;
        if (has_encoding || !equals_ignoring_case(plain, "chunked"))
          return WireError{400, "Transfer-Encoding is not \"chunked\""};
        has_encoding = true;
        break;
      default: break;
    }
    out.http.headers.add(std::string(field.name), std::string(field.value));
  }
  if (has_encoding && has_length) return WireError{400, "both Content-Length and Transfer-Encoding are given"};
  if (has_encoding && out.http10) return WireError{400, "HTTP/1.0 has no Transfer-Encoding"};
  if (host.empty() && !out.http10) return WireError{400, "there is no Host header"};
  if (!authority.empty() && !host.empty() && !equals_ignoring_case(authority, host))
    return WireError{400, "the target and the Host header name different hosts"};
  if (has_encoding) out.framing = Framing::chunked;
  if (has_length && out.length > 0) out.framing = Framing::length;
  out.keep_alive = !close && (!out.http10 || keep);
  if (out.http10) out.continue_wanted = false;
  if (encoded) return WireError{415, "an encoded body is not taken here"};
  if (expectation && !out.http10) return WireError{417, "only the expectation 100-continue is known"};
  return std::nullopt;
}

}  // namespace ieum::net
