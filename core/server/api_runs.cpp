// Runs: the list, one run with all that it did, cancel, retry and move, and the live view.
#include "server/answers.hpp"
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Result<store::RunFilter> filter_of(const ApiCall& call) {
  store::RunFilter filter;
  if (const auto name = call.parameter("recipe"); !name.empty()) {
    IEUM_TRY(const auto recipes, call.reader.recipes());
    for (const auto& recipe : recipes) {
      if (recipe.name == name) filter.recipe = recipe.id;
    }
    if (filter.recipe == 0) return Error("unknown_recipe", "there is no recipe \"" + name + "\"");
  }
  if (const auto word = call.parameter("state"); !word.empty()) {
    filter.state = run_state(word);
    if (!filter.state) {
      return Error("bad_parameter", "\"" + word + "\" is no state of a run",
                   "known are: acting, waiting, in_doubt, finished, exited, stopped, failed, cancelled");
    }
  }
  IEUM_TRY(filter.customer, call.number("customer", 0));
  IEUM_TRY(filter.trigger_event, call.number("event", 0));
  IEUM_TRY(filter.before, call.number("before", 0));
  IEUM_TRY(filter.limit, call.limit());
  return filter;
}

Result<Value> list_runs(Api&, ApiCall& call) {
  IEUM_TRY(const auto filter, filter_of(call));
  IEUM_TRY(const auto page, call.reader.runs(filter));
  const auto names = recipe_names(call.reader);
  List runs;
  for (const auto& row : page.rows) runs.push_back(run_summary(row, names));
  return Value(Map{{"runs", std::move(runs)}, {"next", page.next != 0 ? Value(page.next) : Value()}});
}

Error unknown_run(Id id) { return {"unknown_run", "there is no run " + std::to_string(id), "see: ieum run list"}; }

Result<Value> show_run(Api&, ApiCall& call) {
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
  return Value(std::move(view));
}

Result<Value> summary_now(ApiCall& call, Id id) {
  IEUM_TRY(const auto row, call.reader.run(id));
  if (!row) return unknown_run(id);
  return run_summary(*row, recipe_names(call.reader));
}

Result<Value> cancel_run(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  IEUM_CHECK(api.parts.hub.cancel_run(id));
  return summary_now(call, id);
}

Result<Value> retry_run(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  IEUM_CHECK(api.parts.hub.retry_run(id));
  return summary_now(call, id);
}

Result<Value> move_run(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  IEUM_CHECK(api.parts.hub.move_run(id));
  return summary_now(call, id);
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
        .query = {may("recipe", Type::text, "of this recipe"),
                  may("state", Type::text, "acting, waiting, in_doubt, finished, exited, stopped, failed or cancelled"),
                  may("customer", Type::integer, "about this person"),
                  may("event", Type::integer, "begun by this event"), kBefore, kLimit},
        .answer = "`runs` and `next`",
        .errors = {"unknown_recipe"}},
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
              .answer = "the row of the list, and `steps`, `decisions`, `vars`, `hash` and `trigger`"},
             api->on_admin(show_run)});
  table.add(
      {Method::get,
       "/api/v1/runs/{id}/record",
       Needs::viewer,
       {.summary = "What a test needs to play the run again: the events that touched it, every answer of a vendor; "
                   "`ieum run record` makes the test, without the people",
        .answer = "run, recipe, events and steps"},
       api->on_admin(record_run)});
  table.add({Method::post,
             "/api/v1/runs/{id}/cancel",
             Needs::operator_,
             {.summary = "Ends a run", .answer = "the run as the list shows it", .errors = {"run_ended"}},
             api->on_admin(cancel_run)});
  table.add({Method::post,
             "/api/v1/runs/{id}/retry",
             Needs::operator_,
             {.summary = "Sends the step of a run in doubt again",
              .answer = "the run as the list shows it",
              .errors = {"not_in_doubt"}},
             api->on_admin(retry_run)});
  table.add({Method::post,
             "/api/v1/runs/{id}/move",
             Needs::operator_,
             {.summary = "Moves a run to the current version of its recipe",
              .answer = "the run as the list shows it",
              .errors = {"cannot_move", "run_ended"}},
             api->on_commands(move_run)});
}

}  // namespace ieum::server
