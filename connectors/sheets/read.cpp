// Operations that read: rows.read, rows.find, the list of sheets, the test of the login.
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
using ieum::json::array;
using ieum::json::object;

constexpr std::int64_t kReadUsual = 1000;
constexpr std::int64_t kReadMax = 10'000;
constexpr std::size_t kSpreadsheetsMax = 20;

// The spreadsheets of the connection's list `watch`, each once.
std::vector<std::string> watched(const Call& call) {
  std::vector<std::string> ids;
  const ieum::json::value* list = call.connection().if_contains("watch");
  if (list == nullptr || !list->is_array()) return ids;
  for (const ieum::json::value& item : list->get_array()) {
    const auto place = item.is_string() ? read_place(item.get_string()) : std::nullopt;
    if (place && ids.size() < kSpreadsheetsMax && std::find(ids.begin(), ids.end(), place->spreadsheet) == ids.end())
      ids.push_back(place->spreadsheet);
  }
  return ids;
}

// Rows of the answer from the header on; the number of the first one in the sheet.
struct Table {
  std::vector<Cells> rows;
  std::vector<std::string> names;
  std::int64_t first = 1;
};

Table table_of(const Call& call) {
  Table out;
  out.rows = read_rows(call.body());
  out.first = std::max<std::int64_t>(1, first_row(ieum::text_at(call.answer(), "range")));
  if (!out.rows.empty()) out.names = column_names(out.rows.front());
  return out;
}

}  // namespace

Effect read_rows_of(const Call& call) {
  if (auto effect = with_title(call, [&](const Place& place) {
        return ask_range(call, place, call.input("range"), state_at("rows", place));
      }))
    return std::move(*effect);
  if (auto failed = failure(call)) return std::move(*failed);
  const Table table = table_of(call);
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(ieum::int_at(call.inputs(), "limit").value_or(kReadUsual), 1, kReadMax));
  std::vector<std::string> names, rows;
  for (const std::string& name : table.names) names.push_back(json_text(name));
  std::size_t count = 0;
  for (std::size_t i = 1; i < table.rows.size(); ++i) {
    if (is_blank(table.rows[i])) continue;
    if (++count <= limit) rows.push_back(row_object(table.names, table.rows[i]));
  }
  return ieum::done_source("{\"columns\":" + json_list(names) + ",\"rows\":" + json_list(rows) +
                           ",\"count\":" + std::to_string(count) + "}");
}

Effect find_row(const Call& call) {
  if (auto effect =
          with_title(call, [&](const Place& place) { return ask_range(call, place, "", state_at("rows", place)); }))
    return std::move(*effect);
  if (auto failed = failure(call)) return std::move(*failed);
  const Table table = table_of(call);
  const auto column = column_named(table.names, call.input("column"));
  if (!column)
    return ieum::fail(Kind::permanent, "no_column", "the sheet has no column '" + call.input("column") + "'");
  std::size_t count = 0, number = 0;
  for (std::size_t i = 1; i < table.rows.size(); ++i) {
    if (cell_text(table.rows[i], *column) != call.input("equals")) continue;
    if (++count == 1) number = i;
  }
  if (count == 0) return ieum::done({{"found", false}, {"count", 0}});
  return ieum::done_source(
      "{\"found\":true,\"row_number\":" + std::to_string(table.first + static_cast<std::int64_t>(number)) +
      ",\"row\":" + row_object(table.names, table.rows[number]) + ",\"count\":" + std::to_string(count) + "}");
}

Effect list_sheets(const Call& call) {
  const std::vector<std::string> ids = watched(call);
  array items;
  std::size_t next = 0;
  if (call.phase() != ieum::Phase::begin) {
    if (auto failed = failure(call)) return std::move(*failed);
    const ieum::json::value* so_far = ieum::find(call.state(), "items");
    if (so_far != nullptr && so_far->is_array()) items = so_far->get_array();
    next = static_cast<std::size_t>(std::max<std::int64_t>(0, ieum::int_at(call.state(), "next").value_or(0)));
    const ieum::json::value* list = ieum::find(call.answer(), "sheets");
    const std::string book = ieum::text_at(call.answer(), "properties.title");
    if (list != nullptr && list->is_array() && next < ids.size()) {
      for (const ieum::json::value& sheet : list->get_array()) {
        const std::string title = ieum::text_at(sheet, "properties.title");
        if (items.size() < 300)
          items.push_back(object{{"key", ids[next] + "/" + title}, {"title", book + " / " + title}});
      }
    }
    ++next;
  }
  if (next >= ids.size()) return ieum::done({{"items", std::move(items)}});
  return ieum::http("GET", metadata_url(call, ids[next]))
      .safe()
      .state({{"next", static_cast<std::int64_t>(next)}, {"items", std::move(items)}});
}

// The first watched spreadsheet must be open to the login; with none watched, Drive says whose login it is.
Effect test_login(const Call& call) {
  const std::vector<std::string> ids = watched(call);
  if (call.phase() == ieum::Phase::begin) {
    if (!ids.empty()) return ieum::http("GET", metadata_url(call, ids.front())).safe();
    return ieum::http("GET", drive_url(call) + "/about?fields=user%28emailAddress%29").safe();
  }
  if (auto failed = failure(call)) return std::move(*failed);
  object output;
  if (const std::string title = ieum::text_at(call.answer(), "properties.title"); !title.empty())
    output["spreadsheet"] = title;
  if (const std::string email = ieum::text_at(call.answer(), "user.emailAddress"); !email.empty())
    output["account"] = email;
  return ieum::done(std::move(output));
}

}  // namespace sheets
