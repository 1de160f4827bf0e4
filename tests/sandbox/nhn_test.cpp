// The stand-in of NHN Cloud: header.isSuccessful, one result a recipient, a key that refuses, look-ups by grouping key.
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

std::string order(const std::string& to, const std::string& key,
                  const std::string& parameters = R"({"고객명":"준호","주문번호":"1042"})",
                  const std::string& code = "ORDER_OK") {
  return R"({"senderKey":"0123456789012345678901234567890123456789","templateCode":")" + code +
         R"(","senderGroupingKey":"ieum","recipientList":[{"recipientNo":")" + to + R"(","templateParameter":)" +
         parameters + R"(,"resendParameter":{"isResend":false},"recipientGroupingKey":")" + key + R"("}]})";
}

std::string around(const std::string& more) {
  return "/messages?startRequestDate=2026-03-01%2009:00&endRequestDate=2026-03-03%2009:00" + more;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(nhn, Visitor)

BOOST_AUTO_TEST_CASE(an_alimtalk_arrives_with_the_approved_text) {
  const Value answer = Visitor::nhn("POST", "/messages", order("01011110002", "k1"), "k1");
  BOOST_TEST(at(answer, "header.isSuccessful") == "true");
  BOOST_TEST(at(answer, "message.sendResults.0.resultCode") == "0");
  BOOST_TEST(at(answer, "message.sendResults.0.recipientGroupingKey") == "k1");
  const Value reached = messages("?vendor=nhn&key=k1");
  BOOST_REQUIRE(size_of(reached) == 1u);
  BOOST_TEST(at(reached, "0.text").starts_with("준호님, 주문이 완료되었습니다.\n\n■ 주문번호: 1042\n"));
  BOOST_TEST(at(reached, "0.buttons.0.url") == "https://shop.example.kr/orders/1042");
  BOOST_TEST(at(calls("?key=k1"), "0.operation") == "messages");
}

BOOST_AUTO_TEST_CASE(credentials_are_checked_exactly) {
  const auto code = [&](const std::string& app, const std::string& secret) {
    return at(read(reply("GET", "/alimtalk/v2.3/appkeys/" + app + "/senders/x/templates", {{"X-Secret-Key", secret}})),
              "header.resultCode");
  };
  BOOST_TEST(code("sandbox-app", "sandbox-secret-key") == "0");
  BOOST_TEST(code("other", "sandbox-secret-key") == "-1000");
  BOOST_TEST(code("sandbox-app", "") == "-1001");
  BOOST_TEST(code("sandbox-app", "sandbox-secret-ke") == "-1001");
  BOOST_TEST(at(Visitor::nhn("POST", "/fly", "{}"), "header.resultCode") == "-9998");
}

BOOST_AUTO_TEST_CASE(a_key_is_refused_for_ten_minutes) {
  Visitor::nhn("POST", "/messages", order("01011110002", "k1"), "k1");
  clock.advance(10 * kMinute - 1);
  const Value again = Visitor::nhn("POST", "/messages", order("01011110002", "k1"), "k1");
  BOOST_TEST(at(again, "header.resultCode") == "-1005");
  BOOST_TEST(at(calls(), "1.effect") == "repeated");
  BOOST_TEST(size_of(messages()) == 1u);
  clock.advance(1);
  Visitor::nhn("POST", "/messages", order("01011110002", "k1"), "k1");
  BOOST_TEST(size_of(messages()) == 2u);
}

BOOST_AUTO_TEST_CASE(each_recipient_has_a_result_and_all_failing_is_told) {
  const auto first = [&](const std::string& body) {
    const Value answer = Visitor::nhn("POST", "/messages", body);
    BOOST_TEST(at(answer, "header.resultCode") == "-1031");
    BOOST_TEST(at(answer, "header.isSuccessful") == "false");
    return at(answer, "message.sendResults.0.resultCode");
  };
  BOOST_TEST(first(order("01011110002", "k", "{}", "NO_SUCH")) == "-3003");
  BOOST_TEST(first(order("01011110002", "k", R"({"이름":"a"})", "OLD_NOTICE")) == "-3005");
  BOOST_TEST(first(order("01011110002", "k", R"({"고객명":"준호"})")) == "-3049");
  BOOST_TEST(first(order("010-1111-2", "k")) == "-5000");
  const Value some =
      Visitor::nhn("POST", "/messages",
                   R"({"senderKey":"s","templateCode":"CART_REMIND","recipientList":[{"recipientNo":"01011110002"},)"
                   R"({"recipientNo":"01011110003","templateParameter":{"고객명":"소라"}}]})");
  BOOST_TEST(at(some, "header.isSuccessful") == "true");
  BOOST_TEST(at(some, "message.sendResults.0.resultCode") == "-3049");
  BOOST_TEST(at(some, "message.sendResults.1.resultCode") == "0");
  BOOST_TEST(size_of(messages()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_send_leaves_its_key_unused) {
  Visitor::nhn("POST", "/messages", order("01011110002", "k1", "{}"), "k1");
  BOOST_TEST(at(Visitor::nhn("POST", "/messages", order("01011110002", "k1"), "k1"), "header.isSuccessful") == "true");
}

BOOST_AUTO_TEST_CASE(wrong_requests_are_refused_whole) {
  const auto code = [&](const std::string& body) {
    return at(Visitor::nhn("POST", "/messages", body), "header.resultCode");
  };
  BOOST_TEST(code("nothing") == "-9996");
  BOOST_TEST(code(R"({"recipientList":[{"recipientNo":"01011110002"}]})") == "-2001");
  BOOST_TEST(code(R"({"senderKey":"missing","recipientList":[{"recipientNo":"01011110002"}]})") == "-2017");
  BOOST_TEST(code(R"({"senderKey":"s","recipientList":[]})") == "-2002");
  BOOST_TEST(
      code(R"({"senderKey":"s","requestDate":"2026-03-02 08:50","recipientList":[{"recipientNo":"01011110002"}]})") ==
      "-2025");
  BOOST_TEST(
      code(R"({"senderKey":"s","requestDate":"2026-06-02 08:50","recipientList":[{"recipientNo":"01011110002"}]})") ==
      "-2026");
  BOOST_TEST(code(R"({"senderKey":"s","requestDate":"tomorrow","recipientList":[{"recipientNo":"01011110002"}]})") ==
             "-2027");
}

BOOST_AUTO_TEST_CASE(a_full_text_must_be_the_templates) {
  const auto code = [&](const std::string& text, const std::string& button) {
    const Value body(Map{
        {"senderKey", "s"},
        {"templateCode", "CART_REMIND"},
        {"recipientList",
         List{Map{
             {"recipientNo", "01011110002"},
             {"content", text},
             {"buttons", List{Map{{"ordering", 1}, {"type", "WL"}, {"name", button}, {"linkMo", "https://x"}}}}}}}});
    return at(Visitor::nhn("POST", "/raw-messages", write_json(body)), "message.sendResults.0.resultCode");
  };
  Visitor::nhn("POST", "/messages", order("01011110002", "k", R"({"고객명":"유나"})", "CART_REMIND"));
  const std::string text = at(messages(), "0.text");
  BOOST_TEST(code(text, "장바구니 보기") == "0");
  BOOST_TEST(code(text + "\n", "장바구니 보기") == "-3010");
  BOOST_TEST(code(text, "보러 가기") == "-3011");
}

BOOST_AUTO_TEST_CASE(a_message_is_found_by_its_grouping_key) {
  const Value sent = Visitor::nhn("POST", "/messages", order("01011110002", "k1"));
  Visitor::nhn("POST", "/messages", order("01011110003", "k2"));
  const Value list = Visitor::nhn("GET", around("&recipientGroupingKey=k1&pageNum=1&pageSize=100"));
  BOOST_TEST(at(list, "messageSearchResultResponse.totalCount") == "1");
  BOOST_TEST(at(list, "messageSearchResultResponse.messages.0.recipientNo") == "01011110002");
  BOOST_TEST(at(list, "messageSearchResultResponse.messages.0.messageStatus") == "COMPLETED");
  BOOST_TEST(at(list, "messageSearchResultResponse.messages.0.requestDate") == "2026-03-02 09:00:00");
  const std::string request = at(sent, "message.requestId");
  BOOST_TEST(at(Visitor::nhn("GET", "/messages?requestId=" + request), "messageSearchResultResponse.totalCount") ==
             "1");
  BOOST_TEST(at(Visitor::nhn("GET", "/messages/" + request + "/1"), "message.recipientGroupingKey") == "k1");
  BOOST_TEST(at(Visitor::nhn("GET", "/messages/" + request + "/2"), "header.resultCode") == "-1016");
  const Value page = Visitor::nhn("GET", around("&pageNum=2&pageSize=1"));
  BOOST_TEST(at(page, "messageSearchResultResponse.totalCount") == "2");
  BOOST_TEST(at(page, "messageSearchResultResponse.messages.0.recipientGroupingKey") == "k1");  // newest first
  const Value results =
      Visitor::nhn("GET", "/message-results?startUpdateDate=2026-03-02%2009:00&endUpdateDate=2026-03-02%2009:00");
  BOOST_TEST(at(results, "messageSearchResultResponse.totalCount") == "2");
  BOOST_TEST(at(calls("?key=k1&effect=read"), "0.operation") == "messages");
}

BOOST_AUTO_TEST_CASE(lists_want_dates_within_their_bounds) {
  const auto code = [&](const std::string& path) { return at(Visitor::nhn("GET", path), "header.resultCode"); };
  BOOST_TEST(code("/messages") == "4");
  BOOST_TEST(code("/messages?startRequestDate=2026-03-02T09:00&endRequestDate=2026-03-03%2009:00") == "4");
  BOOST_TEST(code("/messages?startRequestDate=2026-02-01%2009:00&endRequestDate=2026-03-03%2009:01") == "-4003");
  BOOST_TEST(code("/messages?startRequestDate=2026-02-01%2009:00&endRequestDate=2026-03-03%2009:00") == "0");
  BOOST_TEST(code("/messages?startRequestDate=2025-12-01%2009:00&endRequestDate=2025-12-02%2009:00") == "-4017");
}

BOOST_AUTO_TEST_CASE(an_undelivered_message_falls_back_to_a_text_where_that_was_asked_for) {
  std::string body = order("01000003018", "k1");
  Visitor::nhn("POST", "/messages", body);
  BOOST_TEST(size_of(messages()) == 0u);
  body.replace(body.find("\"isResend\":false"), 16, R"("isResend":true,"resendContent":"주문 1042 완료")");
  Visitor::nhn("POST", "/messages", body);
  BOOST_TEST(at(messages(), "0.channel") == "sms");
  BOOST_TEST(at(messages(), "0.text") == "주문 1042 완료");
  const Value list = Visitor::nhn("GET", around("&resultCode=MRC02"));
  BOOST_TEST(at(list, "messageSearchResultResponse.messages.0.resultCode") == "3018");
  BOOST_TEST(at(list, "messageSearchResultResponse.messages.0.resendStatus") == "RSC04");
}

BOOST_AUTO_TEST_CASE(approved_templates_are_listed) {
  const Value list = Visitor::nhn("GET", "/senders/s/templates?templateStatus=TSC03");
  BOOST_TEST(at(list, "templateListResponse.totalCount") == "2");
  BOOST_TEST(at(list, "templateListResponse.templates.0.templateCode") == "CART_REMIND");
}

BOOST_AUTO_TEST_CASE(brand_messages_have_their_own_paths_hours_and_success_code) {
  const auto send = [&] {
    return read(reply(
        "POST", "/brand-message/v1.0/appkeys/sandbox-app/freestyle-messages", {{"X-Secret-Key", "sandbox-secret-key"}},
        R"({"senderKey":"s","content":"봄 할인","recipientList":[{"recipientNo":"01011110002","targeting":"I"}]})"));
  };
  BOOST_TEST(at(send(), "header.resultCode") == "200");
  BOOST_TEST(at(messages(), "0.channel") == "kakao_brand_message");
  clock.set(parse_rfc3339("2026-03-02T23:00:00+09:00").value());
  send();
  BOOST_TEST(size_of(messages()) == 1u);
  BOOST_TEST(at(calls(), "1.message.result") == "3022");
}

BOOST_AUTO_TEST_CASE(a_scheduled_message_waits_and_may_be_taken_back) {
  const auto scheduled = [&](const std::string& key) {
    const Value body = *parse_json(order("01011110002", key));
    Map with = *body.if_map();
    with.set("requestDate", "2026-03-02 10:00");
    return at(Visitor::nhn("POST", "/messages", write_json(with)), "message.requestId");
  };
  scheduled("k1");
  const std::string second = scheduled("k2");
  BOOST_TEST(size_of(messages()) == 0u);
  BOOST_TEST(at(Visitor::nhn("DELETE", "/messages/" + second + "?recipientSeq=1"), "header.isSuccessful") == "true");
  BOOST_TEST(at(Visitor::nhn("GET", "/messages/" + second + "/1"), "message.messageStatus") == "CANCEL");
  BOOST_TEST(at(Visitor::nhn("DELETE", "/messages/" + second), "header.resultCode") == "-1016");
  clock.advance(kHour);
  world.due();
  BOOST_REQUIRE(size_of(messages()) == 1u);
  BOOST_TEST(at(messages(), "0.key") == "k1");
  const Value results =
      Visitor::nhn("GET", "/message-results?startUpdateDate=2026-03-02%2009:59&endUpdateDate=2026-03-02%2010:00");
  BOOST_TEST(at(results, "messageSearchResultResponse.messages.0.recipientGroupingKey") == "k1");
}

BOOST_AUTO_TEST_CASE(a_result_is_told_to_the_hook_of_the_console) {
  BOOST_REQUIRE(control("/_sandbox/hooks", R"({"vendor":"nhn","url":"http://h/x","secret":"s"})").response.status ==
                201);
  Visitor::nhn("POST", "/messages", order("01000003018", "k1"));
  const auto due = world.due();
  BOOST_REQUIRE(due.size() == 1u);
  const Value body = *parse_json(due.front().request.body);
  BOOST_TEST(at(body, "hooks.0.resultCode") == "3018");
  BOOST_TEST(at(body, "hooks.0.recipientGroupingKey") == "k1");
  BOOST_TEST(at(body, "event") == "MESSAGE_RESULT_UPDATE");
}

BOOST_AUTO_TEST_CASE(templates_come_in_pages_with_their_buttons) {
  control(
      "/_sandbox/templates",
      R"({"code":"APP","text":"#{이름}","buttons":[{"name":"앱","type":"AL","schemeIos":"shop://i","schemeAndroid":"shop://a"}]})");
  const Value page = Visitor::nhn("GET", "/senders/x/templates?pageNum=2&pageSize=3");
  BOOST_TEST(at(page, "templateListResponse.totalCount") == "4");
  BOOST_TEST(at(page, "templateListResponse.templates.0.templateCode") == "APP");
  BOOST_TEST(at(page, "templateListResponse.templates.0.buttons.0.schemeIos") == "shop://i");
}

BOOST_AUTO_TEST_CASE(a_text_goes_through_the_product_sms) {
  const auto text = [&](const std::string& path, const std::string& body) {
    return read(reply("POST", "/sms/v3.0/appKeys/sandbox-sms/sender/" + path,
                      {{"X-Secret-Key", "sandbox-secret-key"}, {"Content-Type", "application/json"}}, body));
  };
  const std::string sent =
      R"({"body":"안녕","sendNo":"0212345678","recipientList":[{"recipientNo":"01011110002","recipientGroupingKey":"k1"}]})";
  BOOST_TEST(at(text("sms", sent), "header.isSuccessful") == "true");
  BOOST_TEST(at(messages("?vendor=nhn_sms"), "0.text") == "안녕");
  const Value found = read(reply("GET", "/sms/v3.0/appKeys/sandbox-sms/sender/sms?recipientGroupingKey=k1",
                                 {{"X-Secret-Key", "sandbox-secret-key"}}));
  BOOST_TEST(at(found, "body.data.0.recipientGroupingKey") == "k1");
}

BOOST_AUTO_TEST_CASE(results_of_texts_come_by_their_update_and_name_no_number) {
  const std::string text =
      R"({"body":"안녕","sendNo":"0212345678","recipientList":[{"recipientNo":"01011110002","recipientGroupingKey":"k1"}]})";
  const std::string later =
      R"({"body":"안녕","sendNo":"0212345678","requestDate":"2026-03-02 11:00","recipientList":[{"recipientNo":"01011110002","recipientGroupingKey":"k2"}]})";
  for (const std::string& body : {text, later})
    reply("POST", "/sms/v3.0/appKeys/sandbox-sms/sender/sms",
          {{"X-Secret-Key", "sandbox-secret-key"}, {"Content-Type", "application/json"}}, body);
  const auto results = [&](const std::string& from, const std::string& until) {
    return read(reply("GET",
                      "/sms/v3.0/appKeys/sandbox-sms/message-results?startUpdateDate=" + from +
                          "&endUpdateDate=" + until + "&pageNum=1&pageSize=10",
                      {{"X-Secret-Key", "sandbox-secret-key"}}));
  };
  const Value told = results("2026-03-02%2008%3A00%3A00", "2026-03-02%2012%3A00%3A00");
  BOOST_TEST(at(told, "body.totalCount") == "1");  // what waits has no result
  BOOST_TEST(at(told, "body.data.0.recipientGroupingKey") == "k1");
  BOOST_TEST(at(told, "body.data.0.resultCode") == "1000");
  BOOST_TEST(at(told, "body.data.0.recipientNo").empty());
  BOOST_TEST(at(results("2026-03-01%2000%3A00%3A00", "2026-03-03%2000%3A00%3A00"), "header.isSuccessful") == "false");
}

BOOST_AUTO_TEST_CASE(a_message_with_a_code_has_addresses_of_its_own) {
  const Value sent = Visitor::nhn("POST", "/auth/messages", order("01011110002", "k1"));
  BOOST_TEST(at(sent, "header.isSuccessful") == "true");
  const Value found = Visitor::nhn(
      "GET",
      "/auth/messages?startRequestDate=2026-03-02%2000:00&endRequestDate=2026-03-02%2023:00&recipientGroupingKey=k1");
  BOOST_TEST(at(found, "messageSearchResultResponse.messages.0.recipientGroupingKey") == "k1");
}

BOOST_AUTO_TEST_CASE(a_scheduled_text_waits_and_is_taken_back_once) {
  const auto call = [&](const std::string& method, const std::string& path, const std::string& body) {
    return read(reply(method, "/sms/v3.0/appKeys/sandbox-sms/" + path,
                      {{"X-Secret-Key", "sandbox-secret-key"}, {"Content-Type", "application/json"}}, body));
  };
  const auto send = [&] {
    return at(
        call(
            "POST", "sender/sms",
            R"({"body":"안녕","sendNo":"0212345678","requestDate":"2026-03-02 10:00","recipientList":[{"recipientNo":"01011110002"}]})"),
        "body.data.requestId");
  };
  const std::string kept = send(), dropped = send();
  const std::string cancel =
      R"({"reservationList":[{"requestId":")" + dropped + R"(","recipientSeq":1}],"updateUser":"ieum"})";
  BOOST_TEST(at(call("PUT", "reservations/cancel", cancel), "body.data.canceledCount") == "1");
  BOOST_TEST(at(call("PUT", "reservations/cancel", cancel), "body.data.canceledCount") == "0");
  clock.advance(kHour);
  world.due();
  BOOST_TEST(size_of(get("/_sandbox/messages?vendor=nhn_sms"), "messages") == 1u);
  BOOST_TEST(at(call("GET", "sender/sms/" + kept, ""), "body.data.msgStatus") == "3");
  BOOST_TEST(at(call("GET", "sender/sms/" + dropped, ""), "body.data.msgStatus") == "5");
}

BOOST_AUTO_TEST_CASE(aligo_takes_forms_and_answers_200_for_all) {
  const auto form = [&](const std::string& path, const std::string& body) {
    return read(reply("POST", "/akv10/" + path, {{"Content-Type", "application/x-www-form-urlencoded"}}, body));
  };
  const std::string who = "apikey=sandbox-aligo-key&userid=sandbox";
  BOOST_TEST(at(form("heartinfo/", "apikey=x&userid=sandbox"), "code") == "-99");
  BOOST_TEST(at(form("heartinfo/", who), "code") == "0");
  control("/_sandbox/templates", R"({"code":"HI","text":"#{이름}님"})");
  const std::string send = who + "&senderkey=s&tpl_code=HI&receiver_1=01011110002&message_1=";
  BOOST_TEST(at(form("alimtalk/send/", send + percent_encode("민지씨")), "code") == "-105");
  const Value sent = form("alimtalk/send/", send + percent_encode("민지님"));
  BOOST_TEST(at(sent, "code") == "0");
  BOOST_TEST(at(messages("?vendor=aligo"), "0.text") == "민지님");
  BOOST_TEST(at(form("history/detail/", who + "&mid=" + at(sent, "info.mid")), "list.0.rslt") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
