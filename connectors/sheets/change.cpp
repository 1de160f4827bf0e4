// Operations that end in the same state however often they are done: row.update, rows.batch_update, range.clear.
#include <algorithm>

#include "answers.hpp"
#include "operations.hpp"
#include "rows.hpp"
#include "target.hpp"

namespace sheets {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

constexpr const char* kJson = "application/json; charset=utf-8";

Effect find_and_write(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const Place place = place_of(call);
  const std::vector<Cells> rows = read_rows(call.body());
  const std::vector<std::string> names = rows.empty() ? std::vector<std::string>() : column_names(rows.front());
  std::int64_t number = ieum::int_at(call.inputs(), "row_number").value_or(0);
  if (number < 2) {
    KeyRow found = row_of_key(call, rows);
    if (found.refusal) return std::move(*found.refusal);
    number = found.number;
    if (number == 0) {
      if (call.input("if_missing") == "skip") return ieum::done({{"found", false}});
      return ieum::fail(
          Kind::permanent, "no_such_row",
          "no row has this key in the column '" + call.input("key_column", call.config("key_column")) + "'");
    }
  }
  RowCells cells = row_cells(call, call.input_source("row"), names);
  if (cells.refusal) return std::move(*cells.refusal);
  while (!cells.cells.empty() && cells.cells.back() == "null") cells.cells.pop_back();
  if (cells.cells.empty()) return ieum::done({{"found", true}, {"row_number", number}});
  auto state = state_at("written", place);
  state["row_number"] = number;
  return ieum::http("PUT", values_url(call, place.spreadsheet, quoted(place.title) + "!A" + std::to_string(number)) +
                               "?valueInputOption=" + input_option(call))
      .body("{\"majorDimension\":\"ROWS\",\"values\":[" + json_list(cells.cells) + "]}", kJson)
      .idempotent()
      .state(std::move(state));
}

}  // namespace

Effect update_row(const Call& call) {
  if (call.phase() == ieum::Phase::begin && !call.input_value("row").is_object() && !call.input_value("row").is_array())
    return ieum::fail(Kind::permanent, "no_row", "give the row: a map by column name");
  const bool by_number = ieum::int_at(call.inputs(), "row_number").value_or(0) >= 2;
  if (call.phase() == ieum::Phase::begin && !by_number && call.input("key").empty())
    return ieum::fail(Kind::permanent, "no_key", "say which row: key, or row_number from 2");
  if (auto effect = with_title(call, [&](const Place& place) {
        return ask_range(call, place, by_number ? "1:1" : "", state_at("rows", place));
      }))
    return std::move(*effect);
  if (at_of(call) == "rows") return find_and_write(call);
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"found", true}, {"row_number", ieum::int_at(call.state(), "row_number").value_or(0)}});
}

// `data`: a list of {range, values}, ranges with the sheet's name in them or relative to `sheet`.
Effect batch_update(const Call& call) {
  if (auto effect = with_title(call, [&](const Place& place) -> Effect {
        std::string data;
        bool bad = false;
        ieum::each_element(call.input_source("data"), [&](std::string_view item) {
          const std::string range = ieum::source_text(ieum::member_source(item, "range"));
          std::vector<std::string> rows;
          ieum::each_element(ieum::member_source(item, "values"), [&](std::string_view row) {
            std::vector<std::string> cells;
            ieum::each_element(row, [&](std::string_view cell) { cells.push_back(cell_json(cell)); });
            rows.push_back(json_list(cells));
          });
          bad = bad || range.empty() || rows.empty();
          const std::string whole = range.find('!') == std::string::npos ? quoted(place.title) + "!" + range : range;
          data += (data.empty() ? "" : ",") + std::string("{\"range\":") + json_text(whole) +
                  ",\"majorDimension\":\"ROWS\",\"values\":" + json_list(rows) + "}";
        });
        if (data.empty() || bad)
          return ieum::fail(Kind::permanent, "no_data", "data is a list of {range, values}, values a list of rows");
        return ieum::http("POST", spreadsheet_url(call, place.spreadsheet) + "/values:batchUpdate")
            .body("{\"valueInputOption\":\"" + input_option(call) + "\",\"data\":[" + data + "]}", kJson)
            .idempotent()
            .state(state_at("written", place));
      }))
    return std::move(*effect);
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"cells", ieum::int_at(call.answer(), "totalUpdatedCells").value_or(0)}});
}

Effect clear_range(const Call& call) {
  if (auto effect = with_title(call, [&](const Place& place) -> Effect {
        const std::string range = call.input("range");
        if (range.empty()) return ieum::fail(Kind::permanent, "no_range", "say which cells: range, for example A2:D");
        return ieum::http("POST", values_url(call, place.spreadsheet, quoted(place.title) + "!" + range) + ":clear")
            .body("{}", kJson)
            .idempotent()
            .state(state_at("cleared", place));
      }))
    return std::move(*effect);
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"range", ieum::text_at(call.answer(), "clearedRange")}});
}

}  // namespace sheets
