// Arguments of the bench programs: --name value, all optional. What is unknown or missing ends the program with 2.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace ieum::bench {

class Arguments {
 public:
  // `known` maps each name to its default.
  Arguments(int count, char** words, std::map<std::string, std::string> known) : values_(std::move(known)) {
    for (int i = 1; i < count; i += 2) {
      const std::string name = words[i];
      const auto found = name.starts_with("--") ? values_.find(name.substr(2)) : values_.end();
      if (found == values_.end() || i + 1 == count) fail(words[0], name);
      found->second = words[i + 1];
    }
  }
  [[nodiscard]] const std::string& text(const std::string& name) const { return values_.at(name); }
  [[nodiscard]] double number(const std::string& name) const { return std::strtod(text(name).c_str(), nullptr); }
  [[nodiscard]] std::uint16_t port(const std::string& name) const { return static_cast<std::uint16_t>(number(name)); }

 private:
  [[noreturn]] void fail(const char* program, const std::string& word) const {
    std::fprintf(stderr, "%s: %s is not understood, or lacks its value. It takes:", program, word.c_str());
    for (const auto& [name, value] : values_) std::fprintf(stderr, " --%s [%s]", name.c_str(), value.c_str());
    std::fprintf(stderr, "\n");
    std::exit(2);
  }

  std::map<std::string, std::string> values_;
};

}  // namespace ieum::bench
