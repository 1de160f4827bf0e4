// Peek: what a store's file says before a hub opens it, read without changing a byte.
#pragma once
#include <optional>
#include <string>

#include "base/error.hpp"

namespace ieum::store {

// One value of Meta; nothing when the file is new or has none. Errors are those of open_store, but "store_locked".
Result<std::optional<std::string>> peek_meta(const std::string& path, const std::string& name);

}  // namespace ieum::store
