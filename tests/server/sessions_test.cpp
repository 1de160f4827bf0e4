// Codes and sessions by the hub's clock.
#include "server/sessions.hpp"

#include <boost/test/unit_test.hpp>

using namespace ieum;
using namespace ieum::server;

namespace {

struct Desk {
  ManualClock clock{1'772'409'600'000};
  SeededRandom random{5};
  Sessions sessions{clock, random};
};

std::string code_of(const Result<Sessions::Made>& made) { return made.has_error() ? made.error().code : "open"; }

}  // namespace

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_AUTO_TEST_CASE(a_code_opens_one_session_once) {
  Desk desk;
  const auto code = desk.sessions.make_code();
  BOOST_TEST(code.text.size() == 22u);  // 128 bits
  const auto session = desk.sessions.open(code.text);
  BOOST_REQUIRE(session.has_value());
  BOOST_TEST(desk.sessions.known(session->text));
  BOOST_TEST(session->text != code.text);
  BOOST_TEST(code_of(desk.sessions.open(code.text)) == "wrong_code");
  BOOST_TEST(!desk.sessions.known(code.text));
  BOOST_TEST(!desk.sessions.known(""));
}

BOOST_AUTO_TEST_CASE(a_code_lives_five_minutes_and_a_session_twelve_hours) {
  Desk desk;
  const auto late = desk.sessions.make_code();
  const auto used = desk.sessions.make_code();
  desk.clock.advance(5 * kMinute - 1);
  const auto session = desk.sessions.open(used.text);
  BOOST_REQUIRE(session.has_value());
  desk.clock.advance(1);
  BOOST_TEST(code_of(desk.sessions.open(late.text)) == "wrong_code");
  desk.clock.advance(12 * kHour - 2);
  BOOST_TEST(desk.sessions.known(session->text));
  desk.clock.advance(1);
  BOOST_TEST(!desk.sessions.known(session->text));
}

BOOST_AUTO_TEST_CASE(a_closed_session_is_unknown_at_once) {
  Desk desk;
  const auto first = desk.sessions.open(desk.sessions.make_code().text);
  const auto second = desk.sessions.open(desk.sessions.make_code().text);
  desk.sessions.close(first->text);
  BOOST_TEST(!desk.sessions.known(first->text));
  BOOST_TEST(desk.sessions.known(second->text));
}

BOOST_AUTO_TEST_CASE(wrong_codes_are_throttled_and_a_new_link_lets_in) {
  Desk desk;
  const auto code = desk.sessions.make_code();
  for (int i = 0; i < 5; ++i) BOOST_TEST(code_of(desk.sessions.open("wrong")) == "wrong_code");
  BOOST_TEST(code_of(desk.sessions.open(code.text)) == "too_many_tries");
  desk.clock.advance(kMinute);
  BOOST_TEST(code_of(desk.sessions.open(code.text)) == "open");  // it was not used up meanwhile
  for (int i = 0; i < 5; ++i) desk.sessions.open("wrong");
  BOOST_TEST(code_of(desk.sessions.open("wrong")) == "too_many_tries");
  BOOST_TEST(code_of(desk.sessions.open(desk.sessions.make_code().text)) == "open");
}

BOOST_AUTO_TEST_CASE(the_oldest_gives_way_when_there_are_too_many) {
  Desk desk;
  const auto open_one = [&] {
    desk.clock.advance(1);
    return desk.sessions.open(desk.sessions.make_code().text)->text;
  };
  const auto oldest = open_one();
  const auto second = open_one();
  for (std::size_t i = 2; i < Sessions::kSessionsMax; ++i) open_one();
  BOOST_TEST(desk.sessions.known(oldest));
  open_one();
  BOOST_TEST(!desk.sessions.known(oldest));
  BOOST_TEST(desk.sessions.known(second));
}

BOOST_AUTO_TEST_CASE(moving_a_virtual_clock_ages_no_session) {
  Desk desk;
  const auto session = desk.sessions.open(desk.sessions.make_code().text);
  desk.clock.advance(30 * kDay);
  desk.sessions.clock_moved(30 * kDay);
  BOOST_TEST(desk.sessions.known(session->text));
}

BOOST_AUTO_TEST_SUITE_END()
