// Recipes over the API: planned and applied together, and what becomes of their runs.
#include "server/fixture.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

const std::string kOther = "recipe: other\ntrigger: {event: webhook/other}\nsteps: [{id: w, wait: 1h}]\n";

Value list_of(const std::vector<std::string>& sources, const std::string& runs = {}) {
  List recipes;
  for (const auto& source : sources)
    recipes.push_back(Map{{"source", source}, {"file", "r" + std::to_string(recipes.size() + 1) + ".yaml"}});
  Map body{{"recipes", std::move(recipes)}};
  if (!runs.empty()) body.set("runs", runs);
  return body;
}

std::string code_of(const Value& answer) {
  const auto* error = answer.get("error");
  return error == nullptr ? "" : error->text("code");
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipes_api)

BOOST_AUTO_TEST_CASE(recipes_are_planned_and_applied_together_and_their_runs_move) {
  RunningHub hub;
  hub.connect_all();
  hub.post("/api/v1/recipes/apply", list_of({kOther}));
  hub.post("/api/v1/events", Map{{"connection", "inbox"}, {"topic", "other"}, {"data", Map{}}});
  hub.settle();
  const std::string changed = replaced(kOther, "1h", "2h");
  const auto plan = hub.post("/api/v1/recipes/plan", list_of({changed, kNoteRecipe}));
  BOOST_TEST(plan.at_path("recipes.0")->text("state") == "changed");
  BOOST_TEST(plan.at_path("recipes.0")->text("diff_text") == "~ step w (wait 2h): wait \"1h\" -> \"2h\"\n");
  BOOST_TEST(plan.at_path("recipes.0.waiting.0")->number("count") == 1);
  BOOST_TEST(plan.at_path("recipes.1")->text("state") == "new");
  BOOST_TEST(hub.get("/api/v1/recipes").get("recipes")->if_list()->size() == 1u);

  const auto applied = hub.post("/api/v1/recipes/apply", list_of({changed, kNoteRecipe}, "move"));
  BOOST_TEST(applied.at_path("recipes.0")->flag("changed"));
  BOOST_TEST(applied.get("runs")->number("moved") == 1);
  const auto run = hub.get("/api/v1/runs").at_path("runs.0")->number("id");
  const std::string path = "/api/v1/runs/" + std::to_string(run);
  BOOST_TEST(hub.get(path).text("hash") == applied.at_path("recipes.0")->text("hash"));

  const auto gone = hub.post("/api/v1/recipes/apply", list_of({replaced(kOther, "id: w", "id: x")}, "move"));
  BOOST_TEST(gone.get("runs")->number("stayed") == 1);
  BOOST_TEST(gone.at_path("runs.why.0")->text("why") == "the new version has no step \"w\"");
  BOOST_TEST(code_of(hub.post(path + "/move", Map{}, 409)) == "cannot_move");
  hub.post("/api/v1/recipes", Map{{"source", kOther}});
  BOOST_TEST(hub.post(path + "/move").text("state") == "waiting");
  BOOST_TEST(code_of(hub.post("/api/v1/runs/999/move", Map{}, 404)) == "unknown_run");
  const auto cancelled = hub.post("/api/v1/recipes/apply", list_of({changed}, "cancel"));
  BOOST_TEST(cancelled.get("runs")->number("cancelled") == 1);
  BOOST_TEST(hub.get(path).text("state") == "cancelled");
}

BOOST_AUTO_TEST_CASE(one_mistake_refuses_all_with_its_file_and_place) {
  RunningHub hub;
  hub.connect_all();
  const std::string bad = replaced(kOther, "wait: 1h", "wiat: 1h");
  BOOST_TEST(hub.post("/api/v1/recipes/plan", list_of({kNoteRecipe, bad})).at_path("recipes.1")->text("state") ==
             "invalid");
  const auto refused = hub.post("/api/v1/recipes/apply", list_of({kNoteRecipe, bad}), 422);
  BOOST_TEST(code_of(refused) == "recipe_invalid");
  BOOST_TEST(refused.at_path("error.findings.0")->text("file") == "r2.yaml");
  BOOST_TEST(refused.at_path("error.findings.0")->number("line") == 3);
  BOOST_TEST(hub.get("/api/v1/recipes").get("recipes")->if_list()->empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_list_of_recipes_is_refused) {
  RunningHub hub;
  for (const auto& body : {Map{}, Map{{"recipes", "x"}}, Map{{"recipes", List{1}}}, Map{{"recipes", List{Map{}}}},
                           Map{{"recipes", List{Map{{"source", "a"}, {"format", "toml"}}}}}}) {
    BOOST_TEST(code_of(hub.post("/api/v1/recipes/plan", body, 400)) == "bad_body");
    BOOST_TEST(code_of(hub.post("/api/v1/recipes/apply", body, 400)) == "bad_body");
  }
  BOOST_TEST(code_of(hub.post("/api/v1/recipes/apply", list_of({kOther}, "kill"), 400)) == "bad_body");
}

BOOST_AUTO_TEST_CASE(a_trial_shows_a_message_of_a_template_as_its_receiver_reads_it_and_draws_the_draft) {
  RunningHub hub;
  hub.connect_all();
  hub.vendor.people = R"({"items":[{"key":"hi","title":"인사","text":"#{이름}님, #{수}개가 #{없는 것}"}]})";
  hub.post("/api/v1/connections/team/lists/people");
  const std::string draft =
      "recipe: draft\ntrigger: {event: webhook/note}\nabout: {email: event.email}\nsteps:\n"
      "  - {id: write, use: acme.post, connection: team, with: {text: a}}\n"
      "  - id: tell\n    use: acme.letter\n    class: info\n    connection: team\n"
      "    with: {to: minji, template: hi, variables: {이름: '{{ trigger.who }}', 수: 3}}\n";
  const auto played =
      hub.post("/api/v1/recipes/draft/try", Map{{"source", draft},
                                                {"connection", "inbox"},
                                                {"topic", "note"},
                                                {"data", Map{{"who", "민지"}, {"email", "m@example.com"}}}});
  BOOST_REQUIRE_MESSAGE(played.get("messages")->if_list()->size() == 1u, write_json(played));  // a post reaches nobody
  BOOST_TEST(played.at_path("messages.0")->text("text") == "민지님, 3개가 #{없는 것}");
  BOOST_TEST(played.at_path("messages.0")->text("to") == "minji");
  const auto& nodes = *played.at_path("graph.nodes")->if_list();
  BOOST_TEST(std::any_of(nodes.begin(), nodes.end(), [](const auto& node) { return node.text("id") == "tell"; }));
}

BOOST_AUTO_TEST_SUITE_END()
