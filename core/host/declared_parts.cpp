// Reads expressions, templates, requests and error rules of a manifest, and refuses names that will not be there.
#include <algorithm>

#include "base/encoding.hpp"
#include "base/url.hpp"
#include "host/declared_reader.hpp"

namespace ieum::host {
namespace {

constexpr std::size_t kErrorsMax = 50;
constexpr std::size_t kMembersMax = 200;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::vector<std::string_view> names_of(const std::vector<Field>& fields) {
  std::vector<std::string_view> out;
  for (const Field& field : fields)
    if (!field.secret) out.emplace_back(field.name);
  return out;
}

void want_member(ManifestReader& reader, const YamlNode& node, const std::string& root, const std::string& name,
                 const std::vector<std::string_view>& known) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  reader.fail(node, "unknown_name", quoted(root + "." + name) + " is not there",
              known.empty() ? "" : reader.suggestion(name, known));
}

void check_use(ManifestReader& reader, const YamlNode& node, const expr::PathUse& use, const Sight& sight) {
  const std::string& root = use.names.front();
  if (!sight.roots.contains(root)) {
    reader.fail(node, "unknown_name", quoted(root) + " is not known here",
                reader.suggestion(root, {sight.roots.begin(), sight.roots.end()}));
    return;
  }
  if (use.names.size() < 2) return;
  const std::string& name = use.names[1];
  if (root == "config") {
    const auto& fields = sight.manifest->fields;
    const bool secret =
        std::any_of(fields.begin(), fields.end(), [&](const Field& f) { return f.secret && f.name == name; });
    if (secret)
      reader.fail(node, "unknown_name", quoted(name) + " is secret, so no expression sees it",
                  "use `auth`, or `fill` for a secret in a body");
    else
      want_member(reader, node, root, name, names_of(fields));
  } else if (root == "inputs" && sight.inputs != nullptr) {
    want_member(reader, node, root, name, names_of(*sight.inputs));
  } else if (root == "steps") {
    want_member(reader, node, root, name, {sight.steps.begin(), sight.steps.end()});
  }
}

void check_uses(ManifestReader& reader, const YamlNode& node, const std::vector<std::string>& roots,
                const std::vector<expr::PathUse>& uses, const Sight& sight) {
  for (const std::string& root : roots) check_use(reader, node, {{root}, false, 1, 1}, sight);
  for (const expr::PathUse& use : uses) check_use(reader, node, use, sight);
}

void bad_text(ManifestReader& reader, const YamlNode& node, const Error& error) {
  reader.fail(node, "bad_expression", error.what + (error.place.empty() ? "" : " (at " + error.place + " of the text)"),
              error.mend);
}

std::vector<std::pair<std::string, TemplateNode>> read_members(ManifestReader& reader, const YamlNode& map,
                                                               std::string_view key, const Sight& sight) {
  std::vector<std::pair<std::string, TemplateNode>> out;
  const YamlNode* node = map.member(key);
  if (node == nullptr || !reader.is_map(*node, key)) return out;
  if (node->members.size() > kMembersMax) reader.fail(*node, "bad_manifest", "more than 200 entries");
  for (const auto& member : node->members) {
    if (member.value.kind == YamlNode::Kind::map)
      reader.fail(member.value, "bad_manifest", std::string(key) + " entries are texts, numbers or lists");
    out.emplace_back(member.key, read_node(reader, member.value, sight));
  }
  return out;
}

void check_header(ManifestReader& reader, const YamlNode& request, const std::string& name) {
  const YamlNode& node = *request.member("headers")->member(name);
  const std::string lower = to_lower_ascii(name);
  if (lower == "authorization" || lower == "proxy-authorization" || lower == "cookie")
    reader.fail(node, "bad_manifest", "the header " + name + " holds credentials", "use a scheme of `auth`");
  const auto checked = check_outbound_header(name, "x");
  if (checked.has_error()) reader.fail(node, "bad_manifest", checked.error().what, checked.error().mend);
}

// The text with each hole filled by something harmless must be an address, or the path of one.
void check_address(ManifestReader& reader, const YamlNode& node, const expr::Template& text, bool whole) {
  std::string filled;
  const std::string& source = text.text();
  for (std::size_t at = 0; at < source.size();) {
    if (source.compare(at, 2, "{{") != 0) {
      filled += source[at++];
      continue;
    }
    const std::size_t end = source.find("}}", at);
    filled += at == 0 && whole ? "https://host" : "x";
    at = end == std::string::npos ? source.size() : end + 2;
  }
  if (filled.find('?') != std::string::npos || filled.find('#') != std::string::npos)
    return reader.fail(node, "bad_manifest", "an address has no ? and no # here", "write the parameters under `query`");
  if (!whole && !filled.starts_with('/')) return reader.fail(node, "bad_manifest", "a path begins with /");
  const auto url = parse_url(whole ? filled : "https://host" + filled);
  if (url.has_error()) reader.fail(node, "bad_manifest", "this makes no address: " + url.error().what);
}

void read_body_of(ManifestReader& reader, const YamlNode& node, const Sight& sight, DeclaredRequest& out) {
  using Body = DeclaredRequest::Body;
  int bodies = 0;
  const auto take = [&](std::string_view key, Body kind) {
    const YamlNode* content = node.member(key);
    if (content == nullptr) return;
    ++bodies;
    out.body = kind;
    if (kind == Body::form && !reader.is_map(*content, key)) return;
    if (kind == Body::text) reader.as_text(*content, key);
    out.content = read_node(reader, *content, sight);
  };
  take("json", Body::json);
  take("form", Body::form);
  take("text", Body::text);
  if (bodies > 1) reader.fail(node, "bad_manifest", "a request has one body", "keep one of json, form and text");
  if (bodies > 0 && (out.method == "GET" || out.method == "HEAD"))
    reader.fail(node, "bad_manifest", out.method + " has no body", "write the parameters under `query`");
}

void read_fill(ManifestReader& reader, const YamlNode& node, const Sight& sight, DeclaredRequest& out) {
  const YamlNode* fill = node.member("fill");
  if (fill == nullptr || !reader.is_map(*fill, "fill")) return;
  for (const auto& member : fill->members) {
    const std::string slot = reader.as_text(member.value, "a slot of fill");
    const auto& fields = sight.manifest->fields;
    const bool secret =
        std::any_of(fields.begin(), fields.end(), [&](const Field& f) { return f.secret && f.name == slot; });
    if (!secret) reader.fail(member.value, "bad_manifest", quoted(slot) + " is no secret field of the connection");
    if (!member.key.starts_with('/'))
      reader.fail(member.line, member.column, "bad_manifest", "fill names a place in the body",
                  "for example \"/token\"");
    out.fill.push_back({member.key, slot});
  }
}

int read_status(ManifestReader& reader, const YamlNode& node) {
  if (const auto* number = node.scalar.if_int(); number != nullptr && *number >= 100 && *number <= 599)
    return static_cast<int>(*number);
  const std::string* text = node.scalar.if_string();
  if (text != nullptr && text->size() == 3 && text->ends_with("xx") && (*text)[0] >= '1' && (*text)[0] <= '5')
    return (*text)[0] - '0';
  reader.fail(node, "bad_manifest", "a status is a number from 100 to 599, or 4xx");
  return 500;
}

ErrorRule read_rule(ManifestReader& reader, const YamlNode& node, const Sight& sight) {
  ErrorRule out;
  if (!reader.keys(node, "an entry of errors", {"status", "when", "kind", "code", "message", "wait"})) return out;
  if (const YamlNode* status = node.member("status")) {
    if (status->kind == YamlNode::Kind::list)
      for (const YamlNode& item : status->items) out.statuses.push_back(read_status(reader, item));
    else
      out.statuses.push_back(read_status(reader, *status));
  }
  if (const YamlNode* when = node.member("when")) out.when = read_expression(reader, *when, sight);
  reader.required_text(node, "kind");
  const std::size_t kind = reader.choice(
      node, "kind", 4,
      {"retry", "rate_limited", "auth_refresh", "auth_dead", "permanent", "gone", "ambiguous", "duplicate_ok"});
  out.duplicate_ok = kind == 7;
  if (!out.duplicate_ok) out.kind = static_cast<FailKind>(kind);
  if (const YamlNode* code = node.member("code")) out.code = read_template(reader, *code, sight);
  if (const YamlNode* message = node.member("message")) out.message = read_template(reader, *message, sight);
  out.wait_for = reader.duration(node, "wait", 0);
  const bool waits = kind == 0 || kind == 1 || kind == 6;
  if (out.wait_for > 0 && !waits)
    reader.fail(*node.member("wait"), "bad_manifest", "only retry, rate_limited and ambiguous wait");
  return out;
}

}  // namespace

std::optional<expr::Expression> read_expression(ManifestReader& reader, const YamlNode& node, const Sight& sight) {
  auto out = reader.expression(node);
  if (out) check_uses(reader, node, out->roots(), out->uses(), sight);
  return out;
}

std::optional<expr::Template> read_template(ManifestReader& reader, const YamlNode& node, const Sight& sight) {
  const std::string source = reader.as_text(node, "a text");
  auto parsed = expr::Template::parse(source);
  if (parsed.has_error()) {
    bad_text(reader, node, parsed.error());
    return std::nullopt;
  }
  check_uses(reader, node, parsed->roots(), parsed->uses(), sight);
  return std::move(*parsed);
}

TemplateNode read_node(ManifestReader& reader, const YamlNode& node, const Sight& sight) {
  TemplateNode out;
  switch (node.kind) {
    case YamlNode::Kind::scalar: {
      out.literal = node.scalar;
      if (!node.scalar.is_string()) break;
      auto text = read_template(reader, node, sight);
      if (!text || text->is_literal()) break;
      out.kind = text->is_single_hole() ? TemplateNode::Kind::hole : TemplateNode::Kind::text;
      out.text = std::move(*text);
      break;
    }
    case YamlNode::Kind::list:
      out.kind = TemplateNode::Kind::list;
      for (const YamlNode& item : node.items) out.children.push_back(read_node(reader, item, sight));
      break;
    case YamlNode::Kind::map:
      out.kind = TemplateNode::Kind::map;
      for (const auto& member : node.members) {
        out.keys.push_back(member.key);
        out.children.push_back(read_node(reader, member.value, sight));
      }
      break;
  }
  return out;
}

DeclaredRequest read_request(ManifestReader& reader, const YamlNode& node, const Sight& sight, bool has_base) {
  DeclaredRequest out;
  if (!reader.keys(node, "a request",
                   {"method", "url", "path", "query", "headers", "json", "form", "text", "auth", "omit_empty", "fill"}))
    return out;
  static constexpr const char* methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
  out.method = methods[reader.choice(node, "method", 0, {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})];
  const YamlNode* url = node.member("url");
  const YamlNode* path = node.member("path");
  if ((url == nullptr) == (path == nullptr))
    reader.fail(node, "missing_key", "a request has either url or path", "path goes behind the manifest's base");
  if (path != nullptr && !has_base)
    reader.fail(*path, "missing_key", "a path goes behind `base`, and the manifest has none",
                "for example base: \"{{ config.base_url }}/v1\"");
  if (url != nullptr) out.url = read_template(reader, *url, sight);
  if (path != nullptr) out.path = read_template(reader, *path, sight);
  if (out.url) check_address(reader, *url, *out.url, true);
  if (out.path) check_address(reader, *path, *out.path, false);
  out.query = read_members(reader, node, "query", sight);
  out.headers = read_members(reader, node, "headers", sight);
  for (const auto& [name, value] : out.headers) check_header(reader, node, name);
  read_body_of(reader, node, sight, out);
  if (const YamlNode* auth = node.member("auth")) {
    out.auth = reader.as_text(*auth, "auth");
    if (!out.auth->empty() && !sight.manifest->auth.contains(*out.auth))
      reader.fail(*auth, "bad_manifest", "auth has no scheme " + quoted(*out.auth));
  }
  out.omit_empty = reader.flag(node, "omit_empty", false);
  read_fill(reader, node, sight, out);
  return out;
}

std::vector<Refusal> read_refusals(ManifestReader& reader, const YamlNode& map, const Sight& sight) {
  std::vector<Refusal> out;
  const YamlNode* node = map.member("refuse");
  if (node == nullptr || !reader.is_list(*node, "refuse")) return out;
  if (node->items.size() > kErrorsMax) reader.fail(*node, "bad_manifest", "more than 50 rules");
  for (const YamlNode& item : node->items) {
    if (!reader.keys(item, "an entry of refuse", {"when", "code", "message"})) continue;
    const std::string code = reader.required_text(item, "code");
    reader.required_text(item, "message");
    const YamlNode* when = item.member("when");
    if (when == nullptr) reader.fail(item, "missing_key", "an entry of refuse has a when");
    if (when == nullptr || item.member("message") == nullptr) continue;
    auto condition = read_expression(reader, *when, sight);
    auto message = read_template(reader, *item.member("message"), sight);
    if (condition && message) out.push_back({std::move(*condition), code, std::move(*message)});
  }
  return out;
}

std::vector<ErrorRule> read_errors(ManifestReader& reader, const YamlNode& map, const Sight& sight) {
  std::vector<ErrorRule> out;
  const YamlNode* node = map.member("errors");
  if (node == nullptr || !reader.is_list(*node, "errors")) return out;
  if (node->items.size() > kErrorsMax) reader.fail(*node, "bad_manifest", "more than 50 rules");
  for (const YamlNode& item : node->items) out.push_back(read_rule(reader, item, sight));
  return out;
}

}  // namespace ieum::host
