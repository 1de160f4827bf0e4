// Finding what went wrong and mending it over the API: search, what is known of a doubt, replays, many runs at once, holds, causes.
#include "base/encoding.hpp"
#include "server/fixture.hpp"
#include "server/visitors.hpp"

using namespace ieum;
using namespace ieum::server::testing;

namespace {

std::string error_code(const Value& answer) { return *answer.at_path("error.code")->if_string(); }

void send_note(RunningHub& hub, const std::string& text) {
  hub.post("/api/v1/events", Map{{"connection", "inbox"}, {"topic", "note"}, {"data", Map{{"text", text}}}});
  hub.settle();
}

// The index works behind the hub, on a thread of its own.
void until_indexed(RunningHub& hub) {
  for (int round = 0; round < 10'000; ++round)
    if (hub.get("/api/v1/overview").at_path("backlog")->number("index_behind") == 0) return;
  BOOST_FAIL("the index does not catch up");
}

std::vector<std::int64_t> found(RunningHub& hub, const std::string& q) {
  std::vector<std::int64_t> ids;
  const auto page = hub.get("/api/v1/runs?q=" + percent_encode(q));
  for (const auto& run : *page.get("runs")->if_list()) ids.push_back(run.number("id"));
  return ids;
}

bool allowed(const Value& run, const std::string& name) {
  for (const auto& action : *run.get("actions")->if_list())
    if (action.text("name") == name) return action.flag("allowed");
  BOOST_FAIL("no action " + name);
  return false;
}

std::string path_of(const char* before, std::int64_t id, const char* after = "") {
  return before + std::to_string(id) + after;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(repair_api)

BOOST_AUTO_TEST_CASE(runs_are_found_by_words_and_terms_and_told_how_the_query_was_read) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  send_note(hub, "장바구니가 기다려요 1042");
  send_note(hub, "배송 완료");
  until_indexed(hub);
  BOOST_TEST(found(hub, "바구니").size() == 1u);
  BOOST_TEST(found(hub, "1042 state:finished").size() == 1u);
  BOOST_TEST(found(hub, "배송 1042").empty());
  BOOST_TEST(found(hub, "").size() == 2u);
  const auto page = hub.get("/api/v1/runs?q=" + percent_encode("\"바구니가 기다\" state:finished nobody:knows"));
  BOOST_TEST(page.at_path("terms.0")->text("kind") == "text");
  BOOST_TEST(page.at_path("terms.0")->text("value") == "바구니가 기다");
  BOOST_TEST(page.at_path("terms.1")->text("name") == "state");
  BOOST_TEST(page.at_path("terms.2")->text("value") == "nobody:knows");
  const auto line = hub.get("/api/v1/runs?q=1042").at_path("runs.0")->text("found");
  BOOST_TEST(line.find("1042") != std::string::npos);
  for (const char* wrong : {"state:gone", "event:x", "held:no"})
    BOOST_TEST(error_code(hub.get("/api/v1/runs?q=" + percent_encode(wrong), 400)) == "bad_query");
  BOOST_TEST(error_code(hub.get("/api/v1/runs?q=recipe:none", 404)) == "unknown_recipe");
}

BOOST_AUTO_TEST_CASE(a_doubt_says_what_is_known_and_what_may_be_decided) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  hub.vendor.lose_answers = true;
  send_note(hub, "한 번만");
  hub.post("/api/v1/clock", Map{{"to", "2026-03-02T09:01:00+09:00"}});
  const auto id = found(hub, "state:in_doubt").at(0);
  const auto run = hub.get(path_of("/api/v1/runs/", id));
  BOOST_TEST(run.at_path("doubt.bytes")->text("sent") == "maybe");
  BOOST_TEST(!run.at_path("doubt.would")->text("ko").empty());
  BOOST_TEST(run.at_path("doubt")->text("on_doubt") == "wait");
  for (const char* deed : {"retry", "resume", "skip", "fail", "cancel"}) BOOST_TEST(allowed(run, deed), deed);
  BOOST_TEST(!allowed(run, "replay"));

  hub.vendor.lose_answers = false;
  const auto stale = Map{{"rev", run.number("rev") - 1}};
  BOOST_TEST(error_code(hub.post(path_of("/api/v1/runs/", id, "/skip"), stale, 409)) == "moved_on");
  BOOST_TEST(error_code(hub.post(path_of("/api/v1/runs/", id, "/resume"), Map{}, 400)) == "bad_body");
  hub.post(path_of("/api/v1/runs/", id, "/resume"), Map{{"output", Map{{"id", "by hand"}}}});
  const auto resumed = hub.get(path_of("/api/v1/runs/", id));
  BOOST_TEST(resumed.text("state") == "finished");
  BOOST_TEST(resumed.at_path("steps.0.output")->text("id") == "by hand");
  BOOST_TEST(resumed.get("doubt")->is_null());
}

BOOST_AUTO_TEST_CASE(a_replay_shows_its_effects_first_and_is_made_once) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  send_note(hub, "다시");
  const auto id = found(hub, "state:finished").at(0);
  const auto effects = hub.get(path_of("/api/v1/runs/", id, "/effects"));
  BOOST_TEST(effects.number("nth") == 1);
  BOOST_TEST(effects.at_path("effects.0")->text("operation") == "acme.post");
  const auto replay = path_of("/api/v1/runs/", id, "/replay");
  const auto second = hub.post(replay, Map{{"nth", 1}}).number("id");
  hub.settle();
  BOOST_TEST(hub.vendor.posted == 2);
  const auto late = hub.post(replay, Map{{"nth", 1}}, 409);
  BOOST_TEST(error_code(late) == "already_replayed");
  BOOST_TEST(late.at_path("error")->number("run") == second);
  BOOST_TEST(hub.get(path_of("/api/v1/runs/", second)).number("replay_of") == id);
  BOOST_TEST(hub.get(path_of("/api/v1/runs/", id)).at_path("replays.0")->number("run") == second);
  BOOST_TEST(hub.get(path_of("/api/v1/runs?replay_of=", id)).get("runs")->if_list()->size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_deed_for_many_runs_is_planned_begun_once_and_leaves_alone_what_moved) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kOrderRecipe);
  for (int i = 0; i < 5; ++i)
    hub.deliver("{\"id\":" + std::to_string(i) + ",\"total\":\"5\",\"email\":\"m" + std::to_string(i) +
                "@example.com\"}");
  hub.settle();
  BOOST_TEST(error_code(hub.post("/api/v1/bulk/preview", Map{{"action", "cancel"}}, 400)) == "bad_body");
  BOOST_TEST(error_code(hub.post("/api/v1/bulk/preview", Map{{"action", "cancel"}, {"q", " "}}, 400)) == "bad_query");
  const auto plan = hub.post("/api/v1/bulk/preview", Map{{"action", "cancel"}, {"q", "state:waiting"}});
  BOOST_TEST(plan.number("total") == 5);
  const auto first = found(hub, "state:waiting").at(0);
  hub.post(path_of("/api/v1/runs/", first, "/cancel"));
  const std::string path = "/api/v1/bulk/" + plan.text("plan");
  BOOST_TEST(hub.get(path).text("state") == "planned");
  BOOST_TEST(hub.get("/api/v1/bulk").get("plans")->if_list()->empty());
  hub.post(path);
  Value state = hub.get(path);
  for (int round = 0; round < 10'000 && state.text("state") == "running"; ++round) state = hub.get(path);
  BOOST_TEST(state.text("state") == "done");
  BOOST_TEST(state.number("done") == 4);
  BOOST_TEST(state.number("failed") == 1);
  BOOST_TEST(state.at_path("problems.0")->number("run") == first);
  BOOST_TEST(hub.get("/api/v1/bulk").at_path("plans.0")->text("q") == "state:waiting");
  const auto audit = hub.get("/api/v1/audit");
  BOOST_TEST(
      (*audit.at_path("entries.0.details") == Value(Map{{"action", "cancel"}, {"total", 5}, {"q", "state:waiting"}})));
  BOOST_TEST(hub.get(path_of("/api/v1/runs/", found(hub, "state:cancelled").at(0)))
                 .text("reason")
                 .starts_with("cancelled by "));
  BOOST_TEST(error_code(hub.post(path, Map{}, 409)) == "plan_used");
  BOOST_TEST(error_code(hub.get("/api/v1/bulk/none", 404)) == "unknown_plan");
  const auto refused = hub.post("/api/v1/bulk/preview", Map{{"action", "retry"}, {"q", "state:cancelled"}});
  BOOST_TEST(refused.number("total") == 0);
  BOOST_TEST(refused.at_path("refused.0")->number("count") == 5);
}

BOOST_AUTO_TEST_CASE(a_plan_outlives_the_session_of_who_began_it_but_not_the_role) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kOrderRecipe);
  auto owner = claim(hub);
  auto junho = invite(hub, owner, "junho", "operator");
  const Id person = junho.get("/api/v1/me").value().number("id");
  for (const bool may : {true, false}) {
    for (int i = 0; i < 11; ++i)
      hub.deliver("{\"id\":" + std::to_string(i) + ",\"total\":\"5\",\"email\":\"m" + std::to_string(i) +
                  (may ? "" : "b") + "@example.com\"}");
    hub.settle();
    const auto plan =
        junho.post("/api/v1/bulk/preview", Map{{"action", "cancel"}, {"q", "state:waiting"}}).value().text("plan");
    const std::string path = "/api/v1/bulk/" + plan;
    junho.post(path, Map{{"per_minute", 600}});  // ten of them, and a second later the last
    if (may) junho.del("/api/v1/sessions");
    if (!may) owner.post(path_of("/api/v1/people/", person), Map{{"disabled", true}});
    Value state = hub.get(path);
    for (int round = 0; round < 100'000 && state.text("state") == "running"; ++round) state = hub.get(path);
    BOOST_TEST(state.text("state") == (may ? "done" : "stopped"));
    BOOST_TEST(state.number("done") == (may ? 11 : 10));
    if (!may) BOOST_TEST(state.at_path("problems.0")->text("code") == "not_allowed");
    if (may) junho.log_in("junho");
  }
}

BOOST_AUTO_TEST_CASE(a_hold_keeps_what_goes_out_and_lets_it_go) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  BOOST_TEST(error_code(hub.post("/api/v1/holds", Map{{"kind", "recipe"}, {"name", "none"}}, 404)) == "unknown_recipe");
  BOOST_TEST(error_code(hub.post("/api/v1/holds", Map{{"kind", "planet"}, {"name", "x"}}, 400)) == "bad_hold");
  const auto hold =
      hub.post("/api/v1/holds", Map{{"kind", "connection"}, {"name", "team"}, {"reason", "점검"}}).number("id");
  send_note(hub, "나중에");
  BOOST_TEST(hub.vendor.posted == 0);
  const auto page = hub.get("/api/v1/runs?held=yes");
  BOOST_TEST(page.at_path("runs.0.hold")->text("name") == "team");
  BOOST_TEST(page.at_path("runs.0.due_ms")->is_null());
  BOOST_TEST(hub.get("/api/v1/holds").at_path("holds.0")->number("queued") == 1);
  BOOST_TEST(hub.get("/api/v1/overview").number("held") == 1);
  BOOST_TEST(allowed(hub.get(path_of("/api/v1/runs/", page.at_path("runs.0")->number("id"))), "cancel"));
  hub.post(path_of("/api/v1/holds/", hold, "/release"));
  hub.post("/api/v1/clock", Map{{"to", "2026-03-02T09:00:00+09:00"}});
  BOOST_TEST(hub.vendor.posted == 1);
  BOOST_TEST(hub.get("/api/v1/holds").get("holds")->if_list()->empty());
  BOOST_TEST(error_code(hub.post(path_of("/api/v1/holds/", hold, "/release"), Map{}, 404)) == "unknown_hold");
}

BOOST_AUTO_TEST_CASE(a_cause_is_opened_resolved_and_counted) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  hub.vendor.lose_answers = true;
  send_note(hub, "하나");
  hub.post("/api/v1/clock", Map{{"to", "2026-03-02T09:01:00+09:00"}});
  const auto open = hub.get("/api/v1/problems");
  BOOST_REQUIRE(open.get("problems")->if_list()->size() == 1u);
  const auto id = open.at_path("problems.0")->number("id");
  BOOST_TEST(hub.get(path_of("/api/v1/runs?problem=", id)).get("runs")->if_list()->size() == 1u);
  BOOST_TEST(hub.get("/api/v1/overview").number("problems_open") == 1);
  BOOST_TEST(hub.post(path_of("/api/v1/problems/", id, "/resolve")).text("state") == "resolved");
  BOOST_TEST(hub.get("/api/v1/problems").get("problems")->if_list()->empty());
  BOOST_TEST(hub.post(path_of("/api/v1/problems/", id, "/reopen")).text("state") == "open");
  std::int64_t events = 0;
  const auto through = hub.get("/api/v1/throughput?minutes=60");
  for (const auto& slot : *through.get("slots")->if_list()) events += slot.number("events");
  BOOST_TEST(events == 1);
}

BOOST_AUTO_TEST_CASE(a_recipe_is_shown_as_a_graph_by_version_and_with_its_difference) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  send_note(hub, "하나");
  const auto name = hub.get("/api/v1/recipes").at_path("recipes.0")->text("name");
  const auto graph = hub.get("/api/v1/recipes/" + name + "/graph");
  BOOST_TEST(graph.at_path("nodes.0")->text("kind") == "trigger");
  const auto step = graph.at_path("nodes.1")->text("id");
  BOOST_TEST(graph.at_path("edges.0")->text("to") == step);
  BOOST_TEST(graph.get("counts")->get(step)->number("done") == 1);
  const auto before = hub.get("/api/v1/recipes/" + name);
  const auto source = before.text("source");
  hub.apply(source + "  - {id: nap, wait: 1d}\n");
  const auto after = hub.get("/api/v1/recipes/" + name);
  BOOST_TEST(after.get("versions")->if_list()->size() == 2u);
  const auto from = before.number("version");
  const auto diff = hub.get("/api/v1/recipes/" + name + "/diff?from=" + std::to_string(from));
  BOOST_TEST(diff.text("diff_text").find("nap") != std::string::npos);
  BOOST_TEST(hub.get("/api/v1/recipes/" + name + "/versions/" + std::to_string(from)).text("source") ==
             before.text("source"));
  BOOST_TEST(error_code(hub.get("/api/v1/recipes/" + name + "/versions/999", 404)) == "unknown_version");
}

BOOST_AUTO_TEST_CASE(settings_are_changed_and_a_backup_is_a_store) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  send_note(hub, "남는다");
  BOOST_TEST(hub.post("/api/v1/settings", Map{{"retention", Map{{"runs_days", 7}}}})
                 .at_path("retention")
                 ->number("runs_days") == 7);
  BOOST_TEST(hub.get("/api/v1/settings").at_path("retention")->number("events_days") == 30);
  BOOST_TEST(error_code(hub.post("/api/v1/settings", Map{{"retention", Map{{"runs_days", -1}}}}, 400)) ==
             "bad_setting");
  const auto file = hub.post("/api/v1/backups").text("file");
  store::StoreOptions options;
  options.path = file;
  options.inline_writer = true;
  NullLog log;
  const auto copy = store::open_store(std::move(options), log);
  BOOST_REQUIRE(copy.has_value());
  BOOST_TEST((*copy)->reader()->totals()->runs == 1);
  BOOST_TEST(hub.get("/api/v1/backups").get("backups")->if_list()->size() == 1u);
  // The clock stands still: a second one has a name of its own.
  const auto second = hub.post("/api/v1/backups").text("file");
  BOOST_TEST(second != file);
  BOOST_TEST(hub.get("/api/v1/backups").get("backups")->if_list()->size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_store_is_kept_below_a_size_that_is_no_smaller_than_it_needs) {
  RunningHub hub;
  BOOST_TEST(hub.get("/api/v1/settings").at_path("retention")->number("max_bytes", -1) == 0);
  BOOST_TEST(error_code(hub.post("/api/v1/settings", Map{{"retention", Map{{"max_bytes", 1'000'000}}}}, 400)) ==
             "bad_setting");
  const auto kept = hub.post("/api/v1/settings", Map{{"retention", Map{{"max_bytes", 20'000'000'000}}}});
  BOOST_TEST(kept.at_path("retention")->number("max_bytes") == 20'000'000'000);
  BOOST_TEST(kept.at_path("retention")->number("runs_days") == 90);
}

BOOST_AUTO_TEST_CASE(a_hold_of_the_hub_needs_no_name_and_is_told_with_the_overview_and_the_status) {
  RunningHub hub;
  BOOST_TEST(hub.get("/api/v1/overview").get("hub_hold")->is_null());
  const auto id = hub.post("/api/v1/holds", Map{{"kind", "hub"}, {"reason", "이사"}}).number("id");
  for (const auto* path : {"/api/v1/overview", "/api/v1/status"}) {
    const auto answer = hub.get(path);
    BOOST_TEST(answer.at_path("hub_hold")->number("id") == id);
    BOOST_TEST(answer.at_path("hub_hold")->text("reason") == "이사");
    BOOST_TEST(answer.at_path("store")->number("bytes") > 0);
    BOOST_TEST(answer.at_path("store")->number("disk_bytes") > 0);
  }
  BOOST_TEST(error_code(hub.post("/api/v1/holds", Map{{"kind", "recipe"}}, 400)) == "bad_body");
}

BOOST_AUTO_TEST_CASE(what_ended_long_ago_goes_and_what_is_needed_stays) {
  RunningHub hub;
  hub.connect_all();
  hub.apply(kNoteRecipe);
  send_note(hub, "오래된 것");
  hub.post("/api/v1/clock", Map{{"to", "2026-07-02T09:00:00+09:00"}});
  send_note(hub, "새것");
  hub.post("/api/v1/settings", Map{{"retention", Map{{"runs_days", 30}}}});
  std::size_t runs = 2;
  for (int round = 0; round < 10'000 && runs != 1; ++round)
    runs = hub.get("/api/v1/runs").get("runs")->if_list()->size();
  BOOST_TEST(runs == 1u);
  std::size_t events = 2;
  for (int round = 0; round < 10'000 && events != 1; ++round)
    events = hub.get("/api/v1/events").get("events")->if_list()->size();
  BOOST_TEST(events == 1u);
  BOOST_TEST(hub.get("/api/v1/status").at_path("totals")->number("runs_finished") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
