#include "base/url.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <exception>
#include <optional>

#include "base/encoding.hpp"

namespace ieum {
namespace {

constexpr std::size_t kUrlBytesMax = 8 * 1024;  // what servers commonly accept as a request line
constexpr std::size_t kFormPairsMax = 1000;

Error bad_url(std::string what, std::string mend = {}) { return Error("bad_url", std::move(what), std::move(mend)); }

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

Result<Url> parse_checked(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F) return bad_url("the URL has a space or a control character", "percent-encode it");
    if (byte >= 0x80) return bad_url("the URL has a character outside ASCII", "percent-encode it");
  }
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
  if (parsed.has_error()) return bad_url("the URL cannot be read: " + parsed.error().message());
  const boost::urls::url_view& view = *parsed;

  Url url;
  url.scheme = to_lower_ascii(std::string_view(view.scheme().data(), view.scheme().size()));
  if (url.scheme != "http" && url.scheme != "https")
    return bad_url("the URL does not start with http:// or https://", "write the whole address with https://");
  if (!view.has_authority()) return bad_url("the URL names no host");
  if (view.has_userinfo())
    return bad_url("the URL carries a user name or password", "put credentials into the connection");

  const auto encoded_host = view.encoded_host_address();
  url.host = to_lower_ascii(std::string_view(encoded_host.data(), encoded_host.size()));
  if (url.host.empty()) return bad_url("the URL names no host");
  if (view.host_type() == boost::urls::host_type::ipvfuture) return bad_url("the host is of an unknown address kind");
  if (view.host_type() != boost::urls::host_type::ipv6) {
    if (url.host.size() > 253 || !std::all_of(url.host.begin(), url.host.end(), is_host_char))
      return bad_url("the host has a character that host names do not have",
                     "write Hangul host names in their xn-- form");
  }

  // Boost.URL 1.81 takes a port beyond 65535 modulo 65536, and reads "h:x/" as host "h" with path "x/".
  const std::string_view port_text(view.port().data(), view.port().size());
  url.port = default_port(url.scheme);
  if (!port_text.empty()) {
    const auto read = std::from_chars(port_text.data(), port_text.data() + port_text.size(), url.port);
    if (read.ec != std::errc() || url.port == 0) return bad_url("the port is not one of 1 to 65535");
  }
  const auto path = view.encoded_path();
  if (!path.empty() && path.front() != '/') return bad_url("the port is not one of 1 to 65535");
  const auto target = view.encoded_target();
  url.target.assign(target.data(), target.size());
  if (!url.target.starts_with('/')) url.target.insert(url.target.begin(), '/');
  return url;
}

void append_form_text(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '*' ||
                       c == '-' || c == '.' || c == '_';
    if (plain) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

std::optional<std::string> form_text(std::string_view encoded) {
  std::string spaced(encoded);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

std::string Url::origin() const {
  std::string out = scheme + "://";
  out += host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

Result<Url> parse_url(std::string_view text) {
  if (text.empty()) return bad_url("the URL is empty");
  if (text.size() > kUrlBytesMax) return bad_url("the URL has more than 8,192 bytes");
  try {
    return parse_checked(text);
  } catch (const std::exception& failure) {
    return bad_url(std::string("the URL cannot be read: ") + failure.what());
  }
}

// The serializer of the WHATWG URL standard, section 5.2.
std::string form_encode(const QueryPairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    append_form_text(out, name);
    out += '=';
    append_form_text(out, value);
  }
  return out;
}

Result<QueryPairs> form_decode(std::string_view text) {
  QueryPairs pairs;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.empty()) continue;
    if (pairs.size() == kFormPairsMax) return Error("bad_form", "the form has more than 1,000 fields");
    const std::size_t equals = piece.find('=');
    auto name = form_text(piece.substr(0, equals));
    auto value = form_text(equals == std::string_view::npos ? std::string_view() : piece.substr(equals + 1));
    if (!name || !value) return Error("bad_form", "the form has a broken %xx escape");
    if (!utf8_valid(*name) || !utf8_valid(*value)) return Error("bad_form", "the form is not UTF-8");
    pairs.emplace_back(*std::move(name), *std::move(value));
  }
  return pairs;
}

}  // namespace ieum
