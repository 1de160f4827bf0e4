// Document: the text of a recipe as a tree of nodes, each with its place, before anybody asks what it means.
// YAML and JSON give the same tree; the reader (recipe/reader.cpp) sees only this. Plain values; bounded in size, depth
// and number of nodes. What strict YAML refuses is refused here: anchors, aliases, tags, merge keys, duplicate keys,
// several documents, directives, keys that are no text.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "recipe/findings.hpp"

namespace ieum::recipe {

enum class Style {
  plain,
  single_quoted,
  double_quoted,
  literal,
  folded
};  // JSON: strings are double quoted, the rest is plain

struct Member;

struct Node {
  enum class Kind { scalar, list, map, refused };  // refused: said already, ask nothing of it
  Kind kind = Kind::scalar;
  Style style = Style::plain;
  Place place;
  std::size_t begin = 0, end = 0;  // bytes in the text
  std::string text;                // scalar: its content
  std::vector<Node> items;         // list
  std::vector<Member> members;     // map; keys are scalars, each once

  [[nodiscard]] const Node* find(std::string_view key) const;
};

struct Member {
  Node key, value;
};

// Byte offsets to places. One thread; asking in order of offset is cheap even where a line is very long.
class TextMap {
 public:
  explicit TextMap(std::string_view text);
  [[nodiscard]] Place at(std::size_t offset) const;
  // The text of a line (from 1) without its break; empty when there is none. first: its offset.
  [[nodiscard]] std::string_view line(int number, std::size_t* first = nullptr) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
  mutable std::size_t last_offset_ = 0;
  mutable Place last_{1, 1};
};

inline constexpr std::size_t kNodesMax = 50'000;

// What a text must be before a parser sees it: at most limits::kRecipeBytes, UTF-8 without byte order mark, no control
// characters. libyaml accepts or silently replaces all of these. False when it is not; said in findings.
bool check_text(std::string_view text, bool json, Findings& findings);

// Nothing when the text is no document; what is wrong is in findings. Text that check_text accepted.
std::optional<Node> parse_yaml(std::string_view text, Findings& findings);
std::optional<Node> parse_json_document(std::string_view text, Findings& findings);

// A plain scalar that is a JSON literal (null, true, 12, 1.50) is that value, an empty one is null, all else is text:
// 010, 0x1F, yes, ~ and 2026-01-01 are texts. Refused nodes are null.
Value node_value(const Node& node);
// Whether people of other YAML dialects would expect something else than a text: yes, True, ~, 0x1F.
bool is_ambiguous(const Node& node);
// "a list", "a map", "an empty value", "the number 3" ... for messages.
std::string kind_text(const Node& node);

}  // namespace ieum::recipe
