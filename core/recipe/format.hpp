// Format: puts expressions that stand bare in a YAML recipe into single quotes, and changes nothing else: not a comment,
// not a blank, not the meaning. What is quoted cannot be cut by YAML at " #", a comma or a "!". Pure.
//
// Quoted are the values of keys that take an expression (recipe/grammar.hpp), where they are plain texts. Literals (true,
// 12) stay, quotes would make texts of them; so do keys of `match` that are plain names (event.token).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/reader.hpp"

namespace ieum::recipe {

struct Quoting {
  Place place;
  std::string key;     // "where"; "match" for one of its keys
  std::string before;  // as written
  std::string after;
};

struct Formatted {
  std::optional<std::string> text;  // nothing when the reader refuses the recipe; the same text when nothing is to do
  std::vector<Quoting> quoted;      // in order of the text
  std::vector<Finding> findings;    // what the reader says; an expression that YAML has cut already is among them
};

Formatted format_recipe(std::string_view text, Format format);

}  // namespace ieum::recipe
