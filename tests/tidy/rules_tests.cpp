#include <map>
#include <set>

#include "tidy/rules.hpp"

namespace tidy {

namespace {

constexpr const char* kMapPath = "docs/TESTING.md";

struct Group {
  std::set<std::string> wanted, rows;
  std::size_t line = 0, held = 0, open = 0;
};

bool is_id(std::string_view word) {
  return word.size() == 6 && word[3] == '-' && word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 &&
         word.find_first_not_of("0123456789", 4) == std::string_view::npos;
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  while (line.starts_with('|')) {
    line.remove_prefix(1);
    std::string_view cell = line.substr(0, line.find('|'));
    line.remove_prefix(std::min(cell.size(), line.size()));
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    cells.emplace_back(cell);
  }
  return cells;
}

std::vector<std::string> names_in(std::string_view cell) {
  std::vector<std::string> names;
  for (std::size_t at = cell.find('`'); at != std::string_view::npos; at = cell.find('`', at + 1)) {
    const std::size_t end = cell.find('`', at + 1);
    if (end == std::string_view::npos) break;
    names.emplace_back(cell.substr(at + 1, end - at - 1));
    at = end;
  }
  return names;
}

bool is_test(const File& file) {
  return !file.raw && !file.binary && (file.path.starts_with("tests/") || file.path.starts_with("web/")) &&
         !file.path.starts_with("tests/tidy/");
}

bool stands_in_tests(const Tree& tree, const std::string& name) {
  for (const File& file : tree.files) {
    if (!is_test(file)) continue;
    for (std::size_t at = file.text.find(name); at != std::string::npos; at = file.text.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      const bool starts = at == 0 || !is_word_byte(file.text[at - 1]);
      if (starts && (end == file.text.size() || !is_word_byte(file.text[end]))) return true;
    }
  }
  return false;
}

}  // namespace

// A heading "### ... (CON): `01 03`" lists the ids of a group; each has one row "| CON-01 | what | `CON_01_test` |", "not held: why"
// or "open" in the last cell.
void check_tests(const Tree& tree, std::vector<Finding>& findings) {
  const File* page = tree.find(kMapPath);
  if (page == nullptr) {
    findings.push_back(
        {kMapPath, 0, "test_map", "the page is gone", "it maps what must hold to the tests that prove it"});
    return;
  }
  std::map<std::string, Group> groups;
  std::size_t number = 0;
  const auto add = [&](std::string what, std::string mend) {
    findings.push_back({page->path, number, "test_map", std::move(what), std::move(mend)});
  };
  for (const std::string_view line : split_lines(page->text)) {
    ++number;
    if (const std::size_t at = line.find("): `"); line.starts_with("### ") && at != std::string_view::npos && at > 3) {
      const std::string name(line.substr(at - 3, 3));
      groups[name].line = number;
      for (const std::string& id : split_words(line.substr(at + 3))) groups[name].wanted.insert(name + "-" + id);
      continue;
    }
    const auto cells = cells_of(line);
    if (cells.empty() || !is_id(cells[0])) continue;
    const std::string& id = cells[0];
    Group& group = groups[id.substr(0, 3)];
    if (group.wanted.count(id) == 0)
      add(id + " is not in the list of its group", "add it to the heading, or take it out");
    if (!group.rows.insert(id).second) add(id + " has two rows", "make them one");
    const std::string last = cells.size() < 3 ? "" : cells[2];
    if (last == "open") {
      ++group.open;
      continue;
    }
    if (last.starts_with("not held: ") && last.size() > 20) continue;
    const auto names = names_in(last);
    if (names.empty()) add(id + " has no test", "name one, or say \"not held: \" and why");
    const std::string mark = id.substr(0, 3) + "_" + id.substr(4);
    for (const std::string& name : names) {
      if (name.find(mark) == std::string::npos)
        add("\"" + name + "\" does not hold " + mark, "a test carries what it proves");
      if (!stands_in_tests(tree, name)) add("no test is called \"" + name + "\"", "write it, or correct the page");
    }
    if (!names.empty()) ++group.held;
  }
  for (const auto& [name, group] : groups) {
    number = group.line;
    for (const std::string& id : group.wanted)
      if (group.rows.count(id) == 0) add(id + " has no row", "say what is done and by which test");
    if (group.held + group.open < group.wanted.size() * 9 / 10)
      add(std::to_string(group.held) + " of " + std::to_string(group.wanted.size()) + " of " + name + " are held",
          "nine of ten must be");
  }
}

std::vector<std::string> open_tests(const Tree& tree) {
  std::vector<std::string> lines;
  const File* page = tree.find(kMapPath);
  if (page == nullptr) return lines;
  for (const std::string_view line : split_lines(page->text)) {
    const auto cells = cells_of(line);
    if (cells.size() > 2 && is_id(cells[0]) && cells[2] == "open")
      lines.push_back(cells[0] + " is open in " + kMapPath);
  }
  return lines;
}

}  // namespace tidy
