// A hub that begins with a backup: nothing goes out before a person lets it, and what went out meanwhile is not done twice.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "runtime/flight.hpp"
#include "runtime/held.hpp"
#include "runtime/test_hub.hpp"
#include "store/backup.hpp"
#include "store/restore.hpp"

using namespace ieum;
using namespace ieum::runtime;
using namespace ieum::test;
using store::RunState;

namespace {

std::string recipe_of(const std::string& operation) {
  return "recipe: r\ntitle: 시험\ntrigger: {event: acme/note}\nsteps:\n  - wait: 1h\n"
         "  - {id: send, use: acme." +
         operation + ", connection: shop, with: {text: \"{{ trigger.text }}\"}}\n";
}

std::string backup_of(TestHub& hub) {
  const std::string copy = hub.store_path() + ".backup";
  const auto made = store::backup_store(hub.store_path(), copy, hub.clock.now());
  BOOST_REQUIRE_MESSAGE(made.has_value(), (made.has_error() ? made.error().text() : ""));
  return copy;
}

void restore(TestHub& hub, const std::string& copy) {
  hub.crash();
  auto prepared = store::Restore::prepare(copy, hub.store_path());
  BOOST_REQUIRE_MESSAGE(prepared.has_value(), (prepared.has_error() ? prepared.error().text() : ""));
  store::HoldRow hold;
  hold.kind = "hub";
  hold.name = kEverything;
  hold.reason = "restored from a backup";
  hold.made_by = store::kRestoredBy;
  hold.since_ms = hub.clock.now();
  const auto kept = prepared->commit(hold, kFateUnknown, hub.store_path() + ".kept");
  BOOST_REQUIRE_MESSAGE(kept.has_value(), (kept.has_error() ? kept.error().text() : ""));
  hub.start();
}

void release(TestHub& hub) {
  const auto holds = hub.reader->holds();
  BOOST_REQUIRE(holds->size() == 1u);
  BOOST_REQUIRE(hub.hub->release_hold(holds->front().id, 0, {}, {}).has_value());
  hub.run_until(hub.clock.now() + kHour);
  BOOST_TEST(hub.reader->holds()->empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(restored)

// In the backup the first run has its call under way and the second waits; both went on and ended in the store that was lost, where a
// third came and ended.
BOOST_AUTO_TEST_CASE(STO_09_a_restored_hub_holds_all_that_goes_out_and_repeats_no_call_under_another_key) {
  for (const auto* operation : {"put", "post"}) {
    BOOST_TEST_CONTEXT(operation) {
      TestHub hub;
      hub.apply(recipe_of(operation));
      hub.deliver("note", R"({"text":"first"})");
      hub.vendor.hold = true;
      hub.run_until(kMonday + kHour);
      hub.clock.set(kMonday + kHour + kMinute);
      hub.deliver("note", R"({"text":"second"})");
      const auto copy = backup_of(hub);
      hub.vendor.release();
      hub.settle();
      hub.deliver("note", R"({"text":"third"})");
      hub.run_until(kMonday + 3 * kHour);
      BOOST_REQUIRE(hub.vendor.messages.size() == 3u);
      const auto keys = hub.vendor.keys_seen;
      const int writes = hub.vendor.writes_seen;

      restore(hub, copy);
      hub.run_until(kMonday + 4 * kHour);  // the wait of the second is over
      BOOST_TEST(hub.vendor.writes_seen == writes);
      BOOST_REQUIRE(hub.runs().size() == 2u);
      for (const auto& run : hub.runs()) {
        BOOST_TEST(is_held(run));
        BOOST_TEST(holder_of(run.reason)->first == "hub");
      }
      // The vendor's webhook comes again, and a new one: neither goes out.
      BOOST_TEST(hub.deliver("note", R"({"text":"fourth"})").status == 200);
      hub.run_until(kMonday + 6 * kHour);
      BOOST_TEST(hub.vendor.writes_seen == writes);
      hub.crash();
      hub.start();
      BOOST_TEST(hub.vendor.writes_seen == writes);

      release(hub);
      for (const auto& run : hub.runs()) BOOST_TEST((run.state == RunState::finished), run.reason);
      const std::multiset<std::string> seen(hub.vendor.keys_seen.begin(), hub.vendor.keys_seen.end());
      const std::set<std::string> distinct(seen.begin(), seen.end());
      // Each call has one key for good: the first and the second came again under theirs or not at all, the fourth under a new one.
      BOOST_TEST(distinct.size() == 4u);
      for (const auto& key : keys) BOOST_TEST(distinct.contains(key));
      BOOST_TEST(std::count(hub.vendor.keys_seen.begin(), hub.vendor.keys_seen.end(), hub.vendor.keys_seen.back()) ==
                 1);
      if (std::string(operation) == "post") {
        // What may have been sent since the backup is looked up first, and found.
        BOOST_TEST(hub.vendor.lookups_seen > 0);
        for (const auto& key : keys) BOOST_TEST(std::count(seen.begin(), seen.end(), key) == 1);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_hold_of_the_hub_holds_whatever_goes_out_and_is_released_like_any_other) {
  TestHub hub;
  hub.apply(recipe_of("put"));
  store::HoldRow hold;
  hold.kind = "hub";
  hold.reason = "이사";
  const auto id = hub.hub->put_hold(hold);
  BOOST_REQUIRE(id.has_value());
  for (int n = 0; n < 3; ++n) hub.deliver("note", R"({"text":"a"})");
  hub.run_until(kMonday + 2 * kHour);
  BOOST_TEST(hub.vendor.writes_seen == 0);
  BOOST_TEST(hub.runs().front().reason == "held: hub everything is on hold (이사)");
  release(hub);
  BOOST_TEST(hub.vendor.writes_seen == 3);
}

BOOST_AUTO_TEST_SUITE_END()
