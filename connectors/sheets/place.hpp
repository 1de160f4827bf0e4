// Which sheet is meant: "spreadsheetId/Sheet name", "spreadsheetId/gid:123", or the address in the browser. And the URLs
// and ranges that follow from it. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "ieum/module.hpp"

namespace sheets {

struct Place {
  std::string spreadsheet;
  std::string title;                // "" when the sheet is given by its number
  std::optional<std::int64_t> gid;  // the number in the address, which stays when the sheet is renamed
};

std::optional<Place> read_place(std::string_view text);
// What ends the step when an input or a watched element names no sheet.
ieum::Effect no_place(std::string_view text);

// 'It''s': a sheet's title as Google's ranges want it, with quotes always.
std::string quoted(std::string_view title);
// "A", "Z", "AA"; from 0.
std::string column_letters(std::size_t column);
// Row number of the first row of an answered range: 5 of "'시트 1'!A5:C5"; 0 when there is none.
std::int64_t first_row(std::string_view range);

std::string spreadsheet_url(const ieum::Call& call, std::string_view spreadsheet);
// .../values/{range}, the range percent-encoded.
std::string values_url(const ieum::Call& call, std::string_view spreadsheet, std::string_view range);
std::string metadata_url(const ieum::Call& call, std::string_view spreadsheet);
std::string drive_url(const ieum::Call& call);
// What ends the step when one of the connection's addresses is none.
std::optional<ieum::Effect> bad_address(const ieum::Call& call);

// The sheet of an answer of metadata_url: by number when the place has one, else by title.
struct Tab {
  std::int64_t gid = 0;
  std::string title;
};
std::optional<Tab> find_tab(const ieum::json::value& metadata, const Place& place);

}  // namespace sheets
