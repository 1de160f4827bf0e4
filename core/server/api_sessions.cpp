// Coming in to the console, before there is anybody: the claim of a new hub, a login by name and password, a link of the command
// line, an invitation. And going out.
#include "base/json.hpp"
#include "server/answers.hpp"
#include "server/api.hpp"
#include "server/people_view.hpp"

namespace ieum::server {
namespace {

Identity::From from_of(const Api& api, const ApiCall& call) {
  const auto& request = call.exchange.request;
  const auto before = api.guard.session(request.http);
  return {request.peer_address, std::string(request.http.headers.get("User-Agent").value_or("")),
          before ? before->session : std::string()};
}

// The code stands behind '#': browsers send that to nobody, and no log or history of a proxy has it.
Result<Value> make_link(Api& api, ApiCall& call) {
  const auto code = api.identity.make_code();
  return Value(Map{{"url", call.origin + "/enter#" + code.text}, {"expires_ms", code.expires_ms}});
}

Result<Value> make_claim_link(Api& api, ApiCall& call) {
  IEUM_TRY(const auto made, api.identity.make_claim());
  return Value(Map{{"url", call.origin + "/claim#" + made.text}, {"expires_ms", made.expires_ms}});
}

Result<Value> come_in(const Api& api, ApiCall& call, Result<Identity::Entered> entered) {
  if (entered.has_error()) {
    api.parts.log.warning("a login was refused",
                          {{"why", entered.error().code}, {"from", call.exchange.request.peer_address}});
    return std::move(entered).error();
  }
  call.answer_headers.add("Set-Cookie", api.guard.cookie_for(call.exchange.request.http, entered->session));
  return Value(Map{{"person", caller_view(entered->caller)}, {"expires_ms", entered->session.expires_ms}});
}

Result<Value> enter_by_code(Api& api, ApiCall& call) {
  IEUM_TRY(const auto code, call.text("code"));
  return come_in(api, call, api.identity.enter_by_code(code, from_of(api, call)));
}

Result<Value> enter_by_password(Api& api, ApiCall& call) {
  IEUM_TRY(const auto name, call.text("name"));
  IEUM_TRY(auto password, call.text("password"));
  return come_in(api, call, api.identity.enter_by_password(name, Secret(std::move(password)), from_of(api, call)));
}

Result<Value> claim(Api& api, ApiCall& call) {
  IEUM_TRY(const auto token, call.text("token"));
  IEUM_TRY(const auto name, call.text("name"));
  IEUM_TRY(auto password, call.text("password"));
  return come_in(api, call, api.identity.claim(token, name, Secret(std::move(password)), from_of(api, call)));
}

Result<Value> take_invitation(Api& api, ApiCall& call) {
  IEUM_TRY(const auto token, call.text("token"));
  IEUM_TRY(auto password, call.text("password"));
  return come_in(api, call, api.identity.take_invitation(token, Secret(std::move(password)), from_of(api, call)));
}

// Tries are counted before they wait for a hash: a flood finds the way closed, not the queue full.
Handler counted(const std::shared_ptr<Api>& api, Handler work) {
  return [api, work = std::move(work)](Exchange exchange) {
    const auto body = parse_json(exchange.request.http.body);
    const auto name = body.has_value() && exchange.route.pattern.ends_with("/sessions") ? body->text("name") : "";
    if (const auto admitted = api->identity.admit(exchange.request.peer_address, name); admitted.has_error())
      return send_error(*exchange.responder, admitted.error());
    work(std::move(exchange));
  };
}

// A good link of the command line waits for nobody's password, and is barred by nobody's tries; wrong ones are counted.
Handler enter(const std::shared_ptr<Api>& api) {
  return [api, by_code = api->on_admin(enter_by_code), by_wrong_code = counted(api, api->on_admin(enter_by_code)),
          by_password = counted(api, api->on_passwords(enter_by_password))](Exchange exchange) {
    const auto body = parse_json(exchange.request.http.body);
    const bool has_code = body.has_value() && body->get("code") != nullptr;
    if (!has_code) return by_password(std::move(exchange));
    if (api->identity.knows_code(body->text("code"))) return by_code(std::move(exchange));
    by_wrong_code(std::move(exchange));
  };
}

Result<Value> log_out(Api& api, ApiCall& call) {
  if (!call.caller().session.empty()) IEUM_CHECK(api.identity.end_session(call.caller().session));
  call.answer_headers.add("Set-Cookie", api.guard.cookie_gone(call.exchange.request.http));
  return Value(Map{});
}

Result<Value> show_door(Api& api, ApiCall&) {
  return Value(Map{{"claimed", api.identity.claimed()}, {"version", api.version}});
}

constexpr std::string_view kEntered = R"({"person":{"id":1,"name":"minji","role":"owner"},"expires_ms":1772452800000})";

void add_link_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::post,
             "/api/v1/login-links",
             Needs::local,
             {.summary = "A link that opens the console once, for the owner of the machine",
              .answer = "the address, good for five minutes",
              .example = R"({"url":"http://127.0.0.1:8081/enter#2vqGmVYb0d8r1TgU4mZ3eA","expires_ms":1772409900000})"},
             api->on_admin(make_link)});
  table.add({Method::post,
             "/api/v1/claim-links",
             Needs::local,
             {.summary = "A link by which a hub without an owner gets one",
              .answer = "the address, good once and for half an hour",
              .example = R"({"url":"http://127.0.0.1:8081/claim#2vqGmVYb0d8r1TgU4mZ3eA","expires_ms":1772411400000})",
              .errors = {"already_claimed"}},
             api->on_admin(make_claim_link)});
}

}  // namespace

void add_session_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  const Member password = must("password", Type::text, "at least 12 characters");
  add_link_routes(table, api);
  table.add({Method::get,
             "/api/v1/door",
             Needs::login,
             {.summary = "What a page must know before anybody has logged in",
              .answer = "whether the hub has an owner",
              .example = R"({"claimed":true,"version":"0.1.0"})"},
             api->on_admin(show_door)});
  table.add({Method::post,
             "/api/v1/claim",
             Needs::login,
             {.summary = "Makes the first owner of a hub, and a session",
              .body = {must("token", Type::text, "what stands behind the # of the claim's link"),
                       shown(must("name", Type::text, "of the owner")), password},
              .answer = "who is logged in; the cookie is in Set-Cookie",
              .example = kEntered,
              .errors = {"wrong_link", "already_claimed", "weak_password", "bad_name", "name_taken", "too_many_tries"}},
             counted(api, api->on_passwords(claim))});
  table.add({Method::post,
             "/api/v1/invitations",
             Needs::login,
             {.summary = "Takes up an invitation, or a link to a new password, and makes a session",
              .body = {must("token", Type::text, "what stands behind the # of the link"), password},
              .answer = "who is logged in; the cookie is in Set-Cookie",
              .example = kEntered,
              .errors = {"wrong_link", "weak_password", "too_many_tries"}},
             counted(api, api->on_passwords(take_invitation))});
  table.add({Method::post,
             "/api/v1/sessions",
             Needs::login,
             {.summary = "Logs in: by name and password, or by the code of a link",
              .body = {shown(may("name", Type::text, "of a person")), may("password", Type::text, "of that person"),
                       may("code", Type::text, "what stands behind the # of a link of the command line")},
              .answer = "who is logged in; the cookie is in Set-Cookie",
              .example = kEntered,
              .errors = {"wrong_password", "wrong_code", "too_many_tries"}},
             enter(api)});
  table.add({Method::del,
             "/api/v1/sessions",
             Needs::viewer,
             {.summary = "Logs out", .answer = "nothing", .example = "{}"},
             api->on_admin(log_out)});
}

}  // namespace ieum::server
