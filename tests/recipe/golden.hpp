// Golden files of findings: a folder of recipes NAME.yaml or NAME.json, each with NAME.expected beside it: the lines
// that a person reads. IEUM_ACCEPT=1 in the environment writes what was found instead of comparing; read the diff.
#pragma once
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "recipe/reader.hpp"

namespace ieum::recipe_test {

// The findings of one text; a reader alone, or reader and checker.
using Judge = std::function<std::vector<recipe::Finding>(const std::string& text, recipe::Format format)>;

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Compares every recipe of the folder; returns how many there were.
inline std::size_t check_golden(const std::filesystem::path& folder, const Judge& judge) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml" || entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  const char* accept = std::getenv("IEUM_ACCEPT");
  for (const auto& file : files) {
    const auto format = file.extension() == ".json" ? recipe::Format::json : recipe::Format::yaml;
    std::string found;
    for (const recipe::Finding& finding : judge(read_file(file), format)) {
      found += recipe::finding_text(file.filename().string(), finding) + "\n";
      BOOST_CHECK_MESSAGE(!finding.mend.empty(), file.filename() << ": " << finding.code << " says not what to do");
    }
    std::filesystem::path expected = file;
    expected.replace_extension(".expected");
    if (accept != nullptr && std::string(accept) == "1") std::ofstream(expected, std::ios::binary) << found;
    const std::string wanted = read_file(expected);
    BOOST_CHECK_MESSAGE(found == wanted, file.filename() << "\nexpected\n" << wanted << "found\n" << found);
    BOOST_CHECK_MESSAGE(!found.empty(), file.filename() << " is not bad at all");
  }
  return files.size();
}

}  // namespace ieum::recipe_test
