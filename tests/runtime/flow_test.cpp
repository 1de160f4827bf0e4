// What a journey does from delivery to end, in virtual time, on a real SQLite file.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/exchange.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using store::StepState;

namespace {

constexpr const char* kPost = R"yaml(recipe: post-note
title: 쪽지 전달
trigger: {event: acme/note}
steps:
  - id: send
    use: acme.post
    connection: shop
    with: {text: "{{ trigger.text }}"}
)yaml";

constexpr const char* kRescue = R"yaml(recipe: rescue
title: 장바구니
about: {email: event.email, phone: event.phone}
trigger: {event: checkout_started, where: 'event.total >= dec("50000")'}
entry: {mode: after_exit}
exit_on: [{event: order_created}]
steps:
  - wait: 30m
  - id: tell
    use: acme.tell
    connection: shop
    class: info
    with: {to: "{{ customer.phone }}", text: "{{ customer.first_name | or('고객') }}님, 장바구니를 확인하세요"}
  - id: note
    use: acme.post
    connection: shop
    with: {text: "done"}
)yaml";

constexpr const char* kCheckout =
    R"({"email":"Minji@Example.com","phone":"010-1111-0001","total":"62000","token":"t1","name":"민지"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(flow)

BOOST_AUTO_TEST_CASE(a_delivery_is_answered_routed_acted_on_and_recorded) {
  TestHub hub;
  hub.apply(kPost);
  const auto answer = hub.deliver("note", R"({"text":"안녕"})", "d1");
  BOOST_TEST(answer.status == 200);
  const auto receipt = parse_json(answer.body)->text("receipt");
  BOOST_TEST(receipt.starts_with("rcp_"));
  const auto run = hub.only_run();
  BOOST_TEST((run.state == RunState::finished));
  const auto steps = hub.steps(run.id);
  BOOST_REQUIRE_EQUAL(steps.size(), 1u);
  BOOST_TEST((steps[0].state == StepState::done));
  BOOST_TEST(steps[0].output == R"({"ok":true})");
  BOOST_TEST(steps[0].exchange.find("안녕") != std::string::npos);
  BOOST_REQUIRE_EQUAL(hub.vendor.messages.size(), 1u);
  BOOST_TEST(hub.vendor.messages[0].first == steps[0].key);
  BOOST_TEST(hub.vendor.messages[0].second == "안녕");
  const auto state = hub.hub->receipt(receipt, *hub.reader);
  BOOST_TEST(state->text("state") == "routed");
  BOOST_TEST(state->number("runs") == 1);
}

// What the inputs hold already is not written a second time; who reads the exchange sees it whole.
BOOST_AUTO_TEST_CASE(a_body_that_stands_in_the_inputs_is_kept_once_and_shown_whole) {
  const std::string body = R"({"text":")" + std::string(400, 'x') + R"("})";
  store::StepRow step;
  step.inputs = R"({"method":"POST","json":)" + body + "}";
  List exchange;
  runtime::record_attempt(exchange, {"POST", "https://shop.example/orders", {}, body}, HttpResponse{200, {}, "{}"}, 1,
                          vault::Redactor(), "", step.inputs);
  step.exchange = write_json(exchange);
  BOOST_TEST(step.exchange.find(body) == std::string::npos);
  BOOST_TEST(step.exchange.find("xxx") == std::string::npos);
  const Value shown = runtime::exchange_of(step);
  BOOST_TEST(shown.at_path("0.request")->text("body") == body);
  BOOST_TEST(shown.at_path("0.answer")->number("status") == 200);
  // A place that leads out of the inputs shows nothing of anything else.
  step.inputs = "{}";
  BOOST_TEST(runtime::exchange_of(step).at_path("0.request")->text("body").empty());
}

// Vendors give seconds for the answer: nothing that a recipe does may stand before it.
BOOST_AUTO_TEST_CASE(a_delivery_is_answered_before_any_work_begins) {
  TestHub hub;
  hub.apply(kPost);
  hub.vendor.hold = true;
  HttpRequest request{"POST", "/hooks/shop/token-of-the-shop", {{"X-Topic", "note"}}, R"({"text":"a"})"};
  int answered = 0;
  hub.hub->accept("shop", "token-of-the-shop", std::move(request),
                  [&](HttpResponse response) { answered = response.status; });
  BOOST_TEST(answered == 200);
  BOOST_TEST(hub.runs().empty());  // the engine has not had its turn
  hub.settle();
  BOOST_TEST((hub.only_run().state == RunState::acting));  // and the vendor takes its time
  hub.vendor.release();
  hub.settle();
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(the_same_delivery_again_gets_the_first_receipt_and_starts_nothing) {
  TestHub hub;
  hub.apply(kPost);
  const auto first = hub.deliver("note", R"({"text":"a"})", "same");
  for (int i = 0; i < 5; ++i) {
    const auto again = hub.deliver("note", R"({"text":"a"})", "same");
    BOOST_TEST(again.status == 200);
    BOOST_TEST(again.body == first.body);
  }
  BOOST_TEST(hub.runs().size() == 1u);
  BOOST_TEST(hub.vendor.messages.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_wait_sleeps_on_disk_and_the_message_carries_the_customers_name) {
  TestHub hub;
  hub.apply(kRescue);
  hub.deliver("checkouts/create", kCheckout);
  auto run = hub.only_run();
  BOOST_TEST((run.state == RunState::waiting));
  BOOST_TEST(run.due_ms.value() == kMonday + 30 * kMinute);
  hub.run_until(kMonday + 30 * kMinute - 1);
  BOOST_TEST(hub.vendor.messages.empty());
  hub.run_until(kMonday + 30 * kMinute);
  run = hub.only_run();
  BOOST_TEST((run.state == RunState::finished));
  BOOST_REQUIRE_EQUAL(hub.vendor.messages.size(), 2u);
  BOOST_TEST(hub.vendor.messages[0].second == "민지님, 장바구니를 확인하세요");
  const auto decisions = *hub.reader->decisions(run.id);
  BOOST_REQUIRE_EQUAL(decisions.size(), 1u);
  BOOST_TEST(decisions[0].allowed);
  BOOST_TEST(hub.steps(run.id)[0].decision == decisions[0].id);
}

BOOST_AUTO_TEST_CASE(an_order_during_the_wait_ends_the_run_at_once) {
  TestHub hub;
  hub.apply(kRescue);
  hub.deliver("checkouts/create", kCheckout);
  hub.clock.advance(10 * kMinute);
  hub.deliver("orders/create",
              R"({"id":1,"email":"minji@example.com","phone":"+82 10-1111-0001","total":"62000","name":"민지"})");
  const auto run = hub.only_run();
  BOOST_TEST((run.state == RunState::exited));
  BOOST_TEST(run.reason == "exit_on:order_created");
  hub.run_until(kMonday + kDay);
  BOOST_TEST(hub.vendor.messages.empty());
}

BOOST_AUTO_TEST_CASE(an_exit_may_compare_the_event_with_the_trigger) {
  TestHub hub;
  hub.apply(R"yaml(recipe: one-cart
title: 한 장바구니
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created, where: 'event.token == trigger.token'}]
steps: [{wait: 30m}]
)yaml");
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"mine"})");
  hub.clock.advance(kSecond);
  hub.deliver("orders/create", R"({"id":1,"email":"a@example.com","total":"1","token":"other"})");
  BOOST_TEST((hub.only_run().state == RunState::waiting));
  hub.deliver("orders/create", R"({"id":2,"email":"a@example.com","total":"1","token":"mine"})");
  BOOST_TEST((hub.only_run().state == RunState::exited));
}

BOOST_AUTO_TEST_CASE(below_the_filter_or_already_running_starts_nothing_and_says_why) {
  TestHub hub;
  hub.apply(kRescue);
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"49999","token":"x"})");
  BOOST_TEST(hub.runs().empty());
  hub.deliver("checkouts/create", kCheckout);
  hub.deliver("checkouts/create", kCheckout);
  BOOST_TEST(hub.runs().size() == 1u);
  BOOST_TEST(hub.events().back().reason == "rescue: already_running");
}

BOOST_AUTO_TEST_CASE(an_event_older_than_its_canceller_does_not_enrol) {
  TestHub hub;
  hub.apply(kRescue);
  hub.deliver("orders/create", R"({"id":1,"email":"minji@example.com","total":"62000"})");
  hub.deliver("checkouts/create", kCheckout);  // the same instant: the order wins
  BOOST_TEST(hub.runs().empty());
  BOOST_TEST(hub.events().back().reason == "rescue: exit_on_already_true");
}

BOOST_AUTO_TEST_CASE(a_customer_without_an_address_is_skipped_with_a_decision_and_the_run_goes_on) {
  TestHub hub;
  hub.apply(R"yaml(recipe: tell
title: 알림
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
steps:
  - id: tell
    use: acme.tell
    connection: shop
    class: info
    with: {to: "{{ customer.phone | or('') }}", text: "x"}
  - id: note
    use: acme.post
    connection: shop
    with: {text: "told: {{ steps.tell.status }}"}
)yaml");
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"x"})");
  const auto run = hub.only_run();
  BOOST_TEST((run.state == RunState::finished));
  const auto steps = hub.steps(run.id);
  BOOST_REQUIRE_EQUAL(steps.size(), 2u);
  BOOST_TEST((steps[0].state == StepState::skipped));
  BOOST_TEST(steps[0].error_code == "no_address");
  BOOST_REQUIRE_EQUAL(hub.vendor.messages.size(), 1u);
  BOOST_TEST(hub.vendor.messages[0].second == "told: skipped");
}

BOOST_AUTO_TEST_CASE(a_customer_who_opted_out_is_skipped_and_the_decision_says_why) {
  TestHub hub;
  hub.apply(kRescue);
  hub.deliver("checkouts/create", kCheckout);
  const auto customer = hub.only_run().customer;
  hub.store->submit(store::Queue::work,
                    store::Unit{{store::AddOptOut{{customer, "", "acme_message", kMonday, "test"}}}}, {});
  hub.run_until(kMonday + kHour);
  const auto run = hub.only_run();
  BOOST_TEST((run.state == RunState::finished));
  const auto decisions = *hub.reader->decisions(run.id);
  BOOST_REQUIRE_EQUAL(decisions.size(), 1u);
  BOOST_TEST(!decisions[0].allowed);
  BOOST_TEST(decisions[0].reason == "unsubscribed");
  BOOST_REQUIRE_EQUAL(hub.vendor.messages.size(), 1u);
  BOOST_TEST(hub.vendor.messages[0].second == "done");
}

BOOST_AUTO_TEST_CASE(an_event_that_cannot_be_read_is_set_aside_with_its_cause) {
  TestHub hub;
  hub.apply(kPost);
  const auto answer = hub.deliver("note", "[1,");
  BOOST_TEST(answer.status == 200);
  BOOST_REQUIRE_EQUAL(hub.events().size(), 1u);
  BOOST_TEST((hub.events()[0].state == store::EventState::dead));
  BOOST_TEST(hub.events()[0].reason.find("no JSON") != std::string::npos);
  BOOST_TEST(hub.runs().empty());
}

BOOST_AUTO_TEST_CASE(a_failed_step_takes_its_on_error_path_or_fails_the_run) {
  TestHub hub;
  hub.apply(R"yaml(recipe: guarded
title: 보호
trigger: {event: acme/note}
steps:
  - id: send
    use: acme.post
    connection: shop
    with: {text: "first"}
    on_error:
      - id: alarm
        use: acme.put
        connection: shop
        with: {text: "실패: {{ error.code }}"}
  - id: after
    use: acme.post
    connection: shop
    with: {text: "after"}
)yaml");
  hub.vendor.fates = {FakeVendor::Fate::reject_400};
  hub.deliver("note", "{}");
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_REQUIRE_EQUAL(hub.vendor.messages.size(), 2u);
  BOOST_TEST(hub.vendor.messages[0].second == "실패: refused");
  BOOST_TEST(hub.vendor.messages[1].second == "after");

  TestHub plain;
  plain.apply(kPost);
  plain.vendor.fates = {FakeVendor::Fate::reject_400};
  plain.deliver("note", R"({"text":"x"})");
  const auto run = plain.only_run();
  BOOST_TEST((run.state == RunState::failed));
  BOOST_TEST(run.reason.find("refused") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_customers_at_once_and_one_customer_twice_each_get_exactly_one_run) {
  TestHub hub;
  hub.apply(kRescue);
  for (int i = 0; i < 50; ++i) {
    const std::string email = "c" + std::to_string(i % 10) + "@example.com";
    hub.deliver("checkouts/create", R"({"email":")" + email + R"(","phone":"0101111)" + std::to_string(1000 + i % 10) +
                                        R"(","total":"60000","token":"t"})");
  }
  BOOST_TEST(hub.runs().size() == 10u);
  hub.run_until(kMonday + kHour);
  BOOST_TEST(hub.vendor.messages.size() == 20u);
  BOOST_TEST(hub.hub->idle());
}

// A recipe that is off takes nothing from the sender: the event is kept and says that it began nothing. What lives goes on; recipes are
// never deleted. Where the connection itself is gone before the event was routed, the event is set aside with the reason.
BOOST_AUTO_TEST_CASE(ING_11_what_was_accepted_for_a_recipe_that_is_off_is_kept_and_begins_nothing) {
  TestHub hub;
  hub.apply(kPost);
  hub.apply(kRescue);
  BOOST_TEST(hub.deliver("checkouts/create", kCheckout, "c1").status == 200);
  BOOST_REQUIRE(hub.hub->enable_recipe("post-note", false).has_value());
  BOOST_TEST(hub.deliver("note", R"({"text":"off"})", "d1").status == 200);
  BOOST_REQUIRE(hub.hub->enable_recipe("post-note", true).has_value());

  HttpRequest request{
      "POST", "/hooks/shop/token-of-the-shop", {{"X-Topic", "note"}, {"X-Delivery", "d2"}}, R"({"text":"between"})"};
  int status = 0;
  hub.hub->accept("shop", "token-of-the-shop", std::move(request),
                  [&](const HttpResponse& answer) { status = answer.status; });
  BOOST_TEST(status == 200);  // on disk, not yet routed
  BOOST_REQUIRE(hub.hub->enable_recipe("post-note", false).has_value());
  BOOST_REQUIRE(hub.hub->enable_recipe("rescue", false).has_value());
  hub.settle();

  const auto events = hub.events();
  BOOST_REQUIRE_EQUAL(events.size(), 3u);
  for (const auto& event : events) BOOST_TEST((event.state == store::EventState::routed));
  BOOST_TEST(hub.vendor.messages.empty());
  hub.run_until(kMonday + kHour);
  BOOST_REQUIRE_EQUAL(hub.runs().size(), 1u);
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(EXP_03_an_expression_without_end_fails_its_own_step_alone) {
  TestHub hub;
  hub.apply(R"yaml(recipe: hungry
trigger: {event: acme/note}
steps:
  - id: send
    use: acme.put
    connection: shop
    with: {text: "n={{ trigger.items.map(a, trigger.items.filter(b, b == a).size()).size() }}"}
    on_error:
      - {id: alarm, use: acme.put, connection: shop, with: {text: "{{ error.code }}"}}
)yaml");
  const auto items = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + std::to_string(i);
    return R"({"items":[)" + list + "]}";
  };
  // The hungry one stands between two modest ones, in one delivery.
  hub.deliver("note", "[" + items(3) + "," + items(3000) + "," + items(2) + "]");
  std::multiset<std::string> texts;
  for (const auto& [key, text] : hub.vendor.messages) texts.insert(text);
  BOOST_TEST(texts == (std::multiset<std::string>{"fuel", "n=2", "n=3"}), boost::test_tools::per_element());
  for (const auto& run : hub.runs()) BOOST_TEST((run.state == RunState::finished));
}

BOOST_AUTO_TEST_SUITE_END()
