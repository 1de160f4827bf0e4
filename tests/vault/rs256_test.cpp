// RS256 agrees with another implementation on a signature, and refuses everything that is not exactly signed.
#include "vault/rs256.hpp"

#include <boost/test/unit_test.hpp>

#include "base/encoding.hpp"

using namespace ieum;

namespace {

// Made for this test by `openssl genpkey` and `openssl dgst -sha256 -sign`; protects nothing.
const std::string kPrivate =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEugIBADANBgkqhkiG9w0BAQEFAASCBKQwggSgAgEAAoIBAQCWtuk4KxLoqirT\n"
    "7NFhh7WAkSP75RweitB5BWjDp2i3HQkYXfMKYZJmSJWVO5lFMwEj6b62O+HNWIBH\n"
    "yDXcdSESq3xwyW4yjlAL6oXhIOFvDxrqmg/5epasuMOlIa5SHsvFVMfY/xgt+zkv\n"
    "S2ocHpe8lagXrrQzoBL3Owe23TysnNI74/KHhIOvaZnnx0Y9HaR8VbS/6wV9Mc5M\n"
    "J5R1cZGlUkLwOqOfHUT18K/eBfeoaM3C6gjpEiENQYpnZfWgd/o2DwMSrUiSirP2\n"
    "u/uJGHLUEKb8MgE0Q9eUBBaMv296Mpb52sOYjsbwM0Y9lMisevEe8czpUMcqQ5Hp\n"
    "/kXEHGzDAgMBAAECggEAFATNq5FFHLRlpeqh0SOWfzJIJlBDUOc9U6XdSYe2CASK\n"
    "TbtE6g8VxBJGFCFrdV6V+zA0Db6ceosT1vUH+nVwZCt1BwIqafqvNTX8fG/Cod7O\n"
    "w3SdRJT86IpOKmPz5KKEjHx7Yx5XFtx0twx8VqnVm84BGsww0V6kxkQH/Ukbow2p\n"
    "I1rhrnLk8gGHtp57rtwmBG3MkEejtqpJhu3RsOgljjLB+zJ4m7pOzmGkzSo8teI8\n"
    "N2QUbT5nGz5FVumwH3yDg7cQL9IUB/tD/X4ab4Tzj+FOOOLiMV1Xv2ke38zQ3JkY\n"
    "exbny6GlQstsYjZiU0DordhCvktqQm4Xn7MjPvdQsQKBgQDUfac77dL5HS0CDbUC\n"
    "iviqj1t9CVXctuVdu/PCQrzTlnniEVjnabnU5mGyyd7IzhSvZAGDE8eg05DTLUxt\n"
    "X7KT3n+gjGOPH8yvxSfx8oEbiMNa4YeJ6aX7LgyONzHW+gmn9IA5Eer+rEmSaKK4\n"
    "Y3wc/uZc/K1e7BKUc/W2ZYaXWwKBgQC1kxCokBbmgTmDd6pEetUMQnGOnNgm2qYw\n"
    "PaSVgdlIj7Qc0in/UAjus9IQUUM2ftc34PkOP8inDgmDDRMewo+cn4jq+56heobY\n"
    "2lIip8EZN87eHHTpNlao8N3ZxLJOrGQwcvoOOvWC6Ekgn8gzHYXfuCWI2KpUzvzn\n"
    "/8KKTuTkuQJ/CfXZ4PVE7mhvs6jw0y2wek49+550Z+Qq3DnzMyftsf1buT0W7cIG\n"
    "8/PYoIjV6JPAZHhLmdlTgjZok32MF5RkyomjceMix5K2BYc4WB8F7kR648eukshg\n"
    "/2UpMYFk1K7jxPuxBvvQCCALUtGUzw/awYExSyqM9eYa+Np2qhYYOQKBgA0fE5Ua\n"
    "1IzTydQ2UZehSMQaCRrFOtmT826JBdvIBmu39sweY+qPXhXh6MxFExZdFDB1kYn2\n"
    "EgoAea9+wmL2rGolHT/d7xi8QgJpxIW8mbe40Lo8VDaGNrz+qwmRrVECJDtcE7Xz\n"
    "jMpo/t/crBsFhycjp5K8FZMLYjthwC0+hkwBAoGAUOx0DfvkHS1+fhnguB1Xfk5c\n"
    "o4FaFS6hfkExf8amTNLbs5clL4Arw4xHDIJ0bhyz/GvqeXTv6U6OQWL2sbmuk+eS\n"
    "stCh1L8hgNEEeBJE3P0vMDm92M9VtdO3u/vxrl9CWxWDNExrKKGrHLMnlL7dUwTu\n"
    "x+QWHXHD3fv51fSQFZQ=\n"
    "-----END PRIVATE KEY-----\n";
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
