// Reader: recipe text to Recipe. YAML by libyaml events, or JSON through the same tree. Strict: no anchors, aliases,
// tags, merge keys or duplicate keys; size and depth bounded; UTF-8 without BOM; one document.
// Collects every error it can, each with line, column and mend; never throws.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "recipe/model.hpp"

namespace ieum::recipe {

// One finding of reader or checker. Severity error keeps the recipe from being applied.
struct Finding {
  enum class Severity { error, warning };
  Severity severity = Severity::error;
  std::string code;  // "unknown_key", "bad_expression", "unquoted_expression" ...
  std::string what;
  std::string mend;
  Place place;
};

struct ReadOutcome {
  std::optional<Recipe> recipe;  // there when no finding is an error
  std::vector<Finding> findings;
  std::string hash;  // SHA-256 of the canonical form, hex; "" when unreadable
};

enum class Format { yaml, json };
ReadOutcome read_recipe(std::string_view text, Format format);

// "file:line:column: error: what; mend" on one line.
std::string finding_text(const std::string& file, const Finding& finding);

}  // namespace ieum::recipe
