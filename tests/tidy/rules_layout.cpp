#include <set>

#include "tidy/rules.hpp"

namespace tidy {

namespace {

struct LinkLine {
  std::string room;
  std::vector<std::string> rooms;
  std::size_t line = 0;
};

// The ieum_room(name ROOMS ... LIBS ...) calls; comments are skipped.
std::vector<LinkLine> link_lines(std::string_view cmake) {
  std::vector<LinkLine> found;
  std::string open;
  std::size_t start = 0;
  std::size_t number = 0;
  for (std::string_view line : split_lines(cmake)) {
    ++number;
    line = line.substr(0, line.find('#'));
    if (open.empty()) {
      if (!line.starts_with("ieum_room(")) continue;
      start = number;
      line.remove_prefix(10);
    }
    open += std::string(line) + ' ';
    const std::size_t close = open.find(')');
    if (close == std::string::npos) continue;
    LinkLine call;
    call.line = start;
    bool in_rooms = false;
    for (const std::string& word : split_words(open.substr(0, close))) {
      if (call.room.empty())
        call.room = word;
      else if (word == "ROOMS" || word == "LIBS")
        in_rooms = word == "ROOMS";
      else if (in_rooms)
        call.rooms.push_back(word);
    }
    found.push_back(std::move(call));
    open.clear();
  }
  return found;
}

// Only rooms of core/ have a link line: app builds an executable, tests and connectors have CMake files of their own.
bool has_link_line(const std::string& room) {
  return room != "app" && room != "tests" && !room.starts_with("connectors/");
}

}  // namespace

void check_layout(const Tree& tree, const House& house, std::vector<Finding>& findings) {
  std::set<std::string> told;
  for (const File& file : tree.files) {
    if (!file.path.starts_with("core/")) continue;
    const std::string room = room_of(file.path);
    if (room.empty())
      findings.push_back(
          {file.path, 0, "unknown_room", "a file in core/ belongs to no room", "put it into a room's folder"});
    else if (house.rooms.count(room) == 0 && told.insert(room).second)
      findings.push_back({file.path, 0, "unknown_room", "core/" + room + "/ is not in the table of rooms",
                          "add its row to docs/ARCHITECTURE.md and its ieum_room line, or move the files"});
  }
  const File* cmake = tree.find("CMakeLists.txt");
  if (cmake == nullptr) return;
  std::set<std::string> linked;
  for (const LinkLine& call : link_lines(cmake->text)) {
    linked.insert(call.room);
    const auto row = house.rooms.find(call.room);
    if (row == house.rooms.end()) {
      findings.push_back({cmake->path, call.line, "link_line",
                          "ieum_room(" + call.room + ") is not in the table of rooms",
                          "add its row to docs/ARCHITECTURE.md"});
      continue;
    }
    std::set<std::string> table;
    for (const std::string& word : row->second)
      if (has_link_line(word)) table.insert(word);
    const std::set<std::string> line(call.rooms.begin(), call.rooms.end());
    if (table == line) continue;
    std::string difference;
    for (const std::string& room : table)
      if (line.count(room) == 0) difference += " -" + room;
    for (const std::string& room : line)
      if (table.count(room) == 0) difference += " +" + room;
    findings.push_back({cmake->path, call.line, "link_line",
                        "ieum_room(" + call.room + ") differs from the table of rooms:" + difference,
                        "make both say the same; the table in docs/ARCHITECTURE.md decides"});
  }
  for (const auto& [room, allowed] : house.rooms)
    if (has_link_line(room) && linked.count(room) == 0)
      findings.push_back({kHousePath, house.row_line.at(room), "link_line", room + " has no ieum_room line",
                          "add one to CMakeLists.txt, or take the row out"});
}

}  // namespace tidy
