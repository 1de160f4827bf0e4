// Events: what was accepted, and events of the operator's own making.
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Result<store::EventFilter> filter_of(const ApiCall& call) {
  store::EventFilter filter;
  if (const auto name = call.parameter("connection"); !name.empty()) {
    IEUM_TRY(const auto connections, call.reader.connections());
    for (const auto& connection : connections) {
      if (connection.name == name) filter.connection = connection.id;
    }
    if (filter.connection == 0) return Error("unknown_connection", "there is no connection \"" + name + "\"");
  }
  if (const auto word = call.parameter("state"); !word.empty()) {
    filter.state = event_state(word);
    if (!filter.state) {
      return Error("bad_parameter", "\"" + word + "\" is no state of an event",
                   "known are: accepted, routed, quarantined, set_aside");
    }
  }
  IEUM_TRY(filter.before, call.number("before", 0));
  IEUM_TRY(filter.limit, call.limit());
  return filter;
}

Result<Value> list_events(Api&, ApiCall& call) {
  IEUM_TRY(const auto filter, filter_of(call));
  IEUM_TRY(const auto rows, call.reader.events(filter));
  const auto names = connection_names(call.reader);
  List events;
  for (const auto& row : rows) events.push_back(event_summary(row, names));
  const bool more = rows.size() == static_cast<std::size_t>(filter.limit);
  return Value(Map{{"events", std::move(events)}, {"next", more ? Value(rows.back().id) : Value()}});
}

Result<Value> show_event(Api&, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("event"));
  IEUM_TRY(const auto event, call.reader.event(id));
  if (!event) return Error("unknown_event", "there is no event " + std::to_string(id));
  store::RunFilter filter;
  filter.trigger_event = id;
  IEUM_TRY(const auto page, call.reader.runs(filter));
  const auto recipes = recipe_names(call.reader);
  List runs;
  for (const auto& row : page.rows) runs.push_back(run_summary(row, recipes));
  Map view = *event_whole(*event, connection_names(call.reader)).if_map();
  view.set("runs", std::move(runs));
  return Value(std::move(view));
}

// The bytes as they were sent, to be saved: no browser shows them as a page of the hub's.
Result<HttpResponse> download_body(Api&, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("event"));
  IEUM_TRY(const auto event, call.reader.event(id));
  if (!event) return Error("unknown_event", "there is no event " + std::to_string(id));
  HttpResponse answer;
  answer.headers.add("Content-Type", "application/octet-stream");
  answer.headers.add("Content-Disposition", "attachment; filename=\"event-" + std::to_string(id) + ".bin\"");
  answer.headers.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  answer.body = event->payload.body;
  return answer;
}

Result<Value> send_event(Api& api, ApiCall& call) {
  IEUM_TRY(const auto connection, call.text("connection"));
  IEUM_TRY(const auto topic, call.text("topic"));
  const auto* data = call.body.get("data");
  if (topic.empty() || topic.size() > 128) return Error("bad_body", "\"topic\" must have 1 to 128 bytes");
  IEUM_TRY(auto receipt, api.parts.hub.send_event(connection, topic, *data));
  return Value(Map{{"receipt", std::move(receipt)}});
}

}  // namespace

void add_event_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/events",
             Needs::viewer,
             {.summary = "Accepted events, newest first",
              .query = {may("connection", Type::text, "of this connection"),
                        may("state", Type::text, "accepted, routed, quarantined or set_aside"), kBefore, kLimit},
              .answer = "`events` and `next`",
              .errors = {"unknown_connection"}},
             api->on_admin(list_events)});
  table.add({Method::post,
             "/api/v1/events",
             Needs::operator_,
             {.summary = "An event of your own, to try a recipe",
              .body = {shown(must("connection", Type::text, "as if it came from there")),
                       shown(must("topic", Type::text, "as the vendor names it; at most 128 bytes")),
                       must("data", Type::object, "what the delivery would hold")},
              .answer = "the receipt",
              .example = R"({"receipt":"rcp_1043_q4f0x2m9t7c1z8aw"})",
              .errors = {"unknown_connection"}},
             api->on_admin(send_event)});
  table.add({Method::get,
             "/api/v1/events/{id}",
             Needs::viewer,
             {.summary = "One event with its body and its runs",
              .answer = "the row of the list, and method, path, headers, `body` or `body_base64`, and `runs`"},
             api->on_admin(show_event)});
  table.add({Method::get,
             "/api/v1/events/{id}/body",
             Needs::viewer,
             {.summary = "An event's body as it was sent, to be saved",
              .answer = "the bytes, as an attachment",
              .errors = {"unknown_event"},
              .media = "application/octet-stream"},
             api->on_admin(Api::PageHandler(download_body))});
}

}  // namespace ieum::server
