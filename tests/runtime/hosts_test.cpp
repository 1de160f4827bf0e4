// Hosts: who goes to a host now, who waits, and who comes back when. Pure: the test says what time it is.
#include "runtime/hosts.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>

using namespace ieum;
using runtime::Hosts;
using Outcome = runtime::Breaker::Outcome;

namespace {

constexpr const char* kOrigin = "https://a.example";

// Calls under way and answers to those that were sent away, in their order.
struct Desk {
  Hosts hosts;
  SeededRandom random{3};
  Millis now = kDay;
  std::deque<std::pair<Id, Hosts::Pass>> under_way;  // by run
  std::vector<std::pair<Id, Hosts::Away>> away;
  std::vector<Id> woken;
  bool commits = true;  // at once
  int eased = 0;

  void enter(Hosts::Caller caller, const std::string& account = "one", std::size_t cap = 8,
             const std::string& origin = kOrigin) {
    hosts.enter({origin, account, cap, 10, caller}, now, [this, run = caller.run, origin](const Hosts::Entry& entry) {
      if (const auto* pass = std::get_if<Hosts::Pass>(&entry)) return under_way.emplace_back(run, *pass), void();
      away.emplace_back(run, std::get<Hosts::Away>(entry));
      if (run != 0 && commits) sleeps(run, origin);
    });
  }
  // What the hub does when a run that was sent away is down in its store.
  void sleeps(Id run, const std::string& origin = kOrigin) {
    if (hosts.sleeps(origin, run, now)) call_back(1, origin);
  }
  void call_back(std::size_t count, const std::string& origin = kOrigin) {
    for (std::size_t i = 0; i < count; ++i) woken.push_back(hosts.call_back(origin).value_or(0));
  }
  void run(Id id, Id recipe = 1, bool repeats = false) { enter({recipe, id, true, repeats, false}); }
  void end(Outcome outcome) {
    const auto pass = under_way.front().second;
    under_way.pop_front();
    auto left = hosts.leave(pass, outcome, now, now, random);
    for (const auto& begin : left.begin) begin();
    call_back(left.call_back);
    eased += left.eased ? 1 : 0;
  }
  void open() {
    for (Id id = 1; id <= 5; ++id) run(id);
    while (!under_way.empty()) end(Outcome::unreachable);
    BOOST_REQUIRE(hosts.down(kOrigin, now));
  }
  Hosts::State state() {
    const auto all = hosts.states(now);
    BOOST_REQUIRE_EQUAL(all.size(), 1u);
    return all.front();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(the_origin_of_a_url_ends_where_its_path_begins) {
  BOOST_TEST(runtime::origin_in("https://a.example/x?y=https://b.example/") == "https://a.example");
  BOOST_TEST(runtime::origin_in("http://a.example:8080") == "http://a.example:8080");
  BOOST_TEST(runtime::origin_in("https://a.example?x=/") == "https://a.example");
  BOOST_TEST(runtime::origin_in("no url/x") == "no url");
}

BOOST_AUTO_TEST_CASE(a_host_and_an_account_let_no_more_than_their_cap_and_an_account_that_says_more_gets_it) {
  Desk desk;
  for (Id id = 1; id <= 6; ++id) desk.enter({1, id, true}, "small", 2);
  BOOST_TEST(desk.under_way.size() == 2u);
  for (Id id = 11; id <= 20; ++id) desk.enter({1, id, true}, "other", 8);
  BOOST_TEST(desk.under_way.size() == 8u);
  for (Id id = 31; id <= 60; ++id) desk.enter({1, id, true}, "large", 20);
  BOOST_TEST(desk.under_way.size() == 20u);
  BOOST_TEST(desk.state().waiting == 46u - 20u);
  while (!desk.under_way.empty()) desk.end(Outcome::answered);
  BOOST_TEST(desk.hosts.states(desk.now).empty());  // and each of them went
  BOOST_TEST(desk.away.empty());
}

BOOST_AUTO_TEST_CASE(a_recipe_that_floods_a_host_makes_another_wait_one_turn) {
  Desk desk;
  for (Id id = 1; id <= 60; ++id) desk.run(id, 1);
  desk.run(100, 2);
  desk.end(Outcome::answered);
  desk.end(Outcome::answered);
  BOOST_TEST(desk.under_way.back().first == 100);
}

BOOST_AUTO_TEST_CASE(a_lane_that_gets_free_lets_go_what_waits_at_another_host_of_the_account) {
  Desk desk;
  desk.enter({1, 1, true}, "one", 1);
  desk.enter({1, 2, true}, "one", 1, "https://b.example");
  BOOST_TEST(desk.under_way.size() == 1u);
  desk.end(Outcome::answered);
  BOOST_REQUIRE(desk.under_way.size() == 1u);
  BOOST_TEST(desk.under_way.front().first == 2);
}

BOOST_AUTO_TEST_CASE(beyond_what_may_wait_a_run_comes_again_later_each_at_a_time_of_its_own) {
  Desk desk;
  const Id count = 8 + Hosts::kWaitingWellMax + 50;
  for (Id id = 1; id <= count; ++id) desk.run(id);
  BOOST_TEST(desk.state().waiting == Hosts::kWaitingWellMax);
  BOOST_REQUIRE(desk.away.size() == 50u);
  for (std::size_t at = 0; at < 50; ++at) {
    BOOST_TEST((desk.away[at].second.why == Hosts::Why::busy));
    BOOST_TEST(desk.away[at].second.due_ms > (at == 0 ? desk.now : desk.away[at - 1].second.due_ms));
  }
  desk.enter({0, 0, false});  // the hub's own call waits
  BOOST_TEST(desk.away.size() == 50u);
  BOOST_TEST(desk.state().waiting == Hosts::kWaitingWellMax + 1);
}

BOOST_AUTO_TEST_CASE(a_host_that_fails_keeps_few_waiting_and_none_when_its_circuit_opens) {
  Desk desk;
  desk.run(1);
  desk.end(Outcome::failed);
  for (Id id = 2; id <= 200; ++id) desk.run(id);
  BOOST_TEST(desk.state().waiting == Hosts::kWaitingMax);
  const auto before = desk.away.size();
  BOOST_TEST(before == 199 - 8 - Hosts::kWaitingMax);
  for (int at = 0; at < 5; ++at) desk.end(Outcome::unreachable);
  BOOST_TEST(desk.state().waiting == 0u);
  // Also what was let begin meanwhile is among those under way: nothing was lost.
  BOOST_TEST(desk.away.size() + desk.under_way.size() + 5 == 199u);
  for (auto at = before; at < desk.away.size(); ++at) {
    BOOST_TEST((desk.away[at].second.why == Hosts::Why::down));
    BOOST_TEST(desk.away[at].second.due_ms >= *desk.state().next_try_ms);
  }
}

BOOST_AUTO_TEST_CASE(while_it_is_open_the_hubs_own_calls_fail_and_a_test_by_a_person_goes) {
  Desk desk;
  desk.open();
  desk.enter({0, 0, false});
  BOOST_REQUIRE(desk.away.size() == 1u);
  BOOST_TEST(desk.away[0].second.due_ms == *desk.state().next_try_ms);
  desk.enter({0, 0, false, false, true});
  BOOST_REQUIRE(desk.under_way.size() == 1u);
  desk.now += 100;
  desk.end(Outcome::answered);  // and a good answer closes it
  BOOST_TEST(!desk.hosts.down(kOrigin, desk.now));
}

BOOST_AUTO_TEST_CASE(one_at_a_time_tries_it_and_the_first_answers_call_the_others_back_ever_faster) {
  Desk desk;
  desk.open();
  for (Id id = 100; id < 200; ++id) desk.run(id);
  BOOST_TEST(desk.away.size() == 100u);
  BOOST_TEST(desk.state().away == 100u);
  desk.now = desk.away[0].second.due_ms;
  desk.run(100);
  desk.run(101);
  BOOST_TEST(desk.under_way.size() == 1u);  // the other one is sent away once more
  BOOST_TEST(desk.away.back().first == 101);
  BOOST_TEST(desk.away.back().second.due_ms > desk.now);
  std::size_t most = 0, begun = 1;
  std::vector<std::size_t> rising;
  while (!desk.under_way.empty()) {
    most = std::max(most, desk.under_way.size());
    rising.push_back(desk.under_way.size());
    desk.now += 50;
    desk.end(Outcome::answered);
    for (const Id run : std::exchange(desk.woken, {})) {
      BOOST_TEST(run == static_cast<Id>(100 + begun));  // the oldest first
      ++begun;
      desk.run(run);
    }
  }
  BOOST_TEST(begun == 100u);
  BOOST_TEST(most == 8u);
  BOOST_TEST((std::vector<std::size_t>(rising.begin(), rising.begin() + 4) == std::vector<std::size_t>{1, 2, 3, 4}));
  BOOST_TEST(desk.hosts.states(desk.now).empty());
}

BOOST_AUTO_TEST_CASE(who_lies_down_when_the_host_has_room_again_is_called_back_at_once_though_nobody_leaves_any_more) {
  Desk desk;
  desk.commits = false;
  const Id count = 8 + Hosts::kWaitingWellMax + 3;
  for (Id id = 1; id <= count; ++id) desk.run(id);
  BOOST_REQUIRE_EQUAL(desk.away.size(), 3u);
  while (!desk.under_way.empty()) desk.end(Outcome::answered);
  BOOST_TEST(desk.woken.empty());  // not one of them is down in the store yet
  for (const auto& [run, away] : desk.away) desk.sleeps(run);
  BOOST_TEST((desk.woken == std::vector<Id>{count - 2, count - 1, count}));
  BOOST_TEST(!desk.hosts.call_back(kOrigin));
  BOOST_TEST(!desk.hosts.call_back("https://unknown.example"));
}

BOOST_AUTO_TEST_CASE(a_host_that_answers_quickly_is_crowded_until_half_of_the_crowd_is_served) {
  Desk desk;
  const auto fill = [&] {
    for (Id id = 1; id <= static_cast<Id>(8 + Hosts::kCrowd); ++id) desk.run(id);
  };
  fill();
  BOOST_TEST(!desk.hosts.crowded(desk.now));  // nobody knows yet that it is quick
  desk.now += 5;
  desk.end(Outcome::answered);
  BOOST_TEST(desk.hosts.crowded(desk.now));
  BOOST_TEST(!desk.hosts.crowded(desk.now + Hosts::kQuick));  // it has said nothing for long
  while (desk.eased == 0 && !desk.under_way.empty()) desk.end(Outcome::answered);
  BOOST_TEST(desk.state().waiting == Hosts::kCrowd / 2 - 1);
  BOOST_TEST(!desk.hosts.crowded(desk.now));
  while (!desk.under_way.empty()) desk.end(Outcome::answered);
  BOOST_TEST(desk.eased == 1);
}

BOOST_AUTO_TEST_CASE(a_slow_host_and_one_whose_circuit_opens_crowd_nobody) {
  Desk slow;
  for (Id id = 1; id <= 1'000; ++id) slow.run(id);
  for (int at = 0; at < 100; ++at) {
    slow.now += 100;
    slow.end(Outcome::answered);
  }
  BOOST_TEST(slow.state().waiting > Hosts::kCrowd);
  BOOST_TEST(!slow.hosts.crowded(slow.now));
  Desk down;
  for (Id id = 1; id <= 500; ++id) down.run(id);
  down.now += 5;
  down.end(Outcome::answered);
  BOOST_TEST(down.hosts.crowded(down.now));
  while (!down.hosts.down(kOrigin, down.now)) down.end(Outcome::unreachable);
  BOOST_TEST(!down.hosts.crowded(down.now));
  BOOST_TEST(down.eased == 1);
}

BOOST_AUTO_TEST_CASE(ten_thousand_that_were_sent_away_come_back_within_an_hour_and_not_at_once) {
  Desk desk;
  desk.open();
  desk.now += 4 * kDay;  // it has failed for long
  desk.hosts.enter({kOrigin, "one", 8, 0, {1, 1, true}}, desk.now, [&](const Hosts::Entry& entry) {
    static_cast<void>(
        desk.hosts.leave(std::get<Hosts::Pass>(entry), Outcome::unreachable, desk.now, desk.now, desk.random));
  });
  std::map<Millis, int> seconds;
  for (Id id = 1; id <= 12'000; ++id) desk.run(id);
  BOOST_TEST(desk.away.size() == 12'000u);
  BOOST_TEST(desk.state().away == Hosts::kAwayMax);
  int most = 0;
  for (const auto& [run, away] : desk.away) {
    BOOST_TEST(away.due_ms <= desk.now + kHour);
    most = std::max(most, ++seconds[away.due_ms / kMinute]);
  }
  BOOST_TEST(most <= 12'000 / 60 + 60);
}

BOOST_AUTO_TEST_CASE(a_host_that_fails_half_of_the_time_gets_a_fifth_more_of_repeated_calls) {
  Desk desk;
  int repeated = 0;
  for (Id id = 1; id <= 2'000; ++id) {
    desk.now += 100;
    desk.run(id);
    desk.end(id % 2 ? Outcome::failed : Outcome::answered);
    desk.run(10'000 + id, 1, true);
    if (desk.under_way.empty()) continue;
    ++repeated;
    desk.end(id % 3 ? Outcome::failed : Outcome::answered);
  }
  BOOST_TEST(repeated <= 400 + 10);  // the first ten calls are too few to tell
  BOOST_TEST(repeated >= 300);
  BOOST_TEST((desk.away.back().second.why == Hosts::Why::repeats));
}

BOOST_AUTO_TEST_CASE(at_the_end_of_the_hub_all_that_waits_begins_and_is_given_back) {
  Desk desk;
  for (Id id = 1; id <= 20; ++id) desk.run(id);
  for (const auto& begin : desk.hosts.drain()) begin();
  BOOST_TEST(desk.under_way.size() == 20u);
  while (!desk.under_way.empty()) desk.end(Outcome::untold);
  BOOST_TEST(desk.hosts.states(desk.now).empty());
}

BOOST_AUTO_TEST_CASE(hosts_that_are_called_once_are_forgotten_and_one_that_fails_is_not) {
  Desk desk;
  desk.open();
  for (int at = 0; at < 5'000; ++at) {
    desk.now += 200;
    desk.enter({1, 0, true}, "one", 8, "https://h" + std::to_string(at) + ".example");
    desk.end(Outcome::answered);
  }
  BOOST_TEST(desk.hosts.known() < 2'000u);
  BOOST_TEST(desk.state().origin == kOrigin);
}

BOOST_AUTO_TEST_SUITE_END()
