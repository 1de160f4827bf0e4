// Shared by the tests of the expression language: short ways to evaluate and to look at errors.
#pragma once
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/zone.hpp"
#include "expr/expression.hpp"
#include "expr/template.hpp"
#include "expr/typed_json.hpp"

namespace ieum::expr::test {

inline Value json(std::string_view text) {
  Result<Value> value = parse_json(text);
  BOOST_REQUIRE_MESSAGE(value, "test data: " << value.error().text());
  return *value;
}

inline Result<Value> run(std::string_view source, const Value& names = Value(Map{}), const Limits& limits = {}) {
  Result<Expression> expression = Expression::parse(source);
  if (!expression) return std::move(expression).error();
  const MapScope scope(names);
  return expression->evaluate(scope, limits);
}

// The typed JSON of the value, or "error:<code>".
inline std::string shown(const Result<Value>& result) {
  return result ? write_json(to_typed(*result)) : "error:" + result.error().code;
}

inline std::string show(std::string_view source, const Value& names = Value(Map{}), const Limits& limits = {}) {
  return shown(run(source, names, limits));
}

// Plain CEL, with the zones of this machine.
inline std::string plain(std::string_view source, const Value& names = Value(Map{}),
                         const std::string& container = {}) {
  static const std::unique_ptr<ZoneSource> zones = system_zones();
  const Result<Expression> expression = Expression::parse(source, {.recipe_functions = false, .container = container});
  if (!expression) return "error:" + expression.error().code;
  const MapScope scope(names);
  return shown(expression->evaluate(scope, {.zones = zones.get()}));
}

inline void all_true(std::initializer_list<const char*> sources) {
  for (const char* source : sources)
    BOOST_TEST(plain(source) == R"({"bool":true})", source << " gave " << plain(source));
}

inline void all_fail(std::initializer_list<const char*> sources) {
  for (const char* source : sources)
    BOOST_TEST(plain(source).starts_with("error:"), source << " gave " << plain(source));
}

inline Result<Value> render(std::string_view text, const Value& names = Value(Map{}), const Limits& limits = {}) {
  Result<Template> parsed = Template::parse(text);
  if (!parsed) return std::move(parsed).error();
  const MapScope scope(names);
  return parsed->render(scope, limits);
}

}  // namespace ieum::expr::test
