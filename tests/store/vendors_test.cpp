// What is known of a vendor's side: polled items and their cursor are one unit, and a known item is passed over alone.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "store/committer.hpp"
#include "store/crash_vfs.hpp"
#include "store/fixture.hpp"
#include "store/opened_file.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

namespace {

AcceptItem item(Id id, const std::string& key, Millis at = kNoon, Id connection = 1) {
  const AcceptEvent made = accept(id, key, at, connection);
  return {made.event, made.payload, made.dedupe_key};
}

PutConnection sheet(Id id = 1) { return {{id, "sheet-" + std::to_string(id), "sheets", "{}", "[]", true, kNoon}}; }

PutPoll cursor(const std::string& to, const std::string& expected, Id connection = 1) {
  return {{connection, "rows", "A", to, kNoon + kMinute, 0, kNoon, ""}, expected};
}

std::string cursor_of(Reader& reader) {
  const auto rows = got(reader.polls());
  return rows.empty() ? "" : rows.front().cursor;
}

std::set<Id> events_of(Reader& reader) {
  EventFilter filter;
  filter.limit = 1000;
  std::set<Id> ids;
  for (const auto& event : got(reader.events(filter))) ids.insert(event.id);
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_vendors)

BOOST_DATA_TEST_CASE(a_known_item_is_passed_over_and_the_rest_of_its_unit_is_kept, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({sheet(), sheet(2)});
  hub.must({item(1, "a"), item(2, "b"), cursor("2", "")});
  // "b" is on disk, "c" comes twice in the unit, another connection's "a" is another.
  const UnitOutcome outcome = hub.put(
      {item(3, "b"), item(4, "c"), item(5, "c"), item(6, ""), item(7, ""), item(8, "a", kNoon, 2), cursor("4", "2")});
  BOOST_TEST((outcome.kind == Kind::committed));
  BOOST_TEST(outcome.passed_over == (std::vector<Id>{3, 5}), boost::test_tools::per_element());
  BOOST_TEST(events_of(*hub.reader) == (std::set<Id>{1, 2, 4, 6, 7, 8}), boost::test_tools::per_element());
  BOOST_TEST(cursor_of(*hub.reader) == "4");
  // A delivery by webhook with the key of an item is a duplicate of it, and the other way round.
  const UnitOutcome again = hub.put({accept(9, "c")});
  BOOST_TEST((again.kind == Kind::duplicate && again.first_event == 4));
  BOOST_TEST(hub.put({item(10, "a", kNoon + 8 * kDay)}).passed_over.empty());  // seven days are over
  BOOST_TEST(got(hub.reader->totals()).events == 7);
}

BOOST_DATA_TEST_CASE(a_fact_that_was_told_before_makes_the_unit_a_duplicate_and_is_named, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({sheet()});
  const auto fact = [](Id event, const std::string& name, Millis at = kNoon) {
    return NoteFact{event, 1, at, "hook:" + name, "poll:" + name};
  };
  hub.must({accept(1), NoteFact{1, 1, kNoon, "poll:a", "hook:a"}, NoteFact{1, 1, kNoon, "item", "item"}});
  hub.must({fact(1, "a")});  // its own
  const UnitOutcome known =
      hub.put({accept(2), fact(2, "a"), fact(2, "b"), NoteFact{2, 1, kNoon, "item", "item"}, PutMeta{"a", "b"}});
  BOOST_TEST((known.kind == Kind::duplicate && known.first_event == 1));
  BOOST_TEST(known.known_facts == (std::vector<std::string>{"hook:a", "item"}), boost::test_tools::per_element());
  BOOST_TEST(events_of(*hub.reader) == (std::set<Id>{1}), boost::test_tools::per_element());
  hub.must({accept(2), fact(2, "b")});
  hub.must({accept(3), fact(3, "b")});                    // told twice in one way: two of them
  hub.must({accept(4), fact(4, "a", kNoon + 8 * kDay)});  // seven days are over
}

BOOST_DATA_TEST_CASE(an_item_that_a_list_goes_on_showing_is_never_news, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({sheet()});
  hub.must({item(1, "a")});
  for (Id day = 1; day <= 20; ++day)
    BOOST_TEST(hub.put({item(1 + day, "a", kNoon + day * kDay)}).passed_over.size() == 1u);
  AcceptItem other = item(40, "b", kNoon + 20 * kDay);
  other.other_key = "a";
  BOOST_TEST(hub.put({other}).passed_over.size() == 1u);
}

BOOST_DATA_TEST_CASE(a_late_answer_of_a_poll_writes_nothing, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({sheet()});
  hub.must({item(1, "a"), cursor("1", "")});
  BOOST_TEST((hub.put({item(2, "b"), cursor("2", "")}).kind == Kind::stale));
  BOOST_TEST((hub.put({item(3, "c"), cursor("2", "0")}).kind == Kind::stale));
  BOOST_TEST((hub.put({item(4, "d"), cursor("1", "", 7)}).kind == Kind::stale));  // no such connection
  BOOST_TEST(events_of(*hub.reader) == (std::set<Id>{1}), boost::test_tools::per_element());
  BOOST_TEST(cursor_of(*hub.reader) == "1");
  hub.must({DropPoll{1, "rows", "A"}, cursor("begins anew", "")});
  BOOST_TEST(cursor_of(*hub.reader) == "begins anew");
}

BOOST_DATA_TEST_CASE(what_is_known_of_a_vendor_goes_with_its_connection, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({sheet()});
  hub.must({cursor("1", ""), PutSubscription{{1, "hook", "F1", "{}", "", kNoon, 2, {}, "refused", ""}},
            PutResources{1, "templates", kNoon, {{"A", R"({"t":1})"}, {"B", "{}"}, {"A", R"({"t":2})"}}}});
  BOOST_TEST(got(hub.reader->resource(1, "templates", "A"))->data == R"({"t":2})");
  BOOST_TEST(got(hub.reader->resources(1, "templates", "A", 9)).size() == 1u);
  BOOST_TEST(got(hub.reader->subscriptions()).front().problem == "refused");
  hub.must({PutResources{1, "templates", kNoon + 1, {{"C", "{}"}}}});
  BOOST_TEST(!got(hub.reader->resource(1, "templates", "A")).has_value());
  BOOST_TEST(got(hub.reader->resources_fetched(1, "templates")).value() == kNoon + 1);
  hub.must({AddErasure{{5, 0, 1, R"({"email":"a@example.com"})", kNoon, ErasureState::open}}});
  hub.must({AddErasure{{5, 0, 1, "{}", kNoon + 1, ErasureState::done}}});  // told once is enough
  hub.must({RemoveConnection{1}});
  BOOST_TEST(got(hub.reader->polls()).empty());
  BOOST_TEST(got(hub.reader->subscriptions()).empty());
  BOOST_TEST(!got(hub.reader->resources_fetched(1, "templates")).has_value());
  BOOST_TEST(!got(hub.reader->resource(1, "templates", "C")).has_value());
  // The person still asks, whoever told it.
  BOOST_REQUIRE_EQUAL(got(hub.reader->open_erasures(0, 9)).size(), 1u);
  BOOST_TEST(got(hub.reader->open_erasures(0, 9)).front().subject.find("a@example.com") != std::string::npos);
  for (const auto& write : {Write(PutSubscription{{1, "hook", "", "", "", kNoon, 0, {}, "", ""}}),
                            Write(PutResources{1, "templates", kNoon, {}})})
    BOOST_TEST((hub.put({write}).kind == Kind::stale));
}

// Wherever the disk fails: the cursor stands exactly where the items that are there end, so that what is asked again is
// what is missing.
BOOST_DATA_TEST_CASE(
    items_and_their_cursor_are_there_together_or_not_at_all,
    data::make({FaultPlan{Operation::write, 0, false, false}, FaultPlan{Operation::write, 0, true, true},
                FaultPlan{Operation::sync, 0, false, false}, FaultPlan{Operation::read, 0, false, false}}),
    kind) {
  constexpr Id kPages = 4;
  constexpr Id kPage = 5;
  for (int at = 1;; ++at) {
    BOOST_TEST_CONTEXT("failure number " << at) {
      Folder folder;
      StoreOptions made = options(folder.file(), Mode::inline_file);
      made.vfs = CrashVfs::kName;
      Id acknowledged = 0;
      FaultPlan plan = kind;
      plan.at = at;
      CrashVfs::arm(plan);
      NullLog log;
      if (auto file = open_file(made); file.has_value()) {
        Committer committer(file->database, log, {});
        std::vector<Pending> batch;
        batch.push_back({{{sheet()}}, {}, {}});
        committer.commit(batch);
        for (Id page = 0; page < kPages; ++page) {
          Unit unit;
          // Each page begins with the last item of the one before.
          for (Id at_item = page * kPage; at_item <= (page + 1) * kPage; ++at_item)
            if (at_item > 0) unit.writes.push_back(item(100 * page + at_item, "row-" + std::to_string(at_item)));
          unit.writes.push_back(cursor(std::to_string(page + 1), page == 0 ? "" : std::to_string(page)));
          batch.clear();
          batch.push_back({std::move(unit), {}, {}});
          committer.commit(batch);
          if (batch[0].outcome.kind == Kind::committed) acknowledged = page + 1;
        }
        committer.finish();
      }
      const bool reached = CrashVfs::seen() >= at;
      CrashVfs::disarm();
      {
        const auto store = open_or_fail(options(folder.file(), Mode::thread));
        const auto reader = store->reader();
        const std::string stands = cursor_of(*reader);
        const Id pages = stands.empty() ? 0 : std::stoll(stands);
        BOOST_TEST(pages >= acknowledged);
        BOOST_TEST(static_cast<Id>(events_of(*reader).size()) == pages * kPage);
      }
      BOOST_TEST(faults_of(folder.file()) == "");
      if (!reached) {
        BOOST_TEST(acknowledged == kPages);
        break;
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
