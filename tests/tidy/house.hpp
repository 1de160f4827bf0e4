// The rules of the house as docs/ARCHITECTURE.md states them: three tables, read by their header cells.
//   room | may include          one row a room; words are rooms, `all`, or folders such as connectors/sdk
//   header | only in            backticked prefixes of #include paths; places
//   call | only in              backticked code, or a path in a string; places
// A place is a room, `tests`, a folder ending in '/', a file's path without its ending, or `nowhere`.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "tidy/tree.hpp"

namespace tidy {

struct Fence {
  std::vector<std::string> patterns;
  std::vector<std::string> places;
  std::size_t line = 0;
};

struct House {
  std::map<std::string, std::vector<std::string>> rooms;  // room -> may include, itself left out
  std::map<std::string, std::size_t> row_line;
  std::vector<Fence> headers;
  std::vector<Fence> calls;
};

inline constexpr const char* kHousePath = "docs/ARCHITECTURE.md";

// Findings when the page or one of its tables is missing, or a row names what is no room.
House read_house(const Tree& tree, std::vector<Finding>& findings);

// The room a path lies in: base, app ...; tests; connectors/sdk, connectors/<name>; empty elsewhere.
std::string room_of(const std::string& path);
bool may_include(const House& house, const std::string& from_room, const std::string& to_room);
bool in_place(const House& house, const std::string& path, const std::vector<std::string>& places);

}  // namespace tidy
