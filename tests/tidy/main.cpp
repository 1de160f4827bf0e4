// tidy: the tree's own rules as a program. usage: tidy [ROOT] | tidy --self-test
// Prints "file:line: rule: what; mend" for each finding. Exit 0 when there is none, 1 when there is, 2 on wrong usage.
#include <cstdio>
#include <string>

#include "tidy/rules.hpp"

int main(int count, char** arguments) {
  const std::string argument = count > 1 ? arguments[1] : ".";
  if (count > 2 || (argument.starts_with('-') && argument != "--self-test")) {
    std::fprintf(stderr, "usage: tidy [ROOT] | tidy --self-test\n");
    return 2;
  }
  if (argument == "--self-test") return tidy::self_test();
  if (!std::filesystem::is_regular_file(std::filesystem::path(argument) / "CMakeLists.txt")) {
    std::fprintf(stderr, "tidy: %s is no checkout (it has no CMakeLists.txt)\n", argument.c_str());
    return 2;
  }
  const auto findings = tidy::check(argument);
  for (const tidy::Finding& finding : findings)
    std::printf("%s:%zu: %s: %s; %s\n", finding.path.c_str(), finding.line == 0 ? 1 : finding.line,
                finding.rule.c_str(), finding.what.c_str(), finding.mend.c_str());
  const auto tree = tidy::read_tree(argument);
  for (const std::string& line : tidy::warnings(tree)) std::printf("warning: %s; over 500 it fails\n", line.c_str());
  for (const std::string& line : tidy::open_tests(tree)) std::printf("warning: %s\n", line.c_str());
  std::printf("tidy: %zu finding(s)\n", findings.size());
  return findings.empty() ? 0 : 1;
}
