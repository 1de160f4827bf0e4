// Api: what the handlers of /api/v1 share. Each runs in a lane, one after the other, with a reader that lives there. What it
// returns is the answer: a value is 200, an error has the status of its code.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/url.hpp"
#include "base/value.hpp"
#include "server/admin_guard.hpp"
#include "server/audit.hpp"
#include "server/bulk.hpp"
#include "server/identity.hpp"
#include "server/live_runs.hpp"
#include "server/routes.hpp"
#include "server/server.hpp"

namespace ieum::server {

// One request, read, and judged by what its route says that it takes. Bodies are JSON objects; none is {}.
struct ApiCall {
  const Exchange& exchange;
  store::Reader& reader;
  QueryPairs query;
  Value body = Map{};
  std::string origin;      // http://127.0.0.1:8081, as the caller reached us
  Headers answer_headers;  // further ones
  Value error_details;     // goes into the error object when the handler returns an error

  // Who asks; nobody on the public door.
  [[nodiscard]] const Caller& caller() const { return exchange.caller; }
  [[nodiscard]] const std::string& path(std::string_view name) const { return exchange.path.at(name); }
  // "" when it is not there.
  [[nodiscard]] std::string parameter(std::string_view name) const;
  // A whole number of at least 1; the fallback when it is not there. Error "bad_parameter".
  [[nodiscard]] Result<Id> number(std::string_view name, Id fallback) const;
  [[nodiscard]] Result<int> limit() const;  // 1 to 200, else 50
  // An id of the path; a text that is none is the "unknown_..." error of that kind.
  [[nodiscard]] Result<Id> id(std::string_view kind) const;
  // A member that must be text. Error "bad_body".
  [[nodiscard]] Result<std::string> text(std::string_view member) const;
};

class Api : public std::enable_shared_from_this<Api> {
 public:
  using ApiHandler = std::function<Result<Value>(Api&, ApiCall&)>;
  using PageHandler = std::function<Result<HttpResponse>(Api&, ApiCall&)>;  // what is no JSON

  // `commands`: a thread for what may take long. `passwords`: one for hashing, so that no flood of logins takes more than a core.
  Api(ServerParts parts, const ServerOptions& options, runtime::Executor& commands, runtime::Executor& passwords);
  Status load();  // once, before a door opens

  // Route handlers that do `work` in a lane. Too many waiting there: 503.
  Handler on_admin(ApiHandler work);
  Handler on_admin(PageHandler work);  // the admin executor: what looks, and what is quick
  Handler on_commands(
      ApiHandler work);  // what asks vendors, moves the clock, or waits for such; nobody's look waits for it
  Handler on_passwords(ApiHandler work);  // few may wait there: a flood is told to come back
  Handler on_receipts(PageHandler work);
  Handler on_receipts(ApiHandler work);  // the admin executor; strangers take none of the operator's places
  // The reader of the admin executor. [admin]
  store::Reader& reader();
  // Runs work on the commands thread, behind the requests that wait there; its reader. [any-thread; commands]
  void in_background(std::function<void()> work);
  store::Reader& background_reader();
  // Gives the readers back, after everything posted before. [any-thread]
  void close(std::function<void()> done);

  ServerParts parts;
  const std::string version;
  const std::string public_url;
  Identity identity;
  Audit audit;
  const AdminGuard guard;
  const std::shared_ptr<LiveRuns> live_runs;
  const std::shared_ptr<Bulk> bulk;
  const Millis started_ms;

 private:
  struct Lane {
    runtime::Executor& executor;
    const int queued_max;
    std::atomic<int> queued = 0;
    std::unique_ptr<store::Reader> reader = nullptr;  // lives on the executor
  };
  Handler in_lane(Lane& lane, PageHandler work);
  store::Reader& reader_of(Lane& lane);
  void close_lane(Lane& lane, std::function<void()> done);
  HttpResponse run(Lane& lane, const PageHandler& work, Exchange& exchange);
  // The entry of what changes something; 0 where nothing does.
  Result<Id> write_down(ApiCall& call);
  Lane admin_, commands_, passwords_, receipts_;
};

// Answers an error from outside a lane. [any-thread]
void send_error(net::Responder& responder, const Error& error);

// The routes, by subject.
void add_session_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_me_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_people_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_token_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_audit_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_view_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_metrics_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_status_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_run_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_repair_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_bulk_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_hold_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_overview_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_recipe_view_routes(RouteTable& table, const std::shared_ptr<Api>& api);
// [{id, hash, created_ms, current, live}], newest first.
Result<List> recipe_versions_view(store::Reader& reader, const store::RecipeRow& recipe);
void add_setting_routes(RouteTable& table, const std::shared_ptr<Api>& api);
Result<Value> record_run(Api& api, ApiCall& call);  // a route of runs, in a file of its own
void add_event_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_connection_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_recipe_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_connector_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_customer_routes(RouteTable& table, const std::shared_ptr<Api>& api);
void add_timeline_routes(RouteTable& table, const std::shared_ptr<Api>& api);

}  // namespace ieum::server
