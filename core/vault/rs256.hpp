// RS256 (RSASSA-PKCS1-v1_5 with SHA-256): what a service account signs a token request with. Pure but for OpenSSL's memory.
// Keys are PEM text: PKCS#8 or PKCS#1 for signing, SubjectPublicKeyInfo or a private key for checking.
#pragma once
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace ieum::vault {

// Raw signature bytes. Errors: "bad_key" when the PEM is no RSA private key; nothing of the key is in the error.
Result<std::string> rs256_sign(std::string_view private_pem, std::string_view data);

// False also when the PEM is no RSA key.
bool rs256_verify(std::string_view pem, std::string_view data, std::string_view signature);

}  // namespace ieum::vault
