#include "vault/rs256.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace ieum::vault {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

// A key that wants a passphrase is no key here: nobody is asked for one.
int no_passphrase(char*, int, int, void*) { return -1; }

Key rsa_only(EVP_PKEY* raw) {
  Key key(raw);
  if (key != nullptr && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) key.reset();
  return key;
}

Key private_key(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return rsa_only(bio == nullptr ? nullptr : PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
}

Key checking_key(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key = rsa_only(bio == nullptr ? nullptr : PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
  return key == nullptr ? private_key(pem) : std::move(key);
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

Result<std::string> rs256_sign(std::string_view private_pem, std::string_view data) {
  const Key key = private_key(private_pem);
  const Context context(EVP_MD_CTX_new());
  std::size_t size = 0;
  std::string signature;
  const bool ready = key != nullptr && context != nullptr &&
                     EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(), nullptr) == 1;
  if (!ready || EVP_DigestSign(context.get(), nullptr, &size, bytes(data), data.size()) != 1)
    return Error("bad_key", "the private key is no RSA key in PEM form", "paste the key file as it was downloaded");
  signature.resize(size);
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, bytes(data), data.size()) != 1)
    return Error("bad_key", "the private key cannot sign");
  signature.resize(size);
  return signature;
}

bool rs256_verify(std::string_view pem, std::string_view data, std::string_view signature) {
  const Key key = checking_key(pem);
  const Context context(EVP_MD_CTX_new());
  return key != nullptr && context != nullptr &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key.get(), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(data), data.size()) == 1;
}

}  // namespace ieum::vault
