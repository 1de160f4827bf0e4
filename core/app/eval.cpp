// Expressions on the command line: try one, or let an outside suite drive many.
#include <cstdio>
#include <iostream>

#include "app/commands.hpp"
#include "app/data_dir.hpp"
#include "base/json.hpp"
#include "base/zone.hpp"
#include "expr/expression.hpp"
#include "expr/typed_json.hpp"

namespace ieum::app {
namespace {

Value batch_answer(const std::string& line, ZoneSource& zones) {
  const auto fail = [](const Error& error) { return Value(Map{{"error", error.text()}}); };
  auto request = parse_json(line);
  if (request.has_error()) return fail(request.error());
  expr::ParseOptions options;
  options.recipe_functions = false;
  options.container = request->text("container");
  auto expression = expr::Expression::parse(request->text("expr"), options);
  if (expression.has_error()) return fail(expression.error());
  expr::MapScope scope;
  if (const auto* bindings = request->get("bindings"); bindings != nullptr && bindings->is_map()) {
    for (const auto& [name, typed] : *bindings->if_map()) {
      auto value = expr::from_typed(typed);
      if (value.has_error()) return fail(value.error());
      scope.set(*name.if_string(), std::move(*value));
    }
  }
  expr::Limits limits;
  limits.zones = &zones;
  auto value = expression->evaluate(scope, limits);
  if (value.has_error()) return fail(value.error());
  return Map{{"value", expr::to_typed(*value)}};
}

}  // namespace

int eval(const std::string& source, const std::string& vars_file, bool typed, const std::string& batch_file) {
  const auto zones = system_zones();
  if (!batch_file.empty()) {
    const auto lines = batch_file == "-"
                           ? Result<std::string>(std::string(std::istreambuf_iterator<char>(std::cin), {}))
                           : read_file(batch_file, 256u << 20);
    if (lines.has_error()) return report(lines.error());
    for (std::size_t at = 0; at < lines->size();) {
      auto end = lines->find('\n', at);
      if (end == std::string::npos) end = lines->size();
      const auto line = lines->substr(at, end - at);
      at = end + 1;
      if (!line.empty()) std::printf("%s\n", write_json(batch_answer(line, *zones)).c_str());
    }
    return 0;
  }
  Value vars = Map{};
  if (!vars_file.empty()) {
    auto text = read_file(vars_file, 32u << 20);
    if (text.has_error()) return report(text.error());
    auto parsed = parse_json(*text);
    if (parsed.has_error()) return report(std::move(parsed.error()).at(vars_file));
    vars = std::move(*parsed);
  }
  auto expression = expr::Expression::parse(source);
  if (expression.has_error()) return report(expression.error());
  expr::Limits limits;
  limits.zones = zones.get();
  auto value = expression->evaluate(expr::MapScope(vars), limits);
  if (value.has_error()) return report(value.error());
  const bool plain = !typed && value->kind() != Value::Kind::type && value->kind() != Value::Kind::optional;
  std::printf("%s\n", plain ? write_pretty_json(*value).c_str() : write_json(expr::to_typed(*value)).c_str());
  return 0;
}

}  // namespace ieum::app
