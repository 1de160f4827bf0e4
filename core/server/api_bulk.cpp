// One deed for many runs: a preview of what would happen, then its plan is begun.
#include "server/api.hpp"
#include "server/bulk.hpp"
#include "server/run_query.hpp"

namespace ieum::server {
namespace {

Result<Value> preview(Api& api, ApiCall& call) {
  Bulk::Wanted wanted;
  IEUM_TRY(wanted.action, call.text("action"));
  auto& runs = wanted.runs;
  if (const auto* list = call.body.get("runs")) {
    for (const auto& run : *list->if_list()) {
      const auto* id = run.if_int();
      if (id == nullptr || *id < 1) return Error("bad_body", "\"runs\" must hold ids of runs");
      runs.push_back(*id);
    }
    if (runs.empty() || runs.size() > Bulk::kRunsMax)
      return Error("bad_body", "\"runs\" must hold 1 to " + std::to_string(Bulk::kRunsMax) + " ids");
  }
  auto& filter = wanted.filter;
  const auto q = wanted.q = call.body.text("q");
  if (runs.empty() == q.empty())
    return Error("bad_body", "say which runs: either \"runs\", or \"q\" as of GET /api/v1/runs",
                 "a q that finds all runs is not taken; state:failed is one that is");
  const auto terms = read_query(q, api.parts.hub.search_names());
  if (runs.empty() && terms.empty())
    return Error("bad_query", "a query that finds all runs is not taken",
                 "say which: state:failed, recipe:NAME, a word");
  IEUM_CHECK(apply_terms(terms, call.reader, filter));
  if (const auto from = call.body.number("from_ms"); from != 0) filter.from_ms = from;
  if (const auto until = call.body.number("until_ms"); until != 0) filter.until_ms = until;
  return api.bulk->preview(call.reader, wanted);
}

Result<Value> begin(Api& api, ApiCall& call) {
  return api.bulk->begin(call.path("plan"), call.body.number("per_minute"), call.caller());
}
Result<Value> view(Api& api, ApiCall& call) { return api.bulk->view(call.path("plan")); }
Result<Value> list(Api& api, ApiCall&) { return Value(Map{{"plans", api.bulk->list()}}); }
Map told(Api& api, const ApiCall& call) { return api.bulk->told(call.path("plan")); }
Result<Value> stop(Api& api, ApiCall& call) { return api.bulk->stop(call.path("plan")); }

}  // namespace

void add_bulk_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::post,
             "/api/v1/bulk/preview",
             Needs::operator_,
             {.summary = "Plans one deed for many runs, and shows what would happen again; changes nothing",
              .body = {shown(must("action", Type::text, "retry, skip, fail, cancel or replay")),
                       may("q", Type::text, "which runs, as of GET /api/v1/runs"),
                       may("runs", Type::integers, "or their ids"),
                       may("from_ms", Type::integer, "started at this time or later"),
                       may("until_ms", Type::integer, "started before this time")},
              .answer = "`plan`, `total`, `capped` (at 10,000 runs, or where the search was left off), `effects`, "
                        "`refused` and `expires_ms`",
              .errors = {"bad_query", "unknown_recipe", "unknown_connection"},
              .asks = true},
             api->on_commands(preview)});
  table.add({Method::post,
             "/api/v1/bulk/{plan}",
             Needs::operator_,
             {.summary = "Begins a plan; what moved since is left alone",
              .body = {may("per_minute", Type::integer, "that many a minute; 0, usually, as fast as it goes")},
              .answer = "how far it is: state, total, done, failed, problems",
              .errors = {"unknown_plan", "plan_used"},
              .tells = told},
             api->on_admin(begin)});
  table.add({Method::get,
             "/api/v1/bulk",
             Needs::viewer,
             {.summary = "Plans that were begun, the newest first; the last few, and a restart forgets them",
              .answer = "`plans`: as of GET /api/v1/bulk/{plan}"},
             api->on_admin(list)});
  table.add({Method::get,
             "/api/v1/bulk/{plan}",
             Needs::viewer,
             {.summary = "How far a plan is",
              .answer = "state, total, done, failed, problems; action, q, by, made_ms",
              .errors = {"unknown_plan"}},
             api->on_admin(view)});
  table.add({Method::post,
             "/api/v1/bulk/{plan}/stop",
             Needs::operator_,
             {.summary = "Stops a plan; what was done stays done",
              .answer = "how far it is",
              .errors = {"unknown_plan"},
              .tells = told},
             api->on_admin(stop)});
}

}  // namespace ieum::server
