// Edit layout: lines, indentation and what belongs to a step, in bytes. Inside this room, for edit.cpp.
// Knows no meaning: asks nodes for their offsets alone.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/document.hpp"

namespace ieum::recipe {

bool is_break(char c);
std::size_t line_begin(std::string_view text, std::size_t at);
std::size_t line_end(std::string_view text, std::size_t at);   // before its break
std::size_t next_line(std::string_view text, std::size_t at);  // behind its break
inline std::size_t column_of(std::string_view text, std::size_t at) { return at - line_begin(text, at); }
// Whether a list or map stands in brackets.
bool in_brackets(std::string_view text, const Node& node);
// Behind the last byte that the node needs: libyaml ends block nodes only where the next one begins.
std::size_t content_end(std::string_view text, const Node& node);

// An item of a block list: whole lines.
struct Extent {
  std::size_t begin = 0;  // of its first line, or of the first comment that belongs to it
  std::size_t dash = 0;
  std::size_t end = 0;  // behind the break of its last line; the end of the text where that has none
};
// Of all items; nothing where the list is laid out in a way that cannot be told (no block list, a dash behind another).
std::optional<std::vector<Extent>> item_extents(std::string_view text, const Node& list);
// Blank lines from `at` on, or before it.
std::size_t skip_blank_lines(std::string_view text, std::size_t at);
std::size_t back_over_blank_lines(std::string_view text, std::size_t at, std::size_t lowest);

// The step's text as an item of a block list with its dash in this column. root: what the text holds.
std::string as_block_item(std::string_view step, const Node& root, std::size_t column);
// Lines behind the first, moved so that the last one begins in this column.
std::string hung_at(std::string_view step, std::size_t column);
// Gives the lines the breaks of the other text, unless one of them has both kinds.
std::string with_breaks_of(std::string_view text, std::string step);
std::string_view break_of(std::string_view text);

// The comma behind `at`, past comments; npos when there is none.
std::size_t comma_behind(std::string_view text, std::size_t at);
// What a list in brackets puts between two items: ", ", ",\n    ", ",". Where it has but one, what its neighbours do.
std::string separator_of(std::string_view text, const Member& holder);

}  // namespace ieum::recipe
