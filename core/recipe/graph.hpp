// Graph: a recipe as nodes and edges, for people who would rather look than read: the trigger, each step, the end, and which way a run may
// go from each. Pure. Runs find their place in it by step ids.
#pragma once
#include <string>
#include <vector>

#include "base/value.hpp"
#include "recipe/model.hpp"

namespace ieum::recipe {

struct GraphNode {
  std::string id;     // step id; ":trigger", ":error" (the recipe's on_error) and ":end"
  std::string kind;   // trigger, use, wait, wait_for, branch, switch, for_each, repeat, split, set, stop, error, end
  std::string title;  // what it does: an operation, an event, a duration, an expression; as it is written
  std::string connection;  // use, trigger
  std::string parent;      // the loop around it; ""
  int line = 0;            // 0: it is not in the text
};

struct GraphEdge {
  std::string from, to;
  std::string kind;   // next, yes, no, case, event, timeout, error, item (into a loop), again (back to it)
  std::string label;  // case: its condition; event: its name; of a split the variant; else ""
};

struct Graph {
  std::vector<GraphNode> nodes;  // in order of the text
  std::vector<GraphEdge> edges;
};

Graph graph_of(const Recipe& recipe);

}  // namespace ieum::recipe
