// Backup: the store as it is at one moment, as a file of its own, whether a hub runs or not. The writer goes on beside it.
// The copy holds everything but the vault's key: sealed secrets stay sealed. What was committed before the call is in it. It is
// checked before it gets its name. [any-thread]
#pragma once
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace ieum::store {

// `to` must not be there yet; it gets mode 0600 and its name only when it is whole and on disk. Errors: "file_exists", "disk_full",
// "store_unreadable", "backup_failed".
Status backup_store(const std::string& path, const std::string& to, Millis now_ms);

// A name for a copy that is made now, of no file that is there yet: FOLDER/PREFIX-20260302T001500Z.db, or ...Z-2.db and so on.
std::string copy_name(const std::string& folder, const std::string& prefix, Millis now_ms);

// When a backup was made, by the clock of who made it; a row of meta.
inline constexpr const char* kBackupMade = "store.backup_ms";

}  // namespace ieum::store
