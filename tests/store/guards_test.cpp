// A unit whose guard does not hold writes nothing and is stale; a unit that breaks a rule fails alone.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/fixture.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

namespace {

// Puts `writes` behind a row that must not be there afterwards, unless the unit is committed.
Kind kind_of(const Opened& hub, std::vector<Write> writes) {
  writes.insert(writes.begin(), PutMeta{"trace", "written"});
  const UnitOutcome outcome = hub.put(std::move(writes));
  const bool written = got(hub.reader->meta("trace")).has_value();
  BOOST_TEST(written == (outcome.kind == Kind::committed));
  BOOST_TEST(outcome.error.has_value() == (outcome.kind == Kind::failed));
  return outcome.kind;
}

// Whether the write is stale, and whether the units around it are committed.
bool is_stale(const Opened& hub, const Write& write) {
  const Kind kind = kind_of(hub, {write});
  hub.must({PutMeta{"neighbour", "ㅇ"}});
  return kind == Kind::stale;
}

bool breaks_a_rule(const Opened& hub, std::vector<Write> writes) {
  writes.insert(writes.begin(), PutMeta{"trace", "written"});
  const UnitOutcome outcome = hub.put(std::move(writes));
  BOOST_TEST(!got(hub.reader->meta("trace")));
  return outcome.kind == Kind::failed && outcome.error && outcome.error->code == "constraint";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_guards)

BOOST_DATA_TEST_CASE(an_event_is_settled_once, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({accept(1)});
  BOOST_TEST(is_stale(hub, SettleEvent{2, EventState::fresh, EventState::routed, ""}));
  BOOST_TEST(is_stale(hub, SettleEvent{1, EventState::dead, EventState::fresh, ""}));
  hub.must({SettleEvent{1, EventState::fresh, EventState::dead, "no_recipe"}});
  BOOST_TEST(is_stale(hub, SettleEvent{1, EventState::fresh, EventState::routed, ""}));
  BOOST_TEST((got(hub.reader->event(1))->event.state == EventState::dead));
  hub.must({SettleEvent{1, EventState::dead, EventState::fresh, ""}});  // replayed by a person
  BOOST_TEST(got(hub.reader->fresh_events(0, 5)).size() == 1u);
}

BOOST_DATA_TEST_CASE(a_run_moves_only_from_its_rev_and_lease_and_never_after_its_end, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({start(1)});
  BOOST_TEST(is_stale(hub, move(2, 1, RunState::waiting)));
  BOOST_TEST(is_stale(hub, move(1, 2, RunState::waiting)));
  MoveRun zombie = move(1, 1, RunState::waiting);
  zombie.expected_epoch = 2;
  BOOST_TEST(is_stale(hub, zombie));
  MoveRun taken = move(1, 1, RunState::acting);
  taken.lease_epoch = 2;
  hub.must({taken});
  BOOST_TEST(is_stale(hub, move(1, 2, RunState::waiting)));  // the lease is another process's now
  MoveRun end = move(1, 2, RunState::finished);
  end.expected_epoch = end.lease_epoch = 2;
  hub.must({end});
  MoveRun late = move(1, 3, RunState::failed);
  late.expected_epoch = 2;
  BOOST_TEST(is_stale(hub, late));
  BOOST_TEST((got(hub.reader->run(1))->state == RunState::finished));
  BOOST_TEST(got(hub.reader->run(1))->rev == 3);
}

BOOST_DATA_TEST_CASE(a_step_moves_only_from_its_state_and_attempt, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({start(1), open_step(1, 1)});
  BOOST_TEST(is_stale(hub, close_step(2)));
  MoveStep wrong = close_step(1);
  wrong.expected_attempt = 1;
  BOOST_TEST(is_stale(hub, wrong));
  wrong = close_step(1);
  wrong.from = StepState::in_doubt;
  BOOST_TEST(is_stale(hub, wrong));
  hub.must({close_step(1)});
  BOOST_TEST(is_stale(hub, close_step(1)));
}

BOOST_DATA_TEST_CASE(an_exclusive_entry_has_one_live_run, data::make(kModes), mode) {
  const Opened hub(mode);
  const auto exclusive = [](Id id, Id recipe, Id customer, const std::string& key) {
    StartRun write = start(id, recipe, customer, key);
    write.exclusive = true;
    return write;
  };
  hub.must({exclusive(1, 1, 7, "장바구니")});
  BOOST_TEST(is_stale(hub, exclusive(2, 1, 7, "장바구니")));
  hub.must({exclusive(2, 1, 7, "b"), exclusive(3, 1, 8, "장바구니"), exclusive(4, 2, 7, "장바구니")});
  hub.must({start(5, 1, 7, "장바구니")});  // not exclusive: several may live
  hub.must({move(1, 1, RunState::exited), move(5, 1, RunState::exited)});
  hub.must({exclusive(6, 1, 7, "장바구니")});
  // About nobody: by key, and by nothing at all.
  hub.must({exclusive(10, 3, 0, "k")});
  BOOST_TEST(is_stale(hub, exclusive(11, 3, 0, "k")));
  hub.must({exclusive(12, 4, 0, "")});
  BOOST_TEST(is_stale(hub, exclusive(13, 4, 0, "")));
  hub.must({move(12, 1, RunState::finished)});
  hub.must({exclusive(14, 4, 0, "")});
}

BOOST_DATA_TEST_CASE(a_run_that_ends_makes_room_in_the_same_unit, data::make(kModes), mode) {
  const Opened hub(mode);
  StartRun next = start(2, 1, 7, "k");
  next.exclusive = true;
  hub.must({start(1, 1, 7, "k")});
  hub.must({move(1, 1, RunState::exited), next});
  BOOST_TEST(got(hub.reader->live_run(1, 7, "k"))->id == 2);
  StartRun twin = start(3, 1, 7, "k2");
  twin.exclusive = true;
  StartRun other = twin;
  other.run.id = 4;
  BOOST_TEST((kind_of(hub, {twin, other}) == Kind::stale));  // two in one unit: neither begins
  BOOST_TEST(!got(hub.reader->run(3)));
  BOOST_TEST(got(hub.reader->totals()).runs == 2);
}

BOOST_DATA_TEST_CASE(a_run_that_makes_room_may_close_its_open_blocks_behind_its_end, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({start(1, 1, 7, "cart")});
  OpenStep block = open_step(1, 1);
  block.step.state = StepState::running;
  hub.must({block});
  MoveStep done;
  done.step = 1;
  done.from = StepState::running;
  done.to = StepState::done;
  StartRun next = start(2, 1, 7, "cart");
  next.exclusive = true;
  BOOST_TEST((kind_of(hub, {move(1, 1, RunState::finished), done, next}) == Kind::committed));
  BOOST_TEST((got(hub.reader->steps(1)).front().state == StepState::done));
}

BOOST_DATA_TEST_CASE(a_unit_may_change_its_own_rows_again, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({accept(1), SettleEvent{1, EventState::fresh, EventState::routed, ""}, start(1), open_step(1, 1),
            close_step(1), move(1, 1, RunState::waiting, kNoon), move(1, 2, RunState::finished), add_customer(5),
            TouchCustomer{5, 1}, TouchCustomer{5, 2}});
  BOOST_TEST(got(hub.reader->run(1))->rev == 3);
  BOOST_TEST(got(hub.reader->customer(5))->rev == 3);
  BOOST_TEST((got(hub.reader->event(1))->event.state == EventState::routed));
  const Totals totals = got(hub.reader->totals());
  BOOST_TEST(totals.runs_finished == 1);
  BOOST_TEST(totals.runs_acting == 0);
  BOOST_TEST(totals.events_fresh == 0);
  // A guard late in such a unit takes all of it back.
  BOOST_TEST((kind_of(hub, {start(2), move(2, 1, RunState::waiting), move(2, 1, RunState::finished)}) == Kind::stale));
  BOOST_TEST(!got(hub.reader->run(2)));
  BOOST_TEST(got(hub.reader->totals()).runs == 1);
}

BOOST_DATA_TEST_CASE(a_customer_is_touched_only_from_the_rev_that_was_read, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({add_customer(4)});
  BOOST_TEST(is_stale(hub, TouchCustomer{5, 1}));
  BOOST_TEST(is_stale(hub, TouchCustomer{4, 2}));
  hub.must({TouchCustomer{4, 1}});
  BOOST_TEST(is_stale(hub, TouchCustomer{4, 1}));
}

BOOST_DATA_TEST_CASE(an_identity_belongs_to_one_customer, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({add_customer(4), add_customer(5), AddIdentity{{"email", "kim@example.com", 4, kNoon}}});
  BOOST_TEST(is_stale(hub, AddIdentity{{"email", "kim@example.com", 5, kNoon}}));
  hub.must({AddIdentity{{"email", "kim@example.com", 4, kNoon + 9}}});  // the same one having it is fine
  BOOST_TEST(got(hub.reader->identities(4))[0].added_ms == kNoon);
  BOOST_TEST((kind_of(hub, {AddIdentity{{"phone", "+82", 4, 1}}, AddIdentity{{"phone", "+82", 5, 1}}}) == Kind::stale));
}

BOOST_DATA_TEST_CASE(a_broken_rule_fails_the_unit_and_names_the_rule, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({accept(1), start(1)});
  BOOST_TEST(breaks_a_rule(hub, {accept(1)}));
  BOOST_TEST(breaks_a_rule(hub, {start(1)}));
  AcceptEvent strange = accept(2);
  strange.event.state = static_cast<EventState>(9);
  BOOST_TEST(breaks_a_rule(hub, {strange}));
  BOOST_TEST(breaks_a_rule(hub, {AddIdentity{{"email", "a@example.com", 77, 1}}}));
  BOOST_TEST(breaks_a_rule(hub, {PutSecret{{77, "token", 1, "x", 1}}}));

  OpenStep without = open_step(1, 1);
  without.step.reaches_customer = true;
  BOOST_TEST(breaks_a_rule(hub, {without}));
  OpenStep invented = without;
  invented.step.decision = 99;
  BOOST_TEST(breaks_a_rule(hub, {invented}));
  const UnitOutcome outcome = hub.put({without});
  BOOST_REQUIRE(outcome.error);
  BOOST_TEST(outcome.error->what.find("what_reaches_a_customer_has_a_decision") != std::string::npos);
  BOOST_TEST(got(hub.reader->steps(1)).empty());
  hub.must({accept(2)});
}

BOOST_DATA_TEST_CASE(a_value_beyond_the_limit_fails_its_unit_alone, data::make(kModes), mode) {
  const Opened hub(mode);
  AcceptEvent large = accept(1);
  large.payload.body.assign(33u << 20, 'x');
  const UnitOutcome outcome = hub.put({PutMeta{"a", "b"}, large});
  BOOST_REQUIRE(outcome.error);
  BOOST_TEST(outcome.error->code == "too_big");
  BOOST_TEST(!got(hub.reader->meta("a")));
  large.payload.body.resize(25u << 20);
  hub.must({large});
  BOOST_TEST(got(hub.reader->event(1))->payload.body.size() == 25u << 20);
}

BOOST_AUTO_TEST_SUITE_END()
