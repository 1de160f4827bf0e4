// Url: a strictly parsed absolute http(s) URL, parsed once and used as parsed. No userinfo, no fragment kept.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ieum {

struct Url {
  std::string scheme;      // "http" or "https"
  std::string host;        // lower case, IPv6 without brackets
  std::uint16_t port = 0;  // always set
  std::string target;      // path and query, at least "/"
  // scheme://host[:port], the port left out when it is the scheme's own.
  [[nodiscard]] std::string origin() const;
};

// Errors: code "bad_url" with what is wrong. Control bytes, spaces, userinfo and other schemes are refused.
Result<Url> parse_url(std::string_view text);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;
std::string form_encode(const QueryPairs& pairs);  // application/x-www-form-urlencoded, UTF-8
// "+" is a space; bad escapes, bytes that are no UTF-8 and more than 1,000 pairs are refused: "bad_form".
Result<QueryPairs> form_decode(std::string_view text);

}  // namespace ieum
