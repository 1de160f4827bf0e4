#include "recipe/yaml_hints.hpp"

#include <algorithm>
#include <optional>

#include "base/encoding.hpp"
#include "recipe/grammar.hpp"

namespace ieum::recipe {

namespace {

bool is_expression_key(std::string_view key) {
  return std::find(expression_keys().begin(), expression_keys().end(), key) != expression_keys().end();
}

// Behind the quote that begins the text; npos when it is never closed.
std::size_t closing_quote(std::string_view text) {
  const char quote = text[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'')
        ++i;
      else
        return i + 1;
    }
  }
  return std::string_view::npos;
}

// A value up to the end of its line that is not quoted, and holds what YAML may take for its own.
bool is_risky(std::string_view value) {
  if (value.empty() || value[0] == '|' || value[0] == '>' || value[0] == '#') return false;
  if (value[0] == '\'' || value[0] == '"') {
    const std::size_t end = closing_quote(value);
    if (end == std::string_view::npos) return false;
    const std::string_view rest = trim(value.substr(end));
    return !rest.empty() && std::string_view("#,}]").find(rest[0]) == std::string_view::npos;
  }
  return value.find_first_of("#,!:[]{}*&%@`\"'?") != std::string_view::npos;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The place of the first unquoted expression of a line.
std::optional<Place> unquoted_in(const TextMap& map, int line_number, bool any_key) {
  std::size_t first = 0;
  const std::string_view line = map.line(line_number, &first);
  for (std::size_t colon = line.find(": "); colon != std::string_view::npos; colon = line.find(": ", colon + 1)) {
    std::size_t begin = colon;
    while (begin > 0 && is_word(line[begin - 1])) --begin;
    const std::string_view key = line.substr(begin, colon - begin);
    std::size_t value = line.find_first_not_of(' ', colon + 1);
    if (key == "match" && value != std::string_view::npos && line[value] == '{') {
      // Both sides of its entries are expressions.
      value = line.find_first_not_of(' ', value + 1);
      if (any_key && value != std::string_view::npos) return map.at(first + value);
      continue;
    }
    if (key.empty() || key == "about" || !(any_key || is_expression_key(key))) continue;
    if (value != std::string_view::npos && is_risky(line.substr(value))) return map.at(first + value);
  }
  return {};
}

std::optional<Place> unquoted_expression(const TextMap& map, const YamlProblem& problem) {
  if (std::any_of(problem.path.begin(), problem.path.end(), holds_data) || holds_data(problem.last_key)) return {};
  const bool about = !problem.path.empty() && (problem.path[0] == "about" || problem.last_key == "about");
  const bool match = std::find(problem.path.begin(), problem.path.end(), "match") != problem.path.end();
  for (const int line : {problem.place.line, problem.context_place.line})
    if (const auto found = unquoted_in(map, line, about || match)) return found;
  if (problem.open_key_line > 0 && takes_expression(problem.path))
    if (const auto found = unquoted_in(map, problem.open_key_line, true)) return found;
  std::vector<std::string_view> last = problem.path;
  if (!last.empty()) last.back() = problem.last_key;
  if (problem.last_key_line > 0 && problem.last_key_line + 1 >= problem.place.line && takes_expression(last))
    return unquoted_in(map, problem.last_key_line, true);
  return {};
}

struct Explanation {
  std::string_view part;  // of libyaml's words
  const char* what;
  const char* mend;
};

constexpr Explanation kExplanations[] = {
    {"mapping values are not allowed", "a second \": \" where YAML takes only one",
     "put the text in quotes; or check the indentation of this line"},
    {"cannot start any token", "a character that cannot begin a text here",
     "put the text in quotes; indent with spaces, not with tabs"},
    {"unexpected end of stream", "the text ends inside quotes", "close the quotes that begin here"},
    {"unexpected document indicator", "the document ends inside quotes", "close the quotes that begin here"},
    {"did not find expected '-' indicator", "this line does not fit the list above it",
     "indent it like the items of the list, or begin it with \"- \""},
    {"did not find expected key", "this line does not fit the lines above it",
     "indent it like its neighbours; put texts with : or quotes inside them in quotes"},
    {"did not find expected ',' or '}'", "the braces { } are not closed, or a comma is missing",
     "close them, separate entries by commas, and put texts with brackets in quotes"},
    {"did not find expected ',' or ']'", "the brackets [ ] are not closed, or a comma is missing",
     "close them, separate entries by commas, and put texts with brackets in quotes"},
    {"found unexpected ':'", "a colon without a space behind it", "write `key: value`, or put the text in quotes"},
    {"found a tab character", "a tab in the indentation", "indent with spaces"},
    {"did not find expected alphabetic or numeric character", "YAML takes a leading * for an alias and & for an anchor",
     "put the text in quotes"},
    {"could not find expected ':'", "a key without its colon", "write `key: value`, with a space after the colon"},
    {"unknown escape character", "a \\ escape that YAML does not know", "use single quotes, or write \\\\"},
    {"block sequence entries are not allowed", "a list cannot begin here", "put \"- \" on a line of its own"},
};

}  // namespace

std::string quote_mend(const TextMap& map, Place begin) {
  constexpr std::string_view kGeneric = "quote this expression: put it in single quotes";
  constexpr std::size_t kShown = 100;
  const std::string_view line = map.line(begin.line);
  const std::size_t offset = utf8_offset(line, static_cast<std::size_t>(begin.column - 1));
  const std::string_view before = line.substr(0, offset);
  const std::string_view value = trim(line.substr(offset));
  if (value.empty() || value.size() > kShown || before.find_first_of("{[") != std::string_view::npos)
    return std::string(kGeneric);
  std::string text = "quote this expression: '";
  for (const char c : value) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

void explain(const TextMap& map, const YamlProblem& problem, Findings& findings) {
  if (findings.count("unquoted_template") > 0) return;  // said at the opening braces; this is what follows from it
  if (const auto place = unquoted_expression(map, problem)) {
    findings.error(*place, "unquoted_expression", "YAML cannot read this expression without quotes",
                   quote_mend(map, *place));
    return;
  }
  std::size_t first = 0;
  const std::string_view line = map.line(problem.place.line, &first);
  if (const std::size_t hole = line.find(": {{"); hole != std::string_view::npos) {
    findings.error(map.at(first + hole + 2), "unquoted_template", "YAML reads {{ as two maps",
                   "put the whole text in quotes: \"{{ ... }}\"");
    return;
  }
  for (const Explanation& known : kExplanations) {
    if (problem.what.find(known.part) == std::string::npos) continue;
    const bool in_quotes = problem.context.find("quoted scalar") != std::string::npos;
    findings.error(in_quotes ? problem.context_place : problem.place, "bad_yaml", known.what, known.mend);
    return;
  }
  findings.error(problem.place, "bad_yaml", "YAML cannot be read here: " + problem.what,
                 "check indentation, colons and quotes around this place");
}

}  // namespace ieum::recipe
