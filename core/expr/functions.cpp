#include "expr/functions.hpp"

#include <algorithm>
#include <array>

namespace ieum::expr {
namespace {

std::array<std::span<const Function>, 11> tables() {
  return {convert_functions(), text_functions(),        format_functions(), pattern_functions(),
          math_functions(),    list_functions(),        time_functions(),   optional_functions(),
          recipe_functions(),  recipe_text_functions(), date_functions()};
}

// Distance with insertions, deletions and replacements, at most `limit`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

constexpr std::string_view kMacroNames[] = {"all",    "exists",        "exists_one",   "existsOne",         "map",
                                            "filter", "transformList", "transformMap", "transformMapEntry", "sortBy",
                                            "optMap", "optFlatMap"};

}  // namespace

const Function* find_function(std::string_view name, Form form, bool recipe) {
  for (const std::span<const Function> table : tables())
    for (const Function& function : table)
      if (function.name == name && (function.form & form) != 0 && (recipe || !function.recipe)) return &function;
  return nullptr;
}

std::string_view nearest_function(std::string_view name, bool recipe) {
  std::string_view best;
  std::size_t best_distance = 3;
  const auto consider = [&](std::string_view candidate) {
    const std::size_t found = distance(name, candidate, 2);
    if (found < best_distance && found < candidate.size()) {
      best_distance = found;
      best = candidate;
    }
  };
  for (const std::span<const Function> table : tables())
    for (const Function& function : table)
      if (recipe || !function.recipe) consider(function.name);
  for (const std::string_view macro : kMacroNames) consider(macro);
  return best;
}

bool is_type_name(std::string_view name) {
  constexpr std::string_view kTypes[] = {"int",
                                         "uint",
                                         "double",
                                         "bool",
                                         "string",
                                         "bytes",
                                         "list",
                                         "map",
                                         "null_type",
                                         "type",
                                         "optional_type",
                                         "google.protobuf.Timestamp",
                                         "google.protobuf.Duration"};
  return std::find(std::begin(kTypes), std::end(kTypes), name) != std::end(kTypes);
}

std::vector<FunctionInfo> functions() {
  std::vector<FunctionInfo> all;
  for (const std::span<const Function> table : tables())
    for (const Function& function : table)
      all.push_back({std::string(function.name), (function.form & kMethod) != 0, (function.form & kFree) != 0,
                     function.recipe, std::string(function.example)});
  for (const std::string_view macro : kMacroNames) all.push_back({std::string(macro), true, false, false, ""});
  all.push_back({"has", false, true, false, ""});
  all.push_back({"cel.bind", false, true, false, ""});
  all.push_back({"or", false, true, true, "({'a': 1}.b | or('none')) == 'none'"});
  all.push_back({"or_blank", false, true, true, "({'name': ' '}.name | or_blank('고객')) == '고객'"});
  std::sort(all.begin(), all.end(), [](const FunctionInfo& a, const FunctionInfo& b) { return a.name < b.name; });
  return all;
}

}  // namespace ieum::expr
