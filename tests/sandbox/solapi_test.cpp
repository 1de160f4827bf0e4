// The stand-in of Solapi: signed calls, alimtalk from approved templates, failures inside of 200, look-ups.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

// One message as a hub sends it; more is added to its kakaoOptions.
std::string cart(const std::string& to, const std::string& key,
                 const std::string& variables = R"({"#{고객명}":"민지"})", const std::string& code = "CART_REMIND",
                 const std::string& more = R"("disableSms":true)") {
  return R"({"messages":[{"to":")" + to +
         R"(","from":"0212341234","type":"ATA","kakaoOptions":{"pfId":"KA01PF1","templateId":")" + code +
         R"(","variables":)" + variables + "," + more + R"(},"customFields":{"hubStep":")" + key +
         R"("}}],"allowDuplicates":false,"showMessageList":true})";
}

constexpr const char* kMany = "/messages/v4/send-many/detail";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(solapi, Visitor)

BOOST_AUTO_TEST_CASE(an_alimtalk_arrives_with_the_approved_text) {
  const Value answer = Visitor::solapi("POST", kMany, cart("01011110001", "k1"));
  BOOST_TEST(size_of(answer, "failedMessageList") == 0u);
  BOOST_TEST(at(answer, "groupInfo.groupId").starts_with("G4V20260302090000"));
  BOOST_TEST(at(answer, "groupInfo.count.registeredSuccess") == "1");
  BOOST_TEST(at(answer, "messageList.0.statusCode") == "2000");
  const Value reached = messages("?key=k1");
  BOOST_REQUIRE(size_of(reached) == 1u);
  BOOST_TEST(at(reached, "0.channel") == "kakao_alimtalk");
  BOOST_TEST(at(reached, "0.to") == "01011110001");
  BOOST_TEST(at(reached, "0.text").starts_with("민지님, 장바구니에 담아 두신 상품이"));
  BOOST_TEST(at(reached, "0.buttons.0.name") == "장바구니 보기");
  BOOST_TEST(at(reached, "0.result") == "4000");
  BOOST_TEST(at(calls(), "0.operation") == "send-many/detail");
  BOOST_TEST(at(calls(), "0.key") == "k1");
}

BOOST_AUTO_TEST_CASE(the_published_signature_is_taken) {
  // The inputs of solapi-go's own test, with its expected signature.
  Credentials credentials;
  credentials.solapi_api_key = "testKey";
  credentials.solapi_api_secret = "testSecret";
  const ManualClock then(parse_rfc3339("2025-09-14T12:34:56Z").value());
  World other(then, nullptr, credentials);
  const Reply reply =
      other.handle({"GET",
                    "/cash/v1/balance",
                    {{"Authorization",
                      "HMAC-SHA256 apiKey=testKey, date=2025-09-14T12:34:56Z, salt=Abc123XYZ789abcdEFGHijklMNOPqr, "
                      "signature=69607016f2059c0bcb97954551ec3a03323ada290e6c98ed1d15b0f34d51b1a1"}},
                    ""});
  BOOST_TEST(reply.response.status == 200);
}

BOOST_AUTO_TEST_CASE(bad_signatures_are_told_apart) {
  const auto error = [&](const std::string& header) {
    Headers headers;
    if (!header.empty()) headers.add("Authorization", header);
    const Reply reply = this->reply("GET", "/cash/v1/balance", headers);
    return std::to_string(reply.response.status) + " " + at(read(reply), "errorCode");
  };
  BOOST_TEST(error("") == "401 Unauthorized");
  BOOST_TEST(error("Bearer sandbox-key") == "401 Unauthorized");
  BOOST_TEST(error("HMAC-SHA256 apiKey=other, date=2026-03-02T00:00:00Z, salt=123456789012, signature=00") ==
             "403 InvalidAPIKey");
  BOOST_TEST(error(solapi_header(kMonday, "123456789012", "other-secret")) == "403 SignatureDoesNotMatch");
  BOOST_TEST(error(solapi_header(kMonday, "short")) == "403 SignatureDoesNotMatch");
  BOOST_TEST(error(solapi_header(kMonday - 15 * kMinute, "salt-old-enough")) == "200 ");
  BOOST_TEST(error(solapi_header(kMonday - 15 * kMinute - kSecond, "salt-too-old-1")) == "403 RequestTimeTooSkewed");
  BOOST_TEST(error(solapi_header(kMonday + 15 * kMinute + kSecond, "salt-too-new-1")) == "403 RequestTimeTooSkewed");
  BOOST_TEST(error(solapi_header(kMonday, "salt-used-once")) == "200 ");
  BOOST_TEST(error(solapi_header(kMonday, "salt-used-once")) == "403 DuplicatedSignature");
}

BOOST_AUTO_TEST_CASE(intake_refusals_come_inside_of_200) {
  const auto code = [&](const std::string& body) {
    const Value answer = Visitor::solapi("POST", kMany, body);
    return at(answer, "failedMessageList.0.statusCode");
  };
  BOOST_TEST(code(cart("01011110001", "k", R"({"#{고객명}":"민지"})", "NO_SUCH")) == "1042");
  BOOST_TEST(code(cart("01011110001", "k", R"({"#{이름}":"민지"})", "OLD_NOTICE")) == "1042");
  BOOST_TEST(code(cart("01011110001", "k", R"({"#{이름}":"민지"})")) == "1043");
  BOOST_TEST(code(cart("01011110001", "k", "{}")) == "1043");
  BOOST_TEST(size_of(messages()) == 0u);
  BOOST_TEST(at(calls("?effect=refused"), "3.operation") == "send-many/detail");
}

BOOST_AUTO_TEST_CASE(malformed_requests_are_refused_whole) {
  const auto status = [&](const std::string& body) { return solapi_reply("POST", kMany, body).response.status; };
  BOOST_TEST(status("{}") == 400);
  BOOST_TEST(status("not json") == 400);
  BOOST_TEST(status(cart("010-1111-0001", "k")) == 400);
  BOOST_TEST(status(cart("01011110001", "k", R"({"고객명":"민지"})")) == 400);
  BOOST_TEST(status(cart("01011110001", "k", R"({"#{고객명}":7})")) == 400);
  BOOST_TEST(size_of(messages()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_full_text_must_be_the_templates) {
  const auto send = [&](const std::string& text) {
    return at(Visitor::solapi("POST", kMany,
                              write_json(Map{{"messages", List{Map{{"to", "01011110001"},
                                                                   {"type", "ATA"},
                                                                   {"text", text},
                                                                   {"kakaoOptions", Map{{"pfId", "KA01PF1"},
                                                                                        {"templateId", "ORDER_OK"},
                                                                                        {"disableSms", true}}}}}}})),
              "failedMessageList.0.statusCode");
  };
  const std::string good =
      "민지님, 주문이 완료되었습니다.\n\n■ 주문번호: 1042\n\n상품이 출발하면 다시 알려 드리겠습니다. 감사합니다.";
  BOOST_TEST(send(good) == "");
  BOOST_TEST(send(good + " ") == "1043");
  BOOST_TEST(send("민지님, 주문이 완료되었습니다.") == "1043");
  BOOST_TEST(size_of(messages()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_repeated_receiver_in_one_request_is_refused) {
  const std::string item =
      R"({"to":"01011110001","type":"ATA","kakaoOptions":{"pfId":"P","templateId":"CART_REMIND","variables":{"#{고객명}":"소라"}}})";
  const Value answer = Visitor::solapi("POST", kMany, R"({"messages":[)" + item + "," + item + "]}");
  BOOST_TEST(at(answer, "failedMessageList.0.statusCode") == "1026");
  BOOST_TEST(at(answer, "groupInfo.count.registeredFailed") == "1");
  BOOST_TEST(size_of(messages()) == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_keeps_a_repeated_send_from_arriving_twice) {
  Visitor::solapi("POST", kMany, cart("01011110001", "k1"));
  Visitor::solapi("POST", kMany, cart("01011110001", "k1"));
  const Value all = get("/_sandbox/messages");
  BOOST_TEST(size_of(all, "messages") == 2u);
  BOOST_TEST(at(all, "repeated_keys.0") == "k1");
}

BOOST_AUTO_TEST_CASE(a_message_is_found_by_receiver_and_time) {
  Visitor::solapi("POST", kMany, cart("01011110001", "k1"));
  clock.advance(kHour);
  Visitor::solapi("POST", kMany, cart("01011110001", "k2"));
  Visitor::solapi("POST", kMany, cart("01011110002", "k3"));
  const auto list = [&](const std::string& query) { return Visitor::solapi("GET", "/messages/v4/list?" + query); };
  const Value both = list("to=01011110001&limit=100");
  BOOST_REQUIRE(size_of(both, "messageList") == 2u);
  BOOST_TEST(at(both.get("messageList")->if_map()->begin()->second, "customFields.hubStep") == "k2");  // newest first
  BOOST_TEST(both.get("nextKey")->is_null());
  const std::string later = percent_encode("2026-03-02T09:30:00+09:00");
  BOOST_TEST(size_of(list("to=01011110001&startDate=" + later), "messageList") == 1u);
  BOOST_TEST(size_of(list("endDate=" + later), "messageList") == 1u);
  const Value page = list("limit=2");
  BOOST_TEST(size_of(page, "messageList") == 2u);
  BOOST_TEST(size_of(list("limit=2&startKey=" + at(page, "nextKey")), "messageList") == 1u);
  const Value first = both.get("messageList")->if_map()->begin()->second;
  BOOST_TEST(size_of(list("messageId=" + at(first, "messageId")), "messageList") == 1u);
  const Value group = Visitor::solapi("GET", "/messages/v4/groups/" + at(first, "groupId"));
  BOOST_TEST(at(group, "count.sentSuccess") == "1");
  BOOST_TEST(size_of(Visitor::solapi("GET", "/messages/v4/groups/" + at(first, "groupId") + "/messages"),
                     "messageList") == 1u);
  BOOST_TEST(solapi_reply("GET", "/messages/v4/list?startDate=yesterday").response.status == 400);
  BOOST_TEST(solapi_reply("GET", "/messages/v4/groups/none").response.status == 404);
}

BOOST_AUTO_TEST_CASE(numbers_can_ask_for_a_delivery_code_and_texts_fall_back) {
  Visitor::solapi("POST", kMany, cart("01000003104", "k1"));
  BOOST_TEST(size_of(messages()) == 0u);
  BOOST_TEST(at(calls(), "0.effect") == "applied");
  BOOST_TEST(at(calls(), "0.message.result") == "3104");
  Visitor::solapi("POST", kMany,
                  cart("01000003104", "k2", R"({"#{고객명}":"하나"})", "CART_REMIND", R"("disableSms":false)"));
  const Value reached = messages("?key=k2");
  BOOST_REQUIRE(size_of(reached) == 1u);
  BOOST_TEST(at(reached, "0.channel") == "lms");
  BOOST_TEST(at(reached, "0.from") == "0212341234");
  const Value list = Visitor::solapi("GET", "/messages/v4/list?to=01000003104");
  BOOST_TEST(at(list.get("messageList")->if_map()->begin()->second, "statusCode") == "3104");
}

BOOST_AUTO_TEST_CASE(a_single_send_takes_the_single_form) {
  const std::string message = R"({"to":"01011110001","from":"0212341234","text":"짧은 문자"})";
  const Value answer = Visitor::solapi("POST", "/messages/v4/send", R"({"message":)" + message + "}");
  BOOST_TEST(at(answer, "statusCode") == "2000");
  BOOST_TEST(at(answer, "type") == "SMS");
  BOOST_TEST(at(messages(), "0.channel") == "sms");
  const Reply refused =
      solapi_reply("POST", "/messages/v4/send", R"({"message":{"to":"01011110001","text":"보내는 번호 없음"}})");
  BOOST_TEST(refused.response.status == 400);
  BOOST_TEST(at(read(refused), "errorCode") == "1062");
}

BOOST_AUTO_TEST_CASE(brand_messages_rest_at_night_in_korea) {
  const std::string body =
      R"({"messages":[{"to":"01011110001","type":"BMS_TEXT","text":"봄 할인","kakaoOptions":{"pfId":"KA01PF1","bms":{"targeting":"I"}}}]})";
  Visitor::solapi("POST", kMany, body);
  BOOST_TEST(at(messages(), "0.channel") == "kakao_brand_message");
  clock.set(parse_rfc3339("2026-03-02T20:49:59+09:00").value());
  Visitor::solapi("POST", kMany, body);
  BOOST_TEST(size_of(messages()) == 2u);
  clock.set(parse_rfc3339("2026-03-02T20:50:00+09:00").value());
  Visitor::solapi("POST", kMany, body);
  clock.set(parse_rfc3339("2026-03-03T07:59:59+09:00").value());
  Visitor::solapi("POST", kMany, body);
  BOOST_TEST(size_of(messages()) == 2u);
  BOOST_TEST(at(calls(), "3.message.result") == "3108");
}

BOOST_AUTO_TEST_CASE(a_scheduled_message_waits_and_may_be_taken_back) {
  const auto scheduled = [&](const std::string& key) {
    const Value answer =
        Visitor::solapi("POST", "/messages/v4/send-many/detail",
                        R"({"messages":[{"to":"01011110002","from":"0212345678","text":")" + key +
                            R"(","type":"SMS","customFields":{"hubStep":")" + key +
                            R"("}}],"scheduledDate":"2026-03-02T10:00:00+09:00","showMessageList":true})");
    return at(answer, "groupInfo.groupId");
  };
  scheduled("k1");
  const std::string second = scheduled("k2");
  BOOST_TEST(size_of(messages()) == 0u);
  BOOST_TEST(solapi_reply("DELETE", "/messages/v4/groups/" + second + "/schedule").response.status == 200);
  BOOST_TEST(solapi_reply("DELETE", "/messages/v4/groups/" + second + "/schedule").response.status == 400);
  clock.advance(kHour);
  world.due();
  const Value reached = messages();
  BOOST_REQUIRE(size_of(reached) == 1u);
  BOOST_TEST(at(reached, "0.key") == "k1");
}

// What the connector reads of it: by the date of the update.
BOOST_AUTO_TEST_CASE(results_are_listed_by_their_update) {
  Visitor::solapi("POST", "/messages/v4/send-many/detail",
                  R"({"messages":[{"to":"01011110002","from":"0212345678","text":"a","type":"SMS"}],)"
                  R"("scheduledDate":"2026-03-02T10:00:00+09:00"})");
  clock.advance(2 * kHour);
  world.due();
  const std::string span = "&startDate=2026-03-02T09:30:00%2B09:00&endDate=2026-03-02T11:00:00%2B09:00";
  BOOST_TEST(size_of(Visitor::solapi("GET", "/messages/v4/list?dateType=CREATED" + span), "messageList") == 0u);
  BOOST_TEST(size_of(Visitor::solapi("GET", "/messages/v4/list?dateType=UPDATED" + span), "messageList") == 1u);
}

BOOST_AUTO_TEST_CASE(a_report_is_told_to_the_hook_of_the_console) {
  BOOST_REQUIRE(control("/_sandbox/hooks", R"({"vendor":"solapi","url":"http://h/x","secret":"s"})").response.status ==
                201);
  Visitor::solapi("POST", "/messages/v4/send-many/detail",
                  R"({"messages":[{"to":"01000003104","from":"0212345678","text":"a","type":"SMS",)"
                  R"("customFields":{"hubStep":"k1"}}]})");
  const auto due = world.due();
  BOOST_REQUIRE(due.size() == 1u);
  const Value body = *parse_json(due.front().request.body);
  BOOST_TEST(at(body, "0.data.statusCode") == "3104");
  BOOST_TEST(at(body, "0.data.customFields.hubStep") == "k1");
}

BOOST_AUTO_TEST_SUITE_END()
