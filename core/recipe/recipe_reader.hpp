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
#include "recipe/grammar.hpp"

namespace ieum::recipe {

class RecipeReader {
 public:
  RecipeReader(std::string_view text, bool json, Findings& findings) : text_(text), json_(json), findings_(findings) {}
  Recipe recipe(const Node& root);

 private:
  // Checks that the node is a map; false when it is not, which is said.
  bool check_map(const Node& node, const Shape& shape);
  // Says which keys the shape does not have; `said` are those of which somebody has spoken already.
  void check_keys(const Node& node, const Shape& shape, const std::vector<std::string>& said = {});
  // The key of the shape that takes steps and is not there, where another word for one is; null when none is meant.
  static const Key* meant_steps(const Node& node, const Shape& shape, std::string_view key);
  void wrong_kind(const Node& node, const std::string& key, const std::string& wanted, const std::string& mend);
  // Whether the entry is what a comma cut off an unquoted expression.
  [[nodiscard]] bool is_tail(const Member& member) const;

  // recipe_reader.cpp
  void head(const Node& root, Recipe& recipe);
  Entry entry(const Node& node);
  Cap cap(const Node& node);
  std::vector<std::pair<std::string, Condition>> about(const Node& node);
  std::vector<std::pair<std::string, Condition>> search(const Node& node);

  // read_trigger.cpp
  void trigger(const Node& node, Recipe& recipe);
  void check_schedule(const Node& root, const Recipe& recipe);
  Absent absent(const Node& node);
  Schedule schedule(const Node& node);
  Goal goal(const Node& node);
  std::vector<HistoryQuery> history(const Node& node);
  HistoryQuery history_query(const Node& node);
  std::vector<EventMatch> exits(const Node& node);
  // What all events share; `then`, `within` and such are the caller's. Does not check keys.
  EventMatch event_match(const Node& node, const Shape& shape);
  std::vector<MatchPair> match_pairs(const Node& node);

  // read_values.cpp
  std::string text(const Node& node, const std::string& key);
  std::string name(const Node& node, const std::string& key);
  std::string variable(const Node& node, const std::string& key);
  std::string event_name(const Node& node);
  std::optional<Millis> duration(const Node& node, const std::string& key);
  // As duration, but zero is an error too. example: of one, for the mend.
  std::optional<Millis> some_time(const Node& node, const std::string& key, const std::string& example);
  std::optional<Millis> offset(const Node& node, const std::string& key);
  std::optional<int> whole(const Node& node, const Key& key);
  std::optional<bool> truth(const Node& node, const std::string& key);
  std::optional<InDoubt> in_doubt(const Node& node);
  // The first of the choices that the text is; nothing, and an error, when it is none.
  std::optional<std::size_t> choice(const Node& node, const std::string& key, const std::vector<std::string>& choices);
  // The choice itself; "" when it is none.
  std::string one_of(const Node& node, const Key& key);
  std::string zone(const Node& node, const std::string& key);

  // read_expressions.cpp
  std::optional<Condition> condition(const Node& node, const std::string& key);
  // `key` is what holds the node: a variable; "" for a map of inputs, whose keys those are.
  std::optional<expr::ValueTemplate> value_template(const Node& node, const std::string& key, NameUses& uses,
                                                    std::vector<Hole>& holes);
  void template_texts(const Node& node, const std::string& key, bool whole, NameUses& uses, std::vector<Hole>& holes);
  void bad_expression(const Node& node, const std::string& key, const Error& error);

  // read_steps.cpp
  Steps steps(const Node& node, const std::string& key, const std::string& id_prefix);
  std::shared_ptr<Steps> block(const Node& node, const std::string& key, const std::string& step_id);
  std::optional<Step> step(const Node& node, std::string made_id);
  bool read_verb(const Node& node, const std::string& verb, Step& step);
  void check_step_keys(const Node& node, const std::string& verb);
  std::string step_id(const Node& node, std::string made_id);
  std::string chosen_verb(const Node& node);
  Set set(const Node& node);
  Stop stop(const Node& node);

  // read_use.cpp
  Use use(const Node& node, const std::string& id);
  void operation(const Node& node, Use& use);
  void inputs(const Node& node, Use& use);
  Retry retry(const Node& node);

  // read_waits.cpp
  // `key`: wait or timeout.
  Wait wait(const Node& node, const std::string& key);
  Window window(const Node& node);
  std::optional<int> minute_of_day(const Node& node, const std::string& key, bool end_of_day);
  WaitFor wait_for(const Node& node, const std::string& id);

  // read_branches.cpp
  std::optional<If> branch(const Node& node, const std::string& id);
  Switch choose(const Node& node, const std::string& id);
  Split split(const Node& node, const std::string& id);

  // read_loops.cpp
  std::optional<ForEach> for_each(const Node& node, const std::string& id);
  Repeat repeat(const Node& node, const std::string& id);
  std::shared_ptr<Steps> body(const Node& node, Place max_place, int max, const std::string& id);

  std::string_view text_;
  bool json_;
  Findings& findings_;
  std::set<std::string, std::less<>> ids_;
  Retry default_retry_;     // the recipe's
  std::vector<int> loops_;  // `max` of the loops around
  int steps_ = 0;           // so far
};

}  // namespace ieum::recipe
