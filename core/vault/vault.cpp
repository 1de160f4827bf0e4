#include "vault/vault.hpp"

#include <openssl/evp.h>

#include "base/digest.hpp"
#include "vault/key_file.hpp"

namespace ieum::vault {
namespace {

constexpr std::string_view kVersion = "v1";
constexpr std::size_t kKeyIdBytes = 8, kNonceBytes = 12, kTagBytes = 16;
constexpr std::size_t kPrefixBytes = 2 + kKeyIdBytes;

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
int size_of(std::string_view text) { return static_cast<int>(text.size()); }

class FileVault final : public Vault {
 public:
  FileVault(Secret master, Random& random)
      : master_(std::move(master)),
        seal_key_(hmac_sha256(master_.reveal(), "ieum seal key")),
        prefix_(std::string(kVersion) + hmac_sha256(master_.reveal(), "ieum key id").substr(0, kKeyIdBytes)),
        random_(random) {}

  std::string seal(const Secret& secret, std::string_view binding) override {
    const std::string nonce = random_.bytes(kNonceBytes);
    const std::string_view plain = secret.reveal();
    std::string cipher_text(plain.size(), '\0');
    std::string tag(kTagBytes, '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new());
    const Secret key = key_of(binding);
    int size = 0, rest = 0;
    const bool done =
        cipher &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), bytes_of(nonce)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(prefix_), size_of(prefix_)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(binding), size_of(binding)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), bytes_of(cipher_text), &size, bytes_of(plain), size_of(plain)) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), bytes_of(cipher_text) + size, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
    IEUM_ASSERT(done);
    return prefix_ + nonce + cipher_text + tag;
  }

  Result<Secret> open(std::string_view sealed, std::string_view binding) const override {
    const Error damaged("damaged_secret", "a stored secret cannot be opened", "enter it again");
    if (sealed.size() < kPrefixBytes + kNonceBytes + kTagBytes || !sealed.starts_with(kVersion)) return damaged;
    if (!sealed.starts_with(prefix_)) {
      return Error("wrong_key", "a stored secret was sealed under another key",
                   "put back the key file that belongs to this data directory");
    }
    const std::string_view nonce = sealed.substr(kPrefixBytes, kNonceBytes);
    const std::string_view cipher_text =
        sealed.substr(kPrefixBytes + kNonceBytes, sealed.size() - kPrefixBytes - kNonceBytes - kTagBytes);
    std::string tag(sealed.substr(sealed.size() - kTagBytes));
    std::string plain(cipher_text.size(), '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new());
    const Secret key = key_of(binding);
    int size = 0, rest = 0;
    const bool fits =
        cipher &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), bytes_of(nonce)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(prefix_), size_of(prefix_)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(binding), size_of(binding)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), bytes_of(plain), &size, bytes_of(cipher_text), size_of(cipher_text)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), bytes_of(plain) + size, &rest) == 1;
    Secret opened(std::move(plain));
    if (!fits) return damaged;
    return opened;
  }

  [[nodiscard]] Secret derive(std::string_view purpose) const override {
    return Secret(hmac_sha256(master_.reveal(), "ieum derive " + std::string(purpose)));
  }

 private:
  // Each version of each secret is sealed under a key of its own, so that random nonces have few seals to differ in.
  [[nodiscard]] Secret key_of(std::string_view binding) const {
    return Secret(hmac_sha256(seal_key_.reveal(), binding));
  }

  Secret master_, seal_key_;
  std::string prefix_;
  Random& random_;
};

}  // namespace

std::string secret_binding(std::int64_t connection, std::string_view slot, int version) {
  return std::to_string(connection) + "|" + std::string(slot) + "|" + std::to_string(version);
}

Result<std::unique_ptr<Vault>> open_vault(const std::string& key_file, bool create, Random& random) {
  auto key = read_key_file(key_file);
  if (key.has_error() && key.error().code == "key_missing" && create) {
    IEUM_CHECK(make_key_file(key_file, random));
    key = read_key_file(key_file);
  }
  if (key.has_error()) return key.error();
  return std::unique_ptr<Vault>(std::make_unique<FileVault>(std::move(*key), random));
}

std::unique_ptr<Vault> passing_vault(Random& random) {
  constexpr std::size_t kKeyBytes = 32;
  return std::make_unique<FileVault>(Secret(random.bytes(kKeyBytes)), random);
}

}  // namespace ieum::vault
