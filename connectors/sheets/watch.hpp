// What changed in a sheet between two readings, from six characters a row and six of its identity. Pure.
//
// With a key column a row is its key: an unknown key is a new row, a known one with other cells an edited row.
// Without one, rows that read the same are the same row wherever they stand. What is left over counts as edited when its
// first cell is found once before and once now, or when it stands where the old one stood and begins with the same cell;
// all else is new. Equal rows twice are two rows. Rows that went away tell nothing.
// Memory: the last 5,000 rows one by one. Of the rows above only their number is known: as many unknown rows above the
// remembered ones are taken for them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ieum/module.hpp"

namespace sheets {

struct Mark {
  std::uint64_t identity = 0;  // print of the key, or of the first cell; 0 when that is empty
  std::uint64_t print = 0;     // of the whole row
  friend bool operator==(const Mark&, const Mark&) = default;
};

inline constexpr std::size_t kRemembered = 5000;

struct Memory {
  std::size_t total = 0;    // rows that were known
  std::vector<Mark> marks;  // the last of them, at most kRemembered
};

struct Change {
  std::size_t row = 0;  // index among the rows that are there now
  bool added = true;    // else edited
  Mark before;          // edited: as it was
};

// In order of rows. keyed: identities are keys. reshaped: the header is another one, so cells cannot be compared: without
// keys as many rows as there are more now, the last ones, count as new.
std::vector<Change> compare(const Memory& before, const std::vector<Mark>& now, bool keyed, bool reshaped);

// The marks as text for the cursor and back; what is no such text gives none.
std::string pack(const std::vector<Mark>& marks);
std::vector<Mark> unpack(std::string_view text);
std::string pack(std::uint64_t print);

}  // namespace sheets
