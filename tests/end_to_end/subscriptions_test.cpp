// Webhooks that the hub keeps at vendors, all the way round on virtual clocks: made over the vendor's API with the hub's public
// https address, heard through what leads there, lost in the vendor's own way while that leads elsewhere, and put back.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "end_to_end/flow_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

constexpr const char* kAddress = "https://hub.example.test";

std::string recipe_on(const std::string& event, const std::string& text) {
  return "recipe: told\ntitle: 소식\ntrigger: {event: " + event +
         "}\nsteps:\n  - {id: tell, use: slack.message.post, connection: slack, with: {channel: \"#news\", text: \"" +
         text + "\"}}\n";
}

struct Floor : FlowFloor {
  Floor() : FlowFloor(kAddress) { connect_slack(); }

  // What leads to the hub is broken and answers every delivery so; mended by reach_hub().
  void break_address(int status) { reach(sandbox_url() + "/sink/status/" + std::to_string(status)); }
  void reach_hub() { reach(public_url()); }
  void reach(const std::string& at) { sandbox("POST", "/_sandbox/reach", Map{{"address", kAddress}, {"at", at}}); }

  // The webhook of a topic, as its vendor has it; null when there is none.
  Value hook(const std::string& vendor, const std::string& topic = {}) {
    const auto all = sandbox("GET", "/_sandbox/hooks");
    for (const auto& hook : *all.get("hooks")->if_list())
      if (hook.text("vendor") == vendor &&
          (topic.empty() || write_json(*hook.get("topics")).find('"' + topic + '"') != std::string::npos))
        return hook;
    return {};
  }
  bool is_on(const std::string& vendor, const std::string& topic = {}) {
    const Value one = hook(vendor, topic);
    return one.flag("enabled") &&
           one.text("url") == std::string(kAddress) + "/hooks/" + (vendor == "google" ? "sheets" : vendor);
  }
  void happens(const std::string& vendor, const std::string& topic, const Value& body) {
    sandbox("POST", "/_sandbox/send", Map{{"vendor", vendor}, {"topic", topic}, {"body", body}});
  }
  Value last_delivery(const std::string& vendor) {
    const auto all = sandbox("GET", "/_sandbox/deliveries?vendor=" + vendor);
    const List& list = *all.get("deliveries")->if_list();
    return list.empty() ? Value() : list.back();
  }
  Value connection(const std::string& name) {
    const auto all = api("GET", "/api/v1/connections");
    const Value* found = find_where(all, "name", name);
    BOOST_REQUIRE_MESSAGE(found != nullptr, write_json(all));
    return *found;
  }
  bool all_delivered(const std::string& vendor) {
    const auto all = sandbox("GET", "/_sandbox/deliveries?vendor=" + vendor);
    for (const auto& one : *all.get("deliveries")->if_list())
      if (one.text("state") != "delivered") return false;
    return true;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(subscriptions)

// What answers 410 in the hub's place loses the webhook at once. The response that it lost is read by the poll, the daily look
// switches the webhook on again, and nothing is told twice.
BOOST_AUTO_TEST_CASE(a_form_webhook_is_made_lost_and_switched_on_again) {
  Floor floor;
  floor.connect("typeform", {"forms=apply1"}, {{"api_token", "tfp_sandbox"}});
  floor.apply_text(recipe_on("typeform/form_response", "{{ trigger.response_id }}"));
  const auto submit = [&](const char* token) {
    floor.happens("typeform", "form_response", Map{{"form_id", "apply1"}, {"token", token}});
  };
  floor.pass_until(
      "the webhook", [&] { return floor.is_on("typeform"); }, kSecond);
  submit("first");
  floor.pass_until(
      "the first run", [&] { return floor.finished(1); }, kSecond);
  BOOST_TEST(floor.last_delivery("typeform").text("state") == "delivered");

  floor.break_address(410);
  submit("second");
  floor.pass_until(
      "the loss", [&] { return !floor.hook("typeform").flag("enabled"); }, kSecond);
  BOOST_TEST(floor.last_delivery("typeform").flag("hook_lost"));
  floor.reach_hub();
  floor.pass_until(
      "the poll", [&] { return floor.finished(2); }, kMinute);
  BOOST_TEST(!floor.is_on("typeform"));

  const Millis lost = floor.now();
  floor.pass_until(
      "the daily look", [&] { return floor.is_on("typeform"); }, 10 * kMinute);
  BOOST_TEST(floor.now() - lost > 12 * kHour);
  BOOST_TEST(floor.now() - lost < 27 * kHour);
  submit("third");
  floor.pass_until(
      "the third run", [&] { return floor.finished(3); }, kSecond);
  BOOST_TEST(floor.last_delivery("typeform").text("state") == "delivered");
  BOOST_TEST(floor.messages("slack").size() == 3u);
  BOOST_TEST(floor.totals().number("runs") == 3);
}

// Eight tries after the first within four hours, and Shopify deletes the subscription.
BOOST_AUTO_TEST_CASE(a_shops_subscription_is_made_deleted_and_made_again) {
  Floor floor;
  floor.connect_shopify();
  floor.apply_text(recipe_on("order_created", "{{ trigger.order_name }}"));
  const auto order = [&](int id) {
    floor.happens("shopify", "orders/create",
                  Map{{"id", id}, {"name", "#" + std::to_string(id)}, {"total_price", "62000"}, {"currency", "KRW"}});
  };
  floor.pass_until(
      "the subscription", [&] { return floor.is_on("shopify", "orders/create"); }, kSecond);
  order(5001);
  floor.pass_until(
      "the first run", [&] { return floor.finished(1); }, kSecond);

  floor.break_address(503);
  order(5002);
  floor.pass_until(
      "the loss", [&] { return floor.hook("shopify", "orders/create").is_null(); }, 5 * kMinute);
  BOOST_TEST(floor.last_delivery("shopify").get("attempts")->if_list()->size() == 9u);
  floor.reach_hub();

  const Millis lost = floor.now();
  floor.pass_until(
      "the daily look", [&] { return floor.is_on("shopify", "orders/create"); }, 10 * kMinute);
  BOOST_TEST(floor.now() - lost > 12 * kHour);
  BOOST_TEST(floor.now() - lost < 27 * kHour);
  order(5003);
  floor.pass_until(
      "the second run", [&] { return floor.finished(2); }, kSecond);
  BOOST_TEST(floor.messages("slack").size() == 2u);
}

// The sheet is looked at once an hour; a push makes the hub look at once. A channel lives a day and cannot be prolonged: the next
// one is opened while it lives.
BOOST_AUTO_TEST_CASE(a_drive_channel_wakes_the_poll_and_is_renewed) {
  Floor floor;
  floor.connect_sheets(std::string(kSheet) + "/구매자", "구매자", {"이름", "메일"}, {"poll_every=1h"});
  floor.apply_text(recipe_on("sheets/row.added", "{{ trigger.row['이름'] }}"));
  const auto looked = [&] {
    const Value sheets = floor.connection("sheets");
    const Value* poll = find_where(sheets, "poll", "rows");
    return poll != nullptr && poll->number("last_ok_ms") > 0;
  };
  floor.pass_until("the first look", looked, kSecond);
  floor.pass_until(
      "the channel", [&] { return floor.is_on("google") && floor.all_delivered("google"); }, kSecond);
  const Value first = floor.hook("google");

  const auto is_told = [&](const char* name, int runs) {
    const Millis before = floor.now();
    floor.edit_sheet("구매자", {name, "a@example.com"});
    floor.pass_until(
        name, [&] { return floor.finished(runs); }, kSecond);
    BOOST_TEST(floor.now() - before < 10 * kMinute);
  };
  is_told("민지", 1);

  const Millis until =
      first.at_path("more.expiration")->if_int() == nullptr ? 0 : *first.at_path("more.expiration")->if_int();
  floor.pass_until(
      "the next channel",
      [&] {
        const Value now = floor.hook("google");
        return !now.is_null() && now.text("id") != first.text("id");
      },
      10 * kMinute);
  BOOST_TEST(floor.now() < until);
  while (floor.now() < until) floor.clock(floor.now() + 30 * kMinute);
  BOOST_TEST(floor.is_on("google"));
  is_told("지우", 2);
  BOOST_TEST(floor.messages("slack").size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
