// Google Sheets' API v4 over Books: values, structure, metadata. https://developers.google.com/workspace/sheets/api/reference/rest
// Quotas and tokens are the vendor's (vendor_google.cpp). Private to sandbox; one thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/google_books.hpp"
#include "sandbox/vendor.hpp"

namespace ieum::sandbox {

// {"error": {code, message, status, details}}
HttpResponse google_error(int code, std::string_view message, std::string_view status, List details = {});
HttpResponse google_error(const Error& error);  // of Books

// A path below /v4/spreadsheets taken apart: "/v4/spreadsheets/ID/values/A1:append".
struct SheetsPath {
  std::string book;  // "" creates one
  std::string
      what;  // get, create, batchUpdate, values.get, values.update, values.append, values.clear, values.batchGet,
             // values.batchUpdate, values.batchClear; "" is none of these
  std::string range;  // of the path
};
SheetsPath sheets_path(const Incoming& in);

// The 32 hex digits that a step of the hub marks its rows with; of the first row that has them.
std::string row_key(const Value& values);

struct SheetsOutcome {
  Outcome outcome;
  std::string changed;  // id of the spreadsheet that is different now
};
SheetsOutcome sheets_call(Books& books, const SheetsPath& path, const Incoming& in);

// A person at work, for tests and the page: {spreadsheet, title?, sheet, rows | append | rename | delete: true}. `rows`
// replaces all, as typed into cells one by one but kept as sent. Error "bad_edit".
Result<std::string> edit_sheet(Books& books, const Value& edit, Millis now);
Value books_view(const Books& books);

}  // namespace ieum::sandbox
