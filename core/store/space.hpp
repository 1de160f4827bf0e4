// Space: how large the store's files are, and what room there is beside them.
#pragma once
#include <cstdint>
#include <string>

namespace ieum::store {

struct Space {
  std::int64_t bytes = 0, log_bytes = 0;           // the file, and its write-ahead log
  std::int64_t free_bytes = -1, total_bytes = -1;  // of the disk, for who is not root; -1: unknown
};
Space measure(const std::string& path);  // [any-thread]

}  // namespace ieum::store
