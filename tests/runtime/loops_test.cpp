// A recipe that starts itself is found, put on hold with the reason, and loses nothing: directly, over another recipe, and through a
// vendor that drops what would tell.
#include "runtime/loops.hpp"

#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "runtime/town.hpp"

using namespace ieum;
using namespace ieum::test;
using runtime::Loops;

namespace {

// What houses do with a call: send a delivery to the connection that is named, with the header or without.
void echo(Town& town, const std::map<std::string, std::string>& to, bool keeps_header) {
  town.on_call = [&town, to, keeps_header](const std::string& house, const HttpRequest& request) {
    const auto at = to.find(house);
    if (at == to.end()) return;
    const auto told = request.headers.get(runtime::kHopsHeader);
    BOOST_TEST(told.has_value());
    town.deliver(at->second, request.body, keeps_header ? std::string(told.value_or("")) : std::string());
  };
}

std::vector<store::HoldRow> holds(Town& town) { return *town.hub.reader->holds(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(loops)

BOOST_AUTO_TEST_CASE(hops_are_read_where_this_hub_wrote_them_and_nowhere_else) {
  BOOST_TEST(runtime::read_hops(runtime::hops_text(7, "key"), "key") == 7);
  BOOST_TEST(runtime::read_hops(runtime::hops_text(7, "another"), "key") == 0);
  auto raised = runtime::hops_text(7, "key");
  raised[0] = '9';
  for (const std::string& text : {raised, std::string(), std::string("7"), std::string("7."), std::string("-1.00"),
                                  std::string("99999999999.00")})
    BOOST_TEST(runtime::read_hops(text, "key") == 0);
}

BOOST_AUTO_TEST_CASE(hops_of_a_run_stand_before_its_variables_and_change_none) {
  BOOST_TEST(runtime::with_hops("", 0).empty());
  BOOST_TEST(runtime::with_hops("", 3) == R"({"hops":3})");
  BOOST_TEST(runtime::with_hops(R"({"vars":{"hops":9}})", 3) == R"({"hops":3,"vars":{"hops":9}})");
  BOOST_TEST(runtime::hops_of(R"({"hops":12,"vars":{}})") == 12);
  BOOST_TEST(runtime::hops_of(R"({"vars":{"hops":9}})") == 0);
}

BOOST_AUTO_TEST_CASE(many_starts_in_a_minute_for_one_customer_or_key_are_a_loop_and_for_nobody_are_not) {
  Loops loops;
  store::RunRow run, nobody;
  run.recipe = nobody.recipe = 4;
  run.customer = 9;
  Millis now = kDay;
  for (int at = 0; at < 3 * Loops::kStartsMax; ++at, now += 2 * kSecond) {
    BOOST_TEST(loops.judge(run, 0, now).empty());
    loops.started(run, now);
  }
  now += kHour;
  for (int at = 0; at < Loops::kStartsMax; ++at) {
    BOOST_TEST(loops.judge(run, 0, now).empty());
    loops.started(run, now);
    loops.started(nobody, now);
  }
  BOOST_TEST(!loops.judge(run, 0, now).empty());
  BOOST_TEST(loops.judge(nobody, 0, now).empty());
  BOOST_TEST(!loops.judge(nobody, runtime::kHopsMax, now).empty());
  BOOST_TEST(loops.judge(run, 0, now + kMinute).empty());
}

BOOST_AUTO_TEST_CASE(BPR_06_a_recipe_that_starts_itself_is_held_after_ten_rounds_and_the_last_one_waits) {
  Town town({"h0", "h1"});
  echo(town, {{"h0", "h0"}}, true);
  town.run({{kMonday, "h0", "round"}, {kMonday + kMinute, "h1", "beside"}}, kMonday + kHour);
  BOOST_TEST(town.houses["h0"].calls == runtime::kHopsMax);
  BOOST_REQUIRE_EQUAL(holds(town).size(), 1u);
  const auto hold = holds(town).front();
  BOOST_TEST(hold.kind == "recipe");
  BOOST_TEST(hold.name == "h0");
  BOOST_TEST(hold.reason.starts_with("it starts itself: "));
  BOOST_TEST(hold.made_by == "hub");
  // The other recipe goes on, and the last round waits with its reason.
  BOOST_TEST(town.houses["h1"].answers == 1);
  const auto runs = town.hub.runs();
  BOOST_REQUIRE_EQUAL(runs.size(), runtime::kHopsMax + 2u);
  int held = 0;
  for (const auto& run : runs) held += run.reason.starts_with("held: recipe h0") ? 1 : 0;
  BOOST_TEST(held == 1);
  // Released by a person it goes on, and is held again when it comes back.
  BOOST_REQUIRE(town.hub.hub->release_hold(hold.id, 0, {}, "").has_value());
  town.run({}, kMonday + 2 * kHour);
  BOOST_TEST(town.houses["h0"].calls == runtime::kHopsMax + 1);
  BOOST_REQUIRE_EQUAL(holds(town).size(), 1u);
  BOOST_TEST(!holds(town).front().released());
}

BOOST_AUTO_TEST_CASE(BPR_06_two_recipes_that_start_each_other_are_held_after_ten_rounds_of_both) {
  Town town({"h0", "h1"});
  echo(town, {{"h0", "h1"}, {"h1", "h0"}}, true);
  town.run({{kMonday, "h0", "round"}}, kMonday + kHour);
  BOOST_TEST(town.houses["h0"].calls + town.houses["h1"].calls == runtime::kHopsMax);
  BOOST_REQUIRE_EQUAL(holds(town).size(), 1u);
  BOOST_TEST(holds(town).front().reason.starts_with("it starts itself: "));
}

BOOST_AUTO_TEST_CASE(BPR_06_an_echo_by_a_vendor_that_drops_the_header_is_held_within_a_minute) {
  Town town({"h0"});
  town.houses["h0"].takes = 50;
  town.hub.apply(
      "recipe: h0\ntitle: t\ntrigger: {event: town/note, connection: h0}\nentry: {key: 'event.text'}\nsteps:\n"
      "  - id: send\n    use: town.put\n    connection: h0\n    with: {text: \"{{ trigger.text }}\"}\n");
  echo(town, {{"h0", "h0"}}, false);
  town.run({{kMonday, "h0", "round"}}, kMonday + kHour);
  BOOST_TEST(town.houses["h0"].calls == Loops::kStartsMax);
  BOOST_TEST(town.houses["h0"].begun.back() < kMonday + kMinute);
  BOOST_REQUIRE_EQUAL(holds(town).size(), 1u);
  BOOST_TEST(holds(town).front().reason.starts_with("it starts itself: "));
  BOOST_TEST(town.hub.runs().size() == Loops::kStartsMax + 1u);  // the last one waits
}

BOOST_AUTO_TEST_SUITE_END()
