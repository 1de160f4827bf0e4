// Grammar: every map of a recipe, its keys and what each key takes, in one table. The reader judges keys by it; the
// JSON Schema, the formatter and the hints about unquoted expressions are made from it. Plain constant data.
// Not here: what a value means, and rules between keys (`offset` needs `until`): those are the reader's.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"

namespace ieum::recipe {

inline constexpr int kStepsMax = 1000;                                           // of one recipe, all blocks together
inline constexpr int kLoopDepthMax = 3;                                          // loops inside each other
inline constexpr int kLoopPassesMax = static_cast<int>(limits::kLoopPassesMax);  // the product of their `max`

enum class Takes {
  text,         // a text of one's own
  name,         // small letters, digits, - and _
  variable,     // a name without -
  operation,    // connector.operation
  event,        // order_created, or connector/topic
  expression,   // CEL; always quoted by the formatter
  expressions,  // a map: name -> expression (`about`)
  match,        // a map: expression -> expression; its keys are expressions too
  duration,     // 30m
  offset,       // 30m or -1d
  whole,        // a whole number, lowest to highest
  truth,        // true or false
  choice,       // one of `choices`
  zone,         // Asia/Seoul
  wait_zone,    // Asia/Seoul, or `customer`
  cron,         // five fields, or @daily
  time_of_day,  // "09:30"
  weekdays,     // a list of `choices`
  values,       // a map: name -> anything, with {{ }} in texts
  steps,        // a list of steps
  map,          // a map of the shape `inner`
  list,         // a list of maps of the shape `inner`
  map_or_list,  // a map of the shape `inner`, or a list of maps of the shape `item` (`wait_for`)
  wait,         // a duration, or a map of the shape `inner`
  stop,         // nothing, a text, or a map of the shape `inner`
  tests,        // a list, kept as data
};

struct Key {
  std::string name;
  Takes takes = Takes::text;
  bool required = false;
  std::string inner = {};  // the shape inside
  std::string item = {};   // map_or_list: the shape of one in the list
  std::vector<std::string> choices = {};
  int lowest = 0, highest = 0;
  std::string help = {};  // one line for people who write
};

struct Shape {
  std::string name;   // "recipe", "trigger", "use" ...; a verb's shape is the whole step
  std::string thing;  // how messages call it: "a recipe", "a `use` step"
  std::vector<Key> keys;
  std::vector<std::string> later = {};  // words that this version does not have

  [[nodiscard]] const Key* find(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> names() const;
};

// All of them, "recipe" first, then its parts, then the steps in the order of verbs().
const std::vector<Shape>& shapes();
// A shape of this file by its name; asking for another one is a mistake in the program.
const Shape& shape(std::string_view name);

// The keys that make a step what it is; each has a shape of its name.
const std::vector<std::string>& verbs();
// Verbs of other versions: known words, not available.
const std::vector<std::string>& later_verbs();

// Whether the value under these keys is an expression. From the root; lists are "", and so is the key of a map while it
// is being read (the keys of `match` are expressions). Unknown keys on the way: judged by the last key alone.
bool takes_expression(const std::vector<std::string_view>& path);
// Keys that hold an expression wherever they stand: where, if, until ...
const std::vector<std::string>& expression_keys();
// Whether what lies under this key is data of the author's, with keys of his own: with, set, tests.
bool holds_data(std::string_view key);

}  // namespace ieum::recipe
