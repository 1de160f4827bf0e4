#include <algorithm>
#include <array>

#include "tidy/rules.hpp"

namespace tidy {

namespace {

constexpr std::size_t kLinesMax = 500;
constexpr std::size_t kLinesWarning = 400;
constexpr std::size_t kBytesMax = 300'000;

// Files allowed to be longer than kLinesMax, each with its reason. Empty, and meant to stay so.
const std::vector<std::string> kLongFiles = {};

bool is_source(std::string_view path) {
  return is_cpp(path) || path.ends_with(".ts") || path.ends_with(".tsx") || path.ends_with(".css");
}

bool is_makefile(std::string_view path) { return path.substr(path.rfind('/') + 1) == "Makefile"; }

// A lock file grows with its packages and nobody reads it by eye.
bool is_lock(std::string_view path) { return path.ends_with("package-lock.json"); }

std::size_t line_count(const File& file) { return split_lines(file.text).size(); }

// Split in two, so that this file does not find itself.
const std::array<std::string, 4> kMarks = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X",
    "HA"
    "CK"};
const std::array<std::string, 4> kHomes = {
    "/ho"
    "me/",
    "/ro"
    "ot",
    "/wo"
    "rk/",
    "/Us"
    "ers/"};
const std::string kTemporary =
    "/tm"
    "p/";
const std::array<std::string, 4> kHosts = {
    "registry.npm"
    "js.org",
    "deb.debian"
    ".org",
    "py"
    "pi.org",
    "registry.yarn"
    "pkg.com"};

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_byte(line[at - 1])) && (end == line.size() || !is_word_byte(line[end]))) return true;
  }
  return false;
}

// An absolute path begins here: what stands before is no part of a longer path or name.
bool has_path(std::string_view line, std::string_view path) {
  for (std::size_t at = line.find(path); at != std::string_view::npos; at = line.find(path, at + 1)) {
    const std::size_t end = at + path.size();
    const bool starts = at == 0 || !(is_word_byte(line[at - 1]) ||
                                     std::string_view("./-}$)").find(line[at - 1]) != std::string_view::npos);
    const bool ends = path.back() == '/' || end == line.size() || !(is_word_byte(line[end]) || line[end] == '-');
    if (starts && ends) return true;
  }
  return false;
}

void check_line(const File& file, std::string_view line, std::size_t number, std::vector<Finding>& findings) {
  const auto add = [&](const char* rule, std::string what, std::string mend) {
    findings.push_back({file.path, number, rule, std::move(what), std::move(mend)});
  };
  if (line.ends_with('\r')) {
    add("carriage_return", "the line ends in CR LF", "save the file with LF");
    line.remove_suffix(1);
  }
  if (line.ends_with(' ') || line.ends_with('\t'))
    add("trailing_blank", "blanks at the end of the line", "remove them");
  else if (line.find('\t') != std::string_view::npos && !is_makefile(file.path))
    add("tab", "a tab", "indent with spaces; inside a string write \\t");
  for (const std::string& mark : kMarks)
    if (has_word(line, mark)) add("unfinished", "the mark " + mark, "do it, or describe it in an issue");
  for (const std::string& home : kHomes)
    if (has_path(line, home))
      add("machine_path", "a path of one machine: " + home, "take it as an argument, or build it from the checkout");
  const bool may_use_temporary =
      file.path.starts_with("tests/") || file.path.starts_with("scripts/") || file.path.starts_with(".ci/");
  if (!may_use_temporary && has_path(line, kTemporary))
    add("machine_path", "a fixed path under " + kTemporary,
        "ask for a directory, or make one with mkdtemp in tests and scripts");
  for (const std::string& host : kHosts)
    if (line.find(host) != std::string_view::npos)
      add("registry_host", "the registry host " + host, "leave it to the machine's own configuration");
  if (is_lock(file.path) && line.find("\"resolved\": \"http") != std::string_view::npos)
    add("registry_host", "a lock file that names where packages came from",
        "npm config set omit-lockfile-registry-resolved true, and lock again");
}

void check_titles(const File& file, std::vector<Finding>& findings) {
  bool fenced = false;
  int titles = 0;
  std::size_t number = 0;
  for (const std::string_view line : split_lines(file.text)) {
    ++number;
    if (line.starts_with("```")) fenced = !fenced;
    if (!fenced && line.starts_with("# ") && ++titles == 2)
      findings.push_back(
          {file.path, number, "two_titles", "a second title of the first level", "make it ##, or a page of its own"});
  }
}

}  // namespace

void check_text(const Tree& tree, std::vector<Finding>& findings) {
  for (const File& file : tree.files) {
    if (file.text.size() > kBytesMax && !is_lock(file.path))
      findings.push_back({file.path, 0, "big_file", std::to_string(file.text.size()) + " bytes",
                          "a repository is no store: make it smaller, or generate it"});
    if (file.raw || file.binary) continue;
    std::size_t number = 0;
    for (const std::string_view line : split_lines(file.text)) check_line(file, line, ++number, findings);
    if (!file.text.empty() && file.text.back() != '\n')
      findings.push_back({file.path, number, "last_newline", "no newline at the end of the file", "add one"});
    if (file.path.ends_with(".md")) check_titles(file, findings);
    if (is_source(file.path) && number > kLinesMax && !starts_with_any(file.path, kLongFiles))
      findings.push_back(
          {file.path, kLinesMax + 1, "long_file", std::to_string(number) + " lines", "split it at its second idea"});
  }
}

std::vector<std::string> warnings(const Tree& tree) {
  std::vector<std::string> lines;
  for (const File& file : tree.files) {
    if (file.raw || file.binary || !is_source(file.path)) continue;
    const std::size_t count = line_count(file);
    if (count > kLinesWarning && count <= kLinesMax)
      lines.push_back(file.path + ": " + std::to_string(count) + " lines");
  }
  return lines;
}

std::vector<Finding> check(const std::filesystem::path& root) {
  const Tree tree = read_tree(root);
  std::vector<Finding> findings;
  const House house = read_house(tree, findings);
  check_code(tree, house, findings);
  check_layout(tree, house, findings);
  check_text(tree, findings);
  check_tests(tree, findings);
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return a.path != b.path ? a.path < b.path : a.line < b.line;
  });
  return findings;
}

}  // namespace tidy
