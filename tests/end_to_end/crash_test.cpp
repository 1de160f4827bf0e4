// The real binary killed: at random instants under load, and on purpose at each point where a crash must lose nothing.
// After it every accepted checkout has exactly one finished run, and no step key reached a receiver twice.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "base/random.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

bool long_form() { return std::getenv("IEUM_LONG") != nullptr; }

// Sends checkouts 1..count over several threads; one that got no 2xx is sent again, as Shopify would, until it does.
class Load {
 public:
  Load(ShopFloor& floor, int count, int threads) : count_(count) {
    for (int n = 1; n <= count; ++n) requests_.push_back(floor.checkout(n));
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Load() { join(); }
  void join() {
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  [[nodiscard]] int accepted() const { return accepted_.load(); }
  // Blocks until that many were accepted in all.
  void wait_for(int accepted) {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return accepted_.load() >= std::min(accepted, count_); });
  }

 private:
  void work() {
    for (int n = next_.fetch_add(1); n < count_; n = next_.fetch_add(1)) {
      while (ShopFloor::send(requests_[static_cast<std::size_t>(n)]) / 100 != 2) std::this_thread::yield();
      {
        const std::lock_guard lock(mutex_);
        ++accepted_;
      }
      moved_.notify_all();
    }
  }
  const int count_;
  std::vector<HttpRequest> requests_;
  std::atomic<int> next_{0}, accepted_{0};
  std::mutex mutex_;
  std::condition_variable moved_;
  std::vector<std::thread> threads_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(crash)

BOOST_AUTO_TEST_CASE(killed_again_and_again_under_load_every_checkout_has_one_finished_run) {
  const int kills = long_form() ? 200 : 20;
  // As many as Slack takes in a minute: the hub keeps to that, and the long form waits for its turns.
  const int each = long_form() ? 5 : 8;
  const int checkouts = kills * each;
  ShopFloor floor;
  SeededRandom random(20'261'121);
  Load load(floor, checkouts, 4);
  for (int i = 0; i < kills; ++i) {
    // The instant is random in progress, not in time: between nothing and `each` more checkouts after the last start.
    load.wait_for(i * each + static_cast<int>(random.next() % static_cast<std::uint64_t>(each)));
    floor.hub().kill_now();
    floor.start_hub();
  }
  load.join();
  floor.expect_exactly_once(checkouts);
}

BOOST_AUTO_TEST_CASE(killed_between_accept_and_route) {
  ShopFloor floor;
  for (int n = 1; n <= 3; ++n) {
    floor.hub().end();
    floor.start_hub({"--crash-at", "accepted"});
    const auto checkout = floor.checkout(n);
    const int status = ShopFloor::send(checkout);
    BOOST_TEST(floor.hub().wait() == 128 + 9);
    floor.start_hub();
    // An answer that the kill swallowed is asked for again, as the vendor would.
    if (status == 0) BOOST_TEST(ShopFloor::send(checkout) == 200);
    floor.wait_until_done();  // else the next start finds an unrouted event and dies of it before it listens
  }
  floor.expect_exactly_once(3);
}

BOOST_AUTO_TEST_CASE(killed_between_intent_and_send) {
  ShopFloor floor;
  for (int n = 1; n <= 4; ++n) {
    floor.hub().end();
    floor.start_hub(
        {"--crash-at", n % 2 == 0 ? "intended:2" : "intended"});  // the alimtalk, or the Slack message behind it
    BOOST_TEST(ShopFloor::send(floor.checkout(n)) == 200);
    BOOST_TEST(floor.hub().wait() == 128 + 9);
    floor.start_hub();
    floor.wait_until_done();
  }
  floor.expect_exactly_once(4);
}

BOOST_AUTO_TEST_CASE(killed_between_send_and_answer) {
  ShopFloor floor;
  for (const std::string vendor : {"solapi", "slack"}) {
    const int n = vendor == "solapi" ? 1 : 2;
    // The vendor acts at once and answers late: the kill falls between.
    floor.sandbox(
        "POST", "/_sandbox/faults",
        Map{{"vendor", vendor}, {"kind", "delay"}, {"ms", 20'000}, {"times", 1}, {"match", Map{{"method", "POST"}}}});
    BOOST_TEST(ShopFloor::send(floor.checkout(n)) == 200);
    for (;;) {
      const auto messages = floor.sandbox("GET", "/_sandbox/messages");
      if (messages.get("messages")->if_list()->size() == static_cast<std::size_t>(n == 1 ? 1 : 4)) break;
    }
    floor.hub().kill_now();
    floor.start_hub();
    floor.wait_until_done();
  }
  floor.expect_exactly_once(2);
}

BOOST_AUTO_TEST_CASE(killed_between_answer_and_outcome) {
  ShopFloor floor;
  for (int n = 1; n <= 4; ++n) {
    floor.hub().end();
    floor.start_hub({"--crash-at", n % 2 == 0 ? "answered:2" : "answered"});
    BOOST_TEST(ShopFloor::send(floor.checkout(n)) == 200);
    BOOST_TEST(floor.hub().wait() == 128 + 9);
    floor.start_hub();
    floor.wait_until_done();
  }
  floor.expect_exactly_once(4);
}

BOOST_AUTO_TEST_CASE(a_failing_look_up_alone_leaves_a_step_in_doubt) {
  ShopFloor floor;
  // The look-up is refused for good: the hub may neither send again nor call it done.
  floor.sandbox("POST", "/_sandbox/faults",
                Map{{"vendor", "slack"},
                    {"kind", "drop_after"},
                    {"times", 1},
                    {"match", Map{{"method", "POST"}, {"operation", "chat.postMessage"}}}});
  floor.sandbox("POST", "/_sandbox/faults",
                Map{{"vendor", "slack"},
                    {"kind", "lookup_fails"},
                    {"status", 200},
                    {"body", R"({"ok":false,"error":"missing_scope"})"},
                    {"times", -1}});
  BOOST_TEST(ShopFloor::send(floor.checkout(1)) == 200);
  floor.wait_until_done();
  BOOST_TEST(floor.totals().number("runs_in_doubt") == 1);
  const auto shown = floor.ieum({"run", "show", "1"});
  BOOST_TEST(shown.find("in_doubt") != std::string::npos);
  BOOST_TEST(shown.find("ieum run retry 1") != std::string::npos);
  const auto messages = floor.sandbox("GET", "/_sandbox/messages");
  BOOST_TEST(messages.get("messages")->if_list()->size() == 2u);
  // A person looks at the channel, sees the message, and leaves it.
  floor.ieum({"run", "cancel", "1"});
  BOOST_TEST(floor.totals().number("runs_in_doubt") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
