// Checker: what can be known of a recipe before it runs, against what connectors and connections there are.
// Pure; the catalog is handed in.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "expr/type_check.hpp"
#include "recipe/forms.hpp"
#include "recipe/reader.hpp"

namespace ieum::recipe {

// What kind of value an input takes: as in docs/manifest.md.
enum class InputKind { any, text, integer, number, boolean, list, map, time };

struct InputFacts {
  InputKind kind = InputKind::any;
  std::vector<std::string> choices;  // empty: all
};

// One event that a vendor tells because an operation was done.
struct Cause {
  std::vector<std::string> events;               // the names it goes by: "shopify/customers/update", a standard name
  std::string when_input;                        // only when this input ...
  std::string when_value;                        // ... has this value; "" always
  std::optional<std::string> when_default = {};  // the input's value where a recipe gives none
  std::string mark;  // field of the event that tells it apart: a `where` that asks it breaks the circle; "" none
};

// What the checker must know of an operation; filled from manifests by whoever calls.
struct OperationFacts {
  std::vector<std::string> inputs;
  std::vector<std::string> required_inputs;
  std::map<std::string, InputFacts> input_facts;    // those of which something is known
  std::map<std::string, expr::StaticType> outputs;  // fields of its output; empty: nothing is known of it
  bool open_inputs = false;
  bool reaches_customer = false;
  std::string channel;
  std::vector<std::string> classes;
  bool unsafe_without_reconcile = false;
  std::vector<Cause> causes;
};

// What expressions find in an event.
struct EventFacts {
  std::map<std::string, expr::StaticType> fields;
  bool open = false;  // the vendor's body, of which only a part is described: other fields may be there
};

class Catalog {
 public:
  virtual ~Catalog() = default;
  [[nodiscard]] virtual std::vector<std::string> connectors() const = 0;
  // Connector that a connection belongs to; nothing when there is no such connection. `offline` catalogs know none and
  // answer knows_connections() with false: then connections are not checked.
  [[nodiscard]] virtual bool knows_connections() const = 0;
  [[nodiscard]] virtual std::optional<std::string> connection(const std::string& name) const = 0;
  [[nodiscard]] virtual std::vector<std::string> connections() const = 0;
  [[nodiscard]] virtual std::vector<std::string> operations(const std::string& connector) const = 0;
  [[nodiscard]] virtual std::optional<OperationFacts> operation(const std::string& connector,
                                                                const std::string& name) const = 0;
  // Standard names and "connector/topic" names that something can tell.
  [[nodiscard]] virtual std::vector<std::string> events() const = 0;
  // Fields of the event of this name; nothing when nothing is known of them.
  [[nodiscard]] virtual std::optional<EventFacts> event(const std::string&) const { return {}; }
  // A connector whose webhook takes any topic (the generic one): "webhook/anything" is known.
  [[nodiscard]] virtual bool open_topics(const std::string& connector) const = 0;
  // What people are shown; nothing when nothing is known. The checker does not ask.
  [[nodiscard]] virtual std::optional<OperationForm> form(const std::string&, const std::string&) const { return {}; }
  [[nodiscard]] virtual Words event_words(const std::string&) const { return {}; }
  // Whether the machine has the rules of this time zone.
  [[nodiscard]] virtual bool knows_zone(const std::string&) const { return true; }
};

// What is wrong with one recipe. Errors keep it from being applied.
std::vector<Finding> check_recipe(const Recipe& recipe, const Catalog& catalog);

// What is wrong between recipes: those that start each other, or themselves, without end. One list of findings for each
// recipe, in the same order; a circle is told once, at the trigger of its first recipe.
std::vector<std::vector<Finding>> check_recipes(const std::vector<const Recipe*>& recipes, const Catalog& catalog);

}  // namespace ieum::recipe
