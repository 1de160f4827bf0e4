// Page: a page of docs/ as tests read it: its blocks of code, and the tables between <!-- table: NAME --> and <!-- end -->.
#pragma once
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace ieum::test {

struct Block {
  std::size_t line = 0;  // of its first line
  std::string language, text;
};

class Page {
 public:
  explicit Page(const std::string& name) : file_(std::string(IEUM_SOURCE_DIR) + "/docs/" + name) {
    std::ifstream in(file_, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    text_ = text.str();
    BOOST_REQUIRE_MESSAGE(!text_.empty(), file_);
    read();
  }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  // Name -> what stands between the marks.
  [[nodiscard]] const std::map<std::string, std::string>& tables() const { return tables_; }
  // The table is exactly this; with IEUM_ACCEPT=1 in the environment it is written so instead. Read the diff.
  void require(const std::string& name, const std::string& wanted) {
    const auto found = tables_.find(name);
    BOOST_REQUIRE_MESSAGE(found != tables_.end(), file_ << " has no table " << name);
    if (found->second == wanted) return;
    if (std::getenv("IEUM_ACCEPT") == nullptr) {
      BOOST_CHECK_MESSAGE(false, file_ << ", table " << name << "\nexpected\n" << wanted << "found\n" << found->second);
      return;
    }
    const std::string mark = "<!-- table: " + name + " -->\n";
    text_.replace(text_.find(mark) + mark.size(), found->second.size(), wanted);
    found->second = wanted;
    std::ofstream(file_, std::ios::binary) << text_;
  }

 private:
  void read() {
    std::istringstream lines(text_);
    std::size_t number = 0;
    Block* block = nullptr;
    std::string* table = nullptr;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (line.starts_with("```")) {
        if (block != nullptr) {
          block = nullptr;
          continue;
        }
        block = &blocks_.emplace_back();
        block->line = number + 1;
        block->language = line.substr(3);
      } else if (block != nullptr) {
        block->text += line + "\n";
      } else if (line.starts_with("<!-- table: ")) {
        const auto [at, is_new] = tables_.emplace(line.substr(12, line.size() - 16), "");
        BOOST_CHECK_MESSAGE(is_new && table == nullptr, file_ << ":" << number << " " << line);
        table = &at->second;
      } else if (line == "<!-- end -->") {
        table = nullptr;
      } else if (table != nullptr) {
        *table += line + "\n";
      }
    }
    BOOST_CHECK(block == nullptr && table == nullptr);
  }

  std::string file_, text_;
  std::vector<Block> blocks_;
  std::map<std::string, std::string> tables_;
};

}  // namespace ieum::test
