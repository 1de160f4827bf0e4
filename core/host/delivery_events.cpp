// From a stored delivery to events: the vendor's body, and the standard fields that the manifest projects from it.
#include "base/json.hpp"
#include "expr/scope.hpp"
#include "expr/template.hpp"
#include "host/body.hpp"
#include "host/delivery.hpp"
#include "host/value_template.hpp"

namespace ieum::host {
namespace {

HubEvent make_event(const Manifest& manifest, const std::string& topic, Value data, const Value& headers,
                    Millis received_ms) {
  HubEvent out;
  out.connector = manifest.name;
  out.topic = topic;
  out.at_ms = received_ms;
  out.standard = Map();
  const EventSpec* spec = manifest.event(topic);
  if (spec != nullptr) {
    expr::MapScope scope;
    scope.set("body", data).set("headers", headers).set("topic", topic);
    if (!spec->means_when || holds(*spec->means_when, scope)) out.means = spec->means;
    Map standard;
    for (const auto& [name, expression] : spec->project) {
      auto value = value_of(expression, scope);
      if (!value) continue;
      if (name == "at")
        out.at_ms = instant(*value).value_or(received_ms);
      else if (name == "source_key")
        out.source_key = scalar_text(*value).value_or("");
      else
        standard.set(name, std::move(*value));
    }
    out.standard = std::move(standard);
    const auto people = [&](const std::map<std::string, expr::Expression>& kinds, auto& into) {
      for (const auto& [kind, expression] : kinds) {
        const auto value = value_of(expression, scope);
        const auto text = value ? scalar_text(*value) : std::nullopt;
        if (text && !text->empty()) into.emplace_back(kind, *text);
      }
    };
    people(spec->identities, out.identities);
    people(spec->erasure, out.erasure);
  }
  out.data = std::move(data);
  return out;
}

Result<Value> read_headers(const std::string& kept_headers) {
  if (kept_headers.empty()) return Value(Map());
  auto headers = parse_json(kept_headers);
  if (headers.has_error() || !headers->is_map()) return Error("unreadable_delivery", "the stored headers are damaged");
  return std::move(*headers);
}

}  // namespace

Result<std::vector<HubEvent>> read_delivery(const Connector& connector, const Value& config, const std::string& topic,
                                            const std::string& kept_headers, std::string_view body, Millis received_ms,
                                            const Value& read) {
  const Manifest& manifest = connector.manifest();
  IEUM_TRY(const Value headers, read_headers(kept_headers));
  std::vector<HubEvent> out;
  if (headers.get(kToldBy) != nullptr) {
    auto data = parse_json(body);
    if (data.has_error()) return Error("unreadable_delivery", "the stored event is damaged: " + data.error().what);
    out.push_back(make_event(manifest, topic, std::move(*data), headers, received_ms));
    return out;
  }
  if (!manifest.webhook) return Error("unreadable_delivery", manifest.name + " takes no deliveries");
  if (manifest.webhook->events == WebhookSpec::Events::body) {
    Value data = read;
    if (data.is_null()) {
      IEUM_TRY(data, read_body(*manifest.webhook, headers.text("content-type"), body));
    }
    out.push_back(make_event(manifest, topic, std::move(data), headers, received_ms));
    return out;
  }
  Call call;
  call.phase = Phase::webhook;
  call.topic = topic;
  call.headers = headers;
  call.connection = config;
  call.now_ms = received_ms;
  call.body = body;
  Effect effect = connector.step(call);
  if (auto* fail = std::get_if<FailEffect>(&effect))
    return Error(fail->code.empty() ? "module_failed" : fail->code, fail->message);
  auto* events = std::get_if<EventsEffect>(&effect);
  if (events == nullptr)
    return Error("module_failed", manifest.name + " answered a delivery with something else than events");
  for (auto& item : events->items) {
    out.push_back(make_event(manifest, item.name, std::move(item.data), headers, received_ms));
    out.back().key = std::move(item.key);
  }
  return out;
}

Value event_scope(const HubEvent& event) {
  Map out;
  if (const Map* members = event.data.if_map()) {
    for (const auto& [key, value] : *members) out.set(key, value);
  }
  if (const Map* fields = event.standard.if_map()) {
    for (const auto& [key, value] : *fields) out.set(key, value);
  }
  out.set("name", event.means.empty() ? event.topic : event.means);
  out.set("topic", event.topic);
  out.set("body", event.data);
  return out;
}

}  // namespace ieum::host
