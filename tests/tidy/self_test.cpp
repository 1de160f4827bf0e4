// Each case puts one thing wrong (or nearly wrong) into a small good tree, and says exactly what must be found.
#include <stdlib.h>

#include <cstdio>
#include <fstream>
#include <functional>

#include "tidy/rules.hpp"

namespace tidy {

namespace fs = std::filesystem;

namespace {

const std::string kMark =
    "TO"
    "DO";
const std::string kHome =
    "/ho"
    "me/someone/ieum";
const std::string kTemporary =
    "/tm"
    "p/ieum";

const std::string kPage = R"(# The house

| room | may include | what |
|---|---|---|
| base | – | values |
| expr | base | expressions |
| store | base | SQLite |
| runtime | base, expr, store | where they meet |
| app, tests | all | |
| connectors/sdk | – | the C header |
| connectors/* | connectors/sdk | |

| header | only in |
|---|---|
| `sqlite3.h` | store, tests |
| `boost/asio` `boost/beast` | runtime |

| call | only in |
|---|---|
| `system_clock::now` `std::time(` `time(nullptr)` | `core/base/system_clock` |
| `std::thread` | `core/store/writer` `tests/` |
| `/dev/fenced` | nowhere |
| `std::regex` `sleep_for` | nowhere |
)";

const std::string kLinks = R"(cmake_minimum_required(VERSION 3.25)
# ieum_room(comment ROOMS nothing)
ieum_room(base LIBS Boost::json)
ieum_room(expr ROOMS base LIBS re2)
ieum_room(store ROOMS base
  LIBS sqlite)
ieum_room(runtime ROOMS expr base store LIBS)
)";

const std::string kMap = R"(# Tests
### Doors (CON): `01 02 03 04 05 06 07 08 09 10`
| id | what | test |
|---|---|---|
| CON-01 | shut | `CON_01_shut` |
| CON-02 | shut | `CON_02 is shut` |
| CON-03 | shut | `CON_01_CON_03_both` |
| CON-04 | shut | `CON_04_shut` |
| CON-05 | shut | `CON_05_shut` |
| CON-06 | shut | `CON_06_shut` |
| CON-07 | shut | `CON_07_shut` |
| CON-08 | shut | `CON_08_shut` |
| CON-09 | shut | open |
| CON-10 | shut | not held: there is no such door here |
)";
const std::string kTests =
    "CON_01_shut 'CON_02 is shut' CON_01_CON_03_both CON_04_shut CON_05_shut CON_06_shut CON_07_shut CON_08_shut\n";

struct Expected {
  std::string path, rule;
  std::size_t line;
};

struct Case {
  std::string name;
  std::string path;
  std::string text;
  std::vector<Expected> expected;  // empty: nothing may be found
};

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "ieum-tidy-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw fs::filesystem_error("mkdtemp", std::error_code(errno, std::generic_category()));
    path = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((path / file).parent_path());
    std::ofstream(path / file, std::ios::binary) << text;
  }
  fs::path path;
};

void write_good_tree(const Folder& folder) {
  folder.write("docs/ARCHITECTURE.md", kPage);
  folder.write("docs/TESTING.md", kMap);
  folder.write("tests/doors.cpp", kTests);
  folder.write("CMakeLists.txt", kLinks);
  folder.write("Makefile", "all:\n\t@true\n");
  folder.write("core/base/value.hpp", "#pragma once\n#include <string>\n");
  folder.write("core/expr/expression.hpp", "#pragma once\n#include \"base/value.hpp\"\n");
  folder.write("core/store/store.hpp", "#pragma once\n#include \"base/value.hpp\"\n");
  folder.write("connectors/sdk/module.h", "#include <stdint.h>\n");
  folder.write("connectors/echo/echo.cpp", "#include <boost/json.hpp>\n#include <string>\n#include \"module.h\"\n");
  folder.write("connectors/echo/manifest.yaml", "name: echo\n");
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::string lines_of(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "int a;\n";
  return text;
}

std::vector<Case> code_cases() {
  return {
      {"the good tree", "core/base/a.cpp", "#include \"base/value.hpp\"\n", {}},
      {"a room below includes one above",
       "core/base/a.cpp",
       "#include <string>\n#include \"expr/expression.hpp\"\n",
       {{"core/base/a.cpp", "include", 2}}},
      {"rooms side by side",
       "core/expr/a.hpp",
       "#  include \"store/store.hpp\"\n",
       {{"core/expr/a.hpp", "include", 1}}},
      {"a way round through ..",
       "core/base/a.cpp",
       "#include \"../expr/expression.hpp\"\n",
       {{"core/base/a.cpp", "include", 1}}},
      {"app and tests may include all", "core/app/main.cpp", "#include \"store/store.hpp\"\n", {}},
      {"an include in a comment",
       "core/base/a.cpp",
       "// #include \"expr/expression.hpp\"\n/*\n#include <sqlite3.h>\n*/\n",
       {}},
      {"a file that is not there",
       "core/base/a.cpp",
       "#include \"base/nothing.hpp\"\n",
       {{"core/base/a.cpp", "include", 1}}},
      {"a file made by the build", "core/store/a.cpp", "#include \"store/schema_sql.inc\"\n", {}},
      {"a file made by the build of another room",
       "core/base/a.cpp",
       "#include \"store/schema_sql.inc\"\n",
       {{"core/base/a.cpp", "include", 1}}},
      {"our own header between angles",
       "core/base/a.cpp",
       "#include <expr/expression.hpp>\n",
       {{"core/base/a.cpp", "include", 1}}},
      {"the sdk between angles", "connectors/echo/a.cpp", "#include <module.h>\n", {}},
      {"the hub between angles",
       "connectors/echo/a.cpp",
       "#include <base/value.hpp>\n",
       {{"connectors/echo/a.cpp", "connector_include", 1}}},
      {"a connector includes the hub",
       "connectors/echo/a.cpp",
       "#include \"base/value.hpp\"\n",
       {{"connectors/echo/a.cpp", "connector_include", 1}}},
      {"a connector includes another",
       "connectors/other/a.cpp",
       "#include \"echo/echo.cpp\"\n",
       {{"connectors/other/a.cpp", "connector_include", 1}}},
      {"a connector does I/O",
       "connectors/echo/a.cpp",
       "#include <sys/socket.h>\n",
       {{"connectors/echo/a.cpp", "connector_include", 1}}},
      {"a fenced header outside",
       "core/expr/a.cpp",
       "#include <sqlite3.h>\n",
       {{"core/expr/a.cpp", "fenced_header", 1}}},
      {"a fenced header in quotes",
       "core/expr/a.cpp",
       "#include \"sqlite3.h\"\n",
       {{"core/expr/a.cpp", "fenced_header", 1}}},
      {"a folder of headers outside",
       "core/store/a.cpp",
       "#include <boost/beast/core.hpp>\n",
       {{"core/store/a.cpp", "fenced_header", 1}}},
      {"a fenced header at home", "core/store/a.cpp", "#include <sqlite3.h>\n", {}},
      {"a fenced header in tests", "tests/store/a.cpp", "#include <sqlite3.h>\n", {}},
      {"wall time",
       "core/store/a.cpp",
       "\nauto t = std::chrono::system_clock::now();\n",
       {{"core/store/a.cpp", "fenced_call", 2}}},
      {"wall time of C", "core/store/a.cpp", "auto t = time(nullptr);\n", {{"core/store/a.cpp", "fenced_call", 1}}},
      {"wall time in its file", "core/base/system_clock.cpp", "auto t = std::chrono::system_clock::now();\n", {}},
      {"wall time in a file of a similar name",
       "core/base/system_clocks.cpp",
       "auto t = std::time(0);\n",
       {{"core/base/system_clocks.cpp", "fenced_call", 1}}},
      {"a longer name", "core/store/a.cpp", "auto t = runtime(nullptr); my_sleep_for(1); std::threads x;\n", {}},
      {"calls in comments and strings",
       "core/store/a.cpp",
       "// std::regex\nauto s = \"std::regex \\\" sleep_for\"; auto r = R\"x(std::regex \")x\";\n",
       {}},
      {"code after a digit separator",
       "core/store/a.cpp",
       "int n = 1'000; std::regex r;\n",
       {{"core/store/a.cpp", "fenced_call", 1}}},
      {"code after a comment",
       "core/store/a.cpp",
       "/* '\" */ std::regex r;\n",
       {{"core/store/a.cpp", "fenced_call", 1}}},
      {"a thread outside", "core/store/store.cpp", "std::thread t;\n", {{"core/store/store.cpp", "fenced_call", 1}}},
      {"a thread at home, header too", "core/store/writer.hpp", "std::thread t;\n", {}},
      {"a thread in tests", "tests/store/a.cpp", "std::thread t;\n", {}},
      {"a sleep in tests",
       "tests/store/a.cpp",
       "std::this_thread::sleep_for(s);\n",
       {{"tests/store/a.cpp", "fenced_call", 1}}},
      {"a path in a string",
       "core/base/a.cpp",
       "auto f = open(\"/dev/fenced\");\n",
       {{"core/base/a.cpp", "fenced_call", 1}}},
  };
}

std::vector<Case> layout_cases() {
  return {
      {"a loop over what a call gave",
       "core/base/a.cpp",
       "int a;\nfor (const auto& b : live()->rows) a = b;\n",
       {{"core/base/a.cpp", "range_of_temporary", 2}}},
      {"a secret compared by ==",
       "core/base/a.cpp",
       "bool b = told == secret.reveal();\n\nreturn it->second.reveal() != x;\nbool c = told==hmac_sha256(k, t);\n",
       {{"core/base/a.cpp", "secret_compared", 1},
        {"core/base/a.cpp", "secret_compared", 3},
        {"core/base/a.cpp", "secret_compared", 4}}},
      {"a secret beside a comparison",
       "core/base/a.cpp",
       "auto t = it == m.end() ? T() : T(it->second.reveal()); if (s.reveal().size() == 3) f(s.reveal(), a == b);\n",
       {}},
      {"a loop over what has a name", "core/base/a.cpp", "for (const auto& b : live->rows) a = b;\n", {}},
      {"a loop over what a pointer leads to",
       "core/base/a.cpp",
       "for (const auto& b : *value.get(x)->list()) a = b;\n",
       {}},
      {"a folder that is no room", "core/misc/a.cpp", "int a;\nint b;\n", {{"core/misc/a.cpp", "unknown_room", 0}}},
      {"a file beside the rooms", "core/a.cpp", "int a;\n", {{"core/a.cpp", "unknown_room", 0}}},
      {"a link line with one more",
       "CMakeLists.txt",
       replaced(kLinks, "expr ROOMS base", "expr ROOMS base store"),
       {{"CMakeLists.txt", "link_line", 4}}},
      {"a link line with one less",
       "CMakeLists.txt",
       replaced(kLinks, "store ROOMS base", "store"),
       {{"CMakeLists.txt", "link_line", 5}}},
      {"a link line without a row",
       "CMakeLists.txt",
       kLinks + "ieum_room(extra ROOMS base)\n",
       {{"CMakeLists.txt", "link_line", 8}}},
      {"a row without a link line",
       "CMakeLists.txt",
       replaced(kLinks, "ieum_room(expr ROOMS base LIBS re2)\n", ""),
       {{"docs/ARCHITECTURE.md", "link_line", 6}}},
      {"a row that names no room",
       "docs/ARCHITECTURE.md",
       replaced(kPage, "| base, expr, store |", "| base, expr, store, stor |"),
       {{"CMakeLists.txt", "link_line", 7}, {"docs/ARCHITECTURE.md", "table", 8}}},
      {"a fence around no place",
       "docs/ARCHITECTURE.md",
       replaced(kPage, "| runtime |\n", "| runtme |\n"),
       {{"docs/ARCHITECTURE.md", "table", 16}}},
      {"a table gone",
       "docs/ARCHITECTURE.md",
       replaced(kPage, "| call | only in |", "| calls | only in |"),
       {{"docs/ARCHITECTURE.md", "table", 0}}},
  };
}

std::vector<Case> text_cases() {
  const std::string good_markdown = "# One\n\n```\n# no title\n```\n## Two\n";
  return {
      {"a tab", "core/base/a.cpp", "int a;\n\tint b;\n", {{"core/base/a.cpp", "tab", 2}}},
      {"blanks at the end", "web/a.ts", "let a; \n", {{"web/a.ts", "trailing_blank", 1}}},
      {"carriage returns", "docs/a.md", "# A\r\n", {{"docs/a.md", "carriage_return", 1}}},
      {"no newline at the end", "docs/a.md", "# A\nb", {{"docs/a.md", "last_newline", 2}}},
      {"an empty file", "docs/a.md", "", {}},
      {"an unfinished mark", "core/base/a.cpp", "\n// " + kMark + ": later\n", {{"core/base/a.cpp", "unfinished", 2}}},
      {"a mark inside a word", "core/base/a.cpp", "int A" + kMark + "_LIST;\n", {}},
      {"a machine's path", "docs/a.md", "see `" + kHome + "`\n", {{"docs/a.md", "machine_path", 1}}},
      {"a path inside a URL", "docs/a.md", "see https://example.com" + kHome + "\n", {}},
      {"a fixed temporary path",
       "core/base/a.cpp",
       "auto p = \"" + kTemporary + "\";\n",
       {{"core/base/a.cpp", "machine_path", 1}}},
      {"a temporary path in tests", "tests/base/a.cpp", "auto p = \"" + kTemporary + "-XXXXXX\";\n", {}},
      {"a registry host",
       "scripts/a",
       "curl https://registry.npm"
       "js.org/x\n",
       {{"scripts/a", "registry_host", 1}}},
      {"a lock file with addresses",
       "web/package-lock.json",
       "{\n  \"resolved\": \"https://example.com/a.tgz\"\n}\n",
       {{"web/package-lock.json", "registry_host", 2}}},
      {"two titles", "docs/a.md", good_markdown + "# Three\n", {{"docs/a.md", "two_titles", 7}}},
      {"one title", "docs/a.md", good_markdown, {}},
      {"501 lines", "core/base/a.cpp", lines_of(501), {{"core/base/a.cpp", "long_file", 501}}},
      {"500 lines", "core/base/a.cpp", lines_of(500), {}},
      {"501 lines of TypeScript", "web/a.tsx", lines_of(501), {{"web/a.tsx", "long_file", 501}}},
      {"a big file", "tests/data/a.json", std::string(300'001, '1'), {{"tests/data/a.json", "big_file", 0}}},
      {"raw data as others wrote it", "connectors/echo/samples/a.txt", kMark + " \t\r\n" + kHome, {}},
      {"what is built is not judged", "build/a.cpp", "\t" + kMark, {}},
      {"what is fetched is not judged", "web/node_modules/x/a.ts", "\t" + kMark, {}},
  };
}

std::vector<Case> map_cases() {
  const std::string page = "docs/TESTING.md";
  return {
      {"a test that is gone",
       "tests/doors.cpp",
       replaced(kTests, "CON_04_shut", "CON_04_shut_up"),
       {{page, "test_map", 8}}},
      {"a test of another name", page, replaced(kMap, "`CON_04_shut`", "`CON_05_shut`"), {{page, "test_map", 8}}},
      {"a row without a test",
       page,
       replaced(kMap, "`CON_04_shut`", "is shut"),
       {{page, "test_map", 2}, {page, "test_map", 8}}},
      {"a reason that is none", page, replaced(kMap, "there is no such door here", ""), {{page, "test_map", 14}}},
      {"an id without a row", page, replaced(kMap, "| CON-10 | shut |", "| - | shut |"), {{page, "test_map", 2}}},
      {"a row without an id", page, replaced(kMap, "09 10`", "09`"), {{page, "test_map", 14}}},
      {"a row twice", page, kMap + "| CON-05 | shut | `CON_05_shut` |\n", {{page, "test_map", 15}}},
      {"too few are held",
       page,
       replaced(kMap, "`CON_08_shut`", "not held: the door is not built yet"),
       {{page, "test_map", 2}}},
  };
}

std::string shown(const Finding& finding) {
  return finding.path + ":" + std::to_string(finding.line) + " " + finding.rule + " (" + finding.what + ")";
}

bool passes(const Case& one) {
  const Folder folder;
  write_good_tree(folder);
  folder.write(one.path, one.text);
  const std::vector<Finding> found = check(folder.path);
  bool good = found.size() == one.expected.size();
  for (std::size_t i = 0; good && i < found.size(); ++i)
    good = found[i].path == one.expected[i].path && found[i].rule == one.expected[i].rule &&
           found[i].line == one.expected[i].line && !found[i].what.empty() && !found[i].mend.empty();
  if (good) return true;
  std::printf("FAILED: %s\n", one.name.c_str());
  for (const Expected& wanted : one.expected)
    std::printf("  expected %s:%zu %s\n", wanted.path.c_str(), wanted.line, wanted.rule.c_str());
  for (const Finding& finding : found) std::printf("  found    %s\n", shown(finding).c_str());
  return false;
}

// 401 lines are worth a word, 400 are not, 501 are a finding and no warning.
bool warns_about_length() {
  const Folder folder;
  write_good_tree(folder);
  folder.write("core/base/a.cpp", lines_of(400));
  folder.write("core/base/b.cpp", lines_of(401));
  folder.write("core/base/c.cpp", lines_of(501));
  if (warnings(read_tree(folder.path)) == std::vector<std::string>{"core/base/b.cpp: 401 lines"}) return true;
  std::printf("FAILED: warnings about length\n");
  return false;
}

}  // namespace

int self_test() {
  std::size_t failed = warns_about_length() ? 0 : 1;
  std::size_t count = 1;
  for (const auto& cases : {code_cases(), layout_cases(), text_cases(), map_cases()})
    for (const Case& one : cases) {
      ++count;
      if (!passes(one)) ++failed;
    }
  std::printf("tidy --self-test: %zu cases, %zu failed\n", count, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace tidy
