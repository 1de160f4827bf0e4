// Digests and MACs over OpenSSL, and the one comparison allowed for secrets. Results are raw bytes.
#pragma once
#include <string>
#include <string_view>

namespace ieum {

std::string md5(std::string_view data);   // vendor protocols only (Mailchimp's subscriber id)
std::string sha1(std::string_view data);  // vendor protocols only (Solapi's webhook secret)
std::string sha256(std::string_view data);
std::string hmac_sha1(std::string_view key, std::string_view data);
std::string hmac_sha256(std::string_view key, std::string_view data);
std::string hmac_sha512(std::string_view key, std::string_view data);

// RFC 8032, a public key of 32 bytes. False also when the key or the signature has another size or is no point of the curve.
bool ed25519_fits(std::string_view public_key, std::string_view signature, std::string_view data);

// True when both have the same length and bytes; time depends on the length only.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace ieum
