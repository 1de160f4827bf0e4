#include "runtime/recipe_catalog.hpp"

#include <set>

#include "base/encoding.hpp"
#include "expr/type_check.hpp"
#include "runtime/own_events.hpp"

namespace ieum::runtime {
namespace {

using Type = expr::StaticType;

recipe::InputKind input_kind(const std::string& type) {
  using Kind = recipe::InputKind;
  static const std::map<std::string, Kind> kKinds = {
      {"string", Kind::text}, {"integer", Kind::integer}, {"number", Kind::number}, {"boolean", Kind::boolean},
      {"list", Kind::list},   {"map", Kind::map},         {"time", Kind::time}};
  const auto found = kKinds.find(type);
  return found == kKinds.end() ? Kind::any : found->second;
}

// A time is a text in JSON, but who writes `timestamp(x)` is right too: so it is not known.
Type field_type(const std::string& type) {
  static const std::map<std::string, Type> kTypes = {{"string", Type::string}, {"integer", Type::integer},
                                                     {"number", Type::number}, {"boolean", Type::boolean},
                                                     {"list", Type::list},     {"map", Type::map}};
  const auto found = kTypes.find(type);
  return found == kTypes.end() ? Type::any : found->second;
}

// Fields of one event as host::event_scope lays them: the body, and the standard fields over it.
std::map<std::string, Type> fields_of(const host::EventSpec& event) {
  std::map<std::string, Type> body, fields;
  for (const auto& field : event.fields) body[field.name] = field_type(field.type);
  fields = body;
  for (const auto& [name, sample] : event.samples) {
    const Map* members = sample.if_map();
    if (members == nullptr) continue;
    for (const auto& [key, value] : *members)
      if (const std::string* text = key.if_string()) fields.emplace(*text, Type::any);
  }
  const auto type_of = [&](const std::vector<std::string>& path) {
    const auto found = path.size() == 2 && path[0] == "body" ? body.find(path[1]) : body.end();
    return found == body.end() ? Type::any : found->second;
  };
  for (const auto& [name, expression] : event.project) {
    if (name == "at" || name == "source_key") continue;
    const Type type = expr::check_types(expression, type_of).type;
    const auto found = body.find(name);
    // Where the expression has no value, the body's own field of that name shows.
    fields[name] = found != body.end() && found->second != type ? Type::any : type;
  }
  return fields;
}

// What two tellers of one standard event agree on.
void join(std::map<std::string, Type>& all, const std::map<std::string, Type>& more) {
  for (auto& [name, type] : all) {
    const auto found = more.find(name);
    if (found != more.end() && found->second != type) type = Type::any;
  }
  for (const auto& [name, type] : more) all.emplace(name, type);
}

class ManifestCatalog final : public recipe::Catalog {
 public:
  ManifestCatalog(const host::Registry& connectors, std::shared_ptr<const Live> live, ZoneSource& zones)
      : connectors_(connectors), live_(std::move(live)), zones_(zones) {}

  std::vector<std::string> connectors() const override {
    std::vector<std::string> names;
    for (const auto* connector : connectors_.all()) names.push_back(connector->manifest().name);
    return names;
  }

  bool knows_zone(const std::string& name) const override { return zones_.find(name).has_value(); }

  bool knows_connections() const override { return live_ != nullptr; }

  std::optional<std::string> connection(const std::string& name) const override {
    if (live_ == nullptr) return std::nullopt;
    const auto found = live_->connections.find(name);
    if (found == live_->connections.end()) return std::nullopt;
    return found->second->row.connector;
  }

  std::vector<std::string> connections() const override {
    std::vector<std::string> names;
    if (live_ != nullptr) {
      for (const auto& [name, connection] : live_->connections) names.push_back(name);
    }
    return names;
  }

  std::vector<std::string> operations(const std::string& connector) const override {
    std::vector<std::string> names;
    if (const auto* found = connectors_.find(connector)) {
      for (const auto& operation : found->manifest().operations) {
        if (!operation.internal) names.push_back(operation.name);
      }
    }
    return names;
  }

  std::optional<recipe::OperationFacts> operation(const std::string& connector,
                                                  const std::string& name) const override {
    const auto* found = connectors_.find(connector);
    const auto* operation = found != nullptr ? found->manifest().operation(name) : nullptr;
    if (operation == nullptr || operation->internal) return std::nullopt;
    recipe::OperationFacts facts;
    for (const auto& field : operation->inputs) {
      facts.inputs.push_back(field.name);
      if (field.required && !field.fallback) facts.required_inputs.push_back(field.name);
    }
    for (const auto& field : operation->inputs) facts.input_facts[field.name] = {input_kind(field.type), field.choices};
    for (const auto& field : operation->outputs) facts.outputs[field.name] = field_type(field.type);
    for (const auto& cause : operation->causes) facts.causes.push_back(cause_of(found->manifest(), *operation, cause));
    facts.open_inputs = operation->open_inputs;
    facts.reaches_customer = operation->reaches == host::Reaches::customer;
    facts.channel = operation->channel;
    facts.classes.assign(operation->classes.begin(), operation->classes.end());
    facts.unsafe_without_reconcile = operation->safety == host::Safety::unsafe && operation->reconcile.empty();
    return facts;
  }

  std::vector<std::string> events() const override {
    std::set<std::string> names;
    for (const auto* connector : connectors_.all()) {
      for (const auto& event : connector->manifest().events) {
        if (event.topic != host::kAnyTopic) names.insert(connector->manifest().name + "/" + event.topic);
        if (!event.means.empty()) names.insert(event.means);
      }
    }
    for (const auto& own : own_event_kinds()) names.insert(own.name);
    return {names.begin(), names.end()};
  }

  std::optional<recipe::EventFacts> event(const std::string& name) const override {
    std::optional<recipe::EventFacts> facts;
    for (const auto& own : own_event_kinds())
      if (own.name == name) facts = recipe::EventFacts{{own.fields.begin(), own.fields.end()}, false};
    for (const auto* connector : connectors_.all()) {
      const host::Manifest& manifest = connector->manifest();
      for (const auto& event : manifest.events) {
        const bool standard = event.means == name;
        if (!standard && &event != spec_of(manifest, name)) continue;
        if (event.fields.empty() && event.project.empty()) return std::nullopt;
        // A standard event has what its tellers describe; a vendor's own body may have more.
        const bool open =
            !standard && manifest.webhook &&
            (manifest.webhook->events == host::WebhookSpec::Events::body || event.topic == host::kAnyTopic);
        if (facts)
          join(facts->fields, fields_of(event));
        else
          facts = recipe::EventFacts{fields_of(event), open};
      }
    }
    return facts;
  }

  bool open_topics(const std::string& connector) const override {
    const auto* found = connectors_.find(connector);
    return found != nullptr && found->manifest().webhook && found->manifest().webhook->open_topics;
  }

  std::optional<recipe::OperationForm> form(const std::string& connector, const std::string& name) const override {
    const auto* found = connectors_.find(connector);
    const auto* operation = found != nullptr ? found->manifest().operation(name) : nullptr;
    if (operation == nullptr || operation->internal) return std::nullopt;
    recipe::OperationForm form{words(operation->title), words(operation->help), {}, operation->open_inputs};
    for (const auto& field : operation->inputs)
      form.inputs.push_back({field.name, field.type, field.required && !field.fallback, field.choices, field.fallback,
                             words(field.title), words(field.help)});
    return form;
  }

  recipe::Words event_words(const std::string& name) const override {
    for (const auto* connector : connectors_.all()) {
      if (const auto* event = spec_of(connector->manifest(), name)) return words(event->title);
    }
    return {};
  }

 private:
  // What the connector says of its event "connector/topic".
  static const host::EventSpec* spec_of(const host::Manifest& manifest, std::string_view name) {
    const std::string own = manifest.name + "/";
    return name.starts_with(own) ? manifest.event_or_any(name.substr(own.size())) : nullptr;
  }

  static recipe::Cause cause_of(const host::Manifest& manifest, const host::Operation& operation,
                                const host::CausedEvent& caused) {
    recipe::Cause cause;
    cause.events = {manifest.name + "/" + caused.topic};
    if (const auto* event = manifest.event(caused.topic); event != nullptr && !event->means.empty())
      cause.events.push_back(event->means);
    cause.when_input = caused.when_input;
    cause.when_value = caused.when_value;
    cause.mark = caused.mark;
    for (const auto& field : operation.inputs)
      if (field.name == caused.when_input && field.fallback)
        cause.when_default = field.fallback->if_string() ? *field.fallback->if_string() : "";
    return cause;
  }

  static recipe::Words words(const host::LocalText& text) { return {text.ko, text.en}; }

  const host::Registry& connectors_;
  std::shared_ptr<const Live> live_;
  ZoneSource& zones_;
};

}  // namespace

std::unique_ptr<recipe::Catalog> make_catalog(const host::Registry& connectors, std::shared_ptr<const Live> live,
                                              ZoneSource& zones) {
  return std::make_unique<ManifestCatalog>(connectors, std::move(live), zones);
}

}  // namespace ieum::runtime
