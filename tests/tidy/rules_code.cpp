#include <algorithm>
#include <array>
#include <filesystem>

#include "tidy/rules.hpp"

namespace tidy {

namespace {

struct Include {
  std::size_t line = 0;
  std::string target;
  bool angled = false;
};

std::vector<Include> includes_of(std::string_view text) {
  std::vector<Include> found;
  std::size_t number = 0;
  for (std::string_view line : split_lines(text)) {
    ++number;
    const auto skip = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
    skip();
    if (!line.starts_with('#')) continue;
    line.remove_prefix(1);
    skip();
    if (!line.starts_with("include")) continue;
    line.remove_prefix(7);
    skip();
    if (line.empty() || (line[0] != '"' && line[0] != '<')) continue;
    const bool angled = line[0] == '<';
    line.remove_prefix(1);
    found.push_back({number, std::string(line.substr(0, line.find(angled ? '>' : '"'))), angled});
  }
  return found;
}

// The file of the tree that an include means; empty when there is none. What ends in .inc is made by the build and
// judged by its room alone.
std::string resolve(const Tree& tree, const File& file, const Include& include) {
  std::vector<std::string> bases = {"core/", "connectors/sdk/"};  // the include paths, so also for <...>
  if (!include.angled) {
    bases.insert(bases.begin(), file.path.substr(0, file.path.rfind('/') + 1));
    bases.insert(bases.end(), {"connectors/", "tests/", ""});
  }
  for (const std::string& base : bases) {
    std::string path = std::filesystem::path(base + include.target).lexically_normal().generic_string();
    if (tree.find(path) != nullptr) return path;
  }
  return include.target.ends_with(".inc") ? "core/" + include.target : "";  // made by the build
}

bool connector_may_use(const std::string& header) {
  static constexpr std::array kC = {"stddef.h", "stdint.h", "string.h"};
  if (header.find_first_of("./") == std::string::npos) return true;  // the standard library
  return header.starts_with("boost/json") || std::find(kC.begin(), kC.end(), header) != kC.end();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "nothing" : text;
}

std::string row_text(const House& house, const std::string& room) {
  auto row = house.rooms.find(room);
  if (row == house.rooms.end() && room.starts_with("connectors/")) row = house.rooms.find("connectors/*");
  return row == house.rooms.end() ? "nothing" : joined(row->second);
}

void check_includes(const Tree& tree, const House& house, const File& file, std::vector<Finding>& findings) {
  const std::string room = room_of(file.path);
  for (const Include& include : includes_of(without_comments(file.text))) {
    for (const Fence& fence : house.headers)
      if (starts_with_any(include.target, fence.patterns) && !in_place(house, file.path, fence.places))
        findings.push_back({file.path, include.line, "fenced_header",
                            "<" + include.target + "> is for " + joined(fence.places) + " only",
                            "go through the interface of the room that owns it"});
    const std::string target = resolve(tree, file, include);
    if (target.empty() && include.angled) {
      if (room.starts_with("connectors/") && !connector_may_use(include.target))
        findings.push_back(
            {file.path, include.line, "connector_include", "a connector may not include <" + include.target + ">",
             "a connector sees connectors/sdk, the standard library and boost/json; the host does all else"});
      continue;
    }
    if (target.empty()) {
      const bool fenced = std::any_of(house.headers.begin(), house.headers.end(),
                                      [&](const Fence& f) { return starts_with_any(include.target, f.patterns); });
      if (!fenced)
        findings.push_back({file.path, include.line, "include", "\"" + include.target + "\" is no file of the tree",
                            "write \"room/file.hpp\" for our own, <...> for others"});
      continue;
    }
    const std::string target_room = room_of(target);
    if (may_include(house, room, target_room)) continue;
    findings.push_back(
        {file.path, include.line, room.starts_with("connectors/") ? "connector_include" : "include",
         room + " may not include " + (target_room.empty() ? target : target_room) + " (\"" + include.target + "\")",
         room + " may include " + row_text(house, room) + ": move the code, or pass what it needs as an argument"});
  }
}

// Finds a pattern whose ends are no part of a longer name.
bool occurs(std::string_view line, std::string_view pattern) {
  for (std::size_t at = line.find(pattern); at != std::string_view::npos; at = line.find(pattern, at + 1)) {
    const std::size_t end = at + pattern.size();
    const bool open = is_word_byte(pattern.front()) || pattern.front() == ':';
    if (open && at > 0 && is_word_byte(line[at - 1])) continue;
    if (is_word_byte(pattern.back()) && end < line.size() && is_word_byte(line[end])) continue;
    return true;
  }
  return false;
}

void check_calls(const House& house, const File& file, std::vector<Finding>& findings) {
  const std::string code = without_comments_and_strings(file.text);
  const std::string with_strings = without_comments(file.text);
  const std::vector<std::string_view> code_lines = split_lines(code);
  const std::vector<std::string_view> text_lines = split_lines(with_strings);
  for (const Fence& fence : house.calls) {
    if (in_place(house, file.path, fence.places)) continue;
    for (const std::string& pattern : fence.patterns) {
      const std::vector<std::string_view>& lines = pattern.starts_with('/') ? text_lines : code_lines;
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (occurs(lines[i], pattern))
          findings.push_back(
              {file.path, i + 1, "fenced_call", pattern + " is for " + joined(fence.places) + " only",
               "take a Clock, Random, setting or queue as an argument; the table is in docs/ARCHITECTURE.md"});
    }
  }
}

// What a call returns ends with the head of the loop, and with it what it owned. A pointer that is followed ('*' before it) is taken
// to be into something that stays.
void check_ranges(const File& file, std::vector<Finding>& findings) {
  const std::string code = without_comments_and_strings(file.text);
  std::size_t number = 0;
  for (const std::string_view line : split_lines(code)) {
    ++number;
    const auto loop = line.find("for (");
    const auto colon = loop == std::string_view::npos ? loop : line.find(" : ", loop);
    if (colon == std::string_view::npos) continue;
    auto range = line.substr(colon + 3);
    int open = 1;
    const auto end = std::find_if(range.begin(), range.end(), [&](char c) {
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      return open == 0;
    });
    range = range.substr(0, static_cast<std::size_t>(end - range.begin()));
    const auto arrow = range.rfind(")->");
    if (range.starts_with('*') || arrow == std::string_view::npos || range.find('(', arrow) != std::string_view::npos)
      continue;
    findings.push_back({file.path, number, "range_of_temporary", "a loop over a member of what a call returned",
                        "give what it returned a name first"});
  }
}

// Whether the text ends with a comparison: "== ", "!= ".
bool ends_comparing(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text.ends_with("==") || text.ends_with("!=");
}

bool begins_comparing(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text.starts_with("==") || text.starts_with("!=");
}

// A comparison that stops at the first byte that differs tells who may ask often how much of a guess was right.
void check_secrets(const File& file, std::vector<Finding>& findings) {
  const std::string code = without_comments_and_strings(file.text);
  constexpr std::string_view kSecretValue = "reveal()";
  constexpr std::string_view kOperand = "_.:->*&()[]";
  std::size_t number = 0;
  for (const std::string_view line : split_lines(code)) {
    ++number;
    bool compared = false;
    for (std::size_t at = line.find(kSecretValue); at != std::string_view::npos; at = line.find(kSecretValue, at + 1)) {
      std::size_t begin = at;
      while (begin > 0 && (is_word_byte(line[begin - 1]) || kOperand.find(line[begin - 1]) != std::string_view::npos))
        --begin;
      compared =
          compared || ends_comparing(line.substr(0, begin)) || begins_comparing(line.substr(at + kSecretValue.size()));
    }
    for (std::size_t at = line.find("hmac_sha"); at != std::string_view::npos; at = line.find("hmac_sha", at + 1))
      compared = compared || ends_comparing(line.substr(0, at));
    if (compared)
      findings.push_back({file.path, number, "secret_compared", "a secret or a signature is compared by == or !=",
                          "use constant_time_equal (base/digest.hpp)"});
  }
}

}  // namespace

void check_code(const Tree& tree, const House& house, std::vector<Finding>& findings) {
  for (const File& file : tree.files) {
    if (file.raw || file.binary || !is_cpp(file.path) || room_of(file.path).empty()) continue;
    check_includes(tree, house, file, findings);
    check_calls(house, file, findings);
    check_ranges(file, findings);
    if (file.path.starts_with("core/")) check_secrets(file, findings);
  }
}

}  // namespace tidy
