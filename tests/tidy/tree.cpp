#include "tidy/tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tidy {

namespace fs = std::filesystem;

namespace {

bool skipped_folder(const std::string& path, const std::string& name) {
  if (name == ".git" || name == "node_modules" || name == ".tools" || name == ".cache") return true;
  return path == name ? name.starts_with("build") : path == "web/dist";
}

bool raw_path(std::string_view path) {
  return path.starts_with("tests/data/") || path.starts_with("tests/fuzz/corpus/") ||
         path.find("/samples/") != std::string_view::npos;
}

// Walks C++ text and blanks comments, and literals too when asked. Knows //, /* */, "", '' and R"x()x".
std::string blank(std::string_view cpp, bool literals) {
  std::string out(cpp);
  const auto hide = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to && i < out.size(); ++i)
      if (out[i] != '\n') out[i] = ' ';
  };
  std::size_t i = 0;
  while (i < cpp.size()) {
    const char c = cpp[i];
    const char next = i + 1 < cpp.size() ? cpp[i + 1] : '\0';
    std::size_t end = i + 1;
    if (c == '/' && next == '/') {
      end = std::min(cpp.find('\n', i), cpp.size());
      hide(i, end);
    } else if (c == '/' && next == '*') {
      const std::size_t close = cpp.find("*/", i + 2);
      end = close == std::string_view::npos ? cpp.size() : close + 2;
      hide(i, end);
    } else if (c == 'R' && next == '"' && (i == 0 || !is_word_byte(cpp[i - 1]))) {
      const std::size_t open = cpp.find('(', i);
      if (open == std::string_view::npos) break;
      const std::string closing = ")" + std::string(cpp.substr(i + 2, open - i - 2)) + "\"";
      const std::size_t close = cpp.find(closing, open);
      end = close == std::string_view::npos ? cpp.size() : close + closing.size();
      if (literals) hide(i, end);
    } else if (c == '"' || (c == '\'' && (i == 0 || !is_word_byte(cpp[i - 1])))) {  // 1'000 is no character
      while (end < cpp.size() && cpp[end] != c && cpp[end] != '\n') end += cpp[end] == '\\' ? 2 : 1;
      end = std::min(end + 1, cpp.size());
      if (literals) hide(i + 1, end - 1);
    }
    i = end;
  }
  return out;
}

}  // namespace

const File* Tree::find(std::string_view path) const {
  const auto at = std::lower_bound(files.begin(), files.end(), path,
                                   [](const File& file, std::string_view wanted) { return file.path < wanted; });
  return at != files.end() && at->path == path ? &*at : nullptr;
}

Tree read_tree(const fs::path& root) {
  Tree tree{root, {}};
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
    const std::string path = at->path().lexically_relative(root).generic_string();
    if (at->is_directory() && skipped_folder(path, at->path().filename().string())) at.disable_recursion_pending();
    if (at->is_symlink() || !at->is_regular_file()) continue;
    if (path == "compile_commands.json") continue;
    std::ifstream in(at->path(), std::ios::binary);
    File file{path, std::string(std::istreambuf_iterator<char>(in), {})};
    file.binary = std::string_view(file.text).substr(0, 8000).find('\0') != std::string_view::npos;
    file.raw = raw_path(path);
    tree.files.push_back(std::move(file));
  }
  std::sort(tree.files.begin(), tree.files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return tree;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c != ' ' && c != ',' && c != '`' && c != '\n' && c != '\t') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

bool starts_with_any(std::string_view text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& p) { return text.starts_with(p); });
}

bool is_cpp(std::string_view path) { return path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".h"); }

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string without_comments(std::string_view cpp) { return blank(cpp, false); }
std::string without_comments_and_strings(std::string_view cpp) { return blank(cpp, true); }

}  // namespace tidy
