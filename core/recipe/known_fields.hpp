// Known fields: the type of a member path of an expression, and whether the path can be there, as far as manifests and
// the recipe tell. Gradual: what is not known is `any`, and not missing. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recipe/checker.hpp"
#include "recipe/step_index.hpp"

namespace ieum::recipe {

// Of a value that stands in the recipe; `any` for what tells nothing.
expr::StaticType type_of_value(const Value& value);

class KnownFields {
 public:
  using Type = expr::StaticType;
  using Path = std::vector<std::string>;

  KnownFields(const Recipe& recipe, const StepIndex& index, const Catalog& catalog);

  // One thread at a time.
  [[nodiscard]] Type type(const Asked& asked, const Path& path) const;

  // A member that its owner does not have.
  struct Missing {
    std::string owner;                // "order_created", "slack.message.post"
    std::string name;                 // the member
    std::vector<std::string> others;  // that there are
  };
  [[nodiscard]] std::optional<Missing> missing(const Asked& asked, const Path& path) const;

 private:
  // Something with members: an event, an output, `run`.
  struct Owner {
    std::string name;
    std::map<std::string, Type> fields;
    bool open = false;
    std::size_t depth = 1;  // where in the path its member stands
  };
  [[nodiscard]] std::optional<Owner> owner(const Asked& asked, const Path& path) const;
  [[nodiscard]] std::optional<Owner> event(const std::string& name, std::size_t depth) const;
  [[nodiscard]] std::optional<Owner> of_step(const Path& path) const;
  void learn_variables(const Recipe& recipe);
  [[nodiscard]] std::map<std::string, Type> variable_types(const Recipe& recipe, bool with_holes) const;

  const Recipe& recipe_;
  const StepIndex& index_;
  const Catalog& catalog_;
  std::map<std::string, Type> variables_;
  mutable std::map<std::string, std::optional<EventFacts>> events_;  // as the catalog told them, once each
};

}  // namespace ieum::recipe
