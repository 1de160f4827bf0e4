// Fuzz target: any text as a recipe, in YAML and in JSON. What cannot be read has findings with places; what can be read
// becomes a program, and reads the same again.
#include "fuzz/support.hpp"
#include "recipe/program.hpp"
#include "recipe/reader.hpp"

using namespace ieum;
using namespace ieum::recipe;

namespace {

std::string shown(const ReadOutcome& outcome) {
  std::string text = outcome.hash + (outcome.recipe ? "+" : "-");
  for (const Finding& finding : outcome.findings) text += "\n" + finding_text("r", finding);
  return text;
}

void one_format(std::string_view text, Format format) {
  ReadOutcome outcome = read_recipe(text, format);
  bool error = false;
  for (const Finding& finding : outcome.findings) {
    error = error || finding.severity == Finding::Severity::error;
    fuzz::expect(!finding.code.empty() && !finding.what.empty(), "a finding says what is wrong");
    fuzz::expect(finding.place.line >= 1 && finding.place.column >= 1, "a finding has a place");
  }
  fuzz::expect(outcome.recipe.has_value() != error, "a recipe is there when no finding is an error");
  fuzz::expect(shown(read_recipe(text, format)) == shown(outcome), "a recipe reads the same again");
  if (!outcome.recipe) return;
  fuzz::expect(outcome.hash.size() == 64, "a recipe has a hash");
  const auto program = compile(std::move(*outcome.recipe));
  for (std::size_t i = 0; i < program->code.size(); ++i) {
    const Instruction& instruction = program->code[i];
    fuzz::expect(program->find(instruction.id) == i, "an instruction is found by its id");
    fuzz::expect(instruction.next <= program->code.size(), "a jump ends inside the program");
  }
}

}  // namespace

IEUM_FUZZ_TARGET(recipe, text) {
  one_format(text, Format::yaml);
  one_format(text, Format::json);
}
