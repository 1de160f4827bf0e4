// Fuzz target: any text as a template and as a leaf of a tree of templates. Rendering gives the same twice, text
// without holes is itself, and what a value holds is never read as source.
#include "expr/template.hpp"
#include "fuzz/support.hpp"

using namespace ieum;
using namespace ieum::expr;

namespace {

// Knows the name that the values of the other names spell inside {{ }}. Asking for it means that a value was read as
// source, unless the template itself has the name.
class Trap final : public Scope {
 public:
  explicit Trap(bool named) : named_(named) {}
  [[nodiscard]] const Value* lookup(std::string_view name) const override {
    fuzz::expect(named_ || name != fuzz::kCanary, "a value is never read as source");
    return fuzz::names().lookup(name);
  }

 private:
  bool named_;
};

std::string shown(const Result<Value>& result) {
  return result ? write_json(*result) : result.error().code + " " + result.error().text();
}

}  // namespace

IEUM_FUZZ_TARGET(template, input) {
  const std::string text(input);
  // Escapes can spell the name as well, so a backslash counts as naming it.
  const Trap scope(text.find(fuzz::kCanary) != std::string::npos || text.find('\\') != std::string::npos);
  const Result<Template> parsed = Template::parse(text);
  if (parsed) {
    const Result<Value> first = parsed->render(scope, fuzz::limits());
    fuzz::expect(shown(first) == shown(parsed->render(scope, fuzz::limits())), "a template gives the same twice");
    if (parsed->is_literal()) fuzz::expect(first && *first->if_string() == text, "text without holes is itself");
    fuzz::expect(parsed->text() == text, "a template keeps its text");
    static_cast<void>(parsed->uses());
  } else {
    fuzz::expect(!parsed.error().place.empty() && !parsed.error().what.empty(), "an error says what and where");
  }
  const Value tree(Map{{"a", Value(text)}, {"b", Value(List{Value(text), Value("{{ evil }}"), Value(1)})}});
  const Result<ValueTemplate> leaves = ValueTemplate::parse(tree);
  fuzz::expect(leaves.has_value() == parsed.has_value(), "a leaf is a template");
  if (leaves) static_cast<void>(leaves->render(scope, fuzz::limits()));
}
