// The two queues of the writer: order, shares, and answers after the commit.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>

#include "base/limits.hpp"
#include "store/fixture.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(store_queues)

BOOST_AUTO_TEST_CASE(accept_goes_first_and_work_keeps_its_share) {
  Folder folder;
  auto store = open_or_fail(options(folder.file(), Mode::thread));
  // The writer stands in this answer while the queues fill.
  std::promise<void> standing;
  std::promise<void> filled;
  store->submit(Queue::work, {{PutMeta{"a", "b"}}}, [&](const UnitOutcome&) {
    standing.set_value();
    filled.get_future().wait();
  });
  standing.get_future().wait();
  constexpr int kMany = 3 * static_cast<int>(limits::kCommitUnitsMax);
  std::string order;  // filled on the writer, read after close()
  for (int at = 0; at < kMany; ++at) store->submit(Queue::work, {}, [&](const UnitOutcome&) { order += 'w'; });
  for (int at = 0; at < kMany; ++at) store->submit(Queue::accept, {}, [&](const UnitOutcome&) { order += 'a'; });
  BOOST_TEST(store->queued(Queue::work) == static_cast<std::size_t>(kMany));
  BOOST_TEST(store->queued(Queue::accept) == static_cast<std::size_t>(kMany));
  filled.set_value();
  store->close();
  BOOST_REQUIRE(order.size() == 2u * kMany);
  const std::size_t batch = limits::kCommitUnitsMax;
  BOOST_TEST(order.substr(0, batch) == std::string(batch * 3 / 4, 'a') + std::string(batch / 4, 'w'));
  BOOST_TEST(order.substr(batch, 1) == "a");
  BOOST_TEST(order.substr(order.size() - batch) == std::string(batch, 'w'));  // with accept empty, work fills the batch
}

BOOST_DATA_TEST_CASE(a_reader_sees_a_unit_whose_answer_came, data::make(kModes), mode) {
  const Opened hub(mode);
  std::vector<bool> seen;
  for (Id id = 1; id <= 20; ++id)
    hub.store->submit(Queue::accept, {{accept(id)}},
                      [&, id](const UnitOutcome&) { seen.push_back(got(hub.reader->event(id)).has_value()); });
  hub.store->close();
  BOOST_TEST(seen == std::vector<bool>(20, true));
}

BOOST_DATA_TEST_CASE(an_answer_may_submit_the_next_unit, data::make(kModes), mode) {
  const Opened hub(mode);
  // Deep enough that answers within answers would end the stack.
  constexpr Id kDepth = 20'000;
  std::promise<void> end;
  std::function<void(Id)> next = [&](Id id) {
    hub.store->submit(Queue::work, {{PutMeta{"n", std::to_string(id)}}}, [&, id](const UnitOutcome&) {
      if (id == kDepth) {
        end.set_value();
      } else {
        next(id + 1);
      }
    });
  };
  if (mode == Mode::memory) {
    next(1);
  } else {
    next(kDepth - 200);  // a commit on a disk costs
  }
  end.get_future().wait();
  BOOST_TEST((got(hub.reader->meta("n")) == std::to_string(kDepth)));
}

BOOST_DATA_TEST_CASE(units_come_from_many_threads, data::make(kModes), mode) {
  const Opened hub(mode);
  std::vector<std::future<int>> senders;
  for (int sender = 0; sender < 4; ++sender)
    senders.push_back(std::async(std::launch::async, [&hub] {
      int committed = 0;
      for (int count = 0; count < 25; ++count) {
        const Id id = hub.store->next_id(IdSpace::event);
        const auto outcome = hub.store->submit_and_wait(Queue::accept, {{accept(id, std::to_string(id))}});
        committed += outcome.kind == Kind::committed ? 1 : 0;
      }
      return committed;
    }));
  int committed = 0;
  for (auto& sender : senders) committed += sender.get();
  BOOST_TEST(committed == 100);
  BOOST_TEST(got(hub.reader->totals()).events == 100);
}

BOOST_AUTO_TEST_SUITE_END()
