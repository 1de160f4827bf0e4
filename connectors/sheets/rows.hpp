// Rows of a sheet as Google sends them, cell by cell as JSON text, so that numbers keep their digits. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ieum/module.hpp"

namespace sheets {

using Cells = std::vector<std::string_view>;  // JSON texts; views into the answer

// The rows of the first value range of a batchGet, or of a values.get. Trailing empty cells are left out, as Google does.
std::vector<Cells> read_rows(std::string_view answer);

bool is_blank(std::string_view cell);
bool is_blank(const Cells& row);
// A cell as text; "" beyond the row's end.
std::string cell_text(const Cells& row, std::size_t column);

// What the first row calls the columns. Nameless ones go by their letters, a name that comes again by "name (2)".
std::vector<std::string> column_names(const Cells& header);
std::optional<std::size_t> column_named(const std::vector<std::string>& names, std::string_view name);

// {"이름": "홍길동", "금액": 62000}: a member for every column of the header, "" where a row is shorter; cells beyond the
// header by their letters. JSON text.
std::string row_object(const std::vector<std::string>& names, const Cells& row);
std::string json_text(std::string_view text);

// 36 bits as six characters. The same for the same cells, trailing empty ones aside.
std::uint64_t print_of(const Cells& row);
std::uint64_t print_of(std::string_view text);

}  // namespace sheets
