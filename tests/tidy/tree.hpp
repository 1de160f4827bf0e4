// The tree as tidy sees it: every file that would be committed, read once, and C++ with comments and strings blanked out.
// Uses the standard library alone: tidy must build and judge when no room of the hub does.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

struct File {
  std::string path;  // from the root, with '/'
  std::string text;
  bool binary = false;  // holds a NUL: only its size is judged
  bool raw = false;     // bytes that others wrote (samples, test data): only its size is judged
};

struct Tree {
  std::filesystem::path root;
  std::vector<File> files;  // sorted by path
  [[nodiscard]] const File* find(std::string_view path) const;
};

// Skips what is built or fetched: .git, build*, node_modules, .tools, .cache, web/dist.
Tree read_tree(const std::filesystem::path& root);

struct Finding {
  std::string path;
  std::size_t line = 0;  // from 1; 0 is the file as a whole
  std::string rule;
  std::string what;
  std::string mend;
};

std::vector<std::string_view> split_lines(std::string_view text);
std::vector<std::string> split_words(std::string_view text);  // at spaces, commas and backticks
bool starts_with_any(std::string_view text, const std::vector<std::string>& prefixes);
bool is_cpp(std::string_view path);
bool is_word_byte(char c);

// Positions and lines stay as they are; blanked bytes become spaces.
std::string without_comments(std::string_view cpp);
std::string without_comments_and_strings(std::string_view cpp);

}  // namespace tidy
