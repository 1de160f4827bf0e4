// The disk as an operator meets it: a hub without room, a backup of one that runs and of one that stands, a restore.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t calls(ShopFloor& floor) { return floor.sandbox("GET", "/_sandbox/calls").get("calls")->if_list()->size(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(disk)

BOOST_AUTO_TEST_CASE(STO_04_a_hub_without_room_says_so_everywhere_and_takes_deliveries_when_there_is) {
  ShopFloor floor;
  BOOST_TEST(ShopFloor::send(floor.checkout(1)) == 200);
  floor.wait_until_done();
  BOOST_TEST(floor.api("GET", "/api/v1/overview").at_path("store")->text("room") != "full");
  floor.hub().end();
  floor.start_hub({"--disk-full", "8000TB"});  // more than there is
  const auto checkout = floor.checkout(2);
  int status = 200;
  for (int n = 0; n < 100'000 && status != 503; ++n) status = ShopFloor::send(checkout);
  BOOST_TEST(status == 503);
  BOOST_TEST(says(floor.ieum({"status"}), "no room"));
  BOOST_TEST(says(floor.ieum({"doctor"}, 1), "there is no room"));
  BOOST_TEST(floor.api("GET", "/api/v1/status").at_path("store")->text("room") == "full");
  floor.hub().end();
  floor.start_hub();
  BOOST_TEST(ShopFloor::send(checkout) == 200);
  floor.wait_until_done();
  BOOST_TEST(!says(floor.ieum({"status"}), "no room"));
}

BOOST_AUTO_TEST_CASE(STO_09_a_hub_is_backed_up_and_restored_by_its_commands_and_waits_for_a_person) {
  ShopFloor floor;
  for (int n = 1; n <= 2; ++n) BOOST_TEST(ShopFloor::send(floor.checkout(n)) == 200);
  floor.wait_until_done();
  TempDirectory elsewhere;
  const auto running = elsewhere.file("running.db"), standing = elsewhere.file("standing.db");
  floor.ieum({"backup", "--to", running});
  BOOST_TEST(says(floor.ieum({"backup", "--to", running}, 1), "a file of that name"));  // never over another
  BOOST_TEST(ShopFloor::send(floor.checkout(3)) == 200);
  floor.wait_until_done();
  // While the hub runs a plan may be made, and no restore.
  const auto plan = *parse_json(floor.ieum({"restore", running, "--plan", "--json"}));
  BOOST_TEST(plan.number("runs") == 2);
  BOOST_TEST(plan.at_path("since_backup")->number("runs") == 1);
  BOOST_TEST(plan.at_path("since_backup")->number("steps") == 2);
  floor.ieum({"restore", running}, 1);
  floor.hub().kill_now();
  floor.ieum({"backup", "--to", standing});
  BOOST_TEST(std::filesystem::exists(standing));
  BOOST_TEST(says(floor.ieum({"restore", running}), "hub-before-"));
  const auto before = calls(floor);
  floor.start_hub();
  BOOST_TEST(floor.totals().number("runs") == 2);
  BOOST_TEST(says(floor.ieum({"status"}), "all that goes out"));
  BOOST_TEST(says(floor.ieum({"doctor"}, 1), "all that goes out is on hold"));
  BOOST_TEST(ShopFloor::send(floor.checkout(4)) == 200);
  // Its run is held, and nothing was sent.
  for (std::int64_t held = 0; held == 0;) held = floor.api("GET", "/api/v1/overview").number("held");
  BOOST_TEST(calls(floor) == before);
  const auto holds = floor.api("GET", "/api/v1/holds");
  BOOST_REQUIRE(holds.get("holds")->if_list()->size() == 1u);
  floor.ieum({"hold", "release", std::to_string(holds.get("holds")->if_list()->front().number("id"))});
  floor.wait_until_done();
  BOOST_TEST(calls(floor) == before + 2);
  // The store of before is whole as well.
  floor.hub().end();
  floor.ieum({"restore", standing});
  floor.start_hub();
  BOOST_TEST(floor.totals().number("runs") == 3);
}

BOOST_AUTO_TEST_SUITE_END()
