#include "tidy/house.hpp"

#include <algorithm>

namespace tidy {

namespace {

// Cells of one "| a | b |" line, trimmed; empty when the line is no row. "\|" stays inside its cell.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  if (!line.starts_with('|')) return cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] != '|' || line[i - 1] == '\\') {
      cell += line[i];
      continue;
    }
    const std::size_t first = cell.find_first_not_of(' ');
    const std::size_t last = cell.find_last_not_of(' ');
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
    cell.clear();
  }
  return cells;
}

// What stands between backticks, spaces and all: `std::time(`, `time(nullptr)`.
std::vector<std::string> quoted_in(std::string_view cell) {
  std::vector<std::string> found;
  while (true) {
    const std::size_t open = cell.find('`');
    const std::size_t close = open == std::string_view::npos ? open : cell.find('`', open + 1);
    if (close == std::string_view::npos) return found;
    found.emplace_back(cell.substr(open + 1, close - open - 1));
    cell.remove_prefix(close + 1);
  }
}

bool is_place(const House& house, const std::string& word) {
  return word == "nowhere" || word.find('/') != std::string::npos || house.rooms.count(word) > 0;
}

void check_words(const House& house, std::vector<Finding>& findings) {
  for (const auto& [room, allowed] : house.rooms)
    for (const std::string& word : allowed)
      if (word != "all" && house.rooms.count(word) == 0)
        findings.push_back({kHousePath, house.row_line.at(room), "table", "\"" + word + "\" is no room of the table",
                            "name rooms of the first column, or `all`"});
  for (const auto* fences : {&house.headers, &house.calls})
    for (const Fence& fence : *fences)
      for (const std::string& place : fence.places)
        if (!is_place(house, place))
          findings.push_back({kHousePath, fence.line, "table", "\"" + place + "\" is no place",
                              "name a room, a folder ending in /, a file without its ending, or nowhere"});
}

}  // namespace

House read_house(const Tree& tree, std::vector<Finding>& findings) {
  House house;
  const File* page = tree.find(kHousePath);
  if (page == nullptr) {
    findings.push_back({kHousePath, 0, "table", "the page is missing", "it holds the table of rooms and the fences"});
    return house;
  }
  enum class Table { none, rooms, headers, calls } table = Table::none;
  std::size_t number = 0;
  for (const std::string_view line : split_lines(page->text)) {
    ++number;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() < 2) {
      table = Table::none;
      continue;
    }
    if (cells[0] == "room" && cells[1] == "may include")
      table = Table::rooms;
    else if (cells[0] == "header" && cells[1] == "only in")
      table = Table::headers;
    else if (cells[0] == "call" && cells[1] == "only in")
      table = Table::calls;
    else if (cells[0].starts_with("---"))
      continue;
    else if (table == Table::rooms) {
      const std::vector<std::string> names = split_words(cells[0]);
      std::vector<std::string> allowed = split_words(cells[1]);
      std::erase(allowed, "–");
      for (const std::string& name : names) {
        house.rooms[name] = allowed;
        house.row_line[name] = number;
      }
    } else if (table == Table::headers) {
      house.headers.push_back({quoted_in(cells[0]), split_words(cells[1]), number});
    } else if (table == Table::calls) {
      house.calls.push_back({quoted_in(cells[0]), split_words(cells[1]), number});
    }
  }
  const auto wants = [&](bool there, const char* header) {
    if (!there)
      findings.push_back({kHousePath, 0, "table", std::string("no table \"") + header + "\" with rows", "put it back"});
  };
  wants(!house.rooms.empty(), "room | may include");
  wants(!house.headers.empty(), "header | only in");
  wants(!house.calls.empty(), "call | only in");
  check_words(house, findings);
  return house;
}

std::string room_of(const std::string& path) {
  const auto part = [&](std::size_t from) { return path.substr(from, path.find('/', from) - from); };
  if (path.starts_with("tests/")) return "tests";
  if (path.starts_with("core/") && path.find('/', 5) != std::string::npos) return part(5);
  if (path.starts_with("connectors/") && path.find('/', 11) != std::string::npos) return "connectors/" + part(11);
  return "";
}

bool may_include(const House& house, const std::string& from_room, const std::string& to_room) {
  if (from_room == to_room || from_room.empty()) return true;
  auto row = house.rooms.find(from_room);
  if (row == house.rooms.end() && from_room.starts_with("connectors/")) row = house.rooms.find("connectors/*");
  if (row == house.rooms.end()) return false;
  return std::any_of(row->second.begin(), row->second.end(),
                     [&](const std::string& word) { return word == "all" || word == to_room; });
}

bool in_place(const House& house, const std::string& path, const std::vector<std::string>& places) {
  return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
    if (place.ends_with('/')) return path.starts_with(place);
    if (house.rooms.count(place) > 0) return room_of(path) == place;
    return path.starts_with(place) && path.size() > place.size() && path[place.size()] == '.';
  });
}

}  // namespace tidy
