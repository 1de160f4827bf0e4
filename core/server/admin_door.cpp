#include "server/admin_door.hpp"

#include "base/limits.hpp"
#include "server/answers.hpp"
#include "server/openapi.hpp"

namespace ieum::server {
namespace {

constexpr std::size_t kApiBodyBytes = 4 * limits::kRecipeBytes;  // a recipe as a JSON text, escapes included
constexpr std::size_t kLoginBodyBytes = 4 * 1024;

}  // namespace

AdminDoor::AdminDoor(const std::shared_ptr<Api>& api, ConsoleFiles files, const RouteTable& open)
    : api_(api), files_(std::move(files)) {
  add_session_routes(table_, api);
  add_me_routes(table_, api);
  add_people_routes(table_, api);
  add_token_routes(table_, api);
  add_audit_routes(table_, api);
  add_view_routes(table_, api);
  add_metrics_routes(table_, api);
  add_status_routes(table_, api);
  add_run_routes(table_, api);
  add_repair_routes(table_, api);
  add_bulk_routes(table_, api);
  add_hold_routes(table_, api);
  add_overview_routes(table_, api);
  add_event_routes(table_, api);
  add_connection_routes(table_, api);
  add_recipe_routes(table_, api);
  add_setting_routes(table_, api);
  add_recipe_view_routes(table_, api);
  add_connector_routes(table_, api);
  add_customer_routes(table_, api);
  add_timeline_routes(table_, api);
  table_.add({Method::get,
              "/api/v1/openapi.json",
              Needs::viewer,
              {.summary = "This page for programs: all routes as an OpenAPI 3.1 document", .answer = "the document"},
              api->on_admin([this, &open](Api& of, ApiCall&) -> Result<Value> {
                return openapi_document(table_, open, of.version, of.public_url);
              })});
  table_.add({Method::get,
              "/{path...}",
              Needs::page,
              {.summary = "The console's files", .answer = "the file", .media = "*/*", .open = true},
              [this](const Exchange& exchange) { exchange.responder->send(files_.answer(exchange.path.at("path"))); }});
}

AdminDoor::Judged AdminDoor::judge(const HttpRequest& head) const {
  Judged judged;
  judged.refusal = api_->guard.refuse_place(head);
  if (!judged.refusal) {
    judged.match = table_.find(head.method, head.target);
    switch (judged.match.kind) {
      case RouteTable::Match::Kind::found:
        judged.refusal = api_->guard.refuse(head, *judged.match.route, judged.caller);
        break;
      case RouteTable::Match::Kind::not_found: judged.refusal = not_found_answer(); break;
      case RouteTable::Match::Kind::wrong_method: judged.refusal = wrong_method_answer(judged.match.allow); break;
    }
  }
  if (judged.refusal) add_browser_rules(*judged.refusal);
  return judged;
}

net::RequestHandler::HeadVerdict AdminDoor::on_head(const HttpRequest& head, const std::string&) {
  auto judged = judge(head);
  HeadVerdict verdict;
  verdict.body_bytes_max = 0;
  if (judged.refusal) {
    verdict.refuse = std::make_unique<HttpResponse>(std::move(*judged.refusal));
  } else if (judged.match.route->method != Method::get) {
    verdict.body_bytes_max = judged.match.route->needs == Needs::login ? kLoginBodyBytes : kApiBodyBytes;
  }
  return verdict;
}

void AdminDoor::on_request(net::IncomingRequest request, std::shared_ptr<net::Responder> responder) {
  auto judged = judge(request.http);
  if (judged.refusal) return responder->send(std::move(*judged.refusal));
  request.peer_address = api_->guard.peer(request.http, request.peer_address);
  judged.match.route->handler({std::move(request), std::move(judged.match.path), std::move(responder),
                               *judged.match.route, std::move(judged.caller)});
}

}  // namespace ieum::server
