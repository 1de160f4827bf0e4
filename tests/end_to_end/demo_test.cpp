// The main job as a newcomer meets it: the demo runs to its end by itself, and two of them at once do not disturb each other.
#include <boost/test/unit_test.hpp>
#include <thread>

#include "end_to_end/process.hpp"

using namespace ieum::test;

BOOST_AUTO_TEST_SUITE(demo)

BOOST_AUTO_TEST_CASE(two_demos_at_once_both_send_every_message_once) {
  Finished first, second;
  std::thread beside([&] { second = run({binary(), "demo", "--once"}); });
  first = run({binary(), "demo", "--once"});
  beside.join();
  for (const auto* demo : {&first, &second}) {
    BOOST_TEST_INFO(demo->out << demo->err);
    BOOST_TEST(demo->code == 0);
    BOOST_TEST(demo->out.find("/enter#") != std::string::npos);
    BOOST_TEST(demo->out.find("5 messages arrived, 0 of them twice.") != std::string::npos);
    BOOST_TEST(demo->out.find("503 and go out again") != std::string::npos);
    BOOST_TEST(demo->out.find("she ordered, so no run started and nothing was sent to her") != std::string::npos);
    BOOST_TEST(demo->out.find("but she was sent one") == std::string::npos);
    // One run for each checkout that was left, and one for the order.
    BOOST_TEST(demo->out.find("run 3 ") != std::string::npos);
    BOOST_TEST(demo->out.find("run 4 ") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(ctrl_c_ends_the_demo_and_removes_its_directory) {
  Background demo({binary(), "demo"});
  BOOST_REQUIRE_MESSAGE(demo.wait_for("begin a checkout"), demo.printed());
  BOOST_TEST(demo.end() == 0);
  BOOST_TEST(demo.printed().find("The demo ends") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
