// docs/expressions.md: every example holds, and every function of the language is there.
#include <fstream>
#include <set>
#include <sstream>

#include "expr/support.hpp"

using namespace ieum;
using namespace ieum::expr;
using namespace ieum::expr::test;

namespace {

struct Row {
  std::size_t line = 0;
  std::string usage, example;  // first and last cell
};

std::string page() {
  std::ifstream file(std::string(IEUM_SOURCE_DIR) + "/docs/expressions.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The data that the examples see: the page's one block of JSON.
Value data_of(const std::string& text) {
  const std::size_t begin = text.find("```json\n");
  BOOST_REQUIRE(begin != std::string::npos);
  return json(std::string_view(text).substr(begin + 8, text.find("\n```", begin) - begin - 8));
}

// Rows of tables with an example; \| in a cell is |.
std::vector<Row> rows_of(const std::string& text) {
  std::vector<Row> rows;
  std::istringstream lines(text);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (!line.starts_with("| ") || line.find("` => `") == std::string::npos) continue;
    std::vector<std::string> cells(1);
    for (std::size_t i = 2; i < line.size(); ++i) {
      if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|')
        cells.back() += line[++i];
      else if (line[i] == '|')
        cells.emplace_back();
      else
        cells.back() += line[i];
    }
    BOOST_REQUIRE_MESSAGE(cells.size() == 4, "line " << number << " has " << cells.size() - 1 << " cells");
    rows.push_back({number, cells[0], cells[2]});
  }
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(documentation)

BOOST_AUTO_TEST_CASE(every_example_of_the_page_holds) {
  const std::string text = page();
  const Value names = data_of(text);
  const std::unique_ptr<ZoneSource> zones = system_zones();
  const Limits limits{.zones = zones.get(), .default_zone = "Asia/Seoul"};
  const std::vector<Row> rows = rows_of(text);
  for (const Row& row : rows) {
    const std::size_t arrow = row.example.find("` => `");
    const std::size_t first = row.example.find('`');
    const std::size_t last = row.example.rfind('`');
    BOOST_REQUIRE_MESSAGE(first < arrow && arrow + 6 <= last, "line " << row.line);
    const std::string source = row.example.substr(first + 1, arrow - first - 1);
    const std::string wanted = row.example.substr(arrow + 6, last - arrow - 6);
    const std::string shown_wanted =
        wanted.starts_with("error: ") ? "error:" + wanted.substr(7) : show(wanted, names, limits);
    BOOST_TEST(show(source, names, limits) == shown_wanted, "line " << row.line << ": " << source);
    BOOST_TEST(!shown_wanted.starts_with("error:bad_expression"), "line " << row.line << ": " << wanted);
  }
  BOOST_TEST(rows.size() >= 120u);
}

BOOST_AUTO_TEST_CASE(every_function_is_on_the_page_with_an_example) {
  const std::vector<Row> rows = rows_of(page());
  for (const FunctionInfo& function : functions()) {
    const auto calls = [&](const std::string& text) {
      for (std::size_t at = text.find(function.name); at != std::string::npos; at = text.find(function.name, at + 1)) {
        const char before = at == 0 ? ' ' : text[at - 1];
        const bool begins = before != '_' && !(before >= 'a' && before <= 'z') && !(before >= 'A' && before <= 'Z');
        if (begins && text[at + function.name.size()] == '(') return true;
      }
      return false;
    };
    bool found = false;
    for (const Row& row : rows) found = found || (calls(row.usage) && (calls(row.example) || function.name == "or"));
    BOOST_TEST(found, function.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
