// Runs the committed cases of the CEL specification in plain CEL. Proves: the language is CEL, whatever recipes add.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/json.hpp"
#include "base/zone.hpp"
#include "expr/expression.hpp"
#include "expr/typed_json.hpp"

using namespace ieum;
using namespace ieum::expr;

namespace {

// Equal in kind and value; NaN is NaN; maps whatever their order.
bool same(const Value& a, const Value& b) {
  if (const double* x = a.if_double())
    if (const double* y = b.if_double()) return (std::isnan(*x) && std::isnan(*y)) || *x == *y;
  if (const List* x = a.if_list()) {
    const List* y = b.if_list();
    if (!y || x->size() != y->size()) return false;
    for (std::size_t i = 0; i < x->size(); ++i)
      if (!same((*x)[i], (*y)[i])) return false;
    return true;
  }
  if (const Map* x = a.if_map()) {
    const Map* y = b.if_map();
    if (!y || x->size() != y->size()) return false;
    for (const Map::Entry& entry : *x) {
      const Value* other = y->find(entry.first);
      if (!other || !same(entry.second, *other)) return false;
    }
    return true;
  }
  return a == b;
}

// Empty when the case holds, else what came instead.
std::string run_case(const Value& test, ZoneSource& zones) {
  MapScope scope;
  if (const Value* bindings = test.get("bindings"))
    for (const Map::Entry& entry : *bindings->if_map()) {
      Result<Value> value = from_typed(entry.second);
      if (!value) return "the binding cannot be read: " + value.error().text();
      scope.set(*entry.first.if_string(), std::move(*value));
    }
  const ParseOptions options{.recipe_functions = false, .container = test.text("container")};
  const Result<Expression> expression = Expression::parse(test.text("expr"), options);
  const Result<Value> result =
      expression ? expression->evaluate(scope, Limits{.zones = &zones}) : Result<Value>(expression.error());
  if (test.flag("error")) return result ? "a value: " + write_json(to_typed(*result)) : "";
  if (!result) return "an error: " + result.error().text();
  const Result<Value> wanted = from_typed(*test.get("value"));
  if (!wanted) return "the case cannot be read: " + wanted.error().text();
  return same(*result, *wanted) ? "" : write_json(to_typed(*result));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cel_conformance)

BOOST_AUTO_TEST_CASE(every_committed_case_holds) {
  const std::filesystem::path folder = std::filesystem::path(IEUM_SOURCE_DIR) / "tests/data/cel";
  const std::unique_ptr<ZoneSource> zones = system_zones();
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::size_t all = 0;
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file);
    std::size_t passed = 0, failed = 0;
    for (std::string line; std::getline(in, line);) {
      if (line.empty()) continue;
      const Result<Value> test = parse_json(line, {.allow_nul = true});
      BOOST_REQUIRE_MESSAGE(test, file.filename().string() << ": " << test.error().text());
      const std::string wrong = run_case(*test, *zones);
      ++(wrong.empty() ? passed : failed);
      BOOST_CHECK_MESSAGE(wrong.empty(), test->text("file") << "/" << test->text("section") << "/" << test->text("name")
                                                            << ": " << test->text("expr") << " gave " << wrong);
    }
    std::cout << file.stem().string() << ": " << passed << " passed, " << failed << " failed\n";
    all += passed + failed;
  }
  BOOST_CHECK_GE(all, 700);
}

BOOST_AUTO_TEST_SUITE_END()
