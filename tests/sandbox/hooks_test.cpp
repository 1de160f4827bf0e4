// What the vendors tell the hub: signed as each of them signs, repeated as each repeats, and given up as each gives up.
#include <vector>

#include "sandbox/hooks.hpp"
#include "sandbox/shop.hpp"
#include "sandbox/visitor.hpp"

using namespace ieum;
using namespace ieum::sandbox;

namespace {

struct Hooked : Visitor {
  static constexpr const char* kHub = "http://127.0.0.1:8080/hooks/x";

  void hook(const std::string& vendor, const std::string& more = {}) {
    const Reply made = control(
        "/_sandbox/hooks", R"({"vendor":")" + vendor + R"(","url":")" + kHub + R"(","secret":"s3cret")" + more + "}");
    BOOST_REQUIRE_MESSAGE(made.response.status == 201, made.response.body);
  }
  int send(const std::string& vendor, const std::string& topic, const std::string& more = {}) {
    return control("/_sandbox/send", R"({"vendor":")" + vendor + R"(","topic":")" + topic + "\"" + more + "}")
        .response.status;
  }
  // The one delivery that is due now.
  DueDelivery one() {
    auto due = world.due();
    BOOST_REQUIRE_MESSAGE(due.size() == 1u, due.size() << " deliveries are due");
    return due.front();
  }
  HttpRequest sent(const std::string& vendor, const std::string& topic, const std::string& more = {}) {
    BOOST_REQUIRE(send(vendor, topic, more) == 202);
    return one().request;
  }
  void answer(std::int64_t seq, int status, Headers headers = {}) {
    const HttpResponse response{status, std::move(headers), "{}"};
    world.answered(seq, status == 0 ? nullptr : &response, "connect_failed");
  }
  // The gaps between tries when each gets this status, in seconds; the clock goes on.
  std::vector<Millis> gaps(const std::string& vendor, const std::string& topic, int status) {
    BOOST_REQUIRE(send(vendor, topic) == 202);
    std::vector<Millis> out;
    for (;;) {
      const DueDelivery now = one();
      answer(now.seq, status);
      const auto next = world.next_due();
      if (!next) return out;
      out.push_back((*next - clock.now()) / kSecond);
      clock.set(*next);
    }
  }
  Value last() {
    const Value list = *get("/_sandbox/deliveries").get("deliveries");
    return list.if_list()->back();
  }
};

std::string header(const HttpRequest& request, std::string_view name) {
  return std::string(request.headers.get(name).value_or(""));
}

using Gaps = std::vector<Millis>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hooks, Hooked)

BOOST_AUTO_TEST_CASE(nobody_hears_what_has_no_hook) {
  BOOST_TEST(send("shopify", "orders/create") == 409);
  hook("shopify", R"(,"topics":["orders/paid"])");
  BOOST_TEST(send("shopify", "orders/create") == 409);
  BOOST_TEST(send("shopify", "orders/paid") == 202);
  BOOST_TEST(control("/_sandbox/hooks", R"({"vendor":"slack","url":"nowhere"})").response.status == 400);
  BOOST_TEST(at(get("/_sandbox/hooks"), "hooks.0.signed") == "true");
  BOOST_TEST(get("/_sandbox/hooks").at_path("hooks.0.secret") == nullptr);
}

BOOST_AUTO_TEST_CASE(shopify_signs_the_body_and_keeps_its_id) {
  hook("shopify");
  const HttpRequest first = sent("shopify", "orders/create");
  BOOST_TEST(header(first, "X-Shopify-Hmac-Sha256") == shopify_signature("s3cret", first.body));
  BOOST_TEST(header(first, "X-Shopify-Topic") == "orders/create");
  BOOST_TEST(first.target == kHub);
  BOOST_TEST(parse_json(first.body)->text("email") == "minji.kim@example.com");
  answer(1, 500);
  clock.advance(kMinute);
  const DueDelivery again = one();
  BOOST_TEST(again.deadline_for == 5 * kSecond);
  BOOST_TEST(again.request.body == first.body);
  BOOST_TEST(header(again.request, "X-Shopify-Webhook-Id") == header(first, "X-Shopify-Webhook-Id"));
}

// Bytes that are given are sent as they are: the public vector of Shopify's library.
BOOST_AUTO_TEST_CASE(bytes_are_sent_as_given) {
  const HttpRequest request =
      sent("shopify", "x", R"(,"to":"http://h/x","secret":"test_secret_key","body":"{\"foo\": \"bar\"}")");
  BOOST_TEST(header(request, "X-Shopify-Hmac-Sha256") == "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=");
}

BOOST_AUTO_TEST_CASE(shopify_tries_eight_times_more_within_four_hours) {
  hook("shopify", R"(,"id":"gid://shopify/WebhookSubscription/1")");
  const Gaps seen = gaps("shopify", "orders/create", 404);
  BOOST_TEST(seen.size() == 8u);
  Millis sum = 0;
  for (const Millis gap : seen) sum += gap;
  BOOST_TEST(sum == 4 * 3600);
  BOOST_TEST(at(last(), "state") == "given_up");
  BOOST_TEST(at(last(), "hook_lost") == "true");
  BOOST_TEST(size_of(last(), "attempts") == 9u);
  BOOST_TEST(send("shopify", "orders/create") == 409);  // the subscription is gone
}

BOOST_AUTO_TEST_CASE(typeform_ends_at_once_on_404_and_410) {
  for (const int status : {404, 410}) {
    hook("typeform");
    BOOST_TEST(gaps("typeform", "form_response", status).empty());
    BOOST_TEST(at(last(), "hook_lost") == "true");
    BOOST_TEST(send("typeform", "form_response") == 409);
  }
}

BOOST_AUTO_TEST_CASE(typeform_waits_out_503_for_ten_hours_and_tries_500_five_times) {
  hook("typeform");
  BOOST_TEST(gaps("typeform", "form_response", 500) == Gaps({300, 600, 1200, 3600, 7200}),
             boost::test_tools::per_element());
  const Gaps passing = gaps("typeform", "form_response", 503);
  BOOST_TEST(passing.size() == 240u);
  BOOST_TEST(passing.front() == 150);
  BOOST_TEST(at(last(), "hook_lost") == "false");
  const HttpRequest request = sent("typeform", "form_response");
  BOOST_TEST(header(request, "Typeform-Signature") == "sha256=" + base64_encode(hmac_sha256("s3cret", request.body)));
}

BOOST_AUTO_TEST_CASE(slack_tries_three_times_with_a_new_signature) {
  hook("slack");
  BOOST_TEST(gaps("slack", "app_mention", 500) == Gaps({0, 60, 300}), boost::test_tools::per_element());
  const HttpRequest first = sent("slack", "app_mention", R"(,"body":{"text":"안녕"})");
  answer(2, 0);
  clock.advance(10);
  const HttpRequest second = one().request;
  BOOST_TEST(second.body == first.body);
  BOOST_TEST(header(first, "X-Slack-Retry-Num").empty());
  BOOST_TEST(header(second, "X-Slack-Retry-Num") == "1");
  BOOST_TEST(header(second, "X-Slack-Retry-Reason") == "connection_failed");
  const std::string base = "v0:" + header(second, "X-Slack-Request-Timestamp") + ":" + second.body;
  BOOST_TEST(header(second, "X-Slack-Signature") == "v0=" + hex_encode(hmac_sha256("s3cret", base)));
  BOOST_TEST(at(*parse_json(second.body), "event.text") == "안녕");
  answer(2, 500, {{"x-slack-no-retry", "1"}});
  BOOST_TEST(!world.next_due());
}

BOOST_AUTO_TEST_CASE(clicks_and_commands_are_told_once) {
  hook("slack");
  BOOST_TEST(gaps("slack", "block_actions", 500).empty());
  BOOST_TEST(gaps("slack", "/order", 500).empty());
  const HttpRequest click = sent("slack", "block_actions",
                                 R"(,"body":{"actions":[{"action_id":"approve","value":"k=1&2","type":"button"}]})");
  const auto form = form_decode(click.body);
  BOOST_REQUIRE(form.has_value());
  BOOST_TEST(form->front().first == "payload");
  const Value payload = *parse_json(form->front().second);
  BOOST_TEST(at(payload, "actions.0.value") == "k=1&2");
  BOOST_TEST(at(payload, "type") == "block_actions");
  answer(3, 200);
  const auto command = form_decode(sent("slack", "/order", R"(,"body":{"text":"1042 & 1043"})").body);
  BOOST_REQUIRE(command.has_value());
  bool found = false;
  for (const auto& [name, value] : *command) found = found || (name == "text" && value == "1042 & 1043");
  BOOST_TEST(found);
}

BOOST_AUTO_TEST_CASE(mailchimp_tells_forms_for_75_minutes) {
  hook("mailchimp");
  Millis sum = 0;
  for (const Millis gap : gaps("mailchimp", "unsubscribe", 500)) sum += gap;
  BOOST_TEST(sum == 75 * 60);
  const HttpRequest request = sent("mailchimp", "subscribe", R"(,"body":{"email":"a+b@example.com"})");
  const auto form = form_decode(request.body);
  BOOST_REQUIRE(form.has_value());
  std::string email, name;
  for (const auto& [key, value] : *form) {
    if (key == "data[email]") email = value;
    if (key == "data[merges][FNAME]") name = value;
  }
  BOOST_TEST(email == "a+b@example.com");
  BOOST_TEST(name == "민지");
  const std::string time = std::to_string(clock.now() / kSecond);
  BOOST_TEST(header(request, "X-Mailchimp-Signature") ==
             "t=" + time + ",v1=" + hex_encode(hmac_sha256("s3cret", time + "." + request.body)));
}

BOOST_AUTO_TEST_CASE(drive_push_is_empty_and_lost_on_other_codes) {
  hook("google", R"(,"id":"channel-1")");
  BOOST_TEST(gaps("google", "update", 400).empty());
  BOOST_TEST(gaps("google", "update", 0).empty());
  BOOST_TEST(gaps("google", "update", 503).size() == 8u);
  const HttpRequest request = sent("google", "update");
  BOOST_TEST(request.body.empty());
  BOOST_TEST(header(request, "X-Goog-Channel-ID") == "channel-1");
  BOOST_TEST(header(request, "X-Goog-Channel-Token") == "s3cret");
  BOOST_TEST(header(request, "X-Goog-Changed") == "content");
}

BOOST_AUTO_TEST_CASE(solapi_shows_the_digest_of_its_secret_and_counts_its_tries) {
  const HttpRequest known = sent("solapi", "SINGLE-REPORT", R"(,"to":"http://h/x","secret":"test-secret")");
  BOOST_TEST(header(known, "X-Solapi-Secret") == "fe1bae27cb7c1fb823f496f286e78f1d2ae87734");
  answer(1, 200);
  hook("solapi");
  BOOST_TEST(gaps("solapi", "SINGLE-REPORT", 500).size() == 4u);
  BOOST_REQUIRE(send("solapi", "SINGLE-REPORT", R"(,"body":{"messageId":"M1","statusCode":"4000"})") == 202);
  const Value first = *parse_json(one().request.body);
  answer(3, 500);
  clock.advance(kMinute);
  const Value second = *parse_json(one().request.body);
  BOOST_TEST(at(first, "0.data.messageId") == "M1");
  BOOST_TEST(at(first, "0.retryCount") == "0");
  BOOST_TEST(at(second, "0.retryCount") == "1");
  BOOST_TEST(at(first, "0.eventDataId") == at(second, "0.eventDataId"));
}

BOOST_AUTO_TEST_CASE(nhn_shows_the_text_of_its_console_and_tries_once) {
  hook("nhn");
  BOOST_TEST(gaps("nhn", "MESSAGE_RESULT_UPDATE", 500).empty());
  const HttpRequest request =
      sent("nhn", "MESSAGE_RESULT_UPDATE", R"(,"body":[{"requestId":"r","resultCode":"3018"},{"requestId":"s"}])");
  BOOST_TEST(header(request, "X-Toast-Webhook-Signature") == "s3cret");
  const Value body = *parse_json(request.body);
  BOOST_TEST(size_of(body, "hooks") == 2u);
  BOOST_TEST(at(body, "hooks.0.resultCode") == "3018");
  BOOST_TEST(at(body, "hooks.0.hookId") != at(body, "hooks.1.hookId"));
}

// The public vector of the Apps Script sender.
BOOST_AUTO_TEST_CASE(the_apps_script_sender_signs_its_time) {
  clock.set(1'700'000'000'000);
  const Value body(std::string(
      R"({"id":"5f0c6f3e-0000-4000-8000-000000000001","sheet":"응답","row":2,"values":["홍길동","010-1234-5678"]})"));
  const HttpRequest request =
      sent("apps_script", "row", R"(,"to":"http://h/x","secret":"flow-secret","body":)" + write_json(body));
  BOOST_TEST(header(request, "X-Hub-Signature") ==
             "v1=6d59ebb3c339cfbc5869f6b80becd3a1677d500dd191ca22ad08a020c140feab");
}

BOOST_AUTO_TEST_CASE(what_is_delivered_is_not_told_again_and_the_rest_is_forgotten) {
  hook("slack");
  BOOST_TEST(gaps("slack", "app_mention", 200).empty());
  BOOST_TEST(at(last(), "state") == "delivered");
  BOOST_TEST(at(last(), "attempts.0.status") == "200");
  BOOST_TEST(reply("DELETE", "/_sandbox/state").response.status == 204);
  BOOST_TEST(size_of(get("/_sandbox/deliveries"), "deliveries") == 0u);
  BOOST_TEST(send("slack", "app_mention") == 409);
}

// Vendors know the hub by its https address; what stands there leads on to where it listens, or nowhere.
BOOST_AUTO_TEST_CASE(an_address_leads_where_it_was_said_to_lead) {
  const auto reach = [&](const std::string& body) { return control("/_sandbox/reach", body).response.status; };
  const auto target = [&] {
    return sent("shopify", "orders/create", R"(,"to":"https://hub.example.test/hooks/shop?a=b","secret":"s")").target;
  };
  BOOST_TEST(target() == "https://hub.example.test/hooks/shop?a=b");
  BOOST_TEST(reach(R"({"address":"https://hub.example.test","at":"http://127.0.0.1:8080"})") == 200);
  BOOST_TEST(target() == "http://127.0.0.1:8080/hooks/shop?a=b");
  BOOST_TEST(at(last(), "to") == "https://hub.example.test/hooks/shop?a=b");
  BOOST_TEST(reach(R"({"address":"https://HUB.example.test/","at":"http://127.0.0.1:8090/sink/status/410/"})") == 200);
  BOOST_TEST(target() == "http://127.0.0.1:8090/sink/status/410/hooks/shop?a=b");
  BOOST_TEST(size_of(get("/_sandbox/reach"), "reach") == 1u);
  BOOST_TEST(reach(R"({"address":"https://hub.example.test"})") == 200);
  BOOST_TEST(target() == "https://hub.example.test/hooks/shop?a=b");
  BOOST_TEST(reach(R"({"address":"https://hub.example.test/hooks","at":"http://127.0.0.1:8080"})") == 400);
  BOOST_TEST(reach(R"({"address":"hub.example.test","at":"http://127.0.0.1:8080"})") == 400);
  BOOST_TEST(reach(R"({"address":"https://hub.example.test","at":"nowhere"})") == 400);
}

BOOST_AUTO_TEST_CASE(a_webhook_has_an_https_address_or_one_on_this_machine) {
  for (const char* url :
       {"https://hub.example.com/h", "http://127.0.0.1:1/h", "http://localhost:1/h", "http://[::1]:1/h"})
    BOOST_TEST(is_hook_address(url), url);
  for (const char* url : {"http://hub.example.com/h", "http://127.0.0.1.example.com/h", "ftp://h/", "h", ""})
    BOOST_TEST(!is_hook_address(url), url);
}

BOOST_AUTO_TEST_SUITE_END()
