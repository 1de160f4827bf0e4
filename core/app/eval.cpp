// Expressions on the command line: try one, try many at a prompt, or let an outside suite drive them.
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "app/commands.hpp"
#include "app/data_dir.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/zone.hpp"
#include "expr/expression.hpp"
#include "expr/typed_json.hpp"

namespace ieum::app {
namespace {

Value batch_answer(const std::string& line, ZoneSource& zones) {
  const auto fail = [](const Error& error) { return Value(Map{{"error", error.text()}}); };
  auto request = parse_json(line);
  if (request.has_error()) return fail(request.error());
  expr::ParseOptions options;
  options.recipe_functions = false;
  options.container = request->text("container");
  auto expression = expr::Expression::parse(request->text("expr"), options);
  if (expression.has_error()) return fail(expression.error());
  expr::MapScope scope;
  if (const auto* bindings = request->get("bindings"); bindings != nullptr && bindings->is_map()) {
    for (const auto& [name, typed] : *bindings->if_map()) {
      auto value = expr::from_typed(typed);
      if (value.has_error()) return fail(value.error());
      scope.set(*name.if_string(), std::move(*value));
    }
  }
  expr::Limits limits;
  limits.zones = &zones;
  auto value = expression->evaluate(scope, limits);
  if (value.has_error()) return fail(value.error());
  return Map{{"value", expr::to_typed(*value)}};
}

// The line of the source that the place "line:column" is on, and a caret under it. Long lines are cut around the caret.
std::string pointed_at(const std::string& source, const std::string& place, const Terminal& terminal) {
  const auto colon = place.find(':');
  if (colon == std::string::npos || place.find_first_not_of("0123456789:") != std::string::npos) return {};
  const auto line = std::strtoul(place.c_str(), nullptr, 10);
  const auto column = std::strtoul(place.c_str() + colon + 1, nullptr, 10);
  std::size_t begin = 0;
  for (unsigned long i = 1; i < line && begin != std::string::npos; ++i) {
    begin = source.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (line == 0 || column == 0 || begin == std::string::npos) return {};
  std::string_view text = std::string_view(source).substr(begin, source.find('\n', begin) - begin);
  std::size_t at = utf8_offset(text, column - 1);
  constexpr std::size_t kBefore = 60, kShown = 100;
  const std::size_t points = utf8_length(text.substr(0, at));
  std::string lead;
  if (points > kBefore) {
    const std::size_t cut = utf8_offset(text, points - kBefore);
    text.remove_prefix(cut);
    at -= cut;
    lead = "...";
  }
  const std::string before = lead + printable(text.substr(0, at));
  const std::string behind = printable(text.substr(at, utf8_offset(text.substr(at), kShown)));
  const std::string number = line > 1 || source.find('\n') != std::string::npos ? std::to_string(line) + ": " : "";
  return "  " + (number.empty() ? "" : terminal.paint(Colour::dim, number)) + before + behind + "\n  " +
         std::string(number.size() + cells(before), ' ') + terminal.paint(Colour::red, "^") + "\n";
}

int refuse(const std::string& source, const Error& error) {
  const Terminal terminal(::isatty(STDERR_FILENO) == 1);
  const std::string pointed = pointed_at(source, error.place, terminal);
  if (pointed.empty()) return report(error);
  std::fprintf(stderr, "%s %s\n%s", terminal.paint(Colour::red, "error:").c_str(), printable(error.what).c_str(),
               pointed.c_str());
  if (!error.mend.empty()) std::fprintf(stderr, "  do: %s\n", printable(error.mend).c_str());
  return 1;
}

std::string type_of(const Value& value) {
  std::string name = *expr::to_typed(value).if_map()->begin()->first.if_string();
  if (const List* list = value.if_list()) return name + " of " + std::to_string(list->size());
  if (const Map* map = value.if_map()) return name + " of " + std::to_string(map->size());
  return name;
}

// A terminal sees the value and its type; a pipe gets JSON and nothing else.
void show(const Value& value, bool typed) {
  if (typed) {
    std::printf("%s\n", write_json(expr::to_typed(value)).c_str());
  } else if (::isatty(STDOUT_FILENO) == 1) {
    std::printf("%s  %s\n", write_pretty_json(value).c_str(),
                Terminal::standard_output().paint(Colour::dim, type_of(value)).c_str());
  } else {
    std::printf("%s\n", write_pretty_json(value).c_str());
  }
}

int one(const std::string& source, const Value& vars, bool typed, ZoneSource& zones) {
  const auto expression = expr::Expression::parse(source);
  if (expression.has_error()) return refuse(source, expression.error());
  expr::Limits limits;
  limits.zones = &zones;
  const auto value = expression->evaluate(expr::MapScope(vars), limits);
  if (value.has_error()) return refuse(source, value.error());
  show(*value, typed);
  return 0;
}

void show_vars(const Value& vars) {
  if (vars.if_map()->empty()) std::printf("no names; start with --vars FILE.json, whose members become names\n");
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : *vars.if_map()) {
    std::string text = write_json(value);
    if (text.size() > 80) text = std::string(std::string_view(text).substr(0, utf8_offset(text, 60))) + " ...";
    rows.push_back({printable(*name.if_string()), type_of(value), printable(text)});
  }
  if (!rows.empty()) std::printf("%s", Terminal::standard_output().table({"name", "type", "value"}, rows).c_str());
}

constexpr const char* kHelp =
    "One expression a line, for example:\n"
    "  1 + 2 * 3\n"
    "  format_money('62000.50', 'KRW')\n"
    "  {'name': '이음'}.name | josa('을/를')\n"
    ":vars  the names that --vars brought\n"
    ":quit  the end; so does Ctrl-D\n"
    "docs/expressions.md lists every function.\n";

// Each line of standard input is an expression or a word with a colon. A person is asked; a pipe is only answered, and
// the exit code then says whether every line had a value.
int prompt(const Value& vars, bool typed, ZoneSource& zones) {
  const bool asks = ::isatty(STDIN_FILENO) == 1;
  if (asks) std::printf("Expressions of recipes. :help for examples, :quit to end.\n");
  int code = 0;
  for (std::string line;;) {
    if (asks) std::printf("%s", Terminal::standard_output().paint(Colour::bold, "> ").c_str());
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) break;
    const auto word = trim(line);
    if (word.empty()) continue;
    if (word == ":quit" || word == ":q" || word == ":exit") return asks ? 0 : code;
    if (word == ":help" || word == ":h") {
      std::printf("%s", kHelp);
    } else if (word == ":vars") {
      show_vars(vars);
    } else if (word.front() == ':') {
      std::fprintf(stderr, "there is no %s; there are :vars, :help and :quit\n", printable(word).c_str());
      code = 1;
    } else if (one(line, vars, typed, zones) != 0) {
      code = 1;
    }
  }
  if (asks) std::printf("\n");
  return asks ? 0 : code;
}

int batch(const std::string& file, ZoneSource& zones) {
  const auto lines = file == "-" ? Result<std::string>(std::string(std::istreambuf_iterator<char>(std::cin), {}))
                                 : read_file(file, 256u << 20);
  if (lines.has_error()) return report(lines.error());
  for (std::size_t at = 0; at < lines->size();) {
    auto end = lines->find('\n', at);
    if (end == std::string::npos) end = lines->size();
    const auto line = lines->substr(at, end - at);
    at = end + 1;
    if (!line.empty()) std::printf("%s\n", write_json(batch_answer(line, zones)).c_str());
  }
  return 0;
}

}  // namespace

int eval(const EvalArguments& arguments) {
  const auto zones = system_zones();
  if (!arguments.batch_file.empty()) return batch(arguments.batch_file, *zones);
  Value vars = Map{};
  if (!arguments.vars_file.empty()) {
    auto text = read_file(arguments.vars_file, 32u << 20);
    if (text.has_error()) return report(text.error());
    auto parsed = parse_json(*text);
    if (parsed.has_error()) return report(std::move(parsed.error()).at(arguments.vars_file));
    if (!parsed->is_map())
      return report(Error("bad_vars", "the file of --vars holds no JSON object",
                          "its members become names: {\"trigger\": {\"total\": 62000}}", arguments.vars_file));
    vars = std::move(*parsed);
  }
  if (!arguments.expression) return prompt(vars, arguments.typed, *zones);
  return one(*arguments.expression, vars, arguments.typed, *zones);
}

}  // namespace ieum::app
