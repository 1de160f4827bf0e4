// The rules, one function a subject. Each adds what it finds; none writes.
#pragma once
#include <string>
#include <vector>

#include "tidy/house.hpp"
#include "tidy/tree.hpp"

namespace tidy {

// include, connector_include, fenced_header, fenced_call: C++ of core, connectors and tests against the tables.
void check_code(const Tree& tree, const House& house, std::vector<Finding>& findings);
// unknown_room, link_line: folders of core/ and the ieum_room lines of CMakeLists.txt against the table.
void check_layout(const Tree& tree, const House& house, std::vector<Finding>& findings);
// tab, trailing_blank, carriage_return, last_newline, unfinished, machine_path, registry_host, two_titles, long_file, big_file.
void check_text(const Tree& tree, std::vector<Finding>& findings);
// test_map: docs/TESTING.md against its own lists and the names of the tests.
void check_tests(const Tree& tree, std::vector<Finding>& findings);
// What that page says is not proven yet: advice that fails nothing.
std::vector<std::string> open_tests(const Tree& tree);
// Advice that fails nothing: "core/x/y.cpp: 430 lines".
std::vector<std::string> warnings(const Tree& tree);

// All of them, in order of path and line.
std::vector<Finding> check(const std::filesystem::path& root);

// Breaks small trees on purpose; says what went otherwise than expected. 0 when every rule found exactly its own.
int self_test();

}  // namespace tidy
