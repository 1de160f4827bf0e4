// Encodings and digests agree with their standards' vectors; decoders refuse every second spelling.
#include "base/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include "base/digest.hpp"
#include "base/random.hpp"

using namespace ieum;

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(hex) {
  BOOST_TEST(hex_encode(std::string_view("\x00\xFF\x1a", 3)) == "00ff1a");
  BOOST_TEST(hex_decode("00fF1A").value() == std::string_view("\x00\xFF\x1a", 3));
  BOOST_TEST(hex_decode("").value() == "");
  for (const char* text : {"0", "0g", " 00", "0x00", "00 "}) BOOST_TEST(!hex_decode(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(base64_follows_rfc_4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xFB\xFF", "+/8="}};
  for (const auto& [bytes, text] : vectors) {
    BOOST_TEST(base64_encode(bytes) == text);
    BOOST_TEST(base64_decode(text).value() == bytes);
  }
  BOOST_TEST(base64url_encode("\xFB\xFF") == "-_8");
  BOOST_TEST(base64url_decode("-_8").value() == "\xFB\xFF");
  BOOST_TEST(base64url_decode("-_8=").value() == "\xFB\xFF");
  BOOST_TEST(base64url_decode("Zg").value() == "f");
  BOOST_TEST(base64url_decode("Zg==").value() == "f");
}

BOOST_AUTO_TEST_CASE(base64_refuses_what_it_would_have_to_guess) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n",
                           "Zm9v=", "-_8=", "Z=g=", "Zg==Zg==", "Zm9vY"})
    BOOST_TEST(!base64_decode(text).has_value(), text);
  for (const char* text : {"Z", "Zh", "Zg=", "Zg===", "+/8", "Zm9v=", "=", "==", "가"})
    BOOST_TEST(!base64url_decode(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(all_bytes_survive) {
  SeededRandom random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string bytes = random.bytes(size);
    BOOST_TEST((hex_decode(hex_encode(bytes)).value() == bytes));
    BOOST_TEST((base64_decode(base64_encode(bytes)).value() == bytes));
    BOOST_TEST((base64url_decode(base64url_encode(bytes)).value() == bytes));
    BOOST_TEST((percent_decode(percent_encode(bytes)).value() == bytes));
  }
}

BOOST_AUTO_TEST_CASE(base32_is_crockfords) {
  BOOST_TEST(base32_encode("") == "");
  BOOST_TEST(base32_encode("foobar") == "csqpyrk1e8");
  BOOST_TEST(base32_encode("\xFF") == "zw");
}

BOOST_AUTO_TEST_CASE(percent) {
  BOOST_TEST(percent_encode("a-b_c.d~e f/g+가") == "a-b_c.d~e%20f%2Fg%2B%EA%B0%80");
  BOOST_TEST(percent_decode("%EA%b0%80+%41").value() == "가+A");
  for (const char* text : {"%", "%4", "a%", "%4g", "%%41", "%-1"}) BOOST_TEST(!percent_decode(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(utf8_validity) {
  for (const char* text :
       {"", "abc", "가나다", "é", "😀", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xC2\x80"})
    BOOST_TEST(utf8_valid(text), text);
  for (const char* text : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xEA\xB0",
                           "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "a\xB0\xA1"})
    BOOST_TEST(!utf8_valid(text), hex_encode(text));
}

BOOST_AUTO_TEST_CASE(utf8_counting) {
  BOOST_TEST(utf8_length("장바구니 😀") == 6u);
  BOOST_TEST(utf8_offset("장바구니", 0) == 0u);
  BOOST_TEST(utf8_offset("장바구니", 2) == 6u);
  BOOST_TEST(utf8_offset("장바구니", 4) == 12u);
  BOOST_TEST(utf8_offset("장바구니", 9) == 12u);
  std::string out;
  for (const char32_t code : {U'a', U'é', U'가', U'😀'}) utf8_append(out, code);
  BOOST_TEST(out == "aé가😀");
  out.clear();
  utf8_append(out, 0xD800);
  utf8_append(out, 0x110000);
  BOOST_TEST(out == "\uFFFD\uFFFD");
}

BOOST_AUTO_TEST_CASE(ascii_helpers) {
  BOOST_TEST(to_lower_ascii("ABC-가É") == "abc-가É");
  BOOST_TEST(equals_ignoring_case("Content-Type", "content-TYPE"));
  BOOST_TEST(!equals_ignoring_case("a", "ab"));
  BOOST_TEST(!equals_ignoring_case("[", "{"));
  BOOST_TEST(trim(" \t\r\n가 나\v\f ") == "가 나");
  BOOST_TEST(trim(" \t ") == "");
  BOOST_TEST(trim("") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(digests)

// RFC 1321, FIPS 180.
BOOST_AUTO_TEST_CASE(digests_of_known_texts) {
  BOOST_TEST(hex_encode(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
  BOOST_TEST(hex_encode(md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(hex_encode(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  BOOST_TEST(hex_encode(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(hex_encode(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(hex_encode(sha256(std::string(1'000'000, 'a'))) ==
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 2202 and RFC 4231, test cases 1, 2 and 6 (a key longer than the block).
BOOST_AUTO_TEST_CASE(macs_of_known_texts) {
  const std::string key(20, '\x0b');
  const std::string_view question = "what do ya want for nothing?";
  const std::string long_key(131, '\xaa');
  const std::string_view hash_first = "Test Using Larger Than Block-Size Key - Hash Key First";
  BOOST_TEST(hex_encode(hmac_sha1(key, "Hi There")) == "b617318655057264e28bc0b6fb378c8ef146be00");
  BOOST_TEST(hex_encode(hmac_sha1("Jefe", question)) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  BOOST_TEST(hex_encode(hmac_sha1(std::string(80, '\xaa'), hash_first)) == "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  BOOST_TEST(hex_encode(hmac_sha256(key, "Hi There")) ==
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  BOOST_TEST(hex_encode(hmac_sha256("Jefe", question)) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(hex_encode(hmac_sha256(long_key, hash_first)) ==
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  BOOST_TEST(
      hex_encode(hmac_sha512(key, "Hi There")) ==
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1"
      "702e696c203a126854");
  BOOST_TEST(
      hex_encode(hmac_sha512(long_key, hash_first)) ==
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0a"
      "ec8b915a985d786598");
  BOOST_TEST(hex_encode(hmac_sha256("", "")) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(comparison_of_secrets) {
  BOOST_TEST(constant_time_equal("", ""));
  BOOST_TEST(constant_time_equal("abc", "abc"));
  BOOST_TEST(!constant_time_equal("abc", "abd"));
  BOOST_TEST(!constant_time_equal("abc", "ab"));
  BOOST_TEST(!constant_time_equal("", "a"));
}

BOOST_AUTO_TEST_SUITE_END()
