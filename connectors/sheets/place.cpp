#include "place.hpp"

#include <algorithm>
#include <charconv>

#include "ieum/address.hpp"

namespace sheets {

namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || text.empty() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string without_slashes(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

std::optional<Place> read_place(std::string_view text) {
  Place out;
  constexpr std::string_view browser = "/spreadsheets/d/";
  if (const auto at = text.find(browser); at != std::string_view::npos && text.starts_with("http")) {
    const std::string_view rest = text.substr(at + browser.size());
    out.spreadsheet = std::string(rest.substr(0, rest.find_first_of("/?#")));
    const auto gid = rest.rfind("gid=");
    out.gid = 0;
    if (gid != std::string_view::npos) {
      const std::string_view digits = rest.substr(gid + 4);
      out.gid = number(digits.substr(0, digits.find_first_not_of("0123456789")));
    }
    if (!is_id(out.spreadsheet) || !out.gid) return std::nullopt;
    return out;
  }
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  out.spreadsheet = std::string(text.substr(0, slash));
  const std::string_view rest = text.substr(slash + 1);
  if (!is_id(out.spreadsheet) || rest.empty() || rest.size() > 400) return std::nullopt;
  if (rest.starts_with("gid:")) {
    out.gid = number(rest.substr(4));
    if (!out.gid) return std::nullopt;
    return out;
  }
  out.title = std::string(rest);
  return out;
}

ieum::Effect no_place(std::string_view text) {
  return ieum::fail(
      ieum::Kind::permanent, "no_sheet",
      "'" + std::string(text.substr(0, 200)) +
          "' names no sheet; write spreadsheetId/sheet name, spreadsheetId/gid:123, or the address in the "
          "browser");
}

std::string quoted(std::string_view title) {
  std::string out = "'";
  for (const char c : title) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string column_letters(std::size_t column) {
  std::string letters;
  for (std::size_t left = column + 1; left > 0; left = (left - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (left - 1) % 26));
  return letters;
}

std::int64_t first_row(std::string_view range) {
  const auto mark = range.rfind('!');
  std::string_view cell = mark == std::string_view::npos ? range : range.substr(mark + 1);
  cell = cell.substr(0, cell.find(':'));
  const auto digits = cell.find_first_of("0123456789");
  return digits == std::string_view::npos ? 0 : number(cell.substr(digits)).value_or(0);
}

std::string spreadsheet_url(const ieum::Call& call, std::string_view spreadsheet) {
  return ieum::base_url(call, "https://sheets.googleapis.com") + "/v4/spreadsheets/" +
         ieum::percent_encode(spreadsheet);
}

std::string values_url(const ieum::Call& call, std::string_view spreadsheet, std::string_view range) {
  return spreadsheet_url(call, spreadsheet) + "/values/" + ieum::percent_encode(range);
}

std::string metadata_url(const ieum::Call& call, std::string_view spreadsheet) {
  return spreadsheet_url(call, spreadsheet) + "?fields=properties.title%2Csheets.properties%28sheetId%2Ctitle%29";
}

std::string drive_url(const ieum::Call& call) {
  const std::string own = without_slashes(call.config("drive_url"));
  return (own.empty() ? "https://www.googleapis.com" : own) + "/drive/v3";
}

std::optional<ieum::Effect> bad_address(const ieum::Call& call) {
  if (auto refusal = ieum::bad_base_url(call)) return refusal;
  const std::string drive = call.config("drive_url");
  if (drive.empty() || ieum::is_address(drive)) return std::nullopt;
  return ieum::fail(ieum::Kind::permanent, "bad_base_url", "the connection's Drive address is no http address");
}

std::optional<Tab> find_tab(const ieum::json::value& metadata, const Place& place) {
  const ieum::json::value* list = ieum::find(metadata, "sheets");
  if (list == nullptr || !list->is_array()) return std::nullopt;
  for (const ieum::json::value& sheet : list->get_array()) {
    const auto gid = ieum::int_at(sheet, "properties.sheetId");
    const std::string title = ieum::text_at(sheet, "properties.title");
    if (!gid || title.empty()) continue;
    if (place.gid ? *gid == *place.gid : title == place.title) return Tab{*gid, title};
  }
  return std::nullopt;
}

}  // namespace sheets
