// Customers: what the hub knows about one person.
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Result<Value> show_customer(Api&, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("customer"));
  auto& reader = call.reader;
  IEUM_TRY(const auto row, reader.customer(id));
  if (!row) return Error("unknown_customer", "there is no customer " + std::to_string(id));
  IEUM_TRY(const auto identities, reader.identities(id));
  IEUM_TRY(const auto opt_outs, reader.opt_outs(id));
  IEUM_TRY(const auto runs, reader.live_runs_of(id));
  const auto recipes = recipe_names(reader);
  List identity_views, opt_out_views, run_views;
  for (const auto& identity : identities) {
    identity_views.push_back(Map{{"kind", identity.kind}, {"value", identity.value}, {"added_ms", identity.added_ms}});
  }
  for (const auto& refusal : opt_outs) {
    opt_out_views.push_back(Map{
        {"topic", refusal.topic}, {"channel", refusal.channel}, {"at_ms", refusal.at_ms}, {"source", refusal.source}});
  }
  for (const auto& run : runs) run_views.push_back(run_summary(run, recipes));
  return Value(Map{{"id", row->id},
                   {"created_ms", row->created_ms},
                   {"traits", row->traits.empty() ? Value(Map{}) : stored_json(row->traits)},
                   {"identities", std::move(identity_views)},
                   {"opt_outs", std::move(opt_out_views)},
                   {"runs", std::move(run_views)}});
}

}  // namespace

void add_customer_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add(
      {Method::get,
       "/api/v1/customers/{id}",
       Needs::viewer,
       {.summary = "What is known about a person", .answer = "traits, identities, opt_outs, and the runs that live"},
       api->on_admin(show_customer)});
}

}  // namespace ieum::server
