// Why a delivery was refused, said so that a person can mend it.
#include "host/delivery_words.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "support.hpp"

using namespace ieum;
using namespace ieum::host;

namespace {

constexpr Millis kNow = 1'531'420'618'000;
const std::string kSecret = "test_secret_key";
const std::string kBody = R"({"id": 7, "name": "민지"})";  // with blanks, as Python writes it

const Manifest& signed_by_time() {
  static const Manifest manifest = host_test::manifest(host_test::acme(
      "webhook:\n  verify: [{kind: hmac, secret: key, header: X-Sign, encoding: hex, over: \"{timestamp}:{body}\", "
      "timestamp_header: X-Time}]\n  topic: [{fixed: t}]\n  format: auto\n"));
  return manifest;
}

HttpRequest delivery(const std::string& body, const std::string& signed_body, Millis sent_ms = kNow,
                     const std::string& secret = kSecret) {
  const auto stamp = std::to_string(sent_ms / kSecond);
  return {"POST",
          "/hooks/x",
          {{"X-Time", stamp}, {"X-Sign", hex_encode(hmac_sha256(secret, stamp + ":" + signed_body))}},
          body};
}

DeliveryWords words_of(const HttpRequest& request, const std::vector<std::string>& versions = {kSecret}) {
  SlotSecrets secrets;
  for (const auto& text : versions) secrets["key"].emplace_back(text);
  const auto seen = inspect(signed_by_time(), Value(Map{}), secrets, request, "", kNow);
  BOOST_REQUIRE((seen.verdict == Inspection::Verdict::refuse));
  auto words = explain(seen, signed_by_time(), Value(Map{}), secrets, request, "", kNow);
  for (const auto& text : {words.why.ko, words.why.en, words.mend.ko, words.mend.en}) {
    BOOST_TEST(!text.empty(), words.code);
    BOOST_TEST(text.find(kSecret) == std::string::npos);
  }
  return words;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(delivery_words)

BOOST_AUTO_TEST_CASE(a_missing_header_is_named) {
  auto request = delivery(kBody, kBody);
  request.headers = {{"X-Time", "1531420618"}};
  const auto words = words_of(request);
  BOOST_TEST(words.code == "header_missing");
  BOOST_TEST(words.why.en.find("X-Sign") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_off_says_by_how_much) {
  const auto words = words_of(delivery(kBody, kBody, kNow - 901 * kSecond));
  BOOST_TEST(words.code == "clock_skew");
  BOOST_TEST(words.why.ko.find("901") != std::string::npos);
  auto unread = delivery(kBody, kBody);
  unread.headers.set("X-Time", "2018-07-12");
  BOOST_TEST(words_of(unread).code == "bad_timestamp");
}

BOOST_AUTO_TEST_CASE(a_body_that_was_written_anew_is_told_from_a_wrong_secret) {
  const std::string compact = R"({"id":7,"name":"민지"})";
  BOOST_TEST(words_of(delivery(kBody, compact)).code == "body_reencoded");
  BOOST_TEST(words_of(delivery(compact + "\n", compact)).code == "body_reencoded");
  BOOST_TEST(words_of(delivery(kBody, kBody, kNow, "another_secret")).code == "wrong_secret");
  BOOST_TEST(words_of(delivery(kBody, compact, kNow, "another_secret")).code == "wrong_secret");
}

BOOST_AUTO_TEST_CASE(other_causes_have_words_of_their_own) {
  BOOST_TEST(words_of(delivery(kBody, kBody), {}).code == "no_secret");
  BOOST_TEST(words_of(delivery("", "")).code == "empty_body");
  auto garbled = delivery(kBody, kBody);
  garbled.headers.set("X-Sign", "v0=zz");
  BOOST_TEST(words_of(garbled).code == "bad_signature");
  auto put = delivery(kBody, kBody);
  put.method = "PUT";
  BOOST_TEST(words_of(put).code == "not_a_post");
}

BOOST_AUTO_TEST_SUITE_END()
