// Connections: accounts at vendors, and the lists there. What is entered as a secret goes in and never comes out.
#include <algorithm>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "host/connection_form.hpp"
#include "runtime/recent_deliveries.hpp"
#include "server/answers.hpp"
#include "server/api.hpp"
#include "server/entered.hpp"

namespace ieum::server {
namespace {

Result<Value> list_connections(Api& api, ApiCall&) { return Value(Map{{"connections", api.parts.hub.connections()}}); }

Result<Value> find_connection(Api& api, const std::string& name) {
  for (auto& connection : api.parts.hub.connections()) {
    if (connection.text("name") == name) return std::move(connection);
  }
  return Error("unknown_connection", "there is no connection \"" + name + "\"", "see: ieum connection list");
}

Result<Value> put_connection(Api& api, ApiCall& call) {
  runtime::NewConnection wanted;
  IEUM_TRY(wanted.secrets, secrets_of(call));
  IEUM_TRY(wanted.name, call.text("name"));
  IEUM_TRY(wanted.connector, call.text("connector"));
  const auto* config = call.body.get("config");
  wanted.config = config != nullptr ? *config : Value(Map{});
  if (const auto* origins = call.body.get("origins")) {
    for (const auto& origin : *origins->if_list()) wanted.origins.push_back(*origin.if_string());
  }
  IEUM_CHECK(api.parts.hub.put_connection(wanted));
  return find_connection(api, wanted.name);
}

// Whoever knows the address may send: that somebody chose so stands in the audit log.
Map told_of_deliveries(Api& api, const ApiCall& call) {
  const auto* connector = api.parts.connectors.find(call.body.text("connector"));
  const auto* config = call.body.get("config");
  const bool by_address =
      connector != nullptr &&
      !host::secret_of_address(connector->manifest(), config != nullptr ? *config : Value(Map{})).empty();
  return by_address ? Map{{"deliveries", "unsigned"}} : Map{};
}

Result<Value> remove_connection(Api& api, ApiCall& call) {
  IEUM_CHECK(api.parts.hub.remove_connection(call.path("name")));
  return Value(Map{{"removed", call.path("name")}});
}

// What the vendor answers to the connector's test call, or why not.
Result<Value> test_connection(Api& api, ApiCall& call) {
  IEUM_TRY(auto output, api.parts.hub.test_connection(call.path("name")));
  return Value(Map{{"output", std::move(output)}});
}

// The hub's copy of a list at the vendor, a page of it by key. A list that no step had to look up is not read until somebody asks.
Result<Value> show_list(Api& api, ApiCall& call) {
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
  IEUM_CHECK(api.parts.hub.read_list(call.path("name"), call.path("list")));
  return show_list(api, call);
}

Result<Value> list_deliveries(Api& api, ApiCall& call) {
  IEUM_TRY(const auto before, call.number("before", 0));
  IEUM_TRY(const int limit, call.limit());
  IEUM_TRY(auto rows,
           runtime::recent_deliveries(api.parts.hub, call.path("name"), before, static_cast<std::size_t>(limit)));
  const bool more = rows.size() == static_cast<std::size_t>(limit);
  const Value next = more ? Value(rows.back().number("id")) : Value();
  return Value(Map{{"deliveries", List(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()))},
                   {"next", next}});
}

Result<Value> begin_login(Api& api, ApiCall& call) { return api.parts.hub.begin_login(call.path("name")); }

Result<Value> rotate_secret(Api& api, ApiCall& call) {
  constexpr Millis kOverlapMax = 30 * kDay;
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
  static constexpr std::string_view kList =
      R"({"list":"channels","read_at":1772409600000,"items":[{"key":"C024BE7LR","title":"#orders"}],"next":null})";
  table.add({Method::get,
             "/api/v1/connections",
             Needs::viewer,
             {.summary = "Connections, without their secrets", .answer = "`connections`"},
             api->on_admin(list_connections)});
  table.add({Method::post,
             "/api/v1/connections",
             Needs::editor,
             {.summary = "Makes or changes a connection",
              .body = {shown(must("name", Type::text, "letters, digits and dashes")),
                       shown(must("connector", Type::text, "one that is installed")),
                       may("config", Type::object, "replaces what was there"),
                       may("secrets", Type::object, "slot: text; a slot given again gets a new version"),
                       shown(may("origins", Type::texts, "replaces the origins that its calls may go to"))},
              .answer = "the connection as the list shows it",
              .errors = {"unknown_connector", "connection_taken"},
              .tells = told_of_deliveries},
             api->on_commands(put_connection)});
  table.add({Method::del,
             "/api/v1/connections/{name}",
             Needs::editor,
             {.summary = "Removes a connection and its secrets",
              .answer = "its name",
              .example = R"({"removed":"team"})",
              .errors = {"connection_in_use"}},
             api->on_commands(remove_connection)});
  table.add({Method::post,
             "/api/v1/connections/{name}/test",
             Needs::operator_,
             {.summary = "Asks the vendor whether the connection works",
              .answer = "what the vendor answered",
              .example = R"({"output":{"ok":true}})",
              .errors = {"no_test", "vendor_refused", "connect_failed", "call_timeout"}},
             api->on_commands(test_connection)});
  table.add({Method::get,
             "/api/v1/connections/{name}/lists/{list}",
             Needs::viewer,
             {.summary = "The hub's copy of a list at the vendor: channels, templates",
              .query = {may("after", Type::text, "keys above this one"), kLimit},
              .answer = "by key; `read_at` is null when nobody has read it",
              .example = kList,
              .errors = {"unknown_list"}},
             api->on_admin(show_list)});
  table.add({Method::post,
             "/api/v1/connections/{name}/lists/{list}",
             Needs::operator_,
             {.summary = "Reads the list at the vendor, and shows it",
              .query = {kLimit},
              .answer = "the same, read just now",
              .example = kList,
              .errors = {"unknown_list", "connection_dead", "vendor_refused"}},
             api->on_commands(read_list)});
  table.add({Method::get,
             "/api/v1/connections/{name}/deliveries",
             Needs::viewer,
             {.summary = "What came to the connection since the hub started, and why it was not taken; never its body",
              .query = {kBefore, kLimit},
              .answer = "`deliveries`, newest first (the last hundred), and `next`",
              .errors = {"unknown_connection"}},
             api->on_admin(list_deliveries)});
  table.add(
      {Method::post,
       "/api/v1/connections/{name}/rotate",
       Needs::editor,
       {.summary = "Enters a new version of a secret, or drops the old ones",
        .body = {shown(must("slot", Type::text, "the secret's name in the manifest")),
                 may("secret", Type::text, "the new version"),
                 may("drop_old", Type::boolean, "the older ones verify no more"),
                 shown(may("overlap", Type::text, "how long the older ones go on verifying: 24h, at most 30 days"))},
        .answer = "the connection as the list shows it"},
       api->on_commands(rotate_secret)});
  table.add({Method::post,
             "/api/v1/connections/{name}/reveal",
             Needs::owner,
             {.summary = "A secret that the hub made, for a person who must enter it elsewhere",
              .body = {shown(must("slot", Type::text, "the secret's name in the manifest"))},
              .answer = "the secret, and the manifest's text with it where there is one",
              .example = R"({"slot":"script_secret","value":"5be1...","paste":"// Paste into the sheet ..."})"},
             api->on_commands(reveal_secret)});
  table.add({Method::post,
             "/api/v1/connections/{name}/login",
             Needs::editor,
             {.summary = "Begins a login at the vendor",
              .answer = "the vendor's page, and the login's id",
              .example = R"({"login":"5f0c","url":"https://shop.example/authorize","redirect":)"
                         R"("https://hub.example/oauth/callback","expires_at":1772410200000})",
              .errors = {"no_login", "no_public_url", "too_many_logins"}},
             api->on_commands(begin_login)});
  table.add({Method::get,
             "/api/v1/logins/{login}",
             Needs::editor,
             {.summary = "How a login ended; answers when it has, or after 20 seconds",
              .answer = "waiting, done, or failed with `problem`",
              .example = R"({"connection":"shop","state":"done","expires_at":1772410200000})",
              .errors = {"unknown_login"}},
             await_login(api)});
}

}  // namespace ieum::server
