// Connections: accounts at vendors. What is entered as a secret goes in and never comes out.
#include "server/api.hpp"

namespace ieum::server {
namespace {

Result<Value> list_connections(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {}));
  return Value(Map{{"connections", api.parts.hub.connections()}});
}

Result<Value> find_connection(Api& api, const std::string& name) {
  for (auto& connection : api.parts.hub.connections()) {
    if (connection.text("name") == name) return std::move(connection);
  }
  return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
}

Result<Value> put_connection(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {"name", "connector", "config", "secrets", "origins"}));
  runtime::NewConnection wanted;
  if (const auto* secrets = call.body.get("secrets")) {
    const auto* slots = secrets->if_map();
    if (slots == nullptr) return Error("bad_body", "\"secrets\" must be an object of texts");
    for (const auto& [slot, value] : *slots) {
      const auto* name = slot.if_string();
      if (name == nullptr || !value.is_string()) return Error("bad_body", "\"secrets\" must be an object of texts");
      wanted.secrets.emplace_back(*name, Secret(*value.if_string()));
    }
  }
  IEUM_TRY(wanted.name, call.text("name"));
  IEUM_TRY(wanted.connector, call.text("connector"));
  const auto* config = call.body.get("config");
  wanted.config = config != nullptr ? *config : Value(Map{});
  if (const auto* origins = call.body.get("origins")) {
    const auto* list = origins->if_list();
    if (list == nullptr) return Error("bad_body", "\"origins\" must be a list of texts");
    for (const auto& origin : *list) {
      if (!origin.is_string()) return Error("bad_body", "\"origins\" must be a list of texts");
      wanted.origins.push_back(*origin.if_string());
    }
  }
  IEUM_CHECK(api.parts.hub.put_connection(wanted));
  return find_connection(api, wanted.name);
}

Result<Value> remove_connection(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {}));
  IEUM_CHECK(api.parts.hub.remove_connection(call.path("name")));
  return Value(Map{{"removed", call.path("name")}});
}

// What the vendor answers to the connector's test call, or why not.
Result<Value> test_connection(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {}));
  IEUM_TRY(auto output, api.parts.hub.test_connection(call.path("name")));
  return Value(Map{{"output", std::move(output)}});
}

}  // namespace

void add_connection_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get, "/api/v1/connections", Policy::operator_, api->on_admin(list_connections)});
  table.add({Method::post, "/api/v1/connections", Policy::operator_, api->on_commands(put_connection)});
  table.add({Method::del, "/api/v1/connections/{name}", Policy::operator_, api->on_commands(remove_connection)});
  table.add({Method::post, "/api/v1/connections/{name}/test", Policy::operator_, api->on_commands(test_connection)});
}

}  // namespace ieum::server
