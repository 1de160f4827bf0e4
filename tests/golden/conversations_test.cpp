// Plays every case of every connector: the effects must be the expected ones, the requests byte by byte; verification,
// topic, key, projection and identities of webhooks as the case says.
#include "golden/cases.hpp"

using namespace ieum;

BOOST_AUTO_TEST_SUITE(golden_cases)

BOOST_AUTO_TEST_CASE(cases_go_as_written) {
  std::size_t conversations = 0, deliveries = 0;
  for (const golden::Case& one : golden::cases()) {
    const host::Connector* connector = golden::registry().find(one.connector);
    BOOST_REQUIRE(connector != nullptr);
    for (const auto& mismatch : host::play_case(*connector, one)) BOOST_ERROR(mismatch.place << "\n" << mismatch.what);
    ++(one.is_delivery() ? deliveries : conversations);
  }
  BOOST_TEST(conversations > 100u);
  BOOST_TEST(deliveries > 20u);
}

// A case that expects something else is noticed, whichever part of it differs.
BOOST_AUTO_TEST_CASE(a_wrong_case_is_noticed) {
  for (const golden::Case& one : golden::cases()) {
    const host::Connector& connector = *golden::registry().find(one.connector);
    golden::Case wrong = one;
    Map changed = *one.data.if_map();
    if (one.is_delivery())
      changed.set("expect", Map{{"verdict", "none"}});
    else
      changed.set("step_key", "0"), changed.set("turns", List{Value(Map{{"effect", Map{{"done", "else"}}}})});
    wrong.data = changed;
    BOOST_CHECK_MESSAGE(!host::play_case(connector, wrong).empty(), one.file);
  }
}

BOOST_AUTO_TEST_SUITE_END()
