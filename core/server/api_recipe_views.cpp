// Recipes to look at: as a graph, by version, the difference of two, and played in virtual time.
#include <algorithm>

#include "base/json.hpp"
#include "recipe/diff.hpp"
#include "recipe/graph.hpp"
#include "recipe/reader.hpp"
#include "server/api.hpp"
#include "server/message_view.hpp"
#include "server/run_view.hpp"
#include "trial/run_test.hpp"

namespace ieum::server {
namespace {

constexpr int kCountedRuns = 1000;
constexpr int kVersionsMax = 200;

recipe::Format format_of(const std::string& word) {
  return word == "json" ? recipe::Format::json : recipe::Format::yaml;
}

Result<store::RecipeRow> row_of(ApiCall& call) {
  IEUM_TRY(const auto rows, call.reader.recipes());
  for (const auto& row : rows)
    if (row.name == call.path("name")) return row;
  return Error("unknown_recipe", "there is no recipe \"" + call.path("name") + "\"", "see: ieum recipe list");
}

// A version of the recipe by its id; 0 is the current one.
Result<store::RecipeVersionRow> version_of(ApiCall& call, const store::RecipeRow& recipe, Id version) {
  IEUM_TRY(const auto row, call.reader.recipe_version(version == 0 ? recipe.current_version : version));
  if (!row || row->recipe != recipe.id)
    return Error("unknown_version", "recipe \"" + recipe.name + "\" has no version " + std::to_string(version));
  return *row;
}

Result<Value> counts_view(store::Reader& reader, Id recipe) {
  std::map<std::string, std::map<std::string, std::int64_t>> counts;
  IEUM_TRY(const auto visited, reader.step_counts(recipe, kCountedRuns));
  for (const auto& one : visited)
    counts[one.step][std::string(step_state_word(static_cast<store::StepState>(one.state)))] += one.count;
  IEUM_TRY(const auto places, reader.live_places(recipe));
  for (const auto& place : places) counts[place.at_step]["standing"] += place.count;
  Map view;
  for (const auto& [step, by_state] : counts) {
    Map states;
    for (const auto& [state, count] : by_state) states.set(state, count);
    view.set(step, std::move(states));
  }
  return Value(std::move(view));
}

Map graph_view(const recipe::Graph& graph) {
  List nodes, edges;
  for (const auto& node : graph.nodes)
    nodes.push_back(Map{{"id", node.id},
                        {"kind", node.kind},
                        {"title", node.title},
                        {"connection", node.connection.empty() ? Value() : Value(node.connection)},
                        {"parent", node.parent.empty() ? Value() : Value(node.parent)},
                        {"line", node.line == 0 ? Value() : Value(node.line)}});
  for (const auto& edge : graph.edges)
    edges.push_back(Map{{"from", edge.from}, {"to", edge.to}, {"kind", edge.kind}, {"label", edge.label}});
  return Map{{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

Result<Value> show_graph(Api&, ApiCall& call) {
  IEUM_TRY(const auto row, row_of(call));
  IEUM_TRY(const Id wanted, call.number("version", row.current_version));
  IEUM_TRY(const auto version, version_of(call, row, wanted));
  const auto read = recipe::read_recipe(version.source, format_of(version.format));
  if (!read.recipe) return Error("recipe_unreadable", "this version of the hub cannot read that version of the recipe");
  const auto graph = recipe::graph_of(*read.recipe);
  Map view = graph_view(graph);
  IEUM_TRY(auto counts, counts_view(call.reader, row.id));
  view.set("version", version.id);
  view.set("counts", std::move(counts));
  return Value(std::move(view));
}

Result<Value> show_version(Api&, ApiCall& call) {
  IEUM_TRY(const auto row, row_of(call));
  IEUM_TRY(const Id wanted, call.id("version"));
  IEUM_TRY(const auto version, version_of(call, row, wanted));
  return Value(Map{{"id", version.id},
                   {"hash", version.hash},
                   {"source", version.source},
                   {"format", version.format},
                   {"created_ms", version.created_ms}});
}

Result<Value> show_diff(Api&, ApiCall& call) {
  IEUM_TRY(const auto row, row_of(call));
  IEUM_TRY(const Id from, call.number("from", 0));
  IEUM_TRY(const Id to, call.number("to", row.current_version));
  if (from == 0) return Error("bad_parameter", "\"from\" must be the id of a version", "see `versions` of the recipe");
  IEUM_TRY(const auto before, version_of(call, row, from));
  IEUM_TRY(const auto after, version_of(call, row, to));
  IEUM_TRY(const auto diff,
           recipe::diff_recipes(before.source, format_of(before.format), after.source, format_of(after.format)));
  return Value(
      Map{{"from", from}, {"to", to}, {"diff", recipe::diff_value(diff)}, {"diff_text", recipe::diff_text(diff)}});
}

Value visit_view(const trial::Visit& visit) {
  Map view{{"run", visit.run},
           {"at_ms", visit.opened_ms},
           {"closed_ms", visit.closed_ms ? Value(*visit.closed_ms) : Value()},
           {"step", visit.step},
           {"iteration", visit.iteration},
           {"operation", visit.operation},
           {"state", visit.state},
           {"inputs", visit.inputs},
           {"output", visit.output},
           {"error", Value()}};
  if (!visit.error_code.empty()) view.set("error", Map{{"code", visit.error_code}, {"message", visit.error_text}});
  return view;
}

// The event that is given: a stored one, a sample, or data. A stored one is played at the time when it came.
Result<recipe::GivenEvent> given_of(Api& api, ApiCall& call, std::optional<Millis>& at_ms) {
  recipe::GivenEvent given;
  if (const auto id = call.body.number("event"); id != 0) {
    IEUM_TRY(const auto stored, call.reader.event(id));
    if (!stored) return Error("unknown_event", "there is no event " + std::to_string(id));
    const auto connections = connection_names(call.reader);
    const auto name = connections.find(stored->event.connection);
    for (const auto& connection : api.parts.hub.connections())
      if (name != connections.end() && connection.text("name") == name->second)
        given.connector = connection.text("connector");
    if (given.connector.empty())
      return Error("unknown_connection", "the connection of that event is gone", "give topic and data instead");
    at_ms = stored->event.received_ms;
    given.connection = name->second;
    given.topic = stored->event.topic;
    IEUM_TRY(given.body, parse_json(stored->payload.body));
    return given;
  }
  given.connection = call.body.text("connection");
  given.connector = call.body.text("connector");
  for (const auto& connection : api.parts.hub.connections())
    if (given.connector.empty() && connection.text("name") == given.connection)
      given.connector = connection.text("connector");
  given.topic = call.body.text("topic");
  given.sample = call.body.text("sample");
  if (const auto* data = call.body.get("data")) given.body = *data;
  if (given.connector.empty() || given.topic.empty())
    return Error("bad_body", "say what happens: \"event\" (an id), or \"connection\" or \"connector\", and \"topic\"",
                 "with \"sample\" or \"data\"; without them the connector's first sample is taken");
  return given;
}

Result<Value> try_recipe(Api& api, ApiCall& call) {
  constexpr std::int64_t kDaysMax = 400;
  trial::Recipe recipe;
  if (const auto source = call.body.text("source"); !source.empty()) {
    recipe.source = source;
    recipe.format = format_of(call.body.text("format", "yaml"));
    recipe.file = call.path("name") + ".yaml";
  } else {
    IEUM_TRY(const auto row, row_of(call));
    IEUM_TRY(const auto version, version_of(call, row, 0));
    recipe = {version.source, format_of(version.format), row.name + "." + version.format, {}, {}};
  }
  if (!api.parts.stage) return Error("no_trial", "this hub plays no recipes");
  const auto read = recipe::read_recipe(recipe.source, recipe.format);
  if (!read.recipe) {
    List findings;
    for (const auto& finding : read.findings) findings.push_back(runtime::finding_view(finding));
    call.error_details = Map{{"findings", std::move(findings)}};
    return Error("recipe_invalid", "the recipe has mistakes", "mend them first");
  }
  recipe.name = read.recipe->name;
  recipe.zone = read.recipe->zone;
  recipe::TestCase test;
  test.name = "try";
  IEUM_TRY(auto given, given_of(api, call, test.at_ms));
  test.given.push_back(std::move(given));
  const auto days = call.body.number("days", 60);
  if (days < 1 || days > kDaysMax) return Error("bad_body", "\"days\" must be 1 to " + std::to_string(kDaysMax));
  test.until_for = days * kDay;
  if (const auto at = call.body.number("at_ms"); at != 0) test.at_ms = at;
  auto stage = api.parts.stage();
  for (const auto& connection : api.parts.hub.connections())
    if (const auto* config = connection.get("config")) stage.configs[connection.text("name")] = *config;
  IEUM_TRY(const auto played, trial::play(stage, recipe, test));
  List steps, messages, path, runs, not_started, errors;
  for (const auto& visit : played.visits) steps.push_back(visit_view(visit));
  const auto graph = recipe::graph_of(*read.recipe);
  for (const auto& sent : played.sent) {
    IEUM_TRY(auto message, message_view(api, call.reader, graph, sent));
    if (message) messages.push_back(std::move(*message));
  }
  for (const auto& passed : played.path)
    path.push_back(Map{{"at_ms", passed.at_ms}, {"from", passed.from}, {"to", passed.to}});
  for (const auto& run : played.runs)
    runs.push_back(Map{{"id", run.id},
                       {"state", run.state},
                       {"reason", run.reason},
                       {"key", run.key},
                       {"started_ms", run.started_ms},
                       {"ended_ms", run.ended_ms ? Value(*run.ended_ms) : Value()}});
  for (const auto& reason : played.not_started) not_started.push_back(reason);
  for (const auto& error : played.errors) errors.push_back(error);
  return Value(Map{{"started_ms", played.start_ms},
                   {"ended_ms", played.end_ms},
                   {"runs", std::move(runs)},
                   {"not_started", std::move(not_started)},
                   {"errors", std::move(errors)},
                   {"steps", std::move(steps)},
                   {"messages", std::move(messages)},
                   {"path", std::move(path)},
                   {"graph", graph_view(graph)}});
}

}  // namespace

Result<List> recipe_versions_view(store::Reader& reader, const store::RecipeRow& recipe) {
  IEUM_TRY(const auto versions, reader.recipe_versions(recipe.id, kVersionsMax));
  IEUM_TRY(const auto places, reader.live_places(recipe.id));
  List list;
  for (const auto& version : versions) {
    std::int64_t live = 0;
    for (const auto& place : places)
      if (place.version == version.id) live += place.count;
    list.push_back(Map{{"id", version.id},
                       {"hash", version.hash},
                       {"created_ms", version.created_ms},
                       {"current", version.id == recipe.current_version},
                       {"live", live}});
  }
  return list;
}

void add_recipe_view_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add(
      {Method::get,
       "/api/v1/recipes/{name}/graph",
       Needs::viewer,
       {.summary = "A recipe as a graph, with how many runs stand and went where",
        .query = {may("version", Type::integer, "of this version; usually the current one")},
        .answer =
            "`version`, `nodes`, `edges` and `counts` by step: `standing` now, the others of the newest 1,000 runs",
        .errors = {"unknown_recipe", "unknown_version", "recipe_unreadable"}},
       api->on_admin(show_graph)});
  table.add({Method::get,
             "/api/v1/recipes/{name}/versions/{id}",
             Needs::viewer,
             {.summary = "One version of a recipe",
              .answer = "`source`, `format`, `hash` and `created_ms`",
              .errors = {"unknown_recipe", "unknown_version"}},
             api->on_admin(show_version)});
  table.add({Method::get,
             "/api/v1/recipes/{name}/diff",
             Needs::viewer,
             {.summary = "What two versions of a recipe mean differently",
              .query = {must("from", Type::integer, "id of a version"),
                        may("to", Type::integer, "id of another; usually the current one")},
              .answer = "`diff` for programs and `diff_text` for people",
              .errors = {"unknown_recipe", "unknown_version"}},
             api->on_admin(show_diff)});
  table.add({Method::post,
             "/api/v1/recipes/{name}/try",
             Needs::editor,
             {.summary = "Plays a recipe, or a draft of it, in virtual time; nothing leaves the hub",
              .body = {may("event", Type::integer, "a stored event"),
                       may("connection", Type::text, "or as if it came from there"),
                       may("connector", Type::text, "or from a connection of this connector"),
                       may("topic", Type::text, "as the vendor names it"),
                       may("sample", Type::text, "the connector's sample of that name"),
                       may("data", Type::any, "or what the delivery would hold"),
                       may("source", Type::text, "a draft instead of what is in force"),
                       may("format", Type::text, "of the draft: yaml, usually, or json"),
                       may("days", Type::integer, "how long it is played at most; usually 60"),
                       may("at_ms", Type::integer, "when it begins")},
              .answer = "`runs`, `steps`, `messages`, `path`: which way they took, and the `graph` of it; "
                        "`not_started` says why nothing began",
              .errors = {"unknown_recipe", "unknown_event", "unknown_connection", "recipe_invalid", "unknown_sample",
                         "no_sample", "no_trial"},
              .asks = true},
             api->on_commands(try_recipe)});
}

}  // namespace ieum::server
