#include "server/openapi.hpp"

#include <cctype>
#include <map>
#include <set>

#include "base/json.hpp"
#include "server/answers.hpp"

namespace ieum::server {
namespace {

constexpr std::string_view kApi = "/api/v1/";
using Codes = std::map<int, std::set<std::string, std::less<>>>;  // status -> codes

std::vector<std::string> segments(std::string_view pattern) {
  std::vector<std::string> parts;
  if (pattern.starts_with(kApi)) pattern.remove_prefix(kApi.size() - 1);
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const auto part = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(part.size());
    parts.emplace_back(part);
  }
  return parts;
}

bool is_value(std::string_view segment) { return segment.starts_with('{'); }
std::string bare(const std::string& segment) {
  return is_value(segment) ? segment.substr(1, segment.size() - 2) : segment;
}

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string operation_id(const Route& route) {
  std::string id = lower(method_name(route.method));
  for (const auto& segment : segments(route.pattern)) {
    id += is_value(segment) ? "_by_" : "_";
    for (const char c : bare(segment)) id += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  }
  return id;
}

Map schema_of(Type type) {
  const auto name = type_name(type);
  if (name.empty()) return {};
  Map schema{{"type", name}};
  if (type == Type::texts) schema.set("items", Map{{"type", "string"}});
  if (type == Type::integers) schema.set("items", Map{{"type", "integer"}});
  return schema;
}

Map parameter(std::string_view name, std::string_view where, bool required, Map schema, std::string_view help) {
  return Map{
      {"name", name}, {"in", where}, {"required", required}, {"schema", std::move(schema)}, {"description", help}};
}

List parameters_of(const Route& route) {
  List list;
  for (const auto& segment : segments(route.pattern)) {
    if (!is_value(segment)) continue;
    const auto name = bare(segment);
    list.push_back(parameter(name, "path", true, Map{{"type", "string"}}, "the " + name + ", percent-encoded"));
  }
  for (const auto& member : route.doc.query)
    list.push_back(parameter(member.name.text, "query", member.required, schema_of(member.type), member.help.text));
  return list;
}

Map body_of(const RouteDoc& doc) {
  Map properties;
  List required;
  for (const auto& member : doc.body) {
    Map schema = schema_of(member.type);
    schema.set("description", member.help.text);
    properties.set(member.name.text, std::move(schema));
    if (member.required) required.push_back(member.name.text);
  }
  Map schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  const bool must = !required.empty();
  if (must) schema.set("required", std::move(required));
  return Map{{"required", must}, {"content", Map{{"application/json", Map{{"schema", std::move(schema)}}}}}};
}

// What a route may answer besides what its own documentation says.
Codes codes_of(const Route& route) {
  Codes codes;
  const auto add = [&](int status, std::string_view code) { codes[status].emplace(code); };
  for (const auto code : route.doc.errors) add(status_of(code), code);
  add(404, "not_found");
  if (route.needs == Needs::anyone) return codes;
  add(403, "foreign_origin");
  add(421, "wrong_host");
  add(503, "too_busy");
  if (!route.doc.query.empty() || !route.doc.body.empty()) add(400, "bad_parameter");
  if (route.method != Method::get) {
    add(415, "not_json");
    add(400, "bad_json");
    add(400, "bad_body");
  }
  if (role_for(route.needs)) {
    add(401, "not_logged_in");
    add(403, "not_allowed");
  }
  return codes;
}

Map answer_of(const RouteDoc& doc) {
  Map content{{"schema", doc.media == "application/json" ? Map{{"type", "object"}} : Map{{"type", "string"}}}};
  if (!doc.example.empty()) {
    auto example = parse_json(doc.example);
    IEUM_ASSERT(example.has_value());
    content.set("example", std::move(*example));
  }
  return Map{{"description", doc.answer.text}, {"content", Map{{doc.media, std::move(content)}}}};
}

Map responses_of(const Route& route) {
  Map responses{{"200", answer_of(route.doc)}};
  for (const auto& [status, codes] : codes_of(route)) {
    std::string text;
    for (const auto& code : codes) text += (text.empty() ? "`" : ", `") + code + "`";
    responses.set(
        std::to_string(status),
        Map{{"description", std::move(text)},
            {"content", Map{{"application/json", Map{{"schema", Map{{"$ref", "#/components/schemas/Error"}}}}}}}});
  }
  return responses;
}

Map operation(const Route& route) {
  const auto role = role_for(route.needs);
  List security;
  if (role) {
    security.push_back(Map{{"token", List{}}});
    if (route.needs != Needs::local) security.push_back(Map{{"session", List{}}});
  }
  Map view{{"operationId", operation_id(route)},
           {"summary", route.doc.summary.text},
           {"tags", List{segments(route.pattern).front()}},
           {"x-needs", needs_name(route.needs)},
           {"security", std::move(security)},
           {"parameters", parameters_of(route)}};
  if (!route.doc.body.empty()) view.set("requestBody", body_of(route.doc));
  view.set("responses", responses_of(route));
  return view;
}

void add_paths(std::map<std::string, Map>& paths, const RouteTable& table, const List& servers) {
  for (const auto& route : table.routes()) {
    if (route->needs == Needs::page) continue;
    auto& item = paths[route->pattern];
    if (!servers.empty()) item.set("servers", servers);
    item.set(lower(method_name(route->method)), operation(*route));
  }
}

Map components() {
  const Map text{{"type", "string"}};
  const Map error{{"type", "object"},
                  {"required", List{"code", "message"}},
                  {"properties", Map{{"code", text}, {"message", text}, {"mend", text}, {"place", text}}}};
  return Map{
      {"securitySchemes",
       Map{{"token", Map{{"type", "http"}, {"scheme", "bearer"}, {"description", "an API token, or the admin token"}}},
           {"session", Map{{"type", "apiKey"},
                           {"in", "cookie"},
                           {"name", "__Host-ieum"},
                           {"description", "of the console; ieum_session_PORT where it is reached without TLS"}}}}},
      {"schemas",
       Map{{"Error", Map{{"type", "object"}, {"required", List{"error"}}, {"properties", Map{{"error", error}}}}}}}};
}

}  // namespace

Value openapi_document(const RouteTable& admin, const RouteTable& open, const std::string& version,
                       const std::string& public_url) {
  std::map<std::string, Map> by_path;
  add_paths(by_path, admin, {});
  add_paths(by_path, open, {Map{{"url", public_url.empty() ? "/" : public_url}, {"description", "the public door"}}});
  Map paths;
  for (auto& [path, item] : by_path) paths.set(path, std::move(item));
  return Map{{"openapi", "3.1.0"},
             {"info", Map{{"title", "Ieum"},
                          {"version", version},
                          {"summary", "A self-hosted integration hub"},
                          {"license", Map{{"name", "Apache 2.0"}, {"identifier", "Apache-2.0"}}}}},
             {"servers", List{Map{{"url", "/"}, {"description", "the admin door"}}}},
             {"paths", std::move(paths)},
             {"components", components()}};
}

}  // namespace ieum::server
