// The key file: text "ieum-key-v1 <base64 of 32 bytes>\n", mode 0600, owned by the hub's user. For this room only.
#pragma once
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"

namespace ieum::vault {

// Errors: "key_missing", "key_unreadable", "key_permissions", "key_malformed". A file that is there is never replaced.
Result<Secret> read_key_file(const std::string& path);
// Makes the file whole or not at all; one that appeared meanwhile stays. Error "key_unreadable".
Status make_key_file(const std::string& path, Random& random);

}  // namespace ieum::vault
