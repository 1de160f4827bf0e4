// People: who may work with the hub, and as what.
#include "server/api.hpp"
#include "server/people_view.hpp"

namespace ieum::server {
namespace {

Result<Role> read_role(const std::string& word) {
  const auto role = role_of(word);
  if (!role) return Error("bad_body", "\"" + word + "\" is no role", "known are: viewer, operator, editor, owner");
  return *role;
}

std::string link_to(const ApiCall& call, const Identity::Made& made) {
  return call.origin + "/invitation#" + made.text;
}

Result<Value> list_people(Api& api, ApiCall&) {
  List list;
  for (const auto& row : api.identity.people()) list.push_back(person_view(api.identity, row));
  return Value(Map{{"people", std::move(list)}});
}

Result<Value> add_person(Api& api, ApiCall& call) {
  IEUM_TRY(const auto name, call.text("name"));
  IEUM_TRY(const auto role, read_role(call.body.text("role")));
  IEUM_TRY(const auto invited, api.identity.invite(name, role));
  return Value(Map{{"person", person_view(api.identity, invited.first)},
                   {"url", link_to(call, invited.second)},
                   {"expires_ms", invited.second.expires_ms}});
}

Result<Value> change_person(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("person"));
  std::optional<Role> role;
  if (call.body.get("role") != nullptr) {
    IEUM_TRY(role, read_role(call.body.text("role")));
  }
  const auto* disabled = call.body.get("disabled");
  IEUM_TRY(const auto row,
           api.identity.change(id, role, disabled == nullptr ? std::nullopt : std::optional(*disabled->if_bool())));
  return Value(person_view(api.identity, row));
}

Result<Value> remove_person(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("person"));
  IEUM_CHECK(api.identity.remove(id));
  return Value(Map{{"removed", id}});
}

Result<Value> make_link(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("person"));
  IEUM_TRY(const auto made, api.identity.link(id));
  return Value(Map{{"url", link_to(call, made)}, {"expires_ms", made.expires_ms}});
}

}  // namespace

void add_people_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  static constexpr std::string_view kPerson =
      R"({"id":2,"name":"junho","role":"operator","disabled":false,"invited":true,"created_ms":1772409600000,)"
      R"("seen_ms":null,"sessions":0})";
  table.add({Method::get,
             "/api/v1/people",
             Needs::owner,
             {.summary = "Who may work with the hub", .answer = "`people`"},
             api->on_admin(list_people)});
  table.add({Method::post,
             "/api/v1/people",
             Needs::owner,
             {.summary = "Invites somebody",
              .body = {shown(must("name", Type::text, "as they log in; unique without case")),
                       shown(must("role", Type::text, "viewer, operator, editor or owner"))},
              .answer = "the `person`, and the link by which they choose a password, good once and for three days",
              .errors = {"bad_name", "name_taken"}},
             api->on_admin(add_person)});
  table.add({Method::post,
             "/api/v1/people/{id}",
             Needs::owner,
             {.summary = "Changes somebody's role, or shuts them out; their sessions end",
              .body = {shown(may("role", Type::text, "viewer, operator, editor or owner")),
                       may("disabled", Type::boolean, "they cannot come in")},
              .answer = "the person",
              .example = kPerson,
              .errors = {"unknown_person", "last_owner"}},
             api->on_admin(change_person)});
  table.add({Method::del,
             "/api/v1/people/{id}",
             Needs::owner,
             {.summary = "Removes somebody, with their sessions and saved views",
              .answer = "their id",
              .example = R"({"removed":2})",
              .errors = {"unknown_person", "last_owner"}},
             api->on_admin(remove_person)});
  table.add({Method::post,
             "/api/v1/people/{id}/link",
             Needs::owner,
             {.summary = "A link by which somebody chooses a new password",
              .answer = "the address, good once and for three days",
              .errors = {"unknown_person"}},
             api->on_admin(make_link)});
}

}  // namespace ieum::server
