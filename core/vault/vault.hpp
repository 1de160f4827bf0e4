// Vault: secrets at rest. AES-256-GCM under a key file; each sealed secret is bound to its connection, slot and version,
// so that a row copied elsewhere does not open. No I/O beyond reading or making the key file.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"

namespace ieum::vault {

class Vault {
 public:
  virtual ~Vault() = default;
  // Layout: "v1" key id (8 bytes), nonce (12), ciphertext, tag (16). `binding` is authenticated, not stored.
  virtual std::string seal(const Secret& secret, std::string_view binding) = 0;  // [any-thread]
  // Errors: "wrong_key" (sealed under another key id), "damaged_secret".
  virtual Result<Secret> open(std::string_view sealed, std::string_view binding) const = 0;  // [any-thread]
  // Derives a stable key for a purpose ("receipts", "admin-login"); never stored.
  [[nodiscard]] virtual Secret derive(std::string_view purpose) const = 0;
};

// The binding of a connection's secret.
std::string secret_binding(std::int64_t connection, std::string_view slot, int version);

// Opens the key file, or makes one (0600) when `create` and none is there. Errors: "key_missing", "key_unreadable",
// "key_permissions" (readable by others), "key_malformed"; each names the file and the mend.
Result<std::unique_ptr<Vault>> open_vault(const std::string& key_file, bool create, Random& random);
// A vault under a key that nobody keeps: what it seals is lost with it. For trials, whose secrets are made up.
std::unique_ptr<Vault> passing_vault(Random& random);

}  // namespace ieum::vault
