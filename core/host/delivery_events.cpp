// From a stored delivery to events: the vendor's body, and the standard fields that the manifest projects from it.
#include "base/json.hpp"
#include "expr/scope.hpp"
#include "expr/template.hpp"
#include "host/body.hpp"
#include "host/delivery.hpp"
#include "host/value_template.hpp"

namespace ieum::host {
namespace {

using Keys = std::vector<std::pair<std::string, std::string>>;

void read_keys(const std::map<std::string, expr::Expression>& kinds, const expr::Scope& scope, Keys& into) {
  for (const auto& [kind, expression] : kinds) {
    const auto value = value_of(expression, scope);
    const auto text = value ? scalar_text(*value) : std::nullopt;
    if (text && !text->empty()) into.emplace_back(kind, *text);
  }
}

std::string consent_word(const Value& value) {
  if (const bool* agrees = value.if_bool()) return *agrees ? "yes" : "no";
  return value.if_string() != nullptr && *value.if_string() == "refused" ? "refused" : "";
}

void read_consents(const EventSpec& spec, const expr::Scope& scope, std::vector<ToldConsent>& into) {
  const auto add = [&](const std::string& purpose, const std::string& channel, const Value& value) {
    if (auto word = consent_word(value); !word.empty()) into.push_back({purpose, channel, std::move(word)});
  };
  for (const auto& [purpose, expression] : spec.consents) {
    const auto value = value_of(expression, scope);
    if (!value) continue;
    const Map* channels = value->if_map();
    if (channels == nullptr) {
      add(purpose, {}, *value);
      continue;
    }
    for (const auto& [channel, said] : *channels)
      if (const std::string* name = channel.if_string(); name != nullptr && !name->empty()) add(purpose, *name, said);
  }
}

// Who it is about and what is learnt of them.
void read_person(const EventSpec& spec, const expr::Scope& scope, HubEvent& out) {
  read_keys(spec.identities, scope, out.identities);
  if (out.only_kinds != nullptr) {
    std::erase_if(out.identities, [&](const auto& key) { return !out.only_kinds->contains(key.first); });
    return;
  }
  read_keys(spec.aliases, scope, out.aliases);
  read_keys(spec.erasure, scope, out.erasure);
  read_consents(spec, scope, out.consents);
  if (!spec.traits) return;
  if (auto traits = value_of(*spec.traits, scope); traits && traits->is_map()) out.traits = std::move(*traits);
}

// A field of this name is a way to reach somebody; nobody is reached because a stranger said so.
bool is_contact(std::string_view field) { return field == "email" || field == "phone" || field == "push_token"; }

HubEvent make_event(const Manifest& manifest, const Untrusted* untrusted, const std::string& topic, Value data,
                    const Value& headers, Millis received_ms) {
  HubEvent out;
  out.connector = manifest.name;
  out.topic = topic;
  out.at_ms = received_ms;
  out.standard = Map();
  if (untrusted != nullptr) out.only_kinds = &untrusted->identities;
  const EventSpec* spec = manifest.event_or_any(topic);
  if (spec != nullptr) {
    expr::MapScope scope;
    scope.set("body", data).set("headers", headers).set("topic", topic);
    const bool believed = untrusted == nullptr || spec->untrusted;
    if (believed && (!spec->means_when || holds(*spec->means_when, scope))) out.means = spec->means;
    Map standard;
    for (const auto& [name, expression] : spec->project) {
      auto value = value_of(expression, scope);
      if (!value) continue;
      if (name == "at")
        out.at_ms = instant(*value).value_or(received_ms);
      else if (name == "source_key")
        out.source_key = scalar_text(*value).value_or("");
      else if (untrusted == nullptr || !is_contact(name))
        standard.set(name, std::move(*value));
    }
    out.standard = std::move(standard);
    read_person(*spec, scope, out);
  }
  out.of_customer = !out.means.empty() || (manifest.webhook && manifest.webhook->about_customers);
  if (untrusted != nullptr) out.source_key.clear();
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
  const Untrusted* untrusted = untrusted_of(manifest, config);
  IEUM_TRY(const Value headers, read_headers(kept_headers));
  std::vector<HubEvent> out;
  if (headers.get(kToldBy) != nullptr) {
    auto data = parse_json(body);
    if (data.has_error()) return Error("unreadable_delivery", "the stored event is damaged: " + data.error().what);
    out.push_back(make_event(manifest, untrusted, topic, std::move(*data), headers, received_ms));
    return out;
  }
  if (!manifest.webhook) return Error("unreadable_delivery", manifest.name + " takes no deliveries");
  if (manifest.webhook->events == WebhookSpec::Events::body) {
    Value data = read;
    if (data.is_null()) {
      IEUM_TRY(data, read_body(*manifest.webhook, headers.text("content-type"), body));
    }
    out.push_back(make_event(manifest, untrusted, topic, std::move(data), headers, received_ms));
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
    out.push_back(make_event(manifest, untrusted, item.name, std::move(item.data), headers, received_ms));
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
