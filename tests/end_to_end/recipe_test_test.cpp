// `ieum recipe test` as its author meets it: exit codes, both timelines of a failure, JSON, and --watch.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "end_to_end/process.hpp"

using namespace ieum;
using namespace ieum::test;

namespace {

std::string recipe(const std::string& after) {
  return "recipe: r\ntrigger: {event: checkout_started}\nsteps:\n  - wait: 30m\n"
         "  - {id: tell, use: slack.message.post, with: {channel: \"#가게\", text: 안녕}}\n"
         "tests:\n  - name: 팀에 알린다\n    given: [{event: shopify/checkouts/create}]\n"
         "    expect: {sent: [{after: " +
         after + ", step: tell, to: \"#가게\"}]}\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipe_test)

BOOST_AUTO_TEST_CASE(a_failure_shows_both_timelines_and_exits_with_1) {
  TempDirectory files;
  write_file(files.file("r.yaml"), recipe("29m"));
  const auto failed = run({binary(), "recipe", "test", files.path()});
  BOOST_TEST(failed.code == 1);
  BOOST_TEST(failed.out.find("FAIL  팀에 알린다") != std::string::npos);
  for (const char* side : {"- 29m      01-05 10:29:00  tell → #가게", "| + 30m      01-05 10:30:00  tell → #가게"})
    BOOST_CHECK_MESSAGE(failed.out.find(side) != std::string::npos, side << " is not in\n" << failed.out);
  BOOST_TEST(failed.out.find("the time differs") != std::string::npos);
  BOOST_TEST(failed.out.find("2 of 2 steps, 0 of 0 branches") != std::string::npos);

  const auto json = run({binary(), "--json", "recipe", "test", files.file("r.yaml"), "--coverage"});
  BOOST_TEST(json.code == 1);
  const auto told = parse_json(json.out);
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST(!told->flag("ok", true));
  BOOST_TEST(told->at_path("files.0.tests.0.timeline.0.difference") != nullptr);
  BOOST_TEST(told->at_path("files.0.coverage.0.covered") != nullptr);

  write_file(files.file("r.yaml"), recipe("30m"));
  BOOST_TEST(run({binary(), "recipe", "test", files.path()}).code == 0);
  BOOST_TEST(run({binary(), "recipe", "test", files.path(), "--name", "알린다"}).code == 0);
  BOOST_TEST(run({binary(), "recipe", "test", files.path(), "--name", "nobody"}).code == 2);
  BOOST_TEST(run({binary(), "recipe", "test", files.file("none.yaml")}).code == 2);
  write_file(files.file("r.yaml"), "recipe: r\n");
  BOOST_TEST(run({binary(), "recipe", "test", files.path()}).code == 1);
}

BOOST_AUTO_TEST_CASE(watch_plays_again_when_a_file_changes) {
  TempDirectory files;
  write_file(files.file("r.yaml"), recipe("29m"));
  Background watching({binary(), "recipe", "test", files.path(), "--watch"});
  BOOST_REQUIRE_MESSAGE(watching.wait_for("watching"), watching.printed());
  BOOST_TEST(watching.printed().find("1 failed") != std::string::npos);
  write_file(files.file("r.yaml"), recipe("30m"));
  BOOST_TEST(watching.wait_for("1 passed, 0 failed"), watching.printed());
  BOOST_TEST(watching.end() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
