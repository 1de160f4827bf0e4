// Google's spreadsheets in memory: what is in them, and what Sheets does to them when values are written. No HTTP.
// Bounded: 1,000 spreadsheets, 200 sheets of one, 2,000,000 cells of all. Private to sandbox; one thread.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "sandbox/google_cells.hpp"

namespace ieum::sandbox {

struct SheetTab {
  std::int64_t id = 0;  // "gid" in the address of a browser
  std::string title;
  std::vector<List> rows;  // of cells; rows have different lengths, the last ones may be empty
};

struct Book {
  std::string id, title;
  std::vector<SheetTab> tabs;
  std::int64_t version = 1;
  Millis modified_at = 0;
  [[nodiscard]] SheetTab* tab(std::string_view title);
  [[nodiscard]] SheetTab* tab(std::int64_t id);
};

struct Appended {
  std::string table;  // where the table was, "" when there was none
  Area where;         // what was written
  std::size_t cells = 0;
};

class Books {
 public:
  // Exists from its first use on, with one sheet "Sheet1". Errors: "not_found" for ids that begin with "missing",
  // "forbidden" for "private", "too_many".
  Result<Book*> open(const std::string& id, Millis now);
  Book& create(const std::string& title, const std::vector<std::string>& tabs, Millis now);
  [[nodiscard]] const std::map<std::string, Book>& all() const { return books_; }

  // The tab that an area names, with the area's open ends kept. Error "bad_range".
  static Result<SheetTab*> find(Book& book, const std::string& range, Area& area);
  static List read(const SheetTab& tab, const Area& area, const Rendering& rendering);
  // Null leaves a cell as it is. Errors "bad_cell", "bad_range", "too_many". Gives the number of cells.
  Result<std::size_t> write(SheetTab& tab, Area& area, const Value& values, bool entered);
  // Below the table that begins in `area`, as Sheets finds it.
  Result<Appended> append(SheetTab& tab, const Area& area, const Value& values, bool entered, bool insert);
  static void clear(SheetTab& tab, const Area& area);
  static void touch(Book& book, Millis now) {
    ++book.version;
    book.modified_at = now;
  }

 private:
  std::map<std::string, Book> books_;
  std::size_t cells_ = 0;
};

}  // namespace ieum::sandbox
