// Connectors: manifests as JSON, for the console's forms and the command line.
#include <set>

#include "host/connection_form.hpp"
#include "server/api.hpp"
#include "server/entered.hpp"
#include "server/run_view.hpp"

namespace ieum::server {
namespace {

Value text_view(const host::LocalText& text) { return Map{{"ko", text.ko}, {"en", text.en}}; }

template <class Texts>
List text_list(const Texts& texts) {
  List list;
  for (const auto& text : texts) list.push_back(text);
  return list;
}

Map field_view(const host::Field& field) {
  Map view{{"name", field.name},
           {"type", field.type},
           {"required", field.required},
           {"secret", field.secret},
           {"title", text_view(field.title)},
           {"help", text_view(field.help)}};
  if (!field.choices.empty()) view.set("choices", text_list(field.choices));
  if (field.fallback) view.set("default", *field.fallback);
  if (!field.resource.empty()) view.set("resource", Map{{"name", field.resource}, {"strict", field.resource_strict}});
  if (!field.pattern.empty()) view.set("pattern", field.pattern);
  if (field.generate) view.set("made_by_hub", true);
  if (!field.when.empty()) {
    Map when;
    for (const auto& [name, values] : field.when) when.set(name, text_list(values));
    view.set("when", std::move(when));
  }
  return view;
}

List fields_view(const std::vector<host::Field>& fields) {
  List list;
  for (const auto& field : fields) list.push_back(field_view(field));
  return list;
}

std::string_view safety_word(host::Safety safety) {
  switch (safety) {
    case host::Safety::safe: return "safe";
    case host::Safety::idempotent: return "idempotent";
    case host::Safety::keyed: return "keyed";
    case host::Safety::natural: return "natural";
    case host::Safety::unsafe: return "unsafe";
  }
  return "";
}

Value operation_view(const host::Operation& operation, bool samples) {
  Map view{{"name", operation.name},
           {"title", text_view(operation.title)},
           {"help", text_view(operation.help)},
           {"inputs", fields_view(operation.inputs)},
           {"open_inputs", operation.open_inputs},
           {"outputs", fields_view(operation.outputs)},
           {"safety", safety_word(operation.safety)},
           {"reconcile", operation.reconcile.empty() ? Value() : Value(operation.reconcile)},
           {"reaches", reaches_word(operation.reaches)},
           {"verified", operation.verified},
           {"internal", operation.internal}};
  if (operation.reaches == host::Reaches::customer) {
    view.set("channel", operation.channel);
    view.set("classes", text_list(operation.classes));
  }
  if (samples && operation.sample_inputs) view.set("sample_inputs", *operation.sample_inputs);
  if (samples && operation.sample_output) view.set("sample_output", *operation.sample_output);
  return view;
}

Value event_view(const host::EventSpec& event, bool samples) {
  List standard;
  for (const auto& [field, expression] : event.project) standard.push_back(field);
  Map view{{"topic", event.topic},
           {"title", text_view(event.title)},
           {"help", text_view(event.help)},
           {"means", event.means.empty() ? Value() : Value(event.means)},
           {"standard_fields", std::move(standard)},
           {"fields", fields_view(event.fields)},
           {"verified", event.verified}};
  if (samples) {
    Map by_name;
    for (const auto& [name, sample] : event.samples) by_name.set(name, sample);
    view.set("samples", std::move(by_name));
  }
  return view;
}

// What the hub does by itself, or keeps a copy of, as the manifest calls it.
template <class Part>
List titles_of(const std::vector<Part>& parts) {
  List list;
  for (const auto& part : parts) list.push_back(Map{{"name", part.name}, {"title", text_view(part.title)}});
  return list;
}

// `samples`: they are large, so only the page of one connector has them.
Value connector_view(const host::Registry& registry, const host::Manifest& manifest, bool samples) {
  List operations, events;
  for (const auto& operation : manifest.operations) operations.push_back(operation_view(operation, samples));
  for (const auto& event : manifest.events) events.push_back(event_view(event, samples));
  const auto digest = registry.digest(manifest.name);
  return Map{{"name", manifest.name},
             {"version", manifest.version},
             {"title", text_view(manifest.title)},
             {"help", text_view(manifest.help)},
             {"module", digest.empty() ? Value() : Value(digest)},
             {"fields", fields_view(manifest.fields)},
             {"origins", text_list(manifest.origins)},
             {"webhook", manifest.webhook.has_value()},
             {"test", manifest.test_operation.empty() ? Value() : Value(manifest.test_operation)},
             {"operations", std::move(operations)},
             {"events", std::move(events)},
             {"polls", titles_of(manifest.polls)},
             {"subscriptions", titles_of(manifest.subscriptions)},
             {"resources", titles_of(manifest.resources)}};
}

Result<Value> list_connectors(Api& api, ApiCall&) {
  List list;
  for (const auto* connector : api.parts.connectors.all()) {
    list.push_back(connector_view(api.parts.connectors, connector->manifest(), false));
  }
  return Value(Map{{"connectors", std::move(list)}});
}

Result<Value> show_connector(Api& api, ApiCall& call) {
  const auto* connector = api.parts.connectors.find(call.path("name"));
  if (connector == nullptr) {
    return Error("unknown_connector", "there is no connector \"" + call.path("name") + "\"",
                 "see: ieum connector list");
  }
  return connector_view(api.parts.connectors, connector->manifest(), true);
}

std::string_view need_word(host::Question::Need need) {
  switch (need) {
    case host::Question::Need::choice: return "choice";
    case host::Question::Need::must: return "must";
    case host::Question::Need::may: return "may";
    case host::Question::Need::more: return "more";
  }
  return "";
}

// What is still to be asked for a connection; an error when what was entered so far cannot be right. Stores nothing.
Result<Value> ask_form(Api& api, ApiCall& call) {
  const auto* connector = api.parts.connectors.find(call.path("name"));
  if (connector == nullptr)
    return Error("unknown_connector", "there is no connector \"" + call.path("name") + "\"",
                 "see: ieum connector list");
  const auto& manifest = connector->manifest();
  IEUM_TRY(const auto entered, secrets_of(call));
  const auto* given = call.body.get("config");
  const Value config = given != nullptr ? *given : Value(Map{});
  IEUM_CHECK(host::check_entered(manifest, config, entered, host::Typed::by_a_person));
  IEUM_CHECK(host::check_proves(manifest, config, entered));
  std::set<std::string, std::less<>> there;
  for (const auto& [slot, secret] : entered) there.insert(slot);
  if (const auto name = call.body.text("connection"); !name.empty()) {
    for (const auto& connection : api.parts.hub.connections()) {
      if (connection.text("name") != name || connection.text("connector") != manifest.name) continue;
      for (const auto& secret : *connection.get("secrets")->if_list()) there.insert(secret.text("slot"));
    }
  }
  List fields;
  for (const auto& question :
       host::open_questions(manifest, config, [&](std::string_view slot) { return there.contains(slot); })) {
    Map view = field_view(*question.field);
    view.set("need", need_word(question.need));
    if (question.key_file) view.set("key_file", true);
    fields.push_back(std::move(view));
  }
  const auto scheme = host::auth_of(manifest, config);
  const auto chosen = scheme ? manifest.auth.find(*scheme) : manifest.auth.end();
  const bool login = chosen != manifest.auth.end() && chosen->second.text("kind") == "oauth2_code";
  Map answer{{"fields", std::move(fields)}, {"login", login}};
  if (login && !api.public_url.empty()) answer.set("redirect", api.public_url + "/oauth/callback");
  return Value(std::move(answer));
}

}  // namespace

Result<host::Entered> secrets_of(const ApiCall& call) {
  host::Entered out;
  const auto* secrets = call.body.get("secrets");
  if (secrets == nullptr) return out;
  const auto* slots = secrets->if_map();
  if (slots == nullptr) return Error("bad_body", "\"secrets\" must be an object of texts");
  for (const auto& [slot, value] : *slots) {
    const auto* name = slot.if_string();
    if (name == nullptr || !value.is_string()) return Error("bad_body", "\"secrets\" must be an object of texts");
    out.emplace_back(*name, Secret(*value.if_string()));
  }
  return out;
}

void add_connector_routes(RouteTable& table, const std::shared_ptr<Api>& api) {
  table.add({Method::get,
             "/api/v1/connectors",
             Needs::viewer,
             {.summary = "Installed connectors", .answer = "`connectors`: their manifests without samples"},
             api->on_admin(list_connectors)});
  table.add({Method::get,
             "/api/v1/connectors/{name}",
             Needs::viewer,
             {.summary = "One connector with samples", .answer = "the manifest"},
             api->on_admin(show_connector)});
  table.add(
      {Method::post,
       "/api/v1/connectors/{name}/form",
       Needs::editor,
       {.summary = "What is still to be asked for a connection, and whether what was entered can be right",
        .body = {may("connection", Type::text, "one that is to be changed: its secrets count as given"),
                 may("config", Type::object, "what was entered so far"), may("secrets", Type::object, "slot: text")},
        .answer = "`fields` to ask next, and whether a `login` follows",
        .errors = {"bad_choice", "bad_value", "bad_key"},
        .asks = true},
       api->on_admin(ask_form)});
}

}  // namespace ieum::server
