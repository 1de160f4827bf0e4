// What operations on one sheet have in common: the sheet they mean, its header, and cells made of inputs. Pure.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "ieum/module.hpp"
#include "place.hpp"
#include "rows.hpp"

namespace sheets {

// Goes on with the sheet that the input `sheet` names, its title filled in; asks Google for the title first when the input
// has only the sheet's number. Nothing: this call is a later answer, which is the caller's.
std::optional<ieum::Effect> with_title(const ieum::Call& call, const std::function<ieum::Effect(const Place&)>& go_on);
// The place of a later answer: what the state carries.
Place place_of(const ieum::Call& call);
std::string at_of(const ieum::Call& call);  // the state's "at"

// {"at": at, "spreadsheet": .., "title": ..}
ieum::json::object state_at(std::string_view at, const Place& place);
// Reads a range of the place's sheet ("" reads all of it), cells as they are and dates as text.
ieum::Effect ask_range(const ieum::Call& call, const Place& place, std::string_view range, ieum::json::object state);

// RAW, or USER_ENTERED when the input `typed` asks for it: for all columns (true), or for those that it lists.
std::string input_option(const ieum::Call& call);
// One cell of an input's JSON text. A number that Google cannot hold (more than 15 digits) goes as text.
std::string cell_json(std::string_view source);

// The cells of one row for the columns that `row` (a map by column name, or a list by place) names; others are null, which
// leaves a cell as it is. Error: what ends the step.
struct RowCells {
  std::vector<std::string> cells;
  std::optional<ieum::Effect> refusal;
};
RowCells row_cells(const ieum::Call& call, std::string_view row, const std::vector<std::string>& names);
// The row whose key column holds the input `key`; number 0: none does. Rows count from 1, the header's.
struct KeyRow {
  std::int64_t number = 0;
  std::optional<ieum::Effect> refusal;
};
KeyRow row_of_key(const ieum::Call& call, const std::vector<Cells>& rows);
std::string json_list(const std::vector<std::string>& items);

}  // namespace sheets
