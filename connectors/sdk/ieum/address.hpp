// Addresses that come from people: the base URL of a connection, checked before anything is built on it.
// The host refuses what is no URL as a broken module; these checks say to its owner what to mend instead.
#pragma once
#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace ieum {

// Characters that stand in an address as they are (RFC 3986); brackets only around an IPv6 host.
inline bool is_address_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:/?#@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

namespace detail {
// "host", "host:8080", "[::1]:8080"; no user name.
inline bool is_host_and_port(std::string_view text) {
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string_view host = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const std::string_view port = text.substr(colon + 1);
    int number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || end != port.data() + port.size() || number < 1 || number > 65535) return false;
  }
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const std::string_view others = bracketed ? ":." : "-._";
  return !host.empty() && std::all_of(host.begin(), host.end(), [&](char c) {
    return (is_address_character(c) && std::isalnum(static_cast<unsigned char>(c)) != 0) ||
           others.find(c) != std::string_view::npos;
  });
}
}  // namespace detail

// True for http(s)://host[:port][/..], escaped as RFC 3986 wants it.
inline bool is_address(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
  url.remove_prefix(url.find("//") + 2);
  const auto end = std::min(url.find_first_of("/?#"), url.size());
  const std::string_view rest = url.substr(end);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (!is_address_character(rest[i])) return false;
    if (rest[i] != '%') continue;
    const auto is_hex = [&](std::size_t at) {
      return at < rest.size() && std::isxdigit(static_cast<unsigned char>(rest[at])) != 0;
    };
    if (!is_hex(i + 1) || !is_hex(i + 2)) return false;
  }
  return detail::is_host_and_port(url.substr(0, end));
}

// The connection's `base_url` without final slashes, or `usual` when it is empty.
inline std::string base_url(const Call& call, std::string_view usual) {
  std::string base = call.config("base_url");
  while (base.ends_with('/')) base.pop_back();
  return base.empty() ? std::string(usual) : base;
}

// What ends the step when the connection's `base_url` is given and no address; nothing else.
inline std::optional<Effect> bad_base_url(const Call& call) {
  const std::string base = call.config("base_url");
  if (base.empty() || is_address(base)) return std::nullopt;
  return fail(Kind::permanent, "bad_base_url", "the connection's server address is no http address");
}

}  // namespace ieum
