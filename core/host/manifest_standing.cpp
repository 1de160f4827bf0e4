// What the hub does at a vendor by itself: the sections polls, subscriptions, resources and limits of a manifest.
#include <algorithm>

#include "host/manifest_reader.hpp"

namespace ieum::host {
namespace {

constexpr Millis kEveryLeast = 5 * kSecond;
constexpr std::int64_t kRateMax = 1'000'000;
constexpr std::int64_t kInFlightMax = 1000;

// Members of a section, each a map that `read` takes.
template <typename Read>
void each_entry(ManifestReader& reader, const YamlNode& root, std::string_view section, const Read& read) {
  const YamlNode* map = root.member(section);
  if (map == nullptr || !reader.is_map(*map, section)) return;
  for (const auto& member : map->members) read(member.key, member.value);
}

std::string read_each(ManifestReader& reader, const YamlNode& node, const Manifest& manifest) {
  std::string name = reader.text(node, "each");
  if (name.empty()) return name;
  const auto field = std::find_if(manifest.fields.begin(), manifest.fields.end(),
                                  [&](const Field& f) { return f.name == name && f.type == "list"; });
  if (field == manifest.fields.end()) {
    reader.fail(*node.member("each"), "bad_manifest", "\"" + name + "\" is no list field of the connection",
                "add it to fields with type: list");
  }
  return name;
}

// An operation that the hub calls by itself.
std::string read_call(ManifestReader& reader, const YamlNode& node, std::string_view key, const Manifest& manifest,
                      bool required) {
  std::string name = required ? reader.required_text(node, key) : reader.text(node, key);
  if (name.empty()) return name;
  const Operation* operation = manifest.operation(name);
  if (operation == nullptr) {
    reader.fail(*node.member(key), "bad_manifest", "there is no operation \"" + name + "\"", "add it to operations");
  } else if (operation->safety == Safety::unsafe) {
    reader.fail(*node.member(key), "bad_manifest", name + " is called again and again, so it must not be unsafe",
                "give it safety: idempotent");
  }
  return name;
}

Millis read_every(ManifestReader& reader, const YamlNode& node, Millis fallback) {
  const Millis every = reader.duration(node, "every", fallback);
  if (every < kEveryLeast) reader.fail(node, "bad_manifest", "every must be at least 5s");
  return every;
}

Poll read_poll(ManifestReader& reader, const std::string& name, const YamlNode& node, const Manifest& manifest) {
  Poll out;
  out.name = name;
  out.title = reader.local(node, "title", true, name);
  out.help = reader.local(node, "help", true, name);
  out.each = read_each(reader, node, manifest);
  out.events = reader.texts(node, "events");
  if (out.events.empty()) reader.fail(node, "missing_key", name + " tells no events", "name their topics in events");
  for (const auto& topic : out.events) {
    if (manifest.event(topic) == nullptr)
      reader.fail(*node.member("events"), "bad_manifest", "there is no event \"" + topic + "\"", "add it to events");
  }
  out.every_for = read_every(reader, node, out.every_for);
  out.wake_by = reader.texts(node, "wake_by");
  out.optional = reader.flag(node, "optional", false);
  if (!out.wake_by.empty() && !manifest.webhook)
    reader.fail(*node.member("wake_by"), "bad_manifest", "nothing can wake a connector without webhook", "delete it");
  return out;
}

// A whole number, or "{field}": what that field of the connection says. `field` is "" for a number.
std::int64_t read_number(ManifestReader& reader, const YamlNode& node, std::string_view key, std::int64_t fallback,
                         std::int64_t most, const Manifest& manifest, std::string& field) {
  const YamlNode* member = node.member(key);
  const std::string* written = member == nullptr ? nullptr : member->scalar.if_string();
  const std::string text = written == nullptr ? std::string() : *written;
  if (!text.starts_with('{') || !text.ends_with('}')) return reader.integer(node, key, fallback, 1, most);
  field = text.substr(1, text.size() - 2);
  const bool known = std::any_of(manifest.fields.begin(), manifest.fields.end(),
                                 [&](const Field& one) { return one.name == field && one.type == "integer"; });
  if (!known)
    reader.fail(*member, "bad_manifest", "\"" + field + "\" is no integer field of the connection",
                "add it to fields with type: integer");
  return fallback;
}

Bucket read_bucket(ManifestReader& reader, const YamlNode& node, const Manifest& manifest) {
  Bucket out;
  if (!reader.keys(node, "a bucket", {"name", "rate", "per", "operations", "when", "by"})) return out;
  out.name = reader.required_text(node, "name");
  if (node.member("rate") == nullptr) reader.fail(node, "missing_key", "the key \"rate\" is missing here");
  out.rate = read_number(reader, node, "rate", 1, kRateMax, manifest, out.rate_field);
  out.per_for = reader.duration(node, "per", out.per_for);
  if (out.per_for <= 0) reader.fail(node, "bad_manifest", "per must be longer than nothing");
  for (auto& name : reader.texts(node, "operations")) {
    if (manifest.operation(name) == nullptr && manifest.poll(name) == nullptr)
      reader.fail(*node.member("operations"), "bad_manifest", "there is no operation or poll \"" + name + "\"");
    out.operations.insert(std::move(name));
  }
  if (const YamlNode* when = node.member("when")) out.when = reader.expression(*when);
  if (const YamlNode* by = node.member("by")) out.by = reader.expression(*by);
  return out;
}

void read_limits(ManifestReader& reader, const YamlNode& root, Manifest& out) {
  const YamlNode* node = root.member("limits");
  if (node == nullptr || !reader.keys(*node, "limits", {"in_flight", "buckets", "learn"})) return;
  out.limits.in_flight =
      read_number(reader, *node, "in_flight", out.limits.in_flight, kInFlightMax, out, out.limits.in_flight_field);
  if (const YamlNode* buckets = node->member("buckets"); buckets != nullptr && reader.is_list(*buckets, "buckets")) {
    for (const auto& item : buckets->items) {
      Bucket bucket = read_bucket(reader, item, out);
      const bool twice = std::any_of(out.limits.buckets.begin(), out.limits.buckets.end(),
                                     [&](const Bucket& b) { return b.name == bucket.name; });
      if (twice) reader.fail(item, "bad_manifest", "two buckets are called \"" + bucket.name + "\"");
      out.limits.buckets.push_back(std::move(bucket));
    }
  }
  const YamlNode* learn = node->member("learn");
  if (learn == nullptr || !reader.keys(*learn, "learn", {"remaining", "reset_after", "restore_per_second", "need"}))
    return;
  const auto expression = [&](std::string_view key, std::optional<expr::Expression>& into) {
    if (const YamlNode* source = learn->member(key)) into = reader.expression(*source);
  };
  expression("remaining", out.limits.remaining);
  expression("reset_after", out.limits.reset_after);
  expression("restore_per_second", out.limits.restore_per_second);
  expression("need", out.limits.need);
}

void check_resources(ManifestReader& reader, const YamlNode& root, const Manifest& manifest) {
  const YamlNode* operations = root.member("operations");
  for (const auto& operation : manifest.operations) {
    for (const auto& input : operation.inputs) {
      if (input.resource.empty() || manifest.resource(input.resource) != nullptr) continue;
      reader.fail(*operations->member(operation.name), "bad_manifest",
                  "there is no resource \"" + input.resource + "\" for the input " + input.name, "add it to resources");
    }
  }
}

}  // namespace

Limits limits_of(const Manifest& manifest, const Value& config) {
  Limits limits = manifest.limits;
  if (!limits.in_flight_field.empty())
    limits.in_flight =
        std::clamp<std::int64_t>(config.number(limits.in_flight_field, limits.in_flight), 1, kInFlightMax);
  std::erase_if(limits.buckets, [&](Bucket& bucket) {
    if (bucket.rate_field.empty()) return false;
    bucket.rate = std::min(config.number(bucket.rate_field), kRateMax);
    return bucket.rate < 1;
  });
  return limits;
}

void read_standing(ManifestReader& reader, const YamlNode& root, Manifest& out) {
  each_entry(reader, root, "polls", [&](const std::string& name, const YamlNode& node) {
    if (!reader.keys(node, "a poll",
                     {"title", "help", "each", "events", "every", "wake_by", "optional", "request", "response",
                      "errors", "items", "event", "key", "data", "cursor", "more"}))
      return;
    out.polls.push_back(read_poll(reader, name, node, out));
  });
  each_entry(reader, root, "subscriptions", [&](const std::string& name, const YamlNode& node) {
    if (!reader.keys(node, "a subscription", {"title", "help", "each", "ensure", "remove", "every"})) return;
    Subscription entry;
    entry.name = name;
    entry.title = reader.local(node, "title", true, name);
    entry.help = reader.local(node, "help", true, name);
    entry.each = read_each(reader, node, out);
    entry.ensure = read_call(reader, node, "ensure", out, true);
    entry.remove = read_call(reader, node, "remove", out, false);
    entry.every_for = read_every(reader, node, entry.every_for);
    if (!out.webhook) reader.fail(node, "bad_manifest", "a subscription is for a connector with webhook");
    out.subscriptions.push_back(std::move(entry));
  });
  each_entry(reader, root, "resources", [&](const std::string& name, const YamlNode& node) {
    if (!reader.keys(node, "a resource", {"title", "help", "list", "every"})) return;
    Resource entry;
    entry.name = name;
    entry.title = reader.local(node, "title", true, name);
    entry.help = reader.local(node, "help", true, name);
    entry.list = read_call(reader, node, "list", out, true);
    entry.every_for = read_every(reader, node, entry.every_for);
    out.resources.push_back(std::move(entry));
  });
  if (!reader.error()) check_resources(reader, root, out);
  read_limits(reader, root, out);
}

}  // namespace ieum::host
