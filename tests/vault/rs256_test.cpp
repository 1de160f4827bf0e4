// RS256 agrees with another implementation on a signature, and refuses everything that is not exactly signed.
#include "vault/rs256.hpp"

#include <boost/test/unit_test.hpp>

#include "base/encoding.hpp"
#include "vault/keys.hpp"

using namespace ieum;
using vault_test::kPrivate;

namespace {

const std::string kPublic =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlrbpOCsS6Koq0+zRYYe1\n"
    "gJEj++UcHorQeQVow6dotx0JGF3zCmGSZkiVlTuZRTMBI+m+tjvhzViAR8g13HUh\n"
    "Eqt8cMluMo5QC+qF4SDhbw8a6poP+XqWrLjDpSGuUh7LxVTH2P8YLfs5L0tqHB6X\n"
    "vJWoF660M6AS9zsHtt08rJzSO+Pyh4SDr2mZ58dGPR2kfFW0v+sFfTHOTCeUdXGR\n"
    "pVJC8Dqjnx1E9fCv3gX3qGjNwuoI6RIhDUGKZ2X1oHf6Ng8DEq1Ikoqz9rv7iRhy\n"
    "1BCm/DIBNEPXlAQWjL9vejKW+drDmI7G8DNGPZTIrHrxHvHM6VDHKkOR6f5FxBxs\n"
    "wwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
const std::string kData = "eyJh.eyJp";
const std::string kSignature =
    "Xv8qIKf/J1UVADgiSk5/dw8pFOE10aUdroxj33IX8352b08FGiqhtnIX9+05f4sScRThUXNsTbk5HgyiRge2U+57YC5yGnDsneoQ"
    "wnvNW+/7uFb7ionV2x1bfKiLNsei/7lkUfn5jzN2UU+p0n6W9UAWpXvS7PX4cpQAbodQRzhFVU5dwYFLj5Kug9jb1nTm5F7NH4cn"
    "H/HdUPzGFKfp+sy+4VqSUfUna0MbozmwvO8WXoTx9w/Ct0uQXBAaVkvOszEwp9u0bqLxbUv0rw5WG/Q8ZQ+Tvu3ivtsXmxaagEp0"
    "QzD/w7ziWgIsxyzmsQN3iR8sCHhWBUTheQP8Jo9nWw==";

}  // namespace

BOOST_AUTO_TEST_SUITE(rs256)

BOOST_AUTO_TEST_CASE(the_signature_is_the_one_that_openssl_makes) {
  const auto signature = vault::rs256_sign(kPrivate, kData);
  BOOST_REQUIRE(signature.has_value());
  BOOST_TEST(base64_encode(*signature) == kSignature);
}

BOOST_AUTO_TEST_CASE(a_right_signature_holds_under_both_halves_of_the_key_and_a_changed_one_under_none) {
  const std::string signature = *base64_decode(kSignature);
  BOOST_TEST(vault::rs256_verify(kPublic, kData, signature));
  BOOST_TEST(vault::rs256_verify(kPrivate, kData, signature));
  BOOST_TEST(!vault::rs256_verify(kPublic, kData + ".", signature));
  std::string flipped = signature;
  flipped[7] = static_cast<char>(flipped[7] ^ 1);
  BOOST_TEST(!vault::rs256_verify(kPublic, kData, flipped));
  BOOST_TEST(!vault::rs256_verify(kPublic, kData, signature.substr(1)));
  BOOST_TEST(!vault::rs256_verify(kPublic, kData, ""));
}

BOOST_AUTO_TEST_CASE(what_is_no_rsa_key_is_refused_without_showing_it) {
  for (const std::string& pem : {std::string(), std::string("-----BEGIN PRIVATE KEY-----\nMIIE\n"), kPublic}) {
    const auto signature = vault::rs256_sign(pem, kData);
    BOOST_REQUIRE(signature.has_error());
    BOOST_TEST(signature.error().code == "bad_key");
    BOOST_TEST(signature.error().text().find("MIIE") == std::string::npos);
  }
  BOOST_TEST(!vault::rs256_verify("no key", kData, *base64_decode(kSignature)));
}

BOOST_AUTO_TEST_SUITE_END()
