// A delivery key is known for seven days, to the millisecond, and forgotten table by table.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/fixture.hpp"
#include "store/sqlite.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

namespace {

struct Sender {
  explicit Sender(Mode mode) : hub(mode) {}
  // 0 when the delivery is new, else the event it is a duplicate of.
  Id deliver(const std::string& key, Millis at, Id connection = 1) {
    const UnitOutcome outcome = hub.put({accept(++last, key, at, connection)});
    BOOST_REQUIRE((outcome.kind == Kind::committed || outcome.kind == Kind::duplicate));
    BOOST_TEST(got(hub.reader->event(last)).has_value() == (outcome.kind == Kind::committed));
    return outcome.kind == Kind::duplicate ? outcome.first_event : 0;
  }
  Opened hub;
  Id last = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_dedupe)

BOOST_DATA_TEST_CASE(ING_05_a_key_is_known_for_exactly_seven_days, data::make(kModes), mode) {
  for (const Millis hour : {Millis{0}, kHour, 12 * kHour, kDay - 1}) {
    Sender sender(mode);
    const Millis first = kNoon - 12 * kHour + hour;  // at several times of the day
    BOOST_TEST(sender.deliver("배송-1", first) == 0);
    BOOST_TEST(sender.deliver("배송-1", first) == 1);
    BOOST_TEST(sender.deliver("배송-1", first + 6 * kDay + 23 * kHour) == 1);
    BOOST_TEST(sender.deliver("배송-1", first + 7 * kDay) == 1);
    BOOST_TEST(sender.deliver("배송-1", first + 7 * kDay + 1) == 0);
    BOOST_TEST(sender.deliver("배송-1", first + 7 * kDay + kHour) == 5);  // now of the fifth
    BOOST_TEST(sender.deliver("배송-1", first + 14 * kDay + kHour) == 0);
  }
}

BOOST_DATA_TEST_CASE(keys_belong_to_a_connection, data::make(kModes), mode) {
  Sender sender(mode);
  BOOST_TEST(sender.deliver("1", kNoon, 1) == 0);
  BOOST_TEST(sender.deliver("1", kNoon, 2) == 0);
  BOOST_TEST(sender.deliver("11", kNoon, 1) == 0);
  BOOST_TEST(sender.deliver("1", kNoon, 11) == 0);  // "1" + "11" is not "11" + "1"
  BOOST_TEST(sender.deliver("1", kNoon, 2) == 2);
}

BOOST_DATA_TEST_CASE(a_delivery_without_a_key_is_never_a_duplicate, data::make(kModes), mode) {
  Sender sender(mode);
  BOOST_TEST(sender.deliver("", kNoon) == 0);
  BOOST_TEST(sender.deliver("", kNoon) == 0);
}

BOOST_DATA_TEST_CASE(a_clock_that_steps_back_over_midnight_still_finds_the_key, data::make(kModes), mode) {
  Sender sender(mode);
  const Millis midnight = kNoon + 12 * kHour;
  BOOST_TEST(sender.deliver("a", midnight + 10) == 0);
  BOOST_TEST(sender.deliver("a", midnight - 10) == 1);
}

BOOST_AUTO_TEST_CASE(ING_05_SIG_11_old_tables_are_dropped_and_known_keys_survive_a_restart) {
  Folder folder;
  {
    const auto store = open_or_fail(options(folder.file(), Mode::thread));
    Id id = 0;
    for (int day = 0; day < 30; ++day)
      BOOST_TEST((
          store->submit_and_wait(Queue::accept, {{accept(++id, "k" + std::to_string(day), kNoon + day * kDay)}}).kind ==
          Kind::committed));
  }
  {
    const auto database = got(Database::open(folder.file(), "", Database::Role::reader));
    BOOST_TEST(got(database->integer("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'dedupe%'")) == 8);
    BOOST_TEST(got(database->integer("PRAGMA auto_vacuum")) == 2);
  }
  const auto store = open_or_fail(options(folder.file(), Mode::thread));
  const UnitOutcome outcome = store->submit_and_wait(Queue::accept, {{accept(99, "k23", kNoon + 29 * kDay)}});
  BOOST_TEST((outcome.kind == Kind::duplicate));
  BOOST_TEST(outcome.first_event == 24);
}

BOOST_AUTO_TEST_SUITE_END()
