// The `auth` section of a manifest, and which of its schemes a connection uses.
#include <algorithm>
#include <string>

#include "base/ids.hpp"
#include "base/url.hpp"
#include "host/body.hpp"
#include "host/manifest_reader.hpp"

namespace ieum::host {
namespace {

enum Kind { none, bearer, header, basic, query, solapi_hmac, url, oauth2_code, oauth2_client, jwt_bearer };

const Field* field_named(const Manifest& manifest, std::string_view name) {
  const auto found =
      std::find_if(manifest.fields.begin(), manifest.fields.end(), [&](const Field& f) { return f.name == name; });
  return found == manifest.fields.end() ? nullptr : &*found;
}

// Whether the slot holds the token that another scheme fetches: "oauth.access_token".
bool is_token_of(const YamlNode& auth, std::string_view slot) {
  constexpr std::string_view kEnd = ".access_token";
  if (!slot.ends_with(kEnd)) return false;
  const YamlNode* scheme = auth.member(slot.substr(0, slot.size() - kEnd.size()));
  const YamlNode* kind = scheme == nullptr ? nullptr : scheme->member("kind");
  const std::string* word = kind == nullptr ? nullptr : kind->scalar.if_string();
  return word != nullptr && (*word == "oauth2_code" || *word == "oauth2_client" || *word == "jwt_bearer");
}

void want_secret(ManifestReader& reader, const YamlNode& node, const Manifest& manifest, std::string_view key,
                 const YamlNode* auth = nullptr) {
  const std::string slot = reader.required_text(node, key);
  if (auth != nullptr && is_token_of(*auth, slot)) return;
  const Field* field = field_named(manifest, slot);
  if (field == nullptr || !field->secret) {
    reader.fail(node, "bad_manifest", "\"" + slot + "\" is no secret field of the connection",
                "add it to fields with secret: true");
  }
}

bool plain_field(const Manifest& manifest, std::string_view name) {
  const Field* field = field_named(manifest, name);
  return field != nullptr && !field->secret;
}

// "{login_url}/oauth/token" must be a web address once its holes are filled.
void check_url(ManifestReader& reader, const YamlNode& node, const Manifest& manifest, std::string_view key) {
  const std::string pattern = reader.required_text(node, key);
  const YamlNode& place = node.member(key) != nullptr ? *node.member(key) : node;
  std::string filled;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      filled += pattern[i];
      continue;
    }
    const std::size_t close = pattern.find('}', i);
    const std::string name = close == std::string::npos ? "" : pattern.substr(i + 1, close - i - 1);
    if (!plain_field(manifest, name)) {
      return reader.fail(place, "bad_manifest", "\"" + pattern + "\" names no plain field of the connection");
    }
    filled += i == 0 ? "https://host" : "host";  // at the beginning the field holds the whole origin
    i = close;
  }
  if (parse_url(filled).has_error()) {
    reader.fail(place, "bad_manifest", "\"" + pattern + "\" is no web address", "write https://host/path");
  }
}

void check_texts(ManifestReader& reader, const YamlNode& node, std::string_view key) {
  const YamlNode* map = node.member(key);
  if (map == nullptr || !reader.is_map(*map, key)) return;
  for (const auto& member : map->members) reader.as_text(member.value, member.key);
}

void check_token_scheme(ManifestReader& reader, const YamlNode& node, const Manifest& manifest, std::size_t kind) {
  check_url(reader, node, manifest, "token_url");
  reader.texts(node, "scopes");
  reader.text(node, "scope_separator");
  reader.choice(node, "request", 0, {"form", "json"});
  check_texts(reader, node, "token_extra");
  if (node.member("format") != nullptr && reader.text(node, "format").find("{secret}") == std::string::npos)
    reader.fail(*node.member("format"), "bad_manifest", "the format does not hold {secret}");
  if (kind == jwt_bearer) {
    want_secret(reader, node, manifest, "slot");
    reader.text(node, "audience");
    if (const std::string subject = reader.text(node, "subject"); !subject.empty() && !plain_field(manifest, subject))
      reader.fail(node, "bad_manifest", "\"" + subject + "\" is no plain field of the connection", "add it to fields");
    return;
  }
  const std::string id = reader.required_text(node, "client_id");
  if (!plain_field(manifest, id)) {
    reader.fail(node, "bad_manifest", "\"" + id + "\" is no plain field of the connection", "add it to fields");
  }
  if (node.member("client_secret") != nullptr || kind == oauth2_client)
    want_secret(reader, node, manifest, "client_secret");
  reader.choice(node, "client_auth", 0, {"body", "basic"});
  if (kind != oauth2_code) return;
  check_url(reader, node, manifest, "authorize_url");
  check_texts(reader, node, "authorize_extra");
  reader.flag(node, "pkce", true);
  reader.choice(node, "callback", 0, {"plain", "shopify"});
  if (node.member("client_secret") == nullptr && !reader.flag(node, "pkce", true))
    reader.fail(node, "bad_manifest", "without client_secret and without pkce anybody could redeem a code",
                "name client_secret, or leave pkce on");
}

void check_scheme(ManifestReader& reader, const YamlNode& auth, const YamlNode& node, const Manifest& manifest) {
  std::size_t kind = none;
  if (node.member("kind") != nullptr) {
    kind = reader.choice(node, "kind", none,
                         {"none", "bearer", "header", "basic", "query", "solapi_hmac", "url", "oauth2_code",
                          "oauth2_client", "jwt_bearer"});
  }
  bool known = false;
  switch (kind) {
    case oauth2_code:
      known = reader.keys(node, "a scheme of kind oauth2_code",
                          {"kind", "when", "authorize_url", "token_url", "client_id", "client_secret", "scopes",
                           "scope_separator", "pkce", "client_auth", "request", "authorize_extra", "token_extra",
                           "header", "format", "callback", "after_login"});
      break;
    case oauth2_client:
      known = reader.keys(node, "a scheme of kind oauth2_client",
                          {"kind", "when", "token_url", "client_id", "client_secret", "scopes", "scope_separator",
                           "client_auth", "request", "token_extra", "header", "format"});
      break;
    case jwt_bearer:
      known = reader.keys(node, "a scheme of kind jwt_bearer",
                          {"kind", "when", "slot", "token_url", "audience", "subject", "scopes", "scope_separator",
                           "request", "token_extra", "header", "format"});
      break;
    default: known = reader.keys(node, "a scheme of auth", {"kind", "when", "slot", "header", "format", "user"});
  }
  if (!known) return;
  reader.required_text(node, "kind");
  if (const YamlNode* when = node.member("when"); when != nullptr && reader.is_map(*when, "when")) {
    for (const auto& member : when->members) {
      if (!plain_field(manifest, member.key))
        reader.fail(member.value, "bad_manifest", "\"" + member.key + "\" is no plain field of the connection",
                    "add it to fields");
      reader.as_text(member.value, "a value of when");
    }
  }
  for (const char* key : {"header", "format", "user"}) reader.text(node, key);
  if (kind == none) return;
  if (kind >= oauth2_code) return check_token_scheme(reader, node, manifest, kind);
  want_secret(reader, node, manifest, "slot", &auth);
  if (kind == header || kind == query) reader.required_text(node, "header");
  if (kind == solapi_hmac) reader.required_text(node, "user");
}

bool fits(const Manifest& manifest, const Value& scheme, const Value& config) {
  const Value* when = scheme.get("when");
  if (when == nullptr || !when->is_map()) return true;
  return std::all_of(when->if_map()->begin(), when->if_map()->end(), [&](const auto& condition) {
    return config_text(manifest, config, *condition.first.if_string()) == scalar_text(condition.second).value_or("");
  });
}

}  // namespace

void read_auth(ManifestReader& reader, const YamlNode& root, Manifest& out) {
  if (const YamlNode* auth = root.member("auth"); auth != nullptr && reader.is_map(*auth, "auth")) {
    for (const auto& member : auth->members) {
      if (!is_name(member.key)) {
        reader.fail(member.line, member.column, "bad_manifest", "\"" + member.key + "\" is no name",
                    "lower-case letters, digits, - and _, a letter first");
      }
      check_scheme(reader, *auth, member.value, out);
      out.auth[member.key] = member.value.value();
      if (const std::string asked = reader.text(member.value, "after_login"); !asked.empty())
        out.after_login[member.key] = asked;
    }
  }
  const YamlNode* chosen = root.member("default_auth");
  if (chosen == nullptr) return;
  if (chosen->kind == YamlNode::Kind::list)
    out.default_auth = reader.texts(root, "default_auth");
  else
    out.default_auth = {reader.text(root, "default_auth")};
  for (const auto& name : out.default_auth) {
    if (!out.auth.contains(name)) reader.fail(*chosen, "bad_manifest", "auth has no scheme \"" + name + "\"");
  }
}

std::optional<std::string> auth_of(const Manifest& manifest, const Value& config) {
  if (manifest.default_auth.empty()) return std::string();
  for (const auto& name : manifest.default_auth) {
    const auto found = manifest.auth.find(name);
    if (found != manifest.auth.end() && fits(manifest, found->second, config)) return name;
  }
  return std::nullopt;
}

bool is_required(const Manifest& manifest, const Field& field, const Value& config) {
  return field.required || (!field.required_when.empty() &&
                            std::all_of(field.required_when.begin(), field.required_when.end(), [&](const auto& one) {
                              return config_text(manifest, config, one.first) == one.second;
                            }));
}

Value config_with_defaults(const Manifest& manifest, const Value& config) {
  Map out = config.is_map() ? *config.if_map() : Map();
  for (const auto& field : manifest.fields) {
    const Value* given = out.find(field.name);
    if (field.fallback && (given == nullptr || given->is_null())) out.set(field.name, *field.fallback);
  }
  return out;
}

}  // namespace ieum::host
