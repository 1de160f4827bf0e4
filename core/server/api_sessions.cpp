// Logging in to the console: the command line, which has the token, asks for a link; the page trades its code for a cookie.
#include "server/api.hpp"

namespace ieum::server {
namespace {

// The code stands behind '#': browsers send that to nobody, and no log or history of a proxy has it.
Result<Value> make_link(Api& api, ApiCall& call) {
  const auto code = api.sessions.make_code();
  return Value(Map{{"url", call.origin + "/enter#" + code.text}, {"expires_ms", code.expires_ms}});
}

Result<Value> log_in(Api& api, ApiCall& call) {
  IEUM_TRY(const auto code, call.text("code"));
  auto session = api.sessions.open(code);
  if (session.has_error()) {
    api.parts.log.warning("a login was refused", {{"why", session.error().code}});
    return std::move(session).error();
  }
  call.answer_headers.add("Set-Cookie", api.guard.cookie_for(call.exchange.request.http, *session));
  return Value(Map{{"expires_ms", session->expires_ms}});
}

Result<Value> log_out(Api& api, ApiCall& call) {
  if (const auto id = api.guard.session(call.exchange.request.http); !id.empty()) api.sessions.close(id);
  call.answer_headers.add("Set-Cookie", api.guard.cookie_gone(call.exchange.request.http));
  return Value(Map{});
}

}  // namespace

void add_session_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::post,
             "/api/v1/login-links",
             Needs::local,
             {.summary = "A link that opens the console once",
              .answer = "the address, good for five minutes",
              .example = R"({"url":"http://127.0.0.1:8081/enter#2vqGmVYb0d8r1TgU4mZ3eA","expires_ms":1772409900000})"},
             api->on_admin(make_link)});
  table.add({Method::post,
             "/api/v1/sessions",
             Needs::login,
             {.summary = "Trades the link's code for a session",
              .body = {must("code", Type::text, "what stands behind the # of the link")},
              .answer = "when the session ends; the cookie is in Set-Cookie",
              .example = R"({"expires_ms":1772452800000})",
              .errors = {"wrong_code", "too_many_tries"}},
             api->on_admin(log_in)});
  table.add({Method::del,
             "/api/v1/sessions",
             Needs::viewer,
             {.summary = "Logs out", .answer = "nothing", .example = "{}"},
             api->on_admin(log_out)});
}

}  // namespace ieum::server
