// What waits between the first byte of a body and its routing: bounded for the hub, and for one connection by half of what is free.
#include "runtime/intake_budget.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>
#include <set>

#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using runtime::IntakeBudget;
using Verdict = IntakeBudget::Verdict;

namespace {

HttpResponse send(TestHub& hub, const std::string& connection, const std::string& text, const std::string& id = {}) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/hooks/" + connection + "/token-of-the-" + connection;
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Topic", "note");
  if (!id.empty()) request.headers.add("X-Delivery", id);
  request.body = R"({"text":")" + text + R"("})";
  HttpResponse answer;
  hub.hub->accept(connection, "token-of-the-" + connection, std::move(request),
                  [&](HttpResponse given) { answer = std::move(given); });
  return answer;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(intake_budget)

BOOST_AUTO_TEST_CASE(one_gets_half_of_it_the_next_half_of_the_rest_and_all_of_it_comes_back) {
  const auto budget = std::make_shared<IntakeBudget>(IntakeBudget::Limits{1'000, 100});
  std::deque<std::shared_ptr<IntakeBudget::Share>> shares;
  const auto fill = [&](const std::string& connection) {
    std::size_t bytes = 0;
    for (;;) {
      auto asked = budget->ask(connection, 10);
      if (asked.verdict != Verdict::taken) return bytes;
      shares.push_back(std::move(asked.share));
      bytes += 10;
    }
  };
  BOOST_TEST(fill("a") == 500u);
  BOOST_TEST((budget->ask("a", 10).verdict == Verdict::connection_full));
  BOOST_TEST(fill("b") == 250u);
  BOOST_TEST(fill("c") == 120u);
  BOOST_TEST((budget->ask("d", 200).verdict == Verdict::hub_full));  // it has nothing that waits: the hub is full
  BOOST_TEST((budget->ask("d", 10).verdict == Verdict::taken));
  shares.clear();
  BOOST_TEST(budget->level().bytes == 0u);
  BOOST_TEST(budget->level().rows == 0u);
  BOOST_TEST(budget->level().bytes_peak <= 1'000u);
  BOOST_TEST(fill("d") == 500u);
}

BOOST_AUTO_TEST_CASE(rows_are_bounded_as_bytes_are_and_what_was_announced_too_large_is_given_back) {
  const auto budget = std::make_shared<IntakeBudget>(IntakeBudget::Limits{1'000, 10});
  std::deque<std::shared_ptr<IntakeBudget::Share>> shares;
  for (int at = 0; at < 5; ++at) shares.push_back(budget->ask("a", 1).share);
  BOOST_TEST((budget->ask("a", 1).verdict == Verdict::connection_full));
  shares.clear();
  auto announced = budget->ask("a", 400).share;
  BOOST_TEST((budget->ask("a", 200).verdict == Verdict::connection_full));
  announced->shrink(100);
  BOOST_TEST(budget->level().bytes == 100u);
  BOOST_TEST((budget->ask("a", 200).verdict == Verdict::taken));
  announced->shrink(300);  // never more than was asked for
  BOOST_TEST(budget->level().bytes == 100u);
}

BOOST_AUTO_TEST_CASE(BPR_01_a_flood_at_one_connection_is_told_to_come_again_and_the_others_are_taken) {
  TestHub hub;
  hub.stop();
  hub.intake_limits.rows_max = 20'000;
  hub.start();
  runtime::NewConnection other;
  other.name = "other";
  other.connector = "acme";
  other.config = Map{};
  other.secrets.emplace_back("url_token", Secret("token-of-the-other"));
  BOOST_REQUIRE(hub.hub->put_connection(other).has_value());
  hub.settle();
  std::size_t taken = 0, later = 0, others = 0;
  for (int at = 0; at < 12'000; ++at) {  // nothing is routed meanwhile
    const auto answer = send(hub, "shop", std::to_string(at));
    taken += answer.status == 200 ? 1 : 0;
    later += answer.status == 429 ? 1 : 0;
    if (answer.status == 429) BOOST_TEST(answer.headers.get("Retry-After").has_value());
    if (at % 100 == 0) others += send(hub, "other", "o" + std::to_string(at)).status == 200 ? 1 : 0;
  }
  BOOST_TEST(taken + later == 12'000u);
  BOOST_TEST(taken >= 9'000u);
  BOOST_TEST(taken <= 10'000u);
  BOOST_TEST(others == 120u);
  const auto full = hub.hub->intake();
  BOOST_TEST(full.rows == taken + others);
  // A long queue leaves what it holds to the store, and its places stay taken.
  for (std::size_t at = 0; at < full.rows; ++at) hub.engine->run_one();
  BOOST_TEST(hub.hub->intake().rows == full.rows);
  BOOST_TEST(hub.hub->intake().bytes < full.bytes / 2);
  hub.settle();
  // What was taken is routed, all of it, and there is room again.
  BOOST_TEST(hub.hub->intake().rows == 0u);
  BOOST_TEST(hub.hub->intake().bytes == 0u);
  const auto totals = hub.reader->totals();
  BOOST_TEST(totals->events == static_cast<std::int64_t>(taken + others));
  BOOST_TEST(totals->events_fresh == 0);
  BOOST_TEST(send(hub, "shop", "again").status == 200);
}

// Four hours without the hub: then all senders come at once, three times each, and all that it put off is due.
BOOST_AUTO_TEST_CASE(BPR_04_after_an_outage_all_come_at_once_and_each_is_taken_once) {
  constexpr int kBefore = 1'500, kMeanwhile = 1'500;
  TestHub hub(Setup{.in_memory = true});
  hub.apply(
      "recipe: r\ntitle: t\ntrigger: {event: acme/note}\nsteps:\n  - {id: nap, wait: 1h}\n"
      "  - id: send\n    use: acme.put\n    connection: shop\n    with: {text: \"{{ trigger.text }}\"}\n");
  std::map<std::string, std::string> receipts;
  const auto deliver = [&](int number) {
    const auto id = "d" + std::to_string(number);
    const auto answer = send(hub, "shop", "n" + std::to_string(number), id);
    BOOST_REQUIRE((answer.status == 200 || answer.status == 429 || answer.status == 503));
    if (answer.status != 200) {
      BOOST_TEST(answer.headers.get("Retry-After").has_value());
      return;
    }
    const auto [known, is_new] = receipts.emplace(id, answer.body);
    BOOST_TEST(known->second == answer.body);  // a repeated one gets the first one's receipt
  };
  for (int number = 0; number < kBefore; ++number) deliver(number);
  hub.settle();
  hub.crash();
  hub.clock.advance(4 * kHour);
  hub.start();
  for (int round = 0; round < 3; ++round)
    for (int number = 0; number < kBefore + kMeanwhile; ++number) deliver(number);
  hub.settle();
  hub.run_until(hub.clock.now() + 2 * kHour);
  BOOST_TEST(receipts.size() == static_cast<std::size_t>(kBefore + kMeanwhile));
  const auto totals = hub.reader->totals();
  BOOST_TEST(totals->events == kBefore + kMeanwhile);
  BOOST_TEST(totals->runs_finished == kBefore + kMeanwhile);
  std::set<std::string> told;
  for (const auto& [key, text] : hub.vendor.messages) BOOST_TEST(told.insert(text).second);
  BOOST_TEST(told.size() == static_cast<std::size_t>(kBefore + kMeanwhile));
}

BOOST_AUTO_TEST_SUITE_END()
