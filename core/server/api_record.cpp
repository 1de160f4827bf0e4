// The record of a run: what a test needs to play it again offline: the events that touched it, and every answer of a vendor.
// As stored: `ieum run record` replaces what is about people before anything is written (core/trial/record.hpp).
#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "host/delivery.hpp"
#include "recipe/program.hpp"
#include "server/api.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

constexpr int kEventsMax = 200;  // of one name, and of one record

// Names of events that the recipe listens to: standard names, or connector/topic.
std::set<std::string> names_of(const recipe::Recipe& recipe) {
  std::set<std::string> names{recipe.trigger.event};
  for (const auto& exit : recipe.exit_on) names.insert(exit.event);
  if (recipe.absent) names.insert(recipe.absent->match.event);
  const auto program = recipe::compile(recipe);
  for (const auto& instruction : program->code) {
    if (instruction.kind != recipe::Instruction::Kind::wait_for) continue;
    for (const auto& awaited : std::get<recipe::WaitFor>(instruction.step->verb).events)
      names.insert(awaited.match.event);
  }
  names.erase("");
  return names;
}

// The run's own event and those of its customer that came while it lived and that the recipe listens to.
Result<std::set<Id>> events_of(Api& api, store::Reader& reader, const store::RunRow& run, const recipe::Recipe& recipe,
                               Millis from, Millis until) {
  std::set<Id> ids{run.trigger_event};
  const auto take = [&](Id event, Millis received_ms) {
    if (received_ms >= from && received_ms <= until && ids.size() < static_cast<std::size_t>(kEventsMax))
      ids.insert(event);
  };
  for (std::string name : names_of(recipe)) {
    if (const auto slash = name.find('/'); slash != std::string::npos) {
      const auto* connector = api.parts.connectors.find(name.substr(0, slash));
      const auto* event = connector == nullptr ? nullptr : connector->manifest().event_or_any(name.substr(slash + 1));
      if (event == nullptr || event->means.empty() || run.customer == 0) {
        store::EventFilter filter;
        filter.limit = kEventsMax;
        IEUM_TRY(const auto rows, reader.events(filter));
        for (const auto& row : rows)
          if (row.topic == name.substr(slash + 1)) take(row.id, row.received_ms);
        continue;
      }
      name = event->means;
    }
    if (run.customer == 0) continue;
    IEUM_TRY(const auto rows, reader.history(run.customer, name, from - 30 * kDay, until + 30 * kDay, kEventsMax));
    for (const auto& row : rows) take(row.event, row.received_ms);
  }
  return ids;
}

}  // namespace

Result<Value> record_run(Api& api, ApiCall& call) {
  IEUM_TRY(const auto id, call.id("run"));
  auto& reader = call.reader;
  IEUM_TRY(const auto run, reader.run(id));
  if (!run) return Error("unknown_run", "there is no run " + std::to_string(id), "see: ieum run list");
  IEUM_TRY(const auto trigger, reader.event(run->trigger_event));
  IEUM_TRY(const auto version, reader.recipe_version(run->version));
  if (!trigger || !version)
    return Error("not_recordable", "what started the run is not kept", "record a run that an event started");
  const auto read =
      recipe::read_recipe(version->source, version->format == "json" ? recipe::Format::json : recipe::Format::yaml);
  if (!read.recipe) return Error("not_recordable", "the recipe of this run cannot be read by this version of the hub");
  const Millis from = trigger->event.received_ms;
  const Millis now = api.parts.clock.now();
  IEUM_TRY(const auto ids, events_of(api, reader, *run, *read.recipe, from, run->ended_ms.value_or(now)));

  const auto names = connection_names(reader);
  std::map<std::string, std::pair<std::string, Value>> connections;  // name -> connector, config
  for (const auto& connection : api.parts.hub.connections()) {
    const auto* config = connection.get("config");
    connections[connection.text("name")] = {connection.text("connector"), config == nullptr ? Value(Map{}) : *config};
  }
  List events;
  for (const Id event : ids) {
    IEUM_TRY(const auto stored, reader.event(event));
    const auto name = stored ? names.find(stored->event.connection) : names.end();
    if (name == names.end()) continue;
    const auto& [connector_name, config] = connections[name->second];
    const auto* connector = api.parts.connectors.find(connector_name);
    if (connector == nullptr) continue;
    const auto items = host::read_delivery(*connector, config, stored->event.topic, stored->payload.headers,
                                           stored->payload.body, stored->event.received_ms);
    if (items.has_error()) continue;
    for (const auto& item : *items)
      events.push_back(Map{{"connection", name->second},
                           {"connector", connector_name},
                           {"topic", item.topic},
                           {"received_ms", stored->event.received_ms},
                           {"data", item.data}});
  }
  IEUM_TRY(const auto steps, reader.steps(id));
  List step_views;
  for (const auto& step : steps) {
    Map view = *step_view(step, names).if_map();
    const auto dot = step.operation.find('.');
    const auto* connector = api.parts.connectors.find(step.operation.substr(0, dot));
    const auto* operation = connector == nullptr || dot == std::string::npos
                                ? nullptr
                                : connector->manifest().operation(step.operation.substr(dot + 1));
    if (operation != nullptr && !operation->reconcile.empty())
      view.set("look_up", step.operation.substr(0, dot) + "." + operation->reconcile);
    step_views.push_back(std::move(view));
  }
  IEUM_TRY(const auto hub_id, reader.meta("hub_id"));
  return Value(Map{{"run", run_summary(*run, recipe_names(reader))},
                   {"recipe", Map{{"name", read.recipe->name},
                                  {"zone", read.recipe->zone},
                                  {"source", version->source},
                                  {"format", version->format}}},
                   {"now_ms", now},
                   {"salt", hex_encode(sha256("record " + hub_id.value_or("")))},
                   {"events", std::move(events)},
                   {"steps", std::move(step_views)}});
}

}  // namespace ieum::server
