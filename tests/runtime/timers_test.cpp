// Timers in numbers and at their edges: very many at once, hours of them missed, times that are no time or a hundred years.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <map>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;

namespace {

bool long_form() { return std::getenv("IEUM_LONG") != nullptr; }

// Notes that come in deliveries of a thousand.
void deliver_notes(TestHub& hub, int count) {
  for (int done = 0; done < count; done += 1000) {
    std::string body = "[";
    for (int i = done; i < std::min(done + 1000, count); ++i)
      body += (body.size() > 1 ? "," : "") + std::string(R"({"item":")") + std::to_string(i) + "\"}";
    BOOST_REQUIRE_EQUAL(hub.deliver("note", body + "]").status, 200);
  }
}

std::int64_t finished(const TestHub& hub) { return hub.reader->totals()->runs_finished; }

// What each recipe's runs are about, and how often.
std::map<std::string, int> sent(const TestHub& hub) {
  std::map<std::string, int> times;
  for (const auto& [key, text] : hub.vendor.messages) ++times[text];
  return times;
}

constexpr const char* kWait = R"yaml(recipe: wait
trigger: {event: acme/note}
steps: [{wait: {until: "'2026-03-02T12:00:00+09:00'"}}, {set: {woken: '{{ int(vars.woken | or(0)) + 1 }}'}}]
)yaml";
constexpr Millis kNoon = kMonday + 3 * kHour;

}  // namespace

BOOST_AUTO_TEST_SUITE(timers)

BOOST_AUTO_TEST_CASE(TIM_01_very_many_waits_of_one_instant_each_fire_once_and_let_deliveries_through) {
  const int count = long_form() ? 100'000 : 2'000;
  Setup setup;
  setup.in_memory = true;
  TestHub hub(std::move(setup));
  hub.apply(kWait);
  deliver_notes(hub, count);
  BOOST_TEST(hub.reader->totals()->runs_waiting == count);
  hub.apply(R"yaml(recipe: other
trigger: {event: order_created}
steps: [{id: tell, use: acme.put, connection: shop, with: {text: "order"}}]
)yaml");
  hub.clock.set(kNoon);
  hub.engine->post([&] { hub.hub->tick(); });
  // Deliveries come while the waits are let go; each is routed and acted on before another slice of them.
  constexpr int kSlice = 256, kDeliveries = 5;
  int deliveries = 0;
  for (bool more = true; more;) {
    for (int i = 0; more && i < 50; ++i) more = hub.engine->run_one();
    const std::int64_t before = finished(hub);
    if (!more || before == 0 || before == count || deliveries == kDeliveries) continue;
    HttpRequest request;
    request.method = "POST";
    request.headers.add("Content-Type", "application/json");
    request.headers.add("X-Topic", "orders/create");
    request.body = R"({"id":)" + std::to_string(++deliveries) + R"(,"email":"a@example.com","total":"1"})";
    int status = 0;
    hub.hub->accept("shop", "token-of-the-shop", std::move(request),
                    [&](const HttpResponse& answer) { status = answer.status; });
    BOOST_TEST(status == 200);  // on disk, whatever is due
    while (hub.vendor.messages.size() < static_cast<std::size_t>(deliveries) && hub.engine->run_one()) {}
    BOOST_TEST(hub.vendor.messages.size() == static_cast<std::size_t>(deliveries));
    BOOST_TEST(finished(hub) - before <= 2 * kSlice);
  }
  hub.run_until(kNoon + kMinute);
  BOOST_TEST(deliveries == kDeliveries);
  BOOST_TEST(finished(hub) == count + deliveries);
  BOOST_TEST(hub.reader->totals()->runs == count + deliveries);
  BOOST_TEST(hub.reader->totals()->runs_waiting == 0);
  // One transition each: a run that waited has been moved once since it was written.
  store::RunFilter filter;
  filter.limit = 500;
  int wrong = 0, looked_at = 0;
  for (;;) {
    const auto page = hub.reader->runs(filter);
    for (const auto& run : page->rows) {
      if (run.due_ms) ++wrong;
      if (run.vars.find("\"woken\":1") == std::string::npos && run.vars.find("woken") != std::string::npos) ++wrong;
      if (run.vars.find("woken") != std::string::npos) ++looked_at;
    }
    if (page->next == 0) break;
    filter.before = page->next;
  }
  BOOST_TEST(wrong == 0);
  BOOST_TEST(looked_at == count);
}

BOOST_AUTO_TEST_CASE(TIM_03_after_eight_hours_down_each_timer_fires_once_and_each_schedule_as_it_says) {
  const int waits = long_form() ? 5'000 : 500;
  const auto minutely = [](const std::string& name, const std::string& missed) {
    return "recipe: " + name + "\ntrigger: {schedule: {cron: \"* * * * *\"" + missed +
           "}}\nsteps:\n  - {id: send, use: acme.put, connection: shop, with: {text: \"" + name +
           " {{ trigger.firing }}\"}}\n";
  };
  Setup setup;
  setup.in_memory = true;
  TestHub hub(std::move(setup));
  hub.apply(minutely("newest", ", missed: once"));
  hub.apply(minutely("none", ", missed: skip"));
  hub.apply(minutely("every", ", missed: all"));
  hub.apply(R"yaml(recipe: wait
trigger: {event: acme/note}
steps: [{wait: 2h}, {id: late, use: acme.put, connection: shop, with: {text: "wait {{ trigger.item }}"}}]
)yaml");
  deliver_notes(hub, waits);
  BOOST_TEST(hub.vendor.messages.empty());
  hub.crash();
  hub.clock.set(kMonday + 8 * kHour);
  hub.start();
  hub.run_until(kMonday + 8 * kHour);

  const auto check = [&] {
    std::map<std::string, int> of_recipe;
    for (const auto& [text, times] : sent(hub)) {
      BOOST_TEST(times == 1, text);
      ++of_recipe[text.substr(0, text.find(' '))];
    }
    BOOST_TEST(of_recipe["wait"] == waits);
    BOOST_TEST(of_recipe["newest"] == 1);
    // The minute that is now is not missed.
    BOOST_TEST(of_recipe["none"] == 1);
    BOOST_TEST(of_recipe["every"] == 8 * 60);
  };
  check();
  // In their order, and the ids are the times.
  std::vector<std::string> every;
  for (const auto& [key, text] : hub.vendor.messages)
    if (text.starts_with("every")) every.push_back(text);
  BOOST_TEST(every.front() == "every schedule:every:2026-03-02T00:01:00Z");
  BOOST_TEST(every.back() == "every schedule:every:2026-03-02T08:00:00Z");
  BOOST_TEST(std::is_sorted(every.begin(), every.end()));
  // A second start at the same time finds nothing to do.
  hub.crash();
  hub.start();
  hub.run_until(kMonday + 8 * kHour);
  check();
}

BOOST_AUTO_TEST_CASE(TIM_03_all_that_was_missed_is_bounded_and_the_rest_is_said) {
  TestHub hub;
  hub.apply(R"yaml(recipe: every
trigger: {schedule: {cron: "* * * * *", missed: all}}
steps: [{set: {at: '{{ trigger.firing }}'}}]
)yaml");
  hub.settle();
  hub.crash();
  hub.clock.set(kMonday + 30 * kDay);
  hub.start();
  hub.run_until(kMonday + 30 * kDay);
  BOOST_TEST(finished(hub) == 500);
  int missed = 0;
  for (const auto& event : hub.events()) missed += event.reason == "every: missed" ? 1 : 0;
  BOOST_TEST(missed == 1);
}

BOOST_AUTO_TEST_CASE(TIM_05_a_wait_of_any_length_has_one_defined_end) {
  struct Row {
    const char* wait;
    Millis after;
  };
  const Row rows[] = {{"0s", 0},
                      {"1ms", 1},
                      {"366d", 366 * kDay},
                      {"36525d", 36'525 * kDay},
                      {"{days: 3660}", 3660 * kDay},
                      {"{until: \"'0001-01-01T00:00:00Z'\"}", 0},
                      {"{until: \"'1969-12-31T23:59:59Z'\"}", 0},
                      {"{until: 'now - duration(\"1h\")'}", 0},
                      {"{until: 'now', offset: -36525d}", 0},
                      {"{until: 'now + duration(\"1ms\")'}", 1},
                      {"{until: 'now', offset: 36525d}", 36'525 * kDay}};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.wait) {
      TestHub hub;
      hub.apply("recipe: wait\ntrigger: {event: acme/note}\nsteps:\n  - wait: " + std::string(row.wait) +
                "\n  - {id: late, use: acme.put, connection: shop, with: {text: '{{ now }}'}}\n");
      hub.deliver("note", "{}");
      if (row.after > 0) {
        BOOST_TEST(hub.only_run().due_ms.value() == kMonday + row.after);
        hub.run_until(kMonday + row.after - 1);
        BOOST_TEST(hub.vendor.messages.empty());
      }
      hub.run_until(kMonday + row.after);
      BOOST_TEST(hub.vendor.messages.size() == 1u);
      BOOST_TEST((hub.only_run().state == RunState::finished));
    }
  }
  // The last instant that can be written, and beyond it.
  TestHub hub;
  hub.apply(R"yaml(recipe: wait
trigger: {event: acme/note}
steps: [{wait: {until: "'9999-12-31T23:59:59Z'", offset: 36525d}}, {stop: woken}]
)yaml");
  hub.deliver("note", "{}");
  hub.run_until(kMonday + 100 * kDay);
  BOOST_TEST((hub.only_run().state == RunState::waiting || hub.only_run().state == RunState::failed));
}

BOOST_AUTO_TEST_CASE(TIM_05_what_is_no_time_is_refused_when_it_is_written) {
  TestHub hub;
  for (const char* wait :
       {"-1m", "-0s", "1", "0", "1.5h", "36526d", "5218w", "99999999999999999999d", "9223372036854775807ms", "1e3s",
        "{days: -1}", "{days: 3661}", "{days: 99999999999999999999}", "''", "soon"}) {
    const auto applied = hub.try_apply(
        "recipe: wait\ntrigger: {event: acme/note}\nsteps: [{wait: " + std::string(wait) + "}, {stop: woken}]\n");
    BOOST_TEST(applied.has_error(), wait);
  }
}

// Counted, not timed: a timer that comes again a millisecond later costs one pass of the scheduler each time, and a
// scheduler with nothing due waits for the time of the next.
BOOST_AUTO_TEST_CASE(TIM_05_a_timer_of_a_millisecond_that_comes_again_and_again_makes_no_busy_loop) {
  TestHub hub;
  hub.apply(R"yaml(recipe: again
trigger: {event: acme/note}
steps:
  - repeat: {max: 100, every: 1ms}
    do: [{set: {n: '{{ int(vars.n | or(0)) + 1 }}'}}]
)yaml");
  hub.deliver("note", "{}");
  int looks = 0;
  for (;;) {
    ++looks;
    hub.engine->post([&] { hub.hub->tick(); });
    hub.settle();
    const auto due = hub.hub->next_due();
    BOOST_REQUIRE(due.has_value());
    if (!*due) break;
    BOOST_TEST(**due == hub.clock.now() + 1);  // nothing is left due now
    hub.clock.set(**due);
    BOOST_REQUIRE(looks < 1000);
  }
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(looks == 100);
}

BOOST_AUTO_TEST_SUITE_END()
