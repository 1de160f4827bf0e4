// The loop: order of what was posted, timers, and an end that leaves nothing hanging.
#include "net/io.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "net/loop.hpp"
#include "net/sockets.hpp"

namespace ieum::net {
namespace {

using namespace testing;

BOOST_AUTO_TEST_SUITE(io)

BOOST_AUTO_TEST_CASE(what_is_posted_runs_in_order_on_the_one_thread) {
  Io io;
  std::vector<int> order;
  std::thread::id first;
  Awaited<bool> over;
  for (int i = 0; i < 1000; ++i) {
    io.post([&, i] {
      if (i == 0) first = std::this_thread::get_id();
      if (std::this_thread::get_id() == first) order.push_back(i);
    });
  }
  io.post([&] { io.post([&] { over.give(true); }); });
  io.start();
  over.get();
  BOOST_TEST(order.size() == 1000u);
  BOOST_TEST(std::is_sorted(order.begin(), order.end()));
  BOOST_TEST((first != std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(timers_run_in_the_order_of_their_times_and_a_cancelled_one_never) {
  Io io;
  std::vector<std::string> order;
  io.after(30, [&] { order.push_back("third"); });
  const auto cancelled = io.after(20, [&] { order.push_back("cancelled"); });
  io.after(10, [&] {
    order.push_back("second");
    io.cancel(cancelled);
  });
  io.after(0, [&] { order.push_back("first"); });
  io.after(40, [&] { io.stop(); });
  const auto ran = io.after(-5, [] {});
  BOOST_TEST(ran != 0u);
  io.run_here();
  io.cancel(ran);
  io.cancel(0);
  BOOST_TEST(order == (std::vector<std::string>{"first", "second", "third"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(timers_may_be_set_from_other_threads_while_the_loop_sleeps) {
  Io io;
  io.start();
  Awaited<bool> later, sooner;
  io.after(60, [&] { later.give(true); });
  io.after(1, [&] { sooner.give(true); });
  BOOST_TEST(sooner.get());
  BOOST_TEST(later.get());
}

BOOST_AUTO_TEST_CASE(an_ended_loop_drops_what_is_left_and_still_lets_others_end) {
  auto kept = std::make_shared<int>(1);
  {
    Io io;
    io.after(60'000, [kept] {});
    io.post([&io] { io.stop(); });
    io.run_here();
    io.post([kept] {});
    bool ran = false;
    io.impl().run_and_wait([&] { ran = true; });
    BOOST_TEST(ran);
  }
  BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(run_and_wait_runs_on_the_loops_thread_while_it_runs) {
  Io io;
  io.start();
  std::thread::id ran;
  io.impl().run_and_wait([&] { ran = std::this_thread::get_id(); });
  BOOST_TEST((ran != std::this_thread::get_id()));
  io.impl().run_and_wait([&] { io.impl().run_and_wait([&] { ran = {}; }); });
  BOOST_TEST((ran == std::thread::id{}));
}

BOOST_AUTO_TEST_CASE(a_loop_makes_a_broken_pipe_harmless) {
  std::signal(SIGPIPE, SIG_DFL);
  Io io;
  BOOST_TEST((std::signal(SIGPIPE, SIG_IGN) == SIG_IGN));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace ieum::net
