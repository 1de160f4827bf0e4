// Backup: the store as it is at one moment, as a file of its own, while the hub runs. The writer goes on beside it.
// The copy holds everything but the vault's key: sealed secrets stay sealed. [any-thread]
#pragma once
#include <string>

#include "base/error.hpp"

namespace ieum::store {

// `to` must not be there yet; it gets mode 0600 and its name only when it is whole and on disk. Errors: "file_exists", "disk_full",
// "store_unreadable", "backup_failed".
Status backup_store(const std::string& path, const std::string& to);

}  // namespace ieum::store
