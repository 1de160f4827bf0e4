// The audit log: what people and programs did to the hub.
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Value chain_view(const Audit::Chain& chain) {
  Map view{{"state", chain.whole ? "whole" : "broken"}, {"entries", chain.entries}};
  if (!chain.whole) view.set("at", chain.at);
  return view;
}

Value entry_view(const store::AuditRow& row) {
  return Map{{"id", row.id},
             {"at_ms", row.at_ms},
             {"who", row.who},
             {"kind", row.kind},
             {"what", row.what},
             {"target", row.target},
             {"from", row.peer},
             {"details", stored_json(row.details)},
             {"status", row.status ? Value(*row.status) : Value()}};
}

Result<Value> list_entries(Api& api, ApiCall& call) {
  store::AuditFilter filter;
  filter.who = call.parameter("who");
  IEUM_TRY(filter.before, call.number("before", 0));
  IEUM_TRY(filter.limit, call.limit());
  IEUM_TRY(const auto rows, call.reader.audit(filter));
  IEUM_TRY(const auto chain, api.audit.verify(call.reader, rows));
  List entries;
  for (const auto& row : rows) entries.push_back(entry_view(row));
  const bool more = rows.size() == static_cast<std::size_t>(filter.limit);
  return Value(Map{
      {"entries", std::move(entries)}, {"next", more ? Value(rows.back().id) : Value()}, {"chain", chain_view(chain)}});
}

Result<Value> verify(Api& api, ApiCall& call) {
  IEUM_TRY(const auto chain, api.audit.verify_all(call.reader));
  return chain_view(chain);
}

}  // namespace

void add_audit_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/audit",
             Needs::owner,
             {.summary = "What was done to the hub, by whom, newest first",
              .query = {may("who", Type::text, "a name, as entries have it"), kBefore, kLimit},
              .answer = "`entries`, `next`, and whether this page's `chain` of seals is whole",
              .example = R"({"entries":[{"id":7,"at_ms":1772409600000,"who":"minji","kind":"person",)"
                         R"("what":"POST /api/v1/runs/{id}/cancel","target":"42","from":"127.0.0.1","details":{},)"
                         R"("status":200}],"next":null,"chain":{"state":"whole","entries":1}})"},
             api->on_admin(list_entries)});
  table.add({Method::get,
             "/api/v1/audit/chain",
             Needs::owner,
             {.summary = "Whether the whole audit log is as it was written; reads all of it",
              .answer = "whole, or broken and `at` which entry",
              .example = R"({"state":"whole","entries":1042})"},
             api->on_commands(verify)});
}

}  // namespace ieum::server
