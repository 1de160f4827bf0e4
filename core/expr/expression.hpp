// Expression: one CEL expression, compiled once and evaluated often. Pure and bounded; it has no side effects, no
// clock, no chance and no input but its Scope. The language is the Common Expression Language
// (https://github.com/google/cel-spec/blob/master/doc/langdef.md) without protobuf messages, with its extensions for
// strings, math, lists, sets, encoders, optionals, bindings and two-variable macros.
//
// Recipe functions (ParseOptions::recipe_functions, the default) add exact decimals, `x | f(y)` for `f(x, y)`, `or`
// and the helpers listed by functions(). A double stands for its shortest decimal text when it meets a decimal.
// Without them the language is plain CEL: a Decimal is a double, and an unknown function fails only when it is called.
//
// Errors carry place "line:column" in code points from 1, inside the source. Codes: parse "bad_expression"; evaluate
// "unknown_name", "unknown_function", "no_such_field" (also a missing index or key), "no_such_overload", "overflow",
// "divide_by_zero", "bad_value" (a conversion, format, pattern or range), "unknown_zone", "fuel", "depth",
// "output_too_large". The value of one evaluation is never read as source again.
// Thread: immutable after parse; copies share it; any thread may evaluate.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "expr/limits.hpp"
#include "expr/scope.hpp"

namespace ieum::expr {

struct Ast;

struct ParseOptions {
  bool recipe_functions = true;
  std::string container;               // "a.b": x is looked up as a.b.x, a.x, x; plain CEL only
  std::size_t depth_max = 100;         // nested operands, calls and literals
  std::size_t source_max = 64 * 1024;  // bytes
};

// A member path that is constant in the source: {"trigger", "items"} for trigger.items[0].price.
struct PathUse {
  std::vector<std::string> names;
  bool guarded = false;  // inside has(), `or`, `.?` or `[?]`: may be missing
  std::size_t line = 1, column = 1;
};

class Expression {
 public:
  static Result<Expression> parse(std::string_view source, const ParseOptions& options = {});

  [[nodiscard]] Result<Value> evaluate(const Scope& scope, const Limits& limits = {}) const;
  [[nodiscard]] const std::string& source() const;
  // Free root names, sorted, each once; names of types (int, string ...) and of macro variables are not among them.
  [[nodiscard]] std::vector<std::string> roots() const;
  // Maximal constant member paths, in order of appearance, each once.
  [[nodiscard]] std::vector<std::vector<std::string>> paths() const;
  // The same with position and guard, one entry for each appearance.
  [[nodiscard]] const std::vector<PathUse>& uses() const;
  // The value, when the expression needs no scope and no zone rules: a literal, or what folds to one.
  [[nodiscard]] const Value* constant() const;
  // Every value that it can give is a result of this function or stands in the source.
  [[nodiscard]] bool gives_only(std::string_view function) const;
  [[nodiscard]] const Ast& ast() const { return *ast_; }
  // For the parser alone: Ast is known inside this room only.
  explicit Expression(std::shared_ptr<const Ast> ast) : ast_(std::move(ast)) {}

 private:
  std::shared_ptr<const Ast> ast_;
};

// One function, macro or method of the language, for documentation and for the test that nothing else is reachable.
struct FunctionInfo {
  std::string name;     // "size", "math.abs"
  bool method = false;  // may be called as x.name(...)
  bool free = false;    // may be called as name(...)
  bool recipe = false;  // only with recipe functions
  std::string example;  // recipe functions: "'이음' | josa('을/를') == '이음을'", an expression that is true
};
std::vector<FunctionInfo> functions();

}  // namespace ieum::expr
