// Runs: the list, one run with all that it did, and the live view.
#include <algorithm>

#include "recipe/program.hpp"
#include "recipe/reader.hpp"
#include "server/answers.hpp"
#include "server/api.hpp"
#include "server/doubt_view.hpp"
#include "server/run_query.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

// Members of a filter beside the words of `q`.
Result<store::RunFilter> filter_of(Api& api, const ApiCall& call, std::vector<QueryTerm>& terms) {
  store::RunFilter filter;
  terms = read_query(call.parameter("q"), api.parts.hub.search_names());
  auto all = terms;
  for (const char* name :
       {"recipe", "state", "customer", "event", "connection", "reason", "problem", "held", "replay_of"}) {
    if (auto value = call.parameter(name); !value.empty())
      all.push_back({QueryTerm::Kind::filter, name, std::move(value)});
  }
  IEUM_CHECK(apply_terms(all, call.reader, filter));
  if (!call.parameter("from_ms").empty()) {
    IEUM_TRY(filter.from_ms, call.number("from_ms", 0));
  }
  if (!call.parameter("until_ms").empty()) {
    IEUM_TRY(filter.until_ms, call.number("until_ms", 0));
  }
  IEUM_TRY(filter.before, call.number("before", 0));
  IEUM_TRY(filter.limit, call.limit());
  return filter;
}

Result<Value> list_runs(Api& api, ApiCall& call) {
  std::vector<QueryTerm> terms;
  IEUM_TRY(const auto filter, filter_of(api, call, terms));
  IEUM_TRY(const auto page, call.reader.runs(filter));
  const auto names = recipe_names(call.reader);
  List runs;
  for (const auto& row : page.rows) {
    IEUM_TRY(const auto listed, run_listed(row, names, call.reader));
    Map view = *listed.if_map();
    if (!filter.texts.empty()) {
      IEUM_TRY(const auto doc, call.reader.search_doc(row.id));
      if (doc) view.set("found", found_line(doc->text, terms));
    }
    runs.push_back(std::move(view));
  }
  return Value(Map{
      {"runs", std::move(runs)}, {"next", page.next != 0 ? Value(page.next) : Value()}, {"terms", terms_view(terms)}});
}

Result<Value> search_fields(Api& api, ApiCall&) {
  List fields;
  for (const auto& name : api.parts.hub.search_names()) fields.push_back(name);
  return Value(Map{{"fields", std::move(fields)}});
}

Error unknown_run(Id id) { return {"unknown_run", "there is no run " + std::to_string(id), "see: ieum run list"}; }

// What is known of the step that the run stands at.
Value doubt_of(Api& api, const std::vector<store::StepRow>& steps,
               const std::optional<store::RecipeVersionRow>& version) {
  const auto open = std::find_if(steps.rbegin(), steps.rend(),
                                 [](const auto& step) { return step.state == store::StepState::in_doubt; });
  if (open == steps.rend()) return {};
  const auto dot = open->operation.find('.');
  const auto* connector = api.parts.connectors.find(open->operation.substr(0, dot));
  const auto* operation = connector == nullptr || dot == std::string::npos
                              ? nullptr
                              : connector->manifest().operation(open->operation.substr(dot + 1));
  std::optional<recipe::Recipe> recipe;
  if (version)
    recipe =
        recipe::read_recipe(version->source, version->format == "json" ? recipe::Format::json : recipe::Format::yaml)
            .recipe;
  const recipe::Use* use = nullptr;
  std::shared_ptr<const recipe::Program> program;
  if (recipe) {
    program = recipe::compile(*recipe);
    if (const auto at = program->find(open->step); at < program->code.size() && program->code[at].step != nullptr)
      use = std::get_if<recipe::Use>(&program->code[at].step->verb);
  }
  return doubt_view(*open, operation, recipe ? &*recipe : nullptr, use);
}

Result<Value> show_run(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  auto& reader = call.reader;
  IEUM_TRY(const auto row, reader.run(id));
  if (!row) return unknown_run(id);
  IEUM_TRY(const auto steps, reader.steps(id));
  IEUM_TRY(const auto decisions, reader.decisions(id));
  IEUM_TRY(const auto trigger, reader.event(row->trigger_event));
  IEUM_TRY(const auto version, reader.recipe_version(row->version));
  const auto connections = connection_names(reader);
  Map view = *run_summary(*row, recipe_names(reader)).if_map();
  view.set("hash", version ? Value(version->hash) : Value());
  view.set("vars", row->vars.empty() ? Value(Map{}) : stored_json(row->vars));
  List step_views, decision_views;
  for (const auto& step : steps) step_views.push_back(step_view(step, connections));
  for (const auto& decision : decisions) decision_views.push_back(decision_view(decision));
  view.set("steps", std::move(step_views));
  view.set("decisions", std::move(decision_views));
  view.set("trigger", trigger ? event_whole(*trigger, connections) : Value());
  IEUM_TRY(const auto original, reader.replay_of(id));
  IEUM_TRY(const auto replays, reader.replays(id));
  view.set("replay_of", original ? Value(original->original) : Value());
  List replay_views;
  for (const auto& replay : replays)
    replay_views.push_back(
        Map{{"run", replay.run}, {"nth", replay.nth}, {"made_by", replay.made_by}, {"at_ms", replay.at_ms}});
  view.set("replays", std::move(replay_views));
  view.set("doubt",
           row->state == store::RunState::in_doubt && !steps.empty() ? doubt_of(api, steps, version) : Value());
  IEUM_TRY(auto deeds, api.parts.hub.deeds(id));
  view.set("actions", std::move(deeds));
  return Value(std::move(view));
}

// Lives on the io thread. A stream ends with the session or token that it was opened with.
void watch_runs(const std::shared_ptr<Api>& api, const Exchange& exchange) {
  api->live_runs->add(*exchange.responder, [weak = std::weak_ptr(api), caller = exchange.caller] {
    const auto still = weak.lock();
    return still && still->identity.in_force(caller);
  });
}

}  // namespace

void add_run_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add(
      {Method::get,
       "/api/v1/runs",
       Needs::viewer,
       {.summary = "Runs, newest first",
        .query = {may("q", Type::text, "words and name:value terms, all of which hold: order:1042 state:failed 민지"),
                  may("recipe", Type::text, "of this recipe"),
                  may("state", Type::text, "acting, waiting, in_doubt, finished, exited, stopped, failed or cancelled"),
                  may("customer", Type::integer, "about this person"),
                  may("event", Type::integer, "begun by this event"),
                  may("connection", Type::text, "begun by an event of this connection"),
                  may("reason", Type::text, "the reason begins so"),
                  may("problem", Type::integer, "failed by this cause"),
                  may("held", Type::text, "yes: those that wait for a person"),
                  may("replay_of", Type::integer, "begun from the trigger of this run"),
                  may("from_ms", Type::integer, "started at this time or later"),
                  may("until_ms", Type::integer, "started before this time"), kBefore, kLimit},
        .answer = "`runs`, `next`, and `terms`: how q was read. A page may be short although there is more",
        .errors = {"unknown_recipe", "unknown_connection", "bad_query"}},
       api->on_admin(list_runs)});
  table.add({Method::get,
             "/api/v1/runs/live",
             Needs::viewer,
             {.summary = "Runs as they move",
              .answer = "server-sent events: `run` with a row of the list, `missed` when some were left out",
              .media = "text/event-stream"},
             [api](const Exchange& exchange) { watch_runs(api, exchange); }});
  table.add({Method::get,
             "/api/v1/runs/{id}",
             Needs::viewer,
             {.summary = "One run with all that it did",
              .answer = "the row of the list, and `steps`, `decisions`, `vars`, `hash`, `trigger`, `replays`, "
                        "`actions` (what may be "
                        "decided about it now, or why not) and `doubt` (what is known of a step whose fate is not)"},
             api->on_admin(show_run)});
  table.add(
      {Method::get,
       "/api/v1/runs/{id}/record",
       Needs::viewer,
       {.summary = "What a test needs to play the run again: the events that touched it, every answer of a vendor; "
                   "`ieum run record` makes the test, without the people",
        .answer = "run, recipe, events and steps"},
       api->on_admin(record_run)});
  table.add({Method::get,
             "/api/v1/search/fields",
             Needs::viewer,
             {.summary = "Names that runs can be searched by",
              .answer = "`fields`: what connectors and recipes mark, and kinds of identities"},
             api->on_admin(search_fields)});
}

}  // namespace ieum::server
