// When what failed is tried again: at the times of the recipe's schedule, at those that the vendor asks for, or never.
#include <boost/test/unit_test.hpp>
#include <set>

#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using store::StepState;

namespace {

std::string recipe_with(const std::string& retry) {
  return "recipe: r\ntrigger: {event: acme/note}\nsteps:\n  - id: send\n    use: acme.put\n    connection: shop\n    "
         "with: "
         "{text: \"{{ trigger.text }}\"}\n    retry: " +
         retry + "\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_times)

BOOST_AUTO_TEST_CASE(RET_01_attempts_keep_their_times_and_their_key_whatever_their_number) {
  const Millis first = 10 * kSecond, cap = kMinute, budget = 10 * kMinute;
  std::size_t most = 0;
  for (std::size_t failures = 0;; ++failures) {
    TestHub hub;
    hub.apply(recipe_with("{for: 10m, first: 10s, cap: 1m}"));
    hub.vendor.answers.assign(failures, HttpResponse{500, {}, "out of order"});
    hub.deliver("note", R"({"text":"a"})");
    hub.run_until(kMonday + kDay);
    const auto& times = hub.vendor.times_seen;
    BOOST_TEST_REQUIRE(times.size() >= 1u);
    BOOST_TEST(times[0] == kMonday);
    for (std::size_t i = 1; i < times.size(); ++i) {
      const Millis pause = std::min(cap, first << std::min<std::size_t>(i - 1, 20));
      const Millis waited = times[i] - times[i - 1];
      BOOST_TEST(waited <= pause * 12 / 10, "attempt " << i << " of " << failures);
      if (times[i] != kMonday + budget) BOOST_TEST(waited >= pause * 8 / 10, "attempt " << i << " of " << failures);
    }
    BOOST_TEST(std::set<std::string>(hub.vendor.keys_seen.begin(), hub.vendor.keys_seen.end()).size() == 1u);
    BOOST_TEST(hub.vendor.keys_seen[0] == hub.steps(hub.only_run().id)[0].key);
    if (times.size() == failures + 1) {
      BOOST_TEST((hub.only_run().state == RunState::finished));
      BOOST_TEST(hub.steps(hub.only_run().id)[0].attempt == static_cast<int>(failures));
      most = failures;
      continue;
    }
    // One failure more than there are attempts: the step has failed, is shown, and nothing goes out again.
    BOOST_TEST(times.size() == failures);
    BOOST_TEST(times.back() == kMonday + budget);
    BOOST_TEST((hub.only_run().state == RunState::failed));
    BOOST_TEST((hub.steps(hub.only_run().id)[0].state == StepState::failed));
    BOOST_TEST(hub.steps(hub.only_run().id)[0].error_code == "unavailable");
    BOOST_TEST(hub.vendor.messages.empty());
    break;
  }
  BOOST_TEST(most >= 10u);
}

BOOST_AUTO_TEST_CASE(RET_03_a_retry_after_is_kept_capped_at_a_day_and_passed_over_when_it_is_none) {
  struct Row {
    int status;
    const char* text;
    Millis at_least, at_most;  // until the next attempt
  };
  const Millis own_least = 8 * kSecond, own_most = 12 * kSecond;
  const Row rows[] = {{503, "5", own_least, own_most},
                      {503, "60", kMinute, kMinute},
                      {429, "60", kMinute, kMinute},
                      {408, "60", kMinute, kMinute},
                      {425, "60", kMinute, kMinute},
                      {503, "Mon, 02 Mar 2026 01:00:00 GMT", kHour, kHour},
                      {429, "Mon, 02 Mar 2026 01:00:00 GMT", kHour, kHour},
                      {503, "0", own_least, own_most},
                      {429, "0", own_least, own_most},
                      {503, "1000000000", kDay, kDay},
                      {429, "1000000000", kDay, kDay},
                      {429, "99999999999999999999999999", kDay, kDay},
                      {503, "Fri, 31 Dec 9999 23:59:59 GMT", kDay, kDay},
                      {503, "-1", own_least, own_most},
                      {429, "-1", own_least, own_most},
                      {503, "Sun, 01 Mar 2026 00:00:00 GMT", own_least, own_most},
                      {503, "soon", own_least, own_most},
                      {429, "12 apples", own_least, own_most},
                      {503, "", own_least, own_most},
                      {503, "\xff\xfe", own_least, own_most}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.status << " " << row.text) {
      TestHub hub;
      hub.apply(recipe_with("{for: 3d, first: 10s, cap: 30m}"));
      hub.vendor.answers = {HttpResponse{row.status, {{"Retry-After", row.text}}, ""}};
      hub.deliver("note", R"({"text":"a"})");
      hub.run_until(kMonday + 3 * kDay);
      BOOST_TEST_REQUIRE(hub.vendor.times_seen.size() == 2u);
      const Millis waited = hub.vendor.times_seen[1] - hub.vendor.times_seen[0];
      BOOST_TEST(waited >= row.at_least);
      BOOST_TEST(waited <= row.at_most);
      BOOST_TEST((hub.only_run().state == RunState::finished));
    }
  }
}

BOOST_AUTO_TEST_CASE(RET_03_what_is_refused_for_good_is_not_repeated) {
  for (const int status :
       {300, 301, 302, 303, 304, 307, 308, 400, 402, 403, 404, 405, 409, 410, 411, 413, 415, 418, 422, 451}) {
    TestHub hub;
    hub.apply(recipe_with("{for: 1d}"));
    hub.vendor.answers = {HttpResponse{status, {{"Retry-After", "60"}, {"Location", "https://acme.example/else"}}, ""}};
    hub.deliver("note", R"({"text":"a"})");
    hub.run_until(kMonday + 3 * kDay);
    BOOST_TEST_CONTEXT(status) {
      BOOST_TEST(hub.vendor.writes_seen == 1);
      BOOST_TEST((hub.only_run().state == RunState::failed));
      BOOST_TEST(hub.steps(hub.only_run().id)[0].error_code == (status == 410 ? "gone" : "refused"));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
