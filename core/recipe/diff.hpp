// Diff: what two texts of a recipe mean differently: header keys, and steps that were added, removed, moved or changed.
// Comments, layout, quotes and the order of keys do not count: texts with equal hashes have no difference.
// Pure; reads documents, so that a recipe can be compared which this version's reader refuses.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "recipe/reader.hpp"

namespace ieum::recipe {

struct KeyChange {
  std::string path;                    // "where", "with.text", "exit_on[0].event"; of a test: its name
  std::optional<Value> before, after;  // nothing: the key was not there
};

struct Change {
  enum class Kind { header, test, added, removed, moved, changed };
  Kind kind = Kind::header;
  std::string step;             // its id, in the version where it is; "" header and test
  std::string what;             // "use slack.message.post", "wait 30m"
  std::string from, to;         // where it was and is: "steps, behind remind", "then of is_large, first"
  std::vector<KeyChange> keys;  // header and test: one; changed: all
};

struct RecipeDiff {
  std::vector<Change> changes;  // header, tests, then steps in the order of the new text, then the removed ones
  // Steps that are the same, under another id: made-up ids follow the place, so a step put before moves them. Runs
  // that wait there are not found again.
  std::vector<std::pair<std::string, std::string>> renamed;

  [[nodiscard]] bool empty() const { return changes.empty() && renamed.empty(); }
  // Ids that are in the old text and not in the new one.
  [[nodiscard]] std::vector<std::string> gone() const;
  std::vector<std::string> ids_before, ids_after;  // all steps, in order of the text
};

// Error "unreadable_recipe" when one of them is no YAML or JSON that a recipe may be; place is line:column.
Result<RecipeDiff> diff_recipes(std::string_view before, Format before_format, std::string_view after,
                                Format after_format);

// One line a change, for people; every line ends in a line break. Long values are cut around what differs.
std::string diff_text(const RecipeDiff& diff);
// {"changes": [{"kind", "step", "what", "from", "to", "keys": [{"path", "before", "after"}]}], "renamed": [{"from", "to"}],
// "gone": [ids]}; a side that was not there is left out.
Value diff_value(const RecipeDiff& diff);

}  // namespace ieum::recipe
