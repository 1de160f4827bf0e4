// Executor: the order in which a thread's queue runs what is posted.
#include "runtime/executor.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <string>

using namespace ieum::runtime;

BOOST_AUTO_TEST_SUITE(executor)

BOOST_AUTO_TEST_CASE(what_begins_something_new_takes_turns_with_all_that_is_under_way) {
  auto thread = make_thread_executor("test");
  std::string order;
  std::promise<void> all_posted;
  thread->post([&] { all_posted.get_future().wait(); });
  for (const char name : {'1', '2', '3'}) thread->post_behind([&order, name] { order += name; });
  for (const char name : {'a', 'b'}) thread->post([&order, name] { order += name; });
  // What it makes under way goes before the next that begins.
  thread->post([&] {
    order += 'c';
    thread->post([&order] { order += 'd'; });
  });
  all_posted.set_value();
  thread->stop();  // finishes both queues
  BOOST_TEST(order == "abc1d23");
}

BOOST_AUTO_TEST_CASE(work_under_way_that_never_ends_does_not_keep_what_is_behind_it_for_good) {
  auto thread = make_thread_executor("test");
  int rounds = 0;
  bool ran = false;
  std::function<void()> again = [&] {
    if (++rounds < 1'000 && !ran) thread->post(again);
  };
  thread->post([&] {
    thread->post_behind([&] { ran = true; });
    again();
  });
  thread->stop();
  BOOST_TEST(ran);
  BOOST_TEST(rounds < 1'000);
}

BOOST_AUTO_TEST_CASE(an_executor_that_its_owner_drains_keeps_one_order) {
  ManualExecutor manual;
  std::string order;
  manual.post_behind([&] { order += '1'; });
  manual.post([&] { order += '2'; });
  manual.run_all();
  BOOST_TEST(order == "12");
}

BOOST_AUTO_TEST_SUITE_END()
