// Signer: base64 of HMAC-SHA256 with one key, the key schedule made once. The senders' side of a signed webhook, and the
// bare server's check of it. Not the hub's own code: a slow digest there must show. One thread at a time.
#pragma once
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace ieum::bench {

class Signer {
 public:
  explicit Signer(std::string_view secret)
      : mac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free),
        context_(EVP_MAC_CTX_new(mac_.get()), EVP_MAC_CTX_free) {
    std::string digest = "SHA256";
    const std::array<OSSL_PARAM, 2> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
    require(EVP_MAC_init(context_.get(), reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
                         parameters.data()));
  }

  // 44 letters.
  std::string sign(std::string_view text) {
    std::array<unsigned char, 32> mac{};
    std::array<unsigned char, 45> letters{};
    std::size_t size = 0;
    require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr));  // the same key again
    require(EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size()));
    require(EVP_MAC_final(context_.get(), mac.data(), &size, mac.size()));
    const int length = EVP_EncodeBlock(letters.data(), mac.data(), static_cast<int>(size));
    return {reinterpret_cast<const char*>(letters.data()), static_cast<std::size_t>(length)};
  }

 private:
  static void require(int ok) {
    if (ok != 1) std::abort();
  }

  std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac_;
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context_;
};

}  // namespace ieum::bench
