// row.append, and row.look_up, which finds out whether an append whose answer was lost has landed.
//
// The header says which column is which, so it is read first; a column of the hub's own (`_ieum`) is added to it when it
// is missing. Every appended row carries its step key there.
#include "answers.hpp"
#include "operations.hpp"
#include "rows.hpp"
#include "target.hpp"

namespace sheets {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

constexpr std::size_t kRowsMax = 1000;

std::string id_column(const Call& call) { return call.config("id_column", "_ieum"); }

// The rows to append, as JSON texts: `rows`, or the one of `row`.
std::vector<std::string_view> wanted_rows(const Call& call) {
  std::vector<std::string_view> rows;
  ieum::each_element(call.input_source("rows"), [&](std::string_view row) { rows.push_back(row); });
  const std::string_view one = call.input_source("row");
  if (rows.empty() && (one.starts_with('{') || one.starts_with('['))) rows.push_back(one);
  return rows;
}

Effect ask_header(const Call& call, const Place& place, bool named) {
  auto state = state_at("header", place);
  state["named"] = named;
  return ask_range(call, place, "1:1", std::move(state));
}

// Writes what the header lacks: the names of an empty sheet, and the hub's column.
Effect write_header(const Call& call, const Place& place, std::size_t from, const std::vector<std::string>& names) {
  std::vector<std::string> cells;
  cells.reserve(names.size());
  for (const std::string& name : names) cells.push_back(json_text(name));
  const std::string range = quoted(place.title) + "!" + column_letters(from) + "1";
  return ieum::http("PUT", values_url(call, place.spreadsheet, range) + "?valueInputOption=RAW")
      .body("{\"majorDimension\":\"ROWS\",\"values\":[" + json_list(cells) + "]}", "application/json; charset=utf-8")
      .idempotent()
      .state(state_at("named", place));
}

Effect send(const Call& call, const Place& place, const std::vector<std::string>& names) {
  const std::string own = id_column(call);
  const auto column = own.empty() ? std::nullopt : column_named(names, own);
  // A key of digits alone must stay text when cells are read as typed.
  const std::string key = json_text((input_option(call) == "RAW" ? "" : "'") + call.step_key());
  std::vector<std::string> rows;
  for (const std::string_view source : wanted_rows(call)) {
    RowCells row = row_cells(call, source, names);
    if (row.refusal) return std::move(*row.refusal);
    if (column) {
      if (row.cells.size() <= *column) row.cells.resize(*column + 1, "null");
      if (row.cells[*column] != "null")
        return ieum::fail(Kind::permanent, "own_column",
                          "the column '" + own + "' is the hub's own; leave it out of the row");
      row.cells[*column] = key;
    }
    rows.push_back(json_list(row.cells));
  }
  return ieum::http("POST", values_url(call, place.spreadsheet, quoted(place.title) + "!A1") +
                                ":append?valueInputOption=" + input_option(call) +
                                "&insertDataOption=INSERT_ROWS&includeValuesInResponse=false")
      .body("{\"majorDimension\":\"ROWS\",\"values\":" + json_list(rows) + "}", "application/json; charset=utf-8")
      .unsafe()
      .state(state_at("append", place));
}

Effect after_header(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const Place place = place_of(call);
  const std::vector<Cells> rows = read_rows(call.body());
  const std::vector<std::string> names = rows.empty() ? std::vector<std::string>() : column_names(rows.front());
  const std::string own = id_column(call);
  std::vector<std::string> missing;
  if (names.empty() && !wanted_rows(call).empty())
    ieum::each_member(wanted_rows(call).front(),
                      [&](std::string_view name, std::string_view) { missing.emplace_back(name); });
  if (!own.empty() && !column_named(names, own)) missing.push_back(own);
  // An empty sheet that gets lists has no names to write; there the hub's column would stand before the data.
  const bool lists = names.empty() && missing.size() <= 1;
  if (missing.empty() || lists) return send(call, place, names);
  if (ieum::flag_at(call.state(), "named"))
    return ieum::fail(Kind::permanent, "no_id_column", "the column '" + own + "' was written and is not there");
  return write_header(call, place, names.size(), missing);
}

Effect look_up_header(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const std::vector<Cells> rows = read_rows(call.body());
  const auto column = rows.empty() ? std::nullopt : column_named(column_names(rows.front()), id_column(call));
  if (!column)
    return ieum::fail(Kind::permanent, "no_id_column",
                      "without the column '" + id_column(call) + "' nobody can tell whether the row was appended");
  const Place place = place_of(call);
  const std::string letters = column_letters(*column);
  return ask_range(call, place, letters + ":" + letters, state_at("column", place));
}

Effect look_up_column(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  const std::vector<Cells> rows = read_rows(call.body());
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (cell_text(rows[i], 0) == call.step_key())
      return ieum::found({{"sheet", place_of(call).title}, {"row_number", static_cast<std::int64_t>(i + 1)}});
  return ieum::not_found();
}

}  // namespace

Effect append_row(const Call& call) {
  if (call.phase() == ieum::Phase::begin) {
    const std::size_t count = wanted_rows(call).size();
    if (count == 0)
      return ieum::fail(Kind::permanent, "no_row", "give a row: a map by column name, or a list of cells");
    if (count > kRowsMax)
      return ieum::fail(Kind::permanent, "too_many_rows", "at most 1,000 rows are appended at once");
  }
  if (auto effect = with_title(call, [&](const Place& place) { return ask_header(call, place, false); }))
    return std::move(*effect);
  if (at_of(call) == "header") return after_header(call);
  // "Unavailable" may come after the row went in; the look-up is cheap.
  if (at_of(call) == "append" && call.status() == 503)
    return ieum::fail(Kind::ambiguous, "UNAVAILABLE", "Google was unavailable while it appended the row");
  if (auto failed = failure(call)) return std::move(*failed);
  if (at_of(call) == "named") return ask_header(call, place_of(call), true);
  const std::string range = ieum::text_at(call.answer(), "updates.updatedRange");
  if (range.empty()) return ieum::fail(Kind::ambiguous, "unreadable_answer", "Google does not say where the row is");
  return ieum::done({{"sheet", place_of(call).title}, {"row_number", first_row(range)}});
}

Effect look_up_row(const Call& call) {
  if (auto effect = with_title(
          call, [&](const Place& place) { return ask_range(call, place, "1:1", state_at("header", place)); }))
    return std::move(*effect);
  return at_of(call) == "column" ? look_up_column(call) : look_up_header(call);
}

}  // namespace sheets
