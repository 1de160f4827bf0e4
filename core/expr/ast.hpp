// The compiled form of one expression: a tree of nodes in one arena, immutable once Expression::parse has returned.
// parser.cpp builds it as written; resolver.cpp then binds macros, variables and functions and folds constants.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "expr/expression.hpp"
#include "expr/lexer.hpp"

namespace re2 {
class RE2;
}  // namespace re2

namespace ieum::expr {

struct Function;

enum class Op : std::uint8_t {
  constant,      // value
  identifier,    // name; before resolving only; slot 1: in parentheses
  root,          // name, slot: index in Ast::root_names
  local,         // slot: variable of a macro
  qualified,     // plain CEL: dotted name looked up longest first; names = its parts
  select,        // args[0].name; slot 1 before resolving: in parentheses
  opt_select,    // args[0].?name
  has,           // has(args[0].name)
  index,         // args[0][args[1]]
  opt_index,     // args[0][?args[1]]
  list,          // args; optional_entries
  map,           // args: key, value, key, value ...; optional_entries by pair
  call,          // function(args); a method's target is args[0]
  unknown_call,  // plain CEL: fails when evaluated
  logical_and,
  logical_or,
  logical_not,
  conditional,
  add,
  subtract,
  multiply,
  divide,
  modulo,  // slot: how many of these stand to the left in one chain
  negate,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  in,
  // Macros: args[0] the range, then what is evaluated for each element; slot, slot2 its variables.
  all,
  exists,
  exists_one,
  map_list,
  filter,
  transform_list,
  transform_map,
  transform_map_entry,
  sort_by,
  opt_map,
  opt_flat_map,
  bind,       // args[0] value, args[1] body; slot
  otherwise,  // x | or(y): args[0], args[1]; flag: or_blank
};

struct Node {
  Op op = Op::constant;
  bool flag = false;         // call: written as a method; identifier: written with a leading dot; macros: two variables
  std::uint32_t offset = 0;  // byte in the source that an error points at
  std::uint32_t slot = 0, slot2 = 0;
  std::uint32_t depth = 1;
  const Function* function = nullptr;
  std::string name;
  Value value;
  std::vector<Node*> args;
  std::vector<bool> optional_entries;       // empty: none is optional
  std::vector<std::string> names;           // qualified
  std::shared_ptr<const re2::RE2> pattern;  // calls with a constant pattern
};

struct Ast {
  std::string source;
  ParseOptions options;
  Position first;  // where the source begins in its file
  std::deque<Node> nodes;
  Node* root = nullptr;
  std::vector<std::string> root_names;
  std::vector<PathUse> uses;
  std::size_t locals = 0;  // slots wanted by macro variables

  Node* make(Op op, std::size_t offset) {
    Node& node = nodes.emplace_back();
    node.op = op;
    node.offset = static_cast<std::uint32_t>(offset);
    return &node;
  }
  [[nodiscard]] std::string place(std::size_t offset) const {
    const Position position = position_of(source, offset, first);
    return std::to_string(position.line) + ":" + std::to_string(position.column);
  }
};

// Parser: fills ast.root from ast.source. Error "bad_expression" with its place.
Status parse_source(Ast& ast);
// Resolver: the second pass. Error "bad_expression" with its place.
Status resolve(Ast& ast);
// Both, for a source that begins at `first` in its file.
Result<Expression> parse_expression(std::string_view source, const ParseOptions& options, Position first);

}  // namespace ieum::expr
