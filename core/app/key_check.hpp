// Key check: whether the vault's key opens what a store holds. The store keeps a value that was sealed under the key at the first
// start; it is looked at before a byte of what is stored changes.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "vault/vault.hpp"

namespace ieum::app {

inline constexpr const char* kKeyCheck = "vault_check";  // a row of meta
inline constexpr std::string_view kKeyBinding = "vault check";

// `check`: what the store keeps; none: it is new, and a key is made where there is none. Errors: "wrong_key", and those of the vault.
Result<std::unique_ptr<vault::Vault>> open_checked_vault(const std::string& key_file,
                                                         const std::optional<std::string>& check, Random& random);

}  // namespace ieum::app
