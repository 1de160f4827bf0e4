// YamlTree: strict YAML as a tree whose nodes know where they stand. The only includer of yaml.h in this room.
//
// Refused: anchors, aliases, tags, directives, merge keys, duplicate keys, keys that are no plain text, several documents,
// a byte order mark, control bytes, bad UTF-8, more than 1 MiB or 32 levels.
// Plain scalars are typed as in JSON; everything else, and all that is quoted, is text.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::host {

struct YamlNode {
  enum class Kind { scalar, list, map };
  struct Member;
  Kind kind = Kind::scalar;
  Value scalar;
  std::vector<YamlNode> items;
  std::vector<Member> members;
  std::size_t line = 1, column = 1;  // from 1, in code points

  [[nodiscard]] const YamlNode* member(std::string_view key) const;
  [[nodiscard]] Value value() const;
};

struct YamlNode::Member {
  std::string key;
  std::size_t line = 1, column = 1;
  YamlNode value;
};

// Error "bad_yaml", place file:line:column.
Result<YamlNode> read_yaml(std::string_view text, const std::string& file);

}  // namespace ieum::host
