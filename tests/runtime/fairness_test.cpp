// What one vendor's trouble does to the others, and to itself: a whole hub in virtual time, each vendor at a host of its own.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "runtime/hosts.hpp"
#include "runtime/town.hpp"

using namespace ieum;
using namespace ieum::test;
using Fate = Town::Fate;
using runtime::Hosts;

namespace {

std::vector<std::string> names(int count) {
  std::vector<std::string> all;
  for (int at = 0; at < count; ++at) all.push_back("h" + std::to_string(at));
  return all;
}

std::string numbered(std::size_t number) { return "n" + std::to_string(number); }

// Bursts of forty to each of twenty hosts, eight of which go at once: how long the slowest hundredth waits.
Millis slowest_of_healthy(int swallowed) {
  auto all = names(20);
  all.emplace_back("hole");
  Town town(all);
  town.houses["hole"].fate = [] { return Fate::swallow; };
  std::vector<Town::Given> given;
  std::map<std::string, Millis> sent;
  for (int at = 0; at < swallowed; ++at) given.push_back({kMonday, "hole", numbered(at)});
  for (int minute = 0; minute < 2; ++minute) {
    for (int house = 0; house < 20; ++house) {
      const Millis when = kMonday + 1 + minute * kMinute + house * kSecond;
      for (int at = 0; at < 40; ++at) {
        const auto text = std::to_string(house) + "/" + numbered(given.size());
        given.push_back({when, all[house], text});
        sent[text] = when;
      }
    }
  }
  std::stable_sort(given.begin(), given.end(), [](const auto& a, const auto& b) { return a.at_ms < b.at_ms; });
  town.run(given, kMonday + 3 * kMinute);

  std::vector<Millis> waits;
  for (const auto& [name, house] : town.houses) {
    if (name == "hole") continue;
    BOOST_TEST(house.answers == 80);
    for (const auto& [text, at] : house.first_call) waits.push_back(at - sent.at(text));
  }
  BOOST_REQUIRE_EQUAL(waits.size(), 1'600u);
  std::sort(waits.begin(), waits.end());
  if (swallowed > 0) {
    const auto& hole = town.houses["hole"];
    BOOST_TEST(hole.most_under_way <= 8u);
    const auto states = town.hub.hub->hosts();
    BOOST_REQUIRE(states.if_list() != nullptr && states.if_list()->size() == 1u);
    BOOST_TEST(states.if_list()->front().text("host") == "https://hole.example");
    BOOST_TEST(states.if_list()->front().text("state") != "closed");
    // Eight go at once. They are given up after half a minute; four more begin until the fifth failure opens the circuit. Then one at
    // a time tries it.
    std::size_t under_way = 0;
    for (const Millis begun : hole.begun) under_way += begun > kMonday + kMinute ? 1 : 0;
    BOOST_TEST(under_way <= 2 * kMinute / (30 * kSecond));
    BOOST_TEST(hole.calls <= 8 + 4 + 4);
    // And none of them is lost: each is due again.
    BOOST_TEST(town.hub.reader->next_due()->has_value());
  }
  return waits[waits.size() * 99 / 100];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fairness)

BOOST_AUTO_TEST_CASE(OUT_07_a_host_that_swallows_ten_thousand_calls_makes_no_other_wait) {
  const Millis usual = slowest_of_healthy(0);
  BOOST_TEST(usual >= 300);  // of a burst of forty most wait for their turn
  BOOST_TEST(slowest_of_healthy(10'000) * 2 <= usual * 3);
}

BOOST_AUTO_TEST_CASE(what_a_quick_host_cannot_take_yet_is_not_begun_and_others_wait_only_for_their_turn) {
  constexpr int kFlood = 3'000;
  Town town({"quick", "other"}, true);
  town.houses["quick"].takes = 2;
  std::vector<Town::Given> given;
  given.push_back({kMonday, "quick", "the first, which shows that it is quick"});
  for (int at = 1; at < kFlood; ++at) given.push_back({kMonday + 10, "quick", numbered(static_cast<std::size_t>(at))});
  for (int at = 0; at < 8; ++at) given.push_back({kMonday + 20, "other", numbered(static_cast<std::size_t>(at))});
  town.run(given, kMonday + kMinute);

  const auto& quick = town.houses["quick"];
  BOOST_TEST(quick.answers == kFlood);
  BOOST_TEST(quick.begun.back() <= kMonday + kFlood * 2 / 8 + 2 * kSecond);
  const auto& other = town.houses["other"];
  BOOST_REQUIRE_EQUAL(other.begun.size(), 8u);
  BOOST_TEST(other.begun.back() <= kMonday + 20 + Hosts::kQuick);
  // Nobody was sent away and came again, which would have moved its run twice more.
  int moved_more = 0;
  for (Id id = 1; auto run = *town.hub.reader->run(id); ++id) moved_more += run->rev == 2 ? 0 : 1;
  BOOST_TEST(moved_more == 0);
}

BOOST_AUTO_TEST_CASE(RET_08_a_host_that_is_gone_for_five_days_is_asked_now_and_then_and_gets_its_backlog_gently) {
  Town town({"gone", "well"});
  auto& gone = town.houses["gone"];
  const Millis back = kMonday + 5 * kDay;
  gone.fate = [&] { return town.hub.clock.now() < back ? Fate::swallow : Fate::answer; };
  std::vector<Town::Given> given;
  for (int at = 0; at < 100; ++at) given.push_back({kMonday, "gone", numbered(at)});
  for (Millis at = kMonday + kHour; at < back + kHour; at += kHour) {
    given.push_back({at, "gone", numbered(given.size())});
    given.push_back({at, "well", numbered(given.size())});
  }
  town.run(given, back - 1);
  // After the first ones, one at a time, and never more often than every few minutes.
  BOOST_TEST(gone.most_under_way <= 8u);
  BOOST_TEST(gone.answers == 0);
  BOOST_TEST(gone.calls <= 30 + 5 * kDay / (4 * kMinute));
  BOOST_TEST(gone.calls >= 5 * kDay / (7 * kMinute));  // it is not forgotten either
  std::vector<Millis> late(gone.begun.begin() + 20, gone.begun.end());
  for (std::size_t at = 1; at < late.size(); ++at) BOOST_TEST(late[at] - late[at - 1] >= 30 * kSecond);

  const auto calls_before = static_cast<std::size_t>(gone.calls);
  gone.most_under_way = gone.under_way;
  town.run({given.end() - 2, given.end()}, back + 2 * kHour);
  std::size_t sent = 0;
  for (const auto& one : given) sent += one.connection == "gone" ? 1 : 0;
  BOOST_TEST(gone.done.size() == sent);  // all of it arrived, and none twice
  BOOST_TEST(gone.answers == static_cast<int>(sent));
  BOOST_TEST(gone.most_under_way <= 8u);
  // The rate rises: the first ten take longer than ten in the middle.
  std::vector<Millis> drained(gone.begun.begin() + static_cast<std::ptrdiff_t>(calls_before), gone.begun.end());
  BOOST_REQUIRE(drained.size() >= sent);
  std::size_t first = 0;
  while (drained[first] < back) ++first;
  BOOST_TEST(drained[first + 10] - drained[first] > drained[first + 90] - drained[first + 80]);
  BOOST_TEST(drained[first + 150] - drained[first] < kMinute);
  BOOST_TEST(town.houses["well"].answers == 120);
  for (const auto& run : town.hub.runs()) BOOST_TEST((run.state == store::RunState::finished));
}

BOOST_AUTO_TEST_CASE(RET_09_a_host_that_fails_half_of_the_time_is_asked_a_fifth_more_and_the_others_do_not_notice) {
  Town town({"half", "well"});
  SeededRandom dice(11);
  auto& half = town.houses["half"];
  const Millis mended = kMonday + kHour;
  half.fate = [&] { return town.hub.clock.now() < mended && dice.next() % 2 == 0 ? Fate::fail : Fate::answer; };
  std::vector<Town::Given> given;
  std::map<std::string, Millis> sent;
  for (Millis at = kMonday; at < mended; at += kSecond) {
    for (const char* name : {"half", "well"}) {
      if (*name == 'w' && at % (10 * kSecond) != 0) continue;
      given.push_back({at, name, numbered(given.size())});
      sent[given.back().text] = at;
    }
  }
  town.run(given, mended);
  const int first_ones = static_cast<int>(half.first_call.size());
  BOOST_TEST(first_ones >= 3'000);
  BOOST_TEST((half.calls - first_ones - 10) * 5 <= first_ones);  // its first ten calls are too few to tell
  BOOST_TEST((half.calls - first_ones) * 10 >= first_ones);      // and it is not given up
  for (const auto& [text, at] : town.houses["well"].first_call) BOOST_TEST(at == sent.at(text));
  town.run({}, mended + 3 * kHour);
  BOOST_TEST(half.done.size() == 3'600u);
  BOOST_TEST(half.answers == 3'600);
}

BOOST_AUTO_TEST_SUITE_END()
