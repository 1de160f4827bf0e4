// Credentials and what is known of them: versions that end, tokens, health, and runs that are held.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/fixture.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
namespace data = boost::unit_test::data;

namespace {
PutConnection shop() { return {{1, "shop", "shopify", "{}", "[]", true, kNoon}}; }
}  // namespace

BOOST_AUTO_TEST_SUITE(store_credentials)

BOOST_DATA_TEST_CASE(older_versions_of_a_secret_end_and_the_newest_stays, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({shop(), PutSecret{{1, "hook", 1, "a", kNoon}}, PutSecret{{1, "hook", 2, "b", kNoon}},
            PutSecret{{1, "key", 1, "c", kNoon}}});
  hub.must({PutSecret{{1, "hook", 3, "d", kNoon}}, RetireSecrets{1, "hook", 3, kNoon + kDay}});
  // An earlier end stays: rotating again does not prolong what was to end.
  hub.must({RetireSecrets{1, "hook", 2, kNoon + kHour}, RetireSecrets{1, "hook", 3, kNoon + 2 * kDay}});
  auto secrets = got(hub.reader->secrets(1));
  BOOST_REQUIRE(secrets.size() == 4U);
  BOOST_TEST(!secrets[0].until_ms.has_value());
  BOOST_TEST(secrets[1].until_ms.value() == kNoon + kDay);
  BOOST_TEST(secrets[2].until_ms.value() == kNoon + kHour);
  BOOST_TEST(!secrets[3].until_ms.has_value());
  hub.must({RetireSecrets{1, "hook", 3, {}}});
  secrets = got(hub.reader->secrets(1));
  BOOST_REQUIRE(secrets.size() == 2U);
  BOOST_TEST(secrets[0].version == 3);
  BOOST_TEST(secrets[1].slot == "key");
}

BOOST_DATA_TEST_CASE(tokens_and_health_go_with_what_they_belong_to, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({shop(), PutSecret{{1, "oauth.access_token", 1, "a", kNoon}},
            PutToken{{1, "oauth", kNoon, kNoon + kHour, {}, "orders"}}});
  hub.must({PutToken{{1, "oauth", kNoon + 1, {}, kNoon + kDay, "orders"}}});
  const auto tokens = got(hub.reader->tokens(1));
  BOOST_REQUIRE(tokens.size() == 1U);
  BOOST_TEST(tokens[0].fetched_ms == kNoon + 1);
  BOOST_TEST(!tokens[0].expires_ms.has_value());
  BOOST_TEST(tokens[0].refresh_expires_ms.value() == kNoon + kDay);

  BOOST_TEST(!got(hub.reader->health(1)).has_value());
  hub.must({PutHealth{{1, false, "slow", kNoon}}});
  hub.must({PutHealth{{1, true, "revoked", kNoon + 1}}});
  hub.must({PutHealth{{1, true, "revoked again", kNoon + 2}}});
  auto health = got(hub.reader->health(1));
  BOOST_TEST(health.value().dead);
  BOOST_TEST(health.value().problem == "revoked again");
  BOOST_TEST(health.value().since_ms == kNoon + 1);
  hub.must({PutHealth{{1, false, "", kNoon}}});
  BOOST_TEST(!got(hub.reader->health(1)).has_value());

  hub.must({PutHealth{{1, true, "revoked", kNoon}}, DropSecrets{1}});
  BOOST_TEST(got(hub.reader->tokens(1)).empty());
  BOOST_TEST(got(hub.reader->secrets(1)).empty());
  hub.must({RemoveConnection{1}});
  BOOST_TEST(!got(hub.reader->health(1)).has_value());
}

BOOST_DATA_TEST_CASE(a_held_run_is_live_and_never_next, data::make(kModes), mode) {
  Opened hub(mode);
  hub.must({start(1), start(2), start(3)});
  hub.must({move(1, 1, RunState::acting, kHeldDue), move(2, 1, RunState::acting, kNoon + kHour),
            move(3, 1, RunState::acting, kHeldDue)});
  BOOST_TEST(got(hub.reader->next_due()).value() == kNoon + kHour);
  const auto held = got(hub.reader->held_runs(0, 10));
  BOOST_REQUIRE(held.size() == 2U);
  BOOST_TEST(held[1].id == 3);
  BOOST_TEST(got(hub.reader->held_runs(1, 10)).size() == 1U);
  hub.must({move(2, 2, RunState::finished)});
  BOOST_TEST(!got(hub.reader->next_due()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
