// The virtual clock over the wire: weeks pass in moments, an event of an instant comes before its timers.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "end_to_end/shop_floor.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

constexpr const char* kRecipe = R"yaml(recipe: bill
title: 청구서
trigger: {event: webhook/billed}
entry: {mode: after_exit, key: event.ref}
steps:
  - wait: 1d
  - id: paid
    wait_for: {event: webhook/paid, match: {event.ref: trigger.ref}}
    timeout: {days: 27, at: "10:00"}
    then: [{stop: paid}]
    on_timeout: [{stop: unpaid}]
)yaml";

class ClockFloor : public ShopFloor {
 public:
  ClockFloor() : ShopFloor({{}, {"--virtual-clock", "2026-03-02T09:00:00+09:00"}, false, {}}) {
    TempDirectory files;
    write_file(files.file("secret"), "secret-of-the-inbox");
    write_file(files.file("bill.yaml"), kRecipe);
    ieum({"connection", "add", "webhook", "--set", "scheme=url_token", "--secret", "secret=" + files.file("secret")});
    ieum({"recipe", "apply", files.file("bill.yaml")});
  }
  void tell(const std::string& topic, const std::string& ref) {
    HttpRequest request;
    request.method = "POST";
    request.target = public_url() + "/hooks/webhook/secret-of-the-inbox";
    request.headers = {{"Content-Type", "application/json"}, {"X-Event-Type", topic}};
    request.body = R"({"ref":")" + ref + "\"}";
    BOOST_TEST(send(request) == 200);
  }
  void clock(const std::string& to) { api("POST", "/api/v1/clock", Map{{"to", to}}); }
  std::string state(int run) {
    const auto shown = api("GET", "/api/v1/runs/" + std::to_string(run));
    return shown.text("state") + " " + shown.text("reason");
  }
  void wait_for_state(int run, const std::string& expected) {
    for (int i = 0; i < 200 && state(run) != expected; ++i) ieum({"status"});  // each takes its time
    BOOST_TEST(state(run) == expected);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(virtual_clock)

BOOST_AUTO_TEST_CASE(four_weeks_pass_and_an_event_at_the_very_end_still_counts) {
  ClockFloor floor;
  for (const char* ref : {"a", "b", "c"}) floor.tell("billed", ref);
  floor.clock("2026-03-03T09:00:00+09:00");  // no event can undo a plain wait: it is over
  for (int run = 1; run <= 3; ++run) BOOST_TEST(floor.state(run) == "waiting ");
  floor.tell("paid", "a");
  floor.clock("2026-03-10T12:00:00+09:00");
  BOOST_TEST(floor.state(1) == "stopped paid");
  floor.options().extra = {"--virtual-clock", "2026-03-10T12:00:00+09:00"};
  floor.start_hub();  // the old one is killed
  floor.clock("2026-03-30T10:00:00+09:00");
  floor.tell("paid", "b");
  floor.clock("2026-04-30T00:00:00+09:00");
  BOOST_TEST(floor.state(2) == "stopped paid");
  BOOST_TEST(floor.state(3) == "stopped unpaid");
}

BOOST_AUTO_TEST_CASE(an_instant_for_which_nothing_comes_closes_by_itself) {
  ClockFloor floor;
  floor.tell("billed", "a");
  floor.clock("2026-03-30T10:00:00+09:00");
  floor.wait_for_state(1, "stopped unpaid");
}

BOOST_AUTO_TEST_SUITE_END()
