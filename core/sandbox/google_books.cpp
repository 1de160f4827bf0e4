#include "sandbox/google_books.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kBooksMax = 1'000;
constexpr std::size_t kCellsMax = 2'000'000;

bool blank_between(const List& row, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, row.size()); ++i)
    if (!is_blank(row[i])) return false;
  return true;
}

// Rows of a ValueRange; error "bad_cell" when they are none.
Result<std::vector<List>> rows_of(const Value& values, bool entered) {
  std::vector<List> rows;
  const List* list = values.if_list();
  if (list == nullptr) return rows;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const List* row = (*list)[i].if_list();
    if (row == nullptr) return Error("bad_cell", "Invalid value at 'data.values[" + std::to_string(i) + "]'");
    List cells;
    for (std::size_t k = 0; k < row->size(); ++k) {
      auto cell = write_cell((*row)[k], entered);
      if (!cell)
        return Error("bad_cell",
                     "Invalid values[" + std::to_string(i) + "][" + std::to_string(k) + "]: " + cell.error().what);
      // Null stays a sign to leave the cell alone; an empty text empties it.
      cells.push_back(std::move(*cell));
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

}  // namespace

SheetTab* Book::tab(std::string_view wanted) {
  for (SheetTab& item : tabs)
    if (item.title == wanted) return &item;
  return nullptr;
}

SheetTab* Book::tab(std::int64_t wanted) {
  for (SheetTab& item : tabs)
    if (item.id == wanted) return &item;
  return nullptr;
}

Result<Book*> Books::open(const std::string& id, Millis now) {
  if (id.starts_with("missing")) return Error("not_found", "Requested entity was not found.");
  if (id.starts_with("private")) return Error("forbidden", "The caller does not have permission");
  const auto found = books_.find(id);
  if (found != books_.end()) return &found->second;
  if (books_.size() >= kBooksMax || id.size() > 100) return Error("too_many", "the sandbox keeps 1,000 spreadsheets");
  Book& book = books_[id];
  book = {id, id, {{0, "Sheet1", {}}}, 1, now};
  return &book;
}

Book& Books::create(const std::string& title, const std::vector<std::string>& tabs, Millis now) {
  const std::string id = "1" + base64url_encode(sha256(title + std::to_string(books_.size()))).substr(0, 43);
  Book& book = books_[id];
  book = {id, title, {}, 1, now};
  for (const std::string& name : tabs) book.tabs.push_back({static_cast<std::int64_t>(book.tabs.size()), name, {}});
  if (book.tabs.empty()) book.tabs.push_back({0, "Sheet1", {}});
  return book;
}

Result<SheetTab*> Books::find(Book& book, const std::string& range, Area& area) {
  const auto read = read_a1(range);
  const Error unknown("bad_range", "Unable to parse range: " + range);
  if (!read) return unknown;
  area = *read;
  SheetTab* found = area.sheet.empty() ? &book.tabs.front() : book.tab(std::string_view(area.sheet));
  if (found == nullptr) return unknown;
  area.sheet = found->title;
  return found;
}

List Books::read(const SheetTab& tab, const Area& area, const Rendering& rendering) {
  List out;
  const std::size_t end = std::min(area.row_end, tab.rows.size());
  for (std::size_t i = area.row; i < end; ++i) {
    List row;
    const std::size_t last = std::min(area.column_end, tab.rows[i].size());
    for (std::size_t k = area.column; k < last; ++k) row.push_back(read_cell(tab.rows[i][k], rendering));
    while (!row.empty() && is_blank(row.back())) row.pop_back();
    out.emplace_back(std::move(row));
  }
  while (!out.empty() && out.back().if_list()->empty()) out.pop_back();
  return out;
}

Result<std::size_t> Books::write(SheetTab& tab, Area& area, const Value& values, bool entered) {
  auto rows = rows_of(values, entered);
  if (!rows) return rows.error();
  std::size_t width = 1, count = 0;
  for (const List& row : *rows) width = std::max(width, row.size());
  if (area.row + rows->size() > area.row_end || area.column + width > area.column_end)
    if (area.row_end != area.row + 1 || area.column_end != area.column + 1)  // one cell names where to begin
      return Error("bad_range", "Requested writing within range [" +
                                    write_a1({area.sheet, area.row, area.column, area.row + 1, area.column + 1}) +
                                    "], but tried writing outside of it");
  if (cells_ + rows->size() * width > kCellsMax)
    return Error("too_many",
                 "This action would increase the number of "
                 "cells in the workbook above the limit.");
  cells_ += rows->size() * width;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    if (tab.rows.size() <= area.row + i) tab.rows.resize(area.row + i + 1);
    List& row = tab.rows[area.row + i];
    for (std::size_t k = 0; k < (*rows)[i].size(); ++k) {
      if ((*rows)[i][k].is_null()) continue;
      if (row.size() <= area.column + k) row.resize(area.column + k + 1);
      row[area.column + k] = (*rows)[i][k];
      ++count;
    }
  }
  area.row_end = area.row + std::max<std::size_t>(rows->size(), 1);
  area.column_end = area.column + width;
  return count;
}

Result<Appended> Books::append(SheetTab& tab, const Area& area, const Value& values, bool entered, bool insert) {
  if (const auto rows = rows_of(values, entered); !rows) return rows.error();
  Appended out;
  out.where = area;
  // The table is the block of filled rows that begins at the first filled row of the area.
  std::size_t top = area.row;
  const std::size_t end = std::min(area.row_end, tab.rows.size());
  while (top < end && blank_between(tab.rows[top], area.column, area.column_end)) ++top;
  if (top < end) {
    std::size_t left = area.column;
    while (is_blank(tab.rows[top][left])) ++left;
    std::size_t right = left + 1;
    while (right < tab.rows[top].size() && !is_blank(tab.rows[top][right])) ++right;
    std::size_t below = top + 1;
    while (below < tab.rows.size() && !blank_between(tab.rows[below], left, right)) ++below;
    out.table = write_a1({area.sheet, top, left, below, right});
    out.where.row = below;
    out.where.column = left;
  }
  out.where.row_end = kOpen;
  out.where.column_end = kOpen;
  const std::size_t count = values.if_list() == nullptr ? 0 : values.if_list()->size();
  if (insert && out.where.row < tab.rows.size())
    tab.rows.insert(tab.rows.begin() + static_cast<std::ptrdiff_t>(out.where.row), count, List{});
  auto written = write(tab, out.where, values, entered);
  if (!written) return written.error();
  out.cells = *written;
  return out;
}

void Books::clear(SheetTab& tab, const Area& area) {
  const std::size_t end = std::min(area.row_end, tab.rows.size());
  for (std::size_t i = area.row; i < end; ++i)
    for (std::size_t k = area.column; k < std::min(area.column_end, tab.rows[i].size()); ++k) tab.rows[i][k] = Value();
  while (!tab.rows.empty() && blank_between(tab.rows.back(), 0, kOpen)) tab.rows.pop_back();
}

}  // namespace ieum::sandbox
