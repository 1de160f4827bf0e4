// Floods at the login: what reaches the hash, what a stranger can learn, and that the owner of the machine still comes in.
#include <atomic>
#include <thread>

#include "server/identity.hpp"
#include "server/tries.hpp"
#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

BOOST_AUTO_TEST_SUITE(throttle)

BOOST_AUTO_TEST_CASE(CON_09_five_tries_a_minute_pass_for_an_account_and_for_an_address) {
  Tries tries;
  int one_address = 0, one_account = 0;
  for (int i = 0; i < 10'000; ++i) {
    one_address += tries.admit({"peer 192.0.2.1", "name " + std::to_string(i)}, 0) ? 1 : 0;
    one_account += tries.admit({"peer 10.0." + std::to_string(i % 1000), "name minji"}, 0) ? 1 : 0;
  }
  BOOST_TEST(one_address == 5);
  BOOST_TEST(one_account == 5);
  BOOST_TEST(!tries.admit({"peer 192.0.2.1"}, kMinute - 1));
  BOOST_TEST(tries.admit({"peer 192.0.2.1"}, kMinute));
}

BOOST_AUTO_TEST_CASE(CON_09_a_flood_from_everywhere_takes_bounded_memory_and_shuts_nobody_out_for_ever) {
  Tries tries;
  for (int i = 0; i < 300'000; ++i) tries.admit({"peer " + std::to_string(i), "name " + std::to_string(i)}, 0);
  BOOST_TEST(tries.size() <= Tries::kKeysMax);
  BOOST_TEST(tries.admit({"peer 299999"}, 0));
}

BOOST_AUTO_TEST_CASE(CON_09_known_and_unknown_names_are_answered_alike_and_the_link_of_the_command_line_still_works) {
  RunningHub hub;
  claim(hub);
  Visitor stranger(hub);
  const auto known = stranger.log_in("minji", "wrong words, all of them");
  const auto unknown = stranger.log_in("nobody", "wrong words, all of them");
  BOOST_TEST(known.status == 401);
  BOOST_TEST(known.body == unknown.body);
  int refused = 0;
  for (int i = 0; i < 50; ++i) refused += stranger.log_in("minji", "wrong words").status == 429 ? 1 : 0;
  BOOST_TEST(refused == 47);  // two passed before
  BOOST_TEST(stranger.log_in("minji").status == 429);
  const auto link = hub.post("/api/v1/login-links");
  BOOST_TEST(stranger.post("/api/v1/sessions", Map{{"code", secret_of(link.text("url"))}}).status == 200);
  hub.clock.advance(kMinute);
  BOOST_TEST(stranger.log_in("minji").status == 200);
}

// An unknown name is judged by a hash of the same cost: the same work is done, which a clock would only measure badly.
BOOST_AUTO_TEST_CASE(CON_09_an_unknown_name_costs_a_hash_as_well) {
  RunningHub hub;
  store::Store& store = *hub.store;
  SystemRandom random;
  Identity identity(store, hub.clock, random, {64, 1});
  BOOST_REQUIRE(identity.load().has_value());
  const auto hashes = [&](const std::string& name) {
    const auto before = identity.hashes_judged();
    BOOST_TEST(identity.enter_by_password(name, Secret("wrong words"), {}).has_error());
    return identity.hashes_judged() - before;
  };
  const auto made = identity.make_claim();
  BOOST_REQUIRE(identity.claim(made->text, "minji", Secret(kPassword), {}).has_value());
  BOOST_TEST(hashes("minji") == 1u);
  BOOST_TEST(hashes("nobody") == 1u);
}

BOOST_AUTO_TEST_CASE(CON_09_a_parallel_flood_hashes_one_at_a_time_and_is_told_to_come_back) {
  RunningHub hub;
  claim(hub);
  std::atomic<int> done = 0, other = 0;
  std::vector<std::thread> flood;
  for (int t = 0; t < 8; ++t)
    flood.emplace_back([&, t] {
      auto client = hub.admin_client();
      for (int i = 0; i < 10; ++i) {
        const auto name = std::to_string(t) + "-" + std::to_string(i);
        const auto answer =
            client.Post("/api/v1/sessions", write_json(Map{{"name", name}, {"password", "wrong words"}}), kJson);
        const bool good = answer && (answer->status == 401 || answer->status == 429 || answer->status == 503);
        (good ? done : other)++;
      }
    });
  for (auto& thread : flood) thread.join();
  BOOST_TEST(done == 80);
  BOOST_TEST(other == 0);
  Visitor owner(hub, kToken);
  BOOST_TEST(owner.get("/api/v1/status").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
