// Whoever asks: who that is, what it may do, its password and its sessions.
#include <algorithm>

#include "server/api.hpp"
#include "server/people_view.hpp"

namespace ieum::server {
namespace {

constexpr std::size_t kIdLetters = 16;  // of a session's hash; enough to tell a person's sessions apart

Result<Value> show_me(Api& api, ApiCall& call) {
  const auto& caller = call.caller();
  Map view = caller_view(caller);
  view.set("kind", kind_name(caller.kind));
  Value scopes, expires;
  if (caller.kind == Caller::Kind::token) {
    List list;
    for (const auto& scope : caller.scopes) list.push_back(scope);
    scopes = std::move(list);
    for (const auto& row : api.identity.tokens())
      if (row.id == caller.id && row.expires_ms) expires = *row.expires_ms;
  }
  for (const auto& row : api.identity.sessions(caller.id))
    if (row.hash == caller.session) expires = row.expires_ms;
  view.set("scopes", std::move(scopes));
  view.set("expires_ms", std::move(expires));
  view.set("can", Map{{"read", true},
                      {"operate", caller.role >= Role::operator_},
                      {"edit", caller.role >= Role::editor},
                      {"own", caller.role >= Role::owner}});
  return Value(std::move(view));
}

Result<Value> change_password(Api& api, ApiCall& call) {
  IEUM_TRY(auto old, call.text("old"));
  IEUM_TRY(auto wanted, call.text("new"));
  IEUM_CHECK(api.identity.admit(call.exchange.request.peer_address, call.caller().name));
  IEUM_CHECK(api.identity.change_password(call.caller(), Secret(std::move(old)), Secret(std::move(wanted))));
  return Value(Map{});
}

// A program has no sessions, and its id is none of a person.
std::vector<store::SessionRow> own_sessions(const Api& api, const ApiCall& call) {
  if (call.caller().kind == Caller::Kind::token) return {};
  return api.identity.sessions(call.caller().id);
}

Result<Value> list_sessions(Api& api, ApiCall& call) {
  List list;
  for (const auto& row : own_sessions(api, call))
    list.push_back(Map{{"id", row.hash.substr(0, kIdLetters)},
                       {"current", row.hash == call.caller().session},
                       {"created_ms", row.created_ms},
                       {"expires_ms", row.expires_ms},
                       {"peer", row.peer},
                       {"agent", row.agent}});
  return Value(Map{{"sessions", std::move(list)}});
}

Result<Value> end_session(Api& api, ApiCall& call) {
  for (const auto& row : own_sessions(api, call)) {
    if (row.hash.substr(0, kIdLetters) != call.path("id")) continue;
    IEUM_CHECK(api.identity.end_session(row.hash));
    return Value(Map{});
  }
  return Error("unknown_session", "you have no such session");
}

}  // namespace

void add_me_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/me",
             Needs::viewer,
             {.summary = "Who asks, and what that one may do",
              .answer = "a person, a token or the owner of the machine (local)",
              .example = R"({"id":1,"name":"minji","role":"editor","kind":"person","scopes":null,)"
                         R"("expires_ms":1772452800000,"can":{"read":true,"operate":true,"edit":true,"own":false}})"},
             api->on_admin(show_me)});
  table.add({Method::post,
             "/api/v1/me/password",
             Needs::viewer,
             {.summary = "Changes one's own password; one's other sessions end",
              .body = {must("old", Type::text, "the present one"), must("new", Type::text, "at least 12 characters")},
              .answer = "nothing",
              .example = "{}",
              .errors = {"wrong_password", "weak_password", "not_a_person", "too_many_tries"}},
             api->on_passwords(change_password)});
  table.add({Method::get,
             "/api/v1/me/sessions",
             Needs::viewer,
             {.summary = "Where one is logged in", .answer = "`sessions`, the newest first"},
             api->on_admin(list_sessions)});
  table.add({Method::del,
             "/api/v1/me/sessions/{id}",
             Needs::viewer,
             {.summary = "Ends one of one's own sessions",
              .answer = "nothing",
              .example = "{}",
              .errors = {"unknown_session"}},
             api->on_admin(end_session)});
}

}  // namespace ieum::server
