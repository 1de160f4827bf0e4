// Fuzz target: any text as an expression, in the language of recipes and in plain CEL. An evaluation ends with a value
// or an error that has a place, gives the same twice, and what it gives survives being written and read.
#include "expr/expression.hpp"
#include "expr/type_check.hpp"
#include "expr/typed_json.hpp"
#include "fuzz/support.hpp"

using namespace ieum;
using namespace ieum::expr;

namespace {

void judge_error(const Error& error) {
  fuzz::expect(!error.code.empty() && !error.what.empty(), "an error says what is wrong");
  fuzz::expect(!error.place.empty(), "an error has a place");
}

std::string shown(const Result<Value>& result) {
  return result ? write_json(to_typed(*result)) : result.error().code + " " + result.error().text();
}

// What a recipe gets is data: its JSON can be read, and is written the same again.
void judge_data(const Value& value) {
  const std::string once = write_json(value);
  const Result<Value> read = parse_json(once, {.depth_max = 1000, .allow_nul = true});
  fuzz::expect(read.has_value(), "the JSON of a value can be read");
  // A double beyond 1e21 comes back as a decimal and has its digits written out; from then on nothing moves.
  const std::string twice = write_json(*read);
  const Result<Value> again = parse_json(twice, {.depth_max = 1000, .allow_nul = true});
  fuzz::expect(again.has_value() && write_json(*again) == twice, "the JSON of a value is written the same again");
}

void judge_typed(const Value& value) {
  const std::string once = write_json(to_typed(value));
  const Result<Value> parsed = parse_json(once, {.depth_max = 1000, .allow_nul = true});
  fuzz::expect(parsed.has_value(), "typed JSON can be read");
  const Result<Value> back = from_typed(*parsed);
  fuzz::expect(back.has_value(), "typed JSON is a value");
  fuzz::expect(write_json(to_typed(*back)) == once, "typed JSON keeps the value");
}

void one_language(std::string_view source, bool recipe) {
  const Result<Expression> expression =
      Expression::parse(source, {.recipe_functions = recipe, .container = recipe ? "" : "com.shop"});
  if (!expression) return judge_error(expression.error());
  static_cast<void>(expression->roots());
  static_cast<void>(expression->paths());
  for (const Error& finding : check_types(*expression).findings) judge_error(finding);
  const Result<Value> first = expression->evaluate(fuzz::names(), fuzz::limits());
  const Result<Value> second = expression->evaluate(fuzz::names(), fuzz::limits());
  fuzz::expect(shown(first) == shown(second), "an expression gives the same twice");
  if (!first) return judge_error(first.error());
  judge_typed(*first);
  if (recipe) judge_data(*first);
}

}  // namespace

IEUM_FUZZ_TARGET(expression, source) {
  one_language(source, true);
  one_language(source, false);
}
