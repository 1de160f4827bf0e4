// The `webhook` section of a manifest.
#include <algorithm>
#include <set>

#include "base/encoding.hpp"
#include "base/http.hpp"
#include "base/limits.hpp"
#include "host/manifest_reader.hpp"

namespace ieum::host {
namespace {

const Field* field_named(const std::vector<Field>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

void want_plain_field(ManifestReader& reader, const YamlNode& node, const std::vector<Field>& fields,
                      const std::string& name) {
  const Field* field = field_named(fields, name);
  if (field == nullptr || field->secret) {
    reader.fail(node, "bad_manifest", "\"" + name + "\" is no plain field of the connection", "add it to fields");
  }
}

// "{timestamp}" and "{body}" are the only holes; a template without the body would leave it unsigned.
void check_over(ManifestReader& reader, const YamlNode& node, const Verification& verification) {
  std::string_view rest = verification.over;
  bool body = false, timestamp = false;
  while (true) {
    const auto open = rest.find('{');
    if (open == std::string_view::npos) break;
    rest.remove_prefix(open);
    if (rest.starts_with("{body}"))
      body = true;
    else if (rest.starts_with("{timestamp}"))
      timestamp = true;
    else
      reader.fail(node, "bad_manifest", "over may hold {timestamp} and {body} only");
    rest.remove_prefix(1);
  }
  if (!body) reader.fail(node, "bad_manifest", "over does not hold {body}, so the body would not be signed");
  const bool given = !verification.timestamp_header.empty() || !verification.timestamp_part.empty();
  if (timestamp && !given && !verification.from_config) {
    reader.fail(node, "bad_manifest", "over holds {timestamp}, but timestamp_header (or parts.timestamp) is missing");
  }
  if (!timestamp && given) {
    reader.fail(node, "bad_manifest", "a timestamp is given, but over does not hold {timestamp}, so it is not signed");
  }
  if (!verification.timestamp_header.empty() && !verification.timestamp_part.empty())
    reader.fail(node, "bad_manifest", "the timestamp is in a header of its own or in parts, not both");
}

Verification read_verification(ManifestReader& reader, const YamlNode& node, const std::vector<Field>& fields) {
  static constexpr std::string_view digests[] = {"sha1", "sha256", "sha512"};
  static constexpr std::string_view encodings[] = {"base64", "hex"};
  Verification out;
  if (!reader.keys(
          node, "an entry of verify",
          {"kind", "when", "when_header", "secret", "header", "digest", "encoding", "prefix", "over",
           "timestamp_header", "parts", "tolerance", "from_config", "empty_body", "secret_encoding", "body"})) {
    return out;
  }
  using Kind = Verification::Kind;
  if (node.member("kind") == nullptr) reader.fail(node, "missing_key", "the key \"kind\" is missing here");
  out.kind = static_cast<Kind>(reader.choice(
      node, "kind", 0, {"hmac", "standard_webhooks", "static_secret", "secret_sha1", "url_token", "basic_user"}));
  if (const YamlNode* when = node.member("when"); when != nullptr && reader.is_map(*when, "when")) {
    for (const auto& member : when->members) {
      want_plain_field(reader, member.value, fields, member.key);
      out.when[member.key] = reader.as_text(member.value, "a value of when");
    }
  }
  out.secret_slot = reader.required_text(node, "secret");
  const Field* slot = field_named(fields, out.secret_slot);
  if (slot == nullptr || !slot->secret) {
    reader.fail(node, "bad_manifest", "\"" + out.secret_slot + "\" is no secret field of the connection",
                "add it to fields with secret: true");
  }
  out.header = reader.text(node, "header");
  out.digest = digests[reader.choice(node, "digest", 1, {"sha1", "sha256", "sha512"})];
  out.encoding = encodings[reader.choice(node, "encoding", 0, {"base64", "hex"})];
  out.secret_base64 = reader.choice(node, "secret_encoding", 0, {"text", "base64"}) == 1;
  out.prefix = reader.text(node, "prefix");
  out.over = reader.text(node, "over", "{body}");
  out.timestamp_header = reader.text(node, "timestamp_header");
  out.when_header = reader.text(node, "when_header");
  if (const YamlNode* parts = node.member("parts");
      parts != nullptr && reader.keys(*parts, "parts", {"timestamp", "signature"})) {
    out.signature_part = reader.required_text(*parts, "signature");
    out.timestamp_part = reader.text(*parts, "timestamp");
  }
  out.tolerance_for = reader.duration(node, "tolerance", out.tolerance_for);
  out.from_config = reader.flag(node, "from_config", false);
  out.empty_body = reader.flag(node, "empty_body", false);
  const bool hmac = out.kind == Kind::hmac;
  if (out.empty_body && out.kind != Kind::static_secret && out.kind != Kind::url_token)
    reader.fail(*node.member("empty_body"), "bad_manifest", "an empty body has nothing to sign", "delete it");
  for (const char* key :
       {"digest", "encoding", "prefix", "over", "timestamp_header", "parts", "from_config", "secret_encoding"}) {
    if (key == std::string_view("prefix") && out.kind == Kind::static_secret) continue;
    if (!hmac && node.member(key) != nullptr) {
      reader.fail(*node.member(key), "bad_manifest", std::string(key) + " is for kind hmac only", "delete it");
    }
  }
  out.body_path = reader.text(node, "body");
  if (!out.body_path.empty() && out.kind != Kind::basic_user)
    reader.fail(*node.member("body"), "bad_manifest", "body is for kind basic_user only", "delete it");
  const bool takes_header =
      out.kind != Kind::standard_webhooks && out.kind != Kind::url_token && out.kind != Kind::basic_user;
  if (takes_header && out.header.empty() && !out.from_config) {
    reader.fail(node, "missing_key", "the key \"header\" is missing here");
  }
  if (!takes_header && !out.header.empty()) {
    reader.fail(*node.member("header"), "bad_manifest", "this kind of verification has no header of its own",
                "delete it");
  }
  if (hmac) check_over(reader, node, out);
  return out;
}

Source read_source(ManifestReader& reader, const YamlNode& node, const std::vector<Field>& fields, int depth = 0) {
  Source out;
  if (!reader.keys(
          node, "a source",
          {"header", "body", "fixed", "body_hash", "config_header", "config_body", "expression", "path", "first"}))
    return out;
  if (node.members.size() != 1) {
    reader.fail(node, "bad_manifest",
                "a source has exactly one of header, body, fixed, body_hash, config_header, config_body, expression, "
                "path, first");
    return out;
  }
  const auto& member = node.members.front();
  if (member.key == "first") {
    out.kind = Source::Kind::first;
    if (depth > 0) reader.fail(node, "bad_manifest", "first cannot stand inside first");
    if (depth == 0 && reader.is_list(member.value, "first")) {
      for (const auto& item : member.value.items) out.choices.push_back(read_source(reader, item, fields, depth + 1));
    }
    return out;
  }
  if (member.key == "expression") {
    out.kind = Source::Kind::expression;
    out.expression = reader.expression(member.value);
    return out;
  }
  out.kind = member.key == "header"          ? Source::Kind::header
             : member.key == "body"          ? Source::Kind::body
             : member.key == "fixed"         ? Source::Kind::fixed
             : member.key == "config_header" ? Source::Kind::config_header
             : member.key == "config_body"   ? Source::Kind::config_body
             : member.key == "path"          ? Source::Kind::path_end
                                             : Source::Kind::body_hash;
  out.name = reader.required_text(node, member.key);
  if (out.kind == Source::Kind::config_header || out.kind == Source::Kind::config_body) {
    want_plain_field(reader, member.value, fields, out.name);
  }
  if (out.kind == Source::Kind::body_hash && out.name != "sha256") {
    reader.fail(member.value, "bad_manifest", "body_hash knows sha256 only");
  }
  if (out.kind == Source::Kind::path_end && out.name != "last")
    reader.fail(member.value, "bad_manifest", "of the path only the last part can be asked for", "path: last");
  return out;
}

std::vector<Source> read_sources(ManifestReader& reader, const YamlNode& map, std::string_view key,
                                 const std::vector<Field>& fields) {
  std::vector<Source> out;
  const YamlNode* node = map.member(key);
  if (node == nullptr || !reader.is_list(*node, key)) return out;
  for (const auto& item : node->items) out.push_back(read_source(reader, item, fields));
  return out;
}

Handshake read_handshake(ManifestReader& reader, const YamlNode& node) {
  Handshake out;
  if (!reader.keys(node, "a handshake", {"when", "reply"})) return out;
  const YamlNode* when = node.member("when");
  const YamlNode* reply = node.member("reply");
  if (when == nullptr || reply == nullptr) {
    reader.fail(node, "missing_key", "a handshake has when and reply");
    return out;
  }
  if (reader.keys(*when, "when", {"path", "equals", "method"})) {
    out.method = reader.text(*when, "method");
    if (!out.method.empty() && when->members.size() != 1)
      reader.fail(*when, "bad_manifest", "method stands alone: such a request is answered before it is verified");
    if (!out.method.empty() && out.method != "GET" && out.method != "HEAD" && out.method != "OPTIONS")
      reader.fail(*when, "bad_manifest", "the method of a handshake is GET, HEAD or OPTIONS");
    if (out.method.empty()) {
      out.when_path = reader.required_text(*when, "path");
      out.equals = reader.required_text(*when, "equals");
    }
  }
  if (reader.keys(*reply, "reply", {"path", "content_type"})) {
    out.reply_path = reader.text(*reply, "path");
    out.content_type = reader.text(*reply, "content_type", "text/plain");
    if (!out.method.empty() && !out.reply_path.empty())
      reader.fail(*reply, "bad_manifest", "nothing of a request that is not verified is sent back", "delete path");
  }
  return out;
}

// Of `bind` and of `expect`.
Binding read_binding(ManifestReader& reader, const YamlNode& node, const std::vector<Field>& fields,
                     const std::string& key) {
  Binding out;
  if (!reader.keys(node, "an entry of " + key, {"header", "body", "first", "field"})) return out;
  const YamlNode* first = node.member("first");
  const std::string header = reader.text(node, "header");
  const std::string body = reader.text(node, "body");
  if ((header.empty() ? 0 : 1) + (body.empty() ? 0 : 1) + (first == nullptr ? 0 : 1) != 1)
    reader.fail(node, "bad_manifest", "an entry of " + key + " has exactly one of header, body and first");
  out.source.kind = first != nullptr ? Source::Kind::first : header.empty() ? Source::Kind::body : Source::Kind::header;
  out.source.name = header + body;
  if (first != nullptr && reader.is_list(*first, "first"))
    for (const auto& item : first->items) out.source.choices.push_back(read_source(reader, item, fields, 1));
  out.config_field = reader.required_text(node, "field");
  want_plain_field(reader, node, fields, out.config_field);
  return out;
}

// A kept header must not carry what proves the sender.
void check_kept(ManifestReader& reader, const YamlNode& node, const WebhookSpec& spec) {
  for (const auto& name : spec.keep_headers) {
    if (name != to_lower_ascii(name))
      reader.fail(node, "bad_manifest", "keep_headers are written in lower case", to_lower_ascii(name));
    const bool proof = name == "webhook-signature" || name == "authorization" || name == "cookie" ||
                       std::any_of(spec.verify.begin(), spec.verify.end(),
                                   [&](const Verification& v) { return equals_ignoring_case(v.header, name); });
    if (proof)
      reader.fail(node, "bad_manifest", "the header " + name + " proves the sender and is never stored", "delete it");
  }
}

Untrusted read_untrusted(ManifestReader& reader, const YamlNode& node, const std::vector<Field>& fields) {
  Untrusted out;
  if (!reader.keys(node, "untrusted", {"when", "identities", "sites", "rate"})) return out;
  if (const YamlNode* when = node.member("when"); when != nullptr && reader.is_map(*when, "when")) {
    for (const auto& member : when->members) {
      want_plain_field(reader, member.value, fields, member.key);
      out.when[member.key] = reader.as_text(member.value, "a value of when");
    }
  }
  for (auto& kind : reader.texts(node, "identities")) out.identities.insert(std::move(kind));
  out.sites_field = reader.required_text(node, "sites");
  want_plain_field(reader, node, fields, out.sites_field);
  out.rate_field = reader.required_text(node, "rate");
  want_plain_field(reader, node, fields, out.rate_field);
  return out;
}

bool shared_address_valid(std::string_view at) {
  return at.size() >= 2 && at.size() <= 32 && at.front() == '/' &&
         std::all_of(at.begin() + 1, at.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

}  // namespace

bool WebhookSpec::takes_empty_body() const {
  return std::any_of(verify.begin(), verify.end(), [](const Verification& entry) { return entry.empty_body; });
}

WebhookSpec read_webhook(ManifestReader& reader, const YamlNode& node, const std::vector<Field>& fields) {
  WebhookSpec out;
  if (!reader.keys(node, "webhook", {"verify",       "at",
                                     "untrusted",    "handshakes",
                                     "bind",         "expect",
                                     "topic",        "dedupe",
                                     "keep_headers", "events",
                                     "format",       "json_field",
                                     "reply",        "body_bytes_max",
                                     "open_topics",  "about_customers",
                                     "items",        "event",
                                     "key",          "data"})) {
    return out;
  }
  const YamlNode* verify = node.member("verify");
  if (verify != nullptr && reader.is_list(*verify, "verify")) {
    for (const auto& item : verify->items) out.verify.push_back(read_verification(reader, item, fields));
  }
  if (out.verify.empty()) {
    reader.fail(node, "missing_key", "a webhook without verify would take events from anyone",
                "add verify with at least one entry");
  }
  out.at = reader.text(node, "at");
  if (!out.at.empty() && !shared_address_valid(out.at))
    reader.fail(*node.member("at"), "bad_manifest", "a shared address is one part of small letters and digits",
                "for example /v1");
  if (const YamlNode* untrusted = node.member("untrusted"); untrusted != nullptr)
    out.untrusted = read_untrusted(reader, *untrusted, fields);
  if (const YamlNode* list = node.member("handshakes"); list != nullptr && reader.is_list(*list, "handshakes")) {
    for (const auto& item : list->items) out.handshakes.push_back(read_handshake(reader, item));
  }
  if (const YamlNode* list = node.member("bind"); list != nullptr && reader.is_list(*list, "bind")) {
    for (const auto& item : list->items) out.bindings.push_back(read_binding(reader, item, fields, "bind"));
  }
  if (const YamlNode* list = node.member("expect"); list != nullptr && reader.is_list(*list, "expect")) {
    for (const auto& item : list->items) out.expected.push_back(read_binding(reader, item, fields, "expect"));
  }
  for (const char* key : {"event", "key", "data"}) {
    if (node.member(key) != nullptr && node.member("items") == nullptr)
      reader.fail(*node.member(key), "bad_manifest", std::string(key) + " is said of `items`, and there are none",
                  "add items, or delete it");
  }
  out.topic = read_sources(reader, node, "topic", fields);
  if (out.topic.empty())
    reader.fail(node, "missing_key", "the key \"topic\" is missing here", "for example topic: [{fixed: received}]");
  out.dedupe = read_sources(reader, node, "dedupe", fields);
  out.keep_headers = reader.texts(node, "keep_headers");
  if (const YamlNode* kept = node.member("keep_headers")) check_kept(reader, *kept, out);
  out.events = static_cast<WebhookSpec::Events>(reader.choice(node, "events", 0, {"body", "module"}));
  out.format = static_cast<WebhookSpec::Format>(reader.choice(node, "format", 0, {"json", "form", "auto"}));
  out.json_field = reader.text(node, "json_field");
  if (const YamlNode* reply = node.member("reply");
      reply != nullptr && reader.keys(*reply, "reply", {"body", "content_type"})) {
    out.reply_body = reader.text(*reply, "body");
    out.reply_type = reader.text(*reply, "content_type", "text/plain");
  }
  out.open_topics = reader.flag(node, "open_topics", false);
  out.about_customers = reader.flag(node, "about_customers", false);
  out.body_bytes_max = static_cast<std::size_t>(
      reader.integer(node, "body_bytes_max", limits::kBodyBytes, 1, static_cast<std::int64_t>(limits::kBodyBytesMax)));
  return out;
}

}  // namespace ieum::host
