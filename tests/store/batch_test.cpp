// Units that share a commit do not touch one another: the committer with whole batches, no thread.
#include <boost/test/unit_test.hpp>

#include "store/committer.hpp"
#include "store/fixture.hpp"
#include "store/opened_file.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;

namespace {

struct Bench {
  Bench() : file(got(open_file(options("", Mode::memory)))), committer(file.database, log, {}) {}

  std::vector<UnitOutcome> commit(std::vector<Unit> units) {
    std::vector<Pending> batch;
    for (Unit& unit : units) batch.push_back({std::move(unit), {}, {}});
    committer.commit(batch);
    std::vector<UnitOutcome> outcomes;
    for (Pending& pending : batch) outcomes.push_back(std::move(pending.outcome));
    return outcomes;
  }
  std::int64_t count(const char* sql) { return got(file.database->integer(sql)); }

  NullLog log;
  OpenedFile file;
  Committer committer;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_batches)

BOOST_AUTO_TEST_CASE(a_second_delivery_in_the_same_batch_is_a_duplicate_of_the_first) {
  Bench bench;
  const auto outcomes = bench.commit(
      {{{accept(1, "주문-1")}}, {{accept(2, "주문-1")}}, {{accept(3, "주문-2")}}, {{accept(4, "주문-1")}}});
  BOOST_TEST((outcomes[0].kind == Kind::committed));
  BOOST_TEST((outcomes[1].kind == Kind::duplicate));
  BOOST_TEST(outcomes[1].first_event == 1);
  BOOST_TEST((outcomes[2].kind == Kind::committed));
  BOOST_TEST((outcomes[3].kind == Kind::duplicate));
  BOOST_TEST(bench.count("SELECT count(*) FROM event") == 2);
  BOOST_TEST(bench.count("SELECT count(*) FROM payload") == 2);
}

BOOST_AUTO_TEST_CASE(the_first_of_two_exclusive_entries_in_a_batch_wins) {
  Bench bench;
  StartRun one = start(1, 1, 7, "k");
  one.exclusive = true;
  StartRun two = one;
  two.run.id = 2;
  const auto outcomes = bench.commit({{{one}}, {{two}}});
  BOOST_TEST((outcomes[0].kind == Kind::committed));
  BOOST_TEST((outcomes[1].kind == Kind::stale));
}

BOOST_AUTO_TEST_CASE(stale_and_failed_units_leave_their_neighbours_alone) {
  Bench bench;
  OpenStep undecided = open_step(1, 1);
  undecided.step.reaches_customer = true;
  const auto outcomes = bench.commit({
      {{accept(1, "a")}},
      {{accept(2, "b"), start(1), undecided}},  // fails at its last write
      {{SettleEvent{1, EventState::fresh, EventState::routed, ""}, start(2)}},
      {{SettleEvent{1, EventState::fresh, EventState::dead, ""}, start(3)}},  // the one before settled it
      {{accept(3, "b")}},                                                     // the failed unit's key is free
      {{start(4), move(4, 2, RunState::finished)}},                           // stale at its second write
      {{add_customer(1), add_customer(1)}},                                   // fails on its own row
      {{start(5)}},
  });
  const std::vector<Kind> kinds = {Kind::committed, Kind::failed, Kind::committed, Kind::stale,
                                   Kind::committed, Kind::stale,  Kind::failed,    Kind::committed};
  for (std::size_t at = 0; at < kinds.size(); ++at) BOOST_TEST((outcomes[at].kind == kinds[at]), "unit " << at);
  BOOST_TEST(outcomes[1].error->code == "constraint");
  BOOST_TEST(bench.count("SELECT group_concat(id, '') FROM event") == 13);
  BOOST_TEST(bench.count("SELECT group_concat(id, '') FROM run") == 25);
  BOOST_TEST(bench.count("SELECT count(*) FROM step") == 0);
  BOOST_TEST(bench.count("SELECT count(*) FROM customer") == 0);
  BOOST_TEST(bench.count("SELECT events FROM tally") == 2);
  BOOST_TEST(bench.count("SELECT events_fresh FROM tally") == 1);
  BOOST_TEST(bench.count("SELECT runs FROM tally") == 2);
}

BOOST_AUTO_TEST_CASE(a_failed_unit_takes_back_the_day_table_that_it_made) {
  Bench bench;
  const auto outcomes = bench.commit({{{accept(1, "a"), start(1), start(1)}}, {{accept(2, "a")}}, {{accept(3, "a")}}});
  BOOST_TEST((outcomes[0].kind == Kind::failed));
  BOOST_TEST((outcomes[1].kind == Kind::committed));
  BOOST_TEST((outcomes[2].kind == Kind::duplicate));
  BOOST_TEST(outcomes[2].first_event == 2);
}

BOOST_AUTO_TEST_CASE(two_deliveries_of_one_unit_with_one_key_are_an_error_and_no_duplicate) {
  Bench bench;
  const auto outcomes = bench.commit({{{accept(1, "a"), accept(2, "a")}}, {{accept(3, "a"), accept(4, "b")}}});
  BOOST_TEST((outcomes[0].kind == Kind::failed));
  BOOST_TEST((outcomes[1].kind == Kind::committed));
}

BOOST_AUTO_TEST_SUITE_END()
