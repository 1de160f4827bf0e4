// FairQueue: whose turn it is where many want the same.
#include <boost/test/unit_test.hpp>
#include <vector>

#include "runtime/fair_queue.hpp"

using ieum::runtime::FairQueue;

BOOST_AUTO_TEST_SUITE(fair_queue)

BOOST_AUTO_TEST_CASE(keys_take_turns_in_their_own_order_and_a_flood_waits_for_itself) {
  FairQueue<int, int> queue;
  for (int i = 0; i < 1'000; ++i) queue.push(1, i);
  queue.push(2, 10'000);
  queue.push(2, 10'001);
  BOOST_TEST(queue.size() == 1'002u);
  std::vector<int> first;
  for (int i = 0; i < 3; ++i) first.push_back(*queue.pop());
  BOOST_TEST(queue.size(2) == 1u);
  first.push_back(*queue.pop());
  BOOST_TEST(queue.size(2) == 0u);
  const std::vector<int> expected{0, 10'000, 1, 10'001};
  BOOST_TEST(first == expected, boost::test_tools::per_element());
  int next = 2;
  while (const auto taken = queue.pop()) BOOST_REQUIRE_EQUAL(*taken, next++);
  BOOST_TEST(next == 1'000);
  BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(who_asks_for_much_gets_it_less_often) {
  FairQueue<char, std::size_t> queue(10);
  for (int i = 0; i < 300; ++i) {
    queue.push('a', 10, 10);
    queue.push('b', 1, 1);
    queue.push('c', 35, 35);
  }
  std::size_t a = 0, b = 0, c = 0;  // what each has got
  for (int i = 0; i < 260; ++i) {
    const std::size_t cost = *queue.pop();
    (cost == 10 ? a : cost == 1 ? b : c) += cost;
  }
  for (const std::size_t got : {a, b, c}) {
    BOOST_TEST(got >= 195u);  // an equal share, but for the largest item
    BOOST_TEST(got <= 265u);
  }
}

BOOST_AUTO_TEST_CASE(one_that_may_not_go_keeps_its_place) {
  FairQueue<char, char> queue;
  for (const char one : {'a', 'b', 'a', 'b'}) queue.push(one, one);
  const auto not_a = [](char key) { return key != 'a'; };
  BOOST_TEST(*queue.pop(not_a) == 'b');
  BOOST_TEST(*queue.pop(not_a) == 'b');
  BOOST_TEST(!queue.pop(not_a).has_value());
  BOOST_TEST(queue.size() == 2u);
  BOOST_TEST(*queue.pop() == 'a');
}

BOOST_AUTO_TEST_CASE(when_nobody_may_go_the_turn_stays_where_it_is) {
  FairQueue<int, int> queue;
  for (int at = 0; at < 3; ++at) queue.push(1, 10 + at);
  queue.push(2, 20);
  const auto nobody = [](int) { return false; };
  std::vector<int> taken;
  while (!queue.empty()) {
    BOOST_TEST(!queue.pop(nobody).has_value());
    taken.push_back(*queue.pop());
  }
  BOOST_TEST((taken == std::vector<int>{10, 20, 11, 12}));
}

BOOST_AUTO_TEST_SUITE_END()
