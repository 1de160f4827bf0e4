// What a sender meets: the same delivery many times at once, a module that dies on one, one that never returns.
#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>

#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

HttpRequest faulty(const ShopFloor& floor, const std::string& topic, const std::string& id) {
  HttpRequest request;
  request.method = "POST";
  request.target = floor.public_url() + "/hooks/faulty";
  request.headers = {{"Content-Type", "application/json"},
                     {"X-Faulty-Secret", "faulty-secret"},
                     {"X-Faulty-Topic", topic},
                     {"X-Faulty-Delivery", id}};
  request.body = R"({"n":1})";
  return request;
}

// A hub with the faulty connector, and a recipe on its plain event.
class FaultyFloor : public ShopFloor {
 public:
  explicit FaultyFloor(std::vector<std::string> extra)
      : ShopFloor({std::string(IEUM_BUILD_DIR) + "/tests/modules", std::move(extra), false, {}}) {
    TempDirectory files;
    write_file(files.file("secret"), "faulty-secret");
    write_file(files.file("fine.yaml"),
               "recipe: fine\ntitle: 괜찮음\ntrigger: {event: faulty/fine}\nsteps:\n  - use: faulty.fine\n");
    ieum({"connection", "add", "faulty", "--secret", "secret=" + files.file("secret")});
    ieum({"recipe", "apply", files.file("fine.yaml")});
  }
};

void expect_set_aside(FaultyFloor& floor, const std::string& topic, const std::string& cause) {
  BOOST_TEST(ShopFloor::send(faulty(floor, "fine", "before")) == 200);
  const int status = ShopFloor::send(faulty(floor, topic, "poison"));
  BOOST_TEST((status == 200 || status == 0));  // the crash may swallow the answer, never the event
  BOOST_TEST(floor.hub().wait() > 128);
  // As systemd would: started again until it stays. Each start tries the poison once, then sets it aside.
  for (int starts = 0; !(floor.try_start_hub() && floor.stays_up());) BOOST_REQUIRE(++starts < 10);
  BOOST_TEST(ShopFloor::send(faulty(floor, "fine", "neighbour")) == 200);
  floor.wait_until_done();
  const auto events = floor.ieum({"event", "list", "--state", "set_aside"});
  BOOST_TEST(events.find(topic) != std::string::npos);
  BOOST_TEST(events.find("tried 3 times") != std::string::npos);
  BOOST_TEST_INFO(events);
  BOOST_TEST(events.find(cause) != std::string::npos);
  const auto totals = floor.totals();
  BOOST_TEST(totals.number("events_set_aside") == 1);
  BOOST_TEST(totals.number("runs_finished") == totals.number("events") - 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(intake)

BOOST_AUTO_TEST_CASE(ING_04_the_same_webhook_a_hundred_times_at_once_is_one_event_and_one_run) {
  ShopFloor floor;
  const auto checkout = floor.checkout(1);
  std::vector<std::string> receipts(100);
  std::vector<int> statuses(100);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 100; ++i)
    threads.emplace_back([&, i] { statuses[i] = ShopFloor::send(checkout, &receipts[i]); });
  for (auto& thread : threads) thread.join();
  for (const int status : statuses) BOOST_TEST(status / 100 == 2);
  BOOST_TEST(std::set<std::string>(receipts.begin(), receipts.end()).size() == 1u);
  BOOST_TEST(!receipts[0].empty());
  floor.expect_exactly_once(1);
  BOOST_TEST(floor.totals().number("events") == 1);
}

BOOST_AUTO_TEST_CASE(a_changed_byte_a_cut_signature_and_a_doubled_header_are_refused) {
  ShopFloor floor;
  const auto good = floor.checkout(1);
  auto changed = good;
  changed.body[10] ^= 1;
  BOOST_TEST(ShopFloor::send(changed) == 401);
  auto cut = good;
  cut.headers.set("X-Shopify-Hmac-Sha256", std::string(*good.headers.get("X-Shopify-Hmac-Sha256")).substr(0, 43));
  BOOST_TEST(ShopFloor::send(cut) == 401);
  auto doubled = good;
  doubled.headers.add("X-Shopify-Hmac-Sha256", std::string(*good.headers.get("X-Shopify-Hmac-Sha256")));
  BOOST_TEST(ShopFloor::send(doubled) == 401);
  auto other_shop = good;
  other_shop.headers.set("X-Shopify-Shop-Domain", "other.myshopify.com");
  BOOST_TEST(ShopFloor::send(other_shop) == 401);
  BOOST_TEST(floor.totals().number("events") == 0);
  BOOST_TEST(ShopFloor::send(good) == 200);
}

BOOST_AUTO_TEST_CASE(a_module_that_crashes_on_an_event_is_survived_and_the_event_set_aside_with_its_cause) {
  FaultyFloor floor({});
  expect_set_aside(floor, "boom", "connector faulty, phase webhook");
}

BOOST_AUTO_TEST_CASE(a_module_that_never_returns_is_ended_by_the_watchdog_and_the_event_set_aside) {
  FaultyFloor floor({"--module-deadline-ms", "300"});
  expect_set_aside(floor, "spin", "did not return in 300 ms");
}

BOOST_AUTO_TEST_SUITE_END()
