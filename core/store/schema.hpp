// The schema and its migrations. A migration is one transaction: after a crash the file is at the version before it or
// after it, never between. A file made by a newer hub is refused before a byte of it is written.
#pragma once
#include <span>

#include "base/error.hpp"
#include "store/sqlite.hpp"

namespace ieum::store {

// "Ieum" in the file's header (PRAGMA application_id): tells our file from somebody else's database.
inline constexpr std::int64_t kApplicationId = 0x4965756d;

struct Migration {
  int to;  // the version after it
  const char* sql;
};

// All of them, in order; the last one's `to` is the version that this hub speaks.
std::span<const Migration> migrations();

// Looks at a file before its settings are changed. Errors: "store_newer", "store_unreadable" (somebody else's).
Status refuse_foreign(const std::string& path, const std::string& vfs, std::span<const Migration> list);

// Brings the open file up to the last version of `list`.
Status migrate(Database& database, std::span<const Migration> list);

}  // namespace ieum::store
