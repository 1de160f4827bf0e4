#include "host/manifest_reader.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::host {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& known) {
  std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::string_view found;
  for (const auto candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return std::string(found);
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

constexpr std::size_t kPasteBytes = 16 * 1024;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

std::string ManifestReader::suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string near = nearest(word, known);
  return near.empty() ? "known are " + listed(known) : "did you mean \"" + near + "\"";
}

std::string ManifestReader::place(std::size_t line, std::size_t column) const {
  return file_ + ":" + std::to_string(line) + ":" + std::to_string(column);
}

void ManifestReader::fail(std::size_t line, std::size_t column, std::string code, std::string what, std::string mend) {
  if (!error_) error_ = Error(std::move(code), std::move(what), std::move(mend), place(line, column));
}

void ManifestReader::fail(const YamlNode& node, std::string code, std::string what, std::string mend) {
  fail(node.line, node.column, std::move(code), std::move(what), std::move(mend));
}

void ManifestReader::warn(const YamlNode& node, std::string code, std::string what, std::string mend) {
  if (warnings_ != nullptr) {
    warnings_->emplace_back(std::move(code), std::move(what), std::move(mend), place(node.line, node.column));
  }
}

bool ManifestReader::is_map(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::map) return true;
  fail(node, "bad_manifest", std::string(what) + " must be a map of keys");
  return false;
}

bool ManifestReader::is_list(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::list) return true;
  fail(node, "bad_manifest", std::string(what) + " must be a list");
  return false;
}

bool ManifestReader::keys(const YamlNode& node, std::string_view what, std::initializer_list<std::string_view> known) {
  if (!is_map(node, what)) return false;
  const std::vector<std::string_view> words(known);
  for (const auto& member : node.members) {
    if (std::find(words.begin(), words.end(), member.key) != words.end()) continue;
    fail(member.line, member.column, "unknown_key", std::string(what) + " has no key " + quoted(member.key),
         suggestion(member.key, words));
  }
  return true;
}

std::string ManifestReader::as_text(const YamlNode& node, std::string_view what) {
  if (node.kind == YamlNode::Kind::scalar) {
    if (const auto* text = node.scalar.if_string()) return *text;
  }
  fail(node, "bad_manifest", std::string(what) + " must be a text", "put it in quotes");
  return {};
}

std::string ManifestReader::text(const YamlNode& map, std::string_view key, std::string_view fallback) {
  const YamlNode* node = map.member(key);
  return node == nullptr ? std::string(fallback) : as_text(*node, key);
}

std::string ManifestReader::required_text(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.member(key);
  if (node == nullptr) {
    fail(map, "missing_key", "the key " + quoted(key) + " is missing here");
    return {};
  }
  std::string text = as_text(*node, key);
  if (text.empty()) fail(*node, "missing_key", std::string(key) + " is empty");
  return text;
}

bool ManifestReader::flag(const YamlNode& map, std::string_view key, bool fallback) {
  const YamlNode* node = map.member(key);
  if (node == nullptr) return fallback;
  if (const auto* value = node->scalar.if_bool()) return *value;
  fail(*node, "bad_manifest", std::string(key) + " must be true or false");
  return fallback;
}

std::int64_t ManifestReader::integer(const YamlNode& map, std::string_view key, std::int64_t fallback,
                                     std::int64_t least, std::int64_t most) {
  const YamlNode* node = map.member(key);
  if (node == nullptr) return fallback;
  const auto* value = node->scalar.if_int();
  if (value != nullptr && *value >= least && *value <= most) return *value;
  fail(*node, "bad_manifest",
       std::string(key) + " must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return fallback;
}

Millis ManifestReader::duration(const YamlNode& map, std::string_view key, Millis fallback) {
  const YamlNode* node = map.member(key);
  if (node == nullptr) return fallback;
  auto value = parse_duration(as_text(*node, key));
  if (value.has_value()) return *value;
  fail(*node, "bad_manifest", std::string(key) + " must be a duration", "for example 1500ms, 30s, 5m");
  return fallback;
}

std::size_t ManifestReader::choice(const YamlNode& map, std::string_view key, std::size_t fallback,
                                   std::initializer_list<std::string_view> known) {
  const YamlNode* node = map.member(key);
  if (node == nullptr) return fallback;
  const std::string word = as_text(*node, key);
  const std::vector<std::string_view> words(known);
  const auto found = std::find(words.begin(), words.end(), word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  fail(*node, "bad_manifest", quoted(word) + " is no " + std::string(key), suggestion(word, words));
  return fallback;
}

std::vector<std::string> ManifestReader::texts(const YamlNode& map, std::string_view key) {
  std::vector<std::string> out;
  const YamlNode* node = map.member(key);
  if (node == nullptr || !is_list(*node, key)) return out;
  for (const auto& item : node->items) out.push_back(as_text(item, "an entry of " + std::string(key)));
  return out;
}

LocalText ManifestReader::local(const YamlNode& map, std::string_view key, bool wanted, const std::string& of) {
  LocalText out;
  const YamlNode* node = map.member(key);
  if (node != nullptr && keys(*node, key, {"ko", "en"})) {
    out.ko = text(*node, "ko");
    out.en = text(*node, "en");
  }
  if (wanted && (out.ko.empty() || out.en.empty())) {
    const std::string language = out.ko.empty() ? (out.en.empty() ? "Korean and English" : "Korean") : "English";
    warn(node == nullptr ? map : *node, "missing_text", of + " has no " + std::string(key) + " in " + language,
         "write " + std::string(key) + ": {ko: ..., en: ...}");
  }
  return out;
}

std::optional<expr::Expression> ManifestReader::expression(const YamlNode& node) {
  const std::string source = as_text(node, "an expression");
  if (error_) return std::nullopt;
  auto parsed = expr::Expression::parse(source);
  if (parsed.has_value()) return std::move(*parsed);
  const Error& error = parsed.error();
  fail(node, "bad_expression", error.what + (error.place.empty() ? "" : " (at " + error.place + " of the expression)"),
       error.mend);
  return std::nullopt;
}

std::optional<Value> ManifestReader::sample(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::scalar) return node.value();
  const std::string path = as_text(node, "a sample's file name");
  if (error_ || !files_) return std::nullopt;
  if (path.empty() || path.front() == '/' || path.find("..") != std::string::npos ||
      path.find('\0') != std::string::npos) {
    fail(node, "bad_sample", quoted(path) + " is no file beside the manifest", "for example samples/order.json");
    return std::nullopt;
  }
  auto bytes = files_(path);
  if (bytes.has_error()) {
    fail(node, "bad_sample", bytes.error().what, bytes.error().mend);
    return std::nullopt;
  }
  auto value = parse_json(*bytes);
  if (value.has_error()) {
    fail(node, "bad_sample", path + " is no JSON: " + value.error().what + " (" + value.error().place + ")");
    return std::nullopt;
  }
  return std::move(*value);
}

// How a field of a connection is entered.
void ManifestReader::read_entry(const YamlNode& node, Field& out) {
  if (const YamlNode* when = node.member("when"); when != nullptr && is_map(*when, "when")) {
    for (const auto& member : when->members) {
      auto& values = out.when[member.key];
      if (member.value.kind == YamlNode::Kind::list)
        for (const auto& item : member.value.items) values.push_back(as_text(item, "a value of when"));
      else
        values.push_back(as_text(member.value, "a value of when"));
    }
  }
  out.pattern = text(node, "pattern");
  if (!out.pattern.empty()) {
    auto fits = expr::Expression::parse("value.matches(" + write_json("^(?:" + out.pattern + ")$") + ")");
    if (fits.has_error())
      fail(*node.member("pattern"), "bad_manifest", "the pattern cannot be read: " + fits.error().what);
    else
      out.fits_pattern = std::move(*fits);
  }
  const std::string file = text(node, "paste");
  if (file.empty() || error_) return;
  if (!out.generate || file.find('/') != std::string::npos || file.find('\0') != std::string::npos)
    return fail(*node.member("paste"), "bad_manifest",
                "only a generated secret is pasted, in a file beside the manifest",
                "for example generate: true, paste: sender.gs");
  if (!files_) return;
  auto bytes = files_(file);
  if (bytes.has_error()) return fail(*node.member("paste"), "bad_manifest", bytes.error().what, bytes.error().mend);
  if (bytes->size() > kPasteBytes || bytes->find("{secret}") == std::string::npos)
    return fail(*node.member("paste"), "bad_manifest", quoted(file) + " must hold {secret}, and at most 16 KiB");
  out.paste = std::move(*bytes);
}

Field ManifestReader::field(const std::string& name, const YamlNode& node, bool help_wanted, bool secrets_allowed,
                            const std::string& of) {
  static constexpr std::string_view types[] = {"string", "integer", "number", "boolean", "list", "map", "any", "time"};
  Field out;
  out.name = name;
  if (!keys(node, "a field",
            {"type", "required", "required_when", "secret", "generate", "derive", "choices", "default", "resource",
             "title", "help", "when", "pattern", "paste", "search"}))
    return out;
  out.type = types[choice(node, "type", 0, {"string", "integer", "number", "boolean", "list", "map", "any", "time"})];
  out.required = flag(node, "required", false);
  if (const YamlNode* when = node.member("required_when"); when != nullptr && is_map(*when, "required_when")) {
    for (const auto& one : when->members) out.required_when[one.key] = as_text(one.value, "a value of required_when");
    if (!secrets_allowed) fail(*when, "bad_manifest", "only a field of the connection has required_when", "delete it");
  }
  out.secret = flag(node, "secret", false);
  out.generate = flag(node, "generate", false);
  if (const YamlNode* resource = node.member("resource"); resource != nullptr) {
    if (resource->kind != YamlNode::Kind::map) {
      out.resource = text(node, "resource");
    } else if (keys(*resource, "resource", {"name", "strict"})) {
      out.resource = required_text(*resource, "name");
      out.resource_strict = flag(*resource, "strict", true);
    }
  }
  out.choices = texts(node, "choices");
  out.search = text(node, "search");
  if (!out.search.empty() && secrets_allowed)
    fail(*node.member("search"), "bad_manifest", "only fields of events are searched by", "delete it");
  if (const YamlNode* fallback = node.member("default")) out.fallback = fallback->value();
  const std::string what = of + " field " + quoted(name);
  out.title = local(node, "title", true, what);
  out.help = local(node, "help", help_wanted, what);
  if (const YamlNode* derive = node.member("derive");
      derive != nullptr && keys(*derive, "derive", {"from", "after_last", "member"})) {
    out.derive_from = required_text(*derive, "from");
    out.derive_after = text(*derive, "after_last");
    out.derive_member = text(*derive, "member");
    if (out.derive_after.empty() == out.derive_member.empty())
      fail(*derive, "bad_manifest", "derive says what to take of the secret in one way",
           "write after_last: text, or member: name");
    if (out.secret || !secrets_allowed)
      fail(*derive, "bad_manifest", "only a field of the connection that is no secret derives from one");
  }
  read_entry(node, out);
  if (!secrets_allowed && (!out.when.empty() || !out.pattern.empty() || !out.paste.empty()))
    fail(node, "bad_manifest", what + " has a key that only fields of the connection have",
         "leave out when, pattern and paste");
  if (out.generate && !out.secret)
    fail(*node.member("generate"), "bad_manifest", "only a secret is generated", "add secret: true");
  if (!out.resource.empty() && secrets_allowed)
    fail(*node.member("resource"), "bad_manifest", "only inputs choose from a resource", "delete it");
  if (!out.secret) return out;
  if (!secrets_allowed) fail(node, "bad_manifest", what + " cannot be secret", "only fields of the connection can");
  if (out.type != "string") fail(node, "bad_manifest", what + " is secret, so its type must be string");
  if (out.fallback || !out.choices.empty()) {
    fail(node, "bad_manifest", what + " is secret, so it has neither default nor choices");
  }
  return out;
}

std::vector<Field> ManifestReader::fields(const YamlNode& map, std::string_view key, bool help_wanted,
                                          bool secrets_allowed, const std::string& of) {
  std::vector<Field> out;
  const YamlNode* node = map.member(key);
  if (node == nullptr || !is_map(*node, key)) return out;
  for (const auto& member : node->members) {
    out.push_back(field(member.key, member.value, help_wanted, secrets_allowed, of));
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto& wanted : out[i].required_when) {
      const bool known =
          std::any_of(out.begin(), out.end(), [&](const Field& f) { return f.name == wanted.first && !f.secret; });
      if (!known)
        fail(node->members[i].value, "bad_manifest", quoted(wanted.first) + " is no plain field of the connection",
             "add it to fields");
    }
  }
  return out;
}

}  // namespace ieum::host
