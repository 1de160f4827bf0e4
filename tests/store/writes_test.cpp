// Every kind of write comes back as it was given, through every way to open a store.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/fixture.hpp"

using namespace ieum;
using namespace ieum::store;
using namespace ieum::store::test;
using namespace std::string_literals;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(store_writes)

BOOST_DATA_TEST_CASE(an_accepted_event_keeps_its_bytes, data::make(kModes), mode) {
  const Opened hub(mode);
  AcceptEvent write = accept(1);
  write.payload.body = "\x00\xff 한글 \r\n"s;
  hub.must({write});
  const auto read = got(hub.reader->event(1));
  BOOST_REQUIRE(read);
  BOOST_TEST(read->event.connection == 1);
  BOOST_TEST(read->event.topic == "orders/create");
  BOOST_TEST(read->event.received_ms == kNoon);
  BOOST_TEST((read->event.state == EventState::fresh));
  BOOST_TEST(read->payload.method == "POST");
  BOOST_TEST(read->payload.path == "/hooks/shop");
  BOOST_TEST(read->payload.headers == R"({"x-topic":"orders/create"})");
  BOOST_TEST(read->payload.body == write.payload.body);
  BOOST_TEST(!got(hub.reader->event(2)));
}

BOOST_DATA_TEST_CASE(events_are_listed_by_state_and_connection_newest_first, data::make(kModes), mode) {
  const Opened hub(mode);
  for (Id id = 1; id <= 6; ++id) hub.must({accept(id, "", kNoon, id % 2 + 1)});
  hub.must({SettleEvent{2, EventState::fresh, EventState::routed, ""}});
  hub.must({SettleEvent{3, EventState::fresh, EventState::dead, "no_recipe"}});
  AcceptEvent broken = accept(7);
  broken.event.state = EventState::quarantined;
  broken.event.reason = "not_json";
  hub.must({broken});

  const auto ids = [&](const EventFilter& filter) {
    std::vector<Id> found;
    for (const EventRow& row : got(hub.reader->events(filter))) found.push_back(row.id);
    return found;
  };
  using Ids = std::vector<Id>;
  BOOST_TEST(got(hub.reader->fresh_events(0, 10)) == (Ids{1, 4, 5, 6}));
  BOOST_TEST(got(hub.reader->fresh_events(4, 1)) == (Ids{5}));
  BOOST_TEST(ids({}) == (Ids{7, 6, 5, 4, 3, 2, 1}));
  BOOST_TEST(ids({0, std::nullopt, 4, 2}) == (Ids{3, 2}));
  BOOST_TEST(ids({2, std::nullopt, 0, 50}) == (Ids{5, 3, 1}));
  BOOST_TEST(ids({2, EventState::fresh, 0, 50}) == (Ids{5, 1}));
  BOOST_TEST(ids({0, EventState::routed, 0, 50}) == (Ids{2}));
  BOOST_TEST(ids({0, EventState::dead, 0, 50}) == (Ids{3}));
  BOOST_TEST(ids({1, EventState::quarantined, 0, 50}) == (Ids{7}));
  BOOST_TEST(got(hub.reader->event(3))->event.reason == "no_recipe");

  const Totals totals = got(hub.reader->totals());
  BOOST_TEST(totals.events == 7);
  BOOST_TEST(totals.events_fresh == 4);
  BOOST_TEST(totals.events_dead == 1);
  BOOST_TEST(totals.events_quarantined == 1);
}

BOOST_DATA_TEST_CASE(a_plain_run_goes_its_way, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({accept(1, "delivery-1")});
  hub.must({SettleEvent{1, EventState::fresh, EventState::routed, ""}, start(1), open_step(1, 1)});
  auto run = got(hub.reader->run(1));
  BOOST_REQUIRE(run);
  BOOST_TEST((run->state == RunState::acting));
  BOOST_TEST(run->rev == 1);
  BOOST_TEST((run->due_ms == kNoon));
  BOOST_TEST(run->vars.empty());
  auto step = got(hub.reader->open_step(1));
  BOOST_REQUIRE(step);
  BOOST_TEST(step->inputs == R"({"text":"안녕하세요"})");
  BOOST_TEST(step->decision == 0);
  BOOST_TEST(!step->closed_ms);

  MoveStep again = close_step(1, StepState::intent);
  again.continuation = R"({"page":2})";
  again.output.reset();
  again.closed_ms.reset();
  MoveRun later = move(1, 1, RunState::acting, kNoon + 10);
  later.vars = R"({"금액":"62000"})";
  hub.must({again, later});
  step = got(hub.reader->open_step(1));
  BOOST_TEST(step->attempt == 1);
  BOOST_TEST(step->continuation == R"({"page":2})");
  BOOST_TEST(step->output.empty());

  MoveStep last = close_step(1);
  last.expected_attempt = 1;
  last.attempt = 2;
  hub.must({last, move(1, 2, RunState::finished)});
  run = got(hub.reader->run(1));
  BOOST_TEST((run->state == RunState::finished));
  BOOST_TEST(run->rev == 3);
  BOOST_TEST(!run->due_ms);
  BOOST_TEST((run->ended_ms == kNoon + 5));
  BOOST_TEST(run->vars == R"({"금액":"62000"})");  // a move without vars leaves them
  BOOST_TEST(!got(hub.reader->open_step(1)));
  const auto steps = got(hub.reader->steps(1));
  BOOST_REQUIRE(steps.size() == 1u);
  BOOST_TEST(steps[0].continuation == R"({"page":2})");
  BOOST_TEST(steps[0].output == R"({"ok":true})");
  BOOST_TEST((steps[0].state == StepState::done));
  BOOST_TEST((steps[0].closed_ms == kNoon + 3));
  BOOST_TEST(!got(hub.reader->next_due()));
}

BOOST_DATA_TEST_CASE(due_runs_come_earliest_first, data::make(kModes), mode) {
  const Opened hub(mode);
  const std::vector<std::pair<Id, Millis>> dues = {{1, 50}, {2, 20}, {3, 20}, {4, 90}, {5, -7}};
  for (const auto& [id, due] : dues) {
    StartRun write = start(id);
    write.run.state = RunState::waiting;
    write.run.due_ms = due;
    hub.must({write});
  }
  StartRun doubt = start(6);
  doubt.run.state = RunState::in_doubt;
  doubt.run.due_ms.reset();
  hub.must({doubt});
  const auto due = [&](Millis until, int limit) {
    std::vector<Id> ids;
    for (const RunRow& row : got(hub.reader->due_runs(until, limit))) ids.push_back(row.id);
    return ids;
  };
  using Ids = std::vector<Id>;
  BOOST_TEST((got(hub.reader->next_due()) == -7));
  BOOST_TEST(due(50, 10) == (Ids{5, 2, 3, 1}));
  BOOST_TEST(due(50, 2) == (Ids{5, 2}));
  hub.must({move(5, 1, RunState::cancelled), move(2, 1, RunState::waiting, 95)});
  BOOST_TEST(due(100, 10) == (Ids{3, 1, 4, 2}));
  BOOST_TEST((got(hub.reader->next_due()) == 20));
}

BOOST_DATA_TEST_CASE(recovery_finds_what_was_under_way, data::make(kModes), mode) {
  const Opened hub(mode);
  for (Id id = 1; id <= 4; ++id) hub.must({start(id), open_step(id * 10, id)});
  hub.must({close_step(20), move(2, 1, RunState::waiting, kNoon)});
  hub.must({move(3, 1, RunState::exited)});  // its step was under way
  std::vector<Id> acting;
  for (const RunRow& row : got(hub.reader->acting_runs(0, 10))) acting.push_back(row.id);
  BOOST_TEST(acting == (std::vector<Id>{1, 4}));
  BOOST_TEST(got(hub.reader->acting_runs(1, 10)).size() == 1u);
  BOOST_TEST(got(hub.reader->acting_runs(0, 1)).size() == 1u);
  const auto stranded = got(hub.reader->stranded_steps(10));
  BOOST_REQUIRE(stranded.size() == 1u);
  BOOST_TEST(stranded[0].id == 30);
}

BOOST_DATA_TEST_CASE(runs_are_found_by_every_filter, data::make(kModes), mode) {
  const Opened hub(mode);
  for (Id id = 1; id <= 8; ++id) {
    StartRun write = start(id, id % 2 + 1, id > 4 ? 9 : 0, id > 4 ? "cart-" + std::to_string(id % 2) : "");
    write.run.trigger_event = id / 2;
    write.run.started_ms = kNoon + id;
    hub.must({write});
  }
  hub.must({move(1, 1, RunState::finished)});
  hub.must({move(2, 1, RunState::failed)});
  hub.must({move(3, 1, RunState::in_doubt)});
  hub.must({move(5, 1, RunState::exited)});
  hub.must({move(6, 1, RunState::waiting, kNoon + 99)});
  const auto ids = [&](const RunFilter& filter) {
    std::vector<Id> found;
    for (const RunRow& row : got(hub.reader->runs(filter)).rows) found.push_back(row.id);
    return found;
  };
  using Ids = std::vector<Id>;
  RunFilter filter;
  BOOST_TEST(ids(filter) == (Ids{8, 7, 6, 5, 4, 3, 2, 1}));
  filter.limit = 2;
  filter.before = 4;
  BOOST_TEST(ids(filter) == (Ids{3, 2}));
  filter = {};
  filter.recipe = 2;
  BOOST_TEST(ids(filter) == (Ids{7, 5, 3, 1}));
  filter.state = RunState::acting;
  BOOST_TEST(ids(filter) == (Ids{7}));
  filter = {};
  filter.state = RunState::finished;
  BOOST_TEST(ids(filter) == (Ids{1}));
  filter.state = RunState::failed;
  BOOST_TEST(ids(filter) == (Ids{2}));
  filter.state = RunState::in_doubt;
  BOOST_TEST(ids(filter) == (Ids{3}));
  filter = {};
  filter.customer = 9;
  BOOST_TEST(ids(filter) == (Ids{8, 7, 6, 5}));
  filter.before = 7;
  filter.state = RunState::waiting;
  BOOST_TEST(ids(filter) == (Ids{6}));
  filter = {};
  filter.trigger_event = 3;
  BOOST_TEST(ids(filter) == (Ids{7, 6}));

  std::vector<Id> live;
  for (const RunRow& row : got(hub.reader->live_runs_of(9))) live.push_back(row.id);
  BOOST_TEST(live == (Ids{6, 7, 8}));
  BOOST_TEST(got(hub.reader->live_run(2, 9, "cart-1"))->id == 7);
  BOOST_TEST(!got(hub.reader->live_run(2, 9, "cart-0")));
  BOOST_TEST(got(hub.reader->live_run(1, 0, ""))->id == 4);
  BOOST_TEST(got(hub.reader->live_runs_of_version(1)) == 3);
  BOOST_TEST(got(hub.reader->live_runs_of_version(2)) == 2);

  const Totals totals = got(hub.reader->totals());
  BOOST_TEST(totals.runs == 8);
  BOOST_TEST(totals.runs_acting == 3);
  BOOST_TEST(totals.runs_waiting == 1);
  BOOST_TEST(totals.runs_in_doubt == 1);
  BOOST_TEST(totals.runs_failed == 1);
  BOOST_TEST(totals.runs_finished == 1);
}

BOOST_DATA_TEST_CASE(versions_with_live_runs_are_known_without_looking_at_runs, data::make(kModes), mode) {
  const Opened hub(mode);
  const auto live = [&] { return got(hub.reader->live_versions()); };
  const auto tally = [&] { return got(hub.reader->recipe_tallies()); };
  for (const Id id : {1, 2, 3}) {
    StartRun write = start(id);
    write.run.version = id == 3 ? 5 : 4;
    hub.must({write});
  }
  BOOST_TEST((live() == std::vector<RecipeOf>{{1, 5}, {1, 4}}));
  MoveRun moved = move(1, 1, RunState::waiting, kNoon);
  moved.version = 6;
  hub.must({moved});
  hub.must({move(2, 1, RunState::failed)});
  BOOST_TEST((live() == std::vector<RecipeOf>{{1, 6}, {1, 5}}));
  BOOST_REQUIRE(tally().size() == 1u);
  BOOST_TEST(tally()[0].acting == 1);
  BOOST_TEST(tally()[0].waiting == 1);
  BOOST_TEST(tally()[0].failed == 1);
  BOOST_TEST(tally()[0].ended == 1);
  hub.must({move(1, 2, RunState::finished), move(3, 1, RunState::finished)});
  hub.must({DropRuns{{1, 2}}});
  BOOST_TEST(live().empty());
  BOOST_TEST(tally()[0].failed == 0);
  BOOST_TEST(tally()[0].ended == 1);
}

BOOST_DATA_TEST_CASE(entries_are_counted_by_customer_or_key_since_a_time, data::make(kModes), mode) {
  const Opened hub(mode);
  Id id = 0;
  const auto begin = [&](Id recipe, Id customer, const std::string& key, Millis at) {
    StartRun write = start(++id, recipe, customer, key);
    write.run.started_ms = at;
    hub.must({write});
    if (id % 2 == 0) hub.must({move(id, 1, RunState::finished)});  // ended runs count as well
  };
  begin(1, 7, "장바구니", 100);
  begin(1, 7, "장바구니", 200);
  begin(1, 7, "b", 300);
  begin(2, 7, "b", 300);
  begin(1, 8, "b", 300);
  begin(3, 0, "k", 100);
  begin(3, 0, "k", 200);
  begin(3, 0, "", 300);
  BOOST_TEST(got(hub.reader->entries(1, 7, "장바구니", 0)) == 2);
  BOOST_TEST(got(hub.reader->entries(1, 7, "장바구니", 200)) == 1);
  BOOST_TEST(got(hub.reader->entries(1, 7, "", 0)) == 3);
  BOOST_TEST(got(hub.reader->entries(1, 7, "", 201)) == 1);
  BOOST_TEST(got(hub.reader->entries(3, 0, "k", 150)) == 1);
  BOOST_TEST(got(hub.reader->entries(3, 0, "", 200)) == 2);
  BOOST_TEST(got(hub.reader->entries(4, 7, "", 0)) == 0);
}

BOOST_DATA_TEST_CASE(a_decision_stands_before_the_step_that_reaches_a_customer, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({add_customer(3), start(1, 1, 3)});
  const PutDecision decision{{5, 1, 3, "push", kNoon, true, "", "kakao_alimtalk", "info"}};
  OpenStep step = open_step(1, 1);
  step.step.reaches_customer = true;
  step.step.decision = 5;
  hub.must({decision, step});
  const auto read = got(hub.reader->decisions(1));
  BOOST_REQUIRE(read.size() == 1u);
  BOOST_TEST(read[0].id == 5);
  BOOST_TEST(read[0].customer == 3);
  BOOST_TEST(read[0].allowed);
  BOOST_TEST(read[0].channel == "kakao_alimtalk");
  BOOST_TEST(read[0].message_class == "info");
  BOOST_TEST(got(hub.reader->open_step(1))->decision == 5);
  BOOST_TEST(got(hub.reader->open_step(1))->reaches_customer);
}

BOOST_DATA_TEST_CASE(customers_have_identities_traits_history_and_refusals, data::make(kModes), mode) {
  const Opened hub(mode);
  AddCustomer person = add_customer(4);
  person.customer.traits = R"({"first_name":{"value":"이음"}})";
  hub.must(
      {person, AddIdentity{{"email", "kim@example.com", 4, kNoon}}, AddIdentity{{"phone", "+821012345678", 4, kNoon}}});
  BOOST_TEST(got(hub.reader->customer_by_identity("email", "kim@example.com")) == 4);
  BOOST_TEST(got(hub.reader->customer_by_identity("email", "lee@example.com")) == 0);
  BOOST_TEST(got(hub.reader->identities(4)).size() == 2u);
  BOOST_TEST(got(hub.reader->customer(4))->traits == person.customer.traits);
  BOOST_TEST(!got(hub.reader->customer(5)));

  hub.must({TouchCustomer{4, 1}, SetTraits{4, R"({"first_name":{"value":"지음"}})"}});
  BOOST_TEST(got(hub.reader->customer(4))->rev == 2);
  BOOST_TEST(got(hub.reader->customer(4))->traits == R"({"first_name":{"value":"지음"}})");

  const auto order = [](Id id, Millis at, const std::string& source_key) {
    return AddHistory{{id, 4, "order_created", at, at + 1, id, source_key, R"({"total":"62000"})"}};
  };
  hub.must({order(1, 100, "order:1"), order(2, 200, ""), order(3, 300, "order:1"), order(4, 400, "")});
  const auto ids = [&](Millis from, Millis until, int limit) {
    std::vector<Id> found;
    for (const HistoryRow& row : got(hub.reader->history(4, "order_created", from, until, limit)))
      found.push_back(row.id);
    return found;
  };
  using Ids = std::vector<Id>;
  BOOST_TEST(ids(0, 1000, 10) == (Ids{4, 2, 1}));  // 3 is the order of 1, told by another source
  BOOST_TEST(ids(100, 400, 10) == (Ids{2, 1}));    // until is not in it
  BOOST_TEST(ids(0, 1000, 1) == (Ids{4}));
  BOOST_TEST(got(hub.reader->history(4, "page_view", 0, 1000, 10)).empty());

  hub.must({AddOptOut{{4, "promo", "", 100, "link"}}, AddOptOut{{4, "", "", 300, "080"}}});
  hub.must({AddOptOut{{4, "promo", "", 500, "console"}}});
  const auto refusals = got(hub.reader->opt_outs(4));
  BOOST_REQUIRE(refusals.size() == 2u);
  BOOST_TEST(refusals[1].topic == "promo");
  BOOST_TEST(refusals[1].at_ms == 100);  // the first refusal stays
  BOOST_TEST(refusals[1].source == "link");

  hub.must({AddConsent{{0, 4, "ad", "email", "granted", 500, 510, "identify", R"({"form":"가입"})", 9}}});
  hub.must({AddConsent{{0, 4, "ad", "", "refused", 400, 520, "080", "{}", 0}}});  // came later, was said before
  const auto said = got(hub.reader->consents(4));
  BOOST_REQUIRE(said.size() == 2u);
  BOOST_TEST(said[0].id < said[1].id);
  BOOST_TEST(said[0].channel == "email");
  BOOST_TEST(said[0].word == "granted");
  BOOST_TEST(said[0].evidence == R"({"form":"가입"})");
  BOOST_TEST(said[0].event == 9);
  BOOST_TEST(said[1].at_ms == 400);
  BOOST_TEST(said[1].received_ms == 520);
  BOOST_TEST(got(hub.reader->consents(5)).empty());
}

BOOST_DATA_TEST_CASE(ads_are_counted_until_they_failed_for_good, data::make(kModes), mode) {
  const Opened hub(mode);
  CustomerRow person;
  person.id = 4;
  hub.must({AddCustomer{person}});
  RunRow run;
  run.id = 1;
  run.recipe = 7;
  run.version = 1;
  run.customer = 4;
  run.state = RunState::acting;
  hub.must({StartRun{run, false}});
  Id next = 1;
  const auto send = [&](Millis at, bool allowed, const char* message_class, StepState state) {
    DecisionRow decision{next, 1, 4, "push", at, allowed, allowed ? "" : "no_ad_consent", "sms", message_class};
    decision.basis = allowed ? "consent 1" : "";
    StepRow step;
    step.id = next++;
    step.run = 1;
    step.step = "push";
    step.state = state;
    step.decision = decision.id;
    step.reaches_customer = true;
    hub.must({PutDecision{decision}, OpenStep{step}});
  };
  send(100, true, "ad", StepState::done);
  send(200, true, "ad", StepState::intent);
  send(300, true, "ad", StepState::in_doubt);
  send(400, true, "ad", StepState::failed);
  send(500, true, "info", StepState::done);
  send(600, false, "ad", StepState::skipped);
  send(700, true, "", StepState::done);
  std::vector<Millis> times;
  for (const auto& sent : got(hub.reader->ads_sent(4, 100, 10))) times.push_back(sent.at_ms);
  BOOST_TEST(times == (std::vector<Millis>{700, 300, 200}), boost::test_tools::per_element());
  const auto oldest = got(hub.reader->ads_sent(4, 99, 10)).back();
  BOOST_TEST(oldest.at_ms == 100);
  BOOST_TEST(oldest.recipe == 7);
  BOOST_TEST(oldest.step == "push");
  BOOST_TEST(oldest.channel == "sms");
  BOOST_TEST(got(hub.reader->ads_sent(4, 99, 2)).size() == 2u);
  BOOST_TEST(got(hub.reader->ads_sent(5, 0, 10)).empty());
  const auto decisions = got(hub.reader->decisions(1));
  BOOST_TEST(decisions[0].basis == "consent 1");
  BOOST_TEST(!decisions[0].until_ms);
}

BOOST_DATA_TEST_CASE(connections_are_replaced_by_name_and_take_their_secrets_along, data::make(kModes), mode) {
  const Opened hub(mode);
  ConnectionRow shop{hub.store->next_id(IdSpace::connection), "shop", "shopify", R"({"shop":"가게"})", "[]", true, 7};
  hub.must({PutConnection{shop}});
  hub.must({PutSecret{{1, "access_token", 1, "\x00seal"s, 7}}, PutSecret{{1, "access_token", 2, "b", 8}},
            PutSecret{{1, "signing_secret", 1, "c", 7}}});
  shop.id = hub.store->next_id(IdSpace::connection);
  shop.enabled = false;
  shop.created_ms = 99;
  hub.must({PutConnection{shop}});
  const auto connections = got(hub.reader->connections());
  BOOST_REQUIRE(connections.size() == 1u);
  BOOST_TEST(connections[0].id == 1);  // the name keeps its id, its birthday and its secrets
  BOOST_TEST(connections[0].created_ms == 7);
  BOOST_TEST(!connections[0].enabled);
  BOOST_TEST(connections[0].config == R"({"shop":"가게"})");
  auto secrets = got(hub.reader->secrets(1));
  BOOST_REQUIRE(secrets.size() == 3u);
  BOOST_TEST(secrets[0].version == 2);
  BOOST_TEST(secrets[1].version == 1);
  BOOST_TEST(secrets[1].sealed == "\x00seal"s);
  BOOST_TEST(secrets[2].slot == "signing_secret");

  hub.must({PutSecret{{1, "access_token", 2, "new", 9}}});
  BOOST_TEST(got(hub.reader->secrets(1))[0].sealed == "new");
  hub.must({DropSecrets{1}});
  BOOST_TEST(got(hub.reader->secrets(1)).empty());
  hub.must({PutSecret{{1, "access_token", 1, "a", 7}}, RemoveConnection{1}});
  BOOST_TEST(got(hub.reader->connections()).empty());
  BOOST_TEST(got(hub.reader->secrets(1)).empty());
}

BOOST_DATA_TEST_CASE(a_recipe_keeps_each_version_once, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({PutRecipe{{1, "cart-rescue", true, 1}, RecipeVersionRow{1, 1, "aa", "recipe: 하나", "yaml", 5}}});
  hub.must({PutRecipe{{1, "cart-rescue", true, 2}, RecipeVersionRow{2, 1, "bb", "recipe: 둘", "yaml", 6}}});
  BOOST_TEST(got(hub.reader->recipes())[0].current_version == 2);
  // Back to the first text, by somebody who takes it for a new recipe and a new version.
  hub.must({PutRecipe{{9, "cart-rescue", false, 3}, RecipeVersionRow{3, 9, "aa", "recipe: 하나", "yaml", 7}}});
  const auto recipes = got(hub.reader->recipes());
  BOOST_REQUIRE(recipes.size() == 1u);
  BOOST_TEST(recipes[0].id == 1);
  BOOST_TEST(recipes[0].current_version == 1);
  BOOST_TEST(!recipes[0].enabled);
  BOOST_TEST(got(hub.reader->recipe_version(2))->source == "recipe: 둘");
  BOOST_TEST(!got(hub.reader->recipe_version(3)));
  BOOST_TEST(got(hub.reader->recipe_version_by_hash(1, "aa"))->id == 1);
  BOOST_TEST(!got(hub.reader->recipe_version_by_hash(2, "aa")));
  hub.must({PutRecipe{{1, "cart-rescue", true, 1}, std::nullopt}});
  BOOST_TEST(got(hub.reader->recipes())[0].enabled);
}

BOOST_DATA_TEST_CASE(tries_are_counted_until_they_are_cleared, data::make(kModes), mode) {
  const Opened hub(mode);
  hub.must({CountTry{true, 5}, CountTry{false, 5}});
  hub.must({CountTry{true, 5}});
  BOOST_TEST(got(hub.reader->tries(true, 5)) == 2);
  BOOST_TEST(got(hub.reader->tries(false, 5)) == 1);
  BOOST_TEST(got(hub.reader->tries(false, 6)) == 0);
  hub.must({ClearTries{}});
  BOOST_TEST(got(hub.reader->tries(true, 5)) == 0);
}

BOOST_DATA_TEST_CASE(meta_values_are_replaced, data::make(kModes), mode) {
  const Opened hub(mode);
  BOOST_TEST(!got(hub.reader->meta("hub_id")));
  hub.must({PutMeta{"hub_id", "ㅎ1"}});
  hub.must({PutMeta{"hub_id", "ㅎ2"}});
  BOOST_TEST((got(hub.reader->meta("hub_id")) == "ㅎ2"));
}

BOOST_AUTO_TEST_SUITE_END()
