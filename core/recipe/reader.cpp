#include "recipe/reader.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "recipe/recipe_reader.hpp"

namespace ieum::recipe {

ReadOutcome read_recipe(std::string_view text, Format format) {
  ReadOutcome outcome;
  Findings findings;
  const bool json = format == Format::json;
  if (check_text(text, json, findings)) {
    if (const auto document = json ? parse_json_document(text, findings) : parse_yaml(text, findings)) {
      // Of a document that has refused parts no hash can be told.
      if (!findings.has_error()) outcome.hash = hex_encode(sha256(write_canonical_json(node_value(*document))));
      Recipe recipe = RecipeReader(text, json, findings).recipe(*document);
      if (!findings.has_error()) outcome.recipe = std::move(recipe);
    }
  }
  outcome.findings = findings.take();
  return outcome;
}

std::string finding_text(const std::string& file, const Finding& finding) {
  std::string text =
      file + ":" + std::to_string(finding.place.line) + ":" + std::to_string(finding.place.column) + ": ";
  text += finding.severity == Finding::Severity::error ? "error: " : "warning: ";
  return text + finding.what + (finding.mend.empty() ? "" : "; " + finding.mend);
}

}  // namespace ieum::recipe
