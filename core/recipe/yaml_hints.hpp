// Hints: what an author most likely meant where YAML broke. Expressions hold characters that mean something to YAML; an
// unquoted one is cut or misread in five ways: at " #", at "," inside { }, by a leading "!", at ": ", and by a leading
// bracket, brace, star, ampersand or quote. Each is answered with "quote this expression". Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "recipe/document.hpp"

namespace ieum::recipe {

// "quote this expression: 'a && b'", with the rest of the line where that can be told.
std::string quote_mend(const TextMap& map, Place begin);

// Where and why libyaml stopped, and where in the tree that was.
struct YamlProblem {
  std::string what, context;
  Place place, context_place;
  std::vector<std::string_view> path;
  int open_key_line = 0;      // of the key whose value was being read; 0 has none
  std::string_view last_key;  // the last whole entry of the innermost map
  int last_key_line = 0;
};
void explain(const TextMap& map, const YamlProblem& problem, Findings& findings);

}  // namespace ieum::recipe
