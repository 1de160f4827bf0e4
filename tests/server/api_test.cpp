// The API over a hub that runs: what it takes, what it gives back, and how it says no.
#include "server/fixture.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

std::string error_code(const Value& answer) {
  const auto* code = answer.at_path("error.code");
  return code != nullptr && code->is_string() ? *code->if_string() : std::string();
}

std::string path_of(const char* start, std::int64_t id, const char* end = "") {
  return start + std::to_string(id) + end;
}

Value send_note(RunningHub& hub, const std::string& text) {
  return hub.post("/api/v1/events", Map{{"connection", "inbox"}, {"topic", "note"}, {"data", Map{{"text", text}}}});
}

Value only_run(RunningHub& hub) {
  const auto answer = hub.get("/api/v1/runs");
  BOOST_REQUIRE_EQUAL(answer.get("runs")->if_list()->size(), 1u);
  return answer.get("runs")->if_list()->front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api)

BOOST_AUTO_TEST_CASE(status_says_how_the_hub_is) {
  RunningHub hub;
  hub.connect_all();
  hub.deliver("{}");
  hub.settle();
  const auto status = hub.get("/api/v1/status");
  BOOST_TEST(status.text("version") == "0.1.0-test");
  BOOST_TEST(status.number("started_ms") == kMonday);
  BOOST_TEST(status.number("epoch") == 1);
  BOOST_TEST(status.at_path("clock")->text("kind") == "virtual");
  BOOST_TEST(status.at_path("clock")->text("now") == "2026-03-02T00:00:00Z");
  BOOST_TEST(status.at_path("totals")->number("events") == 1);
  BOOST_TEST(status.at_path("queues")->number("accept", -1) == 0);
}

BOOST_AUTO_TEST_CASE(a_run_is_shown_with_all_that_it_did) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  const auto receipt = send_note(hub, "안녕하세요").text("receipt");
  BOOST_TEST(receipt.starts_with("rcp_"));
  hub.settle();
  const auto row = only_run(hub);
  BOOST_TEST(row.text("recipe") == "post-note");
  BOOST_TEST(row.text("state") == "finished");
  const auto run = hub.get(path_of("/api/v1/runs/", row.number("id")));
  BOOST_TEST(run.number("id") == row.number("id"));
  const auto* step = run.at_path("steps.0");
  BOOST_REQUIRE(step != nullptr);
  BOOST_TEST(step->text("step") == "send");
  BOOST_TEST(step->text("state") == "done");
  BOOST_TEST(step->text("operation") == "acme.post");
  BOOST_TEST(step->text("connection") == "team");
  BOOST_TEST(step->at_path("inputs")->text("text") == "안녕하세요");
  BOOST_TEST(step->at_path("exchange.0.answer")->number("status") == 200);
  BOOST_TEST(step->at_path("output")->flag("ok"));
  BOOST_TEST(run.at_path("trigger")->text("topic") == "note");
  BOOST_TEST(run.at_path("trigger")->text("connection") == "inbox");
  BOOST_TEST(run.at_path("trigger")->text("body").find("안녕하세요") != std::string::npos);
  BOOST_TEST(run.get("decisions")->if_list()->empty());
  BOOST_TEST(error_code(hub.get("/api/v1/runs/999999", 404)) == "unknown_run");
  BOOST_TEST(error_code(hub.get("/api/v1/runs/x", 404)) == "unknown_run");
}

BOOST_AUTO_TEST_CASE(runs_are_filtered_and_paged_from_the_newest) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  hub.apply(kOrderRecipe);
  for (int i = 0; i < 3; ++i) send_note(hub, std::to_string(i));
  hub.deliver(R"({"id":1,"total":"5","email":"minji@example.com"})");
  hub.settle();
  const auto count = [&](const std::string& query) {
    return hub.get("/api/v1/runs" + query).get("runs")->if_list()->size();
  };
  BOOST_TEST(count("") == 4u);
  BOOST_TEST(count("?recipe=post-note") == 3u);
  BOOST_TEST(count("?recipe=post-note&state=finished") == 3u);
  BOOST_TEST(count("?state=waiting") == 1u);
  BOOST_TEST(count("?state=failed") == 0u);
  const auto waiting = hub.get("/api/v1/runs?state=waiting").at_path("runs.0")->number("customer");
  BOOST_TEST(count("?customer=" + std::to_string(waiting)) == 1u);
  const auto first = hub.get("/api/v1/runs?limit=3");
  BOOST_TEST(first.get("runs")->if_list()->size() == 3u);
  const auto second = hub.get(path_of("/api/v1/runs?limit=3&before=", first.number("next")));
  BOOST_TEST(second.get("runs")->if_list()->size() == 1u);
  BOOST_TEST(second.get("next")->is_null());
  BOOST_TEST(second.at_path("runs.0")->number("id") < first.at_path("runs.2")->number("id"));
  const auto event = first.at_path("runs.0")->number("event");
  BOOST_TEST(count("?event=" + std::to_string(event)) == 1u);
  for (const char* query : {"?state=running", "?limit=0", "?limit=201", "?limit=x", "?before=-1", "?unknown=1",
                            "?limit=2&limit=3", "?a=%zz"}) {
    BOOST_TEST_CONTEXT(query) hub.get(std::string("/api/v1/runs") + query, 400);
  }
  BOOST_TEST(error_code(hub.get("/api/v1/runs?recipe=none", 404)) == "unknown_recipe");
}

BOOST_AUTO_TEST_CASE(a_waiting_run_is_cancelled_once) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kOrderRecipe);
  hub.deliver(R"({"id":1,"total":"5","email":"minji@example.com"})");
  hub.settle();
  const auto cancel = path_of("/api/v1/runs/", only_run(hub).number("id"), "/cancel");
  BOOST_TEST(hub.post(cancel).text("state") == "cancelled");
  BOOST_TEST(error_code(hub.post(cancel, Map{}, 409)) == "run_ended");
  BOOST_TEST(error_code(hub.post("/api/v1/runs/999999/cancel", Map{}, 404)) == "unknown_run");
}

BOOST_AUTO_TEST_CASE(a_step_whose_fate_is_unknown_waits_for_a_person_and_is_sent_again) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  hub.vendor.lose_answers = true;
  send_note(hub, "한 번만");
  hub.settle();
  hub.post("/api/v1/clock", Map{{"to", "2026-03-02T09:01:00+09:00"}});  // it is looked up a little later, and cannot be
  const auto row = only_run(hub);
  BOOST_REQUIRE_EQUAL(row.text("state"), "in_doubt");
  BOOST_TEST(hub.get("/api/v1/status").at_path("totals")->number("runs_in_doubt") == 1);
  hub.vendor.lose_answers = false;
  const auto retry = path_of("/api/v1/runs/", row.number("id"), "/retry");
  hub.post(retry);
  hub.settle();
  BOOST_TEST(only_run(hub).text("state") == "finished");
  BOOST_TEST(hub.vendor.posted == 2);
  BOOST_TEST(error_code(hub.post(retry, Map{}, 409)) == "run_ended");
}

BOOST_AUTO_TEST_CASE(events_are_listed_and_shown_with_their_bytes_and_runs) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  send_note(hub, "이음");
  const auto broken = hub.public_client().Post("/hooks/shop/secret-of-the-shop", {{"X-Paper-Topic", "orders/create"}},
                                               "{\"id\":\xff}", kJson);
  BOOST_TEST(broken->status == 400);  // unsigned, so it is not kept
  hub.settle();
  const auto all = hub.get("/api/v1/events");
  BOOST_REQUIRE_EQUAL(all.get("events")->if_list()->size(), 1u);
  const auto event = hub.get(path_of("/api/v1/events/", all.at_path("events.0")->number("id")));
  BOOST_TEST(event.text("connection") == "inbox");
  BOOST_TEST(event.text("topic") == "note");
  BOOST_TEST(event.text("state") == "routed");
  BOOST_TEST(event.text("method") == "POST");
  BOOST_TEST(read(event.text("body")).text("text") == "이음");
  BOOST_TEST(event.at_path("runs.0")->text("recipe") == "post-note");
  BOOST_TEST(hub.get("/api/v1/events?connection=shop").get("events")->if_list()->empty());
  BOOST_TEST(hub.get("/api/v1/events?connection=inbox&state=routed").get("events")->if_list()->size() == 1u);
  BOOST_TEST(error_code(hub.get("/api/v1/events?connection=none", 404)) == "unknown_connection");
  BOOST_TEST(error_code(hub.get("/api/v1/events?state=fresh", 400)) == "bad_parameter");
  BOOST_TEST(error_code(hub.get("/api/v1/events/999999", 404)) == "unknown_event");
  BOOST_TEST(error_code(hub.post("/api/v1/events", Map{{"connection", "none"}, {"topic", "a"}, {"data", Map{}}},
                                 404)) == "unknown_connection");
  BOOST_TEST(error_code(hub.post("/api/v1/events", Map{{"connection", "inbox"}, {"topic", "a"}}, 400)) == "bad_body");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_text_comes_as_base64) {
  RunningHub hub;
  hub.connect_all();
  store::EventWithPayload event;
  event.event.id = hub.store->next_id(store::IdSpace::event);
  event.event.connection = 1;
  event.event.topic = "picture";
  event.event.received_ms = kMonday;
  event.event.state = store::EventState::quarantined;
  event.event.reason = "no JSON";
  event.payload.body = std::string("\xff\xd8\x00", 3);
  const auto put = hub.store->submit_and_wait(store::Queue::accept,
                                              store::Unit{{store::AcceptEvent{event.event, event.payload, {}}}});
  BOOST_REQUIRE((put.kind == store::UnitOutcome::Kind::committed));
  const auto view = hub.get(path_of("/api/v1/events/", event.event.id));
  BOOST_TEST(view.text("body_base64") == "/9gA");
  BOOST_TEST(view.text("state") == "quarantined");
  BOOST_TEST(view.get("body") == nullptr);
}

BOOST_AUTO_TEST_CASE(connections_are_entered_listed_tested_and_removed_and_secrets_never_come_back) {
  RunningHub hub;
  const auto made =
      hub.post("/api/v1/connections",
               Map{{"name", "team"}, {"connector", "acme"}, {"secrets", Map{{"api_token", "a-very-secret-token"}}}});
  BOOST_TEST(made.text("name") == "team");
  BOOST_TEST(made.at_path("secrets.0")->text("slot") == "api_token");
  const auto list = hub.operator_client().Get("/api/v1/connections")->body;
  BOOST_TEST(list.find("a-very-secret-token") == std::string::npos);
  BOOST_TEST(read(list).at_path("connections.0")->text("connector") == "acme");
  BOOST_TEST(hub.post("/api/v1/connections/team/test").at_path("output")->flag("ok"));
  // What was entered is never shown; the form checks it, and stores nothing.
  BOOST_TEST(error_code(hub.post("/api/v1/connections/team/reveal", Map{{"slot", "api_token"}}, 422)) ==
             "not_revealed");
  BOOST_TEST(error_code(hub.post("/api/v1/connections/none/reveal", Map{{"slot", "api_token"}}, 404)) ==
             "unknown_connection");
  const auto form = hub.post("/api/v1/connectors/acme/form", Map{});
  BOOST_TEST(form.at_path("fields.0")->text("name") == "api_token");
  BOOST_TEST(form.at_path("fields.0")->text("need") == "more");
  BOOST_TEST(!form.flag("login"));
  BOOST_TEST(hub.post("/api/v1/connectors/acme/form", Map{{"connection", "team"}}).get("fields")->if_list()->empty());
  BOOST_TEST(error_code(hub.post("/api/v1/connectors/acme/form", Map{{"secrets", Map{{"api_token", "abc"}}}}, 422)) ==
             "secret_too_short");
  BOOST_TEST(error_code(hub.post("/api/v1/connectors/none/form", Map{}, 404)) == "unknown_connector");
  BOOST_TEST(error_code(hub.post("/api/v1/connections/none/test", Map{}, 404)) == "unknown_connection");

  const auto refused = [&](const Map& body, int status, const char* code) {
    const auto answer = hub.operator_client().Post("/api/v1/connections", write_json(Value(body)), kJson);
    BOOST_TEST_CONTEXT(answer->body) {
      BOOST_TEST(answer->status == status);
      BOOST_TEST(error_code(read(answer->body)) == code);
      BOOST_TEST(answer->body.find("hush-hush") == std::string::npos);
    }
  };
  const Map secrets{{"hook_secret", "hush-hush"}};
  refused({{"name", "shop"}, {"connector", "none"}, {"secrets", secrets}}, 404, "unknown_connector");
  refused({{"name", "My Shop"}, {"connector", "paper"}, {"secrets", secrets}}, 422, "bad_name");
  refused({{"name", "shop"}, {"connector", "paper"}, {"config", Map{{"shop", "a"}}}}, 422, "missing_credential");
  refused({{"name", "shop"}, {"connector", "paper"}, {"config", Map{{"shop", "a"}, {"hook_secret", "hush-hush"}}}}, 422,
          "secret_in_config");
  refused({{"name", "shop"}, {"connector", "paper"}, {"secrets", Map{{"hook_secret", 7}}}}, 400, "bad_body");
  refused({{"name", "shop"}, {"connector", "paper"}, {"origins", "hush-hush"}, {"secrets", secrets}}, 400, "bad_body");
  refused({{"name", "shop"}, {"connector", "paper"}, {"secret", secrets}}, 400, "bad_body");
  refused({{"connector", "paper"}, {"secrets", secrets}}, 400, "bad_body");

  BOOST_TEST(hub.del("/api/v1/connections/team").text("removed") == "team");
  BOOST_TEST(error_code(hub.del("/api/v1/connections/team", 404)) == "unknown_connection");
}

BOOST_AUTO_TEST_CASE(a_list_at_the_vendor_is_shown_from_the_hubs_copy_and_read_again_when_asked) {
  RunningHub hub;
  hub.connect_all();
  const std::string people = "/api/v1/connections/team/lists/people";
  const auto unread = hub.get(people);
  BOOST_TEST(unread.get("read_at")->is_null());
  BOOST_TEST(unread.get("items")->if_list()->empty());

  hub.vendor.people = R"({"items":[{"key":"b","title":"민지"},{"key":"a","title":"준호"},{"key":"c","title":"소라"}]})";
  BOOST_TEST(hub.get(people).get("items")->if_list()->empty());  // looking asks nobody
  const auto read = hub.post(people);
  BOOST_TEST(read.text("list") == "people");
  BOOST_TEST(read.number("read_at") == kMonday);
  BOOST_TEST(read.at_path("items.0")->text("title") == "준호");
  const auto page = hub.get(people + "?limit=2");
  BOOST_TEST(page.get("items")->if_list()->size() == 2u);
  BOOST_REQUIRE_EQUAL(page.text("next"), "b");
  const auto rest = hub.get(people + "?limit=2&after=b");
  BOOST_TEST(rest.at_path("items.0")->text("key") == "c");
  BOOST_TEST(rest.get("next")->is_null());

  hub.vendor.people = "no list";  // what was read stays
  BOOST_TEST(error_code(hub.post(people, Map{}, 502)) == "bad_answer");
  BOOST_TEST(hub.get(people).get("items")->if_list()->size() == 3u);
  BOOST_TEST(error_code(hub.get("/api/v1/connections/team/lists/nobody", 404)) == "unknown_list");
  BOOST_TEST(error_code(hub.post("/api/v1/connections/team/lists/nobody", Map{}, 404)) == "unknown_list");
  BOOST_TEST(error_code(hub.get("/api/v1/connections/none/lists/people", 404)) == "unknown_connection");
  BOOST_TEST(error_code(hub.post("/api/v1/connections/none/lists/people", Map{}, 404)) == "unknown_connection");
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_vendor_that_somebody_else_asked) {
  RunningHub hub;
  hub.connect_all();
  std::promise<std::function<void()>> thinking;
  hub.vendor.thinking = &thinking;
  auto tested = std::async(std::launch::async, [&] {
    const auto answer = hub.operator_client().Post("/api/v1/connections/team/test", "{}", kJson);
    return answer ? answer->status : 0;
  });
  const auto answer_now = thinking.get_future().get();
  BOOST_TEST(hub.get("/api/v1/status").at_path("totals")->number("events") == 0);
  BOOST_TEST(hub.get("/api/v1/connections").get("connections")->if_list()->size() == 3u);
  answer_now();
  BOOST_TEST(tested.get() == 200);
}

BOOST_AUTO_TEST_CASE(SEC_09_a_connection_in_use_is_not_removed) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  BOOST_TEST(error_code(hub.del("/api/v1/connections/team", 409)) == "connection_in_use");
}

BOOST_AUTO_TEST_CASE(a_recipe_is_applied_shown_switched_off_and_on) {
  RunningHub hub;
  hub.connect_all();
  const auto first =
      hub.post("/api/v1/recipes", Map{{"source", kNoteRecipe}, {"format", "yaml"}, {"file", "note.yaml"}});
  BOOST_TEST(first.text("name") == "post-note");
  BOOST_TEST(first.flag("changed"));
  BOOST_TEST(first.text("hash").size() == 64u);
  BOOST_TEST(!hub.post("/api/v1/recipes", Map{{"source", kNoteRecipe}}).flag("changed", true));
  const auto shown = hub.get("/api/v1/recipes/post-note");
  BOOST_TEST(shown.text("source") == kNoteRecipe);
  BOOST_TEST(shown.text("hash") == first.text("hash"));
  BOOST_TEST(shown.text("title") == "쪽지 전달");
  BOOST_TEST(!hub.post("/api/v1/recipes/post-note/disable").flag("enabled", true));
  send_note(hub, "아무도 듣지 않음");
  hub.settle();
  BOOST_TEST(hub.get("/api/v1/runs").get("runs")->if_list()->empty());
  BOOST_TEST(hub.post("/api/v1/recipes/post-note/enable").flag("enabled"));
  BOOST_TEST(hub.get("/api/v1/recipes").at_path("recipes.0")->flag("enabled"));
  BOOST_TEST(error_code(hub.get("/api/v1/recipes/none", 404)) == "unknown_recipe");
  BOOST_TEST(error_code(hub.post("/api/v1/recipes/none/enable", Map{}, 404)) == "unknown_recipe");
}

BOOST_AUTO_TEST_CASE(a_recipe_with_mistakes_comes_back_with_places) {
  RunningHub hub;
  const auto answer =
      hub.post("/api/v1/recipes", Map{{"source", "recipe: a\ntriger: {event: order_created}\nsteps: []\n"}}, 422);
  BOOST_TEST(error_code(answer) == "recipe_invalid");
  const auto* findings = answer.at_path("error.findings")->if_list();
  BOOST_REQUIRE(findings != nullptr && !findings->empty());
  bool found = false;
  for (const auto& finding : *findings) {
    found =
        found || (finding.text("severity") == "error" && finding.number("line") == 2 && finding.number("column") == 1);
  }
  BOOST_TEST(found);
  BOOST_TEST(hub.get("/api/v1/recipes").get("recipes")->if_list()->empty());
  BOOST_TEST(error_code(hub.post("/api/v1/recipes", Map{{"source", "a"}, {"format", "toml"}}, 400)) == "bad_body");
}

BOOST_AUTO_TEST_CASE(connectors_are_told_from_their_manifests) {
  RunningHub hub;
  const auto list = hub.get("/api/v1/connectors");
  BOOST_TEST(list.get("connectors")->if_list()->size() == 6u);
  const auto paper = hub.get("/api/v1/connectors/paper");
  BOOST_TEST(paper.at_path("title")->text("ko") == "종이 상점");
  BOOST_TEST(paper.get("module")->is_null());
  BOOST_TEST(paper.flag("webhook"));
  BOOST_TEST(paper.at_path("origins.0")->if_string()->compare("https://{shop}.paper.example") == 0);
  const auto* size = paper.at_path("fields.1");
  BOOST_TEST(size->text("name") == "size");
  BOOST_TEST(size->text("default") == "small");
  BOOST_TEST(size->get("choices")->if_list()->size() == 2u);
  BOOST_TEST(paper.at_path("fields.2")->flag("secret"));
  const auto* event = paper.at_path("events.0");
  BOOST_TEST(event->text("topic") == "orders/create");
  BOOST_TEST(event->text("means") == "order_created");
  BOOST_TEST(event->at_path("samples.order")->number("id") == 1042);
  const auto acme = hub.get("/api/v1/connectors/acme");
  const auto* post = acme.at_path("operations.0");
  BOOST_TEST(post->text("name") == "post");
  BOOST_TEST(post->text("safety") == "unsafe");
  BOOST_TEST(post->text("reaches") == "system");
  BOOST_TEST(post->flag("verified"));
  BOOST_TEST(post->at_path("inputs.0")->flag("required"));
  BOOST_TEST(error_code(hub.get("/api/v1/connectors/none", 404)) == "unknown_connector");
}

BOOST_AUTO_TEST_CASE(a_customer_is_shown_with_what_is_known) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kOrderRecipe);
  hub.deliver(R"({"id":1,"total":"5","email":"Minji@Example.com"})");
  hub.settle();
  const auto run = only_run(hub);
  const auto customer = hub.get(path_of("/api/v1/customers/", run.number("customer")));
  BOOST_TEST(customer.at_path("identities.0")->text("kind") == "email");
  BOOST_TEST(customer.at_path("identities.0")->text("value") == "minji@example.com");
  BOOST_TEST(customer.at_path("runs.0")->number("id") == run.number("id"));
  BOOST_TEST(customer.get("opt_outs")->if_list()->empty());
  BOOST_TEST(error_code(hub.get("/api/v1/customers/999999", 404)) == "unknown_customer");
}

BOOST_AUTO_TEST_CASE(what_a_customer_said_is_written_down_and_what_holds_for_all_is_decided_as_a_whole) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kOrderRecipe);
  hub.deliver(R"({"id":1,"total":"5","email":"minji@example.com"})");
  hub.settle();
  const auto customer = only_run(hub).number("customer");
  const std::string path = path_of("/api/v1/customers/", customer) + "/consents";
  const auto said = hub.post(path, Map{{"word", "granted"}, {"channel", "email"}, {"evidence", Map{{"form", "가입"}}}});
  BOOST_TEST(said.at_path("consents.0")->text("purpose") == "ad");
  BOOST_TEST(said.at_path("consents.0")->text("channel") == "email");
  BOOST_TEST(said.at_path("consents.0.evidence")->text("form") == "가입");
  const auto twice = hub.post(path, Map{{"word", "refused"}, {"purpose", "night"}});
  BOOST_TEST(twice.get("consents")->if_list()->size() == 2u);
  BOOST_TEST(error_code(hub.post(path, Map{{"word", "maybe"}}, 400)) == "bad_consent");
  BOOST_TEST(error_code(hub.post("/api/v1/customers/999999/consents", Map{{"word", "granted"}}, 404)) ==
             "unknown_customer");
  BOOST_TEST(hub.get("/api/v1/audience").if_map()->empty());
  const Value policy = Map{{"sender", Map{{"name", "허브상점"}, {"contact", "02-123-4567"}}}};
  BOOST_TEST(hub.post("/api/v1/audience", policy).at_path("sender")->text("name") == "허브상점");
  BOOST_TEST(error_code(hub.post("/api/v1/audience", Map{{"caps", List{Map{{"max", -1}, {"per", "1d"}}}}}, 400)) ==
             "bad_setting");
  BOOST_TEST(error_code(hub.post("/api/v1/audience", Map{{"country", Map{{"country", "xx"}, {"zone", "Nowhere"}}}},
                                 400)) == "bad_country");
  BOOST_TEST(hub.get("/api/v1/audience").at_path("sender")->text("contact") == "02-123-4567");
}

BOOST_AUTO_TEST_CASE(a_virtual_clock_is_moved_through_what_is_due) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kOrderRecipe);
  hub.deliver(R"({"id":1,"total":"5","email":"minji@example.com"})");
  hub.settle();
  BOOST_TEST(only_run(hub).number("due_ms") == kMonday + 30 * kMinute);
  const auto moved = hub.post("/api/v1/clock", Map{{"to", "2026-03-02T09:30:00+09:00"}});
  BOOST_TEST(moved.number("now_ms") == kMonday + 30 * kMinute);
  BOOST_TEST(only_run(hub).text("state") == "finished");
  BOOST_TEST(error_code(hub.post("/api/v1/clock", Map{{"to", "2026-03-02T09:00:00+09:00"}}, 409)) == "clock_backwards");
  BOOST_TEST(error_code(hub.post("/api/v1/clock", Map{{"to", "tomorrow"}}, 422)) == "bad_time");
}

BOOST_AUTO_TEST_CASE(the_machines_clock_is_not_moved) {
  RunningHub hub({}, false);
  BOOST_TEST(error_code(hub.post("/api/v1/clock", Map{{"to", "2027-01-01T00:00:00Z"}}, 409)) == "real_clock");
  BOOST_TEST(hub.get("/api/v1/status").at_path("clock")->text("kind") == "real");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_object_is_refused) {
  RunningHub hub;
  auto client = hub.operator_client();
  for (const char* body : {"[]", "7", "{", R"({"to":"a","to":"b"})", "\xff"}) {
    BOOST_TEST_CONTEXT(body) BOOST_TEST(client.Post("/api/v1/clock", body, kJson)->status == 400);
  }
  BOOST_TEST(client.Post("/api/v1/recipes", std::string(5 << 20, ' '), kJson)->status == 413);
}

BOOST_AUTO_TEST_SUITE_END()
