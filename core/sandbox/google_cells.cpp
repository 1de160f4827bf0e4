#include "sandbox/google_cells.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "sandbox/incoming.hpp"

namespace ieum::sandbox {

namespace {

constexpr std::size_t kColumnsMax = 18'278;  // ZZZ
constexpr std::size_t kRowsMax = 10'000'000;

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

struct Corner {
  std::optional<std::size_t> row, column;
};

// "B7", "B", "7".
std::optional<Corner> read_corner(std::string_view text) {
  Corner corner;
  std::size_t at = 0, column = 0;
  while (at < text.size() && is_letter(text[at])) {
    const char upper = static_cast<char>(text[at] >= 'a' ? text[at] - 32 : text[at]);
    column = column * 26 + static_cast<std::size_t>(upper - 'A') + 1;
    if (++at > 3 || column > kColumnsMax) return std::nullopt;
  }
  if (at > 0) corner.column = column - 1;
  if (at < text.size()) {
    const std::string_view digits = text.substr(at);
    const auto row = all_digits(digits) ? whole_number(digits) : std::nullopt;
    if (!row || *row < 1 || *row > static_cast<std::int64_t>(kRowsMax)) return std::nullopt;
    corner.row = static_cast<std::size_t>(*row - 1);
  }
  if (!corner.row && !corner.column) return std::nullopt;
  return corner;
}

bool read_cells(std::string_view text, Area& area) {
  const auto colon = text.find(':');
  const auto first = read_corner(text.substr(0, colon));
  if (!first) return false;
  if (colon == std::string_view::npos) {
    if (!first->row || !first->column) return false;
    area.row = *first->row;
    area.column = *first->column;
    area.row_end = area.row + 1;
    area.column_end = area.column + 1;
    return true;
  }
  const auto last = read_corner(text.substr(colon + 1));
  if (!last || (first->column.has_value() != last->column.has_value() && !first->row)) return false;
  area.row = first->row.value_or(0);
  area.column = first->column.value_or(0);
  area.row_end = last->row ? *last->row + 1 : kOpen;
  area.column_end = last->column ? *last->column + 1 : kOpen;
  return area.row_end > area.row && area.column_end > area.column;
}

// Digits, with thousands separators and one point, as a person types a number.
std::optional<Value> typed_number(std::string_view text) {
  std::string plain;
  bool point = false, any = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      plain += c;
      any = true;
    } else if (c == '-' && i == 0) {
      plain += c;
    } else if (c == '.' && any && !point) {
      plain += c;
      point = true;
    } else if (c != ',' || !any || point) {
      return std::nullopt;
    }
  }
  if (!any || plain.back() == '.') return std::nullopt;
  const bool minus = plain.front() == '-';
  std::size_t zeros = minus ? 1 : 0;
  while (zeros + 1 < plain.size() && plain[zeros] == '0' && plain[zeros + 1] != '.') plain.erase(zeros, 1);
  auto value = parse_json(plain);
  return value ? std::optional<Value>(*value) : std::nullopt;
}

// "2026-03-02" as days since 1899-12-30.
std::optional<std::int64_t> typed_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = whole_number(text.substr(0, 4)), month = whole_number(text.substr(5, 2)),
             day = whole_number(text.substr(8, 2));
  if (!year || !month || !day || *month < 1 || *day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() + 25'569;
}

Value typed(const std::string& text) {
  if (text.empty()) return {};
  if (text.front() == '=' && text.size() > 1) return Map{{"formula", text}};
  if (text.front() == '\'') return text.substr(1);
  if (text == "TRUE" || text == "true") return true;
  if (text == "FALSE" || text == "false") return false;
  if (const auto date = typed_date(text)) return Map{{"date", *date}, {"text", text}};
  if (auto number = typed_number(text)) return *number;
  return text;
}

// A number of Sheets is a double: more than 15 digits are lost.
Value as_google_keeps(const Value& number) {
  const std::string digits = write_json(number);
  const auto count = std::count_if(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (count <= 15) return number;
  double rounded = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), rounded);
  return rounded;
}

}  // namespace

std::optional<Area> read_a1(std::string_view text) {
  Area area;
  if (text.empty()) return std::nullopt;
  if (text.front() == '\'') {
    std::size_t at = 1;
    for (; at < text.size(); ++at) {
      if (text[at] == '\'' && at + 1 < text.size() && text[at + 1] == '\'') {
        area.sheet += '\'';
        ++at;
      } else if (text[at] == '\'') {
        break;
      } else {
        area.sheet += text[at];
      }
    }
    if (at >= text.size() || area.sheet.empty()) return std::nullopt;
    text.remove_prefix(at + 1);
    if (text.empty()) return area;
    if (text.front() != '!' || !read_cells(text.substr(1), area)) return std::nullopt;
    return area;
  }
  if (const auto mark = text.rfind('!'); mark != std::string_view::npos) {
    area.sheet = std::string(text.substr(0, mark));
    if (area.sheet.empty() || !read_cells(text.substr(mark + 1), area)) return std::nullopt;
    return area;
  }
  if (read_cells(text, area)) return area;
  area.sheet = std::string(text);
  return area;
}

std::string column_letters(std::size_t column) {
  std::string letters;
  for (std::size_t left = column + 1; left > 0; left = (left - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (left - 1) % 26));
  return letters;
}

std::string write_a1(const Area& area) {
  const bool plain = std::all_of(area.sheet.begin(), area.sheet.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
  std::string out;
  if (plain) {
    out = area.sheet;
  } else {
    out = "'";
    for (const char c : area.sheet) out += c == '\'' ? "''" : std::string(1, c);
    out += "'";
  }
  out += "!" + column_letters(area.column) + std::to_string(area.row + 1);
  const bool one = area.row_end == area.row + 1 && area.column_end == area.column + 1;
  if (!one) out += ":" + column_letters(area.column_end - 1) + std::to_string(area.row_end);
  return out;
}

Result<Value> write_cell(const Value& value, bool entered) {
  using Kind = Value::Kind;
  switch (value.kind()) {
    case Kind::null:
    case Kind::boolean: return value;
    case Kind::string: {
      if (utf8_length(*value.if_string()) > 50'000)
        return Error("bad_cell", "Your input contains more than the maximum of 50000 characters in a single cell.");
      return entered ? typed(*value.if_string()) : value;
    }
    case Kind::integer:
    case Kind::unsigned_integer:
    case Kind::floating:
    case Kind::decimal: return as_google_keeps(value);
    case Kind::list: return Error("bad_cell", "list_value");
    default: return Error("bad_cell", "struct_value");
  }
}

Value read_cell(const Value& cell, const Rendering& rendering) {
  using Values = Rendering::Values;
  if (cell.is_null()) return "";
  if (const Value* formula = cell.get("formula")) return rendering.values == Values::formula ? *formula : Value("#N/A");
  if (const Value* serial = cell.get("date")) {
    const bool as_text = rendering.values == Values::formatted || !rendering.serial_dates;
    return as_text ? Value(cell.text("text")) : *serial;
  }
  if (rendering.values != Values::formatted || cell.is_string()) return cell;
  if (const bool* flag = cell.if_bool()) return *flag ? "TRUE" : "FALSE";
  return write_json(cell);
}

bool is_blank(const Value& cell) { return cell.is_null() || (cell.is_string() && cell.if_string()->empty()); }

}  // namespace ieum::sandbox
