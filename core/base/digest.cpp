#include "base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

#include "base/error.hpp"

namespace ieum {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

// A fetch takes locks and walks the providers, so each algorithm is fetched once a process and never freed.
const EVP_MD* fetch(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  IEUM_ASSERT(algorithm != nullptr);
  return algorithm;
}

const EVP_MD* md5_algorithm() {
  static const EVP_MD* const algorithm = fetch("MD5");
  return algorithm;
}
const EVP_MD* sha1_algorithm() {
  static const EVP_MD* const algorithm = fetch("SHA1");
  return algorithm;
}
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = fetch("SHA2-256");
  return algorithm;
}
const EVP_MD* sha512_algorithm() {
  static const EVP_MD* const algorithm = fetch("SHA2-512");
  return algorithm;
}

std::string digest_of(EVP_MD_CTX* context, const EVP_MD* algorithm, std::string_view head, std::string_view data) {
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(algorithm)), '\0');
  unsigned size = 0;
  const bool done = EVP_DigestInit_ex2(context, algorithm, nullptr) == 1 &&
                    EVP_DigestUpdate(context, head.data(), head.size()) == 1 &&
                    EVP_DigestUpdate(context, data.data(), data.size()) == 1 &&
                    EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
  IEUM_ASSERT(done && size == out.size());
  return out;
}

std::string digest_of(const EVP_MD* algorithm, std::string_view data) {
  const Context context(EVP_MD_CTX_new());
  IEUM_ASSERT(context != nullptr);
  return digest_of(context.get(), algorithm, {}, data);
}

// RFC 2104 over the fetched digest: OpenSSL's own EVP_MAC fetches the digest by name on every init.
std::string hmac_of(const EVP_MD* algorithm, std::string_view key, std::string_view data) {
  const Context context(EVP_MD_CTX_new());
  IEUM_ASSERT(context != nullptr);
  const auto block_size = static_cast<std::size_t>(EVP_MD_get_block_size(algorithm));
  std::string pad = key.size() > block_size ? digest_of(context.get(), algorithm, {}, key) : std::string(key);
  pad.resize(block_size, '\0');
  for (char& byte : pad) byte = static_cast<char>(byte ^ 0x36);
  const std::string inner = digest_of(context.get(), algorithm, pad, data);
  for (char& byte : pad) byte = static_cast<char>(byte ^ 0x36 ^ 0x5c);
  std::string outer = digest_of(context.get(), algorithm, pad, inner);
  OPENSSL_cleanse(pad.data(), pad.size());
  return outer;
}

}  // namespace

std::string md5(std::string_view data) { return digest_of(md5_algorithm(), data); }
std::string sha1(std::string_view data) { return digest_of(sha1_algorithm(), data); }
std::string sha256(std::string_view data) { return digest_of(sha256_algorithm(), data); }
std::string hmac_sha1(std::string_view key, std::string_view data) { return hmac_of(sha1_algorithm(), key, data); }
std::string hmac_sha256(std::string_view key, std::string_view data) { return hmac_of(sha256_algorithm(), key, data); }
std::string hmac_sha512(std::string_view key, std::string_view data) { return hmac_of(sha512_algorithm(), key, data); }

bool ed25519_fits(std::string_view public_key, std::string_view signature, std::string_view data) {
  constexpr std::size_t kKeyBytes = 32, kSignatureBytes = 64;
  if (public_key.size() != kKeyBytes || signature.size() != kSignatureBytes) return false;
  const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(public_key), public_key.size()));
  const Context context(EVP_MD_CTX_new());
  IEUM_ASSERT(context != nullptr);
  return key != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(data), data.size()) == 1;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace ieum
