// Checker: what can be known of a recipe before it runs, against what connectors and connections there are.
// Pure; the catalog is handed in.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "recipe/reader.hpp"

namespace ieum::recipe {

// What the checker must know of an operation; filled from manifests by whoever calls.
struct OperationFacts {
  std::vector<std::string> inputs;
  std::vector<std::string> required_inputs;
  bool open_inputs = false;
  bool reaches_customer = false;
  std::string channel;
  std::vector<std::string> classes;
  bool unsafe_without_reconcile = false;
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
  // A connector whose webhook takes any topic (the generic one): "webhook/anything" is known.
  [[nodiscard]] virtual bool open_topics(const std::string& connector) const = 0;
  // Whether the machine has the rules of this time zone.
  [[nodiscard]] virtual bool knows_zone(const std::string&) const { return true; }
};

std::vector<Finding> check_recipe(const Recipe& recipe, const Catalog& catalog);

}  // namespace ieum::recipe
