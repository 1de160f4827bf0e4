// The built binary under load from outside: the same delivery at once and after a restart, a console that pages meanwhile, and the end
// of the process in the middle of it. What got a 2xx is one event with its runs, whatever happened.
#include <httplib.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"
#include "support/counts.hpp"

using namespace ieum;
using namespace ieum::test;
using SteadyClock = std::chrono::steady_clock;

namespace {

bool long_form() { return std::getenv("IEUM_LONG") != nullptr; }

struct Answer {
  int status = 0;  // 0: none came
  std::string receipt;
};

// A hub with one connection of signed webhooks and recipes that end at once.
class SignedFloor : public ShopFloor {
 public:
  explicit SignedFloor(int recipes) : ShopFloor({.connect = false}), recipes_(recipes) {
    TempDirectory files;
    write_file(files.file("secret"), "whsec_" + base64_encode(kKey));
    ieum({"connection", "add", "webhook", "--set", "scheme=standard_webhooks", "--secret",
          "secret=" + files.file("secret")});
    for (int i = 0; i < recipes; ++i)
      api("POST", "/api/v1/recipes",
          Map{{"source", "recipe: r" + std::to_string(i) +
                             "\ntitle: 받기\ntrigger: {event: webhook/received}\nsteps: [{set: {seen: 1}}]\n"}});
  }

  // Signed at a time that many seconds ago.
  HttpRequest delivery(const std::string& id, int seconds_ago = 0, std::size_t padding = 0) {
    const std::string stamp = std::to_string(clock_.now() / kSecond - seconds_ago);
    HttpRequest request{"POST", public_url() + "/hooks/webhook", {}, {}};
    request.body = R"({"id":")" + id + R"(","padding":")" + std::string(padding, 'x') + "\"}";
    request.headers.add("webhook-id", id);
    request.headers.add("webhook-timestamp", stamp);
    request.headers.add("webhook-signature",
                        "v1," + base64_encode(hmac_sha256(kKey, id + "." + stamp + "." + request.body)));
    return request;
  }

  // What must hold when `ids` were accepted, and no more than those: one event each, one run each of every recipe.
  void expect_events(std::size_t ids) {
    wait_until_done();
    const auto now = totals();
    BOOST_TEST(now.number("events") == static_cast<std::int64_t>(ids));
    BOOST_TEST(now.number("runs") == static_cast<std::int64_t>(ids) * recipes_);
    BOOST_TEST(now.number("runs_finished") == static_cast<std::int64_t>(ids) * recipes_);
  }

 private:
  static inline const std::string kKey = "a key of twenty-four byt";
  int recipes_;
  SystemClock clock_;
};

// One connection that is kept, as a vendor's sender keeps it.
class Sender {
 public:
  explicit Sender(const ShopFloor& floor) : client_(floor.public_url()) {
    client_.set_keep_alive(true);
    client_.set_connection_timeout(2);
    client_.set_read_timeout(20);
  }
  Answer send(const HttpRequest& request) {
    httplib::Headers headers;
    for (const auto& [name, value] : request.headers.fields()) headers.emplace(name, value);
    const auto answer = client_.Post("/hooks/webhook", headers, request.body, "application/json");
    if (!answer) return {};
    const auto body = parse_json(answer->body);
    return {answer->status, body.has_value() ? body->text("receipt") : ""};
  }

 private:
  httplib::Client client_;
};

template <class Work>
void on_threads(int count, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
  for (auto& thread : threads) thread.join();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ingest)

BOOST_AUTO_TEST_CASE(ING_04_one_id_signed_anew_a_hundred_times_at_once_is_one_event_and_one_run) {
  SignedFloor floor(1);
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 100; ++i) requests.push_back(floor.delivery("the-same", i));
  std::vector<Answer> answers(requests.size());
  std::atomic<std::size_t> next{0};
  on_threads(32, [&](int) {
    Sender sender(floor);
    for (std::size_t n = next++; n < requests.size(); n = next++) answers[n] = sender.send(requests[n]);
  });
  std::set<std::string> receipts;
  for (const auto& answer : answers) {
    BOOST_TEST(answer.status == 200);
    receipts.insert(answer.receipt);
  }
  BOOST_TEST(receipts.size() == 1U);
  BOOST_TEST(!receipts.begin()->empty());
  floor.expect_events(1);
}

BOOST_AUTO_TEST_CASE(SIG_11_a_good_request_that_is_sent_again_after_a_restart_starts_nothing) {
  SignedFloor floor(1);
  const auto captured = floor.delivery("once");
  const auto first = Sender(floor).send(captured);
  BOOST_TEST(first.status == 200);
  floor.wait_until_done();
  for (const bool killed : {false, true}) {
    if (killed)
      floor.hub().kill_now();
    else
      BOOST_TEST(floor.hub().end() == 0);
    floor.start_hub();
    const auto again = Sender(floor).send(captured);
    BOOST_TEST(again.status == 200);
    BOOST_TEST(again.receipt == first.receipt);
  }
  floor.expect_events(1);
}

// The long form sends at its pace for a minute and judges how long each took; the short one that each was taken.
BOOST_AUTO_TEST_CASE(ING_03_deliveries_are_taken_while_recipes_run_and_a_console_pages) {
  const int count = counts::kBesideAConsole.now();
  const auto apart = std::chrono::milliseconds(long_form() ? 5 : 0);  // 200 a second
  SignedFloor floor(20);
  std::atomic<bool> over{false};
  std::thread console([&] {
    while (!over) {
      std::string path = "/api/v1/runs?limit=50";
      for (int page = 0; page < 5 && !over; ++page) {
        const auto runs = floor.api("GET", path);
        const auto next = runs.number("next");
        if (next == 0) break;
        path = "/api/v1/runs?limit=50&before=" + std::to_string(next);
      }
    }
  });
  std::atomic<int> next{0}, taken{0};
  std::mutex mutex;
  std::vector<double> took_ms;
  const auto begin = SteadyClock::now();
  on_threads(8, [&](int) {
    Sender sender(floor);
    for (int n = next++; n < count; n = next++) {
      const auto due = begin + n * apart;
      while (SteadyClock::now() < due) ::poll(nullptr, 0, 1);
      const auto request = floor.delivery("d" + std::to_string(n), 0, 2'000);
      const auto sent = SteadyClock::now();
      taken += sender.send(request).status == 200 ? 1 : 0;
      const std::lock_guard lock(mutex);
      took_ms.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - sent).count());
    }
  });
  over = true;
  console.join();
  BOOST_TEST(taken == count);
  floor.expect_events(static_cast<std::size_t>(count));
  if (!long_form()) return;
  std::sort(took_ms.begin(), took_ms.end());
  BOOST_TEST(took_ms[took_ms.size() * 99 / 100] <= 250.0);
  BOOST_TEST(took_ms.back() <= 1'000.0);
}

// Asked to end in the middle of it: each request was answered or got nothing, a 2xx is kept and no other, and the process is gone in
// time. What got no 2xx is sent again, as a vendor would.
BOOST_AUTO_TEST_CASE(ING_13_asked_to_end_under_load_it_answers_what_it_took_and_is_gone_in_ten_seconds) {
  const int enough = counts::kBeforeTheEnd.now();
  SignedFloor floor(1);
  std::atomic<int> next{0}, accepted{0};
  std::atomic<bool> refused{false};
  std::vector<std::map<int, Answer>> answers(16);
  std::thread load([&] {
    on_threads(16, [&](int thread) {
      Sender sender(floor);
      while (!refused) {
        const int n = next++;
        const auto answer = sender.send(floor.delivery("d" + std::to_string(n)));
        answers[static_cast<std::size_t>(thread)].emplace(n, answer);
        if (answer.status == 200) ++accepted;
        if (answer.status == 0) refused = true;
      }
    });
  });
  while (accepted < enough) ::poll(nullptr, 0, 1);
  const auto asked = SteadyClock::now();
  BOOST_TEST(floor.hub().end() == 0);
  const auto took = SteadyClock::now() - asked;
  load.join();
  BOOST_TEST((took <= std::chrono::seconds(10)));
  BOOST_TEST(Sender(floor).send(floor.delivery("too-late")).status == 0);

  floor.start_hub();
  Sender sender(floor);
  for (const auto& of_thread : answers) {
    for (const auto& [n, before] : of_thread) {
      BOOST_TEST((before.status == 200 || before.status == 503 || before.status == 0));
      const auto again = sender.send(floor.delivery("d" + std::to_string(n)));
      BOOST_TEST(again.status == 200);
      if (before.status == 200) BOOST_TEST(again.receipt == before.receipt);
    }
  }
  floor.expect_events(static_cast<std::size_t>(next));
}

// A vendor that does not answer holds up the end for no longer than that, and what it was asked is settled afterwards.
BOOST_AUTO_TEST_CASE(ING_13_a_call_that_hangs_holds_up_the_end_for_ten_seconds_at_most) {
  if (!long_form()) {
    BOOST_TEST_MESSAGE("left to the long form: it waits for the whole grace");
    return;
  }
  ShopFloor floor;
  floor.sandbox(
      "POST", "/_sandbox/faults",
      Map{{"vendor", "solapi"}, {"kind", "delay"}, {"ms", 25'000}, {"times", 3}, {"match", Map{{"method", "POST"}}}});
  for (int n = 1; n <= 3; ++n) BOOST_TEST(ShopFloor::send(floor.checkout(n)) == 200);
  while (floor.totals().number("runs_acting") == 0) ::poll(nullptr, 0, 20);
  const auto asked = SteadyClock::now();
  BOOST_TEST(floor.hub().end() == 0);
  BOOST_TEST((SteadyClock::now() - asked <= std::chrono::seconds(10)));
  floor.start_hub();
  floor.expect_exactly_once(3);
}

BOOST_AUTO_TEST_SUITE_END()
