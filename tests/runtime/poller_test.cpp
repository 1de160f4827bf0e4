// Polls: who is asked, when, and that nothing is lost or told twice, whatever fails in between.
#include <boost/test/unit_test.hpp>
#include <set>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "runtime/due_plan.hpp"
#include "runtime/sheet.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using runtime::DuePlan;
using runtime::next_after_failure;
using runtime::next_after_success;
using Fate = SheetVendor::Fate;

namespace {

constexpr const char* kListens = "recipe: rows\ntrigger: {event: sheet/row.added}\nsteps: [{id: think, wait: 1m}]\n";

struct Sheets {
  explicit Sheets(List watch = {"a"}, SheetManners manners = {}, Map more = {})
      : hub([&] {
          more.set("watch", std::move(watch));
          return Setup{make_sheet(manners), &vendor, Value(std::move(more)), ""};
        }()) {}

  void add(const std::string& text, const std::string& tab = "a") { vendor.tables[tab].push_back(text); }
  // What was told, in order, and fails when it is not what was expected.
  void told(const std::vector<std::string>& expected) {
    std::vector<std::string> texts;
    for (const auto& event : hub.events()) {
      if (event.topic != "row.added") continue;
      texts.push_back(parse_json((*hub.reader->event(event.id))->payload.body)->text("text"));
    }
    BOOST_CHECK_EQUAL_COLLECTIONS(texts.begin(), texts.end(), expected.begin(), expected.end());
  }
  void run_for(Millis span) { hub.run_until(hub.clock.now() + span); }
  std::string fact(const std::string& name) {
    const auto connections = hub.hub->connections();
    const auto* polls = connections.front().get("polls");
    BOOST_REQUIRE(polls != nullptr);
    const auto* value = polls->if_list()->front().get(name);
    return value == nullptr ? "" : write_json(*value);
  }

  SheetVendor vendor;
  TestHub hub;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(poller)

BOOST_AUTO_TEST_CASE(the_first_poll_tells_nothing_and_then_each_row_starts_one_run) {
  Sheets sheets;
  sheets.add("before");
  sheets.run_for(kHour);
  BOOST_TEST(sheets.vendor.asked.empty());  // nobody listens
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.told({});
  for (const char* text : {"1", "2", "3", "4", "5"}) sheets.add(text);  // more than a page
  sheets.run_for(kMinute);
  sheets.told({"1", "2", "3", "4", "5"});
  BOOST_TEST(sheets.hub.runs().size() == 5u);
  sheets.run_for(kHour);
  sheets.told({"1", "2", "3", "4", "5"});
  BOOST_TEST(sheets.fact("problem") == "\"\"");
  BOOST_TEST(sheets.vendor.asked.size() > 100u);  // every 30 s, a tenth more or less
  BOOST_TEST(sheets.vendor.asked.size() < 150u);
}

BOOST_AUTO_TEST_CASE(a_connector_that_tells_the_backlog_is_not_believed_unless_it_is_wanted) {
  for (const bool wanted : {false, true}) {
    Sheets sheets({"a"}, {true}, wanted ? Map{{"backfill", "true"}} : Map{});
    sheets.add("old");
    sheets.hub.apply(kListens);
    sheets.run_for(kMinute);
    sheets.told(wanted ? std::vector<std::string>{"old"} : std::vector<std::string>{});
  }
}

BOOST_AUTO_TEST_CASE(nobody_listens_any_more_and_it_begins_anew_when_somebody_does) {
  Sheets sheets({"a", "b"});
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.add("1", "b");
  sheets.run_for(5 * kMinute);  // its run has ended too
  BOOST_REQUIRE(sheets.hub.hub->enable_recipe("rows", false).has_value());
  sheets.run_for(kMinute);
  const auto asked = sheets.vendor.asked.size();
  sheets.add("while off", "b");
  sheets.run_for(kHour);
  BOOST_TEST(sheets.vendor.asked.size() == asked);
  BOOST_REQUIRE(sheets.hub.hub->enable_recipe("rows", true).has_value());
  sheets.run_for(kMinute);
  sheets.add("2", "b");
  sheets.run_for(kMinute);
  sheets.told({"1", "2"});
}

BOOST_AUTO_TEST_CASE(failures_back_off_and_are_shown_and_what_came_meanwhile_is_told) {
  Sheets sheets;
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.vendor.fates.assign(1000, Fate::refuse_503);
  sheets.add("1");
  const auto before = sheets.vendor.asked.size();
  sheets.run_for(kDay);
  BOOST_TEST(sheets.vendor.asked.size() - before < 40u);
  BOOST_TEST(sheets.fact("problem") == "\"the vendor is down\"");
  sheets.vendor.fates.clear();
  sheets.run_for(2 * kHour);
  sheets.told({"1"});
  BOOST_TEST(sheets.fact("problem") == "\"\"");
  BOOST_TEST(sheets.fact("failures") == "0");
}

BOOST_AUTO_TEST_CASE(RET_05_a_poll_that_ends_the_process_is_set_aside_and_the_hub_stays_up) {
  struct Crash {};
  int tries = 0;
  bool poisoned = false;
  SheetManners manners;
  manners.on_step = [&](const host::Call& call) {
    if (!poisoned || call.phase != host::Phase::poll) return;
    ++tries;
    throw Crash();
  };
  Sheets sheets({"a"}, manners);
  TestHub& hub = sheets.hub;
  hub.apply(kListens);
  sheets.run_for(kMinute);
  poisoned = true;
  sheets.add("1");
  for (int i = 0; i < limits::kPoisonTries; ++i) {
    BOOST_CHECK_THROW(sheets.run_for(kHour), Crash);
    hub.crash_cause = "connector sheet, phase poll, " + hub.working_on + ": signal 11";
    hub.crash();
    hub.start();  // it is up, and asks later
  }
  BOOST_TEST(tries == limits::kPoisonTries);
  BOOST_TEST(sheets.fact("problem").find("signal 11") != std::string::npos);
  BOOST_TEST(hub.deliver("changed", "{}", "d1").status == 200);  // wakes nothing
  sheets.run_for(23 * kHour);
  BOOST_TEST(tries == limits::kPoisonTries);
  BOOST_CHECK_THROW(sheets.run_for(2 * kHour), Crash);
  // Mended, and started after an end of another kind: nothing was lost.
  poisoned = false;
  hub.crash_cause.clear();
  hub.crash();
  hub.start();
  sheets.run_for(2 * kHour);
  sheets.told({"1"});
  BOOST_TEST(sheets.fact("problem") == "\"\"");
}

BOOST_AUTO_TEST_CASE(a_rate_limit_waits_as_told_and_is_no_failure) {
  Sheets sheets;
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.vendor.fates = {Fate::rate_limit};
  const auto before = sheets.vendor.asked.size();
  while (sheets.vendor.asked.size() == before) sheets.run_for(kSecond);
  sheets.run_for(29 * kSecond);  // it was told to wait 30 s
  BOOST_TEST(sheets.vendor.asked.size() == before + 1);
  BOOST_TEST(sheets.fact("failures") == "0");
  sheets.add("1");
  sheets.run_for(kMinute + kSecond);
  sheets.told({"1"});
}

BOOST_AUTO_TEST_CASE(a_dead_connection_is_not_asked_and_a_mended_one_is_asked_at_once) {
  Sheets sheets({"a", "b"}, {.wants_token = true}, Map{{"poll_every", "1h"}});
  const auto enter = [&](const char* token) {
    BOOST_REQUIRE(sheets.hub.hub->rotate_secret("shop", "api_token", Secret(token), false, 0).has_value());
    sheets.run_for(kSecond);
  };
  enter("token-1");
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.vendor.fates = {Fate::unauthorized};
  sheets.add("1");
  sheets.run_for(2 * kHour);
  const auto asked = sheets.vendor.asked.size();
  BOOST_TEST(sheets.fact("due_ms") == "null");
  BOOST_TEST(sheets.hub.deliver("changed", "{}", "d1").status == 200);  // wakes nothing
  sheets.run_for(kDay);
  sheets.hub.crash();
  sheets.hub.start();
  sheets.run_for(kDay);
  BOOST_TEST(sheets.vendor.asked.size() == asked);
  sheets.told({});
  enter("token-2");
  sheets.told({"1"});
  BOOST_TEST(sheets.vendor.asked.size() == asked + 2);
  BOOST_TEST(sheets.fact("problem") == "\"\"");
}

BOOST_AUTO_TEST_CASE(a_delivery_wakes_its_polls_once) {
  Sheets sheets({"a"}, {}, Map{{"poll_every", "1h"}});
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.add("1");
  const auto before = sheets.vendor.asked.size();
  for (const char* id : {"d1", "d2", "d3"}) BOOST_TEST(sheets.hub.deliver("changed", "{}", id).status == 200);
  sheets.run_for(kSecond);
  BOOST_TEST(sheets.vendor.asked.size() == before);
  sheets.run_for(kSecond + 1);
  BOOST_TEST(sheets.vendor.asked.size() == before + 1);
  sheets.told({"1"});
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.vendor.asked.size() == before + 1);
}

// A row is told by a delivery and by the poll, in either order, over a restart: it starts one run. Two deliveries are two.
BOOST_AUTO_TEST_CASE(what_a_webhook_told_the_poll_does_not_tell_again) {
  Sheets sheets;
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  BOOST_TEST(sheets.hub.deliver("row.added", R"({"n":1,"text":"1"})", "d1").status == 200);
  sheets.hub.crash();
  sheets.hub.start();
  sheets.add("1");
  sheets.run_for(kMinute);
  sheets.told({"1"});
  BOOST_TEST(sheets.hub.runs().size() == 1u);
  BOOST_TEST(sheets.hub.deliver("row.added", R"({"n":1,"text":"1"})", "d2").status == 200);
  BOOST_TEST(sheets.hub.runs().size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_the_poll_told_a_late_webhook_starts_nothing_for) {
  Sheets sheets({"a"}, {}, Map{{"poll_every", "6h"}});
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.add("1");
  sheets.run_for(7 * kHour);
  BOOST_TEST(sheets.hub.runs().size() == 1u);
  BOOST_TEST(sheets.hub.deliver("row.added", R"({"n":1,"text":"1"})", "d1").status == 200);
  BOOST_TEST(sheets.hub.runs().size() == 1u);
  const auto late = sheets.hub.events().back();
  BOOST_TEST((late.state == store::EventState::routed));
  BOOST_TEST(late.reason.starts_with("duplicate"), late.reason);
  sheets.run_for(7 * kDay + kHour);
  BOOST_TEST(sheets.hub.deliver("row.added", R"({"n":1,"text":"1"})", "d2").status == 200);  // after so long it is news
  BOOST_TEST(sheets.hub.runs().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_list_that_shows_its_last_row_for_weeks_tells_it_once) {
  Sheets sheets({"a"}, {}, Map{{"poll_every", "6h"}});
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.add("1");
  sheets.run_for(30 * kDay);
  sheets.told({"1"});
}

BOOST_AUTO_TEST_CASE(an_optional_poll_does_without_a_login_and_begins_with_one) {
  Sheets sheets({"a"}, {false, true, false, true});
  sheets.hub.apply(kListens);
  sheets.run_for(kHour);
  BOOST_TEST(sheets.vendor.asked.empty());
  BOOST_TEST(sheets.hub.hub->connections().front().at_path("health.state")->if_string()->c_str() == "ok");
  BOOST_REQUIRE(sheets.hub.hub->rotate_secret("shop", "api_token", Secret("token-1234567890"), false, 0).has_value());
  sheets.run_for(kMinute);
  BOOST_TEST(!sheets.vendor.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_restart_goes_on_behind_the_last_committed_row) {
  Sheets sheets;
  sheets.hub.apply(kListens);
  sheets.run_for(kMinute);
  sheets.add("1");
  sheets.run_for(kMinute);
  sheets.add("2");
  sheets.vendor.hold = true;
  sheets.run_for(40 * kSecond);  // asked, not answered
  sheets.hub.crash();
  sheets.vendor.forget();
  sheets.hub.clock.advance(kHour);
  sheets.add("3");
  sheets.hub.start();
  sheets.run_for(kMinute);
  sheets.told({"1", "2", "3"});
}

BOOST_AUTO_TEST_CASE(one_connection_is_asked_one_thing_at_a_time_and_a_slow_one_delays_no_other) {
  DuePlan plan;
  for (Id connection = 1; connection <= 18; ++connection)
    for (const char* item : {"a", "b"}) plan.put({connection, "rows", item}, 10);
  const auto first = plan.take(10);
  BOOST_REQUIRE_EQUAL(first.size(), DuePlan::kAtOnce);
  std::set<Id> busy;
  for (const auto& key : first) busy.insert(key.connection);
  BOOST_TEST(busy.size() == DuePlan::kAtOnce);
  BOOST_TEST(plan.take(10).empty());
  // Connection 1 does not answer; the others go on, those first that were not served yet.
  for (const auto& key : first)
    if (key.connection != 1) {
      plan.ended(key, 10);
      plan.put(key, 40);
    }
  const auto second = plan.take(10);
  BOOST_REQUIRE_EQUAL(second.size(), DuePlan::kAtOnce - 1);
  BOOST_TEST(second[0].connection == 17);
  BOOST_TEST(second[1].connection == 18);
  for (const auto& key : second) BOOST_TEST(key.connection != 1);
  BOOST_TEST(plan.next(10).value() == 40);
}

// Each is asked every minute; half of them take half a minute to answer.
BOOST_AUTO_TEST_CASE(BPR_09_of_five_hundred_sources_the_slow_half_delays_the_other_half_once_and_then_no_more) {
  constexpr Id kSources = 500;
  DuePlan plan;
  SeededRandom random(5);
  std::map<Id, std::vector<Millis>> asked;
  std::multimap<Millis, runtime::ChoreKey> ends;
  for (Id source = 1; source <= kSources; ++source) plan.put({source, "rows", ""}, 0);
  std::size_t most = 0;
  for (Millis now = 0; now <= 2 * kHour;) {
    for (; !ends.empty() && ends.begin()->first <= now; ends.erase(ends.begin())) {
      const auto& key = ends.begin()->second;
      plan.ended(key, now);
      plan.put(key, next_after_success(now, kMinute, random.unit()));
    }
    for (const auto& key : plan.take(now)) {
      asked[key.connection].push_back(now);
      ends.emplace(now + (key.connection % 2 == 0 ? 30 * kSecond : 100), key);
    }
    most = std::max(most, ends.size());
    const auto due = plan.next(now);
    Millis next = due.value_or(now + kHour);
    if (!ends.empty()) next = std::min(next, ends.begin()->first);
    now = std::max(now + 1, next);
  }
  BOOST_TEST(most <= DuePlan::kAtOnce);
  std::map<Millis, int> seconds;
  for (const auto& [source, times] : asked) {
    BOOST_REQUIRE(times.size() >= 4u);  // the slow ones share their half of the lanes
    for (std::size_t at = 1; at < times.size(); ++at) {
      const Millis pause = times[at] - times[at - 1];
      BOOST_TEST(pause >= kMinute * 9 / 10);
      // In the first round nobody knows who is slow.
      if (source % 2 != 0 && times[at - 1] > 20 * kMinute) BOOST_TEST(pause <= kMinute * 12 / 10);
      if (source % 2 != 0 && times[at] > kHour) ++seconds[times[at] / kSecond];
    }
  }
  for (const auto& [second, count] : seconds) BOOST_TEST(count <= 30);  // they do not come all at one instant
}

BOOST_AUTO_TEST_CASE(intervals_spread_and_failures_wait_up_to_an_hour) {
  BOOST_TEST(next_after_success(0, 30'000, 0.0) == 27'000);
  BOOST_TEST(next_after_success(0, 30'000, 0.5) == 30'000);
  BOOST_TEST(next_after_failure(0, 30'000, 1, {}, 0.5) == 30'000);
  BOOST_TEST(next_after_failure(0, 30'000, 3, {}, 0.5) == 120'000);
  BOOST_TEST(next_after_failure(0, 30'000, 60, {}, 0.5) == kHour);
  BOOST_TEST(next_after_failure(0, 30'000, 1, 2 * kHour, 0.0) >= 2 * kHour);
}

// Rows come, calls fail in every way, the hub crashes and stops, deliveries wake it: in the end every row was told, once.
BOOST_AUTO_TEST_CASE(whatever_happens_no_row_is_lost_and_none_is_told_twice) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      SeededRandom random(seed);
      const auto pick = [&](std::uint64_t below) { return random.next() % below; };
      Sheets sheets({"a", "b", "c"});
      sheets.hub.apply(kListens);
      sheets.run_for(kMinute);
      std::multiset<std::string> rows;
      for (int turn = 0; turn < 120; ++turn) {
        for (auto left = pick(5); left > 0; --left) {
          const std::string tab(1, static_cast<char>('a' + pick(3)));
          sheets.add(tab + std::to_string(rows.size()), tab);
          rows.insert(tab + std::to_string(rows.size()));
        }
        if (pick(3) == 0) sheets.vendor.fates.push_back(static_cast<Fate>(pick(5)));
        const auto fate = pick(12);
        if (fate == 0) {
          sheets.vendor.hold = true;
          sheets.run_for(static_cast<Millis>(pick(40)) * kSecond);
          sheets.hub.crash();
          sheets.vendor.forget();
          sheets.hub.start();
        } else if (fate == 1) {
          sheets.hub.stop();
          sheets.hub.start();
        } else if (fate == 2) {
          sheets.hub.deliver("changed", "{}", "wake-" + std::to_string(turn));
        }
        sheets.run_for(static_cast<Millis>(pick(60)) * kSecond);
      }
      sheets.vendor.fates.clear();
      sheets.run_for(3 * kHour);
      std::multiset<std::string> told;
      for (const auto& event : sheets.hub.events()) {
        if (event.topic != "row.added") continue;
        told.insert(parse_json((*sheets.hub.reader->event(event.id))->payload.body)->text("text"));
        BOOST_TEST((event.state == store::EventState::routed));
      }
      BOOST_TEST((told == rows));
      BOOST_TEST(sheets.hub.runs().size() == rows.size());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
