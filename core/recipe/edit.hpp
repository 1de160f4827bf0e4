// Edit: replaces, inserts and deletes one step by splicing bytes of a recipe's text, YAML or JSON. All other bytes stay
// as they are, comments too. Pure. What an edit gives is a recipe that the reader takes, and that differs from the old
// one in that step alone: an edit that would give anything else is refused, with the findings that say why.
//
// What belongs to a step of a block list ("- "): its lines; the comments directly above it, without a blank line
// between, that begin in the column of its dash; and comments below it that are indented deeper. They are deleted with
// it. Replacing leaves the comments above, unless the new step brings its own. In a list in brackets, and in JSON, the
// item alone belongs to it.
// A list that loses its last step becomes []; one that was [] and gets a step in block form becomes a block list.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/reader.hpp"

namespace ieum::recipe {

// The bytes from begin to end of a text become `text`.
struct Splice {
  std::size_t begin = 0, end = 0;
  std::string text;
};

struct Edited {
  std::optional<std::string> text;  // the whole new text; nothing when the edit is refused
  // Of a new recipe the warnings. Of a refused edit "unknown_step", "unknown_block", "bad_step", "cannot_edit", or what
  // the reader says of the text that would be; of a step that cannot be read alone, places are in its own text.
  std::vector<Finding> findings;
  Splice splice;      // what happened to the old text
  Splice undo;        // makes the old text of the new one
  std::string taken;  // delete, replace: the bytes of the old step, fit to be inserted again
};

struct Spot {
  enum class Kind { before, after, first, last };
  Kind kind = Kind::after;
  std::string step;  // before, after: that step; first, last: the step around the block, "" is the recipe
  std::string
      block;  // first, last: "steps", "then", "else", "do", "on_error", "on_timeout", "case 1", "event 2", "variant a"
};

// `step` is the text of one step: a list of it ("- use: ..."), or the step alone ("use: ..."), in any indentation, with
// its comments; blank lines around it are kept. In a JSON recipe it is an object. Line breaks become those of the recipe.
Edited insert_step(std::string_view text, Format format, const Spot& spot, std::string_view step);
Edited replace_step(std::string_view text, Format format, std::string_view id, std::string_view step);
// Takes the blank lines behind it too, or before it when it is the last: what is left has none too many.
Edited delete_step(std::string_view text, Format format, std::string_view id);

// The bytes that belong to the step. Errors: "unknown_step", "cannot_edit".
Result<std::string> step_bytes(std::string_view text, Format format, std::string_view id);

}  // namespace ieum::recipe
