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

std::string input_option(const Call& call) {
  const bool some = call.input_value("typed").is_array() && !call.input_value("typed").get_array().empty();
  return some || ieum::flag_at(call.inputs(), "typed") ? "USER_ENTERED" : "RAW";
}

std::string cell_json(std::string_view source) {
  if (source.empty()) return "null";
  if (source[0] == '{' || source[0] == '[') return json_text(source);
  if (source[0] == '"' || source == "null" || source == "true" || source == "false") return std::string(source);
  const auto digits = std::count_if(source.begin(), source.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits > 15 ? json_text(source) : std::string(source);
}

namespace {

// Which columns are read as typed, where only some are; the others' texts are kept by the apostrophe that people type, too.
class Typed {
 public:
  explicit Typed(const Call& call) {
    if (const ieum::json::array* list = call.input_value("typed").if_array())
      for (const ieum::json::value& name : *list) names_.push_back(ieum::scalar_text(name).value_or(""));
  }
  [[nodiscard]] std::string cell(std::string_view column, std::string_view source) const {
    std::string json = cell_json(source);
    const bool kept = !names_.empty() && std::find(names_.begin(), names_.end(), column) == names_.end();
    if (kept && json.size() > 2 && json[0] == '"') json.insert(1, "'");
    return json;
  }
  // One that the sheet does not have; "" when it has them all.
  [[nodiscard]] std::string unknown(const std::vector<std::string>& columns) const {
    for (const std::string& name : names_)
      if (!columns.empty() && !column_named(columns, name)) return name;
    return {};
  }

 private:
  std::vector<std::string> names_;
};

Effect no_column(const std::vector<std::string>& names, std::string_view name) {
  std::string all;
  for (const std::string& each : names)
    if (all.size() < 300) all += (all.empty() ? "" : ", ") + each;
  return ieum::fail(Kind::permanent, "no_column",
                    "the sheet has no column '" + std::string(name.substr(0, 100)) + "'; its first row names: " + all);
}

}  // namespace

RowCells row_cells(const Call& call, std::string_view row, const std::vector<std::string>& names) {
  RowCells out;
  const Typed typed(call);
  if (const std::string unknown = typed.unknown(names); !unknown.empty()) out.refusal = no_column(names, unknown);
  if (row.starts_with('[')) {
    ieum::each_element(row, [&](std::string_view cell) {
      const std::size_t at = out.cells.size();
      out.cells.push_back(typed.cell(at < names.size() ? names[at] : column_letters(at), cell));
    });
    return out;
  }
  out.cells.assign(names.size(), "null");
  ieum::each_member(row, [&](std::string_view name, std::string_view cell) {
    const auto column = column_named(names, name);
    if (column) {
      out.cells[*column] = typed.cell(name, cell);
    } else if (!out.refusal) {
      out.refusal = no_column(names, name);
    }
  });
  return out;
}

KeyRow row_of_key(const Call& call, const std::vector<Cells>& rows) {
  KeyRow out;
  const std::string column = call.input("key_column", call.config("key_column"));
  const auto key = column_named(rows.empty() ? std::vector<std::string>() : column_names(rows.front()), column);
  if (!key) out.refusal = ieum::fail(Kind::permanent, "no_key_column", "the sheet has no column '" + column + "'");
  for (std::size_t i = 1; key && i < rows.size(); ++i) {
    if (cell_text(rows[i], *key) != call.input("key")) continue;
    if (out.number != 0)
      out.refusal = ieum::fail(Kind::permanent, "key_not_unique", "several rows have this key; nothing was changed");
    out.number = static_cast<std::int64_t>(i + 1);
  }
  return out;
}

std::string json_list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out += (out.size() > 1 ? "," : "") + item;
  return out + "]";
}

}  // namespace sheets
