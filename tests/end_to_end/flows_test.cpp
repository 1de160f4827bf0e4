// Real flows over the wire, on virtual clocks: a form to three apps, a row of a sheet to a mail, an order to an approval
// and a message; each with vendors failing in the middle and with a kill, and each effect at its vendor once.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "end_to_end/flow_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

Value order(std::int64_t id) {
  return Map{{"id", id},
             {"name", "#" + std::to_string(id)},
             {"total_price", "350000"},
             {"currency", "KRW"},
             {"email", "buyer" + std::to_string(id) + "@example.com"},
             {"phone", "+82101234" + std::to_string(id)}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flows)

// Mailchimp is down at first, Google's and Slack's answers are lost; the hub is killed after the first call. Each of the
// three has the response once.
BOOST_AUTO_TEST_CASE(a_form_becomes_a_member_a_row_and_a_message_once) {
  FlowFloor floor;
  floor.connect("typeform", {}, {{"api_token", "tfp_sandbox"}, {"webhook_secret", "typeform-secret"}});
  floor.connect("mailchimp", {"list_id=a6b5da1054"}, {{"api_key", "sandbox-key-us21"}});
  floor.connect_sheets("", "응답", {"접수", "메일", "응답", "구독", "_ieum"});
  floor.connect_slack();
  floor.apply("form-to-list.yaml");
  floor.fault({{"vendor", "mailchimp"}, {"kind", "status"}, {"status", 503}, {"times", 2}});
  floor.fault({{"vendor", "google"}, {"kind", "drop_after"}, {"match", Map{{"path", ":append"}}}});
  floor.fault({{"vendor", "slack"}, {"kind", "drop_after"}, {"match", Map{{"operation", "chat.postMessage"}}}});
  const auto submit = [&] {
    floor.sandbox("POST", "/_sandbox/send",
                  Map{{"vendor", "typeform"},
                      {"topic", "form_response"},
                      {"id", "response-1"},
                      {"to", floor.public_url() + "/hooks/typeform"},
                      {"secret", "typeform-secret"}});
  };
  submit();
  floor.pass_until(
      "the first call", [&] { return floor.totals().number("runs") == 1; }, kSecond);
  floor.restart();
  floor.pass_until("the run", [&] { return floor.finished(1); });
  BOOST_TEST(floor.messages("slack").size() == 1u);
  const List rows = floor.rows("응답");
  BOOST_REQUIRE_MESSAGE(rows.size() == 1u, write_json(rows));
  BOOST_TEST(write_json(rows).find("pending") != std::string::npos, write_json(rows));
  // Told again, as Typeform does when it heard no answer: known.
  submit();
  floor.pass_until("the second delivery", [&] {
    const auto told = floor.sandbox("GET", "/_sandbox/deliveries?vendor=typeform");
    return told.get("deliveries")->if_list()->back().text("state") == "delivered";
  });
  floor.pass_until("quiet", [&] { return floor.totals().number("events_accepted") == 0; });
  BOOST_TEST(floor.totals().number("runs") == 1);
  BOOST_TEST(floor.totals().number("runs_finished") == 1);
}

// The first look at the sheet tells nothing of what was there; Brevo refuses once; the hub is killed between two rows.
BOOST_AUTO_TEST_CASE(a_new_row_becomes_a_mail_once) {
  FlowFloor floor;
  floor.connect_sheets(std::string(kSheet) + "/구매자", "구매자", {"이름", "메일", "상품"});
  floor.edit_sheet("구매자", {"예전", "before@example.com", "전자책"});
  floor.connect("brevo", {}, {{"api_key", "xkeysib-sandbox"}});
  floor.apply("sheet-row-mail.yaml");
  {
    int looks = 0;
    floor.pass_until("a look", [&] { return looks++ == 20; });
  }
  BOOST_TEST(floor.messages("email").empty());
  floor.fault({{"vendor", "brevo"}, {"kind", "status"}, {"status", 503}});
  floor.edit_sheet("구매자", {"민지", "mina@example.com", "전자책"});
  floor.pass_until("the first mail", [&] { return floor.finished(1); });
  floor.restart();
  floor.edit_sheet("구매자", {"지우", "jiwoo@example.com", "강의"});
  floor.pass_until("the second mail", [&] { return floor.finished(2); });
  const auto mails = floor.messages("email");
  BOOST_REQUIRE(mails.size() == 2u);
  BOOST_TEST(mails[0].text("to") == "mina@example.com");
  BOOST_TEST(mails[1].text("to") == "jiwoo@example.com");
}

// A signed order; the append's answer is lost; somebody approves by a button, after the hub was killed; Kakao's answer is
// lost as well. A second order is rejected. The webhook of a third is lost: it is found by asking, and comes late after all.
BOOST_AUTO_TEST_CASE(an_order_is_approved_and_the_customer_told_once) {
  FlowFloor floor;
  floor.connect_shopify();
  floor.connect("kakao", {"dealer=solapi", "api_key=sandbox-key", "pf_id=KA01PF0001", "from=0212345678"},
                {{"api_secret", "sandbox-secret"}});
  floor.connect_sheets("", "주문", {"주문", "금액", "메일", "_ieum"});
  floor.connect_slack();
  floor.apply("order-approval.yaml");
  floor.fault({{"vendor", "google"}, {"kind", "drop_after"}, {"match", Map{{"path", ":append"}}}});
  floor.tell("shopify", "orders/create", "sandbox-webhook-secret", order(5001));
  floor.pass_until("the question", [&] { return floor.messages("slack").size() == 1u; });
  floor.restart();
  floor.fault({{"vendor", "solapi"}, {"kind", "drop_after"}});
  floor.click("ieum_approve");
  floor.pass_until("the message", [&] { return floor.finished(1); });
  BOOST_TEST(floor.messages("kakao_alimtalk").size() == 1u);
  BOOST_TEST(floor.rows("주문").size() == 1u);

  floor.tell("shopify", "orders/create", "sandbox-webhook-secret", order(5002));
  floor.pass_until("the second question", [&] { return floor.messages("slack").size() == 2u; });
  floor.click("ieum_reject");
  floor.pass_until("the end", [&] { return floor.finished(2); });
  BOOST_TEST(floor.messages("kakao_alimtalk").size() == 1u);
  BOOST_TEST(floor.messages("slack").size() == 3u);

  floor.sandbox("POST", "/_sandbox/send",
                Map{{"vendor", "shopify"}, {"topic", "lost:orders/create"}, {"body", order(5003)}});
  floor.pass_until("the third question", [&] { return floor.messages("slack").size() == 4u; });
  floor.tell("shopify", "orders/create", "sandbox-webhook-secret", order(5003));
  floor.click("ieum_approve");
  floor.pass_until("the end", [&] { return floor.finished(3); });
  BOOST_TEST(floor.messages("slack").size() == 4u);
  BOOST_TEST(floor.messages("kakao_alimtalk").size() == 2u);
  BOOST_TEST(floor.totals().number("runs") == 3);
}

// NHN took the message and its answer was lost. It would refuse the key, not replay its answer: the hub looks the step's
// mark up in NHN's list, and does not send again.
BOOST_AUTO_TEST_CASE(an_alimtalk_whose_answer_is_lost_is_found_at_nhn) {
  FlowFloor floor;
  floor.connect_shopify();
  floor.connect("kakao", {"dealer=nhn", "appkey=sandbox-app", "sender_key=0123456789012345678901234567890123456789"},
                {{"secret_key", "sandbox-secret-key"}});
  floor.apply_text(R"(recipe: notice
title: 주문 알림톡
about: {email: event.email, phone: event.phone}
trigger: {event: order_created}
entry: {mode: once, key: 'event.order_id'}
steps:
  - id: notify
    use: kakao.alimtalk.send
    connection: kakao
    class: info
    with: {to: "{{ customer.phone }}", template: ORDER_OK, variables: {고객명: 고객, 주문번호: "{{ trigger.order_name }}"}}
)");
  floor.fault({{"vendor", "nhn"}, {"kind", "drop_after"}, {"match", Map{{"method", "POST"}}}});
  floor.tell("shopify", "orders/create", "sandbox-webhook-secret", order(5001));
  floor.pass_until(
      "the run", [&] { return floor.finished(1); }, kSecond);
  BOOST_TEST(floor.messages("kakao_alimtalk").size() == 1u);
  const std::vector<std::string> expected{"senders/0123456789012345678901234567890123456789/templates read",
                                          "messages applied!", "messages read"};
  BOOST_TEST(floor.asked("nhn") == expected, boost::test_tools::per_element());
  const auto shown = floor.ieum({"run", "show", "1"});
  BOOST_TEST(shown.find("done  notify") != std::string::npos, shown);
  BOOST_TEST(shown.find("look-up: GET") != std::string::npos, shown);
}

// Shopify made the code and its answer was lost: the same code is refused as taken, looked up, and known by its start and
// title as this step's. So with a code that the hub makes, and with one that the recipe gives.
BOOST_AUTO_TEST_CASE(a_discount_code_whose_answer_is_lost_is_made_once) {
  FlowFloor floor;
  floor.connect_shopify();
  floor.apply_text(R"(recipe: thanks
title: 감사 쿠폰
about: {email: event.email}
trigger: {event: order_created}
entry: {mode: once, key: 'event.order_id'}
steps:
  - id: made
    use: shopify.discount_code.create
    connection: shopify
    with: {prefix: BACK-, percentage: 10, valid_days: 7}
  - id: given
    use: shopify.discount_code.create
    connection: shopify
    with: {code: "THANKS-{{ trigger.order_id }}", amount: "5000"}
)");
  for (const int call : {1, 3})  // the second is the first one's repeat
    floor.fault({{"vendor", "shopify"},
                 {"kind", "drop_after"},
                 {"match", Map{{"operation", "discountCodeBasicCreate"}, {"nth", call}}}});
  floor.tell("shopify", "orders/create", "sandbox-webhook-secret", order(5001));
  floor.pass_until(
      "the run", [&] { return floor.finished(1); }, kSecond);
  const std::vector<std::string> once{"discountCodeBasicCreate applied!", "discountCodeBasicCreate repeated",
                                      "codeDiscountNodeByCode read"};
  std::vector<std::string> expected = once;
  expected.insert(expected.end(), once.begin(), once.end());
  BOOST_TEST(floor.asked("shopify") == expected, boost::test_tools::per_element());
  const auto shown = floor.ieum({"run", "show", "1"});
  BOOST_TEST(shown.find("done  made") != std::string::npos, shown);
  BOOST_TEST(shown.find("done  given") != std::string::npos, shown);
}

// Shopify began the export and its answer was lost: it is found by the step's mark and not begun again. Its end is told by
// a webhook that the hub subscribed to, and the rows of its file go on.
BOOST_AUTO_TEST_CASE(a_bulk_export_whose_answer_is_lost_is_found_and_read) {
  FlowFloor floor;
  floor.hub().end();
  floor.options().extra.insert(floor.options().extra.end(), {"--public-url", floor.public_url()});
  floor.start_hub();
  floor.connect_shopify();
  floor.connect_slack();
  floor.apply_text(R"(recipe: export
title: 상품 내보내기
trigger: {event: shopify/orders/create}
about: {email: event.email}
entry: {mode: once, key: 'event.order_id'}
steps:
  - id: begin
    use: shopify.bulk_query.run
    connection: shopify
    with: {query: "{ products { edges { node { id title } } } }"}
  - id: ended
    wait_for:
      event: shopify/bulk_operations/finish
      match: {event.bulk_id: steps.begin.output.id}
    timeout: 1d
    then:
      - id: read
        use: shopify.bulk_query.get
        connection: shopify
        with: {id: "{{ steps.begin.output.id }}", rows: 2}
      - id: tell
        use: slack.message.post
        connection: slack
        with: {channel: "#ops", text: "{{ steps.read.output.rows.size() }} / {{ steps.read.output.rows[1].title }}"}
)");
  floor.fault({{"vendor", "shopify"}, {"kind", "drop_after"}, {"match", Map{{"operation", "bulkOperationRunQuery"}}}});
  floor.tell("shopify", "orders/create", "sandbox-webhook-secret", order(5001));
  floor.pass_until(
      "the run", [&] { return floor.finished(1); }, kSecond);
  const auto messages = floor.messages("slack");
  BOOST_REQUIRE(messages.size() == 1u);
  BOOST_TEST(messages.front().text("text") == "2 / 에코백");
  const auto asked = floor.asked("shopify");
  BOOST_TEST(std::count(asked.begin(), asked.end(), "bulkOperationRunQuery applied!") == 1);
  BOOST_TEST(std::count(asked.begin(), asked.end(), "bulkOperationRunQuery applied") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
