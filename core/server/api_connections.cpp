// Connections: accounts at vendors, and the lists there. What is entered as a secret goes in and never comes out.
#include <algorithm>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "server/answers.hpp"
#include "server/api.hpp"
#include "server/entered.hpp"

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
  IEUM_TRY(wanted.secrets, secrets_of(call));
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

// The hub's copy of a list at the vendor, a page of it by key. A list that no step had to look up is not read until somebody asks.
Result<Value> show_list(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({"after", "limit"}, {}));
  const std::string& list = call.path("list");
  IEUM_TRY(const auto connections, call.reader.connections());
  const auto row = std::find_if(connections.begin(), connections.end(),
                                [&](const store::ConnectionRow& one) { return one.name == call.path("name"); });
  if (row == connections.end())
    return Error("unknown_connection", "there is no connection \"" + call.path("name") + "\"",
                 "see: ieum connection list");
  const auto* connector = api.parts.connectors.find(row->connector);
  if (connector == nullptr || connector->manifest().resource(list) == nullptr)
    return Error("unknown_list", "connector \"" + row->connector + "\" has no list \"" + list + "\"",
                 "see: ieum connector show " + row->connector);
  IEUM_TRY(const int limit, call.limit());
  IEUM_TRY(const auto read_at, call.reader.resources_fetched(row->id, list));
  IEUM_TRY(const auto rows, call.reader.resources(row->id, list, call.parameter("after"), limit));
  List items;
  for (const auto& item : rows) {
    IEUM_TRY(auto read, parse_json(item.data));
    items.push_back(std::move(read));
  }
  const bool more = rows.size() == static_cast<std::size_t>(limit);
  return Value(Map{{"list", list},
                   {"read_at", read_at ? Value(*read_at) : Value()},
                   {"items", std::move(items)},
                   {"next", more ? Value(rows.back().key) : Value()}});
}

Result<Value> read_list(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({"limit"}, {}));
  IEUM_CHECK(api.parts.hub.read_list(call.path("name"), call.path("list")));
  return show_list(api, call);
}

Result<Value> begin_login(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {}));
  return api.parts.hub.begin_login(call.path("name"));
}

Result<Value> rotate_secret(Api& api, ApiCall& call) {
  constexpr Millis kOverlapMax = 30 * kDay;
  IEUM_CHECK(call.takes({}, {"slot", "secret", "drop_old", "overlap"}));
  IEUM_TRY(const auto slot, call.text("slot"));
  const bool drop_old = call.body.flag("drop_old");
  Millis overlap = kDay;
  if (const auto text = call.body.text("overlap"); !text.empty()) {
    const auto read = parse_duration(text);
    if (read.has_error() || *read < 0 || *read > kOverlapMax)
      return Error("bad_body", "\"overlap\" must be a duration of at most 30 days, such as 24h");
    overlap = *read;
  }
  IEUM_CHECK(api.parts.hub.rotate_secret(call.path("name"), slot, Secret(call.body.text("secret")), drop_old, overlap));
  return find_connection(api, call.path("name"));
}

// A secret that the hub made and a person must enter elsewhere. POST, so that no log of addresses and no cache has it.
Result<Value> reveal_secret(Api& api, ApiCall& call) {
  IEUM_CHECK(call.takes({}, {"slot"}));
  IEUM_TRY(const auto slot, call.text("slot"));
  return api.parts.hub.reveal_secret(call.path("name"), slot);
}

// Answers when the login is over, or after a while: whoever waits asks again.
Handler await_login(const std::shared_ptr<Api>& api) {
  constexpr Millis kAskedFor = 20 * kSecond;
  return [api](const Exchange& exchange) {
    api->parts.hub.await_login(
        exchange.path.at("login"), kAskedFor, [responder = exchange.responder](const Result<Value>& result) {
          auto answer = result.has_value() ? json_answer(200, *result)
                                           : error_answer(status_of(result.error().code), result.error());
          add_browser_rules(answer);
          responder->send(std::move(answer));
        });
  };
}

}  // namespace

void add_connection_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get, "/api/v1/connections", Policy::operator_, api->on_admin(list_connections)});
  table.add({Method::post, "/api/v1/connections", Policy::operator_, api->on_commands(put_connection)});
  table.add({Method::del, "/api/v1/connections/{name}", Policy::operator_, api->on_commands(remove_connection)});
  table.add({Method::post, "/api/v1/connections/{name}/test", Policy::operator_, api->on_commands(test_connection)});
  table.add({Method::get, "/api/v1/connections/{name}/lists/{list}", Policy::operator_, api->on_admin(show_list)});
  table.add({Method::post, "/api/v1/connections/{name}/lists/{list}", Policy::operator_, api->on_commands(read_list)});
  table.add({Method::post, "/api/v1/connections/{name}/rotate", Policy::operator_, api->on_commands(rotate_secret)});
  table.add({Method::post, "/api/v1/connections/{name}/reveal", Policy::operator_, api->on_commands(reveal_secret)});
  table.add({Method::post, "/api/v1/connections/{name}/login", Policy::operator_, api->on_commands(begin_login)});
  table.add({Method::get, "/api/v1/logins/{login}", Policy::operator_, await_login(api)});
}

}  // namespace ieum::server
