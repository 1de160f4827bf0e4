// The sandbox's own service account, as Google gives one out: the key is public, protects nothing and opens nothing.
#pragma once
#include <string>

#include "base/value.hpp"

namespace ieum::sandbox {

inline constexpr const char* kGoogleServiceEmail = "hub@ieum-sandbox.iam.gserviceaccount.com";
inline constexpr const char* kGoogleKeyId = "5a6e6462786f782d6b65792d31";

const std::string& google_private_key();  // PEM, PKCS#8
// The key file: {type, project_id, private_key_id, private_key, client_email, client_id, token_uri}.
Value google_key_file(const std::string& token_uri);

}  // namespace ieum::sandbox
