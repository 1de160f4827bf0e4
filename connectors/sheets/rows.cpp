#include "rows.hpp"

#include <algorithm>

#include "place.hpp"

namespace sheets {

namespace {

constexpr std::uint64_t kBits = (std::uint64_t{1} << 36) - 1;

// FNV-1a with a finisher that spreads all bits.
class Print {
 public:
  void add(std::string_view text) {
    for (const unsigned char byte : text) value_ = (value_ ^ byte) * 1099511628211u;
  }
  [[nodiscard]] std::uint64_t done() const {
    std::uint64_t v = value_;
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9u;
    v = (v ^ (v >> 27)) * 0x94d049bb133111ebu;
    return (v ^ (v >> 31)) & kBits;
  }

 private:
  std::uint64_t value_ = 14695981039346656037u;
};

}  // namespace

std::vector<Cells> read_rows(std::string_view answer) {
  std::string_view range = answer;
  if (const std::string_view ranges = ieum::member_source(answer, "valueRanges"); !ranges.empty()) {
    range = {};
    ieum::each_element(ranges, [&](std::string_view item) {
      if (range.empty()) range = item;
    });
  }
  std::vector<Cells> rows;
  ieum::each_element(ieum::member_source(range, "values"), [&](std::string_view source) {
    Cells cells;
    ieum::each_element(source, [&](std::string_view cell) { cells.push_back(cell); });
    while (!cells.empty() && is_blank(cells.back())) cells.pop_back();
    rows.push_back(std::move(cells));
  });
  return rows;
}

bool is_blank(std::string_view cell) { return cell == "\"\"" || cell == "null"; }

bool is_blank(const Cells& row) {
  return std::all_of(row.begin(), row.end(), [](std::string_view cell) { return is_blank(cell); });
}

std::string cell_text(const Cells& row, std::size_t column) {
  return column < row.size() ? ieum::source_text(row[column]) : std::string();
}

std::vector<std::string> column_names(const Cells& header) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string name = cell_text(header, i);
    if (name.empty()) name = column_letters(i);
    const std::string plain = name;
    for (int again = 2; column_named(names, name); ++again) name = plain + " (" + std::to_string(again) + ")";
    names.push_back(std::move(name));
  }
  return names;
}

std::optional<std::size_t> column_named(const std::vector<std::string>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::string json_text(std::string_view text) { return ieum::json::serialize(ieum::json::string(text)); }

std::string row_object(const std::vector<std::string>& names, const Cells& row) {
  std::string out = "{";
  std::vector<std::string> beyond = names;
  for (std::size_t i = 0; i < std::max(names.size(), row.size()); ++i) {
    std::string name = i < names.size() ? names[i] : column_letters(i);
    if (i >= names.size()) {
      if (is_blank(row[i]) || column_named(beyond, name)) continue;
      beyond.push_back(name);
    }
    const std::string_view cell = i < row.size() ? row[i] : std::string_view("\"\"");
    out += (out.size() > 1 ? "," : "") + json_text(name) + ":" + std::string(cell == "null" ? "\"\"" : cell);
  }
  return out + "}";
}

std::uint64_t print_of(const Cells& row) {
  std::size_t end = row.size();
  while (end > 0 && is_blank(row[end - 1])) --end;
  Print print;
  for (std::size_t i = 0; i < end; ++i) {
    print.add(is_blank(row[i]) ? "\"\"" : row[i]);
    print.add("\x1f");
  }
  return print.done();
}

std::uint64_t print_of(std::string_view text) {
  Print print;
  print.add(text);
  return print.done();
}

}  // namespace sheets
