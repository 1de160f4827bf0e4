// Quota: what vendors take of one credential, by buckets and by requests under way; alone, and in a hub whose vendor counts.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "runtime/quota.hpp"
#include "runtime/sheet.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using runtime::Quota;
using store::RunState;

namespace {

// The limits of a manifest with one bucket.
std::shared_ptr<host::Limits> limits_of(std::int64_t rate, Millis per, const std::string& by = "") {
  auto limits = std::make_shared<host::Limits>();
  host::Bucket bucket;
  bucket.name = "b";
  bucket.rate = rate;
  bucket.per_for = per;
  if (!by.empty()) bucket.by = *expr::Expression::parse(by);
  limits->buckets.push_back(std::move(bucket));
  return limits;
}

// The manifest as it ships.
host::Manifest shipped(const std::string& connector) {
  std::ifstream file(std::string(IEUM_SOURCE_DIR) + "/connectors/" + connector + "/manifest.yaml");
  std::stringstream text;
  text << file.rdbuf();
  auto manifest = host::read_manifest(text.str(), "manifest.yaml");
  BOOST_REQUIRE_MESSAGE(manifest.has_value(), (manifest.has_error() ? manifest.error().text() : ""));
  return std::move(*manifest);
}

Value seen(const char* method, const char* path) {
  return Map{{"method", method}, {"host", "sheet.example"}, {"path", path}};
}

std::string uses(const std::string& name, const std::string& operation, const std::string& connection) {
  return "recipe: " + name + "\ntrigger: {event: sheet/changed}\nsteps:\n  - {id: put, use: sheet." + operation +
         ", connection: " + connection + ", with: {tab: \"{{ trigger.tab }}\"}}\n";
}

// A second connection of the same vendor.
void connect_twin(TestHub& hub, const std::string& token) {
  runtime::NewConnection twin;
  twin.name = "twin";
  twin.connector = "sheet";
  twin.config = Map{};
  twin.secrets.emplace_back("api_token", Secret(token));
  BOOST_REQUIRE(hub.hub->put_connection(twin).has_value());
  hub.settle();
}

std::size_t under_way_of_twins(const std::string& other_token) {
  SheetVendor vendor;
  TestHub hub(Setup{make_sheet({.wants_token = true}), &vendor, Map{}, ""});
  BOOST_REQUIRE(hub.hub->rotate_secret("shop", "api_token", Secret("token-1"), false, 0).has_value());
  connect_twin(hub, other_token);
  hub.apply(uses("one", "write", "shop"));
  hub.apply(uses("two", "write", "twin"));
  vendor.hold = true;
  for (int at = 0; at < 6; ++at) hub.deliver("changed", R"({"tab":"t)" + std::to_string(at) + "\"}");
  const std::size_t under_way = vendor.asked.size();
  vendor.release();
  hub.settle();
  BOOST_TEST(vendor.asked.size() == 12u);  // and nothing is left behind
  return under_way;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quota)

BOOST_AUTO_TEST_CASE(in_no_span_do_more_begin_than_the_bucket_lets) {
  const auto limits = limits_of(60, kMinute);
  Quota quota;
  SeededRandom random(5);
  std::vector<Millis> begun;
  Millis now = kMonday;
  for (int call = 0; call < 2'000; ++call) {
    now += static_cast<Millis>(random.next() % 900);
    const auto turn = quota.ask({"a", limits, "x", {}, {}, {}}, {}, now, now);
    begun.push_back(turn.at_ms);
    BOOST_REQUIRE(turn.at_ms >= now);
  }
  for (std::size_t at = 60; at < begun.size(); ++at) BOOST_REQUIRE(begun[at] - begun[at - 60] >= kMinute);
  BOOST_TEST(begun.back() - begun.front() < 2'000 * kSecond + kMinute);  // and hardly fewer
}

BOOST_AUTO_TEST_CASE(who_waits_for_one_bucket_blocks_no_other) {
  const auto limits = limits_of(1, kHour, "inputs.channel");
  host::Bucket all;
  all.name = "all";
  all.rate = 10;
  all.per_for = kSecond;
  limits->buckets.push_back(all);
  Quota quota;
  const auto ask = [&](const char* channel, std::vector<std::string> places, Millis now) {
    return quota.ask({"a", limits, "x", Map{{"channel", channel}}, {}, {}}, places, now, now);
  };
  BOOST_TEST(ask("a", {}, 0).at_ms == 0);
  const auto waits = ask("a", {}, 0);
  BOOST_TEST(waits.at_ms == kHour);
  BOOST_TEST(waits.bucket == "b");
  for (const char* channel : {"b", "c", "d"}) BOOST_TEST(ask(channel, {}, 1).at_ms <= 1);
  BOOST_TEST(ask("a", {"b"}, kHour).bucket == "");     // its place was kept
  BOOST_TEST(ask("a", {}, kHour).at_ms == 2 * kHour);  // and counted
  BOOST_TEST(quota.waiting("a", kHour + 1).size() == 1u);
  BOOST_TEST(quota.waiting("b", kHour).empty());
}

BOOST_AUTO_TEST_CASE(after_a_hold_those_who_waited_go_as_far_apart_as_before) {
  const auto limits = limits_of(2, kMinute);
  const Quota::Call call{"a", limits, "x", {}, {}, {}};
  Quota quota;
  std::vector<Millis> waiting;
  for (int run = 0; run < 6; ++run) {
    const auto turn = quota.ask(call, {}, 0, 0);
    if (turn.at_ms > 0) waiting.push_back(turn.at_ms);
  }
  BOOST_REQUIRE(waiting.size() == 4u);
  quota.refused(call, 150 * kSecond, 30 * kSecond);
  std::vector<Millis> turns;
  for (const Millis turn : waiting) turns.push_back(quota.ask(call, {"b"}, turn, turn).at_ms);
  BOOST_TEST(turns.front() >= 180 * kSecond);
  for (std::size_t at = 2; at < turns.size(); ++at) BOOST_TEST(turns[at] - turns[at - 2] >= kMinute);
  for (const Millis turn : turns) BOOST_TEST(quota.ask(call, {"b"}, turn, turn).bucket == "");
}

BOOST_AUTO_TEST_CASE(answers_that_say_what_is_left_hold_the_bucket_back) {
  const auto limits = limits_of(1000, kSecond);
  limits->remaining = *expr::Expression::parse("int(headers['x-left'])");
  limits->reset_after = *expr::Expression::parse("int(headers['x-reset'])");
  Quota quota;
  const Quota::Call call{"a", limits, "x", {}, {}, {}};
  quota.answered(call, 200, Map{{"x-left", "3"}, {"x-reset", "9"}}, Value(), 0);
  BOOST_TEST(quota.ask(call, {}, 0, 0).at_ms == 0);
  quota.answered(call, 200, Map{{"x-left", "0"}, {"x-reset", "9"}}, Value(), 0);
  BOOST_TEST(quota.ask(call, {}, 0, 0).at_ms == 9 * kSecond);
  quota.answered(call, 200, Map(), Value(), 0);  // what is not there teaches nothing
  BOOST_TEST(quota.ask(call, {"b"}, 9 * kSecond, 9 * kSecond).at_ms == 9 * kSecond);
  limits->need = *expr::Expression::parse("body.cost");
  limits->remaining = *expr::Expression::parse("body.left");
  limits->restore_per_second = *expr::Expression::parse("50");
  quota.answered(call, 200, Map(), Map{{"cost", 200}, {"left", 100}}, 10 * kSecond);
  BOOST_TEST(quota.ask(call, {}, 0, 10 * kSecond).at_ms == 12 * kSecond);
}

BOOST_AUTO_TEST_CASE(a_request_counts_where_it_belongs) {
  const auto limits = std::make_shared<host::Limits>();
  for (const char* method : {"GET", "POST"}) {
    host::Bucket bucket;
    bucket.name = method;
    bucket.per_for = kMinute;
    bucket.when = *expr::Expression::parse("request.method == '" + std::string(method) + "'");
    limits->buckets.push_back(std::move(bucket));
  }
  Quota quota;
  const auto ask = [&](const Value& request) { return quota.ask({"a", limits, "x", {}, {}, request}, {}, 0, 0); };
  BOOST_TEST(ask(seen("GET", "/look")).at_ms == 0);
  BOOST_TEST(ask(seen("POST", "/write")).at_ms == 0);
  BOOST_TEST(ask(seen("GET", "/look")).bucket == "GET");
  BOOST_TEST(ask(seen("DELETE", "/row")).at_ms == 0);
  BOOST_TEST(ask(Value()).at_ms == 0);  // not known yet
  quota.refused({"a", limits, "x", {}, {}, seen("POST", "/write")}, kHour, 0);
  BOOST_TEST(ask(seen("POST", "/write")).at_ms == kHour);
  BOOST_TEST(ask(seen("DELETE", "/row")).at_ms == 0);
}

BOOST_AUTO_TEST_CASE(sheets_counts_look_ups_as_reads) {
  const auto limits = std::make_shared<const host::Limits>(shipped("sheets").limits);
  Quota quota;
  const auto ask = [&](const char* operation, const char* method, const char* path) {
    return quota.ask({"a", limits, operation, Map{{"sheet", "s"}}, {}, seen(method, path)}, {}, 0, 0).bucket;
  };
  for (int at = 0; at < 60; ++at) BOOST_REQUIRE(ask("row.update", "GET", "/v4/spreadsheets/s/values/A1") == "");
  BOOST_TEST(ask("rows.read", "GET", "/v4/spreadsheets/s/values/A1") == "reads");
  BOOST_TEST(ask("rows", "GET", "/drive/v3/files/s") == "");  // Drive counts apart
  for (int at = 0; at < 60; ++at) BOOST_REQUIRE(ask("row.update", "PUT", "/v4/spreadsheets/s/values/A2") == "");
  BOOST_TEST(ask("row.append", "POST", "/v4/spreadsheets/s/values/A1:append") == "writes");
}

BOOST_AUTO_TEST_CASE(slack_counts_each_method_by_its_tier) {
  const auto limits = std::make_shared<const host::Limits>(shipped("slack").limits);
  Quota quota;
  const auto ask = [&](const char* operation, const char* method, const Value& inputs) {
    const Value request = Map{{"method", "POST"}, {"host", "slack.com"}, {"path", "/api/" + std::string(method)}};
    return quota.ask({"a", limits, operation, inputs, {}, request}, {}, 0, 0).bucket;
  };
  const Value cs = Map{{"channel", "#cs"}}, ops = Map{{"channel", "#ops"}}, mail = Map{{"email", "a@example.com"}};
  BOOST_TEST(ask("message.post", "chat.postMessage", cs) == "");
  BOOST_TEST(ask("approval.ask", "chat.postMessage", cs) == "channel");
  BOOST_TEST(ask("message.post", "chat.postMessage", ops) == "");
  for (int at = 0; at < 50; ++at) BOOST_REQUIRE(ask("dm.post", "users.lookupByEmail", mail) == "");
  BOOST_TEST(ask("user.find", "users.lookupByEmail", mail) == "tier3");
  BOOST_TEST(ask("dm.post", "conversations.open", mail) == "");
  BOOST_TEST(ask("dm.post", "chat.postMessage", mail) == "");
  for (int at = 0; at < 20; ++at) BOOST_REQUIRE(ask("message.update", "conversations.list", cs) == "");
  BOOST_TEST(ask("channel.list", "conversations.list", cs) == "tier2");
  BOOST_TEST(ask("message.update", "chat.update", cs) == "");
  for (int at = 0; at < 100; ++at) BOOST_REQUIRE(ask("message.ephemeral", "chat.postEphemeral", cs) == "");
  BOOST_TEST(ask("message.ephemeral", "chat.postEphemeral", cs) == "tier4");
}

BOOST_AUTO_TEST_CASE(mailchimp_keeps_below_ten_requests_of_one_user) {
  BOOST_TEST(shipped("mailchimp").limits.in_flight == 8);  // shared by the connections of one key, see below
}

BOOST_AUTO_TEST_CASE(a_later_request_of_a_conversation_waits_its_turn_too) {
  SheetVendor vendor;
  TestHub hub(Setup{make_sheet(), &vendor, Map{}, ""});
  hub.apply(uses("keeps", "keep", "shop"));
  for (int at = 0; at < 3; ++at) hub.deliver("changed", R"({"tab":"a"})");
  const auto asked = [&](const std::string& what) {
    return std::count_if(vendor.asked.begin(), vendor.asked.end(),
                         [&](const auto& url) { return url.ends_with(what); });
  };
  BOOST_TEST(asked("/look") == 3);  // the look-ups take no place of what they prepare
  BOOST_TEST(asked("/keep") == 1);
  BOOST_TEST(hub.runs()[1].reason == "quota: kept");
  hub.run_until(kMonday + 10 * kSecond);
  BOOST_TEST(asked("/keep") == 2);
  hub.crash();  // one that waits goes on where it was
  hub.start();
  hub.run_until(kMonday + 30 * kSecond);
  BOOST_TEST(asked("/keep") == 3);
  BOOST_TEST(asked("/look") == 3);
  for (const auto& run : hub.runs()) BOOST_TEST((run.state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(after_a_restart_what_waited_goes_one_after_the_other) {
  SheetVendor vendor;
  TestHub hub(Setup{make_sheet(), &vendor, Map{}, ""});
  hub.apply(uses("keeps", "keep", "shop"));
  for (int at = 0; at < 5; ++at) hub.deliver("changed", R"({"tab":"a"})");
  const auto kept = [&] {
    return std::count_if(vendor.asked.begin(), vendor.asked.end(),
                         [](const auto& url) { return url.ends_with("/keep"); });
  };
  BOOST_TEST(kept() == 1);
  hub.crash();
  hub.clock.set(kMonday + kHour);  // all of them are late by now
  hub.start();
  hub.settle();
  BOOST_TEST(kept() == 2);
  hub.run_until(kMonday + kHour + 10 * kSecond);
  BOOST_TEST(kept() == 3);
  hub.run_until(kMonday + kHour + kMinute);
  BOOST_TEST(kept() == 5);
}

BOOST_AUTO_TEST_CASE(connections_with_one_credential_share_its_lanes) {
  BOOST_TEST(under_way_of_twins("token-1") == 4u);  // in_flight of the manifest
  BOOST_TEST(under_way_of_twins("token-2") == 8u);
}

BOOST_AUTO_TEST_CASE(connections_with_one_credential_share_its_buckets) {
  SheetVendor vendor;
  TestHub hub(Setup{make_sheet({.wants_token = true}), &vendor, Map{}, ""});
  BOOST_REQUIRE(hub.hub->rotate_secret("shop", "api_token", Secret("token-1"), false, 0).has_value());
  connect_twin(hub, "token-1");
  hub.apply(uses("one", "write", "shop"));
  hub.apply(uses("two", "write", "twin"));
  for (int at = 0; at < 2; ++at) hub.deliver("changed", R"({"tab":"a"})");
  BOOST_TEST(vendor.asked.size() == 2u);
  hub.run_until(kMonday + 10 * kSecond);
  BOOST_TEST(vendor.asked.size() == 4u);
  for (const auto& shown : hub.hub->connections())
    BOOST_TEST(write_json(shown).find("credential ") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
