// Text encodings: hex, base64, base32, percent, HTML, UTF-8. Pure; decoders are strict and refuse what they would have to
// guess.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ieum {

std::string hex_encode(std::string_view bytes);                      // lower case
std::optional<std::string> hex_decode(std::string_view text);        // both cases, even length
std::string base64_encode(std::string_view bytes);                   // with padding
std::optional<std::string> base64_decode(std::string_view text);     // padding wanted, no spaces, no trailing bytes
std::string base64url_encode(std::string_view bytes);                // without padding
std::optional<std::string> base64url_decode(std::string_view text);  // with or without padding
std::string base32_encode(std::string_view bytes);                   // Crockford, lower case, no padding

// Percent-encodes everything but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);
std::optional<std::string> percent_decode(std::string_view text);  // refuses a broken %xx
std::string html_escape(std::string_view text);                    // as it may stand in HTML, and in a quoted attribute

bool utf8_valid(std::string_view text);          // no overlong forms, surrogates or > U+10FFFF
std::size_t utf8_length(std::string_view text);  // code points; text must be valid
// Byte offset of the n-th code point, or text.size() when there are fewer.
std::size_t utf8_offset(std::string_view text, std::size_t code_points);
void utf8_append(std::string& out, char32_t code_point);

std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);  // ASCII
std::string_view trim(std::string_view text);                       // ASCII white space at both ends

}  // namespace ieum
