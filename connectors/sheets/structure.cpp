// The structure of a spreadsheet: spreadsheet.create, sheet.add, row.delete, and cells.replace, which goes over a whole sheet.
//
// Google deletes rows by their numbers, which are no identities: a row is found by its key first, and after a lost answer
// row.find_deleted looks whether the key is still there before anything is deleted again.
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
using ieum::json::object;

ieum::Http change_structure(const Call& call, const std::string& spreadsheet, object request) {
  return ieum::http("POST", spreadsheet_url(call, spreadsheet) + ":batchUpdate")
      .json(object{{"requests", ieum::json::array{ieum::json::value(std::move(request))}}});
}

// The number and the title of the sheet, which the structure's requests want.
Effect ask_tab(const Call& call) {
  const auto place = read_place(call.input("sheet"));
  if (!place) return no_place(call.input("sheet"));
  return ieum::http("GET", metadata_url(call, place->spreadsheet)).safe().state({{"at", "tab"}});
}

// Goes on with the sheet of an answer to ask_tab.
template <typename GoOn>
Effect with_tab(const Call& call, const GoOn& go_on) {
  if (auto failed = failure(call)) return std::move(*failed);
  auto place = read_place(call.input("sheet"));
  const auto tab = place ? find_tab(call.answer(), *place) : std::nullopt;
  if (!tab) return ieum::fail(Kind::permanent, "no_sheet", "the spreadsheet has no such sheet");
  place->title = tab->title;
  return go_on(*place, tab->gid);
}

object with_number(object state, std::string_view name, std::int64_t number) {
  state[name] = number;
  return state;
}

Effect delete_found(const Call& call) {
  if (auto failed = failure(call)) return std::move(*failed);
  KeyRow row = row_of_key(call, read_rows(call.body()));
  if (row.refusal) return std::move(*row.refusal);
  if (row.number == 0) return ieum::done({{"deleted", false}, {"row_number", 0}});
  const Place place = place_of(call);
  const std::int64_t gid = ieum::int_at(call.state(), "gid").value_or(0);
  const object range{{"sheetId", gid}, {"dimension", "ROWS"}, {"startIndex", row.number - 1}, {"endIndex", row.number}};
  return change_structure(call, place.spreadsheet, {{"deleteDimension", object{{"range", range}}}})
      .unsafe()
      .state(with_number(state_at("deleted", place), "row_number", row.number));
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

Effect replace_in(const Call& call, const Place& place, std::int64_t gid) {
  const std::string find = call.input("find"), replacement = call.input("replacement");
  const bool whole = ieum::flag_at(call.inputs(), "whole_cell");
  const object request{{"find", find},
                       {"replacement", replacement},
                       {"matchCase", ieum::flag_at(call.inputs(), "match_case")},
                       {"matchEntireCell", whole},
                       {"searchByRegex", false},
                       {"includeFormulas", false},
                       {"sheetId", gid}};
  ieum::Http http = change_structure(call, place.spreadsheet, {{"findReplace", request}});
  // What is written is found again unless it no longer holds what is looked for.
  const bool again = whole ? false : lower(replacement).find(lower(find)) != std::string::npos;
  return (again ? http.unsafe() : http.idempotent()).state(state_at("replaced", place));
}

}  // namespace

Effect delete_row(const Call& call) {
  if (call.phase() == ieum::Phase::begin) {
    if (call.input("key").empty()) return ieum::fail(Kind::permanent, "no_key", "say which row: its key");
    return ask_tab(call);
  }
  if (at_of(call) == "tab")
    return with_tab(call, [&](const Place& place, std::int64_t gid) {
      return ask_range(call, place, "", with_number(state_at("rows", place), "gid", gid));
    });
  if (at_of(call) == "rows") return delete_found(call);
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"deleted", true}, {"row_number", ieum::int_at(call.state(), "row_number").value_or(0)}});
}

Effect find_deleted_row(const Call& call) {
  const std::int64_t number = ieum::int_at(call.state(), "row_number").value_or(0);
  if (call.phase() == ieum::Phase::begin)
    return ask_range(call, place_of(call), "", with_number(state_at("look", place_of(call)), "row_number", number));
  if (auto failed = failure(call)) return std::move(*failed);
  KeyRow row = row_of_key(call, read_rows(call.body()));
  if (row.refusal) return std::move(*row.refusal);
  if (row.number == 0) return ieum::found({{"deleted", true}, {"row_number", number}});
  if (row.number == number) return ieum::not_found();
  return ieum::fail(Kind::permanent, "row_moved",
                    "the row stands elsewhere now; nothing was deleted again, for another row has its number");
}

Effect replace_cells(const Call& call) {
  if (call.phase() == ieum::Phase::begin) {
    if (call.input("find").empty()) return ieum::fail(Kind::permanent, "nothing_to_find", "say what to find");
    const std::string replacement = call.input("replacement");
    if ((replacement.starts_with('=') || replacement.starts_with('+')) && !ieum::flag_at(call.inputs(), "typed"))
      return ieum::fail(Kind::permanent, "formula",
                        "what begins with = or + could become a formula; say 'typed: true' if it is to");
    return ask_tab(call);
  }
  if (at_of(call) == "tab")
    return with_tab(call, [&](const Place& place, std::int64_t gid) { return replace_in(call, place, gid); });
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string done = "replies.0.findReplace.";
  return ieum::done({{"cells", ieum::int_at(call.answer(), done + "valuesChanged").value_or(0)},
                     {"rows", ieum::int_at(call.answer(), done + "rowsChanged").value_or(0)}});
}

Effect create_spreadsheet(const Call& call) {
  if (call.phase() == ieum::Phase::begin) {
    object body{{"properties", object{{"title", call.input("title")}}}};
    ieum::json::array tabs;
    if (call.input_value("sheets").is_array())
      for (const ieum::json::value& title : call.input_value("sheets").get_array())
        if (title.is_string()) tabs.push_back(object{{"properties", object{{"title", title}}}});
    if (!tabs.empty()) body["sheets"] = std::move(tabs);
    std::string url = spreadsheet_url(call, "");
    url.pop_back();
    return ieum::http("POST", url).json(body).unsafe();
  }
  if (auto failed = failure(call)) return std::move(*failed);
  const std::string id = ieum::text_at(call.answer(), "spreadsheetId");
  if (id.empty()) return ieum::fail(Kind::ambiguous, "unreadable_answer", "Google does not say what it created");
  return ieum::done({{"spreadsheet_id", id}, {"url", ieum::text_at(call.answer(), "spreadsheetUrl")}});
}

// A sheet's name is unique within its spreadsheet: "already there" is what was wanted.
Effect add_sheet(const Call& call) {
  if (call.phase() == ieum::Phase::begin) {
    const auto place = read_place(call.input("sheet"));
    if (!place || place->title.empty()) return no_place(call.input("sheet"));
    const object add{{"addSheet", object{{"properties", object{{"title", place->title}}}}}};
    return change_structure(call, place->spreadsheet, add).natural();
  }
  const bool there =
      call.status() == 400 && ieum::text_at(call.answer(), "error.message").find("already exists") != std::string::npos;
  if (there) return ieum::done({{"added", false}});
  if (auto failed = failure(call)) return std::move(*failed);
  return ieum::done({{"added", true}});
}

}  // namespace sheets
