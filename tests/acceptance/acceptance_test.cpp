// The scenarios of acceptance/, each over the wire against the built binary: what goes out is exact to the second and complete.
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "acceptance/floor.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

using namespace ieum;
using namespace ieum::acceptance;

namespace {

const std::filesystem::path kScenarios = std::filesystem::path(IEUM_SOURCE_DIR) / "tests/data/acceptance";

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(kScenarios))
    if (entry.path().extension() == ".json") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

Value scenario(const std::string& name) {
  std::ifstream file(kScenarios / (name + ".json"), std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  auto value = parse_json(text.str());
  BOOST_REQUIRE_MESSAGE(value.has_value(), name);
  return std::move(*value);
}

std::vector<std::string> expected(const Value& scenario) {
  std::vector<Sent> all;
  for (const Value& one : *scenario.get("expect")->if_list())
    all.push_back(
        {one.text("at"), one.text("channel"), one.text("to"), one.text("recipe"), one.text("step"), one.text("text")});
  std::sort(all.begin(), all.end());
  std::vector<std::string> lines;
  for (const Sent& one : all) lines.push_back(line(one));
  return lines;
}

// What an entry leaves out may be anything.
bool fits(const Logged& logged, const Value& entry) {
  const auto same = [&](const char* key, const std::string& is) {
    const std::string wanted = entry.text(key);
    return wanted.empty() || is.empty() || wanted == is;
  };
  return same("at", logged.at) && same("recipe", logged.recipe) && same("who", logged.who) &&
         same("step", logged.step) && same("status", logged.status) && same("reason", logged.reason);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(acceptance_suite)

BOOST_DATA_TEST_CASE(a_scenario_goes_as_written, boost::unit_test::data::make(names()), name) {
  const Value written = scenario(name);
  BOOST_TEST_CONTEXT(name << ": " << written.text("title")) {
    Floor floor(written);
    floor.play();
    std::vector<Sent> sent = floor.outbound();
    std::sort(sent.begin(), sent.end());
    std::vector<std::string> lines;
    for (const Sent& one : sent) lines.push_back(line(one));
    BOOST_TEST(lines == expected(written), boost::test_tools::per_element());
    if (written.get("log") == nullptr) return;
    const auto log = floor.log();
    std::string all;
    for (const Logged& one : log) all += line(one) + "\n";
    for (const Value& entry : *written.get("log")->if_list()) {
      const bool there = std::any_of(log.begin(), log.end(), [&](const Logged& one) { return fits(one, entry); });
      BOOST_TEST(there, write_json(entry) << " is not in the log:\n" << all);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_preview_names_the_members_of_an_audience) {
  Floor floor(scenario("A16"));
  floor.move("2026-04-07T13:59:59+09:00");
  const auto found = floor.api("GET", "/api/v1/recipes/seg-50k/audience");
  BOOST_TEST(found.number("looked") == 8);
  std::vector<std::string> names;
  for (const Value& one : *found.get("customers")->if_list()) names.push_back(one.text("name"));
  // 라's cart is a second short of 24 hours old; at 14:00 it is out.
  const std::vector<std::string> then{"가", "다", "라", "사", "아"}, at_two{"가", "다", "사", "아"};
  BOOST_TEST(names == then, boost::test_tools::per_element());
  floor.move("2026-04-07T14:00:00+09:00");
  const auto now = floor.api("GET", "/api/v1/recipes/seg-50k/audience");
  names.clear();
  for (const Value& one : *now.get("customers")->if_list()) names.push_back(one.text("name"));
  BOOST_TEST(names == at_two, boost::test_tools::per_element());
}

// The flow of the article (push, five hours, alimtalk, eighteen hours, coupon) as its operator follows it for one customer, from
// the first event to the purchase.
BOOST_AUTO_TEST_CASE(a_journey_can_be_followed_for_one_customer) {
  Map written = *scenario("A05").if_map();
  Map order = *scenario("A12").at_path("timeline.0")->if_map();
  order.set("at", "2026-04-07T12:00:00+09:00");
  Map wire = *order.find("wire")->if_map();
  Map body = *wire.find("body")->if_map();
  for (const char* time : {"created_at", "processed_at"}) body.set(time, "2026-04-07T12:00:00+09:00");
  wire.set("body", std::move(body));
  order.set("wire", std::move(wire));
  List timeline = *written.find("timeline")->if_list();
  timeline.emplace_back(std::move(order));
  written.set("timeline", std::move(timeline));
  Floor floor{Value(written)};
  floor.play();
  const std::string shown = floor.ieum({"customer", "show", "user:7001"});
  std::size_t at = 0;
  for (const char* line :
       {"민지", "tok-7001", "2026-04-06 10:00:00  cart_add", "2026-04-06 10:30:00  run 1 began  cart-remarketing",
        "2026-04-06 10:30:00  push sent (ad, consent ",
        "2026-04-06 15:30:00  kakao_alimtalk sent (info)  cart-remarketing/m2",
        "2026-04-07 09:30:00  kakao_alimtalk sent (ad, consent ", "2026-04-07 12:00:00  order_created"}) {
    const auto found = shown.find(line, at);
    BOOST_TEST((found != std::string::npos), line << " is not there, or not behind what came before it:\n" << shown);
    if (found != std::string::npos) at = found;
  }
}

BOOST_AUTO_TEST_SUITE_END()
