// The functions of the language as data: one constant table a file, joined in functions.cpp. Nothing else is callable.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "expr/evaluation.hpp"
#include "expr/type_check.hpp"

namespace ieum::expr {

using Call = bool (*)(Evaluation& evaluation, std::span<Operand> args, Operand& out);

enum Form : std::uint8_t { kFree = 1, kMethod = 2, kBoth = 3 };

struct Function {
  std::string_view name;
  Form form;
  std::uint8_t min_args;  // a method's target counts
  std::uint8_t max_args;  // 255: any number
  Call call;
  StaticType result = StaticType::any;
  bool recipe = false;            // only with recipe functions
  bool folds = true;              // false: needs the limits (zone rules)
  bool decides = false;           // an optional with a value as the first argument: the others are not evaluated
  std::uint8_t pattern = 0;       // index of the argument that is a pattern, compiled early when constant; 0: none
  std::string_view example = {};  // recipe functions: an expression that is true
};

inline constexpr std::uint8_t kAny = 255;

std::span<const Function> convert_functions();
std::span<const Function> text_functions();
std::span<const Function> format_functions();
std::span<const Function> pattern_functions();
std::span<const Function> math_functions();
std::span<const Function> list_functions();
std::span<const Function> time_functions();
std::span<const Function> optional_functions();
std::span<const Function> recipe_functions();
std::span<const Function> recipe_text_functions();
std::span<const Function> date_functions();

// Null when there is none of that name and form. Recipe functions are found only when wanted.
const Function* find_function(std::string_view name, Form form, bool recipe);
// The nearest name, for "did you mean"; empty when none is near.
std::string_view nearest_function(std::string_view name, bool recipe);
// Types that are names in the language (int, string, google.protobuf.Timestamp ...).
bool is_type_name(std::string_view name);

// Compiles a pattern within bounds; null and a reason when it is refused.
std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string& reason);
// Instructions of a compiled pattern: some 16 bytes each.
std::size_t program_size(const re2::RE2& pattern);

}  // namespace ieum::expr
