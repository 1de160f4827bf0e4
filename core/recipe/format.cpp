#include "recipe/format.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "recipe/document.hpp"
#include "recipe/findings.hpp"
#include "recipe/grammar.hpp"

namespace ieum::recipe {

namespace {

using Path = std::vector<std::string_view>;

bool is_name_path(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

bool is_bare_text(const Node& node) {
  return node.kind == Node::Kind::scalar && node.style == Style::plain && node.begin < node.end &&
         node_value(node).is_string();
}

// The bare expressions of the tree, in order of the text.
void find_bare(const Node& node, Path& path, std::vector<std::pair<const Node*, std::string>>& found) {
  const auto judge = [&](const Node& text, std::string key) {
    if (is_bare_text(text) && takes_expression(path)) found.emplace_back(&text, std::move(key));
  };
  for (const Member& member : node.members) {
    path.emplace_back();  // while the key is being read
    if (!is_name_path(member.key.text)) judge(member.key, path.size() > 1 ? std::string(path[path.size() - 2]) : "");
    path.back() = member.key.text;
    judge(member.value, member.key.text);
    find_bare(member.value, path, found);
    path.pop_back();
  }
  path.emplace_back();
  for (const Node& item : node.items) {
    judge(item, "");
    find_bare(item, path, found);
  }
  path.pop_back();
}

// The same bytes in single quotes: a bare text of several lines is folded as a quoted one is.
std::string in_quotes(std::string_view raw) {
  std::string text = "'";
  for (const char c : raw) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

}  // namespace

Formatted format_recipe(std::string_view text, Format format) {
  Formatted formatted;
  ReadOutcome read = read_recipe(text, format);
  formatted.findings = std::move(read.findings);
  if (!read.recipe) return formatted;
  formatted.text = std::string(text);
  if (format == Format::json) return formatted;
  Findings unused;
  const auto root = parse_yaml(text, unused);
  if (!root) return formatted;

  Path path;
  std::vector<std::pair<const Node*, std::string>> bare;
  find_bare(*root, path, bare);
  std::string made;
  std::size_t from = 0;
  for (const auto& [node, key] : bare) {
    const std::string_view raw = text.substr(node->begin, node->end - node->begin);
    formatted.quoted.push_back({node->place, key, std::string(raw), in_quotes(raw)});
    made += std::string(text.substr(from, node->begin - from)) + formatted.quoted.back().after;
    from = node->end;
  }
  made += text.substr(from);
  // Read back: only the same recipe is handed out.
  if (const ReadOutcome again = read_recipe(made, format); again.recipe && again.hash == read.hash) {
    formatted.text = std::move(made);
    return formatted;
  }
  formatted.text.reset();
  formatted.quoted.clear();
  formatted.findings.push_back({Finding::Severity::error, "cannot_format",
                                "quotes would change what this recipe means, so nothing was changed",
                                "quote its expressions by hand", root->place});
  return formatted;
}

}  // namespace ieum::recipe
