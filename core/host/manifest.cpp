#include "host/manifest.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/url.hpp"
#include "host/declared_reader.hpp"
#include "host/manifest_reader.hpp"

namespace ieum::host {
namespace {

bool event_topic_valid(std::string_view topic) {
  return !topic.empty() && topic.size() <= 128 && topic.front() != ' ' && topic.back() != ' ' &&
         std::all_of(topic.begin(), topic.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7F; });
}

EventSpec read_event(ManifestReader& reader, const YamlNode::Member& member) {
  EventSpec out;
  out.topic = member.key;
  const YamlNode& node = member.value;
  if (!event_topic_valid(out.topic)) {
    reader.fail(member.line, member.column, "bad_manifest",
                "a topic is a text of 1 to 128 bytes without a space at its ends");
  }
  if (!reader.keys(node, "an event",
                   {"title", "help", "means", "means_when", "untrusted", "project", "identities", "aliases", "traits",
                    "consents", "erasure", "fields", "samples", "verified"}))
    return out;
  out.title = reader.local(node, "title", true, out.topic);
  out.help = reader.local(node, "help", true, out.topic);
  out.means = reader.text(node, "means");
  if (const YamlNode* when = node.member("means_when"); when != nullptr) out.means_when = reader.expression(*when);
  const auto expressions = [&](std::string_view key, std::map<std::string, expr::Expression>& into) {
    const YamlNode* map = node.member(key);
    if (map == nullptr || !reader.is_map(*map, key)) return;
    for (const auto& entry : map->members) {
      if (auto parsed = reader.expression(entry.value)) into.emplace(entry.key, std::move(*parsed));
    }
  };
  expressions("project", out.project);
  expressions("identities", out.identities);
  expressions("aliases", out.aliases);
  expressions("erasure", out.erasure);
  expressions("consents", out.consents);
  for (const auto& [purpose, expression] : out.consents)
    if (purpose != "ad" && purpose != "night")
      reader.fail(*node.member("consents"), "bad_manifest", "consents are of ad and night, not of \"" + purpose + "\"");
  if (const YamlNode* traits = node.member("traits"); traits != nullptr) out.traits = reader.expression(*traits);
  out.untrusted = reader.flag(node, "untrusted", false);
  out.fields = reader.fields(node, "fields", false, false, out.topic);
  if (const YamlNode* samples = node.member("samples"); samples != nullptr && reader.is_map(*samples, "samples")) {
    for (const auto& entry : samples->members) {
      if (auto value = reader.sample(entry.value)) out.samples.emplace_back(entry.key, std::move(*value));
    }
    if (!out.samples.empty()) out.sample = out.samples.front().second;
  }
  if (node.member("samples") == nullptr) {
    reader.warn(node, "missing_sample", out.topic + " has no sample", "add samples: {name: samples/name.json}");
  }
  out.verified = reader.flag(node, "verified", true);
  return out;
}

// "https://{shop}" must be an origin once its holes are filled.
void check_origin(ManifestReader& reader, const YamlNode& node, const Manifest& manifest, const std::string& origin) {
  std::string filled;
  for (std::size_t i = 0; i < origin.size(); ++i) {
    if (origin[i] != '{') {
      filled += origin[i];
      continue;
    }
    const std::size_t close = origin.find('}', i);
    const std::string name = close == std::string::npos ? "" : origin.substr(i + 1, close - i - 1);
    const bool known = std::any_of(manifest.fields.begin(), manifest.fields.end(),
                                   [&](const Field& f) { return !f.secret && f.name == name; });
    if (!known) return reader.fail(node, "bad_manifest", "\"" + origin + "\" names no plain field of the connection");
    if (origin == "{" + name + "}") return;  // the whole origin is the owner's to give
    filled += "host";
    i = close;
  }
  const auto url = parse_url(filled);
  if (url.has_error() || url->origin() != filled) {
    reader.fail(node, "bad_manifest", "\"" + origin + "\" is no origin", "write https://host, or https://host:port");
  }
}

void check_operations(ManifestReader& reader, const YamlNode& root, const Manifest& manifest) {
  const YamlNode* map = root.member("operations");
  if (map == nullptr) return;
  for (const auto& operation : manifest.operations) {
    for (const auto& cause : operation.causes) {
      const EventSpec* event = manifest.event(cause.topic);
      const YamlNode& place = *map->member(operation.name)->member("causes");
      if (event == nullptr)
        reader.fail(place, "bad_manifest", "there is no event \"" + cause.topic + "\" that could be caused",
                    "name a topic of `events`");
      else if (!cause.mark.empty() && event->project.count(cause.mark) == 0)
        reader.fail(place, "bad_manifest", cause.topic + " has no standard field \"" + cause.mark + "\"",
                    "name a field of its `project`");
    }
    if (operation.capture) {
      const bool secret = std::any_of(manifest.fields.begin(), manifest.fields.end(),
                                      [&](const Field& f) { return f.secret && f.name == operation.capture->slot; });
      if (!secret)
        reader.fail(*map->member(operation.name)->member("capture"), "bad_manifest",
                    "\"" + operation.capture->slot + "\" is no secret field of the connection",
                    "add it to fields with secret: true");
    }
    if (operation.reconcile.empty()) continue;
    const Operation* other = manifest.operation(operation.reconcile);
    const YamlNode& place = *map->member(operation.name)->member("reconcile");
    if (other == nullptr) {
      reader.fail(place, "bad_manifest", "there is no operation \"" + operation.reconcile + "\" to reconcile with");
    } else if (other->safety != Safety::safe) {
      reader.fail(place, "bad_manifest", operation.reconcile + " reconciles, so it must be safe",
                  "give it safety: safe");
    }
  }
}

// A field belongs to choices that another field offers.
void check_when(ManifestReader& reader, const YamlNode& fields, const Manifest& manifest) {
  for (const Field& field : manifest.fields) {
    for (const auto& [name, values] : field.when) {
      const auto other = std::find_if(manifest.fields.begin(), manifest.fields.end(),
                                      [&, &name = name](const Field& f) { return f.name == name; });
      const bool offered =
          other != manifest.fields.end() && std::all_of(values.begin(), values.end(), [&](const std::string& value) {
            return std::find(other->choices.begin(), other->choices.end(), value) != other->choices.end();
          });
      if (!offered)
        reader.fail(*fields.member(field.name)->member("when"), "bad_manifest",
                    "\"" + name + "\" is no field that offers these choices");
    }
  }
}

// What is asked after a login does nothing and tells plain fields of the connection.
void check_after_login(ManifestReader& reader, const YamlNode& root, const Manifest& manifest) {
  for (const auto& [scheme, name] : manifest.after_login) {
    const Operation* asked = manifest.operation(name);
    const YamlNode& place = *root.member("auth")->member(scheme)->member("after_login");
    if (asked == nullptr || !asked->internal || asked->safety != Safety::safe)
      return reader.fail(place, "bad_manifest", "\"" + name + "\" is no internal, safe operation",
                         "name one with internal: true and safety: safe");
    for (const Field& output : asked->outputs) {
      const bool known = std::any_of(manifest.fields.begin(), manifest.fields.end(), [&](const Field& field) {
        return field.name == output.name && !field.secret && field.type == "string";
      });
      if (!known)
        reader.fail(place, "bad_manifest", "\"" + output.name + "\" is no plain text field of the connection",
                    "name the outputs of " + name + " as the fields that they become");
    }
  }
}

void read_sections(ManifestReader& reader, const YamlNode& root, Manifest& out) {
  out.name = reader.required_text(root, "connector");
  if (!is_name(out.name)) {
    reader.fail(*(root.member("connector") ? root.member("connector") : &root), "bad_manifest",
                "\"" + out.name + "\" is no name", "lower-case letters, digits, - and _, a letter first");
  }
  out.version = reader.required_text(root, "version");
  out.state_version = static_cast<int>(reader.integer(root, "state_version", 1, 1, 1'000'000));
  out.title = reader.local(root, "title", true, out.name);
  out.help = reader.local(root, "help", true, out.name);
  out.fields = reader.fields(root, "fields", true, true, "connection");
  out.origins = reader.texts(root, "origins");
  for (std::size_t i = 0; i < out.origins.size(); ++i)
    check_origin(reader, root.member("origins")->items[i], out, out.origins[i]);
  read_auth(reader, root, out);
  if (const YamlNode* webhook = root.member("webhook")) out.webhook = read_webhook(reader, *webhook, out.fields);
  if (const YamlNode* events = root.member("events"); events != nullptr && reader.is_map(*events, "events")) {
    for (const auto& member : events->members) out.events.push_back(read_event(reader, member));
  }
  if (const YamlNode* operations = root.member("operations");
      operations != nullptr && reader.is_map(*operations, "operations")) {
    for (const auto& member : operations->members)
      out.operations.push_back(read_operation(reader, member.key, member.value));
    if (!reader.error()) check_operations(reader, root, out);
  }
  check_after_login(reader, root, out);
  out.test_operation = reader.text(root, "test");
  if (!out.test_operation.empty() && out.operation(out.test_operation) == nullptr) {
    reader.fail(*root.member("test"), "bad_manifest", "there is no operation \"" + out.test_operation + "\"");
  }
  read_standing(reader, root, out);
  for (const Field& field : out.fields) {
    if (field.derive_from.empty()) continue;
    const bool secret = std::any_of(out.fields.begin(), out.fields.end(),
                                    [&](const Field& f) { return f.secret && f.name == field.derive_from; });
    if (!secret)
      reader.fail(*root.member("fields"), "bad_manifest",
                  "\"" + field.name + "\" derives from \"" + field.derive_from + "\", which is no secret field");
  }
  if (const YamlNode* fields = root.member("fields"); fields != nullptr) check_when(reader, *fields, out);
  if (!reader.error()) out.declared = read_declared(reader, root, out);
  if (!reader.error() && out.declared->deliveries) out.webhook->events = WebhookSpec::Events::module;
}

}  // namespace

// Longer than this is no label of a secret, but the secret.
constexpr std::size_t kDerivedBytes = 16;
constexpr std::size_t kDerivedMemberBytes = 254;

namespace {

std::string derived(const Field& field, const Secret& secret) {
  const std::string_view text = secret.reveal();
  if (!field.derive_member.empty()) {
    const auto json = parse_json(text);
    std::string member = json.has_value() ? json->text(field.derive_member) : "";
    return member.size() <= kDerivedMemberBytes ? member : "";
  }
  const auto at = text.rfind(field.derive_after);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + field.derive_after.size());
  return rest.size() <= kDerivedBytes ? std::string(rest) : "";
}

}  // namespace

Value with_derived_fields(const Manifest& manifest, Value config,
                          const std::vector<std::pair<std::string, Secret>>& entered) {
  if (!config.is_map()) return config;
  Map fields = *config.if_map();
  for (const Field& field : manifest.fields) {
    if (field.derive_from.empty()) continue;
    for (const auto& [slot, secret] : entered) {
      if (slot != field.derive_from) continue;
      if (std::string made = derived(field, secret); !made.empty()) fields.set(field.name, std::move(made));
    }
  }
  return fields;
}

bool found_by_hub(const Manifest& manifest, const Field& field) {
  if (!field.derive_from.empty()) return true;
  return std::any_of(manifest.after_login.begin(), manifest.after_login.end(), [&](const auto& asked) {
    const Operation* operation = manifest.operation(asked.second);
    return operation != nullptr && std::any_of(operation->outputs.begin(), operation->outputs.end(),
                                               [&](const Field& output) { return output.name == field.name; });
  });
}

const Field* Operation::input(std::string_view wanted) const {
  const auto found =
      std::find_if(inputs.begin(), inputs.end(), [&](const Field& field) { return field.name == wanted; });
  return found == inputs.end() ? nullptr : &*found;
}

const Operation* Manifest::operation(std::string_view wanted) const {
  const auto found =
      std::find_if(operations.begin(), operations.end(), [&](const Operation& o) { return o.name == wanted; });
  return found == operations.end() ? nullptr : &*found;
}

const EventSpec* Manifest::event(std::string_view wanted) const {
  const auto found = std::find_if(events.begin(), events.end(), [&](const EventSpec& e) { return e.topic == wanted; });
  return found == events.end() ? nullptr : &*found;
}

const EventSpec* Manifest::event_or_any(std::string_view wanted) const {
  const EventSpec* found = event(wanted);
  return found == nullptr ? event(kAnyTopic) : found;
}

const Poll* Manifest::poll_beside_webhook(std::string_view topic) const {
  if (!webhook) return nullptr;
  const auto found = std::find_if(polls.begin(), polls.end(), [&](const Poll& poll) {
    return std::find(poll.events.begin(), poll.events.end(), topic) != poll.events.end();
  });
  return found == polls.end() ? nullptr : &*found;
}

const Poll* Manifest::poll(std::string_view wanted) const {
  const auto found = std::find_if(polls.begin(), polls.end(), [&](const Poll& p) { return p.name == wanted; });
  return found == polls.end() ? nullptr : &*found;
}

const Resource* Manifest::resource(std::string_view wanted) const {
  const auto found =
      std::find_if(resources.begin(), resources.end(), [&](const Resource& r) { return r.name == wanted; });
  return found == resources.end() ? nullptr : &*found;
}

Result<Manifest> read_manifest(std::string_view text, const std::string& file, std::vector<Error>* warnings,
                               const SampleFiles& files) {
  IEUM_TRY(const YamlNode root, read_yaml(text, file));
  ManifestReader reader(file, warnings, files);
  Manifest out;
  const bool map = reader.keys(
      root, "a manifest",
      {"connector", "version", "state_version", "title", "help", "fields", "origins", "auth", "default_auth", "base",
       "errors", "webhook", "events", "operations", "test", "polls", "subscriptions", "resources", "limits"});
  if (map && !reader.error()) read_sections(reader, root, out);
  if (reader.error()) return *reader.error();
  return out;
}

}  // namespace ieum::host
