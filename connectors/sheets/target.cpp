#include "target.hpp"

#include <algorithm>

#include "answers.hpp"
#include "rows.hpp"

namespace sheets {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;

std::optional<Effect> with_title(const Call& call, const std::function<Effect(const Place&)>& go_on) {
  const bool begin = call.phase() == ieum::Phase::begin;
  if (!begin && at_of(call) != "title") return std::nullopt;
  auto place = read_place(call.input("sheet"));
  if (!place) return no_place(call.input("sheet"));
  if (begin) {
    if (!place->title.empty()) return go_on(*place);
    return ieum::http("GET", metadata_url(call, place->spreadsheet)).safe().state({{"at", "title"}});
  }
  if (auto failed = failure(call)) return failed;
  const auto tab = find_tab(call.answer(), *place);
  if (!tab) return ieum::fail(Kind::permanent, "no_sheet", "the spreadsheet has no sheet with that number");
  place->title = tab->title;
  return go_on(*place);
}

Place place_of(const Call& call) {
  return {ieum::text_at(call.state(), "spreadsheet"), ieum::text_at(call.state(), "title"), std::nullopt};
}

std::string at_of(const Call& call) { return ieum::text_at(call.state(), "at"); }

ieum::json::object state_at(std::string_view at, const Place& place) {
  return {{"at", at}, {"spreadsheet", place.spreadsheet}, {"title", place.title}};
}

Effect ask_range(const Call& call, const Place& place, std::string_view range, ieum::json::object state) {
  const std::string whole = quoted(place.title) + (range.empty() ? "" : "!" + std::string(range));
  return ieum::http("GET", values_url(call, place.spreadsheet, whole) +
                               "?majorDimension=ROWS&valueRenderOption=UNFORMATTED_VALUE"
                               "&dateTimeRenderOption=FORMATTED_STRING")
      .safe()
      .state(std::move(state));
}

std::string input_option(const Call& call) { return ieum::flag_at(call.inputs(), "typed") ? "USER_ENTERED" : "RAW"; }

std::string cell_json(std::string_view source) {
  if (source.empty()) return "null";
  if (source[0] == '{' || source[0] == '[') return json_text(source);
  if (source[0] == '"' || source == "null" || source == "true" || source == "false") return std::string(source);
  const auto digits = std::count_if(source.begin(), source.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits > 15 ? json_text(source) : std::string(source);
}

RowCells row_cells(std::string_view row, const std::vector<std::string>& names) {
  RowCells out;
  if (row.starts_with('[')) {
    ieum::each_element(row, [&](std::string_view cell) { out.cells.push_back(cell_json(cell)); });
    return out;
  }
  out.cells.assign(names.size(), "null");
  ieum::each_member(row, [&](std::string_view name, std::string_view cell) {
    const auto column = column_named(names, name);
    if (column) {
      out.cells[*column] = cell_json(cell);
      return;
    }
    std::string all;
    for (const std::string& each : names)
      if (all.size() < 300) all += (all.empty() ? "" : ", ") + each;
    if (!out.refusal)
      out.refusal =
          ieum::fail(Kind::permanent, "no_column",
                     "the sheet has no column '" + std::string(name.substr(0, 100)) + "'; its first row names: " + all);
  });
  return out;
}

std::string json_list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out += (out.size() > 1 ? "," : "") + item;
  return out + "]";
}

}  // namespace sheets
