// Who works with the hub: rows go in and come back, a link is taken once, and with a person goes what was theirs.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/fixture.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using Kind = UnitOutcome::Kind;
namespace data = boost::unit_test::data;

namespace {

PersonRow minji(Id id = 1) { return {id, "minji", "operator", "", false, kNoon, std::nullopt}; }
SessionRow session(const std::string& hash, Id person, Millis until = kNoon + kHour) {
  return {hash, person, kNoon, until, "127.0.0.1", "a browser"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_people)

BOOST_DATA_TEST_CASE(a_person_changes_and_goes_with_all_that_was_theirs, data::make(kModes), mode) {
  Opened hub(mode);
  auto row = minji();
  hub.must({PutPerson{row}, PutInvitation{{"a", 1, kNoon + kHour}}, PutSession{session("b", 1)},
            PutSession{session("c", 0)}, PutSavedView{{1, 1, "mine", "state:failed", kNoon}},
            PutSavedView{{2, 0, "ours", "held:yes", kNoon}}});
  row.role = "owner";
  row.password = "$argon2id$";
  row.seen_ms = kNoon;
  hub.must({PutPerson{row}});
  const auto people = got(hub.reader->people());
  BOOST_REQUIRE(people.size() == 1u);
  BOOST_TEST(people[0].role == "owner");
  BOOST_TEST((people[0].seen_ms == kNoon));
  // Names are unique without case.
  BOOST_TEST((hub.put({PutPerson{{2, "MINJI", "viewer", "", false, kNoon, {}}}}).kind == Kind::failed));
  hub.must({RemovePerson{1}});
  BOOST_TEST(got(hub.reader->people()).empty());
  BOOST_TEST(got(hub.reader->invitations()).empty());
  BOOST_TEST(got(hub.reader->sessions()).size() == 1u);
  BOOST_TEST(got(hub.reader->saved_views(1)).empty());
  BOOST_TEST(got(hub.reader->saved_views(0)).size() == 1u);
}

BOOST_DATA_TEST_CASE(a_link_is_taken_once_and_in_time, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({PutInvitation{{"old", 0, kNoon}}});
  BOOST_TEST((hub.put({TakeInvitation{"old", kNoon}}).kind == Kind::stale));
  hub.must({PutInvitation{{"new", 0, kNoon + 1}}});
  BOOST_TEST(got(hub.reader->invitations()).size() == 1u);  // a new one takes the place of the old
  hub.must({TakeInvitation{"new", kNoon}});
  BOOST_TEST((hub.put({TakeInvitation{"new", kNoon}}).kind == Kind::stale));
}

BOOST_DATA_TEST_CASE(a_session_that_ended_is_dropped_when_another_begins, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({PutSession{session("old", 1, kNoon)}});
  hub.must({PutSession{session("a", 1)}, PutSession{session("b", 1)}, PutSession{session("c", 2)}});
  BOOST_TEST(got(hub.reader->sessions()).size() == 3u);
  hub.must({DropSessionsOf{1, "b"}});
  BOOST_TEST(got(hub.reader->sessions()).size() == 2u);
  hub.must({DropSession{"b"}});
  BOOST_TEST(got(hub.reader->sessions())[0].hash == "c");
}

BOOST_DATA_TEST_CASE(a_token_once_revoked_stays_so, data::make(kModes), mode) {
  Opened hub(mode);
  ApiTokenRow row{1, "hash", "ieum_abcde", "ci", "viewer", R"(["runs:read"])", "minji", kNoon, {}, {}, {}};
  hub.must({PutApiToken{row}});
  auto revoked = row;
  revoked.revoked_ms = kNoon;
  hub.must({PutApiToken{revoked}});
  row.used_ms = kNoon;  // its use is noted by somebody who did not hear of it yet
  hub.must({PutApiToken{row}});
  const auto rows = got(hub.reader->api_tokens());
  BOOST_TEST((rows[0].revoked_ms == kNoon));
  BOOST_TEST((rows[0].used_ms == kNoon));
  BOOST_TEST(rows[0].scopes == row.scopes);
}

BOOST_DATA_TEST_CASE(acts_are_read_by_page_by_person_and_in_order, data::make(kModes), mode) {
  Opened hub(mode);
  for (Id id = 1; id <= 5; ++id) {
    AuditRow row{id, kNoon, id % 2 == 0 ? "minji" : "junho", "person", "POST /x", "7", "127.0.0.1", "{}", "seal", {}};
    hub.must({AddAudit{row}});
  }
  hub.must({EndAudit{4, 200}});
  const auto page = got(hub.reader->audit({"", 5, 2}));
  BOOST_REQUIRE(page.size() == 2u);
  BOOST_TEST(page[0].id == 4);
  BOOST_TEST((page[0].status == 200));
  BOOST_TEST((page[1].status == std::nullopt));
  BOOST_TEST(got(hub.reader->audit({"minji", 0, 10})).size() == 2u);
  BOOST_TEST(got(hub.reader->audit_after(3, 10)).front().id == 4);
}

BOOST_AUTO_TEST_SUITE_END()
