// Google's cells: ranges in A1 notation, and what a cell holds, written and read as Sheets does it. Pure values.
// Private to sandbox.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/value.hpp"

namespace ieum::sandbox {

// Zero-based, ends exclusive; an open end is kOpen.
inline constexpr std::size_t kOpen = static_cast<std::size_t>(-1);
struct Area {
  std::string sheet;  // "" names none: the first one
  std::size_t row = 0, column = 0, row_end = kOpen, column_end = kOpen;
};

// "응답", "'시트 1'!A2:D", "A1:B2", "Sheet1!1:1". Nothing when it cannot be parsed. Whether a lone word is a sheet or a cell
// is the caller's to find out: `Sheet1` comes as sheet, `A1` as cell.
std::optional<Area> read_a1(std::string_view text);
std::string write_a1(const Area& area);
std::string column_letters(std::size_t column);  // 0 is A, 26 is AA

// A cell is null (empty), text, number, flag, or {"formula": "=..."} or {"date": serial, "text": as typed}.
// What `value` becomes; error "bad_cell" for lists and maps. entered: as if a person had typed it.
Result<Value> write_cell(const Value& value, bool entered);

struct Rendering {
  enum class Values { formatted, unformatted, formula } values = Values::formatted;
  bool serial_dates = true;
};
Value read_cell(const Value& cell, const Rendering& rendering);
bool is_blank(const Value& cell);

}  // namespace ieum::sandbox
