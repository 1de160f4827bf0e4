// Recipe reader: from Document to Recipe. Inside this room only; others call read_recipe.
// Every function says what is wrong in findings and goes on; what it returns after an error is not used.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recipe/content_map.hpp"
#include "recipe/document.hpp"

namespace ieum::recipe {

class RecipeReader {
 public:
  RecipeReader(std::string_view text, bool json, Findings& findings) : text_(text), json_(json), findings_(findings) {}
  Recipe recipe(const Node& root);

 private:
  // What a map may hold. `later` are keys of the design that this version does not have.
  struct Keys {
    std::vector<std::string> known;
    std::vector<std::string> later;
  };
  // Checks that the node is a map and its keys are known; false when it is no map. `thing`: "a step".
  bool check_map(const Node& node, const std::string& thing, const Keys& keys);
  void check_keys(const Node& node, const std::string& thing, const Keys& keys);
  void wrong_kind(const Node& node, const std::string& key, const std::string& wanted, const std::string& mend);

  // recipe_reader.cpp
  EventMatch event_match(const Node& node, const std::string& thing, bool needs_event);
  Entry entry(const Node& node);
  std::vector<std::pair<std::string, Condition>> about(const Node& node);
  std::string zone(const Node& node);
  std::vector<EventMatch> exits(const Node& node);

  // read_values.cpp
  std::string text(const Node& node, const std::string& key);
  std::string name(const Node& node, const std::string& key);
  std::string event_name(const Node& node);
  std::optional<Millis> duration(const Node& node, const std::string& key);
  std::optional<int> whole(const Node& node, const std::string& key, int lowest, int highest);
  std::optional<Condition> condition(const Node& node, const std::string& key);
  std::optional<InDoubt> in_doubt(const Node& node);
  // The first of the choices that the text is; nothing, and an error, when it is none.
  std::optional<std::size_t> choice(const Node& node, const std::string& key, const std::vector<std::string>& choices);
  // `key` is what holds the node: a variable; "" for a map of inputs, whose keys those are.
  std::optional<expr::ValueTemplate> value_template(const Node& node, const std::string& key, NameUses& uses,
                                                    std::vector<Hole>& holes);
  void template_texts(const Node& node, const std::string& key, bool whole, NameUses& uses, std::vector<Hole>& holes);
  void bad_expression(const Node& node, const std::string& key, const Error& error);

  // read_steps.cpp
  Steps steps(const Node& node, const std::string& key, const std::string& id_prefix);
  std::shared_ptr<Steps> block(const Node& node, const std::string& key, const std::string& step_id);
  std::optional<Step> step(const Node& node, std::string made_id);
  std::string step_id(const Node& node, std::string made_id);
  std::string chosen_verb(const Node& node);
  Use use(const Node& node, const std::string& id);
  Retry retry(const Node& node);
  Wait wait(const Node& node);
  std::optional<If> branch(const Node& node, const std::string& id);
  Set set(const Node& node);
  Stop stop(const Node& node);

  std::string_view text_;
  bool json_;
  Findings& findings_;
  std::set<std::string, std::less<>> ids_;
};

}  // namespace ieum::recipe
