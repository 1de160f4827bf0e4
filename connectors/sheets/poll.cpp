// The poll `rows`: asks Drive whether the file changed, then for the sheet's title by its number, then for its cells, and
// tells what is new or edited. The cursor: {gid, title, version, head, born, told, total, marks, asked_drive_until}.
#include <algorithm>

#include "answers.hpp"
#include "operations.hpp"
#include "place.hpp"
#include "rows.hpp"
#include "watch.hpp"

namespace sheets {

namespace {

using ieum::Call;
using ieum::Effect;
using ieum::Kind;
using ieum::json::object;
using ieum::json::value;

constexpr std::size_t kTellMax = 500;                // changes told at once; the rest is asked for again
constexpr std::int64_t kWithoutDriveMs = 3'600'000;  // how long Drive is left alone after it refused

// The cursor while a poll is under way: at first it is the state, then it travels inside of it.
const value& cursor_of(const Call& call) {
  static const value none;
  if (call.phase() == ieum::Phase::poll) return call.state();
  const value* found = ieum::find(call.state(), "cursor");
  return found == nullptr ? none : *found;
}

Effect nothing_new(const value& cursor) { return ieum::events().cursor(cursor); }

Effect ask_drive(const Call& call, const Place& place) {
  return ieum::http("GET", drive_url(call) + "/files/" + ieum::percent_encode(place.spreadsheet) +
                               "?fields=modifiedTime%2Cversion&supportsAllDrives=true")
      .safe()
      .state({{"at", "drive"}, {"cursor", cursor_of(call)}});
}

Effect ask_titles(const Call& call, const Place& place, const std::string& version, bool without_drive) {
  return ieum::http("GET", metadata_url(call, place.spreadsheet))
      .safe()
      .state({{"at", "titles"}, {"cursor", cursor_of(call)}, {"version", version}, {"without_drive", without_drive}});
}

Effect ask_cells(const Call& call, const Place& place, const Tab& tab) {
  object state = call.state().get_object();
  state["at"] = "cells";
  state["gid"] = tab.gid;
  state["title"] = tab.title;
  return ieum::http("GET", spreadsheet_url(call, place.spreadsheet) +
                               "/values:batchGet?ranges=" + ieum::percent_encode(quoted(tab.title)) +
                               "&majorDimension=ROWS&valueRenderOption=UNFORMATTED_VALUE"
                               "&dateTimeRenderOption=FORMATTED_STRING")
      .safe()
      .state(std::move(state));
}

// A poll without Drive (another scope, a shared drive) reads the cells each time.
Effect after_drive(const Call& call, const Place& place) {
  if (call.status() == 403 || call.status() == 404 || call.status() == 400) {
    // A 403 can also be a quota; then the sheet's own answer will say so.
    return ask_titles(call, place, "", true);
  }
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string version = ieum::text_at(call.answer(), "version");
  const value& cursor = cursor_of(call);
  if (!version.empty() && ieum::text_at(cursor, "version") == version) return nothing_new(cursor);
  return ask_titles(call, place, version, false);
}

Effect after_titles(const Call& call, Place place) {
  if (auto failed = failure(call)) return std::move(*failed);
  // Once known, a sheet is known by its number: a new title is the same sheet.
  if (const auto gid = ieum::int_at(cursor_of(call), "gid")) place.gid = gid;
  const auto tab = find_tab(call.answer(), place);
  if (!tab)
    return ieum::fail(Kind::permanent, "no_sheet", "the spreadsheet has no sheet '" + place.title + "' any more");
  return ask_cells(call, place, *tab);
}

struct Reading {
  std::vector<std::string> names;
  std::optional<std::size_t> key, hub;  // columns
  std::vector<Cells> rows;              // below the header, without blank ones
  std::vector<std::size_t> numbers;     // of those rows in the sheet, from 1
  std::vector<Mark> marks;
};

Reading read(const std::vector<Cells>& all, const std::string& key_column, const std::string& hub_column) {
  Reading out;
  if (all.empty()) return out;
  out.names = column_names(all.front());
  if (!key_column.empty()) out.key = column_named(out.names, key_column);
  if (!hub_column.empty()) out.hub = column_named(out.names, hub_column);
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (is_blank(all[i])) continue;
    const std::string identity = cell_text(all[i], out.key.value_or(0));
    if (out.key && identity.empty()) continue;  // a row is told when it has got its key
    out.rows.push_back(all[i]);
    out.numbers.push_back(i + 1);
    out.marks.push_back({identity.empty() ? 0 : print_of(identity), print_of(all[i])});
  }
  return out;
}

std::string item_data(const Place& place, const Call& call, const Reading& reading, std::size_t row) {
  const Cells& cells = reading.rows[row];
  const bool from_hub = reading.hub && !cell_text(cells, *reading.hub).empty();
  std::string out = "{\"spreadsheet_id\":" + json_text(place.spreadsheet) +
                    ",\"sheet\":" + json_text(ieum::text_at(call.state(), "title")) +
                    ",\"sheet_id\":" + ieum::text_at(call.state(), "gid", "0") +
                    ",\"row_number\":" + std::to_string(reading.numbers[row]);
  if (reading.key) out += ",\"key\":" + json_text(cell_text(cells, *reading.key));
  return out + ",\"from_hub\":" + (from_hub ? "true" : "false") + ",\"row\":" + row_object(reading.names, cells) + "}";
}

Memory memory_of(const value& cursor) {
  Memory memory;
  memory.marks = unpack(ieum::text_at(cursor, "marks"));
  const std::int64_t total = ieum::int_at(cursor, "total").value_or(0);
  memory.total =
      std::max(memory.marks.size(), static_cast<std::size_t>(std::clamp<std::int64_t>(total, 0, 10'000'000)));
  return memory;
}

Effect after_cells(const Call& call, const Place& place) {
  if (auto failed = failure(call)) {
    // Renamed between the two questions: the next poll asks for the title again.
    if (call.status() == 400) return ieum::fail(Kind::retry, "renamed", "the sheet was renamed while it was read");
    return std::move(*failed);
  }
  const value& before = cursor_of(call);
  const std::string key_column = call.config("key_column");
  const Reading reading = read(read_rows(call.body()), key_column, call.config("id_column", "_ieum"));
  object cursor = before.is_object() ? before.get_object() : object();
  cursor["gid"] = ieum::int_at(call.state(), "gid").value_or(0);
  cursor["version"] = ieum::text_at(call.state(), "version");
  if (ieum::flag_at(call.state(), "without_drive")) cursor["without_drive_until"] = call.now_ms() + kWithoutDriveMs;
  // A sheet without a header says nothing about its rows: what was known stays known.
  if (reading.names.empty() && before.is_object()) return nothing_new(cursor);
  if (!key_column.empty() && !reading.key && !reading.names.empty())
    return ieum::fail(Kind::permanent, "no_key_column",
                      "the first row of the sheet has no column '" + key_column + "', the connection's key column");

  std::string shape = key_column;
  for (const std::string& name : reading.names) shape += "\x1f" + name;
  const std::string head = pack(print_of(shape));
  const bool first = !before.is_object();
  const bool silent = first && !ieum::flag_at(call.connection(), "backfill");
  const bool reshaped = !first && ieum::text_at(before, "head") != head;
  std::vector<Change> changes;
  if (!silent) changes = compare(memory_of(before), reading.marks, reading.key.has_value(), reshaped);

  const std::int64_t born = first ? call.now_ms() : ieum::int_at(before, "born").value_or(0);
  std::int64_t told = ieum::int_at(before, "told").value_or(0);
  const bool more = changes.size() > kTellMax;
  ieum::Events events = ieum::events();
  std::vector<Mark> marks = reading.marks;
  std::vector<bool> left_out(marks.size(), false);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    if (i >= kTellMax) {  // told next time: until then it is as it was
      left_out[change.row] = change.added;
      if (!change.added) marks[change.row] = change.before;
      continue;
    }
    const std::string key = std::to_string(ieum::int_at(cursor, "gid").value_or(0)) + ":" + std::to_string(born) + ":" +
                            std::to_string(++told);
    events.keyed_source(change.added ? "row.added" : "row.updated", key, item_data(place, call, reading, change.row));
  }
  std::vector<Mark> known;
  for (std::size_t row = 0; row < marks.size(); ++row)
    if (!left_out[row]) known.push_back(marks[row]);
  const std::size_t total = known.size();
  if (total > kRemembered) known.erase(known.begin(), known.end() - kRemembered);
  if (more) cursor["version"] = "";
  cursor["head"] = head;
  cursor["born"] = born;
  cursor["told"] = told;
  cursor["total"] = total;
  cursor["marks"] = pack(known);
  return events.cursor(std::move(cursor)).more(more);
}

}  // namespace

Effect poll_rows(const Call& call) {
  const auto place = read_place(call.item());
  if (!place) return no_place(call.item());
  if (call.phase() == ieum::Phase::poll) {
    const std::int64_t until = ieum::int_at(call.state(), "without_drive_until").value_or(0);
    return call.now_ms() < until ? ask_titles(call, *place, "", false) : ask_drive(call, *place);
  }
  if (!call.state().is_object()) return ieum::fail(Kind::permanent, "bad_state", "a poll begins with its cursor");
  const std::string at = ieum::text_at(call.state(), "at");
  if (at == "drive") return after_drive(call, *place);
  if (at == "titles") return after_titles(call, *place);
  return after_cells(call, *place);
}

}  // namespace sheets
