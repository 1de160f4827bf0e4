#include "expr/expression.hpp"

#include <algorithm>

#include "expr/ast.hpp"
#include "expr/evaluation.hpp"
#include "expr/functions.hpp"

namespace ieum::expr {
namespace {

// Types and optionals are no data: a type becomes its name, an optional its value or null. Depth was checked by measure.
Value as_data(const Value& value) {
  if (const TypeName* type = value.if_type()) return Value(type->name);
  if (const OptionalValue* optional = value.if_optional()) return optional->value ? as_data(*optional->value) : Value();
  if (const List* list = value.if_list()) {
    List result;
    result.reserve(list->size());
    for (const Value& element : *list) result.push_back(as_data(element));
    return Value(std::move(result));
  }
  if (const Map* map = value.if_map()) {
    Map result;
    for (const Map::Entry& entry : *map) result.set(entry.first, as_data(entry.second));
    return Value(std::move(result));
  }
  return value;
}

}  // namespace

std::string_view code_name(Code code) {
  switch (code) {
    case Code::none: return "";
    case Code::unknown_name: return "unknown_name";
    case Code::unknown_function: return "unknown_function";
    case Code::no_such_field: return "no_such_field";
    case Code::no_such_overload: return "no_such_overload";
    case Code::overflow: return "overflow";
    case Code::divide_by_zero: return "divide_by_zero";
    case Code::bad_value: return "bad_value";
    case Code::unknown_zone: return "unknown_zone";
    case Code::fuel: return "fuel";
    case Code::depth: return "depth";
    case Code::output_too_large: return "output_too_large";
  }
  return "";
}

std::string_view type_name(const Value& value, bool recipe) {
  switch (value.kind()) {
    case Value::Kind::null: return "null_type";
    case Value::Kind::boolean: return "bool";
    case Value::Kind::integer: return "int";
    case Value::Kind::unsigned_integer: return "uint";
    case Value::Kind::floating: return "double";
    case Value::Kind::decimal: return recipe ? "decimal" : "double";
    case Value::Kind::string: return "string";
    case Value::Kind::bytes: return "bytes";
    case Value::Kind::list: return "list";
    case Value::Kind::map: return "map";
    case Value::Kind::timestamp: return "google.protobuf.Timestamp";
    case Value::Kind::duration: return "google.protobuf.Duration";
    case Value::Kind::type: return "type";
    case Value::Kind::optional: return "optional_type";
  }
  return "";
}

Result<Expression> parse_expression(std::string_view source, const ParseOptions& options, Position first) {
  auto ast = std::make_shared<Ast>();
  ast->source = std::string(source);
  ast->options = options;
  ast->first = first;
  IEUM_CHECK(parse_source(*ast));
  IEUM_CHECK(resolve(*ast));
  return Expression(std::shared_ptr<const Ast>(std::move(ast)));
}

Result<Expression> Expression::parse(std::string_view source, const ParseOptions& options) {
  return parse_expression(source, options, {});
}

Result<Value> evaluate_within(const Ast& ast, const Scope& scope, const Limits& limits, Budget& budget) {
  Evaluation evaluation(ast, &scope, limits, budget);
  Operand result;
  if (!evaluation.run(result)) return evaluation.take_error();
  const Value::Kind kind = result.get().kind();
  if (result.borrowed && kind != Value::Kind::type && kind != Value::Kind::optional) return *result.borrowed;
  if (kind != Value::Kind::list && kind != Value::Kind::map && kind != Value::Kind::type &&
      kind != Value::Kind::optional)
    return std::move(result.owned);
  std::size_t bytes = 0;
  bool data = true;
  if (!evaluation.measure(result.get(), bytes, data)) return evaluation.take_error();
  if (!data && ast.options.recipe_functions) return as_data(result.get());
  if (result.borrowed) return *result.borrowed;
  return std::move(result.owned);
}

Result<Value> Expression::evaluate(const Scope& scope, const Limits& limits) const {
  Budget budget(limits);
  return evaluate_within(*ast_, scope, limits, budget);
}

const std::string& Expression::source() const { return ast_->source; }

std::vector<std::string> Expression::roots() const {
  std::vector<std::string> names;
  for (const PathUse& use : ast_->uses) names.push_back(use.names.front());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::vector<std::string>> Expression::paths() const {
  std::vector<std::vector<std::string>> paths;
  for (const PathUse& use : ast_->uses)
    if (std::find(paths.begin(), paths.end(), use.names) == paths.end()) paths.push_back(use.names);
  return paths;
}

const std::vector<PathUse>& Expression::uses() const { return ast_->uses; }

namespace {
bool only_from(std::string_view function, const Node& node) {
  const auto from = [&](std::size_t arg) { return only_from(function, *node.args[arg]); };
  switch (node.op) {
    case Op::constant: return true;
    case Op::call: return node.function->name == function;
    case Op::conditional: return from(1) && from(2);
    case Op::otherwise: return from(0) && from(1);
    default: return false;
  }
}
}  // namespace

bool Expression::gives_only(std::string_view function) const { return only_from(function, *ast_->root); }

const Value* Expression::constant() const { return ast_->root->op == Op::constant ? &ast_->root->value : nullptr; }

}  // namespace ieum::expr
