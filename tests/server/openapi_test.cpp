// The OpenAPI document that the hub serves of itself: whole, and lawful by the rules of OpenAPI 3.1 that matter to its readers.
#include <algorithm>
#include <set>

#include "server/fixture.hpp"

using namespace ieum;
using namespace ieum::server;
using namespace ieum::server::testing;

namespace {

std::set<std::string> names_in(const std::string& path) {
  std::set<std::string> names;
  for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
    names.insert(path.substr(at + 1, path.find('}', at) - at - 1));
  return names;
}

void lint_parameters(const std::string& path, const List& parameters) {
  std::set<std::string> in_path, seen;
  for (const auto& parameter : parameters) {
    const auto where = parameter.text("in");
    BOOST_TEST((where == "path" || where == "query"));
    BOOST_TEST(seen.insert(where + " " + parameter.text("name")).second);
    BOOST_TEST(!parameter.text("description").empty());
    BOOST_TEST(parameter.get("schema")->is_map());
    if (where != "path") continue;
    BOOST_TEST(parameter.flag("required"));
    in_path.insert(parameter.text("name"));
  }
  BOOST_TEST((in_path == names_in(path)));
}

void lint_responses(const Map& responses, const Value& document) {
  BOOST_TEST(responses.find("200") != nullptr);
  BOOST_TEST(responses.size() > 1);
  for (const auto& [status, response] : responses) {
    const auto& text = *status.if_string();
    BOOST_TEST((text.size() == 3 && text[0] >= '2' && text[0] <= '5'));
    BOOST_TEST(!response.text("description").empty());
    for (const auto& [media, content] : *response.get("content")->if_map()) {
      BOOST_TEST(media.if_string()->find('/') != std::string::npos);
      const auto reference = content.get("schema")->text("$ref");
      if (reference.empty()) continue;
      std::string path = reference.substr(2);
      std::replace(path.begin(), path.end(), '/', '.');
      BOOST_TEST(document.at_path(path) != nullptr, reference);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(the_document_names_every_route_once_and_keeps_the_rules) {
  RunningHub hub;
  const auto document = hub.get("/api/v1/openapi.json");
  BOOST_TEST(document.text("openapi") == "3.1.0");
  for (const char* path : {"info.title", "info.version"}) BOOST_TEST(document.at_path(path)->is_string());
  std::set<std::string> found, ids;
  for (const auto& [path, item] : *document.get("paths")->if_map()) {
    for (const auto& [method, operation] : *item.if_map()) {
      if (*method.if_string() == "servers") continue;
      BOOST_TEST_CONTEXT(*method.if_string() << " " << *path.if_string()) {
        found.insert(*method.if_string() + " " + *path.if_string());
        BOOST_TEST(ids.insert(operation.text("operationId")).second, operation.text("operationId"));
        BOOST_TEST(!operation.text("summary").empty());
        for (const auto& scheme : *operation.get("security")->if_list())
          for (const auto& [name, scopes] : *scheme.if_map())
            BOOST_TEST(document.at_path("components.securitySchemes." + *name.if_string()) != nullptr);
        lint_parameters(*path.if_string(), *operation.get("parameters")->if_list());
        lint_responses(*operation.get("responses")->if_map(), document);
        BOOST_TEST((operation.get("requestBody") == nullptr || *method.if_string() != "get"));
      }
    }
  }
  std::set<std::string> real;
  for (const auto& line : route_table(*hub.server)) {
    if (line.needs == Needs::page) continue;
    std::string method = line.method;
    std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::tolower(c); });
    real.insert(method + " " + line.pattern);
  }
  BOOST_TEST((found == real));
}

BOOST_AUTO_TEST_CASE(an_operation_says_what_it_takes_whom_it_answers_and_how_it_fails) {
  RunningHub hub;
  const auto document = hub.get("/api/v1/openapi.json");
  const auto* clock = document.get("paths")->get("/api/v1/clock")->get("post");
  BOOST_TEST(clock->text("x-needs") == "owner");
  const auto* schema = clock->get("requestBody")->get("content")->get("application/json")->get("schema");
  BOOST_TEST(schema->at_path("properties.to.type")->if_string()->compare("string") == 0);
  BOOST_TEST((*schema->get("required") == Value(List{"to"})));
  BOOST_TEST(!schema->flag("additionalProperties", true));
  BOOST_TEST(clock->get("responses")->get("409")->text("description").find("real_clock") != std::string::npos);
  const auto* login = document.get("paths")->get("/api/v1/sessions")->get("post");
  BOOST_TEST(login->get("security")->if_list()->empty());
}

BOOST_AUTO_TEST_SUITE_END()
