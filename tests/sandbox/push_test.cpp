// Firebase Cloud Messaging as the sandbox plays it: what reaches a device, and each refusal in the vendor's words.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct AtFirebase : Visitor {
  std::string token(List scopes) {
    const Reply made =
        control("/_sandbox/tokens", write_json(Map{{"vendor", "google"}, {"scopes", Value(std::move(scopes))}}));
    BOOST_REQUIRE_MESSAGE(made.response.status == 201, made.response.body);
    return at(read(made), "token");
  }
  Reply bearing(const std::string& bearer, const std::string& body, std::string method = "POST") {
    return reply(std::move(method), "/v1/projects/hub-shop/messages:send",
                 {{"Authorization", "Bearer " + bearer}, {"Content-Type", "application/json"}}, body);
  }
  Reply send(const std::string& body) {
    return bearing(token({"https://www.googleapis.com/auth/firebase.messaging"}), body);
  }
  // "404 UNREGISTERED"
  std::string refusal(const std::string& body) {
    const Reply done = send(body);
    return std::to_string(done.response.status) + " " + at(read(done), "error.details.0.errorCode");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(push, AtFirebase)

BOOST_AUTO_TEST_CASE(a_message_reaches_the_device_of_its_token) {
  const Reply done = send(
      R"({"message":{"token":"tok-7001","notification":{"title":"허브상점","body":"출고되었습니다"},"data":{"order":"1042"}}})");
  BOOST_TEST(done.response.status == 200);
  BOOST_TEST(at(read(done), "name") == "projects/hub-shop/messages/0:1");
  BOOST_TEST(size_of(messages()) == 1u);
  BOOST_TEST(at(messages(), "0.channel") == "push");
  BOOST_TEST(at(messages(), "0.to") == "tok-7001");
  BOOST_TEST(at(messages(), "0.title") == "허브상점");
  BOOST_TEST(at(messages(), "0.text") == "출고되었습니다");
}

BOOST_AUTO_TEST_CASE(what_is_validated_only_reaches_nobody) {
  BOOST_TEST(send(R"({"validate_only":true,"message":{"token":"tok-7001"}})").response.status == 200);
  BOOST_TEST(send(R"({"validate_only":true,"message":{"topic":"ieum-test"}})").response.status == 200);
  BOOST_TEST(size_of(messages()) == 0u);
}

BOOST_AUTO_TEST_CASE(each_refusal_is_told_by_its_code) {
  BOOST_TEST(refusal(R"({"message":{"token":"missing-7001"}})") == "404 UNREGISTERED");
  BOOST_TEST(refusal(R"({"message":{"token":"foreign-7001"}})") == "403 SENDER_ID_MISMATCH");
  BOOST_TEST(refusal(R"({"message":{"notification":{"body":"for nobody"}}})") == "400 INVALID_ARGUMENT");
  BOOST_TEST(refusal(R"({"message":{"token":"tok-7001","data":{"order":1042}}})") == "400 INVALID_ARGUMENT");
  BOOST_TEST(refusal(R"({"message":{"token":"tok-7001","data":{"a":")" + std::string(4096, 'a') + R"("}}})") ==
             "400 INVALID_ARGUMENT");
  BOOST_TEST(size_of(messages()) == 0u);
}

BOOST_AUTO_TEST_CASE(only_a_token_of_its_scope_may_send) {
  const std::string body = R"({"message":{"token":"tok-7001"}})";
  BOOST_TEST(bearing(token({"https://www.googleapis.com/auth/spreadsheets"}), body).response.status == 403);
  BOOST_TEST(bearing(token({"https://www.googleapis.com/auth/drive"}), body).response.status == 403);
  BOOST_TEST(bearing("ya29.nobody", body).response.status == 401);
  BOOST_TEST(bearing(token({"https://www.googleapis.com/auth/cloud-platform"}), body).response.status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
