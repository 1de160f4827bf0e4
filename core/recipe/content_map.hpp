// Content map: from a position inside a scalar's content to its place in the file, so that an error in an expression
// points at the character its author typed, behind quotes, escapes and folded lines.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/document.hpp"

namespace ieum::recipe {

class ContentMap {
 public:
  ContentMap(std::string_view text, const Node& node);
  // line and column (from 1, in code points) inside the content.
  [[nodiscard]] Place at(std::size_t line, std::size_t column) const;
  // "line:column", as expr writes it at the end of an error's place.
  [[nodiscard]] Place at(std::string_view place) const;

 private:
  Place fallback_;
  std::vector<Place> places_;             // of each code point, and one behind the last
  std::vector<std::size_t> line_starts_;  // code points
};

}  // namespace ieum::recipe
