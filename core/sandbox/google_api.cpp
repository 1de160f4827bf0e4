#include "sandbox/google_api.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

namespace ieum::sandbox {

namespace {

constexpr const char* kRaw = "RAW";
constexpr const char* kEntered = "USER_ENTERED";

SheetsOutcome refused(HttpResponse response) { return {{std::move(response), Effect::refused, {}, {}}, ""}; }
SheetsOutcome refused(const Error& error) { return refused(google_error(error)); }
SheetsOutcome invalid(const std::string& message) { return refused(google_error(400, message, "INVALID_ARGUMENT")); }
SheetsOutcome read(const Value& body) { return {{json_response(200, body), Effect::read, {}, {}}, ""}; }
SheetsOutcome wrote(Book& book, const Map& body, Millis now) {
  Books::touch(book, now);
  Map all{{"spreadsheetId", book.id}};
  for (const auto& [key, value] : body) all.set(key, value);
  return {{json_response(200, std::move(all)), Effect::applied, {}, {}}, book.id};
}

std::optional<bool> entered_of(const std::string& option) {
  if (option == kRaw) return false;
  if (option == kEntered) return true;
  return std::nullopt;
}

Rendering rendering_of(const Incoming& in) {
  Rendering out;
  const std::string values = in.parameter("valueRenderOption", "FORMATTED_VALUE");
  if (values == "UNFORMATTED_VALUE") out.values = Rendering::Values::unformatted;
  if (values == "FORMULA") out.values = Rendering::Values::formula;
  out.serial_dates = in.parameter("dateTimeRenderOption", "SERIAL_NUMBER") == "SERIAL_NUMBER";
  return out;
}

// Open ends become those of the grid, which has at least 1,000 rows and 26 columns.
Area on_grid(Area area, const SheetTab& tab) {
  std::size_t width = 26;
  for (const List& row : tab.rows) width = std::max(width, row.size());
  area.row_end = std::min(area.row_end, std::max<std::size_t>(1000, tab.rows.size()));
  area.column_end = std::min(area.column_end, width);
  area.row_end = std::max(area.row_end, area.row + 1);
  area.column_end = std::max(area.column_end, area.column + 1);
  return area;
}

Result<Value> range_value(Book& book, const std::string& range, const Rendering& rendering) {
  Area area;
  IEUM_TRY(SheetTab * tab, Books::find(book, range, area));
  Map out{{"range", write_a1(on_grid(area, *tab))}, {"majorDimension", "ROWS"}};
  List rows = Books::read(*tab, area, rendering);
  if (!rows.empty()) out.set("values", std::move(rows));
  return Value(std::move(out));
}

List as_text(const Value& row) {
  List out;
  if (row.if_list() != nullptr)
    for (const Value& cell : *row.if_list())
      out.emplace_back(cell.is_string() ? cell : Value(cell.is_null() ? std::string() : write_json(cell)));
  return out;
}

Message message_of(const Book& book, const SheetTab& tab, const Value& values) {
  Message message;
  message.channel = "sheet";
  message.to = book.title + "/" + tab.title;
  message.key = row_key(values);
  List rows;
  if (!tab.rows.empty()) rows.emplace_back(as_text(Value(tab.rows.front())));
  if (values.if_list() != nullptr) {
    for (const Value& row : *values.if_list()) {
      List cells = as_text(row);
      for (const Value& cell : cells) message.text += (message.text.empty() ? "" : " | ") + *cell.if_string();
      rows.emplace_back(std::move(cells));
    }
  }
  message.view = Map{{"title", message.to}, {"rows", std::move(rows)}};
  return message;
}

SheetsOutcome append(Books& books, Book& book, const std::string& range, const Incoming& in) {
  const auto entered = entered_of(in.parameter("valueInputOption"));
  if (!entered) return invalid("'valueInputOption' is required but not specified");
  Area area;
  auto tab = Books::find(book, range, area);
  if (!tab) return refused(tab.error());
  const Value* values = in.json.get("values");
  const bool insert = in.parameter("insertDataOption", "OVERWRITE") == "INSERT_ROWS";
  const auto done = books.append(**tab, area, values == nullptr ? Value() : *values, *entered, insert);
  if (!done) return refused(done.error());
  const std::size_t rows = values == nullptr || values->if_list() == nullptr ? 0 : values->if_list()->size();
  Map updates{{"spreadsheetId", book.id},
              {"updatedRange", write_a1(done->where)},
              {"updatedRows", static_cast<std::int64_t>(rows)},
              {"updatedColumns", static_cast<std::int64_t>(done->where.column_end - done->where.column)},
              {"updatedCells", static_cast<std::int64_t>(done->cells)}};
  Map body;
  if (!done->table.empty()) body.set("tableRange", done->table);
  body.set("updates", std::move(updates));
  SheetsOutcome out = wrote(book, std::move(body), in.now);
  Message message = message_of(book, **tab, values == nullptr ? Value() : *values);
  out.outcome.message = message;
  out.outcome.reached.push_back(std::move(message));
  return out;
}

Result<Value> update_one(Books& books, Book& book, const std::string& range, const Value* values, bool entered) {
  Area area;
  IEUM_TRY(SheetTab * tab, Books::find(book, range, area));
  IEUM_TRY(const std::size_t cells, books.write(*tab, area, values == nullptr ? Value() : *values, entered));
  return Value(Map{{"spreadsheetId", book.id},
                   {"updatedRange", write_a1(area)},
                   {"updatedRows", static_cast<std::int64_t>(area.row_end - area.row)},
                   {"updatedColumns", static_cast<std::int64_t>(area.column_end - area.column)},
                   {"updatedCells", static_cast<std::int64_t>(cells)}});
}

SheetsOutcome update(Books& books, Book& book, const std::string& range, const Incoming& in) {
  const auto entered = entered_of(in.parameter("valueInputOption"));
  if (!entered) return invalid("'valueInputOption' is required but not specified");
  const auto done = update_one(books, book, range, in.json.get("values"), *entered);
  return done ? wrote(book, *done->if_map(), in.now) : refused(done.error());
}

// All or nothing.
SheetsOutcome batch_update(Books& books, Book& book, const Incoming& in) {
  const auto entered = entered_of(in.json.text("valueInputOption"));
  const Value* data = in.json.get("data");
  if (!entered) return invalid("'valueInputOption' is required but not specified");
  if (data == nullptr || data->if_list() == nullptr) return invalid("Must specify at least one range.");
  const Book before = book;
  List responses;
  std::int64_t cells = 0;
  for (const Value& item : *data->if_list()) {
    const auto done = update_one(books, book, item.text("range"), item.get("values"), *entered);
    if (!done) {
      book = before;
      return refused(done.error());
    }
    cells += done->number("updatedCells");
    responses.push_back(*done);
  }
  return wrote(book, Map{{"totalUpdatedCells", cells}, {"responses", std::move(responses)}}, in.now);
}

SheetsOutcome clear(Book& book, const std::string& range, Millis now) {
  Area area;
  const auto tab = Books::find(book, range, area);
  if (!tab) return refused(tab.error());
  Books::clear(**tab, area);
  return wrote(book, Map{{"clearedRange", write_a1(on_grid(area, **tab))}}, now);
}

Value properties_of(const SheetTab& tab, std::size_t index) {
  return Map{
      {"properties",
       Map{{"sheetId", tab.id},
           {"title", tab.title},
           {"index", static_cast<std::int64_t>(index)},
           {"sheetType", "GRID"},
           {"gridProperties", Map{{"rowCount", static_cast<std::int64_t>(std::max<std::size_t>(1000, tab.rows.size()))},
                                  {"columnCount", 26}}}}}};
}

Value metadata(const Book& book) {
  List tabs;
  for (const SheetTab& tab : book.tabs) tabs.push_back(properties_of(tab, tabs.size()));
  return Map{{"spreadsheetId", book.id},
             {"properties", Map{{"title", book.title}, {"locale", "ko_KR"}, {"timeZone", "Asia/Seoul"}}},
             {"sheets", std::move(tabs)},
             {"spreadsheetUrl", "https://docs.google.com/spreadsheets/d/" + book.id + "/edit"}};
}

// Of one sheet, literally; formulas stay as they are.
Result<Value> find_replace(Book& book, const Value& request) {
  SheetTab* tab = book.tab(request.number("sheetId"));
  const std::string find = request.text("find");
  if (tab == nullptr || find.empty()) return Error("bad_range", "Invalid requests[0].findReplace");
  const auto folded = [&](const std::string& text) { return request.flag("matchCase") ? text : to_lower_ascii(text); };
  std::int64_t cells = 0, rows = 0, occurrences = 0;
  for (List& row : tab->rows) {
    const std::int64_t before = cells;
    for (Value& cell : row) {
      if (!cell.is_string() || (request.flag("matchEntireCell") && folded(*cell.if_string()) != folded(find))) continue;
      std::string text = *cell.if_string();
      const std::int64_t seen = occurrences;
      for (std::size_t at = 0; (at = folded(text).find(folded(find), at)) != std::string::npos; ++occurrences) {
        text.replace(at, find.size(), request.text("replacement"));
        at += request.text("replacement").size();
      }
      if (occurrences == seen) continue;
      IEUM_TRY(cell, write_cell(Value(text), true));
      ++cells;
    }
    rows += cells == before ? 0 : 1;
  }
  return Value(Map{{"findReplace", Map{{"valuesChanged", cells},
                                       {"rowsChanged", rows},
                                       {"sheetsChanged", cells == 0 ? 0 : 1},
                                       {"occurrencesChanged", occurrences}}}});
}

// One request of spreadsheets.batchUpdate; its reply. Error "bad_range".
Result<Value> change(Book& book, const Value& request) {
  if (const Value* add = request.get("addSheet")) {
    const std::string title = text_of(add->at_path("properties.title"));
    if (title.empty() || book.tab(std::string_view(title)) != nullptr)
      return Error("bad_range", "Invalid requests[0].addSheet: A sheet with the name \"" + title +
                                    "\" already exists. Please enter another name.");
    if (book.tabs.size() >= 200) return Error("bad_range", "too many sheets");
    std::int64_t id = 0;
    for (const SheetTab& tab : book.tabs) id = std::max(id, tab.id + 1);
    book.tabs.push_back({id, title, {}});
    return Value(Map{{"addSheet", properties_of(book.tabs.back(), book.tabs.size() - 1)}});
  }
  if (const Value* change = request.get("updateSheetProperties")) {
    const Value* properties = change->get("properties");
    SheetTab* tab = properties == nullptr ? nullptr : book.tab(properties->number("sheetId"));
    const std::string title = properties == nullptr ? "" : properties->text("title");
    if (tab == nullptr || title.empty() || (title != tab->title && book.tab(std::string_view(title)) != nullptr))
      return Error("bad_range", "Invalid requests[0].updateSheetProperties");
    tab->title = title;
    return Value(Map());
  }
  if (const Value* gone = request.get("deleteSheet")) {
    SheetTab* tab = book.tab(gone->number("sheetId"));
    if (tab == nullptr || book.tabs.size() == 1) return Error("bad_range", "Invalid requests[0].deleteSheet");
    book.tabs.erase(book.tabs.begin() + (tab - book.tabs.data()));
    return Value(Map());
  }
  if (const Value* range = request.at_path("deleteDimension.range")) {
    SheetTab* tab = book.tab(range->number("sheetId"));
    if (tab == nullptr || range->text("dimension") != "ROWS")
      return Error("bad_range", "Invalid requests[0].deleteDimension");
    const auto size = static_cast<std::int64_t>(tab->rows.size());
    const std::int64_t from = std::clamp<std::int64_t>(range->number("startIndex"), 0, size);
    const std::int64_t to = std::clamp<std::int64_t>(range->number("endIndex"), from, size);
    tab->rows.erase(tab->rows.begin() + from, tab->rows.begin() + to);
    return Value(Map());
  }
  if (const Value* replace = request.get("findReplace")) return find_replace(book, *replace);
  return Error("bad_range", "Invalid requests[0]: no request kind that the sandbox knows");
}

SheetsOutcome change_structure(Book& book, const Incoming& in) {
  const Value* requests = in.json.get("requests");
  if (requests == nullptr || requests->if_list() == nullptr || requests->if_list()->empty())
    return invalid("Must specify at least one request.");
  const Book before = book;
  List replies;
  for (const Value& request : *requests->if_list()) {
    auto reply = change(book, request);
    if (!reply) {
      book = before;
      return refused(reply.error());
    }
    replies.push_back(std::move(*reply));
  }
  return wrote(book, Map{{"replies", std::move(replies)}}, in.now);
}

}  // namespace

HttpResponse google_error(int code, std::string_view message, std::string_view status, List details) {
  Map error{{"code", code}, {"message", message}, {"status", status}};
  if (!details.empty()) error.set("details", std::move(details));
  return json_response(code, Map{{"error", std::move(error)}});
}

HttpResponse google_error(const Error& error) {
  if (error.code == "not_found") return google_error(404, error.what, "NOT_FOUND");
  if (error.code == "forbidden") return google_error(403, error.what, "PERMISSION_DENIED");
  return google_error(400, error.what, "INVALID_ARGUMENT");
}

SheetsPath sheets_path(const Incoming& in) {
  SheetsPath out;
  if (in.segments.size() == 2) {
    out.what = in.is("POST") ? "create" : "";
    return out;
  }
  out.book = in.segments[2];
  const auto cut = [](std::string& text) {
    const auto colon = text.rfind(':');
    std::string verb = colon == std::string::npos ? "" : text.substr(colon + 1);
    if (verb != "append" && verb != "clear" && !verb.starts_with("batch")) return std::string();
    text.resize(colon);
    return verb;
  };
  if (in.segments.size() == 3) {
    const std::string verb = cut(out.book);
    out.what = verb.empty() && in.is("GET") ? "get" : verb == "batchUpdate" && in.is("POST") ? verb : "";
    return out;
  }
  std::string values = in.segments[3];
  if (in.segments.size() == 4) {
    const std::string verb = cut(values);
    const bool fits = verb == "batchGet" ? in.is("GET") : in.is("POST");
    if (values == "values" && !verb.empty() && fits) out.what = "values." + verb;
    return out;
  }
  if (in.segments.size() != 5 || values != "values") return out;
  out.range = in.segments[4];
  const std::string verb = cut(out.range);
  if (in.is("POST") && !verb.empty()) out.what = "values." + verb;
  if (verb.empty() && in.is("GET")) out.what = "values.get";
  if (verb.empty() && in.is("PUT")) out.what = "values.update";
  return out;
}

std::string row_key(const Value& values) {
  if (values.if_list() == nullptr) return {};
  for (const Value& row : *values.if_list()) {
    if (row.if_list() == nullptr) continue;
    for (const Value& cell : *row.if_list()) {
      std::string text = text_of(&cell).substr(0, 32);
      if (text.size() == 32 && hex_decode(text)) return text;
    }
  }
  return {};
}

SheetsOutcome sheets_call(Books& books, const SheetsPath& path, const Incoming& in) {
  if (path.what.empty())
    return refused({404, {{"Content-Type", "text/html; charset=UTF-8"}}, "<title>Error 404</title>"});
  if (!in.http.body.empty() && !in.json_readable) return invalid("Invalid JSON payload received.");
  if (path.what == "create") {
    std::vector<std::string> tabs;
    if (const Value* sheets = in.json.get("sheets"); sheets != nullptr && sheets->if_list() != nullptr)
      for (const Value& item : *sheets->if_list()) tabs.push_back(text_of(item.at_path("properties.title")));
    if (books.all().size() >= 1000) return invalid("too many spreadsheets");
    Book& book = books.create(text_of(in.json.at_path("properties.title")), tabs, in.now);
    return {{json_response(200, metadata(book)), Effect::applied, {}, {}}, book.id};
  }
  const auto opened = books.open(path.book, in.now);
  if (!opened) return refused(opened.error());
  Book& book = **opened;
  if (path.what == "get") return read(metadata(book));
  if (path.what == "batchUpdate") return change_structure(book, in);
  if (path.what == "values.append") return append(books, book, path.range, in);
  if (path.what == "values.update") return update(books, book, path.range, in);
  if (path.what == "values.batchUpdate") return batch_update(books, book, in);
  if (path.what == "values.clear") return clear(book, path.range, in.now);
  if (path.what == "values.get") {
    auto value = range_value(book, path.range, rendering_of(in));
    return value ? read(std::move(*value)) : refused(value.error());
  }
  if (path.what != "values.batchGet") return invalid("the sandbox does not know " + path.what);
  List ranges;
  for (const auto& [name, range] : in.query) {
    if (name != "ranges") continue;
    auto value = range_value(book, range, rendering_of(in));
    if (!value) return refused(value.error());
    ranges.push_back(std::move(*value));
  }
  return read(Map{{"spreadsheetId", book.id}, {"valueRanges", std::move(ranges)}});
}

Result<std::string> edit_sheet(Books& books, const Value& edit, Millis now) {
  const std::string id = edit.text("spreadsheet"), title = edit.text("sheet", "Sheet1");
  const Error bad(
      "bad_edit", "this is no edit of a sheet",
      R"(send {"spreadsheet": "s1", "sheet": "응답", "append": [["a", 1]]}, or "rows", "rename", "delete")");
  if (!edit.is_map() || id.empty()) return bad;
  IEUM_TRY(Book * book, books.open(id, now));
  if (const std::string name = edit.text("title"); !name.empty()) book->title = name;
  SheetTab* tab = book->tab(std::string_view(title));
  if (tab == nullptr) {
    const bool untouched = book->tabs.size() == 1 && book->tabs[0].title == "Sheet1" && book->tabs[0].rows.empty();
    if (untouched) book->tabs.clear();
    std::int64_t next = 0;
    for (const SheetTab& item : book->tabs) next = std::max(next, item.id + 1);
    book->tabs.push_back({next, title, {}});
    tab = &book->tabs.back();
  }
  if (const std::string name = edit.text("rename"); !name.empty()) tab->title = name;
  if (edit.flag("delete")) book->tabs.erase(book->tabs.begin() + (tab - book->tabs.data()));
  const Value* rows = edit.get("rows");
  const Value* more = edit.get("append");
  if (rows != nullptr) tab->rows.clear();
  for (const Value* list : {rows, more}) {
    if (list == nullptr || edit.flag("delete")) continue;
    Area area;
    area.sheet = tab->title;
    area.row = tab->rows.size();
    const auto written = books.write(*tab, area, *list, false);
    if (!written) return written.error();
  }
  Books::touch(*book, now);
  return book->id;
}

Value books_view(const Books& books) {
  List list;
  for (const auto& [id, book] : books.all()) {
    List tabs;
    for (const SheetTab& tab : book.tabs)
      tabs.emplace_back(Map{{"id", tab.id}, {"title", tab.title}, {"rows", Books::read(tab, {}, {})}});
    list.emplace_back(Map{{"id", id},
                          {"title", book.title},
                          {"version", book.version},
                          {"modified", rfc3339_utc(book.modified_at)},
                          {"sheets", std::move(tabs)}});
  }
  return Map{{"spreadsheets", std::move(list)}};
}

}  // namespace ieum::sandbox
