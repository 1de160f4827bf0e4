// What the hub does at a vendor by itself, besides polls: webhooks that it makes, lists that it copies, and limits that it keeps.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "runtime/sheet.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using Fate = SheetVendor::Fate;

namespace {

constexpr const char* kListens = "recipe: rows\ntrigger: {event: sheet/row.added}\nsteps: [{id: think, wait: 1m}]\n";

struct Sheets {
  explicit Sheets(List watch, std::string public_url = "https://hub.example", SheetManners manners = {})
      : hub(Setup{make_sheet(manners), &vendor, Map{{"watch", std::move(watch)}, {"poll_every", "400d"}},
                  std::move(public_url)}) {}
  void run_for(Millis span) { hub.run_until(hub.clock.now() + span); }
  std::size_t calls(const std::string& what) {
    std::size_t count = 0;
    for (const auto& target : vendor.asked) count += target.ends_with(what) ? 1 : 0;
    return count;
  }
  Value fact(const std::string& list) {
    const auto connections = hub.hub->connections();
    const auto* facts = connections.front().get(list);
    return facts == nullptr ? Value() : facts->if_list()->front();
  }
  void change(List watch, std::vector<std::string> origins = {}) {
    runtime::NewConnection again;
    again.origins = std::move(origins);
    again.name = "shop";
    again.connector = "sheet";
    again.config = Map{{"watch", std::move(watch)}, {"poll_every", "400d"}};
    BOOST_REQUIRE(hub.hub->put_connection(again).has_value());
    run_for(kSecond);
  }

  SheetVendor vendor;
  TestHub hub;
};

std::string writes(const std::string& with) {
  return "recipe: w\ntrigger: {event: sheet/changed}\nsteps:\n  - {id: put, use: sheet.write, connection: shop, "
         "with: " +
         with + "}\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(standing)

BOOST_AUTO_TEST_CASE(RET_05_a_hook_whose_care_ends_the_process_is_set_aside_and_the_hub_stays_up) {
  struct Crash {};
  int tries = 0;
  bool poisoned = false;
  SheetManners manners;
  manners.on_step = [&](const host::Call& call) {
    if (!poisoned || call.operation != "push.ensure") return;
    ++tries;
    throw Crash();
  };
  Sheets sheets({"a"}, "https://hub.example", manners);
  sheets.run_for(kMinute);
  poisoned = true;
  for (int i = 0; i < limits::kPoisonTries; ++i) {
    BOOST_CHECK_THROW(sheets.run_for(2 * kDay), Crash);
    sheets.hub.crash_cause = "connector sheet, phase begin, " + sheets.hub.working_on + ": signal 11";
    sheets.hub.crash();
    sheets.hub.start();
  }
  sheets.run_for(23 * kHour);
  BOOST_TEST(tries == limits::kPoisonTries);
  BOOST_TEST(sheets.fact("subscriptions").text("problem").find("signal 11") != std::string::npos);
  poisoned = false;
  sheets.run_for(2 * kHour);
  BOOST_TEST(sheets.fact("subscriptions").text("problem").empty());
}

BOOST_AUTO_TEST_CASE(a_hook_is_made_for_each_element_kept_alive_and_removed_with_it) {
  Sheets sheets({"a", "b"});
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.calls("/push.ensure") == 2u);
  BOOST_TEST(sheets.vendor.subscribed.front().find(R"("hook_url":"https://hub.example/hooks/shop")") !=
             std::string::npos);
  BOOST_TEST(sheets.vendor.subscribed.front().find(R"("wanted":[])") != std::string::npos);
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.calls("/push.ensure") == 4u);
  BOOST_TEST(sheets.vendor.subscribed.back().find(R"("wanted":["row.added"])") != std::string::npos);
  BOOST_TEST(sheets.vendor.subscribed.back().find(R"("state":{"id":1})") != std::string::npos);
  sheets.run_for(27 * kHour);
  BOOST_TEST(sheets.calls("/push.ensure") == 6u);
  sheets.hub.stop();
  sheets.hub.start();  // at each start
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.calls("/push.ensure") == 8u);
  sheets.change({"b"});
  BOOST_TEST(sheets.calls("/push.remove") == 1u);
  BOOST_TEST((*sheets.hub.reader->subscriptions()).size() == 1u);
  BOOST_REQUIRE(sheets.hub.hub->enable_recipe("rows", false).has_value());
  BOOST_REQUIRE(sheets.hub.hub->remove_connection("shop").has_value());
  BOOST_TEST(sheets.calls("/push.remove") == 2u);
  BOOST_TEST((*sheets.hub.reader->subscriptions()).empty());
}

// A vendor tells each webhook's secret once. That of one element is not retired by what another was told.
BOOST_AUTO_TEST_CASE(each_element_keeps_the_secret_that_was_told_with_its_hook) {
  Sheets sheets({}, "https://hub.example", {.captures = true});
  const auto known = [&] {
    std::int64_t versions = 0;
    const auto connections = sheets.hub.hub->connections();
    for (const Value& secret : *connections.front().get("secrets")->if_list())
      if (secret.text("slot") == "push_secret") versions += secret.number("versions");
    return versions;
  };
  const std::int64_t before = known();
  sheets.vendor.secrets_to_tell = 2;
  sheets.change({"base/a", "base/b"});
  sheets.run_for(kMinute);
  BOOST_TEST(known() == before + 2);
  sheets.run_for(30 * kHour);
  BOOST_TEST(known() == before + 2);
  sheets.hub.stop();
  sheets.hub.start();
  BOOST_TEST(known() == before + 2);
  sheets.vendor.secrets_to_tell = 1;  // one is made anew: its former secret verifies for a day
  sheets.run_for(kDay);
  BOOST_TEST(known() == before + 3);
  sheets.run_for(26 * kHour);
  sheets.hub.stop();
  sheets.hub.start();  // what has ended is left out when a connection is read
  BOOST_TEST(known() == before + 2);
}

BOOST_AUTO_TEST_CASE(a_list_may_be_entered_as_one_text) {
  Sheets sheets({});
  runtime::NewConnection again;
  again.name = "shop";
  again.connector = "sheet";
  again.config = Map{{"watch", "a, b,,나 시트 "}};
  BOOST_REQUIRE(sheets.hub.hub->put_connection(again).has_value());
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.calls("/push.ensure") == 3u);
  const auto shown = sheets.hub.hub->connections();
  BOOST_TEST(write_json(*shown.front().at_path("config.watch")) == R"(["a","b","나 시트"])");
  again.config = Map{{"watch", 5}};
  BOOST_TEST(sheets.hub.hub->put_connection(again).error().code == "bad_config");
}

BOOST_AUTO_TEST_CASE(a_hook_that_cannot_be_made_is_tried_again_and_shown) {
  Sheets sheets({});
  sheets.vendor.fates.assign(5, Fate::refuse_503);
  sheets.change({"a"});
  BOOST_TEST(sheets.fact("subscriptions").text("problem") == "the vendor is down");
  sheets.run_for(6 * kHour);
  BOOST_TEST(sheets.fact("subscriptions").text("problem") == "");
  BOOST_TEST(sheets.calls("/push.ensure") == 6u);
}

BOOST_AUTO_TEST_CASE(a_dead_connection_makes_no_hook_and_a_mended_one_makes_it_at_once) {
  Sheets sheets({"a"}, "https://hub.example", {.wants_token = true});
  const auto health = [&] {
    const auto shown = sheets.hub.hub->connections();
    return *shown.front().at_path("health.state")->if_string();
  };
  const auto enter = [&](const char* token) {
    BOOST_REQUIRE(sheets.hub.hub->rotate_secret("shop", "api_token", Secret(token), false, 0).has_value());
    sheets.run_for(kSecond);
  };
  sheets.run_for(kMinute);
  // What nobody has entered yet is a problem of this hook, not the end of the connection.
  BOOST_TEST(sheets.fact("subscriptions").text("problem").find("api_token") != std::string::npos);
  BOOST_TEST(health() == "ok");
  BOOST_TEST(sheets.vendor.asked.empty());
  enter("token-1");
  BOOST_TEST(sheets.calls("/push.ensure") == 1u);
  BOOST_TEST(sheets.fact("subscriptions").text("problem") == "");
  sheets.vendor.fates = {Fate::unauthorized};
  sheets.run_for(27 * kHour);
  BOOST_TEST(health() == "dead");
  sheets.run_for(9 * kDay);
  sheets.hub.stop();
  sheets.hub.start();
  sheets.run_for(kDay);
  BOOST_TEST(sheets.calls("/push.ensure") == 2u);
  BOOST_TEST(sheets.fact("subscriptions").get("due_ms")->is_null());
  enter("token-2");
  BOOST_TEST(sheets.calls("/push.ensure") == 3u);
  BOOST_TEST(health() == "ok");
}

BOOST_AUTO_TEST_CASE(a_secret_that_nobody_enters_is_made_once_and_made_anew_with_a_new_destination) {
  Sheets sheets({"a"}, "https://hub.example", {.signs = true});
  const auto told = [&] {
    const auto& last = sheets.vendor.subscribed.back();
    return parse_json(last.substr(last.find(' ') + 1))->text("secret");
  };
  sheets.run_for(kMinute);
  const auto made = told();
  BOOST_TEST(made.size() == 64u);
  BOOST_TEST(made.find_first_not_of("0123456789abcdef") == std::string::npos);
  // Shown to whoever must enter it elsewhere, and never what was entered.
  const auto shown = [&](const char* slot) {
    const auto answer = sheets.hub.hub->reveal_secret("shop", slot);
    return answer.has_value() ? answer->text("value") : answer.error().code;
  };
  BOOST_TEST(shown("push_secret") == made);
  BOOST_TEST(shown("api_token") == "not_revealed");
  BOOST_TEST(shown("url_token") == "not_revealed");
  sheets.hub.stop();
  sheets.hub.start();
  BOOST_TEST(shown("push_secret") == made);
  sheets.change({"b"});
  BOOST_TEST(told() == made);
  sheets.change({"c"}, {"https://sheet.example", "https://second.example"});  // drops what was entered for the old one
  const auto anew = told();
  BOOST_TEST(anew.size() == 64u);
  BOOST_TEST(anew != made);
  BOOST_REQUIRE(sheets.hub.hub->rotate_secret("shop", "push_secret", Secret("one that is given"), true, 0).has_value());
  sheets.change({"d"}, {"https://sheet.example", "https://second.example"});
  BOOST_TEST(told() == "one that is given");
  BOOST_TEST(shown("push_secret") == "not_revealed");
}

BOOST_AUTO_TEST_CASE(without_its_own_address_the_hub_makes_no_hook_and_says_why_where_somebody_listens) {
  Sheets sheets({"a"}, "");
  const auto told = [&](const char* word) { return sheets.fact("subscriptions").text(word).find("--public-url"); };
  sheets.run_for(kDay);
  BOOST_TEST(sheets.vendor.asked.empty());
  BOOST_TEST(sheets.fact("subscriptions").text("problem") == "");
  BOOST_TEST(sheets.fact("subscriptions").text("hint") == "");
  sheets.hub.apply(kListens);  // a poll tells it too, later
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.calls("/push.ensure") == 0u);
  BOOST_TEST(sheets.fact("subscriptions").text("problem") == "");
  BOOST_TEST(told("hint") != std::string::npos);
  sheets.hub.apply("recipe: hook\ntrigger: {event: sheet/changed}\nsteps: [{id: think, wait: 1m}]\n");
  sheets.run_for(kMinute);
  BOOST_TEST(told("problem") != std::string::npos);
  BOOST_TEST(sheets.fact("subscriptions").text("hint") == "");
  BOOST_REQUIRE(sheets.hub.hub->enable_recipe("hook", false).has_value());
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.fact("subscriptions").text("problem") == "");
  BOOST_TEST(told("hint") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_step_gets_the_entry_that_its_input_names_from_the_hubs_copy) {
  Sheets sheets({});
  sheets.vendor.templates.push_back(Map{{"key", "T1"}, {"text", "first"}});
  sheets.hub.apply(writes("{tab: a, template: \"{{ trigger.template }}\"}"));
  const auto last = [&] { return sheets.vendor.subscribed.empty() ? "" : sheets.vendor.subscribed.back(); };
  sheets.hub.deliver("changed", R"({"template":"T1"})");
  BOOST_TEST(last().find(R"("text":"first")") != std::string::npos);
  sheets.run_for(kMinute);
  sheets.hub.deliver("changed", R"({"template":"T1"})");
  BOOST_TEST(sheets.calls("/templates") == 1u);
  // A key that is not known is asked for, and the vendor's word counts.
  sheets.run_for(kMinute);
  sheets.vendor.templates.push_back(Map{{"key", "T2"}, {"text", "second"}});
  sheets.hub.deliver("changed", R"({"template":"T2"})");
  BOOST_TEST(sheets.calls("/templates") == 2u);
  BOOST_TEST(last().find(R"("text":"second")") != std::string::npos);
  sheets.run_for(kMinute);
  sheets.hub.deliver("changed", R"({"template":"T3"})");
  BOOST_TEST(last().find(R"("template":null)") != std::string::npos);
  // The vendor is away: an entry that is known is used, one that is not stays open.
  sheets.vendor.templates_down = true;
  sheets.run_for(2 * kHour);
  sheets.hub.deliver("changed", R"({"template":"T1"})");
  BOOST_TEST(last().find(R"("text":"first")") != std::string::npos);
  const auto sent = sheets.vendor.subscribed.size();
  sheets.hub.deliver("changed", R"({"template":"T4"})");
  sheets.run_for(5 * kMinute);
  BOOST_TEST(sheets.vendor.subscribed.size() == sent);
  BOOST_TEST((sheets.hub.runs().back().state == RunState::acting));
  sheets.vendor.templates.push_back(Map{{"key", "T4"}, {"text", "fourth"}});
  sheets.vendor.templates_down = false;
  sheets.run_for(2 * kHour);
  BOOST_TEST(last().find(R"("text":"fourth")") != std::string::npos);
  BOOST_TEST((sheets.hub.runs().back().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(a_step_whose_bucket_is_empty_waits_its_turn_and_that_is_no_attempt) {
  Sheets sheets({});
  sheets.hub.apply(writes("{tab: \"{{ trigger.tab }}\"}"));
  for (int at = 0; at < 5; ++at) sheets.hub.deliver("changed", R"({"tab":"a"})");
  sheets.hub.deliver("changed", R"({"tab":"b"})");  // another bucket
  BOOST_TEST(sheets.vendor.subscribed.size() == 3u);
  auto runs = sheets.hub.runs();
  BOOST_TEST(runs[2].reason == "quota: writes");
  BOOST_TEST(runs[2].due_ms.value() == kMonday + 10 * kSecond);
  BOOST_TEST(runs[3].due_ms.value() == kMonday + 10 * kSecond);
  BOOST_TEST(runs[4].due_ms.value() == kMonday + 20 * kSecond);
  BOOST_TEST(sheets.fact("quota").text("bucket") == "writes");
  sheets.run_for(10 * kSecond);
  BOOST_TEST(sheets.vendor.subscribed.size() == 5u);
  sheets.run_for(10 * kSecond);
  BOOST_TEST(sheets.vendor.subscribed.size() == 6u);
  for (const auto& run : sheets.hub.runs()) {
    BOOST_TEST((run.state == RunState::finished));
    BOOST_TEST(run.reason == "");
    BOOST_TEST(sheets.hub.steps(run.id)[0].attempt == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_holds_the_whole_bucket_and_burns_no_attempt) {
  Sheets sheets({});
  sheets.hub.apply(writes("{tab: \"{{ trigger.tab }}\"}"));
  sheets.vendor.fates = {Fate::rate_limit};
  sheets.hub.deliver("changed", R"({"tab":"a"})");
  sheets.hub.deliver("changed", R"({"tab":"a"})");
  sheets.hub.deliver("changed", R"({"tab":"b"})");
  BOOST_TEST(sheets.vendor.subscribed.size() == 1u);  // tab b alone
  BOOST_TEST(sheets.hub.runs()[1].due_ms.value() == kMonday + 30 * kSecond);
  sheets.run_for(2 * kMinute);
  BOOST_TEST(sheets.vendor.subscribed.size() == 3u);
  for (const auto& run : sheets.hub.runs()) BOOST_TEST(sheets.hub.steps(run.id)[0].attempt == 0);
}

BOOST_AUTO_TEST_CASE(a_request_to_erase_is_queued_with_its_event) {
  Sheets sheets({});
  sheets.hub.deliver("redact", R"({"email":"a@example.com"})");
  const auto rows = *sheets.hub.reader->open_erasures(0, 10);
  BOOST_REQUIRE_EQUAL(rows.size(), 1u);
  BOOST_TEST(rows[0].subject == R"({"email":"a@example.com"})");
  BOOST_TEST(rows[0].event == sheets.hub.events().front().id);
  BOOST_TEST((sheets.hub.events().front().state == store::EventState::routed));
}

BOOST_AUTO_TEST_SUITE_END()
