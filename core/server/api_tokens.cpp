// API tokens: how programs come in.
#include "base/time_text.hpp"
#include "server/api.hpp"
#include "server/people_view.hpp"

namespace ieum::server {
namespace {

Result<Value> list_tokens(Api& api, ApiCall&) {
  List list;
  for (const auto& row : api.identity.tokens()) list.push_back(token_view(row));
  return Value(Map{{"tokens", std::move(list)}});
}

Result<Value> make_token(Api& api, ApiCall& call) {
  Identity::NewToken wanted;
  IEUM_TRY(wanted.name, call.text("name"));
  const auto role = role_of(call.body.text("role"));
  if (!role) return Error("bad_body", "\"role\" must be viewer, operator, editor or owner");
  wanted.role = *role;
  if (const auto* scopes = call.body.get("scopes"))
    for (const auto& scope : *scopes->if_list()) wanted.scopes.push_back(*scope.if_string());
  if (const auto text = call.body.text("expires_in"); !text.empty()) {
    const auto live_for = parse_duration(text);
    if (live_for.has_error() || *live_for <= 0)
      return Error("bad_body", "\"expires_in\" must be a duration, such as 90d");
    wanted.live_for = *live_for;
  }
  wanted.made_by = call.caller().name;
  IEUM_TRY(const auto made, api.identity.make_token(wanted));
  Map view = token_view(made.first);
  view.set("token", made.second);
  return Value(std::move(view));
}

Result<Value> revoke_token(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("token"));
  IEUM_TRY(const auto row, api.identity.revoke_token(id));
  return Value(token_view(row));
}

}  // namespace

void add_token_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/tokens",
             Needs::owner,
             {.summary = "API tokens, without their texts", .answer = "`tokens`, the newest first"},
             api->on_admin(list_tokens)});
  table.add(
      {Method::post,
       "/api/v1/tokens",
       Needs::owner,
       {.summary = "Makes an API token",
        .body = {shown(must("name", Type::text, "what it is for")),
                 shown(must("role", Type::text, "viewer, operator, editor or owner")),
                 shown(may("scopes", Type::texts,
                           "AREA:read or AREA:write (which reads too); areas are runs, events, recipes, connections, "
                           "customers and settings. None: all that the role may")),
                 shown(may("expires_in", Type::text, "such as 90d; else it works until it is revoked"))},
        .answer = "the row of the list, and `token`: its text, told this once",
        .example = R"({"id":1,"hint":"ieum_2vqGm","name":"ci","role":"viewer","scopes":["runs:read"],)"
                   R"("made_by":"minji","created_ms":1772409600000,"expires_ms":null,"used_ms":null,)"
                   R"("revoked_ms":null,"token":"ieum_2vqGm..."})",
        .errors = {"bad_name", "bad_scope"}},
       api->on_admin(make_token)});
  table.add({Method::del,
             "/api/v1/tokens/{id}",
             Needs::owner,
             {.summary = "Revokes an API token, at once", .answer = "the row of the list", .errors = {"unknown_token"}},
             api->on_admin(revoke_token)});
}

}  // namespace ieum::server
