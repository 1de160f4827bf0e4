// Journeys that wait for what people do: wait_for, absent, keep_while, loops, goals; by customer and by key.
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "runtime/test_hub.hpp"

using namespace ieum;
using namespace ieum::test;
using store::RunState;
using store::StepState;

namespace {

std::string checkout(const std::string& email, const std::string& token, Millis at) {
  return R"({"email":")" + email + R"(","total":"62000","token":")" + token + R"(","at":")" + rfc3339_utc(at) + "\"}";
}
std::string order(int id, const std::string& email, const std::string& token, Millis at) {
  return R"({"id":)" + std::to_string(id) + R"(,"email":")" + email + R"(","total":"62000","token":")" + token +
         R"(","at":")" + rfc3339_utc(at) + "\"}";
}

std::vector<std::string> texts(const TestHub& hub) {
  std::vector<std::string> found;
  for (const auto& [key, text] : hub.vendor.messages) found.push_back(text);
  return found;
}
void check_texts(const TestHub& hub, const std::vector<std::string>& expected) {
  const auto found = texts(hub);
  BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), expected.begin(), expected.end());
}

constexpr const char* kAbsent = R"yaml(recipe: rescue
about: {email: event.email}
trigger:
  event: checkout_started
  absent: {event: order_created, within: 30m}
entry: {mode: after_exit}
exit_on: [{event: order_created}]
steps:
  - {id: one, use: acme.post, connection: shop, with: {text: "one {{ trigger.token }}"}}
  - id: reaction
    wait_for:
      - {event: link_clicked, step: one, then: [{id: thanks, use: acme.post, connection: shop, with: {text: "clicked {{ steps.reaction.event.link }}"}}]}
    timeout: 5h
    on_timeout: [{id: two, use: acme.post, connection: shop, with: {text: two}}]
)yaml";

}  // namespace

BOOST_AUTO_TEST_SUITE(journeys)

BOOST_AUTO_TEST_CASE(an_absence_is_no_run_until_it_is_due_and_the_clock_restarts_with_each_event) {
  TestHub hub;
  hub.apply(kAbsent);
  hub.deliver("checkouts/create", checkout("a@example.com", "t1", kMonday));
  BOOST_TEST(hub.runs().empty());
  hub.run_until(kMonday + 20 * kMinute);
  hub.deliver("checkouts/create", checkout("a@example.com", "t2", kMonday + 20 * kMinute));
  // An older event that comes late does not turn the clock back.
  hub.deliver("checkouts/create", checkout("a@example.com", "t0", kMonday + 5 * kMinute));
  hub.run_until(kMonday + 50 * kMinute - 1);
  BOOST_TEST(hub.runs().empty());
  hub.run_until(kMonday + 50 * kMinute);
  check_texts(hub, {"one t2"});
  // While the run lives new activity does not enrol again.
  hub.deliver("checkouts/create", checkout("a@example.com", "t3", kMonday + 50 * kMinute));
  BOOST_TEST(hub.events().back().reason == "rescue: already_running");
  hub.run_until(kMonday + 50 * kMinute + 5 * kHour);
  check_texts(hub, {"one t2", "two"});
  BOOST_TEST((hub.only_run().state == RunState::finished));
  const auto steps = hub.steps(hub.only_run().id);
  BOOST_REQUIRE_EQUAL(steps.size(), 3u);
  BOOST_TEST(steps[1].operation == "wait_for");
  BOOST_TEST(parse_json(steps[1].output)->flag("timed_out"));
}

BOOST_AUTO_TEST_CASE(what_was_watched_for_ends_the_absence_also_at_the_very_instant) {
  TestHub hub;
  hub.apply(kAbsent);
  hub.deliver("checkouts/create", checkout("a@example.com", "t1", kMonday));
  hub.clock.set(kMonday + 30 * kMinute);
  hub.deliver("orders/create", order(1, "a@example.com", "t1", kMonday + 30 * kMinute));
  hub.run_until(kMonday + kDay);
  BOOST_TEST(hub.runs().empty());
  BOOST_TEST(hub.vendor.messages.empty());
}

BOOST_AUTO_TEST_CASE(events_count_by_their_own_time) {
  TestHub hub;
  hub.apply(kAbsent);
  // The order is older than the cart: it cancels nothing.
  hub.clock.set(kMonday + 10 * kMinute);
  hub.deliver("checkouts/create", checkout("a@example.com", "t1", kMonday + 10 * kMinute));
  hub.deliver("orders/create", order(1, "a@example.com", "t0", kMonday));
  // A cart that is told late keeps its deadline, which is over: it fires at once.
  hub.deliver("checkouts/create", checkout("b@example.com", "tb", kMonday - kHour));
  hub.run_until(kMonday + 10 * kMinute);
  check_texts(hub, {"one tb"});
  // More than a day too late it starts nothing; after its order neither.
  hub.deliver("checkouts/create", checkout("c@example.com", "tc", kMonday - 2 * kDay));
  BOOST_TEST(hub.events().back().reason == "rescue: too_late");
  hub.deliver("orders/create", order(2, "d@example.com", "td", kMonday + 5 * kMinute));
  hub.deliver("checkouts/create", checkout("d@example.com", "td", kMonday));
  BOOST_TEST(hub.events().back().reason == "rescue: exit_on_already_true");
  hub.run_until(kMonday + 40 * kMinute);
  check_texts(hub, {"one tb", "one t1"});
}

BOOST_AUTO_TEST_CASE(the_cap_is_judged_when_the_absence_is_due_and_the_reason_stands_with_its_event) {
  TestHub hub;
  hub.apply(R"yaml(recipe: capped
about: {email: event.email}
trigger: {event: checkout_started, absent: {event: order_created, within: 1h}}
entry: {mode: after_exit, cap: {max: 1, per: 7d}}
steps: [{id: one, use: acme.post, connection: shop, with: {text: "{{ trigger.token }}"}}]
)yaml");
  const auto cart = [&](const char* token, Millis at) {
    hub.run_until(at);
    hub.deliver("checkouts/create", checkout("a@example.com", token, at));
  };
  cart("t1", kMonday);
  cart("t2", kMonday + 3 * kDay);
  cart("t3", kMonday + 7 * kDay);
  hub.run_until(kMonday + 8 * kDay);
  check_texts(hub, {"t1", "t3"});
  BOOST_TEST(hub.events()[1].reason == "capped: entry_cap");
}

BOOST_AUTO_TEST_CASE(an_absence_survives_a_crash_and_fires_once) {
  TestHub hub;
  hub.apply(kAbsent);
  hub.deliver("checkouts/create", checkout("a@example.com", "t1", kMonday));
  hub.crash();
  hub.clock.set(kMonday + 3 * kHour);
  hub.start();
  hub.run_until(kMonday + 3 * kHour);
  check_texts(hub, {"one t1"});
  hub.crash();
  hub.start();
  hub.run_until(kMonday + 4 * kHour);
  check_texts(hub, {"one t1"});
}

BOOST_AUTO_TEST_CASE(a_wait_takes_the_event_that_names_its_step_of_this_run) {
  TestHub hub;
  hub.apply(kAbsent);
  hub.deliver("checkouts/create", checkout("a@example.com", "t1", kMonday));
  hub.run_until(kMonday + kHour);
  const Id run = hub.only_run().id;
  const auto click = [&](Id of, const char* step) {
    hub.deliver("clicks", R"({"email":"a@example.com","link":"cart","step":")" + std::string(step) + R"(","run":)" +
                              std::to_string(of) + "}");
  };
  click(run + 1, "one");
  click(run, "two");
  BOOST_TEST((hub.only_run().state == RunState::waiting));
  click(run, "one");
  BOOST_TEST((hub.only_run().state == RunState::finished));
  check_texts(hub, {"one t1", "clicked cart"});
  hub.run_until(kMonday + kDay);
  BOOST_TEST(hub.vendor.messages.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_run_about_nobody_is_found_by_its_key_and_by_no_other) {
  TestHub hub;
  hub.apply(R"yaml(recipe: by-key
trigger: {event: checkout_started}
entry: {mode: after_exit, key: event.token}
steps:
  - id: w
    wait_for: {event: order_created, match: {event.token: trigger.token}}
    timeout: 1d
    then: [{id: paid, use: acme.post, connection: shop, with: {text: "paid {{ trigger.token }} {{ steps.w.event.order_id }}"}}]
    on_timeout: [{id: left, use: acme.post, connection: shop, with: {text: "left {{ trigger.token }}"}}]
)yaml");
  for (const char* token : {"t1", "t2", "t3"})
    hub.deliver("checkouts/create", checkout("x@example.com", token, kMonday));
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", order(7, "somebody@example.com", "t2", kMonday + kMinute));
  check_texts(hub, {"paid t2 7"});
  hub.crash();
  hub.start();
  hub.run_until(kMonday + kDay);
  check_texts(hub, {"paid t2 7", "left t1", "left t3"});
  BOOST_TEST(hub.reader->listener_shapes("order_created")->empty());
}

BOOST_AUTO_TEST_CASE(exits_and_absences_by_key_need_no_customer) {
  TestHub hub;
  hub.apply(R"yaml(recipe: exit-by-key
trigger: {event: checkout_started}
entry: {mode: after_exit, key: event.token}
exit_on: [{event: order_created, match: {event.token: trigger.token}}]
steps: [{wait: 1h}, {id: late, use: acme.post, connection: shop, with: {text: "late {{ trigger.token }}"}}]
)yaml");
  hub.apply(R"yaml(recipe: absent-by-key
trigger: {event: checkout_started, absent: {event: order_created, within: 2h, match: {event.token: trigger.token}}}
steps: [{id: gone, use: acme.post, connection: shop, with: {text: "gone {{ trigger.token }}"}}]
)yaml");
  hub.deliver("checkouts/create", checkout("x@example.com", "t1", kMonday));
  hub.deliver("checkouts/create", checkout("x@example.com", "t2", kMonday));
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", order(7, "y@example.com", "t1", kMonday + kMinute));
  hub.run_until(kMonday + kDay);
  check_texts(hub, {"late t2", "gone t2"});
  BOOST_TEST(hub.runs()[0].reason == "exit_on:order_created");
  BOOST_TEST(hub.reader->listener_shapes("order_created")->empty());
}

BOOST_AUTO_TEST_CASE(each_item_of_a_loop_has_its_own_key_and_a_crash_repeats_none) {
  TestHub hub;
  hub.apply(R"yaml(recipe: items
trigger: {event: acme/note}
steps:
  - id: each
    for_each: 'trigger.items'
    do: [{id: send, use: acme.post, connection: shop, with: {text: "{{ item }}"}}]
  - {id: sum, use: acme.post, connection: shop, with: {text: "{{ steps.each.done }}/{{ steps.each.count }}"}}
)yaml");
  hub.vendor.fates = {FakeVendor::Fate::answer, FakeVendor::Fate::reject_400, FakeVendor::Fate::drop_after};
  hub.deliver("note", R"({"items":["가","나","다","라"]})");
  hub.crash();
  hub.clock.advance(kMinute);
  hub.start();
  hub.run_until(kMonday + kHour);
  check_texts(hub, {"가", "다", "라", "3/4"});
  std::set<std::string> keys;
  for (const auto& [key, text] : hub.vendor.messages) keys.insert(key);
  BOOST_TEST(keys.size() == 4u);
  const auto steps = hub.steps(hub.only_run().id);
  BOOST_TEST((steps[0].state == StepState::failed));
  BOOST_TEST(steps[0].error_text == "1 of 4 items failed");
  BOOST_TEST(steps[0].operation == "for_each");
}

BOOST_AUTO_TEST_CASE(keep_while_ends_a_run_before_its_next_attempt_too) {
  TestHub hub;
  hub.apply(R"yaml(recipe: keep
about: {email: event.email}
trigger: {event: checkout_started}
keep_while: "(customer.first_name | or('')) != '그만'"
steps: [{id: send, use: acme.post, connection: shop, with: {text: hello}}]
)yaml");
  hub.vendor.fates = {FakeVendor::Fate::refuse_503};
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"t","name":"민지"})");
  BOOST_TEST((hub.only_run().state == RunState::acting));
  hub.deliver("orders/create", R"({"id":1,"email":"a@example.com","total":"1","name":"그만"})");
  hub.run_until(kMonday + kHour);
  BOOST_TEST((hub.only_run().state == RunState::exited));
  BOOST_TEST(hub.only_run().reason == "keep_while");
  BOOST_TEST(hub.vendor.messages.empty());
}

BOOST_AUTO_TEST_CASE(an_exit_in_a_loop_closes_it) {
  TestHub hub;
  hub.apply(R"yaml(recipe: nag
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
steps: [{id: nag, repeat: {max: 5, every: 48h}, do: [{id: send, use: acme.post, connection: shop, with: {text: "no. {{ loop.number }}"}}]}]
)yaml");
  hub.deliver("checkouts/create", checkout("a@example.com", "t", kMonday));
  hub.run_until(kMonday + 3 * kDay);
  check_texts(hub, {"no. 1", "no. 2"});
  hub.deliver("orders/create", order(1, "a@example.com", "t", kMonday + 3 * kDay));
  hub.run_until(kMonday + 30 * kDay);
  check_texts(hub, {"no. 1", "no. 2"});
  BOOST_TEST((hub.only_run().state == RunState::exited));
  BOOST_TEST((hub.steps(hub.only_run().id)[0].state == StepState::cancelled));
}

BOOST_AUTO_TEST_CASE(a_goal_belongs_to_the_newest_run_whose_message_came_before_it) {
  TestHub hub;
  hub.apply(R"yaml(recipe: goal
about: {email: event.email, phone: event.phone}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
goal: {event: order_created, within: 2h, value: 'dec(event.total)'}
steps: [{id: tell, use: acme.tell, connection: shop, class: info, with: {to: "01011110001", text: x}}, {wait: 1d}]
)yaml");
  hub.deliver("checkouts/create", checkout("a@example.com", "t", kMonday));
  hub.deliver("checkouts/create", checkout("b@example.com", "t", kMonday));
  hub.clock.set(kMonday + 2 * kHour - 1);
  hub.deliver("orders/create", order(1, "a@example.com", "t", kMonday + 2 * kHour - kSecond));
  hub.clock.set(kMonday + 2 * kHour);
  hub.deliver("orders/create", order(2, "b@example.com", "t", kMonday + 2 * kHour));
  const auto runs = hub.runs();
  BOOST_REQUIRE_EQUAL(runs.size(), 2u);
  const auto reached = *hub.reader->conversion(runs[0].id);
  BOOST_REQUIRE(reached);
  BOOST_TEST(reached->value == "62000");
  BOOST_TEST(!hub.reader->conversion(runs[1].id)->has_value());  // the window is half-open
}

BOOST_AUTO_TEST_CASE(an_event_of_the_waits_second_may_not_be_from_before_the_wait) {
  TestHub hub;
  hub.apply(R"yaml(recipe: fresh
about: {email: event.email}
trigger: {event: checkout_started}
steps:
  - {id: w, wait_for: {event: order_created}, timeout: 1h, then: [{id: s, use: acme.post, connection: shop, with: {text: "order {{ steps.w.event.order_id }}"}}]}
)yaml");
  hub.deliver("checkouts/create", checkout("a@example.com", "t", kMonday));
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", order(1, "a@example.com", "t", kMonday - kMinute));
  BOOST_TEST((hub.only_run().state == RunState::waiting));
  hub.deliver("orders/create", order(2, "a@example.com", "t", kMonday));
  check_texts(hub, {"order 2"});
}

BOOST_AUTO_TEST_CASE(four_weeks_with_a_change_of_the_clocks_retries_and_restarts) {
  TestHub hub;
  hub.apply(R"yaml(recipe: sequence
timezone: America/New_York
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
retry: {for: 6h, first: 10s, cap: 30m}
steps:
  - {id: welcome, use: acme.post, connection: shop, with: {text: "welcome"}}
  - wait: {days: 6, at: "10:00"}
  - {id: week1, use: acme.post, connection: shop, with: {text: "week 1"}}
  - wait: 7d
  - {id: week2, use: acme.post, connection: shop, with: {text: "week 2"}}
  - {id: reaction, wait_for: {event: link_clicked, step: week2}, timeout: {days: 7, at: "10:00"}}
  - if: 'steps.reaction.timed_out'
    then: [{id: week3, use: acme.post, connection: shop, with: {text: "week 3"}}]
  - wait: {days: 8, at: "02:30"}
  - {id: week4, use: acme.post, connection: shop, with: {text: "week 4"}}
)yaml");
  // Monday 2 March 2026; New York puts its clocks forward on Sunday the 8th at two.
  using Fate = FakeVendor::Fate;
  hub.vendor.fates = {Fate::answer, Fate::refuse_503, Fate::drop_after, Fate::answer, Fate::rate_limit, Fate::answer};
  hub.deliver("checkouts/create", checkout("a@example.com", "t", kMonday));
  std::vector<std::pair<std::string, std::string>> sent;
  const auto until = [&](const char* time) {
    hub.run_until(*parse_rfc3339(time));
    hub.crash();
    hub.start();
  };
  until("2026-03-07T10:00:00-05:00");
  check_texts(hub, {"welcome"});
  until("2026-03-07T10:01:00-05:00");  // a 503, then an answer that was lost and is looked up
  check_texts(hub, {"welcome", "week 1"});
  until("2026-03-14T10:59:00-04:00");
  BOOST_TEST(hub.vendor.messages.size() == 2u);
  until("2026-03-14T11:01:00-04:00");  // 7 x 24 hours: an hour later on the wall
  check_texts(hub, {"welcome", "week 1", "week 2"});
  until("2026-03-21T09:59:59-04:00");
  BOOST_TEST(hub.vendor.messages.size() == 3u);
  until("2026-03-21T10:01:00-04:00");
  until("2026-03-29T02:29:59-04:00");
  BOOST_TEST(hub.vendor.messages.size() == 4u);
  until("2026-03-29T02:30:00-04:00");
  check_texts(hub, {"welcome", "week 1", "week 2", "week 3", "week 4"});
  BOOST_TEST((hub.only_run().state == RunState::finished));
}

BOOST_AUTO_TEST_CASE(what_came_from_outside_is_never_source_in_a_retry_a_wait_or_after_a_crash) {
  TestHub hub;
  hub.apply(R"yaml(recipe: outside
about: {email: event.email}
trigger: {event: checkout_started}
steps:
  - set: {greeting: "{{ customer.first_name }}"}
  - {id: one, use: acme.post, connection: shop, with: {text: "{{ vars.greeting }}"}}
  - {id: w, wait_for: {event: link_clicked}, timeout: 1h}
  - {id: two, use: acme.post, connection: shop, with: {text: "{{ steps.w.event.link }}"}, on_error: [{id: e, use: acme.post, connection: shop, with: {text: "{{ error.message }} {{ vars.greeting }}"}}]}
)yaml");
  using Fate = FakeVendor::Fate;
  hub.vendor.fates = {Fate::refuse_503, Fate::answer, Fate::reject_400};
  hub.deliver("checkouts/create", R"({"email":"a@example.com","total":"1","token":"t","name":"{{ run.id }}"})");
  hub.crash();
  hub.start();
  hub.run_until(kMonday + kMinute);
  check_texts(hub, {"{{ run.id }}"});
  hub.deliver("clicks", R"({"email":"a@example.com","link":"{{ 1 + 1 }}"})");
  hub.run_until(kMonday + kHour);
  check_texts(hub, {"{{ run.id }}", "the vendor refuses {{ run.id }}"});
  const auto steps = hub.steps(hub.only_run().id);
  BOOST_TEST(steps[2].inputs == R"({"text":"{{ 1 + 1 }}"})");
}

BOOST_AUTO_TEST_CASE(an_on_error_that_fails_in_each_item_leaves_nothing_behind) {
  TestHub hub;
  hub.apply(R"yaml(recipe: items
trigger: {event: acme/note}
steps:
  - id: each
    for_each: 'trigger.items'
    do: [{id: a, use: acme.post, connection: shop, with: {text: "{{ item }}"}, on_error: [{id: b, use: acme.post, connection: shop, with: {text: "b"}}]}]
  - {id: sum, use: acme.post, connection: shop, with: {text: "{{ steps.each.failed }} of {{ steps.each.count }}"}}
)yaml");
  std::string items;
  for (int i = 0; i < 90; ++i) items += (items.empty() ? "\"" : ",\"") + std::to_string(i) + "\"";
  hub.vendor.fates.assign(180, FakeVendor::Fate::reject_400);
  hub.deliver("note", "{\"items\":[" + items + "]}");
  check_texts(hub, {"90 of 90"});
  BOOST_TEST((hub.only_run().state == RunState::finished));
  BOOST_TEST(hub.only_run().vars.find("cause") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_newer_cart_is_watched_by_its_own_key) {
  TestHub hub;
  hub.apply(R"yaml(recipe: rescue
about: {email: event.email}
trigger: {event: checkout_started, absent: {event: order_created, within: 30m, match: {event.token: trigger.token}}}
steps: [{id: one, use: acme.post, connection: shop, with: {text: "{{ trigger.token }}"}}]
)yaml");
  for (const char* email : {"a@example.com", "b@example.com"}) {
    hub.deliver("checkouts/create", checkout(email, std::string(email) + "-1", kMonday));
    hub.deliver("checkouts/create", checkout(email, std::string(email) + "-2", kMonday));
  }
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", order(1, "x@example.com", "a@example.com-2", kMonday + kMinute));
  hub.deliver("orders/create", order(2, "x@example.com", "b@example.com-1", kMonday + kMinute));
  hub.run_until(kMonday + kDay);
  check_texts(hub, {"b@example.com-2"});
  BOOST_TEST(hub.reader->listener_shapes("order_created")->empty());
}

BOOST_AUTO_TEST_CASE(a_gate_that_ends_the_run_closes_its_loops) {
  TestHub hub;
  hub.apply(R"yaml(recipe: loop
about: {email: event.email}
topic: promo
trigger: {event: checkout_started}
steps:
  - wait: 1m
  - {id: each, for_each: '[1, 2]', do: [{id: tell, use: acme.tell, connection: shop, class: info, with: {to: "01011110001", text: x}}]}
exit_on: [{event: order_created}]
)yaml");
  hub.deliver("checkouts/create", checkout("a@example.com", "t", kMonday));
  const auto run = hub.only_run();
  // An order that stands in the history although the run lives: told while this was decided.
  store::HistoryRow told;
  told.id = hub.store->next_id(store::IdSpace::history);
  told.customer = run.customer;
  told.name = "order_created";
  told.at_ms = kMonday + 1;
  told.fields = "{}";
  hub.store->submit_and_wait(store::Queue::work, store::Unit{{store::AddHistory{told}}});
  hub.run_until(kMonday + kHour);
  BOOST_TEST((hub.only_run().state == RunState::exited));
  for (const auto& step : hub.steps(run.id)) BOOST_TEST((step.state != StepState::running));
}

BOOST_AUTO_TEST_CASE(a_goal_compares_the_order_with_the_trigger_of_its_run) {
  TestHub hub;
  hub.apply(R"yaml(recipe: goal
about: {email: event.email}
trigger: {event: checkout_started}
exit_on: [{event: order_created}]
goal: {event: order_created, within: 2h, where: 'event.token == trigger.token'}
steps: [{id: tell, use: acme.tell, connection: shop, class: info, with: {to: "01011110001", text: x}}, {wait: 1d}]
)yaml");
  hub.deliver("checkouts/create", checkout("a@example.com", "t", kMonday));
  hub.clock.advance(kMinute);
  hub.deliver("orders/create", order(1, "a@example.com", "other", kMonday + kMinute));
  BOOST_TEST(!hub.reader->conversion(hub.runs()[0].id)->has_value());
  hub.deliver("orders/create", order(2, "a@example.com", "t", kMonday + kMinute));
  BOOST_TEST(hub.reader->conversion(hub.runs()[0].id)->has_value());
}

BOOST_AUTO_TEST_SUITE_END()
